"""The last digits of robust errors, deviances and probabilistic forecasts, against 60 exact ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from mpmath import mpf
from test_precision import assert_right, one_loss

TINY, HUGE = 1e-150, 1e150
NEAR = [1 - 2**-40, 1 - 1e-9, 1 - 1e-3, 0.76, 0.9, 1.1, 1.24, 1 + 1e-6, 1 + 2**-50]
FAR = [1e-300, 1e-30, 0.01, 0.4, 0.6, 1.4, 1.9, 2.5, 1e3, 1e30]


@pytest.fixture(autouse=True)
def _digits() -> Any:  # noqa: ANN401  pytest's own
    with mpmath.workdps(700):
        yield


def ln(value: Any) -> Any:  # noqa: ANN401  mpmath's numbers
    return mpmath.log(value)


def barron(e: Any, alpha: float) -> Any:  # noqa: ANN401  as above
    shape, gap = mpf(alpha), abs(mpf(alpha) - 2)
    return gap / shape * ((e * e / gap + 1) ** (shape / 2) - 1)


ERRORS = [0.0, TINY, 1e-12, 1e-4, 0.3, 0.49, 0.51, 0.999, 1.0, 1.001, 2.5, 30.0, 700.0]
ROBUST: dict[str, Callable[[Any], Any]] = {
    "half-mse": lambda e: e * e / 2,
    "pseudo-huber": lambda e: mpmath.sqrt(1 + e * e) - 1,
    "fair": lambda e: e - ln(1 + e),
    "cauchy": lambda e: ln(1 + e * e) / 2,
    "welsch": lambda e: 1 - mpmath.exp(-e * e / 2),
    "linex": lambda e: mpmath.exp(e) - e - 1,
    "linex:a=-1": lambda e: mpmath.exp(-e) + e - 1,
    "general-robust": lambda e: barron(e, 1.0),
    "general-robust:alpha=-2": lambda e: barron(e, -2.0),
    "general-robust:alpha=0": lambda e: ln(e * e / 2 + 1),
    "general-robust:alpha=1e-9": lambda e: barron(e, 1e-9),
    "general-robust:alpha=2": lambda e: e * e / 2,
    "general-robust:alpha=1.999999999": lambda e: barron(e, 1.999999999),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("spec", ROBUST)
def test_an_error_of_any_size_costs_the_exact_loss(spec: str, error: float) -> None:
    assert_right(spec, 0.0, error, ROBUST[spec](mpf(error)), ulps=8)


def test_a_bounded_slope_does_not_overflow() -> None:
    assert_right("pseudo-huber", 0.0, 1e300, mpf(1e300) - 1)
    assert_right("fair", 0.0, 1e300, mpf(1e300) - ln(mpf(1e300)))
    assert_right("cauchy", 0.0, 1e300, ln(mpf(1e300)))
    assert_right("welsch", 0.0, 1e300, mpf(1))


def deviance(y: Any, m: Any, power: float) -> Any:  # noqa: ANN401  mpmath's numbers
    p = mpf(power)
    if p == 1:
        return 2 * (y * ln(y / m) - y + m)
    if p == 2:
        return 2 * (ln(m / y) + y / m - 1)
    return 2 * (y ** (2 - p) / ((1 - p) * (2 - p)) - y * m ** (1 - p) / (1 - p) + m ** (2 - p) / (2 - p))


@pytest.mark.parametrize("ratio", [*NEAR, *FAR])
@pytest.mark.parametrize("mean", [1e-3, 1.0, 7.5, 1e6])
@pytest.mark.parametrize("power", [1.0, 2.0])
def test_a_deviance_keeps_its_digits_near_and_far(power: float, mean: float, ratio: float) -> None:
    name = {1.0: "poisson-deviance", 2.0: "gamma-deviance"}[power]
    assert_right(name, ratio * mean, mean, deviance(mpf(ratio * mean), mpf(mean), power), ulps=12)


@pytest.mark.parametrize("ratio", [*NEAR, *FAR])
@pytest.mark.parametrize("power", [-0.5, 0.5, 1 + 1e-9, 1.5, 2 - 1e-9, 2.5, 3.0])
def test_a_tweedie_deviance_keeps_its_digits_near_and_far(power: float, ratio: float) -> None:
    assert_right(f"tweedie-deviance:power={power!r}", ratio * 7.5, 7.5, deviance(mpf(ratio * 7.5), mpf(7.5), power), 32)


@pytest.mark.parametrize("z", [0.0, 1e-12, 0.1, 1.0, 5.0, 38.0, 1e10])
def test_the_score_of_a_normal_forecast_keeps_its_digits(z: float) -> None:
    x = mpf(z)
    area, density = mpmath.erf(x / mpmath.sqrt(2)), mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-x * x / 2)
    assert_right("crps-normal", z, [0.0, 1.0], x * area + density - 1 / mpmath.sqrt(mpmath.pi))
    nll = x * x / 2
    assert_right("gaussian-nll", z, [0.0, 1.0], nll)
    assert_right("normal-log-score", z, [0.0, 1.0], nll + ln(2 * mpmath.pi) / 2)


@pytest.mark.parametrize("step", [1e-150, 1e-12, 1e-3, 0.5])
def test_a_small_angle_keeps_its_digits(step: float) -> None:
    exact = 1 - 1 / mpmath.sqrt(1 + mpf(step) ** 2)
    assert_right("cosine-distance", [1.0, 0.0], [1.0, step], exact, ulps=8)


def test_an_ensemble_far_from_zero_keeps_its_spread() -> None:
    far = 2.0**40
    assert one_loss("crps", 3.0 + far, [1.0 + far, 2.0 + far, 4.0 + far]) == pytest.approx(2 / 3, rel=1e-15)
    assert one_loss("dss", 3.0 + far, [1.0 + far, 2.0 + far, 3.0 + far]) == 1.0
    assert one_loss("mean-pairwise-squared", [0.0, 0.0], [far, far + 1]) == 1.0


LIMITS: list[tuple[str, Any, Any, float]] = [
    ("poisson-deviance", 1.0, 0.0, math.inf),
    ("poisson-deviance", 0.0, 0.0, 0.0),
    ("poisson-deviance", 0.0, 3.0, 6.0),
    ("gamma-deviance", 0.0, 3.0, math.inf),
    ("gamma-deviance", 3.0, 0.0, math.inf),
    ("tweedie-deviance:power=1.5", 0.0, 4.0, 8.0),
    ("tweedie-deviance:power=3", 0.0, 4.0, math.inf),
    ("tweedie-deviance:power=-1", -1.0, 0.0, 0.0),
    ("tweedie-deviance:power=-1", -1.0, 2.0, 28 / 3),
    ("tweedie-nll", 1.0, 0.0, math.inf),
    ("tweedie-nll", 0.0, 0.0, 0.0),
    ("tweedie-nll:log_input", 0.0, -1e4, 0.0),
    ("gamma-nll", 1.0, 0.0, math.inf),
    ("gamma-nll", 0.0, 0.0, -math.inf),
    ("gaussian-nll", 1.0, [1.0, 0.0], -math.inf),
    ("gaussian-nll", 2.0, [1.0, 0.0], math.inf),
    ("gaussian-nll:eps=1", 2.0, [1.0, 0.0], 0.5),
    ("gaussian-nll:log_deviation", 2.0, [1.0, -1e3], math.inf),
    ("gaussian-nll:log_deviation", 1.0, [1.0, -1e3], -1e3),
    ("gaussian-nll:log_deviation", 1.0, [1.0, 1e3], 1e3),
    ("crps-normal", 2.0, [-1.0, 0.0], 3.0),
    ("crps", 2.0, [1.0, 1.0], 1.0),
    ("crps:estimator=fair", 2.0, [1.0], 1.0),
    ("dss", 2.0, [1.0, 1.0], math.inf),
    ("dss", 1.0, [1.0, 1.0], -math.inf),
    ("linex", 0.0, 1e4, math.inf),
    ("linex", 0.0, -1e4, 9999.0),
    ("smape", 0.0, 0.0, 0.0),
    ("rmspe", 0.0, 1.0, math.inf),
    ("rmspe", 0.0, 0.0, 0.0),
    ("cosine-distance", [0.0, 0.0], [1.0, 2.0], 1.0),
    ("log-lin-quantile:q=1", 0.0, 1e4, 0.0),
]


@pytest.mark.parametrize(("spec", "true", "pred", "limit"), LIMITS)
def test_a_limiting_case_is_its_limit(spec: str, true: Any, pred: Any, limit: float) -> None:  # noqa: ANN401  as above
    assert one_loss(spec, true, pred) == pytest.approx(limit, rel=1e-15)
