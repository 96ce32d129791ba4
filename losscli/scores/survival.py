"""Survival: which of those still at risk meets the event next, and whether its time was foreseen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import nan
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import POSITIVE, REAL
from losscli.exact import ExactSum, ratio
from losscli.losses._numeric import silent
from losscli.losses.survival import LOG_TIME, TIME_SPAN, latest
from losscli.registry import Like, Param, score
from losscli.scores._state import Rows, State, by_element, by_row, given, mass, ordered, runs, starts, total

LogInput = Annotated[bool, Param("The predictions are logarithms of hazards.")]


@score(
    true=REAL,
    pred=When("log_input", REAL, POSITIVE),
    higher=False,
    aliases=("cox", "cox-nloglik", "cox_ph", "negative_log_partial_likelihood"),
    like=(Like("xgboost.cox-nloglik", log_input=False, note="XGBoost takes no notice of weights"),),
)
@by_element
def cox_nll(y_true: Array, y_pred: Array, weight: Array | None, *, log_input: LogInput = True) -> State:
    """Negative log partial likelihood of Cox's proportional hazards, per event.

        Σ over events i of w_i (ln Σ_{j: |t_j| ≥ t_i} w_j e^(s_j) − s_i),  over the weight of the events

    The truth t is the time of the event, or minus the time at which watching ended without one (right-censored), as
    in XGBoost. Tied times are Breslow's: all of them are at risk at each. The prediction s is the logarithm of the
    hazard; XGBoost predicts the hazard itself, which `log_input=false` takes. NaN without an event.

    >>> cox_nll(array([1.0, -2.0]), array([0.0, 0.0]), None).result()
    0.6931471805599453

    Source: N. Breslow (1974), Covariance analysis of censored survival data, Biometrics 30.
    """
    return _state(_per_event, y_true, y_pred, weight, log_input=log_input)


@score(
    true=REAL,
    pred=When("log_input", REAL, POSITIVE),
    aliases=("log_partial_likelihood",),
    like=(
        Like(
            "catboost.Cox",
            note="CatBoost takes no notice of weights; tied times leave the risk set one after the other, in the order "
            "of the rows",
        ),
    ),
)
@by_element
def cox_log_likelihood(y_true: Array, y_pred: Array, weight: Array | None, *, log_input: LogInput = True) -> State:
    """Log partial likelihood of Cox's proportional hazards, of all events together.

        Σ over events i of w_i (s_i − ln Σ_{j: |t_j| ≥ t_i} w_j e^(s_j))

    A sum: it falls with every event. Minus its mean over the events, and what the values mean, is `cox-nll`.

    >>> cox_log_likelihood(array([1.0, -2.0]), array([0.0, 0.0]), None).result()
    -0.6931471805599453

    Source: D. R. Cox (1975), Partial likelihood, Biometrika 62.
    """
    return _state(_altogether, y_true, y_pred, weight, log_input=log_input)


@score(true=TIME_SPAN, pred=LOG_TIME, like=(Like("xgboost.interval-regression-accuracy"),))
@by_row
@silent
def interval_regression_accuracy(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Share of the rows whose predicted time lies in the span of the true one.

        Σ w·1[lower ≤ e^y_pred ≤ upper] / Σ w

    The truth has two columns, the earliest and the latest time: alike where the time is known, 0 as the first if it
    has no lower bound, -1 as the second if it has no upper bound (with `--missing propagate` also `inf`). The
    prediction is the logarithm of a time, as XGBoost's margin. How far off the others are is `aft-distance`.

    >>> interval_regression_accuracy(array([[1.0, 1.0], [2.0, -1.0]]), array([0.0, 0.5]), None).result()
    0.5

    Source: https://xgboost.readthedocs.io/en/stable/parameter.html
    """
    time = np.exp(y_pred)
    inside = ((y_true[:, 0] <= time) & (time <= latest(y_true[:, 1]))).astype(np.float64)
    return State(ratio, (total(weight, inside), mass(weight, len(inside))))


def _state(
    finish: Callable[[Array, Array], float], y_true: Array, y_pred: Array, weight: Array | None, *, log_input: bool
) -> State:
    scores = y_pred if log_input else np.log(y_pred)
    return State(partial(_finished, finish), (Rows.of(y_true, scores, given(weight, len(y_true))),))


def _finished(finish: Callable[[Array, Array], float], rows: Rows) -> float:
    """Finish what the events cost, from the last time to the first: at each, those of its time are at risk already."""
    if not rows.chunks:
        return nan
    y_true, scores, weight = rows.columns()
    falling, time, scores, weight = ordered(-np.abs(y_true), y_true, scores, weight)
    risk = np.logaddexp.accumulate(np.log(weight) + scores)
    first = starts(falling)
    length = runs(first, len(falling))
    cost = np.repeat(risk[first + length - 1], length) - scores
    events = time > 0
    return finish(weight[events], cost[events])


def _per_event(weight: Array, cost: Array) -> float:
    return ratio(ExactSum.of(weight, cost), ExactSum.of(weight))


def _altogether(weight: Array, cost: Array) -> float:
    return -ExactSum.of(weight, cost).result()
