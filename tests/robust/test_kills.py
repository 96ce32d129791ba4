"""Signals at any moment: the code of the signal and nothing changed, or the whole result; never a process left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from console import losscli, ready, unmeasured, write
from faults import names, program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and files without a name")

ROWS = 60_000
TABLE = "y_true,y_pred,text\n" + "1.25,2.25,some text\n" * ROWS
WAYS = {
    "here": "1 << 40, 1 << 40, 1 << 40",
    "workers": "1 << 18, 1 << 40, 1 << 40",
    "polars": "1 << 18, 1 << 19, 1 << 40",
    "beside": "1 << 18, 1 << 19, 1 << 19",
}
"""From how many bytes on worker processes read the file, polars does, and a process with polars begins early."""

ARGUMENTS = ("eval", "a.csv", "-l", "mse", "-l", "mae", "-f", "value")
MORE = ("-j", "2", "--keep", "text")
"""What a process that begins early does not do."""

OUTPUTS = ("-o", "json:r.json", "-o", "csv:r.csv")
RESULT = "mse\t1.0\nmae\t1.0\n"
POINTS = [0.0, 0.2, 0.4, 0.6, 0.8, 0.97]
"""Shares of the time that a whole run takes."""


@contextmanager
def started(way: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a run that reads a table, writes two files, and leads a process group of its own.

    What measures coverage has a lock, which it does not give back when a signal breaks into it.
    """
    thresholds = f"csv_ahead.WORKERS_FROM, csv_ahead.POLARS_FROM, csv_beside.POLARS_FROM = {WAYS[way]}"
    cores = "csv_ahead.usable_cores = csv_beside.usable_cores = lambda: 2"
    modules = "from losscli.sources import csv_ahead, csv_beside"
    command = program("from losscli.cli import main", modules, thresholds, cores)
    with subprocess.Popen(
        [*command, *ARGUMENTS, *(MORE if way != "beside" else ()), *OUTPUTS],
        cwd=folder, env=unmeasured(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def leaves_no_process(group: int) -> bool:
    """Tell whether every process of a group ends, those whose parent is gone at once after it."""
    until = monotonic() + 5
    while monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        sleep(0.01)
    os.killpg(group, signal.SIGKILL)
    return False


@pytest.fixture(params=[None, "old"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with a table, and in one case with reports of an earlier run."""
    (tmp_path / "a.csv").write_text(TABLE)
    if request.param:
        (tmp_path / "r.json").write_text(request.param)
        (tmp_path / "r.csv").write_text(request.param)
    return tmp_path


def stopped(way: str, number: signal.Signals, delay: float, folder: Path) -> tuple[int, str, dict[str, str]]:
    """Run losscli and send a signal after a while; return the exit code, stdout, and the reports that are there."""
    with started(way, folder) as process:
        ready(process)
        sleep(delay)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert "Traceback" not in err, err
    assert leaves_no_process(process.pid)
    assert set(names(folder)) <= {"a.csv", "r.json", "r.csv"}
    return process.returncode, out, {name: (folder / name).read_text() for name in names(folder) if name != "a.csv"}


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_is_stopped_at_any_moment_leaves_what_was_there_or_the_whole_result(way: str, folder: Path) -> None:
    if way in ("polars", "beside"):
        pytest.importorskip("polars")
    before = {name: (folder / name).read_text() for name in names(folder) if name != "a.csv"}
    with started(way, folder) as process:
        ready(process)
        start = monotonic()
        assert process.communicate(timeout=60)[0] == RESULT
        seconds = monotonic() - start
    after = {name: (folder / name).read_text() for name in ("r.json", "r.csv")}
    assert after["r.csv"].count("\n") == ROWS + 1
    codes = set()
    for turn, share in enumerate(POINTS):
        number = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGTERM][turn]
        for name in after:
            (folder / name).unlink()
        for name, text in before.items():
            (folder / name).write_text(text)
        code, out, left = stopped(way, number, share * seconds, folder)
        codes.add(code)
        if code in (0, -signal.SIGINT, -signal.SIGTERM):  # it came when there was nothing left to do
            assert left == after
            assert out == RESULT or (code and not out)
            continue
        assert code == 128 + number
        assert out in ("", RESULT)
        assert all(text in (before.get(name), after[name]) for name, text in left.items())
        assert number != signal.SIGINT or left in (before, after)
        for name in after:
            (folder / name).touch()
    assert 130 in codes


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.06, 0.1, 0.15])
def test_a_request_to_stop_while_losscli_starts_changes_nothing(delay: float, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    with started("here", tmp_path) as process:
        sleep(delay)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (process.returncode in (-signal.SIGTERM, 143), out, names(tmp_path)) == (True, "", ["a.csv"]), err


@pytest.mark.parametrize("way", ["here", "workers", "beside"])
def test_a_process_that_is_killed_leaves_no_part_of_a_file_and_no_process(way: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    for delay in (0.0, 0.05, 0.15):
        with started(way, tmp_path) as process:
            ready(process)
            sleep(delay)
            process.kill()
        assert leaves_no_process(process.pid)
        left = names(tmp_path)
        assert set(left) <= {"a.csv", "r.csv", "r.json"}
        assert delay or left == ["a.csv"]
        assert "r.csv" not in left or (tmp_path / "r.csv").read_text().count("\n") == ROWS + 1


def test_an_impatient_second_interrupt_leaves_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with started("here", tmp_path) as process:
        ready(process)
        with (tmp_path / "a.csv").open("w", encoding="ascii") as pipe:
            pipe.write(TABLE)
            pipe.flush()
            for _ in range(5):
                process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    assert process.returncode in (130, -signal.SIGINT)
    assert names(tmp_path) == ["a.csv"]


IN_A_FINALIZER = """
import signal, time
class Stopping:
    def __del__(self):
        signal.raise_signal({})
def f(y_true, y_pred):
    Stopping()
    time.sleep(20)
    return abs(y_true - y_pred)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_in_a_finalizer_is_not_lost_and_shows_no_traceback(number: int, tmp_path: Path) -> None:
    """Python drops what is raised there: also in what lets go of an import's lock, which every import runs."""
    write(tmp_path, a_csv="y_true,y_pred\n1,2\n", mine_py=IN_A_FINALIZER.format(int(number)))
    done = losscli("./mine.py:f", "a.csv", "-q", "-o", "json:r.json", cwd=tmp_path)
    assert (done.code, done.out, done.err) == (128 + number, "", "")
    assert names(tmp_path) == ["a.csv", "mine.py"]


@pytest.mark.parametrize(
    ("moment", "code", "out"),
    [("_mend_streams", 130, ""), ("_heed_signals", 130, ""), ("_let_signals_kill", 0, "1.0\n")],
)
def test_an_interrupt_before_the_work_is_130_and_after_it_too_late(
    moment: str, code: int, out: str, tmp_path: Path
) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,2\n")
    interrupted = f"cli.{moment} = lambda: signal.raise_signal(signal.SIGINT)"
    command = program("import signal", "from losscli import cli", interrupted, "main = cli.main")
    done = subprocess.run(
        [*command, "mse", "a.csv", "-q", "-f", "value"],
        cwd=tmp_path, env=unmeasured(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, out, "")
