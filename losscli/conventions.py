"""The frameworks whose numbers ``--like`` gives, and what each of them means by ``mean``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Convention:
    """One framework: how its names start, and what its reductions are called here.

    ``prefixes`` are the beginnings of its import paths; ``reduction`` is our name of its default; ``reductions`` are
    the values of its own ``reduction`` parameter, with our names.
    """

    title: str
    prefixes: tuple[str, ...]
    reduction: str
    reductions: Mapping[str, str] = field(default_factory=dict)


KERAS = {
    "sum_over_batch_size": "count-mean",
    "mean": "count-mean",
    "mean_with_sample_weight": "mean",
    "sum": "sum",
    "none": "none",
}
TF1 = {
    "weighted_sum_by_nonzero_weights": "nonzero-mean",
    "weighted_sum_over_batch_size": "count-mean",
    "weighted_mean": "mean",
    "weighted_sum": "sum",
    "none": "none",
}
TORCH = {"mean": "count-mean", "batchmean": "count-mean", "sum": "sum", "none": "none"}

CONVENTIONS: dict[str, Convention] = {
    "keras": Convention("Keras 3 (keras.losses)", ("keras.",), "count-mean", KERAS),
    "keras2": Convention("tf.keras of TensorFlow 2.0 to 2.15", ("tf.keras.", "tf_keras."), "count-mean", KERAS),
    "tensorflow": Convention("tf.nn and tf.compat.v1.losses", ("tf.", "tensorflow."), "nonzero-mean", TF1),
    "torch": Convention("torch.nn and torch.nn.functional", ("torch.",), "count-mean", TORCH),
    "sklearn": Convention("sklearn.metrics", ("sklearn.",), "mean"),
    "optax": Convention("optax.losses", ("optax.",), "count-mean"),
    "xgboost": Convention("XGBoost's evaluation metrics", ("xgboost.",), "mean"),
    "lightgbm": Convention("LightGBM's evaluation metrics", ("lightgbm.",), "mean"),
    "catboost": Convention("CatBoost's evaluation metrics", ("catboost.",), "mean"),
}


def framework_of(path: str) -> str | None:
    """Return the framework that a dotted path belongs to, or None if it is not a framework's.

    The first prefix that fits wins, so ``tf.keras.`` is looked for before ``tf.``.

    >>> framework_of("tf.keras.losses.Huber"), framework_of("tf.nn.l2_loss"), framework_of("huber")
    ('keras2', 'tensorflow', None)
    """
    return next((name for name, one in CONVENTIONS.items() if path.startswith(one.prefixes)), None)
