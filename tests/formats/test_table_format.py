from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from format_runs import TWO, block, report, result, written
from hypothesis import given
from hypothesis import strategies as st

from losscli.formats.format import Block, Report, View
from losscli.formats.table import aligned

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
AWKWARD = [-1.2345678901234567e-300, 0.30000000000000004, 123456.78901234567, -98765432109876.55]
WIDE: Block = block(
    {f"pinball:q=0.{i}": AWKWARD for i in range(1, 10)},
    region=["a b", "東京", "x" * 40, "é"],
    y_true=np.array(AWKWARD),
    y_pred=np.array(AWKWARD[::-1]),
)
MANY = report(*(result(f"pinball:q=0.{i}", AWKWARD[i % 4], std=AWKWARD[0], max=AWKWARD[3]) for i in range(1, 10)))


def fields(text: str) -> list[str]:
    return ESCAPES.sub("", text).split()


def test_a_small_run_through_a_pipe_is_two_compact_tables() -> None:
    assert written("table") == (
        "row  y_true  y_pred  mse\n"
        "────────────────────────\n"
        "  1     1.0     1.0  0.0\n"
        "  2     2.0     2.5  0.5\n"
        "\n"
        "loss  reduction  value  n   std  min  max\n"
        "─────────────────────────────────────────\n"
        "mse   mean        0.25  2  0.25  0.0  0.5\n"
    )


def test_an_encoding_without_lines_gets_hyphens_and_full_stops() -> None:
    text = written("table", [block({"mse": [0.5, 0.25]}, k=["é", "東"])], view=View(rows=1), encoding="ascii")
    assert text.isascii()
    assert text.startswith("row  k     mse\n--------------\n  1  \\xe9  0.5\n... 1 more\n")


def test_decimal_points_stand_under_each_other() -> None:
    assert aligned(["1.25", "10.5", "1e-07", "3", "nan"], 8) == [
        "   1.25 ",
        "  10.5  ",
        "   1e-07",
        "   3    ",
        " nan    ",
    ]


def test_columns_that_say_nothing_are_left_out_and_others_are_not() -> None:
    telling = report(
        result(like="torch", reduction="sum", value=0.5, mean=0.25, dropped=3, weight=7.5, by={"g": "x"}), by=["g"]
    )
    plain = report(result("r2", std=float("nan"), min=float("nan"), max=float("nan"), mean=float("nan")))
    first = [written("table", of=of, view=View(summary=True)).splitlines()[0].split() for of in (telling, plain)]
    assert first == [
        ["g", "loss", "like", "reduction", "value", "n", "dropped", "weight", "mean", "std", "min", "max"],
        ["loss", "reduction", "value", "n"],
    ]


def test_the_total_is_told_from_the_groups() -> None:
    text = written("table", of=report(result(by={"g": "x"}), result(), by=["g"]), view=View(summary=True))
    assert [line.split()[0] for line in text.splitlines()[2:]] == ["x", "(all)"]


@pytest.mark.parametrize(
    ("rows", "shown", "note"), [(0, 0, False), (1, 1, True), (2, 2, True), (3, 3, False), (20, 3, False)]
)
def test_the_first_rows_are_shown_and_the_others_counted(rows: int, shown: int, *, note: bool) -> None:
    samples = [block({"mse": [0.5]}), block({"mse": [0.5, 0.5]})]
    text = written("table", samples, view=View(rows=rows))
    assert shown == len(re.findall(r"^ +\d  0\.5$", text, re.MULTILINE))
    assert note == (f"… {3 - rows} more\n" in text)


def test_the_worst_are_announced_and_nothing_is_counted() -> None:
    text = written("table", of=report(n=99), view=View(worst=2, rows=1))
    assert "  2     2.0     2.5  0.5\nthe 2 largest of 99 losses, by mse\n" in text
    assert "more" not in text


def test_precision_rounds_what_is_shown_and_never_to_nothing() -> None:
    text = written("table", [block({"mse": [1 / 3, 1e-9]})], report(result(value=2 / 3)), View(precision=2))
    assert {"0.33", "1.00e-09", "0.67"} < set(fields(text))


def test_fourteen_columns_through_a_pipe_lose_no_digit() -> None:
    text = written("table", [{**WIDE, "extra": ["k"] * 4}], MANY)
    assert set(map(repr, AWKWARD)) < set(fields(text))
    assert sum(fields(text.split("\n\n")[0]).count(repr(number)) for number in AWKWARD) == 9 * 4 + 2 * 4
    assert not re.search(r" $", text, re.MULTILINE)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 200, 500])
def test_a_terminal_of_any_width_shows_every_digit_inside_its_width(width: int, *, color: bool) -> None:
    text = written("table", [WIDE], MANY, View(width=width, color=color))
    found = fields(text)
    assert sum(found.count(repr(number)) for number in AWKWARD) == 9 * 4 + 2 * 4 + 9 * 3
    assert all(len(line) <= width for line in ESCAPES.sub("", text).splitlines())
    assert color == ("\x1b[" in text)
    assert "…" not in text


@given(st.lists(st.floats(), min_size=1, max_size=4), st.integers(1, 30))
def test_where_not_even_a_number_fits_its_digits_are_folded_and_not_cut(losses: list[float], width: int) -> None:
    text = written("table", [block({"mse": losses})], Report(["mse"], 0, 0, []), View(width=width))
    shown = ["row", "mse", *map(repr, losses), *map(str, range(1, len(losses) + 1))]
    assert Counter("".join(shown)) == Counter("".join(text.replace("─", "").split()))


def test_a_long_header_is_folded_before_any_number_is() -> None:
    samples = block({"huber:delta=" + "1" * 60: [0.5]}, y_pred=np.array(AWKWARD[:1]))
    text = written("table", [samples], view=View(width=len("row") + 2 + len(repr(AWKWARD[0])) + 2 + 16))
    assert ["1", repr(AWKWARD[0]), "0.5"] in [line.split() for line in text.splitlines()]


def test_a_terminal_too_narrow_for_the_results_gets_a_block_for_each() -> None:
    of = report(result(by={"g": "x"}), result("huber:delta=2", 1 / 3), by=["g"])
    text = written("table", of=of, view=View(width=30, summary=True))
    assert text == (
        "g:         x\nloss:      mse\nreduction: mean\nvalue:     0.25\nn:         2\n"
        "mean:      0.25\nstd:       0.25\nmin:       0.0\nmax:       0.5\n\n"
        "g:         (all)\nloss:      huber:delta=2\nreduction: mean\nvalue:     0.3333333333333333\nn:         2\n"
        "mean:      0.3333333333333333\nstd:       0.25\nmin:       0.0\nmax:       0.5\n"
    ).replace("mean:      0.25\n", "").replace("mean:      0.3333333333333333\n", "")


def test_a_block_leaves_out_what_a_result_does_not_have() -> None:
    of = report(result("mse", 1 / 3, like="torch"), result("mae", 1 / 3))
    first, second = written("table", of=of, view=View(width=20, summary=True)).split("\n\n")
    assert ("like:" in first, "like:" in second) == (True, False)


def test_several_results_are_split_by_columns_each_part_naming_its_rows() -> None:
    of = report(result(std=0.4714045207910317), result("mae", std=0.25))
    first, *others = written("table", of=of, view=View(width=40, summary=True)).split("\n\n")
    assert first.split("\n")[0].split()[:3] == ["loss", "reduction", "value"]
    assert len(others) > 0
    assert all(part.split()[0] == "loss" for part in others)
    assert all(len(line) <= 40 for part in (first, *others) for line in part.split("\n"))


@pytest.mark.parametrize("width", [None, 200, 40])
@pytest.mark.parametrize("text", ["prob[true]", "x[/y]", "a:smile:b", "[red]x[/red]", "[link=http://x]y", "\\[b]"])
def test_data_and_headers_are_never_markup(text: str, width: int | None) -> None:
    samples = block({"mse": [0.5]}, **{text: [text]})
    of = report(result(by={text: text}), by=[text])
    plain = ESCAPES.sub("", written("table", [samples], of, View(width=width, color=True)))
    assert plain.count(text) == 4


def test_colour_marks_the_value_the_largest_loss_and_what_is_not_finite() -> None:
    samples = block({"mse": [0.125, 0.5, np.inf]})
    text = written("table", [samples], report(result(value=0.75)), View(color=True, width=80))
    assert "\x1b[33m0.5" in text.replace(" ", "")
    assert "\x1b[31minf" in text.replace(" ", "")
    assert "\x1b[1;36m0.75" in text.replace(" ", "")
    assert "\x1b[33m0.125" not in text.replace(" ", "")


def test_a_report_without_results_is_an_empty_page() -> None:
    assert written("table", of=Report([], 0, 0, []), view=View(summary=True)) == ""


def test_the_environment_does_not_overrule_the_view(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = written("table", [TWO], view=View(color=True, width=100))
    for name, value in {"NO_COLOR": "1", "COLUMNS": "20", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert usual == written("table", [TWO], view=View(color=True, width=100))
