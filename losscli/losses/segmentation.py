"""Segmentation: a mask, place by place."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array, flat
from losscli.domain import When
from losscli.domains import MASK, MASK_LOGITS, SOFT_MASK
from losscli.losses._numeric import row_sum, sigmoid, silent
from losscli.losses._params import FromLogits
from losscli.losses._twins import keras
from losscli.registry import Like, Param, loss

PREDICTION = When("from_logits", MASK_LOGITS, SOFT_MASK)

FalsePositives = Annotated[float, Param("Weight of the false positives.", ge=0)]
FalseNegatives = Annotated[float, Param("Weight of the false negatives.", ge=0)]
Smooth = Annotated[float, Param("Add this above and below the fraction bar.", ge=0)]
BelowBar = Annotated[float, Param("Add this below the fraction bar.", ge=0)]
Swapped = Annotated[bool, Param("Let alpha weigh the false negatives and beta the false positives.")]

POOLED = "without its axis Keras pools all rows into one mask: pooled-"
MISNAMED = "up to Keras 3.15 alpha weighs the false negatives, against its documentation; 3.16 mends that"


@loss(
    true=MASK,
    pred=PREDICTION,
    aliases=("soft_dice",),
    like=(
        keras(
            "Dice:axis=1 dice:axis=1 Dice:axis=-1 dice:axis=-1",
            eps=1e-7,
            note=f"{POOLED}dice; it gives 1, the worst, for an empty mask that is predicted empty",
        ),
        Like(
            "optax.losses.binary_dice_loss",
            from_logits=True,
            smooth=2.0,
            note="optax adds its smooth = 1 to half of the fraction, which is 2 to the whole",
        ),
    ),
)
@silent
def dice(
    y_true: Array, y_pred: Array, *, smooth: Smooth = 0.0, eps: BelowBar = 0.0, from_logits: FromLogits = False
) -> Array:
    """Share of two masks that does not overlap.

        1 − (2Σyp + smooth) / (Σy + Σp + smooth + eps)

    One mask a row; the truth may be soft. An empty mask that is predicted empty costs 0, since it is right; Keras
    gives 1, because its `eps` stands below the bar alone.

    >>> dice(array([[1.0, 1.0, 0.0, 0.0]]), array([[1.0, 0.0, 0.0, 0.0]]))
    array([0.33333333])

    Source: F. Milletari, N. Navab and S.-A. Ahmadi (2016), V-Net, 3DV.
    """
    hit, extra, missed = _counts(y_true, y_pred, from_logits=from_logits)
    return _lacking(2 * hit + smooth, extra + missed + eps)


@loss(
    true=MASK,
    pred=PREDICTION,
    aliases=("iou_loss", "soft_iou", "soft_jaccard"),
)
@silent
def jaccard(y_true: Array, y_pred: Array, *, smooth: Smooth = 0.0, from_logits: FromLogits = False) -> Array:
    """Share of the union of two masks that is not in both: 1 − IoU.

        1 − (Σyp + smooth) / (Σy + Σp − Σyp + smooth)

    One mask a row; the truth may be soft. An empty mask that is predicted empty costs 0.

    >>> jaccard(array([[1.0, 1.0, 0.0, 0.0]]), array([[1.0, 0.0, 0.0, 0.0]]))
    array([0.5])

    Source: M. A. Rahman and Y. Wang (2016), Optimizing intersection-over-union in deep neural networks, ISVC.
    """
    hit, extra, missed = _counts(y_true, y_pred, from_logits=from_logits)
    return _lacking(hit + smooth, extra + missed)


@loss(
    true=MASK,
    pred=PREDICTION,
    like=(
        keras(
            "Tversky:axis=1 tversky:axis=1 Tversky:axis=-1 tversky:axis=-1",
            "alpha",
            "beta",
            swapped=True,
            eps=1e-7,
            note=f"{MISNAMED}; {POOLED}tversky",
        ),
        Like(
            "optax.losses.dice_loss",
            "alpha",
            "beta",
            "smooth",
            "apply_softmax=from_logits",
            from_logits=True,
            smooth=1.0,
            note="of optax's classes the mask is the second of two, with ignore_background, or the only one",
        ),
    ),
)
@silent
def tversky(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: FalsePositives = 0.5,
    beta: FalseNegatives = 0.5,
    swapped: Swapped = False,
    smooth: Smooth = 0.0,
    eps: BelowBar = 0.0,
    from_logits: FromLogits = False,
) -> Array:
    """Dice loss with a weight for false positives and one for false negatives.

        1 − (TP + smooth) / (TP + alpha·FP + beta·FN + smooth + eps)
        TP = Σyp, FP = Σ(1 − y)p, FN = Σy(1 − p)

    One mask a row; the truth may be soft. With alpha = beta = ½ it is `dice`, with 1 and 1 `jaccard`. An empty mask
    that is predicted empty costs 0. Keras up to 3.15 takes alpha for the false negatives
    (`swapped`).

    >>> tversky(array([[1.0, 1.0]]), array([[1.0, 0.0]]), alpha=1.0, beta=0.0)
    array([0.])

    Source: S. S. M. Salehi, D. Erdogmus and A. Gholipour (2017), Tversky loss function for image segmentation using 3D
    fully convolutional deep networks, MLMI.
    """
    hit, extra, missed = _counts(y_true, y_pred, from_logits=from_logits)
    of_extra, of_missed = (beta, alpha) if swapped else (alpha, beta)
    return _lacking(hit + smooth, of_extra * extra + of_missed * missed + eps)


@loss(true=MASK, pred=PREDICTION)
@silent
def focal_tversky(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: FalsePositives = 0.3,
    beta: FalseNegatives = 0.7,
    gamma: Annotated[float, Param("Above 1 it plays down the masks that are nearly right.", gt=0)] = 4 / 3,
    smooth: Smooth = 0.0,
    from_logits: FromLogits = False,
) -> Array:
    """Tversky loss raised to a power, for small regions.

        tversky^(1/gamma)

    The paper has the two weights the other way round: its alpha = 0.7 weighs the false negatives, as our beta does.

    >>> focal_tversky(array([[1.0, 1.0, 0.0]]), array([[1.0, 0.0, 0.0]]), gamma=1.0)
    array([0.41176471])

    Source: N. Abraham and N. M. Khan (2019), A novel focal Tversky loss function with improved attention U-Net for
    lesion segmentation, ISBI.
    """
    plain = tversky(y_true, y_pred, alpha=alpha, beta=beta, smooth=smooth, from_logits=from_logits)
    return plain ** (1 / gamma)


@loss(true=MASK, pred=PREDICTION, aliases=("gdl",))
@silent
def generalized_dice(y_true: Array, y_pred: Array, *, from_logits: FromLogits = False) -> Array:
    """Dice loss of a mask and of its background, each weighed by its rarity.

        1 − 2 Σ_l w_l Σ y_l p_l / Σ_l w_l Σ(y_l + p_l),  w_l = 1/(Σ y_l)²
        l: the mask (y, p) and the background (1 − y, 1 − p)

    One mask a row. Where the mask is empty or full only the part that is there counts, since the other's weight would
    be infinite. optax weighs by the frequency in all rows together, and averages the loss of each class instead.

    >>> generalized_dice(array([[1.0, 0.0, 0.0, 0.0]]), array([[0.5, 0.5, 0.0, 0.0]]))
    array([0.41666667])

    Source: C. H. Sudre et al. (2017), Generalised Dice overlap as a deep learning loss function for highly unbalanced
    segmentations, DLMIA.
    """
    hit, extra, missed = _counts(y_true, y_pred, from_logits=from_logits)
    places = flat(y_true)
    mask, rest = row_sum(places), row_sum(1 - places)
    kept = rest - extra
    # both weights times (Σy)²·(Σ(1 − y))², which changes nothing and divides by nothing
    mask_weight, rest_weight = np.where(rest == 0, 1.0, rest) ** 2, np.where(mask == 0, 1.0, mask) ** 2
    mask_weight, rest_weight = np.where(mask == 0, 0.0, mask_weight), np.where(rest == 0, 0.0, rest_weight)
    return _lacking(2 * (mask_weight * hit + rest_weight * kept), (mask_weight + rest_weight) * (extra + missed))


def _counts(y_true: Array, y_pred: Array, *, from_logits: bool) -> tuple[Array, Array, Array]:
    """Return true positives, false positives and false negatives of each row."""
    y_true, y_pred = flat(y_true), flat(y_pred)
    p, q = (sigmoid(y_pred), sigmoid(-y_pred)) if from_logits else (y_pred, 1 - y_pred)
    return row_sum(y_true * p), row_sum((1 - y_true) * p), row_sum(y_true * q)


def _lacking(right: Array, wrong: Array) -> Array:
    """Return ``1 − right / (right + wrong)``, without the subtraction; 0 where nothing is wrong."""
    return np.where(wrong == 0, 0.0, wrong / (right + wrong))
