"""Faults of the system: what was asked for is there as a whole or not at all, and the exit code is the verdict."""

from __future__ import annotations

import errno
import itertools
import json
import os
import sys
import time
from pathlib import Path
from unittest.mock import patch

import pexpect
import pytest
from console import SCRIPT, environment, losscli, refused, write
from faults import at_most, names, redirected, with_failing_stdin, with_no_reader, without_privilege
from in_process import called

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full, /proc and limits of Linux")

GOOD = "y_true,y_pred\n1,2\n2,2\n"
MANY = "y_true,y_pred\n" + "".join(f"{i},{i}.5\n" for i in range(20_000))
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
PASSED, FAILED = ("check", "a.csv", "--max", "mse=9"), ("check", "a.csv", "--max", "mse=0.1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two rows whose mean squared error is 0.5."""
    write(tmp_path, a_csv=GOOD)
    return tmp_path


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize(
    ("redirect", "written"),
    [
        ("", True),
        ("2>&-", True),
        ("2>/dev/full", True),
        (">&-", False),
        (">/dev/full", False),
        (">&- 2>&-", False),
        ("<&- >&- 2>&-", False),
        (">/dev/full 2>/dev/full", False),
    ],
)
def test_a_failed_gate_is_1_and_a_passed_one_0_only_if_it_was_reported(
    redirect: str,
    written: bool,  # noqa: FBT001  a case
    form: str,
    folder: Path,
) -> None:
    assert redirected(redirect, *FAILED, "-f", form, cwd=folder).code == 1
    assert redirected(redirect, *PASSED, "-f", form, cwd=folder).code == (0 if written else 3)


def test_a_verdict_stays_if_a_file_cannot_be_written_and_says_so(folder: Path) -> None:
    for options in (["-o", "json:/dev/full"], ["-o", "json:/dev/full", "-o", "junit:r.xml"]):
        failed = losscli(*FAILED, *options, cwd=folder)
        assert failed.code == 1
        assert "cannot write /dev/full: No space left on device" in failed.err
        assert failed.err.splitlines()[-1] == "losscli: note: 1 gate: 1 failed"
        refused(losscli(*PASSED, *options, cwd=folder), 3, "/dev/full", "No space left")
    assert names(folder) == ["a.csv"]


def test_a_report_that_differs_is_1_even_if_that_cannot_be_written(folder: Path) -> None:
    losscli("mse", "a.csv", "-o", "json:r.json", cwd=folder)
    assert redirected(">/dev/full", "verify", "r.json", cwd=folder).code == 3
    document = json.loads((folder / "r.json").read_text())
    document["results"][0]["value"] = 0.25
    write(folder, r_json=json.dumps(document))
    assert redirected(">/dev/full", "verify", "r.json", cwd=folder).code == 1


@pytest.mark.parametrize(("stream", "passed"), [("stdout", 141), ("stderr", 0)])
def test_a_reader_who_left_changes_no_verdict(stream: str, passed: int, folder: Path) -> None:
    assert with_no_reader(stream, *FAILED, cwd=folder) == 1
    assert with_no_reader(stream, *PASSED, cwd=folder) == passed


@pytest.mark.parametrize("redirect", ["2>&-", "2>/dev/full", "2>&- >&-"])
def test_an_error_that_cannot_be_told_has_its_exit_code_all_the_same(redirect: str, folder: Path) -> None:
    assert redirected(redirect, "nope", "a.csv", cwd=folder).code == 2
    assert redirected(redirect, "mse", "none.csv", cwd=folder).code == 3


def test_what_is_written_to_a_closed_stream_lands_in_no_file(folder: Path) -> None:
    own = "import os\ndef mine(y_true, y_pred):\n    for end in (1, 2):\n        os.write(end, b'stray')\n"
    write(folder, mine_py=own + "    return abs(y_true - y_pred)\n")
    done = redirected("<&- >&- 2>&-", "./mine.py:mine", "a.csv", "-o", "json:r.json", cwd=folder)
    assert done.code == 0
    assert json.loads((folder / "r.json").read_text())["results"][0]["value"] == 0.5


@pytest.mark.parametrize("old", [None, "old"])
@pytest.mark.parametrize(
    "target", ["r.json", "r.csv", "r.tsv", "r.jsonl", "r.md", "table:r.txt", "r.html", "value:r.v"]
)
def test_a_disk_that_fills_leaves_no_part_of_a_file_and_an_old_one_untouched(
    target: str, old: str | None, tmp_path: Path
) -> None:
    write(tmp_path, a_csv=MANY)
    path = tmp_path / target.rpartition(":")[2]
    if old:
        path.write_text(old)
    before = names(tmp_path)
    full = at_most(FSIZE=0 if "value" in target else 500)
    done = redirected("", "mse", "a.csv", "--rows", "999", "-o", target, cwd=tmp_path, prelude=full)
    refused(done, 3, path.name, "File too large")
    assert names(tmp_path) == before
    assert not old or path.read_text() == old


def test_a_disk_that_fills_while_a_partial_result_is_written_leaves_nothing(folder: Path) -> None:
    done = redirected(
        "", "partial", "a.csv", "-l", "mse", "-o", "a.part", cwd=folder, prelude=at_most(FSIZE=100)
    )  # fmt: skip
    refused(done, 3, "a.part", "File too large")
    assert names(folder) == ["a.csv"]


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.ENOENT])
@pytest.mark.parametrize("command", [["mse", "-", "--from", "csv"], ["mse", "a.csv", "--reduction", "median"]])
def test_where_no_temporary_file_can_be_written_that_is_said(command: list[str], fault: int, tmp_path: Path) -> None:
    write(tmp_path, a_csv=MANY)
    error = OSError(fault, os.strerror(fault))
    with (
        patch("tempfile.TemporaryFile", side_effect=error),
        patch("losscli.sources.streams.IN_MEMORY", 100),
        patch("losscli.held.HELD", 100),
    ):
        done = called(*command, "-f", "value", "-o", "json:r.json", cwd=tmp_path, stdin=MANY.encode())
    refused(done, 3, os.strerror(fault).lower().partition(" ")[2])
    assert (done.out, names(tmp_path)) == ("", ["a.csv"])


def test_a_disk_that_cannot_be_read_is_said_and_gives_no_result(tmp_path: Path) -> None:
    arguments = ["--from", "csv", "-f", "value", "-o", "json:r.json"]
    file = called("mse", "/proc/self/mem", *arguments, cwd=tmp_path)
    refused(file, 3, "/proc/self/mem", "Input/output error")
    piped = with_failing_stdin(GOOD.encode(), "mse", "-", *arguments, cwd=tmp_path)
    refused(piped, 3, "stdin", "Input/output error")
    assert (file.out, piped.out, names(tmp_path)) == ("", "", [])


@pytest.mark.parametrize("target", ["none/r.json", "folder.json", "locked/r.json", "locked.json", f"{'n' * 256}.json"])
def test_a_path_that_cannot_be_written_is_refused_before_anything_is_read(target: str, tmp_path: Path) -> None:
    """stdin is a pipe into which nobody writes: to read it would take for ever."""
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "locked").mkdir(mode=0o555)
    (tmp_path / "locked.json").touch(mode=0o444)
    before = names(tmp_path)
    done = redirected("< <(exec sleep 9 >&- 2>&-)", "mse", "-", "-o", target, cwd=tmp_path, prelude=without_privilege)
    refused(done, 2, f"cannot write {target}")
    assert names(tmp_path) == before


def test_no_command_needs_a_folder_that_it_may_write(folder: Path) -> None:
    usual = losscli("mse", "a.csv", cwd=folder)
    folder.chmod(0o555)
    nowhere = {"HOME": "/proc", "TMPDIR": "/proc", "XDG_CACHE_HOME": "/proc", "XDG_CONFIG_HOME": "/proc"}
    done = redirected("", "mse", "a.csv", cwd=folder, env=nowhere, prelude=without_privilege)
    folder.chmod(0o755)
    assert (done.code, done.out) == (0, usual.out)


COMMANDS = [
    ["--help"], ["--version"], ["list"], ["show", "huber"], ["huber", "--help"], ["mse", "a.csv"], ["inspect", "a.csv"],
    ["explain", "mse", "a.csv"], ["compare", "a.csv", "b.csv", "-l", "mse"], ["confusion", "a.csv"],
    ["check", "a.csv", "--max", "mse=1"], ["mse", "a.csv", "-f", "markdown"], ["mse", "a.csv", "-f", "json"],
    ["mse", "u.csv", "--keep", "größe"], ["mse", "u.csv", "--keep", "größe", "-f", "csv"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_stream_that_has_only_ascii_is_no_error(command: list[str], folder: Path) -> None:
    write(folder, b_csv=GOOD, u_csv="y_true,y_pred,größe\n1,2,α\n")
    asked = [part.replace("größe", "gr*") for part in command]
    done = redirected("", *asked, cwd=folder, env=ASCII)
    assert done.code == 0, done.err
    assert (done.out + done.err).isascii() or "--help" in command  # typer writes UTF-8 where only ASCII is said to be
    usual = losscli(*asked, cwd=folder)
    assert len(done.out.splitlines()) == len(usual.out.splitlines())


def test_files_are_utf_8_whatever_the_locale(folder: Path) -> None:
    write(folder, u_csv="y_true,y_pred,größe\n1,2,α\n")
    for number, env in enumerate([{}, ASCII]):
        arguments = ["mse", "u.csv", "--keep", "gr*", "-q", "-o", f"json:{number}.json", "-o", f"csv:{number}.csv"]
        assert redirected("", *arguments, cwd=folder, env=env).code == 0
    for form in ("json", "csv"):
        first, second = ((folder / f"{number}.{form}").read_text(encoding="utf-8") for number in range(2))
        assert "größe" in first
        assert first == second


def test_an_empty_environment_is_enough(folder: Path) -> None:
    done = pexpect.run(f"env -i {SCRIPT} mse a.csv -q -f value", cwd=str(folder), withexitstatus=True)
    assert done == (b"0.5\r\n", 0)


@pytest.mark.parametrize("columns", ["0", "-5", "wide", "99999999999999999999"])
def test_no_width_of_a_terminal_is_an_error(columns: str, folder: Path) -> None:
    env = {"COLUMNS": columns, "LINES": columns, "TERM": "xterm-256color", "NO_COLOR": "1"}
    assert losscli("mse", "a.csv", cwd=folder, env=env).out == losscli("mse", "a.csv", cwd=folder).out
    for command in ("mse a.csv -q", "mse --help", "list", "inspect a.csv"):
        screen, code = pexpect.run(
            f"{SCRIPT} {command}", cwd=str(folder), env=environment(env), dimensions=(0, 0), withexitstatus=True
        )
        assert (code, b"Traceback" in screen) == (0, False), screen
        assert screen.strip()


@pytest.mark.parametrize("form", ["table", "json", "junit", "html", "github"])
def test_no_output_depends_on_the_clock(form: str, folder: Path) -> None:
    arguments = ("eval", "a.csv", "-l", "mse", "-l", "mae", "--ci", "0.9", "-f", form)
    usual = called(*arguments, cwd=folder)
    backwards = itertools.count(1e9, -3600)
    with (
        patch.object(time, "time", lambda: next(backwards)),
        patch.object(time, "monotonic", lambda: next(backwards)),
        patch("losscli.cli.progress.monotonic", lambda: next(backwards)),
    ):
        assert called(*arguments, cwd=folder) == usual
    assert usual.code == 0
