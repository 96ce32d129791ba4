"""Student's t, against mpmath's incomplete beta function."""

from __future__ import annotations

import mpmath
import pytest

from losscli.stats.student import cdf, quantile


def by_mpmath(t: float, df: float) -> float:
    with mpmath.workdps(40):
        whole = mpmath.mpf(df) + mpmath.mpf(t) ** 2
        tail = mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, df / whole, regularized=True) / 2
        return float(1 - tail if t > 0 else tail)


@pytest.mark.parametrize("df", [1, 2, 3.5, 10, 199, 1e5])
@pytest.mark.parametrize("t", [-40.0, -5.0, -1e-3, 0.0, 1e-8, 0.7, 2.0, 30.0])
def test_the_distribution_is_that_of_mpmath(t: float, df: float) -> None:
    assert cdf(t, df) == pytest.approx(by_mpmath(t, df), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("df", [1, 2, 9, 150, 1e6])
@pytest.mark.parametrize("p", [1e-6, 0.025, 0.5, 0.6, 0.975, 0.9999])
def test_the_quantile_undoes_the_distribution(p: float, df: float) -> None:
    assert cdf(quantile(p, df), df) == pytest.approx(p, rel=1e-9)


def test_one_degree_of_freedom_is_cauchy_s_law_and_many_are_the_normal_one() -> None:
    assert quantile(0.975, 1) == pytest.approx(12.706204736174698, rel=1e-12)
    assert quantile(0.975, 1e9) == pytest.approx(1.959963984540054, rel=1e-6)
