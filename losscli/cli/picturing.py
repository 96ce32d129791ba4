"""``--plot``: pictures of a run, in the terminal and in files.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from losscli.errors import UsageError, did_you_mean
from losscli.formats import DRAWN
from losscli.formats.format import Report
from losscli.outputs import Outputs, Target

if TYPE_CHECKING:
    from losscli.run import Run

DRAWABLE = ("table", "markdown", *DRAWN)
"""Formats that can show a picture."""
LOOK: Mapping[str, Any] = {
    "summary": True, "rows": 0, "worst": None, "precision": None, "color": "auto", "format": None,
}  # fmt: skip
"""How the shape of a loss is shown: there are no samples."""
Begin = Callable[..., "Run"]
Hang = Callable[[Report], Report]


KINDS = ("hist", "curve", "groups", "calibration")
"""What can be drawn."""


def _kinds(incomplete: str) -> list[str]:
    return [kind for kind in KINDS if kind.startswith(incomplete)]


class Pictures:
    """What is drawn."""

    plot: Annotated[
        list[str] | None,
        typer.Option(
            "--plot",
            metavar="KIND",
            help="Draw hist (losses of single samples), curve or groups (of --by), or calibration (of probabilities); "
            "repeatable.",
            autocompletion=_kinds,
        ),
    ] = None
    hist: Annotated[bool, typer.Option("--hist", help="The same as --plot hist.")] = False


class Shape:
    """How it is drawn."""

    plot: Annotated[
        bool, typer.Option("--plot", help="Draw the loss instead, over its residual, with a parameter varied.")
    ] = False
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="FORMAT[:PATH]", help="Draw it into a file: svg:huber.svg; repeatable."),
    ] = None


def draw_shape(loss: str, *, plot: bool, output: list[str] | None) -> None:
    """Draw one loss, in the terminal and into files. Raises UsageError for one that is no curve."""
    from losscli.cli.compute import targets, view  # noqa: PLC0415  which imports this module
    from losscli.shapes import shape  # noqa: PLC0415  only where a picture is wanted
    from losscli.spec import bind  # noqa: PLC0415  as above

    look = {**LOOK, "output": output, "format": "table" if plot else None}
    wrong = next((one.format for one in targets(look) if one.format not in DRAWABLE), None)
    if wrong:
        raise UsageError(f"{wrong} shows no pictures", f"one of {', '.join(DRAWABLE)}: -o svg:loss.svg")
    bound = bind(loss)
    picture = shape(bound)
    with Outputs(targets(look), view(look), stdout=sys.stdout) as outputs:
        outputs.finish(Report([bound.spec], 0, 0, [], pictures=[picture], in_text=True))


def pictured(begin: Begin, options: Mapping[str, Any], targets: Sequence[Target]) -> tuple[Begin, Hang]:
    """Return what begins a run whose pictures are wanted, and what hangs them in its report.

    Raises UsageError for groups that are drawn and not asked for.
    """
    asked = [*(["hist"] if options.get("hist") else []), *(options.get("plot") or ())]
    if not asked and not any(target.format in DRAWN for target in targets):
        return begin, _bare
    if unknown := next((kind for kind in asked if kind not in KINDS), None):
        near = did_you_mean(unknown, list(KINDS))
        raise UsageError(f"there is no picture {unknown!r}", near or f"pictures: {', '.join(KINDS)}")
    for kind in ("curve", "groups"):
        if kind in asked and not options["by"]:
            raise UsageError(
                f"--plot {kind} draws the groups of --by, and none are asked for", f"add --by COLUMN --plot {kind}"
            )
    from losscli.gallery import USUAL, Gallery  # noqa: PLC0415  only where pictures are wanted

    gallery = Gallery(asked or [USUAL], in_text=bool(asked))
    return partial(gallery.watched, begin), gallery.hung


def _bare(report: Report) -> Report:
    return report
