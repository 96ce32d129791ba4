"""``--breakdown``: where a loss comes from, as plain records, collected while a run goes on.

Every sum is exact, so that the numbers do not depend on how the rows were split up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from math import sqrt

import numpy as np

from losscli.arrays import Array, Mask
from losscli.batch import Batch
from losscli.errors import UsageError
from losscli.exact import ZERO, ExactSum, ratio
from losscli.formats.format import Record, Report
from losscli.gallery import listen, probabilities
from losscli.quantiles import Quantiles
from losscli.reductions import Moments
from losscli.registry import Loss
from losscli.run import Run
from losscli.spec import Bound
from losscli.tally import Tally

MOST = 1000
"""More classes than this are taken for numbers that are no classes."""
QUANTILES = {"q5": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
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


class Parts:
    """The moments of the parts that the losses of a run have; a part is known by a number."""

    def __init__(self) -> None:
        self.moments: dict[str, dict[float, Moments]] = {}
        self.bounds: dict[str, Bound] = {}
        self.names: tuple[str, ...] = ()

    def add(self, bound: Bound, part: float, losses: Array, weights: Array | None) -> None:
        """Take in some losses of one part."""
        self.bounds[bound.spec] = bound
        parts = self.moments.setdefault(bound.spec, {})
        parts[part] = parts.get(part, Moments()) + Moments.of(losses, weights, squares=False)

    def records(self, key: str, called: Callable[[float], str]) -> list[Record]:
        """Return a record for every part of every loss; ``value`` is the mean, or its root where the loss is one."""
        return [
            {
                "loss": spec,
                key: called(part),
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
    parts = Parts()
    for tally in suited:
        listen(tally, partial(_by_class, parts, tally.bound))
    return partial(parts.records, "class", lambda part: _class(parts.names, part))


def _by_class(parts: Parts, bound: Bound, batch: Batch, weights: Array | None, losses: Array | None) -> None:
    labels = batch.y_true
    if labels.ndim > 1:
        if not (((labels == 0) | (labels == 1)).all() and (labels.sum(axis=-1) == 1).all()):
            raise UsageError(
                "--breakdown classes is by the class of a row, and the truth holds shares of several",
                "--breakdown outputs is by columns",
            )
        labels = labels.argmax(axis=-1).astype(np.float64)
    parts.names = batch.classes or () if batch.named[0] else ()
    for label in np.unique(labels[~np.isnan(labels)]).tolist():
        here = labels == label
        if losses is not None:
            parts.add(bound, label, losses[here], None if weights is None else weights[here])
    if len(parts.moments.get(bound.spec, ())) > MOST:
        raise UsageError(
            f"--breakdown classes is of class labels, and the truth holds more than {MOST} different numbers",
            "--by 'COLUMN/q10' groups by bins of a column",
        )


def _class(names: Sequence[str], part: float) -> str:
    return names[int(part)] if names else repr(part).removesuffix(".0")


def outputs(run: Run) -> Records:
    """Return what gives the mean loss of each column, where the loss of a row is the mean over its columns."""
    parts = Parts()
    for tally in _losses(run, lambda one: not getattr(one, "weighted", False)):
        listen(tally, partial(_by_output, parts, tally.bound))

    def records() -> Sequence[Record]:
        if not parts.moments:
            what = "several columns, over which a row's loss is the mean"
            raise _unsuited("outputs", what, run, "--true t0,t1 --pred p0,p1 -l mse")
        return parts.records("output", lambda part: f"y_pred_{int(part)}")

    return records


def _by_output(parts: Parts, bound: Bound, batch: Batch, weights: Array | None, _losses: Array | None) -> None:
    if batch.y_pred.ndim != 2:  # noqa: PLR2004  rows
        return
    with np.errstate(all="ignore"):
        found = bound.loss.function(batch.y_true, batch.y_pred, **bound.params)
    if np.ndim(found) == 2:  # noqa: PLR2004  a loss for each column
        for column, losses in enumerate(np.asarray(found).T):
            parts.add(bound, column, np.ascontiguousarray(losses), weights)


def residuals(run: Run) -> Records:
    """Return what sums up the residuals, y_pred − y_true: their bias, size and quantiles."""
    suited = [one for one in run.tallies if _numbers(one)]
    if not suited:
        raise _unsuited("residuals", "single numbers", run, "add -l mse")
    found = Residuals()
    listen(suited[0], found.take)
    return found.records


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
    "calibration": lambda run: probabilities(run, "--breakdown calibration").records,
}
"""The name of a kind -> what listens to a run for it."""
