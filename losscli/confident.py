"""``--ci``: a run whose values have confidence intervals."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from math import nan

from losscli.collected import Collector
from losscli.formats.format import Report, Result
from losscli.run import Run
from losscli.spec import Bound
from losscli.stats.compare import MANY, Resampling


class ConfidentRun(Run):
    """A run that holds every row, and gives every result its interval: NaN where the data says nothing of a value.

    ``resampling`` says how; ``cluster`` is the kept column whose rows are drawn together. The others are those of Run.
    """

    def __init__(
        self,
        bounds: Iterable[Bound],
        *,
        resampling: Resampling,
        reduction: str | None = None,
        missing: str = "error",
        signed: bool = False,
        cluster: str | None = None,
    ) -> None:
        super().__init__(bounds, reduction=reduction, missing=missing, signed=signed)
        self.weighing()
        self.collector = Collector(self, cluster=cluster)
        self._resampling = resampling
        self._remarks: list[str] = []

    def report(self) -> Report:
        """Return the results with their intervals. Raises what ``Run.report`` raises."""
        found = super().report()
        return replace(found, results=[self._sure(one) for one in found.results])

    def notes(self, silent: Container[str] = ()) -> list[str]:
        """Return what the user should know beside the numbers, and of the intervals."""
        return [*super().notes(silent), *self._remarks]

    def _sure(self, result: Result) -> Result:
        if result.value is None:
            return result
        rows = self.collector.rows(result.loss).of(result.by)
        statistic = rows.statistic(result)
        if statistic is None:
            self._remark(f"{result.loss}: resampling says nothing of this {result.reduction}: it has no interval")
            return replace(result, interval=(nan, nan))
        if self._resampling.too_many(statistic.n, costly=statistic.costly):
            self._remark(MANY)
        _, spread = self._resampling.of(statistic, rows.units())
        low, high = spread.at(self._resampling.confidence)
        return replace(result, interval=(low + 0.0, high + 0.0))

    def _remark(self, text: str) -> None:
        if text not in self._remarks:
            self._remarks.append(text)
