"""The normal distribution, of which numpy lacks the error function: each value goes through Python's own."""

from __future__ import annotations

from collections.abc import Callable
from math import erf, erfc, pi, sqrt

import numpy as np

from losscli.arrays import Array
from losscli.losses._numeric import row_sum

HALF_LN_2PI = 0.9189385332046727
FAR = 20.0
"""Beyond this many deviations the tail is taken from its series, since `erfc` underflows."""
NEAR_ONE = 0.5
"""Above this the complement of the error function has more digits."""
NODES = 20
"""Enough for the integral of a density over one deviation."""


def two_sided(z: Array) -> Array:
    """Return ``2Φ(z) − 1``."""
    return _each(erf, z * sqrt(0.5))


def density(z: Array) -> Array:
    """Return ``φ(z)``."""
    return np.exp(-0.5 * np.square(z)) / sqrt(2 * pi)


def minus_log_density(z: Array) -> Array:
    """Return ``−ln φ(z)``."""
    return 0.5 * np.square(z) + HALF_LN_2PI


def erf_difference(high: Array, low: Array) -> Array:
    """Return ``erf(high) − erf(low)``, from the complements where both are near 1."""
    both = np.minimum(high, low) > NEAR_ONE
    return np.where(both, _each(erfc, low) - _each(erfc, high), _each(erf, high) - _each(erf, low))


def area(start: Array, width: Array) -> Array:
    """Return ``Φ(start + width) − Φ(start)`` of a width up to 1; far from 0 it is nothing."""
    middle = np.clip(start + 0.5 * width, -1e3, 1e3)
    return width * density(middle) * _mean_density(middle, width)


def minus_log_between(low: Array, high: Array, width: Array) -> Array:
    """Return ``−ln(Φ(high) − Φ(low))``, given ``high − low`` as exactly as it is known."""
    flipped = low + high < 0
    near, far = np.where(flipped, -high, low), np.where(flipped, -low, high)  # now most of it is above 0
    outside = 0.5 * (_each(erfc, far * sqrt(0.5)) + _each(erfc, near * -sqrt(0.5)))
    around = -np.log1p(-outside)
    tail = _minus_log_tail(near)
    beside = tail - np.log1p(-np.exp(tail - _minus_log_tail(far)))
    narrow = (width <= 1) & (width * near <= 1)
    return np.where(narrow, _minus_log_narrow(0.5 * (low + high), width), np.where(near < 0, around, beside))


def _minus_log_tail(z: Array) -> Array:
    """Return ``−ln(1 − Φ(z))`` for ``z ≥ 0``."""
    beyond = np.maximum(z, FAR)
    term, series = np.ones_like(z), np.zeros_like(z)
    for k in range(1, 12):
        term = term * (1 - 2 * k) / np.square(beyond)
        series = series + term
    tail = minus_log_density(beyond) + np.log(beyond) - np.log1p(series)
    return np.where(z > FAR, tail, -np.log(0.5 * _each(erfc, z * sqrt(0.5))))


def _minus_log_narrow(middle: Array, width: Array) -> Array:
    """Integrate the density over a short interval: there a difference of two areas would cancel."""
    return minus_log_density(middle) - np.log(width) - np.log(_mean_density(middle, width))


def _mean_density(middle: Array, width: Array) -> Array:
    """Return the mean of the density over an interval up to 1 wide, in units of that in its middle."""
    from numpy.polynomial.legendre import leggauss  # noqa: PLC0415  an import that other losses need not pay for

    nodes, weights = leggauss(NODES)
    step = 0.5 * np.minimum(width, 1.0)[:, None] * nodes
    return 1.0 + row_sum(0.5 * weights * np.expm1(-step * (middle[:, None] + 0.5 * step)))


def _each(function: Callable[[float], float], values: Array) -> Array:
    return np.array([function(one) for one in values.ravel().tolist()]).reshape(values.shape)
