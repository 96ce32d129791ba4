"""What every file format gives: named columns, in chunks of rows that know where they came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from losscli.arrays import Array

Kind = Literal["number", "text"]
Column = Array | list[str]

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "-nan", "<na>", "?"})
"""Cells that stand for no value, in lower case and stripped."""


@dataclass(slots=True, eq=False, repr=False)
class Chunk:
    """Some consecutive rows of a table.

    ``columns`` holds what was asked for: a *number* column as float64, ``(n,)``, or ``(n, k)`` where a field is a row
    of numbers, with NaN where a value is missing; a *text* column as a list of strings as they stand in the file
    (JSON scalars in JSON form without quotes; missing as an empty string). ``lines`` is where each row stands in its
    file: the 1-based line of a text file, else the 1-based record.
    """

    columns: dict[str, Column]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)


class Table(Protocol):
    """An opened source.

    ``name`` is what messages call it; ``unit`` is ``line`` or ``record``: what ``Chunk.lines`` count; ``columns`` are
    the names in order; ``notes`` are remarks for stderr or JSON, such as which delimiter was sniffed.
    """

    name: str
    unit: str
    columns: Sequence[str]
    notes: Sequence[str]

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether the values at the head of the file are numbers, without consuming them."""
        ...

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns from the first row to the last; may be called again for another pass.

        Raises DataError naming file, line, column and value for a cell of a *number* column that is neither a number
        nor missing, and for a malformed record.
        """
        ...


def place(table: Table, line: int, column: str = "") -> str:
    """Name a place for a message: ``preds.csv, line 4, column y_pred``; for a typed value its option."""
    if where := getattr(table, "where", None):
        return str(where(line, column))
    return f"{table.name}, {table.unit} {line}" + (f", column {column}" if column else "")
