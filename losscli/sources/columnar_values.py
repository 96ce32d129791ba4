"""The types of Parquet and Arrow columns, and what they mean as numbers and as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from losscli.arrays import Array
from losscli.errors import DataError
from losscli.sources.memory import Numeric, Reader, readers
from losscli.sources.table import Column, Kind

if TYPE_CHECKING:
    import polars as pl

Converter = Callable[["pl.Series", Sequence[int]], Column]
"""Turns some values of a column, and the records in which they stand, into what is wanted."""


def holds_numbers(dtype: pl.DataType) -> bool:
    """Tell whether values of this type, or those of its lists, are read as numbers where nothing else is asked."""
    import polars as pl  # noqa: PLC0415  the extra

    leaf = _leaf(dtype)
    return leaf.is_numeric() or leaf in (pl.Boolean, pl.Null)


def expression(position: int, dtype: pl.DataType, kind: Kind, where: str) -> pl.Expr:
    """Return what polars is to read of the column at a position: as float64, as text, or as lists of these.

    Raises DataError for a type that is neither, such as a struct; dates are text, but no numbers.
    """
    import polars as pl  # noqa: PLC0415  the extra

    leaf = _leaf(dtype)
    plain = holds_numbers(dtype) or leaf in (pl.String, pl.Categorical, pl.Enum)
    dated = leaf in (pl.Date, pl.Datetime, pl.Time)
    if dated and kind == "number":
        raise DataError(f"{where} holds {dtype}, no numbers", "as text it can be used in --by, --keep and --id")
    if not plain and not dated:
        raise DataError(f"{where} holds {dtype}, neither numbers nor text", "save what is meant as a column of its own")
    values = pl.nth(position)
    if leaf.is_decimal():  # as text first: polars 1 would divide its integers, which is not always the nearest float
        values = values.cast(_nested(dtype, pl.String()))
    return values.cast(_nested(dtype, _read_as(leaf, kind, in_lists=leaf != dtype))).alias(f"{position}{kind}")


def _leaf(dtype: pl.DataType) -> pl.DataType:
    """Return the type of what stands in lists and arrays, of any depth."""
    inner = _inner(dtype)
    return dtype if inner is None else _leaf(inner)


def _inner(dtype: pl.DataType) -> pl.DataType | None:
    """Return the type of what stands in a list or array, None for any other type."""
    inner: pl.DataType | None = getattr(dtype, "inner", None)
    return inner


def _nested(dtype: pl.DataType, leaf: pl.DataType) -> pl.DataType:
    """Return a type with another leaf; its arrays become lists."""
    import polars as pl  # noqa: PLC0415  the extra

    inner = _inner(dtype)
    return leaf if inner is None else pl.List(_nested(inner, leaf))


def _read_as(leaf: pl.DataType, kind: Kind, *, in_lists: bool) -> pl.DataType:
    """Return the type in which values are handed over: float64, or text; lists become JSON, which has integers."""
    import polars as pl  # noqa: PLC0415  the extra

    number = leaf.is_float() or (kind == "number" and holds_numbers(leaf))
    if in_lists and kind == "text" and (leaf.is_integer() or leaf == pl.Boolean):
        return leaf
    return pl.Float64() if number else pl.String()


def converter(dtype: pl.DataType, kind: Kind, unit: str, where: Callable[[int, str], str], column: str) -> Converter:
    """Return what turns the values that ``expression`` had read into a column of a chunk."""
    if kind == "text":
        (texts,) = readers(unit, {column: kind}, where).values()
        return Texts(texts)
    numeric = Numeric(unit, where, column)
    inner = _inner(dtype)
    if not holds_numbers(dtype) or (inner is not None and _inner(inner) is not None):
        return lambda series, lines: numeric(series.to_list(), lines)
    return Rows(numeric) if inner is not None else lambda series, lines: numeric(series.to_numpy(), lines)


class Texts:
    """Text, missing as an empty string; numbers in the form that reads back to them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __call__(self, series: pl.Series, lines: Sequence[int]) -> Column:
        """Return the values as strings."""
        import polars as pl  # noqa: PLC0415  the extra

        return self._reader((series.fill_null("") if series.dtype == pl.String else series).to_list(), lines)


class Rows:
    """Rows of numbers from lists: at once where all are of one length, else with the care and the errors of JSON."""

    def __init__(self, slowly: Numeric) -> None:
        self._slowly = slowly
        self._width: int | None = None

    def __call__(self, series: pl.Series, lines: Sequence[int]) -> Array:
        """Return the values, ``(n, k)``, NaN where one is missing. Raises DataError for lists of unequal length."""
        lengths = series.list.len()
        if self._width is None and (there := lengths.is_not_null().arg_true().head(1).to_list()):
            row = slice(there[0], there[0] + 1)
            self._width = self._slowly(series[row].to_list(), lines[row]).shape[-1]
        if self._width is not None and lengths.min() == lengths.max() == self._width and not series.null_count():
            return np.array(series.list.to_array(self._width).to_numpy(), dtype=np.float64)
        return self._slowly(series.to_list(), lines)
