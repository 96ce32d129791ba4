"""What a framework's reduction does that no reduction of one loss for each row would: its number, said aloud."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from losscli import DataError, evaluate, states
from losscli.arrays import Array
from losscli.batch import Batch
from losscli.formats.format import Report
from losscli.run import Run
from losscli.spec import bind

TRUE, PRED = np.array([[1.0, 2.0], [0.5, -3.0], [4.0, 0.0]]), np.array([[1.5, 0.5], [1.75, -2.5], [0.25, 0.125]])
SQUARES = (TRUE - PRED) ** 2
DEEP = np.random.default_rng(3).normal(size=(2, 2, 3, 4))
WEIGHTS = [1.0, 3.0, 0.0]


def run(spec: str, *batches: Batch) -> tuple[Report, list[str]]:
    one = Run([bind(spec)])
    for batch in batches:
        one.feed(batch)
    return one.report(), one.notes()


# ── sums over elements ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("torch.nn.MSELoss:reduction=sum", SQUARES.sum()),
        ("torch.nn.MSELoss:reduction=mean", SQUARES.mean()),
        ("tf.compat.v1.losses.mean_squared_error:reduction=weighted_sum", SQUARES.sum()),
        ("tf.nn.l2_loss", SQUARES.sum() / 2),
        ("keras.losses.MeanSquaredError:reduction=sum", SQUARES.mean(axis=1).sum()),
    ],
)
def test_the_sum_of_a_framework_adds_what_that_framework_adds(spec: str, expected: float) -> None:
    found = evaluate(spec, TRUE, PRED)
    assert found.value == pytest.approx(expected, rel=1e-15)
    np.testing.assert_allclose(found.losses, SQUARES.mean(axis=1) / (2 if "l2" in spec else 1), rtol=1e-15)


def test_weights_count_for_every_element_of_their_row() -> None:
    found = evaluate("tf.compat.v1.losses.mean_squared_error:reduction=weighted_sum", TRUE, PRED, WEIGHTS)
    assert found.value == pytest.approx((np.array(WEIGHTS)[:, None] * SQUARES).sum(), rel=1e-15)


def test_keras_adds_up_all_that_is_left_of_the_last_axis() -> None:
    squares = (DEEP[0] - DEEP[1]) ** 2
    found = evaluate("keras.losses.MeanSquaredError:reduction=sum", *DEEP)
    assert found.value == pytest.approx(squares.mean(axis=2).sum(), rel=1e-14)
    assert evaluate("torch.nn.MSELoss:reduction=sum", *DEEP).value == pytest.approx(squares.sum(), rel=1e-14)


UNBROADCAST = "keras.losses.MeanSquaredError:reduction=mean_with_sample_weight"


@pytest.mark.parametrize(
    ("spec", "weights", "expected", "said"),
    [
        (UNBROADCAST, [3.0], 10.0, True),
        (UNBROADCAST, None, 5.0, False),
        ("keras.losses.MeanSquaredError", [3.0], 15.0, False),
        ("keras.losses.MeanSquaredError:reduction=sum", [3.0], 30.0, False),
        ("keras.metrics.RootMeanSquaredError", [3.0], 5.0**0.5, False),
    ],
)
def test_keras_counts_the_weight_of_a_row_once_where_it_divides(
    spec: str, weights: list[float] | None, expected: float, *, said: bool
) -> None:
    found = evaluate(spec, np.zeros((1, 2, 1)), np.array([[[1.0], [3.0]]]), weights)
    assert found.value == expected
    assert any("2 times the mean" in note for note in found.notes) is said


def test_what_keras_divides_by_is_the_same_when_shards_are_joined() -> None:
    truth, guess, weights = DEEP[0], DEEP[1], np.array([1.0, 3.0])
    runs = []
    for rows in (slice(0, 1), slice(1, 2)):
        runs.append(Run([bind(UNBROADCAST)]))
        runs[-1].feed(Batch(truth[rows], guess[rows], np.arange(2)[rows] + 1, weights[rows]))
    states.absorb(runs[0], states.of(runs[1]))
    expected = evaluate(UNBROADCAST, truth, guess, weights).value
    assert [one.value for one in runs[0].report().results] == [expected]
    assert expected == pytest.approx(
        3 * np.average(((truth - guess) ** 2).mean(axis=(1, 2)), weights=weights), rel=1e-14
    )


def test_a_loss_of_whole_rows_is_added_once_for_each_row() -> None:
    scores = np.array([[0.5, -1.0], [2.0, 0.0]])
    labels = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = evaluate("torch.nn.MultiLabelSoftMarginLoss:reduction=sum", labels, scores)
    assert found.value == pytest.approx(found.losses.sum(), rel=1e-15)
    assert found.result.reduction == "sum"


def test_batchmean_divides_the_sum_of_all_divergences_by_the_samples_alone() -> None:
    share = np.exp(DEEP) / np.exp(DEEP).sum(axis=3, keepdims=True)
    found = evaluate("torch.nn.KLDivLoss:reduction=batchmean", share[0], np.log(share[1]))
    assert found.value == pytest.approx((share[0] * np.log(share[0] / share[1])).sum() / 2, rel=1e-12)


def test_the_sum_that_is_asked_for_by_option_is_that_of_the_samples() -> None:
    found = evaluate("torch.nn.MSELoss", TRUE, PRED, reduction="sum")
    assert found.value == pytest.approx(SQUARES.mean(axis=1).sum(), rel=1e-15)
    assert found.result.reduction == "sum"


@pytest.mark.parametrize(("side", "said"), [((TRUE, PRED), 1), ((TRUE[:, 0], PRED[:, 0]), 0)])
def test_unreduced_rows_are_said_to_be_means_of_their_elements(side: tuple[Array, Array], said: int) -> None:
    notes = evaluate("torch.nn.MSELoss:reduction=none", *side).notes
    assert len([note for note in notes if "for each element of a row" in note]) == said


LABELS, LOGITS = np.random.default_rng(5).integers(0, 3, (4, 3)), np.random.default_rng(6).normal(size=(4, 3, 3))


@pytest.mark.parametrize(
    ("said", "truth"),
    [("class_weight=1/3/0.5", LABELS), ("class_weight=1/3/0.5", np.eye(3)[LABELS]), ("ignore_index=1", LABELS)],
    ids=["weighed labels", "weighed rows", "ignored labels"],
)
def test_what_acts_on_the_class_of_a_row_is_refused_where_a_row_holds_several(said: str, truth: Array) -> None:
    with pytest.raises(DataError, match="is by the class of a row, and the truth has 3") as refusal:
        evaluate(f"ce:from_logits,{said}", truth, LOGITS)
    assert "a row of its own" in refusal.value.hint


def test_a_class_to_ignore_that_does_not_occur_is_no_obstacle() -> None:
    found = evaluate("ce:from_logits,ignore_index=7", LABELS, LOGITS).value
    assert found == evaluate("ce:from_logits", LABELS.ravel(), LOGITS.reshape(-1, 3)).value


# ── Keras and arrays of shape (n,) ───────────────────────────────────────────────────────────────────────────────────

VECTORS = [
    ("sum_over_batch_size", [1.0, 3.0], 14.0, 10.0, "vector-mean"),
    ("sum", [1.0, 3.0], 28.0, 20.0, "vector-sum"),
    ("mean_with_sample_weight", [1.0, 3.0], 7.0, 5.0, "plain-mean"),
    ("sum", None, 10.0, 5.0, "plain-mean"),
]
"""Keras' reduction, weights, its number for errors 1 and 3 of shape (2, 1), that for shape (2,), our name for that."""


@pytest.mark.parametrize(("asked", "weights", "column", "vector", "name"), VECTORS)
def test_both_shapes_of_one_column_have_keras_number(
    asked: str, weights: list[float] | None, column: float, vector: float, name: str
) -> None:
    found = evaluate(f"keras.losses.MeanSquaredError:reduction={asked}", [0, 0], [1, 3], weights)
    assert found.value == column
    assert [note for note in found.notes if f"it gives {vector!r}: --reduction {name}" in note]
    assert evaluate("mse", [0, 0], [1, 3], weights, like="keras", reduction=name).value == vector


@pytest.mark.parametrize(
    ("spec", "y_true", "y_pred", "weights"),
    [
        ("keras.losses.MeanSquaredError", [0, 0], [1, 3], None),
        ("keras.losses.MeanSquaredError", [0, 0], [1, 3], [2, 2]),
        ("keras.losses.MeanSquaredError", [[0, 0], [0, 0]], [[1, 3], [2, 2]], [1, 3]),
        ("keras.metrics.RootMeanSquaredError", [0, 0], [1, 3], [1, 3]),
        ("torch.nn.MSELoss", [0, 0], [1, 3], [1, 3]),
        ("mse", [0, 0], [1, 3], [1, 3]),
    ],
    ids=["no weights", "equal weights", "rows", "a metric", "another framework", "the textbook"],
)
def test_nothing_is_said_of_the_shape_where_it_changes_nothing(
    spec: str, y_true: object, y_pred: object, weights: object
) -> None:
    assert not [note for note in evaluate(spec, y_true, y_pred, weights).notes if "shape" in note]


# ── scikit-learn's hinge loss of one class ───────────────────────────────────────────────────────────────────────────

SCORES = np.array([2.0, 3.0, -0.25, 0.5])
SOME = np.array([1.0, 2.0, 0.0, 0.5])


@pytest.mark.parametrize("labels", [[1, 1, 1, 1], [0, 0, 0, 0], [-1, -1, -1, -1], [0, 1, 0, 1], [-1, 1, 1, 1]])
@pytest.mark.parametrize("weights", [None, SOME], ids=["plain", "weighted"])
@pytest.mark.parametrize("spec", ["sklearn.metrics.hinge_loss", "hinge"])
def test_the_hinge_loss_of_one_class_is_scikit_learn_s(labels: list[int], weights: Array | None, spec: str) -> None:
    found = evaluate(spec, labels, SCORES, weights, like="sklearn").value
    assert found == pytest.approx(metrics.hinge_loss(labels, SCORES, sample_weight=weights), rel=1e-15)


def test_a_row_of_weight_0_shows_scikit_learn_the_other_class() -> None:
    labels, weights = [1, 1, -1], [1.0, 1.0, 0.0]
    found = evaluate("sklearn.metrics.hinge_loss", labels, SCORES[:3], weights).value
    assert found == metrics.hinge_loss(labels, SCORES[:3], sample_weight=weights) == 0.0


def test_the_losses_of_one_class_and_their_mean_stay_right_and_a_note_tells_them_apart() -> None:
    found = evaluate("hinge", [1, 1], [2, 3], like="sklearn")
    assert (found.value, found.result.mean, found.result.max) == (3.5, 0.0, 0.0)
    assert found.losses.tolist() == [0.0, 0.0]
    assert [note for note in found.notes if "one class alone occurs, which sklearn takes for the negative one" in note]


@pytest.mark.parametrize("labels", [[0, 1], [0, 0]], ids=["two classes", "the negative one"])
def test_nothing_more_is_said_where_scikit_learn_is_right(labels: list[int]) -> None:
    notes = evaluate("hinge", labels, [2, 3], like="sklearn").notes
    assert not [note for note in notes if "value is" in note]


@pytest.mark.parametrize("spec", ["sklearn.metrics.hinge_loss", "keras.losses.Hinge"])
def test_nothing_more_is_said_of_what_is_no_number(spec: str) -> None:
    notes = evaluate(spec, [1, 1], [np.nan, 2], [1, 3], missing="propagate").notes
    assert not [note for note in notes if "value is" in note or "shape" in note]


def test_the_classes_are_those_of_all_batches() -> None:
    one, other = Batch.of(np.array([1.0]), np.array([2.0])), Batch.of(np.array([0.0]), np.array([3.0]))
    report, _ = run("sklearn.metrics.hinge_loss", one, other)
    assert report.results[-1].value == metrics.hinge_loss([1, 0], [2, 3]) == 2.0
    report, notes = run("sklearn.metrics.hinge_loss", one, one)
    assert report.results[-1].value == metrics.hinge_loss([1, 1], [2, 2]) == 3.0
    assert len([note for note in notes if "value is" in note]) == 1


def test_each_group_is_a_data_set_of_its_own() -> None:
    y_true, y_pred = np.array([1.0, 1.0, 0.0]), np.array([2.0, 3.0, 0.5])
    batch = Batch(y_true, y_pred, np.arange(1, 4), by={"g": ["a", "a", "b"]})
    report, notes = run("sklearn.metrics.hinge_loss", batch)
    assert [result.value for result in report.results] == [
        metrics.hinge_loss([1, 1], [2, 3]),
        metrics.hinge_loss([0], [0.5]),
        metrics.hinge_loss(y_true, y_pred),
    ]
    assert [note for note in notes if "in 1 of 2 groups" in note]
