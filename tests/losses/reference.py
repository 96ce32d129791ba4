"""Every loss once more, for one sample, as the textbook writes it: plain Python, no care for the last digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cosh, exp, hypot, inf, lgamma, log, log1p, pi
from typing import Any

Row = Sequence[float]


def ln(value: float) -> float:
    return log(value) if value > 0 else -inf


def times(factor: float, value: float) -> float:
    return factor * value if factor else 0.0


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z)) if z > 0 else exp(z) / (1 + exp(z))


def softmax(z: Row) -> list[float]:
    return [exp(one - max(z)) / sum(exp(other - max(z)) for other in z) for one in z]


def log_sigmoid(z: float) -> float:
    return min(z, 0) - log1p(exp(-abs(z)))


def log_softmax(z: Row) -> list[float]:
    return [one - max(z) - log(sum(exp(other - max(z)) for other in z)) for one in z]


def row(y: Any, width: int) -> Row:  # noqa: ANN401  a class or a row
    return [float(c == y) for c in range(width)] if isinstance(y, float) else y


def top(scores: Row) -> float:
    return float(max(range(len(scores)), key=lambda c: (scores[c], -c)))


def smoothed(y: float, s: float, classes: int = 2) -> float:
    return y * (1 - s) + s / classes


def huber(y: float, p: float, *, delta: float) -> float:
    return (y - p) ** 2 / 2 if abs(y - p) <= delta else delta * (abs(y - p) - delta / 2)


def smooth_l1(y: float, p: float, *, beta: float) -> float:
    return (y - p) ** 2 / 2 / beta if abs(y - p) < beta else abs(y - p) - beta / 2


def log_cosh(y: float, p: float) -> float:
    return log(cosh(y - p)) if abs(y - p) < 300 else abs(y - p) - log(2)


def poisson_nll(y: float, z: float, *, log_input: bool, full: bool) -> float:
    stirling = y * log(y) - y + log(2 * pi * y) / 2 if full and y > 1 else 0.0
    return stirling + ((exp(z) if z < 709 else inf) - y * z if log_input else z - times(y, ln(z)))


def cosine_similarity(y: Row, p: Row) -> float:
    return -sum(a / hypot(*y) * b / hypot(*p) for a, b in zip(y, p, strict=True)) if any(y) and any(p) else 0.0


def bce(y: float, p: float, *, from_logits: bool, label_smoothing: float) -> float:
    t = smoothed(y, label_smoothing)
    yes, no = (log_sigmoid(p), log_sigmoid(-p)) if from_logits else (ln(p), ln(1 - p))
    return -times(t, yes) - times(1 - t, no)


def weighted_bce(y: float, p: float, *, pos_weight: float, from_logits: bool) -> float:
    yes, no = (log_sigmoid(p), log_sigmoid(-p)) if from_logits else (ln(p), ln(1 - p))
    return -times(pos_weight * y, yes) - times(1 - y, no)


def focal(y: float, p: float, *, gamma: float, alpha: float | None, from_logits: bool) -> float:
    entropy = bce(y, p, from_logits=from_logits, label_smoothing=0)
    chance = sigmoid(p) if from_logits else p
    weight = 1.0 if alpha is None else alpha * y + (1 - alpha) * (1 - y)
    return times(weight * (y * (1 - chance) + (1 - y) * chance) ** gamma, entropy)


def brier(y: Any, p: Any) -> float:  # noqa: ANN401  a probability or a row
    pairs = [(y, p)] if isinstance(p, float) else zip(row(y, len(p)), p, strict=True)
    return sum((a - b) ** 2 for a, b in pairs)


def zero_one(y: Any, p: Any, *, threshold: float) -> float:  # noqa: ANN401  a class, a probability or a row
    chosen = top(p) if not isinstance(p, float) else p if p == int(p) else float(p > threshold)
    return float(chosen != (y if isinstance(y, float) else top(y)))


def ce(y: Any, p: Row, *, from_logits: bool, label_smoothing: float) -> float:  # noqa: ANN401  a class or a row
    logs = log_softmax(p) if from_logits else [ln(one) for one in p]
    truth = [smoothed(one, label_smoothing, len(p)) for one in row(y, len(p))]
    return -sum(times(t, one) for t, one in zip(truth, logs, strict=True))


def categorical_focal(y: Any, p: Row, *, gamma: float, from_logits: bool) -> float:  # noqa: ANN401  a class or a row
    chances, logs = (softmax(p), log_softmax(p)) if from_logits else (p, [ln(one) for one in p])
    return -sum(times(t * (1 - q) ** gamma, w) for t, q, w in zip(row(y, len(p)), chances, logs, strict=True))


def categorical_hinge(y: Any, s: Row) -> float:  # noqa: ANN401  a class or a row
    own = int(y if isinstance(y, float) else top(y))
    return max(0.0, 1 + max(one for c, one in enumerate(s) if c != own) - s[own])


REFERENCE: dict[str, Callable[..., float]] = {
    "mse": lambda y, p: (y - p) ** 2,
    "rmse": lambda y, p: (y - p) ** 2,
    "mae": lambda y, p: abs(y - p),
    "huber": huber,
    "smooth-l1": smooth_l1,
    "log-cosh": log_cosh,
    "pinball": lambda y, p, *, q: max(q * (y - p), (q - 1) * (y - p)),
    "asymmetric": lambda y, p, *, profit, cost: cost * (p - y) if p > y else profit * (y - p),
    "mape": lambda y, p, *, scale: scale * (abs(y - p) / abs(y) if y else inf if p else 0.0),
    "msle": lambda y, p: (log(1 + y) - log(1 + p)) ** 2,
    "cosine-similarity": cosine_similarity,
    "poisson": lambda y, p, *, full: p - times(y, ln(p)) + full * lgamma(y + 1),
    "poisson-nll": poisson_nll,
    "bce": bce,
    "weighted-bce": weighted_bce,
    "focal": focal,
    "hinge": lambda y, s: max(0.0, 1 - (y or -1) * s),
    "squared-hinge": lambda y, s: max(0.0, 1 - (y or -1) * s) ** 2,
    "brier": brier,
    "zero-one": zero_one,
    "ce": ce,
    "sparse-ce": lambda y, p, *, from_logits: -(log_softmax(p)[int(y)] if from_logits else ln(p[int(y)])),
    "categorical-focal": categorical_focal,
    "categorical-hinge": categorical_hinge,
    "kld": lambda y, p: sum(times(a, ln(a) - ln(b)) for a, b in zip(y, p, strict=True)),
}
"""One line for each loss: a sample, with those parameters that belong to the definition as keywords."""
