"""JSON as RFC 8259 has it: one document for people, diffs and programs, or one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import TextIO
from weakref import finalize

from losscli.formats.format import Block, Report, View
from losscli.formats.json_records import SampleRecords, flat_record, result_record, strict, unmarked

SCHEMA = 1
IN_MEMORY = 1 << 24
"""Bytes of samples that wait in memory for the results; more of them wait on disk."""


def dumps(value: object, out: TextIO, indent: int | None = None) -> str:
    """Return strict JSON, in letters that ``out`` can write, and no command for a runner that reads it.

    It is on one line without an ``indent``. If it holds what cannot be seen (see ``escape``), it is in ASCII.
    """
    text = json.dumps(value, ensure_ascii=not writes_unicode(out), allow_nan=False, indent=indent)
    seen = text.replace("\n", "").isprintable()
    return unmarked(text if seen else json.dumps(value, allow_nan=False, indent=indent))


def writes_unicode(out: TextIO) -> bool:
    """Whether every letter can be written as it is (a text buffer has no encoding and takes everything)."""
    return (out.encoding or "utf-8").lower().startswith("utf")


class JsonLines:
    """One sample a line, written as it comes; with ``--summary`` one result a line."""

    def __init__(self, out: TextIO, view: View) -> None:
        self._out = out
        self._summary = view.summary
        self.streams = not view.summary

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Take the keys of the records."""
        self._records = SampleRecords(columns, losses, ascii_only=not writes_unicode(self._out))

    def samples(self, block: Block) -> None:
        """Write some samples."""
        if not self._summary:
            self._out.writelines(f"{record}\n" for record in self._records.lines(block))

    def finish(self, report: Report) -> None:
        """Write the results, if they were asked for instead of the samples; of a report with sections, the first."""
        if self._summary:
            results = (flat_record(one, report.by) for one in report.results)
            records = map(strict, next(iter(report.sections.values()))) if report.sections else results
            self._out.writelines(f"{dumps(one, self._out)}\n" for one in records)


class Json:
    """One document with everything: a result and a sample to a line, the samples last.

    The samples come first and are written last: until then their text waits in memory, or on disk if it is much.
    """

    def __init__(self, out: TextIO, view: View) -> None:
        self._out = out
        self._summary = view.summary
        self.streams = False
        self._records: SampleRecords | None = None
        self._waiting = SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115  see below
        finalize(self, self._waiting.close)  # also if the run breaks off
        self._empty = True

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Take the keys of the records."""
        if not self._summary:
            self._records = SampleRecords(columns, losses, ascii_only=not writes_unicode(self._out))

    def samples(self, block: Block) -> None:
        """Put some samples by."""
        lines = self._records.lines(block) if self._records else []
        if lines:
            self._waiting.write(("" if self._empty else ",") + "\n    " + ",\n    ".join(lines))
            self._empty = False

    def finish(self, report: Report) -> None:
        """Write the whole document."""
        document: dict[str, object] = {
            "schema": SCHEMA,
            "n": report.n,
            "dropped": report.dropped,
            "results": [result_record(one, report.by) for one in report.results],
            **report.sections,
            **report.extra,
        }
        self._out.write("{\n" + ",\n".join(self._members(document)))
        if self._records:
            self._out.write(',\n  "samples": [')
            self._waiting.seek(0)
            copyfileobj(self._waiting, self._out)
            self._out.write("]" if self._empty else "\n  ]")
        self._out.write("\n}\n")

    def _members(self, document: Mapping[str, object]) -> Iterable[str]:
        for key, value in document.items():
            yield f"  {dumps(key, self._out)}: {self._written(strict(value))}"

    def _written(self, value: object) -> str:
        """Give each record of a list its own line, and everything else one line together."""
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            return "[\n    " + ",\n    ".join(dumps(one, self._out) for one in value) + "\n  ]"
        return dumps(value, self._out)
