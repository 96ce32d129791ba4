"""The calibration curve: what was predicted, and how often it came."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from losscli import evaluate
from losscli.arrays import Array
from losscli.reliability import Reliability


@pytest.fixture(name="rows")
def _rows() -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    pred = np.concatenate((rng.random(500), [0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 1.0]))
    return (rng.random(len(pred)) < pred**2).astype(float), pred, rng.random(len(pred))


def picture_of(*parts: tuple[Array, Array, Array | None]) -> tuple[list[float], list[float], str]:
    """The points of the curve and the small print."""
    found = Reliability()
    for part in parts:
        found.update(*part)
    picture = found.picture()
    return list(picture.series[0].x), list(picture.series[0].y), picture.notes[0]


def test_the_points_are_those_of_scikit_learn(rows: tuple[Array, Array, Array]) -> None:
    true, pred, _ = rows
    said, seen, _ = picture_of((true, np.nextafter(pred, 0), None))
    observed, predicted = calibration_curve(true, np.nextafter(pred, 0), n_bins=10)
    assert said == pytest.approx(predicted.tolist(), rel=1e-12)
    assert seen == pytest.approx(observed.tolist(), rel=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_small_print_is_the_calibration_error_of_ten_bins(
    rows: tuple[Array, Array, Array], weighted: bool  # noqa: FBT001  a parameter of the test
) -> None:  # fmt: skip
    true, pred, weight = rows
    weights = weight if weighted else None
    _, _, note = picture_of((true, pred, weights))
    assert f"{evaluate('ece:n_bins=10', true, pred, weights).value:.4g}" in note


def test_chunks_and_order_make_no_difference(rows: tuple[Array, Array, Array]) -> None:
    true, pred, weight = rows
    order = np.random.default_rng(1).permutation(len(true))
    parts = [(true[one], pred[one], weight[one]) for one in np.array_split(order, 7)]
    assert picture_of(rows) == picture_of(*parts)


def test_rows_without_a_value_or_a_weight_do_not_count() -> None:
    true, pred, weight = np.array([1.0, np.nan, 1.0, 0.0]), np.array([0.9, 0.9, 0.9, np.nan]), np.array([1.0, 1, 0, 1])
    found = Reliability()
    found.update(true, pred, weight)
    assert found.picture().table["n"] == [1]
