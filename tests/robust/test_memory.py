"""Too little memory: it is said in two lines, and neither a part of a file nor a verdict comes of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from console import refused, write
from faults import at_most, names, redirected

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux keeps them")

MEBIBYTE = 1 << 20
SMALL = "y_true,y_pred\n1,2\n2,2\n"


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
