"""``--breakdown``: where a loss comes from, as plain records, collected while a run goes on; by group with ``--by``.

Every sum is exact, so that the numbers do not depend on how the rows were split up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from math import sqrt
from typing import Generic, TypeVar

import numpy as np

from losscli.arrays import Array, Mask
from losscli.batch import Batch, Group, split
from losscli.errors import UsageError
from losscli.exact import ZERO, ExactSum, ratio
from losscli.formats.format import Record, Report
from losscli.gallery import listen, of_probabilities, reliable
from losscli.quantiles import Quantiles
from losscli.reductions import Moments
from losscli.registry import Loss
from losscli.reliability import Reliability
from losscli.run import Run
from losscli.sources.roles import in_order
from losscli.spec import Bound
from losscli.tally import Tally

MOST = 1000
"""More classes than this are taken for numbers that are no classes."""
QUANTILES = {"q5": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
BY = "by"
"""Where a record tells its group."""
T = TypeVar("T")
Records = Callable[[], Sequence[Record]]
"""Gives the records of a section at the end of the data."""


class Breakdown:
    """Listens to a run and adds sections to its report; ``kinds`` are names in ``KINDS``."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self._kinds = list(dict.fromkeys(kinds))
        self._sections: dict[str, Records] = {}

    def watched(self, begin: Callable[..., Run], *arguments: object, **options: object) -> Run:
        """Begin a run and listen to it. Raises UsageError for what it has no numbers for."""
        run = begin(*arguments, **options)
        self._sections = {kind: KINDS[kind](run) for kind in self._kinds}
        return run

    def told(self, report: Report) -> Report:
        """Return the report with the sections. Raises UsageError for one that there is nothing to say in."""
        return replace(report, sections={**report.sections, **{kind: of() for kind, of in self._sections.items()}})


class Grouped(Generic[T]):
    """What collects something of all rows, and one more of its kind for each group of ``--by``."""

    def __init__(self, new: Callable[[], T]) -> None:
        self._new = new
        self._groups: dict[Group, T] = {}
        self._by: tuple[str, ...] = ()
        self.whole = new()

    def listen(self, tally: Tally, take: Callable[[T, Batch, Array | None, Array | None], None]) -> None:
        """Let what collects take in the rows of a loss."""

        def heard(batch: Batch, weights: Array | None, losses: Array | None) -> None:
            take(self.whole, batch, weights, losses)
            self._by = tuple(batch.by)
            for group, index in split(batch):
                parts = (None if one is None else one[index] for one in (weights, losses))
                take(self._groups.setdefault(group, self._new()), batch.take(index), *parts)

        listen(tally, heard)

    def records(self, of: Callable[[T], Sequence[Record]]) -> list[Record]:
        """Return the records of each group and of all rows, told apart by ``by``; of these alone without groups."""
        if not self._by:
            return [*of(self.whole)]
        found: list[Record] = []
        for group in sorted(self._groups, key=lambda one: [in_order(name) for name in one]):
            by = dict(zip(self._by, group, strict=True))
            found += [{BY: by, **record} for record in of(self._groups[group])]
        return found + [{BY: None, **record} for record in of(self.whole)]


class Parts:
    """The moments of the parts that the losses of a run have; a part is known by a number."""

    def __init__(self) -> None:
        self.moments: dict[str, dict[float, Moments]] = {}
        self.bounds: dict[str, Bound] = {}
        self.called: Callable[[float], str] = _number

    def add(self, bound: Bound, part: float, losses: Array, weights: Array | None) -> None:
        """Take in some losses of one part."""
        self.bounds[bound.spec] = bound
        parts = self.moments.setdefault(bound.spec, {})
        parts[part] = parts.get(part, Moments()) + Moments.of(losses, weights, squares=False)

    def records(self, key: str) -> list[Record]:
        """Return a record for every part of every loss; ``value`` is the mean, or its root where the loss is one."""
        return [
            {
                "loss": spec,
                key: self.called(part),
                "value": _finished(self.bounds[spec], moments.mean),
                "n": moments.n,
                "weight": moments.weight,
                "share": ratio(moments.first, sum((one.first for one in parts.values()), ZERO)),
            }
            for spec, parts in self.moments.items()
            for part, moments in sorted(parts.items())
        ]


def classes(run: Run) -> Records:
    """Return what gives each true class's mean loss, its support and its share of the total."""
    suited = _losses(run, lambda one: one.guard.true.labels)
    if not suited:
        raise _unsuited("classes", "class labels", run, "add -l bce or -l ce")
    found = Grouped(Parts)
    for tally in suited:
        found.listen(tally, partial(_by_class, tally.bound))
    return lambda: found.records(lambda parts: parts.records("class"))


def _by_class(bound: Bound, parts: Parts, batch: Batch, weights: Array | None, losses: Array | None) -> None:
    labels = batch.y_true
    if labels.ndim > 1:
        if not (((labels == 0) | (labels == 1)).all() and (labels.sum(axis=-1) == 1).all()):
            raise UsageError(
                "--breakdown classes is by the class of a row, and the truth holds shares of several",
                "--breakdown outputs is by columns",
            )
        labels = labels.argmax(axis=-1).astype(np.float64)
    if batch.classes and batch.named[0]:
        names = batch.classes
        parts.called = lambda part: names[int(part)]
    for label in np.unique(labels[~np.isnan(labels)]).tolist():
        here = labels == label
        if losses is not None:
            parts.add(bound, label, losses[here], None if weights is None else weights[here])
    if len(parts.moments.get(bound.spec, ())) > MOST:
        raise UsageError(
            f"--breakdown classes is of class labels, and the truth holds more than {MOST} different numbers",
            "--by 'COLUMN/q10' groups by bins of a column",
        )


def _number(part: float) -> str:
    return repr(part).removesuffix(".0")


def outputs(run: Run) -> Records:
    """Return what gives the mean loss of each column, where the loss of a row is the mean over its columns."""
    found = Grouped(Parts)
    for tally in _losses(run, lambda one: not getattr(one, "weighted", False)):
        found.listen(tally, partial(_by_output, tally.bound))

    def records() -> Sequence[Record]:
        if not found.whole.moments:
            what = "several columns, over which a row's loss is the mean"
            raise _unsuited("outputs", what, run, "--true t0,t1 --pred p0,p1 -l mse")
        return found.records(lambda parts: parts.records("output"))

    return records


def _by_output(bound: Bound, parts: Parts, batch: Batch, weights: Array | None, _losses: Array | None) -> None:
    if batch.y_pred.ndim != 2:  # noqa: PLR2004  rows
        return
    with np.errstate(all="ignore"):
        found = bound.loss.function(batch.y_true, batch.y_pred, **bound.params)
    if np.ndim(found) == 2:  # noqa: PLR2004  a loss for each column
        parts.called = lambda part: f"y_pred_{int(part)}"
        for column, losses in enumerate(np.asarray(found).T):
            parts.add(bound, column, np.ascontiguousarray(losses), weights)


def residuals(run: Run) -> Records:
    """Return what sums up the residuals, y_pred − y_true: their bias, size and quantiles."""
    suited = [one for one in run.tallies if _numbers(one)]
    if not suited:
        raise _unsuited("residuals", "single numbers", run, "add -l mse")
    found = Grouped(Residuals)
    found.listen(suited[0], Residuals.take)
    return lambda: found.records(Residuals.records)


def calibration(run: Run) -> Records:
    """Return what tells how often that came which probabilities said."""
    asked, found = "--breakdown calibration", Grouped(Reliability)
    found.listen(of_probabilities(run, asked), partial(reliable, asked))
    return lambda: found.records(Reliability.records)


class Residuals:
    """Exact sums of residuals, and the residuals themselves for their quantiles (8 bytes each; many in a file)."""

    def __init__(self) -> None:
        self._plain = self._absolute = self._square = Moments()
        self._over = self._under = ZERO
        self._quantiles = Quantiles()

    def take(self, batch: Batch, weights: Array | None, _losses: Array | None) -> None:
        """Take in some rows; each number of a row of several has its row's weight."""
        with np.errstate(all="ignore"):
            residual = (batch.y_pred - batch.y_true).ravel()
            square = residual * residual
        if weights is not None:
            weights = np.repeat(weights, len(residual) // max(len(batch), 1))
        self._plain += Moments.of(residual, weights)
        self._absolute += Moments.of(np.abs(residual), weights, squares=False)
        self._square += Moments.of(square, weights, squares=False)
        self._quantiles += Quantiles.of(residual, weights)
        self._over += _weight(residual > 0, weights)
        self._under += _weight(residual < 0, weights)

    def records(self) -> list[Record]:
        """Return one record; ``over`` and ``under`` are the shares of rows predicted too high and too low."""
        plain = self._plain
        return [
            {
                "n": plain.n,
                "weight": plain.weight,
                "bias": plain.mean,
                "mae": self._absolute.mean,
                "rmse": sqrt(self._square.mean),
                "std": plain.std,
                "min": plain.min,
                **{name: self._quantiles.quantile(q) for name, q in QUANTILES.items()},
                "max": plain.max,
                "over": ratio(self._over, plain.weights),
                "under": ratio(self._under, plain.weights),
            }
        ]


def _numbers(tally: Tally) -> bool:
    """Tell whether truth and prediction are numbers of one kind, so that their difference says something."""
    true, pred = tally.guard.true, tally.guard.pred
    alike = true.rows is False and pred.rows is False and pred.width == "same"
    return alike and not true.labels and not tally.bound.params.get("log_input")


def _weight(chosen: Mask, weights: Array | None) -> ExactSum:
    return ExactSum.whole(int(chosen.sum())) if weights is None else ExactSum.of(weights[chosen])


def _losses(run: Run, suited: Callable[[Tally], bool]) -> list[Tally]:
    return [one for one in run.tallies if isinstance(one.bound.loss, Loss) and suited(one)]


def _finished(bound: Bound, value: float) -> float:
    finish = bound.loss.finish if isinstance(bound.loss, Loss) else None
    return finish(value) if finish else value


def _unsuited(kind: str, what: str, run: Run, hint: str) -> UsageError:
    return UsageError(f"--breakdown {kind} is of {what}, which {', '.join(run.losses)} does not have", hint)


KINDS: dict[str, Callable[[Run], Records]] = {
    "classes": classes,
    "outputs": outputs,
    "residuals": residuals,
    "calibration": calibration,
}
"""The name of a kind -> what listens to a run for it."""
