"""Values typed on the command line, and the one rule for what a cell of text means as a number."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from losscli.errors import DataError
from losscli.sources.cells import CellError, number, numbers
from losscli.sources.inline import inline
from losscli.sources.table import MISSING, Column, Kind, place


def typed(text: str, kind: Kind = "number") -> Column:
    """Return the values of ``--pred``; ``--true`` is the same."""
    (chunk,) = inline(text, text).chunks({"y_pred": kind})
    return chunk.columns["y_pred"]


def refused(true: str, pred: str, weight: str | None = None) -> DataError:
    with pytest.raises(DataError) as caught:
        list((table := inline(true, pred, weight)).chunks(dict.fromkeys(table.columns, "number")))
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2,3", [1, 2, 3]),
        ("5", [5]),
        ("-1,2", [-1, 2]),
        (" 1 ,\t2.5e3 ", [1, 2500]),
        ("1,,3,", [1, nan, 3, nan]),
        ("1,NA,Null", [1, nan, nan]),
        ("inf,-Infinity", [inf, -inf]),
        ("0,1,0;1,0,0", [[0, 1, 0], [1, 0, 0]]),
        ("0,1 ; 1,", [[0, 1], [1, nan]]),
        ("0,1,0;", [[0, 1, 0]]),
        ("[1, 2]", [1, 2]),
        (" [1, null, NaN, true]", [1, nan, nan, 1]),
        ("[[0,1,0],[1,0,0]]", [[0, 1, 0], [1, 0, 0]]),
        ('["1", "2"]', [1, 2]),
    ],
)
def test_typed_numbers_are_read(text: str, expected: Sequence[float] | Sequence[Sequence[float]]) -> None:
    assert inline(text, text).kinds() == {"y_true": "number", "y_pred": "number"}
    np.testing.assert_array_equal(np.array(expected, dtype=np.float64), typed(text), strict=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat, dog ,é", ["cat", "dog", "é"]),
        ('["cat", "a,b"]', ["cat", "a,b"]),
        ("cat,1", ["cat", "1"]),
        ("1_000", ["1_000"]),
        ("0x10", ["0x10"]),
        ("１,２", ["１", "２"]),
    ],
)
def test_typed_labels_stay_text(text: str, expected: list[str]) -> None:
    assert inline(text, text).kinds()["y_pred"] == "text"
    assert expected == typed(text, "text")


def test_numbers_can_be_had_as_they_were_typed() -> None:
    assert typed("1, 2.50,", "text") == ["1", "2.50", ""]


def test_the_columns_are_truth_prediction_and_the_weight_if_there_is_one() -> None:
    assert inline("1", "2").columns == ["y_true", "y_pred"]
    table = inline("1,2", "2,3", "0.5,1")
    assert table.columns == ["y_true", "y_pred", "weight"]
    (chunk,) = table.chunks({"weight": "number"})
    np.testing.assert_array_equal([0.5, 1], chunk.columns["weight"])
    assert list(chunk.lines) == [1, 2]


@pytest.mark.parametrize(
    ("true", "pred", "message"),
    [
        ("1,2", "1,x", "--pred, value 2: 'x' is not a number"),
        ("1,2", "1,1_000", "--pred, value 2: '1_000' is not a number"),
        ("1;2", "1,0;0,x", "--pred, row 2: 'x' is not a number"),
        ("1,2", "1,0;0,x", "--pred, row 2: 'x' is not a number"),
        ("1,x", "1,0;0,1", "--true, value 2: 'x' is not a number"),
        ("1,2", "1,2,3;4,5", "--pred, row 2 has 2 values where row 1 has 3"),
        ("1,2", "[[1,2,3],[4]]", "--pred, row 2 has 1 value where row 1 has 3"),
        ("1,2,3", "1,2", "--true has 3 values and --pred has 2 values"),
        ("1", "1,2;3,4", "--true has 1 value and --pred has 2 rows"),
        ("", "1", "--true holds no values"),
        ("1", "  ", "--pred holds no values"),
        ("1", "[]", "--pred holds no values"),
        ("1", "[1,", "--pred, line 1, column 4: not JSON: Expecting value"),
        ("1", '[{"a": 1}]', "--pred, value 1: {'a': 1} is not a number"),
    ],
)
def test_a_mistake_is_named_by_its_option(true: str, pred: str, message: str) -> None:
    assert message == refused(true, pred).message


def test_weights_must_be_as_many_as_values() -> None:
    assert refused("1,2", "1,2", "1").message == "--true has 2 values and --weight has 1 value"


def test_words_where_numbers_are_wanted_are_taken_for_names_of_columns() -> None:
    hint = "without FILES, --true and --pred hold values; to name columns of stdin, give - as the file"

    assert hint == refused("price", "estimate").hint
    assert hint == refused("1", "estimate").hint
    assert "hold values" not in refused("1,2", "1,x").hint


def test_other_parts_of_losscli_can_name_a_typed_value() -> None:
    assert place(inline("1", "2"), 1, "y_pred") == "--pred, value 1"
    assert place(inline("1", "2;"), 1, "y_pred") == "--pred, row 1"
    assert place(inline("1", "2;"), 1, "y_true") == "--true, value 1"
    assert place(inline("1", "2"), 1) == "value 1"


def test_plain_values_are_read_without_importing_json() -> None:
    program = (
        "import sys\nfrom losscli.sources.inline import inline\n"
        "list(inline('1,2', '2,3').chunks({'y_true': 'number', 'y_pred': 'number'}))\n"
        "print([name for name in ('json', 'zipfile', 'losscli.sources.json') if name in sys.modules])"
    )

    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    assert subprocess.check_output([sys.executable, "-c", program], text=True, env=unmeasured).strip() == "[]"


@given(st.lists(st.floats() | st.integers(), min_size=1))
def test_numbers_are_read_as_float_reads_them(values: list[float]) -> None:
    expected = np.array([float(repr(value)) for value in values])

    np.testing.assert_array_equal(expected, typed(",".join(map(repr, values))), strict=True)


ODD = st.text("0123456789+-.eE_xinfatyNAu １٣ \t\n\0,;#?/<>", max_size=8) | st.sampled_from(sorted(MISSING))


@given(ODD)
@example("1_0")
@example("１")
@example("0x1")
@example("1e5")
@example(".")
@example("ınf")
@example("\N{NO-BREAK SPACE}1")
def test_a_number_is_what_float_takes_in_ascii_without_underscores(cell: str) -> None:
    bare = cell.strip()
    try:
        expected = float(bare) if bare.isascii() and "_" not in bare else None
    except ValueError:
        expected = None
    if expected is None and bare.lower() in MISSING:
        expected = nan
    found = number(cell)
    assert found == expected or (found is not None and expected is not None and isnan(found) and isnan(expected))


@given(st.lists(ODD))
@example(["1_0"])
@example(["1", "", "２"])
def test_many_cells_are_read_like_each_of_them(cells: list[str]) -> None:
    singly = [number(cell) for cell in cells]
    if None in singly:
        with pytest.raises(CellError) as caught:
            numbers(cells)
        assert singly.index(None) == caught.value.index
        assert cells[caught.value.index] == caught.value.cell
    else:
        np.testing.assert_array_equal(np.array(singly, dtype=np.float64), numbers(cells), strict=True)
