"""Numbers that tutorials and documentation print, recomputed: the right ones are met, the wrong ones are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscli import evaluate

LOGITS = [[12, 3, 2], [3, 10, 1], [1, 2, 5], [4, 6.5, 1.2], [3, 6, 1]]
ONE_HOT = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]
FIVE = [1.68795487e-04, 1.03475622e-03, 6.58839038e-02, 2.58349207, 5.49852354e-02]


def losses(spec: str, true: Any, pred: Any) -> Any:  # noqa: ANN401  whatever the tutorial has
    return evaluate(spec, true, pred).losses


def value(spec: str, true: Any, pred: Any, **rest: Any) -> float:  # noqa: ANN401  as above
    found = evaluate(spec, true, pred, **rest).value
    assert found is not None
    return found


def softmax(rows: Any) -> Any:  # noqa: ANN401  as above
    powers = np.exp(np.array(rows))
    return powers / powers.sum(axis=1, keepdims=True)


def test_mse_of_three_values_is_a_third() -> None:
    assert value("mse", [1, 2, 3], [2, 2, 3]) == 1 / 3


def test_categorical_cross_entropy_is_0_0783_not_0_7437() -> None:
    data = [[0, 1, 0], [1, 0, 0]], [[0.05, 0.95, 0], [0.9, 0.05, 0.05]]
    assert value("categorical_crossentropy", *data) == pytest.approx(0.0783269, abs=5e-8)
    np.testing.assert_allclose(losses("ce", *data), [0.05129329, 0.10536052], atol=5e-9)
    assert value("ce:from_logits", *data) == pytest.approx(0.60092819, abs=5e-8)
    assert value("ce", *data, reduction="sum") == pytest.approx(0.15665, abs=5e-6)


@pytest.mark.parametrize("truth", [[1, 0], [1, 0, 1, 0]])
def test_binary_cross_entropy_of_sure_predictions_is_0_105(truth: list[int]) -> None:
    chances = [0.9 if label else 0.1 for label in truth]
    assert value("binary_crossentropy", truth, chances) == pytest.approx(0.1053605, abs=5e-8)


def test_two_entropies_against_a_certain_class() -> None:
    np.testing.assert_allclose(losses("ce", [[1, 0]] * 2, [[0.6, 0.4], [0.8, 0.2]]), [0.5108256, 0.2231436], atol=5e-8)


def test_softmax_cross_entropy_of_five_rows_in_one_step_and_in_two() -> None:
    np.testing.assert_allclose(losses("ce:from_logits", ONE_HOT, LOGITS), FIVE, rtol=1e-6)
    np.testing.assert_allclose(losses("ce", ONE_HOT, softmax(LOGITS)), FIVE, rtol=1e-6)
    np.testing.assert_allclose(losses("sparse-ce:from_logits", np.argmax(ONE_HOT, axis=1), LOGITS), FIVE, rtol=1e-6)


def test_log_loss_of_rows_is_1_4522857() -> None:
    assert value("ce", [1, 0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.5, 0.5]]) == pytest.approx(
        1.4522857, abs=5e-8
    )


def test_log_loss_of_the_probability_of_class_1_is_the_same() -> None:
    assert value("log_loss", [1, 0, 1, 1], [0.1, 0.8, 0.3, 0.5]) == pytest.approx(1.4522857, abs=5e-8)


def test_the_asymmetric_cost_of_three_is_50() -> None:
    assert value("asymmetric:profit=99,cost=1", [1, 2, 3], [1.5, 1.5, 3], reduction="sum") == 50.0


def test_the_asymmetric_cost_is_a_scaled_pinball() -> None:
    data = [1, 2, 3], [1.5, 1.5, 3]
    np.testing.assert_allclose(losses("asymmetric", *data), 100 * losses("pinball:q=0.99", *data), rtol=1e-14)


def test_a_row_that_sums_to_1_99_is_renormalised_by_keras_alone() -> None:
    typo = [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0.9, 0.05, 0.05], [0.5, 0.89, 0.6], [0.05, 0.01, 0.94]]
    meant = typo[0], [[0.9, 0.05, 0.05], [0.05, 0.89, 0.06], [0.05, 0.01, 0.94]]
    assert value("keras.losses.CategoricalCrossentropy", *typo) == pytest.approx(0.32396814, abs=5e-8)
    assert value("ce", *meant) == pytest.approx(0.09458992, abs=5e-8)


PRINTED: list[tuple[str, Any, Any, list[float]]] = [
    ("sparse-ce:from_logits", [1, 0], [[0.5, 2, 1], [1.5, 1, 0.2]], [0.46436878, 0.63077296]),
    ("keras2:bce", [0, 1, 0, 1], [0.8, 0.7, 0.6, 0.5], [1.60943747, 0.35667479, 0.91629046, 0.69314698]),
    ("keras:bce", [0, 1, 0, 1], [0.8, 0.7, 0.6, 0.5], [1.609438, 0.356675, 0.9162908, 0.6931472]),
    ("ce:from_logits", [0], [[0.2, 0.1, -0.1]], [0.97291891]),
    ("categorical-hinge", [0, 1, 2], [[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]], [2.9, 0, 6.6]),
    ("weighted-bce:pos_weight=3", [1], [0.5], [1.422231]),
    ("pinball:q=0.5", [1, 2, 3], [0, 2, 5], [0.5, 0, 1]),
    ("pinball:q=0.9", [1, 2, 3], [0, 2, 5], [0.9, 0, 0.2]),
    ("kld", [[0.5, 0.5], [0.2, 0.8]], [[0.9, 0.1], [0.1, 0.9]], [0.510826, 0.044403]),
    ("hinge", [0, 1], [0.5, 0.3], [1.5, 0.7]),
    ("poisson", [3], [2], [-0.079442]),
    ("poisson:full", [3], [2], [1.712318]),
    ("poisson-nll", [3], [2], [1.389056]),
    ("log-cosh", [0, 0], [1, 100], [0.433781, 99.306854]),
    ("smooth-l1:beta=2", [0, 0], [3, 0.5], [2.0, 0.0625]),
    ("brier", [0, 1], [0.1, 0.8], [0.01, 0.04]),
]


@pytest.mark.parametrize(("spec", "true", "pred", "printed"), PRINTED)
def test_a_printed_number_comes_out(spec: str, true: Any, pred: Any, printed: list[float]) -> None:  # noqa: ANN401
    like, _, name = spec.rpartition(":") if spec.startswith("keras") else (None, "", spec)
    np.testing.assert_allclose(evaluate(name, true, pred, like=like).losses, printed, atol=6e-7)


def test_logits_taken_for_logits_give_four_finite_numbers() -> None:
    rows = [[-1, 2, 0], [1, 0, -1], [0, 1, 0], [-1, 1, 1]]
    printed = [3.169846, 2.407606, 0.551445, 2.758624]
    np.testing.assert_allclose(losses("ce:from_logits", [0, 2, 1, 0], rows), printed, atol=5e-7)
    np.testing.assert_allclose(losses("ce:from_logits", np.eye(3)[[0, 2, 1, 0]], rows), printed, atol=5e-7)


def test_softmax_twice_is_another_number() -> None:
    rows, labels = [[0.5, 2, 1], [1.5, 1, 0.2]], [1, 0]
    once, twice = losses("ce:from_logits", labels, rows), losses("ce:from_logits", labels, softmax(rows))
    assert (np.abs(once - twice) > 0.1).all()
