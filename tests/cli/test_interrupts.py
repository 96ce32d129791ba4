"""Ctrl-C: it stops at once, what was read so far is no result, and nothing is left in pieces."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO

import pexpect
import pytest
from console import SCRIPT, environment, losscli, ready, write
from test_endings import waiting

ROW = "1.25,2.25,text\n"
HEADER = "y_true,y_pred,text\n"
ROWS = 100_000
SO_FAR = re.compile(r"losscli: interrupted after ([\d,]+) rows \((.*)\); so far, not a result: (.*)")


STARTED = "import sys; from losscli.cli import main; sys.argv[0] = 'losscli'; open('../started', 'w').close(); main()"
"""losscli as a program that says, beside its folder, that its first line is next: before it, Python is interrupted."""


@contextmanager
def running(
    *arguments: str,
    cwd: Path,
    prelude: Callable[[], None] | None = None,
    program: Sequence[str | Path] = (SCRIPT,),
) -> Iterator[subprocess.Popen[bytes]]:
    """Start losscli with pipes for all its streams; end it with the block."""
    with subprocess.Popen(
        [*program, *arguments],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=prelude,  # noqa: PLW1509  what a shell does before it starts a command
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def fed(process: subprocess.Popen[bytes], rows: int = ROWS) -> None:
    """Write a table into stdin and leave it open; return once everything was read."""
    assert process.stdin
    process.stdin.write((HEADER + ROW * rows).encode())
    process.stdin.flush()
    wait_until(process, lambda: not unread(process.stdin))


def unread(pipe: object) -> int:
    """Return how many bytes of a pipe are not read yet."""
    return waiting(pipe)  # type: ignore[arg-type]  # any pipe


def wait_until(process: subprocess.Popen[bytes], happened: Callable[[], object]) -> None:
    """Wait until something has happened, and no longer than the process runs."""
    while not happened():
        assert process.poll() is None, process.stderr and process.stderr.read()
        sleep(0.01)


@contextmanager
def named_pipe(path: Path) -> Iterator[IO[bytes]]:
    """Make a named pipe; open it without waiting for a reader."""
    os.mkfifo(path)
    with os.fdopen(os.open(path, os.O_RDWR), "wb", 0) as pipe:
        yield pipe


def stopped(process: subprocess.Popen[bytes]) -> tuple[int, str, str, float]:
    """Send Ctrl-C; return the exit code, stdout, stderr without the notes, and the seconds that it took."""
    start = monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    said = [line for line in err.decode().splitlines() if not line.startswith("losscli: note: ")]
    return process.returncode, out.decode(), "\n".join(said), monotonic() - start


def test_an_interrupt_tells_the_rows_and_losses_so_far_and_that_they_are_no_result(tmp_path: Path) -> None:
    with running("eval", "-", "-l", "mse", "-l", "huber:delta=0.5", "--summary", cwd=tmp_path) as process:
        fed(process)
        code, out, err, _ = stopped(process)
    assert (code, out) == (130, "")
    found = SO_FAR.fullmatch(err)
    assert found, err
    assert 0 < int(found[1].replace(",", "")) <= ROWS
    assert re.fullmatch(r"[\d.]+ MB of stdin", found[2])
    assert found[3] == "mse = 1, huber:delta=0.5 = 0.375"


def test_at_most_three_losses_are_told(tmp_path: Path) -> None:
    specs = [part for spec in ("mse", "mae", "huber", "log-cosh", "mape") for part in ("-l", spec)]
    with running("eval", "-", *specs, "--summary", cwd=tmp_path) as process:
        fed(process)
        _, _, err, _ = stopped(process)
    assert err.count(" = ") == 3
    assert err.endswith(", and 2 more")


def test_a_value_that_must_be_sorted_for_is_not_waited_for(tmp_path: Path) -> None:
    specs = ("-l", "mse", "-l", "median-absolute-error", "--reduction", "median")
    with running("eval", "-", *specs, "--summary", cwd=tmp_path) as process:
        fed(process)
        _, _, err, _ = stopped(process)
    assert re.fullmatch(r"losscli: interrupted after [\d,]+ rows \([^()]*\)", err)


def test_quiet_keeps_silent_about_what_was_read(tmp_path: Path) -> None:
    with running("mse", "-", "-q", "--summary", cwd=tmp_path) as process:
        fed(process)
        assert stopped(process)[:3] == (130, "", "")


def test_the_share_of_files_is_told(tmp_path: Path) -> None:
    write(tmp_path, a_csv=HEADER + ROW * 20_000)
    with (
        named_pipe(tmp_path / "b.csv") as pipe,
        running("mse", "a.csv", "b.csv", "--summary", cwd=tmp_path) as process,
    ):
        pipe.write((HEADER + ROW * 100).encode())
        wait_until(process, lambda: not unread(pipe))
        sleep(0.2)
        _, _, err, _ = stopped(process)
    assert "MB of 2 files)" in err


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_records_on_stdout_stop_after_a_complete_one(form: str, tmp_path: Path) -> None:
    whole = losscli("mse", "-", "-f", form, cwd=tmp_path, stdin=HEADER + ROW * ROWS).out
    with running("mse", "-", "-f", form, "-o", "json:report.json", cwd=tmp_path) as process:
        assert process.stdout
        write(tmp_path, a_csv=HEADER + ROW * ROWS)
        feeder = subprocess.Popen(["cat", tmp_path / "a.csv", "-"], stdin=subprocess.PIPE, stdout=process.stdin)
        wait_until(process, lambda: unread(process.stdout))
        code, out, err, _ = stopped(process)
        feeder.kill()
        feeder.communicate()
    assert code == 130
    assert SO_FAR.fullmatch(err), err
    assert out.endswith("\n")
    assert whole.startswith(out)
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv"}


def test_a_second_interrupt_ends_a_command_whose_reader_has_stopped_reading(tmp_path: Path) -> None:
    write(tmp_path, a_csv=HEADER + ROW * ROWS)
    with running("mse", "a.csv", "-f", "csv", cwd=tmp_path) as process:
        assert process.stdout
        wait_until(process, lambda: unread(process.stdout))
        sleep(0.3)  # until the pipe is full
        process.send_signal(signal.SIGINT)
        sleep(0.2)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.2, 0.4, 0.7, 1.1])
def test_whenever_it_comes_there_is_either_no_result_or_the_whole(delay: float, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder, a_csv=HEADER + ROW * 300_000)
    arguments = ("eval", "a.csv", "-l", "mse", "-l", "mae", "-f", "value", "-o", "json:report.json", "--summary")
    with running(*arguments, cwd=folder, program=(sys.executable, "-c", STARTED)) as process:
        wait_until(process, (tmp_path / "started").exists)
        ready(process)
        sleep(delay)
        code, out, err, seconds = stopped(process)
    complete = ("mse\t1.0\nmae\t1.0\n", ["a.csv", "report.json"])
    left = sorted(path.name for path in folder.iterdir())
    # -2: killed while the interpreter ends, which a shell calls 130, too
    assert (code, out, left) in [(130, "", ["a.csv"]), (0, *complete), (-2, *complete)]
    assert "Traceback" not in err
    assert seconds < 5


def test_an_interrupt_erases_the_bar(tmp_path: Path) -> None:
    program = "from losscli.cli import main, progress; progress.AFTER = progress.EVERY = 0; main()"
    write(tmp_path, a_csv=HEADER + ROW * ROWS)
    with named_pipe(tmp_path / "b.csv"):
        child = pexpect.spawn(
            sys.executable,
            ["-c", program, "mse", "a.csv", "b.csv", "--summary"],
            cwd=str(tmp_path),
            env=environment({"TERM": "xterm-256color"}),
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=30,
        )
        child.expect("B/s")
        sleep(0.5)
        child.sendintr()
        child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert re.search(r"\x1b\[2K(\^C)?losscli: interrupted after [^\n]*\n$", str(child.before).replace("\r", ""))


def test_a_command_in_the_background_of_a_shell_goes_on(tmp_path: Path) -> None:
    write(tmp_path, a_csv=HEADER + ROW * ROWS)

    def ignore() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    with running("mse", "a.csv", "-f", "value", "--summary", cwd=tmp_path, prelude=ignore) as process:
        sleep(0.3)
        assert stopped(process)[:2] == (0, "1.0\n")
