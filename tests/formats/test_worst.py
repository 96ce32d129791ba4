from __future__ import annotations

import numpy as np
import pytest
from format_runs import block
from hypothesis import given
from hypothesis import strategies as st

from losscli.errors import UsageError
from losscli.formats.worst import Worst

LOSSES = st.lists(st.sampled_from([0.0, 1.0, 2.5, float("nan"), float("inf")]), max_size=30)


def worst(losses: list[float], count: int, step: int) -> tuple[list[int], list[str]]:
    whole = block({"mse": losses, "other": losses[::-1]}, name=[f"n{i}" for i in range(len(losses))])
    kept = Worst(count, ["mse", "other"])
    for i in range(0, len(losses), step):
        kept.samples({key: cells[i : i + step] for key, cells in whole.items()})
    found = kept.block()
    return (np.asarray(found["row"]).tolist(), list(map(str, found["name"]))) if found else ([], [])


@given(LOSSES, st.integers(1, 8), st.integers(1, 10))
def test_the_worst_are_the_first_of_a_full_sort_however_the_samples_are_cut(
    losses: list[float], count: int, step: int
) -> None:
    order = sorted(range(len(losses)), key=lambda i: (losses[i] == losses[i], -losses[i], i))[:count]
    assert ([i + 1 for i in order], [f"n{i}" for i in order]) == worst(losses, count, step)


def test_nan_is_the_largest_and_of_equals_the_first_wins() -> None:
    assert worst([1.0, float("inf"), 3.0, float("nan"), 3.0, 3.0], 4, 2)[0] == [4, 2, 3, 5]


def test_none_of_the_worst_is_nothing() -> None:
    assert worst([1.0, 2.0], 0, 1)[0] == []


def test_without_a_loss_there_is_no_worst() -> None:
    with pytest.raises(UsageError, match="no loss to find them by"):
        Worst(3, [])
