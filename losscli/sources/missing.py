"""What happens to missing and non-finite values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from losscli.arrays import Mask, any_of
from losscli.batch import Batch
from losscli.errors import DataError


class Missing:
    """The policy for missing and non-finite values: ``error``, ``drop`` or ``propagate``."""

    def __init__(self, policy: str) -> None:
        treatments: dict[str, Callable[[Batch, Mask | None], Batch | None]] = {
            "error": self._refuse,
            "drop": self._drop,
            "propagate": lambda batch, _: batch,
        }
        self._treat = treatments[policy]
        self._first = ""
        self._row = 0
        self._count = 0

    def treat(self, batch: Batch) -> Batch | None:
        """Return what is left of a batch; None once the run can only end in an error."""
        bad = missing_rows(batch)
        return batch if bad is None and not self._first else self._treat(batch, bad)

    def conclude(self, rows: int) -> None:
        """Raise DataError if the policy is ``error`` and something was missing."""
        if self._first:
            raise DataError(
                f"{self._first} (row {self._row}; {self._count} of {rows} rows)",
                "--missing drop leaves such rows out, --missing propagate lets them through",
            )

    def _refuse(self, batch: Batch, bad: Mask | None) -> Batch | None:
        if bad is not None:
            self._count += int(bad.sum())
            if not self._first:
                index = int(np.argmax(bad))
                self._first, self._row = _named(batch, index), int(batch.rows[index])
        return None

    def _drop(self, batch: Batch, bad: Mask | None) -> Batch:
        return batch if bad is None else batch.without(bad)


def missing_rows(batch: Batch, *, infinite: bool = True) -> Mask | None:
    """Mark the rows in which a value or a weight is missing, or ``infinite``; None if there are none."""
    present = np.isfinite if infinite else lambda values: ~np.isnan(values)
    bad = np.zeros(len(batch), dtype=bool)
    for part in (batch.y_true, batch.y_pred, batch.weight):
        if part is not None and not (there := present(part)).all():
            bad |= any_of(~there)
    return bad if bad.any() else None


def _named(batch: Batch, index: int) -> str:
    """Say where a row has no finite value, and what stands there."""
    for part in ("y_true", "y_pred", "weight"):
        values = getattr(batch, part)
        if values is not None and not np.isfinite(values[index]).all():
            numbers = np.ravel(values[index]).tolist()
            column, strange = next((i, value) for i, value in enumerate(numbers) if not np.isfinite(value))
            what = "a missing value" if np.isnan(strange) else f"{strange!r} is not finite"
            return f"{batch.place(index, part, column)}: {what}"
    return batch.place(index, "y_true")
