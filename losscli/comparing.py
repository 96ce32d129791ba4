"""What ``losscli compare`` does between reading and writing: every pair of candidates tested, and their ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite, nan

from losscli.arrays import Integers
from losscli.batch import Group
from losscli.collected import Collector, Rows, direction
from losscli.effects import Effects, rounded
from losscli.formats.format import Report, Result
from losscli.stats.bootstrap import Statistic
from losscli.stats.compare import Comparison, Resampling, adjusted, levels, paired

VERDICTS = {"fail": "worse", "pass": "better"}
"""What a comparison against a margin of 0 is called where there is no gate."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One source of predictions, and what was computed of it."""

    name: str
    report: Report
    collector: Collector


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One loss over one group of rows (``by``), or over all of them: every candidate's result, rows and statistic.

    ``index`` are the group's rows among all (None: they are all), ``units`` the cluster of each row.
    """

    spec: str
    by: Mapping[str, str] | None
    index: Integers | None
    results: Sequence[Result]
    rows: Sequence[Rows]
    statistics: Sequence[Statistic | None]
    units: Integers | None

    @property
    def sign(self) -> int:
        """1 where more is worse, −1 where less is."""
        return direction(self.rows[0].bound)

    def interval(self, i: int, resampling: Resampling) -> tuple[float, float] | None:
        """Return the interval of one candidate's value; None if the data says nothing of it."""
        statistic = self.statistics[i]
        return None if statistic is None else _finite(resampling.of(statistic, self.units)[1].at(resampling.confidence))

    def compared(self, a: int, b: int, resampling: Resampling) -> Comparison | None:
        """Compare two candidates; None if resampling says nothing of this loss (a maximum)."""
        one, other = self.statistics[a], self.statistics[b]
        if one is None or other is None:
            return None
        equal = self.rows[a].same(self.rows[b])
        return paired(other, one, resampling, equal=equal, sign=self.sign, clusters=self.units)

    def effects(self, a: int, b: int) -> Effects | None:
        """Return what the difference between two candidates is made of; None if it is no sum over rows."""
        if self.statistics[a] is None or self.statistics[b] is None:
            return None
        return Effects.of((self.rows[a], self.rows[b]), (self.results[a], self.results[b]))

    def difference(self, a: int, b: int) -> float:
        """Return the second's value less the first's: that of the exact values where it is a sum over rows."""
        if self.rows[a].same(self.rows[b]):
            return 0.0
        if effects := self.effects(a, b):
            return rounded(effects.effect())
        first, second = self.results[a].value, self.results[b].value
        return nan if first is None or second is None else second - first


@dataclass(frozen=True, slots=True)
class Duel:
    """Two candidates of a contest, by their numbers, the second compared with the first.

    ``interval`` and ``p`` are None where the data says nothing. Where several tests share one chance of error, ``p`` is
    adjusted for it, and the interval is the one that leaves 0 out just where that p is small enough.
    """

    a: int
    b: int
    difference: float
    interval: tuple[float, float] | None
    p: float | None
    verdict: str
    detectable: float | None
    needed: int | None


def contests(candidates: Sequence[Candidate], resampling: Resampling) -> list[Contest]:
    """Return what the candidates are compared in: every loss, over every group and over all rows.

    All of them must have been computed of the same rows.
    """
    by_name = [
        {(one.loss, _group(one.by)): one for one in candidate.report.results} for candidate in candidates
    ]  # fmt: skip
    found = []
    for spec in candidates[0].report.losses:
        rows = [candidate.collector.rows(spec) for candidate in candidates]
        places = rows[0].places
        for result in (one for one in candidates[0].report.results if one.loss == spec):
            index = None if result.by is None else places[tuple(result.by.values())]
            results = [names[spec, _group(result.by)] for names in by_name]
            found.append(_contest(index, results, rows, resampling))
    return found


def tested(contests: Sequence[Contest], resampling: Resampling, adjust: str) -> list[list[Duel]]:
    """Return every contest's duels, of all pairs of candidates.

    The tests of one loss over all rows share one chance of error, and so do those of all its groups together; ``none``
    adjusts nothing.
    """
    found: dict[int, list[Duel]] = {}
    families: dict[tuple[str, bool], list[int]] = {}
    for number, contest in enumerate(contests):
        families.setdefault((contest.spec, contest.by is None), []).append(number)
    for family in families.values():
        tests = [
            (number, a, b, contests[number].compared(a, b, resampling))
            for number in family
            for a, b in combinations(range(len(contests[number].results)), 2)
        ]
        p_values = [nan if one is None or one.equal else one.p for *_, one in tests]
        alpha = 1 - resampling.confidence
        shown = p_values if adjust == "none" else adjusted(p_values, adjust)
        wanted = [alpha] * len(tests) if adjust == "none" else levels(p_values, alpha, adjust)
        for (number, a, b, one), p, level in zip(tests, shown, wanted, strict=True):
            found.setdefault(number, []).append(_duel(contests[number], (a, b), one, p, level))
    return [found[number] for number in range(len(contests))]


def ranks(duels: Iterable[Duel], count: int) -> list[tuple[int, int]]:
    """Return the best and the worst rank that each of so many candidates may have.

    The best leaves room for those that are better for sure, the worst for those that are worse for sure. Adjusted by
    Holm, the tests leave all true ranks inside at the confidence that was asked for.

    Source: M. Mogstad, J. P. Romano, A. M. Shaikh and D. Wilhelm, Inference for ranks with applications to mobility
    across neighbourhoods and academic achievement across countries, Rev. Econ. Stud. 91 (2024).
    """
    found = [[1, count] for _ in range(count)]
    for duel in duels:
        if duel.verdict in VERDICTS.values():
            winner, loser = (duel.b, duel.a) if duel.verdict == "better" else (duel.a, duel.b)
            found[loser][0] += 1
            found[winner][1] -= 1
    return [(best, worst) for best, worst in found]


def _contest(
    index: Integers | None, results: Sequence[Result], everything: Sequence[Rows], resampling: Resampling
) -> Contest:
    rows = everything if index is None else [some.take(index) for some in everything]
    units = rows[0].units()
    found = [some.statistic(one) for some, one in zip(rows, results, strict=True)]
    known = [one for one in found if one is not None]
    drawn = iter(resampling.drawn(known, units)) if known else iter(())
    statistics = [None if one is None else next(drawn) for one in found]
    return Contest(results[0].loss, results[0].by, index, results, rows, statistics, units)


def _duel(contest: Contest, pair: tuple[int, int], one: Comparison | None, p: float, level: float) -> Duel:
    (a, b), difference = pair, contest.difference(*pair)
    if contest.rows[a].same(contest.rows[b]):
        return Duel(a, b, 0.0, (0.0, 0.0), 1.0, "equal", 0.0, None)
    if one is None:
        return Duel(a, b, difference, None, None, "inconclusive", None, None)
    low, high = one.spread.at(1 - level)
    near = one.spread.near
    verdict = "worse" if low > near else "better" if high < -near else "inconclusive"
    ends = (low, high) if contest.sign > 0 else (-high, -low)
    known = isfinite(difference)
    return Duel(
        a, b, difference, _finite(ends) if known else None, p if isfinite(p) else None,
        verdict if known else "inconclusive", one.detectable if isfinite(one.detectable) else None, one.needed,
    )  # fmt: skip


def _finite(interval: tuple[float, float]) -> tuple[float, float] | None:
    low, high = interval
    return (low + 0.0, high + 0.0) if isfinite(low) and isfinite(high) else None


def _group(by: Mapping[str, str] | None) -> Group | None:
    return None if by is None else tuple(by.values())
