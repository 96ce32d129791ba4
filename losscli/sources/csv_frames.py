"""Lines of CSV as frames of polars; without numpy, which a process that only reads need not import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl


NUMBER = 8
"""Bytes of a float64."""


class Shape(NamedTuple):
    """What is wanted of a table: how its lines are divided, and which cells are numbers and which are text."""

    delimiter: str
    width: int
    numbers: tuple[int, ...]
    texts: tuple[int, ...]
    decimal: str = "."


class Frame(NamedTuple):
    """What polars read: ``gaps`` tells whether a cell of those that are looked at is empty, or the last of a line."""

    frame: pl.DataFrame
    gaps: bool

    def columns(self, indices: Sequence[int]) -> Iterator[pl.Series]:
        """Yield columns by their place in the table."""
        return (self.frame[str(index)] for index in indices)


Reader = Callable[[bytes, bool], Frame | None]
"""Reads lines, None if polars cannot; the flag tells whether ``NA`` is a gap, too: to look for it costs a tenth."""


def frame_reader(shape: Shape) -> Reader:
    """Return what reads such a table. Raises ImportError if polars is not there."""
    import polars  # noqa: PLC0415, ICN001  the extra

    names = [str(index) for index in range(shape.width)]
    schema = {name: polars.Float64 if i in shape.numbers else polars.String for i, name in enumerate(names)}
    wanted = sorted({*shape.numbers, *shape.texts, shape.width - 1})
    words = {names[index]: "NA" for index in shape.numbers}

    def read(data: bytes, look: bool) -> Frame | None:  # noqa: FBT001  a flag of a callback
        try:
            frame = polars.read_csv(
                data, has_header=False, columns=wanted, schema=schema, separator=shape.delimiter, quote_char=None,
                null_values=words if look else None,
            )  # fmt: skip
        except (polars.exceptions.PolarsError, polars.exceptions.PanicException):
            return None
        return Frame(frame, any(frame[names[index]].null_count() for index in (*shape.numbers, -1)))

    return read
