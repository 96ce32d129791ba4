"""Resampling rows, or clusters of rows: what a statistic would be on other data of the same kind.

A statistic is a function from counts to values: given how often each row is drawn, ``(b, n)``, it returns the b values
that it has on those b resamples. So one draw serves two statistics at once, which is what makes a comparison paired.

Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, chapters 13 to 15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan, sqrt
from statistics import NormalDist

import numpy as np

from losscli.arrays import Array, Integers
from losscli.stats.student import cdf, quantile

CELLS = 1 << 21
"""How many counts are held at a time: 16 MiB of them."""

BLOCKS = 200
"""The jackknife leaves out one block of rows after the other, at most so many."""

TIED = 1e-9
"""Standard errors within which two values are the same: 3/9 − 2/9 and 2/9 − 1/9 are not, in float64."""

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of ``n`` units (rows or clusters): ``of`` maps counts ``(b, n)`` to its values ``(b,)``.

    ``influence`` is what each unit adds to it, ``(n,)``, adding up to 0, if it is a mean; else the jackknife finds out.
    ``resampled`` are its values on the resamples, if they were drawn already (``drawn``). ``costly`` says that each of
    them is computed anew from all rows.
    """

    n: int
    of: Callable[[Array], Array]
    influence: Array | None = None
    resampled: Array | None = None
    costly: bool = False

    def observed(self) -> float:
        """Return its value on the data as they are."""
        with np.errstate(all="ignore"):
            return float(self.of(np.ones((1, self.n)))[0])

    def minus(self, other: Statistic) -> Statistic:
        """Return the difference to another statistic of the same rows, taken on the same draws."""
        mine, theirs = self.influence, other.influence
        ours, others = self.resampled, other.resampled
        with np.errstate(invalid="ignore"):  # of two infinite values
            influence = None if mine is None or theirs is None else mine - theirs
            resampled = None if ours is None or others is None else ours - others
        costly = self.costly or other.costly
        return Statistic(self.n, lambda counts: self.of(counts) - other.of(counts), influence, resampled, costly)

    def clustered(self, codes: Integers) -> Statistic:
        """Return the statistic as one of clusters, the i-th row being in cluster ``codes[i]``."""
        influence = None if self.influence is None else np.bincount(codes, self.influence).astype(np.float64)
        at_once = max(1, CELLS // max(1, len(codes)))

        def of(counts: Array) -> Array:
            parts = [counts[start : start + at_once] for start in range(0, len(counts), at_once)]
            return np.concatenate([self.of(part[:, codes]) for part in parts])

        return Statistic(int(codes.max(initial=-1)) + 1, of, influence, self.resampled, self.costly)

    def influences(self) -> Array:
        """Return what each unit adds, or each of at most BLOCKS blocks of units, so that se² = m/(m−1)·Σ."""
        if self.influence is not None:
            return self.influence
        with np.errstate(all="ignore"):  # the statistic may be infinite, and says nothing then
            left_out = _jackknife(self)
            # where nothing differs, neither may the rounding of the mean
            deviations = left_out.mean() - left_out if np.ptp(left_out) else np.zeros(len(left_out))
            return deviations * (len(left_out) - 1) / len(left_out)


@dataclass(frozen=True, slots=True)
class Spread:
    """What resampling tells of a statistic: an interval, and how surely it differs from a value.

    ``se`` is its standard error, ``at`` the interval of a confidence, ``p`` the two-sided p-value against a value,
    which is the largest 1 − confidence whose interval still holds the value.
    """

    se: float
    at: Callable[[float], tuple[float, float]]
    p: Callable[[float], float]

    @property
    def near(self) -> float:
        """How far apart two values are that only a rounding tells apart."""
        return TIED * self.se


UNKNOWN = Spread(nan, lambda _: (nan, nan), lambda _: nan)
"""What fewer than two rows, or values that are not finite, tell: nothing."""


def bootstrap(statistic: Statistic, *, boot: int, seed: int) -> Spread:
    """Return the bias-corrected and accelerated bootstrap (BCa) of a statistic; UNKNOWN below two units.

    Normal quantiles give way to Student's times √(n/(n−1)), without which intervals of a few rows are too narrow. The
    draw depends on ``seed`` and on the order of the rows, not on the machine.

    Source: T. Hesterberg, What teachers should know about the bootstrap, The American Statistician 69 (2015), 4.2.
    """
    if statistic.n < 2:  # noqa: PLR2004  one unit says nothing of others
        return UNKNOWN
    observed, influences = statistic.observed(), statistic.influences()
    if not (isfinite(observed) and np.isfinite(influences).all()):
        return UNKNOWN
    if statistic.resampled is None:
        (statistic,) = drawn([statistic], boot=boot, seed=seed)
    values = np.sort(np.asarray(statistic.resampled))
    if not np.isfinite(values).all():
        return UNKNOWN
    se = _error_of(influences)
    if se == 0:
        return spread_of_t(observed, 0.0, 1)
    near = TIED * se
    bias, acceleration = NORMAL.inv_cdf(_share(values, observed, near)), _acceleration(influences)
    df, widening = statistic.n - 1, sqrt(statistic.n / (statistic.n - 1))

    def endpoint(tail: float) -> float:
        z = bias + quantile(tail, df) * widening
        level = NORMAL.cdf(bias + z / (1 - acceleration * z)) if acceleration * z < 1 else float(z > 0)
        return float(np.quantile(values, level))

    def p(against: float) -> float:
        w = NORMAL.inv_cdf(_share(values, against, near)) - bias
        below = cdf((w / (1 + acceleration * w) - bias) / widening, df) if acceleration * w > -1 else float(w > 0)
        return max(1 / (boot + 1), min(1.0, 2 * min(below, 1 - below)))

    return Spread(se, lambda confidence: (endpoint((1 - confidence) / 2), endpoint((1 + confidence) / 2)), p)


def drawn(statistics: Sequence[Statistic], *, boot: int, seed: int) -> list[Statistic]:
    """Return statistics of the same units with their values on the resamples, drawn once for all and their differences.

    A hundred comparisons of ten statistics cost ten evaluations of each resample so, not two hundred.
    """
    if statistics[0].n < 2:  # noqa: PLR2004  as above
        return list(statistics)
    with np.errstate(all="ignore"):
        parts = [[one.of(counts) for one in statistics] for counts in _draws(statistics[0].n, boot, seed)]
    values = [np.concatenate(of_one) for of_one in zip(*parts, strict=True)]
    return [replace(one, resampled=some) for one, some in zip(statistics, values, strict=True)]


def t_interval(statistic: Statistic) -> Spread:
    """Return Student's t for a statistic; UNKNOWN below two units.

    For a mean this is the textbook's interval; for any other statistic the standard error is the jackknife's.
    """
    if statistic.n < 2:  # noqa: PLR2004  as above
        return UNKNOWN
    observed, influences = statistic.observed(), statistic.influences()
    if not (isfinite(observed) and np.isfinite(influences).all()):
        return UNKNOWN
    return spread_of_t(observed, _error_of(influences), len(influences) - 1)


def spread_of_t(observed: float, se: float, df: int) -> Spread:
    """Return what Student's t with ``df`` degrees of freedom says of a value with a standard error."""

    def at(confidence: float) -> tuple[float, float]:
        reach = quantile((1 + confidence) / 2, df) * se
        return observed - reach, observed + reach

    def p(against: float) -> float:
        if se == 0:
            return float(observed == against)
        return 2 * cdf(-abs(observed - against) / se, df)

    return Spread(se, at, p)


def _draws(n: int, boot: int, seed: int) -> Iterator[Array]:
    """Yield how often each unit is drawn, for some resamples at a time; the same draws however many at a time."""
    random = np.random.Generator(np.random.PCG64(seed))
    at_once = max(1, CELLS // n)
    for start in range(0, boot, at_once):
        b = min(at_once, boot - start)
        drawn = random.integers(0, n, size=(b, n)) + np.arange(0, b * n, n)[:, None]
        yield np.bincount(drawn.ravel(), minlength=b * n).reshape(b, n).astype(np.float64)


def _jackknife(statistic: Statistic) -> Array:
    """Return the statistic without one block of units after the other: every m-th unit, m blocks in all."""
    n, m = statistic.n, min(statistic.n, BLOCKS)
    block = np.arange(n) % m
    at_once = max(1, CELLS // n)
    chosen = (np.arange(start, min(start + at_once, m)) for start in range(0, m, at_once))
    return np.concatenate([statistic.of((block != some[:, None]).astype(np.float64)) for some in chosen])


def _error_of(influences: Array) -> float:
    """Return the standard error √(m/(m−1)·Σu²). Source: Efron and Tibshirani, (11.5)."""
    m, scale = len(influences), float(np.abs(influences).max())
    return scale * sqrt(m / (m - 1) * float(((influences / scale) ** 2).sum())) if scale else 0.0


def _acceleration(influences: Array) -> float:
    """Return how the standard error grows with the statistic. Source: Efron and Tibshirani, (14.15)."""
    scaled = influences / np.abs(influences).max()
    second = float((scaled**2).sum())
    return float((scaled**3).sum()) / (6 * second * sqrt(second))


def _share(values: Array, against: float, near: float) -> float:
    """Return the share of values below one, ties (as ``near``) counting half; never 0 or 1."""
    below, above = (int(np.count_nonzero(values < against + end)) for end in (-near, near))
    return ((below + above) / 2 + 0.5) / (len(values) + 1) if isfinite(against) else nan
