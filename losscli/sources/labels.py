"""Class labels: from names to indices, in an order that is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from losscli.arrays import Array
from losscli.errors import DataError
from losscli.sources.table import MISSING

MOST_CLASSES = 100_000
"""More different labels than this are taken for a mistake."""

EXACT = 2.0**53
"""Below it every whole number is a float64 of its own."""


class Labels:
    """The classes of a run in order, and the way from a label's text to its index.

    >>> Labels(["cat", "dog"]).encode(["dog", "", "cat"])
    array([ 1., nan,  0.])
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self.classes = tuple(classes)
        self._codes = {name: float(code) for code, name in enumerate(self.classes)}

    def encode(self, cells: Iterable[str]) -> Array:
        """Return the index of each label, NaN where it is missing. Raises KeyError with the first unknown label."""
        codes = self._codes
        try:
            return np.array([codes[cell] for cell in cells])
        except KeyError:
            return np.array([self._slowly(cell.strip()) for cell in cells])

    def _slowly(self, cell: str) -> float:
        """Return the index of one label: as it stands, or as a number written otherwise (``1.0`` for ``1``)."""
        for spelling in (cell, _canonical(cell)):
            if spelling in self._codes:
                return self._codes[spelling]
        if cell.lower() in MISSING:
            return float("nan")
        raise KeyError(cell)


def is_number(label: str) -> bool:
    """Tell whether a label is written as a number."""
    try:
        float(label)
    except ValueError:
        return False
    return True


def _canonical(cell: str) -> str:
    """Return a number as Python writes it, unless it is so large that another label may be written alike."""
    return repr(float(cell)).removesuffix(".0") if is_number(cell) and abs(float(cell)) < EXACT else cell


def discover(columns: Iterable[Iterable[str]], *, source: str) -> tuple[str, ...]:
    """Return the different labels of some columns in sorted order. Raises DataError if there are absurdly many."""
    found: set[str] = set()
    for column in columns:
        found.update(cell.strip() for cell in column)
        if len(found) > MOST_CLASSES:
            message = f"{source}: more than {MOST_CLASSES:,} different class labels"
            raise DataError(message, "name the columns with --true and --pred")
    return tuple(sorted(label for label in found if label.lower() not in MISSING))


def contradiction(classes: Sequence[str], columns: Sequence[str]) -> str | None:
    """Return the classes in the order of the prediction columns, if these bear the classes' names in another order.

    >>> contradiction(("ant", "bee"), ("prob_bee", "prob_ant"))
    'bee,ant'
    """
    ends = [max((one for one in classes if name.endswith(one)), key=len, default="") for name in columns]
    return ",".join(ends) if sorted(ends) == sorted(classes) and ends != list(classes) else None


def counts_from_one(columns: Sequence[str]) -> bool:
    """Tell whether columns are numbered 1, 2, 3 …, while classes are counted from 0.

    >>> counts_from_one(["p1", "p2"]), counts_from_one(["p0", "p1"])
    (True, False)
    """
    return len(columns) > 1 and all(re.search(rf"(?<!\d)0*{i}$", name) for i, name in enumerate(columns, 1))


def weights_of(y_true: Array, weights: Mapping[str, float], classes: Sequence[str] | None) -> Array:
    """Return each row's weight by its class. Raises KeyError naming a class that has none."""
    values, inverse = np.unique(y_true, return_inverse=True)
    names = [
        classes[int(value)] if classes and not np.isnan(value) else _canonical(str(value)) for value in values.tolist()
    ]
    known = {**weights, **{_canonical(name): weight for name, weight in weights.items()}, "nan": float("nan")}
    return np.array([known[name] for name in names])[inverse]
