"""``--worst K`` and ``--best K``: the largest and the smallest losses, found in one pass with memory for K."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscli.arrays import Array, Integers, Mask
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
            raise UsageError("the worst or best samples were asked for, but no loss to find them by", "add one: -l mae")
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
        order = self._order(np.asarray(all_of_them[self._by], dtype=np.float64))[: self._count]
        self._kept = {name: _pick(cells, order) for name, cells in all_of_them.items()}

    def block(self) -> Block:
        """Return what was kept, the largest first; empty if nothing came."""
        return self._kept

    def _candidates(self, loss: Array) -> Integers:
        """The rows that may still get in: past the first few blocks, hardly any."""
        if not self._kept or len(kept := np.asarray(self._kept[self._by])) < self._count:
            return np.arange(len(loss))
        return np.flatnonzero(self._beats(loss, kept[-1])) if self._count else np.arange(0)

    def _order(self, loss: Array) -> Integers:
        """Return the places of losses, the wanted first; a stable sort: ties stay in row order."""
        return np.lexsort((-loss, ~np.isnan(loss)))

    def _beats(self, loss: Array, last: float) -> Mask:
        """Mark the losses that may be wanted rather than the last one that is kept."""
        return np.asarray(np.isnan(loss) | (loss > last))


class Best(Worst):
    """Keeps the ``count`` smallest losses: NaN comes after all numbers, of equals the first one wins."""

    def _order(self, loss: Array) -> Integers:
        return np.argsort(loss, kind="stable")

    def _beats(self, loss: Array, last: float) -> Mask:
        return np.asarray((loss < last) | (np.isnan(last) & ~np.isnan(loss)))


class Extremes:
    """The largest losses, the largest first, then the smallest, the smallest first; no sample comes twice."""

    def __init__(self, worst: int, best: int, losses: Sequence[str]) -> None:
        """Rank by the first of ``losses``. Raises UsageError if there is none."""
        self._count = best
        self._worst = Worst(worst, losses)
        self._best = Best(worst + best if best else 0, losses)  # where losses are equal, some are of the worst already

    def samples(self, block: Block) -> None:
        """Take some samples."""
        self._worst.samples(block)
        self._best.samples(block)

    def block(self) -> Block:
        """Return what was kept; empty if nothing came."""
        worst, best = self._worst.block(), self._best.block()
        if not worst or not best:
            return worst or best
        new = np.flatnonzero(~np.isin(np.asarray(best["row"]), np.asarray(worst["row"])))[: self._count]
        return {name: _joined(worst[name], _pick(cells, new)) for name, cells in best.items()}
