"""Truth and prediction side by side: from one table, or from two by row order or by key."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np

from losscli.arrays import Integers
from losscli.errors import DataError
from losscli.sources.table import Chunk, Column, Table, place

Part = tuple[Table, Chunk]
TRUTH, PRED = 0, 1


@dataclass(slots=True, eq=False, repr=False)
class Rows:
    """Some rows of one side: their columns, their numbers among all rows, from 1, and the place of each in a column."""

    columns: dict[str, Column]
    numbers: Integers
    place: Callable[[int, str], str]

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, index: Integers) -> Rows:
        """Return the rows of these indices, in their order."""
        where, rows = self.place, index.tolist()
        columns: dict[str, Column] = {
            name: [column[i] for i in rows] if isinstance(column, list) else column[index]
            for name, column in self.columns.items()
        }
        return Rows(columns, self.numbers[index], lambda i, column: where(rows[i], column))


@dataclass(slots=True, eq=False, repr=False)
class Piece:
    """The same rows of both sides: truth and prediction."""

    sides: tuple[Rows, Rows]

    def __len__(self) -> int:
        return len(self.sides[PRED])

    def column(self, side: int, name: str) -> Column:
        """Return a column of one side."""
        return self.sides[side].columns[name]

    def where(self, side: int, index: int, column: str) -> str:
        """Name the place of a row of one side, for a message."""
        return self.sides[side].place(index, column)


def numbered(parts: Iterable[Part]) -> Iterator[Rows]:
    """Yield the rows of a source, counted."""
    start = 1
    for table, chunk in parts:
        yield Rows(chunk.columns, np.arange(start, start + len(chunk)), _places(table, chunk.lines))
        start += len(chunk)


def _places(table: Table, lines: Sequence[int]) -> Callable[[int, str], str]:
    return lambda index, column: place(table, lines[index], column)


def joined(blocks: Sequence[Rows]) -> Rows:
    """Return several blocks of rows as one."""
    columns: dict[str, Column] = {}
    for name, first in blocks[0].columns.items():
        parts = [block.columns[name] for block in blocks]
        columns[name] = list(chain.from_iterable(parts)) if isinstance(first, list) else np.concatenate(parts)
    starts = [0, *accumulate(map(len, blocks))]
    places = [block.place for block in blocks]

    def where(index: int, column: str) -> str:
        at = bisect_right(starts, index) - 1
        return places[at](index - starts[at], column)

    return Rows(columns, np.concatenate([block.numbers for block in blocks]), where)


def alone(parts: Iterable[Part]) -> Iterator[Piece]:
    """Pair a table with itself: it holds truth and prediction."""
    return (Piece((rows, rows)) for rows in numbered(parts))


def by_row(truth: Iterable[Part], preds: Iterable[Part]) -> Iterator[Piece]:
    """Pair the rows of two sources in the order in which they stand. Raises DataError if one has more rows."""
    left, right = numbered(truth), numbered(preds)
    a, b = next(left, None), next(right, None)
    seen = 0
    while a is not None and b is not None:
        n = min(len(a), len(b))
        yield Piece((_part(a, 0, n), _part(b, 0, n)))
        seen += n
        a = _part(a, n, len(a)) if n < len(a) else next(left, None)
        b = _part(b, n, len(b)) if n < len(b) else next(right, None)
    if a or b:
        rest = seen + sum(map(len, chain([rows for rows in (a, b) if rows], left, right)))
        counts = (rest, seen) if a else (seen, rest)
        raise DataError(
            f"the truth has {counts[0]} rows and the predictions have {counts[1]}",
            "to pair rows by a key that both have, name it: --id COL",
        )


def _part(rows: Rows, start: int, stop: int) -> Rows:
    return rows if stop - start == len(rows) else rows.take(np.arange(start, stop))
