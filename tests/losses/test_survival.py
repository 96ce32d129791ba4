"""Times that are known only to lie between two bounds."""

from __future__ import annotations

import json
from math import exp, inf, log, sqrt
from statistics import NormalDist
from typing import Any

import mpmath
import numpy as np
import pytest
from typer.testing import CliRunner

from losscli import evaluate
from losscli.cli.app import app
from losscli.errors import DataError

DISTRIBUTIONS = ["normal", "logistic", "extreme"]
NEAR = [-3.0, -0.5, 0.0, 1.0, 3.0]


def aft(lower: float, upper: float, pred: float, **params: Any) -> float:  # noqa: ANN401  parameters of the loss
    return float(evaluate("aft-nll", [[lower, upper]], [pred], missing="propagate", **params).losses[0])


@pytest.mark.parametrize("pred", NEAR)
def test_a_known_time_has_the_density_of_a_log_normal_variable(pred: float) -> None:
    density = NormalDist(pred, 0.75).pdf(log(2.5)) / 2.5
    assert aft(2.5, 2.5, pred, sigma=0.75) == pytest.approx(-log(density), rel=1e-12)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("pred", NEAR)
def test_the_times_before_between_and_after_share_all_probability(distribution: str, pred: float) -> None:
    spans = ((0.0, 1.5), (1.5, 4.0), (4.0, -1.0))
    costs = [aft(*span, pred, distribution=distribution, sigma=0.75) for span in spans]
    assert sum(exp(-cost) for cost in costs) == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("pred", [*NEAR, -5.0, 5.0])
def test_a_span_that_shrinks_comes_to_the_density_at_its_time(distribution: str, pred: float) -> None:
    wide = 1e-6
    known = aft(2.0, 2.0, pred, distribution=distribution)
    spanned = aft(2.0 - wide / 2, 2.0 + wide / 2, pred, distribution=distribution)
    assert spanned + log(wide) == pytest.approx(known, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_an_unbounded_span_costs_nothing(distribution: str) -> None:
    assert aft(0.0, -1.0, 0.5, distribution=distribution) == 0


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_infinity_as_the_upper_bound_means_minus_one(distribution: str) -> None:
    assert aft(2.0, inf, 0.5, distribution=distribution) == aft(2.0, -1.0, 0.5, distribution=distribution)


def test_infinity_as_the_upper_bound_is_let_through_only_when_asked_for() -> None:
    with pytest.raises(DataError, match="inf is not finite") as refused:
        evaluate("aft-nll", [[2.0, inf]], [0.5])
    assert "--missing propagate" in refused.value.hint


@pytest.mark.parametrize("pred", [-1e3, -1e8, 1e3, 1e8])
def test_a_time_far_in_the_tail_has_a_finite_cost(pred: float) -> None:
    square = pred**2 / 2
    for span in ((1.0, 2.0), (1.0, 1.0), (1.0, -1.0) if pred < 0 else (0.0, 1.0)):
        assert aft(*span, pred) == pytest.approx(square, rel=2e-2 if abs(pred) < 1e4 else 1e-7)


@pytest.mark.parametrize("z", [1.0, 19.5, 20.0, 20.0 + 1e-14, 20.5, 36.0, 40.0, 1e3])
def test_the_tail_of_a_normal_variable_keeps_its_digits_on_both_sides_of_where_its_series_begins(z: float) -> None:
    tail = -mpmath.log(mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)) / 2)
    assert aft(1.0, -1.0, -z) == pytest.approx(float(tail), rel=4e-16)
    assert aft(0.0, 1.0, z) == aft(1.0, -1.0, -z)


def test_the_floor_of_a_likelihood_bounds_the_cost() -> None:
    assert aft(1.0, 1.0, 100.0, eps=1e-3) == pytest.approx(-log(1e-3), rel=1e-15)
    assert aft(1.0, 1.0, 0.0, eps=1e-3) == aft(1.0, 1.0, 0.0)


def test_the_distance_to_a_span_is_counted_on_either_side() -> None:
    spans, preds = [[2.0, 4.0], [2.0, 4.0], [2.0, 4.0], [2.0, -1.0], [0.0, 2.0]], np.log([1.0, 3.0, 8.0, 9.0, 2.5])
    np.testing.assert_allclose(evaluate("aft-distance", spans, preds).losses, [1, 0, 4, 0, 0.5], rtol=1e-15)
    assert evaluate("aft-distance", [[2.0, -1.0]], [1e4]).losses[0] == 0


@pytest.mark.parametrize("span", [[-1.0, 2.0], [0.0, 0.0], [3.0, 2.0], [1.0, -2.0], [-0.5, -1.0]])
def test_what_is_no_span_of_time_is_refused(span: list[float]) -> None:
    with pytest.raises(DataError, match="one of two times in order"):
        evaluate("aft-nll", [span], [0.0])


@pytest.mark.parametrize("true", [[1.0], [[1.0]], [[1.0, 2.0, 3.0]]])
def test_a_truth_of_another_width_is_refused_with_its_columns(true: Any) -> None:  # noqa: ANN401  any shape
    with pytest.raises(DataError, match=r"2 columns of truth \(lower, upper\)") as refused:
        evaluate("aft-nll", true, [0.0])
    assert refused.value.hint == "name them in this order: --true lower,upper"


def test_a_prediction_of_several_columns_is_refused() -> None:
    with pytest.raises(DataError, match="the prediction 2 values a row"):
        evaluate("aft-nll", [[1.0, 2.0]], [[0.0, 1.0]])


def test_the_command_line_takes_both_columns_of_the_truth() -> None:
    table = "from,to,log_time\n1,2,0\n3,-1,1\n"
    told = CliRunner().invoke(app, ["aft", "-", "-t", "from,to", "-p", "log_time", "-f", "json"], input=table)
    expected = [aft(1.0, 2.0, 0.0), aft(3.0, -1.0, 1.0)]
    assert [one["aft-nll"] for one in json.loads(told.stdout)["samples"]] == expected


def test_catboosts_name_says_that_it_is_a_distance() -> None:
    result = evaluate("catboost.SurvivalAft", [[1.0, 1.0]], [sqrt(0.25)])
    assert result.value == pytest.approx(exp(0.5) - 1, rel=1e-15)
    assert any("aft-nll" in note for note in result.notes)
