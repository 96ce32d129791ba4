"""The pictures of a run: collected while it goes on, in little memory however many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import isfinite

from losscli import standing
from losscli.arrays import Array
from losscli.batch import Batch
from losscli.errors import UsageError
from losscli.formats.format import Report, Result
from losscli.histogram import HUGE, Binned, Histogram
from losscli.pictures import Bars, Lines, Picture, Series
from losscli.registry import Loss
from losscli.reliability import Reliability
from losscli.run import Run
from losscli.spec import Bound
from losscli.standing import name
from losscli.tally import Listener, Tally

MOST = 50
"""Groups that a picture of bars shows."""
USUAL = "usual"
"""What is drawn if nothing is asked for."""
PROBABILITIES = ("probability", "probability or row")
"""The domains of predictions that are probabilities of class 1."""


class Gallery:
    """Listens to a run and adds pictures to its report.

    ``kinds`` are names in ``KINDS``; ``in_text`` says that tables are to show the pictures, too.
    """

    def __init__(self, kinds: Sequence[str], *, in_text: bool) -> None:
        self._kinds = list(dict.fromkeys(kinds))
        self._in_text = in_text
        self._bounds: dict[str, Bound] = {}
        self.histograms: dict[str, Histogram] = {}
        self.reliability: Reliability | None = None

    def watched(self, begin: Callable[..., Run], *arguments: object, **options: object) -> Run:
        """Begin a run and listen to it. Raises UsageError for a picture that it has no numbers for."""
        run = begin(*arguments, **options)
        self._bounds = {tally.bound.spec: tally.bound for tally in run.tallies}
        if {"hist", USUAL} & set(self._kinds):
            self._watch_losses(run)
        if "calibration" in self._kinds:
            asked, self.reliability = "--plot calibration", Reliability()
            listen(of_probabilities(run, asked), partial(reliable, asked, self.reliability))
        return run

    def hung(self, report: Report) -> Report:
        """Return the report with the pictures. Raises UsageError for a curve over what is in no order."""
        pictures = [picture for kind in self._kinds for picture in KINDS[kind](self, report)]
        return replace(report, pictures=pictures, in_text=self._in_text)

    def bound(self, spec: str) -> Bound | None:
        """Return the loss of a SPEC, if it is of this run."""
        return self._bounds.get(spec)

    def _watch_losses(self, run: Run) -> None:
        for tally in run.tallies:
            if isinstance(tally.bound.loss, Loss):
                self.histograms[tally.bound.spec] = found = Histogram()
                listen(tally, partial(_count, found))


def of_probabilities(run: Run, asked: str) -> Tally:
    """Return a loss of probabilities of class 1. Raises UsageError where there is none."""
    suited = [one for one in run.tallies if one.guard.true.labels and one.guard.pred.name in PROBABILITIES]
    if not suited:
        names = ", ".join(run.losses)
        raise UsageError(f"{asked} is of probabilities of class 1, which {names} does not take", "add -l brier")
    return suited[0]


def listen(tally: Tally, listener: Listener) -> None:
    """Let one more listen to the rows of a loss."""
    before = tally.listener

    def both(batch: Batch, weights: Array | None, losses: Array | None) -> None:
        if before:
            before(batch, weights, losses)
        listener(batch, weights, losses)

    tally.listener = both


def _count(histogram: Histogram, _batch: Batch, _weights: Array | None, losses: Array | None) -> None:
    if losses is not None:
        histogram.update(losses)


def reliable(asked: str, reliability: Reliability, batch: Batch, weights: Array | None, _losses: Array | None) -> None:
    """Take some rows of probabilities. Raises UsageError for those of several classes."""
    if batch.y_pred.ndim > 1:
        raise UsageError(
            f"{asked} is of the probability of class 1, and there are several columns", "name one: --pred p1"
        )
    reliability.update(batch.y_true, batch.y_pred, weights)


# ── one picture each ─────────────────────────────────────────────────────────────────────────────────────────────────


def histograms(gallery: Gallery, _report: Report) -> Iterable[Picture]:
    """Yield the histogram of every loss."""
    if not gallery.histograms:
        raise UsageError("--plot hist is of losses of single samples, and a score has none", "add a loss: -l absolute")
    for spec, histogram in gallery.histograms.items():
        bound = gallery.bound(spec)
        finish = bound is not None and isinstance(bound.loss, Loss) and bound.loss.finish
        yield of_histogram(spec, histogram, ["before the root of their mean"] if finish and spec == "rmse" else [])


def of_histogram(spec: str, histogram: Histogram, notes: Iterable[str] = ()) -> Bars:
    """Return the picture of a histogram, whose small print tells how many samples are in no bar."""
    binned = histogram.binned()
    edges = [f"{edge:.10g}" for edge in (binned.edges or binned.values)]
    if binned.log and any("e" in edge for edge in edges):
        edges = [f"{edge:.0e}" for edge in binned.edges]
    labels = [f"{low} – {high}" for low, high in pairwise(edges)] if binned.edges else edges
    return Bars(
        f"{spec}: the losses of {histogram.n} samples",
        f"{spec} of one sample{', logarithmic scale' if binned.log else ''}",
        "samples",
        labels,
        binned.counts,
        [str(count) for count in binned.counts],
        binned.edges,
        binned.log,
        [*notes, *_outside(binned, histogram)],
    )


def _outside(binned: Binned, histogram: Histogram) -> Iterable[str]:
    counts = {
        "exactly 0": binned.zeros,
        f"{binned.edges[-1] if binned.edges else 0:.10g} or more, up to {histogram.most:.4g}": binned.above,
        f"infinite, or {HUGE:g} and more": histogram.infinite,
        "not a number": histogram.undefined,
    }
    return [f"not shown: {count} of {histogram.n} samples, {what}" for what, count in counts.items() if count]


def groups(_gallery: Gallery, report: Report) -> Iterable[Picture]:
    """Yield the bars of the groups for every loss or score."""
    if not report.by:
        raise UsageError("--plot groups draws the groups of --by, and none are asked for", "add --by COLUMN")
    if not _by_loss(report):
        raise UsageError("--plot groups draws a value of each group, and there is none", "leave --reduction none out")
    return group_bars(report)


def drawable(report: Report) -> Sequence[Picture]:
    """Return the pictures of a report; of a command that draws none by itself, the bars of its groups."""
    return report.pictures or (list(group_bars(report)) if report.by else [])


def group_bars(report: Report) -> Iterable[Bars]:
    """Yield the values of the groups as bars, for every loss that has them."""
    for spec, results in _by_loss(report).items():
        finite = [one for one in results if one.value is not None and isfinite(one.value)]
        total = [one for one in report.results if one.loss == spec and one.by is None and one.value is not None]
        left = {"without a finite value": len(results) - len(finite), "after these": len(finite[MOST:])}
        finite = finite[:MOST]
        yield Bars(
            f"{spec} by {', '.join(report.by)}",
            ", ".join(report.by),
            f"{results[0].reduction} of {spec}",
            [name(one) for one in finite],
            [one.value or 0.0 for one in finite],
            [f"{one.value:.4g} (n = {one.n})" for one in finite],
            notes=[
                *[f"all {one.n} samples: {one.value:.4g}" for one in total],
                *(f"not shown: {count} groups {which}" for which, count in left.items() if count),
            ],
        )


def curves(gallery: Gallery, report: Report) -> Iterable[Picture]:
    """Yield the curve over the groups for every loss or score, its best point marked."""
    if len(report.by) != 1 or not standing.ordered(map(name, _grouped(report)), least=1):
        by = ", ".join(report.by) or "nothing"
        raise UsageError(
            f"--plot curve is over one column of numbers, and the groups are by {by}",
            "--by epoch --plot curve, or --plot groups",
        )
    if not _by_loss(report):
        raise UsageError("--plot curve draws a value of each group, and there is none", "leave --reduction none out")
    for spec, results in _by_loss(report).items():
        bound = gallery.bound(spec)
        points = sorted((float(name(one)), one.value) for one in results if one.value is not None)
        known = [point for point in points if isfinite(point[1])]
        first = standing.best(results, higher=bound is not None and standing.higher(bound.loss))
        best = None if first is None else (float(name(first)), first.value or 0.0)
        left = len(results) - len(known)
        yield Lines(
            f"{spec} by {report.by[0]}",
            report.by[0],
            f"{results[0].reduction} of {spec}",
            [Series(spec, [x for x, _ in known], [y for _, y in known], dots=True)],
            best,
            notes=[
                *([f"best: {report.by[0]} {best[0]:.10g}, {best[1]:.6g}"] if best else []),
                *([f"not shown: {left} groups without a finite value"] if left else []),
            ],
        )


def _grouped(report: Report) -> list[Result]:
    return [one for one in report.results if one.by]


def _calibration(gallery: Gallery, _report: Report) -> Iterable[Picture]:
    return [gallery.reliability.picture()] if gallery.reliability else []


def _usual(gallery: Gallery, report: Report) -> Iterable[Picture]:
    """Return what is drawn if nothing is asked for: the losses of single samples, and the groups."""
    if gallery.histograms:
        yield from histograms(gallery, report)
    if report.by:
        yield from curves(gallery, report) if standing.in_sequence(_grouped(report)) else groups(gallery, report)


def _by_loss(report: Report) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for one in report.results:
        if one.by is not None and one.value is not None:
            found.setdefault(one.loss, []).append(one)
    return found


KINDS: dict[str, Callable[[Gallery, Report], Iterable[Picture]]] = {
    "hist": histograms,
    "curve": curves,
    "calibration": _calibration,
    "groups": groups,
    USUAL: _usual,
}
"""The name of a kind -> what draws it."""
