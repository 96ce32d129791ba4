"""What is known of the data after one pass: exact summaries of every column, and a bounded sample of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from losscli.arrays import Array, Integers, Mask, any_of, flat
from losscli.batch import Batch
from losscli.sources.cells import CellError, numbers
from losscli.sources.table import MISSING

DISTINCT = 1_000
"""Different values of a column that are counted; more are only said to be more."""
KEYS = 8
"""Columns without a role whose cells are kept, as long as they are different in every row: keys to pair rows by."""
CELLS = 1 << 22
"""Numbers that a sample may hold, whatever number of rows is asked for: wide rows make it shorter."""


class Spread:
    """The columns of one role, ``(n,)`` or ``(n, k)``: missing, range, moments and different values of each; exact."""

    def __init__(self) -> None:
        self.width = 0
        self.rows = False
        self.missing: Integers = np.zeros(0, np.int64)
        self.low: Array = np.zeros(0)
        self.high: Array = np.zeros(0)
        self.whole: Mask = np.zeros(0, bool)
        self.distinct: list[set[float]] = []
        self._count: Integers = np.zeros(0, np.int64)
        self._origin: Array = np.zeros(0)
        self._sum: Array = np.zeros(0)
        self._squares: Array = np.zeros(0)

    def update(self, values: Array) -> None:
        """Take in some rows."""
        table = flat(values) if values.ndim > 1 else values[:, None]
        if not len(table):
            return
        there = np.isfinite(table)
        if not self.width:
            self._begin(values, table)
        self.missing += (~there).sum(axis=0)
        self._count += there.sum(axis=0)
        self.low = np.minimum(self.low, np.where(there, table, np.inf).min(axis=0))
        self.high = np.maximum(self.high, np.where(there, table, -np.inf).max(axis=0))
        fresh = (self._count == there.sum(axis=0)) & there.any(axis=0)  # columns without a number until now
        self._origin = np.where(fresh, table[np.argmax(there, axis=0), np.arange(self.width)], self._origin)
        filled = np.where(there, table, self._origin)
        self.whole &= (filled == np.floor(filled)).all(axis=0)
        moved = filled - self._origin
        self._sum += moved.sum(axis=0)
        self._squares += (moved * moved).sum(axis=0)
        for known, column in zip(self.distinct, table.T, strict=False):
            if len(known) <= DISTINCT:
                known.update(np.unique(column[np.isfinite(column)])[: DISTINCT + 1].tolist())

    def _begin(self, values: Array, table: Array) -> None:
        width = table.shape[1]
        self.width, self.rows = width, values.ndim > 1
        self.missing, self._count = np.zeros(width, np.int64), np.zeros(width, np.int64)
        self.low, self.high = np.full(width, np.inf), np.full(width, -np.inf)
        self.whole = np.ones(width, bool)
        self.distinct = [set() for _ in range(width)]
        self._origin = np.zeros(width)
        self._sum, self._squares = np.zeros(width), np.zeros(width)

    @property
    def mean(self) -> Array:
        """The mean of each column, NaN where it has no value."""
        return self._origin + self._sum / np.where(self._count, self._count, np.nan)

    @property
    def std(self) -> Array:
        """The population standard deviation of each column."""
        count = np.where(self._count, self._count, np.nan)
        return np.asarray(np.sqrt(np.maximum(self._squares / count - (self._sum / count) ** 2, 0)))

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest value of all columns."""
        return float(self.low.min(initial=np.inf)), float(self.high.max(initial=-np.inf))

    def inside(self, low: float, high: float) -> bool:
        """Tell whether every value lies in a range, its ends included."""
        return self.range[0] >= low and self.range[1] <= high

    def levels(self) -> set[float] | None:
        """Return the different values of a single column, None if they are many."""
        known = self.distinct[0] if self.width == 1 else set()
        return known if 0 < len(known) <= DISTINCT else None


class Cells:
    """A column that has no role, read as text: missing, different cells, and its range if they are all numbers."""

    def __init__(self) -> None:
        self.missing = self.count = 0
        self.distinct: set[str] = set()
        self.numeric = True
        self.low, self.high = np.inf, -np.inf

    def update(self, cells: Sequence[str]) -> None:
        """Take in some rows."""
        self.count += len(cells)
        self.missing += sum(cell.strip().lower() in MISSING for cell in cells)
        if len(self.distinct) <= DISTINCT:
            self.distinct.update(islice(set(cells), DISTINCT + 1))
        if self.numeric:
            try:
                values = numbers(cells)
            except CellError:
                self.numeric = False
                return
            there = values[np.isfinite(values)]
            self.low, self.high = min(self.low, there.min(initial=np.inf)), max(self.high, there.max(initial=-np.inf))


@dataclass(frozen=True, slots=True)
class Rows:
    """Some complete rows in the order of the data: nothing in them is missing."""

    y_true: Array
    y_pred: Array
    rows: Integers
    weight: Array | None

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, batch: Batch, chosen: Mask) -> Rows:
        """Return the rows of a batch that a mask chooses, without what else hangs on the batch."""
        weight = None if batch.weight is None else batch.weight[chosen]
        return cls(batch.y_true[chosen], batch.y_pred[chosen], batch.rows[chosen], weight)

    def take(self, index: Integers | slice) -> Rows:
        """Return the rows of these indices."""
        weight = None if self.weight is None else self.weight[index]
        return Rows(self.y_true[index], self.y_pred[index], self.rows[index], weight)

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Return some parts as one."""
        weights = [one.weight for one in parts if one.weight is not None]
        return cls(
            np.concatenate([one.y_true for one in parts]),
            np.concatenate([one.y_pred for one in parts]),
            np.concatenate([one.rows for one in parts]),
            np.concatenate(weights) if len(weights) == len(parts) else None,
        )


class Reservoir:
    """A uniform sample of rows, and the first rows: each at most ``size``, and all of them while there are no more.

    Every row draws a number, and the smallest are kept: whatever the chunks, the same seed keeps the same rows.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.seen = 0
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._bar = np.inf
        self._kept: list[tuple[Array, Rows]] = []
        self._head: list[Rows] = []

    def update(self, batch: Batch, complete: Mask) -> None:
        """Take in some rows, of which only the complete ones count."""
        draws = self._random.random(len(batch))
        width = int(np.prod(batch.y_true.shape[1:]) + np.prod(batch.y_pred.shape[1:]))
        self.size = max(min(self.size, CELLS // width), 1)
        if self.seen < self.size:
            first = complete & (np.cumsum(complete) <= self.size - self.seen)
            self._head.append(Rows.of(batch, first))
        self.seen += int(complete.sum())
        chosen = complete & (draws < self._bar)
        if chosen.any():
            self._kept.append((draws[chosen], Rows.of(batch, chosen)))
        if sum(len(draws) for draws, _ in self._kept) > 2 * self.size:
            self._cut()

    def _cut(self) -> None:
        draws = np.concatenate([draws for draws, _ in self._kept])
        rows = Rows.joined([rows for _, rows in self._kept])
        if len(draws) > self.size:
            least = np.sort(np.argpartition(draws, self.size - 1)[: self.size])
            draws, rows = draws[least], rows.take(least)
            self._bar = float(draws.max())
        self._kept = [(draws, rows)]

    def sample(self) -> Rows | None:
        """Return the sample in the order of the data, None if there was no complete row."""
        if not self._kept:
            return None
        self._cut()
        return self._kept[0][1]

    def head(self) -> Rows | None:
        """Return the first rows, which stand side by side in the data."""
        return Rows.joined(self._head) if self.seen else None


class Summary:
    """Everything that one pass finds out."""

    def __init__(self, size: int, seed: int) -> None:
        self.n = 0
        self.true, self.pred, self.weight = Spread(), Spread(), Spread()
        self.others: dict[str, Cells] = {}
        self.lines: dict[str, list[str]] = {}
        self.rows = Reservoir(size, seed)
        self.incomplete = 0
        self.first_incomplete: list[int] = []
        self.same = True

    def update(self, batch: Batch) -> None:
        """Take in a batch."""
        self.n += len(batch)
        self.true.update(batch.y_true)
        self.pred.update(batch.y_pred)
        if batch.weight is not None:
            self.weight.update(batch.weight)
        for name, cells in batch.keep.items():
            if name not in self.others:
                self.lines |= {name: []} if len(self.lines) < KEYS else {}
            self.others.setdefault(name, Cells()).update(cells)
            self._keep(name, cells)
        parts = [part for part in (batch.y_true, batch.y_pred, batch.weight) if part is not None]
        complete = ~np.logical_or.reduce([any_of(~np.isfinite(part)) for part in parts])
        gaps = np.flatnonzero(~complete)
        self.incomplete += len(gaps)
        self.first_incomplete += batch.rows[gaps[: 5 - len(self.first_incomplete)]].tolist()
        self.rows.update(batch, complete)
        self.same = self.same and np.array_equal(batch.y_true, batch.y_pred)

    def _keep(self, name: str, cells: Sequence[str]) -> None:
        """Keep the cells of a column of keys, or none of it once one comes again."""
        if (held := self.lines.get(name)) is not None and len(held) < self.rows.size:
            held.extend(cells[: self.rows.size - len(held)])
            if len(set(held)) < len(held):
                del self.lines[name]
