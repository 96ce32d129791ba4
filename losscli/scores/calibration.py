"""Calibration and likelihood of predicted probabilities."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import exp, fsum, inf, nan, sqrt
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import CLASS_LOGITS, CLASS_OR_ROW, CLASS_PROBABILITIES, PROBABILITY_OR_ROW
from losscli.exact import ExactSum, quotient, ratio
from losscli.losses._numeric import index
from losscli.losses._params import Eps, FromLogits
from losscli.losses.multiclass import ce
from losscli.registry import Param, score
from losscli.scores._state import State, Sums, by_row, mass, total


@score(
    true=CLASS_OR_ROW,
    pred=PROBABILITY_OR_ROW,
    higher=False,
    aliases=("expected_calibration_error", "calibration_error"),
)
@by_row
def ece(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    n_bins: Annotated[int, Param("How many bins of one width part the range from 0 to 1.", ge=1, le=1_000_000)] = 15,
    norm: Annotated[str, Param("Mean, largest or root mean square gap.", choices=("l1", "l2", "max"))] = "l1",
) -> State:
    """Expected calibration error: how far probabilities are from what happens.

        gap_b = |Σ_b w·right − Σ_b w·p| / Σ_b w,  b a bin of p
        Σ_b share_b·gap_b  or  √ Σ_b share_b·gap_b²  or  max_b gap_b

    A single p is the probability of class 1, right if the class is 1; of a row the largest probability counts, right
    if it is that of the true class. A bin holds its upper edge, the first 0 as well.

    >>> ece(array([0.0, 1.0, 1.0, 1.0]), array([0.25, 0.75, 0.75, 0.75]), None, n_bins=2).result()
    0.25

    Source: C. Guo et al. (2017), On calibration of modern neural networks, ICML.
    """
    true = index(y_true)
    rows = y_pred.ndim > 1
    right = (np.argmax(y_pred, axis=1) == true if rows else true).astype(np.float64)
    confidence = np.max(y_pred, axis=1) if rows else y_pred
    bins = np.searchsorted(np.arange(1, n_bins) / n_bins, confidence)
    order = np.argsort(bins, kind="stable")
    edges = np.searchsorted(bins[order], np.arange(1, n_bins))
    parts = []
    for one in np.split(order, edges):
        w = None if weight is None else weight[one]
        parts += [mass(w, len(one)), total(w, right[one]), total(w, confidence[one])]
    return Sums(partial(_calibration, NORMS[norm]), tuple(parts))


@score(
    true=CLASS_OR_ROW,
    pred=When("from_logits", CLASS_LOGITS, CLASS_PROBABILITIES),
    higher=False,
    aliases=("ppl",),
)
@by_row
def perplexity(
    y_true: Array, y_pred: Array, weight: Array | None, *, from_logits: FromLogits = False, eps: Eps = 0.0
) -> State:
    """Exponential of the mean cross-entropy: among how many choices a model wavers.

        exp(Σ w·ce / Σ w)

    1 is perfect; guessing among C classes gives C. A certain and wrong prediction makes it infinite, unless `eps`
    clips. Logarithms of probabilities are logits: `from_logits`.

    >>> perplexity(array([0.0, 1.0]), array([[0.25, 0.75], [0.75, 0.25]]), None).result()
    4.0

    Source: F. Jelinek et al. (1977), Perplexity: a measure of the difficulty of speech recognition tasks, JASA 62.
    """
    losses = ce(y_true, y_pred, from_logits=from_logits, eps=eps)
    return State(_perplexity, (total(weight, losses), mass(weight, len(losses))))


def _calibration(norm: Callable[[list[tuple[int, int]], int], float], *sums: int) -> float:
    bins = [(w, abs(right - sure)) for w, right, sure in zip(sums[::3], sums[1::3], sums[2::3], strict=True) if w]
    whole = sum(w for w, _ in bins)
    return norm(bins, whole) if whole else nan


def _mean_gap(bins: list[tuple[int, int]], whole: int) -> float:
    return quotient(sum(gap for _, gap in bins), whole)


def _root_gap(bins: list[tuple[int, int]], whole: int) -> float:
    return sqrt(fsum(quotient(gap * gap, w * whole) for w, gap in bins))


def _largest_gap(bins: list[tuple[int, int]], _: int) -> float:
    return max(quotient(gap, w) for w, gap in bins)


NORMS: dict[str, Callable[[list[tuple[int, int]], int], float]] = {
    "l1": _mean_gap,
    "l2": _root_gap,
    "max": _largest_gap,
}


def _perplexity(losses: ExactSum, weights: ExactSum) -> float:
    try:
        return exp(ratio(losses, weights))
    except OverflowError:
        return inf
