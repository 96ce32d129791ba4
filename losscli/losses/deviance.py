"""Deviances and likelihoods of generalised linear models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import NONNEGATIVE, POSITIVE, REAL
from losscli.losses._numeric import log_ratio, silent, weighed
from losscli.losses._series import reach, second_order
from losscli.losses.counts import FLOAT32_1E10
from losscli.registry import Like, Param, loss

FLOAT32_1E6 = 9.999999974752427e-07
"""1e-6 as float32, in which XGBoost writes it."""

TRUE_OF_POWER = When("power", REAL, NONNEGATIVE, lambda power: power <= 0, "a power of 0 or less")
RATE_OF_POWER = When("power", REAL, POSITIVE, lambda power: power == 0, "a power of 0")
OF_A_DISTRIBUTION: Mapping[str, Any] = {
    "true": When("power", POSITIVE, TRUE_OF_POWER, lambda power: power >= 2, "a power from 2 up"),  # noqa: PLR2004  gamma
    "pred": RATE_OF_POWER,
    "allows": {"power": (lambda power: not 0 < power < 1, "a number up to 0 or from 1 up")},
}
"""What scikit-learn refuses: where there is no such distribution, or its deviance is infinite."""

Offset = Annotated[float, Param("Add this to the predicted value.", ge=0)]


@loss(
    true=TRUE_OF_POWER,
    pred=When("power", REAL, NONNEGATIVE, lambda power: power == 0, "a power of 0"),
    aliases=("mean_tweedie_deviance", "tweedie_deviance_score"),
    like=(
        Like(
            "sklearn.metrics.mean_tweedie_deviance",
            "power",
            **OF_A_DISTRIBUTION,
        ),
    ),
)
@silent
def tweedie_deviance(
    y_true: Array,
    y_pred: Array,
    *,
    power: Annotated[float, Param("Of the mean, in the variance: 0 normal, 1 Poisson, 2 gamma, 3 inverse.")] = 0.0,
) -> Array:
    """Deviance of a Tweedie distribution: normal, Poisson, gamma and between.

        (y_true − y_pred)²                                                       power 0
        2(y_true·ln(y_true / y_pred) − y_true + y_pred)                          power 1
        2(ln(y_pred / y_true) + y_true / y_pred − 1)                             power 2
        2(max(y_true, 0)^(2−p) / ((1−p)(2−p)) − y_true·y_pred^(1−p) / (1−p)
          + y_pred^(2−p) / (2−p))                                                other powers p

    The deviance is infinite where the truth or the prediction is 0 and the power rules that out: a truth of 0 from
    power 2 on, a prediction of 0 from power 1 on. Between 0 and 1 there is no such distribution, and scikit-learn
    refuses; the formula still measures a distance. It refuses as well what the power rules out.

    >>> tweedie_deviance(array([2.0, 0.0]), array([1.0, 4.0]), power=1.5)
    array([0.6862915, 8.       ])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#mean-tweedie-deviance
    """
    if power == 0:
        return np.square(y_pred - y_true)
    below = 2 * np.maximum(-y_true, 0.0) * np.power(y_pred, 1 - power) / (1 - power) if power < 0 else 0.0
    return _unit_deviance(np.maximum(y_true, 0.0), y_pred, power) + below


@loss(
    true=NONNEGATIVE,
    pred=NONNEGATIVE,
    aliases=("mean_poisson_deviance",),
    like=(Like("sklearn.metrics.mean_poisson_deviance", pred=POSITIVE),),
)
@silent
def poisson_deviance(y_true: Array, y_pred: Array) -> Array:
    """Twice the log likelihood that a predicted rate loses against the count itself.

        2(y_true·ln(y_true / y_pred) − y_true + y_pred)

    A rate of 0 where something happened costs infinity; scikit-learn refuses every rate of 0. It differs from `poisson`
    by a factor of 2 and by what depends on the truth alone, so that an exact prediction costs 0.

    >>> poisson_deviance(array([3.0, 0.0]), array([2.0, 0.5]))
    array([0.43279065, 1.        ])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#mean-tweedie-deviance
    """
    return _unit_deviance(y_true, y_pred, 1.0)


@loss(
    true=NONNEGATIVE,
    pred=NONNEGATIVE,
    aliases=("mean_gamma_deviance",),
    like=(
        Like("sklearn.metrics.mean_gamma_deviance", true=POSITIVE, pred=POSITIVE),
        Like(
            "xgboost.gamma-deviance",
            eps=FLOAT32_1E6,
            true_eps=FLOAT32_1E6,
            note="XGBoost adds 1e-6 to both values",
        ),
        Like(
            "lightgbm.gamma_deviance",
            reduction="sum",
            eps=1e-9,
            note="LightGBM sums the rows and never divides, so its number grows with the data",
        ),
    ),
)
@silent
def gamma_deviance(
    y_true: Array,
    y_pred: Array,
    *,
    eps: Offset = 0.0,
    true_eps: Annotated[float, Param("Add this to the true value.", ge=0)] = 0.0,
) -> Array:
    """Deviance of a gamma distribution, which compares ratios.

        2(ln(y_pred / y_true) + y_true / y_pred − 1)

    Both values must be above 0 for it to be finite; one that is 0 costs infinity unless both are. scikit-learn
    refuses any that is 0.

    >>> gamma_deviance(array([1.0, 2.0]), array([2.0, 2.0]))
    array([0.38629436, 0.        ])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#mean-tweedie-deviance
    """
    return _unit_deviance(y_true + true_eps, y_pred + eps, 2.0)


@loss(
    true=NONNEGATIVE,
    pred=When("log_input", REAL, NONNEGATIVE),
    aliases=("tweedie", "tweedie-nloglik"),
    like=(
        Like(
            "xgboost.tweedie-nloglik",
            "tweedie_variance_power=rho",
            note="XGBoost gives NaN where both the truth and the mean are 0",
        ),
        Like("lightgbm.tweedie", "tweedie_variance_power=rho", floor=FLOAT32_1E10),
        Like(
            "catboost.Tweedie",
            "variance_power=rho",
            log_input=True,
            rho=...,
            note="CatBoost gives NaN where the truth is 0 and a power of the mean overflows",
        ),
    ),
)
@silent
def tweedie_nll(
    y_true: Array,
    y_pred: Array,
    *,
    rho: Annotated[float, Param("Power of the mean in the variance.", gt=1, lt=2)] = 1.5,
    log_input: Annotated[bool, Param("The predictions are logarithms of means.")] = False,
    floor: Annotated[float, Param("Raise the mean to at least this.", ge=0)] = 0.0,
) -> Array:
    """Negative log likelihood of a Tweedie distribution, less a constant.

        m^(2−rho) / (2−rho) − y_true·m^(1−rho) / (1−rho)
        m = y_pred, or exp(y_pred) with log_input

    XGBoost and LightGBM take the mean, CatBoost its logarithm and has no default for rho. A mean of 0 costs infinity
    unless the truth is 0 too; so does one beyond float64.

    >>> tweedie_nll(array([4.0, 0.0]), array([4.0, 4.0]))
    array([8., 4.])

    Source: B. Jørgensen (1987), Exponential dispersion models, Journal of the Royal Statistical Society B 49.
    """
    mean = np.exp(y_pred) if log_input else y_pred
    lifted = np.maximum(mean, floor)
    if log_input and not floor:
        upper, lower = np.exp((2 - rho) * y_pred), np.exp((1 - rho) * y_pred)
    else:
        upper, lower = np.power(lifted, 2 - rho), np.power(lifted, 1 - rho)
    return upper / (2 - rho) + weighed(y_true, lower) / (rho - 1)


@loss(
    true=NONNEGATIVE,
    pred=NONNEGATIVE,
    aliases=("gamma", "gamma-nloglik"),
    like=(
        Like("xgboost.gamma-nloglik", floor=FLOAT32_1E6),
        Like("lightgbm.gamma"),
    ),
)
@silent
def gamma_nll(
    y_true: Array,
    y_pred: Array,
    *,
    floor: Annotated[float, Param("Raise the mean to at least this.", ge=0)] = 0.0,
) -> Array:
    """Negative log likelihood of an exponential or gamma distribution.

        y_true / y_pred + ln(y_pred)

    The dispersion is 1. A mean of 0 costs infinity, but minus infinity where the truth is 0 too.

    >>> gamma_nll(array([2.0, 3.0]), array([1.0, 3.0]))
    array([2.        , 2.09861229])

    Source: https://xgboost.readthedocs.io/en/stable/parameter.html
    """
    mean = np.maximum(y_pred, floor)
    ratio = np.where(y_true == 0, 0.0, y_true / mean)
    return np.where(np.isinf(ratio), np.inf, ratio + np.log(mean))


def _unit_deviance(true: Array, pred: Array, power: float) -> Array:
    """Return the deviance of values from 0 up, for any power but 0.

    Near each other the powers cancel, and a series in the relative step does not; at powers 1 and 2 only the limits
    of their quotients exist.
    """
    step = (true - pred) / pred
    near = np.power(pred, 2 - power) * second_order(step, power)
    log = log_ratio(true, pred, true - pred)
    if power == 2:  # noqa: PLR2004  the gamma distribution
        far = step - log
    else:
        far = _box_cox(true, pred, log, 1 - power, order=1) - _box_cox(true, pred, log, 2 - power, order=0)
    ruled_out = ((pred == 0) & (power >= 1)) | ((true == 0) & (power >= 2))  # noqa: PLR2004  as above
    overflowed = np.isnan(far) & ~np.isnan(true + pred)
    far = np.where(ruled_out | overflowed, np.inf, far)
    return 2 * np.where(true == pred, 0.0, np.where(np.abs(step) < reach(power), near, far))


def _box_cox(true: Array, pred: Array, log: Array, exponent: float, order: int) -> Array:
    """Return ``trueʲ·(trueᵏ − predᵏ) / k`` for exponent k and order j, given ln(true / pred); for k = 0 its limit.

    The factor is multiplied into each power, because the product may be finite where the power is not.
    """
    factor = np.power(true, order)
    if exponent == 0:
        return weighed(factor, log)
    base = factor * np.power(pred, exponent)
    near = base * np.expm1(exponent * log)
    far = np.power(true, exponent + order) - base
    return np.where(np.abs(exponent * log) < 0.5, near, far) / exponent  # noqa: PLR2004  anywhere up to 1
