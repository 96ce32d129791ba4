"""Where a framework's number is not what one would think, and what gives the other one: said to the user."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import TYPE_CHECKING

from losscli.reductions import reduction

if TYPE_CHECKING:
    from losscli.tally import LossTally


def departures(tally: LossTally) -> Iterator[str]:
    """Yield what the user should know of a framework's number, once all rows are seen."""
    spec, like, total = tally.bound.spec, tally.bound.like, tally.total
    if tally.of_nothing(total) is not None:
        what = "the weights of all rows are 0" if total.moments.n else "all rows are ignored"
        yield f"{spec}: {what}: {like} gives {tally.value(None)!r}, where there is no mean"
        return
    mistaken = [group for group in tally.classes if _differ(tally.value(group), tally.reduced(tally.of(group)))]
    if mistaken:
        where = "" if None in mistaken else f" in {len(mistaken)} of {len(tally.folds)} groups"
        yield (
            f"{spec}: one class alone occurs{where}, which {like} takes for the negative one: value is {like}'s "
            "number, the losses and their mean are the right ones"
        )
    if tally.reduction.name == "none" and tally.of_elements and total.elements > 1:
        yield f"{spec}: {like} leaves a number for each element of a row; here is their mean"
    if tally.reduction_of(total).name == "unbroadcast-mean" and total.weighed:
        more = f"{total.elements} times the mean"
        yield f"{spec}: {like} divides by the weights of rows, not of their elements: {more}"
    if tally.of_vectors and tally.as_vectors:
        name = tally.of_vectors if total.weighed else "plain-mean"
        there = reduction(name).value(total)
        if _differ(there, tally.reduced(total)):
            yield (
                f"{spec}: this is {like}'s number for arrays of shape (n, 1); for shape (n,), which it averages "
                f"before the weights, it gives {there!r}: --reduction {name}"
            )


def _differ(one: float | None, other: float | None) -> bool:
    """Tell whether two values are different numbers."""
    return one is not None and other is not None and one != other and not (isnan(one) or isnan(other))
