"""Parquet and Arrow files (Feather is one of them), read by polars: the wanted columns alone, some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from losscli.errors import DataError
from losscli.sources.columnar_frames import opened
from losscli.sources.columnar_values import converter, expression, holds_numbers
from losscli.sources.memory import ROWS, named
from losscli.sources.table import Chunk, Kind, place

if TYPE_CHECKING:
    import polars as pl

    from losscli.sources.inputs import Input


class ColumnarTable:
    """A Parquet or Arrow file; memory grows with its row groups or record batches, not with its rows.

    Numbers and booleans are read as numbers; text, categories and enumerations as text; a list as a row of numbers.
    """

    unit = "record"

    def __init__(self, source: Input) -> None:
        self.name = source.name
        self._source = source
        self.notes: Sequence[str] = ()
        self._frames = opened(source)
        self._schema = self._frames.schema
        self.columns: Sequence[str] = self._schema.names()
        if not self.columns:
            raise DataError(f"{self.name} holds no columns", "was it written whole?")

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether it holds numbers."""
        return {name: "number" if holds_numbers(dtype) else "text" for name, dtype in self._schema.items()}

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns.

        Raises DataError for a damaged file, for a column that holds neither numbers nor text, and for lists of
        unequal length where a row of numbers is wanted.
        """
        names = {key: named(key, self.columns) for key in wanted}
        wishes = [
            expression(self.columns.index(names[key]), self._schema[names[key]], kind, f"{self.name}, column {key}")
            for key, kind in wanted.items()
        ]
        converters = {
            key: converter(self._schema[names[key]], kind, self.unit, partial(place, self), key)
            for key, kind in wanted.items()
        }
        first = 1
        for frame in self._frames.read(wishes or _any()):
            for start in range(0, frame.height, ROWS):
                part = frame.slice(start, ROWS)
                lines = range(first, first + part.height)
                columns = zip(converters.items(), part.get_columns(), strict=False)
                yield Chunk({key: convert(series, lines) for (key, convert), series in columns}, lines)
                first += part.height


def _any() -> list[pl.Expr]:
    """Return an expression for a column of no matter what: it tells how many rows there are."""
    import polars as pl  # noqa: PLC0415  the extra

    return [pl.nth(0)]
