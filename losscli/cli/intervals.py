"""``--confidence``, ``--cluster`` and the like: how sure a comparison must be.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from losscli.cli.confidence import BOOT, METHOD, SEED
from losscli.errors import UsageError


class Intervals:
    """How sure a comparison must be."""

    confidence: Annotated[float, typer.Option(metavar="SHARE", help="Confidence of the intervals.")] = 0.95
    method: Annotated[Literal["bca", "t"], typer.Option(help=f"{METHOD}.")] = "bca"
    boot: Annotated[int, typer.Option(metavar="N", help=f"{BOOT}.")] = 2000
    seed: Annotated[int, typer.Option(metavar="N", help=f"{SEED}.")] = 0
    cluster: Annotated[
        str | None,
        typer.Option(metavar="COL", help="Rows of one cluster (user, document, ...) are drawn together."),
    ] = None
    adjust: Annotated[
        Literal["holm", "bh"] | None,
        typer.Option(
            help="Adjust for many gates: holm keeps the chance of any wrong verdict, bh the share of wrong ones."
        ),
    ] = None


def cluster_of(kept: Sequence[str], asked: str | None) -> str | None:
    """Return the column that ``--cluster`` names: the first of those that are kept, among which it was put.

    Raises UsageError if it may be several columns.
    """
    if not asked:
        return None
    if kept[0] != asked and ("," in asked or not asked.startswith("@")):
        raise UsageError(f"--cluster {asked} may be several columns", "name one column")
    return kept[0]
