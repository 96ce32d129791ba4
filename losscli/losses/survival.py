"""Survival: times that may be known only to lie in a span."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np

from losscli.arrays import Array, Mask
from losscli.domain import Domain
from losscli.domains import REAL
from losscli.losses import _normal
from losscli.losses._numeric import log_ratio, silent, softplus
from losscli.registry import Like, Param, loss

NEAR = 0.5
"""Up to this, expm1 keeps the digits that a difference of exponentials loses."""


def _not_a_span(values: Array) -> Mask:
    """The earliest time is 0 or more; the latest is none (-1), or above 0 and not before the earliest."""
    lower, upper = values[..., :1], values[..., 1:]
    late = (upper != -1) & ((upper < lower) | (upper <= 0))
    return np.concatenate([lower < 0, late], axis=-1)


TIME_SPAN = Domain(
    "time span",
    "the earliest and the latest time",
    _not_a_span,
    rows=True,
    each="one of two times in order: the first from 0 up, the second above 0, or -1 if there is none",
    columns=("lower", "upper"),
)
LOG_TIME = Domain("log time", "the logarithm of a time: any number", REAL.outside, width="single")


@loss(
    true=TIME_SPAN,
    pred=LOG_TIME,
    aliases=("aft", "aft-nloglik", "accelerated-failure-time"),
    like=(
        Like(
            "xgboost.aft-nloglik",
            "aft_loss_distribution=distribution",
            "aft_loss_distribution_scale=sigma",
            eps=1e-12,
        ),
    ),
)
@silent
def aft_nll(
    y_true: Array,
    y_pred: Array,
    *,
    distribution: Annotated[
        str, Param("How the logarithms of times scatter.", choices=("normal", "logistic", "extreme"))
    ] = "normal",
    sigma: Annotated[float, Param("How widely they scatter.", gt=0)] = 1.0,
    eps: Annotated[float, Param("Raise a likelihood to at least this.", ge=0, lt=1)] = 0.0,
) -> Array:
    """Negative log likelihood of a time that may be censored.

        z(t) = (ln t − y_pred) / sigma
        −ln(f(z(lower)) / (sigma·lower))   if lower = upper
        −ln(F(z(upper)) − F(z(lower)))     otherwise

    The truth has two columns, the earliest and the latest time: alike where the time is known, 0 as the first if it
    has no lower bound, -1 as the second if it has no upper bound (with `--missing propagate` also `inf`). The
    prediction is the logarithm of a time, as XGBoost's margin. F is the distribution function of a standard normal,
    logistic, or extreme value (1 − e^(−eᶻ)) variable, f its density. XGBoost lets no likelihood fall below 1e-12.

    >>> aft_nll(array([[1.0, 1.0], [1.0, -1.0]]), array([0.0, 0.0]))
    array([0.91893853, 0.69314718])

    Source: A. Barnwal, H. Cho and T. Hocking (2022), Survival regression with accelerated failure time model in
    XGBoost, Journal of Computational and Graphical Statistics 31.
    """
    lower, upper = y_true[:, 0], latest(y_true[:, 1])
    low, high = ((np.log(time) - y_pred) / sigma for time in (lower, upper))
    minus_log_density, minus_log_between = DISTRIBUTIONS[distribution]
    known = minus_log_density(low) + np.log(lower) + np.log(sigma)
    spanned = minus_log_between(low, high, log_ratio(upper, lower, upper - lower) / sigma)
    cost: Array = np.minimum(np.where(lower == upper, known, spanned), -np.log(np.float64(eps)))
    return cost


@loss(
    true=TIME_SPAN,
    pred=LOG_TIME,
    aliases=("SurvivalAft",),
    like=(
        Like(
            "catboost.SurvivalAft",
            note="CatBoost trains on the likelihood (aft-nll), but prints this distance, whatever its dist and scale",
        ),
    ),
)
@silent
def aft_distance(y_true: Array, y_pred: Array) -> Array:
    """How far a predicted time is from the span in which the true one lies.

        max(0, lower − e^y_pred, e^y_pred − upper)

    In units of the data, infinite where e^y_pred is beyond float64 and there is an upper bound. The truth has two
    columns, the earliest and the latest time: alike where the time is known, 0 as the first if it has no lower bound,
    -1 as the second if it has no upper bound (with `--missing propagate` also `inf`). The prediction is the logarithm
    of a time. It is what CatBoost prints as SurvivalAft; `aft-nll` is the likelihood.

    >>> aft_distance(array([[1.0, 1.0], [2.0, -1.0], [0.0, 4.0]]), array([0.0, 0.0, 0.0]))
    array([0., 1., 0.])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-regression
    """
    lower, upper = y_true[:, 0], latest(y_true[:, 1])
    late = np.where(np.isinf(upper), 0.0, _later(y_pred, upper))
    return np.maximum(np.maximum(-_later(y_pred, lower), late), 0.0)


def _later(log_time: Array, bound: Array) -> Array:
    """Return by how much a time is above a bound, of which expm1 sees a difference that is small beside both."""
    step = log_time - np.log(bound)
    return np.where(np.abs(step) < NEAR, bound * np.expm1(step), np.exp(log_time) - bound)


def latest(upper: Array) -> Array:
    """Return the upper bounds, infinite where there is none."""
    return np.where(upper < 0, np.inf, upper)


def _logistic(z: Array) -> Array:
    return softplus(z) + softplus(-z)


def _logistic_between(low: Array, high: Array, width: Array) -> Array:
    """F(high) − F(low) = (1 − e^(low − high)) / ((1 + e^low)(1 + e^−high)): nothing is subtracted twice."""
    return softplus(low) + softplus(-high) - _log_one_less(width)


def _extreme(z: Array) -> Array:
    return np.exp(z) - z


def _extreme_between(low: Array, high: Array, width: Array) -> Array:
    """F(high) − F(low) = e^(−e^low)·(1 − e^−d), d = e^high − e^low."""
    log_hazard = high + _log_one_less(width)
    hazard = np.exp(log_hazard)
    share = np.where(hazard > 0, -np.expm1(-hazard) / hazard, 1.0)
    return np.exp(low) + np.where(hazard < NEAR, -log_hazard - np.log(share), -np.log1p(-np.exp(-hazard)))


def _log_one_less(width: Array) -> Array:
    """Return ``ln(1 − e^−w)``."""
    return np.where(width < NEAR, np.log(-np.expm1(-width)), np.log1p(-np.exp(-width)))


DISTRIBUTIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array, Array], Array]]] = {
    "normal": (_normal.minus_log_density, _normal.minus_log_between),
    "logistic": (_logistic, _logistic_between),
    "extreme": (_extreme, _extreme_between),
}
"""Name -> minus the logarithm of the density at z, and that of the probability between two z of a given distance."""
