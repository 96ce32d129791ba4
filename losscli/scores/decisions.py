"""Decisions: how often the right class was chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import fsum, nan
from typing import Annotated

import numpy as np

from losscli.arrays import Array, Integers, Mask
from losscli.confusion import Confusion, confusion
from losscli.domains import CLASS_OR_ROW, CLASS_SCORES
from losscli.exact import quotient
from losscli.losses._numeric import index
from losscli.losses._params import FromLogits, Sets
from losscli.losses._twins import catboost_classes
from losscli.losses.either import CHOICE, zero_one
from losscli.registry import Like, Param, score
from losscli.scores._params import Threshold
from losscli.scores._state import State, Sums, by_row, mass, total


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("acc", "accuracy_score", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"),
    like=(
        Like("keras.metrics.BinaryAccuracy", "threshold"),
        Like("tf.keras.metrics.BinaryAccuracy", "threshold"),
        Like("keras.metrics.Accuracy keras.metrics.CategoricalAccuracy keras.metrics.SparseCategoricalAccuracy"),
        Like(
            "tf.keras.metrics.Accuracy tf.keras.metrics.CategoricalAccuracy tf.keras.metrics.SparseCategoricalAccuracy"
        ),
        Like("sklearn.metrics.accuracy_score", sets=True, note="scikit-learn takes labels, not probabilities"),
        catboost_classes("Accuracy"),
    ),
)
@by_row
def accuracy(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    sets: Sets = False,
) -> State:
    """Share of the rows whose class is predicted right.

        Σ w·1[predicted = true] / Σ w

    A prediction may be a class, a probability of class 1 (any number strictly between 0 and 1), or a row with a score
    for each class, of which the largest counts, the first one if several are; `from_logits`, a single number is the
    logit of class 1, as CatBoost's are. With `sets` a predicted row of 0 and 1 is the set of its labels, and right if
    it is the truth's, as in scikit-learn. It is 1 − `zero-one`.

    >>> accuracy(array([0.0, 1.0]), array([0.2, 0.4]), None).result()
    0.5

    Source: https://keras.io/api/metrics/accuracy_metrics/
    """
    right = 1 - zero_one(y_true, y_pred, threshold=threshold, from_logits=from_logits, sets=sets)
    return Sums(_share, (total(weight, right), mass(weight, len(right))))


@score(
    true=CLASS_OR_ROW,
    pred=CLASS_SCORES,
    aliases=("top_k_accuracy_score", "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy"),
    like=(
        Like("keras.metrics.TopKCategoricalAccuracy keras.metrics.SparseTopKCategoricalAccuracy", "k"),
        Like("tf.keras.metrics.TopKCategoricalAccuracy tf.keras.metrics.SparseTopKCategoricalAccuracy", "k"),
        Like(
            "sklearn.metrics.top_k_accuracy_score",
            "k",
            k=2,
            ties="last",
            note="scikit-learn has k = 2, and of equal scores takes the last class",
        ),
    ),
)
@by_row
def top_k_accuracy(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    k: Annotated[int, Param("How many of the largest scores count.", ge=1)] = 5,
    ties: Annotated[
        str, Param("Whether the true class is before its equals.", choices=("win", "last", "lose"))
    ] = "win",
) -> State:
    """Share of the rows whose class is among the k largest scores.

        Σ w·1[fewer than k scores are before that of the true class] / Σ w

    A score is before another if it is larger; `ties` says what equal scores do: the true class wins (Keras), loses, or
    the last class of the row is first (scikit-learn).

    >>> top_k_accuracy(array([0.0, 1.0]), array([[0.3, 0.6, 0.1], [0.5, 0.1, 0.4]]), None, k=2).result()
    0.5

    Source: https://keras.io/api/metrics/accuracy_metrics/#topkcategoricalaccuracy-class
    """
    true = index(y_true).astype(np.intp)[:, None]
    before = BEFORE[ties](y_pred, np.take_along_axis(y_pred, true, axis=1), np.arange(y_pred.shape[1]) - true)
    right = (before.sum(axis=1) < k).astype(np.float64)
    return Sums(_share, (total(weight, right), mass(weight, len(right))))


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("balanced_accuracy_score",),
    like=(
        Like("sklearn.metrics.balanced_accuracy_score", "adjusted"),
        catboost_classes("BalancedAccuracy"),
    ),
)
@by_row
def balanced_accuracy(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    adjusted: Annotated[bool, Param("Rescale so that guessing scores 0.")] = False,
) -> State:
    """Mean over the true classes of the share that is predicted right.

        b = mean over c of Σ w·1[predicted = c = true] / Σ w·1[true = c]
        (b − 1/C) / (1 − 1/C)    adjusted

    C counts the classes that occur in the truth; only they take part.

    >>> balanced_accuracy(array([0.0, 0.0, 0.0, 1.0]), array([0.0, 0.0, 0.0, 0.0]), None).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#balanced-accuracy-score
    """
    return State(
        partial(_balanced, adjusted=adjusted),
        (confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits),),
    )


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    higher=False,
    aliases=("ber", "half_total_error_rate", "hter"),
    like=(catboost_classes("BalancedErrorRate"),),
)
@by_row
def balanced_error_rate(
    y_true: Array, y_pred: Array, weight: Array | None, *, threshold: Threshold = 0.5, from_logits: FromLogits = False
) -> State:
    """Mean over the true classes of the share that is predicted wrong.

        mean over c of Σ w·1[predicted ≠ c = true] / Σ w·1[true = c]

    It is 1 − `balanced-accuracy`.

    >>> balanced_error_rate(array([0.0, 0.0, 0.0, 1.0]), array([0.0, 0.0, 1.0, 1.0]), None).result()
    0.16666666666666666

    Source: https://catboost.ai/docs/en/concepts/loss-functions-classification
    """
    return State(
        _balanced_error,
        (confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits),),
    )


BEFORE: dict[str, Callable[[Array, Array, Integers], Mask]] = {
    "win": lambda scores, own, _: scores > own,
    "last": lambda scores, own, step: (scores > own) | ((scores == own) & (step > 0)),
    "lose": lambda scores, own, step: (scores > own) | ((scores == own) & (step != 0)),
}
"""Which scores of a row are before the true class's own, given how many columns after it they stand."""


def _share(right: int, whole: int) -> float:
    return quotient(right, whole) if whole else nan


def _balanced(table: Confusion, *, adjusted: bool) -> float:
    shares = [quotient(one.tp, one.tp + one.fn) for _, one in table.each() if one.tp + one.fn]
    if not shares:
        return nan
    mean, chance = fsum(shares) / len(shares), 1 / len(shares)
    if adjusted:
        return (mean - chance) / (1 - chance) if chance < 1 else nan
    return mean


def _balanced_error(table: Confusion) -> float:
    shares = [quotient(one.fn, one.tp + one.fn) for _, one in table.each() if one.tp + one.fn]
    return fsum(shares) / len(shares) if shares else nan
