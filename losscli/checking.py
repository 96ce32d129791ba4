"""What ``losscli check`` does between reading and writing: gates bound to losses, judged on what the runs found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import nan
from typing import Protocol

from losscli.baselines import Baseline
from losscli.batch import Batch, Group
from losscli.collected import Collector, Rows, direction
from losscli.confident import ConfidentRun
from losscli.effects import Effects, rounded
from losscli.formats.format import Report, Result
from losscli.gates import Gate, Judged, judge, judge_paired, judge_reported, unjudged
from losscli.run import Run
from losscli.spec import Bound
from losscli.stats.compare import Comparison, Resampling, levels, paired


@dataclass(frozen=True, slots=True)
class Demand:
    """A gate, and the loss or score that it is about."""

    gate: Gate
    bound: Bound

    @property
    def sign(self) -> int:
        """1 where more is worse, −1 where less is."""
        return direction(self.bound)

    @property
    def name(self) -> str:
        """The demand as a formula."""
        return self.gate.named(self.bound.spec, larger_is_better=self.sign < 0)


@dataclass(frozen=True, slots=True)
class Terms:
    """How gates are judged: the intervals, the adjustment for many of them, and the smallest group that counts."""

    resampling: Resampling
    adjust: str | None = None
    min_n: int = 0
    force: bool = False


class Measured:
    """One source of predictions under every reduction that some gate asks for: one pass, a run for each reduction.

    With ``sure`` the values have intervals.
    """

    def __init__(
        self, demands: Iterable[Demand], *, missing: str, compared: bool = False, cluster: str | None = None,
        sure: Resampling | None = None,
    ) -> None:  # fmt: skip
        asked: dict[str | None, list[Demand]] = {}
        for demand in demands:
            asked.setdefault(demand.gate.reduction, []).append(demand)
        new = partial(ConfidentRun, resampling=sure, cluster=cluster) if sure else Run
        self.runs: Mapping[str | None, Run] = {
            name: new([demand.bound for demand in some], reduction=name, missing=missing, signed=True)
            for name, some in asked.items()
        }
        for run in self.runs.values():
            run.weighing()
        self._collectors = {
            name: run.collector if isinstance(run, ConfidentRun) else Collector(run, cluster=cluster)
            for name, run in self.runs.items()
            if compared and any(demand.gate.side == "worse" for demand in asked[name])
        }
        self._found: dict[str | None, dict[tuple[str, Group], Result]] = {}

    def feed(self, batch: Batch) -> None:
        """Compute a batch."""
        for run in self.runs.values():
            run.feed(batch)

    def conclude(self) -> Report:
        """Return the results of all runs, those of a loss under several reductions one after the other.

        Raises DataError if a value was outside a domain or there was nothing to score.
        """
        reports = {name: run.report() for name, run in self.runs.items()}
        self._found = {
            # a group without any weight has no value to judge, whatever a framework makes of it
            name: {(one.loss, _group(one)): one if one.weight else replace(one, value=nan) for one in report.results}
            for name, report in reports.items()
        }
        first = next(iter(reports.values()))
        specs = dict.fromkeys(spec for report in reports.values() for spec in report.losses)
        results = {(one.loss, one.reduction, _group(one)): one for report in reports.values() for one in report.results}
        return replace(first, losses=list(specs), results=sorted(results.values(), key=lambda one: one.by is None))

    def notes(self) -> list[str]:
        """Return what the runs have to say, each thing once."""
        return list(dict.fromkeys(note for run in self.runs.values() for note in run.notes()))

    def results(self, demand: Demand) -> list[Result]:
        """Return what a gate is about: the value of every group, and of all rows."""
        return [one for one in self._found[demand.gate.reduction].values() if one.loss == demand.bound.spec]

    def same(self, demand: Demand, result: Result) -> Result:
        """Return what a gate is about here, of the group that a result elsewhere is of."""
        return self._found[demand.gate.reduction][demand.bound.spec, _group(result)]

    def rows(self, demand: Demand) -> Rows | None:
        """Return the rows behind a gate's value, if they were collected."""
        collector = self._collectors.get(demand.gate.reduction)
        return collector.rows(demand.bound.spec) if collector else None


@dataclass(frozen=True, slots=True)
class Pending:
    """A paired comparison whose verdict waits for the others: how sure it must be depends on how many there are."""

    demand: Demand
    result: Result
    baseline: float
    compared: Comparison

    @property
    def p(self) -> float:
        """The p-value of being worse by exactly what is allowed."""
        return self.compared.spread.p(self.demand.gate.margin(self.baseline))

    def settled(self, alpha: float, *, adjusted: bool) -> Judged:
        """Return the verdict, the interval being that of 1 − ``alpha`` where it was ``adjusted``."""
        compared = replace(self.compared, interval=self.compared.spread.at(1 - alpha)) if adjusted else self.compared
        return judge_paired(
            self.demand.gate, self.demand.name, self.result.value, self.baseline, self.result.n, compared=compared,
            alpha=alpha, sign=self.demand.sign, by=self.result.by,
        )  # fmt: skip


class Against(Protocol):
    """What candidates are compared with."""

    def compare(self, demand: Demand, result: Result, rows: Rows | None, terms: Terms) -> Judged | Pending:
        """Compare one value, of a group or of all rows."""
        ...

    def gone(self, demand: Demand, groups: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
        """Return the groups that the baseline has beside these, those of the candidate."""
        ...


class Predictions:
    """Other predictions of the same rows."""

    def __init__(self, measured: Measured) -> None:
        self.measured = measured

    def compare(self, demand: Demand, result: Result, rows: Rows | None, terms: Terms) -> Judged | Pending:
        """Compare row by row."""
        earlier = self.measured.same(demand, result)
        theirs = self.measured.rows(demand)
        if rows is None or theirs is None or earlier.value is None:
            return _by_value(demand, result, earlier.value)
        return _paired(demand, result, earlier.value, (rows.of(result.by), theirs.of(result.by)), terms)

    def gone(self, demand: Demand, groups: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:  # noqa: ARG002  as the protocol
        """Return none: the groups are the candidate's."""
        return ()


class Reported:
    """The report of an earlier run."""

    def __init__(self, baseline: Baseline) -> None:
        self.baseline = baseline

    def compare(self, demand: Demand, result: Result, rows: Rows | None, terms: Terms) -> Judged | Pending:
        """Compare row by row if the report holds the samples, else the values alone."""
        value = self.baseline.find(result, force=terms.force)
        if value is None:
            return unjudged(
                demand.gate, demand.name, "inconclusive", result.value, result.n, by=result.by,
                reason="the baseline has no such group",
            )  # fmt: skip
        mine = rows.of(result.by) if rows else None
        losses = self.baseline.losses(mine) if mine else None
        if mine is None or losses is None:
            return _by_value(demand, result, value)
        return _paired(demand, result, value, (mine, replace(mine, losses=losses)), terms)

    def gone(self, demand: Demand, groups: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
        """Return the groups of the report that have no rows any more; none where nobody asks for groups."""
        return self.baseline.gone(demand.bound.spec, groups) if groups else ()


def judged(demands: Iterable[Demand], measured: Measured, against: Against | None, terms: Terms) -> list[Judged]:
    """Return the verdict on every gate, for every group and for all rows.

    With ``terms.adjust`` the paired gates share one chance of error: a gate is decided if the p-value of being worse
    by exactly its margin, adjusted for the number of gates, is at most α = 1 − confidence; its interval is the one at
    the level α·p/p_adjusted, which leaves the margin out in just these cases.
    """
    found = [one for demand in demands for one in _judged(demand, measured, against, terms)]
    pending = [one for one in found if isinstance(one, Pending)]
    alphas = iter(_alphas(pending, terms))
    return [
        one.settled(next(alphas), adjusted=terms.adjust is not None) if isinstance(one, Pending) else one
        for one in found
    ]


def _judged(demand: Demand, measured: Measured, against: Against | None, terms: Terms) -> Iterable[Judged | Pending]:
    results, compares = measured.results(demand), against if demand.gate.side == "worse" else None
    for result in results:
        if result.n < terms.min_n:
            yield _skipped(demand, result.value, result.n, result.by, terms)
        elif compares:
            yield compares.compare(demand, result, measured.rows(demand), terms)
        else:
            yield judge(demand.gate, demand.name, result.value, result.n, result.by)
    for group in compares.gone(demand, [one.by for one in results if one.by]) if compares else ():
        lost = judge(demand.gate, demand.name, None, 0, group)
        yield _skipped(demand, None, 0, group, terms) if terms.min_n else lost


def _skipped(demand: Demand, value: float | None, n: int, by: Mapping[str, str] | None, terms: Terms) -> Judged:
    reason = f"{n} rows are fewer than the {terms.min_n} of --min-n"
    return unjudged(demand.gate, demand.name, "skipped", value, n, reason=reason, by=by)


def _group(result: Result) -> Group:
    """Return the group of a result; that of all rows has no values."""
    return tuple((result.by or {}).values())


def _by_value(demand: Demand, result: Result, earlier: float | None) -> Judged:
    return judge_reported(
        demand.gate, demand.name, result.value, earlier, result.n, sign=demand.sign, by=result.by
    )  # fmt: skip


def _paired(
    demand: Demand, result: Result, earlier: float, sides: tuple[Rows, Rows], terms: Terms
) -> Judged | Pending:  # fmt: skip
    """Compare two values of the same rows; by value alone where resampling says nothing of them (a maximum)."""
    mine, theirs = sides
    candidate, baseline = mine.statistic(result), theirs.statistic(replace(result, value=earlier))
    if candidate is None or baseline is None:
        return _by_value(demand, result, earlier)
    compared = paired(
        candidate, baseline, terms.resampling, equal=mine.same(theirs), sign=demand.sign,
        margin=demand.gate.margin(earlier), clusters=mine.units(),
    )  # fmt: skip
    exact = None if compared.equal else Effects.of((theirs, mine), (replace(result, value=earlier), result))
    if exact:
        compared = replace(compared, worse=demand.sign * rounded(exact.effect()))
    return Pending(demand, result, earlier, compared)


def _alphas(pending: Sequence[Pending], terms: Terms) -> list[float]:
    """Return the α of each comparison. Equal predictions test nothing, and do not count among the tests."""
    alpha = 1 - terms.resampling.confidence
    if terms.adjust is None:
        return [alpha] * len(pending)
    return levels([nan if one.compared.equal else one.p for one in pending], alpha, terms.adjust)
