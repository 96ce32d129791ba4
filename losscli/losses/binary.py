"""Binary: yes or no."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import LOGIT, PROBABILITY, SCORE, SIGN, TARGET
from losscli.losses._numeric import log_odds, sigmoid, silent, smooth, softplus, weighed
from losscli.losses._params import Eps, FromLogits, LabelSmoothing, LogFloor, LogOffset
from losscli.losses._twins import NORMALIZE, both_keras, keras, keras2, keras_metrics, optax, tf1, torch
from losscli.registry import Like, Param, loss

PREDICTION = When("from_logits", LOGIT, PROBABILITY)
TWICE = "Keras 2 clips to 1e-7 and adds 1e-7 again, so a certain and wrong probability costs 15.42, not 16.12"

LABELS: dict[str, Callable[[Array], Array]] = {
    "either": lambda labels: np.where(labels == 0, -1.0, labels),
    "sign": lambda labels: labels,
    "binary": lambda labels: 2 * labels - 1,
    "nonzero": lambda labels: np.where(labels == 0, -1.0, 1.0),
    "negative": lambda labels: np.where(np.isnan(labels), np.nan, -1.0),
}
Labels = Annotated[
    str,
    Param(
        "0 as -1 (either), as is (sign), 2y-1 (binary), nonzero as 1, all -1 (negative).",
        choices=tuple(LABELS),
    ),
]


@loss(
    true=TARGET,
    pred=PREDICTION,
    for_rows="ce",
    aliases=(
        "binary_crossentropy",
        "log_loss",
        "binary_logloss",
        "log-score",
        "sigmoid_cross_entropy_with_logits:from_logits",
        "BCEWithLogitsLoss:from_logits",
        "sigmoid_binary_cross_entropy:from_logits",
        "binary_logistic_loss:from_logits",
        "sigmoid_cross_entropy:from_logits",
    ),
    like=(
        keras("BinaryCrossentropy binary_crossentropy", "from_logits", "label_smoothing", eps=1e-7),
        keras2(
            "BinaryCrossentropy binary_crossentropy",
            "from_logits",
            "label_smoothing",
            eps=1e-7,
            log_offset=1e-7,
            note=TWICE,
        ),
        Like("keras.metrics.BinaryCrossentropy", "from_logits", "label_smoothing", reduction="mean", eps=1e-7),
        Like(
            "tf.keras.metrics.BinaryCrossentropy",
            "from_logits",
            "label_smoothing",
            reduction="mean",
            eps=1e-7,
            log_offset=1e-7,
            note=TWICE,
        ),
        tf1("log_loss", "epsilon=log_offset", log_offset=1e-7, note="a perfect prediction costs a little less than 0"),
        tf1("sigmoid_cross_entropy", "label_smoothing", from_logits=True),
        Like("tf.nn.sigmoid_cross_entropy_with_logits", from_logits=True),
        torch("BCELoss", "binary_cross_entropy", log_floor=-100.0),
        Like("sklearn.metrics.log_loss", means=NORMALIZE, eps=2.0**-52),
        optax("sigmoid_binary_cross_entropy", from_logits=True),
        Like("xgboost.logloss", log_floor=log(1.0000000168623835e-16)),
        Like(
            "lightgbm.binary_logloss",
            log_floor=-34.53877639770508,  # ln 1e-15 as a float32, in which LightGBM takes it
            note="LightGBM reads every label above 0 as 1; its cross_entropy takes shares",
        ),
        Like("lightgbm.cross_entropy", log_floor=log(1e-12)),
        Like("catboost.CrossEntropy", from_logits=True),
        Like(
            "catboost.Logloss",
            from_logits=True,
            note="CatBoost reads a label above 0.5 as 1, any other as 0; its CrossEntropy takes shares",
        ),
    ),
)
@silent
def bce(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: FromLogits = False,
    label_smoothing: LabelSmoothing = 0.0,
    eps: Eps = 0.0,
    log_offset: LogOffset = 0.0,
    log_floor: LogFloor = None,
) -> Array:
    """Binary cross-entropy: the negative log likelihood of a yes or no.

        −[y ln p + (1 − y) ln(1 − p)]
        y ln(1 + e⁻ᶻ) + (1 − y) ln(1 + eᶻ)    from logits z

    The truth is 0, 1 or a share between them. A certain and wrong probability costs infinity; frameworks hide that:
    `eps` clips (Keras, scikit-learn), `log_offset` adds inside the logarithm (TensorFlow 1; Keras 2 does both) and
    `log_floor` bounds the logarithm (PyTorch −100). None of them acts on logits.
    A name that means different things: `log_loss` is this one, and `ce` for rows of class probabilities.

    >>> bce(array([1.0, 0.0]), array([0.9, 0.5]))
    array([0.10536052, 0.69314718])

    Source: https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class
    """
    target = smooth(y_true, label_smoothing, 2)
    return _cross_entropy(target, _logs(y_pred, eps, log_offset, log_floor, from_logits=from_logits))


@loss(
    true=TARGET,
    pred=PREDICTION,
    aliases=("weighted_cross_entropy_with_logits", "pos_weight"),
    like=(
        Like("tf.nn.weighted_cross_entropy_with_logits", "pos_weight", pos_weight=...),
        torch("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", "pos_weight"),
    ),
)
@silent
def weighted_bce(
    y_true: Array,
    y_pred: Array,
    *,
    pos_weight: Annotated[float, Param("How many times a positive sample counts.", ge=0)] = 1.0,
    from_logits: FromLogits = True,
) -> Array:
    """Binary cross-entropy in which a positive sample counts several times.

        pos_weight·y ln(1 + e⁻ᶻ) + (1 − y) ln(1 + eᶻ)

    The predictions are logits z unless `from_logits` is off; then a certain and wrong probability costs infinity. With
    pos_weight = 1 it is `bce`.

    >>> weighted_bce(array([1.0, 0.0]), array([0.5, 0.5]), pos_weight=3.0)
    array([1.42223095, 0.97407698])

    Source: https://www.tensorflow.org/api_docs/python/tf/nn/weighted_cross_entropy_with_logits
    """
    of_one, of_zero = _logs(y_pred, from_logits=from_logits)
    return 0.0 - (weighed(pos_weight * y_true, of_one) + weighed(1 - y_true, of_zero))


@loss(
    true=TARGET,
    pred=PREDICTION,
    aliases=("binary_focal_crossentropy", "sigmoid_focal_loss:from_logits"),
    like=(
        keras(
            "BinaryFocalCrossentropy binary_focal_crossentropy",
            "apply_class_balancing=balanced",
            "alpha",
            "gamma",
            "from_logits",
            "label_smoothing",
            alpha=0.25,
            balanced=False,
            eps=1e-7,
            note="Keras ignores alpha unless apply_class_balancing is set",
        ),
        keras2(
            "BinaryFocalCrossentropy binary_focal_crossentropy",
            "apply_class_balancing=balanced",
            "alpha",
            "gamma",
            "from_logits",
            "label_smoothing",
            alpha=0.25,
            balanced=False,
            eps=1e-7,
            log_offset=1e-7,
            note="Keras ignores alpha unless apply_class_balancing is set",
        ),
        optax("sigmoid_focal_loss", "alpha", "gamma", from_logits=True),
        Like(
            "catboost.Focal",
            "focal_alpha=alpha",
            "focal_gamma=gamma",
            from_logits=True,
            alpha=...,
            gamma=...,
            note="CatBoost keeps a probability 1e-13 away from 0 and 1",
        ),
    ),
)
@silent
def focal(
    y_true: Array,
    y_pred: Array,
    *,
    gamma: Annotated[float, Param("How strongly easy samples are played down; 0 gives bce.", ge=0)] = 2.0,
    alpha: Annotated[
        float | None, Param("Weight of a positive sample, 1 - alpha that of a negative.", ge=0, le=1)
    ] = None,
    balanced: Annotated[bool, Param("Weigh by alpha, if it is given.")] = True,
    from_logits: FromLogits = False,
    label_smoothing: LabelSmoothing = 0.0,
    eps: Eps = 0.0,
    log_offset: LogOffset = 0.0,
) -> Array:
    """Binary cross-entropy in which samples that are predicted well count less.

        p_t = y·p + (1 − y)(1 − p)
        (1 − p_t)^gamma · bce                              without alpha
        (alpha·y + (1 − alpha)(1 − y)) · (1 − p_t)^gamma · bce   with alpha

    A certain and wrong probability costs infinity; `eps` and `log_offset` are those of `bce`. Keras has alpha = 0.25 in
    its signature and leaves it unused; the paper uses it.

    >>> focal(array([1.0, 0.0]), array([0.8, 0.8]))
    array([0.00892574, 1.03004026])

    Source: T.-Y. Lin et al. (2017), Focal loss for dense object detection, ICCV.
    """
    target = smooth(y_true, label_smoothing, 2)
    p, q = (sigmoid(y_pred), sigmoid(-y_pred)) if from_logits else (y_pred, 1 - y_pred)
    wrong = target * q + (1 - target) * p
    weight = target * alpha + (1 - target) * (1 - alpha) if balanced and alpha is not None else 1.0
    return weighed(
        weight * wrong**gamma, _cross_entropy(target, _logs(y_pred, eps, log_offset, from_logits=from_logits))
    )


@loss(
    true=SIGN,
    pred=SCORE,
    for_rows="categorical-hinge",
    like=(
        *both_keras("Hinge hinge"),
        *keras_metrics("Hinge"),
        tf1(
            "hinge_loss", labels="binary", note="TensorFlow 1 reads labels as 0 and 1 only: a label of -1 counts as -3"
        ),
        Like(
            "sklearn.metrics.hinge_loss",
            one_class={"labels": "negative"},
            note="where one class alone occurs, scikit-learn takes it for the negative one, even if labels names two",
        ),
        optax("hinge_loss", labels="sign", note="optax does not convert labels: a label of 0 costs 1 at any score"),
        Like("catboost.HingeLoss"),
    ),
)
@silent
def hinge(y_true: Array, y_pred: Array, *, labels: Labels = "either") -> Array:
    """How far a score falls short of 1 on its own side.

        max(0, 1 − t·s),  t = −1 or 1

    The label 0 is read as −1, row by row. The score is any number, not a probability.

    >>> hinge(array([0.0, 1.0]), array([0.5, 0.3]))
    array([1.5, 0.7])

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#hinge-loss
    """
    return np.maximum(0.0, 1 - LABELS[labels](y_true) * y_pred)


@loss(true=SIGN, pred=SCORE, like=(*both_keras("SquaredHinge squared_hinge"), *keras_metrics("SquaredHinge")))
@silent
def squared_hinge(y_true: Array, y_pred: Array) -> Array:
    """Square of the hinge loss, smooth at the margin.

        max(0, 1 − t·s)²,  t = −1 or 1

    The label 0 is read as −1, row by row.

    >>> squared_hinge(array([0.0, 1.0]), array([0.5, 0.3]))
    array([2.25, 0.49])

    Source: https://keras.io/api/losses/hinge_losses/#squaredhinge-class
    """
    return np.square(hinge(y_true, y_pred))


def _logs(
    y_pred: Array, eps: float = 0.0, log_offset: float = 0.0, log_floor: float | None = None, *, from_logits: bool
) -> tuple[Array, Array]:
    """Return ln p and ln(1 − p)."""
    return (-softplus(-y_pred), -softplus(y_pred)) if from_logits else log_odds(y_pred, eps, log_offset, log_floor)


def _cross_entropy(target: Array, logs: tuple[Array, Array]) -> Array:
    return 0.0 - (weighed(target, logs[0]) + weighed(1 - target, logs[1]))
