"""Quantiles of losses, exact and in bounded memory: what is too much to hold waits in a temporary file.

A quantile lies at one of the sorted losses, or between two neighbours. To find them without sorting, losses are
counted (or their weights added up, exactly) by the leading bits of integers in the same order; then only the bucket
with the quantile is looked at again, by its next bits, until it is small enough to be sorted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, inf, isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from losscli import held
from losscli.arrays import Array, counted
from losscli.exact import ExactSum
from losscli.held import Chunk, Pool, Rows

if TYPE_CHECKING:
    from fractions import Fraction

BITS = 16
"""By how many bits a pass over the losses narrows them down."""

Keys = NDArray[np.uint64]


class Span(NamedTuple):
    """A range of keys: ``bits`` of them are open above ``lowest``. ``n`` losses are in it.

    ``before`` it, and up to where it has ended (``after``), there are so many losses, or so much weight.
    """

    lowest: int
    bits: int
    n: int
    before: int
    after: int

    def inside(self, keys: Keys) -> NDArray[np.bool_]:
        """Mark the keys that are in it."""
        return (keys >= np.uint64(self.lowest)) & ~self.above(keys)

    def above(self, keys: Keys) -> NDArray[np.bool_]:
        """Mark the keys beyond it."""
        return keys > np.uint64(self.lowest + (1 << self.bits) - 1)


class Reached(NamedTuple):
    """A loss, how many losses or how much weight there is up to it, and the next of the sorted losses, if any."""

    low: float
    reached: int
    high: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """All the losses and weights themselves, 8 bytes a value, because a quantile can be any of them.

    ``undefined`` says that a loss is NaN, or a weight negative or not finite. States that are added share the
    ``pool`` of the first; what is more than ``held.HELD`` values in one pool waits in a temporary file.
    """

    chunks: tuple[Chunk, ...] = ()
    n: int = 0
    weighted: bool = False
    undefined: bool = False
    pool: Pool | None = None

    @classmethod
    def of(cls, losses: Array, weights: Array | None = None) -> Quantiles:
        """Return the state of some rows; the arrays are copied."""
        losses, weights = counted(np.asarray(losses, dtype=np.float64), weights)
        odd = bool(np.isnan(losses).any()) or not (weights is None or (np.isfinite(weights) & (weights > 0)).all())
        chunks = (Chunk(losses + 0.0, None if weights is None else weights + 0.0),) if len(losses) else ()
        return cls(chunks, len(losses), weights is not None, odd)

    def __add__(self, other: Quantiles) -> Quantiles:
        pool = self.pool or Pool()
        pool.take(other.chunks if self.pool else self.chunks + other.chunks)
        weighted, undefined = self.weighted or other.weighted, self.undefined or other.undefined
        return Quantiles(self.chunks + other.chunks, self.n + other.n, weighted, undefined, pool)

    def blocks(self) -> Iterator[Rows]:
        """Yield all the losses and weights again, in the order in which they came."""
        for losses, weights in held.blocks(self.chunks):
            yield losses, np.ones(len(losses)) if self.weighted and weights is None else weights

    def packed(self) -> tuple[tuple[Array, Array | None], ...]:
        """Return the losses and weights as plain data, which ``unpacked`` takes."""
        return tuple(self.blocks())

    @classmethod
    def unpacked(cls, data: tuple[tuple[Array, Array | None], ...]) -> Quantiles:
        """Return the state that was packed. Raises ValueError for losses and weights that do not belong together."""
        if any(losses.ndim > 1 or (weights is not None and weights.shape != losses.shape) for losses, weights in data):
            raise ValueError("a weight for each loss")
        return sum((cls.of(losses, weights) for losses, weights in data), cls())

    def whole(self) -> Rows:
        """Return all of them at once, in memory."""
        return held.joined([(np.empty(0), np.empty(0) if self.weighted else None), *self.blocks()])

    def quantile(self, q: float | Fraction) -> float:
        """Return the q-quantile, 0 ≤ q ≤ 1; NaN if there are no rows, or a NaN is among them.

        Without weights the value at position q(n−1) of the sorted losses, interpolated linearly (numpy's ``linear``).
        With weights the smallest loss at which the weights so far pass qΣw, the mean of two losses where they just
        reach it between them (the averaged inverted CDF, so that equal weights leave the median as it is). Both are
        exact, q being the decimal fraction as it is written, and rounded once.

        >>> Quantiles.of(np.array([3.0, 1.0, 2.0, 10.0])).quantile(0.5)
        2.5
        """
        from fractions import Fraction  # noqa: PLC0415  4 ms of start-up, and only quantiles need it

        if not self.n or self.undefined:
            return nan
        share = Fraction(str(q))
        return (self._averaged(share) if self.weighted else self._interpolated(share)) + 0.0

    def _interpolated(self, share: Fraction) -> float:
        index = share * (self.n - 1)
        found = self._reach(int(index) + 1, self.n)
        return _between(found, index - int(index))

    def _averaged(self, share: Fraction) -> float:
        total = sum((ExactSum.of(weights).units for _, weights in self.blocks() if weights is not None), 0)
        goal = share * total
        found = self._reach(ceil(goal), total)
        return _between(found, 0.5) if found.reached == goal else found.low

    def _reach(self, goal: int, total: int) -> Reached:
        """Find the first of the sorted losses with ``goal`` losses, or so much weight, up to it, of ``total``."""
        span = Span(0, 64, self.n, 0, total)
        while span.n > held.HELD // 2 and span.bits:
            span = self._narrowed(span, goal)
        return self._found(span, goal)

    def _narrowed(self, span: Span, goal: int) -> Span:
        """Return the bucket of a span in which ``goal`` is reached."""
        bits = span.bits - BITS
        counts: dict[int, int] = {}
        sums: dict[int, int] = {}
        for losses, weights in self.blocks():
            keys = _keys(losses)
            inside = span.inside(keys)
            of_each = ((keys[inside] - np.uint64(span.lowest)) >> np.uint64(bits)).astype(np.uint16)
            for bucket, count, amount in _buckets(of_each, None if weights is None else weights[inside]):
                counts[bucket] = counts.get(bucket, 0) + count
                sums[bucket] = sums.get(bucket, 0) + amount
        buckets = sorted(sums)
        reached = list(accumulate((sums[one] for one in buckets), initial=span.before))
        place = bisect_left(reached, goal, lo=1) - 1
        bucket = buckets[place]
        return Span(span.lowest + (bucket << bits), bits, counts[bucket], reached[place], reached[place + 1])

    def _found(self, span: Span, goal: int) -> Reached:
        """Find the loss in a span that is small enough to be sorted, or holds one value only."""
        losses: list[Array] = [np.empty(0)]
        weights: list[Array] = []
        low, beyond = nan, None
        for some, theirs in self.blocks():
            keys = _keys(some)
            inside, above = span.inside(keys), span.above(keys)
            if above.any():
                beyond = min(float(some[above].min()), inf if beyond is None else beyond)
            if span.bits:
                losses.append(some[inside])
                weights += [] if theirs is None else [theirs[inside]]
            elif inside.any():
                low = float(some[np.argmax(inside)])
        if not span.bits:
            return Reached(low, span.after, beyond if span.after == goal else low)
        return _sorted(np.concatenate(losses), np.concatenate(weights) if weights else None, span.before, goal, beyond)


def _sorted(losses: Array, weights: Array | None, before: int, goal: int, beyond: float | None) -> Reached:
    if weights is None:
        place = goal - before - 1
        losses.partition([place, min(place + 1, len(losses) - 1)])
        reached = goal
    else:
        order = np.argsort(losses)
        losses, ordered = losses[order], weights[order]

        def up_to(last: int) -> int:
            return before + ExactSum.of(ordered[: last + 1]).units

        place = bisect_left(range(len(losses) - 1), goal, key=up_to)
        reached = up_to(place)
    high = float(losses[place + 1]) if place + 1 < len(losses) else beyond
    return Reached(float(losses[place]), reached, high)


def _keys(losses: Array) -> Keys:
    """Return whole numbers in the order of the losses: the bits of a float64, those of a negative one turned over."""
    bits = losses.view(np.int64)
    return (bits ^ (bits >> 63 | np.int64(-(2**63)))).view(np.uint64)


def _buckets(of_each: NDArray[np.uint16], weights: Array | None) -> Iterator[tuple[int, int, int]]:
    """Yield each bucket with the number of losses in it, and once more that number, or the sum of their weights."""
    counts = np.bincount(of_each)
    buckets = np.flatnonzero(counts)
    counts = counts[buckets]
    if weights is None:
        yield from zip(buckets.tolist(), counts.tolist(), counts.tolist(), strict=True)
        return
    ordered = weights[np.argsort(of_each, kind="stable")]
    ends = np.cumsum(counts).tolist()
    for bucket, count, end in zip(buckets.tolist(), counts.tolist(), ends, strict=True):
        yield bucket, count, ExactSum.of(ordered[end - count : end]).units


def _between(found: Reached, part: Fraction | float) -> float:
    """Return the number that lies so far between a loss and the next, rounded once."""
    from fractions import Fraction  # noqa: PLC0415  as above

    low, high = found.low, found.high
    if not part or high is None:
        return low
    if not (isfinite(low) and isfinite(high)):
        return low + high
    return float(Fraction(low) + (Fraction(high) - Fraction(low)) * Fraction(part))
