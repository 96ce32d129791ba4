"""From the losses of many rows to one number, the same number however the rows were split up.

Every state is a monoid: ``of(losses, weights)`` makes one, ``+`` joins two in any order, and the empty state changes
nothing. A row of weight 0 counts in ``n`` and nowhere else. Without weights every row weighs 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from losscli.arrays import Array, counted
from losscli.errors import UsageError, did_you_mean
from losscli.exact import UNIT, ZERO, ExactSum, quotient, ratio, root_of_quotient, sums_of_powers

if TYPE_CHECKING:
    from losscli.held import Pool
    from losscli.quantiles import Quantiles


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
        """Return the state of some rows; without ``squares`` there is no ``std``."""
        n = len(losses)
        losses, weights = counted(losses, weights)
        first, second = _powers(losses, weights, squares=squares)
        return cls(
            n,
            len(losses),
            ExactSum.whole(n) if weights is None else ExactSum.of(weights),
            first,
            second,
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


def _powers(losses: Array, weights: Array | None, *, squares: bool) -> tuple[ExactSum, ExactSum | None]:
    """Return Σwl and, if asked for, Σwl²."""
    if weights is None and squares:
        return sums_of_powers(losses)
    factors = (losses,) if weights is None else (weights, losses)
    return ExactSum.of(*factors), ExactSum.of(*factors, losses) if squares else None


class Reduction(NamedTuple):
    """What ``value`` is, and what a fold must hold for it: the squares for ``std``, every loss for quantiles.

    ``plain`` says that it needs the sum of the losses without their weights; ``finished`` that a loss's ``finish``
    (the root in ``rmse``) applies to it.
    """

    name: str
    value: Callable[[Fold], float | None]
    squares: bool = False
    quantiles: bool = False
    plain: bool = False
    finished: bool = False


class Fold:
    """Everything one loss needs to remember of one group of rows, for one reduction.

    Without ``squares`` there is no ``std``, unless the reduction needs it. ``elements`` is how many values the loss of
    each row is the mean of; ``plain`` is Σl without weights, where it is asked for. Folds with one ``pool`` hold what
    quantiles need together.

    >>> fold = Fold(reduction("max"))
    >>> fold.update(np.array([1.0, 4.0]))
    >>> fold.value, fold.moments.mean
    (4.0, 2.5)
    """

    def __init__(
        self, reduction: Reduction, *, squares: bool = True, plain: bool = False, pool: Pool | None = None
    ) -> None:
        self.reduction = reduction
        self.squares = squares or reduction.squares
        self.plainly = plain or reduction.plain
        self.moments = Moments()
        self.elements = 0
        self.weighed = False
        self.plain = ZERO
        self.quantiles: Quantiles | None = _no_quantiles(pool) if reduction.quantiles else None

    def update(self, losses: Array, weights: Array | None = None, *, elements: int = 1) -> None:
        """Take in some more rows, the loss of each a mean of so many ``elements``."""
        moments = Moments.of(losses, weights, squares=self.squares)
        self.moments += moments
        self.elements = max(self.elements, elements)
        self.weighed |= weights is not None
        if self.plainly:
            self.plain += moments.first if weights is None else ExactSum.of(losses)
        if self.quantiles:
            self.quantiles += self.quantiles.of(losses, weights)

    def __add__(self, other: Fold) -> Fold:
        both = Fold(self.reduction, squares=self.squares, plain=self.plainly)
        both.moments = self.moments + other.moments
        both.elements = max(self.elements, other.elements)
        both.weighed = self.weighed or other.weighed
        both.plain = self.plain + other.plain
        if self.quantiles and other.quantiles:
            both.quantiles = self.quantiles + other.quantiles
        return both

    def element_sum(self, divisor: int = 1) -> float:
        """Return k·Σwl over a whole number, rounded once: Σw over the k elements that each loss is the mean of."""
        first = self.moments.first
        if first.limit or not divisor:
            return first.limit or nan
        return quotient(first.units * self.elements, divisor << UNIT)

    @property
    def unbroadcast_mean(self) -> float:
        """k·Σwl/Σw, correctly rounded: Σw over the k elements of each row, but once a row where it divides.

        The mean if there are no weights.
        """
        first, weights = self.moments.first, self.moments.weights
        if not self.weighed or first.limit or weights.limit or not weights.units:
            return self.moments.mean
        return quotient(first.units * self.elements, weights.units)

    @property
    def plain_mean(self) -> float:
        """Σl/n, whatever the weights, correctly rounded; NaN if there are no rows."""
        return ratio(self.plain, ExactSum.whole(self.moments.n))

    def mean_times_weight(self, divisor: int) -> float:
        """Return (Σl/n)·Σw over a whole number, rounded once; NaN if there are no rows."""
        n, weights = self.moments.n, self.moments.weights
        if not n or self.plain.limit or weights.limit:
            return self.plain_mean * weights.result()
        return quotient(self.plain.units * weights.units, n * divisor << 2 * UNIT)

    @property
    def value(self) -> float | None:
        """The reduced value before ``finish``; None for the reduction ``none``."""
        return self.reduction.value(self)


def pool(reduction: Reduction) -> Pool | None:
    """Return what looks after the losses that a quantile needs, of several folds together; None for others."""
    if not reduction.quantiles:
        return None
    from losscli.held import Pool  # noqa: PLC0415  only where one is asked for

    return Pool()


def _no_quantiles(pool: Pool | None) -> Quantiles:
    from losscli.quantiles import Quantiles  # noqa: PLC0415  only where one is asked for

    return Quantiles(pool=pool)


def _quantile(name: str, q: float) -> Reduction:
    return Reduction(name, lambda fold: fold.quantiles.quantile(q) if fold.quantiles else nan, quantiles=True)


REDUCTIONS: dict[str, Reduction] = {
    one.name: one
    for one in (
        Reduction("mean", lambda fold: fold.moments.mean, finished=True),
        Reduction("sum", lambda fold: fold.moments.sum),
        Reduction("count-mean", lambda fold: fold.moments.count_mean, finished=True),
        Reduction("nonzero-mean", lambda fold: fold.moments.nonzero_mean, finished=True),
        Reduction("element-sum", lambda fold: fold.element_sum()),
        Reduction("batch-mean", lambda fold: fold.element_sum(fold.moments.n)),
        Reduction("unbroadcast-mean", lambda fold: fold.unbroadcast_mean, finished=True),
        Reduction("plain-mean", lambda fold: fold.plain_mean, plain=True, finished=True),
        Reduction("vector-mean", lambda fold: fold.mean_times_weight(fold.moments.n), plain=True, finished=True),
        Reduction("vector-sum", lambda fold: fold.mean_times_weight(1), plain=True),
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
