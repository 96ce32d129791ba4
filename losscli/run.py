"""One pass over the data: guard, loss, reductions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping

import numpy as np

from losscli import __version__
from losscli.arrays import Array, Integers, Mask
from losscli.batch import Batch, Group
from losscli.errors import DataError
from losscli.formats.format import Block, Cells, Report, Result
from losscli.guard import Guard, row_weights
from losscli.reductions import Fold, reduction
from losscli.sources.missing import missing_rows
from losscli.sources.roles import natural
from losscli.spec import Bound, written


class Tally:
    """What one loss has found so far: its guard, and a fold for each group and for all rows."""

    def __init__(self, bound: Bound, asked: str | None, *, propagate: bool = False) -> None:
        self.bound = bound
        self.propagate = propagate
        self.guard = Guard(bound)
        self.reduction = reduction(asked or bound.reduction)
        self.folds: dict[Group, Fold] = {}
        self.total = Fold(self.reduction)
        self.ignored = 0
        self._infinite = ("", 0)

    def losses(self, batch: Batch) -> Array | None:
        """Compute a batch and fold it in; return the loss of every row, NaN where the row is left out.

        None once a value was outside the domain: then only counting goes on.
        """
        kept = self.kept(batch)
        part = batch if kept is None else batch.only(kept)
        if not self.guard.check(part):
            return None
        gaps = missing_rows(part, infinite=False) if self.propagate else None
        losses = self._compute(part) if gaps is None else np.full(len(part), np.nan)
        if gaps is not None and not gaps.all():
            losses[~gaps] = self._compute(part.only(~gaps))
        weights = row_weights(self.bound, part.y_true)
        if part.weight is not None:
            weights = part.weight if weights is None else weights * part.weight
        self.total.update(losses, weights)
        for group, rows in _split(part):
            fold = self.folds.setdefault(group, Fold(self.reduction))
            fold.update(losses[rows], None if weights is None else weights[rows])
        self._remember(part, losses)
        if kept is None:
            return losses
        self.ignored += len(batch) - len(part)
        everywhere = np.full(len(batch), np.nan)
        everywhere[kept] = losses
        return everywhere

    def kept(self, batch: Batch) -> Mask | None:
        """Mark the rows that the loss does not leave out by their class; None if it leaves out none."""
        found = self.bound.param("ignore")
        if found is None or batch.y_true.ndim > 1:
            return None
        kept: Mask = batch.y_true != found[1]
        return None if kept.all() else kept

    def _compute(self, batch: Batch) -> Array:
        """Call the loss: on the rows of a sample one by one where it holds several; the sample's loss is their mean."""
        y_true, y_pred = batch.y_true, batch.y_pred
        deep = self.guard.pred.rows is not False and y_pred.ndim > 2  # noqa: PLR2004  rows of rows
        if deep:
            y_true = y_true.reshape(-1, *y_true.shape[y_pred.ndim - 1 :])
            y_pred = y_pred.reshape(-1, y_pred.shape[-1])
        with np.errstate(all="ignore"):
            losses = self.bound.loss.function(y_true, y_pred, **self.bound.params)
            parts = np.ascontiguousarray(losses)  # another layout would add up in another order
            if deep:
                parts = parts.reshape(len(batch), -1)
            return parts.mean(axis=tuple(range(1, parts.ndim))) if parts.ndim > 1 else parts

    def _remember(self, batch: Batch, losses: Array) -> None:
        infinite = np.isinf(losses)
        if infinite.any():
            first, count = self._infinite
            where = first or batch.place(int(np.argmax(infinite)), "y_pred")
            self._infinite = (where, count + int(infinite.sum()))

    def notes(self, *, infinite: bool = True) -> list[str]:
        """Return what the user should know: doubts about the data, infinite losses, rows left out."""
        said, spec, n = self.guard.notes(), self.bound.spec, self.total.moments.n
        if self.ignored:
            said.append(f"{spec}: {self.ignored} of {self.ignored + n} rows ignored by their class")
        if infinite and self._infinite[1]:
            said.append(f"{spec}: {self.infinite()}; {self.way_out()}")
        return [*said, f"{spec}: {self.bound.note}"] if self.bound.note else said

    def infinite(self) -> str:
        """Say how many losses are infinite, and where the first is."""
        where, count = self._infinite
        return f"the loss of {count} of {self.total.moments.n} rows is infinite (first: {where})" if count else ""

    def way_out(self) -> str:
        """Say what makes an infinite loss finite: the loss's own clipping, or a framework's."""
        clips = [f"{self.bound.loss.name}:{name}=1e-7" for name in ("eps",) if name in self.bound.params]
        likes = [f"--like {name}" for name in self.bound.loss.frameworks() if clips]
        return f"{' or '.join([*clips, *likes[:1]])} clips" if clips else "--worst 5 shows such rows"

    def result(self, fold: Fold, dropped: int, missing: str, by: Mapping[str, str] | None) -> Result:
        """Return the numbers of one group, or of all rows."""
        value, moments, bound = fold.value, fold.moments, self.bound
        if bound.loss.finish and value is not None and self.reduction.finished:
            value = bound.loss.finish(value)
        params = written(bound.loss.name, {name: value for name, value in bound.params.items() if value is not None})
        facts = {
            "like": bound.like or "none",
            "reduction": self.reduction.name,
            "missing": missing,
            "n": moments.n,
            "dropped": dropped,
            "weight": repr(moments.weight),
            "version": __version__,
        }
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
            signature="|".join([params, *(f"{name}:{fact}" for name, fact in facts.items())]),
            by=by,
        )


class Run:
    """Several losses over the same data in one pass.

    Feed it batches; it returns the samples as a block for the formats, and at the end the report.

    Args:
        bounds: the losses.
        reduction: what ``value`` is; None leaves it to each loss's convention.
        missing: the policy that was applied, for the signature.
    """

    def __init__(self, bounds: Iterable[Bound], *, reduction: str | None = None, missing: str = "error") -> None:
        self.tallies = [
            Tally(bound, reduction, propagate=missing == "propagate")
            for bound in {bound.spec: bound for bound in bounds}.values()
        ]
        self.by: tuple[str, ...] = ()
        self.missing = missing
        self.n = 0
        self.dropped: Counter[Group] = Counter()

    @property
    def losses(self) -> list[str]:
        """The SPECs, in the order asked for."""
        return [tally.bound.spec for tally in self.tallies]

    def feed(self, batch: Batch) -> Block | None:
        """Compute a batch; return its samples, or None once the run can only end in an error."""
        self.n += len(batch)
        self.by = tuple(batch.by)
        self.dropped.update(batch.dropped)
        found = {tally.bound.spec: tally.losses(batch) for tally in self.tallies}
        losses = {spec: values for spec, values in found.items() if values is not None}
        if len(losses) < len(found):
            return None
        shown = [tally.kept(batch) for tally in self.tallies]
        if any(kept is None for kept in shown):
            return samples(batch, losses)
        some = np.logical_or.reduce([kept for kept in shown if kept is not None])
        return samples(batch.only(some), {spec: values[some] for spec, values in losses.items()})

    def report(self) -> Report:
        """Return the results. Raises DataError if a value was outside a domain or there was nothing to score."""
        for tally in self.tallies:
            tally.guard.conclude()
        dropped = self.dropped.total()
        if not self.n:
            what = f"all {dropped} rows were dropped for missing values" if dropped else "the data has no rows"
            raise DataError(f"nothing to score: {what}", "`--missing error` names them" if dropped else "")
        if empty := next((tally for tally in self.tallies if not tally.total.moments.n), None):
            raise DataError(f"nothing to score: {empty.bound.spec} ignores all {self.n} rows", "ignore another class")
        if any(tally.total.moments.weight == 0 for tally in self.tallies):
            raise DataError(f"nothing to score: the weights of all {self.n} rows are 0", "leave --weight out")
        results = []
        for group in sorted(self.tallies[0].folds if self.by else (), key=lambda one: [natural(name) for name in one]):
            by = dict(zip(self.by, group, strict=True))
            results += [
                tally.result(tally.folds[group], self.dropped[group], self.missing, by)
                for tally in self.tallies
                if group in tally.folds
            ]
        results += [tally.result(tally.total, dropped, self.missing, None) for tally in self.tallies]
        return Report(self.losses, self.n, dropped, results, self.by)

    def notes(self, silent: Container[str] = ()) -> list[str]:
        """Return what the user should know beside the numbers; nothing on infinite losses of the ``silent`` SPECs."""
        dropped = self.dropped.total()
        said = [f"{dropped} of {dropped + self.n} rows dropped for missing values"] if dropped else []
        for what in dict.fromkeys(tally.guard.saw for tally in self.tallies if tally.guard.saw):
            specs = ", ".join(tally.bound.spec for tally in self.tallies if tally.guard.saw == what)
            said.append(f"{specs}: the truth holds {what}")
        return said + [note for tally in self.tallies for note in tally.notes(infinite=tally.bound.spec not in silent)]


def _split(batch: Batch) -> Iterable[tuple[Group, Integers]]:
    """Yield each group of a batch with the indices of its rows; nothing without ``--by``."""
    if not batch.by:
        return
    codes: dict[Group, int] = {}
    numbered = np.array([codes.setdefault(group, len(codes)) for group in batch.groups()])
    order = np.argsort(numbered, kind="stable")
    edges = np.searchsorted(numbered[order], np.arange(len(codes) + 1))
    for group, start, stop in zip(codes, edges, edges[1:], strict=False):
        yield group, order[start:stop]


def samples(batch: Batch, losses: Mapping[str, Array]) -> Block:
    """Return the sample records of a batch, column by column."""
    block: dict[str, Cells] = {"row": batch.rows, **batch.keep}
    for part, values, named in (("y_true", batch.y_true, batch.named[0]), ("y_pred", batch.y_pred, batch.named[1])):
        if named and batch.classes:
            block[part] = ["" if np.isnan(code) else batch.classes[int(code)] for code in values.tolist()]
        elif values.ndim == 1:
            block[part] = values
        else:
            flat = values.reshape(len(values), -1)
            block |= {f"{part}_{i}": flat[:, i] for i in range(flat.shape[1])}
    return {**block, **losses}
