"""A fold for each of many groups of rows, at a cost that does not grow with the number of batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from losscli.arrays import Array, Integers
from losscli.batch import Group
from losscli.reductions import Fold

WAITING = 1 << 21
"""How many rows wait before they are folded, 24 bytes each: folding a few rows costs as much as a thousand."""


class Grouped:
    """The fold of each group, made by ``nothing``; rows wait until there are many of them, or ``folds`` is asked."""

    def __init__(self, nothing: Callable[[], Fold]) -> None:
        self._nothing = nothing
        self._folds: dict[Group, Fold] = {}
        self._codes: dict[Group, int] = {}
        self._waiting: list[tuple[Integers, Array, Array | None]] = []
        self._rows = 0
        self._elements = 1

    def update(self, groups: Iterable[Group], losses: Array, weights: Array | None, elements: int) -> None:
        """Take in some more rows, the group of each, and the number of values that each loss is the mean of."""
        codes = self._codes
        numbered = np.array([codes.setdefault(group, len(codes)) for group in groups], dtype=np.int64)
        if self._waiting and ((weights is None) != (self._waiting[0][2] is None) or elements != self._elements):
            self._fold()  # what is folded together is alike
        self._waiting.append((numbered, losses.copy(), None if weights is None else weights.copy()))
        self._rows += len(losses)
        self._elements = elements
        if self._rows > WAITING:
            self._fold()

    @property
    def folds(self) -> dict[Group, Fold]:
        """Each group's fold of all its rows so far; folds may be added."""
        if self._waiting:
            self._fold()
        return self._folds

    def _fold(self) -> None:
        numbered = np.concatenate([one for one, _, _ in self._waiting])
        losses = np.concatenate([one for _, one, _ in self._waiting])
        given = [one for _, _, one in self._waiting if one is not None]
        weights = np.concatenate(given) if given else None
        self._waiting, self._rows = [], 0
        names = list(self._codes)
        order = np.argsort(numbered, kind="stable")
        numbered, losses = numbered[order], losses[order]
        weights = None if weights is None else weights[order]
        starts = np.flatnonzero(np.diff(numbered, prepend=-1)).tolist()
        for start, stop in zip(starts, [*starts, len(losses)][1:], strict=True):
            group = names[numbered[start]]
            if group not in self._folds:
                self._folds[group] = self._nothing()
            theirs = None if weights is None else weights[start:stop]
            self._folds[group].update(losses[start:stop], theirs, elements=self._elements)
