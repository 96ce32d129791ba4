"""The console script of this environment, run as its users run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, NoReturn

SCRIPT = Path(sysconfig.get_path("scripts"), "losscli")
UNSET = (
    "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "_LOSSCLI_COMPLETE", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What a finished command left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401  JSON
        """stdout as one strict JSON document."""
        return json.loads(self.out, parse_constant=_not_strict)

    @property
    def records(self) -> list[Any]:
        """stdout as strict JSON, one record a line."""
        return [json.loads(line, parse_constant=_not_strict) for line in self.out.splitlines()]

    @property
    def value(self) -> float:
        """stdout as one bare number."""
        assert (self.code, self.out.count("\n")) == (0, 1), self
        return float(self.out)

    @property
    def complaint(self) -> list[str]:
        """stderr without the notes."""
        return [line for line in self.err.splitlines() if not line.startswith("losscli: note: ")]


def losscli(*arguments: str, cwd: Path, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> Done:
    """Run the console script in a folder; stdin is a pipe, colours are left to the command."""
    done = subprocess.run(
        [SCRIPT, *arguments],
        cwd=cwd,
        env=environment(env),
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def ready(process: subprocess.Popen[Any]) -> None:
    """Wait until losscli itself, no longer Python's own start, answers to signals; where that can be seen."""
    while sys.platform == "linux" and process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        caught = int(status.partition("SigCgt:")[2].split()[0], 16)
        if caught >> (signal.SIGTERM - 1) & 1:
            return
        sleep(0.002)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what changes the look of an output."""
    return {name: value for name, value in os.environ.items() if name not in UNSET} | dict(more or {})


def unmeasured() -> dict[str, str]:
    """Return that environment without what measures coverage, which imports modules of its own."""
    return {name: value for name, value in environment().items() if not name.startswith("COV")}


def write(folder: Path, **files: str | bytes) -> None:
    """Write files; in their names ``_`` stands for the dot before a suffix."""
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def refused(done: Done, code: int, *words: str) -> None:
    """Check that a command failed as the contract says: its code, two lines on stderr that hold these words."""
    assert "Traceback" not in done.err, done.err
    assert done.code == code, done
    assert len(done.complaint) == 2, done.err
    assert done.complaint[0].startswith("losscli: error: "), done.err
    assert done.complaint[1].startswith("hint: "), done.err
    missing = [word for word in words if word not in "\n".join(done.complaint)]
    assert missing == [], done.err


def _not_strict(constant: str) -> NoReturn:
    message = f"{constant} is no JSON"
    raise ValueError(message)
