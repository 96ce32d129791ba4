"""losscli as a process whose streams, memory and rights are what a test wants them to be."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from console import SCRIPT, Done, environment

BAR, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
"""prctl's number for giving up a capability for good, and those of root's rights to write and to read anywhere."""


def redirected(
    redirect: str,
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    prelude: Callable[[], None] | None = None,
) -> Done:
    """Run losscli with streams redirected in the words of the shell; stdin is empty if nothing else is said."""
    done = subprocess.run(
        ["bash", "-c", f'exec "$0" "$@" {redirect}', SCRIPT, *arguments],
        cwd=cwd, env=environment(env), stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        preexec_fn=prelude,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def with_no_reader(stream: str, *arguments: str, cwd: Path) -> int:
    """Run losscli with a pipe that nobody reads for one of its streams; return the exit code."""
    reader, writer = os.pipe()
    os.close(reader)
    into = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: writer}
    try:
        done = subprocess.run(
            [SCRIPT, *arguments], cwd=cwd, env=environment(), timeout=60, check=False,
            stdin=subprocess.DEVNULL, stdout=into["stdout"], stderr=into["stderr"],
        )  # fmt: skip
    finally:
        os.close(writer)
    return done.returncode


def with_failing_stdin(data: bytes, *arguments: str, cwd: Path) -> Done:
    """Run losscli with a stdin that gives some bytes and then EIO: the master of a pseudo terminal does."""
    reader, writer = os.openpty()
    os.write(writer, data)
    os.close(writer)
    try:
        done = subprocess.run(
            [SCRIPT, *arguments], cwd=cwd, env=environment(), stdin=reader, capture_output=True, timeout=60, check=False
        )
    finally:
        os.close(reader)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def program(*lines: str) -> list[str]:
    """Return the start of a command line that runs some Python and then losscli."""
    return [sys.executable, "-c", "; ".join([*lines, "import sys; sys.argv[0] = 'losscli'", "main()"])]


def at_most(**limits: int) -> Callable[[], None]:
    """Return what limits a resource, such as ``AS``, for the process in which it is called."""

    def limit() -> None:
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))

    return limit


def without_privilege() -> None:
    """Give up root's rights to write and read where others may not."""
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(BAR, capability, 0, 0, 0)


def names(folder: Path) -> list[str]:
    """Return the names of everything in a folder, also of what is hidden."""
    return sorted(os.listdir(folder))  # noqa: PTH208  names
