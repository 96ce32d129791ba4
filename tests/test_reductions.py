"""Means, deviations, extremes and quantiles: exact, and the same however the rows were split up."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any, Self

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from losscli.arrays import Array
from losscli.errors import UsageError
from losscli.quantiles import Quantiles
from losscli.reductions import REDUCTIONS, Fold, Moments, reduction

LARGEST, SMALLEST = float(np.finfo(np.float64).max), 5e-324
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
WEIGHT = st.floats(min_value=0, allow_infinity=False)
ROWS = st.lists(st.tuples(NUMBER, WEIGHT))
WILD_ROWS = st.lists(
    st.tuples(NUMBER | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0]), WEIGHT | st.just(0.0))
)
Rows = list[tuple[float, float]]


def arrays(rows: Rows) -> tuple[Array, Array]:
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def rounded(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def powers(rows: Rows) -> tuple[Fraction, Fraction, Fraction]:
    """Σw, Σwl and Σwl², exactly."""
    pairs = [(Fraction(loss), Fraction(weight)) for loss, weight in rows]
    return (
        sum((w for _, w in pairs), Fraction(0)),
        sum((w * x for x, w in pairs), Fraction(0)),
        sum((w * x * x for x, w in pairs), Fraction(0)),
    )


@given(ROWS)
@example([(LARGEST, SMALLEST), (-LARGEST, SMALLEST), (SMALLEST, LARGEST)])
def test_weighted_means_and_sum_are_correctly_rounded(rows: Rows) -> None:
    weight, first, _ = powers(rows)
    seen = Moments.of(*arrays(rows))
    nonzero = sum(w != 0 for _, w in rows)
    expected = [first / size if size else math.nan for size in (weight, Fraction(len(rows)), Fraction(nonzero))]
    assert [repr(rounded(one) if isinstance(one, Fraction) else one) for one in expected] == [
        repr(one) for one in (seen.mean, seen.count_mean, seen.nonzero_mean)
    ]
    assert (rounded(weight), rounded(first), len(rows)) == (seen.weight, seen.sum, seen.n)


@given(st.lists(NUMBER, min_size=1))
def test_without_weights_every_row_weighs_one(losses: list[float]) -> None:
    values = np.array(losses)
    assert Moments.of(values, np.ones(len(losses))) == Moments.of(values)
    assert rounded(sum(map(Fraction, losses), Fraction(0)) / len(losses)) == Moments.of(values).mean


@given(ROWS.filter(lambda rows: any(weight for _, weight in rows)))
@example([(1.0, 1.0), (1.0 + 2**-52, 1.0)])
@example([(LARGEST, 1.0), (-LARGEST, 1.0)])
@example([(SMALLEST, 1.0), (0.0, 3.0)])
@example([(0.1, 1e-300), (0.1, 1e300)])
def test_the_deviation_is_the_float_nearest_to_the_root_of_the_exact_variance(rows: Rows) -> None:
    weight, first, second = powers(rows)
    variance = second / weight - (first / weight) ** 2
    deviation = Fraction(seen := Moments.of(*arrays(rows)).std)
    half = Fraction(math.ulp(seen)) / 2
    below = (deviation + Fraction(math.nextafter(seen, 0.0))) / 2
    assert below**2 <= variance <= (deviation + half) ** 2


def test_the_mean_of_a_million_values_near_the_largest_float_is_finite_and_right() -> None:
    values = np.linspace(1e308, LARGEST, 1_000_000)
    seen = Moments.of(values)
    exact = sum(int(one) for one in values.tolist())
    assert (math.inf, exact / 1_000_000) == (seen.sum, seen.mean)
    assert seen.std == pytest.approx(float(np.std(values * 2.0**-600)) * 2.0**600, rel=1e-9)


def test_weights_spread_over_600_orders_of_magnitude_lose_nothing() -> None:
    random = np.random.default_rng(2)
    losses = random.standard_normal(20_000) * 10.0 ** random.uniform(-300, 300, 20_000)
    weights = 10.0 ** random.uniform(-300, 300, 20_000)
    weight, first, _ = powers(list(zip(losses.tolist(), weights.tolist(), strict=True)))
    assert rounded(first / weight) == Moments.of(losses, weights).mean


def test_negative_weights_may_leave_no_deviation_but_always_a_mean() -> None:
    seen = Moments.of(np.array([1.0, 2.0]), np.array([-1.0, 3.0]))
    assert (seen.mean, repr(seen.std)) == (2.5, "nan")


def test_without_squares_there_is_no_deviation_and_all_else_is_the_same() -> None:
    values = np.array([1.0, 2.0, 4.0])
    plain, full = Moments.of(values, squares=False), Moments.of(values)
    assert (full.mean, full.sum, full.min, full.max) == (plain.mean, plain.sum, plain.min, plain.max)
    assert math.isnan(plain.std)
    assert math.isnan((plain + full).std)
    assert plain == plain + Moments()


def readings(seen: Moments) -> dict[str, str]:
    names = ("n", "weight", "mean", "sum", "count_mean", "nonzero_mean", "std", "min", "max")
    return {name: repr(getattr(seen, name)) for name in names}


@pytest.mark.parametrize(
    ("losses", "weights", "expected"),
    [
        ([], None, {"n": 0, "weight": 0.0, "mean": math.nan, "sum": 0.0, "std": math.nan, "min": math.nan}),
        ([1.0, 2.0], [0.0, 0.0], {"n": 2, "weight": 0.0, "mean": math.nan, "sum": 0.0, "count_mean": 0.0}),
        ([1.0, 2.0], [0.0, 0.0], {"nonzero_mean": math.nan, "min": math.nan, "max": math.nan, "std": math.nan}),
        ([1.0, math.nan], None, dict.fromkeys(("mean", "sum", "std", "min", "max"), math.nan)),
        ([1.0, math.inf], None, {"mean": math.inf, "sum": math.inf, "std": math.nan, "min": 1.0, "max": math.inf}),
        ([math.inf, -math.inf], None, {"mean": math.nan, "sum": math.nan, "min": -math.inf, "max": math.inf}),
        ([1.0, math.inf], [1.0, 0.0], {"mean": 1.0, "sum": 1.0, "max": 1.0, "std": 0.0, "n": 2, "count_mean": 0.5}),
        ([1.0, math.nan], [2.0, 0.0], {"mean": 1.0, "sum": 2.0, "max": 1.0, "nonzero_mean": 2.0, "weight": 2.0}),
        ([1.0, 2.0], [1.0, math.nan], {"mean": math.nan, "weight": math.nan, "min": math.nan}),
        ([1.0, 2.0], [1.0, math.inf], {"mean": math.nan, "weight": math.inf, "std": math.nan}),
        ([-0.0], None, {"mean": 0.0, "sum": 0.0, "min": 0.0, "max": 0.0, "std": 0.0}),
    ],
)
def test_empty_weightless_nan_and_infinite_rows_follow_the_stated_rules(
    losses: list[float], weights: list[float] | None, expected: dict[str, float]
) -> None:
    seen = readings(Moments.of(np.array(losses), None if weights is None else np.array(weights)))
    assert {name: repr(value) for name, value in expected.items()} == {name: seen[name] for name in expected}


# ---- The laws of a state: plain functions, so that broken states can be shown to fail them.

QS = (0.0, 0.05, 0.5, 0.9, 1.0)
State = Any


def told(state: State) -> list[str]:
    """Everything that can be read off a state, to the bit."""
    if isinstance(state, Quantiles):
        return [repr(state.quantile(q)) for q in QS]
    return list(readings(state).values()) if isinstance(state, Moments) else [repr(state.total)]


def empty_changes_nothing(kind: State, rows: Rows) -> None:
    state = kind.of(*arrays(rows))
    assert told(state) == told(state + kind()) == told(kind() + state)


def order_of_joining_does_not_matter(kind: State, rows: Rows) -> None:
    a, b = kind.of(*arrays(rows[::2])), kind.of(*arrays(rows[1::2]))
    assert told(a + b) == told(b + a)


def grouping_does_not_matter(kind: State, rows: Rows) -> None:
    a, b, c = (kind.of(*arrays(rows[start::3])) for start in range(3))
    assert told((a + b) + c) == told(a + (b + c))


def chunks_do_not_matter(kind: State, rows: Rows) -> None:
    joined = kind()
    for start in range(0, len(rows), 2):
        joined += kind.of(*arrays(rows[start : start + 2]))
    assert told(kind.of(*arrays(rows))) == told(joined)


def order_of_rows_does_not_matter(kind: State, rows: Rows) -> None:
    assert told(kind.of(*arrays(rows))) == told(kind.of(*arrays(rows[::-1]))) == told(kind.of(*arrays(sorted(rows))))


class FloatSum:
    """Plain float64 addition: what exact sums are there to replace."""

    def __init__(self, total: float = 0.0) -> None:
        self.total = total

    @classmethod
    def of(cls, losses: Array, weights: Array) -> Self:
        return cls(reduce(add, (losses * weights).tolist(), 0.0))

    def __add__(self, other: FloatSum) -> Self:
        return type(self)(self.total + other.total)


class StartsAtOne(FloatSum):
    def __init__(self, total: float = 1.0) -> None:
        super().__init__(total)


class LastWins(FloatSum):
    def __add__(self, other: FloatSum) -> Self:
        return type(self)(other.total)


BROKEN: dict[Callable[[State, Rows], None], type[FloatSum]] = {
    empty_changes_nothing: StartsAtOne,
    order_of_joining_does_not_matter: LastWins,
    grouping_does_not_matter: FloatSum,
    chunks_do_not_matter: FloatSum,
    order_of_rows_does_not_matter: FloatSum,
}
TELLING: Rows = [(0.1, 1.0), (0.1, 1.0), (0.2, 1.0), (0.7, 1.0)]


@pytest.mark.parametrize("law", BROKEN, ids=lambda law: law.__name__)
@pytest.mark.parametrize("kind", [Moments, Quantiles])
@given(rows=WILD_ROWS)
@example(rows=TELLING)
@example(rows=[(0.0, 1.0), (-0.0, 1.0), (0.0, 1.0)])
@example(rows=[(1.0, 0.1), (1.0, 0.2), (1.0, 0.3), (2.0, 0.3), (2.0, 0.2), (2.0, 0.1)])
def test_a_state_keeps_the_law_to_the_bit(law: Callable[[State, Rows], None], kind: State, rows: Rows) -> None:
    law(kind, rows)


@pytest.mark.parametrize("law", BROKEN, ids=lambda law: law.__name__)
def test_the_law_rejects_a_broken_state(law: Callable[[State, Rows], None]) -> None:
    with pytest.raises(AssertionError):
        law(BROKEN[law], TELLING)


@given(WILD_ROWS)
@example([(0.0, 1.0), (-0.0, 1.0), (0.0, 1.0), (-0.0, 1.0)])
def test_moments_of_any_chunks_are_equal_as_states(rows: Rows) -> None:
    middle = len(rows) // 3
    joined = Moments.of(*arrays(rows[middle:])) + Moments.of(*arrays(rows[:middle]))
    assert Moments.of(*arrays(rows)) == joined
    assert repr(Moments.of(*arrays(rows))) == repr(joined)  # −0 == 0, but a file of partial results would differ


# ---- Quantiles


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=60), st.sampled_from([0.0, 0.05, 0.25, 0.5, 0.95, 1.0]))
def test_a_quantile_without_weights_is_numpy_s_within_rounding(losses: list[float], q: float) -> None:
    values = np.array(losses)
    slack = 1e-14 * float(np.abs(values).max())
    assert Quantiles.of(values).quantile(q) == pytest.approx(float(np.quantile(values, q)), rel=1e-14, abs=slack)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1), st.integers(0, 100))
def test_a_quantile_without_weights_is_correctly_rounded(losses: list[float], percent: int) -> None:
    ordered = sorted(map(Fraction, losses))
    below, part = divmod(Fraction(percent, 100) * (len(losses) - 1), 1)
    above = min(below + 1, len(losses) - 1)
    expected = ordered[below] * (1 - part) + ordered[above] * part
    found = reduction(f"q{percent}").value(fold_of("mean", np.array(losses), held=True))
    assert float(expected) == found


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 9)), min_size=1), st.integers(0, 100))
@example([(1, 3), (2, 7)], 30)
@example([(one, 1) for one in range(10)], 90)
def test_a_weighted_quantile_is_the_averaged_inverted_cdf_of_repeated_rows(
    pairs: list[tuple[int, int]], percent: int
) -> None:
    losses, weights = arrays([(float(loss), float(weight)) for loss, weight in pairs])
    if not weights.any():
        weights = weights + 1
    q = percent / 100
    repeated = sorted(np.repeat(losses, weights.astype(int)).tolist())
    goal = Fraction(percent, 100) * len(repeated)  # numpy's own goal is a rounded float
    last = max(math.ceil(goal), 1) - 1
    both = repeated[last : last + 2] if goal == last + 1 else [repeated[last]]
    expected = sum(both) / len(both)
    assert float(expected) == Quantiles.of(losses, weights).quantile(q)


def test_ten_weights_of_a_tenth_reach_nine_tenths_between_the_ninth_loss_and_the_tenth() -> None:
    assert Quantiles.of(np.arange(1.0, 11.0), np.full(10, 0.1)).quantile(0.9) == 9.5


@given(st.lists(st.integers(-9, 9), min_size=1))
def test_equal_weights_leave_the_median_as_it_is(losses: list[int]) -> None:
    values = np.array(losses, dtype=np.float64)
    assert Quantiles.of(values).quantile(0.5) == Quantiles.of(values, np.full(len(losses), 0.3)).quantile(0.5)


@pytest.mark.parametrize(
    ("losses", "weights", "expected"),
    [
        ([], None, math.nan),
        ([1.0, math.nan], None, math.nan),
        ([1.0, math.nan], [1.0, 0.0], 1.0),
        ([1.0, 2.0], [1.0, math.inf], math.nan),
        ([1.0, 2.0], [1.0, -1.0], math.nan),
        ([1.0, math.inf], None, math.inf),
        ([-math.inf, 1.0], None, -math.inf),
        ([-math.inf, math.inf], None, math.nan),
        ([math.inf, math.inf], None, math.inf),
        ([1.0, 2.0, math.inf], None, 2.0),
        ([-LARGEST, LARGEST], None, 0.0),
        ([LARGEST, LARGEST, LARGEST, LARGEST], None, LARGEST),
        ([-0.0], None, 0.0),
    ],
)
def test_the_median_of_empty_nan_and_infinite_rows_follows_the_stated_rules(
    losses: list[float], weights: list[float] | None, expected: float
) -> None:
    found = Quantiles.of(np.array(losses), None if weights is None else np.array(weights)).quantile(0.5)
    assert repr(expected) == repr(found)


def test_rows_without_weights_weigh_one_beside_rows_with_weights() -> None:
    plain, weighted = np.array([1.0, 2.0]), (np.array([3.0]), np.array([5.0]))
    assert (Quantiles.of(plain) + Quantiles.of(*weighted)).quantile(0.5) == 3.0
    assert (Moments.of(plain) + Moments.of(*weighted)).mean == 18 / 7


def test_a_state_does_not_change_when_its_arrays_do() -> None:
    losses = np.array([1.0, 2.0, 3.0])
    state = Quantiles.of(losses)
    losses[:] = 0
    assert state.quantile(0.5) == 2.0
    assert [state.quantile(q) for q in (1.0, 0.0, 1.0)] == [3.0, 1.0, 3.0]


# ---- Names


def fold_of(name: str, losses: Array, weights: Array | None = None, *, held: bool = False) -> Fold:
    fold = Fold(reduction(name))
    fold.update(losses, weights)
    if held:
        fold.quantiles = Quantiles.of(losses, weights)
    return fold


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mean", 16 / 4),
        ("sum", 16.0),
        ("count-mean", 16 / 3),
        ("nonzero-mean", 16 / 2),
        ("element-sum", 16.0),
        ("batch-mean", 16 / 3),
        ("plain-mean", 15 / 3),
        ("vector-mean", 15 / 3 * 4 / 3),
        ("vector-sum", 15 / 3 * 4),
        ("min", 1.0),
        ("max", 5.0),
        ("std", math.sqrt(3.0)),
        ("median", 5.0),
        ("q24", 1.0),
        ("q25", 3.0),
        ("q26", 5.0),
        ("none", None),
    ],
)
def test_each_reduction_reads_its_number_off_a_fold(name: str, expected: float | None) -> None:
    losses, weights = np.array([1.0, 5.0, 9.0]), np.array([1.0, 3.0, 0.0])
    assert expected == fold_of(name, losses, weights).value


def test_only_means_of_samples_are_finished() -> None:
    means = ["mean", "count-mean", "nonzero-mean", "unbroadcast-mean", "plain-mean", "vector-mean"]
    assert [one.name for one in REDUCTIONS.values() if one.finished] == means


def test_a_sum_of_elements_counts_each_loss_as_often_as_it_has_elements() -> None:
    found = {name: Fold(reduction(name)) for name in ("element-sum", "batch-mean", "unbroadcast-mean", "sum")}
    for fold in found.values():
        fold.update(np.array([1.0, 5.0]), np.array([1.0, 3.0]), elements=3)
    joined = found["element-sum"] + Fold(reduction("element-sum"))
    assert {name: fold.value for name, fold in found.items()} == {
        "element-sum": 48.0, "batch-mean": 24.0, "unbroadcast-mean": 12.0, "sum": 16.0
    }  # fmt: skip
    assert joined.value == 48.0


def test_the_mean_loss_times_the_weights_is_rounded_once() -> None:
    random = np.random.default_rng(7)
    losses, weights = random.uniform(size=1000), random.uniform(size=1000)
    exact = sum(map(Fraction, losses.tolist())) * sum(map(Fraction, weights.tolist()))
    assert fold_of("vector-mean", losses, weights).value == float(exact / 1000**2)
    assert fold_of("vector-sum", losses, weights).value == float(exact / 1000)


@pytest.mark.parametrize("name", ["element-sum", "unbroadcast-mean", "plain-mean", "vector-mean", "vector-sum"])
@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_a_loss_that_is_no_number_shows_in_every_mean(name: str, odd: float) -> None:
    found = fold_of(name, np.array([1.0, odd]), np.array([1.0, 2.0])).value
    assert found is not None
    assert str(found) == str(odd)


def test_a_loss_of_weight_0_counts_in_the_plain_mean_and_in_no_sum() -> None:
    losses, weights = np.array([1.0, math.inf]), np.array([1.0, 0.0])
    assert fold_of("plain-mean", losses, weights).value == math.inf
    assert fold_of("element-sum", losses, weights).value == 1.0


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("q95", "q95"), ("q99.9", "q99.9"), ("q5", "q5"), ("q05.0", "q5"), ("q0.00001", "q0.00001"), ("q100", "q100")],
)
def test_a_percentile_has_one_name_that_reads_back(written: str, canonical: str) -> None:
    assert canonical == reduction(written).name == reduction(canonical).name


@pytest.mark.parametrize("name", ["q101", "q-1", "q", "qnan", "q1e1", "q٣", "", "Mean ", "q100.0000001"])
def test_what_is_no_reduction_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no reduction is called"):
        reduction(name)


def test_an_unknown_reduction_is_answered_with_the_nearest_or_with_all() -> None:
    with pytest.raises(UsageError) as near:
        reduction("count_mean")
    with pytest.raises(UsageError) as far:
        reduction("xyz")
    assert near.value.hint.startswith("did you mean 'count-mean'")
    assert all(name in far.value.hint for name in (*REDUCTIONS, "q0 to q100"))


@pytest.mark.parametrize("name", [*REDUCTIONS, "q95"])
def test_folds_join_to_the_fold_of_all_rows(name: str) -> None:
    losses, weights = np.array([1.0, 5.0, 9.0, 2.0]), np.array([0.1, 0.2, 0.3, 0.0])
    joined = fold_of(name, losses[:2], weights[:2]) + fold_of(name, losses[2:], weights[2:])
    stepwise = fold_of(name, losses[:1], weights[:1])
    stepwise.update(losses[1:], weights[1:])
    whole = fold_of(name, losses, weights)
    assert whole.value == joined.value == stepwise.value
    assert whole.moments == joined.moments == stepwise.moments


def test_only_quantiles_keep_the_losses_and_only_std_insists_on_squares() -> None:
    held = {name: Fold(one, squares=False) for name, one in REDUCTIONS.items()}
    for fold in held.values():
        fold.update(np.array([1.0, 2.0]))
    assert [name for name, fold in held.items() if fold.quantiles] == ["median"]
    assert [name for name, fold in held.items() if fold.plain.units] == ["plain-mean", "vector-mean", "vector-sum"]
    assert [name for name, fold in held.items() if fold.moments.second is not None] == ["std"]


def test_the_module_loads_nothing_slow_beyond_numpy() -> None:
    code = "import sys, numpy; before = set(sys.modules); import losscli.reductions; print(set(sys.modules) - before)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert not {"fractions", "decimal", "difflib", "rich", "typer"} & set(loaded.replace("'", " ").split())
