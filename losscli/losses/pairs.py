"""Pairs: two items or embeddings, alike or not."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import ALIKE, NONNEGATIVE, TARGET, TWO_MORE_VECTORS, TWO_SCORES, TWO_VECTORS, VECTOR
from losscli.losses._numeric import row_sum, silent, softplus, weighed
from losscli.losses._twins import torch
from losscli.registry import Like, Param, loss

Unlike = Annotated[float, Param("How far apart is far enough.", ge=0)]


@loss(true=ALIKE, pred=TWO_SCORES, like=(torch("MarginRankingLoss", "margin_ranking_loss", "margin"),))
@silent
def margin_ranking(
    y_true: Array,
    y_pred: Array,
    *,
    margin: Annotated[float, Param("How far ahead the better item must be.", ge=0)] = 0.0,
) -> Array:
    """How far the better of two items fails to lead.

        max(0, −t·(x1 − x2) + margin),  t = 1 if x1 should be larger, −1 if x2

    >>> margin_ranking(array([1.0, -1.0]), array([[0.5, 0.25], [0.5, 0.25]]), margin=0.5)
    array([0.25, 0.75])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html
    """
    return np.maximum(0.0, margin - y_true * (y_pred[:, 0] - y_pred[:, 1]))


@loss(
    true=ALIKE,
    pred=TWO_SCORES,
    aliases=("ranknet", "bpr"),
    like=(
        Like(
            "catboost.PairLogit",
            note="CatBoost takes the pairs from its pool, or makes them of labels in a group; none costs above 87.5",
        ),
    ),
)
@silent
def pair_logit(y_true: Array, y_pred: Array) -> Array:
    """Negative log likelihood that the better of two items wins.

        ln(1 + e^(−t·(x1 − x2))),  t = 1 if x1 should be larger, −1 if x2

    With the better item always first (t = 1) this is the loss of RankNet and of BPR.

    >>> pair_logit(array([1.0, -1.0]), array([[2.0, 2.0], [0.0, 1.0]]))
    array([0.69314718, 0.31326169])

    Source: C. Burges et al. (2005), Learning to rank using gradient descent, ICML.
    """
    return softplus(-y_true * (y_pred[:, 0] - y_pred[:, 1]))


@loss(
    true=ALIKE,
    pred=TWO_VECTORS,
    like=(
        torch(
            "CosineEmbeddingLoss",
            "cosine_embedding_loss",
            "margin",
            eps=9.999999960041972e-13,
            note="PyTorch adds 1e-12 to each squared length; a label that is neither 1 nor -1 costs nothing there, and "
            "is refused here",
        ),
    ),
)
@silent
def cosine_embedding(
    y_true: Array,
    y_pred: Array,
    *,
    margin: Annotated[float, Param("The largest cosine that counts as far apart.", ge=-1, le=1)] = 0.0,
    eps: Annotated[float, Param("Add this to each squared length.", ge=0)] = 0.0,
) -> Array:
    """Angle of two rows: small if they are alike, large if not.

        1 − cos(x1, x2)            if t = 1
        max(0, cos(x1, x2) − margin)  if t = −1

    The prediction is the two rows, one after the other. The cosine with a row of zeros is taken as 0.

    >>> cosine_embedding(array([1.0, -1.0]), array([[1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]]))
    array([1., 1.])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html
    """
    (one, short), (other, shorter) = (_direction(rows, eps) for rows in np.split(y_pred, 2, axis=1))
    # 1 − cos is half the squared distance of the directions, and what they lack in length: nothing cancels
    apart = 0.5 * (row_sum(np.square(one - other)) + short + shorter)
    cosine = np.where(apart < 0.5, 1 - apart, row_sum(one * other))  # noqa: PLR2004  anywhere between -1 and 1
    return np.where(y_true == 1, apart, np.maximum(0.0, cosine - margin))


@loss(
    true=ALIKE,
    pred=NONNEGATIVE,
    like=(
        torch(
            "HingeEmbeddingLoss",
            "hinge_embedding_loss",
            "margin",
            note="PyTorch adds both cases up where a label is neither 1 nor -1; here it is refused",
        ),
    ),
)
@silent
def hinge_embedding(y_true: Array, y_pred: Array, *, margin: Unlike = 1.0) -> Array:
    """Distance of two items: small if they are alike, at least the margin if not.

        d                   if t = 1
        max(0, margin − d)  if t = −1

    >>> hinge_embedding(array([1.0, -1.0, -1.0]), array([0.25, 0.25, 2.0]))
    array([0.25, 0.75, 0.  ])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html
    """
    return np.where(y_true == 1, y_pred, np.maximum(0.0, margin - y_pred))


@loss(true=TARGET, pred=NONNEGATIVE)
@silent
def contrastive(y_true: Array, y_pred: Array, *, margin: Unlike = 1.0) -> Array:
    """Squared distance of items that are alike, squared lack of it of others.

        y·d² + (1 − y)·max(0, margin − d)²

    The truth is 1 for a pair that is alike and 0 for others, as in TensorFlow Addons; the paper has it the other way
    round, and halves the squares.

    >>> contrastive(array([1.0, 0.0, 0.0]), array([0.5, 0.5, 2.0]))
    array([0.25, 0.25, 0.  ])

    Source: R. Hadsell, S. Chopra and Y. LeCun (2006), Dimensionality reduction by learning an invariant mapping, CVPR.
    """
    lacking = np.square(np.maximum(0.0, margin - y_pred))
    return weighed(y_true, np.square(y_pred)) + (1 - y_true) * lacking


@loss(
    true=VECTOR,
    pred=TWO_MORE_VECTORS,
    like=(
        torch(
            "TripletMarginLoss",
            "triplet_margin_loss",
            "margin",
            "p",
            "eps",
            "swap",
            eps=1e-6,
            note="PyTorch adds 1e-6 to the difference in each coordinate, so equal rows are not at distance 0",
        ),
        Like(
            "optax.losses.triplet_margin_loss",
            "margin",
            "eps=root_eps",
            root_eps=1e-6,
            note="optax adds 1e-6 under the root, so equal rows are at distance 0.001; to an odd norm_degree its "
            "differences keep their sign, which is no distance",
        ),
    ),
    aliases=("triplet_margin",),
)
@silent
def triplet(
    y_true: Array,
    y_pred: Array,
    *,
    margin: Annotated[float, Param("How much nearer the positive row must be than the negative.", ge=0)] = 1.0,
    p: Annotated[float, Param("The norm: 2 is the Euclidean distance, 1 that of city blocks.", ge=1)] = 2.0,
    swap: Annotated[bool, Param("Take the positive's distance to the negative if it is smaller.")] = False,
    eps: Annotated[float, Param("Add this to each difference of two coordinates.", ge=0)] = 0.0,
    root_eps: Annotated[float, Param("Add this to the sum under the root.", ge=0)] = 0.0,
) -> Array:
    """How much farther the positive example is than the negative one.

        max(0, d(a, p) − d(a, n) + margin),  d the distance ‖·‖ of two rows

    The truth is the anchor a, the prediction the rows of the positive and the negative example, one after the other.

    >>> triplet(array([[0.0, 0.0]]), array([[3.0, 4.0, 0.0, 5.5]]))
    array([0.5])

    Source: V. Balntas et al. (2016), Learning local feature descriptors with triplets and shallow convolutional neural
    networks, BMVC.
    """
    positive, negative = np.split(y_pred, 2, axis=1)
    near = _length(y_true - positive + eps, p, root_eps)
    far = _length(y_true - negative + eps, p, root_eps)
    if swap:
        far = np.minimum(far, _length(positive - negative + eps, p, root_eps))
    return np.maximum(0.0, margin + (near - far))


def _unit(rows: Array, least: float) -> Array:
    """Return the largest entry of each row, or ``least``, or 1: measured in it, no power overflows."""
    unit = np.maximum(np.max(np.abs(rows), axis=1, keepdims=True), least)
    return np.where(unit == 0, 1.0, unit)


def _length(rows: Array, p: float, root_eps: float) -> Array:
    """Return ``(Σ|x|^p + root_eps)^(1/p)`` of each row."""
    least = root_eps ** (1 / p)
    unit = _unit(rows, least)
    total = row_sum(np.abs(rows / unit) ** p) + (least / unit[:, 0]) ** p
    length: Array = unit[:, 0] * total ** (1 / p)
    return length


def _direction(rows: Array, eps: float) -> tuple[Array, Array]:
    """Return each row divided by ``√(Σx² + eps)``, and by how much its squared length then falls short of 1."""
    least = np.sqrt(eps)
    unit = _unit(rows, least)
    scaled = rows / unit
    square, extra = row_sum(np.square(scaled)), np.square(least / unit[:, 0])
    lacking = np.where(square == 0, 1.0, 1 / (1 + square / extra))
    length = np.sqrt(square + extra)
    return scaled / np.where(length == 0, 1.0, length)[:, None], lacking
