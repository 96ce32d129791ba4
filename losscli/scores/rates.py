"""Rates: of one class against the others, or averaged over the classes."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from losscli.arrays import Array
from losscli.confusion import Counts, confusion
from losscli.domains import CLASS_OR_ROW
from losscli.losses._params import FromLogits
from losscli.losses._twins import catboost_classes
from losscli.losses.either import CHOICE
from losscli.registry import Like, Param, score
from losscli.scores._averages import Average, PosLabel, averaged
from losscli.scores._params import Threshold, ZeroDivision
from losscli.scores._state import State, by_row


def _likes(name: str, catboost: str, *metrics: str) -> tuple[Like, ...]:
    """Return scikit-learn's name, CatBoost's and those of Keras, which all take 0/0 for 0."""
    return (
        Like(f"sklearn.metrics.{name}", "average", "pos_label", "zero_division", zero_division="0"),
        *(Like(one, "thresholds=threshold", zero_division="0") for one in metrics),
        catboost_classes(catboost, zero_division="0"),
    )


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("precision_score", "positive_predictive_value", "ppv"),
    like=_likes("precision_score", "Precision", "keras.metrics.Precision", "tf.keras.metrics.Precision"),
)
@by_row
def precision(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    average: Average = "binary",
    pos_label: PosLabel = 1,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Share of the predicted positives that are positive.

        TP / (TP + FP)

    Of the positive class of two (`average` binary), of all classes added up (micro), the mean over the classes (macro)
    or that weighted by how often each is true (weighted). Without predicted positives it is 0/0: NaN, which means
    leave out, unless `zero_division` says 0, as scikit-learn and Keras do.

    >>> precision(array([1.0, 0.0, 1.0]), array([0.9, 0.8, 0.2]), None).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics
    """
    counts = confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits)
    return averaged(_precision, counts, average, pos_label, zero_division)


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("recall_score", "sensitivity", "true_positive_rate", "tpr"),
    like=_likes("recall_score", "Recall", "keras.metrics.Recall", "tf.keras.metrics.Recall"),
)
@by_row
def recall(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    average: Average = "binary",
    pos_label: PosLabel = 1,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Share of the positives that are predicted so.

        TP / (TP + FN)

    Averaged as in `precision`; its weighted average is `accuracy`.

    >>> recall(array([1.0, 0.0, 1.0]), array([0.9, 0.8, 0.2]), None).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics
    """
    counts = confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits)
    return averaged(_recall, counts, average, pos_label, zero_division)


@score(true=CLASS_OR_ROW, pred=CHOICE, aliases=("true_negative_rate", "tnr", "selectivity"))
@by_row
def specificity(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    average: Average = "binary",
    pos_label: PosLabel = 1,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Share of the negatives that are predicted so.

        TN / (TN + FP)

    Averaged as in `precision`. Of two classes it is the `recall` of the negative one.

    >>> specificity(array([1.0, 0.0, 0.0]), array([0.9, 0.8, 0.2]), None).result()
    0.5

    Source: J. Yerushalmy (1947), Statistical problems in assessing methods of medical diagnosis, PHR 62.
    """
    counts = confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits)
    return averaged(_specificity, counts, average, pos_label, zero_division)


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("f1_score", "f_score", "f_measure", "dice_coefficient"),
    like=(
        *_likes("f1_score", "F1"),
        catboost_classes(
            "TotalF1",
            zero_division="0",
            means={"average": {"weighted": {}, "macro": {"average": "macro"}, "micro": {"average": "micro"}}},
            average="weighted",
            note="in its average=Macro a class that does not occur counts as 0",
        ),
    ),
)
@by_row
def f1(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    average: Average = "binary",
    pos_label: PosLabel = 1,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Harmonic mean of precision and recall.

        2 TP / (2 TP + FP + FN)

    Averaged as in `precision`. The F1Score of Keras adds 1e-7 twice and gives one value for each class.

    >>> f1(array([1.0, 0.0, 1.0]), array([0.9, 0.8, 0.2]), None).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics
    """
    counts = confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits)
    return averaged(partial(_fbeta, 1.0), counts, average, pos_label, zero_division)


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("fbeta_score", "f_beta"),
    like=(
        Like(
            "sklearn.metrics.fbeta_score",
            "beta",
            "average",
            "pos_label",
            "zero_division",
            beta=...,
            zero_division="0",
        ),
        catboost_classes("F", "beta", beta=..., zero_division="0"),
    ),
)
@by_row
def fbeta(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    beta: Annotated[float, Param("How many times recall matters as much as precision.", ge=0)] = 1.0,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    average: Average = "binary",
    pos_label: PosLabel = 1,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Weighted harmonic mean of precision and recall.

        (1 + beta²) TP / ((1 + beta²) TP + beta² FN + FP)

    Averaged as in `precision`; beta = 1 gives `f1`, 0 `precision`.

    >>> fbeta(array([1.0, 1.0, 1.0]), array([0.9, 0.2, 0.2]), None, beta=2.0).result()
    0.38461538461538464

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics
    """
    counts = confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits)
    return averaged(partial(_fbeta, beta), counts, average, pos_label, zero_division)


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=(
        "jaccard_score",
        "mean_iou:average=macro",
        "miou:average=macro",
        "csi",
        "critical_success_index",
        "threat_score",
    ),
    like=(Like("sklearn.metrics.jaccard_score", "average", "pos_label", "zero_division", zero_division="0"),),
)
@by_row
def class_jaccard(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    average: Average = "binary",
    pos_label: PosLabel = 1,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Intersection over union of a class: the rows that are of it and predicted so.

        TP / (TP + FP + FN)

    Averaged as in `precision`; the mean over the classes is known as mean IoU. It is F1 / (2 − F1) of the same class.
    `jaccard` is the loss of masks, each row one mask.

    >>> class_jaccard(array([1.0, 0.0, 1.0]), array([0.9, 0.8, 0.2]), None).result()
    0.3333333333333333

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#jaccard-similarity-coefficient-score
    """
    counts = confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits)
    return averaged(_overlap, counts, average, pos_label, zero_division)


def _precision(one: Counts) -> tuple[int, int]:
    return one.tp, one.tp + one.fp


def _recall(one: Counts) -> tuple[int, int]:
    return one.tp, one.tp + one.fn


def _specificity(one: Counts) -> tuple[int, int]:
    return one.tn, one.tn + one.fp


def _fbeta(beta: float, one: Counts) -> tuple[int, int]:
    n, d = beta.as_integer_ratio()
    top = (n * n + d * d) * one.tp
    return top, top + n * n * one.fn + d * d * one.fp


def _overlap(one: Counts) -> tuple[int, int]:
    return one.tp, one.tp + one.fp + one.fn
