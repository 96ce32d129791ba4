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
        self._count = 0

    def treat(self, batch: Batch) -> Batch | None:
        """Return what is left of a batch; None once the run can only end in an error."""
        bad = missing_rows(batch)
        return batch if bad is None and not self._first else self._treat(batch, bad)

    def conclude(self, rows: int) -> None:
        """Raise DataError if the policy is ``error`` and something was missing."""
        if self._first:
            raise DataError(
                f"{self._first} ({self._count} of {rows} rows)",
                "--missing drop leaves such rows out, --missing propagate lets them through",
            )

    def _refuse(self, batch: Batch, bad: Mask | None) -> Batch | None:
        if bad is not None:
            self._count += int(bad.sum())
            self._first = self._first or _named(batch, int(np.argmax(bad)))
        return None

    def _drop(self, batch: Batch, bad: Mask | None) -> Batch:
        return batch if bad is None else batch.without(bad)


def missing_rows(batch: Batch) -> Mask | None:
    """Mark the rows in which a value or a weight is missing or not finite; None if there are none."""
    bad = np.zeros(len(batch), dtype=bool)
    for part in (batch.y_true, batch.y_pred, batch.weight):
        if part is not None and not np.isfinite(part).all():
            bad |= any_of(~np.isfinite(part))
    return bad if bad.any() else None


def _named(batch: Batch, index: int) -> str:
    """Say where a row has no finite value, and what stands there."""
    for part in ("y_true", "y_pred", "weight"):
        values = getattr(batch, part)
        if values is not None and not np.isfinite(values[index]).all():
            strange = next(value for value in np.ravel(values[index]).tolist() if not np.isfinite(value))
            what = "a missing value" if np.isnan(strange) else f"{strange!r} is not finite"
            return f"{batch.place(index, part)}: {what}"
    return batch.place(index, "y_true")
