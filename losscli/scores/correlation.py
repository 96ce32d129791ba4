"""Correlation: whether truth and prediction rise together."""

from __future__ import annotations

from math import nan, sqrt

import numpy as np

from losscli.arrays import Array, Integers
from losscli.domains import REAL
from losscli.exact import ExactSum
from losscli.registry import score
from losscli.scores._state import (
    Rows,
    State,
    Sums,
    by_element,
    given,
    mass,
    midranks,
    ordered,
    runs,
    share_of_root,
    starts,
    total,
)


@score(true=REAL, pred=REAL, aliases=("pearson_r", "pearsonr", "pearson_correlation"))
@by_element
def pearson(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Pearson's correlation: whether truth and prediction lie on a rising line.

        Σ w(y − ȳ)(p − p̄) / √(Σ w(y − ȳ)² · Σ w(p − p̄)²)

    It is 1 for any prediction a + b·y_true with b > 0, however wrong. NaN if either side is constant.

    >>> pearson(array([1.0, 2.0, 3.0]), array([1.0, 3.0, 2.0]), None).result()
    0.5

    Source: K. Pearson (1895), Notes on regression and inheritance, Proceedings of the Royal Society 58.
    """
    return Sums(_pearson, _products(y_true, y_pred, weight))


@score(true=REAL, pred=REAL, aliases=("spearman_rho", "spearmanr", "spearman_correlation"))
@by_element
def spearman(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Spearman's rank correlation: whether the prediction rises with the truth.

        Pearson's correlation of the ranks

    Equal values share their average rank; a weighted rank is the weight below a value and half of that at it. NaN if
    either side is constant.

    Every row is held in memory.

    >>> spearman(array([1.0, 2.0, 3.0]), array([10.0, 1000.0, 100.0]), None).result()
    0.5

    Source: C. Spearman (1904), The proof and measurement of association between two things, AJP 15.
    """
    return State(_spearman, (Rows.of(y_true, y_pred, given(weight, len(y_true))),))


@score(true=REAL, pred=REAL, aliases=("kendall_tau", "kendalltau", "tau-b"))
@by_element
def kendall(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Kendall's τ-b: pairs of rows in the same order less those in the opposite one.

        (C − D) / √((T − T_true)(T − T_pred))

    Of all pairs T, C are ordered alike by truth and prediction, D oppositely, and T_true and T_pred tied in one of
    them. A pair weighs the product of its rows' weights. NaN if either side is constant.

    Every row is held in memory.

    >>> kendall(array([1.0, 2.0, 3.0, 4.0]), array([1.0, 2.0, 4.0, 3.0]), None).result()
    0.6666666666666666

    Source: M. G. Kendall (1945), The treatment of ties in ranking problems, Biometrika 33.
    """
    return State(_kendall, (Rows.of(y_true, y_pred, given(weight, len(y_true))),))


def _products(x: Array, y: Array, weight: Array | None) -> tuple[ExactSum, ...]:
    """Return Σw, Σwx, Σwy, Σwx², Σwy² and Σwxy."""
    pairs = ((x,), (y,), (x, x), (y, y), (x, y))
    return (mass(weight, len(x)), *(total(weight, *pair) for pair in pairs))


def _pearson(*sums: int) -> float:
    w, x, y, xx, yy, xy = sums
    common = xy * w - x * y
    spread = (xx * w - x * x) * (yy * w - y * y)
    return share_of_root(common, spread) if spread > 0 else nan


def _spearman(rows: Rows) -> float:
    if not rows.chunks:
        return nan
    columns = rows.columns()
    y_true, y_pred, weight = ordered(*columns)
    true_ranks = midranks(y_true, weight)
    y_pred, y_true, weight, true_ranks = ordered(y_pred, y_true, weight, true_ranks)
    return Sums(_pearson, _products(true_ranks, midranks(y_pred, weight), weight)).result()


def _kendall(rows: Rows) -> float:
    if not rows.chunks:
        return nan
    y_true, y_pred, weight = ordered(*rows.columns())
    levels, codes = np.unique(y_pred, return_inverse=True)
    in_true, in_both = starts(y_true), starts(y_true, y_pred)
    if len(in_true) == 1 or len(levels) == 1:
        return nan
    weight = np.ldexp(weight, -np.frexp(weight.max())[1])  # a power of two, lest products of weights leave float64
    by_pred = ordered(y_pred, weight)
    pairs = _pairs(weight, starts(np.zeros(len(weight))))
    tied_true, tied_both = _pairs(weight, in_true), _pairs(weight, in_both)
    tied_pred = _pairs(by_pred[1], starts(by_pred[0]))
    opposite = _inversions(codes.astype(np.int64), weight, len(levels))
    one_sided = (pairs - tied_true) * (pairs - tied_pred)
    net = pairs - tied_true - tied_pred + tied_both - 2 * opposite
    return float(np.clip(net / sqrt(one_sided), -1, 1)) if one_sided > 0 else nan


def _pairs(weight: Array, first: Integers) -> float:
    """Return the weight of all pairs inside the runs that begin at ``first``."""
    before = np.cumsum(weight) - weight
    below = before - np.repeat(before[first], runs(first, len(weight)))
    return float(np.sum(weight * below))


def _inversions(codes: Integers, weight: Array, levels: int) -> float:
    """Return the weight of the pairs in which the later row has the smaller code.

    Two codes differ first at some bit. Level by level, rows with the same bits above it stand together in their old
    order: those with a 0 there count the weight of those with a 1 before them.
    """
    found = 0.0
    for bit in reversed(range((levels - 1).bit_length())):
        block, ones = codes >> (bit + 1), (codes >> bit & 1) == 1
        before = np.cumsum(np.where(ones, weight, 0.0))
        first = starts(block)
        at_start = before[first] - np.where(ones[first], weight[first], 0.0)
        inside = before - np.repeat(at_start, runs(first, len(codes)))
        found += float(np.sum(np.where(ones, 0.0, weight * inside)))
        order = np.argsort(codes >> bit, kind="stable")
        codes, weight = codes[order], weight[order]
    return found
