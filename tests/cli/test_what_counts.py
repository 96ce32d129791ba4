"""Section 2 of the contract: class labels, weights, missing values and domains."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest
from console import losscli, refused, write

ANIMALS = "label,p_cat,p_dog,p_emu\ncat,.7,.2,.1\nemu,.1,.1,.8\ndog,.2,.5,.3\n"
ROLES = ("--true", "label", "--pred", "p_*")
COSTS = [-log(0.7), -log(0.8), -log(0.5)]


@pytest.mark.parametrize(
    ("options", "weights", "said"),
    [
        ([], [1, 1, 1], "sorted order: cat, dog, emu"),
        (["--classes", "cat,dog,emu"], [1, 1, 1], ""),
        (["--class-weight", "emu=4,cat=1,dog=2"], [1, 4, 2], "sorted order"),
        (["--class-weight", "1/2/4"], [1, 4, 2], "sorted order"),
    ],
)
def test_text_labels_are_classes_and_may_be_weighted_by_name_or_in_order(
    options: list[str], weights: list[float], said: str, tmp_path: Path
) -> None:
    write(tmp_path, a_csv=ANIMALS)
    done = losscli("ce", "a.csv", *ROLES, *options, "-f", "json", cwd=tmp_path)
    expected = sum(w * cost for w, cost in zip(weights, COSTS, strict=True)) / sum(weights)
    assert done.document["results"][0]["value"] == pytest.approx(expected, rel=1e-14)
    assert [sample["y_true"] for sample in done.document["samples"]] == ["cat", "emu", "dog"]
    assert said in done.err if said else "sorted" not in done.err


def test_classes_give_the_order_of_the_columns(tmp_path: Path) -> None:
    write(tmp_path, a_csv=ANIMALS)
    roles = ("--true", "label", "--pred", "p_emu,p_cat,p_dog", "--classes", "emu,cat,dog")
    done = losscli("ce", "a.csv", *roles, "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx(sum(COSTS) / 3, rel=1e-14)


def test_the_last_of_two_classes_is_the_positive_one(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,prob\nyes,.9\nno,.2\n")
    assert losscli("bce", "a.csv", "-f", "value", cwd=tmp_path).value == pytest.approx(-(log(0.9) + log(0.8)) / 2)
    turned = losscli("bce", "a.csv", "--classes", "yes,no", "-f", "value", cwd=tmp_path)
    assert turned.value == pytest.approx(-(log(0.1) + log(0.2)) / 2)


@pytest.mark.parametrize(
    ("code", "options", "words"),
    [
        (3, ["--classes", "cat,dog"], ["line 3", "'emu'", "cat, dog"]),
        (3, ["--classes", "cat,dog,emu,fox"], ["4 classes", "3 columns"]),
        (2, ["--classes", "cat,dog,dog"], ["cat,dog,dog"]),
        (2, ["--class-weight", "cat=1,dog=2"], ["emu"]),
        (2, ["--class-weight", "1/2"], ["2", "3"]),
        (2, ["--class-weight", "1/2/3/4"], ["4", "3"]),
        (2, ["--class-weight", "cat=heavy"], ["heavy"]),
    ],
)
def test_classes_and_their_weights_must_fit_the_data(
    code: int, options: list[str], words: list[str], tmp_path: Path
) -> None:
    write(tmp_path, a_csv=ANIMALS)
    refused(losscli("ce", "a.csv", *ROLES, *options, cwd=tmp_path), code, *words)


MISSING = {"true": ",2,1,a", "pred": "1,,1,a", "weight": "1,2,,a"}


@pytest.mark.parametrize("place", MISSING)
def test_a_missing_value_is_an_error_dropped_jointly_or_propagated(place: str, tmp_path: Path) -> None:
    write(tmp_path, a_csv=f"y_true,y_pred,w,g\n1,2,1,a\n{MISSING[place]}\n3,5,3,a\n")
    column = {"true": "y_true", "pred": "y_pred", "weight": "w"}[place]
    call = ("mse", "a.csv", "-w", "w", "-f", "json")
    refused(losscli(*call, cwd=tmp_path), 3, "a.csv, line 3", f"column {column}", "1 of 3", "--missing drop")

    dropped = losscli(*call, "--missing", "drop", cwd=tmp_path)
    result = dropped.document["results"][0]
    assert (result["n"], result["dropped"], result["weight"], result["value"]) == (2, 1, 4.0, 13 / 4)
    assert [sample["row"] for sample in dropped.document["samples"]] == [1, 3]
    assert "1 of 3 rows dropped" in dropped.err

    through = losscli(*call, "--missing", "propagate", cwd=tmp_path)
    result = through.document["results"][0]
    assert (through.code, result["value"], result["status"], result["n"]) == (3, None, "nan", 3)
    assert len(through.complaint) == 2


def test_each_usual_word_for_a_missing_value_is_known(tmp_path: Path) -> None:
    words = ["", "NA", "NaN", "nan", "null", "NULL", "None", "N/A", "n/a", "#N/A", "<NA>", " ", '""']
    write(tmp_path, a_csv="y_true,y_pred\n1,2\n" + "".join(f"{word},3\n" for word in words))
    done = losscli("mse", "a.csv", "--missing", "drop", "--summary", "-f", "jsonl", cwd=tmp_path)
    assert [(record["n"], record["dropped"]) for record in done.records] == [(1, len(words))]


@pytest.mark.parametrize("cell", ["inf", "1e999"])
def test_an_infinite_value_is_treated_as_a_missing_one_and_never_scored_silently(cell: str, tmp_path: Path) -> None:
    write(tmp_path, a_csv=f"y_true,y_pred\n1,2\n{cell},3\n")
    refused(losscli("mse", "a.csv", cwd=tmp_path), 3, "line 3", "column y_true", "inf", "1 of 2")
    assert losscli("mse", "a.csv", "--missing", "drop", "-f", "value", cwd=tmp_path).value == 1
    through = losscli("mse", "a.csv", "--missing", "propagate", "-f", "value", cwd=tmp_path)
    assert (through.code, through.out) == (3, "inf\n")


@pytest.mark.parametrize("row", [",.2,.8", "b,,.8", "b,.2,NA"])
def test_a_row_of_probabilities_is_as_missing_as_its_label(row: str, tmp_path: Path) -> None:
    write(tmp_path, a_csv=f"label,p_a,p_b\na,.5,.5\n{row}\nb,.2,.8\n")
    column = {"": "label", "b,,.8": "p_a", "b,.2,NA": "p_b"}.get(row, "label")
    refused(losscli("ce", "a.csv", *ROLES, cwd=tmp_path), 3, "line 3", f"column {column}", "1 of 3")
    through = losscli("ce", "a.csv", *ROLES, "--missing", "propagate", "-f", "jsonl", cwd=tmp_path)
    assert (through.code, [record["ce"] is None for record in through.records]) == (3, [False, True, False])
    done = losscli("ce", "a.csv", *ROLES, "--missing", "drop", "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx(-(log(0.5) + log(0.8)) / 2)


def test_nothing_left_to_score_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n,2\n", b_csv="y_true,y_pred,w\n1,2,0\n")
    refused(losscli("mse", "a.csv", "--missing", "drop", cwd=tmp_path), 3, "nothing to score", "1")
    refused(losscli("mse", "b.csv", "-w", "w", cwd=tmp_path), 3, "nothing to score", "weight")


@pytest.mark.parametrize(
    ("loss", "rows", "words"),
    [
        ("bce", "1,.5\n0,1.3\n1,2\n", ["line 3", "y_pred", "1.3", "2 of 3", "--from-logits"]),
        ("bce", "1,.5\n2,.3\n", ["line 3", "y_true", "2.0", "1 of 2"]),
        ("poisson", "1,.5\n-1,1\n", ["line 3", "y_true", "-1.0", "1 of 2"]),
        ("msle", "1,.5\n1,-1\n", ["line 3", "y_pred", "-1.0", "1 of 2"]),
        ("hinge", "1,.5\n3,1\n", ["line 3", "y_true", "3.0", "1 of 2"]),
        ("mse", "1,.5\ncat,1\n", ["line 3", "y_true", "'cat'"]),
    ],
)
def test_a_value_outside_the_domain_is_named_with_its_row_and_the_way_out(
    loss: str, rows: str, words: list[str], tmp_path: Path
) -> None:
    write(tmp_path, a_csv=f"y_true,y_pred\n{rows}")
    done = losscli(loss, "a.csv", "-f", "value", cwd=tmp_path)
    refused(done, 3, *words)
    assert done.out == ""


def test_a_class_without_a_column_is_refused(tmp_path: Path) -> None:
    done = losscli("ce", "--true", "0,3", "--pred", ".5,.5;.4,.6", cwd=tmp_path)
    refused(done, 3, "class 3", "1 of 2", "--classes")


def test_a_certain_and_wrong_probability_costs_infinity_and_a_note_says_how_many_and_what_changes_it(
    tmp_path: Path,
) -> None:
    done = losscli("bce", "--true", "1,0", "--pred", "0,.5", "-f", "value", cwd=tmp_path)
    assert (done.code, done.out) == (3, "inf\n")
    assert "1 of 2" in done.err
    assert "eps" in done.err


def test_a_negative_weight_is_not_silently_accepted_as_a_mean(tmp_path: Path) -> None:
    done = losscli("mse", "--true", "1,2", "--pred", "2,2", "-w", "-1,1", "-f", "value", cwd=tmp_path)
    refused(done, 3, "weight")
