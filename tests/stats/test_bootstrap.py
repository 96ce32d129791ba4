"""Intervals: how often they hold the truth, and what they say of data that says little."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, isnan, sqrt

import numpy as np
import pytest

from losscli.arrays import Array
from losscli.stats.bootstrap import CELLS, Statistic, bootstrap, t_interval
from losscli.stats.statistic import mean, quantile, reduced, score

Draw = Callable[[np.random.Generator, int], Array]
TRIALS, CONFIDENCE = 400, 0.95
MONTE_CARLO = 3 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / TRIALS)
"""Three standard errors of a coverage that is 0.95."""


def normal(random: np.random.Generator, n: int) -> Array:
    return random.normal(1.0, 2.0, n)


def squared(random: np.random.Generator, n: int) -> Array:
    return random.normal(size=n) ** 2


def zero_one(random: np.random.Generator, n: int) -> Array:
    return (random.random(n) < 0.2).astype(np.float64)


def heavy(random: np.random.Generator, n: int) -> Array:
    return np.exp(1.5 * random.normal(size=n))


def coverage(draw: Draw, truth: float, n: int, method: str) -> float:
    random = np.random.default_rng(11)
    held = 0
    for trial in range(TRIALS):
        statistic = mean(draw(random, n))
        spread = t_interval(statistic) if method == "t" else bootstrap(statistic, boot=600, seed=trial)
        low, high = spread.at(CONFIDENCE)
        held += low <= truth <= high
    return held / TRIALS


@pytest.mark.parametrize("method", ["bca", "t"])
@pytest.mark.parametrize(
    ("draw", "truth", "n"),
    [(normal, 1.0, 20), (normal, 1.0, 200), (squared, 1.0, 200), (zero_one, 0.2, 100)],
)
def test_nominal_95_percent_is_the_coverage_within_its_monte_carlo_error(
    draw: Draw, truth: float, n: int, method: str
) -> None:
    assert abs(coverage(draw, truth, n, method) - CONFIDENCE) <= MONTE_CARLO


def test_heavy_tails_are_covered_less_often_and_bca_less_badly_than_t() -> None:
    bca, t = (coverage(heavy, exp(1.125), 100, method) for method in ("bca", "t"))
    assert 0.8 < t < bca < CONFIDENCE - MONTE_CARLO / 3


def test_a_check_of_coverage_rejects_intervals_that_are_a_fifth_too_narrow() -> None:
    random = np.random.default_rng(5)
    held = 0
    for _ in range(TRIALS):
        values = random.normal(size=50)
        low, high = t_interval(mean(values)).at(CONFIDENCE)
        held += abs(values.mean()) <= 0.8 * (high - low) / 2
    assert abs(held / TRIALS - CONFIDENCE) > MONTE_CARLO


def test_the_p_value_is_one_minus_the_confidence_at_which_the_interval_reaches() -> None:
    values = np.random.default_rng(0).normal(0.15, 1.0, 60)
    for spread in (bootstrap(mean(values), boot=5000, seed=1), t_interval(mean(values))):
        p = spread.p(0.0)
        low, high = spread.at(1 - p)
        assert min(abs(low), abs(high)) < 0.01


def test_t_of_a_mean_is_the_textbook_s_interval() -> None:
    values = np.array([2.0, 4.0, 4.0, 5.0, 9.0])
    low, high = t_interval(mean(values)).at(0.95)
    reach = 2.7764451051977987 * values.std(ddof=1) / sqrt(5)
    assert (low, high) == pytest.approx((4.8 - reach, 4.8 + reach), rel=1e-12)


def test_the_jackknife_finds_for_a_mean_what_its_influence_says() -> None:
    values, weights = np.random.default_rng(2).random((2, 150))
    told = mean(values, weights)
    found = t_interval(Statistic(told.n, told.of))
    assert found.se == pytest.approx(t_interval(told).se, rel=0.02)


def test_intervals_do_not_depend_on_how_many_resamples_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    statistic = mean(np.random.default_rng(3).random(100))
    before = bootstrap(statistic, boot=300, seed=4).at(0.9)
    monkeypatch.setattr("losscli.stats.bootstrap.CELLS", 700)
    assert CELLS > 700
    assert bootstrap(statistic, boot=300, seed=4).at(0.9) == pytest.approx(before, rel=1e-13)


def test_the_seed_decides_the_draw() -> None:
    statistic = mean(np.random.default_rng(3).random(100))
    one, same, other = (bootstrap(statistic, boot=300, seed=seed).at(0.9) for seed in (1, 1, 2))
    assert one == same != other


def test_resampling_clusters_is_wider_than_resampling_their_rows() -> None:
    random = np.random.default_rng(7)
    codes = np.repeat(np.arange(40), 10)
    losses = random.normal(size=40)[codes] + 0.1 * random.normal(size=400)
    for spread in (lambda s: bootstrap(s, boot=500, seed=0), t_interval):
        alone, together = spread(mean(losses)), spread(mean(losses).clustered(codes))
        assert together.se > 2.5 * alone.se


@pytest.mark.parametrize("values", [[], [1.0], [1.0, np.nan, 2.0], [1.0, np.inf, 2.0]])
def test_too_few_rows_and_infinite_losses_have_no_interval(values: list[float]) -> None:
    for spread in (bootstrap(mean(np.array(values)), boot=100, seed=0), t_interval(mean(np.array(values)))):
        assert all(map(isnan, spread.at(0.95)))
        assert isnan(spread.p(0.0))


def test_a_score_that_is_infinite_has_no_interval_and_warns_of_nothing() -> None:
    never = Statistic(4, lambda counts: np.full(len(counts), -np.inf))
    assert isnan(bootstrap(never, boot=50, seed=0).se)
    assert isnan(t_interval(never.minus(never)).se)


def test_constant_losses_have_an_interval_of_no_width() -> None:
    for spread in (bootstrap(mean(np.full(9, 0.1)), boot=100, seed=0), t_interval(mean(np.full(9, 0.1)))):
        low, high = spread.at(0.95)
        assert low == high == pytest.approx(0.1)


@pytest.mark.parametrize("name", ["mean", "sum", "count-mean", "nonzero-mean", "std", "median", "q90"])
def test_the_interval_of_every_reduction_holds_its_value(name: str) -> None:
    random = np.random.default_rng(8)
    losses, weights = random.random(200), random.integers(0, 3, 200).astype(np.float64)
    statistic = reduced(losses, weights, name)
    assert statistic is not None
    low, high = bootstrap(statistic, boot=400, seed=0).at(0.95)
    assert low < statistic.observed() < high


def test_extremes_have_no_interval() -> None:
    assert reduced(np.ones(3), None, "max") is None


def test_a_root_is_taken_of_every_resample_s_mean() -> None:
    errors = np.random.default_rng(9).normal(size=100) ** 2
    low, high = bootstrap(mean(errors), boot=500, seed=0).at(0.95)
    rooted = bootstrap(mean(errors, finish=sqrt), boot=500, seed=0).at(0.95)
    assert rooted == pytest.approx((sqrt(low), sqrt(high)), rel=0.02)


def test_a_score_is_computed_anew_for_every_resample() -> None:
    hits = (np.random.default_rng(1).random(80) < 0.7).astype(np.float64)
    as_score = score(lambda weights: float(weights @ hits / weights.sum()), 80)
    assert bootstrap(as_score, boot=300, seed=0).at(0.9) == pytest.approx(
        bootstrap(mean(hits), boot=300, seed=0).at(0.9), rel=1e-9
    )


def test_the_median_of_an_odd_sample_is_its_middle() -> None:
    assert quantile(np.array([5.0, 1.0, 3.0]), 0.5).observed() == 3.0
