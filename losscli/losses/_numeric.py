"""The few functions that keep logarithms and exponentials exact where a plain formula would not be."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log

import numpy as np

from losscli.arrays import Array

PAIRS_AT_ONCE = 1 << 18
"""How many pairs of columns are held at once: 2 MB for each array of them."""

silent = np.errstate(all="ignore")
"""Wraps every loss: an infinity or an underflow is its answer, not an accident to warn about."""


def xlogy(factor: Array, value: Array) -> Array:
    """Return ``factor · ln value`` with 0 · ln 0 = 0."""
    return weighed(factor, np.log(value))


def weighed(weight: Array, value: Array) -> Array:
    """Return ``weight · value``, 0 where the weight is 0 even if the value is infinite."""
    return np.where(weight == 0, 0.0, weight * value)


def row_sum(values: Array) -> Array:
    """Return the sum of each row, added in the same order whatever the memory layout: the digits depend on it."""
    total: Array = np.ascontiguousarray(values).sum(axis=1)
    return total


def few_at_a_time(function: Callable[[Array, Array], Array], y_true: Array, y_pred: Array) -> Array:
    """Apply a function to a few rows at a time, since it holds a number for each pair of a row's columns."""
    step = max(1, PAIRS_AT_ONCE // y_pred.shape[1] ** 2)
    starts = range(0, max(1, len(y_pred)), step)
    return np.concatenate([function(y_true[start : start + step], y_pred[start : start + step]) for start in starts])


def softplus(logit: Array) -> Array:
    """Return ``ln(1 + eᶻ)``, which is −ln of the probability of class 0."""
    return np.logaddexp(0.0, logit)


def sigmoid(logit: Array) -> Array:
    """Return ``1 / (1 + e⁻ᶻ)``, right to the last digits in both tails."""
    tail = np.exp(-np.abs(logit))
    return np.where(logit >= 0, 1.0, tail) / (1.0 + tail)


def log_softmax(logits: Array) -> Array:
    """Return the logarithm of the softmax of each row.

    The largest logit stays out of the sum, so that log1p sees the rest even if it is tiny beside 1.
    """
    top = np.argmax(logits, axis=1)[:, None]
    below = logits - np.take_along_axis(logits, top, axis=1)
    rest = np.exp(below)
    np.put_along_axis(rest, top, 0.0, axis=1)
    return below - np.log1p(row_sum(rest))[:, None]


def log_ratio(top: Array, base: Array, difference: Array) -> Array:
    """Return ``ln(top / base)``, given ``top − base`` as exactly as it is known.

    Measured from the smaller of both, the step is positive, and its log1p keeps every digit; where the step is beyond
    float64 the logarithms are so far apart that their difference does.
    """
    step = np.abs(difference) / np.minimum(top, base)
    size = np.where(np.isinf(step), np.abs(np.log(top) - np.log(base)), np.log1p(step))
    return np.copysign(size, difference)


def rough_log(value: Array) -> Array:
    """Return CatBoost's ``FastLogf``, ln to about 1e-5: the exponent, and a rational function of the mantissa.

    Every step is rounded to float32, since most of the error comes from there.
    Source: P. Mineiro (2011), Fast approximate logarithm, exponential, power, and inverse root, machinedlearnings.com.
    """
    single = np.float32
    mantissa, exponent = np.frexp(value.astype(single))
    whole = (exponent + 125 + 2 * mantissa.astype(np.float64)).astype(single) - single(124.22551499)
    binary = whole - single(1.498030302) * mantissa - single(1.72587999) / (single(0.3520887068) + mantissa)
    return np.asarray(single(0.69314718) * binary, dtype=np.float64)


def log_odds(probability: Array, eps: float, log_offset: float, log_floor: float | None) -> tuple[Array, Array]:
    """Return ln p and ln(1 − p), after the corrections that the frameworks make so that both are finite.

    Corrected, 1 − p is rounded before its logarithm, as the frameworks round it; uncorrected, it never is.
    """
    inside = np.clip(probability, eps, 1 - eps)
    corrected = eps > 0 or log_offset > 0
    of_zero = np.log(1 - inside + log_offset) if corrected else np.log1p(-inside)
    floor = -np.inf if log_floor is None else log_floor
    return np.maximum(np.log(inside + log_offset), floor), np.maximum(of_zero, floor)


def smooth(target: Array, label_smoothing: float, classes: int) -> Array:
    """Return the target mixed with the uniform distribution."""
    return target * (1 - label_smoothing) + label_smoothing / classes


def one_hot(y_true: Array, classes: int) -> Array:
    """Return the truth as rows over the classes, whether it came as indices or as rows."""
    return y_true if y_true.ndim > 1 else np.eye(classes)[y_true.astype(np.intp)]


def index(y_true: Array) -> Array:
    """Return the truth as class indices, whether it came as indices or as rows."""
    return y_true if y_true.ndim == 1 else np.argmax(y_true, axis=1).astype(np.float64)


def decided(y_pred: Array, threshold: float, *, from_logits: bool = False) -> Array:
    """Return the class that each prediction decides for: itself, by the threshold, or the first of the largest scores.

    A logit decides by that of the threshold, because the sigmoid of a tiny one rounds to one half.

    >>> decided(np.array([0.4, 0.6, 2.0]), 0.5).tolist(), decided(np.array([[0.2, 0.7, 0.1]]), 0.5).tolist()
    ([0.0, 1.0, 2.0], [1.0])
    >>> decided(np.array([-0.1, 0.1, 2.0]), 0.5, from_logits=True).tolist()
    [0.0, 1.0, 1.0]
    """
    if y_pred.ndim > 1:
        return index(y_pred)
    if from_logits:
        return np.greater(y_pred, logit(threshold)).astype(np.float64)
    return np.where(y_pred == np.floor(y_pred), y_pred, y_pred > threshold)


def logit(threshold: float) -> float:
    """Return the logit of a probability below 1."""
    return log(threshold / (1 - threshold)) if threshold else -inf
