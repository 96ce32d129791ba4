"""One pass finds exact ranges, moments and gaps, and a bounded sample that is drawn from all rows alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.arrays import Array
from losscli.batch import Batch
from losscli.inspection import summary as summaries
from losscli.inspection.summary import DISTINCT, Cells, Reservoir, Spread, Summary


def batches(values: Array, size: int) -> list[Batch]:
    whole = Batch.of(values, values + 1)
    return [whole.take(np.arange(i, min(i + size, len(values)))) for i in range(0, len(values), size)]


def drawn(n: int, size: int, chunk: int, seed: int = 0) -> Reservoir:
    reservoir = Reservoir(size, seed)
    for batch in batches(np.arange(float(n)), chunk):
        reservoir.update(batch, np.ones(len(batch), bool))
    return reservoir


def rows_of(reservoir: Reservoir) -> list[int]:
    sample = reservoir.sample()
    assert sample is not None
    return [int(row) for row in sample.rows]


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_the_sample_is_the_same_however_the_rows_come(chunk: int) -> None:
    assert rows_of(drawn(1000, 50, chunk)) == rows_of(drawn(1000, 50, 333))


def test_another_seed_draws_other_rows() -> None:
    assert rows_of(drawn(1000, 50, 100)) != rows_of(drawn(1000, 50, 100, seed=1))


def test_the_sample_holds_every_row_while_there_are_no_more() -> None:
    assert rows_of(drawn(50, 50, 7)) == list(range(1, 51))


def test_the_sample_never_holds_more_than_was_asked_for_and_is_drawn_from_the_whole() -> None:
    kept = [rows_of(drawn(1000, 100, 90, seed)) for seed in range(40)]
    assert {len(rows) for rows in kept} == {100}
    assert all(len(set(rows)) == 100 for rows in kept)
    counts = np.bincount(np.concatenate(kept) // 101, minlength=10)  # of 4000 rows, about 400 in each tenth
    assert counts.min() > 330
    assert counts.max() < 470


def test_what_is_held_meanwhile_does_not_grow_with_the_rows() -> None:
    reservoir, most = Reservoir(100, 0), 0
    for batch in batches(np.arange(50_000.0), 100):
        reservoir.update(batch, np.ones(len(batch), bool))
        most = max(most, sum(len(rows) for _, rows in reservoir._kept))  # noqa: SLF001  what it holds is the claim
    assert most <= 300
    assert sum(map(len, reservoir._head)) == 100  # noqa: SLF001  as above


def test_wide_rows_make_the_sample_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "CELLS", 400)
    reservoir = Reservoir(1000, 0)
    wide = np.zeros((300, 10))
    reservoir.update(Batch.of(wide, wide), np.ones(300, bool))
    assert len(rows_of(reservoir)) == 20


def test_the_head_holds_the_first_complete_rows_side_by_side() -> None:
    reservoir = Reservoir(5, 0)
    for batch in batches(np.arange(20.0), 3):
        reservoir.update(batch, batch.rows != 2)
    head = reservoir.head()
    assert head is not None
    assert head.rows.tolist() == [1, 3, 4, 5, 6]


FLOATS = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=60)


@given(FLOATS, st.integers(1, 20))
def test_a_spread_is_what_numpy_says_of_all_rows_at_once(values: list[float], chunk: int) -> None:
    array, spread = np.array(values), Spread()
    for i in range(0, len(array), chunk):
        spread.update(array[i : i + chunk])
    there = array[~np.isnan(array)]
    assert spread.missing.tolist() == [len(array) - len(there)]
    if len(there):
        assert spread.range == (there.min(), there.max())
        assert spread.mean[0] == pytest.approx(there.mean(), rel=1e-9, abs=1e-6)
        assert spread.std[0] == pytest.approx(there.std(), rel=1e-3, abs=1e-2)
        assert spread.distinct == [set(there.tolist())]


def test_many_different_values_are_not_all_remembered() -> None:
    spread, cells = Spread(), Cells()
    for start in range(0, 100_000, 50_000):
        numbers = np.arange(start, start + 50_000)
        spread.update(numbers.astype(float))
        cells.update(list(map(str, numbers.tolist())))
    assert DISTINCT < len(spread.distinct[0]) < 3 * DISTINCT
    assert DISTINCT < len(cells.distinct) < 3 * DISTINCT
    assert spread.levels() is None


def test_cells_tell_gaps_and_a_range_if_all_are_numbers() -> None:
    cells, words = Cells(), Cells()
    cells.update(["1", "NA", "-2.5"])
    words.update(["1", "two"])
    assert (cells.missing, cells.numeric, cells.low, cells.high) == (1, True, -2.5, 1.0)
    assert (words.missing, words.numeric) == (0, False)


def test_only_columns_that_differ_in_every_row_are_kept_as_keys() -> None:
    summary, whole = Summary(100, 0), Batch.of(np.arange(4.0), np.arange(4.0))
    keep = {"id": ["a", "b", "c", "d"], "group": ["x", "y", "x", "y"]}
    summary.update(Batch(whole.y_true, whole.y_pred, whole.rows, keep=keep))
    assert summary.lines == {"id": ["a", "b", "c", "d"]}


def test_incomplete_rows_are_counted_and_the_first_are_named() -> None:
    summary = Summary(100, 0)
    values = np.arange(30.0)
    values[3::3] = np.nan
    for batch in batches(values, 8):
        summary.update(batch)
    assert (summary.incomplete, summary.first_incomplete) == (9, [4, 7, 10, 13, 16])
