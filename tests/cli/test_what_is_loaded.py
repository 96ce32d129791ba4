"""What start-up imports and what a long file costs: the causes of speed and of memory, not their clock times."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from console import SCRIPT, losscli, unmeasured, write

HEAVY = {"rich", "pydantic", "scipy", "sklearn", "pandas", "torch", "polars", "click"}
SELDOM = {"numpy.ma", "csv", "decimal", "fractions", "gzip", "multiprocessing", "asyncio", "unittest"}
INLINE = ("mse", "--true", "1,2,3", "--pred", "2,2,3")


IMPORTED = re.compile(r"^import '?([\w.]+)'? #", re.MULTILINE)


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """Return the modules that the console script imports."""
    done = subprocess.run(
        [sys.executable, "-v", SCRIPT, *arguments],
        cwd=cwd, env=unmeasured(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(IMPORTED.findall(done.stderr))


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        ((*INLINE, "-f", "value"), HEAVY | SELDOM | {"json"}),
        ((*INLINE, "-f", "csv"), (HEAVY | SELDOM | {"json"}) - {"csv"}),
        (("mse", "a.csv", "-f", "value"), HEAVY | (SELDOM - {"csv"})),
        ((*INLINE,), HEAVY - {"rich"}),
        (("--version",), HEAVY | SELDOM | {"json", "numpy"}),
        (("--help",), HEAVY - {"rich"}),
    ],
    ids=["value", "csv", "a file", "table", "version", "help"],
)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(
    arguments: tuple[str, ...], absent: set[str], tmp_path: Path
) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,2\n")
    modules = loaded(*arguments, cwd=tmp_path)
    assert "losscli" in modules
    assert absent & modules == set()


def test_no_garbage_is_looked_for_before_a_few_rows_are_shown(tmp_path: Path) -> None:
    code = (
        "import gc, sys; from losscli import cli; seen = []; gc.callbacks.append(lambda *what: seen.append(what)); "
        "end = cli._flushed; cli._flushed = lambda code: print(len(seen), file=sys.stderr) or end(code); cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *INLINE], cwd=tmp_path, env=unmeasured(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == "0\n"


def test_one_loss_s_command_imports_one_family(tmp_path: Path) -> None:
    families = {name for name in loaded(*INLINE, "-f", "value", cwd=tmp_path) if name.startswith("losscli.losses.")}
    assert {name for name in families if not name.rpartition(".")[2].startswith("_")} == {"losscli.losses.regression"}


def test_the_library_imports_numpy_and_neither_typer_nor_rich(tmp_path: Path) -> None:
    code = (
        "import sys, losscli; losscli.evaluate('huber:delta=2', [0.0], [1.0]); losscli.LOSSES['mse']; "
        "print(sorted({'numpy', 'typer', 'rich', 'pydantic', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "['numpy']\n"


PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, "
    "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)
ROWS, TIMES = 40_000, 8
MEBIBYTE = 1 << 10
HELD = 12
"""So many mebibytes more may a long file take: 8 are measured. Beside the cells of one block, which a short file has as
well, it has the bytes and the text of the block before, three blocks ahead with two workers, and gaps between them."""


def peak(*arguments: str, cwd: Path) -> int:
    """Return the greatest memory that the console script held, in KiB."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, SCRIPT, *arguments],
        cwd=cwd, env=unmeasured(), capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return int(done.stdout)


def _csv(path: Path, values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    path.write_text("y_true,y_pred\n" + "".join(f"{t!r},{p!r}\n" for t, p in values.tolist()))


def _quoted(path: Path, values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    path.write_text("y_true,y_pred,x\n" + "".join(f'{t!r},{p!r},"a ""b"""\n' for t, p in values.tolist()))


def _lines(path: Path, values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    path.write_text("".join(json.dumps({"y_true": t, "y_pred": p}) + "\n" for t, p in values.tolist()))


def _array(path: Path, values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    np.save(path, np.tile(values, (20, 1)))


@pytest.mark.parametrize(
    ("name", "make"),
    [("a.csv", _csv), ("a.jsonl", _lines), ("a.npy", _array), ("q.csv", _quoted)],
    ids=["csv", "jsonl", "npy", "quoted csv"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_memory_does_not_grow_with_the_rows(
    name: str, make: Callable[[Path, np.ndarray[tuple[int, int], np.dtype[np.float64]]], None], tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(ROWS * TIMES, 2))
    arguments = ("mse", name, "--summary", "-f", "csv", "-j", "2")  # every core has a block of its own ahead
    make(tmp_path / name, values[:ROWS])
    few = peak(*arguments, cwd=tmp_path)
    make(tmp_path / name, values)
    many = peak(*arguments, cwd=tmp_path)
    size = (tmp_path / name).stat().st_size / 1024
    assert many - few < min(HELD * MEBIBYTE, size), f"{few} KiB → {many} KiB for {size:.0f} KiB of data"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_the_samples_of_a_long_file_do_not_gather_in_memory(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(ROWS * TIMES, 2))
    np.save(tmp_path / "few.npy", values[: ROWS * 2])
    np.save(tmp_path / "many.npy", values)
    few, many = (peak("mse", name, "-f", "csv", cwd=tmp_path) for name in ("few.npy", "many.npy"))
    assert many - few < HELD * MEBIBYTE
    assert losscli("mse", "few.npy", "-f", "csv", cwd=tmp_path).out.count("\n") == ROWS * 2 + 1
