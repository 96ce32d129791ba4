"""What losscli has intervals for: reduced losses and scores, as functions of how often each row is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from losscli.arrays import Array, Integers, product
from losscli.stats.bootstrap import Statistic

Finish = Callable[[float], float]


def mean(losses: Array, weights: Array | None = None, finish: Finish | None = None) -> Statistic:
    """Return Σwl/Σw as a statistic; ``finish`` (√ for rmse) is applied to it."""
    w = np.ones(len(losses)) if weights is None else weights
    table = np.column_stack([_weighed(losses, w), w])

    def of(counts: Array) -> Array:
        top, bottom = product(counts, table).T
        with np.errstate(divide="ignore", invalid="ignore"):
            means = top / bottom
        return means if finish is None else np.array([finish(one) for one in means.tolist()])

    with np.errstate(divide="ignore", invalid="ignore"):
        influence = (table[:, 0] - w * (table[:, 0].sum() / w.sum())) / w.sum()
    return Statistic(len(losses), of, None if finish else influence)


def total(losses: Array, weights: Array | None = None) -> Statistic:
    """Return Σwl as a statistic."""
    column = losses if weights is None else _weighed(losses, weights)
    return Statistic(
        len(losses), lambda counts: product(counts, column), column - column.mean() if len(column) else column
    )


def mean_over(losses: Array, weights: Array | None, counted: Array, finish: Finish | None = None) -> Statistic:
    """Return Σwl/Σc as a statistic, c being 1 for the rows that count (``count-mean``, ``nonzero-mean``)."""
    column = losses if weights is None else _weighed(losses, weights)
    safe = np.where(counted > 0, counted, 1.0)
    return mean(np.where(counted > 0, column / safe, 0.0), counted, finish)


def quantile(losses: Array, q: float, weights: Array | None = None) -> Statistic:
    """Return the q-quantile as a statistic: as ``quantiles.Quantiles`` has it, interpolated if there are no weights."""
    order = np.argsort(losses, kind="stable")
    ordered = losses[order]

    def at(index: Integers) -> Array:
        return np.asarray(ordered[np.minimum(index, len(ordered) - 1)])

    def interpolated(counts: Array) -> Array:
        reached = np.cumsum(counts[:, order], axis=1)
        position = q * (reached[:, -1:] - 1)
        below = np.floor(position)
        low, high = at((reached <= below).sum(axis=1)), at((reached <= below + 1).sum(axis=1))
        return low + (high - low) * (position - below)[:, 0]

    def averaged(counts: Array) -> Array:
        reached = np.cumsum(counts[:, order] * weights_in_order, axis=1)
        goal = q * reached[:, -1:]
        return (at((reached < goal).sum(axis=1)) + at((reached <= goal).sum(axis=1))) / 2

    weights_in_order = np.ones(0) if weights is None else weights[order]
    return Statistic(len(losses), interpolated if weights is None else averaged)


def deviation(losses: Array, weights: Array | None = None) -> Statistic:
    """Return the standard deviation of the losses as a statistic."""
    w = np.ones(len(losses)) if weights is None else weights
    centre = float(_weighed(losses, w).sum() / w.sum()) if w.sum() else 0.0
    table = np.column_stack([w * (losses - centre) ** 2, w * (losses - centre), w])

    def of(counts: Array) -> Array:
        second, first, weight = product(counts, table).T
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = second / weight - (first / weight) ** 2
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    return Statistic(len(losses), of)


def score(value: Callable[[Array], float], n: int, weights: Array | None = None) -> Statistic:
    """Return a score as a statistic, which it is anew for every resample: ``value`` maps the rows' weights to it."""
    w = np.ones(n) if weights is None else weights
    return Statistic(n, lambda counts: np.array([value(one * w) for one in counts]), costly=True)


def reduced(losses: Array, weights: Array | None, reduction: str, finish: Finish | None = None) -> Statistic | None:
    """Return the statistic that a reduction by name is; None for one that resampling says nothing of (min, max)."""
    ones = np.ones(len(losses))
    known: Mapping[str, Callable[[], Statistic]] = {
        "mean": lambda: mean(losses, weights, finish),
        "sum": lambda: total(losses, weights),
        "count-mean": lambda: mean_over(losses, weights, ones, finish),
        "nonzero-mean": lambda: mean_over(losses, weights, ones if weights is None else (weights != 0) * 1.0, finish),
        "std": lambda: deviation(losses, weights),
        "median": lambda: quantile(losses, 0.5, weights),
    }
    if reduction in known:
        return known[reduction]()
    return quantile(losses, float(reduction[1:]) / 100, weights) if reduction.startswith("q") else None


def _weighed(losses: Array, weights: Array) -> Array:
    """Return w·l, nothing for a weight of 0 even if the loss is infinite."""
    with np.errstate(invalid="ignore"):
        return np.where(weights != 0, weights * losses, 0.0)
