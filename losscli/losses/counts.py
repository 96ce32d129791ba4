"""Counts: events and their rates."""

from __future__ import annotations

from math import inf, lgamma
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import NONNEGATIVE, REAL
from losscli.losses._numeric import log_ratio, silent, weighed, xlogy
from losscli.losses._series import reach, second_order
from losscli.losses._twins import both_keras, keras_metrics, torch
from losscli.registry import Like, Param, loss

Offset = Annotated[float, Param("Add this to the rate before its logarithm.", ge=0)]

MANY = 16
"""From so many events on, the series of Stirling's error is exact to the last digit."""

FLOAT32_1E10, FLOAT32_1E16 = 1.000000013351432e-10, 1.0000000168623835e-16
"""1e-10 and 1e-16 as float32, in which LightGBM and XGBoost write them."""


@loss(
    true=NONNEGATIVE,
    pred=NONNEGATIVE,
    aliases=("poisson-nloglik:full",),
    like=(
        *both_keras("Poisson poisson", eps=1e-7),
        *keras_metrics("Poisson", eps=1e-7),
        Like("lightgbm.poisson", floor=FLOAT32_1E10),
        Like("xgboost.poisson-nloglik", floor=FLOAT32_1E16, full=True),
    ),
)
@silent
def poisson(
    y_true: Array,
    y_pred: Array,
    *,
    full: Annotated[bool, Param("Add ln(y!), so that it is the whole negative log likelihood.")] = False,
    eps: Offset = 0.0,
    floor: Annotated[float, Param("Raise the rate to at least this.", ge=0)] = 0.0,
) -> Array:
    """Negative log likelihood of a count under a Poisson rate, less a constant.

        y_pred − y_true·ln(y_pred + eps)  [+ ln Γ(y_true + 1)]

    The prediction is the rate itself; `poisson-nll` takes its logarithm. A rate of 0 costs infinity unless the count
    is 0 too. Keras adds 1e-7 inside the logarithm, LightGBM raises the rate to 1e-10; XGBoost is `full`.

    >>> poisson(array([3.0, 0.0]), array([2.0, 0.5]))
    array([-0.07944154,  0.5       ])

    Source: https://keras.io/api/losses/probabilistic_losses/#poisson-class
    """
    rate = np.maximum(y_pred, floor)
    if not full:
        return rate - xlogy(y_true, rate + eps)
    plain = rate - xlogy(y_true, rate + eps) + _log_factorial(y_true)
    return np.where(y_true < MANY, plain, _saddle_point(y_true, rate + eps) + _stirling_error(y_true) - eps)


@loss(
    true=NONNEGATIVE,
    pred=When("log_input", REAL, NONNEGATIVE),
    aliases=("log_poisson_loss",),
    like=(
        torch("PoissonNLLLoss", "poisson_nll_loss", "log_input", "full", "eps", eps=1e-8),
        Like("tf.nn.log_poisson_loss", "compute_full_loss=full"),
        Like("catboost.Poisson"),
    ),
)
@silent
def poisson_nll(
    y_true: Array,
    y_pred: Array,
    *,
    log_input: Annotated[bool, Param("The predictions are logarithms of rates.")] = True,
    full: Annotated[bool, Param("Add Stirling's approximation of ln(y!) for counts above 1.")] = False,
    eps: Offset = 0.0,
) -> Array:
    """Negative log likelihood of a count, from the logarithm of its rate.

        exp(y_pred) − y_true·y_pred            with log_input
        y_pred − y_true·ln(y_pred + eps)       without
        + y ln y − y + ½ ln(2πy) if y > 1      with full

    PyTorch and TensorFlow take the logarithm of the rate, Keras (`poisson`) the rate: the same data in the wrong form
    gives a plausible wrong number. `eps` acts on rates only. A rate of 0 where something happened costs infinity;
    so does a rate beyond float64, whose logarithm is above 709.

    >>> poisson_nll(array([3.0, 0.0]), array([2.0, 0.0]))
    array([1.3890561, 1.       ])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html
    """
    plain = np.exp(y_pred) - y_true * y_pred if log_input else y_pred - xlogy(y_true, y_pred + eps)
    if not full:
        return plain
    near = plain + _stirling(y_true) if log_input else _saddle_point(y_true, y_pred + eps) - eps
    return np.where(y_true > 1, near, plain)


def _log_factorial(counts: Array) -> Array:
    return np.array([_log_gamma(count + 1) for count in counts.flat]).reshape(counts.shape)


def _log_gamma(value: float) -> float:
    """Return ln Γ of a number; beyond 2.5e305 it is infinite, where math.lgamma raises an error."""
    try:
        return lgamma(value)
    except OverflowError:
        return inf


def _stirling(counts: Array) -> Array:
    return xlogy(counts, counts) - counts + 0.5 * np.log(2 * np.pi * counts)


def _saddle_point(counts: Array, rates: Array) -> Array:
    """Return ``rate − y ln rate``, and Stirling's approximation of ln(y!): of many events each alone is huge.

    Source: C. Loader (2000), Fast and accurate computation of binomial probabilities.
    """
    more = counts - rates
    step = more / rates
    far = weighed(counts, log_ratio(counts, rates, more)) - more
    half_deviance = np.where(np.abs(step) < reach(1), rates * second_order(step, 1), far)
    return half_deviance + 0.5 * np.log(2 * np.pi * counts)


def _stirling_error(counts: Array) -> Array:
    """Return what Stirling's approximation lacks of ln(y!), for counts of MANY or more."""
    inverse = 1 / np.square(counts)
    series = 1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))
    return series / counts
