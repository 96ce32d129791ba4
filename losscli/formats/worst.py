"""``--worst K``: the K samples with the largest losses, found in one pass with memory for K."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscli.arrays import Array, Integers
from losscli.errors import UsageError
from losscli.formats.format import Block, Cells


def _pick(cells: Cells, rows: Integers) -> Cells:
    return cells[rows] if isinstance(cells, np.ndarray) else [cells[i] for i in rows]


def _joined(first: Cells, second: Cells) -> Cells:
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        joined: Array = np.concatenate((first, second))
        return joined
    return [*first, *second]


class Worst:
    """Keeps the ``count`` largest losses of all that it is given: NaN is the largest, of equals the first one wins."""

    def __init__(self, count: int, losses: Sequence[str]) -> None:
        """Rank by the first of ``losses``. Raises UsageError if there is none: a score has no samples to rank."""
        if not losses:
            raise UsageError("the worst samples were asked for, but no loss to find them by", "add one: -l mae")
        self._count = count
        self._by = losses[0]
        self._kept: Block = {}

    def samples(self, block: Block) -> None:
        """Take some samples."""
        candidates = self._candidates(np.asarray(block[self._by], dtype=np.float64))
        if not len(candidates):
            return
        some = {name: _pick(cells, candidates) for name, cells in block.items()}
        all_of_them = {name: _joined(self._kept[name], cells) for name, cells in some.items()} if self._kept else some
        loss = np.asarray(all_of_them[self._by], dtype=np.float64)
        order = np.lexsort((-loss, ~np.isnan(loss)))[: self._count]  # a stable sort: ties stay in row order
        self._kept = {name: _pick(cells, order) for name, cells in all_of_them.items()}

    def block(self) -> Block:
        """Return what was kept, the largest first; empty if nothing came."""
        return self._kept

    def _candidates(self, loss: Array) -> Integers:
        """The rows that may still get in: past the first few blocks, hardly any."""
        if not self._kept or len(kept := np.asarray(self._kept[self._by])) < self._count:
            return np.arange(len(loss))
        return np.flatnonzero(np.isnan(loss) | (loss > kept[-1])) if self._count else np.arange(0)
