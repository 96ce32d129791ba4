"""``confusion``: which class was taken for which.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer

from losscli.cli import compute, reading, stderr
from losscli.confusion import Confusion, confusion
from losscli.errors import DataError, UsageError
from losscli.formats import FORMATS
from losscli.formats.csv import Csv
from losscli.formats.format import Report, View
from losscli.formats.json import dumps
from losscli.formats.sheet import Column, Sheet
from losscli.guard import Guard
from losscli.sources.options import Needs
from losscli.spec import bind

MOST = 2000
"""Classes of the largest table that is shown."""


class Shown:
    """How it is shown."""

    threshold: Annotated[
        float, typer.Option(min=0, max=1, metavar="P", help="A probability above this predicts class 1.")
    ] = 0.5
    format: Annotated[Literal["table", "markdown", "csv", "json"], typer.Option("--format", "-f", help="Format.")] = (
        "table"
    )
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Colour.")] = "auto"
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")] = False


def confusion_matrix(**options: Any) -> None:  # noqa: ANN401  what typer read
    """Print the weight, or number, of rows for each pair of true and predicted class."""
    if options["missing"] == "propagate":
        raise UsageError("--missing propagate: a missing value is of no class", "--missing drop leaves such rows out")
    bound = bind("accuracy", given={"threshold": options["threshold"]})
    notes = stderr.Notes(quiet=options["quiet"], verbose=options["verbose"])
    data = reading.data_options(options, reading.named_weights(options))
    guard, counts = Guard(bound), Confusion()
    with reading.opened(data, Needs.of([bound]), notes) as dataset:
        for batch in dataset.batches():
            if guard.check(batch):
                counts += confusion(batch.y_true, batch.y_pred, batch.weight, threshold=options["threshold"])
    guard.conclude()
    if not counts.cells:
        raise DataError("nothing to count: the data has no rows", "name a file with rows")
    named = dataset.labels.classes if dataset.labels else ()
    classes = _listed(counts.classes, len(named))
    matrix = counts.matrix(classes)
    names = [named[one] if one < len(named) else str(one) for one in classes]
    _WRITERS[options["format"]](names, matrix, options)


def _listed(seen: Sequence[int], named: int) -> Sequence[int]:
    """Return the classes of the table: all up to the last, or those that occur if their numbers are far apart.

    Raises DataError for more than a table can show.
    """
    many = max(named, max(seen) + 1)
    classes = range(many) if many <= MOST else seen
    if len(classes) > MOST:
        raise DataError(
            f"{len(classes)} classes, and a table of {len(classes)} × {len(classes)} is more than anyone reads",
            "losscli eval -l accuracy -l f1 counts them, or name other columns with --true and --pred",
        )
    return classes


def _json(names: list[str], matrix: list[list[float]], _: dict[str, Any]) -> None:
    rows = ",\n    ".join(map(json.dumps, matrix))
    classes = dumps(names, sys.stdout)
    sys.stdout.write(f'{{\n  "schema": 1,\n  "classes": {classes},\n  "matrix": [\n    {rows}\n  ]\n}}\n')


def _csv(names: list[str], matrix: list[list[float]], options: dict[str, Any]) -> None:
    sheet = Csv(sys.stdout, _view(options))
    sheet.row(["true", *names])
    for name, row in zip(names, matrix, strict=True):
        sheet.row([name, *map(repr, row)])


def _sheet(names: list[str], matrix: list[list[float]], options: dict[str, Any]) -> None:
    sheet = FORMATS[options["format"]]()(sys.stdout, _view(options))
    columns = zip(*matrix, strict=True)
    whole = all(value.is_integer() for row in matrix for value in row)
    if isinstance(sheet, Sheet):
        shown = [
            Column.of(name, [int(value) if whole else value for value in column], sheet.show)
            for name, column in zip(names, columns, strict=True)
        ]
        sheet.write([], [Column.of("true \\ predicted", names, sheet.show), *shown], Report([], 0, 0, []))


def _view(options: dict[str, Any]) -> View:
    return compute.view({"summary": True, "rows": 0, "worst": None, "precision": None, **options})


_WRITERS = {"json": _json, "csv": _csv, "table": _sheet, "markdown": _sheet}
