"""What a score remembers of the rows: a few parts that add up, and how they finish.

``State(finish, parts)``: every part is a monoid (``ExactSum``, ``Moments``, ``Quantiles``, ``Rows``, ``Confusion``),
states are added part by part, and ``finish`` gives the score. The parts alone are data; ``finish`` depends on the
score and its parameters, so the state of no rows at all carries it, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from math import inf, nan
from typing import Any

import numpy as np

from losscli.arrays import AnyArray, Array, Integers, Mask
from losscli.exact import ExactSum, quotient, root_of_quotient


@dataclass(frozen=True, slots=True)
class State:
    """Parts that add up, and ``finish``, which makes them a number; ``missing`` says that a value was none."""

    finish: Callable[..., float]
    parts: tuple[Any, ...]
    missing: bool = False

    def __add__(self, other: State) -> State:
        parts = tuple(mine + theirs for mine, theirs in zip(self.parts, other.parts, strict=True))
        return replace(self, parts=parts, missing=self.missing or other.missing)

    def result(self) -> float:
        """Return the score; NaN where it is not defined, or a value was missing."""
        with np.errstate(all="ignore"):  # a score that overflows is told as what it is then
            return nan if self.missing else self.finish(*self.parts) + 0.0  # never -0.0


@dataclass(frozen=True, slots=True)
class Sums(State):
    """A state of exact sums, which ``finish`` takes as whole numbers in one unit: its quotients are rounded once."""

    def result(self) -> float:
        """Return the score; NaN where it is not defined, or a term was not finite."""
        if self.missing or any(part.limit for part in self.parts):
            return nan
        return self.finish(*(part.units for part in self.parts)) + 0.0  # as above


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All the rows themselves, for scores that depend on their ranks: chunks of columns of one length."""

    chunks: tuple[tuple[AnyArray, ...], ...] = ()

    @classmethod
    def of(cls, *columns: AnyArray) -> Rows:
        """Return the state of some rows; the columns are copied."""
        return cls((tuple(one.copy() for one in columns),)) if len(columns[0]) else cls()

    def __add__(self, other: Rows) -> Rows:
        return Rows(self.chunks + other.chunks)

    def packed(self) -> tuple[AnyArray, ...]:
        """Return the columns as plain data, which ``unpacked`` takes."""
        return tuple(self.columns())

    @classmethod
    def unpacked(cls, data: tuple[AnyArray, ...]) -> Rows:
        """Return the state that was packed. Raises ValueError for columns of different lengths."""
        if len({len(column) for column in data}) > 1:
            raise ValueError("columns of one length")
        return cls.of(*data) if data else cls()

    def columns(self) -> list[AnyArray]:
        """Return the whole columns, in the order in which the rows came; an empty list if there were none."""
        return [np.concatenate(pieces) for pieces in zip(*self.chunks, strict=True)]


def total(weight: Array | None, *factors: Array) -> ExactSum:
    """Return Σ w · factors, exactly; the weights of None are 1."""
    return ExactSum.of(*factors) if weight is None else ExactSum.of(weight, *factors)


def mass(weight: Array | None, n: int) -> ExactSum:
    """Return Σ w over n rows."""
    return ExactSum.whole(n) if weight is None else ExactSum.of(weight)


def given(weight: Array | None, n: int) -> Array:
    """Return the weights of n rows as an array."""
    return np.ones(n) if weight is None else weight


def share_of_root(top: int, square: int) -> float:
    """Return top / √square of whole numbers, rounded once."""
    share = root_of_quotient(top * top, square)
    return -share if top < 0 else share


def explained(lost: int, spread: int, *, force_finite: bool = True) -> float:
    """Return 1 − lost/spread of whole numbers, rounded once."""
    if spread:
        return quotient(spread - lost, spread)
    if force_finite:
        return 0.0 if lost else 1.0
    return -inf if lost else nan


def by_row(function: Callable[..., State]) -> Callable[..., State]:
    """Give a score only rows that count: those of weight 0 are left out, and one with a NaN makes the score NaN.

    Where a sample holds several rows of predictions, each of them is a row with the sample's weight.
    """

    @wraps(function)
    def state(y_true: Array, y_pred: Array, weight: Array | None, **params: object) -> State:
        if y_pred.ndim > 2:  # noqa: PLR2004  rows of rows
            each = len(y_pred[:1].reshape(-1, y_pred.shape[-1]))
            y_true = y_true.reshape(-1, *y_true.shape[y_pred.ndim - 1 :])
            y_pred = y_pred.reshape(-1, y_pred.shape[-1])
            weight = None if weight is None else np.repeat(weight, each)
        gaps = _missing(y_true) | _missing(y_pred)
        idle = np.zeros(len(y_pred), dtype=bool)
        if weight is not None:
            idle = weight == 0
            gaps |= np.isnan(weight)
        missing = bool((gaps & ~idle).any())
        out = gaps | idle
        if out.any():
            y_true, y_pred, weight = y_true[~out], y_pred[~out], None if weight is None else weight[~out]
        return replace(function(y_true, y_pred, weight, **params), missing=missing)

    return state


def _missing(values: Array) -> Mask:
    """Mark the rows with a NaN."""
    return np.asarray(np.isnan(values).any(axis=tuple(range(1, values.ndim))), dtype=np.bool_)


def by_element(function: Callable[..., State]) -> Callable[..., State]:
    """Give a score the elements of all rows, each with the weight of its row; else as ``by_row``."""

    @by_row
    @wraps(function)
    def state(y_true: Array, y_pred: Array, weight: Array | None, **params: object) -> State:
        if y_pred.ndim > 1:
            weight = None if weight is None else np.repeat(weight, y_pred.shape[1])
        return function(y_true.ravel(), y_pred.ravel(), weight, **params)

    return state


def ordered(*columns: Array) -> list[Array]:
    """Sort rows by all of their columns, the first counting most: the same order however the rows came."""
    order = np.lexsort(columns[::-1])
    return [one[order] for one in columns]


def starts(*keys: AnyArray) -> Integers:
    """Return where each run of equal keys begins, in sorted rows."""
    changes = np.logical_or.reduce([one[1:] != one[:-1] for one in keys])
    return np.flatnonzero(np.concatenate([[True], changes])).astype(np.int64)


def runs(first: Integers, n: int) -> Integers:
    """Return the length of each run."""
    return np.diff(np.append(first, n))


def midranks(key: Array, weight: Array) -> Array:
    """Return the weight below each sorted key, half of its ties included: its average rank but for a constant."""
    first = starts(key)
    tied = np.add.reduceat(weight, first)
    return np.repeat(np.cumsum(tied) - tied / 2, runs(first, len(key)))
