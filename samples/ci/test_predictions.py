"""Gates in pytest: the number that the command line prints, in an assertion."""

import numpy as np

import losscli


def _read(path: str) -> tuple[np.ndarray, np.ndarray]:
    y_true, y_pred = np.loadtxt(path, delimiter=",", skiprows=1, usecols=(2, 3), unpack=True)
    return y_true, y_pred


def test_the_error_is_small_enough() -> None:
    assert losscli.evaluate("rmse", *_read("diabetes_ridge.csv")).value <= 60


def test_no_prediction_is_far_off() -> None:
    assert losscli.evaluate("mae", *_read("diabetes_ridge.csv"), reduction="max").value <= 200


def test_the_ridge_is_closer_than_the_forest_for_most_patients() -> None:
    ridge, forest = (losscli.evaluate("mae", *_read(f"diabetes_{name}.csv")) for name in ("ridge", "forest"))
    assert np.median(ridge.losses - forest.losses) < 0
