"""Scaled errors: in units of what a naive forecast of the training series errs by."""

from __future__ import annotations

from functools import partial
from math import nan
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL
from losscli.exact import ExactSum, quotient, root_of_quotient
from losscli.registry import Param, score
from losscli.scores._state import State, by_element, mass, total

MeanAbsolute = Annotated[
    float, Param("Mean absolute naive error of the training series; --train reads it.", gt=0, naive="absolute")
]
RootMeanSquared = Annotated[
    float, Param("Root mean squared naive error of the training series; --train reads it.", gt=0, naive="squared")
]


@score(true=REAL, pred=REAL, higher=False, aliases=("mean_absolute_scaled_error",))
@by_element
def mase(y_true: Array, y_pred: Array, weight: Array | None, *, scale: MeanAbsolute = ...) -> State:  # type: ignore[assignment]  # required
    """Mean absolute error in units of a naive forecast's on the training series.

        (Σ w|y_pred − y_true| / Σ w) / scale
        scale:  mean |x_t − x_(t−m)| over the training series x

    The naive forecast of season m repeats the value of m steps before: `--train FILE --season M` reads the series
    and says the scale. Below 1 the errors are smaller than those.

    >>> mase(array([1.0, 2.0]), array([2.0, 2.0]), None, scale=2.0).result()
    0.25

    Source: R. J. Hyndman and A. B. Koehler (2006), Another look at measures of forecast accuracy, International
    Journal of Forecasting 22.
    """
    return State(partial(_mean, scale), (total(weight, np.abs(y_pred - y_true)), mass(weight, len(y_true))))


@score(true=REAL, pred=REAL, higher=False, aliases=("root_mean_squared_scaled_error",))
@by_element
def rmsse(y_true: Array, y_pred: Array, weight: Array | None, *, scale: RootMeanSquared = ...) -> State:  # type: ignore[assignment]  # required
    """Root mean squared error in units of a naive forecast's on the training series.

        √ (Σ w(y_pred − y_true)² / Σ w) / scale
        scale:  √ mean (x_t − x_(t−m))² over the training series x

    The naive forecast of season m repeats the value of m steps before: `--train FILE --season M` reads the series
    and says the scale.

    >>> rmsse(array([1.0, 2.0]), array([2.0, 3.0]), None, scale=2.0).result()
    0.5

    Source: S. Makridakis, E. Spiliotis and V. Assimakopoulos (2022), The M5 competition: background, organization,
    and implementation, International Journal of Forecasting 38.
    """
    error = y_pred - y_true
    return State(partial(_root_mean, scale), (total(weight, error, error), mass(weight, len(error))))


def _mean(scale: float, lost: ExactSum, weights: ExactSum) -> float:
    """Return the mean over the scale, rounded once."""
    if lost.limit or not weights.units:
        return lost.limit or nan
    top, bottom = scale.as_integer_ratio()
    return quotient(lost.units * bottom, weights.units * top)


def _root_mean(scale: float, squares: ExactSum, weights: ExactSum) -> float:
    """Return the root of the mean over the scale, rounded once."""
    if squares.limit or not weights.units:
        return squares.limit or nan
    top, bottom = scale.as_integer_ratio()
    return root_of_quotient(squares.units * bottom * bottom, weights.units * top * top)
