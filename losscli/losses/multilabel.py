"""Multilabel: any number of labels at once."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array, Mask, flat
from losscli.domain import When
from losscli.domains import LABEL_LOGITS, LABEL_PROBABILITIES, LABEL_SET, LABEL_SHARES, VECTOR
from losscli.losses._numeric import few_at_a_time, row_sum, silent
from losscli.losses._params import FromLogits
from losscli.losses._twins import torch
from losscli.losses.binary import bce
from losscli.registry import Like, Param, loss

Threshold = Annotated[float, Param("A probability above this predicts the label.", ge=0, lt=1)]


@loss(
    true=LABEL_SHARES,
    pred=When("from_logits", LABEL_LOGITS, LABEL_PROBABILITIES),
    aliases=("MultiLabelSoftMargin", "MultiCrossEntropy"),
    like=(
        torch("MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss"),
        Like(
            "catboost.MultiLogloss catboost.MultiCrossEntropy",
            note="CatBoost 1.2 cuts each weight to a whole number where it divides by their sum",
        ),
    ),
)
@silent
def multilabel_bce(y_true: Array, y_pred: Array, *, from_logits: FromLogits = True) -> Array:
    """Binary cross-entropy of each label, averaged over the labels.

        (1/L) Σ_l [y_l ln(1 + e^(−z_l)) + (1 − y_l) ln(1 + e^(z_l))]

    The predictions are logits z unless `from_logits` is off; then a certain and wrong probability costs infinity. It is
    `bce` of the same rows, which Keras calls BinaryCrossentropy. CatBoost's name `MultiLogloss` is, but for its case,
    LightGBM's for `ce`: write catboost.MultiLogloss.

    >>> multilabel_bce(array([[1.0, 0.0]]), array([[0.0, 0.0]]))
    array([0.69314718])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html
    """
    return _row_mean(bce(y_true, y_pred, from_logits=from_logits))


@loss(
    true=LABEL_SET,
    pred=VECTOR,
    like=(
        torch(
            "MultiLabelMarginLoss",
            "multilabel_margin_loss",
            note="PyTorch takes the labels as indices padded with -1; here they are a row of 0 and 1",
        ),
    ),
)
@silent
def multilabel_margin(y_true: Array, y_pred: Array) -> Array:
    """How far each absent label comes near each present one, averaged over the labels.

        (1/L) Σ_{j∈Y} Σ_{i∉Y} max(0, 1 − s_j + s_i)

    The truth is a row of 0 and 1; PyTorch takes the indices of the labels, padded with −1. It divides by L, the number
    of all labels, not by that of the pairs.

    >>> multilabel_margin(array([[1.0, 0.0, 0.0, 1.0]]), array([[0.1, 0.2, 0.4, 0.8]]))
    array([0.85])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html
    """
    mean: Array = few_at_a_time(_shortfall, y_true, y_pred) / y_pred.shape[1]
    return mean


@loss(
    true=LABEL_SET,
    pred=When("from_logits", LABEL_LOGITS, LABEL_PROBABILITIES),
    like=(Like("sklearn.metrics.hamming_loss"), Like("catboost.HammingLoss", from_logits=True)),
)
@silent
def hamming(y_true: Array, y_pred: Array, *, threshold: Threshold = 0.5, from_logits: FromLogits = False) -> Array:
    """Share of the labels that are wrong.

        (1/L) Σ_l 1[ŷ_l ≠ y_l]

    A prediction may be a row of 0 and 1, or of probabilities, of which those above the threshold count as 1; CatBoost's
    are logits. Of single classes it is `zero-one`.

    >>> hamming(array([[1.0, 0.0, 0.0, 1.0]]), array([[0.9, 0.8, 0.0, 1.0]]))
    array([0.25])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#hamming-loss
    """
    # the logit of the threshold, because the sigmoid of a tiny logit rounds to one half
    limit = np.log(np.float64(threshold) / (1 - threshold)) if from_logits else threshold
    return _row_mean(_wrong(y_true, y_pred, limit).astype(np.float64))


@loss(
    true=LABEL_SET,
    pred=LABEL_PROBABILITIES,
    like=(Like("sklearn.metrics.zero_one_loss"),),
)
@silent
def subset_zero_one(y_true: Array, y_pred: Array, *, threshold: Threshold = 0.5) -> Array:
    """1 if any label of a row is wrong, 0 if all are right.

        1[ŷ ≠ y]

    A prediction may be a row of 0 and 1, or of probabilities, of which those above the threshold count as 1. It is
    scikit-learn's `zero_one_loss` of rows of labels.

    >>> subset_zero_one(array([[1.0, 0.0], [1.0, 0.0]]), array([[0.9, 0.8], [0.9, 0.2]]))
    array([1., 0.])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#zero-one-loss
    """
    wrong: Mask = np.any(_wrong(y_true, y_pred, threshold), axis=1)
    return wrong.astype(np.float64)


@loss(true=LABEL_SET, pred=VECTOR, like=(Like("sklearn.metrics.label_ranking_loss"),))
@silent
def label_ranking_loss(y_true: Array, y_pred: Array) -> Array:
    """Share of the pairs of a present and an absent label that are in the wrong order.

        |{(j, i): j ∈ Y, i ∉ Y, s_j ≤ s_i}| / (|Y|·(L − |Y|))

    A tie is wrong. A row in which every label is present, or none, costs nothing.

    >>> label_ranking_loss(array([[1.0, 0.0, 0.0]]), array([[0.75, 0.5, 1.0]]))
    array([0.5])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#ranking-loss
    """
    return few_at_a_time(_share_of_wrong_pairs, y_true, y_pred)


@loss(true=LABEL_SET, pred=VECTOR, like=(Like("sklearn.metrics.coverage_error"),))
@silent
def coverage_error(y_true: Array, y_pred: Array) -> Array:
    """How deep in the ranking every present label is found.

        |{i: s_i ≥ min_{j∈Y} s_j}|

    The best value is the number of labels that are present; a row without any costs 0.

    >>> coverage_error(array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), array([[0.75, 0.5, 1.0], [1.0, 0.2, 0.1]]))
    array([2., 3.])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#coverage-error
    """
    last = np.min(np.where(y_true == 1, y_pred, np.inf), axis=1, keepdims=True)
    deep: Array = np.sum(y_pred >= last, axis=1)
    return deep.astype(np.float64)


def _row_mean(values: Array) -> Array:
    mean: Array = np.mean(np.ascontiguousarray(values), axis=1)
    return mean


def _shortfall(y_true: Array, y_pred: Array) -> Array:
    """Return how far the absent labels come near the present ones, over all pairs of them."""
    behind = np.maximum(0.0, 1 - (y_pred[:, :, None] - y_pred[:, None, :]))
    return row_sum(flat(np.where(_pairs(y_true), behind, 0.0)))


def _share_of_wrong_pairs(y_true: Array, y_pred: Array) -> Array:
    pairs = _pairs(y_true)
    wrong: Array = np.sum(pairs & (y_pred[:, :, None] <= y_pred[:, None, :]), axis=(1, 2))
    share: Array = wrong / np.maximum(np.sum(pairs, axis=(1, 2)), 1)
    return share


def _pairs(y_true: Array) -> Mask:
    """Mark the pairs (j, i) of each row in which label j is present and label i is absent."""
    pairs: Mask = (y_true[:, :, None] == 1) & (y_true[:, None, :] == 0)
    return pairs


def _wrong(y_true: Array, y_pred: Array, threshold: float) -> Mask:
    wrong: Mask = (y_pred > threshold) != (y_true == 1)
    return wrong
