"""How a rate of one class becomes a number: that of the positive class, or an average over the classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import fsum, isnan, nan
from typing import Annotated

from losscli.confusion import Confusion, Counts
from losscli.errors import DataError
from losscli.exact import quotient
from losscli.registry import Param
from losscli.scores._params import UNDEFINED
from losscli.scores._state import State

Rate = Callable[[Counts], tuple[int, int]]
"""One class against all others -> a quotient, in exact units."""
Average = Annotated[
    str, Param("Of one class, of all rows, or of the classes.", choices=("binary", "micro", "macro", "weighted"))
]
PosLabel = Annotated[int, Param("The class that counts as positive, by its index, if binary.", ge=0)]


def averaged(rate: Rate, counts: Confusion, average: str, pos_label: int, zero_division: str) -> State:
    """Return the state of a rate: of the positive class, of all rows, or the mean over the classes."""
    undefined = UNDEFINED[zero_division]
    finish = AVERAGES[average]
    return State(partial(finish, partial(_quotient, rate, undefined), pos_label=pos_label), (counts,))


def _quotient(rate: Rate, undefined: float, one: Counts) -> float:
    top, bottom = rate(one)
    return quotient(top, bottom) if bottom else undefined


def _binary(value: Callable[[Counts], float], table: Confusion, *, pos_label: int) -> float:
    counts = dict(table.each())
    several = len(counts) > 2  # noqa: PLR2004  binary
    if several or (len(counts) == 2 and pos_label not in counts):  # noqa: PLR2004  as above
        seen = ", ".join(map(str, counts))
        raise DataError(
            f"average=binary is for two classes, and the data has the classes {seen}"
            if several
            else f"pos_label is {pos_label}, and the data has the classes {seen}",
            "average=macro, micro or weighted takes any number of classes (--average macro)"
            if several
            else f"name the positive class: --pos-label {max(counts)}",
        )
    rest = sum(one.tp + one.fn for one in counts.values())
    return value(counts.get(pos_label, Counts(0, 0, 0, rest)))


def _micro(value: Callable[[Counts], float], table: Confusion, *, pos_label: int) -> float:  # noqa: ARG001  all classes count
    return value(Counts(*map(sum, zip(*(one for _, one in table.each()), strict=True)))) if table.cells else nan


def _macro(value: Callable[[Counts], float], table: Confusion, *, pos_label: int) -> float:  # noqa: ARG001  as above
    values = [one for one in (value(counts) for _, counts in table.each()) if not isnan(one)]
    return fsum(values) / len(values) if values else nan


def _weighted(value: Callable[[Counts], float], table: Confusion, *, pos_label: int) -> float:  # noqa: ARG001  as above
    found = [(value(counts), counts.tp + counts.fn) for _, counts in table.each()]
    defined = [(one, support) for one, support in found if not isnan(one)]
    whole = sum(support for _, support in defined)
    return fsum(one * quotient(support, whole) for one, support in defined) if whole else nan


AVERAGES: dict[str, Callable[..., float]] = {
    "binary": _binary,
    "micro": _micro,
    "macro": _macro,
    "weighted": _weighted,
}
