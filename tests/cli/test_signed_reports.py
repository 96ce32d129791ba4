"""A signature says what was computed of which numbers, whatever file they came in."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from console import losscli, write

VALUES = np.random.default_rng(5).normal(size=(50, 2))


def facts(*arguments: str, cwd: Path) -> dict[str, str]:
    """Return the facts of the signature in a report."""
    (result,) = losscli("mse", *arguments, "--summary", "-f", "json", cwd=cwd).document["results"]
    means, *named = result["signature"].split("|")
    return {"means": means} | {name: fact for name, _, fact in (one.partition(":") for one in named)}


def csv(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> str:
    return "y_true,y_pred\n" + "".join(f"{true!r},{pred!r}\n" for true, pred in values.tolist())


def test_a_signature_is_the_same_for_csv_json_lines_npy_npz_and_parquet_of_the_same_numbers(tmp_path: Path) -> None:
    write(tmp_path, a_csv=csv(VALUES))
    records = [{"y_true": true, "y_pred": pred} for true, pred in VALUES.tolist()]
    write(tmp_path, a_json=json.dumps(records), a_jsonl="".join(json.dumps(one) + "\n" for one in records))
    np.save(tmp_path / "a.npy", VALUES)
    np.savez(tmp_path / "a.npz", y_true=VALUES[:, 0], y_pred=VALUES[:, 1])
    pytest.importorskip("polars").DataFrame(records).write_parquet(tmp_path / "a.parquet")
    write(tmp_path, first_csv=csv(VALUES[:7]), second_csv=csv(VALUES[7:]))
    sources = [
        ("a.csv",),
        ("a.json",),
        ("a.jsonl",),
        ("a.npy",),
        ("a.npz",),
        ("a.parquet",),
        ("first.csv", "second.csv"),
    ]
    found = [facts(*source, cwd=tmp_path) for source in sources]
    assert [one for one in found if one != found[0]] == []
    assert len(found[0]["true"]) == len(found[0]["data"]) == 64


def test_other_predictions_change_the_data_and_not_the_truth(tmp_path: Path) -> None:
    one, other = (facts("--true", "1,2", "--pred", pred, cwd=tmp_path) for pred in ("1,3", "1,4"))
    assert one["true"] == other["true"]
    assert one["data"] != other["data"]


@pytest.mark.parametrize("more", [["--true", "1,5"], ["--true", "1,2", "--weight", "1,2"], ["--true", "2,1"]])
def test_other_truth_weights_or_order_change_both(more: list[str], tmp_path: Path) -> None:
    one, other = facts("--true", "1,2", "--pred", "1,3", cwd=tmp_path), facts(*more, "--pred", "1,3", cwd=tmp_path)
    assert (one["true"] == other["true"], one["data"] == other["data"]) == (False, False)


def test_rows_that_were_dropped_are_not_in_the_signature_of_the_data(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,2\n,7\n3,5\n")
    dropped = facts("a.csv", "--missing", "drop", cwd=tmp_path)
    whole = facts("--true", "1,3", "--pred", "2,5", cwd=tmp_path)
    assert dropped["data"] == whole["data"]
    assert (dropped["dropped"], whole["dropped"]) == ("1", "0")


def test_the_number_is_the_same_whether_or_not_the_data_is_hashed(tmp_path: Path) -> None:
    write(tmp_path, a_csv=csv(VALUES))
    bare = losscli("mse", "a.csv", "-f", "value", cwd=tmp_path).value
    assert losscli("mse", "a.csv", "-f", "json", cwd=tmp_path).document["results"][0]["value"] == bare


def test_data_is_not_hashed_where_no_signature_is_shown(tmp_path: Path) -> None:
    done = losscli("mse", "--true", "1", "--pred", "1", "--summary", "-f", "csv", cwd=tmp_path)
    assert "data:" not in done.out
