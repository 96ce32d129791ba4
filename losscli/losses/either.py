"""Binary or multiclass: a class, however predicted."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array, Mask
from losscli.domain import When
from losscli.domains import CLASS_OR_ROW, CLASS_SCORES, DECISION, LOGIT_OR_ROW, PROBABILITY_OR_ROW
from losscli.losses._numeric import decided, index, one_hot, row_sum, sigmoid, silent
from losscli.losses._params import FromLogits, Sets
from losscli.losses._twins import NORMALIZE, catboost_classes
from losscli.registry import Like, Param, loss

CHOICE = When("from_logits", LOGIT_OR_ROW, DECISION)


@loss(
    true=CLASS_OR_ROW,
    pred=When("from_logits", LOGIT_OR_ROW, PROBABILITY_OR_ROW),
    aliases=("brier_score_loss",),
    like=(
        Like(
            "sklearn.metrics.brier_score_loss",
            means={
                "scale_by_half": {
                    "auto": {},
                    "true": {"halve": "always"},
                    "false": {"halve": "never", "both_classes": True},
                }
            },
            halve="pairs",
            note="scikit-learn halves the sum over two classes and does not halve it over more",
        ),
        Like("catboost.BrierScore", from_logits=True),
    ),
)
@silent
def brier(
    y_true: Array,
    y_pred: Array,
    *,
    halve: Annotated[
        str, Param("Halve the sum over a row: never, of two classes, or always.", choices=("never", "pairs", "always"))
    ] = "never",
    both_classes: Annotated[bool, Param("Count class 0 of a single probability, too: twice the cost.")] = False,
    from_logits: FromLogits = False,
) -> Array:
    """Squared error of a probability, summed over the classes of a row.

        (p − y)²                of a probability, p = 1 / (1 + e⁻ᶻ) from a logit z
        Σ_c (p_c − 1[c = y])²   of a row over the classes, p = softmax(z) from logits z

    The truth is a class or a row over the classes. A row (1 − p, p) costs twice what p alone costs, unless
    `halve` is `pairs`, as in scikit-learn. CatBoost takes logits of class 1.

    >>> brier(array([0.0, 1.0]), array([0.1, 0.8])), brier(array([2.0]), array([[0.2, 0.3, 0.5]]))
    (array([0.01, 0.04]), array([0.38]))

    Source: G. W. Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78.
    """
    if y_pred.ndim == 1:
        # σ(z) − 1 = −σ(−z), in which nothing cancels
        error = sigmoid(np.where(y_true > 0, -y_pred, y_pred)) if from_logits else y_pred - y_true
        return np.square(error) * (2 if both_classes else 1)
    classes = y_pred.shape[1]
    rows = one_hot(y_true, classes)
    total = row_sum(np.square(_softmax_less(rows, y_pred) if from_logits else y_pred - rows))
    return total / 2 if halve == "always" or (halve == "pairs" and classes == 2) else total  # noqa: PLR2004  a pair


@loss(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    for_rows="hamming",
    aliases=("error", "binary_error", "merror", "multi_error"),
    like=(
        Like("sklearn.metrics.zero_one_loss", means=NORMALIZE, sets=True),
        Like("sklearn.metrics.hamming_loss"),
        Like("xgboost.error", "threshold"),
        Like("xgboost.merror"),
        Like("lightgbm.binary_error"),
        Like(
            "lightgbm.multi_error", ties_are_errors=True, note="LightGBM counts a tie for the largest score as an error"
        ),
        catboost_classes("ZeroOneLoss"),
    ),
)
@silent
def zero_one(
    y_true: Array,
    y_pred: Array,
    *,
    threshold: Annotated[float, Param("A probability above this predicts class 1.", ge=0, lt=1)] = 0.5,
    from_logits: FromLogits = False,
    ties_are_errors: Annotated[
        bool, Param("A tie for the largest score is wrong, even if the first is right.")
    ] = False,
    sets: Sets = False,
) -> Array:
    """1 for a wrong class, 0 for the right one; its mean is 1 − accuracy.

        1[predicted ≠ true]

    A prediction may be a class, a probability of class 1 (any number strictly between 0 and 1), or a row with a score
    for each class, of which the largest counts, the first one if several are; `from_logits`, a single number is the
    logit of class 1, as CatBoost's are. The truth is a class or a row. With `sets` a predicted row of 0 and 1 is the
    set of its labels, and right if it is the truth's, as in scikit-learn.

    >>> zero_one(array([1.0, 1.0]), array([0.4, 0.6])), zero_one(array([0.0]), array([[0.2, 0.8]]))
    (array([1., 0.]), array([1.]))

    Source: https://scikit-learn.org/stable/modules/model_evaluation.html#zero-one-loss
    """
    truth = index(y_true)
    if y_pred.ndim == 1:
        return np.not_equal(decided(y_pred, threshold, from_logits=from_logits), truth).astype(np.float64)
    own = np.take_along_axis(y_pred, truth.astype(np.intp)[:, None], axis=1)
    wrong: Mask = np.sum(y_pred >= own, axis=1) > 1 if ties_are_errors else np.argmax(y_pred, axis=1) != truth
    if sets and y_true.ndim > 1:
        chosen = np.all((y_pred == 0) | (y_pred == 1), axis=1)
        wrong = np.where(chosen, np.any(y_pred != y_true, axis=1), wrong)
    return wrong.astype(np.float64)


@loss(true=CLASS_OR_ROW, pred=CLASS_SCORES)
@silent
def top_k_error(
    y_true: Array,
    y_pred: Array,
    *,
    k: Annotated[int, Param("How many of the largest scores count as a hit.", ge=1)] = 5,
) -> Array:
    """1 if the true class is not among the k largest scores, 0 if it is.

        1[rank of s_y > k]

    Its mean is 1 − top-k accuracy. Of equal scores the class that comes first ranks first, so that k = 1 gives
    `zero-one`.

    >>> top_k_error(array([0.0, 2.0]), array([[0.2, 0.5, 0.3], [0.2, 0.5, 0.3]]), k=2)
    array([1., 0.])

    Source: https://keras.io/api/metrics/accuracy_metrics/#topkcategoricalaccuracy-class
    """
    truth = index(y_true).astype(np.intp)[:, None]
    own = np.take_along_axis(y_pred, truth, axis=1)
    first = np.arange(y_pred.shape[1]) < truth
    ahead: Array = np.sum((y_pred > own) | ((y_pred == own) & first), axis=1)
    return np.greater_equal(ahead, k).astype(np.float64)


def _softmax_less(rows: Array, logits: Array) -> Array:
    """Return softmax(logits) − rows, where a share is near 1 as what both lack of it, so that nothing cancels."""
    top = np.argmax(logits, axis=1)[:, None]
    peak = np.take_along_axis(logits, top, axis=1)
    below = logits - peak
    shift = below - logits
    lost = (logits - (below - shift)) - (peak + shift)  # what the difference rounds off, which far from 0 is many ulps
    odds = np.exp(below) * (1 + np.where(np.isfinite(lost), lost, 0.0))
    others = odds.copy()
    np.put_along_axis(others, top, 0.0, axis=1)
    rest = row_sum(others)[:, None]
    total = 1 + rest
    lacking = total - odds
    np.put_along_axis(lacking, top, rest, axis=1)
    error: Array = np.where(rows > 0.5, (1 - rows) - lacking / total, odds / total - rows)  # noqa: PLR2004  one half
    return error
