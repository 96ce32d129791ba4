"""Entropies: relatives of the multiclass cross-entropy."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import CLASS, CLASS_LOGITS, CLASS_OR_ONE_HOT, CLASS_OR_ROW, CLASS_PROBABILITIES, LOG_DISTRIBUTION
from losscli.losses._numeric import log_softmax, one_hot, row_sum, silent, softplus, weighed
from losscli.losses._params import ClassWeight, FromLogits, IgnoreIndex
from losscli.losses._twins import keras, torch
from losscli.registry import Like, Param, loss


@loss(
    true=CLASS,
    pred=LOG_DISTRIBUTION,
    aliases=("negative_log_likelihood",),
    like=(torch("NLLLoss", "nll_loss", "weight=class_weight", "ignore_index", reduction="mean", ignore_index=-100),),
)
@silent
def nll(
    y_true: Array,
    y_pred: Array,
    *,
    class_weight: ClassWeight = None,  # noqa: ARG001  the engine weighs the rows
    ignore_index: IgnoreIndex = None,  # noqa: ARG001  the engine leaves those rows out
) -> Array:
    """Negative log likelihood of a class, from logarithms of probabilities.

        −ln p_y

    The predictions are logarithms already (a log-softmax); from probabilities or logits `sparse-ce` gives the same.
    With class weights the mean divides by the weight of the rows.

    >>> nll(array([1.0, 0.0]), array([[-3.0, -0.05], [-0.1, -2.4]]))
    array([0.05, 0.1 ])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
    """
    own: Array = np.take_along_axis(y_pred, y_true.astype(np.intp)[:, None], axis=1)[:, 0]
    return 0.0 - own


@loss(
    true=CLASS_OR_ONE_HOT,
    pred=CLASS_PROBABILITIES,
    aliases=("categorical_generalized_cross_entropy", "generalized_cross_entropy"),
    like=(keras("CategoricalGeneralizedCrossEntropy categorical_generalized_cross_entropy", "q"),),
)
@silent
def gce(
    y_true: Array,
    y_pred: Array,
    *,
    q: Annotated[float, Param("Towards 0 it is cross-entropy, at 1 the missing probability.", gt=0, le=1)] = 0.5,
) -> Array:
    """Generalised cross-entropy: bounded, so that wrong labels cannot rule it.

        (1 − p_y^q) / q

    It costs at most 1/q. Nothing is clipped, in Keras neither.

    >>> gce(array([1.0, 0.0]), array([[0.0, 1.0], [0.25, 0.75]]))
    array([0., 1.])

    Source: Z. Zhang and M. R. Sabuncu (2018), Generalized cross entropy loss for training deep neural
    networks, NeurIPS.
    """
    chance: Array = np.max(np.where(one_hot(y_true, y_pred.shape[1]) > 0, y_pred, 0.0), axis=1)
    return (0.0 - np.expm1(q * np.log(chance))) / q


@loss(
    true=CLASS_OR_ROW,
    pred=When("from_logits", CLASS_LOGITS, CLASS_PROBABILITIES),
    aliases=("poly_loss_cross_entropy", "poly1", "poly1_softmax", "poly_loss"),
    like=(Like("optax.losses.poly_loss_cross_entropy", "epsilon"),),
)
@silent
def poly_ce(
    y_true: Array,
    y_pred: Array,
    *,
    epsilon: Annotated[float, Param("Weight of the missing probability.", ge=-1)] = 2.0,
    from_logits: FromLogits = True,
) -> Array:
    """Cross-entropy with more weight on its first term.

        −Σ_c y_c ln p_c + epsilon·Σ_c y_c (1 − p_c),  p = softmax(z) from logits z

    The predictions are logits unless `from_logits` is off; then a true class with probability 0 costs infinity. With
    epsilon = 0 it is `ce`.

    >>> poly_ce(array([0.0]), array([[0.0, 0.0]]))
    array([1.69314718])

    Source: Z. Leng et al. (2022), PolyLoss: a polynomial expansion perspective of classification loss functions, ICLR.
    """
    logs = log_softmax(y_pred) if from_logits else np.log(y_pred)
    rows = one_hot(y_true, y_pred.shape[1])
    return 0.0 - row_sum(weighed(rows, logs + epsilon * np.expm1(logs)))


@loss(
    true=CLASS,
    pred=CLASS_LOGITS,
    aliases=("MultiClassOneVsAll", "one-vs-all", "one-vs-rest"),
    like=(Like("catboost.MultiClassOneVsAll"),),
)
@silent
def multiclass_ova(y_true: Array, y_pred: Array) -> Array:
    """Mean binary cross-entropy of each class against all others.

        (1/C) (ln(1 + e^(−z_y)) + Σ_{c≠y} ln(1 + e^(z_c)))

    The predictions are logits, each of a decision of its own.

    >>> multiclass_ova(array([0.0]), array([[0.0, 0.0, 0.0]]))
    array([0.69314718])

    Source: https://catboost.ai/docs/en/concepts/loss-functions-multiclassification
    """
    wrong = np.where(one_hot(y_true, y_pred.shape[1]) > 0, -y_pred, y_pred)
    mean: Array = row_sum(softplus(wrong)) / y_pred.shape[1]
    return mean
