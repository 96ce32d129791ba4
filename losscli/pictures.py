"""Pictures as plain data: what is to be seen, drawn by the formats for people each in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bars:
    """One bar for each label: ``names`` says what a label is, ``measure`` what the length of a bar is, in its unit.

    ``texts`` stand beside the bars. The bars of a histogram lie between ``edges``, one more than there are bars, on an
    axis that is logarithmic if ``log``. ``notes`` are the small print: what the bars do not show.
    """

    title: str
    names: str
    measure: str
    labels: Sequence[str]
    lengths: Sequence[float]
    texts: Sequence[str]
    edges: Sequence[float] = ()
    log: bool = False
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Series:
    """A line through points in the order of ``x``; ``dots`` marks the points, ``faint`` is a line to compare with."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    dots: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lines:
    """Lines over one axis; ``x`` and ``y`` say what the axes are, in their units.

    ``best`` is a point to be marked, ``table`` the numbers behind the picture, column by column.
    """

    title: str
    x: str
    y: str
    series: Sequence[Series]
    best: tuple[float, float] | None = None
    table: Mapping[str, Sequence[object]] = field(default_factory=dict)
    notes: Sequence[str] = ()


Picture = Bars | Lines
