"""Multiclass: one class of several."""

from __future__ import annotations

from math import log
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import CLASS, CLASS_LOGITS, CLASS_OR_ONE_HOT, CLASS_OR_ROW, CLASS_PROBABILITIES, CLASS_SCORES
from losscli.losses._numeric import log_softmax, one_hot, row_sum, silent, smooth, weighed
from losscli.losses._params import ClassWeight, Eps, FromLogits, IgnoreIndex, LabelSmoothing, LogFloor
from losscli.losses._twins import NORMALIZE, both_keras, keras_metrics, optax, tf1, torch
from losscli.registry import Like, Param, loss

PREDICTION = When("from_logits", CLASS_LOGITS, CLASS_PROBABILITIES)

UNSEEN = "Keras divides each row by its sum before it clips, so a row that does not sum to 1 passes unseen"
AFTER = "Keras (TensorFlow) clips each row and then divides it by its sum, the other way round than for ce"
RIVAL = "Keras compares with a score of 0 if every wrong class scores less"


@loss(
    true=CLASS_OR_ROW,
    pred=PREDICTION,
    aliases=(
        "categorical_crossentropy",
        "cce",
        "softmax_cross_entropy:from_logits",
        "softmax_cross_entropy_with_logits:from_logits",
        "softmax_cross_entropy_with_logits_v2:from_logits",
        "CrossEntropyLoss:from_logits",
        "MultiClass:from_logits",
        "multi_logloss",
        "mlogloss",
    ),
    like=(
        *both_keras(
            "CategoricalCrossentropy categorical_crossentropy",
            "from_logits",
            "label_smoothing",
            renormalise=True,
            eps=1e-7,
            note=UNSEEN,
        ),
        *keras_metrics(
            "CategoricalCrossentropy", "from_logits", "label_smoothing", renormalise=True, eps=1e-7, note=UNSEEN
        ),
        tf1("softmax_cross_entropy", "label_smoothing", from_logits=True),
        Like("tf.nn.softmax_cross_entropy_with_logits", from_logits=True),
        torch(
            "CrossEntropyLoss",
            "cross_entropy",
            "weight=class_weight",
            "ignore_index",
            "label_smoothing",
            reduction="mean",
            rows_reduction="count-mean",
            from_logits=True,
            ignore_index=-100,
            note="with class weights PyTorch divides by their sum for class labels, but by the number of rows for rows",
        ),
        Like("sklearn.metrics.log_loss", means=NORMALIZE, eps=2.0**-52),
        optax("softmax_cross_entropy safe_softmax_cross_entropy", from_logits=True),
        Like("xgboost.mlogloss", log_floor=log(1.0000000168623835e-16)),
        Like("lightgbm.multi_logloss", log_floor=-34.53877639770508),  # as for lightgbm.binary_logloss
        Like("catboost.MultiClass", from_logits=True),
    ),
)
@silent
def ce(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: FromLogits = False,
    label_smoothing: LabelSmoothing = 0.0,
    class_weight: ClassWeight = None,
    ignore_index: IgnoreIndex = None,  # noqa: ARG001  the engine leaves those rows out
    renormalise: Annotated[bool, Param("Divide each row by its sum before clipping.")] = False,
    eps: Eps = 0.0,
    log_floor: LogFloor = None,
) -> Array:
    """Cross-entropy: the negative log likelihood of a class.

        −Σ_c y_c ln p_c,  p = softmax(z) from logits z

    The truth is a class or a row over the classes (one-hot or soft). A true class with probability 0 costs infinity;
    `renormalise` and then `eps` (Keras), `eps` alone (scikit-learn) and `log_floor` (XGBoost, LightGBM) hide that. None
    of them acts on logits. With class weights w a row weighs Σ w_c y_c and its loss is −Σ w_c y_c ln p_c / Σ w_c y_c.
    A name that means different things: `cross_entropy` takes logits, as in PyTorch; LightGBM's and CatBoost's is `bce`.

    >>> ce(array([1.0, 0.0]), array([[0.05, 0.95, 0.0], [0.9, 0.05, 0.05]]))
    array([0.05129329, 0.10536052])

    Source: https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class
    """
    logs = log_softmax(y_pred) if from_logits else _logs(y_pred, eps, log_floor, renormalise=renormalise)
    classes = y_pred.shape[1]
    rows = one_hot(y_true, classes)
    weights = np.ones(classes) if class_weight is None else np.asarray(class_weight)
    share = 1.0 if class_weight is None else _nonzero(row_sum(rows * weights))
    total = row_sum(weighed(smooth(rows, label_smoothing, classes) * weights, logs))
    return (0.0 - total) / share


@loss(
    true=CLASS,
    pred=PREDICTION,
    aliases=(
        "sparse_categorical_crossentropy",
        "scce",
        "sparse_softmax_cross_entropy:from_logits",
        "sparse_softmax_cross_entropy_with_logits:from_logits",
        "softmax_cross_entropy_with_integer_labels:from_logits",
    ),
    like=(
        *both_keras(
            "SparseCategoricalCrossentropy sparse_categorical_crossentropy",
            "from_logits",
            "ignore_class=ignore_index",
            eps=1e-7,
            renormalise=True,
            note=AFTER,
        ),
        *keras_metrics("SparseCategoricalCrossentropy", "from_logits", eps=1e-7, renormalise=True, note=AFTER),
        torch(
            "CrossEntropyLoss",
            "cross_entropy",
            "weight=class_weight",
            "ignore_index",
            reduction="mean",
            from_logits=True,
            ignore_index=-100,
        ),
        Like("sklearn.metrics.log_loss", eps=2.0**-52),
        tf1("sparse_softmax_cross_entropy", from_logits=True),
        Like("tf.nn.sparse_softmax_cross_entropy_with_logits", from_logits=True),
        optax("softmax_cross_entropy_with_integer_labels", from_logits=True),
    ),
)
@silent
def sparse_ce(
    y_true: Array,
    y_pred: Array,
    *,
    from_logits: FromLogits = False,
    class_weight: ClassWeight = None,  # noqa: ARG001  the engine weighs the rows
    ignore_index: IgnoreIndex = None,  # noqa: ARG001  the engine leaves those rows out
    eps: Eps = 0.0,
    renormalise: Annotated[bool, Param("Divide each row by its sum after clipping.")] = False,
) -> Array:
    """Cross-entropy of class labels: the negative log probability of the true class.

        −ln p_y,  p = softmax(z) from logits z

    `ce` gives the same number and takes rows as well. A true class with probability 0 costs infinity; Keras clips
    (`eps`) and then divides by the row's sum (`renormalise`). Neither acts on logits.

    >>> sparse_ce(array([1.0, 0.0]), array([[0.05, 0.95, 0.0], [0.9, 0.05, 0.05]]))
    array([0.05129329, 0.10536052])

    Source: https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class
    """
    if from_logits:
        logs = log_softmax(y_pred)
    else:
        inside = np.clip(y_pred, eps, 1 - eps)
        logs = np.log(inside / row_sum(inside)[:, None] if renormalise else inside)
    own: Array = np.take_along_axis(logs, y_true.astype(np.intp)[:, None], axis=1)[:, 0]
    return 0.0 - own


@loss(
    true=CLASS_OR_ROW,
    pred=PREDICTION,
    aliases=("categorical_focal_crossentropy",),
    like=both_keras(
        "CategoricalFocalCrossentropy categorical_focal_crossentropy",
        "alpha",
        "gamma",
        "from_logits",
        "label_smoothing",
        alpha=0.25,
        renormalise=True,
        eps=1e-7,
        note="Keras multiplies every class by alpha = 0.25",
    ),
)
@silent
def categorical_focal(
    y_true: Array,
    y_pred: Array,
    *,
    gamma: Annotated[float, Param("How strongly easy samples are played down; 0 gives ce.", ge=0)] = 2.0,
    alpha: Annotated[float | None, Param("A factor for every class.", gt=0)] = None,
    from_logits: FromLogits = False,
    label_smoothing: LabelSmoothing = 0.0,
    renormalise: Annotated[bool, Param("Divide each row by its sum before clipping.")] = False,
    eps: Eps = 0.0,
) -> Array:
    """Cross-entropy in which samples that are predicted well count less.

        Σ_c alpha·(1 − p_c)^gamma·(−y_c ln p_c),  p = softmax(z) from logits z

    A true class with probability 0 costs infinity. Keras multiplies by alpha = 0.25 whatever the class, and clips
    (`eps`) the softmax of logits too.

    >>> categorical_focal(array([1.0, 0.0]), array([[0.05, 0.95, 0.0], [0.9, 0.05, 0.05]]))
    array([0.00012823, 0.00105361])

    Source: T.-Y. Lin et al. (2017), Focal loss for dense object detection, ICCV.
    """
    logs = _clipped(log_softmax(y_pred), eps) if from_logits else _logs(y_pred, eps, renormalise=renormalise)
    rows = smooth(one_hot(y_true, y_pred.shape[1]), label_smoothing, y_pred.shape[1])
    factor = 1.0 if alpha is None else alpha
    return 0.0 - row_sum(weighed(rows * factor * (-np.expm1(logs)) ** gamma, logs))


@loss(
    true=CLASS_OR_ONE_HOT,
    pred=CLASS_SCORES,
    aliases=("multiclass_hinge_loss", "crammer-singer"),
    like=(
        *both_keras(
            "CategoricalHinge categorical_hinge",
            rival_floor=0.0,
            note=RIVAL,
        ),
        *keras_metrics("CategoricalHinge", rival_floor=0.0, note=RIVAL),
        Like("optax.losses.multiclass_hinge_loss"),
        Like("sklearn.metrics.hinge_loss"),
    ),
)
@silent
def categorical_hinge(
    y_true: Array,
    y_pred: Array,
    *,
    rival_floor: Annotated[float | None, Param("Take the best wrong score to be at least this.")] = None,
) -> Array:
    """How far the true class falls short of beating every other score by 1.

        max(0, 1 + max_{c≠y} s_c − s_y)

    This is the loss of Crammer and Singer. Keras takes the maximum over the wrong classes and 0 (`rival_floor`), which
    is larger where every wrong class has a negative score.

    >>> categorical_hinge(array([0.0, 2.0]), array([[3.2, 5.1, -1.7], [2.2, 2.5, -3.1]]))
    array([2.9, 6.6])

    Source: K. Crammer and Y. Singer (2001), On the algorithmic implementation of multiclass kernel-based vector
    machines, Journal of Machine Learning Research 2.
    """
    truth = one_hot(y_true, y_pred.shape[1]) > 0
    own = np.max(np.where(truth, y_pred, -np.inf), axis=1)
    rival: Array = np.max(np.where(truth, -np.inf, y_pred), axis=1)
    margin: Array = 1 + ((rival if rival_floor is None else np.maximum(rival, rival_floor)) - own)
    return np.maximum(0.0, margin)


def _clipped(logs: Array, eps: float) -> Array:
    return np.clip(logs, np.log(eps), np.log(1 - eps))


def _logs(y_pred: Array, eps: float, log_floor: float | None = None, *, renormalise: bool) -> Array:
    """Return ln p, after the corrections that the frameworks make so that it is finite."""
    rows = y_pred / row_sum(y_pred)[:, None] if renormalise else y_pred
    return np.maximum(_clipped(np.log(rows), eps), -np.inf if log_floor is None else log_floor)


def _nonzero(values: Array) -> Array:
    return np.where(values == 0, 1.0, values)
