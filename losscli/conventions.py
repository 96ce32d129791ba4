"""The frameworks whose numbers ``--like`` gives, and what each of them means by ``mean``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan


@dataclass(slots=True, eq=False, repr=False)
class Convention:
    """One framework: how its names start, and what its reductions are called here.

    ``prefixes`` are the beginnings of its import paths; ``reduction`` is our name of its default; ``reductions`` are
    the values of its own ``reduction`` parameter, with our names.

    ``weightless`` is what its mean is over rows that all weigh 0, ``unseen`` over rows that are all left out by their
    class; None if it refuses them. ``weightless_sum`` says that the former is the sum Σwl, not divided, which is no
    number where a loss is not finite; its metrics of several classes divide it all the same, and have none at all.

    ``averages_last_axis`` says that it averages over the last axis before anything is weighed or reduced, as Keras
    does. ``elements`` are our reductions -> what they are where it reduces several values of a row; ``vectors`` the
    same where the data is of shape (n,) and has weights, so that the last axis is that of the rows. ``label_sets``
    says that rows of 0 and 1 that are not one-hot are sets of labels to it, not classes.
    """

    title: str
    prefixes: tuple[str, ...]
    reduction: str
    reductions: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    vectors: Mapping[str, str] = field(default_factory=dict)
    weightless: float | None = None
    unseen: float | None = None
    weightless_sum: bool = False
    averages_last_axis: bool = False
    label_sets: bool = False


KERAS = {
    "sum_over_batch_size": "count-mean",
    "mean": "count-mean",
    "mean_with_sample_weight": "mean",
    "sum": "sum",
    "none": "none",
}
KERAS2 = {"auto": "count-mean", "sum_over_batch_size": "count-mean", "sum": "sum", "none": "none"}
TF1 = {
    "weighted_sum_by_nonzero_weights": "nonzero-mean",
    "weighted_sum_over_batch_size": "count-mean",
    "weighted_mean": "mean",
    "weighted_sum": "sum",
    "none": "none",
}
TORCH = {"mean": "count-mean", "batchmean": "batch-mean", "sum": "sum", "none": "none"}
ELEMENTS = {"sum": "element-sum", "none": "none"}
KERAS_ELEMENTS = {**ELEMENTS, "mean": "unbroadcast-mean"}
VECTORS = {"count-mean": "vector-mean", "sum": "vector-sum", "mean": "plain-mean"}

CONVENTIONS: dict[str, Convention] = {
    "keras": Convention(
        "Keras 3 (keras.losses)",
        ("keras.",),
        "count-mean",
        KERAS,
        KERAS_ELEMENTS,
        VECTORS,
        weightless=0.0,
        unseen=0.0,
        averages_last_axis=True,
    ),
    "keras2": Convention(
        "tf.keras of TensorFlow 2.0 to 2.15",
        ("tf.keras.",),
        "count-mean",
        KERAS2,
        ELEMENTS,
        weightless=0.0,
        averages_last_axis=True,
    ),
    "tensorflow": Convention("tf.nn and tf.compat.v1.losses", ("tf.",), "nonzero-mean", TF1, ELEMENTS, weightless=0.0),
    "torch": Convention(
        "torch.nn and torch.nn.functional", ("torch.",), "count-mean", TORCH, ELEMENTS, weightless=nan, unseen=nan
    ),
    "sklearn": Convention("sklearn.metrics", ("sklearn.",), "mean", label_sets=True),
    "optax": Convention("optax.losses", ("optax.",), "count-mean"),
    "xgboost": Convention("XGBoost's evaluation metrics", ("xgboost.",), "mean", weightless=0.0, weightless_sum=True),
    "lightgbm": Convention("LightGBM's evaluation metrics", ("lightgbm.",), "mean", weightless=nan),
    "catboost": Convention("CatBoost's evaluation metrics", ("catboost.",), "mean", weightless=0.0),
}


IMPORTED = {
    "nn.": "torch.nn.",
    "F.": "torch.nn.functional.",
    "tensorflow.": "tf.",
    "tf_keras.": "tf.keras.",
}
"""How a path begins where its module was imported under another name, and how it begins here."""


def in_full(path: str) -> str:
    """Return a path as it begins at its package.

    >>> in_full("F.mse_loss"), in_full("tensorflow.keras.losses.Huber"), in_full("mse")
    ('torch.nn.functional.mse_loss', 'tf.keras.losses.Huber', 'mse')
    """
    return next((full + path[len(short) :] for short, full in IMPORTED.items() if path.startswith(short)), path)


def framework_of(path: str) -> str | None:
    """Return the framework that a dotted path belongs to, or None if it is not a framework's.

    The first prefix that fits wins, so ``tf.keras.`` is looked for before ``tf.``.

    >>> framework_of("tf.keras.losses.Huber"), framework_of("tf.nn.l2_loss"), framework_of("huber")
    ('keras2', 'tensorflow', None)
    """
    return next((name for name, one in CONVENTIONS.items() if path.startswith(one.prefixes)), None)
