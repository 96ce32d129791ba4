"""Which class was taken for which: the counts that most scores of decisions are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from losscli.arrays import Array
from losscli.exact import ZERO, ExactSum
from losscli.losses._numeric import decided, index


class Counts(NamedTuple):
    """One class against all others, in exact units: true and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """The weight of each pair (true class, predicted class) that was seen; classes are indices.

    >>> both = Confusion.of(np.array([0.0, 1.0]), np.array([1.0, 1.0]))
    >>> both.classes, both.matrix()
    ((0, 1), [[0.0, 1.0], [0.0, 1.0]])
    """

    cells: Mapping[tuple[int, int], ExactSum] = field(default_factory=dict)

    @classmethod
    def of(cls, true: Array, predicted: Array, weight: Array | None = None) -> Confusion:
        """Count pairs of class indices; without weights each row counts 1."""
        classes, codes = np.unique(np.concatenate([true, predicted]), return_inverse=True)
        n, many = len(true), len(classes)
        pairs, inverse, counts = np.unique(codes[:n] * many + codes[n:], return_inverse=True, return_counts=True)
        if weight is None:
            sums = [ExactSum.whole(count) for count in counts.tolist()]
        else:
            order = np.argsort(inverse, kind="stable")
            sums = [ExactSum.of(part) for part in np.split(weight[order], np.cumsum(counts)[:-1])]
        names = [int(one) for one in classes.tolist()]
        cells = zip(pairs.tolist(), sums, strict=False)  # without rows, the split of nothing is one part
        return cls({(names[pair // many], names[pair % many]): one for pair, one in cells})

    def __add__(self, other: Confusion) -> Confusion:
        keys = {**self.cells, **other.cells}
        return Confusion({key: self.cells.get(key, ZERO) + other.cells.get(key, ZERO) for key in keys})

    @property
    def classes(self) -> tuple[int, ...]:
        """The classes that occur, true or predicted, in order."""
        return tuple(sorted({one for pair in self.cells for one in pair}))

    def units(self, classes: Sequence[int] | None = None) -> list[list[int]]:
        """Return the exact counts, a row for each true class, a column for each predicted one."""
        chosen = self.classes if classes is None else classes
        return [[self.cells.get((t, p), ZERO).units for p in chosen] for t in chosen]

    def matrix(self, classes: Sequence[int] | None = None) -> list[list[float]]:
        """Return the counts, rounded; ``classes`` may add classes that do not occur, or choose another order."""
        chosen = self.classes if classes is None else classes
        return [[self.cells.get((t, p), ZERO).result() for p in chosen] for t in chosen]

    def each(self) -> Iterator[tuple[int, Counts]]:
        """Yield every class with its counts against all others."""
        classes = self.classes
        true, predicted, whole = dict.fromkeys(classes, 0), dict.fromkeys(classes, 0), 0
        for (t, p), one in self.cells.items():
            true[t] += one.units
            predicted[p] += one.units
            whole += one.units
        for label in classes:
            tp = self.cells.get((label, label), ZERO).units
            yield (
                label,
                Counts(tp, predicted[label] - tp, true[label] - tp, whole - true[label] - predicted[label] + tp),
            )


def confusion(
    y_true: Array, y_pred: Array, weight: Array | None = None, *, threshold: float = 0.5, from_logits: bool = False
) -> Confusion:
    """Return which class was taken for which: truth and prediction as ``accuracy`` takes them.

    >>> confusion(np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.4, 0.9])).matrix()
    [[1.0, 0.0], [1.0, 1.0]]
    """
    return Confusion.of(index(y_true), decided(y_pred, threshold, from_logits=from_logits), weight)
