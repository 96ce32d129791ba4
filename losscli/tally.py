"""What one loss or score has found so far, for each group and for all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from math import isnan, nan, prod
from typing import TYPE_CHECKING

import numpy as np

from losscli import __version__
from losscli.arrays import Array, Mask, flat
from losscli.batch import Batch, Group, split
from losscli.conventions import CONVENTIONS
from losscli.formats.format import Result
from losscli.guard import Guard, row_weights
from losscli.reductions import Fold, Reduction, pool, reduction
from losscli.registry import Loss
from losscli.sources.missing import missing_rows
from losscli.spec import Bound, written

if TYPE_CHECKING:
    from losscli.grouped import Grouped


Listener = Callable[[Batch, Array | None, Array | None], None]
"""Is told the rows of every batch that count, their weights, and their losses, if any."""


class Tally:
    """What losses and scores have in common: the guard, the rows that are left out, what is said at the end.

    ``weightless`` is the mean of rows that all weigh 0, ``unseen`` of rows that are all left out; None if there is
    nothing to score then.
    """

    def __init__(self, bound: Bound, *, propagate: bool = False) -> None:
        self.bound = bound
        self.propagate = propagate
        self.guard = Guard(bound)
        self.ignored = 0
        self.n = 0
        self.weightless: float | None = None
        self.unseen: float | None = None
        self.listener: Listener | None = None

    def kept(self, batch: Batch) -> Mask | None:
        """Mark the rows that are not left out by their class; None if none is left out."""
        found = self.bound.param("ignore")
        if found is None or batch.y_true.ndim > 1:
            return None
        kept: Mask = batch.y_true != found[1]
        return None if kept.all() else kept

    def without_spread(self) -> None:
        """Leave out what only the spread of losses needs; a score has none."""

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
        if self.listener:
            self.listener(part, weights, losses)
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
    """The fold of a loss for each group and for all rows.

    ``classes`` are the labels seen, and ``of_one_class`` the same loss as its framework computes it where one class
    alone occurs, which is not known before the end; both only where the framework has such a case.
    """

    def __init__(self, bound: Bound, asked: str | None, *, propagate: bool = False) -> None:
        super().__init__(bound, propagate=propagate)
        self.reduction = reduction(asked or bound.reduction)
        self._by_rows = reduction(bound.rows_reduction) if bound.rows_reduction and not asked else None
        self.of_elements = reduction(bound.elements) if bound.elements and not asked else None
        self.of_vectors = "" if asked else bound.vectors
        convention = CONVENTIONS.get(bound.like or "")
        self._averaged = convention is not None and convention.averages_last_axis
        self._weightless_sum = convention is not None and convention.weightless_sum
        self.weightless, self.unseen = (convention.weightless, convention.unseen) if convention else (None, None)
        self._elements = 1
        self._pool = pool(self.reduction)
        self._squares = True
        self.total = self.nothing()
        self.weighted = isinstance(bound.loss, Loss) and bound.loss.weighted
        self.odd: dict[str, tuple[str, int]] = {}
        self.as_vectors = False
        self.classes: dict[Group | None, set[float]] = {}
        self.of_one_class: LossTally | None = None
        if bound.one_class:
            one = replace(bound, params={**bound.params, **bound.one_class}, one_class={})
            self.of_one_class = LossTally(one, asked, propagate=propagate)

    def nothing(self) -> Fold:
        """Return a fold of no rows."""
        return Fold(self.reduction, squares=self._squares, plain=bool(self.of_vectors), pool=self._pool)

    def without_spread(self) -> None:
        """Add up no squares, before the first row: nobody asks for the standard deviation."""
        self._squares = False
        self.total = self.nothing()

    @cached_property
    def grouped(self) -> Grouped:
        """The folds of groups, together."""
        from losscli.grouped import Grouped  # noqa: PLC0415  only with --by

        return Grouped(self.nothing)

    @property
    def folds(self) -> dict[Group, Fold]:
        """The fold of each group."""
        return self.grouped.folds

    def fold(self, batch: Batch, weights: Array | None) -> Array:
        """Compute the losses and fold them in; a row with a missing value has none (``--missing propagate``)."""
        gaps = missing_rows(batch, infinite=False) if self.propagate else None
        losses = self._compute(batch) if gaps is None else np.full(len(batch), np.nan)
        if gaps is not None and not gaps.all():
            losses[~gaps] = self._compute(batch.only(~gaps))
        weights = None if self.weighted else weights
        if self._by_rows and batch.y_true.ndim > 1:
            self.reduction = self._by_rows
        self.as_vectors |= batch.y_pred.ndim == 1
        self.total.update(losses, weights, elements=self._elements)
        if batch.by:
            self.grouped.update(batch.groups(), losses, weights, self._elements)
        if self.of_one_class:
            self.of_one_class.fold(batch, weights)
            for among, rows in [(None, np.arange(len(batch))), *split(batch)]:
                labels = batch.y_true[rows]
                self.classes.setdefault(among, set()).update(labels[~np.isnan(labels)].tolist())
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
                parts = flat(parts.reshape(*batch.y_pred.shape[:-1], *parts.shape[1:]))
            self._elements = prod(parts.shape[1:] if deep or not self._averaged else parts.shape[1:-1])
            return parts.mean(axis=tuple(range(1, parts.ndim))) if parts.ndim > 1 else parts

    def _remember(self, batch: Batch, losses: Array, gaps: Mask | None) -> None:
        if np.isfinite(losses).all():
            return
        undefined = np.isnan(losses) if gaps is None else np.isnan(losses) & ~gaps
        for what, marks in (("infinite", np.isinf(losses)), ("not a number", undefined)):
            if marks.any():
                first, count = self.odd.get(what, ("", 0))
                where = first or batch.place(int(np.argmax(marks)), "y_pred")
                self.odd[what] = (where, count + int(marks.sum()))

    def infinite(self) -> str:
        """Say how many losses are infinite or not a number, and where the first is."""
        said = (f"{count} of {self.n} rows is {what} (first: {where})" for what, (where, count) in self.odd.items())
        return "; ".join(f"the loss of {one}" for one in said)

    def way_out(self) -> str:
        """Say what makes an infinite loss finite: the loss's own clipping, or a framework's."""
        clips = [f"{self.bound.loss.name}:{name}=1e-7" for name in ("eps",) if name in self.bound.params]
        likes = [f"--like {twin.framework}" for twin in self.bound.loss.like if clips and twin.params.get("eps")]
        return f"{' or '.join([*clips, *likes[:1]])} clips" if clips else "--worst 5 shows such rows"

    def notes(self, *, infinite: bool = True) -> list[str]:
        """Return what the user should know, infinite losses included."""
        said = super().notes()
        if self.weighted:
            said.append(f"{self.bound.spec}: the weights stand in the loss, so that every row counts alike in the mean")
        return [f"{self.bound.spec}: {self.infinite()}; {self.way_out()}", *said] if infinite and self.odd else said

    def groups(self) -> Iterable[Group]:
        """Return the groups that were seen."""
        return self.folds.keys()

    def of(self, group: Group | None) -> Fold:
        """Return the fold of a group, or of all rows."""
        return self.total if group is None else self.folds[group]

    def reduction_of(self, fold: Fold) -> Reduction:
        """Return the reduction of a fold: another one where a row holds several values that are reduced."""
        return self.of_elements if self.of_elements and fold.elements > 1 else self.reduction

    def of_nothing(self, fold: Fold) -> float | None:
        """Return the framework's mean where no row weighs anything, or none is left; None if it has no such case."""
        if fold.moments.nonzero:
            return None
        if not fold.moments.n:
            return self.unseen
        undefined = self._weightless_sum and (self.guard.saw or self.odd)  # 0 / 0, 0 · ∞
        return nan if undefined and self.weightless is not None else self.weightless

    def reduced(self, fold: Fold) -> float | None:
        """Return the reduced value before ``finish``; of nothing, what the framework's mean is."""
        value, nothing = self.reduction_of(fold).value(fold), self.of_nothing(fold)
        undefined = value is not None and isnan(value) and self.reduction_of(fold).finished
        return value if nothing is None or not undefined else nothing

    def value(self, group: Group | None) -> float | None:
        """Return the reduced value, which is the framework's of one class where one class alone occurs."""
        one = self.of_one_class if len(self.classes.get(group, ())) == 1 else None
        return self.reduced((one or self).of(group))

    def result(self, group: Group | None, by: Mapping[str, str] | None, dropped: int, missing: str) -> Result:
        """Return the numbers of one group, or of all rows."""
        fold, bound = self.of(group), self.bound
        moments, reduced = fold.moments, self.reduction_of(fold)
        value = self.value(group)
        if isinstance(bound.loss, Loss) and bound.loss.finish and value is not None and reduced.finished:
            value = bound.loss.finish(value)
        return Result(
            loss=bound.spec,
            like=bound.like,
            reduction=reduced.name,
            value=value,
            n=moments.n,
            dropped=dropped,
            weight=moments.weight,
            mean=moments.mean,
            sum=moments.sum,
            std=moments.std,
            min=moments.min,
            max=moments.max,
            signature=self.signature(reduced.name, missing, moments.n, dropped, moments.weight),
            by=by,
        )
