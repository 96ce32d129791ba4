"""Ensembles: forecasts by samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import MEMBER_ROWS, MEMBERS, REAL, VECTOR
from losscli.losses._numeric import row_sum, silent
from losscli.registry import Param, loss

ROUNDING = 1e-15
"""A value that varies apart from the others by less than this share, times the members, is one with them."""

Estimator = Annotated[
    str,
    Param("How the spread is estimated: as it is, without bias, or from neighbours.", choices=("nrg", "fair", "akr")),
]


@loss(
    true=REAL,
    pred=MEMBERS,
    aliases=("crps_ensemble", "continuous_ranked_probability_score"),
)
@silent
def crps(y_true: Array, y_pred: Array, *, estimator: Estimator = "nrg") -> Array:
    """Continuous ranked probability score of an ensemble of M members.

        mean |x_i − y_true| − ½·spread
        spread = Σ_ij |x_i − x_j| / M²         nrg
                 Σ_ij |x_i − x_j| / (M(M−1))   fair
                 Σ_i |x_i − x_{i−1}| / M       akr, x_0 = x_M

    In units of the data. `nrg` is the score of the members' own distribution, `fair` that of the one they are drawn
    from; `akr` may be negative.

    >>> crps(array([3.0]), array([[1.0, 2.0, 4.0]]))
    array([0.66666667])

    Source: M. Zamo and P. Naveau (2018), Estimation of the continuous ranked probability score with limited
    information, Mathematical Geosciences 50.
    """
    true, members = y_true[:, None], _count(y_pred)
    if estimator == "akr":
        return row_sum(np.abs(y_pred - true) - 0.5 * np.abs(y_pred - np.roll(y_pred, 1, axis=1))) / members
    ordered = np.sort(y_pred, axis=1)
    left, right = ordered[:, :-1], ordered[:, 1:]
    below = np.arange(1, members)
    above = members - below
    # the integral of the squared error of the distribution function: every term adds, none cancels
    unbiased = int(estimator == "fair")
    pairs = members * max(members - unbiased, 1)
    split = np.clip(true, left, right)
    inner = below * (below - unbiased) * (split - left) + above * (above - unbiased) * (right - split)
    outer = np.maximum(ordered[:, 0] - y_true, 0.0) + np.maximum(y_true - ordered[:, -1], 0.0)
    score: Array = row_sum(inner / pairs) + outer
    return score


@loss(
    true=VECTOR,
    pred=MEMBER_ROWS,
    aliases=("es_ensemble",),
)
@silent
def energy_score(y_true: Array, y_pred: Array, *, estimator: Estimator = "nrg") -> Array:
    """Energy score: `crps` for forecasts of several values at once.

        mean ‖x_i − y_true‖ − ½·spread
        spread = Σ_ij ‖x_i − x_j‖ / M²         nrg
                 Σ_ij ‖x_i − x_j‖ / (M(M−1))   fair
                 Σ_i ‖x_i − x_{i−1}‖ / M       akr, x_0 = x_M

    A row of the prediction holds the M members one after the other, each as wide as the truth.

    >>> energy_score(array([[0.0, 0.0]]), array([[3.0, 4.0, 0.0, 0.0]]))
    array([1.25])

    Source: T. Gneiting and A. E. Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal
    of the American Statistical Association 102.
    """
    members = _members(y_true, y_pred)
    return row_sum(_length(members - y_true[:, None])) / _count(members) - 0.5 * SPREADS[estimator](members)


@loss(
    true=VECTOR,
    pred=MEMBER_ROWS,
    aliases=("vs_ensemble",),
)
@silent
def variogram_score(
    y_true: Array,
    y_pred: Array,
    *,
    p: Annotated[float, Param("Power of the differences.", gt=0)] = 0.5,
) -> Array:
    """Variogram score: whether differences between the values are forecast well.

        Σ_ij (|y_i − y_j|^p − mean_m |x_mi − x_mj|^p)²

    A row of the prediction holds the members one after the other, each as wide as the truth. Every pair of values
    counts twice, as (i, j) and (j, i). A shift of all values costs nothing.

    >>> variogram_score(array([[0.0, 4.0]]), array([[0.0, 1.0, 0.0, 9.0]]))
    array([0.])

    Source: M. Scheuerer and T. M. Hamill (2015), Variogram-based proper scoring rules for probabilistic forecasts of
    multivariate quantities, Monthly Weather Review 143.
    """
    members, total = _members(y_true, y_pred), np.zeros(len(y_true))
    for i in range(1, y_true.shape[1]):
        seen = np.power(np.abs(y_true[:, :i] - y_true[:, i : i + 1]), p)
        expected = np.power(np.abs(members[:, :, :i] - members[:, :, i : i + 1]), p)
        total += row_sum(np.square(seen - _mean(expected)))
    return 2 * total


@loss(
    true=REAL,
    pred=MEMBERS,
    aliases=("dawid-sebastiani", "dawid_sebastiani_score", "dssuv_ensemble"),
)
@silent
def dss(y_true: Array, y_pred: Array) -> Array:
    """Dawid-Sebastiani score: a normal score from an ensemble's mean and variance.

        (y_true − m)² / s² + ln s²
        s² = Σ (x_i − m)² / (M − 1)

    It sees the ensemble's first two moments alone. Members that all agree cost infinity, but minus infinity if they
    are exact.

    >>> dss(array([3.0]), array([[1.0, 2.0, 3.0]]))
    array([1.])

    Source: A. P. Dawid and P. Sebastiani (1999), Coherent dispersion criteria for optimal experimental design, Annals
    of Statistics 27.
    """
    members = _count(y_pred)
    apart = y_pred - y_pred[:, :1]  # from the first member, so that members that agree have a spread of exactly 0
    middle = row_sum(apart) / members
    variance = row_sum(np.square(apart - middle[:, None])) / max(members - 1, 1)
    error = (y_true - y_pred[:, 0]) - middle
    square = np.where(error == 0, 0.0, np.square(error) / variance)
    return np.where(np.isinf(square), np.inf, square + np.log(variance))


@loss(
    true=VECTOR,
    pred=MEMBER_ROWS,
    aliases=("dssmv_ensemble",),
)
@silent
def multivariate_dss(y_true: Array, y_pred: Array) -> Array:
    """Dawid-Sebastiani score: `dss` for forecasts of several values at once.

        (y_true − m)ᵀ S⁻¹ (y_true − m) + ln det S
        S = Σ_i (x_i − m)(x_i − m)ᵀ / (M − 1)

    A row of the prediction holds the M members one after the other, each as wide as the truth. M must be above the
    number D of values, and the values must vary apart from each other: else S has no inverse, which costs infinity.

    >>> multivariate_dss(array([[1.0, 1.0]]), array([[0.0, 0.0, 2.0, 0.0, 0.0, 2.0, 2.0, 2.0]]))
    array([0.57536414])

    Source: A. P. Dawid and P. Sebastiani (1999), Coherent dispersion criteria for optimal experimental design, Annals
    of Statistics 27.
    """
    members = _members(y_true, y_pred)
    count, values = _count(members), y_true.shape[1]
    if count <= values:
        return np.full(len(y_true), np.inf)
    apart = members - members[:, :1]
    middle = _mean(apart)
    apart = apart - middle[:, None]
    error = (y_true - members[:, 0]) - middle
    # in units of each value's deviation, so that what counts as 0 does not depend on the data's units
    deviation = np.sqrt(_mean(np.square(apart)) * (count / (count - 1)))
    unit = np.where(deviation > 0, deviation, 1.0)
    root = np.asarray(np.linalg.qr(apart / unit[:, None] / np.sqrt(count - 1), mode="r"))
    diagonal = np.abs(np.diagonal(root, axis1=1, axis2=2))
    singular = (diagonal <= ROUNDING * count).any(axis=1)
    distance = row_sum(np.square(_solved(root, error / unit)))
    return np.where(singular, np.inf, distance + 2 * row_sum(np.log(unit) + np.log(diagonal)))


def _count(members: Array) -> int:
    return int(members.shape[1])


def _members(y_true: Array, y_pred: Array) -> Array:
    """Return the members as (rows, members, values)."""
    return y_pred.reshape(len(y_true), y_pred.shape[1] // y_true.shape[1], y_true.shape[1])


def _length(vectors: Array) -> Array:
    """Return the length along the last axis; hypot does not overflow where a square would."""
    return np.asarray(np.hypot.reduce(vectors, axis=-1))


def _mean(values: Array) -> Array:
    """Return the mean over the members, added one by one: the digits depend on the order."""
    total = np.zeros(values[:, 0].shape)
    for member in range(_count(values)):
        total += values[:, member]
    return total / _count(values)


def _solved(root: Array, right: Array) -> Array:
    """Solve rootᵀ·x = right, root upper triangular: each step adds up in the same order whatever the other rows."""
    found = np.zeros_like(right)
    for j in range(right.shape[1]):
        found[:, j] = (right[:, j] - row_sum(root[:, :j, j] * found[:, :j])) / root[:, j, j]
    return found


def _all_pairs(members: Array) -> Array:
    total = np.zeros(len(members))
    for i in range(1, _count(members)):
        total += row_sum(_length(members[:, :i] - members[:, i : i + 1]))
    return 2 * total


def _nrg(members: Array) -> Array:
    return _all_pairs(members) / _count(members) ** 2


def _fair(members: Array) -> Array:
    return _all_pairs(members) / (_count(members) * max(_count(members) - 1, 1))


def _akr(members: Array) -> Array:
    return row_sum(_length(members - np.roll(members, 1, axis=1))) / _count(members)


SPREADS: dict[str, Callable[[Array], Array]] = {"nrg": _nrg, "fair": _fair, "akr": _akr}
