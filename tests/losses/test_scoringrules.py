"""Closed-form scores give the numbers that scoringrules 0.10 gave, and their limiting cases."""

from __future__ import annotations

from math import exp, inf, sqrt
from typing import Any

import numpy as np
import pytest

from losscli import evaluate
from losscli.errors import DataError

TRUE = [0.5, -1.25, 3.0]
SCALED = [[0.25, 0.5], [-1.0, 2.0], [1.0, 1.5]]
ENDS = [[0.25, 0.75], [-1.0, 1.0], [1.0, 2.5]]
SHAPED = [[0.25, 0.25, 0.5], [-0.5, -1.0, 2.0], [0.0, 1.0, 1.5]]
MIXED = [[0.0, 1.0, 0.25, 1.0, 0.5, 0.75], [2.0, 2.0, 0.5, -1.0, 0.25, 0.5], [0.5, 1.0, 0.875, 0.5, 3.0, 0.125]]
CHANCES = [[0.5, 0.25, 0.25], [0.125, 0.625, 0.25], [0.25, 0.25, 0.5]]
ENSEMBLES = [[1.0, 2.0, 3.0, 1.0, -1.0, 0.5, 2.0, -2.0], [0.0, 0.0, 1.0, 1.5, 2.0, 1.0, 4.0, 0.0]]

RECORDED: list[tuple[str, Any, Any, list[float]]] = [
    ("crps-normal", TRUE, SCALED, [0.16570176562742783, 0.47984069309854194, 1.2809009698028746]),
    ("crps-logistic", TRUE, SCALED, [0.2240769841801067, 0.780396141268676, 1.2018875752326448]),
    ("crps-laplace", TRUE, SCALED, [0.1782653298563167, 0.5149938051691905, 1.27039570717359]),
    ("crps-lognormal", [0.5, 1.25, 3.0], SCALED, [0.5578038615180805, 0.553022501978179, 1.3072318938786622]),
    (
        "crps-loglaplace",
        [0.5, 1.25, 3.0],
        [[0.25, 0.5], [-1.0, 0.25], [1.0, 0.875]],
        [0.5524924441715527, 0.7859773723113697, 0.7509220506973988],
    ),
    ("crps-exponential", TRUE, [0.5, 2.0, 1.5], [0.6152031322856195, 1.5, 2.014811995384323]),
    ("crps-uniform", TRUE, ENDS, [0.04166666666666666, 0.9166666666666666, 0.9999999999999998]),
    ("crps-gpd", TRUE, SHAPED, [0.1388235678359136, 1.05, 0.54079141434718]),
    ("crps-normal-mixture", TRUE, MIXED, [0.23740589161305525, 0.7169610699149018, 1.8541142522904175]),
    ("rls", [0, 2, 1], CHANCES, [0.9808292530117262, 1.519825753744413, 0.9808292530117262]),
    ("rps", [0, 2, 1], CHANCES, [0.3125, 0.578125, 0.3125]),
    ("multivariate-dss", [[0.5, -1.0], [1.0, 2.0]], ENSEMBLES, [3.0906109106730697, 3.803439895136182]),
]


@pytest.mark.parametrize(("name", "true", "pred", "recorded"), RECORDED)
def test_a_score_is_that_of_scoringrules(name: str, true: Any, pred: Any, recorded: list[float]) -> None:  # noqa: ANN401
    np.testing.assert_allclose(evaluate(name, true, pred).losses, recorded, rtol=1e-14)


LIMITS: list[tuple[str, Any, Any, float]] = [
    ("crps-logistic", 3.0, [1.0, 0.0], 2.0),
    ("crps-laplace", 3.0, [1.0, 0.0], 2.0),
    ("crps-lognormal", 3.0, [0.0, 0.0], 2.0),
    ("crps-lognormal", 0.0, [0.0, 0.0], 1.0),
    ("crps-loglaplace", 3.0, [0.0, 0.0], 2.0),
    ("crps-loglaplace", 1.0, [1000.0, 0.5], inf),
    ("crps-lognormal", 1.0, [1000.0, 1.0], inf),
    ("crps-uniform", 3.0, [1.0, 1.0], 2.0),
    ("crps-gpd", 3.0, [0.5, 1.0, 0.0], 2.0),
    ("crps-gpd", 5.0, [-1.0, 0.0, 2.0], 3 + 2 / 3),
    ("crps-normal-mixture", 3.0, [1.0, 0.0, 1.0, 9.0, 1.0, 0.0], 2.0),
    ("rls", 2.0, [1.0, 0.0, 0.0], inf),
    ("rls", 0.0, [1.0, 0.0, 0.0], 0.0),
]


@pytest.mark.parametrize(("name", "true", "pred", "expected"), LIMITS)
def test_a_forecast_without_spread_or_chance_has_a_score(name: str, true: Any, pred: Any, expected: float) -> None:  # noqa: ANN401
    assert evaluate(name, [true], [pred], missing="propagate").losses[0] == pytest.approx(expected, rel=1e-15)


def test_a_pareto_forecast_is_exponential_or_uniform_at_its_special_shapes() -> None:
    exponential = evaluate("crps-exponential", TRUE, [0.5, 0.5, 0.5]).losses
    np.testing.assert_allclose(evaluate("crps-gpd", TRUE, [[0.0, 0.0, 2.0]] * 3).losses, exponential, rtol=1e-15)
    uniform = evaluate("crps-uniform", TRUE, [[0.0, 2.0]] * 3).losses
    np.testing.assert_allclose(evaluate("crps-gpd", TRUE, [[-1.0, 0.0, 2.0]] * 3).losses, uniform, rtol=1e-14)


def test_a_mixture_of_one_component_is_a_normal_forecast_whatever_its_weight() -> None:
    normal = evaluate("crps-normal", TRUE, SCALED).losses
    mixture = evaluate("crps-normal-mixture", TRUE, [[*row, 0.25] for row in SCALED]).losses
    np.testing.assert_allclose(mixture, normal, rtol=1e-14)


def test_the_score_of_several_values_is_that_of_each_where_they_vary_apart() -> None:
    members = [1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0, -1.0]
    each = [evaluate("dss", [y], [[1.0, 1.0, -1.0, -1.0]]).losses[0] for y in (0.5, 2.0)]
    assert evaluate("multivariate-dss", [[0.5, 2.0]], [members]).losses[0] == pytest.approx(sum(each), rel=1e-14)


@pytest.mark.parametrize(
    "members",
    [
        [0.0, 0.0, 1.0, 2.0],
        [0.0, 0.0, 1.0, 2.0, 3.0, 6.0, 0.1, 0.2],
        [0.0, 3.0, 1.0, 3.0, 5.0, 3.0],
        [0.1, 0.3, 0.7, 2.1, 1.3, 3.9, 0.9, 2.7],
    ],
    ids=["too few", "in one direction", "one constant", "in one direction but for rounding"],
)
def test_members_that_do_not_vary_apart_cost_infinity(members: list[float]) -> None:
    assert evaluate("multivariate-dss", [[1.0, 1.0]], [members]).losses[0] == inf


@pytest.mark.parametrize("units", [(1e-9, 1.0), (1.0, 1e12), (1e-100, 1e100)])
def test_units_shift_the_score_of_several_values_by_their_logarithms(units: tuple[float, float]) -> None:
    members = np.array(ENSEMBLES[0]).reshape(-1, 2)
    plain = evaluate("multivariate-dss", [[0.5, -1.0]], [members.ravel()]).losses[0]
    other = evaluate("multivariate-dss", [np.multiply([0.5, -1.0], units)], [(members * units).ravel()]).losses[0]
    assert other - plain == pytest.approx(2 * np.log(units).sum(), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "pred"),
    [
        ("crps-logistic", [0.0, -1.0]),
        ("crps-lognormal", [0.0, -1.0]),
        ("crps-loglaplace", [0.0, 1.0]),
        ("crps-exponential", 0.0),
        ("crps-uniform", [1.0, 0.0]),
        ("crps-gpd", [1.0, 0.0, 1.0]),
        ("crps-gpd", [0.5, 0.0, -1.0]),
        ("crps-normal-mixture", [0.0, -1.0, 1.0]),
        ("crps-normal-mixture", [0.0, 1.0, -0.5, 0.0, 1.0, 1.5]),
        ("crps-normal-mixture", [0.0, 1.0, 0.0]),
    ],
)
def test_what_is_no_distribution_is_refused(name: str, pred: Any) -> None:  # noqa: ANN401
    with pytest.raises(DataError, match="row 1"):
        evaluate(name, [1.0], [pred])


def test_a_mixture_of_other_than_triples_is_refused() -> None:
    with pytest.raises(DataError, match="the prediction 4 values a row"):
        evaluate("crps-normal-mixture", [1.0], [[0.0, 1.0, 1.0, 2.0]])


@pytest.mark.parametrize("sigma", [1e-12, 1e-6, 0.01, 0.49, 0.51])
@pytest.mark.parametrize("z", [-2.0, 0.0, 0.5, 3.0])
def test_a_narrow_log_normal_forecast_is_a_normal_one_to_first_order(sigma: float, z: float) -> None:
    y = exp(z * sigma)
    log_normal = evaluate("crps-lognormal", [y], [[0.0, sigma]]).losses[0]
    normal = sigma * evaluate("crps-normal", [z], [[0.0, 1.0]]).losses[0]
    assert log_normal == pytest.approx(normal, rel=8 * sigma + 1e-3 * sqrt(1e-12) + 1e-3 * (sigma < 1e-9))
