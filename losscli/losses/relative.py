"""Relative errors: shares and ratios."""

from __future__ import annotations

from math import sqrt
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import ABOVE_MINUS_ONE, REAL, VECTOR
from losscli.losses._numeric import log_ratio, row_sum, silent
from losscli.losses._twins import both_keras, keras_metrics
from losscli.registry import Like, Param, loss

Floor = Annotated[float, Param("Divide by at least this.", ge=0)]
RAISED = "Keras raises negative values to 1e-7 without a word"


@loss(
    true=REAL,
    pred=REAL,
    aliases=("mean_absolute_percentage_error",),
    like=(
        *both_keras("MeanAbsolutePercentageError mean_absolute_percentage_error", scale=100.0, eps=1e-7),
        *keras_metrics("MeanAbsolutePercentageError", scale=100.0, eps=1e-7),
        Like(
            "sklearn.metrics.mean_absolute_percentage_error",
            eps=2.0**-52,
            note="a fraction, in spite of its name; a true value of 0 costs about 4.5e15 times the error",
        ),
        Like(
            "xgboost.mape",
            nan_at_zero=True,
            note="XGBoost gives NaN if a row of weight 0 has a true value of 0; here that row is left out",
        ),
        Like("lightgbm.mape", eps=1.0, note="LightGBM divides by at least 1, so a small true value hides its error"),
        Like("catboost.MAPE", eps=1.0, note="CatBoost divides by at least 1, so a small true value hides its error"),
    ),
)
@silent
def mape(
    y_true: Array,
    y_pred: Array,
    *,
    scale: Annotated[float, Param("1 gives a fraction, 100 a percentage.", gt=0)] = 1.0,
    eps: Floor = 0.0,
    nan_at_zero: Annotated[bool, Param("Give NaN, not 0, where truth and prediction are both 0.")] = False,
) -> Array:
    """Absolute error as a share of the true value.

        scale · |y_pred − y_true| / max(|y_true|, eps)

    Where the true value is 0 the loss is infinite, but 0 if the prediction is exact, for which XGBoost gives NaN
    (`nan_at_zero`). Keras gives percent (`scale` 100) and divides by at least 1e-7, scikit-learn by 2.2e-16, LightGBM
    and CatBoost by 1.

    >>> mape(array([100.0, 200.0]), array([110.0, 180.0]))
    array([0.1, 0.1])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#mean-absolute-percentage-error
    """
    error = np.abs(y_pred - y_true)
    share = scale * (error / np.maximum(np.abs(y_true), eps))
    return share if nan_at_zero else np.where(error == 0, 0.0, share)


@loss(
    true=REAL,
    pred=REAL,
    finish=sqrt,
    aliases=("root_mean_squared_percentage_error",),
    like=(
        Like("catboost.RMSPE", eps=1.0, note="CatBoost divides by at least 1, so a small true value hides its error"),
    ),
)
@silent
def rmspe(y_true: Array, y_pred: Array, *, eps: Floor = 0.0) -> Array:
    """Root of the mean squared relative error; of one sample, its square.

        √ mean ((y_pred − y_true) / max(|y_true|, eps))²

    A fraction. Where the true value is 0 the loss is infinite, but 0 if the prediction is exact. CatBoost divides by
    at least 1.

    >>> rmspe(array([100.0, 200.0]), array([110.0, 100.0]))
    array([0.01, 0.25])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-regression
    """
    return np.square(mape(y_true, y_pred, eps=eps))


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("symmetric_mean_absolute_percentage_error",),
    like=(Like("catboost.SMAPE", scale=100.0),),
)
@silent
def smape(
    y_true: Array,
    y_pred: Array,
    *,
    scale: Annotated[float, Param("1 gives values from 0 to 2, 100 from 0 to 200.", gt=0)] = 1.0,
) -> Array:
    """Absolute error as a share of the mean size of both values.

        scale · 2|y_pred − y_true| / (|y_true| + |y_pred|)

    Where both values are 0 it is 0; where one of them is, 2. Values of opposite signs cost 2 as well, whatever their
    distance. CatBoost gives percent.

    >>> smape(array([100.0, 0.0]), array([110.0, 1.0]))
    array([0.0952381, 2.       ])

    Source: S. Makridakis (1993), Accuracy measures: theoretical and practical concerns, International Journal of
    Forecasting 9.
    """
    error = np.abs(y_pred - y_true)
    return np.where(error == 0, 0.0, scale * (2 * error / (np.abs(y_true) + np.abs(y_pred))))


@loss(
    true=When("floor", REAL, ABOVE_MINUS_ONE),
    pred=When("floor", REAL, ABOVE_MINUS_ONE),
    symmetric=True,
    aliases=("mean_squared_logarithmic_error", "mean_squared_log_error"),
    like=(
        *both_keras(
            "MeanSquaredLogarithmicError mean_squared_logarithmic_error",
            floor=1e-7,
            note=RAISED,
        ),
        *keras_metrics("MeanSquaredLogarithmicError", floor=1e-7, note=RAISED),
        Like("sklearn.metrics.mean_squared_log_error"),
        Like("catboost.MSLE"),
    ),
)
@silent
def msle(
    y_true: Array,
    y_pred: Array,
    *,
    floor: Annotated[float | None, Param("Raise both values to at least this.", gt=-1)] = None,
) -> Array:
    """Squared difference of the logarithms, which compares ratios.

        (ln(1 + y_pred) − ln(1 + y_true))²

    Both values must be above −1, unless `floor` raises those that are not. Keras has a floor of 1e-7, so that
    two negative numbers cost nothing; scikit-learn has none.

    >>> msle(array([0.0, 1.0]), array([0.0, 3.0]))
    array([0.        , 0.48045301])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#mean-squared-logarithmic-error
    """
    lowest = -np.inf if floor is None else floor
    true, pred = np.maximum(y_true, lowest), np.maximum(y_pred, lowest)
    return np.square(log_ratio(1 + pred, 1 + true, pred - true))


@loss(
    true=ABOVE_MINUS_ONE,
    pred=ABOVE_MINUS_ONE,
    symmetric=True,
    finish=sqrt,
    aliases=("root_mean_squared_log_error", "root_mean_squared_logarithmic_error"),
    like=(
        Like(
            "sklearn.metrics.root_mean_squared_log_error",
            note="scikit-learn takes the root of each output column first and averages the roots; "
            "with more than one output its number is smaller",
        ),
        Like("xgboost.rmsle"),
    ),
)
@silent
def rmsle(y_true: Array, y_pred: Array) -> Array:
    """Root of the mean of `msle`; of one sample, `msle` itself.

        √ mean (ln(1 + y_pred) − ln(1 + y_true))²

    Both values must be above −1.

    >>> rmsle(array([0.0, 1.0]), array([0.0, 3.0]))
    array([0.        , 0.48045301])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#mean-squared-logarithmic-error
    """
    return msle(y_true, y_pred)


@loss(
    true=VECTOR,
    pred=VECTOR,
    symmetric=True,
    aliases=("mean_pairwise_squared_error",),
)
@silent
def mean_pairwise_squared(y_true: Array, y_pred: Array) -> Array:
    """Squared difference of the errors of two values of a row, over all pairs.

        e = y_pred − y_true,  D values a row
        Σ_ij (e_i − e_j)² / (D(D − 1))

    A shift of the whole row costs nothing. It is twice the sample variance of the errors. That of TensorFlow 1 is
    another number: unless weights are given it divides by the values of all rows instead of one, so that what a row
    costs depends on how many there are, and with weights it adds the rows up.

    >>> mean_pairwise_squared(array([[0.0, 0.0, 0.0]]), array([[5.0, 5.0, 8.0]]))
    array([6.])

    Source: https://www.tensorflow.org/api_docs/python/tf/compat/v1/losses/mean_pairwise_squared_error
    """
    error = y_pred - y_true
    error = error - error[:, :1]  # so that a common shift leaves no rounding behind
    count = int(error.shape[1])
    spread = error - (row_sum(error) / count)[:, None]
    return 2 * row_sum(np.square(spread)) / max(count - 1, 1)
