"""``losscli check``: gates for CI.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from inspect import Parameter
from typing import Annotated, Any, Literal

import typer

from losscli import config
from losscli.cli import compute, options, recorded, settings, sharding, stderr
from losscli.cli.checked import Outcome, Prepared, combined
from losscli.cli.confidence import Confidence
from losscli.cli.intervals import Intervals
from losscli.errors import DataError, UsageError
from losscli.outputs import Outputs


class Gates:
    """What must hold."""

    max: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SPEC=V",
            help="The value may be at most V: mse=0.3; of a reduction: mse@q95=2, mse@max=9; repeatable.",
        ),
    ] = None
    min: Annotated[
        list[str] | None, typer.Option(metavar="SPEC=V", help="The value must be at least V: accuracy=0.9; repeatable.")
    ] = None
    max_worse: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SPEC=V", help="By how much it may be worse than the baseline: mse=2% or mse=0.01; repeatable."
        ),
    ] = None
    baseline: Annotated[
        str | None,
        typer.Option(metavar="REPORT", help="The baseline is a JSON report of losscli (-o json:report.json)."),
    ] = None
    baseline_pred: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The baseline is other predictions of the same rows, compared row by row."),
    ] = None
    force: Annotated[
        bool, typer.Option("--force", help="Compare with a report that was made otherwise (its signature differs).")
    ] = False
    min_n: Annotated[int, typer.Option(min=0, metavar="N", help="Groups of fewer rows are skipped, which is said.")] = 0
    inconclusive: Annotated[
        Literal["pass", "warn", "fail"],
        typer.Option(help="What a gate is that the data cannot decide: exit code 0, 0 and a note, or 1."),
    ] = "warn"
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit code 0 also if a gate failed.")] = False


class Configured:
    """The file losscli.toml, or [tool.losscli] of pyproject.toml."""

    show_config: Annotated[
        bool, typer.Option("--show-config", help="Print what is in force and from where, and check nothing.")
    ] = False


SURE = (Intervals, Confidence)
IN_FILE = (options.Files, options.Data, options.Carried, options.Compute, options.Training, Gates, *SURE)
"""What may stand in a file: data and gates; how a run is shown is no business of a check."""
NOT_IN_FILE = ("force", "exit_zero")
SAID = {
    "error": "could not be judged",
    "fail": "failed",
    "counted": "inconclusive, which counts as failed",
    "inconclusive": "inconclusive",
    "skipped": "skipped",
}
"""Verdicts that are no pass, in the last line; an inconclusive one is ``counted`` where it is to fail."""
LEFT_OUT = ("keep", "reduction", *sharding.SAMPLES)
"""Options of other commands that a check has no use for: it writes no samples, and a gate names its reduction."""


def parameters() -> list[Parameter]:
    """Return the options of the command."""
    found = options.parameters(
        options.Files, Gates, *SURE, Configured, options.Data, options.Carried, options.Compute,
        options.Training, options.Show,
    )  # fmt: skip
    context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
    return [context, *(one for one in found if one.name not in LEFT_OUT)]


def check(*, context: typer.Context, **values: Any) -> int:  # noqa: ANN401  what typer read
    """Judge every gate of every check; return the exit code."""
    inside = [one for one in options.parameters(*IN_FILE) if one.name not in (*LEFT_OUT, *NOT_IN_FILE)]
    own = [one for one in parameters() if one.name not in ("context", "show_config")]
    known = settings.kinds([one for one in own if one.name != "files"])
    defaults = {settings.option(one.name): values[one.name] for one in own}
    typed = {settings.option(one.name): values[one.name] for one in own if _typed(context, one.name)}
    found = config.find(settings.kinds(inside))
    chosen = settings.in_force(typed, settings.environment(known), found, defaults)
    if values["show_config"]:
        sys.stdout.write("\n".join(one.shown() for one in chosen))
        return 0
    shown = {**chosen[0].values(), **sharding.SAMPLES}
    notes = stderr.Notes(quiet=shown["quiet"], verbose=shown["verbose"])
    for text in settings.strangers(known):
        notes.say(text)
    return judge(chosen, shown, notes)


def judge(chosen: Sequence[settings.Settings], shown: Mapping[str, Any], notes: stderr.Notes) -> int:
    """Judge every gate of these checks, and write the report as ``shown`` says; return the exit code."""
    prepared = [_prepared(one) for one in chosen]
    inputs = [path for one in prepared for path in one.inputs()]
    with Outputs(compute.targets(shown), compute.view(shown), stdout=sys.stdout, inputs=inputs) as outputs:
        outcomes = list(_outcomes(prepared, notes))
        report = combined(outcomes)
        words = _summary(outcomes)
        notes.texts.append(words)
        asked = {"inputs": recorded.checks(chosen)} if outputs.signed else {}
        code = _code(outcomes, exit_zero=shown["exit_zero"])
        try:
            with stderr.verdict_stays(code):
                outputs.finish(replace(report, extra={**report.extra, "notes": notes.texts, **asked}))
        finally:  # also if it could not be written
            notes.write(f"note: {words}")
    for one in outcomes:
        if one.problem:
            stderr.error(one.problem)
    return code


def _typed(context: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _prepared(one: settings.Settings) -> Prepared:
    """Return a check whose options are right. Raises UsageError naming the check."""
    if one.name is not None and not one.options["files"] and one.options["true"] is None:
        raise UsageError(f"check {one.name} names no files", 'files = ["preds.csv"]; "-" is stdin')
    try:
        return Prepared.of(one)
    except UsageError as problem:
        named = "" if one.name is None else f"check {one.name}: "
        raise UsageError(f"{named}{problem.message}", problem.hint) from None


def _outcomes(prepared: list[Prepared], notes: stderr.Notes) -> Iterable[Outcome]:
    """Run every check; data that cannot be read ends a single one, and among several only itself."""
    for one in prepared:
        try:
            yield one.run(notes)
        except DataError as problem:
            if len(prepared) == 1:
                raise
            yield one.broken(DataError(f"check {one.name}: {problem.message}", problem.hint))


def _code(outcomes: Iterable[Outcome], *, exit_zero: bool) -> int:
    """Return the exit code: of the worst problem, else 1 if a gate failed."""
    failed = not exit_zero and any(one.failed for one in outcomes)
    return max((one.problem.exit_code for one in outcomes if one.problem), default=int(failed))


def _summary(outcomes: list[Outcome]) -> str:
    """Return the last line: how many gates did not pass, and which checks could not be run.

    >>> _summary([])
    'no gate was judged'
    """
    counts = Counter(
        "counted" if verdict == "inconclusive" and one.inconclusive == "fail" else verdict
        for one in outcomes
        for verdict in one.verdicts()
    )
    total = counts.total() - counts["skipped"]
    gates = f"{total} gate{'' if total == 1 else 's'}"
    said = [f"{counts[verdict]} {words}" for verdict, words in SAID.items() if counts[verdict]]
    if not total:
        return "no gate was judged" + (f": {', '.join(said)}" if said else "")
    return f"{gates}: {', '.join(said)}" if said else f"{gates}: passed"
