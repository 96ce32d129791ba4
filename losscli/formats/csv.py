"""Comma- and tab-separated records as RFC 4180 has them: the samples, or with ``--summary`` the reduced values."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import ClassVar, TextIO

import numpy as np

from losscli.escape import visible
from losscli.formats.format import Block, Cells, Record, Report, Result, View
from losscli.formats.numbers import texts

SUMMARY = ("loss", "like", "reduction", "value", "n", "dropped", "weight", "mean", "sum", "std", "min", "max")
"""The columns of a summary record, after those of ``--by``: fields of ``Result``."""

ENDS = ("ci_low", "ci_high")
"""The further columns where a result has an interval."""


class Csv:
    """One line for each sample, written as it comes.

    A text reads back as it was, and no line begins like a command for a runner. What else acts on a terminal, or on
    the log of a runner, is shown escaped there, and only there.

    In a summary an absent ``like``, an absent ``value`` and the ``--by`` columns of the total are empty.
    """

    delimiter: ClassVar[str] = ","

    def __init__(self, out: TextIO, view: View) -> None:
        self._out = out
        self._summary = view.summary
        self.streams = not view.summary
        self._columns: Sequence[str] = ()
        self._special = re.compile(rf'["\r\n{self.delimiter}]|\A\s*::')
        watched = view.width is not None or os.environ.get("GITHUB_ACTIONS") == "true"
        self._visible = watched and out is sys.stdout

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:  # noqa: ARG002  csv treats all alike
        """Write the header of the samples."""
        self._columns = columns
        if not self._summary:
            self.row(columns)

    def samples(self, block: Block) -> None:
        """Write some samples, a line each."""
        if not self._summary and len(block[self._columns[0]]):
            lines = map(self.delimiter.join, zip(*(self._cells(block[name]) for name in self._columns), strict=True))
            self._out.write("\n".join(map(self._seen, lines) if self._visible else lines) + "\n")

    def finish(self, report: Report) -> None:
        """Write the results, if they were asked for instead of the samples; of a report with sections, the first."""
        if self._summary and report.sections:
            self._section(next(iter(report.sections.values())))
        elif self._summary:
            sure = any(result.interval for result in report.results)
            self.row([*report.by, *SUMMARY, *(ENDS if sure else ())])
            for result in report.results:
                ends = [str(end) for end in result.interval or ("", "")] if sure else []
                self.row([*self._record(result, report.by), *ends])

    def row(self, cells: Iterable[str]) -> None:
        """Write one line."""
        line = self.delimiter.join(map(self._quoted, cells))
        self._out.write((self._seen(line) if self._visible else line) + "\n")

    def _section(self, records: Sequence[Record]) -> None:
        """Write records of whatever keys; an interval is two columns, ``low`` and ``high``."""
        from losscli.formats.sections import INTERVAL, columns  # noqa: PLC0415  only where there are sections

        found: dict[str, Sequence[object]] = {}
        for name, values in columns(records, "").items():
            if name == INTERVAL:
                ends = [value if isinstance(value, list | tuple) else (None, None) for value in values]
                found |= {"low": [low for low, _ in ends], "high": [high for _, high in ends]}
            else:
                found[name] = values
        if found:
            self.row(found)
            for cells in zip(*found.values(), strict=True):
                self.row("" if cell is None else str(cell) for cell in cells)

    def _record(self, result: Result, by: Sequence[str]) -> Iterable[str]:
        yield from (result.by[name] if result.by else "" for name in by)
        for field in SUMMARY:
            value = getattr(result, field)
            yield "" if value is None else str(value)

    def _cells(self, cells: Cells) -> list[str]:
        """Quote what needs it. One search over the whole column costs far less than a look at each cell."""
        column = texts(cells)
        if isinstance(cells, np.ndarray) or not ("::" in (whole := "".join(column)) or self._special.search(whole)):
            return column
        return list(map(self._quoted, column))

    def _quoted(self, cell: str) -> str:
        r"""Quote a cell that needs it: the csv module before Python 3.13 leaves a ``\r`` bare, and cannot read that."""
        return '"' + cell.replace('"', '""') + '"' if self._special.search(cell) else cell

    def _seen(self, line: str) -> str:
        """Return a line for the eyes; the delimiter may be a control character itself."""
        return self.delimiter.join(map(visible, line.split(self.delimiter)))


class Tsv(Csv):
    """The same with tabs between the cells."""

    delimiter: ClassVar[str] = "\t"
