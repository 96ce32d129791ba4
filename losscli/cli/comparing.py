"""``losscli compare``: several predictions of the same rows, and which of them is better.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from inspect import Parameter
from math import isfinite
from typing import Annotated, Any, Literal

import typer

from losscli.batch import Batch
from losscli.cli import compute, options, reading, stderr
from losscli.cli.intervals import Intervals, cluster_of
from losscli.cli.recorded import unusual
from losscli.cli.settings import option
from losscli.collected import Collector
from losscli.comparing import Candidate, Contest, Duel, contests, tested
from losscli.contrasts import OWN, Contrasts
from losscli.errors import DataError, UsageError
from losscli.formats.format import Report, Result
from losscli.outputs import Outputs
from losscli.reductions import reduction
from losscli.run import Run
from losscli.sources.candidates import sources
from losscli.sources.dataset import Dataset
from losscli.sources.matching import Counts
from losscli.sources.options import DataOptions, Needs
from losscli.sources.together import pairing, together
from losscli.spec import Bound
from losscli.stats.compare import MANY, Resampling


class Compared:
    """What is compared."""

    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="A B...",
            help="Files of predictions of the same rows, each compared with the first; or one file, and several "
            "columns of it: --pred a,b,c, or --pred 'a_*;b_*' where each candidate has several.",
        ),
    ] = None


class Found:
    """What is found."""

    adjust: Annotated[
        Literal["holm", "bh", "none"],
        typer.Option(
            help="Adjust for many tests, of all pairs over all rows and of all pairs in all groups: holm keeps the "
            "chance of any wrong verdict, bh the share of wrong ones. The rank of a candidate, such as 2-3, begins "
            "after those that are surely better, and ends before those that are surely worse."
        ),
    ] = "holm"
    worst: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="K", help="Show the K rows that carry most of the difference: largest w·|l_b − l_a|."
        ),
    ] = None


HELP = {
    "by": "Compare in each group, too, and show what it adds to the difference (effect = share of the weight times the "
    "group's difference, which add up exactly). Rows and weights are the same on both sides, so there is no mix term; "
    "repeatable.",
    "confidence": "Confidence of intervals and verdicts. At it, detectable is the smallest difference that data of "
    "this size shows with power 0.8, and needed is how many rows, in clusters of the same size, would show this one.",
    "id": "Pair the rows of all files by this column, as exact text (1 is not 01 or 1.0). Of sorted files only some "
    "rows are held in memory, else all but the first.",
    "keep": "Columns to show beside the rows of --worst; repeatable.",
}
"""Options that other commands have, too, and what they mean here."""
LEFT_OUT = ("summary", "rows", "best")
"""Options of samples, which are not shown."""


def parameters() -> list[Parameter]:
    """Return the options of the command."""
    own = options.parameters(Compared, options.Losses, Found)
    taken = {one.name for one in own}
    shared = options.parameters(
        options.Data, options.Carried, options.Compute, Intervals, options.Training, options.Show
    )  # fmt: skip
    others = [_explained(one) for one in shared if one.name not in (*taken, *LEFT_OUT)]
    return [*own, *others]


def _explained(one: Parameter) -> Parameter:
    """Return an option with what it means here."""
    if one.name not in HELP:
        return one
    kind, info = one.annotation.__origin__, one.annotation.__metadata__[0]
    here = copy(info)
    here.help = HELP[one.name]
    return one.replace(annotation=Annotated[kind, here])


def compare(*, losses: list[str], **values: Any) -> int:  # noqa: ANN401  what typer read
    """Compare predictions with the first of them; return the exit code."""
    bounds, by_name = compute.bind_losses(compute.scaled(losses, {}, values), {}, values)
    if values["reduction"] and reduction(values["reduction"]).name == "none":
        raise UsageError("--reduction none is no number, but one for each row", "leave it out; --worst 5 shows rows")
    resampling = Resampling(values["confidence"], values["method"], values["boot"], values["seed"])
    data = reading.data_options({**values, "keep": _kept(values)}, by_name)
    notes = stderr.Notes(quiet=values["quiet"], verbose=values["verbose"])
    inputs = [*data.files, *([data.truth] if data.truth else [])]
    view = compute.view({**values, "summary": True, "rows": 20, "worst": None})
    with Outputs(compute.targets(values), view, stdout=sys.stdout, inputs=inputs) as outputs:
        side_by_side = SideBySide(sources(data, Needs.of(bounds)), data, Needs.of(bounds), notes)
        side_by_side.read(bounds, values, signed=outputs.signed)
        report = side_by_side.report(resampling, values["adjust"], values["worst"])
        inputs_said = {"inputs": _recorded(report, values)} if outputs.signed else {}
        outputs.finish(replace(report, extra={"notes": notes.texts, **side_by_side.pairing, **inputs_said}))
    broken = next((one for one in report.results if one.value is not None and not isfinite(one.value)), None)
    return side_by_side.refused(broken) if broken else 0


def _kept(values: Mapping[str, Any]) -> list[str]:
    """Return the columns to keep: that of the clusters first, the key that pairs the predictions last."""
    cluster = [values["cluster"]] if values["cluster"] else []
    key = [values["id"]] if values["id"] and values["truth"] else []  # without --truth it is kept anyway
    return [*cluster, *(values["keep"] or ()), *key]


class SideBySide:
    """All candidates, read together: a run for each of them over the same rows.

    Args:
        sources: what each is called, and where it stands.
        data: what the user said about the data.
        needs: what the losses ask of it.
        notes: is told what was decided.
    """

    def __init__(
        self, sources: Sequence[tuple[str, DataOptions]], data: DataOptions, needs: Needs, notes: stderr.Notes
    ) -> None:
        self._sources, self._data, self._needs, self._notes = sources, data, needs, notes
        self._names = [name for name, _ in sources]
        self._runs: list[Run] = []
        self._collectors: list[Collector] = []
        self._predicted: list[tuple[str, ...] | None] = []
        self._kept: dict[int, Mapping[str, str]] = {}
        self.pairing: dict[str, object] = {}

    def read(self, bounds: Sequence[Bound], values: Mapping[str, Any], *, signed: bool) -> None:
        """Read and compute everything. Raises DataError for data that cannot be compared."""
        with reading.opened(self._sources[0][1], self._needs, self._notes) as first:
            cluster = cluster_of(first.kept, values["cluster"])
            others = [Dataset(options, self._needs, self._notes) for _, options in self._sources[1:]]
            if clash := next((name for name in first.kept if name in OWN or name.startswith("y_")), None):
                raise UsageError(f"--keep {clash}: the output has a column of that name", "keep other columns")
            sides = list(zip(self._names, [first, *others], strict=True))
            counts: dict[str, Counts] = {}
            rows = together(sides, keyed=self._data.id is not None, missing=self._data.missing, counts=counts)
            for number, batches in enumerate(rows):
                if number == 0:
                    self._begin(bounds, batches, values["reduction"], cluster=cluster, signed=signed)
                for run, batch in zip(self._runs, batches, strict=True):
                    run.feed(batch)
                if values["worst"] is not None and first.kept:
                    self._keep(batches[0])
        self.pairing = pairing(sides, counts)
        if not self._runs:
            raise DataError("nothing to compare: the data has no rows")

    def report(self, resampling: Resampling, adjust: str, worst: int | None) -> Report:
        """Return everything that was found, and say what there is to say."""
        reports = [run.report() for run in self._runs]
        candidates = [
            Candidate(*one) for one in zip(self._names, reports, self._collectors, strict=True)
        ]  # fmt: skip
        found = contests(candidates, resampling)
        duels = tested(found, resampling, adjust)
        by = reports[0].by
        contrasts = Contrasts(self._names, self._predicted, found, duels, resampling, grouped=bool(by))
        sections = contrasts.sections(worst, lambda row: self._kept.get(row, {}))
        parts = contrasts.without_parts() if by or worst is not None else []
        for run, one in zip(self._runs, reports, strict=True):
            broken = {result.loss for result in one.results if result.value is not None and not isfinite(result.value)}
            for text in run.notes(silent=broken):
                self._notes.say(text)
        for text in _remarks(found, duels, resampling, adjust, parts):
            self._notes.say(text)
        return Report(
            reports[0].losses,
            reports[0].n,
            reports[0].dropped,
            [
                _named(name, one, by)
                for name, report in zip(self._names, reports, strict=True)
                for one in report.results
            ],
            ["candidate", *by],
            sections=sections,
            aside=True,
        )

    def refused(self, result: Result) -> int:
        """Say that a value is not finite, which is an error though everything was written; return the exit code."""
        name = (result.by or {})["candidate"]
        return compute.refused(result, self._runs[self._names.index(name)])

    def _begin(
        self,
        bounds: Sequence[Bound],
        batches: tuple[Batch, ...],
        asked: str | None,
        *,
        cluster: str | None,
        signed: bool,
    ) -> None:
        if "candidate" in batches[0].by:
            raise UsageError("--by candidate: the output has a column of that name", "rename the column")
        for batch in batches:
            suited = [bound.suited(rows=batch.y_pred.ndim > 1) for bound in bounds]
            run = Run(suited, reduction=asked, missing=self._data.missing, signed=signed)
            run.weighing()
            self._runs.append(run)
            self._collectors.append(Collector(run, cluster=cluster if batch is batches[0] else None))
            self._predicted.append(batch.classes if batch.named[1] else None)

    def _keep(self, batch: Batch) -> None:
        rows = zip(*batch.keep.values(), strict=True)
        for row, cells in zip(batch.rows.tolist(), rows, strict=True):
            self._kept[row] = dict(zip(batch.keep, cells, strict=True))


def _named(name: str, result: Result, by: Sequence[str]) -> Result:
    """Return a result with its candidate beside its group."""
    return replace(result, by={"candidate": name, **{column: (result.by or {}).get(column, "") for column in by}})


def _remarks(
    found: Sequence[Contest],
    duels: Sequence[Sequence[Duel]],
    resampling: Resampling,
    adjust: str,
    parts: Sequence[str],
) -> Iterator[str]:
    """Say how losses were compared where it is not what was asked for."""
    if any(one and resampling.too_many(one.n, costly=one.costly) for each in found for one in each.statistics):
        yield MANY
    for spec in dict.fromkeys(one.spec for one in found if None in one.statistics):
        yield f"{spec}: resampling says nothing of this value, so it has no interval"
    most = max(
        sum(len(some) for one, some in zip(found, duels, strict=True) if (one.spec, one.by is None) == family)
        for family in {(one.spec, one.by is None) for one in found}
    )
    if adjust == "holm" and resampling.too_few(most, min(one.results[0].n for one in found)):
        yield f"{most} tests share {resampling.boot} resamples, too few to decide any: raise --boot"
    for spec in parts:
        yield (
            f"{spec}: this difference is no sum over rows (a score, a quantile, a loss that is not finite), so groups "
            "and rows have no effects that add up to it"
        )


def _recorded(report: Report, values: Mapping[str, Any]) -> dict[str, object]:
    """Return what ``losscli verify`` needs to compare again."""
    own = [one for one in parameters() if one.name in values]
    given = {option(one.name): values[one.name] for one in own}
    worst = {"worst": values["worst"]} if values["worst"] else {}
    usual = {option(one.name): one.default for one in own}
    return {"command": "compare", "losses": list(report.losses), **unusual(given, usual), **worst}
