"""Section 2 of the contract: which column is what, and how two files are paired."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import losscli, refused, write


@pytest.mark.parametrize(
    ("header", "row", "options", "said"),
    [
        ("b,a", "1,3", [], "b|a"),
        ("Y_TRUE,x,Prediction", "1,9,3", [], "Y_TRUE|Prediction"),
        ("yhat,x,target", "3,9,1", [], "target|yhat"),
        ("y_true,label,pred", "1,9,3", [], "y_true|pred"),
        ("p,q,r", "9,1,3", ["--true", "q", "--pred", "r"], ""),
        ("p,q,r", "9,1,3", ["--true", "@2", "--pred", "@3"], ""),
        ("a,b,c", "1,9,3", ["-w", "b"], "a|c"),
        ("id,b,c", "x,1,3", ["--id", "id"], "b|c"),
        ("y_true,g,pred", "1,9,3", ["--by", "y_true"], "y_true|pred"),
        ("y_true,g,pred", "1,9,3", ["--keep", "*"], "y_true|pred"),
    ],
)
def test_columns_are_found_and_what_was_chosen_is_said(
    header: str, row: str, options: list[str], said: str, tmp_path: Path
) -> None:
    write(tmp_path, a_csv=f"{header}\n{row}\n")
    done = losscli("mse", "a.csv", *options, "-f", "jsonl", cwd=tmp_path)
    assert [(record["y_true"], record["y_pred"], record["mse"]) for record in done.records] == [(1.0, 3.0, 4.0)]
    true, _, pred = said.partition("|")
    assert f"true values: {true}; predicted values: {pred}" in done.err if said else "values" not in done.err


@pytest.mark.parametrize(
    ("header", "row", "options", "expected"),
    [
        ("label,prob_10,prob_2,prob_1", "0,.7,.2,.1", [], [0.1, 0.2, 0.7]),
        ("y_true,p0,p1", "0,.2,.8", [], [0.2, 0.8]),
        ("y_true,p_0,p_1", "0,.2,.8", [], [0.2, 0.8]),
        ("label,y_pred_0,y_pred_1", "0,.2,.8", [], [0.2, 0.8]),
        ("k,a_10,a_9,b", "0,.2,.8,9", ["--true", "k", "--pred", "a_*"], [0.8, 0.2]),
        ("k,p1,p0,b", "0,.2,.8,9", ["--true", "k", "--pred", "p1,p0"], [0.2, 0.8]),
        ("k,p1,p0,b", "0,.2,.8,9", ["--true", "@1", "--pred", "@3,@2"], [0.8, 0.2]),
        ("k,p[1],p[0]", "0,.2,.8", ["--true", "k", "--pred", "p[1],p[0]"], [0.2, 0.8]),
    ],
)
def test_several_columns_make_a_matrix_in_the_order_given_or_in_natural_order(
    header: str, row: str, options: list[str], expected: list[float], tmp_path: Path
) -> None:
    write(tmp_path, a_csv=f"{header}\n{row}\n")
    (record,) = losscli("ce", "a.csv", *options, "-q", "-f", "jsonl", cwd=tmp_path).records
    assert [record[f"y_pred_{i}"] for i in range(len(expected))] == expected


@pytest.mark.parametrize(
    ("loss", "content", "options", "words"),
    [
        ("mse", "a,b,c\n1,2,3\n", [], ["'a', 'b', 'c'"]),
        ("mse", "y_true,pred,score\n1,2,3\n", [], ["pred", "score", "--pred"]),
        ("mse", "true,label,pred\n1,2,3\n", [], ["true", "label", "--true"]),
        ("ce", "k,prob_0,prob_1,score_0,score_1\n1,.1,.9,.2,.8\n", ["--true", "k"], ["prob_0", "score_0"]),
        ("mse", "y_true,y_true,y_pred\n1,2,3\n", [], ["y_true"]),
        ("mse", "y_true,y_pred\n1,2\n", ["--true", "y_tru"], ["'y_tru'", "'y_true'"]),
        ("mse", "y_true,y_pred\n1,2\n", ["--pred", "@3"], ["'@3'", "'y_true', 'y_pred'"]),
        ("mse", "y_true,y_pred\n1,2\n", ["--pred", "z*"], ["'z*'", "'y_true', 'y_pred'"]),
        ("mse", "y_true,y_pred\n1,2\n", ["--keep", "no"], ["--keep", "'no'"]),
        ("mse", "y_true,y_pred\n1,2\n", ["--by", "no"], ["--by", "'no'"]),
        ("mse", "y_true,y_pred\n1,2\n", ["-w", "no"], ["--weight", "'no'"]),
        ("mse", "a,b\n1,2\n", ["-w", "a"], ["'a', 'b'"]),
        ("mse", "a,b\n1,2\n", ["--id", "a"], ["'a', 'b'"]),
        ("mse", "alone\n1\n", [], ["'alone'"]),
        ("mse", "[1, 2]", [], []),
        ("ce", "y_true,y_pred\n1,.2\n", [], ["ce", "bce"]),
    ],
)
def test_columns_that_are_missing_or_ambiguous_are_refused_with_a_list(
    loss: str, content: str, options: list[str], words: list[str], tmp_path: Path
) -> None:
    write(tmp_path, a_csv=content)
    done = losscli(loss, "-", *options, "-f", "value", cwd=tmp_path, stdin=content)
    refused(done, 3, *words)
    assert done.out == ""


TRUTH, PREDICTED = "id,y_true,w,g\nc,3,1,x\na,1,2,y\nb,2,3,x\n", "id,y_pred\na,1\nb,2\nc,3\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--id", "id"], [0.0, 0.0, 0.0]),
        (["--id", "id", "-w", "w", "--keep", "g", "--by", "g"], [0.0, 0.0, 0.0]),
        (["--true", "y_true", "--pred", "y_pred"], [4.0, 1.0, 1.0]),
        (["--true", "w", "--pred", "y_pred"], [0.0, 0.0, 0.0]),
    ],
)
def test_a_truth_file_is_paired_by_key_or_else_by_row(
    options: list[str], expected: list[float], tmp_path: Path
) -> None:
    write(tmp_path, truth_csv=TRUTH, pred_csv=PREDICTED)
    done = losscli("mse", "pred.csv", "--truth", "truth.csv", *options, "-f", "jsonl", cwd=tmp_path)
    assert [record["mse"] for record in done.records] == expected


def test_a_key_is_text_and_shards_of_predictions_share_one_truth(tmp_path: Path) -> None:
    write(tmp_path, truth_csv="id,y_true\n1,5\n01,7\n", one_csv="id,y_pred\n01,7\n", two_csv="id,y_pred\n1,5\n")
    done = losscli("mse", "one.csv", "two.csv", "--truth", "truth.csv", "--id", "id", "-f", "jsonl", cwd=tmp_path)
    assert [record["y_true"] for record in done.records] == [7.0, 5.0]
    assert [record["mse"] for record in done.records] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("truth", "pred", "options", "words"),
    [
        (TRUTH, PREDICTED + "a,4\n", ["--id", "id"], ["pred.csv, line 5", "'a'", "twice"]),
        (TRUTH + "a,1,1,x\n", PREDICTED, ["--id", "id"], ["truth.csv, line 5", "'a'"]),
        (TRUTH, "id,y_pred\na,1\nb,2\n", ["--id", "id"], ["'c'", "no prediction"]),
        (TRUTH, PREDICTED + "d,1\n", ["--id", "id"], ["pred.csv, line 5", "'d'", "truth.csv"]),
        (TRUTH, "id,y_pred\na,1\nb,2\n", [], ["3 rows", "2"]),
        (TRUTH, PREDICTED, ["--id", "key"], ["'key'", "'id'"]),
    ],
)
def test_files_that_cannot_be_paired_are_refused(
    truth: str, pred: str, options: list[str], words: list[str], tmp_path: Path
) -> None:
    write(tmp_path, truth_csv=truth, pred_csv=pred)
    refused(losscli("mse", "pred.csv", "--truth", "truth.csv", *options, "-f", "value", cwd=tmp_path), 3, *words)


@pytest.mark.parametrize("option", ["--keep", "--id", "--by", "--weight"])
def test_a_column_that_is_not_there_is_told_with_the_option_that_asked_for_it(option: str, tmp_path: Path) -> None:
    write(tmp_path, a_csv="row,y_true,y_pred\n7,1,2\n")
    refused(losscli("mse", "a.csv", option, "nope", cwd=tmp_path), 3, f"a.csv: {option}: no column 'nope'")
