"""Exact sums of float64 values and of their products, rounded once at the end.

Every float64 is a whole multiple of 2**−1074, and every product of three of them a whole multiple of 2**−3222. A sum
is one Python integer in that unit, so it does not depend on order, chunks or shards, and it never overflows.

numpy does the work on short slices, where float64 itself can be made to add without error: adding and taking away a
large constant rounds each value to a coarse grid, the grid points add up exactly, and the rests, each 2**−40 as large,
are next.

Source: S. M. Rump, T. Ogita and S. Oishi, Accurate floating-point summation part I, SIAM J. Sci. Comput. 31 (2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import copysign, frexp, inf, isqrt, ldexp, nan

import numpy as np

from losscli.arrays import Array, product

UNIT = 3 * 1074
"""A sum is counted in units of 2**−UNIT."""

SLICE_BITS = 14
"""Slices of 2**14 values: long enough to forget what a numpy call costs, short enough to stay in the cache."""

FEW = 8
"""Up to so many values Python's own whole numbers are quicker than numpy's calls."""

BAND = 512
"""Between 2**−257 and 2**256, products of three and their errors are well inside float64; other factors are scaled."""

PARTS, FIRST_BITS, PART_BITS = 4, 19, 20
"""Into how many parts a value is cut to be squared. Rounded to nearest a part is at most 2^19 grid units, so that
2**SLICE_BITS products add up to no more than 2^52. Values 2^26 times smaller than the largest one still fit whole."""

PRODUCTS = [i + j for i in range(PARTS) for j in range(PARTS)]

LOWEST = -400
"""Above 2**LOWEST the products of the last parts are no subnormals."""


@dataclass(frozen=True, slots=True)
class ExactSum:
    """An exact sum: ``units`` of 2**−UNIT, and how many NaN and infinite terms came along.

    >>> (ExactSum.of(np.array([1e308, 1.0])) + ExactSum.of(np.array([-1e308]))).result()
    1.0
    """

    units: int = 0
    nan: int = 0
    positive: int = 0
    negative: int = 0

    @classmethod
    def of(cls, *factors: Array) -> ExactSum:
        """Return the sum of the elementwise product of up to three arrays of one length.

        >>> ExactSum.of(np.array([0.1, 0.2]), np.array([3.0, 4.0])).result()
        1.1
        """
        step = 1 << SLICE_BITS
        wide = [np.asarray(one, dtype=np.float64) for one in factors]  # float32 would round where float64 does not
        slices = range(0, len(factors[0]), step)
        return sum((_sum_slice([one[start : start + step] for one in wide]) for start in slices), ZERO)

    @classmethod
    def whole(cls, number: int) -> ExactSum:
        """Return a whole number as a sum."""
        return cls(number << UNIT)

    def __add__(self, other: ExactSum) -> ExactSum:
        return ExactSum(
            self.units + other.units,
            self.nan + other.nan,
            self.positive + other.positive,
            self.negative + other.negative,
        )

    @property
    def limit(self) -> float:
        """The NaN or infinity that the sum is whatever its finite terms are; 0 if all terms are finite."""
        if self.nan or (self.positive and self.negative):
            return nan
        return inf if self.positive else -inf if self.negative else 0.0

    def result(self) -> float:
        """Return the sum, correctly rounded; infinite if it is beyond float64."""
        return self.limit or quotient(self.units, 1 << UNIT)


ZERO = ExactSum()


def ratio(top: ExactSum, bottom: ExactSum) -> float:
    """Return the quotient of two sums, rounded once; NaN over an empty or zero sum.

    >>> ratio(ExactSum.of(np.array([1e308, 1e308])), ExactSum.whole(2))
    1e+308
    """
    above, below = (one.limit or float(_sign(one.units)) for one in (top, bottom))
    if below == 0:
        return nan
    return above / below if top.limit or bottom.limit else quotient(top.units, bottom.units)


def quotient(top: int, bottom: int) -> float:
    """Return the correctly rounded quotient of two whole numbers; infinite if it is beyond float64."""
    try:
        return top / bottom
    except OverflowError:
        return copysign(inf, _sign(top) * _sign(bottom))


def root_of_quotient(top: int, bottom: int) -> float:
    """Return the correctly rounded √(top/bottom) of whole numbers, top ≥ 0 and bottom > 0.

    The root is taken to 64 bits or more, and a last bit says whether anything was cut off: that is all rounding needs.
    """
    half = max(0, 65 - (top.bit_length() - bottom.bit_length()) // 2)
    top <<= 2 * half
    root = isqrt(top // bottom)
    return quotient(2 * root + (root * root * bottom != top), 2 << half)


def sums_of_powers(values: Array) -> tuple[ExactSum, ExactSum]:
    """Return Σx and Σx², exactly, in less than half the time of two sums.

    Each value of a slice is cut into PARTS on one grid, a product of two parts then being a whole number of less than
    2^39 grid units. So the matrix product of the parts with themselves is exact, in whatever order BLAS adds.

    >>> first, second = sums_of_powers(np.array([0.5, 3.0]))
    >>> first.result(), second.result()
    (3.5, 9.25)
    """
    if len(values) <= FEW:
        return ExactSum.of(values), ExactSum.of(values, values)
    step = 1 << SLICE_BITS
    wide = np.asarray(values, dtype=np.float64)
    parts, rest = np.empty((PARTS, step)), np.empty(step)
    first, second, left = ZERO, ZERO, []
    for start in range(0, len(wide), step):
        some = wide[start : start + step]
        least, greatest = float(some.min()), float(some.max())
        exponent = frexp(max(-least, greatest))[1] if -inf < least and greatest < inf else None
        if exponent is None or not LOWEST < exponent < BAND // 2:
            left.append(some)
            continue
        cut = parts[:, : len(some)]
        unsettled = np.flatnonzero(_cut(some, exponent, cut, rest[: len(some)]) != 0)
        if len(unsettled):
            left.append(some[unsettled])
            cut[:, unsettled] = 0.0
        lowest = exponent - FIRST_BITS - PART_BITS * (PARTS - 1)
        once = _whole(cut.sum(axis=1).tolist(), range(PARTS), exponent - FIRST_BITS)
        twice = _whole(product(cut, cut.T).ravel().tolist(), PRODUCTS, 2 * (exponent - FIRST_BITS))
        first += ExactSum(once << UNIT + lowest)
        second += ExactSum(twice << UNIT + 2 * lowest)
    if left:
        others = np.concatenate(left)
        first, second = first + ExactSum.of(others), second + ExactSum.of(others, others)
    return first, second


def _cut(values: Array, exponent: int, parts: Array, rest: Array) -> Array:
    """Cut values below 2^exponent into parts on ever finer grids; return what is finer than the last, in ``rest``."""
    grid = ldexp(1.5, exponent - FIRST_BITS + 52)
    for part in parts:
        np.add(values, grid, out=part)
        np.subtract(part, grid, out=part)
        values = np.subtract(values, part, out=rest)
        grid *= 2.0**-PART_BITS
    return rest


def _whole(sums: Sequence[float], finer: Sequence[int], exponent: int) -> int:
    """Return a sum of multiples of 2^(exponent − PART_BITS·f), f being given for each, in units of the finest."""
    most = finer[-1]
    whole = (
        int(ldexp(one, PART_BITS * f - exponent)) << PART_BITS * (most - f) for one, f in zip(sums, finer, strict=True)
    )
    return sum(whole)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _sum_slice(factors: Sequence[Array]) -> ExactSum:
    if len(factors[0]) <= FEW and all(np.isfinite(one).all() for one in factors):
        return ExactSum(_units_of_few(zip(*(one.tolist() for one in factors), strict=True)))
    if all(_moderate(one, alone=len(factors) == 1) for one in factors):
        return ExactSum(_units_of_product(factors))
    finite = np.logical_and.reduce([np.isfinite(one) for one in factors])
    counted = finite & np.logical_and.reduce([one != 0 for one in factors])
    bands = _bands([one[counted] for one in factors])
    units = sum(_shifted(_units_of_product(scaled), exponent) for exponent, scaled in bands)
    with np.errstate(invalid="ignore"):
        odd = np.prod([np.sign(one[~finite]) for one in factors], axis=0) * inf
    nans, positives, negatives = (int(np.count_nonzero(mask)) for mask in (np.isnan(odd), odd > 0, odd < 0))
    return ExactSum(units, nans, positives, negatives)


def _units_of_few(rows: Iterable[tuple[float, ...]]) -> int:
    """Return the exact Σ of the product of each row's finite factors, every one a whole number over a power of 2."""
    units = 0
    for row in rows:
        top, shift = 1, UNIT
        for factor in row:
            numerator, denominator = factor.as_integer_ratio()
            top *= numerator
            shift -= denominator.bit_length() - 1
        units += top << shift
    return units


def _shifted(units: int, exponent: int) -> int:
    """Return units·2^exponent, which is whole: no product of three is finer than the unit."""
    return units << exponent if exponent >= 0 else units >> -exponent


def _moderate(values: Array, *, alone: bool) -> bool:
    """Tell whether products of such values are free of overflow and underflow; a sum alone may hold tiny ones."""
    size = np.abs(values)
    return bool(size.max() < 2.0 ** (BAND // 2)) and (alone or bool(size.min() >= 2.0 ** (-BAND // 2 - 1)))


def _bands(factors: Sequence[Array]) -> Iterator[tuple[int, list[Array]]]:
    """Scale each value by a power of 2**BAND to be moderate; yield the rows whose products share one exponent."""
    bands = [(np.frexp(one)[1] + BAND // 2) // BAND for one in factors]
    scaled = [np.ldexp(one, -BAND * band) for one, band in zip(factors, bands, strict=True)]
    whole = np.add.reduce(bands)
    for band in sorted(set(whole.tolist())):  # numpy.unique imports numpy.ma, 10 ms of start-up
        yield BAND * int(band), [one[whole == band] for one in scaled]


def _units_of_product(factors: Sequence[Array]) -> int:
    """Return the exact Σ of the product of moderate factors: each product is a rounded one and its error."""
    terms = [factors[0]]
    for factor in factors[1:]:
        terms = [part for term in terms for part in _two_product(term, factor)]
    return sum(map(_units, terms))


def _two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """Return a·b rounded, and its error, both exactly. Source: T. J. Dekker, Numer. Math. 18 (1971)."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def _halves(values: Array) -> tuple[Array, Array]:
    """Split each value into two of 26 bits, whose products are exact."""
    scaled = values * (2.0**27 + 1)
    high = scaled - (scaled - values)
    return high, values - high


def _units(values: Array) -> int:
    """Return the exact sum of at most 2**SLICE_BITS finite values, well below the largest float64.

    Adding 1.5·2^m rounds to whole multiples of 2^(m−52). With all values below 2^e and m = e + SLICE_BITS − 1, the sum
    of the multiples stays below 2^53 of them, so no partial sum is rounded in whatever order numpy adds; the rests are
    at most 2^(m−53). Once 2^(m−52) is the smallest subnormal there is no rest.
    """
    exponent = frexp(float(np.abs(values).max()))[1]
    units = 0
    while len(values):
        m = max(exponent + SLICE_BITS - 1, -1022)
        grid = ldexp(1.5, m)
        multiples = values + grid
        multiples -= grid
        fraction, power = frexp(float(multiples.sum()))
        units += int(ldexp(fraction, 53)) << UNIT + power - 53
        values = values - multiples
        exponent = m - 53
        unsettled = values != 0
        if 2 * np.count_nonzero(unsettled) < len(values):
            values = values[unsettled]
    return units
