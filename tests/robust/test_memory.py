"""Too little memory: it is said in two lines, and neither a part of a file nor a verdict comes of it."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from console import refused, write
from faults import at_most, names, redirected

from losscli.sources import csv_lines
from losscli.sources.csv import CsvTable
from losscli.sources.inputs import open_input

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux keeps them")

MEBIBYTE = 1 << 20
SMALL = "y_true,y_pred\n1,2\n2,2\n"

PRODUCT = f"""
import os
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import resource
import numpy as np
from losscli.arrays import product
parts = np.ones((4, 1 << 14))
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
for room in (20, 200):
    resource.setrlimit(resource.RLIMIT_AS, (used + room * {MEBIBYTE}, resource.RLIM_INFINITY))
    try:
        print(product(parts, parts.T)[0, 0])
    except MemoryError:
        print("no room")
"""
"""Multiplies matrices with and without room for the buffer of BLAS, as ``losscli`` does with one thread."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small table, and one of 12 MB that worker processes read."""
    found = tmp_path_factory.mktemp("memory")
    write(found, a_csv=SMALL, big_csv="y_true,y_pred\n" + "".join(f"{i}.25,{i}.75\n" for i in range(800_000)))
    return found


@pytest.mark.parametrize("limit", [40, 80, 110, 125, 140, 170, 250])
@pytest.mark.parametrize("name", ["a.csv", "big.csv"])
def test_a_limit_of_memory_gives_the_whole_result_or_none_and_says_so(name: str, limit: int, folder: Path) -> None:
    arguments = ("check", name, "--max", "mse@median=1", "-j", "2", "-q", "-f", "value", "-o", "json:r.json")
    done = redirected("", *arguments, cwd=folder, prelude=at_most(AS=limit * MEBIBYTE))
    if done.code:
        refused(done, 3, "out of memory")
        assert (done.out, "r.json" in names(folder)) == ("", False)
    else:
        assert done.out
        (folder / "r.json").unlink()
    assert names(folder) == ["a.csv", "big.csv"]
    assert limit > 100 or done.code
    assert limit < 250 or not done.code


@pytest.mark.parametrize("limit", [130, 400, 1200])
def test_a_parquet_file_under_a_limit_is_read_or_refused(limit: int, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    polars.DataFrame({"y_true": [1.0, 2.0], "y_pred": [2.0, 2.0]}).write_parquet(tmp_path / "a.parquet")
    done = redirected(
        "", "mse", "a.parquet", "-o", "json:r.json", cwd=tmp_path, prelude=at_most(AS=limit * MEBIBYTE)
    )  # fmt: skip
    refused(done, 3, "a.parquet: out of memory", "ulimit -v")
    assert names(tmp_path) == ["a.parquet"]


def test_a_matrix_product_without_room_is_an_error_and_not_the_end_of_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", PRODUCT], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "no room\n16384.0\n"), done.stderr


def test_the_cells_of_a_block_of_quoted_csv_are_let_go_before_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_lines, "SIZE", 1 << 17)
    peaks = []
    for rows in (6_000, 24_000):
        write(tmp_path, q_csv="y_true,y_pred,x\n" + '1.25,2.25,"a ""b"""\n' * rows)
        table = CsvTable(open_input(str(tmp_path / "q.csv")))
        tracemalloc.start()
        try:
            assert sum(len(chunk.lines) for chunk in table.chunks({"y_true": "number", "y_pred": "number"})) == rows
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0], peaks
