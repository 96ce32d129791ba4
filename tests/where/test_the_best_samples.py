"""``--best K``, alone and beside ``--worst K``: the same samples in every format."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write
from hypothesis import given
from hypothesis import strategies as st

from losscli.formats.worst import Best, Extremes

ERRORS = [3, 0, 5, 1, 0, 4]
LOSSES = st.lists(st.sampled_from([0.0, 1.0, 2.5, float("nan"), float("inf")]), max_size=30)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n" + "".join(f"0,{error}\n" for error in ERRORS))


def fed(kept: Best | Extremes, losses: list[float], step: int) -> list[int]:
    """The rows that are kept of some losses, which come a few at a time."""
    for i in range(0, len(losses), step):
        some = np.array(losses[i : i + step])
        kept.samples({"row": np.arange(i + 1, i + 1 + len(some)), "mse": some})
    return [*map(int, np.asarray(kept.block().get("row", [])))]


@given(LOSSES, st.integers(1, 8), st.integers(1, 10))
def test_the_best_are_the_first_of_a_full_sort_however_the_samples_are_cut(
    losses: list[float], count: int, step: int
) -> None:
    smallest = sorted((i for i in range(len(losses)) if losses[i] == losses[i]), key=lambda i: (losses[i], i))
    undefined = [i for i in range(len(losses)) if losses[i] != losses[i]]
    assert fed(Best(count, ["mse"]), losses, step) == [i + 1 for i in [*smallest, *undefined][:count]]


@given(LOSSES, st.integers(1, 20), st.integers(1, 20))
def test_no_sample_is_both_among_the_worst_and_the_best(losses: list[float], worst: int, best: int) -> None:
    rows = fed(Extremes(worst, best, ["mse"]), losses, 7)
    assert len(set(rows)) == len(rows) == min(len(losses), worst + best)


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (("--best", "2"), [2, 5]),
        (("--worst", "2", "--best", "3"), [3, 6, 2, 5, 4]),
        (("--best", "3", "--worst", "2"), [3, 6, 2, 5, 4]),
        (("--worst", "5", "--best", "5"), [3, 6, 1, 4, 2, 5]),
    ],
)
def test_every_format_shows_the_worst_and_then_the_best(
    options: tuple[str, ...], rows: list[int], tmp_path: Path
) -> None:
    done = losscli("mae", "a.csv", *options, "-o", "csv", "-o", "jsonl:a.jsonl", "-o", "json:a.json", cwd=tmp_path)
    lines = (tmp_path / "a.jsonl").read_text().splitlines()
    document = json.loads((tmp_path / "a.json").read_text())
    assert [int(row["row"]) for row in csv.DictReader(done.out.splitlines())] == rows
    assert [json.loads(line)["row"] for line in lines] == rows
    assert [sample["row"] for sample in document["samples"]] == rows


def test_tables_say_which_samples_they_show(tmp_path: Path) -> None:
    both = losscli("mae", "a.csv", "--best", "3", "--worst", "2", "-o", "table", "-o", "html:a.html", cwd=tmp_path)
    best = losscli("mae", "a.csv", "--best", "3", cwd=tmp_path)
    page = (tmp_path / "a.html").read_text()
    assert "the 2 largest and the 3 smallest of 6 losses, by mae" in both.out
    assert "the 3 smallest of 6 losses, by mae" in best.out
    assert "<h2>Worst and best samples</h2>" in page
    assert "The 2 largest and the 3 smallest of 6 losses" in page


def test_a_score_has_no_samples_to_choose_from(tmp_path: Path) -> None:
    write(tmp_path, s_csv="y_true,y_pred\n1,2\n2,2\n3,4\n")
    document = losscli("r2", "s.csv", "--best", "2", "-f", "json", cwd=tmp_path).document
    assert "samples" not in document


def test_a_report_of_the_best_is_verified(tmp_path: Path) -> None:
    losscli("mae", "a.csv", "--best", "2", "-o", "json:r.json", "-q", cwd=tmp_path)
    assert losscli("verify", "r.json", cwd=tmp_path).code == 0


def test_a_number_of_samples_begins_at_one(tmp_path: Path) -> None:
    refused(losscli("mae", "a.csv", "--best", "0", cwd=tmp_path), 2, "--best")
