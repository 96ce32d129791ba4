"""``losscli inspect``: what the data is, what looks wrong with it, which losses suit it and why.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import sys
from dataclasses import replace
from inspect import Parameter
from typing import Annotated, Any

import typer

from losscli.cli import compute, options, reading, stderr
from losscli.cli.catalogue import names_starting_with
from losscli.errors import UsageError
from losscli.inspection.inspecting import SAMPLE, inspect
from losscli.outputs import Outputs
from losscli.registry import Loss
from losscli.sources.sides import typed
from losscli.spec import Bound, bind


class Meant:
    """What is looked at."""

    loss: Annotated[
        str | None,
        typer.Option(
            "--loss",
            "-l",
            metavar="SPEC",
            help="The loss that you mean to compute: whether the data suits it.",
            autocompletion=names_starting_with,
        ),
    ] = None
    sample: Annotated[
        int,
        typer.Option(
            min=100,
            metavar="N",
            help="Rows that are looked at one by one, drawn from all alike, and of values and baselines; ranges, gaps "
            "and counts of columns are those of all rows.",
        ),
    ] = SAMPLE
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of that draw.")] = 0


LEFT_OUT = ("summary", "rows", "worst", "best")
"""Options of samples, which are not shown."""


def parameters() -> list[Parameter]:
    """Return the options of the command."""
    found = options.parameters(options.Files, Meant, options.Data, options.Show)
    return [one for one in found if one.name not in LEFT_OUT]


def inspect_data(*, loss: str | None, sample: int, seed: int, **values: Any) -> None:  # noqa: ANN401  what typer read
    """Inspect the data and write what was found."""
    meant = _meant(loss)
    data = reading.data_options(values, reading.named_weights(values))
    notes = stderr.Notes(quiet=values["quiet"], verbose=values["verbose"])
    view = compute.view({**values, "summary": True, "rows": 20, "worst": None})
    inputs = [*data.files, *([data.truth] if data.truth else [])]
    with Outputs(compute.targets(values), view, stdout=sys.stdout, inputs=inputs) as outputs:
        if typed(data):
            report = inspect(data, notes, loss=meant, size=sample, seed=seed)
        else:
            with reading.watched(notes) as meter:
                report = inspect(replace(data, meter=meter), notes, loss=meant, size=sample, seed=seed)
        outputs.finish(replace(report, extra={**report.extra, "notes": notes.texts}))


def _meant(spec: str | None) -> Bound | None:
    """Return the loss that is meant. Raises UsageError for what is no loss of predictions."""
    if spec is None:
        return None
    bound = bind(spec)
    if not isinstance(bound.loss, Loss):
        raise UsageError(f"{bound.spec} is no loss of single rows", "name a loss: -l bce")
    return bound
