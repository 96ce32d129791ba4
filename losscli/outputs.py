"""Where results go: the targets of ``-f FORMAT`` and ``-o FORMAT[:PATH]``, opened before the work starts."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TextIO

from losscli.errors import DataError, LossCliError, UsageError, did_you_mean
from losscli.formats import APPENDED, ASIDE, BARE, FORMATS, SIGNED, SUFFIXES, by_suffix
from losscli.formats.format import Block, Format, Report, View
from losscli.formats.streams import Stream, opened
from losscli.formats.worst import Extremes

STDOUT = ("-", "/dev/stdout")
"""Paths that mean stdout. Opened once more, a redirected stdout would be overwritten from its beginning."""
ASIDE_OF_STDOUT = "/dev/stderr"
"""Where notes go if another format has stdout."""


class Target(NamedTuple):
    """A format and where it goes: a path, or None for stdout."""

    format: str
    path: str | None = None

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read ``FORMAT``, ``FORMAT:PATH``, or a ``PATH`` whose suffix tells the format.

        What stands before the first colon is a format only if there is one of that name.

        >>> Target.parse("json:report.txt"), Target.parse("a:b.csv")
        (Target(format='json', path='report.txt'), Target(format='csv', path='a:b.csv'))

        Raises UsageError if the suffix tells nothing, or if nothing follows the colon.
        """
        name, colon, path = text.partition(":")
        if colon and name not in FORMATS and (near := did_you_mean(name, list(FORMATS))):
            raise UsageError(f"there is no format {name!r}", near)
        if colon and name not in FORMATS and f".{name}" in SUFFIXES:
            raise UsageError(f"there is no format {name!r}", f"did you mean {SUFFIXES[f'.{name}']}:{path}?")
        if name not in FORMATS:
            return cls(by_suffix(text), text)
        if colon and not path:
            raise UsageError(f"{text!r} names no path", f"{name}:PATH writes a file, {name} alone to stdout")
        return cls(name, path or None)


class Placed(NamedTuple):
    """A format, the path where it goes in the end, and whether it is added there to what others wrote."""

    format: str
    path: str | None
    end: bool = False


class Outputs:
    """Every target of a run: opened on entering, complete after ``finish``, and without it as if never opened.

    What ends a run early is written by those formats that have words for it, those of continuous integration.
    Takes the same calls as one ``Format``. With ``view.extremes`` the formats are given only those samples.
    """

    def __init__(
        self, targets: Sequence[tuple[str, str | None]], view: View, *, stdout: TextIO, inputs: Sequence[str] = ()
    ) -> None:
        """Check the targets (format, path or None for stdout) before anything is opened.

        Raises UsageError for an unknown format, two outputs to one place, or an output that is one of the ``inputs``.
        """
        self._targets = _placed([Target(name, None if path in STDOUT else path) for name, path in targets])
        self._view = view
        self._stdout = stdout
        self._open: list[tuple[str, Format, Stream]] = []
        self._stack = ExitStack()
        self._extremes: Extremes | None = None
        self._finished = False
        _check_formats(self._targets)
        _check_places(self._targets, inputs)

    def __enter__(self) -> Self:
        """Open every target. Raises UsageError if one cannot be written."""
        with ExitStack() as stack:
            for name, path, end in self._targets:
                stdout = sys.stderr if path == ASIDE_OF_STDOUT else self._stdout
                stream = stack.enter_context(opened(None if path == ASIDE_OF_STDOUT else path, stdout, end=end))
                view = self._view if path is None else replace(self._view, color=False, width=None)
                self._open.append((path or "stdout", FORMATS[name]()(stream.text, view), stream))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, LossCliError) and not self._finished:
            with suppress(OSError):
                self._fail(error)
        self._stack.__exit__(kind, error, trace)

    def _fail(self, error: LossCliError) -> None:
        """Let the formats that CI servers read say why there is no result."""
        for _, target, stream in self._open:
            if fail := getattr(target, "fail", None):
                fail(error)
                stream.commit()

    @property
    def signed(self) -> bool:
        """Whether any format shows signatures."""
        return any(target.format in SIGNED for target in self._targets)

    @property
    def bare(self) -> bool:
        """Whether no format shows the spread of losses."""
        return all(target.format in BARE for target in self._targets)

    @property
    def streams(self) -> bool:
        """Whether samples are written to stdout as they come."""
        return not self._view.extremes and any(one.streams for place, one, _ in self._open if place == "stdout")

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Tell every format what will come. Raises UsageError if the worst or best are wanted and there is no loss."""
        if self._view.extremes and not self._view.summary:
            self._extremes = Extremes(self._view.worst or 0, self._view.best or 0, losses)
        for place, target, _ in self._open:
            with _writing(place):
                target.start(columns, losses)

    def samples(self, block: Block) -> None:
        """Hand some samples to every format. Raises DataError if one cannot be written (a full disk)."""
        if self._extremes:
            self._extremes.samples(block)
        else:
            self._forward(block)

    def finish(self, report: Report) -> None:
        """Hand the results to every format; once all of them are written, put the files in their places.

        An interrupt comes too late now. Raises DataError if one cannot be written.
        """
        if self._extremes and (block := self._extremes.block()):
            self._forward(block)
        self._finished = True
        with _undivided():
            for place, target, stream in self._open:
                with _writing(place):
                    target.finish(report)
                    stream.text.flush()
            for place, _, stream in self._open:
                with _writing(place):
                    stream.commit()

    def _forward(self, block: Block) -> None:
        with _undivided() as interrupts:
            for place, target, _ in self._open:
                with _writing(place):
                    target.samples(block)
        if interrupts:
            raise KeyboardInterrupt


@contextmanager
def _undivided() -> Iterator[list[int]]:
    """Let Ctrl-C wait, so that no record is cut in two; yield where it is noted. A second one ends the process."""
    interrupts: list[int] = []

    def note(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        interrupts.append(number)

    usual = signal.getsignal(signal.SIGINT)
    if usual is not signal.default_int_handler:  # ignored, as in a shell's background: it stays so
        yield interrupts
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, usual)


@contextmanager
def whole(path: str | None, stdout: TextIO, *, inputs: Sequence[str] = ()) -> Iterator[Callable[[str], None]]:
    """Open a path, or stdout for None; give what writes its text, which is there completely or not at all.

    Raises UsageError if it cannot be written or is one of the ``inputs``, before any work is done; DataError if writing
    fails.
    """
    target = Placed("", None if path in STDOUT else path)
    _check_places([target], inputs)
    with opened(target.path, stdout) as stream:

        def write(text: str) -> None:
            with _writing(target.path or "stdout"):
                stream.text.write(text)
                stream.commit()

        yield write


@contextmanager
def _writing(place: str) -> Iterator[None]:
    """Name the output that failed; a reader who left a pipe is no failure, and the caller's to hear of."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DataError(
            f"cannot write {place}: {error.strerror or error}", "free some space, or write elsewhere"
        ) from error


def _placed(targets: Sequence[Target]) -> Sequence[Placed]:
    """Return the targets with their places: the files of the environment, and stderr for notes where stdout is taken.

    Raises UsageError for a format that goes to a file of the environment, and there is none.
    """
    shared = sum(one.path is None and one.format not in APPENDED for one in targets) > 1
    found = []
    for one in targets:
        aside = shared and one.path is None and one.format in ASIDE
        found.append(Placed(one.format, ASIDE_OF_STDOUT) if aside else _appended(one))
        beside = ASIDE.get(one.format)
        if beside and os.environ.get(APPENDED[beside]):
            found.append(_appended(Target(beside)))
    return found


def _appended(target: Target) -> Placed:
    variable = APPENDED.get(target.format)
    if target.path is not None or variable is None:
        return Placed(*target)
    path = os.environ.get(variable)
    if not path:
        raise UsageError(
            f"{target.format} goes to the file that ${variable} names, which is not set",
            f"name a file: -o {target.format}:PATH",
        )
    return Placed(target.format, path, end=True)


def _check_formats(targets: Sequence[Placed]) -> None:
    for name, *_ in targets:
        if name not in FORMATS:
            near = did_you_mean(name, list(FORMATS))
            raise UsageError(f"there is no format {name!r}", near or f"formats: {', '.join(FORMATS)}")


def _check_places(targets: Sequence[Placed], inputs: Sequence[str]) -> None:
    seen: set[Path | None] = set()
    for _, path, _ in targets:
        place = None if path is None else Path(path).resolve()
        if place in seen:
            raise UsageError(
                f"two outputs go to {path or 'stdout'}", "give each its own path: -o table -o json:report.json"
            )
        seen.add(place)
        read = next((one for one in inputs if path is not None and _same_file(one, path)), None)
        if read is not None:
            raise UsageError(f"writing {path} would overwrite the input {read}", "give the output another path")


def _same_file(one: str, other: str) -> bool:
    """Whether two paths lead to one file, by links of either kind too."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121  Path.samefile does the same with more words
    except OSError:
        return False
