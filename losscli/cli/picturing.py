"""``--plot``: pictures of a run, in the terminal and in files.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from losscli.errors import UsageError, did_you_mean
from losscli.formats import DRAWN
from losscli.formats.format import Report
from losscli.outputs import Target

if TYPE_CHECKING:
    from losscli.run import Run

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
