"""GitHub Actions: annotations, the step summary, and outputs for later steps.

The runner reads commands, ``::error title=…::message``, from what a step prints. Nothing from the data can become one:
every command is one line, and what would end or open one is escaped as the runner's own library escapes it
(https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isfinite

from losscli.errors import LossCliError
from losscli.escape import visible
from losscli.formats.format import Report, Result
from losscli.formats.markdown import Markdown
from losscli.formats.numbers import rounded
from losscli.formats.reduced import Reduced
from losscli.formats.sections import VERDICT, about, counted, details, label, outcome

SHOWN = 10
"""Annotations of one kind that GitHub shows for a step: of more, the last says how many there are."""

LEVELS = {"failure": "error", "error": "error"}
"""How a record ends -> its annotation; none if it passed."""
UNSURE = {"inconclusive": "warning", "worse": "warning", "skipped": "notice"}
"""A verdict that failed nothing -> its annotation."""

LARGEST = 1 << 20
"""Bytes of a step's summary that GitHub accepts."""
_NO_NAME = re.compile(r"[^A-Za-z0-9_]+")
Annotation = tuple[str, str, str]
"""Level, title, message."""


def command(level: str, title: str, message: str) -> str:
    r"""Return one annotation as the runner reads it, on one line.

    >>> print(command("error", "mse: a,b", "100%\nb"))
    ::error title=mse%3A a%2Cb::100%25%0Ab
    """
    return f"::{level} title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}::{_escaped(message)}"


def _escaped(text: str) -> str:
    lines = "\n".join(visible(line) for line in text.split("\n"))
    return lines.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


class Github(Reduced):
    """An error for each gate that failed or value that is not finite, a warning for what is inconclusive.

    If there is none of these, one notice says what was found.
    """

    def finish(self, report: Report) -> None:
        """Write the annotations."""
        found = list(self._annotations(report)) or [self._summary(report)]
        for level in dict.fromkeys(level for level, _, _ in found):
            these = [one for one in found if one[0] == level]
            if len(these) > SHOWN:
                rest = [f"{title}: {message}" for _, title, message in these[SHOWN - 1 :]]
                these[SHOWN - 1 :] = [(level, f"losscli: {len(rest)} more", "\n".join(rest))]
            self._out.writelines(f"{command(*one)}\n" for one in these)

    def fail(self, error: LossCliError) -> None:
        """Write the error that ended the run."""
        self._out.write(command("error", "losscli", f"{error.message}\n{error.hint}".strip()) + "\n")

    def _annotations(self, report: Report) -> Iterator[Annotation]:
        for records in report.sections.values():
            for record in records:
                if "code" in record:  # what looks wrong in the data
                    yield "warning", f"losscli: {record['code']}", f"{record['message']}\n{record['fix'] or ''}".strip()
                    continue
                verdict = str(record.get(VERDICT))
                level = LEVELS.get(outcome(record, report)) or UNSURE.get(verdict)
                if level and not (verdict == "inconclusive" and outcome(record, report) == "passed"):
                    yield level, f"losscli: {label(record)}", f"{verdict}: {details(record, self._precision)}"
        if not about(report):
            broken = [one for one in report.results if one.value is not None and not isfinite(one.value)]
            yield from (("error", f"losscli: {one.loss}", self._line(one)) for one in broken)

    def _summary(self, report: Report) -> Annotation:
        """Return the notice of a run in which nothing is wrong."""
        said = [f"{name}: {counted(records)}" for name, records in report.sections.items() if records]
        said = said if about(report) else []
        return "notice", "losscli", "\n".join(said or map(self._line, report.results))

    def _line(self, result: Result) -> str:
        group = "".join(f" {name}={value}" for name, value in (result.by or {}).items())
        value = "" if result.value is None else f" = {rounded(result.value, self._precision)}"
        return f"{result.loss}{group}: {result.reduction}{value} (n = {result.n})"


class GithubSummary(Markdown):
    """The Markdown of ``-f markdown``, cut to what GitHub accepts."""

    def put(self, lines: Sequence[str]) -> None:
        """Write as many lines as GitHub accepts."""
        size = 1
        self.out.write("\n")  # so that what stands before it does not run into it
        for i, line in enumerate(lines):
            size += len(line.encode()) + 1
            if size > LARGEST - 100:
                self.out.write(f"\n… {len(lines) - i} more lines\n")
                return
            self.out.write(f"{line}\n")


class GithubOutput(Reduced):
    """``name=value`` lines for ``$GITHUB_OUTPUT``: the verdict, the number of rows, every value.

    A name is what it names in letters, digits and ``_``: ``huber:delta=2`` of the group ``north`` is
    ``huber_delta_2_north``; a name that is taken gets a number.
    """

    def finish(self, report: Report) -> None:
        """Write the lines."""
        found: dict[str, str] = {}
        if VERDICT in report.extra:
            found[VERDICT] = _NO_NAME.sub("_", str(report.extra[VERDICT]))
        found["n"] = str(report.n)
        for result in sorted(report.results, key=lambda one: one.by is not None):
            if result.value is not None:
                found[_free(output_name(result), found)] = repr(result.value)
        self._out.writelines(f"{name}={value}\n" for name, value in found.items())


def output_name(result: Result) -> str:
    """Return the name of a result among a step's outputs."""
    name = _NO_NAME.sub("_", " ".join([result.loss, *(result.by or {}).values()])).strip("_")
    return f"_{name}" if name[:1].isdigit() or not name else name


def _free(name: str, taken: dict[str, str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
