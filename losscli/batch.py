"""The unit that flows down the line: some rows of truth and prediction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from losscli.arrays import Array, Integers


def _row_only(row: int, part: str) -> str:
    return f"row {row}, {part}"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of truth and prediction, with what belongs to each row.

    ``y_true`` and ``y_pred`` are float64, ``(n,)`` or ``(n, k)``; class labels are indices into ``classes`` if that is
    not None. ``rows`` are the 1-based data rows. ``keep`` and ``by`` are text columns to carry along and to group by.
    ``place`` tells for the i-th row and a part (``y_true``, ``y_pred``, ``weight``) where it stands, for messages.
    ``dropped`` counts the rows that were left out since the batch before.
    """

    y_true: Array
    y_pred: Array
    rows: Integers
    weight: Array | None = None
    keep: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    classes: tuple[str, ...] | None = None
    place: Callable[[int, str], str] = _row_only
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, y_true: Array, y_pred: Array, weight: Array | None = None) -> Batch:
        """Return a batch of plain arrays, its rows counted from 1."""
        return cls(y_true, y_pred, np.arange(1, len(y_true) + 1), weight)
