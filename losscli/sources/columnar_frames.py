"""Frames of rows from Parquet and Arrow files: whatever their length, a few of them are in memory."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from losscli.errors import DataError
from losscli.sources.arrow_stream import parts
from losscli.sources.memory import ROWS
from losscli.sources.remote import REACH, is_url, patience
from losscli.sources.workers import usable_cores

if TYPE_CHECKING:
    import polars as pl

    from losscli.sources.inputs import Input

FIRST, MOST = 1 << 12, 1 << 20
"""Rows read at once: as a try, and at most, as in a row group of pyarrow's. Of a longer one each part is a reading."""

BLOCK = 1 << 24
"""Bytes of columns that are read at once, unless a single row is longer."""

SMALL = 1 << 20
"""Record batches of a stream are put together until they have so many bytes."""

STDERR = 2
AGAIN = "get it again, or write it again"


class Frames(Protocol):
    """What a file gives: its columns, and frames of some of its rows."""

    schema: pl.Schema

    def read(self, wanted: Sequence[pl.Expr]) -> Iterator[pl.DataFrame]:
        """Yield what the expressions say of all rows, in their order."""
        ...


class _Scanned:
    """A file that polars opens itself: each frame is read by its place, so that none is read ahead and held."""

    def __init__(self, source: Input, path: str, scan: Callable[..., pl.LazyFrame]) -> None:
        import polars as pl  # noqa: PLC0415  the extra

        self._name, self._meter = source.name, source.meter
        self._size = 0 if is_url(path) else os.stat(path).st_size  # noqa: PTH116  pathlib costs start-up
        self._read = self._ahead if is_url(path) else self._by_place
        self._lazy = scan(path, glob=False, hive_partitioning=False, storage_options=patience(path))
        with _silenced():
            self.schema = self._lazy.collect_schema()
            self._rows = 0 if is_url(path) else int(self._lazy.select(pl.len()).collect().item())

    def read(self, wanted: Sequence[pl.Expr]) -> Iterator[pl.DataFrame]:
        """Yield the frames. Raises DataError for a damaged file."""
        return self._read(self._lazy.select(wanted))

    def _by_place(self, lazy: pl.LazyFrame) -> Iterator[pl.DataFrame]:
        start, size = 0, FIRST
        while start < self._rows:
            count = min(size - start % size, self._rows - start)
            with _damage(self._name), _silenced():
                frame = lazy.slice(start, count).collect(engine="streaming")
            start += frame.height
            if frame.height != count:
                raise DataError(f"{self._name} is cut short: it ends after record {start} of {self._rows}", AGAIN)
            if self._meter:
                self._meter.at(self._name, self._size * start // self._rows)
            yield from frame.iter_slices(ROWS)
            size = _fitting(frame)
            del frame  # before the next is there

    def _ahead(self, lazy: pl.LazyFrame) -> Iterator[pl.DataFrame]:
        """Yield the frames of a file on a server, which is read once and from end to end, though more of it is held."""
        with _damage(self._name):
            batches = iter(lazy.collect_batches(chunk_size=ROWS, maintain_order=True, engine="streaming"))
        while True:
            with _damage(self._name), _silenced():
                frame = next(batches, None)
            if frame is None:
                return
            yield frame


def _fitting(frame: pl.DataFrame) -> int:
    """Return how many rows like these ``BLOCK`` bytes hold: a power of two, so that row groups begin with a frame."""
    rows = BLOCK * frame.height // max(1, int(frame.estimated_size()))
    return min(MOST, 1 << max(rows.bit_length() - 1, 0))


class _Streamed:
    """An Arrow stream: its record batches, read one after the other from anything that can be read at all."""

    def __init__(self, source: Input) -> None:
        self._source = source
        with source.open() as stream, _silenced():
            self.schema = _frame(next(parts(stream, source.name, 0))).schema

    def read(self, wanted: Sequence[pl.Expr]) -> Iterator[pl.DataFrame]:
        """Yield a frame for each record batch, or for several small ones. Raises DataError for a damaged stream."""
        with self._source.open() as stream:
            for part in parts(stream, self._source.name, SMALL):
                with _damage(self._source.name), _silenced():
                    frame = _frame(part).select(wanted)
                yield frame


def _frame(part: bytes) -> pl.DataFrame:
    from io import BytesIO  # noqa: PLC0415  with the next line: only for this format

    import polars as pl  # noqa: PLC0415  the extra

    return pl.read_ipc_stream(BytesIO(part))


def _parquet(source: Input) -> Frames:
    import polars as pl  # noqa: PLC0415  the extra

    # polars would fetch as many row groups as it can; more than are decoded at once are memory and no time
    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", str(usable_cores()))
    return _Scanned(source, source.path or _copied(source), pl.scan_parquet)


def _arrow(source: Input) -> Frames:
    """Open an Arrow file by its footer, an Arrow stream from its first byte to the last."""
    import polars as pl  # noqa: PLC0415  the extra

    if source.path is not None and is_url(source.path):
        return _Scanned(source, source.path, pl.scan_ipc)
    if _begins(source, b"ARROW1"):
        # polars maps the file, and would call in many batches after the wanted one: harmless, but it looks like a leak
        os.environ.setdefault("POLARS_RECORD_BATCH_PREFETCH_SIZE", "1")
        return _Scanned(source, source.path or _copied(source), pl.scan_ipc)
    if _begins(source, b"FEA1"):
        raise DataError(
            f"{source.name} is a Feather file of version 1, which is not read any more",
            "write it again: pyarrow.feather.write_feather(pyarrow.feather.read_table(OLD), NEW)",
        )
    return _Streamed(source)


_OPENERS: dict[str, Callable[[Input], Frames]] = {"parquet": _parquet, "arrow": _arrow, "feather": _arrow}


def opened(source: Input) -> Frames:
    """Open a file of one of polars' formats. Raises DataError for one that is damaged."""
    with _damage(source.name):
        return _OPENERS[source.format](source)


def _begins(source: Input, magic: bytes) -> bool:
    with source.open() as stream:
        return stream.read(len(magic)) == magic


def _copied(source: Input) -> str:
    """Copy a pipe, or what was compressed once more, to a file: what these files hold is told at their end."""
    from shutil import copyfileobj  # noqa: PLC0415  with the next line: only for pipes
    from tempfile import NamedTemporaryFile  # noqa: PLC0415

    with NamedTemporaryFile(delete=False) as copy:
        weakref.finalize(source.opener, os.unlink, copy.name)
        with source.open() as stream:
            copyfileobj(stream, copy, BLOCK)
    return copy.name


@contextmanager
def _damage(name: str) -> Iterator[None]:
    """Tell what goes wrong inside polars as DataError: its own errors, and the panics of the code below it."""
    from polars.exceptions import PanicException, PolarsError  # noqa: PLC0415  the extra

    try:
        yield
    except PanicException as error:
        raise DataError(f"{name} is damaged: polars can make nothing of it", AGAIN) from error
    except (PolarsError, OSError, ValueError, NotImplementedError, OverflowError) as error:
        reason = str(error).strip().partition("\n")[0]
        if is_url(name):
            raise DataError(f"{name} cannot be read: {reason}", REACH) from error
        raise DataError(f"{name} is damaged or cannot be read: {reason}", AGAIN) from error


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep off stderr what a panic writes there from below Python: it says nothing to a user."""
    try:
        stderr = os.dup(STDERR)
    except OSError:  # it is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    try:
        yield
    finally:
        os.dup2(stderr, STDERR)
        os.close(stderr)
        os.close(nowhere)
