"""A histogram counts exactly what is between its edges, in one pass and in any order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from losscli.arrays import Array
from losscli.gallery import of_histogram
from losscli.histogram import BINS, WAITING, Histogram, edges_of, ranked

FLOATS = st.lists(st.floats(-9e299, 9e299).filter(lambda one: one == 0 or abs(one) > 1e-300), max_size=60)
ANY = st.lists(st.floats() | st.sampled_from([0.0, 0.1, 0.3, 1e-3, 2e10]), max_size=60)


def counted(*parts: Array) -> Histogram:
    """A histogram of some arrays, one after the other."""
    histogram = Histogram()
    for part in parts:
        histogram.update(part)
    return histogram


@given(ANY)
def test_every_number_is_counted_once_in_a_bin_or_said_to_be_outside(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=float)
    histogram = counted(values)
    binned = histogram.binned()
    inside = sum(binned.counts) + binned.zeros + binned.above
    assert inside + histogram.infinite + histogram.undefined == histogram.n == len(values)


@given(FLOATS)
def test_the_counts_are_those_of_a_look_at_every_number(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=float)
    binned = counted(values).binned()
    edges = binned.edges
    expected = [int(((values >= low) & (values < high)).sum()) for low, high in pairwise(edges)]
    assert expected == (list(binned.counts) if edges else [])


@given(FLOATS)
@example([0.0, 0.0, 0.0, 0.0, 1e292, 3.5e-288])
def test_there_are_few_bins_and_their_edges_rise(numbers: list[float]) -> None:
    binned = counted(np.array(numbers, dtype=float)).binned()
    assert len(binned.counts) <= BINS + 4
    assert all(low < high for low, high in pairwise(binned.edges))


@given(ANY, st.integers(0, 60), st.randoms())
def test_order_chunks_and_merging_make_no_difference(numbers: list[float], cut: int, random: object) -> None:
    values = np.array(numbers, dtype=float)
    shuffled = values.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives random.Random
    parts = (counted(shuffled[:cut]), counted(shuffled[cut:]))
    pictures = [
        of_histogram("mse", one) for one in (counted(values), counted(*np.split(shuffled, [cut])), sum_of(*parts))
    ]
    first, *others = [(one.labels, one.lengths, one.notes) for one in pictures]
    assert all(repr(first) == repr(other) for other in others)


def sum_of(one: Histogram, other: Histogram) -> Histogram:
    """Both together."""
    return one + other


@given(st.lists(st.floats(1e-290, 1e290), min_size=1) | st.lists(st.floats(-1e290, -1e-290), min_size=1))
def test_a_number_lies_between_the_neighbours_of_its_rank(numbers: list[float]) -> None:
    values = np.array(numbers)
    ranks, _ = ranked(values)
    assert (edges_of(ranks) <= values).all()
    assert (values < edges_of(ranks + 1)).all()


@pytest.mark.parametrize("number", [0.3, 0.1 + 0.2, 1.0, 9.999, 1e22, 1e-7, 123.4, -0.7, -1.0])
def test_a_number_of_four_digits_is_its_own_edge(number: float) -> None:
    decimal = float(f"{number:.4g}")
    ranks, whole = ranked(np.array([decimal]))
    assert (edges_of(ranks).tolist(), whole) == ([decimal], True)


def test_few_values_are_counted_one_by_one() -> None:
    binned = counted(np.array([0.0, 1.0, 1.0, 0.0, 1.0])).binned()
    assert (list(binned.values), list(binned.counts)) == ([0.0, 1.0], [2, 3])


def test_bins_have_round_edges() -> None:
    binned = counted(np.linspace(0.013, 0.987, 500)).binned()
    assert list(binned.edges) == [i * 5 / 100 for i in range(21)]


def test_a_few_large_numbers_are_counted_above_and_do_not_squeeze_the_others() -> None:
    binned = counted(np.linspace(0, 0.99, 999), np.array([1e6])).binned()
    assert not binned.log
    assert binned.above == 1
    assert max(binned.edges) < 2


def test_numbers_over_many_powers_of_ten_are_shown_on_a_logarithmic_scale() -> None:
    values = 10.0 ** np.random.default_rng(0).uniform(-9, 3, 1000)
    binned = counted(values, np.zeros(7)).binned()
    assert binned.log
    assert binned.zeros == 7
    assert sum(binned.counts) == 1000


def test_the_small_print_says_how_many_samples_are_in_no_bar() -> None:
    losses = np.concatenate((np.linspace(0, 1, 997), [50.0, np.inf, np.nan]))
    notes = of_histogram("mse", counted(losses)).notes
    assert any("1 of 1000 samples, infinite, or 1e+300 and more" in note for note in notes)
    assert any("1 of 1000 samples, not a number" in note for note in notes)
    assert any("up to 50" in note for note in notes)


def test_what_is_kept_does_not_grow_with_the_numbers() -> None:
    histogram = Histogram()
    rng = np.random.default_rng(0)
    for _ in range(24):
        histogram.update(rng.exponential(size=100_000))
    waiting = sum(map(len, histogram._waiting))  # noqa: SLF001  what it holds is what the test is about
    assert waiting <= WAITING + 100_000
    assert len(histogram._ranks) < 60_000  # noqa: SLF001  as above
