"""Rows of 0 and 1 are sets of labels in scikit-learn: its numbers for them, or a refusal, and never another number."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from losscli import DataError, evaluate

TRUE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
PRED = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 1.0]])
ONE_HOT, CHANCES = np.eye(3), np.array([[0.4, 0.35, 0.25], [0.5, 0.25, 0.25], [0.1, 0.3, 0.6]])
WEIGHTS = np.array([1.0, 2.0, 0.5, 3.0])


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
@pytest.mark.parametrize("name", ["zero_one_loss", "accuracy_score", "hamming_loss"])
def test_a_set_is_scored_as_in_scikit_learn(name: str, weights: object) -> None:
    expected = getattr(metrics, name)(TRUE, PRED, sample_weight=weights)
    found = evaluate(f"sklearn.metrics.{name}", TRUE, PRED, weights)
    assert found.value == pytest.approx(expected, rel=1e-15)
    assert not [note for note in found.notes if "sum to 1" in note]


@pytest.mark.parametrize("name", ["zero-one", "accuracy"])
def test_the_canonical_name_like_scikit_learn_means_the_same(name: str) -> None:
    wrong = metrics.zero_one_loss(TRUE, PRED)
    found = evaluate(name, TRUE, PRED, like="sklearn").value
    assert found == pytest.approx(wrong if name == "zero-one" else 1 - wrong, rel=1e-15)


def test_one_label_too_many_is_wrong_as_a_set_and_right_as_a_class() -> None:
    truth, both = [[1.0, 0.0]], [[1.0, 1.0]]
    assert evaluate("zero-one", truth, both).value == 0.0
    assert evaluate("zero-one:sets", truth, both).value == 1.0


def test_rows_of_probabilities_are_decided_by_the_largest_even_so() -> None:
    assert evaluate("zero-one:sets", ONE_HOT, CHANCES).losses.tolist() == [0.0, 1.0, 0.0]
    assert evaluate("accuracy:sets", ONE_HOT, CHANCES).value == 2 / 3


@pytest.mark.parametrize("name", ["f1_score:average=macro", "precision_score:average=micro", "matthews_corrcoef"])
@pytest.mark.parametrize(
    ("true", "pred", "place"), [(TRUE, PRED, "y_true, row 2"), (ONE_HOT, PRED[:3], "y_pred, row 3")]
)
def test_a_score_of_classes_refuses_sets_where_scikit_learn_would_score_them(
    name: str, true: object, pred: object, place: str
) -> None:
    with pytest.raises(DataError, match=f"{place} is no class but a set of labels") as refusal:
        evaluate(f"sklearn.metrics.{name}", true, pred)
    assert "score each label alone" in refusal.value.hint


@pytest.mark.parametrize("name", ["roc_auc_score", "average_precision_score"])
def test_a_score_of_scores_looks_at_the_truth_alone(name: str) -> None:
    with pytest.raises(DataError, match="y_true, row 2 is no class"):
        evaluate(f"sklearn.metrics.{name}", TRUE[:3], CHANCES)
    certain = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    assert evaluate(f"sklearn.metrics.{name}", ONE_HOT, certain).value is not None


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_one_hot_rows_are_classes_for_both(average: str) -> None:
    predicted = ONE_HOT[[0, 0, 2]]
    expected = metrics.f1_score(ONE_HOT, predicted, average=average, zero_division=0)
    assert evaluate("sklearn.metrics.f1_score", ONE_HOT, predicted, average=average).value == pytest.approx(expected)


def test_sets_are_only_doubted_without_scikit_learn() -> None:
    found = evaluate("accuracy", TRUE, PRED)
    assert [note for note in found.notes if "2 of 4 rows of y_true do not sum to 1" in note or "3 of 4" in note]
