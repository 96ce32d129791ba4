"""Intervals and quantiles: forecasts by their ends."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import INTERVAL, MEDIAN_INTERVALS, QUANTILES, REAL
from losscli.errors import DataError, UsageError
from losscli.losses._numeric import row_sum, silent
from losscli.losses._params import DeadZone
from losscli.registry import Like, Param, loss

Levels = Annotated[tuple[float, ...] | None, Param("The level of each column; evenly spaced if none.", gt=0, lt=1)]


@loss(
    true=REAL,
    pred=INTERVAL,
    aliases=("winkler", "winkler_score", "IS"),
)
@silent
def interval_score(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: Annotated[float, Param("Share that may lie outside: 0.1 for a 90 % interval.", gt=0, lt=1)] = 0.1,
) -> Array:
    """Width of an interval, and a penalty for what lies outside.

        (upper − lower) + 2/alpha·max(0, lower − y_true) + 2/alpha·max(0, y_true − upper)

    In units of the data.

    >>> interval_score(array([5.0, 9.0]), array([[4.0, 8.0], [4.0, 8.0]]))
    array([ 4., 24.])

    Source: R. L. Winkler (1972), A decision-theoretic approach to interval estimation, Journal of the American
    Statistical Association 67.
    """
    lower, upper = y_pred[:, 0], y_pred[:, 1]
    return (upper - lower) + 2 / alpha * _outside(y_true, lower, upper)


@loss(
    true=REAL,
    pred=MEDIAN_INTERVALS,
    aliases=("weighted_interval_score",),
)
@silent
def wis(
    y_true: Array,
    y_pred: Array,
    *,
    alphas: Annotated[
        tuple[float, ...] | None, Param("Of each interval, the share outside; evenly spaced if none.", gt=0, lt=1)
    ] = None,
) -> Array:
    """Weighted interval score: the median's error and the scores of K intervals.

        (½·|y_true − median| + Σ_k ½alpha_k·interval_score_k) / (K + ½)

    The columns are the median, then the lower and the upper end of each interval, in the order of `alphas`. Without
    them, the K intervals are taken to come from the widest to the narrowest, with alpha_k = k / (K + 1), so that all
    their ends and the median are evenly spaced quantiles.

    >>> wis(array([10.0]), array([[10.0, 8.0, 12.0, 9.0, 11.0]]), alphas=(0.1, 0.5))
    array([0.28])

    Source: J. Bracher et al. (2021), Evaluating epidemic forecasts in an interval format, PLOS Computational
    Biology 17.
    """
    median, lower, upper = y_pred[:, 0], y_pred[:, 1::2], y_pred[:, 2::2]
    intervals: int = lower.shape[1]
    if upper.shape[1] != intervals:
        raise DataError(
            f"wis: {y_pred.shape[1]} columns of predictions are not a median and pairs",
            "name the median, then two columns for each interval: --pred median,lower_90,upper_90,lower_50,upper_50",
        )
    share = _one_for_each("wis: alphas", alphas, intervals, "intervals")
    true = y_true[:, None]
    scores = 0.5 * share * (upper - lower) + _outside(true, lower, upper)
    return (0.5 * np.abs(y_true - median) + row_sum(scores)) / (intervals + 0.5)


@loss(
    true=REAL,
    pred=QUANTILES,
    aliases=("mean_quantile_score",),
)
@silent
def crps_quantile(
    y_true: Array,
    y_pred: Array,
    *,
    levels: Levels = None,
) -> Array:
    """Continuous ranked probability score, approximated from quantiles.

        2/Q · Σ_k pinball(y_true, y_pred_k) at q = level_k

    Without levels, the Q columns are the quantiles k / (Q + 1): nine of them the deciles, lowest first. It is twice
    `multi-pinball`.

    >>> crps_quantile(array([3.0]), array([[1.0, 2.0, 4.0]]))
    array([0.83333333])

    Source: J. Berrisch and F. Ziel (2023), CRPS learning, Journal of Econometrics 237.
    """
    return 2 * _mean_pinball("crps-quantile", y_true, y_pred, levels)


@loss(
    true=REAL,
    pred=QUANTILES,
    aliases=("multi_quantile", "mean_quantile_loss"),
    like=(
        Like(
            "catboost.MultiQuantile",
            "alpha=levels",
            "delta=dead_zone",
            levels=...,
            dead_zone=1e-6,
            note="CatBoost divides by the number of quantiles, where its documentation shows their sum; it has a dead "
            "zone of 1e-6, an error of exactly its delta costs whole, and its alpha is by default the median alone",
        ),
    ),
)
@silent
def multi_pinball(
    y_true: Array,
    y_pred: Array,
    *,
    levels: Levels = None,
    dead_zone: DeadZone = 0.0,
) -> Array:
    """Pinball losses of several quantiles, averaged over the quantiles.

        1/Q · Σ_k pinball(y_true, y_pred_k) at q = level_k

    Without levels, the Q columns are the quantiles k / (Q + 1), lowest first. One column alone is `pinball`. It is half
    of `crps-quantile`.

    >>> multi_pinball(array([3.0]), array([[1.0, 2.0, 4.0]]))
    array([0.41666667])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-regression
    """
    return _mean_pinball("multi-pinball", y_true, y_pred, levels, dead_zone)


def _mean_pinball(
    name: str, y_true: Array, y_pred: Array, levels: tuple[float, ...] | None, dead_zone: float = 0.0
) -> Array:
    """Return the mean over the columns of the pinball loss of each at its level."""
    level = _one_for_each(f"{name}: levels", levels, y_pred.shape[1], "columns")
    error = y_pred - y_true[:, None]
    return row_sum(np.where(error > 0, 1 - level, level) * np.maximum(np.abs(error) - dead_zone, 0.0)) / len(level)


def _outside(true: Array, lower: Array, upper: Array) -> Array:
    """Return how far the truth lies outside an interval."""
    return np.maximum(lower - true, 0.0) + np.maximum(true - upper, 0.0)


def _one_for_each(what: str, given: tuple[float, ...] | None, count: int, things: str) -> Array:
    """Return the levels, or evenly spaced ones. Raises UsageError unless there is one for each."""
    if given is None:
        return np.arange(1, count + 1) / (count + 1)
    if len(given) != count:
        raise UsageError(f"{what} has {len(given)} values for {count} {things}", "give one for each, separated by /")
    return np.array(given)
