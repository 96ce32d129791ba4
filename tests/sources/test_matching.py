"""Two sides paired by a key: the same pairs in any order, sorted sides in bounded memory, duplicates named."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from losscli.arrays import Integers
from losscli.errors import DataError
from losscli.sources import matching
from losscli.sources.heads import Side
from losscli.sources.matching import Pairs


@dataclass(frozen=True)
class Some:
    """Rows that are nothing but keys, and where they stood."""

    keys: list[str]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, index: Integers) -> Some:
        """Return the rows of these indices."""
        rows = index.tolist()
        return Some([self.keys[i] for i in rows], [self.lines[i] for i in rows])


def joined(blocks: Sequence[Some]) -> Some:
    """Return blocks as one."""
    return Some([key for one in blocks for key in one.keys], [line for one in blocks for line in one.lines])


class Counted:
    """A side of these keys in blocks, which counts how many rows it handed over."""

    def __init__(self, name: str, keys: Sequence[str], *, block: int = 2, size: int | None = None) -> None:
        self.keys, self.block, self.rows = list(keys), block, 0
        self.side = Side(
            name, self.read, lambda rows: rows.keys, lambda rows, i: f"{name}, line {rows.lines[i]}", joined,
            f"is only in {name}", size,
        )  # fmt: skip

    def read(self) -> Iterator[Some]:
        """Yield the blocks."""
        for start in range(0, len(self.keys), self.block):
            keys = self.keys[start : start + self.block]
            self.rows += len(keys)
            yield Some(keys, list(range(start + 1, start + 1 + len(keys))))


def paired(left: Counted, right: Counted, *, drop: bool = False) -> tuple[list[tuple[int, int]], Pairs[Some, Some]]:
    """Return the lines of the pairs, and what was counted."""
    pairs = Pairs(left.side, right.side, "id", drop=drop)
    found: list[tuple[int, int]] = []
    for mine, theirs in pairs:
        assert mine.keys == theirs.keys
        found += zip(mine.lines, theirs.lines, strict=True)
    return found, pairs


TEXTS = ["01", "1.0", "1.5", "2.25", "a", "b", "A", " 1", "é"]
KEYS = st.lists(st.sampled_from([*map(str, range(-3, 14)), *TEXTS]), unique=True)
SIZES = st.sampled_from([None, 1, 2])


def as_they_are(keys: list[str]) -> list[str]:
    """Return the keys in no order."""
    return keys


def by_text(keys: list[str]) -> list[str]:
    """Return the keys sorted as text."""
    return sorted(keys)


def by_number(keys: list[str]) -> list[str]:
    """Return the keys sorted as numbers, those that are none at the end."""

    def number(key: str) -> float:
        try:
            return float(key)
        except ValueError:
            return inf

    return sorted(keys, key=number)


Turn = Callable[[list[str]], list[str]]
ORDERS: st.SearchStrategy[Turn] = st.sampled_from([as_they_are, by_text, by_number])


def backwards(keys: list[str]) -> list[str]:
    """Return the keys from the last to the first."""
    return keys[::-1]


@given(KEYS, KEYS, ORDERS, ORDERS, st.integers(1, 4), st.integers(1, 4), SIZES, SIZES)
@example(["1", "2", "10", "3"], ["1", "2", "3", "10"], as_they_are, as_they_are, 1, 1, None, None)
@example(["1", "2", "3", "4"], ["1", "3", "4", "2"], as_they_are, as_they_are, 1, 1, 1, 2)
def test_rows_with_the_same_key_are_paired_in_the_order_of_the_left_side_whatever_the_order_of_both(  # noqa: PLR0917  each is drawn
    mine: list[str], theirs: list[str], one: Turn, other: Turn, a: int, b: int, small: int | None, large: int | None
) -> None:
    mine, theirs = one(mine), other(theirs)
    expected = [(i, theirs.index(key) + 1) for i, key in enumerate(mine, 1) if key in theirs]
    left, right = Counted("a", mine, block=a, size=small), Counted("b", theirs, block=b, size=large)
    if not expected and (mine or theirs):
        with pytest.raises(DataError, match="no id stands in both a and b"):
            paired(left, right, drop=True)
        return
    found, pairs = paired(left, right, drop=True)
    assert found == expected
    assert pairs.counts().record("a", "b") == {
        "matched": len(expected), "only_a": len(mine) - len(expected), "only_b": len(theirs) - len(expected)
    }  # fmt: skip


@given(KEYS, st.data(), st.integers(1, 4), st.integers(1, 4), SIZES, SIZES)
def test_a_key_that_stands_twice_is_refused_on_either_side_with_both_rows(  # noqa: PLR0917  each is drawn
    keys: list[str], data: st.DataObject, a: int, b: int, small: int | None, large: int | None
) -> None:
    keys = ["k", *keys]
    where = data.draw(st.integers(0, len(keys)))
    key = data.draw(st.sampled_from(keys))
    twice = [*keys[:where], key, *keys[where:]]
    first, second = [i for i, one in enumerate(twice, 1) if one == key]
    said = f"line {second}: id {key!r} stands twice, first at "
    for left, right, name in ((twice, keys, "a"), (keys, twice, "b")):
        sides = Counted("a", left, block=a, size=small), Counted("b", right, block=b, size=large)
        with pytest.raises(DataError) as caught:
            paired(*sides, drop=True)
        assert f"{name}, {said}{name}, line {first}" == caught.value.message


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (["1", "2", "3", "2"], ["1", "2", "3", "4"]),
        (["1", "2", "3", "4"], ["1", "2", "3", "2"]),
        (["x", "1", "x"], ["1"]),
        (["1"], ["x", "1", "x"]),
        (["1", "2", "3", "3"], ["1", "2", "3"]),
    ],
)
@pytest.mark.parametrize("sizes", [(None, None), (1, 2)])
def test_a_key_of_a_row_that_was_paired_or_left_out_long_ago_is_still_known_when_it_comes_again(
    mine: list[str], theirs: list[str], sizes: tuple[int | None, int | None]
) -> None:
    with pytest.raises(DataError, match="stands twice, first at"):
        paired(Counted("a", mine, block=1, size=sizes[0]), Counted("b", theirs, block=1, size=sizes[1]), drop=True)


@pytest.mark.parametrize("turn", [as_they_are, backwards])
def test_rows_without_a_partner_are_refused_with_the_first_of_each_side_and_their_number(turn: Turn) -> None:
    left, right = Counted("a", turn(["1", "2", "5", "6"])), Counted("b", turn(["0", "2"]))
    with pytest.raises(DataError) as caught:
        paired(left, right)
    first = turn(["1", "5", "6"])[0]
    assert caught.value.message == (
        f"a, line {left.keys.index(first) + 1}: {first!r} is only in a (3 such rows); "
        f"b, line {right.keys.index('0') + 1}: '0' is only in b (1 such row)"
    )
    assert "--unmatched drop" in caught.value.hint


def test_where_nothing_pairs_keys_of_both_sides_are_shown() -> None:
    with pytest.raises(DataError) as caught:
        paired(Counted("a", ["1", "2", "3", "4"]), Counted("b", ["01"]), drop=True)
    assert "a has '1', '2', '3', … and b has '01'" in caught.value.hint


def test_two_sides_without_rows_pair_without_an_error() -> None:
    assert paired(Counted("a", []), Counted("b", []))[0] == []


@pytest.mark.parametrize("empty", [0, 1])
def test_a_row_without_a_key_is_refused(empty: int) -> None:
    sides = [["1", "2"], ["1", "2"]]
    sides[empty][1] = ""
    with pytest.raises(DataError, match=f"{'ab'[empty]}, line 2: the key is missing"):
        paired(Counted("a", sides[0]), Counted("b", sides[1]), drop=True)


@pytest.mark.parametrize("keys", [["1", "2", "10"], ["1.5", "2", "10"], ["10", "2", "a"], ["007", "010", "100"]])
def test_sides_that_are_sorted_alike_and_pair_one_to_one_are_read_once(keys: list[str]) -> None:
    left, right = Counted("a", keys, block=1), Counted("b", keys)
    assert len(paired(left, right)[0]) == len(keys)
    assert (left.rows, right.rows) == (3, 3)


def test_the_order_of_the_first_block_tells_that_a_side_is_not_sorted_before_anything_is_read_again() -> None:
    left, right = Counted("a", ["1", "2", "3", "4"]), Counted("b", ["4", "2", "3", "1"])
    paired(left, right)
    assert (left.rows, right.rows) == (4, 4)


def test_what_is_held_is_handed_over_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BLOCK", 2)
    keys = ["3", "1", "2", "5", "4"]
    pairs = Pairs(Counted("a", keys, size=1).side, Counted("b", sorted(keys), size=2).side, "id", drop=False)
    assert [mine.keys for mine, _ in pairs] == [["3", "1"], ["2", "5"], ["4"]]


class Endless:
    """A side of very many sorted keys, made as they are read; every ``step``-th of them."""

    def __init__(self, count: int, step: int = 1) -> None:
        self.count, self.step = count, step

    def side(self, name: str) -> Side[Some]:
        """Return it as a side."""
        return Side(
            name, self.read, lambda rows: rows.keys, lambda rows, i: f"{name}, line {rows.lines[i]}", joined, ""
        )

    def read(self) -> Iterator[Some]:
        """Yield the blocks."""
        for start in range(0, self.count, 10_000):
            numbers = range(start, min(start + 10_000, self.count), self.step)
            yield Some(list(map(str, numbers)), list(numbers))


@pytest.mark.parametrize("step", [1, 5])
def test_sorted_sides_are_paired_in_memory_that_does_not_grow_with_the_rows(step: int) -> None:
    def peak(count: int) -> tuple[int, int]:
        pairs = Pairs(Endless(count, step).side("a"), Endless(count).side("b"), "id", drop=True)
        tracemalloc.start()
        try:
            matched = sum(len(mine) for mine, _ in pairs)
            return matched, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    (_, little), (matched, much) = peak(20_000), peak(200_000)
    assert matched == 200_000 // step
    assert much < little + (1 << 20)
