"""Paired comparisons and their verdicts."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest

from losscli.arrays import Array
from losscli.errors import UsageError
from losscli.stats import compare
from losscli.stats.bootstrap import BLOCKS
from losscli.stats.compare import Comparison, Resampling, adjusted, paired
from losscli.stats.statistic import mean, score


def compared(worse_by: float, n: int = 400, noise: float = 0.1, method: str = "bca", margin: float = 0.0) -> Comparison:
    random = np.random.default_rng(1)
    base = random.normal(size=n) ** 2
    candidate = base + worse_by + noise * random.normal(size=n)
    return paired(mean(candidate), mean(base), Resampling(method=method), equal=False, margin=margin)


@pytest.mark.parametrize("method", ["bca", "t"])
def test_verdicts_follow_the_interval(method: str) -> None:
    assert compared(0.1, method=method).against(0.0, 0.05) == "fail"
    assert compared(-0.1, method=method).against(0.0, 0.05) == "pass"
    assert compared(0.1, method=method).against(0.2, 0.05) == "pass"
    assert compared(0.0, method=method).against(0.0, 0.05) == "inconclusive"


def test_pairing_sees_what_two_separate_samples_would_not() -> None:
    random = np.random.default_rng(2)
    base = random.normal(size=300) ** 2 * 10
    candidate = base + 0.2
    together = paired(mean(candidate + 0.01 * random.normal(size=300)), mean(base), Resampling(), equal=False)
    apart = mean(base)
    assert together.against(0.0, 0.05) == "fail"
    low, high = Resampling(method="t").of(apart)[1].at(0.95)
    assert high - low > 1


def test_identical_predictions_are_equal_with_an_interval_of_zero() -> None:
    losses = np.array([1.0, 2.0, 4.0])
    same = paired(mean(losses), mean(losses.copy()), Resampling(), equal=True)
    assert (same.worse, same.interval, same.p, same.against(0.0, 0.05)) == (0.0, (0.0, 0.0), 1.0, "equal")


def test_where_larger_is_better_worse_is_smaller() -> None:
    candidate, base = mean(np.array([0.5, 0.6, 0.7])), mean(np.array([0.9, 0.8, 0.9]))
    assert paired(candidate, base, Resampling(method="t"), equal=False, sign=-1).worse == pytest.approx(0.8 / 3)


def test_an_infinite_loss_or_a_single_row_is_never_a_pass() -> None:
    infinite = paired(mean(np.array([np.inf, 1.0])), mean(np.array([0.0, 1.0])), Resampling(), equal=False)
    single = paired(mean(np.array([0.5])), mean(np.array([1.0])), Resampling(), equal=False)
    for one in (infinite, single):
        assert one.against(1.0, 0.05) == "inconclusive"
        assert isnan(one.p)
    assert compared(-1.0).against(nan, 0.05) == "inconclusive"


def test_an_effect_of_the_detectable_size_is_found_four_times_in_five() -> None:
    random = np.random.default_rng(3)
    found, trials, n = 0, 500, 100
    for _ in range(trials):
        noise = random.normal(size=n)
        effect = compared_t(noise, 0.0).detectable
        found += compared_t(noise, effect).against(0.0, 0.05) == "fail"
    assert found / trials == pytest.approx(0.8, abs=0.06)


def compared_t(difference: np.ndarray[tuple[int], np.dtype[np.float64]], effect: float) -> Comparison:
    zero = np.zeros(len(difference))
    return paired(mean(difference + effect), mean(zero), Resampling(method="t"), equal=False)


def test_needed_is_the_number_of_rows_at_which_the_effect_is_the_detectable_one() -> None:
    one = compared(0.005)
    assert one.needed is not None
    assert one.detectable / np.sqrt(one.needed / 400) == pytest.approx(abs(one.worse), rel=0.01)


def test_an_effect_equal_to_the_margin_is_settled_by_no_number_of_rows() -> None:
    base = np.array([1.0, 2.0, 3.0])
    assert paired(mean(base + 1), mean(base), Resampling(method="t"), equal=False, margin=1.0).needed is None


def test_clusters_are_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = np.repeat(np.arange(20), 30)
    shift = np.random.default_rng(4).normal(size=20)[codes]
    losses = np.random.default_rng(5).random(600)
    one, many = (
        paired(mean(losses + shift), mean(losses), Resampling(), equal=False, clusters=c) for c in (None, codes)
    )
    assert many.detectable > 3 * one.detectable
    monkeypatch.setattr(compare, "LIMIT", 100)
    assert paired(mean(losses + shift), mean(losses), Resampling(), equal=False, clusters=codes).method == "t"


def test_a_score_of_many_rows_is_not_computed_anew_two_thousand_times() -> None:
    calls = []

    def value(weights: Array) -> float:
        calls.append(1)
        return float(weights.sum())

    method, spread = Resampling().of(score(value, compare.COSTLY + 1))
    assert method == "t"
    assert len(calls) <= 2 * BLOCKS + 2
    assert spread.se > 0
    assert Resampling(boot=100).of(score(value, 50))[0] == "bca"


def test_holm_and_benjamini_hochberg_agree_with_published_examples() -> None:
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    assert adjusted(p, "holm") == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert adjusted(p, "bh") == pytest.approx([0.05] * 5)
    assert adjusted([], "holm") == []


def test_a_p_value_that_is_not_there_is_not_counted_among_the_tests() -> None:
    first, second, third = adjusted([0.02, nan, 0.5], "holm")
    assert (first, third) == (0.04, 0.5)
    assert isnan(second)


@pytest.mark.parametrize(
    "wrong", [{"confidence": 1.0}, {"confidence": nan}, {"method": "bcs"}, {"boot": 10}, {"seed": -1}]
)
def test_settings_that_make_no_interval_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Resampling(**wrong)  # type: ignore[arg-type]  # what a user may type


def test_losses_and_hits_of_the_same_rows_are_told_apart_as_surely() -> None:
    old = np.array([0.0, 1, 0, 0, 0, 0, 0, 0, 0])
    new = np.array([0.0, 1, 0, 0, 1, 0, 0, 0, 0])
    losses = paired(mean(new), mean(old), Resampling(), equal=False)
    hits = paired(mean(1 - new), mean(1 - old), Resampling(), equal=False, sign=-1)
    assert losses.p == pytest.approx(hits.p, rel=1e-9)
    assert losses.p > 0.1  # one row of nine differs
    assert losses.interval == pytest.approx(hits.interval, abs=1e-9)


@pytest.mark.parametrize("n", range(10, 40, 3))
def test_an_end_of_the_interval_that_is_the_margin_but_for_a_rounding_fails_nothing(n: int) -> None:
    base, weights = (np.arange(n) % 3 == 0) * 1.0, 0.1 + np.arange(n) / 7
    worse = base + np.where(np.arange(n) == 4, 0.2, 0.1)
    found = paired(mean(worse, weights), mean(base, weights), Resampling(boot=200), equal=False)
    assert found.interval[0] == pytest.approx(0.1, abs=1e-12)
    assert found.against(0.1, 0.05) == "inconclusive"
