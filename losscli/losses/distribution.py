"""Distributions: rows of probabilities."""

from __future__ import annotations

from math import exp, log
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import DISTRIBUTION, LOG_DISTRIBUTION, MASSES, PROBABILITY, TARGET, VECTOR
from losscli.losses._numeric import log_ratio, row_sum, silent, weighed, xlogy
from losscli.losses._params import LogFloor
from losscli.losses._series import reach, second_order
from losscli.losses._twins import both_keras, keras_metrics, optax, torch
from losscli.registry import Like, Param, loss

NanAtZero = Annotated[bool, Param("Give NaN, not 0, for a class of which truth and prediction are both 0.")]


@loss(
    true=When("log_true", LOG_DISTRIBUTION, DISTRIBUTION),
    pred=When("log_pred", LOG_DISTRIBUTION, DISTRIBUTION),
    aliases=("kl_divergence", "kullback_leibler_divergence", "kullback_leibler", "kl_div", "rel_entr"),
    like=(
        *both_keras("KLDivergence kl_divergence", eps=1e-7),
        *keras_metrics("KLDivergence", eps=1e-7),
        torch(
            "KLDivLoss",
            "kl_div",
            "log_target=log_true",
            log_pred=True,
            mean_over_classes=True,
            nan_at_zero=True,
            reductions={"batchmean": {"mean_over_classes": False}, "sum": {"mean_over_classes": False}},
            note="PyTorch's mean divides by the number of classes too; its batchmean is the divergence",
        ),
        optax("kl_divergence", log_pred=True, nan_at_zero=True),
        Like("optax.losses.kl_divergence_with_log_targets", log_pred=True, log_true=True, nan_at_zero=True),
    ),
)
@silent
def kld(
    y_true: Array,
    y_pred: Array,
    *,
    log_true: Annotated[bool, Param("The truth holds logarithms of probabilities.")] = False,
    log_pred: Annotated[bool, Param("The predictions are logarithms of probabilities.")] = False,
    eps: Annotated[float, Param("Raise every probability to at least this.", ge=0, lt=1)] = 0.0,
    mean_over_classes: Annotated[bool, Param("Average over the classes instead of summing.")] = False,
    nan_at_zero: NanAtZero = False,
) -> Array:
    """Kullback-Leibler divergence of the prediction from the truth.

        Σ_k p_k ln(p_k / q_k),  p = y_true, q = y_pred

    A term with p = 0 is 0; q = 0 where p is not costs infinity, which Keras hides by raising both to 1e-7. PyTorch and
    optax take the prediction first, as logarithms (`log_pred`), and give NaN where p and q are both 0, and of a true
    logarithm wherever p is (`nan_at_zero`). The logarithm of 0 is −inf, which `--missing propagate` lets through. Rows
    are not renormalised.

    >>> kld(array([[0.5, 0.5], [0.2, 0.8]]), array([[0.9, 0.1], [0.1, 0.9]]))
    array([0.51082562, 0.04440301])

    Source: S. Kullback and R. A. Leibler (1951), On information and sufficiency, Annals of Mathematical Statistics 22.
    """
    p, log_p = _probabilities(y_true, eps, logs=log_true)
    q, log_q = _probabilities(y_pred, eps, logs=log_pred)
    divergence = row_sum(weighed(p, log_p - log_q)) if log_true or log_pred else _divergence(p, q, p - q)
    if nan_at_zero:
        undefined = (p == 0) & (np.isneginf(log_q) | (np.isneginf(log_p) & log_true))
        divergence = np.where(undefined.any(axis=1), np.nan, divergence)
    return divergence / y_true.shape[1] if mean_over_classes else divergence


@loss(
    true=TARGET,
    pred=PROBABILITY,
    aliases=("bernoulli_kl_divergence",),
    like=(Like("lightgbm.kullback_leibler", log_floor=log(1e-12)),),
)
@silent
def binary_kld(y_true: Array, y_pred: Array, *, log_floor: LogFloor = None) -> Array:
    """Kullback-Leibler divergence of the probability of a yes from a true share.

        y ln(y / p) + (1 − y) ln((1 − y) / (1 − p))

    It is `bce` less the entropy of the truth, and so 0 where p = y; of labels 0 and 1 it is `bce`, and of rows
    (1 − p, p) it is `kld`. A certain and wrong probability costs infinity; LightGBM bounds its logarithm (`log_floor`).

    >>> binary_kld(array([0.5, 0.2, 1.0]), array([0.1, 0.2, 0.5]))
    array([0.51082562, 0.        , 0.69314718])

    Source: https://lightgbm.readthedocs.io/en/stable/Parameters.html#metric
    """
    least = 0.0 if log_floor is None else exp(log_floor)
    p, q = np.stack([y_true, 1 - y_true], axis=-1), np.stack([y_pred, 1 - y_pred], axis=-1)
    apart = np.stack([y_true - y_pred, y_pred - y_true], axis=-1)
    both = p.reshape(-1, 2), np.maximum(q, least).reshape(-1, 2), np.where(q < least, p - least, apart).reshape(-1, 2)
    return _divergence(*both).reshape(y_true.shape)


@loss(
    true=MASSES,
    pred=When("log_pred", VECTOR, MASSES),
    aliases=("generalized_kl_divergence", "convex_kl_divergence", "i-divergence", "scipy.special.kl_div"),
    like=(optax("generalized_kl_divergence convex_kl_divergence", log_pred=True, nan_at_zero=True),),
)
@silent
def generalized_kld(
    y_true: Array,
    y_pred: Array,
    *,
    log_pred: Annotated[bool, Param("The predictions are logarithms.")] = False,
    nan_at_zero: NanAtZero = False,
) -> Array:
    """Kullback-Leibler divergence of rows that need not sum to 1.

        Σ_k [p_k ln(p_k / q_k) − p_k + q_k],  p = y_true, q = y_pred

    Never negative, whatever the rows sum to, and the same as `kld` where both sum to 1. A q of 0 where p is not costs
    infinity. optax takes the prediction as logarithms (`log_pred`), and gives NaN where p and q are both 0
    (`nan_at_zero`).

    >>> generalized_kld(array([[2.0, 2.0]]), array([[1.0, 3.0]]))
    array([0.57536414])

    Source: I. Csiszár (1991), Why least squares and maximum entropy?, Annals of Statistics 19.
    """
    q = np.exp(y_pred) if log_pred else y_pred
    near = q * _bregman(y_true / q, (y_true - q) / q)
    far = weighed(y_true, np.log(y_true) - (y_pred if log_pred else np.log(q))) - (y_true - q)
    terms = np.where((q > 0) & (np.abs(y_true - q) < q), near, np.where(y_true == 0, q, far))
    if nan_at_zero:
        terms = np.where((y_true == 0) & (np.isneginf(y_pred) if log_pred else q == 0), np.nan, terms)
    return row_sum(terms)


@loss(true=DISTRIBUTION, pred=DISTRIBUTION, symmetric=True, aliases=("jensen_shannon_divergence", "js_divergence"))
@silent
def jsd(y_true: Array, y_pred: Array) -> Array:
    """Jensen-Shannon divergence: from each of two distributions to their mean.

        ½ KL(p‖m) + ½ KL(q‖m),  m = ½(p + q)

    From 0 to ln 2, and finite. `js-distance` is its square root, which SciPy calls `jensenshannon`.

    >>> jsd(array([[0.5, 0.5], [0.2, 0.8]]), array([[0.9, 0.1], [0.1, 0.9]]))
    array([0.10174923, 0.00996639])

    Source: J. Lin (1991), Divergence measures based on the Shannon entropy, IEEE Transactions on Information Theory 37.
    """
    both = y_true + y_pred
    apart = np.where(both == 0, 0.0, (y_true - y_pred) / both)
    return row_sum(both * (_bregman(2 * y_true / both, apart) + _bregman(2 * y_pred / both, -apart))) / 4


@loss(
    true=DISTRIBUTION,
    pred=DISTRIBUTION,
    symmetric=True,
    aliases=("jensenshannon", "jensen_shannon_distance", "scipy.spatial.distance.jensenshannon"),
)
@silent
def js_distance(y_true: Array, y_pred: Array) -> Array:
    """Jensen-Shannon distance: the root of the divergence, a metric.

        √jsd

    >>> js_distance(array([[0.5, 0.5], [0.2, 0.8]]), array([[0.9, 0.1], [0.1, 0.9]]))
    array([0.31898154, 0.09983181])

    Source: D. M. Endres and J. E. Schindelin (2003), A new metric for probability distributions, IEEE Transactions on
    Information Theory 49.
    """
    return np.sqrt(jsd(y_true, y_pred))


@loss(true=DISTRIBUTION, pred=DISTRIBUTION, symmetric=True, aliases=("hellinger_distance",))
@silent
def hellinger(y_true: Array, y_pred: Array) -> Array:
    """Hellinger distance of two distributions, from 0 to 1.

        √(½ Σ_k (√p_k − √q_k)²)

    >>> hellinger(array([[1.0, 0.0], [0.5, 0.5]]), array([[0.0, 1.0], [0.5, 0.5]]))
    array([1., 0.])

    Source: E. Hellinger (1909), Neue Begründung der Theorie quadratischer Formen, Journal für die reine und angewandte
    Mathematik 136.
    """
    # a difference of roots would cancel where the two are close
    roots = np.sqrt(y_true) + np.sqrt(y_pred)
    steps = np.where(roots == 0, 0.0, (y_true - y_pred) / roots)
    return np.sqrt(row_sum(np.square(steps)) / 2)


@loss(true=DISTRIBUTION, pred=DISTRIBUTION, symmetric=True, aliases=("total_variation", "total_variation_distance"))
@silent
def tv(y_true: Array, y_pred: Array) -> Array:
    """Total variation: the most that two distributions differ on any classes.

        ½ Σ_k |p_k − q_k|

    >>> tv(array([[0.5, 0.5]]), array([[0.75, 0.25]]))
    array([0.25])

    Source: D. A. Levin and Y. Peres (2017), Markov Chains and Mixing Times, chapter 4.
    """
    return row_sum(np.abs(y_true - y_pred)) / 2


@loss(
    true=DISTRIBUTION,
    pred=DISTRIBUTION,
    symmetric=True,
    aliases=("emd", "earth_movers_distance", "wasserstein_distance", "w1"),
)
@silent
def wasserstein(y_true: Array, y_pred: Array) -> Array:
    """Work to turn one distribution over ordered classes into the other.

        Σ_k |P_k − Q_k|,  P and Q the cumulated rows

    The classes stand in order, one step apart. It is SciPy's `wasserstein_distance` of the indices with these weights.

    >>> wasserstein(array([[1.0, 0.0, 0.0]]), array([[0.0, 0.5, 0.5]]))
    array([1.5])

    Source: S. S. Vallender (1974), Calculation of the Wasserstein distance between probability distributions on the
    line, Theory of Probability and its Applications 18.
    """
    return row_sum(np.abs(np.cumsum(y_true - y_pred, axis=1)))


@loss(true=DISTRIBUTION, pred=DISTRIBUTION, symmetric=True)
@silent
def energy_distance(y_true: Array, y_pred: Array) -> Array:
    """Energy distance of two distributions over ordered classes.

        √(2 Σ_k (P_k − Q_k)²),  P and Q the cumulated rows

    The classes stand in order, one step apart. It is SciPy's `energy_distance` of the indices with these weights; half
    its square is the ranked probability score of a row.

    >>> energy_distance(array([[1.0, 0.0]]), array([[0.5, 0.5]]))
    array([0.70710678])

    Source: G. J. Székely and M. L. Rizzo (2013), Energy statistics, Journal of Statistical Planning and Inference 143.
    """
    return np.sqrt(2 * row_sum(np.square(np.cumsum(y_true - y_pred, axis=1))))


def _divergence(p: Array, q: Array, apart: Array) -> Array:
    """Return Σ p ln(p/q) of each row, given p − q as exactly as it is known."""
    # p ln(p/q) is (p − q) and a small rest: of near rows the differences add up to nothing, the rests must not
    near = np.abs(apart) < reach(1) * q
    rest = np.where(near, q * second_order(apart / q, 1), weighed(p, log_ratio(p, q, apart)))
    return row_sum(np.where(near, apart, 0.0)) + row_sum(rest)


def _probabilities(rows: Array, eps: float, *, logs: bool) -> tuple[Array, Array]:
    """Return p and ln p of rows that hold either."""
    p = np.maximum(np.exp(rows) if logs else rows, eps)
    return p, np.maximum(rows, np.log(eps)) if logs else np.log(p)


def _bregman(share: Array, step: Array) -> Array:
    """Return ``s ln s − s + 1``, given s from 0 to 2 and s − 1: each keeps the digits that the other rounds away."""
    return np.where(np.abs(step) < reach(1), second_order(step, 1), xlogy(share, share) - step)
