"""Probabilistic forecasts: a distribution for each true value."""

from __future__ import annotations

from math import erf, pi, sqrt
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import CLASS_OR_ROW, CLASS_PROBABILITIES, MEAN_LOG_DEVIATION, MEAN_VARIANCE, NORMAL, REAL
from losscli.losses._numeric import one_hot, row_sum, silent
from losscli.losses._twins import torch
from losscli.registry import Like, Param, loss

HALF_LN_2PI = 0.9189385332046727


@loss(
    true=REAL,
    pred=When("log_deviation", MEAN_LOG_DEVIATION, MEAN_VARIANCE),
    aliases=("normal_nll", "RMSEWithUncertainty:log_deviation,full"),
    like=(
        torch("GaussianNLLLoss", "gaussian_nll_loss", "eps", "full", eps=1e-6),
        Like("catboost.RMSEWithUncertainty", log_deviation=True, full=True),
    ),
)
@silent
def gaussian_nll(
    y_true: Array,
    y_pred: Array,
    *,
    eps: Annotated[float, Param("Raise the variance to at least this.", ge=0)] = 0.0,
    full: Annotated[bool, Param("Add ½ ln(2π), so that it is the whole negative log likelihood.")] = False,
    log_deviation: Annotated[bool, Param("The second column is the logarithm of the deviation.")] = False,
) -> Array:
    """Negative log likelihood of a normal distribution, less a constant.

        ½(ln v + (y_true − mean)² / v)  [+ ½ ln(2π)]

    The columns are the mean and the variance v; with `log_deviation`, ½ ln v as in CatBoost. PyTorch raises the
    variance to 1e-6. A variance of 0 costs infinity, but minus infinity where the mean is exact.
    `normal-log-score` is the same from a standard deviation.

    >>> gaussian_nll(array([1.0, 3.0]), array([[1.0, 1.0], [1.0, 4.0]]))
    array([0.        , 1.19314718])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html
    """
    error, second = y_true - y_pred[:, 0], y_pred[:, 1]
    if log_deviation:
        log = np.maximum(second, 0.5 * np.log(np.float64(eps)))
        deviation = np.exp(log)
    else:
        variance = np.maximum(second, eps)
        deviation, log = np.sqrt(variance), 0.5 * np.log(variance)
    return _normal_nll(error, deviation, log) + (HALF_LN_2PI if full else 0.0)


@loss(
    true=REAL,
    pred=NORMAL,
    aliases=("logs_normal", "log_score_normal"),
)
@silent
def normal_log_score(y_true: Array, y_pred: Array) -> Array:
    """Minus the logarithm of the density of a normal forecast.

        ln sigma + ½((y_true − mu) / sigma)² + ½ ln(2π)

    A deviation of 0 costs infinity, but minus infinity where the mean is exact.

    >>> normal_log_score(array([1.0, 3.0]), array([[1.0, 1.0], [1.0, 2.0]]))
    array([0.91893853, 2.11208571])

    Source: T. Gneiting and A. E. Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal
    of the American Statistical Association 102.
    """
    sigma = y_pred[:, 1]
    return _normal_nll(y_true - y_pred[:, 0], sigma, np.log(sigma)) + HALF_LN_2PI


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
    error: Array = np.abs(y_true - y_pred[:, 0])
    sigma: Array = y_pred[:, 1]
    z = np.where(error == 0, 0.0, error / sigma)
    inside: Array = np.array([erf(one) for one in (z * sqrt(0.5)).tolist()])  # 2Φ(z) − 1
    density = sqrt(2 / pi) * np.exp(-0.5 * np.square(z))  # 2φ(z)
    return error * inside + sigma * (density - sqrt(1 / pi))


@loss(
    true=CLASS_OR_ROW,
    pred=CLASS_PROBABILITIES,
    aliases=("ranked_probability_score",),
)
@silent
def rps(
    y_true: Array,
    y_pred: Array,
    *,
    normalise: Annotated[bool, Param("Divide by the number of classes less one.")] = False,
) -> Array:
    """Ranked probability score: squared error of the cumulative probabilities.

        Σ_k (Σ_{j≤k} y_pred_j − Σ_{j≤k} y_true_j)²

    For classes in an order: far from the truth costs more than beside it. Unlike here, some papers divide by the
    number of classes less one (`normalise`).

    >>> rps(array([0.0, 2.0]), array([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]]))
    array([0.3125, 0.8125])

    Source: E. S. Epstein (1969), A scoring system for probability forecasts of ranked categories, Journal of Applied
    Meteorology 8.
    """
    classes: int = y_pred.shape[1]
    difference = np.cumsum(y_pred - one_hot(y_true, classes), axis=1)
    score = row_sum(np.square(difference))
    return score / max(classes - 1, 1) if normalise else score


def _normal_nll(error: Array, deviation: Array, log: Array) -> Array:
    """Return ``ln d + ½(e/d)²``, infinite at a deviation of 0 whose own logarithm would hide it."""
    square = np.where(error == 0, 0.0, np.square(error / deviation))
    return np.where(np.isinf(square), np.inf, log + 0.5 * square)
