"""The console entry inside this process: thousands of runs in the time that a few processes take to start."""

from __future__ import annotations

import gc
import io
import os
import signal
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from console import UNSET, Done

from losscli.cli import _guarded

SIGNALS = (signal.SIGINT, signal.SIGTERM)

for (
    _name
) in UNSET:  # once, not for each run: threads of polars may look at the environment while it is changed, and crash
    os.environ.pop(_name, None)


@contextmanager
def same_environment() -> Iterator[None]:
    """Undo what a run changes in the environment; if it changes nothing, the environment is not touched."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        for name, value in before.items():
            if os.environ.get(name) != value:
                os.environ[name] = value


def called(*arguments: str, cwd: Path, stdin: bytes = b"") -> Done:
    """Run losscli as ``main`` does, but for the end of the process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=how) for how in ("strict", "backslashreplace"))
    inside = io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin)), encoding="utf-8")
    kept = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        with (
            chdir(cwd),
            redirect_stdout(out),
            redirect_stderr(err),
            patch("sys.stdin", inside),
            patch.object(gc, "freeze"),  # each run would keep for ever what the runs before it have left
            same_environment(),
        ):
            code = _guarded([*arguments])
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    return Done(code, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data = stream.detach()
    assert isinstance(data, io.BytesIO)
    return data.getvalue().decode()
