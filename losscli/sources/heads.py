"""One of two sides that are paired by a key, and the rows of it that come next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import lt
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from losscli.arrays import Integers
from losscli.errors import DataError

Order = Callable[[str], Any]
ORDERS: tuple[Order, ...] = (int, float, str)
"""What the keys of a sorted side rise by: whole numbers of any length, numbers, or text by its characters."""


class Takeable(Protocol):
    """Rows of which some can be taken."""

    def __len__(self) -> int: ...

    def take(self, index: Integers) -> Any:  # noqa: ANN401  rows of the same type
        """Return the rows of these indices, in their order."""
        ...


T = TypeVar("T", bound=Takeable)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Side(Generic[T]):
    """One side: what messages call it, its rows in blocks from first to last, and what is known of each row.

    ``read`` may be called again, also while an earlier reading goes on. ``lacks`` says what a row without a partner
    lacks. ``size`` is how large the side is, in a unit that both sides share, if that is known.
    """

    name: str
    read: Callable[[], Iterator[T]]
    keys: Callable[[T], Sequence[str]]
    where: Callable[[T, int], str]
    joined: Callable[[Sequence[T]], T]
    lacks: str
    size: int | None = None


class Head(Generic[T]):
    """The next block of a side: its rows from ``at`` on were not paired yet. ``ended`` tells that no more come."""

    def __init__(self, side: Side[T]) -> None:
        self.side = side
        self.keys: Sequence[str] = ()
        self.at = 0
        self.ended = False
        self.order: Order | None = None
        self.values: list[Any] = []
        self._blocks = side.read()
        self._block: T | None = None
        self._last: list[Any] = []

    def fill(self) -> bool:
        """Read on if all rows were paired; return whether there is one. Raises DataError for a row without a key."""
        while self.at == len(self.keys) and not self.ended:
            self._last = self.values[-1:] or self._last
            block = next(self._blocks, None)
            self.ended = block is None
            self._block, self.at, self.order, self.values = block, 0, None, []
            self.keys = () if block is None else self.side.keys(block)
            if block is not None and "" in self.keys:
                where = self.side.where(block, list(self.keys).index(""))
                raise DataError(f"{where}: the key is missing", "every row needs a key of its own")
        return not self.ended

    def rises(self, order: Order) -> bool:
        """Tell whether the keys of this block rise by an order, from the last key of the block before on."""
        if self.order is order:
            return True  # it was asked before
        try:
            values = list(map(order, self.keys))
        except ValueError:
            return False
        if not _rising([*self._last, *values]):
            return False
        self.order, self.values = order, values
        return True

    def agreement(self, other: Head[Any]) -> int:
        """Return how many rows both heads have, if they have the same keys as far as the shorter one goes; else 0."""
        n = min(len(self.keys) - self.at, len(other.keys) - other.at)
        same = self.keys[self.at : self.at + n] == other.keys[other.at : other.at + n]
        return n if same else 0

    def take(self, count: int) -> T:
        """Return the next rows."""
        found = self.picked(range(self.at, self.at + count))
        self.at += count
        return found

    def picked(self, index: Sequence[int]) -> T:
        """Return some rows of this block."""
        if self._block is None:
            raise LookupError("no block was read")
        if len(index) == len(self._block):
            return self._block
        found: T = self._block.take(np.asarray(index, dtype=np.int64))
        return found

    def place(self, index: int) -> str:
        """Name the place of a row of this block."""
        if self._block is None:
            raise LookupError("no block was read")
        return self.side.where(self._block, index)

    def rest(self) -> Iterator[T]:
        """Yield all rows that were not paired yet."""
        while self.fill():
            yield self.take(len(self.keys) - self.at)


def sorted_by(side: Side[Any], order: Order) -> bool:
    """Tell whether all keys of a side rise by an order. Reads the side once more, as far as they do."""
    head = Head(side)
    while head.fill():
        if not head.rises(order):
            return False
        head.at = len(head.keys)
    return True


def _rising(values: Sequence[Any]) -> bool:
    return all(map(lt, values, islice(values, 1, None)))
