"""What one loss or score has found so far, for each group and for all rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from losscli import __version__
from losscli.arrays import Array, Integers, Mask
from losscli.batch import Batch, Group
from losscli.formats.format import Result
from losscli.guard import Guard, row_weights
from losscli.reductions import Fold, reduction
from losscli.registry import Declared, Loss, Score
from losscli.sources.missing import missing_rows
from losscli.spec import Bound, written


class Tally:
    """What losses and scores have in common: the guard, the rows that are left out, what is said at the end."""

    def __init__(self, bound: Bound, *, propagate: bool = False) -> None:
        self.bound = bound
        self.propagate = propagate
        self.guard = Guard(bound)
        self.ignored = 0
        self.n = 0

    def kept(self, batch: Batch) -> Mask | None:
        """Mark the rows that are not left out by their class; None if none is left out."""
        found = self.bound.param("ignore")
        if found is None or batch.y_true.ndim > 1:
            return None
        kept: Mask = batch.y_true != found[1]
        return None if kept.all() else kept

    def take(self, batch: Batch) -> Array | None:
        """Take in a batch; return the loss of every row, NaN where the row is left out, or None if there are none.

        Once a value was outside the domain (``guard.faults``), only counting goes on.
        """
        kept = self.kept(batch)
        part = batch if kept is None else batch.only(kept)
        if not self.guard.check(part):
            return None
        weights = row_weights(self.bound, part.y_true)
        if part.weight is not None:
            weights = part.weight if weights is None else weights * part.weight
        losses = self.fold(part, weights)
        self.n += len(part)
        self.ignored += len(batch) - len(part)
        if kept is None or losses is None:
            return losses
        everywhere = np.full(len(batch), np.nan)
        everywhere[kept] = losses
        return everywhere

    def fold(self, batch: Batch, weights: Array | None) -> Array | None:
        """Compute rows that passed the guard and remember what is needed of them; return their losses, if any."""
        raise NotImplementedError

    def groups(self) -> Iterable[Group]:
        """Return the groups that were seen."""
        raise NotImplementedError

    def result(self, group: Group | None, by: Mapping[str, str] | None, dropped: int, missing: str) -> Result:
        """Return the numbers of one group, or of all rows."""
        raise NotImplementedError

    def notes(self, *, infinite: bool = True) -> list[str]:  # noqa: ARG002  what losses add
        """Return what the user should know: doubts about the data, rows left out."""
        said, spec = self.guard.notes(), self.bound.spec
        if self.ignored:
            said.append(f"{spec}: {self.ignored} of {self.ignored + self.n} rows ignored by their class")
        return [*said, f"{spec}: {self.bound.note}"] if self.bound.note else said

    def infinite(self) -> str:
        """Say how many losses are infinite, and where the first is."""
        return ""

    def way_out(self) -> str:
        """Say what makes a value finite that is not."""
        return "losscli show tells when it is not defined"

    def signature(self, reduction: str, missing: str, n: int, dropped: int, weight: float) -> str:
        """Return what another person needs to get the same number."""
        bound = self.bound
        params = written(bound.loss.name, {name: value for name, value in bound.params.items() if value is not None})
        facts = {
            "like": bound.like or "none", "reduction": reduction, "missing": missing, "n": n, "dropped": dropped,
            "weight": repr(weight), "version": __version__,
        }  # fmt: skip
        return "|".join([params, *(f"{name}:{fact}" for name, fact in facts.items())])


class LossTally(Tally):
    """The fold of a loss for each group and for all rows."""

    def __init__(self, bound: Bound, asked: str | None, *, propagate: bool = False) -> None:
        super().__init__(bound, propagate=propagate)
        self.reduction = reduction(asked or bound.reduction)
        self._by_rows = reduction(bound.rows_reduction) if bound.rows_reduction and not asked else None
        self.total = Fold(self.reduction)
        self.folds: dict[Group, Fold] = {}
        self.weighted = isinstance(bound.loss, Loss) and bound.loss.weighted
        self._odd: dict[str, tuple[str, int]] = {}

    def fold(self, batch: Batch, weights: Array | None) -> Array:
        """Compute the losses and fold them in; a row with a missing value has none (``--missing propagate``)."""
        gaps = missing_rows(batch, infinite=False) if self.propagate else None
        losses = self._compute(batch) if gaps is None else np.full(len(batch), np.nan)
        if gaps is not None and not gaps.all():
            losses[~gaps] = self._compute(batch.only(~gaps))
        weights = None if self.weighted else weights
        if self._by_rows and batch.y_true.ndim > 1:
            self.reduction = self._by_rows
        self.total.update(losses, weights)
        for group, rows in split(batch):
            fold = self.folds.setdefault(group, Fold(self.reduction))
            fold.update(losses[rows], None if weights is None else weights[rows])
        self._remember(batch, losses, gaps)
        return losses

    def _compute(self, batch: Batch) -> Array:
        """Call the loss: on the rows of a sample one by one where it holds several; the sample's loss is their mean."""
        # numpy's power and exp may round otherwise where the values do not lie side by side
        y_true, y_pred = np.ascontiguousarray(batch.y_true), np.ascontiguousarray(batch.y_pred)
        row_by_row = self.guard.pred.rows is not False and self.guard.pred.width == "same" and not self.guard.pred.whole
        deep = row_by_row and y_pred.ndim > 2  # noqa: PLR2004  rows of rows
        if deep:
            y_true = y_true.reshape(-1, *y_true.shape[y_pred.ndim - 1 :])
            y_pred = y_pred.reshape(-1, y_pred.shape[-1])
        params = {**self.bound.params, "weight": batch.weight} if self.weighted else self.bound.params
        with np.errstate(all="ignore"):
            losses = self.bound.loss.function(y_true, y_pred, **params)
            parts = np.ascontiguousarray(losses)  # another layout would add up in another order
            if deep:
                parts = parts.reshape(len(batch), -1)
            return parts.mean(axis=tuple(range(1, parts.ndim))) if parts.ndim > 1 else parts

    def _remember(self, batch: Batch, losses: Array, gaps: Mask | None) -> None:
        if np.isfinite(losses).all():
            return
        undefined = np.isnan(losses) if gaps is None else np.isnan(losses) & ~gaps
        for what, marks in (("infinite", np.isinf(losses)), ("not a number", undefined)):
            if marks.any():
                first, count = self._odd.get(what, ("", 0))
                where = first or batch.place(int(np.argmax(marks)), "y_pred")
                self._odd[what] = (where, count + int(marks.sum()))

    def infinite(self) -> str:
        """Say how many losses are infinite or not a number, and where the first is."""
        said = (f"{count} of {self.n} rows is {what} (first: {where})" for what, (where, count) in self._odd.items())
        return "; ".join(f"the loss of {one}" for one in said)

    def way_out(self) -> str:
        """Say what makes an infinite loss finite: the loss's own clipping, or a framework's."""
        clips = [f"{self.bound.loss.name}:{name}=1e-7" for name in ("eps",) if name in self.bound.params]
        likes = [f"--like {name}" for name in self.bound.loss.frameworks() if clips]
        return f"{' or '.join([*clips, *likes[:1]])} clips" if clips else "--worst 5 shows such rows"

    def notes(self, *, infinite: bool = True) -> list[str]:
        """Return what the user should know, infinite losses included."""
        said = super().notes()
        if self.weighted:
            said.append(f"{self.bound.spec}: the weights stand in the loss, so that every row counts alike in the mean")
        return [f"{self.bound.spec}: {self.infinite()}; {self.way_out()}", *said] if infinite and self._odd else said

    def groups(self) -> Iterable[Group]:
        """Return the groups that were seen."""
        return self.folds.keys()

    def result(self, group: Group | None, by: Mapping[str, str] | None, dropped: int, missing: str) -> Result:
        """Return the numbers of one group, or of all rows."""
        fold = self.total if group is None else self.folds[group]
        value, moments, bound = self.reduction.value(fold), fold.moments, self.bound
        finish = bound.loss.finish if isinstance(bound.loss, Loss) else None
        if finish and value is not None and self.reduction.finished:
            value = finish(value)
        return Result(
            loss=bound.spec,
            like=bound.like,
            reduction=self.reduction.name,
            value=value,
            n=moments.n,
            dropped=dropped,
            weight=moments.weight,
            mean=moments.mean,
            sum=moments.sum,
            std=moments.std,
            min=moments.min,
            max=moments.max,
            signature=self.signature(self.reduction.name, missing, moments.n, dropped, moments.weight),
            by=by,
        )


class ScoreTally(Tally):
    """The state of a score for each group and for all rows."""

    def __init__(self, bound: Bound, _: str | None = None, *, propagate: bool = False) -> None:
        super().__init__(bound, propagate=propagate)
        self.total: Any = None
        self.states: dict[Group, Any] = {}
        self.weights: dict[Group | None, Fold] = {}
        self._grouped = False

    def fold(self, batch: Batch, weights: Array | None) -> None:
        """Add the state of the rows; a missing value makes the score NaN."""
        everything = np.arange(len(batch))
        self._grouped = self._grouped or bool(batch.group)
        for group, rows in [(None, everything), *split(batch)]:
            part = batch if group is None else batch.only(_mask(rows, len(batch)))
            weight = None if weights is None else weights[rows]
            state = self._state(part, weight)
            if group is None:
                self.total = state if self.total is None else self.total + state
            else:
                self.states[group] = self.states[group] + state if group in self.states else state
            fold = self.weights.setdefault(group, Fold(reduction("sum"), squares=False))
            fold.update(np.zeros(len(part)), weight)

    def notes(self, *, infinite: bool = True) -> list[str]:
        """Return what the user should know, a missing ``--group`` included."""
        one = isinstance(self.bound.loss, Score) and self.bound.loss.grouped and not self._grouped
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
        state = self.total if group is None else self.states[group]
        return Result(
            loss=self.bound.spec,
            like=self.bound.like,
            reduction="score",
            value=float(state.result()),
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

TALLIES: dict[type[Declared], type[LossTally | ScoreTally]] = {Loss: LossTally, Score: ScoreTally}


def _mask(rows: Integers, n: int) -> Mask:
    mask = np.zeros(n, dtype=bool)
    mask[rows] = True
    return mask


def split(batch: Batch) -> Iterable[tuple[Group, Integers]]:
    """Yield each group of a batch with the indices of its rows; nothing without ``--by``."""
    if not batch.by:
        return
    codes: dict[Group, int] = {}
    numbered = np.array([codes.setdefault(group, len(codes)) for group in batch.groups()])
    order = np.argsort(numbered, kind="stable")
    edges = np.searchsorted(numbered[order], np.arange(len(codes) + 1))
    for group, start, stop in zip(codes, edges, edges[1:], strict=False):
        yield group, order[start:stop]
