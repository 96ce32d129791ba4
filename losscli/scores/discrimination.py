"""Discrimination: whether scores rank the positives before the negatives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import fsum, isnan, nan
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import CLASS_OR_ONE_HOT, LABEL_SET, REAL, SCORE_OR_ROW, VECTOR
from losscli.exact import ExactSum, quotient, ratio
from losscli.losses._numeric import few_at_a_time, index, row_sum
from losscli.registry import Like, Param, score
from losscli.scores._state import Rows, State, by_element, by_row, given, mass, midranks, ordered, starts, total

Average = Annotated[
    str, Param("Mean over the classes of a row: plain, or by frequency.", choices=("macro", "weighted"))
]
Undefined = Annotated[float | None, Param("What it is taken for where it is not defined; none is NaN.")]


@score(
    true=CLASS_OR_ONE_HOT,
    pred=SCORE_OR_ROW,
    aliases=("auc", "auroc", "roc_auc_score", "c_statistic"),
    like=(
        Like("sklearn.metrics.roc_auc_score", "average", note="for more than two classes it is multi_class='ovr'"),
        Like("xgboost.auc"),
        Like("lightgbm.auc", undefined=1.0, note="LightGBM gives 1 where there is one class only"),
        Like("catboost.AUC", undefined=0.0, note="CatBoost gives 0 where there is one class only"),
        Like(
            "keras.metrics.AUC",
            "num_thresholds=thresholds",
            thresholds=200,
            undefined=0.0,
            note="Keras looks at 200 thresholds between 0 and 1 only: scores between two of them count as equal",
        ),
        Like(
            "tf.keras.metrics.AUC",
            "num_thresholds=thresholds",
            thresholds=200,
            undefined=0.0,
            note="Keras looks at 200 thresholds between 0 and 1 only: scores between two of them count as equal",
        ),
    ),
)
@by_row
def roc_auc(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    average: Average = "macro",
    thresholds: Annotated[int | None, Param("Look at so many thresholds from 0 to 1 only.", ge=2)] = None,
    undefined: Undefined = None,
) -> State:
    """Area under the ROC curve: how often a positive outscores a negative.

        Σ w_i w_j (1[s_i > s_j] + ½·1[s_i = s_j]) / Σ w_i w_j,  i positive, j negative

    Exact, whatever the scores' scale; ties count one half. Of rows with a score for each class each class stands
    against all others, and the mean over the classes is taken. NaN where one class alone occurs.

    Every row is held in memory.

    >>> roc_auc(array([0.0, 1.0, 0.0, 1.0]), array([0.1, 0.4, 0.4, 0.8]), None).result()
    0.875

    Source: J. A. Hanley and B. J. McNeil (1982), The meaning and use of the area under a ROC curve, Radiology 143.
    """
    if thresholds is not None:
        edges = np.concatenate([[-1e-7], np.arange(1, thresholds - 1) / (thresholds - 1), [1 + 1e-7]])
        y_pred = np.searchsorted(edges, y_pred).astype(np.float64)
    return _against_others(partial(_averaged, _auc, average, undefined), y_true, y_pred, weight)


@score(
    true=CLASS_OR_ONE_HOT,
    pred=SCORE_OR_ROW,
    aliases=("average_precision_score", "aucpr", "pr_auc", "auprc"),
    like=(
        Like(
            "sklearn.metrics.average_precision_score",
            "average",
            undefined=0.0,
            note="scikit-learn gives 0 where there is no positive",
        ),
        Like("lightgbm.average_precision"),
        Like("xgboost.aucpr", interpolation="counts"),
        Like("catboost.PRAUC", interpolation="linear", note="CatBoost refuses data without a positive"),
    ),
)
@by_row
def average_precision(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    average: Average = "macro",
    interpolation: Annotated[
        str, Param("Between two scores: steps, straight lines, or true counts.", choices=("steps", "linear", "counts"))
    ] = "steps",
    undefined: Undefined = None,
) -> State:
    """Mean precision at each positive: the area under the precision-recall steps.

        Σ_n (R_n − R_(n−1)) P_n,  over the different scores from the highest down

    Equal scores are one step. Of rows with a score for each class each class stands against all others, and the mean
    over the classes is taken. NaN where there is no positive. Other areas under the same points are CatBoost's PRAUC,
    with straight lines between them (`linear`), and XGBoost's aucpr, in which positives and negatives grow evenly from
    one to the next (`counts`; Davis and Goadrich 2006), NaN where there is no negative.

    Every row is held in memory.

    >>> average_precision(array([0.0, 1.0, 0.0, 1.0]), array([0.1, 0.4, 0.3, 0.8]), None).result()
    1.0

    Source: https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html
    """
    return _against_others(partial(_averaged, BETWEEN[interpolation], average, undefined), y_true, y_pred, weight)


@score(
    true=REAL,
    pred=REAL,
    aliases=("gini", "gini_normalized"),
    like=(
        Like(
            "catboost.NormalizedGini",
            note="CatBoost reads a true value above 0.5 as 1, any other as 0: the numbers agree for two classes alone",
        ),
    ),
)
@by_element
def normalized_gini(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Gini index of the truth in the order of the prediction, over that in its own.

        G(y_pred) / G(y_true),  G(s) = 2 Σ w·y_true·rank(s) − Σw · Σ w·y_true

    rank(s) is the weight below a score and half of that at it. Of classes 0 and 1 it is 2·`roc-auc` − 1. NaN for a
    constant truth.

    Every row is held in memory.

    >>> normalized_gini(array([0.0, 1.0, 0.0, 1.0]), array([0.1, 0.4, 0.4, 0.8]), None).result()
    0.75

    Source: https://catboost.ai/docs/en/references/normalized-gini
    """
    return State(_normalized_gini, (Rows.of(y_true, y_pred, given(weight, len(y_true))),))


@score(
    true=LABEL_SET,
    pred=VECTOR,
    aliases=("label_ranking_average_precision_score", "lrap"),
    like=(Like("sklearn.metrics.label_ranking_average_precision_score"),),
)
@by_row
def label_ranking_average_precision(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Mean over rows of how many labels ranked as high as a present one are present.

        1/|Y| Σ_{j∈Y} |{k ∈ Y: s_k ≥ s_j}| / |{k: s_k ≥ s_j}|,  Y the labels of a row

    The truth is a row of 0 and 1. Equal scores share the lowest of their ranks. A row in which every label is present,
    or none, scores 1. It is `average-precision` turned round: of the labels of a row, not of the rows of a label.

    >>> label_ranking_average_precision(array([[1.0, 0.0, 0.0]]), array([[0.75, 0.5, 1.0]]), None).result()
    0.5

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#label-ranking-average-precision
    """
    values = few_at_a_time(_label_ranking, y_true, y_pred)
    return State(ratio, (total(weight, values), mass(weight, len(values))))


def _label_ranking(y_true: Array, y_pred: Array) -> Array:
    present = y_true == 1
    above = y_pred[:, None, :] >= y_pred[:, :, None]
    right = np.sum(above & present[:, None, :], axis=2) / np.sum(above, axis=2)
    count = np.sum(present, axis=1)
    mean: Array = row_sum(np.where(present, right, 0.0)) / np.maximum(count, 1)
    return np.where(count == 0, 1.0, mean)


def _against_others(finish: Callable[[Rows], float], y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Return the state of a score of one class against the others: class 1 of single scores, every class of rows."""
    columns = y_pred.T if y_pred.ndim > 1 else (y_pred,)
    return State(finish, (Rows.of(index(y_true), given(weight, len(y_true)), *columns),))


def _averaged(area: Callable[[Array, Array, Array], float], average: str, undefined: float | None, rows: Rows) -> float:
    if not rows.chunks:
        return nan
    truth, weight, *columns = rows.columns()
    first = 1 if len(columns) < 3 else 0  # noqa: PLR2004  of two classes, class 1 stands for both
    scores = columns if len(columns) == 1 else columns[first:]
    areas, shares = [], []
    for label, column in enumerate(scores, first):
        ordering, true, w = ordered(column, truth, weight)
        positive, negative = np.where(true == label, w, 0.0), np.where(true == label, 0.0, w)
        edges = starts(ordering)
        up, down = np.add.reduceat(positive, edges), np.add.reduceat(negative, edges)
        found = area(up, down, np.cumsum(down) - down / 2)
        areas.append(undefined if isnan(found) and undefined is not None else found)
        shares.append(ExactSum.of(positive).units)
    if average == "macro" or len(areas) == 1:
        return fsum(areas) / len(areas)
    return fsum(one * quotient(share, sum(shares)) for one, share in zip(areas, shares, strict=True))


def _auc(up: Array, down: Array, below: Array) -> float:
    """Return the area from the weight of positives and negatives at each score, and of the negatives below it."""
    pairs = ExactSum.of(up).units * ExactSum.of(down).units
    one = ExactSum.whole(1).units
    return quotient(ExactSum.of(up, below).units * one, pairs) if pairs else nan


def _average_precision(up: Array, down: Array, _: Array) -> float:
    positives = ExactSum.of(up)
    if not positives.units:
        return nan
    found = np.cumsum(up[::-1])
    seen = found + np.cumsum(down[::-1])
    steps = np.flatnonzero(up[::-1])
    return quotient(ExactSum.of(up[::-1][steps], found[steps] / seen[steps]).units, positives.units)


def _lines(up: Array, down: Array, _: Array) -> float:
    """Return the area under straight lines between the points, from a precision of 1 on."""
    found, seen = np.cumsum(up[::-1]), np.cumsum((up + down)[::-1])
    precision = found / seen
    before = np.append(1.0, precision[:-1])
    positives = ExactSum.of(up)
    return ratio(ExactSum.of(up[::-1], (before + precision) / 2), positives) if positives.units else nan


def _even_counts(up: Array, down: Array, _: Array) -> float:
    """Return the area where true and false positives grow in proportion from one point to the next.

    Between the counts (t, f) and (t + u, f + d) it is g·(u − c·ln(seen after / before)), with g = u / (u + d) and
    c = (u·f − d·t) / (u + d).
    """
    positives, negatives = ExactSum.of(up), ExactSum.of(down)
    if not positives.units or not negatives.units:
        return nan
    u, d = up[::-1], down[::-1]
    t, f = np.cumsum(u) - u, np.cumsum(d) - d
    c = (u * f - d * t) / (u + d)
    grown = np.where(c == 0, 0.0, c * np.log1p((u + d) / (t + f)))
    return ratio(ExactSum.of(u / (u + d), u - grown), positives)


BETWEEN: dict[str, Callable[[Array, Array, Array], float]] = {
    "steps": _average_precision,
    "linear": _lines,
    "counts": _even_counts,
}
"""Choice of ``interpolation`` -> the area under the precision-recall curve."""


def _normalized_gini(rows: Rows) -> float:
    if not rows.chunks:
        return nan
    y_true, y_pred, weight = rows.columns()
    mine, best = (_gini(*ordered(by, y_true, weight)) for by in (y_pred, y_true))
    return quotient(mine, best) if best else nan


def _gini(by: Array, y_true: Array, weight: Array) -> int:
    one = ExactSum.whole(1).units
    ranked = ExactSum.of(weight, y_true, midranks(by, weight)).units * one
    return 2 * ranked - ExactSum.of(weight).units * ExactSum.of(weight, y_true).units
