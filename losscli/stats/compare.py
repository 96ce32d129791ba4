"""Intervals of one loss and paired comparisons of two, with their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, inf, isfinite, isnan, nan
from typing import Literal

import numpy as np

from losscli.arrays import Array, Integers
from losscli.errors import UsageError, did_you_mean
from losscli.stats.bootstrap import NORMAL, Spread, Statistic, bootstrap, drawn, t_interval

LIMIT = 1 << 16
"""Above so many rows Student's t takes the bootstrap's place: the mean of that many is normal, and drawing is slow."""

FEWEST = 8
"""Below so many units there are fewer different resamples than one draws: their extremes are no ends of an interval."""

COSTLY = 1 << 13
"""As ``LIMIT``, for scores: ROC AUC of so many rows 2,000 times over takes seconds."""

MANY = f"above {LIMIT} rows ({COSTLY} for a score) the intervals are Student's t"
"""What the user should know where there are more rows."""

POWER = 0.8
"""How surely an effect is to be found that is called detectable."""

METHODS = ("bca", "t")

Decision = Literal["pass", "fail", "inconclusive", "equal"]


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: at which ``confidence``, by which ``method``, from ``boot`` resamples drawn by ``seed``.

    Raises UsageError for values that make no interval.
    """

    confidence: float = 0.95
    method: str = "bca"
    boot: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise UsageError(f"--confidence: expected a share between 0 and 1, received {self.confidence!r}", "0.95")
        if self.method not in METHODS:
            near = did_you_mean(self.method, list(METHODS))
            raise UsageError(f"--method: there is no method {self.method!r}", near or f"one of {', '.join(METHODS)}")
        if not 100 <= self.boot <= 1_000_000:  # noqa: PLR2004  fewer make no interval, more no difference
            raise UsageError(f"--boot: expected 100 to 1000000 resamples, received {self.boot}", "--boot 2000")
        if self.seed < 0:
            raise UsageError(f"--seed: expected a number from 0 up, received {self.seed}", "--seed 0")

    def of(self, statistic: Statistic, clusters: Integers | None = None) -> tuple[str, Spread]:
        """Return the method that was used, and what it tells of a statistic of rows, in ``clusters`` or each alone."""
        units = statistic if clusters is None else statistic.clustered(clusters)
        if not self._draws(statistic, units):
            return "t", t_interval(units)
        return self.method, bootstrap(units, boot=self.boot, seed=self.seed)

    def drawn(self, statistics: Sequence[Statistic], clusters: Integers | None = None) -> list[Statistic]:
        """Return statistics of the same rows with what they are on the resamples, if there are to be any.

        Their differences know it then, too: many can be compared at the price of one draw.
        """
        units = [one if clusters is None else one.clustered(clusters) for one in statistics]
        if not self._draws(statistics[0], units[0]):
            return list(statistics)
        found = drawn(units, boot=self.boot, seed=self.seed)
        return [replace(one, resampled=unit.resampled) for one, unit in zip(statistics, found, strict=True)]

    def too_many(self, n: int, *, costly: bool) -> bool:
        """Tell whether Student's t takes the place of the method that was asked for, for so many rows."""
        return self.method != "t" and n > (COSTLY if costly else LIMIT)

    def too_few(self, tests: int, n: int) -> bool:
        """Tell whether these resamples of n rows have no p-value that is small enough for one of so many tests."""
        return self.method != "t" and n <= LIMIT and tests > (1 - self.confidence) * (self.boot + 1)

    def _draws(self, rows: Statistic, units: Statistic) -> bool:
        return self.method != "t" and not self.too_many(rows.n, costly=rows.costly) and units.n >= FEWEST


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much worse (positive) or better (negative) one is than the other, on the same rows.

    ``interval`` and ``p`` (against 0) are NaN if the data says nothing: fewer than two rows, or an infinite loss.
    ``detectable`` is the smallest effect that data of this size shows with power 0.8; ``needed`` is how many rows, in
    clusters of the same size, would show this one (None: no number would).
    """

    worse: float
    interval: tuple[float, float]
    p: float
    detectable: float
    needed: int | None
    method: str
    equal: bool
    spread: Spread

    def against(self, margin: float, alpha: float) -> Decision:
        """Return the verdict on being worse by more than a margin: pass, fail, inconclusive or equal.

        ``alpha`` is 1 − confidence, or what an adjustment for many gates leaves of it.
        """
        if self.equal:
            return "equal"
        if isnan(self.worse) or isnan(self.spread.se) or isnan(margin):
            return "inconclusive"
        low, high = self.spread.at(1 - alpha)
        limit = margin + self.spread.near
        return "fail" if low > limit else "pass" if high <= limit else "inconclusive"


def paired(
    candidate: Statistic,
    baseline: Statistic,
    resampling: Resampling,
    *,
    equal: bool,
    sign: int = 1,
    margin: float = 0.0,
    clusters: Integers | None = None,
) -> Comparison:
    """Compare two statistics of the same rows; ``sign`` is −1 where larger is better, ``equal`` if no row differs.

    ``needed`` asks when an effect of this size is told from ``margin``.
    """
    difference = candidate.minus(baseline) if sign > 0 else baseline.minus(candidate)
    worse = difference.observed() if difference.n else nan
    if equal:
        nothing = Spread(0.0, lambda _: (0.0, 0.0), lambda against: float(against == 0))
        return Comparison(0.0, (0.0, 0.0), 1.0, 0.0, None, "equal", True, nothing)  # noqa: FBT003  named above
    method, spread = resampling.of(difference, clusters)
    reach = (NORMAL.inv_cdf((1 + resampling.confidence) / 2) + NORMAL.inv_cdf(POWER)) * spread.se
    needed = _needed(reach, worse - margin, difference.n)
    return Comparison(
        worse, spread.at(resampling.confidence), spread.p(0.0), reach, needed, method, False, spread  # noqa: FBT003  as above
    )  # fmt: skip


def _needed(reach: float, effect: float, n: int) -> int | None:
    if not (isfinite(reach) and isfinite(effect)) or effect == 0:
        return None
    times = (reach / effect) ** 2
    return ceil(n * times) if times < inf and n * times < 1e15 else None  # noqa: PLR2004  nobody has as many rows


def levels(p_values: Sequence[float], alpha: float, method: str) -> list[float]:
    """Return the level of each test, α·p/p_adjusted: p is at most its level just where p_adjusted is at most α.

    So an interval of confidence 1 − level leaves out what was tested just where the adjusted test rejects it. A test
    without p-value, being none, has level α.

    >>> levels([0.01, 0.04], 0.05, "holm")
    [0.025, 0.05]
    """
    shares = zip(p_values, adjusted(p_values, method), strict=True)
    return [alpha * one / together if together > 0 else alpha for one, together in shares]


def adjusted(p_values: Sequence[float], method: str) -> list[float]:
    """Return p-values adjusted for being several: ``holm`` (any error) or ``bh`` (share of errors); NaN stays NaN.

    >>> adjusted([0.01, 0.04, 0.03], "holm")
    [0.03, 0.06, 0.06]
    >>> adjusted([0.01, 0.04, 0.03], "bh")
    [0.03, 0.04, 0.04]

    Sources: S. Holm, Scand. J. Statist. 6 (1979); Y. Benjamini and Y. Hochberg, J. R. Statist. Soc. B 57 (1995).
    """
    p: Array = np.array(p_values, dtype=np.float64)
    there = np.flatnonzero(~np.isnan(p))
    order = there[np.argsort(p[there], kind="stable")]
    m, ranks = len(order), np.arange(1, len(order) + 1)
    found = {
        "holm": lambda ordered: np.maximum.accumulate(ordered * (m - ranks + 1)),
        "bh": lambda ordered: np.minimum.accumulate((ordered * m / ranks)[::-1])[::-1],
    }[method](p[order])
    p[order] = np.minimum(found, 1.0)
    return [float(one) for one in p]
