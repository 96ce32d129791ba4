"""A score does not depend, to the bit, on how its rows were split, ordered or put together."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from score_cases import Case, cases

from losscli import registry
from losscli.arrays import Array
from losscli.exact import ExactSum
from losscli.registry import Score
from losscli.scores._state import Rows, State, midranks

registry.load_all()
SCORES = list(registry.SCORES.values())
quick = settings(max_examples=15, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
every_score = pytest.mark.parametrize("one", SCORES, ids=lambda one: one.name)


def bits(value: float) -> str:
    return value.hex()


def split(one: Score, case: Case, cuts: list[int]) -> list[State]:
    """The states of consecutive chunks, empty ones among them."""
    edges = [0, *sorted(cut % (len(case) + 1) for cut in cuts), len(case)]
    return [case.only(range(start, stop)).state(one) for start, stop in pairwise(edges)]


def hold(law: Callable[..., None], one: Score) -> None:
    @quick
    @given(cases(one), st.lists(st.integers(0, 7), min_size=2, max_size=3), st.randoms(use_true_random=False))
    def example(case: Case, cuts: list[int], random: Any) -> None:  # noqa: ANN401  Hypothesis's kind of Random
        law(one, case, cuts, random)

    example()


def chunked(one: Score, case: Case, cuts: list[int], _: object) -> None:
    """Chunks of any size give the digits of the whole."""
    whole = case.state(one).result()
    assert bits(reduce(add, split(one, case, cuts)).result()) == bits(whole)


def associative(one: Score, case: Case, cuts: list[int], _: object) -> None:
    """It does not matter which two of three states are joined first."""
    a, b, c = split(one, case, [*cuts[:2]])
    assert bits(((a + b) + c).result()) == bits((a + (b + c)).result())


def commutative(one: Score, case: Case, cuts: list[int], _: object) -> None:
    """It does not matter which of two states comes first."""
    a, b = split(one, case, cuts[:1])
    assert bits((a + b).result()) == bits((b + a).result())


def neutral(one: Score, case: Case, _: object, __: object) -> None:
    """The state of no rows changes nothing."""
    state, empty = case.state(one), case.only([]).state(one)
    assert bits((state + empty).result()) == bits((empty + state).result()) == bits(state.result())


def permuted(one: Score, case: Case, _: object, random: Any) -> None:  # noqa: ANN401  as above
    """The rows may come in any order."""
    order = list(range(len(case)))
    random.shuffle(order)
    assert bits(case.only(order).state(one).result()) == bits(case.state(one).result())


def weightless(one: Score, case: Case, _: object, __: object) -> None:
    """Equal weights give the digits of none, where the score's reductions do not sum weights that round."""
    if case.weight is None:
        ones = replace(case, weight=np.ones(len(case)))
        assert ones.state(one).result() == pytest.approx(case.state(one).result(), rel=1e-14, nan_ok=True)


def harmless(one: Score, case: Case, _: object, __: object) -> None:
    """The inputs stay as they are, and the state does not look at them again."""
    before = case.y_true.copy(), case.y_pred.copy()
    state = case.state(one)
    np.testing.assert_array_equal(before[0], case.y_true)
    np.testing.assert_array_equal(before[1], case.y_pred)
    there = bits(state.result())
    case.y_true[:], case.y_pred[:] = 0, 0
    assert bits(state.result()) == there


def portable(one: Score, case: Case, _: object, __: object) -> None:
    """A state can be sent to another process."""
    state = case.state(one)
    assert bits(pickle.loads(pickle.dumps(state)).result()) == bits(state.result())  # noqa: S301  its own bytes


LAWS = [chunked, associative, commutative, neutral, permuted, weightless, harmless, portable]


@every_score
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_score_keeps_the_law(one: Score, law: Callable[..., None]) -> None:
    hold(law, one)


@every_score
def test_no_rows_have_no_score(one: Score) -> None:
    @quick
    @given(cases(one, vary=[]))
    def example(case: Case) -> None:
        assert np.isnan(case.only([]).state(one).result())

    example()


@every_score
def test_a_missing_value_makes_the_score_nan_wherever_it_stands(one: Score) -> None:
    @quick
    @given(cases(one, vary=[]))
    def example(case: Case) -> None:
        if case.weight is None or case.weight[-1]:
            case.y_pred[-1] = np.nan
            assert np.isnan((case.only([*range(len(case))]).state(one)).result())
            assert np.isnan((case.only([-1]).state(one) + case.only([]).state(one)).result())

    example()


@pytest.mark.parametrize("one", [one for one in SCORES if not one.grouped], ids=lambda one: one.name)
def test_a_row_of_weight_0_counts_for_nothing(one: Score) -> None:
    @quick
    @given(cases(one))
    def example(case: Case) -> None:
        if case.weight is not None:
            counted = [i for i, weight in enumerate(case.weight) if weight]
            assert bits(case.state(one).result()) == bits(case.only(counted).state(one).result())

    example()


@pytest.mark.parametrize("name", ["accuracy", "perplexity"])
def test_rows_of_rows_count_each_with_the_weight_of_their_sample(name: str) -> None:
    one = registry.SCORES[name]
    y_true, weight = np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([1.0, 3.0])
    y_pred = np.array([[[0.75, 0.25], [0.75, 0.25]], [[0.25, 0.75], [0.5, 0.5]]])
    deep = one.function(y_true, y_pred, weight)
    flat = one.function(y_true.ravel(), y_pred.reshape(-1, 2), weight.repeat(2))
    assert deep.result() == flat.result()


# ── the laws themselves ──────────────────────────────────────────────────────────────────────────────────────────────


def ranked(y_true: Array, y_pred: Array, weight: Array | None) -> State:
    """Take the ranks inside each chunk."""
    order = np.argsort(y_pred)
    ranks = midranks(y_pred[order], np.ones(len(y_pred))) if len(y_pred) else y_pred
    return (
        State(ExactSum.result, (ExactSum.of(ranks, y_true[order]),)) if weight is None else ranked(y_true, y_pred, None)
    )


def first(rows: Rows) -> float:
    return float(rows.columns()[0][0]) if rows.chunks else 0.0


def leading(y_true: Array, _: Array, __: Array | None) -> State:
    """Return whatever came first."""
    return State(first, (Rows.of(y_true),))


def ordinary(parts: float) -> float:
    return parts


def rounded(y_true: Array, _: Array, __: Array | None) -> State:
    """Add up floats."""
    return State(ordinary, (float(y_true.sum()),))


def unsendable(y_true: Array, _: Array, __: Array | None) -> State:
    """Finish by a function that has no name."""
    return State(lambda one: one.result(), (ExactSum.of(y_true),))


CASE = Case(np.array([2.0**53, 1.0, 1.0, -(2.0**53)]), np.array([4.0, 1.0, 3.0, 2.0]), None, (), {})


class Backwards:
    """A shuffle that turns the rows round."""

    @staticmethod
    def shuffle(order: list[int]) -> None:
        order.reverse()


REJECTED: list[tuple[Callable[..., None], Callable[..., State]]] = [
    (chunked, ranked),
    (chunked, rounded),
    (commutative, leading),
    (permuted, leading),
    (permuted, rounded),
    (associative, rounded),
    (portable, unsendable),
]


@pytest.mark.parametrize(("law", "function"), REJECTED, ids=lambda value: value.__name__)
def test_a_law_rejects_a_score_that_breaks_it(law: Callable[..., None], function: Callable[..., State]) -> None:
    template = registry.SCORES["r2"]
    broken = Score(function, template.true, template.pred)
    with pytest.raises((AssertionError, pickle.PicklingError, AttributeError)):
        law(broken, CASE, [1, 2], Backwards)
