"""The rows of each query in the order in which their scores rank them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from typing import Annotated

import numpy as np

from losscli.arrays import AnyArray, Array, Integers
from losscli.errors import DataError
from losscli.exact import ExactSum, ratio
from losscli.registry import Param
from losscli.scores._state import Rows, State, given, ordered, runs, starts

EMPTY = {"0": 0.0, "1": 1.0, "skip": nan}
"""What a query is worth in which nothing is relevant; NaN leaves it out."""

Empty = Annotated[str, Param("What a query without anything relevant scores.", choices=tuple(EMPTY))]
Ties = Annotated[
    str,
    Param("Of equal scores the mean of all orders, or the worst or best one.", choices=("average", "worst", "best")),
]
Order = Annotated[str, Param("Of equal scores the worst or the best order counts.", choices=("worst", "best"))]
Relevant = Annotated[float, Param("A grade above this is relevant.", ge=0)]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows sorted by query, then by score from the highest down, equal scores by ``ties``.

    ``first`` is where each query begins, ``position`` counts its rows from 1, ``tied`` is where each run of equal
    scores begins, ``weight`` belongs to the queries.
    """

    grade: Array
    score: Array
    first: Integers
    position: Array
    tied: Integers
    weight: Array

    def sums(self, values: Array) -> Array:
        """Return the sum over the rows of each query."""
        return np.add.reduceat(values, self.first)

    def spread(self, of_query: AnyArray) -> AnyArray:
        """Return for each row the value of its query."""
        return np.repeat(of_query, runs(self.first, len(self.grade)))

    def averaged(self, values: Array) -> Array:
        """Return for each row the mean over the rows of its query with an equal score."""
        lengths = runs(self.tied, len(values))
        return np.repeat(np.add.reduceat(values, self.tied) / lengths, lengths)

    def ideal(self) -> Array:
        """Return the grades of each query from the highest down."""
        return self.grade[np.lexsort((-self.grade, self.spread(np.arange(len(self.first)))))]

    def pairs(self) -> Iterator[tuple[Integers, Integers]]:
        """Yield all pairs of rows of one query that differ in grade, the better row first, by growing distance."""
        behind = self.spread(runs(self.first, len(self.grade))) - self.position
        distance, ahead = 1, np.flatnonzero(behind >= 1)
        while len(ahead):
            other = ahead + distance
            better = self.grade[ahead] > self.grade[other]
            differ = self.grade[ahead] != self.grade[other]
            yield np.where(better, ahead, other)[differ], np.where(better, other, ahead)[differ]
            distance += 1
            ahead = ahead[behind[ahead] >= distance]


def ranked(query: Integers, grade: Array, score: Array, weight: Array, *, ties: str) -> Ranking:
    """Sort rows into a ranking. Raises DataError if the rows of a query differ in weight."""
    within = -grade if ties == "best" else grade
    order = np.lexsort((weight, within, -score, query))
    query, grade, score, weight = query[order], grade[order], score[order], weight[order]
    first = starts(query)
    lengths = runs(first, len(query))
    if (np.repeat(weight[first], lengths) != weight).any():
        raise DataError("the rows of one query differ in weight", "give all rows of a query the same weight")
    position = (np.arange(1, len(query) + 1) - np.repeat(first, lengths)).astype(np.float64)
    return Ranking(grade, score, first, position, starts(query, score), weight[first])


def mean_over_queries(
    value: Callable[[Ranking], Array],
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    ties: str,
    empty: str = "0",
) -> State:
    """Return the state of the weighted mean over queries of a value, NaN where nothing is relevant.

    The rows of a query must not differ in weight; which rows are of one query is told as in ``of_queries``.
    """
    return of_queries(partial(_mean, value=value, ties=ties, empty=EMPTY[empty]), y_true, y_pred, weight, group)


def of_queries(
    finish: Callable[..., float], y_true: Array, y_pred: Array, weight: Array | None, group: Sequence[str]
) -> State:
    """Return the state of rows with their queries; ``finish`` takes the number of the query, y_true, y_pred and weight.

    The rows of a query share its name, wherever they stand; without names all are one query. A row of several values
    is a query of its own.
    """
    w = given(weight, len(y_pred))
    missing = bool(np.isnan(y_true).any() or np.isnan(y_pred).any() or np.isnan(w).any())
    alone = y_pred.ndim > 1
    names = np.array(list(group)) if len(group) else np.full(len(y_pred), "")
    parts = (Rows(), Rows.of(y_true, y_pred, w)) if alone else (Rows.of(names, y_true, y_pred, w), Rows())
    return State(partial(_finished, finish), parts, missing)


def counted(query: Integers, *columns: Array) -> tuple[Integers, Integers, list[Array]]:
    """Return where each query begins, its length, and the rows of a weight (the last column) above 0.

    The rows are sorted by query and then by the columns, so that nothing depends on the order in which they came.
    """
    there = columns[-1] != 0
    key, *rows = ordered(query[there].astype(np.float64), *(one[there] for one in columns))
    first = starts(key)[: len(key)]  # no rows begin nowhere
    return first, runs(first, len(key)), rows


def _finished(finish: Callable[..., float], named: Rows, alone: Rows) -> float:
    return finish(*_joined(named, alone)) if named.chunks or alone.chunks else nan


def _mean(
    query: Integers,
    grade: Array,
    score: Array,
    weight: Array,
    *,
    value: Callable[[Ranking], Array],
    ties: str,
    empty: float,
) -> float:
    ranking = ranked(query, grade, score, weight, ties=ties)
    values = value(ranking)
    values = np.where(np.isnan(values), empty, values)
    counted = ~np.isnan(values) & (ranking.weight != 0)
    weight = ranking.weight[counted]
    return ratio(ExactSum.of(weight, values[counted]), ExactSum.of(weight))


def _joined(named: Rows, alone: Rows) -> tuple[Integers, Array, Array, Array]:
    """Return the query's number, grade, score and weight of all rows; nameless queries are numbered last."""
    pieces: list[tuple[AnyArray, ...]] = []
    many = 0
    if named.chunks:
        names, *columns = named.columns()
        known, query = np.unique(names, return_inverse=True)
        many = len(known)
        pieces.append((query, *columns))
    if alone.chunks:
        y_true, y_pred, weight = alone.columns()
        each = y_pred[0].size
        query = np.repeat(np.arange(many, many + len(y_pred)), each)
        pieces.append((query, y_true.ravel(), y_pred.ravel(), weight.repeat(each)))
    query, grade, score, weight = (np.concatenate(one) for one in zip(*pieces, strict=True))
    return query.astype(np.int64), grade, score, weight
