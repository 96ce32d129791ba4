"""The frameworks whose numbers ``--like`` gives, and what each of them means by ``mean``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Convention:
    """One framework: how its names start, and the reduction it calls the mean.

    ``prefixes`` are the beginnings of its import paths; ``reduction`` is the name of ours that equals its default.
    """

    title: str
    prefixes: tuple[str, ...]
    reduction: str


CONVENTIONS: dict[str, Convention] = {
    "keras": Convention("Keras 3 (keras.losses)", ("keras.",), "count-mean"),
    "keras2": Convention("tf.keras of TensorFlow 2.0 to 2.15", ("tf.keras.", "tf_keras."), "count-mean"),
    "tensorflow": Convention("tf.nn and tf.compat.v1.losses", ("tf.", "tensorflow."), "nonzero-mean"),
    "torch": Convention("torch.nn and torch.nn.functional", ("torch.",), "count-mean"),
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
