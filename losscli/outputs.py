"""Where results go: the targets of ``-f FORMAT`` and ``-o FORMAT[:PATH]``, opened before the work starts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TextIO

from losscli.errors import DataError, UsageError, did_you_mean
from losscli.formats import FORMATS, SUFFIXES, by_suffix
from losscli.formats.format import Block, Format, Report, View
from losscli.formats.streams import Stream, opened
from losscli.formats.worst import Worst

STDOUT = ("-", "/dev/stdout")
"""Paths that mean stdout. Opened once more, a redirected stdout would be overwritten from its beginning."""


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


class Outputs:
    """Every target of a run: opened on entering, complete after ``finish``, and without it as if never opened.

    Takes the same calls as one ``Format``. With ``view.worst`` the formats are given only those samples.
    """

    def __init__(
        self, targets: Sequence[tuple[str, str | None]], view: View, *, stdout: TextIO, inputs: Sequence[str] = ()
    ) -> None:
        """Check the targets (format, path or None for stdout) before anything is opened.

        Raises UsageError for an unknown format, two outputs to one place, or an output that is one of the ``inputs``.
        """
        self._targets = [Target(name, None if path in STDOUT else path) for name, path in targets]
        self._view = view
        self._stdout = stdout
        self._open: list[tuple[str, Format, Stream]] = []
        self._stack = ExitStack()
        self._worst: Worst | None = None
        _check_formats(self._targets)
        _check_places(self._targets, inputs)

    def __enter__(self) -> Self:
        """Open every target. Raises UsageError if one cannot be written."""
        with ExitStack() as stack:
            for name, path in self._targets:
                stream = stack.enter_context(opened(path, self._stdout))
                view = self._view if path is None else replace(self._view, color=False, width=None)
                self._open.append((path or "stdout", FORMATS[name]()(stream.text, view), stream))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Tell every format what will come. Raises UsageError if the worst are wanted and there is no loss."""
        if self._view.worst is not None and not self._view.summary:
            self._worst = Worst(self._view.worst, losses)
        for place, target, _ in self._open:
            with _writing(place):
                target.start(columns, losses)

    def samples(self, block: Block) -> None:
        """Hand some samples to every format. Raises DataError if one cannot be written (a full disk)."""
        if self._worst:
            self._worst.samples(block)
        else:
            self._forward(block)

    def finish(self, report: Report) -> None:
        """Hand the results to every format; once all of them are written, put the files in their places.

        Raises DataError if one cannot be written.
        """
        if self._worst and (block := self._worst.block()):
            self._forward(block)
        for place, target, stream in self._open:
            with _writing(place):
                target.finish(report)
                stream.text.flush()
        for place, _, stream in self._open:
            with _writing(place):
                stream.commit()

    def _forward(self, block: Block) -> None:
        for place, target, _ in self._open:
            with _writing(place):
                target.samples(block)


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


def _check_formats(targets: Sequence[Target]) -> None:
    for name, _ in targets:
        if name not in FORMATS:
            near = did_you_mean(name, list(FORMATS))
            raise UsageError(f"there is no format {name!r}", near or f"formats: {', '.join(FORMATS)}")


def _check_places(targets: Sequence[Target], inputs: Sequence[str]) -> None:
    seen: set[Path | None] = set()
    for _, path in targets:
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
