"""Lists in memory as a table, and the turning of Python values and arrays into float64 or text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from math import inf, nan, prod
from types import NoneType
from typing import Any

import numpy as np

from losscli.arrays import AnyArray, Array
from losscli.errors import DataError
from losscli.sources.cells import CellError, number, numbers, why_no_number
from losscli.sources.table import MISSING, Chunk, Column, Kind, place

Values = AnyArray | list[Any]
"""Some of a column as it was read: an array, or JSON values (numbers, strings, booleans, None, and lists of them)."""

ROWS = 65_536
"""Rows in a chunk."""

PLAIN = frozenset({float, int, bool, NoneType})
NUMERIC_KINDS = frozenset("biuf")


class MemoryTable:
    """A table over lists in memory, of JSON values. ``name``, ``unit`` and ``notes`` are those of ``Table``.

    Columns may differ in length, as long as those that are wanted together do not.
    """

    def __init__(self, name: str, unit: str, columns: Mapping[str, list[Any]], notes: Sequence[str] = ()) -> None:
        self.name = name
        self.unit = unit
        self.columns: Sequence[str] = list(columns)
        self.notes = notes
        self._values = dict(columns)

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether its values are numbers."""
        return {name: kind_of(values) for name, values in self._values.items()}

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns, ``ROWS`` rows at a time.

        Raises DataError for wanted columns of unequal length, and for a value that is not of its column's kind.
        """
        sources = {name: self._values[named(name, self.columns)] for name in wanted}
        check_lengths(self.name, {name: len(values) for name, values in sources.items()})
        converters = readers(self.unit, wanted, partial(place, self))
        total = len(next(iter(sources.values() if sources else self._values.values()), ()))
        for start in range(0, total, ROWS):
            lines = range(start + 1, min(start + ROWS, total) + 1)
            part = slice(start, start + ROWS)
            yield Chunk({name: converters[name](values[part], lines) for name, values in sources.items()}, lines)


def named(name: str, columns: Sequence[str]) -> str:
    """Return the column that a wanted name means: the name itself, or for ``@2`` the second column.

    >>> named("@2", ["id", "y_true"]), named("y", ["id", "y_true"])
    ('y_true', 'y')
    """
    position = name.removeprefix("@")
    if name not in columns and position != name and position.isdecimal() and 1 <= int(position) <= len(columns):
        return columns[int(position) - 1]
    return name


def check_lengths(source: str, lengths: Mapping[str, int]) -> None:
    """Raise DataError naming the first two columns of unequal length."""
    first = next(iter(lengths), "")
    for name, length in lengths.items():
        if length != lengths[first]:
            raise DataError(
                f"{source}: {first} has {counted(lengths[first], 'value')} and {name} has {length}",
                "columns that are read together must be of one length",
            )


def counted(count: int, what: str) -> str:
    """Return ``1 value`` or ``2 values``."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def ragged(where: str, count: int, other: str, expected: int) -> DataError:
    """Return the error for a row at ``where`` that has not as many values as the ``other``."""
    said = f"{where} has {counted(count, 'value')} where {other} has {expected}"
    return DataError(said, "every row must have the same number of values")


def kind_of(values: list[Any]) -> Kind:
    """Tell whether a column holds numbers: booleans and missing values count as such, strings of digits do not.

    >>> kind_of([1, None, True, "NA"]), kind_of(["1", "2"]), kind_of([[0.1, 0.9]])
    ('number', 'text', 'number')
    """
    types = set(map(type, values))
    while list in types:
        values = list(chain.from_iterable(value if type(value) is list else (value,) for value in values))
        types = set(map(type, values))
    present = types - PLAIN
    if present == {str}:
        present = {str for value in values if type(value) is str and value.strip().lower() not in MISSING}
    return "text" if present else "number"


Reader = Callable[[Values, Sequence[int]], Column]
"""Turns some values of a column, and the lines on which they stand, into what is wanted."""


def readers(unit: str, wanted: Mapping[str, Kind], where: Callable[[int, str], str]) -> dict[str, Reader]:
    """Return for each wanted column what converts its chunks; ``where`` names the place of a line and column."""
    return {name: Numeric(unit, where, name) if kind == "number" else _texts for name, kind in wanted.items()}


class Numeric:
    """Turns the values of one column into float64, ``(n,)`` or ``(n, k, …)``, and holds all its chunks to one shape."""

    def __init__(self, unit: str, where: Callable[[int, str], str], column: str) -> None:
        self._unit = unit
        self._where = where
        self._column = column
        self._first: int | None = None
        self._shape: list[int] = []
        self._width = 1

    def __call__(self, values: Values, lines: Sequence[int]) -> Array:
        """Return the values as numbers, NaN where one is missing; ``lines`` is where each of them stands.

        Raises DataError for the first value that is no number, and for rows of unequal length.
        """
        if isinstance(values, np.ndarray) and values.dtype.kind in NUMERIC_KINDS:
            with np.errstate(over="ignore", invalid="ignore"):  # beyond float64 it becomes an infinity
                return values.astype(np.float64)
        samples: list[Any] = values.tolist() if isinstance(values, np.ndarray) else values
        nested = list in set(map(type, samples))
        if self._first is None and samples:
            self._begin(samples, lines, nested=nested)
        cells = list(chain.from_iterable(map(self._row, samples, lines))) if nested or self._shape else samples
        result = self._floats(cells, samples, lines)
        return result.reshape(-1, *self._shape) if self._shape else result

    def _begin(self, samples: list[Any], lines: Sequence[int], *, nested: bool) -> None:
        """Take the shape of the first row of numbers, or that of a plain number, for all that follow."""
        index = next(i for i, sample in enumerate(samples) if isinstance(sample, list)) if nested else 0
        self._first = lines[index]
        self._shape = _shape(samples[index]) if nested else []
        self._width = prod(self._shape)
        if not self._width:
            raise DataError(f"{self._at(lines[index])} holds an empty array", "give each sample at least one number")

    def _row(self, sample: object, line: int) -> list[Any]:
        if sample is None:
            return [None] * self._width
        row: list[Any] = sample if isinstance(sample, list) else [sample]
        for depth, size in enumerate(self._shape or [1]):
            parts = [row] if not depth else row
            if odd := next((part for part in parts if not isinstance(part, list) or len(part) != size), None):
                raise ragged(
                    self._at(line), len(odd) if isinstance(odd, list) else 1, f"{self._unit} {self._first}", size
                )
            row = row if not depth else list(chain.from_iterable(row))
        return row

    def _floats(self, cells: list[Any], samples: list[Any], lines: Sequence[int]) -> Array:
        types = set(map(type, cells))
        try:
            if types <= PLAIN:
                return np.array(cells, dtype=np.float64)
            if types == {str}:
                return numbers(cells)
        except CellError as error:
            raise self._bad(error.cell, lines[error.index // self._width]) from None
        except OverflowError:  # an integer beyond float64: one by one, it becomes an infinity
            pass
        result = np.empty(len(cells))
        for index, cell in enumerate(cells):
            convert = _NUMBERS.get(type(cell))
            value = convert(cell) if convert else None
            if value is None:
                sample = index // self._width
                raise self._bad(samples[sample] if isinstance(cell, list) else cell, lines[sample])
            result[index] = value
        return result

    def _at(self, line: int) -> str:
        return self._where(line, self._column)

    def _bad(self, value: object, line: int) -> DataError:
        if isinstance(value, list):
            shape = ", ".join(map(str, _shape(value)))
            return DataError(
                f"{self._at(line)} holds an array of shape ({shape})",
                "a sample is one number or one row of numbers: reshape the data to (samples, values)",
            )
        return DataError(f"{self._at(line)}: {_shown(value)} is not a number", why_no_number(str(value)))


def _whole(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


_NUMBERS: dict[type, Callable[[Any], float | None]] = {
    float: float,
    int: _whole,
    bool: float,
    NoneType: lambda _: nan,
    str: number,
}


def _shape(value: object) -> list[int]:
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return shape


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004  as much as fits a line


def _texts(values: Values, _: Sequence[int]) -> list[str]:
    plain: list[Any] = values.tolist() if isinstance(values, np.ndarray) else values
    return list(plain) if set(map(type, plain)) == {str} else [_TEXTS.get(type(one), _json)(one) for one in plain]


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: repr,
    int: str,
    bool: lambda value: "true" if value else "false",
    NoneType: lambda _: "",
}


def _json(value: object) -> str:
    from json import dumps  # noqa: PLC0415  only for arrays and objects kept as text

    return dumps(value, ensure_ascii=False)
