"""Groups whose rows wait before they are folded: the same folds as if every batch had been folded at once."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli import grouped
from losscli.grouped import Grouped
from losscli.reductions import Fold, pool, reduction

ROW = st.tuples(st.sampled_from("abc"), st.floats(allow_nan=False), st.floats(0, 1e9))
BATCHES = st.lists(st.tuples(st.lists(ROW, min_size=1, max_size=6), st.booleans(), st.integers(1, 2)), max_size=6)
Batches = list[tuple[list[tuple[str, float, float]], bool, int]]


def told(fold: Fold) -> str:
    return repr((fold.moments, fold.elements, fold.value, fold.plain_mean))


@pytest.mark.parametrize("name", ["mean", "median", "plain-mean"])
@given(batches=BATCHES, waiting=st.integers(0, 12))
def test_rows_that_wait_make_the_same_folds_to_the_bit(name: str, batches: Batches, waiting: int) -> None:
    together = pool(reduction(name))
    at_once: dict[tuple[str], Fold] = {}
    with patch.object(grouped, "WAITING", waiting):
        later = Grouped(lambda: Fold(reduction(name), pool=together))
        for rows, weighted, elements in batches:
            groups = [(group,) for group, _, _ in rows]
            losses, weights = np.array([row[1:] for row in rows]).T
            later.update(groups, losses, weights if weighted else None, elements)
            for group in dict.fromkeys(groups):
                chosen = np.array([one == group for one in groups])
                fold = at_once.setdefault(group, Fold(reduction(name)))
                fold.update(losses[chosen], weights[chosen] if weighted else None, elements=elements)
        found = later.folds
    assert {group: told(fold) for group, fold in at_once.items()} == {group: told(found[group]) for group in found}


def test_few_rows_of_many_batches_are_folded_once() -> None:
    made = []
    later = Grouped(lambda: made.append(1) or Fold(reduction("mean")))  # type: ignore[func-returns-value]  # counts
    with patch.object(Fold, "update", autospec=True, side_effect=Fold.update) as update:
        for _ in range(50):
            later.update([("a",), ("b",)], np.array([1.0, 2.0]), None, 1)
        assert [later.folds[group,].moments.mean for group in "ab"] == [1.0, 2.0]
    assert (len(made), update.call_count) == (2, 2)


def test_an_array_that_changes_later_changes_no_row_that_waits() -> None:
    later = Grouped(lambda: Fold(reduction("mean")))
    losses, weights = np.array([1.0]), np.array([1.0])
    later.update([("a",)], losses, weights, 1)
    losses[0] = weights[0] = 9.0
    assert (later.folds["a",].moments.mean, later.folds["a",].moments.weight) == (1.0, 1.0)


def test_rows_that_wait_are_bounded() -> None:
    later = Grouped(lambda: Fold(reduction("mean")))
    with patch.object(grouped, "WAITING", 10), patch.object(Fold, "update", autospec=True) as update:
        for _ in range(11):
            later.update([("a",)], np.array([1.0]), None, 1)
        assert update.call_count == 1
