"""What a group is among the others of ``--by``: its share of the total loss, and whether it is the best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite

from losscli.exact import ratio
from losscli.formats.format import Result
from losscli.registry import Score
from losscli.sources.roles import TRUE_NAMES
from losscli.tally import LossTally, Tally

ORDERED = 3
"""Groups with numbers for names that say how a value goes on from one to the next: the epochs of a training."""


def placed(results: Iterable[Result], tallies: Iterable[Tally]) -> list[Result]:
    """Return the results with their shares, and the best of groups that are in order marked."""
    by_spec = {tally.bound.spec: tally for tally in tallies}
    shared = [replace(one, share=_share(by_spec[one.loss], one)) for one in results]
    best = {id(found) for spec, tally in by_spec.items() if (found := _best(spec, tally, shared))}
    return [replace(one, best=True) if id(one) in best else one for one in shared]


def _share(tally: Tally, result: Result) -> float | None:
    """Return Σwl of a group over Σwl of all rows, rounded once; NaN where these are 0 or infinite, None for a score."""
    if not isinstance(tally, LossTally):
        return None
    group = None if result.by is None else tuple(result.by.values())
    return ratio(tally.of(group).moments.first, tally.of(None).moments.first)


def _best(spec: str, tally: Tally, results: Iterable[Result]) -> Result | None:
    groups = [one for one in results if one.loss == spec and one.by]
    return best(groups, higher=higher(tally.bound.loss)) if in_sequence(groups) else None


def higher(loss: object) -> bool:
    """Tell whether more is better, as in most scores."""
    return isinstance(loss, Score) and loss.higher


def best(groups: Sequence[Result], *, higher: bool) -> Result | None:
    """Return the group with the best value, of equals the one with the lowest number; None without a finite value."""
    known = [one for one in groups if one.value is not None and isfinite(one.value)]
    known.sort(key=lambda one: float(name(one)))
    return (max if higher else min)(known, key=lambda one: one.value or 0.0, default=None)


def in_sequence(groups: Sequence[Result]) -> bool:
    """Tell whether groups go on from one to the next, as epochs do, and are not the classes of a truth."""
    columns = {column.strip().lower() for one in groups for column in one.by or ()}
    return columns.isdisjoint(TRUE_NAMES) and ordered(map(name, groups), ORDERED)


def ordered(names: Iterable[str], least: int) -> bool:
    """Tell whether groups are called by different numbers, so many at least.

    >>> ordered(["1", "2", "10"], 3), ordered(["1", "2", "all"], 3), ordered(["1", "2"], 3)
    (True, False, False)
    """
    different = set(names)
    return len(different) >= least and all(map(_finite, different))


def name(result: Result) -> str:
    """Return what a group is called, the values of all columns."""
    return ", ".join((result.by or {}).values())


def notes(results: Iterable[Result]) -> list[str]:
    """Say which group is the best."""
    return [
        f"{one.loss} is best at {', '.join(one.by)} {name(one)}: {one.value:.6g}"
        for one in results
        if one.best and one.by and one.value is not None
    ]


def _finite(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
