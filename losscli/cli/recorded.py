"""``inputs`` of a JSON report: what ``losscli verify`` needs to compute it again, by the long names of the options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from losscli.cli import confidence
from losscli.cli import options as groups
from losscli.cli.settings import Settings, option
from losscli.registry import Declared
from losscli.spec import Bound

RANKED = ("worst", "best", "breakdown")
"""Options that decide what else a report holds."""
SURE = (confidence.Confidence, confidence.Resampled)
RECORDED = (groups.Files, groups.Data, groups.Carried, groups.Compute, *SURE, groups.Penalties)
"""The options that decide the numbers. ``--train`` is not among them: the losses' SPECs hold the scale it gave."""
_SHOWN = (*groups.Engine.__annotations__, *groups.Show.__annotations__)
BY_THE_WAY = {option(name) for name in ("jobs", "exit_zero", *_SHOWN)}
"""Options that change no number, and are the reader's to choose."""


def computed(specs: Sequence[str | Declared], bounds: Sequence[Bound], options: Mapping[str, Any]) -> dict[str, object]:
    """Return what was computed: the losses in their printed form, so that a loss's own command is ``eval``, too."""
    written = [bound.spec for bound in bounds]
    on_the_spot = specs and isinstance(specs[0], Declared)
    losses = {"command": "expr", "expression": written[0]} if on_the_spot else {"command": "eval", "losses": written}
    names = [name for group in RECORDED for name in group.__annotations__ if name in options]
    ranked = {name: options[name] for name in RANKED if options.get(name)}
    return {**losses, **unusual({option(name): options[name] for name in names}, defaults()), **ranked}


def checks(chosen: Sequence[Settings]) -> dict[str, object]:
    """Return what was checked: the name and the options of each check."""
    from losscli.cli.check import Gates  # noqa: PLC0415  which imports this module
    from losscli.cli.intervals import Intervals  # noqa: PLC0415  only for checks

    usual = defaults(Gates, Intervals, groups.Training)
    return {"command": "check", "checks": [{"name": one.name, **unusual(one.options, usual)} for one in chosen]}


def defaults(*more: type) -> dict[str, object]:
    """Return the options of the usual groups, and of ``more``, with their defaults."""
    return {option(name): group.__dict__.get(name) for group in (*RECORDED, *more) for name in group.__annotations__}


def unusual(options: Mapping[str, Any], usual: Mapping[str, object]) -> dict[str, object]:
    """Return the options that decide numbers, and are not their defaults."""
    return {
        name: value
        for name, value in options.items()
        if name not in BY_THE_WAY and value not in (None, [], usual.get(name))
    }
