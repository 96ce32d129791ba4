"""Processes that work on pieces of bytes, in order: fork and two pipes each.

Not ``multiprocessing``: its import costs more than a small file, and its workers outlive a parent that is killed.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Self

Work = Callable[[bytes], bytes]
HEADER = 8
"""Every message begins with its length in so many bytes."""

QUOTA = "/sys/fs/cgroup/cpu.max"
"""Where Linux tells a container how much processor time it may use, in which time."""


def usable_cores() -> int:
    """Return how many processor cores this process may use, as affinity and control groups allow."""
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        allowed = os.cpu_count() or 1
    try:
        with open(QUOTA, encoding="ascii") as file:  # noqa: PTH123  pathlib costs start-up
            quota, period = map(int, file.read().split())
    except (OSError, ValueError):  # none, or "max": no limit
        return allowed
    return max(1, min(allowed, quota // period))


def memory_is_limited() -> bool:
    """Tell whether memory may be refused to this process (``ulimit -v``), as the code of polars does not survive."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, getrlimit  # noqa: PLC0415  only large tables ask
    except ImportError:  # not on this system
        return False
    return getrlimit(RLIMIT_AS)[0] != RLIM_INFINITY


def can_fork() -> bool:
    """Tell whether this process may be forked: not where a thread may hold a lock that the child would wait for."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (threading is None or threading.active_count() == 1)


class Workers:
    """Up to ``count`` processes, each with at most one piece of work; a context manager.

    They exit when this process does, whatever ends it: nobody holds the other end of their pipes then. One that dies
    leaves its piece undone, and so does one that fails.
    """

    def __init__(self, work: Work, count: int) -> None:
        self._workers: deque[Worker | None] = deque()
        for _ in range(count):
            others = [end for worker in self._workers if worker for end in worker.ends]
            try:
                worker = Worker(partial(serve, work), others)
            except OSError:  # no more processes or descriptors: its turns pass without work
                worker = None
            self._workers.append(worker)

    def submit(self, data: bytes) -> Callable[[], bytes | None]:
        """Give a piece to the worker whose turn it is; what is returned waits for its result, None if it has died.

        Results must be waited for in the order of submission, and before ``count`` more pieces are submitted.
        """
        worker = self._workers[0]
        self._workers.rotate(-1)
        if worker is None:
            return lambda: None
        worker.send(data)
        return worker.receive

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._workers:
            if worker := self._workers.pop():
                worker.end()


class Worker:
    """One process and this process's ends of its pipes: ``others`` are ends that it need not hold open.

    ``serve`` is what it does: it is given the descriptor that tasks come from, and the one that results go to.

    Raises OSError if there are no more processes or descriptors.
    """

    def __init__(self, serve: Callable[[int, int], None], others: list[int]) -> None:
        ends: list[int] = []
        try:
            ends += os.pipe()
            ends += os.pipe()
            with warnings.catch_warnings():
                # Python 3.12 counts numpy's threads too, which numpy's library ends and begins again around a fork
                warnings.simplefilter("ignore", DeprecationWarning)
                self.pid = os.fork()
        except OSError:
            for end in ends:
                os.close(end)
            raise
        theirs_in, ours_out, ours_in, theirs_out = ends
        self.ends = (ours_out, ours_in)
        if self.pid == 0:
            try:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C ends
                for end in (ours_out, ours_in, *others):
                    os.close(end)
                serve(theirs_in, theirs_out)
            finally:
                os._exit(0)  # not a word, and none of the parent's own endings
        os.close(theirs_in)
        os.close(theirs_out)

    def send(self, data: bytes) -> None:
        """Give it something to work on: before a result is waited for, no more than a pipe holds."""
        with suppress(BrokenPipeError):  # it died: told when its result is waited for
            send(self.ends[0], data)

    def receive(self) -> bytes | None:
        """Wait for the next result, None if it has died."""
        return receive(self.ends[1])

    def end(self) -> None:
        """End it, whatever it does."""
        for end in self.ends:
            os.close(end)
        with suppress(ProcessLookupError, ChildProcessError):  # ended and forgotten, where SIGCHLD is ignored
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def serve(work: Work, tasks: int, results: int) -> None:
    """Work on what comes from one descriptor and write what comes of it to the other, until there is no more."""
    while (data := receive(tasks)) is not None:
        send(results, work(data))


def send(end: int, data: bytes) -> None:
    """Write a message into a pipe."""
    for part in (len(data).to_bytes(HEADER, "little"), data):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(end, rest) :]


def receive(end: int) -> bytes | None:
    """Read a message from a pipe; None if there is no more, or it is cut short."""
    header = _read(end, HEADER)
    return None if header is None else _read(end, int.from_bytes(header, "little"))


def _read(end: int, size: int) -> bytes | None:
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        done = os.readv(end, [rest])
        if not done:
            return None
        rest = rest[done:]
    return bytes(data)
