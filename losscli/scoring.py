"""What one score has found so far, for each group and for all rows: its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from losscli.arrays import Array, Integers, Mask
from losscli.batch import Batch, Group, split
from losscli.formats.format import Result
from losscli.reductions import Fold, reduction
from losscli.registry import Score
from losscli.spec import Bound
from losscli.tally import Tally


class ScoreTally(Tally):
    """The state of a score for each group and for all rows."""

    def __init__(self, bound: Bound, _: str | None = None, *, propagate: bool = False) -> None:
        super().__init__(bound, propagate=propagate)
        self.total: Any = None
        self.states: dict[Group, Any] = {}
        self.weights: dict[Group | None, Fold] = {}
        self.grouped = False

    def fold(self, batch: Batch, weights: Array | None) -> None:
        """Add the state of the rows; a missing value makes the score NaN."""
        everything = np.arange(len(batch))
        self.grouped = self.grouped or bool(batch.group)
        for group, rows in [(None, everything), *split(batch)]:
            part = batch if group is None else batch.only(_mask(rows, len(batch)))
            weight = None if weights is None else weights[rows]
            fold = self.nothing()
            fold.update(np.zeros(len(part)), weight)
            self.add(group, self._state(part, weight), fold)

    def nothing(self) -> Fold:
        """Return what adds up the weights, still empty."""
        return Fold(reduction("sum"), squares=False)

    def add(self, group: Group | None, state: Any, weights: Fold) -> None:  # noqa: ANN401  each score has its own kind
        """Add the state and the weights of some more rows of a group, or of all rows."""
        if group is None:
            self.total = state if self.total is None else self.total + state
        else:
            self.states[group] = self.states[group] + state if group in self.states else state
        self.weights[group] = self.weights[group] + weights if group in self.weights else weights

    def of(self, group: Group | None) -> Any:  # noqa: ANN401  as above
        """Return the state of a group, or of all rows."""
        return self.total if group is None else self.states[group]

    def notes(self, *, infinite: bool = True) -> list[str]:
        """Return what the user should know, a missing ``--group`` included."""
        one = isinstance(self.bound.loss, Score) and self.bound.loss.grouped and not self.grouped
        lacking = [f"{self.bound.spec}: all rows are taken as one query; --group COL names the queries"] if one else []
        return lacking + super().notes(infinite=infinite)

    def way_out(self) -> str:
        """Name the parameters that say what an undefined score is."""
        settle = [name for name in SETTLING if name in self.bound.params]
        return f"it is not defined for this data; {' or '.join(settle) or 'losscli show'} says what it is then"

    def _state(self, batch: Batch, weight: Array | None) -> Any:  # noqa: ANN401  each score has its own kind
        extra = (batch.group,) if isinstance(self.bound.loss, Score) and self.bound.loss.grouped else ()
        with np.errstate(all="ignore"):
            return self.bound.loss.function(batch.y_true, batch.y_pred, weight, *extra, **self.bound.params)

    def groups(self) -> Iterable[Group]:
        """Return the groups that were seen."""
        return self.states.keys()

    def result(self, group: Group | None, by: Mapping[str, str] | None, dropped: int, missing: str) -> Result:
        """Return the score of one group, or of all rows; a score has no mean, sum or spread."""
        moments = self.weights[group].moments
        return Result(
            loss=self.bound.spec,
            like=self.bound.like,
            reduction="score",
            value=float(self.of(group).result()),
            n=moments.n,
            dropped=dropped,
            weight=moments.weight,
            mean=None,
            sum=None,
            std=None,
            min=None,
            max=None,
            signature=self.signature("score", missing, moments.n, dropped, moments.weight),
            by=by,
        )


SETTLING = ("zero_division", "undefined", "force_finite", "infinite_is_zero", "empty")
"""Parameters of scores that say what an undefined one is."""


def _mask(rows: Integers, n: int) -> Mask:
    mask = np.zeros(n, dtype=bool)
    mask[rows] = True
    return mask
