"""Agreement: what two classifications share beyond chance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import nan
from operator import ne
from typing import Annotated

from losscli.arrays import Array
from losscli.confusion import Confusion, confusion
from losscli.domains import CLASS_OR_ROW
from losscli.exact import quotient
from losscli.losses._params import FromLogits
from losscli.losses._twins import catboost_classes
from losscli.losses.either import CHOICE
from losscli.registry import Like, Param, score
from losscli.scores._params import UNDEFINED, Threshold, ZeroDivision
from losscli.scores._state import State, by_row, share_of_root


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("matthews_corrcoef", "matthews", "phi_coefficient"),
    like=(
        Like("sklearn.metrics.matthews_corrcoef", zero_division="0"),
        catboost_classes("MCC", zero_division="0"),
    ),
)
@by_row
def mcc(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Matthews correlation coefficient: Pearson's correlation of two classifications.

        (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN))
        (c·s − Σ p_k t_k) / √((s² − Σ p_k²)(s² − Σ t_k²))    for several classes

    c of s rows are right, t_k are of class k and p_k predicted so. Where truth or prediction has one class only it is
    0/0; scikit-learn gives 0.

    >>> mcc(array([1.0, 1.0, 1.0, 0.0]), array([1.0, 0.0, 1.0, 1.0]), None).result()
    -0.3333333333333333

    Source: J. Gorodkin (2004), Comparing two K-category assignments by a K-category correlation coefficient.
    """
    return State(
        partial(_matthews, UNDEFINED[zero_division]),
        (confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits),),
    )


@score(
    true=CLASS_OR_ROW,
    pred=CHOICE,
    aliases=("cohen_kappa", "cohen_kappa_score", "quadratic_weighted_kappa:weighting=quadratic"),
    like=(
        Like(
            "sklearn.metrics.cohen_kappa_score",
            "weights=weighting",
            absent_classes=False,
            note="scikit-learn leaves out classes that do not occur when it counts how far two are apart",
        ),
        catboost_classes("Kappa"),
        catboost_classes("WKappa", weighting="quadratic"),
    ),
)
@by_row
def kappa(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    *,
    threshold: Threshold = 0.5,
    from_logits: FromLogits = False,
    weighting: Annotated[
        str, Param("How disagreement grows with distance.", choices=("none", "linear", "quadratic"))
    ] = "none",
    absent_classes: Annotated[bool, Param("A class that does not occur still lies between its neighbours.")] = True,
) -> State:
    """Cohen's kappa: agreement beyond what chance would give.

        1 − Σ d_ij·O_ij / Σ d_ij·E_ij
        d_ij:  1[i ≠ j]  or  |i − j|  or  (i − j)²

    O counts the pairs of classes that were seen, E those expected from how often each class occurs on either side. NaN
    if both sides have one and the same class only.

    >>> kappa(array([0.0, 0.0, 1.0, 1.0]), array([0.0, 0.0, 1.0, 0.0]), None).result()
    0.5

    Source: J. Cohen (1960), A coefficient of agreement for nominal scales, EPM 20.
    """
    finish = partial(_kappa, DISTANCES[weighting], absent_classes=absent_classes)
    return State(finish, (confusion(y_true, y_pred, weight, threshold=threshold, from_logits=from_logits),))


def _gap(i: int, j: int) -> int:
    return abs(i - j)


def _squared_gap(i: int, j: int) -> int:
    return (i - j) ** 2


DISTANCES: dict[str, Callable[[int, int], int]] = {
    "none": ne,
    "linear": _gap,
    "quadratic": _squared_gap,
}
"""Choice of ``weighting`` -> how far two classes are apart."""


def _matthews(undefined: float, table: Confusion) -> float:
    counts = [one for _, one in table.each()]
    right, whole = sum(one.tp for one in counts), sum(one.tp + one.fn for one in counts)
    true, predicted = [one.tp + one.fn for one in counts], [one.tp + one.fp for one in counts]
    common = right * whole - sum(t * p for t, p in zip(true, predicted, strict=True))
    spread = (whole**2 - sum(t * t for t in true)) * (whole**2 - sum(p * p for p in predicted))
    return share_of_root(common, spread) if spread > 0 else undefined


def _kappa(distance: Callable[[int, int], int], table: Confusion, *, absent_classes: bool) -> float:
    seen = table.classes
    if not seen:
        return nan
    place = {one: one - seen[0] if absent_classes else i for i, one in enumerate(seen)}
    counts = dict(table.each())
    whole = sum(one.tp + one.fn for one in counts.values())
    observed = sum(distance(place[t], place[p]) * one.units for (t, p), one in table.cells.items())
    expected = sum(
        distance(place[t], place[p]) * (of_t.tp + of_t.fn) * (of_p.tp + of_p.fp)
        for t, of_t in counts.items()
        for p, of_p in counts.items()
    )
    return quotient(expected - observed * whole, expected) if expected else nan
