"""One process: how long it takes, how much memory it needs, and what it says.

The time is from start to end as the caller sees it. The memory is the larger of two figures: the most that any one
process of the command had in memory (the system's own high-water mark, mapped pages included, exact), and, where there
are several processes at once, their sum, taken every ``INTERVAL`` seconds, in which a page that n processes share
counts one n-th in each. To take it slows them down, so it is not taken in the rounds whose time counts.

The system counts into the first figure what the caller had in memory when it started the process, so whoever calls
this must be small: the benchmark imports nothing but the standard library.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import IO

INTERVAL = 0.005
KIBIBYTE = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit of ``ru_maxrss``."""

CAN_BIND = hasattr(os, "sched_setaffinity")
"""Whether the system can bind a process to one core."""

PROC = Path("/proc")


class Failed(Exception):  # noqa: N818  named for what happened
    """A command ended with an error: its last line on stderr."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run: its words, what feeds its stdin, what is added to the environment, and on how many cores."""

    words: Sequence[str]
    feed: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    one_core: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took and said."""

    seconds: float
    megabytes: float
    said: str


def measure(command: Command, *, watched: bool = True) -> Measured:
    """Run a command once; what its processes have in memory together is told if they are watched. Raises Failed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, _cores(one=command.one_core):
        start = perf_counter()
        with _fed(command.feed) as stdin:
            process = subprocess.Popen(
                command.words, stdin=stdin, stdout=out, stderr=err, env={**os.environ, **command.environment}
            )
            with _watched(process.pid, watched=watched) as watch:
                _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said, complained = _text(out), _text(err)
    if process.returncode:
        raise Failed(_last(complained) or f"exit code {process.returncode}")
    return Measured(seconds, max(usage.ru_maxrss * KIBIBYTE, watch.most) / 1e6, said)


def floor_megabytes() -> float:
    """Below how many megabytes nothing can be told: what this process itself has had in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE / 1e6


@contextmanager
def _cores(*, one: bool) -> Iterator[None]:
    """Bind what is started meanwhile to one core, if asked for."""
    if not one:
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def _fed(feed: Sequence[str]) -> Iterator[int]:
    """Give the end of a pipe into which ``feed`` writes, or an empty stdin."""
    if not feed:
        yield subprocess.DEVNULL
        return
    with subprocess.Popen(feed, stdout=subprocess.PIPE) as writer:
        if writer.stdout is None:
            raise Failed("there is no pipe")
        yield writer.stdout.fileno()


@contextmanager
def _watched(pid: int, *, watched: bool) -> Iterator[_Watch]:
    watch = _Watch(pid)
    if not watched:
        yield watch
        return
    thread = Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.ended.set()
        thread.join()


@dataclass(slots=True)
class _Watch:
    """The most bytes that a process and its children have had together, while there were several."""

    pid: int
    most: int = 0
    ended: Event = field(default_factory=Event)

    def run(self) -> None:
        while not self.ended.wait(INTERVAL):
            family = list(_family(self.pid))
            if len(family) > 1:
                self.most = max(self.most, sum(map(_proportional_bytes, family)))


def _family(pid: int) -> Iterator[int]:
    """Yield a process, its children, theirs, and so on; of one that has just ended, nothing."""
    yield pid
    with suppress(OSError):
        for thread in (PROC / str(pid) / "task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _proportional_bytes(pid: int) -> int:
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return 1024 * int(line.split()[1])
    return 0


def _last(complained: str) -> str:
    """Return the last line of what a command said on stderr, which is not a hint."""
    return next((line for line in reversed(complained.splitlines()) if line and not line.startswith("hint: ")), "")


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
