"""Two sides paired by a key: merged while both are sorted by it and pair one to one, by hashing from where they do not.

A merge holds a block of each side. Hashing holds one side, and of the other the keys that pair with nothing. Nothing
is put by for the case that the order breaks: where an earlier key matters then, its side is read again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Generic, TypeVar

import numpy as np

from losscli.arrays import Integers
from losscli.errors import DataError
from losscli.sources.heads import ORDERS, Head, Side, Takeable, sorted_by

BLOCK = 1 << 16
"""Rows that are handed over at once, of those that are held."""
SAMPLE = 3
"""Keys of each side that a message shows."""

L = TypeVar("L", bound=Takeable)
R = TypeVar("R", bound=Takeable)
T = TypeVar("T", bound=Takeable)
U = TypeVar("U", bound=Takeable)


@dataclass(slots=True, eq=False, repr=False)
class Alone:
    """The rows of a side that pair with nothing: how many they are, the place of the first, the keys of some."""

    count: int = 0
    first: str = ""
    keys: list[str] = field(default_factory=list)

    def add(self, places: Iterable[str], keys: Sequence[str]) -> None:
        """Count some rows; of ``places`` only the first is ever asked for."""
        if keys and not self.count:
            self.first = next(iter(places))
        self.count += len(keys)
        self.keys += keys[: SAMPLE - len(self.keys)]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were paired by a key, and how many are in one of two sources only."""

    key: str
    matched: int
    only: tuple[int, int]

    def said(self, one: str, other: str) -> str:
        """Return it in words.

        >>> Counts("id", 3, (1, 0)).said("the truth", "the predictions")
        'paired by id: 3 rows matched, 1 only in the truth, 0 only in the predictions'
        """
        rows = f"{self.matched} row{'s' * (self.matched != 1)} matched"
        return f"paired by {self.key}: {rows}, {self.only[0]} only in {one}, {self.only[1]} only in {other}"

    def turned(self) -> Counts:
        """Return it with the other source first."""
        return Counts(self.key, self.matched, self.only[::-1])

    def record(self, one: str, other: str) -> dict[str, object]:
        """Return it as JSON has it.

        >>> Counts("id", 3, (1, 0)).record("true", "pred")
        {'matched': 3, 'only_true': 1, 'only_pred': 0}
        """
        return {"matched": self.matched, f"only_{one}": self.only[0], f"only_{other}": self.only[1]}


class Pairs(Generic[L, R]):
    """The rows of two sides that have the same key, in the order of the left one; to be iterated over once.

    Keys are compared as text. ``drop`` leaves rows out that pair with nothing. When all is read, ``matched`` and
    ``alone`` (left, right) tell what was found.

    Raises DataError while iterating for a key that is empty or stands twice on a side; at the end if no row was
    paired, or for rows that pair with nothing and are not dropped.
    """

    def __init__(self, left: Side[L], right: Side[R], key: str, *, drop: bool) -> None:
        self.left, self.right, self.key, self.drop = left, right, key, drop
        self.matched = 0
        self.alone = (Alone(), Alone())

    def __iter__(self) -> Iterator[tuple[L, R]]:
        left, right = Head(self.left), Head(self.right)
        for mine, theirs in chain(self._merged(left, right), self._hashed(left, right)):
            self.matched += len(mine)
            if self.drop or not any(one.count for one in self.alone):
                yield mine, theirs
        self._conclude()

    def counts(self) -> Counts:
        """Return what was found, left and right, once all is read."""
        return Counts(self.key, self.matched, (self.alone[0].count, self.alone[1].count))

    def _conclude(self) -> None:
        sides: tuple[Side[Any], Side[Any]] = (self.left, self.right)
        both = list(zip(sides, self.alone, strict=True))
        if not self.matched and any(one.count for one in self.alone):
            samples = " and ".join(f"{side.name} has {_some(one)}" for side, one in both)
            raise DataError(
                f"no {self.key} stands in both {self.left.name} and {self.right.name}",
                f"is it the same key? It is compared as text, and {samples}",
            )
        lost = [f"{one.first}: {one.keys[0]!r} {side.lacks} ({_such(one.count)})" for side, one in both if one.count]
        if lost and not self.drop:
            raise DataError("; ".join(lost), "--unmatched drop leaves such rows out, and counts them")

    # ── sorted sides ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _merged(self, left: Head[L], right: Head[R]) -> Iterator[tuple[L, R]]:
        """Pair two sides while both are sorted in one order; what is not paired then waits in the heads."""
        if not (left.fill() and right.fill()):
            return
        order = next((one for one in ORDERS if left.rises(one) and right.rises(one)), None)
        to_the_end = False
        while order and left.fill() | right.fill():
            if not (left.rises(order) and right.rises(order)):
                return
            if count := left.agreement(right):
                yield left.take(count), right.take(count)
                continue
            # a row has no partner here: it has none further on only if both sides are sorted to their ends
            to_the_end = to_the_end or (sorted_by(self.left, order) and sorted_by(self.right, order))
            if not to_the_end:
                return
            mine, theirs = self._stepwise(left, right)
            if mine:
                yield left.picked(mine), right.picked(theirs)

    def _stepwise(self, left: Head[L], right: Head[R]) -> tuple[list[int], list[int]]:
        """Go through two sorted blocks until one is through, the other too if no more come; return the pairs."""
        a, b = left.values, right.values
        i, j = left.at, right.at
        mine: list[int] = []
        theirs: list[int] = []
        lost: tuple[list[int], list[int]] = ([], [])
        while i < len(a) and j < len(b):
            if left.keys[i] == right.keys[j]:
                mine.append(i)
                theirs.append(j)
                i, j = i + 1, j + 1
            elif a[i] < b[j]:
                lost[0].append(i)
                i += 1
            else:
                lost[1].append(j)
                j += 1
        if right.ended:
            lost[0].extend(range(i, len(a)))
            i = len(a)
        if left.ended:
            lost[1].extend(range(j, len(b)))
            j = len(b)
        left.at, right.at = i, j
        self.alone[0].add(map(left.place, lost[0]), [left.keys[k] for k in lost[0]])
        self.alone[1].add(map(right.place, lost[1]), [right.keys[k] for k in lost[1]])
        return mine, theirs

    # ── sides in any order ───────────────────────────────────────────────────────────────────────────────────────────

    def _hashed(self, left: Head[L], right: Head[R]) -> Iterator[tuple[L, R]]:
        """Pair the rest in any order: the smaller side is held if that is known, else the right one."""
        if left.ended and right.ended:
            return
        sizes = self.left.size, self.right.size
        before = _first_keys(self.right, self.matched)  # those of both sides: so far every row was paired
        if sizes[0] is None or sizes[1] is None or sizes[0] >= sizes[1]:
            truth = _Held(right, self.key, before)
            for some, mine, theirs in truth.paired_with(left, self.alone[0]):
                yield some.take(mine), truth.take(theirs)
            self.alone[1].add(*truth.unpaired())
            return
        held = _Held(left, self.key, before)
        found = [(rows.take(theirs), mine) for rows, theirs, mine in held.paired_with(right, self.alone[1])]
        self.alone[0].add(*held.unpaired())
        if found:
            where = np.concatenate([mine for _, mine in found])
            order = np.argsort(where)
            rows = self.right.joined([some for some, _ in found])
            for start in range(0, len(order), BLOCK):
                block = order[start : start + BLOCK]
                yield held.take(where[block]), rows.take(block)


class _Held(Generic[T]):
    """What is left of a side, in memory; ``before`` are the keys of the rows of both sides that went before it.

    Raises DataError for a key that stands twice.
    """

    def __init__(self, head: Head[T], name: str, before: Container[str]) -> None:
        self._side, self._name, self._before = head.side, name, before
        blocks = list(head.rest())
        self._rows = self._side.joined(blocks) if blocks else None
        self._keys = self._side.keys(self._rows) if self._rows is not None else ()
        self._index: dict[str, int] = {}
        for i, key in enumerate(self._keys):
            if key in before or self._index.setdefault(key, i) != i:
                raise _twice(self._side, name, key)
        self._paired = np.zeros(len(self._keys), dtype=bool)

    def take(self, index: Integers) -> T:
        """Return some rows."""
        if self._rows is None:
            raise LookupError("the side has no rows")
        found: T = self._rows.take(index)
        return found

    def paired_with(self, other: Head[U], alone: Alone) -> Iterator[tuple[U, Integers, Integers]]:
        """Yield rows of another side: which of them stand here, and where. The others are added to ``alone``."""
        strangers: set[str] = set()
        side = other.side
        for rows in other.rest():
            keys = side.keys(rows)
            where = np.array([self._index.get(key, -1) for key in keys], dtype=np.int64)
            known, unknown = np.flatnonzero(where >= 0), np.flatnonzero(where < 0).tolist()
            for key in (keys[i] for i in unknown):
                if key in self._before or key in strangers:
                    raise _twice(side, self._name, key)
                strangers.add(key)
            alone.add((side.where(rows, i) for i in unknown), [keys[i] for i in unknown])
            hits, counts = np.unique(where[known], return_counts=True)
            if (again := hits[self._paired[hits] | (counts > 1)]).size:
                raise _twice(side, self._name, self._keys[again[0]])
            self._paired[hits] = True
            if known.size:
                yield rows, known, where[known]

    def unpaired(self) -> tuple[Iterator[str], list[str]]:
        """Return the places and the keys of the rows that were not paired."""
        lost = np.flatnonzero(~self._paired).tolist()
        rows, where = self._rows, self._side.where
        places = (where(rows, i) for i in lost if rows is not None)
        return places, [self._keys[i] for i in lost]


def _first_keys(side: Side[Any], count: int) -> set[str]:
    """Return the keys of the first rows of a side, which is read again if there are any."""
    keys = (key for block in side.read() for key in side.keys(block)) if count else ()
    return set(islice(keys, count))


def _twice(side: Side[Any], name: str, key: str) -> DataError:
    """Return the error for a key that stands twice on a side, which is read again to name both rows."""
    places = (
        side.where(block, i) for block in side.read() for i, one in enumerate(side.keys(block)) if one == key
    )  # fmt: skip
    first, second = islice(places, 2)
    return DataError(f"{second}: {name} {key!r} stands twice, first at {first}", "a key must be unique")


def _some(alone: Alone) -> str:
    more = ", …" if alone.count > len(alone.keys) else ""
    return ", ".join(map(repr, alone.keys)) + more if alone.keys else "no rows"


def _such(count: int) -> str:
    return f"{count} such row{'s' * (count != 1)}"
