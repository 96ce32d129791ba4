"""A process beside losscli reads large CSV by polars: the same numbers and errors, and nothing is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from losscli.sources import csv_beside

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")

ROWS = 60_000
TIDY = "y_true,y_pred\n" + "".join(f"{i}.25,{i % 7}.5\n" for i in range(ROWS))
LAST = ROWS + 2

MAIN = """
import sys
from losscli import cli
from losscli.sources import csv_beside
csv_beside.POLARS_FROM = 1 << 18
csv_beside.usable_cores = lambda: {cores}
from losscli.sources import csv_ahead
csv_ahead.WORKERS_FROM, csv_ahead.usable_cores = 1 << 18, lambda: {cores}
{before}
begun, given = [], []
begin, submit = csv_beside.begin, csv_beside.Beside.submit
def watched(arguments):
    begin(arguments)
    begun.extend(csv_beside._waiting)
def counted(*of):
    given.append(of)
    return submit(*of)
csv_beside.begin, csv_beside.Beside.submit = watched, counted
ended = cli._flushed
def told(code):
    said = ["began" if begun else "did not begin", "read" if given else "read nothing"]
    print(*said, "polars here" if "polars" in sys.modules else "no polars here", sep=", ", file=sys.stderr)
    return ended(code)
cli._flushed = told
cli.main()
"""
"""losscli with a process for files that are not large yet; it tells on stderr what the process did."""


def run(
    folder: Path, *arguments: str, cores: int = 2, before: str = "", limit: str = ""
) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("polars")
    code = MAIN.format(cores=cores, before=before)
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        ["bash", "-c", f'{limit} exec "$@"', "_", *command] if limit else command,
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def in_full(folder: Path, *arguments: str) -> tuple[int, str, list[str]]:
    """Return what losscli says without any such process."""
    done = run(folder, *arguments, "--jobs", "1")
    *said, way = done.stderr.splitlines()
    assert way == "did not begin, read nothing, polars here"
    return done.returncode, done.stdout, said


def test_the_numbers_of_a_tidy_file_come_from_there_and_are_the_same_bits(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TIDY)
    arguments = ("eval", "a.csv", "-l", "mse", "-l", "log-cosh", "-f", "json")
    done = run(tmp_path, *arguments)
    code, out, said = in_full(tmp_path, *arguments)
    assert done.stderr.splitlines() == [*said, "began, read, no polars here"]
    assert (done.returncode, done.stdout) == (code, out) == (0, out)


@pytest.mark.parametrize("row", ["1,NA", "1,", "1,x", "1", "1,2,3", '"1","2"', "1,é", "", " 1,2", "1,+2"])
@pytest.mark.parametrize("at", ["first", "last"])
def test_what_is_not_tidy_is_read_here_with_the_same_result_and_the_same_error(
    row: str, at: str, tmp_path: Path
) -> None:
    header, body = "y_true,y_pred\n", TIDY.partition("\n")[2]
    (tmp_path / "a.csv").write_text(header + (f"{row}\n{body}" if at == "first" else f"{body}{row}\n"))
    arguments = ("mse", "a.csv", "--missing", "drop", "-f", "json", "-d", ",")
    done = run(tmp_path, *arguments)
    code, out, said = in_full(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (code, out)
    assert done.stderr.splitlines() == [*said, "began, read, polars here"]


def test_a_second_table_and_a_second_pass_are_read_by_the_same_process(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TIDY)
    (tmp_path / "b.csv").write_text(TIDY)
    forks = "import os; os.fork = (lambda fork: lambda: print('fork', file=sys.stderr) or fork())(os.fork)"
    arguments = ("check", "a.csv", "b.csv", "--max", "mse@median=1e99", "--max", "mae=1e99", "-q", "-f", "json")
    done = run(tmp_path, *arguments, before=forks)
    assert (done.returncode, done.stderr) == (0, "fork\nbegan, read, no polars here\n")
    assert done.stdout == in_full(tmp_path, *arguments)[1]


def test_if_the_process_dies_this_one_reads_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TIDY)
    for moment in (0, 3):
        killed = (
            "whole, turns = csv_beside.Beside.submit, []\n"
            "def dying(self, data, shape):\n"
            f"    if len(turns) == {moment}:\n"
            "        import os; os.kill(self._worker.pid, 9)\n"
            "    turns.append(data)\n"
            "    return whole(self, data, shape)\n"
            "csv_beside.Beside.submit = dying\n"
            "from losscli.sources import csv_lines\n"
            "csv_lines.SIZE, csv_ahead.POLARS_SIZE = 1 << 16, 1 << 17"
        )
        done = run(tmp_path, "mse", "a.csv", "-q", "-f", "value", before=killed)
        assert (done.returncode, done.stderr) == (0, "began, read, polars here\n")
        assert done.stdout == in_full(tmp_path, "mse", "a.csv", "-q", "-f", "value")[1]


@pytest.mark.parametrize(
    ("arguments", "cores", "limit"),
    [
        (("mse", "a.csv", "-j", "2"), 2, ""),
        (("mse", "a.csv"), 1, ""),
        (("mse", "small.csv"), 2, ""),
        (("mse", "a.csv"), 2, "ulimit -v 4000000;"),
        (("mse", "none.csv"), 2, ""),
    ],
    ids=["told how many cores", "one core", "a small file", "limited memory", "no file"],
)
def test_no_process_begins_that_would_not_repay(
    arguments: tuple[str, ...], cores: int, limit: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(TIDY)
    (tmp_path / "small.csv").write_text("y_true,y_pred\n1,2\n")
    done = run(tmp_path, *arguments, cores=cores, limit=limit)
    assert "did not begin" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("mse", "a.csv", "--pred", "nobody"), ("nothing", "a.csv"), ("--version", "a.csv")]
)
def test_a_process_that_is_not_needed_ends_and_nobody_waits_for_it(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """What it was given as stdout is a pipe here: it is read to its end, which an open copy would put off."""
    (tmp_path / "a.csv").write_text(TIDY)
    slow = "import time\ndef late(self, *ends):\n"
    slow += f"    csv_beside._be_silent()\n    time.sleep(60)  # {tmp_path}\ncsv_beside.Beside._serve = late"
    start = monotonic()
    done = run(tmp_path, *arguments, before=slow)
    assert "began, read nothing" in done.stderr
    assert monotonic() - start < 50
    _end_what_is_left(f"# {tmp_path}\n".encode())


def _end_what_is_left(mark: bytes) -> None:
    """End the sleeper of the test above."""
    for one in Path("/proc").iterdir():
        if one.name.isdecimal():
            try:
                ours = mark in (one / "cmdline").read_bytes()
            except OSError:
                continue
            if ours:
                os.kill(int(one.name), signal.SIGKILL)


def test_it_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    os.mkfifo(tmp_path / "slow.csv")
    (tmp_path / "a.csv").write_text(TIDY)
    code = MAIN.format(cores=2, before="")
    with subprocess.Popen(
        [sys.executable, "-c", code, "mse", "slow.csv", "a.csv"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until = monotonic() + 20
        while not (child := children.read_text()) and monotonic() < until:
            sleep(0.01)
        process.kill()
    until = monotonic() + 20
    while Path(f"/proc/{int(child)}").exists() and monotonic() < until:
        sleep(0.02)
    assert not Path(f"/proc/{int(child)}").exists()


def test_a_path_that_cannot_be_asked_about_has_no_size() -> None:
    assert csv_beside._size("a\0.csv") == 0  # noqa: SLF001  no shell can give it, a program can


def test_many_small_files_are_read_there_too(tmp_path: Path) -> None:
    header, *rows = TIDY.splitlines(keepends=True)
    names = [f"{start:05}.csv" for start in range(0, ROWS, 6_000)]
    for name in names:
        (tmp_path / name).write_text("".join([header, *rows[int(name[:5]) :][:6_000]]))
    (tmp_path / "a.csv").write_text(TIDY)
    done = run(tmp_path, "mse", *names, "-q", "-f", "value")
    assert done.stderr == "began, read, no polars here\n"
    assert done.stdout == in_full(tmp_path, "mse", "a.csv", "-q", "-f", "value")[1]
