"""Lists: the scores of items that have grades."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np

from losscli.arrays import Array, Mask, flat
from losscli.domains import GRADES, ITEM_SCORES
from losscli.losses._numeric import few_at_a_time, log_softmax, row_sum, silent, softplus, weighed
from losscli.registry import Like, Param, loss

GAINS: dict[str, Callable[[Array], Array]] = {
    "exponential": lambda grades: np.exp2(grades) - 1,
    "linear": lambda grades: grades,
}


@loss(
    true=GRADES,
    pred=ITEM_SCORES,
    aliases=("ranking_softmax_loss", "listnet"),
    like=(Like("optax.losses.ranking_softmax_loss", note="optax has no padding: it takes a grade of -1 for a number"),),
)
@silent
def softmax_rank(
    y_true: Array,
    y_pred: Array,
    *,
    normalise: Annotated[bool, Param("Divide the grades by their sum, as rax does.")] = False,
) -> Array:
    """Cross-entropy of a list: the graded items should have the largest scores.

        −Σ_i y_i ln softmax(s)_i

    A grade of −1 means that there is no item, for lists shorter than the longest.

    >>> softmax_rank(array([[1.0, 0.0, 0.0]]), array([[2.0, 1.0, 3.0]]))
    array([1.40760596])

    Source: Z. Cao et al. (2007), Learning to rank: from pairwise approach to listwise approach, ICML.
    """
    there = y_true >= 0
    grades = np.where(there, y_true, 0.0)
    total = row_sum(grades)[:, None]
    shares = grades / np.where(total == 0, 1.0, total) if normalise else grades
    return 0.0 - row_sum(weighed(shares, log_softmax(np.where(there, y_pred, -np.inf))))


@loss(true=GRADES, pred=ITEM_SCORES)
@silent
def listmle(y_true: Array, y_pred: Array) -> Array:
    """Negative log likelihood of the right order of a list.

        −Σ_i ln (e^(s_i) / Σ_{j ≥ i} e^(s_j)),  the items sorted by falling grade

    This is the model of Plackett and Luce. Items of equal grade stay in the order in which they stand (rax shuffles
    them); a grade of −1 means that there is no item.

    >>> listmle(array([[1.0, 0.0, 2.0]]), array([[0.0, 1.0, 0.0]]))
    array([2.8647064])

    Source: F. Xia et al. (2008), Listwise approach to learning to rank: theory and algorithm, ICML.
    """
    order = np.argsort(-y_true, axis=1, kind="stable")
    there = np.take_along_axis(y_true, order, axis=1) >= 0
    scores = np.take_along_axis(y_pred, order, axis=1)
    top = log_sum = np.full(len(scores), -np.inf)  # of the items after this one; the sum in units of the largest
    costs = np.zeros(scores.shape)
    for i in reversed(range(scores.shape[1])):
        score, here = scores[:, i], there[:, i]
        costs[:, i] = np.where(here, softplus(log_sum + (top - score)), 0.0)
        largest = np.maximum(top, score)
        log_sum = np.where(here, np.logaddexp(log_sum + (top - largest), score - largest), log_sum)
        top = np.where(here, largest, top)
    return row_sum(costs)


@loss(true=GRADES, pred=ITEM_SCORES)
@silent
def pairwise_logistic(y_true: Array, y_pred: Array) -> Array:
    """Logistic loss of all pairs of a list whose order is known.

        Σ_i Σ_j 1[y_i > y_j] ln(1 + e^(−(s_i − s_j)))

    A grade of −1 means that there is no item. Single pairs are `pair-logit`.

    >>> pairwise_logistic(array([[1.0, 0.0, 0.0]]), array([[2.0, 1.0, 3.0]]))
    array([1.62652338])

    Source: https://rax.readthedocs.io/en/latest/api/rax.html
    """
    return few_at_a_time(lambda true, pred: _over_pairs(_ordered(true), softplus(-_differences(pred))), y_true, y_pred)


@loss(true=GRADES, pred=ITEM_SCORES)
@silent
def pairwise_hinge(
    y_true: Array,
    y_pred: Array,
    *,
    margin: Annotated[float, Param("How far ahead the better item must be.", ge=0)] = 1.0,
) -> Array:
    """Hinge loss of all pairs of a list whose order is known.

        Σ_i Σ_j 1[y_i > y_j] max(0, margin − (s_i − s_j))

    A grade of −1 means that there is no item. Single pairs are `margin-ranking`.

    >>> pairwise_hinge(array([[1.0, 0.0, 0.0]]), array([[2.0, 1.0, 3.0]]))
    array([2.])

    Source: https://rax.readthedocs.io/en/latest/api/rax.html
    """
    return few_at_a_time(
        lambda true, pred: _over_pairs(_ordered(true), np.maximum(0.0, margin - _differences(pred))), y_true, y_pred
    )


@loss(true=GRADES, pred=ITEM_SCORES)
@silent
def pairwise_mse(y_true: Array, y_pred: Array) -> Array:
    """Squared error of the differences within a list.

        Σ_i Σ_j ((y_i − y_j) − (s_i − s_j))²

    Each pair counts twice, as in rax. A grade of −1 means that there is no item.

    >>> pairwise_mse(array([[1.0, 0.0, 0.0]]), array([[2.0, 1.0, 3.0]]))
    array([16.])

    Source: https://rax.readthedocs.io/en/latest/api/rax.html
    """
    return few_at_a_time(
        lambda true, pred: _over_pairs(_both_there(true), np.square(_differences(true - pred))), y_true, y_pred
    )


@loss(true=GRADES, pred=ITEM_SCORES)
@silent
def unique_softmax(
    y_true: Array,
    y_pred: Array,
    *,
    gain: Annotated[str, Param("What a grade is worth: 2^y - 1, or y itself.", choices=tuple(GAINS))] = "exponential",
) -> Array:
    """Cross-entropy of each item against those of lower grade alone.

        −Σ_i gain(y_i) ln (e^(s_i) / (e^(s_i) + Σ_{j: y_j < y_i} e^(s_j)))

    A grade of −1 means that there is no item. The gain is infinite for a grade of 1024 or more.

    >>> unique_softmax(array([[1.0, 0.0, 0.0]]), array([[2.0, 1.0, 3.0]]))
    array([1.40760596])

    Source: X. Zhu and D. Klabjan (2020), Listwise learning to rank by exploring unique ratings, WSDM.
    """
    gains = np.where(y_true >= 0, GAINS[gain](y_true), 0.0)
    return row_sum(weighed(gains, softplus(few_at_a_time(_log_rivals, y_true, y_pred))))


def _ordered(y_true: Array) -> Mask:
    """Mark the pairs (i, j) of each list in which item i has the higher grade."""
    ordered: Mask = (y_true[:, :, None] > y_true[:, None, :]) & (y_true[:, None, :] >= 0)
    return ordered


def _both_there(y_true: Array) -> Mask:
    """Mark the pairs of each list that are items both."""
    there = y_true >= 0
    both: Mask = there[:, :, None] & there[:, None, :]
    return both


def _differences(values: Array) -> Array:
    return values[:, :, None] - values[:, None, :]


def _log_rivals(y_true: Array, scores: Array) -> Array:
    """Return ``ln Σ_j e^(s_j − s_i)`` over the items j of lower grade, which large scores do not blur."""
    total: Array = np.logaddexp.reduce(np.where(_ordered(y_true), -_differences(scores), -np.inf), axis=2)
    return total


def _over_pairs(chosen: Mask, values: Array) -> Array:
    """Return the sum over the chosen pairs of each list."""
    return row_sum(flat(np.where(chosen, values, 0.0)))
