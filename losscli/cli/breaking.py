"""``--breakdown``: where the loss comes from, as records.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from losscli.errors import UsageError, did_you_mean
from losscli.formats.format import Report

if TYPE_CHECKING:
    from losscli.run import Run

Begin = Callable[..., "Run"]
Tell = Callable[[Report], Report]
KINDS = ("classes", "outputs", "residuals", "calibration")
"""What can be told."""


def _kinds(incomplete: str) -> list[str]:
    return [kind for kind in KINDS if kind.startswith(incomplete)]


class Breakdowns:
    """Where it comes from."""

    breakdown: Annotated[
        list[str] | None,
        typer.Option(
            "--breakdown",
            metavar="KIND",
            help="Add a table of classes (loss and support of each true class), outputs (of each column of "
            "predictions), residuals (bias, size, quantiles; 8 bytes a row, many in a temporary file) or calibration "
            "(of probabilities), with --by for each group, too; the samples are left out. csv, tsv and jsonl hold the "
            "first one; repeatable.",
            autocompletion=_kinds,
        ),
    ] = None


def broken_down(begin: Begin, options: dict[str, Any]) -> tuple[Begin, Tell]:
    """Return what begins a run that is to be broken down, and what adds the tables to its report.

    The samples are left out, unless the worst or best are asked for. Raises UsageError for an unknown kind.
    """
    kinds = options.get("breakdown")
    if not kinds:
        return begin, _whole
    if unknown := next((kind for kind in kinds if kind not in KINDS), None):
        near = did_you_mean(unknown, list(KINDS))
        raise UsageError(f"there is no breakdown {unknown!r}", near or f"breakdowns: {', '.join(KINDS)}")
    from losscli.breakdown import Breakdown  # noqa: PLC0415  only where it is asked for

    if not options["worst"] and not options["best"]:
        options["summary"] = True
    breakdown = Breakdown(kinds)
    return partial(breakdown.watched, begin), breakdown.told


def _whole(report: Report) -> Report:
    return report
