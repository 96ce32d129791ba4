"""``--by age/10``: a column of numbers is cut into bins, which are the groups.

A bin is written as the interval that it is, ``[20,30)``: 20 is in it, 30 is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import inf
from typing import Protocol

import numpy as np

from losscli.arrays import Array
from losscli.errors import DataError, UsageError
from losscli.quantiles import Quantiles
from losscli.sources.cells import NUMBER
from losscli.sources.roles import MOST_NAMED

MOST_QUANTILES = 1000
"""More bins of equal size than this are taken for a mistake."""
WHOLE = 2.0**53
"""Beyond it, float64 cannot count bins one by one."""
GRAMMAR = "age/10 is bins of width 10, age/q4 four of equally many rows, age/18:40:65 bins with these edges"


class Bins(Protocol):
    """Bins that are known."""

    def labels(self, values: Array) -> list[str]:
        """Return the bin of every value, empty where there is none."""
        ...


@dataclass(frozen=True)
class Width:
    """Bins of one width, one of which begins at 0.

    >>> Width(Fraction("0.1")).labels(np.array([0.05, 0.3, -0.1, np.nan]))
    ['[0,0.1)', '[0.3,0.4)', '[-0.1,0)', '']
    """

    width: Fraction

    def labels(self, values: Array) -> list[str]:
        """Return the bin of every value; an infinite one is a bin of its own.

        An edge is a whole multiple of the width, rounded once, and what is in a bin is decided by its edges.
        Raises DataError where bins are narrower than float64 can tell apart.
        """
        finite = np.isfinite(values)
        with np.errstate(all="ignore"):
            bins = np.floor(np.where(finite, values, 0.0) / float(self.width))
        if (far := np.abs(bins) >= WHOLE).any():
            raise DataError(
                f"--by: bins of width {written(float(self.width))} are too narrow for {values[far][0]!r}",
                "choose wider bins",
            )
        numbers, place = np.unique(bins, return_inverse=True)
        low, high = self._edges(numbers), self._edges(numbers + 1)
        bins += (finite & (values >= high[place])).astype(int) - (finite & (values < low[place])).astype(int)
        numbers, place = np.unique(bins, return_inverse=True)
        names = [_interval(*ends) for ends in zip(self._edges(numbers), self._edges(numbers + 1), strict=True)]
        labels = [names[i] for i in place.tolist()]
        for i in np.flatnonzero(~finite).tolist():
            labels[i] = "" if np.isnan(values[i]) else written(float(values[i]))
        return labels

    def _edges(self, numbers: Array) -> Array:
        return np.array([float(int(number) * self.width) for number in numbers.tolist()])


@dataclass(frozen=True)
class Edges:
    """Bins between ``inner`` edges; the first begins at ``low`` and the last ends at ``high``, if there is an end.

    >>> Edges((18.0, 65.0)).labels(np.array([17.0, 18.0, 99.0, np.nan]))
    ['(-inf,18)', '[18,65)', '[65,inf)', '']
    """

    inner: tuple[float, ...]
    low: float = -inf
    high: float = inf

    def labels(self, values: Array) -> list[str]:
        """Return the bin of every value."""
        names = [*self._names(), ""]
        place = np.searchsorted(np.array(self.inner), values, side="right")
        return [names[i] for i in np.where(np.isnan(values), len(names) - 1, place).tolist()]

    def __str__(self) -> str:
        """Say which bins there are, in small print."""
        names = self._names()
        return ", ".join(names if len(names) <= MOST_NAMED else [*names[:2], "…", names[-1]])

    def _names(self) -> list[str]:
        edges = (self.low, *self.inner, self.high)
        names = [_interval(*ends) for ends in pairwise(edges)]
        if self.high < inf:
            names[-1] = f"{names[-1][:-1]}]"  # the largest value is in the last bin
        return names


@dataclass(frozen=True)
class Equal:
    """``count`` bins of equally many rows, whose edges are quantiles of the column: known after a pass over it."""

    count: int

    def settled(self, parts: Iterable[Array], name: str) -> Edges:
        """Return the bins of the values that come in parts. Raises DataError if there is none.

        Exact quantiles, interpolated linearly. Where values are so often the same that edges coincide, there are fewer
        bins.
        """
        seen, low, high = Quantiles(), inf, -inf
        for values in parts:
            finite = values[np.isfinite(values)]
            seen += Quantiles.of(finite)
            low, high = min(low, finite.min(initial=inf)), max(high, finite.max(initial=-inf))
        if not seen.n:
            raise DataError(f"--by {name}: the column holds no number to cut at", "leave it out")
        found = {seen.quantile(Fraction(i, self.count)) for i in range(1, self.count)}
        return Edges(tuple(sorted(edge for edge in found if low < edge)), float(low), float(high))


Cut = Width | Edges | Equal
"""A way to cut a column."""


def binned(text: str, columns: Sequence[str]) -> Iterator[tuple[str, str, Cut | None]]:
    """Yield what a ``--by`` asks for: the columns, how they are cut as it was typed, and the cut, if any.

    A column whose own name is that comes first. Raises UsageError for a cut that is none.

    >>> [(names, typed) for names, typed, _ in binned("region,age/10,a/b", ["region", "age", "a/b"])]
    [('region', ''), ('age', '10'), ('a/b', '')]
    """
    head, _, tail = text.rpartition("/")
    whole = text in columns or (head in columns and "," not in tail)
    for part in [text] if whole else [one.strip() for one in text.split(",")]:
        names, _, typed = part.rpartition("/")
        if part in columns or not names:
            yield part, "", None
        elif cut := _cut(typed):
            yield names, typed, cut
        elif names in columns:
            raise UsageError(f"--by {part}: {typed!r} does not say where to cut", GRAMMAR)
        else:
            yield part, "", None


def _cut(typed: str) -> Cut | None:
    if typed[:1] == "q" and typed[1:].isdecimal() and typed.isascii():
        return Equal(int(typed[1:5])) if 1 < int(typed[1:5]) <= MOST_QUANTILES and len(typed) <= 5 else None  # noqa: PLR2004  q1000
    texts = typed.split(":")
    if not all(NUMBER.fullmatch(text) for text in texts):
        return None
    edges = tuple(map(float, texts))
    if not np.isfinite(edges).all() or not all(a < b for a, b in pairwise(edges)):
        return None
    if len(edges) > 1:
        return Edges(edges)
    return Width(Fraction(texts[0])) if edges[0] > 0 else None


def _interval(low: float, high: float) -> str:
    return f"{'(' if low == -inf else '['}{written(low)},{written(high)})"


def written(number: float) -> str:
    """Return a number as an edge of a bin shows it: exact, and whole numbers without a point.

    >>> written(30.0), written(0.1), written(-np.inf)
    ('30', '0.1', '-inf')
    """
    return repr(float(number) + 0.0).removesuffix(".0")
