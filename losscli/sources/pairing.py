"""Truth and prediction side by side: from one table, or from two by row order or by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from losscli.arrays import Integers, Mask
from losscli.errors import DataError
from losscli.sources.table import Chunk, Column, Table, place

Part = tuple[Table, Chunk]
TRUTH, PRED = 0, 1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Piece:
    """Some rows of both sides: for truth and for prediction the table, the columns and the lines."""

    sides: tuple[Part, Part]

    def __len__(self) -> int:
        return len(self.sides[PRED][1])

    def column(self, side: int, name: str) -> Column:
        """Return a column of one side."""
        return self.sides[side][1].columns[name]

    def where(self, side: int, index: int, column: str) -> str:
        """Name the place of a row of one side, for a message."""
        table, chunk = self.sides[side]
        return place(table, chunk.lines[index], column)


def take(chunk: Chunk, index: Sequence[int] | slice) -> Chunk:
    """Return the rows of a chunk that an index or slice names, in its order."""
    if isinstance(index, slice):
        return Chunk({name: column[index] for name, column in chunk.columns.items()}, chunk.lines[index])
    columns: dict[str, Column] = {
        name: [column[i] for i in index] if isinstance(column, list) else column[np.asarray(index)]
        for name, column in chunk.columns.items()
    }
    return Chunk(columns, [chunk.lines[i] for i in index])


def joined(chunks: list[Chunk]) -> Chunk:
    """Return several chunks as one."""
    columns: dict[str, Column] = {}
    for name, first in chunks[0].columns.items():
        parts = [chunk.columns[name] for chunk in chunks]
        columns[name] = list(chain.from_iterable(parts)) if isinstance(first, list) else np.concatenate(parts)
    return Chunk(columns, list(chain.from_iterable(chunk.lines for chunk in chunks)))


def alone(parts: Iterable[Part]) -> Iterator[Piece]:
    """Pair a table with itself: it holds truth and prediction."""
    return (Piece((part, part)) for part in parts)


def by_row(truth: Iterable[Part], preds: Iterable[Part]) -> Iterator[Piece]:
    """Pair the rows of two sources in the order in which they stand. Raises DataError if one has more rows."""
    left, right = iter(truth), iter(preds)
    a, b = next(left, None), next(right, None)
    seen = 0
    while a and b:
        n = min(len(a[1]), len(b[1]))
        yield Piece(((a[0], take(a[1], slice(n))), (b[0], take(b[1], slice(n)))))
        seen += n
        a = (a[0], take(a[1], slice(n, None))) if n < len(a[1]) else next(left, None)
        b = (b[0], take(b[1], slice(n, None))) if n < len(b[1]) else next(right, None)
    if a or b:
        rest = seen + sum(len(chunk) for _, chunk in chain([part for part in (a, b) if part], left, right))
        rows = (rest, seen) if a else (seen, rest)
        raise DataError(
            f"the truth has {rows[0]} rows and the predictions have {rows[1]}",
            "to pair rows by a key that both have, name it: --id COL",
        )


def by_id(truth: Iterable[Part], preds: Iterable[Part], key: str) -> Iterator[Piece]:
    """Pair the rows of two sources by a key. The truth is held in memory, the predictions are not.

    Raises DataError for a key that stands twice on one side or is missing on the other.
    """
    parts = list(truth)
    if not parts:
        return
    table, whole = parts[0][0], joined([chunk for _, chunk in parts])
    index = _index(table, whole, key)
    used = np.zeros(len(whole), dtype=bool)
    strangers: list[str] = []
    for right, chunk in preds:
        names = _keys(chunk, key)
        found = np.array([index.get(name, -1) for name in names])
        unknown = np.flatnonzero(found < 0).tolist()
        strangers += [f"{place(right, chunk.lines[i], key)}: {names[i]!r}" for i in unknown]
        _refuse_twice(right, chunk, key, found, used)
        if not strangers:
            yield Piece(((table, take(whole, found.tolist())), (right, chunk)))
    if strangers:
        raise DataError(
            f"{strangers[0]} is not in {table.name} ({len(strangers)} such rows)", "the truth must hold every key"
        )
    if not used.all():
        lost = int(np.argmin(used))
        where = place(table, whole.lines[lost], key)
        raise DataError(
            f"{where}: {_keys(whole, key)[lost]!r} has no prediction ({int((~used).sum())} such rows)",
            "every row of the truth must be predicted",
        )


def _index(table: Table, whole: Chunk, key: str) -> dict[str, int]:
    """Return the row of each key. Raises DataError for one that stands twice."""
    index: dict[str, int] = {}
    for i, name in enumerate(_keys(whole, key)):
        if index.setdefault(name, i) != i:
            first = place(table, whole.lines[index[name]])
            message = f"{place(table, whole.lines[i], key)}: {name!r} stands already at {first}"
            raise DataError(message, "a key must be unique")
    return index


def _refuse_twice(table: Table, chunk: Chunk, key: str, found: Integers, used: Mask) -> None:
    """Mark rows of the truth as used. Raises DataError for one that is used a second time."""
    for i, j in enumerate(found.tolist()):
        if j >= 0 and used[j]:
            message = f"{place(table, chunk.lines[i], key)}: {_keys(chunk, key)[i]!r} stands twice in the predictions"
            raise DataError(message, "a key must be unique")
        if j >= 0:
            used[j] = True


def _keys(chunk: Chunk, key: str) -> list[str]:
    column = chunk.columns[key]
    return column if isinstance(column, list) else [str(value) for value in column.tolist()]
