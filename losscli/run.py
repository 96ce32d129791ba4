"""One pass over the data: guard, loss, reductions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from losscli.arrays import Array, flat
from losscli.batch import Batch, Group
from losscli.errors import DataError, UsageError
from losscli.formats.format import Block, Cells, Report
from losscli.registry import Loss, Score
from losscli.sources.roles import in_order
from losscli.spec import Bound
from losscli.tally import LossTally, Tally

if TYPE_CHECKING:
    from losscli.fingerprint import Fingerprint


SUSPICIOUS = 10
"""Rows from which predictions that are all the truth, or all alike, are worth a note."""


class Run:
    """Several losses over the same data in one pass.

    Feed it batches; it returns the samples as a block for the formats, and at the end the report.

    Args:
        bounds: the losses.
        reduction: what ``value`` is; None leaves it to each loss's convention.
        missing: the policy that was applied, for the signature.
        signed: whether the signatures tell the data, too, which costs a hash of every number.
    """

    def __init__(
        self, bounds: Iterable[Bound], *, reduction: str | None = None, missing: str = "error", signed: bool = False
    ) -> None:
        self.tallies = [
            tally(bound, reduction, propagate=missing == "propagate")
            for bound in {bound.spec: bound for bound in bounds}.values()
        ]
        self.by: tuple[str, ...] = ()
        self.missing = missing
        self.source = "the data"
        self.n = 0
        self.dropped: Counter[Group] = Counter()
        self.fingerprint: Fingerprint | None = None
        self._first: Array | None = None
        self._same = self._constant = self._suspicious = True
        self._fractions = self._varies = False
        if signed:
            from losscli.fingerprint import Fingerprint  # noqa: PLC0415  hashlib costs start-up

            self.fingerprint = Fingerprint()

    @property
    def losses(self) -> list[str]:
        """The SPECs, in the order asked for."""
        return [tally.bound.spec for tally in self.tallies]

    def without_spread(self) -> None:
        """Say before the first batch that nobody asks for standard deviations."""
        for each in self.tallies:
            each.without_spread()

    def weighing(self) -> None:
        """Say before the first batch that rows of no weight are nothing to judge by, whatever a framework says."""
        for each in self.tallies:
            each.weightless = each.unseen = None

    def feed(self, batch: Batch) -> Block | None:
        """Compute a batch; return its samples, or None once the run can only end in an error."""
        self.n += len(batch)
        self.by = tuple(batch.by)
        self.dropped.update(batch.dropped)
        if self.fingerprint:
            self.fingerprint.update(batch)
        if self._suspicious:
            self._suspect(batch)
        found = {tally.bound.spec: tally.take(batch) for tally in self.tallies}
        if any(tally.guard.faults for tally in self.tallies):
            return None
        losses = {spec: values for spec, values in found.items() if values is not None}
        shown = [tally.kept(batch) for tally in self.tallies]
        if any(kept is None for kept in shown):
            return samples(batch, losses)
        some = np.logical_or.reduce([kept for kept in shown if kept is not None])
        return samples(batch.only(some), {spec: values[some] for spec, values in losses.items()})

    def _suspect(self, batch: Batch) -> None:
        """Look on whether every prediction is the truth, or one number; over with the first batch that is neither."""
        y_true, y_pred = batch.y_true, batch.y_pred
        if not len(batch):
            return
        if self._first is None:
            self._first = np.array(y_pred[0])
        self._same = self._same and np.array_equal(y_true, y_pred)
        self._constant = self._constant and bool((y_pred == self._first).all())
        self._suspicious = self._same or self._constant
        if self._suspicious:
            self._fractions |= bool((y_true != np.floor(y_true)).any())
            self._varies |= bool((y_true != y_true[0]).any())

    def _suspicions(self) -> list[str]:
        """Return what looks wrong for certain; nothing of few rows, and nothing of classes that are all right."""
        if self._first is None or self.n < SUSPICIOUS or not self._varies:
            return []
        if self._same and self._fractions:
            return [f"all {self.n} predictions equal the truth: is that the right column?"]
        value = f" ({float(self._first)!r})" if self._first.ndim == 0 else ""
        return [f"all {self.n} predictions are the same{value}"] if self._constant else []

    def report(self) -> Report:
        """Return the results. Raises DataError if a value was outside a domain or there was nothing to score."""
        for tally in self.tallies:
            tally.guard.conclude()
        dropped = self.dropped.total()
        if not self.n:
            if dropped:
                message = f"nothing to score: all {dropped} rows were dropped for missing values"
                raise DataError(message, "--missing error names them")
            raise DataError(f"nothing to score: {self.source} has no rows", "is it still being written?")
        total = [tally.result(None, None, dropped, self.missing) for tally in self.tallies]
        for tally, result in zip(self.tallies, total, strict=True):
            mean = tally.weightless if tally.n else tally.unseen
            if result.weight == 0 and (mean is None or not isfinite(result.value or 0.0)):
                raise _nothing_left(tally, self.n)
        results = []
        for group in sorted(self.groups, key=lambda one: [in_order(name) for name in one]):
            by = dict(zip(self.by, group, strict=True))
            there = [tally for tally in self.tallies if group in tally.groups()]
            results += [tally.result(group, by, self.dropped[group], self.missing) for tally in there]
        results += total
        if self.by:
            from losscli.standing import placed  # noqa: PLC0415  only for groups

            results = placed(results, self.tallies)
        if self.fingerprint:
            data = f"|true:{self.fingerprint.truth()}|data:{self.fingerprint.hexdigest()}"
            results = [replace(result, signature=result.signature + data) for result in results]
        return Report(self.losses, self.n, dropped, results, self.by)

    @property
    def groups(self) -> set[Group]:
        """The groups that any loss has seen."""
        return {group for tally in self.tallies for group in tally.groups()} if self.by else set()

    def notes(self, silent: Container[str] = ()) -> list[str]:
        """Return what the user should know beside the numbers; nothing on infinite losses of the ``silent`` SPECs."""
        dropped = self.dropped.total()
        said = [f"{dropped} of {dropped + self.n} rows dropped for missing values"] if dropped else []
        for what in dict.fromkeys(tally.guard.saw for tally in self.tallies if tally.guard.saw):
            specs = ", ".join(tally.bound.spec for tally in self.tallies if tally.guard.saw == what)
            said.append(f"{specs}: the truth holds {what}")
        said += self._suspicions()
        for tally in self.tallies:
            said += tally.notes(infinite=tally.bound.spec not in silent)
            if tally.bound.like and isinstance(tally, LossTally):
                from losscli.departures import departures  # noqa: PLC0415  only where a framework's number is given

                said += departures(tally)
        return said


def _nothing_left(tally: Tally, n: int) -> DataError:
    if tally.n:
        return DataError(f"nothing to score: the weights of all {n} rows are 0", "leave --weight out")
    return DataError(f"nothing to score: {tally.bound.spec} ignores all {n} rows", "ignore another class")


def tally(bound: Bound, reduction: str | None, *, propagate: bool) -> Tally:
    """Return the empty tally of a loss or score. Raises UsageError for what is neither, a penalty."""
    if isinstance(bound.loss, Loss):
        return LossTally(bound, reduction, propagate=propagate)
    if isinstance(bound.loss, Score):
        from losscli.scoring import ScoreTally  # noqa: PLC0415  only for scores

        return ScoreTally(bound, reduction, propagate=propagate)
    raise UsageError(
        f"{bound.loss.name} is of a model's weights, not of predictions", f"losscli {bound.loss.name} FILE computes it"
    )


def samples(batch: Batch, losses: Mapping[str, Array]) -> Block:
    """Return the sample records of a batch, column by column."""
    block: dict[str, Cells] = {"row": batch.rows, **batch.keep}
    for part, values, named in (("y_true", batch.y_true, batch.named[0]), ("y_pred", batch.y_pred, batch.named[1])):
        if named and batch.classes:
            names = np.array([*batch.classes, ""], dtype=object)  # the last stands for what is missing
            block[part] = names[np.nan_to_num(values, nan=-1).astype(np.intp)].tolist()
        elif values.ndim == 1:
            block[part] = values
        else:
            block |= {f"{part}_{i}": column for i, column in enumerate(flat(values).T)}
    return {**block, **losses}
