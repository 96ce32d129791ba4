"""Probability forecasts by parameters: their continuous ranked probability scores."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np

from losscli.arrays import Array
from losscli.domains import INTERVAL, NORMAL, POSITIVE, REAL
from losscli.losses._distributions import (
    GENERALIZED_PARETO,
    LOCATION_SCALE,
    LOG_LAPLACE,
    LOG_NORMAL,
    NORMAL_MIXTURE,
)
from losscli.losses._normal import area, density, erf_difference, two_sided
from losscli.losses._numeric import silent, weighed
from losscli.registry import loss

LN_4 = 1.3862943611198906
NARROW = 0.5
"""The deviation of a logarithm below which a log-normal forecast is nearly a normal one."""


@loss(
    true=REAL,
    pred=NORMAL,
    aliases=("crps_gaussian",),
)
@silent
def crps_normal(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a normal forecast.

        z = (y_true − mu) / sigma
        sigma·(z(2Φ(z) − 1) + 2φ(z) − 1/√π)

    In units of the data. With a deviation of 0 it is the absolute error.

    >>> crps_normal(array([1.0, 3.0]), array([[1.0, 1.0], [1.0, 0.0]]))
    array([0.23369498, 2.        ])

    Source: T. Gneiting and A. E. Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal
    of the American Statistical Association 102.
    """
    error, sigma, z = _standardised(y_true, y_pred[:, 0], y_pred[:, 1])
    return _mean_distance(error, sigma, z) - sigma * sqrt(1 / pi)


@loss(
    true=REAL,
    pred=LOCATION_SCALE,
)
@silent
def crps_logistic(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a logistic forecast.

        z = (y_true − location) / scale
        scale·(z + 2 ln(1 + e^−z) − 1)

    In units of the data. With a scale of 0 it is the absolute error.

    >>> crps_logistic(array([1.0, 3.0]), array([[1.0, 1.0], [1.0, 0.0]]))
    array([0.38629436, 2.        ])

    Source: A. Jordan, F. Krüger and S. Lerch (2019), Evaluating probabilistic forecasts with scoringRules, Journal of
    Statistical Software 90.
    """
    error, scale, z = _standardised(y_true, y_pred[:, 0], y_pred[:, 1])
    far = error + scale * (2 * np.log1p(np.exp(-z)) - 1)
    # 2 ln(2 cosh(z/2)) − 1
    near: Array = scale * (LN_4 - 1 + 2 * np.log1p(2 * np.square(np.sinh(np.minimum(z, 1.0) / 4))))
    return np.where(z < 1, near, far)


@loss(
    true=REAL,
    pred=LOCATION_SCALE,
)
@silent
def crps_laplace(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a Laplace forecast.

        z = (y_true − location) / scale
        scale·(|z| + e^−|z| − ¾)

    In units of the data. With a scale of 0 it is the absolute error.

    >>> crps_laplace(array([1.0, 3.0]), array([[1.0, 1.0], [1.0, 0.0]]))
    array([0.25, 2.  ])

    Source: A. Jordan, F. Krüger and S. Lerch (2019), Evaluating probabilistic forecasts with scoringRules, Journal of
    Statistical Software 90.
    """
    error, scale, z = _standardised(y_true, y_pred[:, 0], y_pred[:, 1])
    return error + scale * (np.exp(-z) - 0.75)


@loss(
    true=REAL,
    pred=LOG_NORMAL,
)
@silent
def crps_lognormal(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a log-normal forecast.

        z = (ln y_true − mu) / sigma,   −∞ if y_true ≤ 0
        y_true·(2Φ(z) − 1) − 2e^(mu + sigma²/2)·(Φ(z − sigma) + Φ(sigma/√2) − 1)

    In units of the data; mu and sigma are the mean and the deviation of their logarithm. With a deviation of 0 it is
    the absolute error from e^mu. Infinite if the mean of the forecast is beyond float64.

    >>> crps_lognormal(array([1.0, 3.0, -1.0]), array([[0.0, 1.0], [0.0, 0.0], [0.0, 1.0]]))
    array([0.26740547, 2.        , 1.79056205])

    Source: S. Baran and S. Lerch (2015), Log-normal distribution based ensemble model output statistics models for
    probabilistic wind-speed forecasting, Quarterly Journal of the Royal Meteorological Society 141.
    """
    mu, sigma = y_pred[:, 0], y_pred[:, 1]
    apart = np.log(np.maximum(y_true, 0.0)) - mu
    z = np.where(apart == 0, 0.0, apart / sigma)
    half = 0.5 * np.square(sigma)
    mean, inside = np.exp(mu + half), two_sided(z)
    plain = y_true * inside + mean * erf_difference((sigma - z) * sqrt(0.5), 0.5 * sigma)
    # of a narrow forecast near the truth: the same, with what the two terms have in common taken out
    spread = 2 * area(-z, sigma) - two_sided(sigma * sqrt(0.5))
    narrow = mean * spread - y_true * np.expm1(half - apart) * inside
    score = np.where((sigma < NARROW) & (np.abs(apart) < 1), narrow, plain)
    return np.where(np.isinf(mean), np.inf, score)


@loss(
    true=REAL,
    pred=LOG_LAPLACE,
)
@silent
def crps_loglaplace(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a log-Laplace forecast.

        m = e^location,   z = (ln y_true − location) / scale,   −∞ if y_true ≤ 0
        s = scale if y_true ≥ m, −scale if y_true < m
        |y_true − m| + m·scale·(1/(4 − scale²) − (1 − e^(−|z|(1 − s))) / (1 − s))

    In units of the data; location and scale are those of their logarithm. With a scale of 0 it is the absolute error
    from m. Infinite if m is beyond float64.

    >>> crps_loglaplace(array([1.0, 3.0, -1.0]), array([[0.0, 0.5], [0.0, 0.0], [0.0, 0.5]]))
    array([0.13333333, 2.        , 1.8       ])

    Source: A. Jordan, F. Krüger and S. Lerch (2019), Evaluating probabilistic forecasts with scoringRules, Journal of
    Statistical Software 90.
    """
    location, scale = y_pred[:, 0], y_pred[:, 1]
    apart, middle = np.log(np.maximum(y_true, 0.0)) - location, np.exp(location)
    error = np.where(np.abs(apart) < 1, middle * np.expm1(apart), y_true - middle)
    slope = 1 - np.where(apart < 0, -scale, scale)
    z = np.where(apart == 0, 0.0, np.abs(apart) / scale)
    score = np.abs(error) + middle * scale * (1 / (4 - np.square(scale)) + np.expm1(-z * slope) / slope)
    return np.where(np.isinf(middle), np.inf, score)


@loss(
    true=REAL,
    pred=POSITIVE,
)
@silent
def crps_exponential(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of an exponential forecast.

        |y_true| − (2/rate)·(1 − e^(−rate·y_true)) + 1/(2·rate),   the middle term 0 if y_true < 0

    In units of the data. The prediction is the rate, one over the mean.

    >>> crps_exponential(array([1.0, -3.0]), array([1.0, 2.0]))
    array([0.23575888, 3.25      ])

    Source: A. Jordan, F. Krüger and S. Lerch (2019), Evaluating probabilistic forecasts with scoringRules, Journal of
    Statistical Software 90.
    """
    share = np.exp(-y_pred * np.maximum(y_true, 0.0))
    return np.abs(y_true) + (2 * share - 1.5) / y_pred


@loss(
    true=REAL,
    pred=INTERVAL,
)
@silent
def crps_uniform(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a uniform forecast.

        w = upper − lower,   t = y_true clipped to [lower, upper]
        |y_true − t| + w·(((t − lower)/w − ½)² + 1/12)

    In units of the data. Between two ends that agree it is the absolute error.

    >>> crps_uniform(array([1.0, 3.0]), array([[0.0, 2.0], [0.0, 2.0]]))
    array([0.16666667, 1.66666667])

    Source: A. Jordan, F. Krüger and S. Lerch (2019), Evaluating probabilistic forecasts with scoringRules, Journal of
    Statistical Software 90.
    """
    lower, upper = y_pred[:, 0], y_pred[:, 1]
    nearest, half = np.clip(y_true, lower, upper), 0.5 * upper - 0.5 * lower
    off = np.where(half == 0, 0.0, ((nearest - lower) - half) / half)
    return np.abs(y_true - nearest) + half * (0.5 * np.square(off) + 1 / 6)


@loss(
    true=REAL,
    pred=GENERALIZED_PARETO,
    aliases=("crps_generalized_pareto",),
)
@silent
def crps_gpd(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a generalised Pareto forecast.

        z = (y_true − location) / scale,   S = (1 + shape·z)^(−1/shape), 1 if z < 0
        scale·(|z| − 2(1 − S^(1 − shape))/(1 − shape) + 1/(2 − shape))

    In units of the data. Excesses over the location; with a shape of 0 they are exponential, with -1 uniform, and
    beyond the end of a negative shape S is 0. With a scale of 0 it is the absolute error.

    >>> crps_gpd(array([1.0, 1.0]), array([[0.0, 0.0, 1.0], [0.5, 0.0, 1.0]]))
    array([0.23575888, 0.33333333])

    Source: P. Friederichs and T. L. Thorarinsdottir (2012), Forecast verification for extreme value distributions with
    an application to probabilistic peak wind prediction, Environmetrics 23.
    """
    shape, scale = y_pred[:, 0], y_pred[:, 2]
    error = y_true - y_pred[:, 1]
    z = np.where(error <= 0, 0.0, error / scale)
    log_share = np.where(shape == 0, -z, -np.log1p(np.maximum(shape * z, -1.0)) / shape)
    below = -np.expm1((1 - shape) * log_share)
    return np.abs(error) + scale * (1 / (2 - shape) - 2 * below / (1 - shape))


@loss(
    true=REAL,
    pred=NORMAL_MIXTURE,
    aliases=("crps_mixnorm",),
)
@silent
def crps_normal_mixture(y_true: Array, y_pred: Array) -> Array:
    """Continuous ranked probability score of a mixture of normal distributions.

        A(d, s) = d(2Φ(d/s) − 1) + 2sφ(d/s)
        Σ_k w_k A(y_true − mu_k, sigma_k) − ½ Σ_jk w_j w_k A(mu_j − mu_k, √(sigma_j² + sigma_k²))

    In units of the data. A row of the prediction holds the mean, the deviation and the weight of one component after
    the other; the weights count relative to their sum.

    >>> crps_normal_mixture(array([1.0]), array([[0.0, 1.0, 0.5, 2.0, 1.0, 0.5]]))
    array([0.35940888])

    Source: E. P. Grimit, T. Gneiting, V. J. Berrocal and N. A. Johnson (2006), The continuous ranked probability score
    for circular variables and its application to mesoscale forecast ensemble verification, Quarterly Journal of the
    Royal Meteorological Society 132.
    """
    mean, sigma, weight = y_pred[:, 0::3], y_pred[:, 1::3], y_pred[:, 2::3]
    total, error, spread = np.zeros((3, len(y_true)))
    for j in range(mean.shape[1]):
        total += weight[:, j]
        error += weighed(weight[:, j], _mean_distance(*_standardised(y_true, mean[:, j], sigma[:, j])))
        for k in range(j + 1):
            pair = _standardised(mean[:, j], mean[:, k], np.hypot(sigma[:, j], sigma[:, k]))
            spread += weighed(weight[:, j] * weight[:, k] * (1.0 if k < j else 0.5), _mean_distance(*pair))
    return np.maximum((error - spread / total) / total, 0.0)


def _standardised(y_true: Array, location: Array, scale: Array) -> tuple[Array, Array, Array]:
    """Return the absolute error, the scale, and the error in units of it."""
    error = np.abs(y_true - location)
    return error, scale, np.where(error == 0, 0.0, error / scale)


def _mean_distance(error: Array, sigma: Array, z: Array) -> Array:
    """Return ``E|X − y|`` of a normal variable X."""
    return error * two_sided(z) + 2 * sigma * density(z)
