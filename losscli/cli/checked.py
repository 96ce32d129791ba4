"""One check: its options made into gates and data, its run, and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from losscli.baselines import Baseline
from losscli.batch import Batch
from losscli.checking import Against, Demand, Measured, Predictions, Reported, Terms, judged
from losscli.cli import compute, confidence, reading, stderr
from losscli.cli.intervals import cluster_of
from losscli.cli.settings import Settings
from losscli.errors import LossCliError, UsageError
from losscli.formats.format import Report
from losscli.gates import Gate, Judged, Side, overall, unjudged
from losscli.registry import Score
from losscli.sources.dataset import Dataset
from losscli.sources.matching import Counts
from losscli.sources.options import DataOptions, Needs
from losscli.sources.sides import typed
from losscli.sources.together import options_of, pairing, together
from losscli.stats.compare import MANY, Resampling

SIDES: Mapping[Side, str] = {"max": "max", "min": "min", "worse": "max_worse"}
"""The side that a gate is on -> the option that holds such gates."""
BADNESS = ("error", "fail", "inconclusive", "pass", "equal")
STRICTNESS = ("fail", "warn", "pass")
"""Verdicts and what is made of inconclusive ones, the worst first: it counts for all checks together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a check: its report and verdicts, or the problem that ended it."""

    name: str | None
    report: Report
    gates: Sequence[Judged]
    inconclusive: str
    problem: LossCliError | None = None

    @property
    def verdict(self) -> str:
        """The verdict on all gates."""
        return "error" if self.problem else overall(self.gates)

    @property
    def failed(self) -> bool:
        """Whether a gate failed, or is inconclusive where that is to fail."""
        return self.verdict == "fail" or (self.verdict == "inconclusive" and self.inconclusive == "fail")

    def verdicts(self) -> Iterator[str]:
        """Yield the verdict of every gate."""
        return ("error" if self.problem else one.verdict for one in self.gates)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A check whose options are known to be right: nothing was read yet."""

    name: str | None
    demands: Sequence[Demand]
    data: DataOptions
    terms: Terms
    report: str | None
    preds: str | None
    cluster: str | None
    inconclusive: str
    sure: Resampling | None = None

    @classmethod
    def of(cls, settings: Settings) -> Prepared:
        """Return the check that the options ask for. Raises UsageError for gates and options that make none."""
        values = settings.values()
        gates = [Gate.parse(text, side) for side, option in SIDES.items() for text in values[option] or ()]
        _refuse_contradictions(gates, values)
        bounds, by_name = compute.bind_losses(compute.scaled([one.spec for one in gates], {}, values), {}, values)
        demands = [Demand(gate, bound) for gate, bound in zip(gates, bounds, strict=True)]
        for demand in demands:
            _refuse_reduction(demand)
        resampling = Resampling(values["confidence"], values["method"], values["boot"], values["seed"])
        keep = [values["cluster"]] if values["cluster"] else []
        if values["baseline_pred"] and values["id"] and values["truth"]:
            keep.append(values["id"])  # the truth does not stand beside it, and is not what is paired by it here
        return cls(
            settings.name,
            demands,
            reading.data_options({**values, "keep": keep}, by_name),
            Terms(resampling, values["adjust"], values["min_n"], values["force"]),
            values["baseline"],
            values["baseline_pred"],
            values["cluster"],
            values["inconclusive"],
            replace(resampling, confidence=confidence.share(values["ci"])) if values["ci"] else None,
        )

    def inputs(self) -> list[str]:
        """Return the files that are read."""
        return [*self.data.files, *filter(None, (self.data.truth, self.report, self.preds))]

    def run(self, notes: stderr.Notes) -> Outcome:
        """Read everything once and judge every gate. Raises DataError for data that cannot be judged."""
        reported = Baseline(self.report) if self.report else None
        missing = self.data.missing
        opened = replace(self.data, missing="propagate") if self.preds else self.data
        with reading.opened(opened, self._needs(), notes) as dataset:
            sides, counts = self._sides(dataset, notes), dict[str, Counts]()
            rows = self._rows(sides, counts)
            first = next(rows, None)
            demands = _suited(self.demands, first)
            worse = [demand for demand in demands if demand.gate.side == "worse"]
            cluster = cluster_of(dataset.kept, self.cluster)
            measured = Measured(demands, missing=missing, compared=bool(worse), cluster=cluster, sure=self.sure)
            baseline = Measured(worse, missing=missing, compared=True) if self.preds else None
            for batches in chain([] if first is None else [first], rows):
                for side, batch in zip(filter(None, (measured, baseline)), batches, strict=True):
                    side.feed(batch)
        report = measured.conclude()
        if baseline:
            baseline.conclude()
        against: Against | None = Predictions(baseline) if baseline else Reported(reported) if reported else None
        gates = judged(demands, measured, against, self.terms)
        earlier = baseline.notes() if baseline else reported.notes if reported else []
        for text in [*measured.notes(), *earlier, *self._remarks(gates, report.n)]:
            notes.say(text)
        named = [(role, dataset) for role, (_, dataset) in zip(("predictions", "baseline"), sides, strict=False)]
        return Outcome(self.name, replace(report, extra=pairing(named, counts)), gates, self.inconclusive)

    def broken(self, problem: LossCliError) -> Outcome:
        """Return what a check comes to that a problem ended."""
        gates = [
            unjudged(one.gate, one.name, "fail", None, 0, reason=problem.message, by=None) for one in self.demands
        ]  # fmt: skip
        return Outcome(self.name, Report([], 0, 0, []), gates, self.inconclusive, problem)

    def _needs(self) -> Needs:
        return Needs.of([demand.bound for demand in self.demands])

    def _sides(self, dataset: Dataset, notes: stderr.Notes) -> list[tuple[str, Dataset]]:
        """Return the candidate, and the baseline if it is other predictions."""
        mine = self.data.files[0] if len(self.data.files) == 1 else "the predictions"
        if not self.preds:
            return [(mine, dataset)]
        return [(mine, dataset), (self.preds, Dataset(options_of(self.data, [self.preds]), self._needs(), notes))]

    def _rows(self, sides: list[tuple[str, Dataset]], counts: dict[str, Counts]) -> Iterator[tuple[Batch, ...]]:
        """Yield the rows of the candidate, with those of the baseline if there is one."""
        if len(sides) == 1:
            return ((batch,) for batch in sides[0][1].batches())
        return together(sides, keyed=self.data.id is not None, missing=self.data.missing, counts=counts)

    def _remarks(self, gates: Sequence[Judged], n: int) -> Iterator[str]:
        """Say how values were compared where it is not what was asked for."""
        paired = [one for one in gates if one.interval is not None and one.verdict != "equal"]
        compared = {demand.name: demand for demand in self.demands if demand.gate.side == "worse"}
        resampling = self.terms.resampling
        costly = any(isinstance(demand.bound.loss, Score) for demand in compared.values())
        if paired and resampling.too_many(n, costly=costly):
            yield MANY
        if self.terms.adjust == "holm" and resampling.too_few(len(paired), min((one.n for one in paired), default=0)):
            yield f"{len(paired)} gates share {resampling.boot} resamples, too few to decide any: raise --boot"
        alone = [one.gate for one in gates if one.gate in compared and one.baseline is not None and not one.interval]
        for gate in dict.fromkeys(alone):
            yield f"{gate}: compared by value, without an interval"


def combined(outcomes: Sequence[Outcome]) -> Report:
    """Return the report of all checks; the name of a check stands beside what it found."""
    several, policies = len(outcomes) > 1, {one.inconclusive for one in outcomes}
    groups = list(dict.fromkeys(name for one in outcomes for name in one.report.by))
    results = [
        replace(result, by={"check": one.name or "", **{name: (result.by or {}).get(name, "") for name in groups}})
        if several
        else result
        for one in outcomes
        for result in one.report.results
    ]
    return Report(
        list(dict.fromkeys(spec for one in outcomes for spec in one.report.losses)),
        sum(one.report.n for one in outcomes),
        sum(one.report.dropped for one in outcomes),
        results,
        ["check", *groups] if several else groups,
        {
            "verdict": min((one.verdict for one in outcomes), key=BADNESS.index),
            "inconclusive": min((one.inconclusive for one in outcomes), key=STRICTNESS.index),
            **_pairings(outcomes),
        },
        {"gates": [_record(one, gate, alike=len(policies) == 1) for one in outcomes for gate in one.gates]},
    )


def _pairings(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return the rows that were paired by a key, of each check where there are several."""
    records: list[Mapping[str, object]] = []
    for outcome in outcomes:
        found = outcome.report.extra.get("pairing")
        named = {} if outcome.name is None else {"check": outcome.name}
        records += [{**named, **one} for one in found] if isinstance(found, list) else []
    return {"pairing": records} if records else {}


def _record(outcome: Outcome, one: Judged, *, alike: bool) -> Mapping[str, object]:
    """Return a gate as formats take it, with what an inconclusive verdict is where checks are not ``alike`` in it."""
    policy = {} if alike else {"inconclusive": outcome.inconclusive}
    named = {} if outcome.name is None else {"check": outcome.name}
    return {
        **named,
        "gate": one.gate,
        "by": one.by,
        "verdict": "error" if outcome.problem else one.verdict,
        "value": one.value,
        "bound": one.bound,
        "baseline": one.baseline,
        "difference": one.difference,
        "interval": one.interval,
        "p": one.p,
        "n": one.n,
        "detectable": one.detectable,
        "needed": one.needed,
        **policy,
        "reason": one.reason,
    }


def _suited(demands: Sequence[Demand], first: tuple[Batch, ...] | None) -> list[Demand]:
    """Return the gates on the losses that their names mean for these predictions."""
    rows = first is not None and first[0].y_pred.ndim > 1
    return [replace(demand, bound=demand.bound.suited(rows=rows)) for demand in demands]


def _refuse_reduction(demand: Demand) -> None:
    """Raise UsageError for a reduction of a score, and for one that is no number."""
    name, spec = demand.gate.reduction, demand.bound.spec
    if name and isinstance(demand.bound.loss, Score):
        raise UsageError(f"{spec} is a score, of which there is no {name}", f"leave @{name} out")
    if name == "none":
        raise UsageError(f"{spec}@none is no number, but one for each row", f"{spec}@max is the largest of them")


def _refuse_contradictions(gates: Sequence[Gate], values: Mapping[str, Any]) -> None:
    """Raise UsageError for options that make no check together."""
    compares = any(gate.side == "worse" for gate in gates)
    baselines = [name for name in ("baseline", "baseline_pred") if values[name]]
    if not gates:
        raise UsageError(
            "nothing to check: there is no gate",
            "losscli check preds.csv --max mse=0.3, or name checks in losscli.toml",
        )
    if compares and not baselines:
        raise UsageError("--max-worse: worse than what?", "add --baseline report.json or --baseline-pred old.csv")
    if baselines and not compares:
        option = f"--{baselines[0].replace('_', '-')}"
        raise UsageError(f"{option} is given, but no gate compares with it", "add --max-worse mse=2%")
    if len(baselines) > 1:
        raise UsageError("--baseline and --baseline-pred are two baselines", "leave one of them out")
    if values["baseline_pred"]:
        _refuse_streams(values)


def _refuse_streams(values: Mapping[str, Any]) -> None:
    """Raise UsageError if candidates and baseline cannot both be read."""
    files = values["files"] or ["-"]
    if typed(reading.data_options({**values, "keep": []}, {})):
        raise UsageError("--baseline-pred is a file, and the predictions are typed", "put them into a file, too")
    if [*files, values["truth"], values["baseline_pred"]].count("-") > 1 or values["truth"] == "-":
        raise UsageError("stdin (-) can be read only once", "name a file for the baseline and for the truth")
