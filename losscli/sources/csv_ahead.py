"""Who reads plain lines, and when: this process on demand, or ahead of it worker processes, or polars."""

from __future__ import annotations

import io
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from losscli.errors import DataError
from losscli.sources.csv_beside import PLACES, POLARS_FROM, Beside, given_back, taken, waits
from losscli.sources.csv_frames import Shape
from losscli.sources.csv_lines import Pieces
from losscli.sources.csv_numbers import Parser, Plain, is_tidy, read_plain
from losscli.sources.csv_polars import polars_parser, polars_reads
from losscli.sources.workers import Workers, can_fork, usable_cores

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

WORKERS_FROM = 1 << 23
"""From how many bytes on worker processes repay their start."""

POLARS_SIZE = 1 << 22
"""How much polars reads at once: enough that waking its threads costs little, and not so much that memory varies."""

PARSERS = 6
"""While some pieces are checked and copied, each on one core, polars has enough others to keep its threads busy."""

MOST = 8
"""So many workers parse as quickly as one process can fold what they find."""

Read = Generator[tuple[bytes, Plain | None], None, None]
"""Pieces in the order of the file, and what they hold if they are plain."""

Future = Callable[[], Plain | None]
"""Waits for what a piece holds."""


def read_ahead(pieces: Pieces, shape: Shape, size: int | None, jobs: int) -> Read:
    """Read the pieces of a table of ``size`` bytes on up to ``jobs`` cores, 0 for those that there are.

    What comes from a pipe or is compressed has no ``size``: it takes the quicker ways as it grows. A failure to read is
    raised when everything before it has been yielded.
    """
    jobs = jobs or usable_cores()
    beside = _beside_reads(shape, jobs)
    polars_from = 0 if beside or "polars" in sys.modules else POLARS_FROM
    reached = size or 0
    for stop, way in ((0 if beside else WORKERS_FROM, _here), (polars_from, _by_workers), (sys.maxsize, _by_polars)):
        if reached < stop and (first := next(pieces, None)) is not None:
            end = stop if size is None else sys.maxsize
            yield from way(pieces, _up_to(pieces, first, end - reached), shape, jobs)
            reached = end


def _up_to(pieces: Pieces, first: bytes, size: int) -> Iterator[bytes]:
    """Yield ``first`` and what follows until so many bytes are reached."""
    data: bytes | None = first
    while data is not None:
        yield data
        size -= len(data)
        data = next(pieces, None) if size > 0 else None


def _here(_: Pieces, some: Iterator[bytes], shape: Shape, __: int) -> Read:
    """Read by numpy, when it is asked for."""
    return ((data, read_plain(data, shape)) for data in some)


def _by_workers(pieces: Pieces, some: Iterator[bytes], shape: Shape, jobs: int) -> Read:
    """Read by numpy in processes: one for each core, and one more whose piece is in use here meanwhile."""
    count = min(jobs, MOST)
    if count == 1 or not can_fork():
        yield from _here(pieces, some, shape, jobs)
        return
    with Workers(lambda data: _packed(read_plain(data, shape)), count + 1) as workers:

        def submit(data: bytes) -> Future:
            return partial(_unpacked, workers.submit(data), data, shape)

        yield from _in_order(some, submit, count)


def _by_polars(pieces: Pieces, some: Iterator[bytes], shape: Shape, jobs: int) -> Read:
    """Read by polars; in smaller pieces by numpy what it refuses."""
    beside = taken() if _beside_reads(shape, jobs) else None
    threads = _Threads(shape, jobs)
    if beside is None and threads.parse is None:
        yield from _by_workers(pieces, some, shape, jobs)
        return
    pieces.size = POLARS_SIZE
    submit, ahead = threads.submit, PARSERS if jobs > 1 else 0
    if beside:
        submit, ahead = partial(_submit_beside, beside, threads, shape), PLACES - 1
    whole = False
    try:
        for data, plain in _in_order(some, submit, ahead):
            if plain is None:
                yield from ((part, read_plain(part, shape)) for part in Pieces(io.BytesIO(data)))
            else:
                yield data, plain
        whole = True
    finally:
        threads.end()
        if beside:
            (given_back if whole and not threads.begun else Beside.end)(beside)


def _beside_reads(shape: Shape, jobs: int) -> bool:
    """Tell whether a process beside this one waits, and can read such a table."""
    return waits() and jobs > 1 and not shape.texts and polars_reads(shape)


class _Threads:
    """polars in this process: in threads of its own, and of ours for what is done before and after it."""

    def __init__(self, shape: Shape, jobs: int) -> None:
        self._shape = shape
        self._jobs = jobs

    @property
    def begun(self) -> bool:
        """Whether it was needed so far."""
        return "parse" in vars(self)

    @cached_property
    def parse(self) -> Parser | None:
        return polars_parser(self._shape, self._jobs)

    @cached_property
    def _executor(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  a few ms that only large tables repay

        return ThreadPoolExecutor(PARSERS)

    def submit(self, data: bytes) -> Future:
        return self._executor.submit(self.parse, data).result if self.parse else lambda: None

    def end(self) -> None:
        if "_executor" in vars(self):
            self._executor.shutdown(cancel_futures=True)


def _submit_beside(beside: Beside, threads: _Threads, shape: Shape, data: bytes) -> Future:
    """Have a piece read by the process beside this one; from the first that is not tidy on by threads."""
    if threads.begun:
        return threads.submit(data)
    found = beside.submit(data, shape)
    return lambda: _tidy(found(), data, shape) or threads.submit(data)()


def _tidy(found: tuple[int, memoryview] | None, data: bytes, shape: Shape) -> Plain | None:
    """Return what was found if it is all that there is."""
    if found is None or not is_tidy(data, shape, found[0]):
        return None
    numbers = np.frombuffer(found[1], dtype=np.float64).reshape(len(shape.numbers), found[0])
    return Plain(found[0], list(numbers.copy()), [])  # its place is needed again


def _in_order(pieces: Iterator[bytes], submit: Callable[[bytes], Future], ahead: int) -> Read:
    """Submit pieces up to a number ahead; a failure to read them waits for its turn."""
    waiting: deque[tuple[bytes, Future]] = deque()
    for one in _submitted(pieces, submit):
        waiting.append(one)
        if len(waiting) > ahead:
            data, found = waiting.popleft()
            yield data, found()
    yield from ((data, found()) for data, found in waiting)


def _submitted(pieces: Iterator[bytes], submit: Callable[[bytes], Future]) -> Iterator[tuple[bytes, Future]]:
    try:
        for data in pieces:
            yield data, submit(data)
    except DataError as error:
        yield b"", partial(_failed, error)


def _failed(error: DataError) -> None:
    raise error


def _packed(plain: Plain | None) -> bytes:
    """Return what a piece holds as bytes: how many rows, the numbers, the texts a line each; nothing if not plain."""
    if plain is None:
        return b""
    texts = "\n".join(cell for column in plain.texts for cell in column).encode()
    return b"".join([plain.rows.to_bytes(8, "little"), *(column.tobytes() for column in plain.numbers), texts])


def _unpacked(result: Callable[[], bytes | None], data: bytes, shape: Shape) -> Plain | None:
    """Wait for what a worker found in a piece; if it has died, read the piece here."""
    packed = result()
    if packed is None:
        return read_plain(data, shape)
    if not packed:
        return None
    rows, columns = int.from_bytes(packed[:8], "little"), len(shape.numbers)
    numbers = np.frombuffer(packed, dtype=np.float64, count=rows * columns, offset=8).reshape(columns, rows)
    cells = packed[8 + numbers.nbytes :].decode().split("\n")
    return Plain(
        rows, list(numbers), [cells[start : start + rows] for start in range(0, rows * len(shape.texts), rows)]
    )
