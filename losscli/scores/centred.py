"""Querywise errors: what is left of an error once the mean of its query is taken off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import sqrt
from typing import Annotated

import numpy as np

from losscli.arrays import Array, Integers
from losscli.domains import REAL
from losscli.exact import ExactSum, ratio
from losscli.losses._params import DeadZone
from losscli.losses.quantile import pinball
from losscli.registry import Like, Param, score
from losscli.scores._ranking import counted, of_queries
from losscli.scores._state import State


@score(true=REAL, pred=REAL, grouped=True, higher=False, like=(Like("catboost.QueryRMSE"),))
def query_rmse(y_true: Array, y_pred: Array, weight: Array | None, group: Sequence[str]) -> State:
    """Root of the mean squared error once the mean error of each query is taken off.

        √ (Σ w(e − ē)² / Σ w),  e = y_true − y_pred,  ē its weighted mean over the query

    Only differences within a query count: a shift of all its predictions costs nothing. Queries are told apart as in
    `dcg`; every row has a weight of its own.

    Every row is held in memory.

    >>> query_rmse(array([1.0, 3.0]), array([11.0, 11.0]), None, ()).result()
    1.0

    Source: https://catboost.ai/docs/en/concepts/loss-functions-ranking
    """
    return of_queries(_rmse, y_true, y_pred, weight, group)


@score(
    true=REAL,
    pred=REAL,
    grouped=True,
    higher=False,
    aliases=("group_quantile",),
    like=(
        Like(
            "catboost.GroupQuantile",
            "alpha=q",
            "delta=dead_zone",
            dead_zone=1e-6,
            note="CatBoost has a dead zone of 1e-6, without which its alpha would change nothing; an error of exactly "
            "its delta costs whole",
        ),
    ),
)
def query_pinball(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    q: Annotated[float, Param("The quantile; it counts only beside a dead zone.", ge=0, le=1)] = 0.5,
    dead_zone: DeadZone = 0.0,
) -> State:
    """Pinball loss once the mean error of each query is taken off.

        Σ w·pinball(e − ē) / Σ w,  e = y_true − y_pred,  ē its weighted mean over the query

    What is left adds up to 0 over a query, so that too low and too high weigh alike whatever q is: it is half of the
    mean absolute deviation of the errors within their queries. Only a dead zone lets q count. Queries are told apart
    as in `dcg`; every row has a weight of its own.

    Every row is held in memory.

    >>> query_pinball(array([1.0, 3.0]), array([11.0, 11.0]), None, ()).result()
    0.5

    Source: https://catboost.ai/docs/en/concepts/loss-functions-ranking
    """
    return of_queries(partial(_pinball, q=q, dead_zone=dead_zone), y_true, y_pred, weight, group)


def _rmse(query: Integers, y_true: Array, y_pred: Array, weight: Array) -> float:
    rest, weight = _centred(query, y_true - y_pred, weight)
    return sqrt(ratio(ExactSum.of(weight, rest, rest), ExactSum.of(weight)))


def _pinball(query: Integers, y_true: Array, y_pred: Array, weight: Array, *, q: float, dead_zone: float) -> float:
    rest, weight = _centred(query, y_true - y_pred, weight)
    costs = pinball(rest, np.zeros_like(rest), q=q, dead_zone=dead_zone)
    return ratio(ExactSum.of(weight, costs), ExactSum.of(weight))


def _centred(query: Integers, error: Array, weight: Array) -> tuple[Array, Array]:
    """Return the errors less the weighted mean of their query, and the weights; a row of weight 0 is left out."""
    first, length, (error, weight) = counted(query, error, weight)
    mean = np.add.reduceat(weight * error, first) / np.add.reduceat(weight, first)
    return error - np.repeat(mean, length), weight
