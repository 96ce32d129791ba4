"""What tells one data set from another: SHA-256 over the columns that were used, whatever file they came in.

The same numbers have the same fingerprint in CSV, JSON, npy and Parquet, in chunks of any size. The order of the rows
counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from losscli.arrays import Array
from losscli.batch import Batch

if TYPE_CHECKING:
    from hashlib import _Hash

MISSING_LABEL = b"\xff"
"""Stands for a label that is missing: no text holds this byte in UTF-8."""


class Fingerprint:
    """A hash of every role's column, and one of them all.

    Numbers are hashed as float64, little-endian, −0 as 0 and every NaN as the same one; labels, groups and queries as
    their text.

    >>> seen = Fingerprint()
    >>> seen.update(Batch.of(np.array([0.0, 1.0]), np.array([0.5, 1.0])))
    >>> seen.hexdigest()[:24]
    'b4fd56721a4adb206e59751e'
    """

    def __init__(self) -> None:
        self.rows = 0
        self._columns: dict[str, _Hash] = {}

    def update(self, batch: Batch) -> None:
        """Take in some more rows."""
        self.rows += len(batch)
        for role, values, named in (("true", batch.y_true, batch.named[0]), ("pred", batch.y_pred, batch.named[1])):
            if named and batch.classes is not None:
                self._add(f"{role} text", _labels(values, batch.classes))
            else:
                self._numbers(role, values)
        if batch.weight is not None:
            self._numbers("weight", batch.weight)
        for name, cells in batch.by.items():
            self._add(f"by {name}", _texts(cells))
        if len(batch.group):
            self._add("group", _texts(batch.group))

    def hexdigest(self) -> str:
        """Return 64 hexadecimal digits: of the roles in alphabetical order, each with its own hash."""
        return self._of(self._columns)

    def truth(self) -> str:
        """Return 64 hexadecimal digits of what is the same for whoever predicts: truth, weights and queries."""
        return self._of([role for role in self._columns if role.split(" ")[0] in ("true", "weight", "group")])

    def _of(self, roles: Iterable[str]) -> str:
        lines = [f"{role}\t{self._columns[role].hexdigest()}\n" for role in sorted(roles)]
        return sha256("".join([f"{self.rows}\n", *lines]).encode()).hexdigest()

    def _numbers(self, role: str, values: Array) -> None:
        canonical = np.ascontiguousarray(values, "<f8") + 0.0  # −0 + 0 is 0
        canonical[np.isnan(canonical)] = np.nan
        self._add(" ".join(map(str, (role, *values.shape[1:]))), canonical.tobytes())

    def _add(self, role: str, data: bytes) -> None:
        self._columns.setdefault(role, sha256()).update(data)


def _labels(codes: Array, classes: Sequence[str]) -> bytes:
    texts = [_framed(label) for label in classes]
    return b"".join(MISSING_LABEL if np.isnan(code) else texts[int(code)] for code in codes.ravel().tolist())


def _texts(cells: Sequence[str]) -> bytes:
    return b"".join(map(_framed, cells))


def _framed(text: str) -> bytes:
    """Return text with its length before it, so that no two lists of texts are the same bytes."""
    data = text.encode("utf-8", "surrogatepass")
    return f"{len(data)}:".encode() + data
