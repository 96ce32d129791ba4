"""The head of a ``.npy`` file, and its rows in blocks."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy_format

from losscli.arrays import AnyArray
from losscli.errors import DataError
from losscli.sources.memory import NUMERIC_KINDS, ROWS

BLOCK = 1 << 22
"""Bytes of an array read at a time, unless a single row is longer."""

MOST_COLUMNS = 1_000_000
"""A header that claims more columns is not believed."""

_HEADERS = {(1, 0): npy_format.read_array_header_1_0, (2, 0): npy_format.read_array_header_2_0}


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a ``.npy`` file says about the array, and where its data begins."""

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]
    offset: int

    @classmethod
    def read(cls, file: IO[bytes], name: str) -> Header:
        """Read the head of a file. Raises DataError if it is none that numpy writes."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that the file was written by Python 2 matters to nobody
                version = npy_format.read_magic(file)
                head = _HEADERS[version](file) if version in _HEADERS else None
        except DataError:
            raise
        except Exception as error:  # noqa: BLE001  a damaged head lets through what ast, tokenize and dtype raise
            reason = str(error).partition("\n")[0]
            raise DataError(f"{name} is not a .npy array: {reason}", "was it written by numpy.save?") from None
        if head is None:
            said = ".".join(map(str, version))
            raise DataError(
                f"{name}: version {said} of the .npy format is not read", "save it again with ASCII names of fields"
            )
        shape, fortran, dtype = head
        return cls(tuple(shape), fortran and len(shape) > 1, dtype, file.tell())

    @property
    def row_bytes(self) -> int:
        """How many bytes one row takes."""
        return prod(self.shape[1:]) * self.dtype.itemsize

    def check(self, name: str) -> None:
        """Raise DataError if the array is nothing that a table could hold."""
        dtype, shape = self.dtype, self.shape
        plain = dtype.names is None
        refusals = (
            (dtype.hasobject, "holds Python objects, which are never loaded", "save it as numbers or text"),
            (plain and not readable(dtype), f"holds {dtype.name}, neither numbers nor text", "save it as float64"),
            (not shape, "holds one value alone, without rows", "save an array with one entry a sample"),
            (len(shape) > (2 if plain else 1), f"has shape {shape}", "a sample is one number or a row: reshape it"),
            (any(length < 0 for length in shape), f"has shape {shape}", "the file is damaged"),
            (len(shape) > 1 and not 0 < shape[1] <= MOST_COLUMNS, f"has shape {shape}", "it has no usable columns"),
            (not dtype.itemsize, "holds values of no size", "save it as numbers"),
        )
        for holds, reason, hint in refusals:
            if holds:
                raise DataError(f"{name} {reason}", hint)

    def blocks(self, file: IO[bytes], name: str, rows: int, path: str | None = None) -> Iterator[AnyArray]:
        """Yield the array some rows at a time, from a file that stands at the beginning of the data.

        In Fortran order a row is scattered over the file: its columns are read by their places if it has a ``path``,
        else it is read whole.

        Raises DataError for a file that is cut short.
        """
        total = self.shape[0]
        whole = self._whole(file, name) if self.fortran and not path else None
        for start in range(0, total, rows):
            count = min(rows, total - start)
            if whole is not None:
                yield whole[start : start + count]
                continue
            if path and self.fortran:
                yield self._gathered(path, name, start, count)
                continue
            data = _read(file, count * self.row_bytes)
            if len(data) < count * self.row_bytes:
                raise _cut_short(name, start + len(data) // self.row_bytes, total)
            yield np.frombuffer(data, self.dtype).reshape(count, *self.shape[1:])

    def _gathered(self, path: str, name: str, start: int, count: int) -> AnyArray:
        """Read some rows column by column; mapped, a file that shrinks meanwhile would end the process."""
        total, size = self.shape[0], self.dtype.itemsize
        places = (self.offset + (column * total + start) * size for column in range(self.shape[1]))
        columns = [np.fromfile(path, self.dtype, count, offset=place) for place in places]
        if any(len(column) < count for column in columns):
            raise _cut_short(name, start, total)
        return np.stack(columns, axis=1)

    def _whole(self, file: IO[bytes], name: str) -> AnyArray:
        size = self.row_bytes * self.shape[0]
        data = _read(file, size)
        if len(data) < size:
            raise _cut_short(name, 0, self.shape[0])
        return np.frombuffer(data, self.dtype).reshape(self.shape, order="F")


def _read(file: IO[bytes], size: int) -> bytes:
    """Return ``size`` bytes, or fewer at the end of the file; never asks for more memory than there is data."""
    parts: list[bytes] = []
    while size > 0 and (part := file.read(min(size, BLOCK))):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _cut_short(name: str, row: int, total: int) -> DataError:
    return DataError(f"{name} is cut short: it ends after record {row} of {total}", "get it again, or save it again")


def rows_at_once(headers: Iterable[Header]) -> int:
    """How many rows to read at a time."""
    return max(1, min([ROWS, *(BLOCK // header.row_bytes for header in headers)]))


def readable(dtype: np.dtype[Any]) -> bool:
    """Whether values of this type are numbers or text; a field of a structured array may hold a row of them."""
    return (dtype.base.kind in NUMERIC_KINDS or dtype.base.kind == "U") and len(dtype.shape) <= 1
