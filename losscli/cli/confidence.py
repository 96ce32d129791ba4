"""``--ci``: how sure a value is.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, Literal

import typer

from losscli.errors import UsageError
from losscli.run import Run

METHOD = "Bootstrap (bias-corrected and accelerated), or Student's t; above 65536 rows (8192 for a score) always t"
BOOT = "Resamples of the bootstrap"
SEED = "Seed of the bootstrap"


class Confidence:
    """How sure it is."""

    ci: Annotated[
        str | None,
        typer.Option(
            "--ci",
            metavar="SHARE",
            help="A confidence interval for each value, at 0.95 or 95%; holds all rows in memory.",
        ),
    ] = None


class Resampled:
    """How sure it is."""

    method: Annotated[Literal["bca", "t"] | None, typer.Option(help=f"{METHOD} [default: bca].")] = None
    boot: Annotated[int | None, typer.Option(metavar="N", help=f"{BOOT} [default: 2000].")] = None
    seed: Annotated[int | None, typer.Option(metavar="N", help=f"{SEED} [default: 0].")] = None


def runs(options: Mapping[str, Any]) -> Callable[..., Run]:
    """Return what makes a run, one with intervals if they are wanted. Raises UsageError for what makes none."""
    given = {name: value for name in Resampled.__annotations__ if (value := options.get(name)) is not None}
    if options.get("ci") is None:
        if given:
            raise UsageError(f"--{next(iter(given))} is about intervals, and none are asked for", "add --ci 0.95")
        return Run
    from losscli.confident import ConfidentRun  # noqa: PLC0415  only where intervals are wanted
    from losscli.stats.compare import Resampling  # noqa: PLC0415  as above

    return partial(ConfidentRun, resampling=Resampling(share(options["ci"]), **given))


def share(text: str) -> float:
    """Read a confidence: ``0.95``, or ``95%``.

    >>> share("0.95"), share("99.9%")
    (0.95, 0.999)

    Raises UsageError for what is no share between 0 and 1.
    """
    percent = text.strip().endswith("%")
    try:
        number = float(f"{float(text.strip().removesuffix('%')):.12g}e{-2 if percent else 0}")
    except ValueError:
        number = 0.0
    if not 0 < number < 1 or "_" in text:
        way_out = f"--ci {text}%" if 1 <= number < 100 else "--ci 0.95"  # noqa: PLR2004  a per cent without its sign
        raise UsageError(f"--ci: expected a share between 0 and 1, or per cent, received {text!r}", way_out)
    return number
