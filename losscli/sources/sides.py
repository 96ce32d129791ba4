"""The two sides of the data, truth and prediction: opened from files, from stdin, or from typed values."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from losscli.errors import UsageError
from losscli.sources.options import DataOptions, Needs
from losscli.sources.pairing import Part
from losscli.sources.shards import Shards, Single
from losscli.sources.table import Kind, Table


class Listener(Protocol):
    """Takes what is worth telling the user."""

    def say(self, text: str) -> None:
        """Take a note."""
        ...

    def detail(self, text: str) -> None:
        """Take a note that few want."""
        ...


class Source(Protocol):
    """One side of the data: files, or values that were typed."""

    first: Table

    @property
    def notes(self) -> Sequence[str]:
        """What is worth saying about it."""
        ...

    @property
    def sizes(self) -> Sequence[int | None]:
        """How large each of its files is, if that is known."""
        ...

    def parts(self, wanted: Mapping[str, Kind]) -> Iterator[Part]:
        """Yield its chunks, each with its table."""
        ...

    def forget(self) -> None:
        """Tell that no second pass will be made."""
        ...


def typed(options: DataOptions) -> bool:
    """Tell whether the values themselves stand on the command line."""
    return not options.files and (options.true is not None or options.pred is not None) and not options.truth


def open_sides(options: DataOptions, needs: Needs) -> tuple[Source, Source]:
    """Open the truth and the predictions: two sources, or one that is both. Raises UsageError if there is no data."""
    if typed(options):
        values = _typed(options, needs)
        return values, values
    preds = Shards(options.files or _stdin(), options)
    return (Shards([options.truth], options), preds) if options.truth else (preds, preds)


def _typed(options: DataOptions, needs: Needs) -> Single:
    from losscli.sources.inline import inline  # noqa: PLC0415  only for typed values

    if options.true is None or options.pred is None:
        given, lacking = ("--true", "--pred") if options.pred is None else ("--pred", "--true")
        raise UsageError(
            f"{given} holds values, but {lacking} is not given",
            "give both; to name columns of stdin, give - as the file",
        )
    if options.keep or options.by or options.id:
        raise UsageError("--keep, --by and --id name columns, but no file is given", "give a file, or - for stdin")
    return Single(inline(options.true, options.pred, options.weight, rows=needs.rows))


def _stdin() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "no data: name a file, give --true and --pred, or pipe a table in",
            "losscli mse --true 1,2,3 --pred 2,2,3",
        )
    return ("-",)
