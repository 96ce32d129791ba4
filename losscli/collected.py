"""What intervals are made from: every row's loss, weight, group and cluster, held in memory while a run goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import isfinite, isnan

import numpy as np

from losscli.arrays import Array, Integers, any_of
from losscli.batch import Batch, Group, members
from losscli.formats.format import Result
from losscli.registry import Loss, Score
from losscli.run import Run
from losscli.spec import Bound
from losscli.stats.bootstrap import Statistic
from losscli.stats.statistic import reduced, score

CLOSE = 1e-9
"""How near a statistic, added up in plain float64, must come to the value that it is to be the statistic of."""


def direction(bound: Bound) -> int:
    """Return 1 where more is worse, as in losses, and −1 where less is, as in most scores."""
    return -1 if isinstance(bound.loss, Score) and bound.loss.higher else 1


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that count for one loss or score: their numbers, truth, predictions, weights and losses.

    ``losses`` is None for a score, which is computed anew of every resample. ``classes`` are the labels that the truth
    is an index into. ``groups`` are the values of ``--by``, ``queries`` those of ranking scores, ``clusters`` the names
    of what is drawn together (None: each row alone).
    """

    bound: Bound
    rows: Integers
    y_true: Array
    y_pred: Array
    weights: Array | None
    losses: Array | None
    classes: tuple[str, ...] | None
    groups: Sequence[Group]
    queries: Sequence[str]
    clusters: Sequence[str] | None

    def of(self, by: Mapping[str, str] | None) -> Rows:
        """Return the rows of one group, or all of them."""
        if by is None:
            return self
        return self.take(self.places[tuple(by.values())])

    def take(self, index: Integers) -> Rows:
        """Return the rows of these indices, in their order."""
        chosen = index.tolist()
        return replace(
            self,
            rows=self.rows[index],
            y_true=self.y_true[index],
            y_pred=self.y_pred[index],
            weights=None if self.weights is None else self.weights[index],
            losses=None if self.losses is None else self.losses[index],
            groups=[self.groups[i] for i in chosen],
            queries=[self.queries[i] for i in chosen] if self.queries else (),
            clusters=None if self.clusters is None else [self.clusters[i] for i in chosen],
        )

    @cached_property
    def places(self) -> dict[Group, Integers]:
        """The indices of the rows of every group."""
        return dict(members(self.groups))

    def statistic(self, result: Result) -> Statistic | None:
        """Return the value of these rows as a function of how often each is drawn; None if there is none.

        There is none for a minimum or maximum, for the sums over elements that some frameworks call a mean, and
        where a framework's value is another number than its losses add up to.
        """
        found = self._score() if self.losses is None else self._loss(result.reduction)
        if found is None or result.value is None or not found.n:
            return None
        scale = 0.0 if self.losses is None else float(np.abs(self.losses[np.isfinite(self.losses)]).sum())
        observed, value = found.observed(), result.value
        if observed == value or (isnan(observed) and isnan(value)):
            return found
        near = CLOSE * (abs(value) + scale)  # terms may cancel out, and the error is one of the terms
        return found if isfinite(observed) and abs(observed - value) <= near else None

    def units(self) -> Integers | None:
        """Return the number of the cluster that each row is in; None if every row stands for itself.

        A ranking score is one of queries: these are drawn together where nothing else is asked for.
        """
        names = self.clusters
        if names is None and isinstance(self.bound.loss, Score) and self.bound.loss.grouped and self.y_pred.ndim == 1:
            names = self.queries or [""] * len(self.rows)
        return None if names is None else np.unique(np.array(names, dtype=object), return_inverse=True)[1]

    def same(self, other: Rows) -> bool:
        """Tell whether no loss differs of a row that weighs anything, or no prediction where there are no losses."""
        mine, theirs = (self.y_pred, other.y_pred) if self.losses is None else (self.losses, other.losses)
        if theirs is None or mine.shape != theirs.shape:
            return False
        differ = any_of(mine != theirs)
        return not (differ if self.weights is None else differ & (self.weights != 0)).any()

    def _loss(self, reduction: str) -> Statistic | None:
        if self.losses is None or not isinstance(self.bound.loss, Loss):
            return None
        with np.errstate(all="ignore"):
            return reduced(self.losses, self.weights, reduction, self.bound.loss.finish)

    def _score(self) -> Statistic:
        one = self.bound.loss
        extra = (self.queries,) if isinstance(one, Score) and one.grouped else ()

        def value(weights: Array) -> float:
            with np.errstate(all="ignore"):
                state = one.function(self.y_true, self.y_pred, weights, *extra, **self.bound.params)
                return float(state.result())

        return score(value, len(self.rows), self.weights)


class Collector:
    """Listens to a run, and keeps what it computes of every row.

    ``cluster`` is the kept column (``Batch.keep``) whose rows are drawn together.
    """

    def __init__(self, run: Run, *, cluster: str | None = None) -> None:
        self.cluster = cluster
        self._parts: dict[str, list[Rows]] = {}
        for tally in run.tallies:
            tally.listener = partial(self._take, tally.bound)

    def rows(self, spec: str) -> Rows:
        """Return the rows that count for one loss, in the order in which they came."""
        parts = self._parts[spec]
        if len(parts) > 1:
            self._parts[spec] = parts = [_joined(parts)]
        return parts[0]

    def _take(self, bound: Bound, batch: Batch, weights: Array | None, losses: Array | None) -> None:
        weighted = isinstance(bound.loss, Loss) and bound.loss.weighted
        part = Rows(
            bound,
            batch.rows,
            batch.y_true,
            batch.y_pred,
            None if weighted else weights,
            losses,
            batch.classes if batch.named[0] else None,
            batch.groups(),
            batch.group,
            None if self.cluster is None else batch.keep[self.cluster],
        )
        self._parts.setdefault(bound.spec, []).append(part)


def _joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts as one."""
    first = parts[0]
    return replace(
        first,
        rows=np.concatenate([part.rows for part in parts]),
        y_true=np.concatenate([part.y_true for part in parts]),
        y_pred=np.concatenate([part.y_pred for part in parts]),
        weights=_numbers([part.weights for part in parts]),
        losses=_numbers([part.losses for part in parts]),
        groups=[group for part in parts for group in part.groups],
        queries=[query for part in parts for query in part.queries],
        clusters=None if first.clusters is None else [name for part in parts for name in part.clusters or ()],
    )


def _numbers(parts: Sequence[Array | None]) -> Array | None:
    there = [part for part in parts if part is not None]
    return np.concatenate(there) if there else None
