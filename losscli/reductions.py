"""From the losses of many rows to one number, the same number however the rows were split up.

Every state is a monoid: ``of(losses, weights)`` makes one, ``+`` joins two in any order, and the empty state changes
nothing. A row of weight 0 counts in ``n`` and nowhere else. Without weights every row weighs 1.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf, isfinite, nan
from typing import NamedTuple

import numpy as np

from losscli.arrays import Array
from losscli.errors import UsageError, did_you_mean
from losscli.exact import ZERO, ExactSum, ratio, root_of_quotient


@dataclass(frozen=True, slots=True)
class Moments:
    """What the means, the standard deviation and the extremes of losses l with weights w are read from.

    ``n`` rows, ``nonzero`` of them with w ≠ 0; ``weights`` Σw, ``first`` Σwl, ``second`` Σwl² (None: not asked for);
    ``least`` and ``greatest`` of the losses that are numbers. A NaN among the products wl makes every value NaN.

    >>> seen = Moments.of(np.array([1.0, 4.0]))
    >>> (seen + Moments.of(np.array([1.0]))).mean
    2.0
    """

    n: int = 0
    nonzero: int = 0
    weights: ExactSum = ZERO
    first: ExactSum = ZERO
    second: ExactSum | None = ZERO
    least: float = inf
    greatest: float = -inf

    @classmethod
    def of(cls, losses: Array, weights: Array | None = None, *, squares: bool = True) -> Moments:
        """Return the state of some rows; ``squares`` is what ``std`` needs, and costs more than all the rest."""
        n = len(losses)
        losses, weights = _weighing(losses, weights)
        factors = (losses,) if weights is None else (weights, losses)
        return cls(
            n,
            len(losses),
            ExactSum.whole(n) if weights is None else ExactSum.of(weights),
            ExactSum.of(*factors),
            ExactSum.of(*factors, losses) if squares else None,
            # adding 0 makes −0 into 0: which of the two equal values numpy finds depends on their order
            float(np.fmin.reduce(losses, initial=inf)) + 0.0,
            float(np.fmax.reduce(losses, initial=-inf)) + 0.0,
        )

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.n + other.n,
            self.nonzero + other.nonzero,
            self.weights + other.weights,
            self.first + other.first,
            None if self.second is None or other.second is None else self.second + other.second,
            min(self.least, other.least),
            max(self.greatest, other.greatest),
        )

    @property
    def weight(self) -> float:
        """Σw."""
        return self.weights.result()

    @property
    def sum(self) -> float:
        """Σwl, correctly rounded: infinite if it is beyond float64, while the mean may be finite."""
        return self.first.result()

    @property
    def mean(self) -> float:
        """Σwl/Σw, correctly rounded; NaN if Σw is 0."""
        return ratio(self.first, self.weights)

    @property
    def count_mean(self) -> float:
        """Σwl/n, correctly rounded; NaN if there are no rows."""
        return ratio(self.first, ExactSum.whole(self.n))

    @property
    def nonzero_mean(self) -> float:
        """Σwl/#(w≠0), correctly rounded; NaN if no row weighs anything."""
        return ratio(self.first, ExactSum.whole(self.nonzero))

    @property
    def std(self) -> float:
        """√(Σwl²/Σw − (Σwl/Σw)²), the population's, correctly rounded.

        NaN if Σw is 0, if a loss or weight is not finite, if negative weights make the variance negative, or if the
        squares were not asked for.
        """
        if self.second is None or self.weights.units == 0 or self.first.limit or self.weights.limit:
            return nan
        variance = self.second.units * self.weights.units - self.first.units**2
        return root_of_quotient(variance, self.weights.units**2) if variance >= 0 else nan

    @property
    def min(self) -> float:
        """The smallest loss; NaN if there is none."""
        return self._extreme(self.least)

    @property
    def max(self) -> float:
        """The largest loss; NaN if there is none."""
        return self._extreme(self.greatest)

    def _extreme(self, value: float) -> float:
        return nan if self.first.nan or not self.nonzero else value


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """All the losses and weights themselves, 8 bytes a value, because a quantile can be any of them."""

    losses: tuple[Array, ...] = ()
    weights: tuple[Array | None, ...] = ()

    @classmethod
    def of(cls, losses: Array, weights: Array | None = None) -> Quantiles:
        """Return the state of some rows; the arrays are copied."""
        losses, weights = _weighing(losses, weights)
        return cls((losses.copy(),), (None if weights is None else weights.copy(),))

    def __add__(self, other: Quantiles) -> Quantiles:
        return Quantiles(self.losses + other.losses, self.weights + other.weights)

    def quantile(self, q: float) -> float:
        """Return the q-quantile, 0 ≤ q ≤ 1; NaN if there are no rows, or a NaN is among them.

        Without weights the value at position q(n−1) of the sorted losses, interpolated linearly (numpy's ``linear``).
        With weights the smallest loss at which the weights so far pass qΣw, the mean of two losses where they just
        reach it between them (the averaged inverted CDF, so that equal weights leave the median as it is). Both are
        exact, q being the decimal fraction as it is written, and rounded once.

        >>> Quantiles.of(np.array([3.0, 1.0, 2.0, 10.0])).quantile(0.5)
        2.5
        """
        losses = np.concatenate([*self.losses, []])
        if not len(losses) or np.isnan(losses).any():
            return nan
        if all(one is None for one in self.weights):
            return _interpolated(losses, q) + 0.0
        filled = zip(self.losses, self.weights, strict=True)
        weights = np.concatenate([np.ones(len(one)) if weight is None else weight for one, weight in filled])
        if not (np.isfinite(weights) & (weights > 0)).all():
            return nan
        return _reaching(losses, weights, q) + 0.0


def _weighing(losses: Array, weights: Array | None) -> tuple[Array, Array | None]:
    """Leave out the rows of weight 0, so that an infinite loss times nothing is nothing."""
    if weights is None or (counted := weights != 0).all():
        return losses, weights
    return losses[counted], weights[counted]


def _interpolated(losses: Array, q: float) -> float:
    from fractions import Fraction  # noqa: PLC0415  4 ms of start-up, and only quantiles need it

    index = Fraction(str(q)) * (len(losses) - 1)
    below = int(index)
    above = min(below + 1, len(losses) - 1)
    losses.partition((below, above))  # in place: the caller's array is a copy already
    low, high = float(losses[below]), float(losses[above])
    if index == below:
        return low
    if not (isfinite(low) and isfinite(high)):
        return low + high
    return float(Fraction(low) + (Fraction(high) - Fraction(low)) * (index - below))


def _reaching(losses: Array, weights: Array, q: float) -> float:
    from fractions import Fraction  # noqa: PLC0415  as above

    order = np.argsort(losses)
    ordered = weights[order]

    def reached(last: int) -> int:
        return ExactSum.of(ordered[: last + 1]).units

    goal = Fraction(str(q)) * ExactSum.of(weights).units
    found = bisect_left(range(len(losses) - 1), ceil(goal), key=reached)
    low = float(losses[order[found]])
    if found + 1 == len(losses) or reached(found) != goal:
        return low
    high = float(losses[order[found + 1]])
    return float((Fraction(low) + Fraction(high)) / 2) if isfinite(low) and isfinite(high) else low + high


class Reduction(NamedTuple):
    """What ``value`` is, and what a fold must hold for it: the squares for ``std``, every loss for quantiles.

    ``finished`` says that a loss's ``finish`` (the root in ``rmse``) applies to it.
    """

    name: str
    value: Callable[[Fold], float | None]
    squares: bool = False
    quantiles: bool = False
    finished: bool = False


class Fold:
    """Everything one loss needs to remember of one group of rows, for one reduction.

    Without ``squares`` there is no ``std``, unless the reduction needs it.

    >>> fold = Fold(reduction("max"))
    >>> fold.update(np.array([1.0, 4.0]))
    >>> fold.value, fold.moments.mean
    (4.0, 2.5)
    """

    def __init__(self, reduction: Reduction, *, squares: bool = True) -> None:
        self.reduction = reduction
        self.squares = squares or reduction.squares
        self.moments = Moments()
        self.quantiles = Quantiles()

    def update(self, losses: Array, weights: Array | None = None) -> None:
        """Take in some more rows."""
        self.moments += Moments.of(losses, weights, squares=self.squares)
        if self.reduction.quantiles:
            self.quantiles += Quantiles.of(losses, weights)

    def __add__(self, other: Fold) -> Fold:
        both = Fold(self.reduction, squares=self.squares)
        both.moments = self.moments + other.moments
        both.quantiles = self.quantiles + other.quantiles
        return both

    @property
    def value(self) -> float | None:
        """The reduced value before ``finish``; None for the reduction ``none``."""
        return self.reduction.value(self)


def _quantile(name: str, q: float) -> Reduction:
    return Reduction(name, lambda fold: fold.quantiles.quantile(q), quantiles=True)


REDUCTIONS: dict[str, Reduction] = {
    one.name: one
    for one in (
        Reduction("mean", lambda fold: fold.moments.mean, finished=True),
        Reduction("sum", lambda fold: fold.moments.sum),
        Reduction("count-mean", lambda fold: fold.moments.count_mean, finished=True),
        Reduction("nonzero-mean", lambda fold: fold.moments.nonzero_mean, finished=True),
        Reduction("min", lambda fold: fold.moments.min),
        Reduction("max", lambda fold: fold.moments.max),
        Reduction("std", lambda fold: fold.moments.std, squares=True),
        _quantile("median", 0.5),
        Reduction("none", lambda _: None),
    )
}
"""Every reduction but ``q0`` to ``q100``, which ``reduction`` reads."""


def reduction(name: str) -> Reduction:
    """Return the reduction of that name; ``q95`` or ``q99.9`` is that percentile.

    Raises UsageError with the nearest names.

    >>> reduction("q99.9").name, reduction("mean").finished
    ('q99.9', True)
    """
    if found := REDUCTIONS.get(name):
        return found
    percent = re.fullmatch(r"q(\d+(?:\.\d+)?)", name, re.ASCII)
    if percent and (q := float(f"{percent[1]}e-2")) <= 1:
        return _quantile("q" + np.format_float_positional(float(percent[1]), trim="-"), q)
    near = did_you_mean(name, list(REDUCTIONS))
    raise UsageError(f"no reduction is called {name!r}", near or f"there are {', '.join(REDUCTIONS)} and q0 to q100")
