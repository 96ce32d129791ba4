"""What other tools get wrong without a word."""

from __future__ import annotations

from pathlib import Path

from console import losscli, refused, write


def test_an_empty_cell_is_no_zero_and_no_silent_gap(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,1.5\n2,1.0\n3,\n4,4.5\n")
    done = losscli("mse", "a.csv", "-f", "value", cwd=tmp_path)
    refused(done, 3, "a.csv, line 4", "column y_pred", "1 of 4")
    assert done.out == ""
    dropped = losscli("mse", "a.csv", "--missing", "drop", "-f", "value", cwd=tmp_path)
    assert dropped.value == 0.5
    assert "1 of 4 rows dropped" in dropped.err


def test_a_misspelt_column_is_no_empty_result(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,1.5\n")
    done = losscli("mse", "a.csv", "--true", "y_ture", "-f", "json", cwd=tmp_path)
    refused(done, 3, "'y_ture'", "'y_true'")
    assert done.out == ""


def test_a_nan_is_no_json_number_and_no_success(tmp_path: Path) -> None:
    done = losscli("mse", "--true", "1,nan", "--pred", "1,1", "--missing", "propagate", "-f", "json", cwd=tmp_path)
    assert (done.code, done.document["results"][0]["value"]) == (3, None)
    assert "NaN" not in done.out


def test_a_result_file_scored_against_itself_is_perfect_in_any_order(tmp_path: Path) -> None:
    ids = [f"id{i:03}" for i in range(200)]
    rows = [f"{name},{(i * 7919) % 1000 / 7!r}" for i, name in enumerate(ids)]
    turned = [rows[(i * 77) % 200] for i in range(200)]
    write(tmp_path, truth_csv="\n".join(["id,y_true", *rows]), pred_csv="\n".join(["id,y_pred", *turned]))
    done = losscli("mse", "pred.csv", "--truth", "truth.csv", "--id", "id", "-f", "value", cwd=tmp_path)
    assert done.value == 0
    unpaired = losscli("mse", "pred.csv", "--truth", "truth.csv", "-f", "value", cwd=tmp_path)
    assert unpaired.value > 1000
