"""Margins: how far a score stands on its own side."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import CLASS, CLASS_OR_ONE_HOT, CLASS_SCORES, SCORE, SIGN
from losscli.losses._numeric import one_hot, row_sum, silent, softplus
from losscli.losses._params import ClassWeight
from losscli.losses._twins import torch
from losscli.losses.binary import LABELS, Labels
from losscli.registry import Like, Param, loss

Margin = Annotated[float, Param("How far ahead the true class must be.", ge=0)]


@loss(
    true=SIGN,
    pred=SCORE,
    aliases=("logistic",),
    like=(
        torch(
            "SoftMarginLoss",
            "soft_margin_loss",
            labels="sign",
            overflows=True,
            note="PyTorch overflows to infinity where -t·s is above 709 (88 in float32); it does not convert labels: "
            "a label of 0 costs ln 2 at any score",
        ),
    ),
)
@silent
def soft_margin(
    y_true: Array,
    y_pred: Array,
    *,
    labels: Labels = "either",
    overflows: Annotated[bool, Param("Let e^(-t·s) overflow, as PyTorch does.")] = False,
) -> Array:
    """Logistic loss of a score: the hinge, rounded off.

        ln(1 + e^(−t·s)),  t = −1 or 1

    The label 0 is read as −1, row by row. It is `bce` from logits, with other labels. PyTorch's is infinite where the
    power overflows (`overflows`).

    >>> soft_margin(array([0.0, 1.0]), array([0.5, 200.0]))
    array([9.74076984e-01, 1.38389653e-87])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html
    """
    wrong = -_side(y_true, y_pred, labels)
    return np.log1p(np.exp(wrong)) if overflows else softplus(wrong)


@loss(
    true=SIGN,
    pred=SCORE,
    like=(
        Like(
            "optax.losses.perceptron_loss",
            labels="sign",
            note="optax does not convert labels: a label of 0 costs nothing",
        ),
    ),
)
@silent
def perceptron(y_true: Array, y_pred: Array, *, labels: Labels = "either") -> Array:
    """How far a score stands on the wrong side of 0.

        max(0, −t·s),  t = −1 or 1

    The label 0 is read as −1, row by row.

    >>> perceptron(array([0.0, 1.0]), array([0.5, 0.3]))
    array([0.5, 0. ])

    Source: F. Rosenblatt (1958), The perceptron, Psychological Review 65.
    """
    return 0.0 - np.minimum(0.0, _side(y_true, y_pred, labels))


@loss(
    true=SIGN,
    pred=SCORE,
    aliases=("exp_loss", "adaboost"),
    like=(
        Like(
            "sklearn._loss.loss.ExponentialLoss",
            note="private in scikit-learn, which gives NaN where the power overflows",
        ),
    ),
)
@silent
def exponential(y_true: Array, y_pred: Array) -> Array:
    """Exponential loss of a score, which AdaBoost minimises.

        e^(−t·s),  t = −1 or 1

    The label 0 is read as −1, row by row. Where t·s is below −709 the loss is infinite.

    >>> exponential(array([0.0, 1.0]), array([0.5, 0.0]))
    array([1.64872127, 1.        ])

    Source: Y. Freund and R. E. Schapire (1997), A decision-theoretic generalization of on-line learning, JCSS 55.
    """
    return np.exp(-_side(y_true, y_pred))


@loss(
    true=SIGN,
    pred=SCORE,
    aliases=("binary_sparsemax",),
    like=(
        Like(
            "optax.losses.sparsemax_loss",
            labels="nonzero",
            note="optax takes every label but 0 for the positive class, -1 as well",
        ),
    ),
)
@silent
def sparsemax(y_true: Array, y_pred: Array, *, labels: Labels = "either") -> Array:
    """Binary sparsemax loss: a quadratic between two straight lines.

        m = t·z,  t = −1 or 1
        0           if m ≥ 1
        (1 − m)²/4  if |m| < 1
        −m          if m ≤ −1

    The label 0 is read as −1, row by row. A certain and right score costs exactly nothing.

    >>> sparsemax(array([0.0, 1.0, 1.0]), array([0.0, 2.0, -3.0]))
    array([0.25, 0.  , 3.  ])

    Source: M. Blondel, A. F. T. Martins and V. Niculae (2020), Learning with Fenchel-Young losses, JMLR 21.
    """
    side = _side(y_true, y_pred, labels)
    return np.where(side <= -1, -side, np.square(np.maximum(0.0, 1 - side)) / 4)


@loss(true=SIGN, pred=SCORE)
@silent
def modified_huber(y_true: Array, y_pred: Array) -> Array:
    """Squared hinge loss that goes on as a straight line: robust to outliers.

        m = t·s,  t = −1 or 1
        max(0, 1 − m)²  if m ≥ −1
        −4m             otherwise

    The label 0 is read as −1, row by row. It is `loss="modified_huber"` of scikit-learn's `SGDClassifier`.

    >>> modified_huber(array([0.0, 1.0, 1.0]), array([0.5, 0.3, -2.0]))
    array([2.25, 0.49, 8.  ])

    Source: T. Zhang (2004), Solving large scale linear prediction problems, ICML.
    """
    side = _side(y_true, y_pred)
    return np.where(side < -1, -4 * side, np.square(np.maximum(0.0, 1 - side)))


@loss(
    true=CLASS,
    pred=CLASS_SCORES,
    like=(torch("MultiMarginLoss", "multi_margin_loss", "p", "margin", "weight=class_weight"),),
)
@silent
def multi_margin(
    y_true: Array,
    y_pred: Array,
    *,
    p: Annotated[float, Param("The power of each shortfall.", gt=0)] = 1.0,
    margin: Margin = 1.0,
    class_weight: ClassWeight = None,  # noqa: ARG001  the engine weighs the rows
) -> Array:
    """How far each wrong score comes near the true one, averaged over all classes.

        (1/C) Σ_{c≠y} max(0, margin − s_y + s_c)^p

    PyTorch takes p = 1 or 2. It divides by C, the number of all classes; `ww-hinge` is the sum. With class weights
    PyTorch divides by the number of rows, not by their weight.

    >>> multi_margin(array([0.0, 2.0]), array([[3.2, 5.1, -1.7], [2.2, 2.5, -3.1]]))
    array([0.96666667, 4.3       ])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html
    """
    mean: Array = row_sum(_shortfalls(y_true, y_pred, margin) ** p) / y_pred.shape[1]
    return mean


@loss(true=CLASS_OR_ONE_HOT, pred=CLASS_SCORES, aliases=("weston-watkins", "multiclass_svm"))
@silent
def ww_hinge(y_true: Array, y_pred: Array, *, margin: Margin = 1.0) -> Array:
    """How far each wrong score comes near the true one, added up.

        Σ_{c≠y} max(0, margin − s_y + s_c)

    This is the loss of Weston and Watkins, the "SVM loss" of many courses; that of Crammer and Singer, which
    counts the best wrong score alone, is `categorical-hinge`.

    >>> ww_hinge(array([0.0, 2.0]), array([[3.2, 5.1, -1.7], [2.2, 2.5, -3.1]]))
    array([ 2.9, 12.9])

    Source: J. Weston and C. Watkins (1999), Support vector machines for multi-class pattern recognition, ESANN.
    """
    return row_sum(_shortfalls(y_true, y_pred, margin))


@loss(true=CLASS_OR_ONE_HOT, pred=CLASS_SCORES, like=(Like("optax.losses.multiclass_perceptron_loss"),))
@silent
def multiclass_perceptron(y_true: Array, y_pred: Array) -> Array:
    """How far the true score stays behind the largest.

        max_c s_c − s_y

    >>> multiclass_perceptron(array([0.0, 1.0]), array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0]]))
    array([1.9, 0. ])

    Source: M. Collins (2002), Discriminative training methods for hidden Markov models, EMNLP.
    """
    largest: Array = np.max(y_pred, axis=1)
    return largest - _own(y_true, y_pred)


@loss(
    true=CLASS_OR_ONE_HOT,
    pred=CLASS_SCORES,
    aliases=("multiclass_sparsemax",),
    like=(Like("optax.losses.multiclass_sparsemax_loss"),),
)
@silent
def sparsemax_multi(y_true: Array, y_pred: Array) -> Array:
    """Sparsemax loss of several classes: nothing, once the true score leads by 1.

        p = sparsemax(z), the nearest point of the simplex, p_c = max(0, z_c − τ)
        ½‖y − p‖² + max(0, τ − z_y)

    The two terms are the Fenchel-Young loss ½‖y − z‖² − ½‖p − z‖², written so that nothing cancels.

    >>> sparsemax_multi(array([0.0, 1.0]), array([[2.0, 1.0, -1.0], [2.0, 1.5, -1.0]]))
    array([0.    , 0.5625])

    Source: A. F. T. Martins and R. F. Astudillo (2016), From softmax to sparsemax, ICML.
    """
    below = y_pred - np.max(y_pred, axis=1, keepdims=True)
    ranked = -np.sort(-below, axis=1)
    counts = np.arange(1, y_pred.shape[1] + 1)
    thresholds = (np.cumsum(ranked, axis=1) - 1) / counts
    support = np.sum(ranked > thresholds, axis=1, keepdims=True)
    threshold = np.take_along_axis(thresholds, support - 1, axis=1)
    share = np.maximum(0.0, below - threshold)
    apart = row_sum(np.square(one_hot(y_true, y_pred.shape[1]) - share))
    return 0.5 * apart + np.maximum(0.0, threshold[:, 0] - _own(y_true, below))


def _side(y_true: Array, y_pred: Array, labels: str = "either") -> Array:
    """Return the score, positive on the side of its label."""
    return LABELS[labels](y_true) * y_pred


def _own(y_true: Array, scores: Array) -> Array:
    """Return the score of the true class."""
    own: Array = np.max(np.where(one_hot(y_true, scores.shape[1]) > 0, scores, -np.inf), axis=1)
    return own


def _shortfalls(y_true: Array, y_pred: Array, margin: float) -> Array:
    """Return for each wrong class by how much it fails to stay behind; 0 for the true one."""
    behind = np.maximum(0.0, margin + (y_pred - _own(y_true, y_pred)[:, None]))
    return np.where(one_hot(y_true, y_pred.shape[1]) > 0, 0.0, behind)
