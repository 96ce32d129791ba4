"""What holds a number for each pair of a row's columns takes a few rows at a time: the same bits, in bounded memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from losscli.arrays import Array
from losscli.registry import LOSSES, load_all

load_all()

QUADRATIC = ("pairwise-logistic", "pairwise-hinge", "pairwise-mse", "unique-softmax", "multilabel-margin",
             "label-ranking-loss")  # fmt: skip
ROWS, WIDTH, MEGABYTES = 4000, 40, 16
"""All pairs at once would be 51 MB for each array of them."""


def data(rows: int) -> tuple[Array, Array]:
    random = np.random.default_rng(1)
    return random.integers(0, 2, (rows, WIDTH)).astype(np.float64), random.normal(scale=5, size=(rows, WIDTH))


@pytest.mark.parametrize("name", QUADRATIC)
def test_the_memory_of_pairs_does_not_grow_with_the_rows(name: str) -> None:
    y_true, y_pred = data(ROWS)
    tracemalloc.start()
    try:
        LOSSES[name].function(y_true, y_pred)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEGABYTES << 20


@pytest.mark.parametrize("name", QUADRATIC)
def test_a_row_has_the_same_bits_beside_any_others(name: str) -> None:
    y_true, y_pred = data(400)
    function = LOSSES[name].function
    alone = [function(y_true[i : i + 1], y_pred[i : i + 1])[0] for i in range(len(y_pred))]
    assert function(y_true, y_pred).tolist() == alone
