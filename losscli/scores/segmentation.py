"""Segmentation: all masks as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import nan
from typing import Annotated

from losscli.arrays import Array
from losscli.domains import MASK, SOFT_MASK
from losscli.exact import ExactSum
from losscli.losses._twins import keras
from losscli.losses.segmentation import MISNAMED, BelowBar, FalseNegatives, FalsePositives, Swapped
from losscli.registry import Param, score
from losscli.scores._state import State, Sums, by_element, mass, total

ONE = ExactSum.whole(1).units

FACTORS: dict[str, Callable[[int, int], Fraction]] = {
    "rows": lambda _, __: Fraction(1),
    "mean": Fraction,
    "sum": lambda weights, _: Fraction(weights, ONE),
    "none": lambda _, __: Fraction(1),
}
"""Choice of ``pool_weights`` -> what the number of the pooled masks is multiplied by, of Σw and n."""

PoolWeights = Annotated[
    str, Param("Weigh each row's places (rows), or multiply the number by Σw/n, Σw or 1.", choices=tuple(FACTORS))
]

POOLED = (
    "Keras pools all rows of a batch into one mask unless its axis is given (axis=1), and multiplies its one number by "
    "the mean weight of the rows"
)
AXIS: dict[str, dict[str, dict[str, object]]] = {"axis": {"none": {}}}
REDUCTIONS = {"sum": {"pool_weights": "sum"}, "mean_with_sample_weight": {"pool_weights": "none"}}


@score(
    true=MASK,
    pred=SOFT_MASK,
    higher=False,
    like=(
        keras(
            "Dice dice",
            eps=1e-7,
            pool_weights="mean",
            reductions=REDUCTIONS,
            means=AXIS,
            note=f"{POOLED}; it gives 1, the worst, for empty masks that are predicted empty",
        ),
    ),
)
def pooled_dice(
    y_true: Array, y_pred: Array, weight: Array | None, *, eps: BelowBar = 0.0, pool_weights: PoolWeights = "rows"
) -> State:
    """Share of two masks that does not overlap, all rows being one mask.

        1 − 2Σwyp / (Σwy + Σwp + eps)

    The sums go over the places of all rows, so that large masks count more than small ones; `dice` takes each row as a
    mask of its own. Empty masks that are predicted empty cost 0, since that is right; Keras gives 1, because its `eps`
    stands below the bar alone. It also multiplies the number by the mean weight (`pool_weights`).

    >>> pooled_dice(array([[1.0, 1.0], [0.0, 0.0]]), array([[1.0, 0.0], [0.0, 0.0]]), None).result()
    0.3333333333333333

    Source: https://keras.io/api/losses/regression_losses/#dice-class
    """
    return _pooled(y_true, y_pred, weight, pool_weights, (0.5, 0.5, eps / 2))


@score(
    true=MASK,
    pred=SOFT_MASK,
    higher=False,
    like=(
        keras(
            "Tversky tversky",
            "alpha",
            "beta",
            swapped=True,
            eps=1e-7,
            pool_weights="mean",
            reductions=REDUCTIONS,
            means=AXIS,
            note=f"{MISNAMED}. {POOLED}",
        ),
    ),
)
def pooled_tversky(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    alpha: FalsePositives = 0.5,
    beta: FalseNegatives = 0.5,
    swapped: Swapped = False,
    eps: BelowBar = 0.0,
    pool_weights: PoolWeights = "rows",
) -> State:
    """Tversky loss of two masks, all rows being one mask.

        1 − TP / (TP + alpha·FP + beta·FN + eps)
        TP = Σwyp, FP = Σw(1 − y)p, FN = Σwy(1 − p)

    The sums go over the places of all rows; `tversky` takes each row as a mask of its own. With alpha = beta = ½ it is
    `pooled-dice`. Keras up to 3.15 takes alpha for the false negatives (`swapped`), and multiplies the number by the
    mean weight (`pool_weights`).

    >>> pooled_tversky(array([[1.0], [1.0]]), array([[1.0], [0.0]]), None, alpha=0.0, beta=1.0).result()
    0.5

    Source: https://keras.io/api/losses/regression_losses/#tversky-class
    """
    of_extra, of_missed = (beta, alpha) if swapped else (alpha, beta)
    return _pooled(y_true, y_pred, weight, pool_weights, (of_extra, of_missed, eps))


def _pooled(
    y_true: Array, y_pred: Array, weight: Array | None, pool_weights: str, costs: tuple[float, float, float]
) -> State:
    """Return the state of some masks: their places are weighed, or their number as a whole."""
    if weight is None or pool_weights == "rows":
        masks, pool_weights = _masks(y_true, y_pred, weight), "rows"
    else:
        masks = _masks(y_true, y_pred, None)
    rows = mass(weight, len(y_true)), ExactSum.whole(len(y_true))
    return replace(masks, finish=partial(_share, costs, pool_weights), parts=(*masks.parts, *rows))


@by_element
def _masks(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Return how many places count, Σwyp, Σwy and Σwp."""
    sums = total(weight, y_true, y_pred), total(weight, y_true), total(weight, y_pred)
    return Sums(_share, (ExactSum.whole(len(y_true)), *sums))


def _share(costs: tuple[float, float, float], pool_weights: str, *sums: int) -> float:
    """Return what is wrong as a share of all, 0 where nothing is; ``costs`` are alpha, beta and eps."""
    of_extra, of_missed, eps = map(Fraction, costs)
    places, hit, true, pred, weights, n = sums
    wrong = of_extra * (pred - hit) + of_missed * (true - hit) + eps * ONE
    if not places:
        return nan
    return float(wrong / (hit + wrong) * FACTORS[pool_weights](weights, n)) if wrong else 0.0
