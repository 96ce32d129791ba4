"""The unit that flows down the line: some rows of truth and prediction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from losscli.arrays import Array, Integers, Mask

Group = tuple[str, ...]


class Place(Protocol):
    """Names the place of a row for a message."""

    def __call__(self, index: int, part: str, column: int = 0) -> str:
        """Return the place."""
        ...


def _row_only(index: int, part: str, column: int = 0) -> str:  # noqa: ARG001  an array has no names for its columns
    return f"{part}, row {index + 1}"


@dataclass(slots=True, eq=False, repr=False)
class Batch:
    """Rows of truth and prediction, with what belongs to each row.

    ``y_true`` and ``y_pred`` are float64, ``(n,)`` or ``(n, k)``; class labels are indices into ``classes``, for the
    sides (true, predicted) that ``named`` marks. ``rows`` are the 1-based data rows. ``keep`` and ``by`` are text
    columns to carry along and to group by, ``group`` tells the query that a row belongs to (ranking scores).
    ``place`` tells where the i-th row of a part (``y_true``, ``y_pred``, ``weight``) stands, in which of its columns.
    ``dropped`` counts, by group, the rows that were left out.
    """

    y_true: Array
    y_pred: Array
    rows: Integers
    weight: Array | None = None
    keep: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    group: Sequence[str] = ()
    classes: tuple[str, ...] | None = None
    named: tuple[bool, bool] = (False, False)
    place: Place = _row_only
    dropped: Mapping[Group, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, y_true: Array, y_pred: Array, weight: Array | None = None) -> Batch:
        """Return a batch of plain arrays, its rows counted from 1."""
        return cls(y_true, y_pred, np.arange(1, len(y_pred) + 1), weight)

    def groups(self) -> list[Group]:
        """Return the group of each row."""
        return list(zip(*self.by.values(), strict=True)) if self.by else [()] * len(self)

    def only(self, chosen: Mask) -> Batch:
        """Return the rows that a mask chooses."""
        return self.take(np.flatnonzero(chosen))

    def take(self, index: Integers) -> Batch:
        """Return the rows of these indices, in their order."""
        rows = index.tolist()
        place = self.place
        return replace(
            self,
            y_true=self.y_true[index],
            y_pred=self.y_pred[index],
            rows=self.rows[index],
            weight=None if self.weight is None else self.weight[index],
            keep={name: [cells[i] for i in rows] for name, cells in self.keep.items()},
            by={name: [cells[i] for i in rows] for name, cells in self.by.items()},
            group=[self.group[i] for i in rows] if self.group else (),
            place=lambda i, part, column=0: place(rows[i], part, column),
        )

    def without(self, dropped: Mask) -> Batch:
        """Return the batch without some rows, which it counts as dropped."""
        groups = self.groups()
        counted = Counter(groups[i] for i in np.flatnonzero(dropped).tolist())
        return replace(self.only(~dropped), dropped=counted)


def split(batch: Batch) -> Iterable[tuple[Group, Integers]]:
    """Yield each group of a batch with the indices of its rows; nothing without ``--by``."""
    return members(batch.groups()) if batch.by else ()


def members(groups: Iterable[Group]) -> Iterable[tuple[Group, Integers]]:
    """Yield each group with the indices of its rows, given the group of each row."""
    codes: dict[Group, int] = {}
    numbered = np.array([codes.setdefault(group, len(codes)) for group in groups], dtype=np.int64)
    order = np.argsort(numbered, kind="stable")
    edges = np.searchsorted(numbered[order], np.arange(len(codes) + 1))
    for group, start, stop in zip(codes, edges, edges[1:], strict=False):
        yield group, order[start:stop]
