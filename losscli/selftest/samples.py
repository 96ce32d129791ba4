"""Random and edge data for a loss, drawn from the domains that it declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from losscli.arrays import Array, any_of
from losscli.batch import Batch
from losscli.domain import Domain, resolve
from losscli.errors import LossCliError
from losscli.guard import Guard
from losscli.spec import Bound

ROWS, WIDTH, SEED = 60, 3, 0
"""How many rows are drawn, how wide a row of numbers is, and the seed that makes every trial the same."""
EDGES = (0.0, 1.0, -1.0, 0.5, 2.0, 1e-8, -1e-8, 1e3, -1e3, 1e8, -1e8)

Layout = tuple[int | None, int | None]
"""How wide the truth and the prediction are; None is a single number."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of truth and prediction that the loss must be able to take."""

    y_true: Array
    y_pred: Array

    def __len__(self) -> int:
        return len(self.y_true)

    def at(self, index: Any) -> Sample:  # noqa: ANN401  whatever numpy takes
        """Return some of the rows, as arrays of their own."""
        return Sample(self.y_true[index].copy(), self.y_pred[index].copy())

    def simplest(self, rows: list[int]) -> int:
        """Return the row, among some, that is the shortest to write."""
        return min(rows, key=lambda row: (len(self.shown(row)), row))

    def shown(self, row: int) -> str:
        """Write a row for a person."""
        return f"y_true {self.y_true[row].tolist()}, y_pred {self.y_pred[row].tolist()}"


def samples(bound: Bound) -> Iterator[Sample]:
    """Yield a sample in every shape that the loss takes: the guard decides, as it does for the user's data."""
    true, pred = resolve(bound.loss.true, bound.params), resolve(bound.loss.pred, bound.params)
    widths = dict.fromkeys((len(pred.columns) or WIDTH, WIDTH, 2 * WIDTH))
    layouts: list[Layout] = [(None, None), *((width, width) for width in widths)]
    layouts += [(None, width) for width in widths] + [(WIDTH, 2 * WIDTH)]
    seen: set[tuple[bool, bool]] = set()
    for true_width, pred_width in layouts:
        kind = (true_width is None, pred_width is None)
        if kind in seen or (true.rows and kind[0]) or (pred.rows and kind[1]):
            continue
        random = np.random.default_rng(SEED)
        classes = pred_width or 2
        drawn = Sample(draw(true, true_width, classes, random), draw(pred, pred_width, classes, random))
        if taken := _taken(bound, drawn):
            seen.add(kind)
            yield drawn.at(taken)


def _taken(bound: Bound, drawn: Sample) -> list[int]:
    """Return the rows that the guard lets through."""
    return [row for row in range(len(drawn)) if _passes(bound, drawn.at(slice(row, row + 1)))]


def _passes(bound: Bound, row: Sample) -> bool:
    try:
        return Guard(bound).check(Batch.of(row.y_true, row.y_pred))
    except LossCliError:
        return False


def draw(domain: Domain, width: int | None, classes: int, random: np.random.Generator) -> Array:
    """Return values of a domain: edges and random numbers of all sizes; what is outside is drawn again."""
    shape = (ROWS,) if width is None else (ROWS, width)
    if domain.labels and width is None:
        return random.integers(0, classes, shape).astype(np.float64)
    if domain.sums_to_one and width is not None:
        sure, mixed = np.eye(width)[random.integers(0, width, ROWS)], random.dirichlet(np.full(width, 0.5), ROWS)
        values = np.where(random.random((ROWS, 1)) < 1 / 3, sure, mixed)
        return np.where(any_of(domain.outside(values))[:, None], sure, values)
    wide = random.normal(size=shape) * 10 ** random.uniform(-2, 3, shape)
    values = np.where(random.random(shape) < 1 / 2, random.choice(EDGES, shape), wide)
    share = random.random(shape)
    coin = np.floor(2 * random.random(shape))
    for narrower in (np.abs(values), share, -share, coin, 2 * coin - 1):
        outside = domain.outside(values)
        if not any_of(outside).any():
            break
        values = np.where(outside, narrower, values)
    return values
