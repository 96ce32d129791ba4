"""Much of everything: nothing is left open, left over or held on to, and time grows with the data alone."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from console import SCRIPT, environment, write
from faults import names
from in_process import called

RUNS, TRACED = 1000, 150
MANY = 10_000
LIMIT = 40
"""Seconds of processor time: ten times what is needed, and less than anything quadratic takes."""
TABLE = "y_true,y_pred,g\n" + "".join(f"{i},{i + 1},g{i % 7}\n" for i in range(60))
BAD = "y_true,y_pred\n1,2\n2,oops\n"
MIXED = [
    (0, ["mse", "a.csv", "-f", "value"]),
    (0, ["eval", "a.csv", "-l", "mse", "-l", "huber:delta=2", "--by", "g", "-f", "json", "-o", "csv:r.csv"]),
    (0, ["mae", "--true", "1,2,3", "--pred", "2,2,3", "--reduction", "median"]),
    (0, ["check", "a.csv", "--max", "mse=1", "-o", "junit:r.xml", "-f", "value"]),
    (1, ["check", "a.csv", "--max", "mse=0.5", "-f", "json"]),
    (0, ["mse", "-", "--worst", "2"]),
    (3, ["mse", "bad.csv", "-o", "json:never.json"]),
    (3, ["mse", "none.csv"]),
    (2, ["hubber", "a.csv"]),
    (2, ["mse", "a.csv", "-o", "none/r.json"]),
    (0, ["show", "huber"]),
    (0, ["partial", "a.csv", "-l", "mse", "-o", "a.part"]),
    (0, ["r2", "a.csv", "-f", "markdown"]),
]
"""What is run over and over: the exit code, and the command."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good table and a bad one."""
    found = tmp_path_factory.mktemp("load")
    write(found, a_csv=TABLE, bad_csv=BAD)
    return found


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert names(tmp_path) == []


def run_mixed(times: int, folder: Path) -> None:
    """Run the mixed commands in turn, so many altogether."""
    for number in range(times):
        code, arguments = MIXED[number % len(MIXED)]
        done = called(*arguments, cwd=folder, stdin=TABLE.encode())
        assert done.code == code, done.err


def open_files() -> int:
    """Return how many files this process has open."""
    gc.collect()
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  names


@pytest.mark.skipif(sys.platform != "linux", reason="open files as Linux lists them")
@pytest.mark.usefixtures("temporary")
def test_thousands_of_runs_leave_no_open_file_and_no_temporary_one(folder: Path) -> None:
    run_mixed(len(MIXED), folder)
    before = open_files()
    run_mixed(RUNS, folder)
    assert open_files() == before
    assert names(folder) == ["a.csv", "a.part", "bad.csv", "r.csv", "r.xml"]


def test_runs_hold_on_to_no_memory(folder: Path) -> None:
    run_mixed(2 * len(MIXED), folder)
    tracemalloc.start()
    try:
        run_mixed(2 * len(MIXED), folder)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        run_mixed(TRACED, folder)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 500 * TRACED, f"{(after - before) / TRACED:.0f} bytes a run"


def test_processes_side_by_side_read_the_same_files_and_replace_the_same_report_whole(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    options = ["-l", "mse", "-l", "mae", "--by", "g", "-f", "json", "-o", "json:r.json", "-o", "csv:r.csv", "--summary"]
    found = []
    for _ in range(4):
        some = [
            subprocess.Popen(
                [SCRIPT, "eval", "a.csv", *options], cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
            for _ in range(8)
        ]  # fmt: skip
        found += [(one.communicate(timeout=60)[0], one.returncode) for one in some]
    assert len(set(found)) == 1
    assert found[0][1] == 0
    assert (tmp_path / "r.json").read_bytes() == found[0][0]
    assert names(tmp_path) == ["a.csv", "r.csv", "r.json"]


def test_ten_thousand_groups_each_have_their_result(tmp_path: Path) -> None:
    write(tmp_path, g_csv="y_true,y_pred,g\n" + "".join(f"{i},{i + i % MANY},g{i % MANY}\n" for i in range(2 * MANY)))
    arguments = ["eval", "g.csv", "-l", "mae", "-l", "mse", "--by", "g", "--summary", "-f", "jsonl"]
    start = process_time()
    records = called(*arguments, cwd=tmp_path).records
    assert process_time() - start < LIMIT
    values = {record["by"]["g"]: record["value"] for record in records if record["loss"] == "mae" and record["by"]}
    assert values == {f"g{i}": float(i) for i in range(MANY)}
    done = called("check", "g.csv", "--by", "g", "--max", f"mae={MANY - 2}", "-f", "value", cwd=tmp_path)
    assert (done.code, f"{MANY + 1} gates: 1 failed" in done.err) == (1, True)


def test_ten_thousand_columns_are_found_by_name_and_by_pattern(tmp_path: Path) -> None:
    header = [f"{side}{i}" for side in ("t_", "p_") for i in range(MANY)]
    rows = [[float(i) for i in range(MANY)] + [float(i + row) for i in range(MANY)] for row in range(3)]
    write(tmp_path, w_csv="\n".join([",".join(header), *(",".join(map(repr, row)) for row in rows)]))
    start = process_time()
    assert called("mae", "w.csv", "-t", "t_9", "-p", "p_9", "-f", "value", cwd=tmp_path).value == 1.0
    assert called("mae", "w.csv", "-t", "t_*", "-p", "p_*", "-f", "value", cwd=tmp_path).value == 1.0
    kept = called("mae", "w.csv", "-t", "t_9", "-p", "p_9", "--keep", "p_*", "-f", "csv", cwd=tmp_path).out
    assert process_time() - start < LIMIT
    assert [len(line.split(",")) for line in kept.splitlines()] == [MANY + 4] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="open files as Linux lists them")
@pytest.mark.usefixtures("temporary")
def test_ten_thousand_shards_are_one_data_set_and_are_closed_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    shards = tmp_path_factory.mktemp("shards")
    for i in range(MANY):
        (shards / f"{i}.csv").write_text(f"y_true,y_pred\n0,{i}\n", encoding="ascii")
    before = open_files()
    start = process_time()
    done = called("mae", ".", "--summary", "-f", "json", cwd=shards)
    assert process_time() - start < LIMIT
    assert (done.code, done.document["n"], done.document["results"][0]["sum"]) == (0, MANY, sum(range(MANY)))
    assert open_files() == before
    named = called("mae", *(f"{i}.csv" for i in range(MANY)), "-f", "csv", cwd=shards)
    assert [line.rpartition(",")[2] for line in named.out.splitlines()[1:]] == [repr(float(i)) for i in range(MANY)]


def test_a_thousand_losses_are_computed_in_one_pass(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    specs = [f"huber:delta={i}" for i in range(1, 1001)]
    arguments = ["eval", "a.csv", *(part for spec in specs for part in ("-l", spec))]
    start = process_time()
    done = called(*arguments, "-f", "json", "-o", "csv:r.csv", "-o", "table:r.txt", cwd=tmp_path)
    assert process_time() - start < LIMIT
    assert [result["loss"] for result in done.document["results"]] == specs
    assert {result["value"] for result in done.document["results"]} == {0.5}
    assert len(json.loads(done.out)["samples"][0]) == 3 + len(specs)
