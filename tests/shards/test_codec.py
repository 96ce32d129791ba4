"""Plain data comes back from JSON as it was, and nothing else is taken for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from math import isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from losscli.arrays import AnyArray, Array
from losscli.codec import LARGEST, MOST_BITS, MalformedError, codec
from losscli.confusion import Confusion
from losscli.exact import ExactSum
from losscli.quantiles import Quantiles
from losscli.reductions import Moments
from losscli.scores._state import Rows

quick = settings(max_examples=50, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Plain:
    needed: int
    text: str = ""
    nested: tuple[tuple[str, float], ...] = ()
    table: dict[tuple[str, ...] | None, bool] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)


def through(kind: Any, value: object) -> Any:  # noqa: ANN401  any annotation
    """Write a value as strict JSON text and read it again."""
    text = json.dumps(codec(kind).write(value), allow_nan=False)
    return codec(kind).read(json.loads(text))


@pytest.mark.parametrize("value", [0, 1, -1, LARGEST - 1, LARGEST, -LARGEST, 3 << 3222, (1 << 9000) + 1, -(5 << 64)])
def test_a_whole_number_of_any_size_comes_back(value: int) -> None:
    assert value == through(int, value)


@quick
@given(st.floats())
def test_every_float_comes_back_to_the_bit(value: float) -> None:
    found = through(float, value)
    assert isnan(found) if isnan(value) else found.hex() == value.hex()


def test_an_exact_sum_is_short_however_far_it_reaches() -> None:
    one = ExactSum.of(np.array([1e300, 1.0]))
    assert one == through(ExactSum, one)
    assert len(json.dumps(codec(ExactSum).write(ExactSum.of(np.array([0.1]))))) < 40


def test_only_what_differs_from_its_default_is_written() -> None:
    assert codec(Plain).write(Plain(3)) == {"needed": 3}


@quick
@given(
    st.builds(
        Plain,
        st.integers(),
        st.text(),
        st.lists(st.tuples(st.text(), st.floats(allow_nan=False))).map(tuple),
        st.dictionaries(st.none() | st.lists(st.text()).map(tuple), st.booleans()),
        st.dictionaries(st.text(), st.integers()),
    )
)
def test_a_dataclass_of_plain_data_comes_back(value: Plain) -> None:
    assert value == through(Plain, value)


@quick
@given(arrays.arrays(st.sampled_from([np.float64, np.int64, np.bool_]), arrays.array_shapes(min_side=0, max_dims=3)))
def test_an_array_comes_back_with_its_type_and_shape(values: AnyArray) -> None:
    found = through(AnyArray, values)
    assert (values.dtype, values.shape, values.tobytes()) == (found.dtype, found.shape, found.tobytes())
    assert found.flags.writeable


def test_an_array_of_text_comes_back() -> None:
    assert through(AnyArray, np.array(["a", "ß", ""])).tolist() == ["a", "ß", ""]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Moments, Moments.of(np.array([0.1, np.inf, 3.0]), np.array([1.0, 2.0, 0.5]))),
        (Confusion, Confusion.of(np.array([0.0, 1.0, 1.0]), np.array([1.0, 1.0, 0.0]))),
        (tuple[ExactSum, Moments], (ExactSum.of(np.array([np.nan])), Moments())),
    ],
)
def test_the_states_of_losses_and_scores_come_back(kind: Any, value: object) -> None:  # noqa: ANN401  as above
    assert value == through(kind, value)


def test_states_that_hold_rows_come_back_as_one_chunk() -> None:
    rows = Rows.of(np.array(["q", "r"]), np.array([0.5, 1.0])) + Rows.of(np.array(["s"]), np.array([2.0]))
    assert [column.tolist() for column in through(Rows, rows).columns()] == [["q", "r", "s"], [0.5, 1.0, 2.0]]
    losses = Quantiles.of(np.array([3.0, 1.0])) + Quantiles.of(np.array([2.0]), np.array([5.0]))
    assert losses.quantile(0.75) == through(Quantiles, losses).quantile(0.75)


ARRAY = {"dtype": "<f8", "shape": [1], "data": "AAAAAAAA8D8="}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (int, 1.0),
        (int, True),
        (int, None),
        (int, "1"),
        (int, "0x1p3"),
        (int, LARGEST),
        (int, f"1p{MOST_BITS + 1}"),
        (int, "1" + "0" * MOST_BITS + "p0"),
        (int, "٣p0"),
        (float, "1.0"),
        (float, float("inf")),
        (float, float("nan")),
        (float, False),
        (str, 3),
        (bool, 1),
        (tuple[int, ...], {}),
        (tuple[int, ...], "12"),
        (tuple[int, int], [1]),
        (dict[str, int], []),
        (dict[str, int], {"a": "b"}),
        (dict[tuple[int, int], int], [[[1, 2, 3], 4]]),
        (Plain, {}),
        (Plain, []),
        (Plain, {"needed": 1, "more": 2}),
        (Plain, {"needed": "x"}),
        (Array, [1.0]),
        (Array, {**ARRAY, "dtype": "<i8"}),
        (Array, {**ARRAY, "dtype": "O"}),
        (Array, {**ARRAY, "dtype": []}),
        (Array, {**ARRAY, "shape": [2]}),
        (Array, {**ARRAY, "shape": [-1]}),
        (Array, {**ARRAY, "shape": [1] * 9}),
        (Array, {**ARRAY, "shape": []}),
        (Array, {**ARRAY, "data": "!"}),
        (Array, {**ARRAY, "data": 5}),
        (Array, {"dtype": "<f8"}),
        (AnyArray, ["a", 1]),
        (AnyArray, {"dtype": "|b1", "shape": [1], "data": "Ag=="}),
        (Rows, [["a"], {**ARRAY, "shape": [0], "data": ""}]),
        (Quantiles, [[ARRAY, {**ARRAY, "shape": [0], "data": ""}]]),
    ],
)
def test_anything_else_is_refused(kind: Any, data: object) -> None:  # noqa: ANN401  as above
    with pytest.raises(MalformedError):
        codec(kind).read(data)


def test_a_refusal_says_where_and_what_is_wrong() -> None:
    with pytest.raises(MalformedError) as refused:
        codec(Plain).read({"needed": 1, "nested": [["a", 1.0], ["b", "much" * 30]]})
    assert str(refused.value).startswith("nested.1.1: expected a number, received 'much")
    assert len(str(refused.value)) < 120


def test_a_column_of_arrays_cannot_be_written_to_through_the_text() -> None:
    found = codec(Array).read(ARRAY)
    found[0] = 7
    assert codec(Array).read(ARRAY).tolist() == [1.0]
