"""The bare numbers, for ``$(…)`` and shell pipes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TextIO

from losscli.escape import visible
from losscli.formats.format import Block, Record, Report, Result, View
from losscli.formats.numbers import texts

TOTAL = "-"


class Value:
    """One line for each reduced value, with tabs between what names it and the number.

    ``[GROUP…] [SPEC] VALUE``: the groups with ``--by`` (``-`` for the total, which comes last), the SPEC if there are
    several losses. For the reduction ``none`` the values are the losses: one line for each loss of each sample. Gates
    are ``[GROUP…] GATE VERDICT``.
    """

    def __init__(self, out: TextIO, view: View) -> None:
        self._out = out
        self._unreduced = self.streams = view.unreduced
        self._losses: Sequence[str] = ()

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:  # noqa: ARG002  no column is shown
        """Remember which of the columns are losses."""
        self._losses = losses

    def samples(self, block: Block) -> None:
        """Write the losses, if they are the values."""
        if self._unreduced:
            columns = [[self._named(spec) + loss for loss in texts(block[spec])] for spec in self._losses]
            self._out.writelines(f"{line}\n" for line in chain.from_iterable(zip(*columns, strict=True)))

    def finish(self, report: Report) -> None:
        """Write the reduced values, the total last; of a report with sections, the verdicts of the first."""
        if report.sections and _about(report):
            self._verdicts(next(iter(report.sections.values())))
            return
        self._losses = report.losses
        for result in sorted(report.results, key=lambda one: one.by is None):
            if result.value is not None:
                groups = [self._group(result, name) for name in report.by]
                self._out.write("".join(groups) + self._named(result.loss) + f"{result.value!r}\n")

    def _verdicts(self, records: Sequence[Record]) -> None:
        from losscli.formats.sections import VERDICT, groups_of, names  # noqa: PLC0415  only where there are sections

        grouped = dict.fromkeys(name for record in records for name in groups_of(record))
        for record in records:
            groups = [groups_of(record).get(name, TOTAL) for name in grouped]
            verdict = [str(record[VERDICT])] if VERDICT in record else []
            self._out.write("\t".join(map(visible, [*groups, *names(record), *verdict])) + "\n")

    def _group(self, result: Result, name: str) -> str:
        return f"{visible(result.by[name]) if result.by else TOTAL}\t"

    def _named(self, spec: str) -> str:
        return f"{spec}\t" if len(self._losses) > 1 else ""


def _about(report: Report) -> bool:
    from losscli.formats.sections import about  # noqa: PLC0415  only where there are sections

    return about(report)
