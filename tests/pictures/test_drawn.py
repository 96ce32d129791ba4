"""Pictures in characters: narrow enough, harmless, true to the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_data import HOSTILE

from losscli.formats.drawn import drawn, ticks
from losscli.pictures import Bars, Lines, Picture, Series

NUMBERS = st.floats(-1e9, 1e9)


def lines(picture: Picture, width: int = 80, *, ascii_only: bool = False) -> list[str]:
    """The lines of a picture, without their styles."""
    return ["".join(text for text, _ in line) for line in drawn(picture, width, ascii_only=ascii_only)]


def widest(found: list[str]) -> int:
    """The width of the widest line, in a terminal."""
    from rich.cells import cell_len

    return max(map(cell_len, found))


def bars(lengths: list[float], labels: list[str] | None = None) -> Bars:
    """Bars of some lengths."""
    names = labels or [f"g{i}" for i in range(len(lengths))]
    return Bars("mse by group", "group", "mean of mse", names, lengths, [f"{one:.4g}" for one in lengths])


CURVE = Lines(
    "mse by epoch", "epoch", "mean of mse",
    [Series("mse", (1.0, 2.0, 3.0, 4.0), (4.0, 2.0, 1.0, 3.0), dots=True)],
    best=(3.0, 1.0), notes=["best: epoch 3, 1"],
    table={"epoch": [1, 2, 3, 4], "mse": [4.0, 2.0, 1.0, 3.0]},
)  # fmt: skip


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [40, 60, 80, 200])
@given(lengths=st.lists(NUMBERS, max_size=8), names=st.data())
def test_no_line_of_bars_is_wider_than_the_terminal(
    width: int, ascii_only: bool, lengths: list[float], names: st.DataObject  # noqa: FBT001  a parameter of the test
) -> None:  # fmt: skip
    labels = [names.draw(st.sampled_from(HOSTILE)) for _ in lengths]
    found = lines(bars(lengths, labels), width, ascii_only=ascii_only)
    assert widest(found) <= width


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [40, 60, 80, 200])
@given(points=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6))
def test_no_line_of_a_curve_is_wider_than_the_terminal(
    width: int, ascii_only: bool, points: list[tuple[float, float]]  # noqa: FBT001  as above
) -> None:  # fmt: skip
    inside = sorted(points)
    series = Series("a", [x for x, _ in inside], [y for _, y in inside], dots=True)
    found = lines(Lines("t", "x", "y", [series]), width, ascii_only=ascii_only)
    assert widest(found) <= width


@pytest.mark.parametrize("picture", [bars([1.0, 2.0]), CURVE], ids=["bars", "lines"])
def test_the_plain_picture_holds_nothing_but_ascii(picture: Picture) -> None:
    assert all(line.isascii() for line in lines(picture, ascii_only=True))
    assert not all(line.isascii() for line in lines(picture))


def test_bars_are_as_long_as_their_numbers_to_an_eighth_of_a_character() -> None:
    found = [line.count("█") + ("▏▎▍▌▋▊▉".find(line[-2:-1]) + 1) / 8 for line in lines(bars([1.0, 2.0, 4.0]))[2:]]
    short, middle, long = (line.split("│")[1].split()[0] for line in lines(bars([1.0, 2.0, 4.0]))[2:])
    eighths = [8 * one.count("█") + ("▏▎▍▌▋▊▉".find(one[-1]) + 1) for one in (short, middle, long)]
    assert len(found) == 3
    assert abs(eighths[0] * 4 - eighths[2]) <= 4
    assert abs(eighths[1] * 2 - eighths[2]) <= 2


def test_what_is_not_zero_is_never_invisible_and_zero_is() -> None:
    _, _, tiny, nothing, whole = lines(bars([1e-9, 0.0, 1.0]))
    assert "▏" in tiny.split("│")[1]
    assert nothing.split("│")[1] == "0"
    assert "█" in whole


def test_negative_numbers_go_to_the_left_of_zero() -> None:
    _, _, left, right = lines(bars([-1.0, 1.0]))
    assert left.index("█") < left.rindex("█") < right.index("█")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_moves_no_cursor_and_breaks_no_line(name: str) -> None:
    found = lines(bars([1.0], [name]))
    assert len(found) == 3
    assert not {"\x1b", "\x07", "\u202e", "\n"} & set("".join(found))


def test_the_best_point_is_marked_where_it_is() -> None:
    found = lines(CURVE, 60)
    body = [line for line in found if "│" in line or "┤" in line]
    (row,) = [i for i, line in enumerate(body) if "★" in line]
    lowest = max(i for i, line in enumerate(body) if set("●★") & set(line))
    assert row == lowest
    assert "best: epoch 3, 1" in found


def test_the_table_stands_below_its_curve() -> None:
    found = [line.split() for line in lines(CURVE)]
    assert ["epoch", "mse"] in found
    assert ["3", "1.0"] in found


def test_points_without_a_finite_place_are_left_out() -> None:
    series = Series("a", (0.0, 1.0, 2.0), (np.inf, 1.0, np.nan))
    assert any("●" in line for line in lines(Lines("t", "x", "y", [series])))


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12))
def test_ticks_are_few_rise_and_span_the_range(low: float, span: float) -> None:
    high = low + span
    found = ticks(low, high)
    assert 2 <= len(found) <= 8
    assert found == sorted(set(found))
    close = 1e-9 * (abs(low) + span)
    assert found[0] <= low + close
    assert found[-1] >= high - close
