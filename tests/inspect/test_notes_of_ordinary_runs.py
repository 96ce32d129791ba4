"""What is wrong for certain and cheap to see is a note, or a hint, of every command that computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from console import losscli
from planted_faults import binary, csv, numbers, sigmoid

from losscli import evaluate

EQUAL = "predictions equal the truth"
ALIKE = "predictions are the same"


def noted(folder: Path, *arguments: str) -> str:
    done = losscli(*arguments, "-f", "value", cwd=folder)
    assert done.code == 0
    return done.err


def test_predictions_that_equal_the_truth_are_noted_once(tmp_path: Path) -> None:
    truth, _ = numbers()
    csv(tmp_path / "a.csv", y_true=truth, y_pred=truth)
    assert noted(tmp_path, "eval", "a.csv", "-l", "mse", "-l", "mae").count(f"all 200 {EQUAL}") == 1


def test_predictions_that_are_all_alike_are_noted_with_their_value(tmp_path: Path) -> None:
    truth, _ = numbers()
    csv(tmp_path / "a.csv", y_true=truth, y_pred=np.full(200, 0.5))
    assert f"all 200 {ALIKE} (0.5)" in noted(tmp_path, "mse", "a.csv")


def test_a_constant_row_of_probabilities_is_noted(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", y_true=np.arange(20) % 2, y_pred=np.full((20, 2), 0.5))
    assert f"all 20 {ALIKE}\n" in noted(tmp_path, "ce", "a.npz")


def test_quiet_silences_the_notes(tmp_path: Path) -> None:
    truth, _ = numbers()
    csv(tmp_path / "a.csv", y_true=truth, y_pred=truth)
    assert noted(tmp_path, "mse", "a.csv", "-q") == ""


@pytest.mark.parametrize(
    ("y_true", "y_pred"),
    [
        (np.arange(9) / 2, np.arange(9) / 2),
        (np.arange(9) / 2, np.zeros(9)),
        (np.arange(20) % 2, np.arange(20) % 2),
        (np.ones(20), np.ones(20)),
        (np.arange(20) / 2, np.r_[np.arange(19) / 2, 0.0]),
        (np.arange(20) / 2, np.r_[np.zeros(19), 1.0]),
    ],
    ids=["nine equal", "nine alike", "right classes", "no spread", "all but the last equal", "all but the last alike"],
)
def test_few_rows_right_classes_and_one_row_that_differs_are_not_noted(y_true: object, y_pred: object) -> None:
    assert evaluate("mse", y_true, y_pred).notes == ()


def test_percent_in_place_of_probabilities_get_a_hint_of_their_own(tmp_path: Path) -> None:
    label, logit = binary()
    csv(tmp_path / "percent.csv", y_true=label, y_pred=100 * sigmoid(logit))
    csv(tmp_path / "logits.csv", y_true=label, y_pred=logit)
    assert "these look like percent: divide them by 100" in losscli("bce", "percent.csv", cwd=tmp_path).err
    assert "these look like logits: --from-logits" in losscli("bce", "logits.csv", cwd=tmp_path).err


def test_a_single_wrong_probability_is_not_taken_for_percent(tmp_path: Path) -> None:
    label, logit = binary()
    prob = sigmoid(logit)
    prob[7] = 1.3
    csv(tmp_path / "a.csv", y_true=label, y_pred=prob)
    assert "these look like logits: --from-logits" in losscli("bce", "a.csv", cwd=tmp_path).err
