"""A histogram of any numbers in one pass: exact counts between decimal edges, which are chosen when all were seen.

Every number falls between two neighbours among the numbers of four significant digits; only how many fell there is
kept, at most 9000 counts a power of ten. Edges of four digits or fewer then part the counts without an error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, log10

import numpy as np

from losscli.arrays import Array, Integers

DIGITS = 4
DECADE = 9 * 10 ** (DIGITS - 1)
"""Numbers of four digits in a power of ten."""
FIRST = -324
"""The power of ten of the smallest float64."""
HUGE = 1e300
"""What is as large as this is not told apart from infinity."""
BINS = 20
"""How many bars are read at a glance."""
WAITING = 1 << 18
"""Numbers that wait to be counted together."""
TAIL = 0.995
"""Which quantile the axis ends at, where the largest numbers would squeeze the others together."""
SQUEEZED = 0.8
"""The share of numbers in one bin beyond which equal bins tell nothing, and the axis is logarithmic."""
WIDE = 100
"""How many times the smallest number the largest is, at least, on a logarithmic axis."""
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """Counts between edges, ``lo ≤ number < hi``, and how many finite numbers are in no bin: zeros, and those above.

    ``values`` are the numbers themselves where there are few of them: a count each, and no edges.
    """

    counts: Sequence[int] = ()
    edges: Sequence[float] = ()
    values: Sequence[float] = ()
    log: bool = False
    zeros: int = 0
    above: int = 0


class Histogram:
    """Counts of numbers of four digits; ``a + b`` is the histogram of both data, and the order makes no difference."""

    def __init__(self) -> None:
        self._ranks: Integers = np.empty(0, dtype=np.int64)
        self._counts: Integers = np.empty(0, dtype=np.int64)
        self._waiting: list[Integers] = []
        self._whole = True
        self.n = self.infinite = self.undefined = 0
        self.least, self.most = inf, -inf

    def update(self, numbers: Array) -> None:
        """Count some numbers."""
        finite = numbers[np.abs(numbers) < HUGE]
        self.n += len(numbers)
        self.undefined += int(np.isnan(numbers).sum())
        self.infinite += int((np.abs(numbers) >= HUGE).sum())
        if len(finite):
            ranks, exact = ranked(finite)
            self._whole &= exact
            self.least = min(self.least, float(finite.min()))
            self.most = max(self.most, float(finite.max()))
            self._waiting.append(ranks)
            if sum(map(len, self._waiting)) > WAITING:
                self._count()

    def __add__(self, other: Histogram) -> Histogram:
        both = Histogram()
        for one in (self, other):
            one._count()
            both._merge(one._ranks, one._counts)
            both.n += one.n
            both.infinite += one.infinite
            both.undefined += one.undefined
        both._whole = self._whole and other._whole
        both.least, both.most = min(self.least, other.least), max(self.most, other.most)
        return both

    def binned(self) -> Binned:
        """Return at most about twenty counts that can be read: of values if they are few, else between round edges."""
        self._count()
        if self._whole and len(self._ranks) <= BINS:
            return Binned(self._counts.tolist(), values=edges_of(self._ranks).tolist())
        if not len(self._ranks):
            return Binned()
        shares = np.cumsum(self._counts) / self._counts.sum()
        tail = float(edges_of(self._ranks[[np.searchsorted(shares, TAIL)]] + 1)[0])
        top = tail if self.most - self.least > 1.5 * (tail - self.least) else self.most
        edges = _even(self.least, top)
        counts = self._between(edges)
        smallest = float(edges_of(self._ranks[self._ranks > 0][:1]).max(initial=0))
        narrow = max(counts) <= SQUEEZED * self._counts.sum() or self.most < WIDE * smallest
        if self.least < 0 or not smallest or narrow:
            return Binned(counts, edges, above=int(self._counts.sum()) - sum(counts))
        zeros = int(self._counts[self._ranks == 0].sum())
        edges = _even_in_logarithm(smallest, self.most)
        return Binned(self._between(edges), edges, log=True, zeros=zeros)

    def _between(self, edges: Sequence[float]) -> list[int]:
        sums = np.concatenate(([0], np.cumsum(self._counts)))
        counts: list[int] = np.diff(sums[np.searchsorted(self._ranks, ranked(np.array(edges))[0])]).tolist()
        return counts

    def _count(self) -> None:
        if self._waiting:
            self._merge(*np.unique(np.concatenate(self._waiting), return_counts=True))
            self._waiting = []

    def _merge(self, ranks: Integers, counts: Integers) -> None:
        known, index = np.unique(np.concatenate((self._ranks, ranks)), return_inverse=True)
        sums = np.zeros(len(known), dtype=np.int64)
        np.add.at(sums, index, np.concatenate((self._counts, counts)))
        self._ranks, self._counts = known, sums


def ranked(numbers: Array) -> tuple[Integers, bool]:
    """Return the rank, among numbers of four digits, of the nearest below each; and whether all of them are such.

    >>> ranks, whole = ranked(np.array([0.0, 0.12345, 2.0]))
    >>> edges_of(ranks).tolist(), whole
    ([0.0, 0.1234, 2.0], False)
    """
    size = np.abs(numbers)
    exponent = np.floor(np.log10(np.where(size == 0, 1.0, size))).astype(np.int64)
    whole = np.clip(np.floor(_scaled(size, DIGITS - 1 - exponent)), 0, 10**DIGITS).astype(np.int64)
    ranks = np.maximum((exponent - FIRST) * DECADE + whole - 10 ** (DIGITS - 1) + 1, 0)
    ranks += (edges_of(ranks + 1) <= size).astype(np.int64)  # the logarithm and the product are rounded
    ranks -= (edges_of(ranks) > size).astype(np.int64)
    ranks[size == 0] = 0
    inexact = edges_of(ranks) != size
    return np.where(numbers < 0, -(ranks + inexact), ranks), not inexact.any()


def edges_of(ranks: Integers) -> Array:
    """Return the numbers of four digits that have these ranks: the float64 nearest to the decimal one."""
    decade, digits = np.divmod(np.abs(ranks) - 1, DECADE)
    size = _scaled((digits + 10 ** (DIGITS - 1)).astype(np.float64), decade + FIRST - DIGITS + 1)
    return np.where(ranks == 0, 0.0, np.sign(ranks) * size)


def _scaled(numbers: Array, powers: Integers) -> Array:
    """Return numbers · 10^powers: rounded once where the power is exact, and without an overflow on the way."""
    ups, downs = np.clip(powers, 0, 300), np.clip(-powers, 0, 300)
    rest = (powers - np.clip(powers, -300, 300)).astype(np.float64)
    with np.errstate(over="ignore", under="ignore"):
        found: Array = numbers * 10.0 ** ups.astype(np.float64) / 10.0 ** downs.astype(np.float64) * 10.0**rest
    return found


def _steps(low: float, high: float) -> Iterable[float]:
    """Yield 1, 2 and 5 times powers of ten, from one that is too fine for the bins or the digits, and larger ones."""
    finest = max(high / BINS - low / BINS, max(-low, high) / 10**DIGITS)
    power = max(floor(log10(finest)), FIRST + 1) if finest else FIRST + 1
    for larger in range(power, 309):
        yield from (float(f"{one}e{larger}") for one in STEPS)


def _even(low: float, high: float) -> list[float]:
    """Return round edges at one distance from each other, from below ``low`` to above ``high``."""
    for step in _steps(low, high):
        first, last = floor(low / step), floor(high / step) + 1
        edges = [_times(step, i) for i in range(first, min(last, first + BINS) + 1)]
        if last - first <= BINS and ranked(np.array(edges))[1]:
            return edges
    return [low, high]


def _times(step: float, count: int) -> float:
    """Return the float64 nearest to a decimal step's multiple: 0.3, not 0.30000000000000004."""
    digits, power = f"{step:.0e}".split("e")
    return float(f"{int(digits) * count}e{power}")


def _even_in_logarithm(low: float, high: float) -> list[float]:
    """Return edges at 1, 2 and 5 times the powers of ten, or at every few powers, around ``low`` and ``high``."""
    first, last = floor(log10(low)), floor(log10(high)) + 1
    if 3 * (last - first) <= BINS + 4:
        edges = [float(f"{one}e{power}") for power in range(first, last + 1) for one in STEPS]
    else:
        stride = ceil((last - first) / BINS)
        edges = [float(f"1e{min(power, sys.float_info.max_10_exp)}") for power in range(first, last + stride, stride)]
    start = max(i for i, edge in enumerate(edges) if edge <= low or i == 0)
    stop = next((i for i, edge in enumerate(edges) if edge > high), len(edges) - 1)
    return edges[start : stop + 1]
