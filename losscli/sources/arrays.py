"""NumPy's own files: one array (``.npy``), or several by name (``.npz``). Python objects in them are never loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from losscli.arrays import AnyArray
from losscli.errors import DataError
from losscli.sources.memory import NUMERIC_KINDS, Reader, check_lengths, named, readers
from losscli.sources.npy import Header, readable, rows_at_once
from losscli.sources.streams import CODECS, EXPANSION, SWELL_FROM, expansion
from losscli.sources.table import Chunk, Column, Kind, place

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

    from losscli.sources.inputs import Input

_COMPRESSIONS = (0, 8)
"""What numpy writes: zipfile's ZIP_STORED and ZIP_DEFLATED."""


class NpyTable:
    """One array, read in blocks, so that memory does not grow.

    The column of a vector is called like the file, those of a matrix ``@1``, ``@2`` …, those of a structured array
    like its fields.
    """

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
        converters = readers(self.unit, wanted, partial(place, self))
        first = 1
        with self._source.open() as file:
            header = Header.read(file, self.name)
            for block in header.blocks(file, self.name, rows_at_once([header]), self._source.path):
                lines = range(first, first + len(block))
                values = {name: pick(block) for name, pick in picks.items()}
                yield Chunk(_converted(self.name, converters, values, lines), lines)
                first += len(block)

    def _columns(self) -> dict[str, Callable[[AnyArray], AnyArray]]:
        """Return for each column how to take it out of a block."""
        shape, dtype = self._header.shape, self._header.dtype
        if dtype.names:
            return {name: itemgetter(name) for name in dtype.names if readable(dtype[name])}
        if len(shape) > 1:
            return {f"@{position + 1}": itemgetter((slice(None), position)) for position in range(shape[1])}
        return {_stem(self.name): itemgetter(...)}


class NpzTable:
    """Several arrays: the members are the columns, one that is a matrix gives rows of numbers.

    Members are read side by side in blocks, so that memory does not grow.
    """

    unit = "record"

    def __init__(self, source: Input) -> None:
        self.name = source.name
        self._source = source
        with source.open() as file:
            self._held = None if file.seekable() else file.read()
        self._headers: dict[str, Header] = {}
        notes: list[str] = []
        with self._archive() as archive:
            for member in archive.infolist():
                self._look(archive, member, notes)
        self.notes: Sequence[str] = notes
        self.columns: Sequence[str] = list(self._headers)
        if not self.columns:
            raise DataError(f"{self.name} holds no arrays with rows", "was it written by numpy.savez?")

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each member whether it holds numbers."""
        return {name: _kind(header.dtype) for name, header in self._headers.items()}

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted members, row by row side by side.

        Raises DataError for members of unequal length, of Python objects or of more than two dimensions, and for a
        damaged file.
        """
        members = {name: named(name, self.columns) for name in wanted}
        headers = {name: self._headers[member] for name, member in members.items()}
        for name, header in headers.items():
            header.check(self._called(members[name]))
        check_lengths(self.name, {members[name]: header.shape[0] for name, header in headers.items()})
        converters = readers(self.unit, wanted, partial(place, self))
        rows = rows_at_once(headers.values())
        total = next(iter(headers.values() or self._headers.values())).shape[0]
        with self._archive() as archive, ExitStack() as files:
            blocks = {}
            for name, header in headers.items():
                file = files.enter_context(self._member(archive, members[name]))
                blocks[name] = header.blocks(file, self._called(members[name]), rows)
            for start in range(0, total, rows):
                lines = range(start + 1, min(start + rows, total) + 1)
                with self._damage():
                    values = {name: next(walk) for name, walk in blocks.items()}
                yield Chunk(_converted(self.name, converters, values, lines), lines)

    def _look(self, archive: ZipFile, member: ZipInfo, notes: list[str]) -> None:
        """Take note of one member: a column, unless it is no array or has no rows. Its data is not read."""
        name = member.filename.removesuffix(".npy")
        if name == member.filename:
            notes.append(f"not an array, so left out: {name!r}")
            return
        if name in self._headers:
            raise DataError(f"{self.name} holds two arrays called {name!r}", "save it again with numpy.savez")
        if member.flag_bits & 1 or member.compress_type not in _COMPRESSIONS:
            raise DataError(
                f"{self._called(name)} is encrypted or compressed in a way that numpy never uses",
                "unpack it first, and name the .npy files",
            )
        if member.file_size > SWELL_FROM and member.file_size > (most := expansion()) * member.compress_size:
            raise DataError(
                f"{self._called(name)} grows more than {most}-fold when it is decompressed",
                f"if that is right: {EXPANSION}=1000000 losscli …, or save it uncompressed, with numpy.savez",
            )
        with self._damage(), archive.open(member) as file:
            header = Header.read(file, self._called(name))
        if header.shape:
            self._headers[name] = header
        else:
            notes.append(f"one value alone, so left out: {name!r}")

    def _called(self, member: str) -> str:
        return f"{self.name}, {member}"

    @contextmanager
    def _archive(self) -> Iterator[ZipFile]:
        from io import BytesIO  # noqa: PLC0415  with the next line: only for this format
        from zipfile import ZipFile  # noqa: PLC0415

        with BytesIO(self._held) if self._held is not None else self._source.open() as file:
            with self._damage():
                archive = ZipFile(file)
            with archive:
                yield archive

    @contextmanager
    def _member(self, archive: ZipFile, name: str) -> Iterator[IO[bytes]]:
        """Open a member at the beginning of its data."""
        with archive.open(f"{name}.npy") as file:
            Header.read(file, self._called(name))
            yield file

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """Tell what goes wrong inside zipfile and the decompressors as DataError."""
        from zipfile import BadZipFile  # noqa: PLC0415  with the next line: only for this format
        from zlib import error as ZlibError  # noqa: N812, PLC0415  named like the others

        try:
            yield
        except (BadZipFile, ZlibError, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise DataError(
                f"{self.name} is damaged or no .npz file: {error}", "get it again, or save it again"
            ) from error


def _kind(dtype: np.dtype[Any]) -> Kind:
    return "number" if dtype.base.kind in NUMERIC_KINDS else "text"


def _stem(name: str) -> str:
    """Return a file's name without folders and suffixes; a stream has none.

    >>> _stem("runs/y_true.npy.gz"), _stem("stdin")
    ('y_true', '@1')
    """
    stem, suffix = os.path.splitext(os.path.basename(name))  # noqa: PTH119, PTH122  pathlib costs start-up
    if suffix.lower() in CODECS:
        stem, suffix = os.path.splitext(stem)  # noqa: PTH122  as above
    return stem if suffix else "@1"


def _converted(
    name: str, converters: Mapping[str, Reader], values: Mapping[str, AnyArray], lines: Sequence[int]
) -> dict[str, Column]:
    for column, array in values.items():
        if array.dtype.kind == "U":
            codes = np.ascontiguousarray(array, array.dtype.newbyteorder("=")).view(np.uint32)
            if codes.max() > sys.maxunicode:  # numpy would make strings of them that Python cannot bear
                raise DataError(f"{name}, {column} holds codes that are no characters", "the file is damaged")
    return {column: converters[column](array, lines) for column, array in values.items()}
