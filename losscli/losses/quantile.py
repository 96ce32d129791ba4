"""Asymmetric errors: quantiles, expectiles, exponentials."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL
from losscli.losses._numeric import silent
from losscli.losses._params import DeadZone
from losscli.losses._series import less_log
from losscli.registry import Like, Param, loss


@loss(
    true=REAL,
    pred=REAL,
    aliases=("quantile", "mean_pinball_loss", "check_loss", "quantile_score"),
    like=(
        Like("sklearn.metrics.mean_pinball_loss", "alpha=q"),
        Like("xgboost.quantile", "quantile_alpha=q", q=...),
        Like("lightgbm.quantile", "alpha=q", q=0.9),
        Like(
            "catboost.Quantile",
            "alpha=q",
            "delta=dead_zone",
            dead_zone=1e-6,
            note="CatBoost has a dead zone of 1e-6; an error of exactly its delta costs whole",
        ),
    ),
)
@silent
def pinball(
    y_true: Array,
    y_pred: Array,
    *,
    q: Annotated[float, Param("The quantile that is predicted.", ge=0, le=1)] = 0.5,
    dead_zone: DeadZone = 0.0,
) -> Array:
    """Loss of a quantile: too low costs q, too high 1 − q a unit.

        q·(y_true − y_pred)       if y_pred ≤ y_true
        (1 − q)·(y_pred − y_true)  otherwise

    With q = 0.5 it is half the absolute error.

    >>> pinball(array([1.0, 2.0, 3.0]), array([0.0, 2.0, 5.0]), q=0.9)
    array([0.9, 0. , 0.2])

    Source: R. Koenker and G. Bassett (1978), Regression quantiles, Econometrica 46.
    """
    error = y_pred - y_true
    return np.where(error > 0, 1 - q, q) * np.maximum(np.abs(error) - dead_zone, 0.0)


@loss(
    true=REAL,
    pred=REAL,
    aliases=("profit-cost", "cost-profit", "newsvendor", "asymmetric_mae", "自定义损失"),
)
@silent
def asymmetric(
    y_true: Array,
    y_pred: Array,
    *,
    profit: Annotated[float, Param("What a unit predicted too low loses.", ge=0)] = 99.0,
    cost: Annotated[float, Param("What a unit predicted too high loses.", ge=0)] = 1.0,
) -> Array:
    """Too high costs the cost, too low the lost profit, of each unit.

        cost·(y_pred − y_true)    if y_pred > y_true
        profit·(y_true − y_pred)  otherwise

    Tutorials sum it (`--reduction sum`). It is (profit + cost) times `pinball` with q = profit / (profit + cost).

    >>> asymmetric(array([1.0, 2.0, 3.0]), array([1.5, 1.5, 3.0]))
    array([ 0.5, 49.5,  0. ])

    Source: the newsvendor problem; F. Y. Edgeworth (1888), The mathematical theory of banking.
    """
    error = y_pred - y_true
    return np.where(error > 0, cost, profit) * np.abs(error)


@loss(
    true=REAL,
    pred=REAL,
    aliases=("asymmetric_mse", "asymmetric_least_squares"),
    like=(Like("catboost.Expectile", "alpha"),),
)
@silent
def expectile(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: Annotated[float, Param("The expectile that is predicted.", ge=0, le=1)] = 0.5,
) -> Array:
    """Loss of an expectile: squared error, too low weighs alpha, too high 1 − alpha.

        alpha·(y_true − y_pred)²        if y_pred < y_true
        (1 − alpha)·(y_pred − y_true)²  otherwise

    With alpha = 0.5 it is half the squared error, and the best constant prediction is the mean.

    >>> expectile(array([0.0, 0.0]), array([-2.0, 2.0]), alpha=0.75)
    array([3., 1.])

    Source: W. K. Newey and J. L. Powell (1987), Asymmetric least squares estimation and testing, Econometrica 55.
    """
    error = y_pred - y_true
    return np.where(error < 0, alpha, 1 - alpha) * np.square(error)


@loss(
    true=REAL,
    pred=REAL,
    like=(Like("catboost.LogLinQuantile", "alpha=q"),),
)
@silent
def log_lin_quantile(
    y_true: Array,
    y_pred: Array,
    *,
    q: Annotated[float, Param("The quantile that is predicted.", ge=0, le=1)] = 0.5,
) -> Array:
    """Loss of a quantile whose logarithm is predicted.

        q·(y_true − exp(y_pred))        if exp(y_pred) ≤ y_true
        (1 − q)·(exp(y_pred) − y_true)  otherwise

    It is `pinball` at exp(y_pred). A prediction above 709 is beyond float64 once exponentiated and costs infinity.

    >>> log_lin_quantile(array([3.0, 0.0]), array([0.0, 0.0]), q=0.75)
    array([1.5 , 0.25])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-regression#LogLinQuantile
    """
    error = np.exp(y_pred) - y_true
    weight = np.where(error > 0, 1 - q, q)
    return np.where(weight == 0, 0.0, weight * np.abs(error))


@loss(
    true=REAL,
    pred=REAL,
    aliases=("linear_exponential", "lin-exp"),
)
@silent
def linex(
    y_true: Array,
    y_pred: Array,
    *,
    a: Annotated[float, Param("Above 0, predicting too high costs more; below 0, too low.")] = 1.0,
) -> Array:
    """Exponential in the error on one side, about linear on the other.

        e = y_pred − y_true
        exp(a·e) − a·e − 1

    It is close to ½a²e² near zero. Where a·e is above 709 the loss is infinite in float64.

    >>> linex(array([0.0, 0.0]), array([1.0, -1.0]))
    array([0.71828183, 0.36787944])

    Source: H. R. Varian (1975), A Bayesian approach to real estate assessment; A. Zellner (1986), Journal of the
    American Statistical Association 81.
    """
    exponent = a * (y_pred - y_true)
    return less_log(np.expm1(exponent), exponent)
