"""The best constant prediction, and what a loss says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from losscli.arrays import Array
from losscli.inspection.evidence import computed
from losscli.inspection.summary import Rows

STEPS = 40
"""Steps of the golden-section search: they shrink the bracket to 4e-9 of it, and a smooth loss to far less."""
START = 41
"""Quantiles at which the search looks for the best bracket."""
RATIO = (5**0.5 - 1) / 2

Constant = Callable[[Rows], Array]
"""The best constant prediction of the rows: one number, or a row of them."""


def mean(rows: Rows) -> Array:
    """Return the mean, of rows that of each column: best for squared errors, probabilities and deviances."""
    return np.asarray(np.average(rows.y_true, axis=0, weights=rows.weight))


def logit(rows: Rows) -> Array:
    """Return the logit of the mean: the base rate where logits are predicted."""
    share = mean(rows)
    return np.asarray(np.log(share / (1 - share)))


def side(rows: Rows) -> Array:
    """Return 1 or -1, the side of the more frequent of two classes."""
    return np.where(commonest(rows) > 0, 1.0, -1.0)


def median(rows: Rows) -> Array:
    """Return the median: best for absolute errors."""
    return quantile(rows, 0.5)


def quantile(rows: Rows, level: float) -> Array:
    """Return a quantile of the truth: the value up to which that share of the weight lies."""
    if rows.weight is None:
        return np.asarray(np.quantile(rows.y_true, level, axis=0))
    if rows.y_true.ndim > 1:
        columns = np.moveaxis(rows.y_true, -1, 0)
        return np.stack([quantile(replace(rows, y_true=column), level) for column in columns], axis=-1)
    order = np.argsort(rows.y_true)
    total = np.cumsum(rows.weight[order])
    return np.asarray(rows.y_true[order[np.searchsorted(total, level * total[-1])]])


def quantiles(rows: Rows) -> Array:
    """Return as many evenly spaced quantiles as there are columns of predictions."""
    width = rows.y_pred.shape[-1]
    return np.array([quantile(rows, (i + 1) / (width + 1)) for i in range(width)])


def ends(rows: Rows) -> Array:
    """Return the interval from the 5 % to the 95 % quantile."""
    return np.array([quantile(rows, 0.05), quantile(rows, 0.95)])


def members(rows: Rows) -> Array:
    """Return an ensemble that is the truth's own distribution: evenly spaced quantiles of it."""
    width = rows.y_pred.shape[-1]
    return np.array([quantile(rows, (i + 0.5) / width) for i in range(width)])


def moments(rows: Rows) -> Array:
    """Return the mean and the standard deviation."""
    centre = mean(rows)
    return np.array([centre, np.sqrt(np.average((rows.y_true - centre) ** 2, weights=rows.weight))])


def variance(rows: Rows) -> Array:
    """Return the mean and the variance."""
    centre, deviation = moments(rows)
    return np.array([centre, deviation**2])


def shares(rows: Rows) -> Array:
    """Return the share of each class, as many as there are columns of predictions."""
    if rows.y_true.ndim > 1:
        return mean(rows)
    counts = np.bincount(rows.y_true.astype(np.int64), rows.weight, minlength=rows.y_pred.shape[-1])
    return np.asarray(counts / counts.sum())


def log_shares(rows: Rows) -> Array:
    """Return the logarithms of the shares of the classes: logits of them."""
    return np.maximum(np.log(shares(rows)), -700)  # no logit is infinite: exp(-700) is next to nothing


def commonest(rows: Rows) -> Array:
    """Return the most frequent class."""
    levels, index = np.unique(rows.y_true, return_inverse=True)
    return np.asarray(levels[np.argmax(np.bincount(index, rows.weight))])


def of_constant(spec: str, rows: Rows, constant: Constant | None) -> float | None:
    """Return the loss of the best constant; None where the constant is not one that the loss takes.

    Without a function for it the constant is searched between the least and the greatest value of both sides: for
    scores and logits the best one is no true value.
    """
    if constant is None:
        return _searched(spec, rows)
    return _loss(spec, rows, constant(rows))


def _loss(spec: str, rows: Rows, value: Array) -> float | None:
    return computed(spec, rows.y_true, np.broadcast_to(value, (len(rows), *np.shape(value))).copy(), rows.weight)


def _searched(spec: str, rows: Rows) -> float | None:
    """Return the least loss of a constant: the best of some quantiles, then a golden-section search around it."""

    def loss(value: float) -> float:
        found = _loss(spec, rows, np.asarray(value))
        return np.inf if found is None else found

    if rows.y_true.ndim > 1:
        return None
    sides = [rows.y_true] if rows.y_pred.ndim > 1 else [rows.y_true, rows.y_pred]
    grid = np.unique(np.quantile(sides, np.linspace(0, 1, START), axis=-1))
    found = [loss(float(value)) for value in grid]
    best = int(np.argmin(found))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)])
    least = found[best]
    for _ in range(STEPS):
        left, right = high - RATIO * (high - low), low + RATIO * (high - low)
        at_left, at_right = loss(left), loss(right)
        low, high = (low, right) if at_left <= at_right else (left, high)
        least = min(least, at_left, at_right)
    return float(least) if np.isfinite(least) else None
