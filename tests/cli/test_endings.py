"""Section 4 of the contract: exit codes, whatever ends the command."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
from pathlib import Path
from time import sleep
from typing import IO

import pytest
from console import SCRIPT, environment, losscli, refused, write

TABLE = "y_true,y_pred\n1,2\n2,2\n"
MANY = "y_true,y_pred\n" + "".join(f"{i},{i + 1}\n" for i in range(50_000))


def shell(command: str, folder: Path) -> tuple[str, str]:
    """Run a line of bash in which ``losscli`` is the console script; return its stdout and stderr."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment({"PATH": f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout, done.stderr


def waiting(pipe: IO[str]) -> int:
    """Return how many bytes of a pipe are not read yet."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_reader_that_leaves_ends_the_command_silently_with_141(form: str, tmp_path: Path) -> None:
    write(tmp_path, a_csv=MANY)
    out, err = shell(f"losscli mse a.csv -q -f {form} | head -1; echo ${{PIPESTATUS[0]}}", tmp_path)
    assert (out.splitlines()[-1], err) == ("141", "")


def test_a_reader_that_leaves_before_help_or_a_list_is_no_error_worth_a_word(tmp_path: Path) -> None:
    line = "losscli {} | true; echo ${{PIPESTATUS[0]}}"
    out, err = shell("; ".join(line.format(command) for command in ("--help", "list", "show huber")), tmp_path)
    assert err == ""
    assert set(out.split()) <= {"0", "141"}


@pytest.mark.parametrize("command", ["mse a.csv -q", "mse a.csv -q -f value", "--help", "list", "show mse"])
def test_a_full_disk_is_an_error(command: str, tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    out, err = shell(f"losscli {command} > /dev/full; echo $?", tmp_path)
    assert (out, "Traceback" in err, err.startswith("losscli: error: ")) == ("3\n", False, True)
    assert len(err.splitlines()) == 2


def test_a_closed_stdout_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    out, err = shell("(losscli mse a.csv -q -f value >&-); echo $?", tmp_path)
    assert out == "3\n"
    assert "Traceback" not in err


@pytest.mark.parametrize("options", [[], ["-f", "csv", "-o", "json:report.json"]])
def test_an_interrupt_while_stdin_is_read_ends_the_command_silently_with_130(
    options: list[str], tmp_path: Path
) -> None:
    with subprocess.Popen(
        [SCRIPT, "mse", "-", *options],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin
        running.stdin.write(TABLE)
        running.stdin.flush()
        while waiting(running.stdin):
            sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (130, "")
    assert list(tmp_path.iterdir()) == []


def test_a_command_substitution_holds_the_bare_number(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    assert shell('x=$(losscli mse a.csv -q -f value) && echo "<$x>"', tmp_path) == ("<0.5>\n", "")


def test_losses_can_be_chained_in_a_pipe(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,4\n2,2\n")
    out, _ = shell("set -o pipefail; losscli mse a.csv -q -f csv | losscli mae - -q -f csv", tmp_path)
    assert out == "row,y_true,y_pred,mae\n1,1.0,4.0,3.0\n2,2.0,2.0,0.0\n"


def test_the_module_is_the_same_command(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    done = subprocess.run(
        [sys.executable, "-m", "losscli", "mse", "a.csv", "-q"], cwd=tmp_path, capture_output=True, text=True,
        env=environment(), timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, losscli("mse", "a.csv", cwd=tmp_path).out)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["mse", "\x1b[31m.csv"], 3),
        (["mse", "no\nsuch.csv"], 3),
        (["mse", "--true", "1\n2", "--pred", "1"], 3),
        (["\x1b[31m\n"], 2),
        (["mse", "--no\nsuch", "1"], 2),
        (["eval", "-l", "mse:\n\x1b[1m", "--true", "1", "--pred", "1"], 2),
        (["mse", "--rows", "\x1b[1m\n"], 2),
        (["mse", "."], 3),
    ],
)
def test_an_error_is_two_lines_whatever_it_quotes(arguments: list[str], code: int, tmp_path: Path) -> None:
    done = losscli(*arguments, cwd=tmp_path)
    refused(done, code)
    assert "\x1b" not in done.err


def test_a_hint_that_names_a_command_names_one_that_exists(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,two\n")
    done = losscli("mse", "a.csv", cwd=tmp_path)
    refused(done, 3, "'two'")
    commands = losscli("--help", cwd=tmp_path).out.split()
    named = [words.split()[0] for words in done.complaint[1].split("losscli ")[1:]]
    assert set(named) <= set(commands)
