"""Student's t distribution, which numpy does not have."""

from __future__ import annotations

from math import exp, lgamma, log, log1p, sqrt

TINY = 1e-300
"""Stands for a zero by which the continued fraction would divide."""

TERMS = 10_000
"""The continued fraction is settled after about √df terms."""


def cdf(t: float, df: float) -> float:
    """Return P(T ≤ t) for Student's t with ``df`` > 0 degrees of freedom.

    ½ + ½ sign(t)·(1 − I_x(df/2, ½)), x = df/(df + t²)

    >>> round(cdf(2.0, 10.0), 12)
    0.963305982615

    Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.1.
    """
    whole = df + t * t
    tail = _incomplete_beta(df / 2, 0.5, df / whole, t * t / whole) / 2
    return 1 - tail if t > 0 else tail


def quantile(p: float, df: float) -> float:
    """Return the t with P(T ≤ t) = p, for 0 < p < 1.

    >>> round(quantile(0.975, 10.0), 12)
    2.228138851986
    """
    if p < 0.5:  # noqa: PLR2004  the median, by symmetry
        return -quantile(1 - p, df)
    high = 1.0
    while cdf(high, df) < p:
        high *= 2
    low = 0.0
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if cdf(middle, df) < p else (low, middle)
    return high


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """Return I_x(a, b), ``rest`` being 1 − x, from whichever side its continued fraction settles quickly."""
    if x <= 0 or rest <= 0:
        return float(rest <= 0)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * (log(x) if x < rest else log1p(-rest)) + b * log(rest))
    if x < (a + 1) / (a + b + 2):
        return front * _continued(a, b, x) / a
    return 1 - front * _continued(b, a, rest) / b


def _continued(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function (A&S 26.5.8), by Lentz's method."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _nonzero(1 + numerator * d)
            c = _nonzero(1 + numerator / c)
            step = c * d
            value *= step
        if abs(step - 1) < 1e-16 * sqrt(m):
            break
    return value


def _nonzero(number: float) -> float:
    return number if abs(number) > TINY else TINY
