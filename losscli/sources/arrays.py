"""NumPy's own files: one array (``.npy``), or several by name (``.npz``). Python objects in them are never loaded."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy

from losscli.arrays import AnyArray
from losscli.errors import DataError
from losscli.sources.memory import NUMERIC_KINDS, ROWS, check_lengths, named, reader
from losscli.sources.streams import CODECS, SWELL, SWELL_FROM
from losscli.sources.table import Chunk, Column, Kind, place

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

    from losscli.sources.inputs import Input

BLOCK = 1 << 22
"""Bytes of an array read at a time, unless a single row is longer."""

MOST_COLUMNS = 1_000_000
"""A header that claims more columns is not believed."""

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


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
                version = npy.read_magic(file)
                if version not in _HEADERS:
                    raise DataError(
                        f"{name}: version {version[0]}.{version[1]} of the .npy format is not read",
                        "save it again with ASCII names of fields",
                    )
                shape, fortran, dtype = _HEADERS[version](file)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, OverflowError) as error:
            raise DataError(f"{name} is not a .npy array: {error}", "was it written by numpy.save?") from None
        return cls(tuple(shape), fortran and len(shape) > 1, dtype, file.tell())

    @property
    def row_bytes(self) -> int:
        """How many bytes one row takes."""
        return int(np.prod(self.shape[1:], dtype=object)) * self.dtype.itemsize

    def check(self, name: str) -> None:
        """Raise DataError if the array is nothing that a table could hold."""
        dtype, shape = self.dtype, self.shape
        plain = dtype.names is None
        refusals = (
            (dtype.hasobject, "holds Python objects, which are never loaded", "save it as numbers or text"),
            (plain and not _readable(dtype), f"holds {dtype.name}, neither numbers nor text", "save it as float64"),
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

        In Fortran order a row is scattered over the file, which is mapped if it has a ``path``, else read whole.

        Raises DataError for a file that is cut short.
        """
        total = self.shape[0]
        whole = self._scattered(file, name, path) if self.fortran else None
        for start in range(0, total, rows):
            count = min(rows, total - start)
            if whole is not None:
                yield np.ascontiguousarray(whole[start : start + count])
                continue
            data = _read(file, count * self.row_bytes)
            if len(data) < count * self.row_bytes:
                raise _cut_short(name, start + len(data) // self.row_bytes, total)
            yield np.frombuffer(data, self.dtype).reshape(count, *self.shape[1:])

    def _scattered(self, file: IO[bytes], name: str, path: str | None) -> AnyArray:
        size = self.row_bytes * self.shape[0]
        if path and size:
            if os.stat(path).st_size < self.offset + size:  # noqa: PTH116  pathlib costs start-up
                raise _cut_short(name, 0, self.shape[0])
            return np.memmap(path, self.dtype, "r", self.offset, self.shape, "F")
        data = _read(file, size)
        if len(data) < size:
            raise _cut_short(name, 0, self.shape[0])
        return np.frombuffer(data, self.dtype).reshape(self.shape, order="F")


class NpyTable:
    """One array: the column of a vector is called like the file, those of a matrix ``@1``, ``@2`` …, those of a
    structured array like its fields. Read in blocks, so memory does not grow.
    """  # fmt: skip

    unit = "record"

    def __init__(self, source: Input) -> None:
        self.name = source.name
        self._source = source
        with source.open() as file:
            self._header = Header.read(file, self.name)
        self._header.check(self.name)
        self._fields = self._columns()
        self.columns: Sequence[str] = list(self._fields)
        left_out = ", ".join(repr(name) for name in self._header.dtype.names or () if name not in self._fields)
        self.notes: Sequence[str] = [f"neither numbers nor text, so left out: {left_out}"] if left_out else []
        if not self._fields:
            raise DataError(f"{self.name} holds no field of numbers or text", "save it as float64")

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether it holds numbers."""
        dtype = self._header.dtype
        return {name: _kind(dtype[name] if dtype.names else dtype) for name in self.columns}

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns. Raises DataError for a file that is cut short, and for text that is no number."""
        picks = {name: self._fields[named(name, self.columns)] for name in wanted}
        readers = {name: reader(kind, self.unit, _at(self, name)) for name, kind in wanted.items()}
        start = 1
        with self._source.open() as file:
            Header.read(file, self.name)
            rows = _rows([self._header])
            for block in self._header.blocks(file, self.name, rows, self._source.path):
                lines = range(start, start + len(block))
                yield Chunk(_converted(self.name, readers, {n: pick(block) for n, pick in picks.items()}, lines), lines)
                start += len(block)

    def _columns(self) -> dict[str, Callable[[AnyArray], AnyArray]]:
        """Return for each column how to take it out of a block."""
        shape, dtype = self._header.shape, self._header.dtype
        if dtype.names:
            return {name: _field(name) for name in dtype.names if _readable(dtype[name])}
        if len(shape) > 1:
            return {f"@{position + 1}": _position(position) for position in range(shape[1])}
        return {_stem(self.name): lambda block: block}
