"""``--engine dask``: the same bits from a cluster, whatever happens to its workers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from console import SCRIPT, environment, losscli, refused

pytest.importorskip("distributed", reason="the dask extra is not installed")

PATIENCE = 120
"""Seconds that a start or an end may take on a busy machine; none of the tests waits that long when all is well."""

SLOW = """
import os, pathlib, time

def slow(y_true, y_pred):
    pathlib.Path(__file__).with_name(f"started-{os.getpid()}").touch()
    time.sleep(0.7)
    return abs(y_true - y_pred)
"""
"""A loss that says which process computes it, and takes its time."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(6):
        lines = [f"{(number * 7 + i) % 2},{((number * 13 + i * 5) % 97 + 1) / 99},{'ns'[i % 2]}\n" for i in range(40)]
        (tmp_path / f"p{number}.csv").write_text("".join(["y_true,y_pred,region\n", *lines]))
    (tmp_path / "slow.py").write_text(SLOW)
    return tmp_path


def wait_for(what: Callable[[], object]) -> None:
    end = monotonic() + PATIENCE
    while not what():
        assert monotonic() < end, "it never happened"
        sleep(0.05)


@contextmanager
def running(*module: str, cwd: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """A module of distributed as a process that ends with the ``with``."""
    command = [sys.executable, "-m", *module]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=cwd, env=environment(env), stdout=quiet, stderr=quiet) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def cluster(folder: Path, workers: int, **env: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler on a free port, and workers without a nanny that would start them again."""
    told = folder / "scheduler.json"
    common = ("--scheduler-file", str(told), "--no-dashboard")
    with ExitStack() as stack:
        where = ("--host", "127.0.0.1", "--port", "0")
        stack.enter_context(running("distributed.cli.dask_scheduler", *where, *common, cwd=folder))
        wait_for(told.exists)
        wait_for(lambda: told.read_text().endswith("}"))
        alone = ("--nworkers", "1", "--nthreads", "1", "--no-nanny")
        started = [
            stack.enter_context(running("distributed.cli.dask_worker", *common, *alone, cwd=folder, **env))
            for _ in range(workers)
        ]
        yield json.loads(told.read_text())["address"], started


def one_process(folder: Path, *options: str) -> str:
    done = losscli("eval", "p?.csv", *options, "--summary", "-f", "csv", cwd=folder)
    assert done.code == 0, done.err
    return done.out


def test_a_local_cluster_gives_the_bits_of_one_process(folder: Path) -> None:
    specs = ("-l", "mse", "-l", "bce", "-l", "roc-auc", "--by", "region")
    done = losscli("eval", "p?.csv", *specs, "--engine", "dask", "-f", "csv", cwd=folder)
    assert (0, one_process(folder, *specs)) == (done.code, done.out)
    assert "Warning" not in done.err
    large = (folder / "p0.csv").read_text() + "1,0.123456789012345,n\n" * 400_000  # what one process reads on all cores
    (folder / "p8.csv").write_text(large)
    one = losscli("huber", "p?.csv", "--delta", "0.25", "--engine", "dask", "-f", "csv", cwd=folder)
    assert one.out == one_process(folder, "-l", "huber:delta=0.25")


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(folder: Path) -> None:
    spec = ("-l", "./slow.py:slow", "-l", "rmse")
    whole = one_process(folder, *spec)
    for marker in folder.glob("started-*"):
        marker.unlink()
    with cluster(folder, 2) as (address, workers):
        command = [str(SCRIPT), "eval", "p?.csv", *spec, "--scheduler", address, "-f", "csv"]
        with subprocess.Popen(command, cwd=folder, env=environment(), stdout=-1, stderr=-1, text=True) as run:
            wait_for(lambda: all((folder / f"started-{one.pid}").exists() for one in workers))
            workers[0].kill()
            out, err = run.communicate(timeout=PATIENCE)
    assert (0, whole) == (run.returncode, out), err


def test_an_interrupt_takes_back_what_is_still_to_be_done(folder: Path) -> None:
    with cluster(folder, 1) as (address, workers):
        command = [str(SCRIPT), "eval", *["p0.csv"] * 100, "-l", "./slow.py:slow", "--scheduler", address]
        with subprocess.Popen(command, cwd=folder, env=environment(), stdout=-1, stderr=-1, text=True) as run:
            marker = folder / f"started-{workers[0].pid}"
            wait_for(marker.exists)
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=PATIENCE)
        assert (run.returncode, out) == (130, "")
        assert "Traceback" not in err
        done = losscli("mse", "p0.csv", "--scheduler", address, "-f", "value", cwd=folder)
        assert done.code == 0, "the worker is free again"


def test_a_scheduler_that_cannot_be_reached_is_an_error_within_seconds(folder: Path) -> None:
    begun = monotonic()
    done = losscli("mse", "p0.csv", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", cwd=folder)
    refused(done, 3, "no Dask scheduler answers at tcp://127.0.0.1:9")
    assert monotonic() - begun < PATIENCE / 2
    refused(losscli("mse", "p0.csv", "--scheduler", "nonsense", cwd=folder), 3, "nonsense")


def test_a_scheduler_without_workers_is_an_error(folder: Path) -> None:
    with cluster(folder, 0) as (address, _):
        refused(losscli("mse", "p0.csv", "--scheduler", address, cwd=folder), 3, "has no workers", "dask worker")


@pytest.mark.parametrize(
    ("there", "words"),
    [("__version__ = '0.0.0'\n", "has losscli 0.0.0"), ("raise ImportError\n", "has no losscli")],
)
def test_workers_need_the_same_losscli(folder: Path, there: str, words: str) -> None:
    (folder / "other" / "losscli").mkdir(parents=True)
    (folder / "other" / "losscli" / "__init__.py").write_text(there)
    with cluster(folder, 1, PYTHONPATH=str(folder / "other")) as (address, _):
        refused(losscli("mse", "p0.csv", "--scheduler", address, cwd=folder), 3, words, "pip install losscli==")


def test_without_the_extra_it_says_how_to_install_it(folder: Path) -> None:
    (folder / "distributed.py").write_text("raise ImportError\n")
    done = losscli("mse", "p0.csv", "--engine", "dask", cwd=folder, env={"PYTHONPATH": str(folder)})
    refused(done, 3, "pip install 'losscli[dask]'")


def test_a_workers_error_is_told_as_any_other(folder: Path) -> None:
    (folder / "p7.csv").write_text("y_true,y_pred,region\n1,1.5,n\n")
    done = losscli("bce", "p0.csv", "p7.csv", "--engine", "dask", cwd=folder)
    refused(done, 3, "p7.csv, line 2, column y_pred: 1.5", "hint: ")
    refused(losscli("mse", "p0.csv", "gone.csv", "--engine", "dask", cwd=folder), 3, "gone.csv cannot be read on")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("p0.csv", "--worst", "3"), "--worst shows samples"),
        (("p0.csv", "--keep", "region"), "--keep shows samples"),
        (("p0.csv", "--reduction", "none"), "--reduction none shows samples"),
        (("-",), "--engine reads files"),
        (("--true", "1,2", "--pred", "2,3"), "--engine reads files"),
        (("p0.csv", "--truth", "p1.csv"), "--truth"),
    ],
)
def test_what_needs_all_rows_in_one_place_is_refused_before_anything_starts(
    folder: Path, options: tuple[str, ...], words: str
) -> None:
    refused(losscli("mse", *options, "--engine", "dask", cwd=folder), 2, words)
