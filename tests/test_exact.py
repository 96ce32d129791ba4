"""Exact sums, against the standard library's fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from losscli.arrays import AnyArray, Array
from losscli.exact import BAND, LOWEST, SLICE_BITS, ExactSum, quotient, ratio, root_of_quotient, sums_of_powers

LARGEST, SMALLEST = float(np.finfo(np.float64).max), 5e-324
NUMBER = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, SMALLEST, -SMALLEST, LARGEST, -LARGEST, 2.0**256, 2.0**-257, np.nextafter(2.0**256, 0), 1.0, 0.1]
).map(float)
ANY = NUMBER | st.sampled_from([math.nan, math.inf, -math.inf])


def rounded(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def exactly(*factors: list[float]) -> Fraction:
    return sum((math.prod(map(Fraction, row), start=Fraction(1)) for row in zip(*factors, strict=True)), Fraction(0))


def exact_sum(*factors: list[float]) -> ExactSum:
    """Return the sum, having made sure that both ways to take it agree: Python's whole numbers and numpy's slices."""
    arrays = [np.array(one, dtype=np.float64) for one in factors]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("losscli.exact.FEW", 0)
        by_slices = ExactSum.of(*arrays)
        patch.setattr("losscli.exact.FEW", len(factors[0]))
        assert ExactSum.of(*arrays) == by_slices
    return by_slices


@given(st.lists(NUMBER))
@example([LARGEST] * 3 + [-LARGEST] * 2 + [SMALLEST])
def test_a_sum_is_the_correctly_rounded_one(values: list[float]) -> None:
    assert rounded(exactly(values)) == exact_sum(values).result()


@given(st.lists(st.tuples(NUMBER, NUMBER)))
@example([(SMALLEST, SMALLEST), (-SMALLEST, 1.0), (LARGEST, LARGEST)])
def test_a_sum_of_products_of_two_has_no_error(rows: list[tuple[float, float]]) -> None:
    a, b = ([row[k] for row in rows] for k in range(2))
    assert exactly(a, b) == Fraction(exact_sum(a, b).units, 1 << 3222)


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER)))
@example([(SMALLEST, SMALLEST, SMALLEST), (LARGEST, LARGEST, LARGEST), (-LARGEST, 0.1, SMALLEST)])
def test_a_sum_of_products_of_three_has_no_error(rows: list[tuple[float, float, float]]) -> None:
    a, b, c = ([row[k] for row in rows] for k in range(3))
    assert exactly(a, b, c) == Fraction(exact_sum(a, b, c).units, 1 << 3222)


def full_slices(exponent: int) -> Array:
    """Three full slices and a bit, of numbers whose every bit is set, mixed with small ones of both signs."""
    count = 3 * 2**SLICE_BITS + 7
    values: Array = np.full(count, np.nextafter(2.0, 0.0) * 2.0**exponent)
    values[::3] *= -(2.0**-60)
    values[1::1000] *= 2.0**-30
    return values


@pytest.mark.parametrize("exponent", [-1022, -500, -BAND // 2 - 1, 0, BAND // 2 - 1, BAND // 2, 500, 1000])
def test_full_slices_of_the_longest_numbers_add_up_without_error(exponent: int) -> None:
    values = full_slices(exponent)
    assert sum(map(Fraction, values.tolist()), Fraction(0)) == Fraction(ExactSum.of(values).units, 1 << 3222)


@pytest.mark.parametrize("first", [1.999, 2.0**40])
def test_slices_that_fill_float64_to_the_last_bit_add_up_without_error(first: float) -> None:
    """Positive numbers just below a power of 2: their sum, or the sum of their rests, needs all 53 bits."""
    values = 2.0 - np.random.default_rng(3).random(2**SLICE_BITS) * 2.0**-10
    values[0] = first
    assert sum(map(Fraction, values.tolist()), Fraction(0)) == Fraction(ExactSum.of(values).units, 1 << 3222)


@given(st.lists(ANY, max_size=40))
@example([2.0**LOWEST, 2.0 ** (LOWEST - 1), SMALLEST])
@example([1.0, 2.0**-26, 2.0**-27, 2.0**-60, 1 - 2.0**-53])
@example([-1.0, -1e-9, 0.0, -0.0])
def test_both_sums_at_once_are_those_taken_one_by_one(values: list[float]) -> None:
    array = np.array(values, dtype=np.float64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("losscli.exact.FEW", 0)
        assert sums_of_powers(array) == (ExactSum.of(array), ExactSum.of(array, array))


@pytest.mark.parametrize("exponent", [-395, -1, 0, 200, 255])
def test_both_sums_of_full_slices_of_the_longest_numbers_have_no_error(exponent: int) -> None:
    for array in (
        full_slices(exponent),
        np.abs(full_slices(exponent)),
        np.full(2**SLICE_BITS, math.ldexp(1 - 2.0**-53, exponent)),
    ):
        assert sums_of_powers(array) == (ExactSum.of(array), ExactSum.of(array, array))


def test_values_spread_over_600_orders_of_magnitude_agree_with_fsum() -> None:
    random = np.random.default_rng(1)
    values = random.standard_normal(100_000) * 10.0 ** random.uniform(-300, 300, 100_000)
    assert math.fsum(values) == ExactSum.of(values).result()


@pytest.mark.parametrize("step", [1, 2, -1])
def test_strided_and_narrow_arrays_add_up_like_their_values(step: int) -> None:
    values: AnyArray = np.linspace(0, 1, 101, dtype=np.float32)[::step]
    narrow = ExactSum.of(values)  # a user's own loss may return float32
    assert exactly([float(one) for one in values]) == Fraction(narrow.units, 1 << 3222)


@given(st.lists(ANY), st.lists(ANY))
def test_nan_and_infinities_follow_ieee_rules(a: list[float], b: list[float]) -> None:
    odd = [one for one in a + b if not math.isfinite(one)]
    total = (exact_sum(a) + exact_sum(b)).result()
    if odd:
        assert repr(sum(odd)) == repr(total)
    else:
        assert rounded(exactly(a + b)) == total


@given(st.tuples(ANY, ANY, ANY).filter(lambda row: not all(map(math.isfinite, row))))
@example((1e-200, 1e-200, math.inf))
@example((math.inf, 0.0, 1.0))
@example((-math.inf, -1e-300, -SMALLEST))
def test_a_product_with_an_infinity_has_the_sign_of_its_factors(row: tuple[float, float, float]) -> None:
    expected = math.prod(math.copysign(1.0, one) if math.isfinite(one) and one else one for one in row)
    assert repr(expected) == repr(exact_sum(*([one] for one in row)).result())


@given(st.integers(), st.integers(min_value=1))
@example(-(10**400), 1)
def test_a_quotient_of_whole_numbers_is_correctly_rounded(top: int, bottom: int) -> None:
    assert rounded(Fraction(top, bottom)) == quotient(top, bottom)


@pytest.mark.parametrize(
    ("top", "bottom", "expected"),
    [
        ([1.0], [], math.nan),
        ([], [], math.nan),
        ([1.0], [1.0, -1.0], math.nan),
        ([math.inf], [2.0], math.inf),
        ([math.inf], [-2.0], -math.inf),
        ([math.inf], [math.inf], math.nan),
        ([3.0], [math.inf], 0.0),
        ([math.nan], [1.0], math.nan),
        ([math.inf], [0.0], math.nan),
        ([LARGEST] * 4, [4.0], LARGEST),
        ([-LARGEST], [0.5], -math.inf),
        ([SMALLEST], [3.0], 0.0),
    ],
)
def test_a_ratio_of_sums_is_ieee_s_quotient_and_nan_over_zero(
    top: list[float], bottom: list[float], expected: float
) -> None:
    assert repr(expected) == repr(ratio(exact_sum(top), exact_sum(bottom)))


@given(st.integers(min_value=0), st.integers(min_value=1))
@example(2, 1)
@example(0, 7)
@example(1, 2**2147)
@example((2**53 + 1) ** 2, 1)
@example((2**53 + 1) ** 2 + 1, 1)
@example((2**53 + 1) ** 2 - 1, 1)
@example(2**2046, 3)
def test_the_root_of_a_quotient_is_the_nearest_float(top: int, bottom: int) -> None:
    assert_nearest_root(root_of_quotient(top, bottom), Fraction(top, bottom))


def assert_nearest_root(root: float, square: Fraction) -> None:
    """The exact root lies between the midpoints to both neighbours; on a midpoint, the even one is right."""
    below = (Fraction(root) + Fraction(math.nextafter(root, 0))) / 2
    above = Fraction(root) + Fraction(math.ulp(root)) / 2
    even = (Fraction(root) / Fraction(math.ulp(root))) % 2 == 0
    assert below**2 <= square <= above**2 if even else below**2 < square < above**2


@pytest.mark.parametrize(("wrong", "square"), [(1.0000000000000002, 1), (2.0**53, (2**53 + 1) ** 2 + 1)])
def test_the_check_for_the_nearest_root_rejects_a_neighbour(wrong: float, square: int) -> None:
    with pytest.raises(AssertionError):
        assert_nearest_root(wrong, Fraction(square))


@settings(max_examples=20)
@given(st.lists(NUMBER, min_size=1, max_size=20), st.integers(1, 5000))
def test_repeating_the_data_multiplies_the_units(values: list[float], times: int) -> None:
    assert times * exact_sum(values).units == ExactSum.of(np.tile(np.array(values), times)).units
