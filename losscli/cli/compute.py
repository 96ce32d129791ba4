"""The commands that compute: options in, samples and results out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from math import isfinite
from shutil import get_terminal_size
from typing import Any

from losscli.cli import breaking, confidence, picturing, stderr
from losscli.cli.reading import data_options, inputs, named_weights, names, opened
from losscli.errors import DataError, UsageError
from losscli.formats.format import Report, Result, View
from losscli.outputs import Outputs, Target
from losscli.reductions import reduction
from losscli.registry import Declared, Loss, Penalty
from losscli.run import Run
from losscli.sources.dataset import Dataset
from losscli.sources.options import Needs, class_weights
from losscli.spec import Bound, bind

Given = Mapping[str, object]


def loss_command(name: str, own: Sequence[str]) -> Callable[..., int]:
    """Return the function behind a loss's own command; ``own`` are the loss's parameters among its options."""

    def computed(**options: Any) -> int:  # noqa: ANN401  what typer read
        given = {key: value for key in own if (value := options.pop(key)) is not None}
        return compute([name], given, options)

    return computed


def penalty_command(name: str, own: Sequence[str]) -> Callable[..., int]:
    """Return the function behind a penalty's own command; ``own`` are its parameters among the options."""
    from losscli.penalize import Charge, penalize  # noqa: PLC0415  only for penalties

    def computed(**options: Any) -> int:  # noqa: ANN401  what typer read
        given = {key: value for key in own if (value := options.pop(key)) is not None}
        one = Charge(bind(name, given=given), options["weights"])
        shown = view({**options, "summary": True})
        with Outputs(targets(options), shown, stdout=sys.stdout, inputs=[options["weights"]]) as outputs:
            result = penalize(one)
            outputs.finish(Report([result.loss], result.n, 0, [result]))
        return 0

    return computed


def evaluate_specs(**options: Any) -> int:  # noqa: ANN401  what typer read
    """Compute several losses in one pass."""
    return compute(options.pop("losses"), {}, options)


def compute(specs: Sequence[str | Declared], given: Given, options: dict[str, Any]) -> int:
    """Bind the losses, read the data once, write every output; return the exit code."""
    engine, scheduler = options.pop("engine", None), options.pop("scheduler", None)
    if engine or scheduler:
        from losscli.cli.clustered import on_dask  # noqa: PLC0415  only where an engine is asked for

        return on_dask(specs, given, options, scheduler)
    bounds, by_name = bind_losses(scaled(specs, given, options), given, options)
    if options["reduction"]:
        reduction(options["reduction"])  # a wrong one is told before the data is read
    add_penalties, runs = penalties(options.get("penalty") or ()), confidence.runs(options)
    data = data_options(options, by_name)
    notes = stderr.Notes(quiet=options["quiet"], verbose=options["verbose"])
    if not any(isinstance(bound.loss, Loss) for bound in bounds):
        options["summary"] = True  # there are no losses to show beside the samples
    runs, hung = picturing.pictured(runs, options, targets(options))
    runs, told = breaking.broken_down(runs, options)
    with Outputs(targets(options), view(options), stdout=sys.stdout, inputs=inputs(data)) as outputs:
        with opened(data, Needs.of(bounds), notes) as dataset:
            new = partial(runs, reduction=options["reduction"], missing=data.missing, signed=outputs.signed)
            run, report = _streamed(dataset, bounds, new, outputs, notes)
        if dataset.pairing:
            report = replace(report, extra=dataset.pairing.record("true", "pred"))
        if outputs.signed:
            from losscli.cli.recorded import computed  # noqa: PLC0415  only where it is shown

            report = replace(report, extra={**report.extra, "inputs": computed(specs, bounds, options)})
        return conclude(run, hung(told(add_penalties(report))), notes, outputs)


def conclude(run: Run, report: Report, notes: stderr.Notes, outputs: Outputs) -> int:
    """Write the results and say what there is to say; return the exit code."""
    broken = [result for result in report.results if result.value is not None and not isfinite(result.value)]
    for text in run.notes(silent={result.loss for result in broken}):
        notes.say(text)
    if report.by:
        from losscli.standing import notes as standings  # noqa: PLC0415  only for groups

        for text in standings(report.results):
            notes.say(text)
    outputs.finish(replace(report, extra={"notes": notes.texts, **report.extra}))
    return refused(broken[0], run) if broken else 0


def penalties(texts: Sequence[str]) -> Callable[[Report], Report]:
    """Return what adds the penalties to a report. Raises UsageError before the data is read."""
    if not texts:
        return lambda report: report
    from losscli.penalize import charge, with_penalties  # noqa: PLC0415  only for penalties

    charges = [charge(text) for text in texts]
    return lambda report: with_penalties(report, charges)


def scaled(specs: Sequence[str | Declared], given: Given, options: dict[str, Any]) -> Sequence[str | Declared]:
    """Return the losses with the scale that the training series gives those that need one."""
    train, season = options.pop("train", None), options.pop("season", 1)
    if train is None:
        return specs
    from losscli import training  # noqa: PLC0415  only for a training series

    return training.scaled(specs, given, train, season, data_options(options, {}))


def _streamed(
    dataset: Dataset, bounds: Sequence[Bound], new: Callable[..., Run], outputs: Outputs, notes: stderr.Notes
) -> tuple[Run, Report]:
    """Feed all data to the losses and every sample to the outputs; the first batch tells which losses suit it."""
    batches = dataset.batches()
    first = next(batches, None)
    rows = first is not None and first.y_pred.ndim > 1
    suited = (bound.suited(rows=rows) for bound in bounds)
    run = new(suited)
    run.source = ", ".join(dict.fromkeys(side.first.name for side in dataset.sides))
    if outputs.bare:
        run.without_spread()
    if clash := next((name for name in dataset.kept if name in run.losses), None):
        raise UsageError(f"--keep {clash}: a loss has that name", "keep other columns")
    blocks = filter(None, map(run.feed, chain([] if first is None else [first], batches)))
    shared = outputs.streams and _on_terminal()
    try:
        for number, block in enumerate(blocks):
            if shared:
                notes.clear()
            if number == 0:
                outputs.start(list(block), [spec for spec in run.losses if spec in block])
            outputs.samples(block)
        return run, run.report()
    except KeyboardInterrupt:
        from losscli.cli.interrupted import say_so_far  # noqa: PLC0415  only here

        say_so_far(run, dataset.options.meter, notes)
        raise


def bind_losses(
    specs: Sequence[str | Declared], given: Given, options: Mapping[str, Any]
) -> tuple[list[Bound], Mapping[str, float]]:
    """Bind every loss; class weights go to the losses that have them as a parameter, else to the rows."""
    weights = class_weights(options["class_weight"])
    classes = names(options["classes"])
    if isinstance(weights, Mapping) and classes and set(classes) == set(weights):
        weights = tuple(weights[name] for name in classes)
    plain = [bind(spec, like=options["like"], given=given) for spec in specs]
    if penalty := next((bound for bound in plain if isinstance(bound.loss, Penalty)), None):
        name = penalty.loss.name
        raise UsageError(
            f"{name} is of a model's weights", f"--penalty {penalty.spec}=weights.npy, or losscli {name} FILE"
        )
    if isinstance(weights, Mapping):
        return plain, weights
    parameter = {param.name for bound in plain for param in bound.loss.params.values() if param.role == "class-weight"}
    if weights and all(any(param.role == "class-weight" for param in bound.loss.params.values()) for bound in plain):
        defaults = dict.fromkeys(parameter, weights)
        return [bind(spec, like=options["like"], given={**given, **defaults}) for spec in specs], {}
    return plain, named_weights(options)


def targets(options: Mapping[str, Any]) -> list[Target]:
    """Return the outputs asked for: ``-f`` is stdout's, and a table if nothing is named."""
    files = [Target.parse(text) for text in options["output"] or ()]
    stdout = [Target(options["format"])] if options["format"] else []
    return [*stdout, *files] or [Target("table")]


def view(options: Mapping[str, Any]) -> View:
    """Return how the result is to be shown: what was asked for, and what the terminal can do."""
    terminal = _on_terminal()
    return View(
        summary=options["summary"],
        rows=options["rows"],
        worst=options["worst"],
        best=options.get("best"),
        precision=options["precision"],
        color=_colored(options["color"], terminal=terminal),
        width=get_terminal_size().columns if terminal else None,
        unreduced=options.get("reduction") == "none",
    )


def _on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _colored(asked: str, *, terminal: bool) -> bool:
    """Decide on colour: the option, then NO_COLOR and FORCE_COLOR, then whether a terminal would show it."""
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def refused(result: Result, run: Run) -> int:
    """Say that a value is not finite, which is an error though everything was written; return the exit code."""
    tally = next((tally for tally in run.tallies if tally.bound.spec == result.loss), run.tallies[0])
    group = ", ".join(f"{name}={value}" for name, value in (result.by or {}).items())
    message = f"{result.loss}{f' of {group}' if group else ''} is {result.value!r}"
    reason = tally.infinite()
    return stderr.error(DataError(f"{message}: {reason}" if reason else message, tally.way_out()))
