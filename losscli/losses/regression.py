"""Regression: numbers, or rows of them."""

from __future__ import annotations

from math import sqrt
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL, VECTOR
from losscli.losses._numeric import rough_log, row_sum, silent
from losscli.losses._params import DeadZone
from losscli.losses._twins import both_keras, keras_metrics, optax, tf1, torch
from losscli.registry import Like, Param, loss

ASYMPTOTE = 12.0
"""Where CatBoost takes |e| − ln 2 for ln cosh e."""


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("mean_squared_error", "squared_error", "l2", "quadratic", "brier-like"),
    like=(
        *both_keras("MeanSquaredError mean_squared_error"),
        *keras_metrics("MeanSquaredError"),
        tf1("mean_squared_error"),
        torch("MSELoss", "mse_loss", reduction="mean"),
        Like("sklearn.metrics.mean_squared_error"),
        optax("squared_error"),
        Like("lightgbm.l2"),
    ),
)
@silent
def mse(y_true: Array, y_pred: Array) -> Array:
    """Squared error.

        (y_pred − y_true)²

    A name that means different things: `l2` is this in LightGBM, half of it in `optax.l2_loss` and
    half the sum of squares of one tensor in `tf.nn.l2_loss`.

    >>> mse(array([1.0, 2.0, 3.0]), array([2.0, 2.0, 3.0]))
    array([1., 0., 0.])

    Source: https://keras.io/api/losses/regression_losses/#meansquarederror-class
    """
    return np.square(y_pred - y_true)


@loss(
    true=REAL,
    pred=REAL,
    for_rows="rmse-by-column",
    symmetric=True,
    finish=sqrt,
    aliases=("root_mean_squared_error", "root_mean_square"),
    like=(
        *keras_metrics("RootMeanSquaredError"),
        Like("sklearn.metrics.root_mean_squared_error"),
        Like("xgboost.rmse"),
        Like("lightgbm.rmse"),
        Like("catboost.RMSE"),
    ),
)
@silent
def rmse(y_true: Array, y_pred: Array) -> Array:
    """Root of the mean squared error; of one sample, the squared error.

        √ mean (y_pred − y_true)²

    The root is taken once, after the mean over samples and outputs.

    >>> rmse(array([1.0, 2.0]), array([2.0, 5.0]))
    array([1., 9.])

    Source: https://keras.io/api/metrics/regression_metrics/#rootmeansquarederror-class
    """
    return mse(y_true, y_pred)


@loss(true=VECTOR, pred=VECTOR, symmetric=True, finish=sqrt, like=(Like("catboost.MultiRMSE"),))
@silent
def multi_rmse(y_true: Array, y_pred: Array) -> Array:
    """Root of the mean squared distance of rows; of one sample, the square of it.

        √ mean Σ_d (y_pred_d − y_true_d)²

    The squares of the outputs are added up, and not averaged as in `rmse`, which for D outputs is smaller by √D.

    >>> multi_rmse(array([[0.0, 0.0]]), array([[3.0, 4.0]]))
    array([25.])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-multiregression
    """
    return row_sum(np.square(y_pred - y_true))


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("half_squared_error", "half_mean_squared_error"),
    like=(
        optax("l2_loss"),
        Like(
            "tf.nn.l2_loss",
            reduction="sum",
            note="tf.nn.l2_loss takes one tensor, the differences, and sums: it never divides",
        ),
    ),
)
@silent
def half_mse(y_true: Array, y_pred: Array) -> Array:
    """Half the squared error, whose slope is the error itself.

        ½(y_pred − y_true)²

    The name `l2_loss` is this in optax and TensorFlow; `l2` alone is read as `mse`, as in LightGBM.

    >>> half_mse(array([0.0, 0.0]), array([1.0, 3.0]))
    array([0.5, 4.5])

    Source: https://optax.readthedocs.io/en/latest/api/losses.html#optax.losses.l2_loss
    """
    return 0.5 * mse(y_true, y_pred)


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("mean_absolute_error", "l1", "mad", "absolute_difference"),
    like=(
        *both_keras("MeanAbsoluteError mean_absolute_error"),
        *keras_metrics("MeanAbsoluteError"),
        tf1("absolute_difference"),
        torch("L1Loss", "l1_loss", reduction="mean"),
        Like("sklearn.metrics.mean_absolute_error"),
        Like("xgboost.mae"),
        Like("lightgbm.l1"),
        Like("catboost.MAE", dead_zone=1e-6, note="CatBoost subtracts 1e-6 from every error but one of exactly 1e-6"),
    ),
)
@silent
def mae(y_true: Array, y_pred: Array, *, dead_zone: DeadZone = 0.0) -> Array:
    """Absolute error.

        max(0, |y_pred − y_true| − dead_zone)

    With a dead zone this is the epsilon-insensitive loss of support vector regression. `MAD` is read as mean
    absolute deviation, as tutorials write it, not as the median absolute deviation of statistics.

    >>> mae(array([1.0, 2.0]), array([2.0, -1.0]))
    array([1., 3.])

    Source: https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class
    """
    return np.maximum(np.abs(y_pred - y_true) - dead_zone, 0.0)


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("scipy.special.huber",),
    like=(
        *both_keras("Huber huber", "delta"),
        tf1("huber_loss", "delta"),
        torch("HuberLoss", "huber_loss", "delta"),
        optax("huber_loss", "delta"),
        Like("lightgbm.huber", "alpha=delta", delta=0.9, note="LightGBM calls delta alpha, and it is 0.9"),
        Like("catboost.Huber", "delta", delta=...),
    ),
)
@silent
def huber(
    y_true: Array,
    y_pred: Array,
    *,
    delta: Annotated[float, Param("Where the curve turns from quadratic to linear.", gt=0)] = 1.0,
) -> Array:
    """Quadratic for small errors, linear for large ones.

        e = y_pred − y_true
        ½e²              if |e| ≤ delta
        delta·(|e| − ½delta)  otherwise

    `smooth-l1` is this divided by its threshold.

    >>> huber(array([0.0, 0.0]), array([0.5, 3.0]))
    array([0.125, 2.5  ])

    Source: P. J. Huber (1964), Robust estimation of a location parameter, Annals of Mathematical Statistics 35.
    """
    error = np.abs(y_pred - y_true)
    quadratic = np.minimum(error, delta)
    return quadratic * (error - 0.5 * quadratic)


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    like=(torch("SmoothL1Loss", "smooth_l1_loss", "beta"),),
)
@silent
def smooth_l1(
    y_true: Array,
    y_pred: Array,
    *,
    beta: Annotated[float, Param("Where the curve turns from quadratic to linear; 0 gives mae.", ge=0)] = 1.0,
) -> Array:
    """Absolute error, rounded off near zero.

        e = y_pred − y_true
        ½e² / beta     if |e| < beta
        |e| − ½beta    otherwise

    This is `huber` with delta = beta, divided by beta: the linear part keeps the slope 1.

    >>> smooth_l1(array([0.0, 0.0]), array([0.5, 3.0]), beta=2.0)
    array([0.0625, 2.    ])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html
    """
    error = np.abs(y_pred - y_true)
    return np.minimum(error / beta, 1.0) * (error - 0.5 * np.minimum(error, beta)) if beta else error


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    like=(
        *both_keras("LogCosh log_cosh"),
        *keras_metrics("LogCoshError"),
        optax("log_cosh"),
        Like("catboost.LogCosh", rough=True, note="CatBoost's fast logarithm is right to about 1e-5, and below 0 at 0"),
    ),
)
@silent
def log_cosh(
    y_true: Array,
    y_pred: Array,
    *,
    rough: Annotated[bool, Param("Take CatBoost's fast logarithm, right to about 1e-5.")] = False,
) -> Array:
    """Logarithm of the hyperbolic cosine of the error.

        ln cosh(y_pred − y_true)

    It is close to ½e² near zero and to |e| − ln 2 far from it. CatBoost takes the logarithm in float32 and roughly
    (`rough`), and from |e| = 12 on the asymptote: its number differs from the fifth digit on.

    >>> log_cosh(array([0.0, 0.0]), array([1.0, 1000.0]))
    array([4.33780830e-01, 9.99306853e+02])

    Source: https://keras.io/api/losses/regression_losses/#logcosh-class
    """
    error = np.abs(y_pred - y_true)
    if rough:
        near = rough_log(np.cosh(np.minimum(error, ASYMPTOTE)))
        return np.where(error < ASYMPTOTE, near, error - rough_log(np.array(2.0)))
    # cosh² = 1 + sinh²: near zero this keeps every digit, while |e| + ln(1 + e^(−2|e|)) − ln 2 would cancel
    near = 0.5 * np.log1p(np.square(np.sinh(np.minimum(error, 1.0))))
    return np.where(error < 1, near, error + (np.log1p(np.exp(-2 * error)) - np.log(2)))
