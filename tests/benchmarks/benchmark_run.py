"""Cases are measured: their lines in turn, every round, and each one's number against losscli's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmark_case import OUT, Case, Line
from benchmark_measure import Failed, Measured, measure
from benchmark_tools import Tools


@dataclass(frozen=True, slots=True)
class Setting:
    """With what, where, on how many rows and how often it is measured; the rounds of ``warm_up`` are not counted."""

    tools: Tools
    cache: Path
    rows: int
    repeat: int
    warm_up: int


@dataclass(slots=True)
class Timed:
    """A line, how it was run, its number, and its times and memory, round by round; times only of those that count."""

    line: Line
    command: list[str]
    number: float | None = None
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def median_seconds(self) -> float:
        """The time that it is told by."""
        return median(self.seconds)

    @property
    def peak_megabytes(self) -> float:
        """The most that it took in any round."""
        return max(self.megabytes)

    def ratio(self, other: Timed) -> float:
        """How many times as long as another line it takes."""
        return self.median_seconds / other.median_seconds


@dataclass(slots=True)
class Outcome:
    """What came of a case: its lines as measured, those left out with the reason, and what went wrong."""

    case: Case
    rows: int
    timed: list[Timed]
    skipped: list[str]
    failed: list[str] = field(default_factory=list)


def run(case: Case, setting: Setting) -> Outcome:
    """Measure the lines of a case that can be run, in turn."""
    rows = round(setting.rows * case.scale)
    lacking = {line.label: setting.tools.lacks(line) for line in case.lines}
    timed = [
        Timed(line, list(setting.tools.command(line, setting.cache, rows).words))
        for line in case.lines
        if not lacking[line.label]
    ]
    outcome = Outcome(case, rows, timed, [f"{label}: {reason}" for label, reason in lacking.items() if reason])
    for number in range(setting.warm_up + setting.repeat):
        _round(outcome, setting, first=number == 0, counted=number >= setting.warm_up)
    return outcome


def _round(outcome: Outcome, setting: Setting, *, first: bool, counted: bool) -> None:
    for one in list(outcome.timed):
        command = setting.tools.command(one.line, setting.cache, outcome.rows)
        with _output(one.line, setting.cache) as out:
            try:
                measured = measure(command, watched=first or not counted)
                if first:
                    one.number = _number(one.line, measured, out)
                    _agree(one, outcome.timed[0])
            except Failed as error:
                outcome.failed.append(f"{one.line.label}: {error}")
                outcome.timed.remove(one)
                continue
        one.megabytes.append(measured.megabytes)
        if counted:
            one.seconds.append(measured.seconds)


@contextmanager
def _output(line: Line, cache: Path) -> Iterator[Path | None]:
    """Give the file that a line writes, and remove it."""
    out = cache / OUT if OUT in line.words else None
    try:
        yield out
    finally:
        if out:
            out.unlink(missing_ok=True)


def _number(line: Line, measured: Measured, out: Path | None) -> float | None:
    """Return the number that a line gave: the last word of its first line, or the mean of the column it wrote."""
    if line.within is None:
        return None
    try:
        return _mean_of_last_column(out) if out else float(measured.said.partition("\n")[0].split()[-1])
    except (IndexError, ValueError):
        raise Failed(f"it gave no number but {measured.said[:80]!r}") from None


def _mean_of_last_column(path: Path) -> float:
    if not path.exists():
        raise Failed("it wrote no file")
    with path.open("rb") as file:
        next(file, None)
        count, total = 0, 0.0
        for count, line in enumerate(file, start=1):  # noqa: B007  the last count is the number of rows
            total += float(line.rpartition(b",")[2])
    if not count:
        raise Failed("it wrote no rows")
    return total / count


def _agree(one: Timed, reference: Timed) -> None:
    """Raise Failed if a line's number is not the first one's."""
    if one.number is None or reference.number is None:
        return
    if not math.isclose(one.number, reference.number, rel_tol=one.line.within or 0):
        raise Failed(f"its number is {one.number!r}, not {reference.number!r} as of {reference.line.label}")
