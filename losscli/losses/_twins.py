"""Short ways to declare what a loss is called in each framework, whose modules repeat each name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from losscli.registry import Like

NORMALIZE: Mapping[str, Mapping[str, Mapping[str, object]]] = {"normalize": {"true": {}, "false": {"reduction": "sum"}}}
"""scikit-learn's flag that gives the sum instead of the mean, where a loss has it."""


def _under(prefixes: str, names: str) -> str:
    return " ".join(f"{prefix}.{name}" for name in names.split() for prefix in prefixes.split())


def keras(names: str, *takes: str, **rest: Any) -> Like:  # noqa: ANN401  whatever Like takes
    """Keras 3: ``keras("Huber huber", "delta")``."""
    return Like(_under("keras.losses", names), *takes, **rest)


def keras2(names: str, *takes: str, **rest: Any) -> Like:  # noqa: ANN401  as above
    """Keras 2: ``tf.keras.losses``."""
    return Like(_under("tf.keras.losses", names), *takes, **rest)


def both_keras(names: str, *takes: str, **rest: Any) -> tuple[Like, Like]:  # noqa: ANN401  as above
    """Keras 3 and Keras 2, where they agree."""
    return keras(names, *takes, **rest), keras2(names, *takes, **rest)


def keras_metrics(name: str, *takes: str, **rest: Any) -> tuple[Like, Like]:  # noqa: ANN401  as above
    """The metric of Keras 3 and of Keras 2: unlike their losses, it divides by the sum of the weights."""
    metric = Like(f"keras.metrics.{name}", *takes, reduction="mean", **rest)
    return metric, Like(f"tf.keras.metrics.{name}", *takes, reduction="mean", **rest)


def torch(module: str, function: str, *takes: str, **rest: Any) -> Like:  # noqa: ANN401  as above
    """PyTorch: ``torch.nn.HuberLoss`` and ``torch.nn.functional.huber_loss``."""
    return Like(f"torch.nn.{module} torch.nn.functional.{function}", *takes, **rest)


def optax(names: str, *takes: str, **rest: Any) -> Like:  # noqa: ANN401  as above
    """Optax, which has each loss under two paths."""
    return Like(_under("optax.losses optax", names), *takes, **rest)


def catboost_classes(name: str, *takes: str, **rest: Any) -> Like:  # noqa: ANN401  as above
    """CatBoost's metrics of classes: they take raw scores, and a probability from which on class 1 is predicted."""
    return Like(f"catboost.{name}", "proba_border=threshold", *takes, from_logits=True, **rest)


def tf1(name: str, *takes: str, **rest: Any) -> Like:  # noqa: ANN401  as above
    """TensorFlow 1: ``tf.compat.v1.losses``."""
    return Like(_under("tf.compat.v1.losses", name), *takes, **rest)
