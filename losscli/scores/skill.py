"""Skill: how far predicted probabilities beat always predicting how often each class occurs."""

from __future__ import annotations

from functools import partial
from math import fsum, inf, log, log1p, nan

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import CLASS_OR_ROW, LOGIT_OR_ROW, PROBABILITY_OR_ROW
from losscli.exact import ExactSum, quotient, ratio
from losscli.losses._params import Eps, FromLogits
from losscli.losses.binary import bce
from losscli.losses.either import brier
from losscli.losses.multiclass import ce
from losscli.registry import Like, score
from losscli.scores._state import State, Sums, by_row, explained, mass, total

PREDICTION = When("from_logits", LOGIT_OR_ROW, PROBABILITY_OR_ROW)


@score(
    true=CLASS_OR_ROW,
    pred=PREDICTION,
    aliases=("d2_log_loss_score", "mcfadden_r2", "mcfadden", "relative_information_gain"),
    like=(
        Like(
            "sklearn.metrics.d2_log_loss_score",
            eps=2.0**-52,
            note="scikit-learn clips how often a class occurs, too, and gives NaN for a single row",
        ),
    ),
)
@by_row
def d2_log_loss(
    y_true: Array, y_pred: Array, weight: Array | None, *, from_logits: FromLogits = False, eps: Eps = 0.0
) -> State:
    """Share of the log loss of the class frequencies that is explained.

        1 − Σ w·L(y_true, y_pred) / Σ w·L(y_true, f),  f the weighted share of each class in y_true

    L is `bce` of a single probability and `ce` of a row: 1 is perfect, 0 as good as always predicting f. A certain and
    wrong probability makes it minus infinity, unless `eps` clips, which it does to f as well, and not to logits. Where
    one class alone occurs it is not defined: NaN if the prediction is exact, else minus infinity. Of a logistic
    regression it is McFadden's R².

    >>> d2_log_loss(array([0.0, 1.0]), array([0.25, 0.75]), None).result()
    0.5849625007211562

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#d2-score-classification
    """
    losses = (bce if y_pred.ndim == 1 else ce)(y_true, y_pred, from_logits=from_logits, eps=eps)
    parts = total(weight, losses), mass(weight, len(losses)), *_masses(y_true, y_pred, weight)
    return State(partial(_d2_log_loss, 0.0 if from_logits else eps), parts)


@score(
    true=CLASS_OR_ROW,
    pred=PREDICTION,
    aliases=("d2_brier_score", "brier_skill_score", "scaled_brier_score"),
    like=(Like("sklearn.metrics.d2_brier_score", note="scikit-learn gives NaN for a single row"),),
)
@by_row
def d2_brier(y_true: Array, y_pred: Array, weight: Array | None, *, from_logits: FromLogits = False) -> State:
    """Share of the Brier score of the class frequencies that is explained.

        1 − Σ w·Σ_c (y_c − p_c)² / Σ w·Σ_c (y_c − f_c)²,  f_c the weighted share of class c in y_true

    1 is perfect, 0 as good as always predicting f; a single p is that of class 1. Where one class alone occurs it is
    not defined: NaN if the prediction is exact, else minus infinity.

    >>> d2_brier(array([0.0, 1.0]), array([0.25, 0.75]), None).result()
    0.75

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#d2-score-classification
    """
    losses = brier(y_true, y_pred, from_logits=from_logits, both_classes=True)
    weights = mass(weight, len(losses))
    squares = weights if y_true.ndim == 1 else total(weight, np.square(y_true).sum(axis=1))
    return Sums(_d2_brier, (total(weight, losses), weights, squares, *_masses(y_true, y_pred, weight)))


def _masses(y_true: Array, y_pred: Array, weight: Array | None) -> tuple[ExactSum, ...]:
    """Return Σ w·y_c of each class, of which a single prediction is for two."""
    if y_true.ndim > 1:
        return tuple(total(weight, share) for share in np.ascontiguousarray(y_true.T))
    classes = range(y_pred.shape[1] if y_pred.ndim > 1 else 2)
    return tuple(
        mass(None if weight is None else weight[there], int(np.count_nonzero(there)))
        for there in (y_true == one for one in classes)
    )


def _d2_log_loss(eps: float, lost: ExactSum, weights: ExactSum, *masses: ExactSum) -> float:
    mean = ratio(lost, weights)
    whole = weights.units
    if not whole:
        return nan
    spread = -fsum(quotient(one.units, whole) * _log_share(one.units, whole, eps) for one in masses if one.units)
    if spread:
        return (spread - mean) / spread
    return -inf if mean else nan


def _log_share(part: int, whole: int, eps: float) -> float:
    """Return ln(part / whole) after clipping, the larger part by what it lacks, so that nothing cancels."""
    if 2 * part > whole:
        return log1p(-max(quotient(whole - part, whole), eps))
    return log(max(quotient(part, whole), eps))


def _d2_brier(lost: int, w: int, squares: int, *masses: int) -> float:
    return explained(lost * w, squares * w - sum(one * one for one in masses), force_finite=False) if w else nan
