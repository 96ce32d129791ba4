from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from format_runs import TWO, WORDS, block, report, result, written
from hypothesis import given
from hypothesis import strategies as st

from losscli.errors import UsageError
from losscli.escape import visible
from losscli.formats import FORMATS, SUFFIXES, by_suffix
from losscli.formats.format import View
from losscli.formats.numbers import rounded, texts


@pytest.mark.parametrize("name", WORDS)
def test_every_format_writes_the_value_of_a_run(name: str) -> None:
    assert "0.25" in written(name, view=View(summary=True))


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("cut", [0, 1, 2])
def test_how_the_samples_are_cut_into_blocks_does_not_show(name: str, cut: int) -> None:
    parts = [{key: cells[:cut] for key, cells in TWO.items()}, {key: cells[cut:] for key, cells in TWO.items()}]
    assert written(name) == written(name, parts)


@pytest.mark.parametrize("name", WORDS)
def test_every_format_ends_its_last_line(name: str) -> None:
    text = written(name)
    assert text.endswith("\n") or (name == "value" and not text)
    assert "\r" not in text


def test_a_suffix_stands_for_a_format_in_any_case() -> None:
    assert [by_suffix(path) for path in ("a.csv", "b/c.TSV", "x.ndjson", "r.md", "r.txt")] == [
        "csv",
        "tsv",
        "jsonl",
        "markdown",
        "table",
    ]


def test_every_suffix_stands_for_a_format_that_exists() -> None:
    assert set(FORMATS) >= set(SUFFIXES.values())


def test_an_unknown_suffix_is_refused_with_the_formats_listed() -> None:
    with pytest.raises(UsageError, match=r"report\.xls") as caught:
        by_suffix("report.xls")
    assert all(name in caught.value.hint for name in FORMATS)


def test_the_formats_for_programs_load_neither_rich_nor_the_other_formats() -> None:
    code = (
        "import sys; from losscli.formats import FORMATS; [FORMATS[name]() for name in ('csv', 'tsv', 'value')];"
        "print({'rich', 'losscli.formats.table', 'losscli.formats.json'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


@given(st.lists(st.floats()))
def test_number_cells_read_back_to_the_same_bits(numbers: list[float]) -> None:
    array = np.array(numbers, dtype=float)
    back = np.array([float(text) for text in texts(array)], dtype=float)
    np.testing.assert_array_equal(np.isnan(array), np.isnan(back))
    finite = ~np.isnan(array)
    assert array[finite].tobytes() == back[finite].tobytes()


@pytest.mark.parametrize(
    ("number", "precision", "expected"),
    [
        (0.1234567890123, None, "0.1234567890123"),
        (1.0, None, "1.0"),
        (0.12345, 3, "0.123"),
        (0.99999, 3, "1.000"),
        (2.0, 0, "2"),
        (0.0, 3, "0.000"),
        (-0.0, 3, "0.000"),
        (4e-9, 3, "4.000e-09"),
        (-4e-9, 3, "-4.000e-09"),
        (0.3, 0, "3e-01"),
        (1e300, 3, "1.000e+300"),
        (float("nan"), 3, "nan"),
        (float("-inf"), 3, "-inf"),
    ],
)
def test_rounding_never_turns_a_number_into_zero_or_into_digits_it_has_not(
    number: float, precision: int | None, expected: str
) -> None:
    assert expected == rounded(number, precision)


@given(st.floats(allow_nan=False), st.integers(0, 12))
def test_a_rounded_number_is_zero_only_if_the_number_is(number: float, precision: int) -> None:
    assert (float(rounded(number, precision)) == 0) == (number == 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain süß 東京 👍🏽", "plain süß 東京 👍🏽"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\x9b2J\x07\x00", r"\x9b2J\x07\x00"),
        ("abc\u202edcba\u2066", r"abc\u202edcba\u2066"),
        ("\u2028\ufeff", r"\u2028\ufeff"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_would_act_on_a_terminal_is_shown_instead(text: str, expected: str) -> None:
    assert expected == visible(text)


def test_what_an_encoding_lacks_is_shown_as_an_escape() -> None:
    assert visible("café", "ascii") == r"caf\xe9"


@pytest.mark.parametrize("name", ["table", "markdown"])
def test_control_sequences_of_data_and_headers_do_not_reach_the_page(name: str) -> None:
    odd = block({"mse": [0.0]}, **{"k\x1b[2J": ["v\x1b]0;x\x07\u202e"]})
    text = written(name, [odd], report(result(by={"g\x1b": "\x9bv"}), by=["g\x1b"]))
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(text)
