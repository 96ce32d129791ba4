"""Probabilistic forecasts: a distribution for each true value."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import (
    CLASS_OR_ONE_HOT,
    CLASS_OR_ROW,
    CLASS_PROBABILITIES,
    MEAN_LOG_DEVIATION,
    MEAN_VARIANCE,
    NORMAL,
    REAL,
)
from losscli.losses._normal import HALF_LN_2PI
from losscli.losses._numeric import index, one_hot, row_sum, silent
from losscli.losses._twins import torch
from losscli.registry import Like, Param, loss


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


@loss(
    true=CLASS_OR_ONE_HOT,
    pred=CLASS_PROBABILITIES,
    aliases=("ranked_logarithmic_score", "rls_score"),
)
@silent
def rls(y_true: Array, y_pred: Array) -> Array:
    """Ranked logarithmic score: log loss of every cumulative probability.

        −Σ_{k<y_true} ln Σ_{j>k} y_pred_j − Σ_{y_true≤k<K−1} ln Σ_{j≤k} y_pred_j

    For K classes in an order, counted from 0: `bce` of “at most class k”, added over the K − 1 cuts between them. Like
    it, a cut that was certain and wrong costs infinity.

    >>> rls(array([0.0, 2.0]), array([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]]))
    array([0.98082925, 2.07944154])

    Source: M. K. Tippett and A. G. Barnston (2008), Skill of multimodel ENSO probability forecasts, Monthly Weather
    Review 136.
    """
    up_to = np.cumsum(y_pred, axis=1)[:, :-1]
    beyond = np.cumsum(y_pred[:, ::-1], axis=1)[:, -2::-1]
    passed = np.arange(up_to.shape[1]) < index(y_true)[:, None]
    # added up, the probabilities of a row may pass 1 by their rounding
    return row_sum(-np.log(np.minimum(np.where(passed, beyond, up_to), 1.0))) + 0.0


def _normal_nll(error: Array, deviation: Array, log: Array) -> Array:
    """Return ``ln d + ½(e/d)²``, infinite at a deviation of 0 whose own logarithm would hide it."""
    square = np.where(error == 0, 0.0, np.square(error / deviation))
    return np.where(np.isinf(square), np.inf, log + 0.5 * square)
