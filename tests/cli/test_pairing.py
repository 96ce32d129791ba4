"""``--id``: what is paired, what is counted, and what is said where it is not used."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from losscli.run import Run
from losscli.sources.dataset import Dataset
from losscli.sources.options import DataOptions, Needs
from losscli.spec import bind

TRUTH, PREDICTED = "id,y_true\n1,1\n2,2\n3,3\n4,4\n", "id,y_pred\n1,1.5\n3,3\n5,5\n"
ASKED = ("--truth", "t.csv", "--id", "id", "-f", "json")


class Heard:
    """Keeps what is said."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def say(self, text: str) -> None:
        """Keep a note."""
        self.texts.append(text)

    def detail(self, text: str) -> None:
        """Forget a note."""


def scored(folder: Path, heard: Heard | None = None, *, key: str | None = "id") -> tuple[dict[str, float], float]:
    """Return the loss of each key and the mean, of p.csv with t.csv."""
    options = DataOptions(
        files=(str(folder / "p.csv"),), truth=str(folder / "t.csv"), id=key, unmatched="drop", keep=("id",)
    )
    bound = bind("mse")
    run, losses = Run([bound]), dict[str, float]()
    for batch in Dataset(options, Needs.of([bound]), heard or Heard()).batches():
        block = run.feed(batch)
        assert block is not None
        losses |= dict(zip(batch.keep["id"], np.asarray(block["mse"]).tolist(), strict=True))
    value = run.report().results[-1].value
    assert value is not None
    return losses, value


def table(folder: Path, name: str, column: str, rows: list[int]) -> None:
    """Write rows of a key and a value that depends on it."""
    (folder / name).write_text(
        f"id,{column}\n" + "".join(f"{i},{(i * 7919) % 1000 / 7 / len(column)!r}\n" for i in rows)
    )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(30)), st.permutations(range(5, 40)))
def test_any_order_of_either_side_gives_the_same_loss_to_each_key_and_the_same_bits_to_the_mean(
    tmp_path: Path, truth: list[int], predicted: list[int]
) -> None:
    table(tmp_path, "t.csv", "y_true", sorted(truth))
    table(tmp_path, "p.csv", "y_pred", sorted(predicted))
    expected = scored(tmp_path)
    assert len(expected[0]) == 25
    table(tmp_path, "t.csv", "y_true", truth)
    assert scored(tmp_path) == expected
    table(tmp_path, "p.csv", "y_pred", predicted)
    assert scored(tmp_path) == expected
    table(tmp_path, "t.csv", "y_true", sorted(truth))
    assert scored(tmp_path) == expected
    assert list(scored(tmp_path)[0]) == [str(i) for i in predicted if i < 30]


def test_an_order_that_breaks_far_into_large_files_changes_nothing(tmp_path: Path) -> None:
    rows = list(range(200_000))
    table(tmp_path, "t.csv", "y_true", rows)
    table(tmp_path, "p.csv", "y_pred", rows)
    expected = scored(tmp_path)
    tail = rows[150_000:]
    random.Random(1).shuffle(tail)  # noqa: S311  no secret
    table(tmp_path, "p.csv", "y_pred", [*rows[:150_000], *tail])
    assert scored(tmp_path) == expected


def test_a_report_counts_the_rows_that_were_paired_and_those_of_one_side_only(tmp_path: Path) -> None:
    write(tmp_path, t_csv=TRUTH, p_csv=PREDICTED)
    done = losscli("mse", "p.csv", *ASKED, "--unmatched", "drop", cwd=tmp_path)
    assert [done.document[key] for key in ("n", "dropped", "matched", "only_true", "only_pred")] == [2, 0, 2, 2, 1]
    assert "paired by id: 2 rows matched, 2 only in the truth, 1 only in the predictions" in done.err
    assert done.document["inputs"]["unmatched"] == "drop"
    assert [one["row"] for one in done.document["samples"]] == [1, 2]
    assert losscli("mse", "p.csv", "--truth", "t.csv", "-f", "json", cwd=tmp_path).code == 3


def test_a_row_keeps_its_number_where_others_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, t_csv=TRUTH, p_csv="id,y_pred\n9,1\n3,3\n8,1\n1,1\n")
    done = losscli("mse", "p.csv", *ASKED, "--unmatched", "drop", cwd=tmp_path)
    assert [(one["row"], one["y_true"]) for one in done.document["samples"]] == [(2, 3.0), (4, 1.0)]


@pytest.mark.parametrize("order", ["sorted", "turned"])
def test_unmatched_rows_are_refused_with_a_way_out_and_nothing_is_written(order: str, tmp_path: Path) -> None:
    head, *rows = PREDICTED.splitlines()
    write(tmp_path, t_csv=TRUTH, p_csv="\n".join([head, *(rows if order == "sorted" else rows[::-1])]))
    done = losscli("mse", "p.csv", *ASKED, cwd=tmp_path)
    refused(done, 3, "'5' is not in t.csv (1 such row)", "'2' has no prediction (2 such rows)", "--unmatched drop")
    assert done.out == ""


@pytest.mark.parametrize("unmatched", ["error", "drop"])
def test_where_no_row_is_paired_keys_of_both_sides_are_shown(unmatched: str, tmp_path: Path) -> None:
    write(tmp_path, t_csv=TRUTH, p_csv="id,y_pred\n01,1\n1.0,2\n")
    done = losscli("mse", "p.csv", *ASKED, "--unmatched", unmatched, cwd=tmp_path)
    refused(done, 3, "no id stands in both p.csv and t.csv", "'01', '1.0'", "'1', '2', '3', …")


def test_unmatched_without_a_key_is_a_wrong_option(tmp_path: Path) -> None:
    write(tmp_path, t_csv=TRUTH, p_csv=PREDICTED)
    refused(losscli("mse", "p.csv", "--truth", "t.csv", "--unmatched", "drop", cwd=tmp_path), 2, "--id COL")


@pytest.mark.parametrize("order", ["1,1\n2,2\n3,3\n4,4\n", "4,4\n1,1\n2,2\n3,3\n", "1,1\n2,2\n4,4\n3,3\n"])
@pytest.mark.parametrize("side", ["pred", "truth"])
def test_a_pipe_is_paired_in_any_order(side: str, order: str, tmp_path: Path) -> None:
    write(tmp_path, t_csv=TRUTH, p_csv=TRUTH.replace("true", "pred"))
    if side == "pred":
        done = losscli(
            "mse", "-", "--truth", "t.csv", "--id", "id", "-f", "value", cwd=tmp_path, stdin=f"id,y_pred\n{order}"
        )
    else:
        done = losscli(
            "mse", "p.csv", "--truth", "-", "--id", "id", "-f", "value", cwd=tmp_path, stdin=f"id,y_true\n{order}"
        )
    assert done.value == 0


def test_whole_numbers_of_arrays_are_keys_by_their_decimal_text(tmp_path: Path) -> None:
    write(tmp_path, t_csv="id,y_true\n9007199254740993,1\n7,2\n")
    np.savez(tmp_path / "p.npz", id=np.array([7, 9007199254740993]), y_pred=np.array([2.0, 1.0]))
    assert losscli("mse", "p.npz", "--truth", "t.csv", "--id", "id", "-f", "value", cwd=tmp_path).value == 0


@pytest.mark.parametrize(
    ("column", "keys", "said"),
    [
        ("id", "1,2,3,4", ""),
        ("id", "1,2,4,3", "t.csv, line 4, column id has '3' and p.csv, line 4, column id has '4': --id id pairs by it"),
        ("sampleId", "4,2,3,1", "column sampleId has '1' and p.csv, line 2, column sampleId has '4'"),
        ("fold", "1,2,4,3", ""),
    ],
)
def test_a_key_that_is_not_used_is_told_of_only_where_it_disagrees(
    column: str, keys: str, said: str, tmp_path: Path
) -> None:
    rows = "".join(f"{key},1\n" for key in keys.split(","))
    write(tmp_path, t_csv=TRUTH.replace("id", column, 1), p_csv=f"{column},y_pred\n{rows}")
    done = losscli("mse", "p.csv", "--truth", "t.csv", "-f", "value", cwd=tmp_path)
    assert done.code == 0
    assert (said in done.err) if said else ("paired" not in done.err)


def test_a_key_that_is_not_used_and_cannot_be_read_is_no_error(tmp_path: Path) -> None:
    pl = pytest.importorskip("polars")
    for name, column in (("t", "y_true"), ("p", "y_pred")):
        pl.DataFrame({"id": [b"a", b"\xff"], column: [1.0, 2.0]}).write_parquet(tmp_path / f"{name}.parquet")
    assert losscli("mse", "p.parquet", "--truth", "t.parquet", "-f", "value", cwd=tmp_path).value == 0


def test_shards_of_which_one_lacks_the_unused_key_are_read_as_ever(tmp_path: Path) -> None:
    write(tmp_path, t_csv=TRUTH, one_csv="id,y_pred\n1,1\n2,2\n", two_csv="y_pred\n3\n4\n")
    assert losscli("mse", "one.csv", "two.csv", "--truth", "t.csv", "-f", "value", cwd=tmp_path).value == 0


A, B = "id,y_pred,y_true\n1,1.5,1\n3,3,3\n", "id,y_pred,y_true\n3,1,3\n1,3,1\n4,4,4\n"


def test_several_files_of_predictions_are_paired_and_counted_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, a_csv=A, b_csv=B, c_csv=B.replace("1,3,1\n", ""))
    refused(losscli("compare", "a.csv", "b.csv", "--id", "id", "-l", "mse", cwd=tmp_path), 3, "'4' is not in a.csv")
    asked = ("--id", "id", "--unmatched", "drop", "-l", "mse", "-f", "json")
    done = losscli("compare", "a.csv", "b.csv", "c.csv", *asked, cwd=tmp_path)
    assert done.document["pairing"] == [
        {"a": "a.csv", "b": "b.csv", "matched": 2, "only_a": 0, "only_b": 1},
        {"a": "a.csv", "b": "c.csv", "matched": 1, "only_a": 1, "only_b": 1},
    ]
    assert [one["value"] for one in done.document["results"]] == [0.0, 4.0, 4.0]


def test_a_check_pairs_with_its_baseline_and_can_be_verified(tmp_path: Path) -> None:
    write(tmp_path, a_csv=A, b_csv=B, losscli_toml="""
        [checks.new]
        files = ["b.csv"]
        baseline-pred = "a.csv"
        id = "id"
        unmatched = "drop"
        max-worse = ["mse=9000%"]
    """)  # fmt: skip
    done = losscli("check", "-o", "json:r.json", "-f", "json", cwd=tmp_path)
    assert done.document["pairing"] == [
        {"check": "new", "a": "predictions", "b": "baseline", "matched": 2, "only_a": 1, "only_b": 0}
    ]
    assert losscli("verify", "r.json", cwd=tmp_path).code == 0


def test_a_key_that_disagrees_in_many_rows_is_told_of_once(tmp_path: Path) -> None:
    table(tmp_path, "t.csv", "y_true", [1, 2, 3])
    table(tmp_path, "p.csv", "y_pred", [3, 2, 1])
    heard = Heard()
    _, unpaired = scored(tmp_path, heard, key=None)
    assert unpaired != scored(tmp_path)[1]
    assert sum("pairs by it" in text for text in heard.texts) == 1
