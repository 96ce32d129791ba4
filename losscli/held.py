"""Values that are held until the end of the data: in memory while they are few, else in a temporary file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from weakref import finalize

import numpy as np

from losscli.arrays import Array
from losscli.errors import DataError

HELD = 1 << 23
"""How many values, losses and weights of all groups together, stay in memory: 64 MiB."""

BLOCK = 1 << 20
"""How many rows are looked at together."""

Rows = tuple[Array, Array | None]
"""Losses and their weights; without weights each weighs 1."""


class Spill:
    """A temporary file without a name, which is closed with the last chunk in it."""

    def __init__(self) -> None:
        from tempfile import TemporaryFile  # noqa: PLC0415  6 ms of start-up, and few need it

        self._file = TemporaryFile()  # noqa: SIM115  closed below
        finalize(self, self._file.close)

    def write(self, arrays: Sequence[Array]) -> int:
        """Append some arrays; return where they begin."""
        start = self._file.seek(0, 2)
        for values in arrays:
            self._file.write(values.tobytes())
        return start

    def flush(self) -> None:
        """Write what is still in the buffer."""
        self._file.flush()

    def read(self, start: int, count: int) -> Array:
        """Return so many values that begin there."""
        self._file.seek(start)
        return np.frombuffer(self._file.read(8 * count))


class Chunk:
    """The losses and weights of some rows, wherever they are."""

    __slots__ = ("_arrays", "_columns", "_rows", "_spill", "_start")

    def __init__(self, losses: Array, weights: Array | None) -> None:
        self._arrays = [losses] if weights is None else [losses, weights]
        self._rows, self._columns = len(losses), len(self._arrays)
        self._spill: Spill | None = None
        self._start = 0

    @property
    def in_memory(self) -> int:
        """How many values are in memory."""
        return sum(map(len, self._arrays))

    def move(self, spill: Spill) -> None:
        """Write them to a file, unless they are in one already."""
        if self._arrays:
            self._start = spill.write(self._arrays)
            self._spill, self._arrays = spill, []

    def read(self) -> Rows:
        """Return them."""
        arrays: Iterable[Array] = self._arrays
        if self._spill:
            arrays = self._spill.read(self._start, self._rows * self._columns).reshape(self._columns, self._rows)
        losses, *weights = arrays
        return losses, weights[0] if weights else None


class Pool:
    """Chunks of any number of states, which move into one file once they are more than ``HELD`` values."""

    def __init__(self) -> None:
        self._waiting: list[Chunk] = []
        self._values = 0
        self._spill: Spill | None = None

    def take(self, chunks: Iterable[Chunk]) -> None:
        """Look after some more chunks. Raises DataError if the file cannot be written."""
        for chunk in chunks:
            self._waiting.append(chunk)
            self._values += chunk.in_memory
        if self._values > HELD:
            self._move()

    def _move(self) -> None:
        try:
            self._spill = self._spill or Spill()
            for chunk in self._waiting:
                chunk.move(self._spill)
            self._spill.flush()
        except OSError as error:
            import tempfile  # noqa: PLC0415  as above

            where = tempfile.tempdir or "a temporary file"  # there may be no folder for one
            raise DataError(
                f"cannot hold every loss in {where}: {(error.strerror or str(error)).lower()}",
                "quantiles need 8 bytes a row: TMPDIR=/some/folder losscli … puts them where there is space",
            ) from error
        self._waiting, self._values = [], 0


def blocks(chunks: Iterable[Chunk]) -> Iterator[Rows]:
    """Yield the rows of some chunks, about ``BLOCK`` at a time."""
    waiting: list[Rows] = []
    rows = 0
    for chunk in chunks:
        waiting.append(chunk.read())
        rows += len(waiting[-1][0])
        if rows >= BLOCK:
            yield joined(waiting)
            waiting, rows = [], 0
    if waiting:
        yield joined(waiting)


def joined(several: list[Rows]) -> Rows:
    """Return several lots of rows as one."""
    losses = np.concatenate([one for one, _ in several])
    if all(weights is None for _, weights in several):
        return losses, None
    return losses, np.concatenate([np.ones(len(one)) if weights is None else weights for one, weights in several])
