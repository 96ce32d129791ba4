"""Robust errors: between the square and a bound."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL
from losscli.losses._numeric import silent
from losscli.losses._series import less_log
from losscli.registry import Like, Param, loss

NEGLIGIBLE = 2.0**-60
"""Below this a function is its first term to the last digit, which is written out since the others may underflow."""

Scale = Annotated[float, Param("The size of error at which the curve turns.", gt=0)]


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("mphe", "charbonnier", "scipy.special.pseudo_huber"),
    like=(Like("xgboost.mphe", "huber_slope=delta"),),
)
@silent
def pseudo_huber(y_true: Array, y_pred: Array, *, delta: Scale = 1.0) -> Array:
    """A smooth `huber`: quadratic near zero, linear far from it.

        delta²·(√(1 + ((y_pred − y_true) / delta)²) − 1)

    It approaches delta·(|e| − delta), where `huber` approaches delta·(|e| − ½delta).

    >>> pseudo_huber(array([0.0, 0.0]), array([3.0, 0.75]))
    array([2.16227766, 0.25      ])

    Source: P. Charbonnier et al. (1997), Deterministic edge-preserving regularization in computed imaging, IEEE
    Transactions on Image Processing 6.
    """
    error = np.abs(y_pred - y_true)
    # √(1 + r²) − 1 cancels near zero, and both r and its square overflow before the loss does
    slope: Array = error / (delta + np.hypot(delta, error))
    return delta * slope * error


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("lp_loss", "power_error"),
    like=(Like("catboost.Lq", "q", q=...),),
)
@silent
def lq(
    y_true: Array,
    y_pred: Array,
    *,
    q: Annotated[float, Param("The power; 1 gives mae, 2 gives mse.", gt=0)] = 2.0,
) -> Array:
    """A power of the absolute error.

        |y_pred − y_true|^q

    CatBoost has no default for q, and wants at least 1. Of a large error a large power is infinite in float64.

    >>> lq(array([0.0, 1.0]), array([4.0, 1.0]), q=1.5)
    array([8., 0.])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-regression#lq
    """
    return np.abs(y_pred - y_true) ** q


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    like=(
        Like("lightgbm.fair", "fair_c=c"),
        Like("catboost.FairLoss", "smoothness=c"),
    ),
)
@silent
def fair(y_true: Array, y_pred: Array, *, c: Scale = 1.0) -> Array:
    """Quadratic near zero, linear less a logarithm far from it.

        r = |y_pred − y_true| / c
        c²·(r − ln(1 + r))

    >>> fair(array([0.0, 0.0]), array([1.0, 3.0]))
    array([0.30685282, 1.61370564])

    Source: R. C. Fair (1974), On the robust estimation of econometric models, Annals of Economic and Social
    Measurement 3.
    """
    error = np.abs(y_pred - y_true)
    ratio = error / c
    plain = c * (c * less_log(ratio, np.log1p(ratio)))
    return np.where(ratio < NEGLIGIBLE, 0.5 * np.square(error), plain)


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("lorentzian",),
)
@silent
def cauchy(y_true: Array, y_pred: Array, *, c: Scale = 1.0) -> Array:
    """Quadratic near zero, logarithmic far from it.

        ½c²·ln(1 + ((y_pred − y_true) / c)²)

    It is the negative log likelihood of a Cauchy distribution, up to a factor and a constant. The Lorentzian loss of
    some papers, ln(1 + ½(e/c)²), is `general-robust` with alpha = 0.

    >>> cauchy(array([0.0, 0.0]), array([1.0, 1e200]))
    array([3.46573590e-01, 4.60517019e+02])

    Source: P. W. Holland and R. E. Welsch (1977), Robust regression using iteratively reweighted least-squares.
    """
    error = np.abs(y_pred - y_true)
    ratio = error / c
    near, far = 0.5 * np.log1p(np.square(ratio)), np.log(np.hypot(1.0, ratio))
    plain = c * (c * np.where(ratio < 1, near, far))
    return np.where(ratio < NEGLIGIBLE, 0.5 * np.square(error), plain)


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("leclerc", "correntropy"),
)
@silent
def welsch(y_true: Array, y_pred: Array, *, c: Scale = 1.0) -> Array:
    """Quadratic near zero, never more than 1.

        1 − exp(−½((y_pred − y_true) / c)²)

    It is the limit of `general-robust` as alpha goes to minus infinity.

    >>> welsch(array([0.0, 0.0]), array([1.0, 10.0]))
    array([0.39346934, 1.        ])

    Source: J. E. Dennis and R. E. Welsch (1978), Techniques for nonlinear least squares and robust regression,
    Communications in Statistics 7.
    """
    return 0.0 - np.expm1(-0.5 * np.square((y_pred - y_true) / c))


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("barron", "adaptive-robust"),
)
@silent
def general_robust(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: Annotated[float, Param("The shape: 2 squared, 1 like pseudo-huber, 0 Cauchy, -2 Geman-McClure.")] = 1.0,
    c: Scale = 1.0,
) -> Array:
    """One family with the squared, pseudo-Huber, Cauchy and Geman-McClure losses.

        b = |alpha − 2|,  s = ((y_pred − y_true) / c)²
        b/alpha · ((s/b + 1)^(alpha/2) − 1)
        ½s             for alpha = 2
        ln(½s + 1)     for alpha = 0

    Its limit for alpha = −∞ is `welsch`. Above 2 the loss of a large error may be infinite in float64.

    >>> general_robust(array([0.0, 0.0]), array([2.0, 2.0]), alpha=-2.0)
    array([1., 1.])

    Source: J. T. Barron (2019), A general and adaptive robust loss function, CVPR.
    """
    ratio, gap = np.abs(y_pred - y_true) / c, abs(alpha - 2)
    square = np.square(ratio)
    if alpha == 2:  # noqa: PLR2004  the squared error
        return 0.5 * square
    inner, root = square / gap, np.hypot(1.0, ratio / np.sqrt(gap))  # s/b may overflow where √(s/b + 1) does not
    log = np.where(inner < 1, np.log1p(inner), 2 * np.log(root))
    if alpha == 0:
        return log
    exponent = 0.5 * alpha * log
    near = np.where(np.abs(exponent) < NEGLIGIBLE, 0.5 * gap * log, gap / alpha * np.expm1(exponent))
    # near alpha = 2 the power is almost s/b itself: taken apart, b·(s/b + 1) is exact
    power = (square + gap) * np.power(root, alpha - 2)
    far = (np.where(np.isinf(square), gap * np.power(root, alpha), power) - gap) / alpha
    return np.where(np.abs(exponent) < 1, near, far)


@loss(
    true=REAL,
    pred=REAL,
    symmetric=True,
    aliases=("within_tolerance",),
    like=(Like("catboost.NumErrors", "greater_than", greater_than=...),),
)
@silent
def num_errors(
    y_true: Array,
    y_pred: Array,
    *,
    greater_than: Annotated[float, Param("Errors up to this are tolerated.", ge=0)] = 0.0,
) -> Array:
    """Whether the error is greater than a tolerance.

        1 if |y_pred − y_true| > greater_than, else 0

    Its mean is the share of the rows that are off by more than the tolerance; its sum is their number.

    >>> num_errors(array([1.0, 2.0]), array([1.25, 3.0]), greater_than=0.5)
    array([0., 1.])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-regression#NumErrors
    """
    return np.asarray(np.abs(y_pred - y_true) > greater_than, dtype=np.float64)
