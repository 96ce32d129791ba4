"""Many statistics on one draw: the same numbers as each alone, and levels that say what adjusted p-values say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.arrays import Array
from losscli.stats import bootstrap
from losscli.stats.compare import Resampling, adjusted, levels
from losscli.stats.statistic import mean, quantile

RANDOM = np.random.default_rng(7)
A, B = RANDOM.normal(size=50) ** 2, RANDOM.normal(size=50) ** 2
CODES = np.arange(50) // 2
RESAMPLING = Resampling(boot=300)


@pytest.mark.parametrize("clustered", [False, True])
def test_a_difference_of_drawn_statistics_is_the_one_that_is_drawn_itself(*, clustered: bool) -> None:
    clusters = CODES if clustered else None
    one, other = RESAMPLING.drawn([mean(A), mean(B)], clusters)
    method, together = RESAMPLING.of(one.minus(other), clusters)
    alone = RESAMPLING.of(mean(A).minus(mean(B)), clusters)[1]
    assert method == "bca"
    assert together.at(0.95) == alone.at(0.95)
    assert together.p(0.0) == alone.p(0.0)


def test_nothing_is_drawn_where_student_s_t_is_used() -> None:
    assert [one.resampled for one in Resampling(method="t").drawn([mean(A)])] == [None]
    assert [one.resampled for one in RESAMPLING.drawn([mean(A[:3])])] == [None]


def test_clusters_are_spread_over_their_rows_a_few_resamples_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def of(counts: Array) -> Array:
        sizes.append(counts.size)
        return quantile(A, 0.5).of(counts)

    whole = RESAMPLING.of(quantile(A, 0.5), CODES)[1].at(0.9)
    monkeypatch.setattr(bootstrap, "CELLS", 500)
    assert RESAMPLING.of(bootstrap.Statistic(50, of), CODES)[1].at(0.9) == whole
    assert max(sizes) <= 500


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=8), st.sampled_from(["holm", "bh"]))
def test_a_p_value_is_at_most_its_level_just_where_the_adjusted_one_is_at_most_alpha(
    p_values: list[float], method: str
) -> None:
    alpha = 0.05
    for p, level, together in zip(p_values, levels(p_values, alpha, method), adjusted(p_values, method), strict=True):
        if abs(together - alpha) > 1e-12:
            assert (p <= level) == (together <= alpha)


def test_the_level_of_what_is_no_test_is_alpha() -> None:
    assert levels([float("nan"), 0.01, 0.04], 0.05, "holm") == [0.05, 0.025, 0.05]
