"""What a case of the benchmark is: a task, and the ways to do it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from benchmark_data import Data

OUT = Path("out.csv")
"""Stands in a command for the file that it writes: per-sample losses, the last column of a CSV file."""

Word = str | Path | Data


class Install(Enum):
    """Which installation of losscli a line needs."""

    ANY = "as installed"
    CORE = "without polars"
    FAST = "with polars"


@dataclass(frozen=True, slots=True)
class Line:
    """One way to do a task.

    ``words[0]`` is ``losscli``, ``python``, or another program; ``needs`` are the modules that ``python`` must have.
    ``feed`` is a command whose output is piped in. ``within`` is how far its number may be from losscli's, in relation
    to it, or None if it prints none.
    """

    label: str
    words: tuple[Word, ...]
    needs: tuple[str, ...] = ()
    feed: tuple[Word, ...] = ()
    install: Install = Install.ANY
    one_core: bool = False
    within: float | None = 1e-9

    @property
    def is_losscli(self) -> bool:
        """Whether it is losscli that does the task."""
        return self.words[0] == "losscli"

    @property
    def data(self) -> list[Data]:
        """The files that it reads."""
        return [word for word in (*self.words, *self.feed) if isinstance(word, Data)]

    @property
    def writes(self) -> bool:
        """Whether it writes a file."""
        return OUT in self.words


@dataclass(frozen=True, slots=True)
class Target:
    """How many times as long as another line a line may take."""

    line: str
    other: str
    at_most: float


@dataclass(frozen=True, slots=True)
class Case:
    """A task: its name for ``--only``, what it is, the ways to do it, and the rows of its files per ``--rows``."""

    name: str
    title: str
    lines: tuple[Line, ...]
    targets: tuple[Target, ...] = ()
    scale: float = 1

    @property
    def data(self) -> list[Data]:
        """The files that its lines read."""
        return [data for line in self.lines for data in line.data]

    def targets_of(self, label: str) -> dict[str, float]:
        """Return what a line must keep: other line -> how many times as long it may take."""
        return {target.other: target.at_most for target in self.targets if target.line == label}


CORE_1, CORE, FAST = "losscli, core, one core", "losscli, core", "losscli, fast"


def losscli(*words: Word, feed: tuple[Word, ...] = (), suffix: str = "") -> tuple[Line, Line, Line]:
    """Return the lines of losscli: without polars on one core and on all, and with polars."""
    core = Line(CORE + suffix, ("losscli", *words), feed=feed, install=Install.CORE)
    fast = replace(core, label=FAST + suffix, install=Install.FAST)
    return replace(core, label=CORE_1 + suffix, one_core=True), core, fast


def python(label: str, needs: str, code: str, *files: Word, within: float | None = 1e-9) -> Line:
    """Return the line of a Python program."""
    return Line(label, ("python", "-c", code, *files), tuple(needs.split()), within=within)


def one_liner(code: str, needs: str, within: float | None = None) -> Line:
    """Return the line of a Python program as it is typed."""
    return python(f'python -c "{code}"', needs, code, within=within)


def typed(words: str, *, number: bool = True) -> Line:
    """Return the line of a call of losscli without files, as it is typed."""
    return Line(f"losscli {words}", ("losscli", *words.split()), within=1e-9 if number else None)
