"""``partial`` and ``merge``: the exact state of a shard, and the exact sum of many.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Annotated, Any

import typer

from losscli.cli import compute, reading, stderr
from losscli.errors import UsageError
from losscli.merging import Merger
from losscli.outputs import STDOUT, Outputs, Target, whole
from losscli.partials import Asked, Computed, lines, partial
from losscli.reductions import reduction
from losscli.run import Run
from losscli.sources.options import Needs
from losscli.sources.paths import expanded

STATE = (
    "Where to write it [default: stdout]. It is a few hundred bytes for each loss and group; scores by rank and "
    "quantiles hold their rows, so that those of a query may be in several shards."
)


class Written:
    """Where the state goes."""

    output: Annotated[str | None, typer.Option("--output", "-o", metavar="PATH", help=STATE)] = None
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")] = False


class Parts:
    """The partial results."""

    parts: Annotated[
        list[str],
        typer.Argument(metavar="PART...", help="Files of partial results, one or many lines each; - is stdin."),
    ] = ...  # type: ignore[assignment]  # typer's way to say: required
    allow_repeats: Annotated[
        bool, typer.Option("--allow-repeats", help="Parts of equal data are different shards.")
    ] = False
    partial: Annotated[
        str | None,
        typer.Option(
            metavar="PATH", help="Write the sum as a partial result, too; - is stdout, in place of the report."
        ),
    ] = None
    losses: Annotated[
        list[str] | None,
        typer.Option("--loss", "-l", metavar="SPEC", help="A loss of your own whose code may run; repeatable."),
    ] = None


SAMPLES: Mapping[str, Any] = {"summary": True, "rows": 0, "worst": None, "best": None}
"""How samples are shown where there are none."""


def write_partial(*, losses: list[str], output: str | None, **options: Any) -> None:  # noqa: ANN401  what typer read
    """Write the exact state of a shard."""
    notes = stderr.Notes(quiet=options["quiet"], verbose=options["verbose"])
    inputs = [*(options["files"] or ()), *([options["truth"]] if options["truth"] else ())]
    with whole(output, sys.stdout, inputs=inputs) as write:
        line, run = shard(losses, {}, options, notes)
        for text in run.notes():
            notes.say(text)
        write(line)


def shard(
    specs: Sequence[str], given: Mapping[str, object], options: Mapping[str, Any], notes: stderr.Notes
) -> tuple[str, Run]:
    """Compute one shard; return its partial result and the run. Raises what any command that computes raises."""
    options = {**options}
    bounds, by_name = compute.bind_losses(compute.scaled(specs, given, options), given, options)
    if options["reduction"]:
        reduction(options["reduction"])  # a wrong one is told before the data is read
    data = reading.data_options(options, by_name)
    computed = Computed(
        tuple(map(Asked.of, bounds)),
        reduction=options["reduction"],
        missing=data.missing,
        group=data.group,
        class_weight=dict(by_name),
    )
    with reading.opened(data, Needs.of(bounds), notes) as dataset:
        if dataset.by_quantiles:
            raise UsageError(
                f"--by {dataset.by_quantiles[0]}: quantiles are of all the data, and this is a part of it",
                "give the edges, the same for every part: --by age/18:40:65, or a width: --by age/10",
            )
        return partial(dataset.batches(), replace(computed, by=tuple(dataset.by)), bounds)


def merge_parts(
    *, parts: list[str], allow_repeats: bool, partial: str | None, losses: list[str] | None, **options: Any  # noqa: ANN401  what typer read
) -> int:  # fmt: skip
    """Add up partial results; print the report, and write the sum as another partial result where that is asked for."""
    options |= SAMPLES
    add_penalties = compute.penalties(options["penalty"] or ())
    notes = stderr.Notes(quiet=options["quiet"], verbose=options["verbose"])
    reported = partial not in STDOUT or options["format"] or options["output"]
    targets = compute.targets(options) if reported else []
    if partial:
        _check_apart(partial, targets)
    files = expanded(parts, any_suffix=True)
    merger = Merger(losses or (), repeats=allow_repeats)
    with ExitStack() as stack:
        write = stack.enter_context(whole(partial, sys.stdout, inputs=files)) if partial else None
        outputs = stack.enter_context(Outputs(targets, compute.view(options), stdout=sys.stdout, inputs=files))
        with reading.watched(notes) as meter:
            for line, place in lines(files, meter):
                merger.add(line, place)
        code = compute.conclude(merger.whole(), add_penalties(merger.report()), notes, outputs) if reported else 0
        if write:
            write(merger.line())
    return code


def _check_apart(partial: str, targets: Sequence[Target]) -> None:
    """Raise UsageError if the report and the partial result would go to one place, where one of them would be lost."""
    place, *others = (
        None if path is None or path in STDOUT else os.path.realpath(path)
        for path in (partial, *(target.path for target in targets))
    )
    if place in others:
        raise UsageError(
            f"the report and the partial result both go to {place or 'stdout'}",
            "give each its own: --partial sum.json -o json:report.json",
        )
