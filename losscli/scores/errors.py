"""Errors of a whole: extreme, in the middle, or measured by the spread of the truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import fsum, nan
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL
from losscli.exact import ExactSum, quotient, ratio, root_of_quotient
from losscli.quantiles import Quantiles
from losscli.reductions import Moments
from losscli.registry import Like, Param, score
from losscli.scores._state import State, Sums, by_element, by_row, given, mass, total


@score(
    true=REAL,
    pred=REAL,
    aliases=("mean_of_column_rmse",),
    like=(
        Like(
            "sklearn.metrics.root_mean_squared_error",
            note="scikit-learn averages the roots of the output columns, and takes no root over all of them",
        ),
    ),
    higher=False,
)
@by_row
def rmse_by_column(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Mean over the output columns of the root of each column's mean squared error.

        mean over columns d of √(Σ w e_d² / Σ w)

    For one column it is `rmse`; for several it is never larger. scikit-learn means this by a root of a mean squared
    error since 0.24.

    >>> rmse_by_column(array([[0.0, 0.0]]), array([[1.0, 4.0]]), None).result()
    2.5

    Source: https://scikit-learn.org/stable/modules/generated/sklearn.metrics.root_mean_squared_error.html
    """
    error = np.atleast_2d((y_pred - y_true).T)  # a row for each output
    columns = [total(weight, column, column) for column in np.ascontiguousarray(error)]
    return Sums(_mean_of_roots, (mass(weight, len(y_true)), *columns))


@score(
    true=REAL,
    pred=REAL,
    higher=False,
    aliases=("median_absolute_error",),
    like=(
        Like(
            "sklearn.metrics.median_absolute_error",
            note="of several outputs scikit-learn averages the medians of each; here all elements count together",
        ),
        Like("catboost.MedianAbsoluteError", note="CatBoost takes no notice of weights"),
    ),
)
@by_element
def median_ae(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Median of the absolute errors, which a few large ones do not move.

        median |y_pred − y_true|

    With weights it is the smallest error at which they pass half of their sum, and the mean of two errors where they
    just reach it between them.

    Every error is held: up to 64 MiB in memory, more of them in a temporary file.

    >>> median_ae(array([1.0, 2.0, 3.0]), array([1.5, 2.0, 9.0]), None).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#median-absolute-error
    """
    return State(_median, (Quantiles.of(np.abs(y_pred - y_true), weight),))


@score(
    true=REAL,
    pred=REAL,
    higher=False,
    aliases=("linf", "chebyshev"),
    like=(Like("sklearn.metrics.max_error"),),
)
@by_element
def max_error(y_true: Array, y_pred: Array, weight: Array | None) -> State:  # noqa: ARG001  an extreme weighs nothing
    """Largest absolute error.

        max |y_pred − y_true|

    Weights change nothing, but rows of weight 0 are left out.

    >>> max_error(array([1.0, 2.0, 3.0]), array([1.5, 2.0, 9.0]), None).result()
    6.0

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#max-error
    """
    return State(_largest, (Moments.of(np.abs(y_pred - y_true), squares=False),))


@score(true=REAL, pred=REAL, higher=False, aliases=("wmape", "weighted_mean_absolute_percentage_error"))
@by_element
def wape(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Sum of the absolute errors as a share of the sum of the absolute truth.

        Σ w|y_pred − y_true| / Σ w|y_true|

    Unlike `mape` it does not mind true values of 0, unless all are: then it is NaN.

    >>> wape(array([0.0, 2.0, 2.0]), array([1.0, 2.0, 2.0]), None).result()
    0.25

    Source: S. Kolassa and W. Schütz (2007), Advantages of the MAD/MEAN ratio over the MAPE, Foresight 6.
    """
    return State(ratio, (total(weight, np.abs(y_pred - y_true)), total(weight, np.abs(y_true))))


@score(true=REAL, pred=REAL, higher=False, aliases=("relative_squared_error",))
@by_element
def rse(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Squared error as a share of that of the mean: 1 − R².

        Σ w(y_pred − y_true)² / Σ w(y_true − ȳ)²,  ȳ the weighted mean of y_true

    Of a constant truth it is NaN.

    >>> rse(array([1.0, 2.0, 3.0]), array([1.0, 2.0, 4.0]), None).result()
    0.5

    Source: https://lightning.ai/docs/torchmetrics/stable/regression/rse.html
    """
    return Sums(_rse, _squared(y_true, y_pred, weight))


@score(true=REAL, pred=REAL, higher=False, aliases=("relative_absolute_error",))
@by_element
def rae(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Absolute error as a share of that of the mean.

        Σ w|y_pred − y_true| / Σ w|y_true − ȳ|,  ȳ the weighted mean of y_true

    Of a constant truth it is NaN. `d2-absolute-error` compares with the median instead.

    >>> rae(array([1.0, 2.0, 3.0]), array([1.0, 2.0, 4.0]), None).result()
    0.5

    Source: I. H. Witten, E. Frank and M. A. Hall (2011), Data Mining, section 5.8.
    """
    truth = Quantiles.of(y_true, given(weight, len(y_true)))
    return State(_rae, (truth, total(weight, np.abs(y_pred - y_true))))


@score(
    true=REAL,
    pred=REAL,
    higher=False,
    aliases=("normalized_rmse", "normalized_root_mean_squared_error"),
)
@by_element
def nrmse(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    normalisation: Annotated[
        str, Param("What of the truth is the unit of the error.", choices=("mean", "range", "std", "l2"))
    ] = "mean",
) -> State:
    """Root of the mean squared error in units of the truth's mean, range or spread.

        √ (Σ w(y_pred − y_true)² / Σw) / norm
        norm:  |ȳ|  or  max − min  or  standard deviation  or  √ Σ w·y_true²

    NaN where the norm is 0. The standard deviation is that of the population.

    >>> nrmse(array([1.0, 3.0]), array([2.0, 4.0]), None).result()
    0.5

    Source: https://lightning.ai/docs/torchmetrics/stable/regression/normalized_root_mean_squared_error.html
    """
    error = y_pred - y_true
    return State(NORMS[normalisation], (total(weight, error, error), Moments.of(y_true, weight)))


@score(true=REAL, pred=REAL, higher=False, aliases=("minkowski_distance", "lp-distance"))
@by_element
def minkowski(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    p: Annotated[float, Param("The power: 1 adds up errors, 2 is the Euclidean distance.", ge=1)] = 2.0,
) -> State:
    """Minkowski distance: the p-th root of the sum of the p-th powers of the errors.

        (Σ w|y_pred − y_true|^p)^(1/p)

    A sum, not a mean: it grows with the rows.

    >>> minkowski(array([0.0, 0.0]), array([3.0, 4.0]), None).result()
    5.0

    Source: https://lightning.ai/docs/torchmetrics/stable/regression/minkowski_distance.html
    """
    powers = np.abs(y_pred - y_true) ** p
    return State(partial(_root, p), (total(weight, powers), mass(weight, len(powers))))


def _squared(y_true: Array, y_pred: Array, weight: Array | None) -> tuple[ExactSum, ...]:
    """Return Σw, Σwy, Σwy² and Σwe²."""
    error = y_pred - y_true
    return (
        mass(weight, len(y_true)),
        total(weight, y_true),
        total(weight, y_true, y_true),
        total(weight, error, error),
    )


def _median(errors: Quantiles) -> float:
    return errors.quantile(0.5)


def _largest(errors: Moments) -> float:
    return errors.max


def _rse(w: int, y: int, yy: int, ee: int) -> float:
    spread = yy * w - y * y
    return quotient(ee * w, spread) if spread else nan


def _rae(truth: Quantiles, lost: ExactSum) -> float:
    values, weight = truth.whole()
    weight = given(weight, len(values))
    mean = ratio(ExactSum.of(weight, values), ExactSum.of(weight))
    return ratio(lost, ExactSum.of(weight, np.abs(values - mean)))


def _over(norm: Callable[[int, int, int], tuple[int, int]], squares: ExactSum, truth: Moments) -> float:
    """Return √(Σwe²/Σw) over a norm, whose square is a quotient of sums."""
    if truth.second is None or squares.limit or truth.second.limit or not truth.weights.units:
        return nan
    w = truth.weights.units
    top, bottom = norm(w, truth.first.units, truth.second.units)
    return root_of_quotient(squares.units * bottom, w * top) if top else nan


def _over_range(squares: ExactSum, truth: Moments) -> float:
    mean = root_of_quotient(squares.units, truth.weights.units) if not squares.limit and truth.weights.units else nan
    width = truth.max - truth.min
    return mean / width if width else nan


def _mean_square(w: int, y: int, _: int) -> tuple[int, int]:
    return y * y, w * w


def _variance(w: int, y: int, yy: int) -> tuple[int, int]:
    return yy * w - y * y, w * w


def _length_square(_: int, __: int, yy: int) -> tuple[int, int]:
    return yy, ExactSum.whole(1).units


NORMS: dict[str, Callable[[ExactSum, Moments], float]] = {
    "mean": partial(_over, _mean_square),
    "range": _over_range,
    "std": partial(_over, _variance),
    "l2": partial(_over, _length_square),
}
"""Choice of ``normalisation`` -> how a sum of squared errors and the truth's moments finish."""


def _root(p: float, powers: ExactSum, weights: ExactSum) -> float:
    return float(powers.result() ** (1 / p)) if weights.units else nan


def _mean_of_roots(w: int, *squares: int) -> float:
    if w <= 0:
        return nan
    roots = [root_of_quotient(one, w) for one in squares]
    try:
        return fsum(roots) / len(roots)
    except OverflowError:  # the sum is too large, and the mean is not
        return fsum(root / len(roots) for root in roots)
