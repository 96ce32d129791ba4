"""A process beside this one that reads CSV by polars: it imports polars while this one imports numpy.

Python imports one module after the other. In one process the two imports take a third of the time that 200 MB take, and
half of two cores is idle meanwhile.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

from losscli.sources.csv_frames import NUMBER, Shape, frame_reader
from losscli.sources.workers import Worker, can_fork, memory_is_limited, receive, send, usable_cores

POLARS_FROM = 24 << 20
"""From how many bytes on polars repays its import, a tenth of a second."""

PLACES = 5
"""Pieces that are there or in work at once: with one more memory grows with the rows, with one less a core is idle."""

ROOM = 20 << 20
"""Bytes for a piece and for its numbers: eight for each cell, which has two characters at least."""

Found = Callable[[], tuple[int, memoryview] | None]
"""Waits for how many rows a piece has, and for its numbers, column by column; None if it has something else in it, or
the process has died. To be used before ``PLACES`` more pieces are given."""

_waiting: list[Beside] = []
"""The process, while no table is read by it."""


class Beside:
    """The process, and the memory that it shares with this one. Raises OSError if they cannot be had."""

    def __init__(self) -> None:
        from mmap import mmap  # noqa: PLC0415  start-up

        self._shared = mmap(-1, PLACES * ROOM)
        self._worker = Worker(self._serve, [])
        self._given = 0
        self._answers: dict[int, int] = {}

    def submit(self, data: bytes, shape: Shape) -> Found:
        """Have lines read; the process may still be beginning."""
        if len(data) > ROOM:
            return lambda: None
        turn, self._given = self._given, self._given + 1
        start = turn % PLACES * ROOM
        self._shared[start : start + len(data)] = data
        self._worker.send(marshal.dumps([turn, len(data), *shape]))
        return partial(self._found, turn, start + _aligned(len(data)), len(shape.numbers))

    def _found(self, turn: int, start: int, columns: int) -> tuple[int, memoryview] | None:
        while turn not in self._answers:
            answer = self._worker.receive()
            if answer is None:
                return None
            one, rows = marshal.loads(answer)  # noqa: S302  from our own process
            self._answers[one] = rows
        rows = self._answers.pop(turn)
        return None if rows is None else (rows, memoryview(self._shared)[start : start + rows * columns * NUMBER])

    def end(self) -> None:
        """End the process."""
        self._worker.end()

    def _serve(self, tasks: int, results: int) -> None:
        """Do in the process what is asked for, some pieces at once, so that the threads of polars are never idle."""
        _be_silent()
        os.environ.setdefault("POLARS_MAX_THREADS", str(usable_cores()))
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  in this process only, as what follows
        from threading import Lock  # noqa: PLC0415

        import polars  # noqa: PLC0415, F401, ICN001  before the first piece comes

        lock = Lock()

        def answer(turn: int, size: int, *shape: Any) -> None:  # noqa: ANN401  the fields of a Shape
            rows = None
            try:
                rows = self._read(turn % PLACES * ROOM, size, Shape(*shape))
            finally:
                with lock:
                    send(results, marshal.dumps((turn, rows)))

        with ThreadPoolExecutor(PLACES) as threads:
            while (task := receive(tasks)) is not None:
                threads.submit(answer, *marshal.loads(task))  # noqa: S302  as above

    def _read(self, start: int, size: int, shape: Shape) -> int | None:
        """Put the numbers of a piece behind it, and return how many rows it has; None if it has gaps or no room."""
        from ctypes import addressof, c_char, memmove  # noqa: PLC0415  as above

        from losscli.sources.arrow_memory import parts  # noqa: PLC0415  as above

        found = _reader(shape)(self._shared[start : start + size], False)  # noqa: FBT003  NA is a gap, which is not tidy
        room = ROOM - _aligned(size)
        if found is None or found.gaps or len(found.frame) * len(shape.numbers) * NUMBER > room:
            return None
        target = addressof(c_char.from_buffer(self._shared)) + start + _aligned(size)
        wide = len(found.frame) * NUMBER
        for rows, sources in parts(found.frame.select(map(str, shape.numbers))):
            for column, source in enumerate(sources):
                memmove(target + column * wide, source, rows * NUMBER)
            target += rows * NUMBER
        return len(found.frame)


def begin(paths: Sequence[str]) -> None:
    """Begin such a process if some files of CSV repay it, and a core is free for it."""
    if sum(map(_size, paths)) < POLARS_FROM:
        return
    from importlib.util import find_spec  # noqa: PLC0415  as above

    if (
        can_fork()
        and usable_cores() > 1
        and not memory_is_limited()
        and find_spec("polars")
        and "polars" not in sys.modules
    ):
        with suppress(OSError):
            _waiting.append(Beside())


def waits() -> bool:
    """Tell whether the process is there and has nothing to do."""
    return bool(_waiting)


def taken() -> Beside:
    """Return the process that waits; to be given back, or ended. It reads numbers only."""
    return _waiting.pop()


def given_back(beside: Beside) -> None:
    """Let another table be read."""
    _waiting.append(beside)


def _size(path: str) -> int:
    """Return how many bytes a file has, 0 if it is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116  start-up
    except (OSError, ValueError):
        return 0


def _be_silent() -> None:
    """Hold nothing open that this process was given: who reads its output need not wait for this process to end."""
    null = os.open(os.devnull, os.O_RDWR)
    for end in range(3):
        os.dup2(null, end)
    os.close(null)


def _aligned(size: int) -> int:
    """Return where numbers may begin behind so many bytes."""
    return -(-size // NUMBER) * NUMBER


_reader = lru_cache(maxsize=1)(frame_reader)
