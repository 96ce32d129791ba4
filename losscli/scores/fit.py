"""Fit: the share of the truth's spread that a prediction explains."""

from __future__ import annotations

from functools import partial
from math import inf, nan
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL
from losscli.exact import ExactSum, ratio
from losscli.losses._numeric import xlogy
from losscli.losses.deviance import OF_A_DISTRIBUTION, RATE_OF_POWER, TRUE_OF_POWER
from losscli.losses.quantile import pinball
from losscli.quantiles import Quantiles
from losscli.registry import Like, Param, score
from losscli.scores._params import ForceFinite
from losscli.scores._state import State, Sums, by_element, explained, given, mass, total

SEVERAL = "of several outputs scikit-learn averages the scores of each; here all elements count together"


@score(
    true=REAL,
    pred=REAL,
    aliases=("r2_score", "r_squared", "coefficient_of_determination"),
    like=(
        Like("sklearn.metrics.r2_score", "force_finite", force_finite=True, note=SEVERAL),
        Like(
            "keras.metrics.R2Score",
            infinite_is_zero=True,
            note="Keras gives 0 for a wrong prediction of a constant truth and NaN for an exact one, and averages the "
            "scores of several outputs",
        ),
        Like("catboost.R2"),
        Like("lightgbm.r2", force_finite=True, note="LightGBM gives 1 or 0 for a constant truth, as scikit-learn does"),
    ),
)
@by_element
def r2(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    force_finite: ForceFinite = False,
    infinite_is_zero: Annotated[bool, Param("Give 0 instead of minus infinity.")] = False,
) -> State:
    """Share of the variance that is explained: 1 is perfect, 0 as good as the mean.

        1 − Σ w(y_true − y_pred)² / Σ w(y_true − ȳ)²,  ȳ the weighted mean of y_true

    All elements of all rows count together. Of a constant truth it is not defined: NaN if the prediction is exact,
    else minus infinity, unless `force_finite` is set, as in scikit-learn. It is 1 − `rse`.

    >>> r2(array([1.0, 2.0, 3.0]), array([1.0, 2.0, 4.0]), None).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#r2-score
    """
    finish = partial(_r2, force_finite=force_finite, infinite_is_zero=infinite_is_zero)
    return Sums(finish, (*_spread(y_true, weight), _squares(y_pred - y_true, weight)))


@score(
    true=REAL,
    pred=REAL,
    aliases=("explained_variance_score",),
    like=(Like("sklearn.metrics.explained_variance_score", "force_finite", force_finite=True, note=SEVERAL),),
)
@by_element
def explained_variance(
    y_true: Array, y_pred: Array, weight: Array | None, *, force_finite: ForceFinite = False
) -> State:
    """Share of the variance that is explained, however far off the mean error is.

        1 − Var(y_true − y_pred) / Var(y_true)

    It differs from `r2` in that a constant error costs nothing.

    >>> explained_variance(array([1.0, 2.0, 3.0]), array([2.0, 3.0, 4.0]), None).result()
    1.0

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#explained-variance-score
    """
    error = y_pred - y_true
    sums = (*_spread(y_true, weight), total(weight, error), _squares(error, weight))
    return Sums(partial(_explained_variance, force_finite=force_finite), sums)


@score(
    true=REAL,
    pred=REAL,
    aliases=("d2_absolute_error_score",),
    like=(Like("sklearn.metrics.d2_absolute_error_score", note=SEVERAL),),
)
@by_element
def d2_absolute_error(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Share of the absolute deviation from the median that is explained.

        1 − Σ w|y_true − y_pred| / Σ w|y_true − median|

    The robust sister of `r2`. Of a constant truth it is 1 if the prediction is exact, else 0, as in scikit-learn.

    >>> d2_absolute_error(array([1.0, 2.0, 4.0]), array([1.0, 2.0, 3.0]), None).result()
    0.6666666666666666

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#d2-absolute-error-score
    """
    return _d2_quantile(y_true, y_pred, weight, 0.5)


@score(
    true=REAL,
    pred=REAL,
    aliases=("d2_pinball_score",),
    like=(Like("sklearn.metrics.d2_pinball_score", "alpha", note=SEVERAL),),
)
@by_element
def d2_pinball(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    alpha: Annotated[float, Param("The quantile that is predicted.", ge=0, le=1)] = 0.5,
) -> State:
    """Share of the pinball loss of the best constant that is explained.

        1 − Σ w·pinball(y_true, y_pred) / Σ w·pinball(y_true, quantile of y_true)

    Of a constant truth it is 1 if the prediction is exact, else 0, as in scikit-learn.

    >>> d2_pinball(array([1.0, 2.0, 3.0]), array([1.0, 3.0, 3.0]), None, alpha=0.5).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#d2-pinball-score
    """
    return _d2_quantile(y_true, y_pred, weight, alpha)


@score(
    true=TRUE_OF_POWER,
    pred=RATE_OF_POWER,
    aliases=("d2_tweedie_score",),
    like=(
        Like(
            "sklearn.metrics.d2_tweedie_score",
            "power",
            power=0.0,
            note="scikit-learn's default power 0 is r2",
            **OF_A_DISTRIBUTION,
        ),
    ),
)
@by_element
def d2_tweedie(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    power: Annotated[float, Param("1 is Poisson, 2 gamma, 3 inverse Gaussian; 0 is r2.")] = 1.0,
) -> State:
    """Share of the Tweedie deviance from the mean that is explained.

        1 − Σ w·D(y_true, y_pred) / Σ w·D(y_true, ȳ),  ȳ the weighted mean of y_true

    D is the unit deviance of the power: 1 is Poisson, 2 gamma, and between them compound Poisson. From 2 on a true
    value of 0 has none, and the score is NaN, where scikit-learn refuses; that of a constant truth is NaN, too.

    >>> d2_tweedie(array([1.0, 2.0, 3.0]), array([1.0, 2.0, 4.0]), None, power=2.0).result()
    0.8690148741955518

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#d2-tweedie-score
    """
    n = len(y_true)
    truth = Quantiles.of(y_true, given(weight, n))
    return State(partial(_d2_tweedie, power), (truth, total(weight, _deviance(y_true, y_pred, power))))


def _squares(values: Array, weight: Array | None) -> ExactSum:
    return total(weight, values, values)


def _spread(values: Array, weight: Array | None) -> tuple[ExactSum, ExactSum, ExactSum]:
    """Return Σw, Σwy and Σwy²."""
    return mass(weight, len(values)), total(weight, values), _squares(values, weight)


def _r2(w: int, y: int, yy: int, lost: int, *, force_finite: bool, infinite_is_zero: bool) -> float:
    if not w:
        return nan
    share = explained(lost * w, yy * w - y * y, force_finite=force_finite)
    return 0.0 if infinite_is_zero and share == -inf else share


def _explained_variance(w: int, y: int, yy: int, e: int, ee: int, *, force_finite: bool) -> float:
    return explained(ee * w - e * e, yy * w - y * y, force_finite=force_finite) if w else nan


def _d2_quantile(y_true: Array, y_pred: Array, weight: Array | None, q: float) -> State:
    truth = Quantiles.of(
        y_true, given(weight, len(y_true))
    )  # a weighted quantile, which the truth's own loss minimises
    return State(partial(_d2_pinball, q), (truth, total(weight, pinball(y_true, y_pred, q=q))))


def _d2_pinball(q: float, truth: Quantiles, lost: ExactSum) -> float:
    values, weight = _whole(truth)
    best = np.full_like(values, truth.quantile(q))
    spread = ExactSum.of(weight, pinball(values, best, q=q))
    return nan if not len(values) or lost.limit or spread.limit else explained(lost.units, spread.units)


def _whole(truth: Quantiles) -> tuple[Array, Array]:
    """Return all values and weights that were kept."""
    values, weight = truth.whole()
    return values, given(weight, len(values))


def _d2_tweedie(power: float, truth: Quantiles, lost: ExactSum) -> float:
    values, weight = _whole(truth)
    if (values == values[:1]).all():  # a constant, whose deviance from itself need not round to 0
        return nan
    mean = ratio(ExactSum.of(weight, values), ExactSum.of(weight))
    spread = ExactSum.of(weight, _deviance(values, np.full_like(values, mean), power))
    return explained(lost.units, spread.units, force_finite=False) if not (lost.limit or spread.limit) else nan


def _deviance(y: Array, mean: Array, power: float) -> Array:
    """Return half the unit deviance of a value from its mean, which is above 0 unless the power is 0."""
    with np.errstate(all="ignore"):
        if power == 0:
            return np.square(y - mean) / 2
        if power == 1:
            return xlogy(y, y / mean) - y + mean
        if power == 2:  # noqa: PLR2004  gamma
            return y / mean - 1 - np.log(y / mean)
        p, q = 1 - power, 2 - power
        return np.maximum(y, 0.0) ** q / (p * q) - y * mean**p / p + mean**q / q
