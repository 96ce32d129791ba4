"""How far the reading has come: bytes of the files as they lie on the disk."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from losscli.sources.inputs import open_input
from losscli.sources.meter import Meter


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.npy"])
def test_a_file_that_was_read_counts_with_its_size(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    numbers = np.random.default_rng(0).random(100_000)
    np.save(path.with_suffix(".npy"), numbers)
    data = path.with_suffix(".npy").read_bytes()
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    meter = Meter()
    meter.expect([str(path)])
    with open_input(str(path), "csv", meter).open() as stream:
        stream.read(1 << 17)
        assert 0 < meter.done < path.stat().st_size
        stream.read()
    assert meter.done == meter.total == path.stat().st_size


def test_a_file_that_is_opened_again_counts_from_its_beginning() -> None:
    meter = Meter()
    meter.at("a.csv", 500)
    meter.at("b.csv", 70)
    meter.at("a.csv", 20)
    assert meter.done == 90


def test_another_pass_counts_anew() -> None:
    meter = Meter()
    meter.task = "classes"
    meter.at("a.csv", 500)
    meter.again()
    assert (meter.done, meter.task) == (0, "")


def test_a_pipe_has_no_total(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"123")
    os.mkfifo(tmp_path / "b.csv")
    meter = Meter()
    meter.expect([str(tmp_path / "a.csv")])
    assert meter.total == 3
    meter.expect([str(tmp_path / "b.csv")])
    assert meter.total is None
    assert meter.what == "2 files"


def test_whoever_watches_is_told_of_every_reading() -> None:
    told = []
    meter = Meter()
    meter.expect(["-"])
    meter.watch = lambda: told.append(meter.done)
    for position in (10, 20, 30):
        meter.at("stdin", position)
    assert (told, meter.total, meter.what) == ([10, 20, 30], None, "stdin")
