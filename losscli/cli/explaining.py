"""``explain``: why does my number not match?

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer

from losscli.cli import compute, reading, stderr
from losscli.cli.catalogue import names_starting_with
from losscli.explain import Explanation, explain
from losscli.formats import FORMATS
from losscli.formats.format import Report
from losscli.formats.json_records import strict
from losscli.formats.sheet import Column, Sheet
from losscli.formats.table import NARROWEST
from losscli.sources.options import Needs
from losscli.spec import bind

READABLE = 80
"""Characters in a line of text, where the terminal is wide enough."""


class Named:
    """The loss."""

    loss: Annotated[
        str, typer.Argument(metavar="SPEC", help="A loss with its parameters.", autocompletion=names_starting_with)
    ] = ...  # type: ignore[assignment]  # typer's way to say: required


class Shown:
    """How it is shown."""

    format: Annotated[Literal["table", "markdown", "json"], typer.Option("--format", "-f", help="Format.")] = "table"
    precision: Annotated[int | None, typer.Option(min=0, metavar="N", help="Decimals of a table.")] = None
    color: Annotated[Literal["auto", "always", "never"], typer.Option(help="Colour.")] = "auto"
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")] = False


def explain_loss(*, loss: str, **options: Any) -> None:  # noqa: ANN401  what typer read
    """Print every framework's number on the user's data."""
    (spec,) = map(str, compute.scaled([loss], {}, options))
    bound = bind(spec)
    data = reading.data_options(options, reading.named_weights(options))
    notes = stderr.Notes(quiet=options["quiet"], verbose=options["verbose"])
    with reading.opened(data, Needs.of([bound]), notes) as dataset:
        found = explain(spec, {}, dataset.batches(), data.missing)
    if options["format"] == "json":
        document = {"schema": 1, "loss": bound.spec, "explanations": [strict(asdict(one)) for one in found]}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
        return
    sheet = FORMATS[options["format"]]()(
        sys.stdout, compute.view({"summary": True, "rows": 0, "worst": None, **options})
    )
    if isinstance(sheet, Sheet):
        reasons = _numbered(found) if options["format"] == "table" else {}
        sheet.write([], _columns(found, reasons, sheet), Report([bound.spec], 0, 0, []))
        for reason, number in reasons.items():
            sys.stdout.write(
                "\n" * (number == "1") + _folded(f"{number}: ", sheet.show(reason), sheet.view.width) + "\n"
            )


def _numbered(found: list[Explanation]) -> dict[str, str]:
    """Number the reasons, which would make a table far too wide and are often those of several frameworks."""
    return {reason: str(i) for i, reason in enumerate(dict.fromkeys(one.why for one in found), 1)}


def _columns(found: list[Explanation], reasons: Mapping[str, str], sheet: Sheet) -> list[Column]:
    columns: dict[str, list[object]] = {
        "name": [one.name for one in found],
        "value": [one.value for one in found],
        "why": [reasons.get(one.why, one.why) for one in found],
    }
    return [Column.of(title, values, sheet.show) for title, values in columns.items()]


def _folded(start: str, text: str, terminal: int | None) -> str:
    from textwrap import fill  # noqa: PLC0415  only where reasons are printed

    width = max(min(terminal or READABLE, READABLE), NARROWEST)
    return fill(text, width, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False)
