"""Losses of queries whose rows weigh differently, as CatBoost gave them, and however the rows came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest
import score_definitions as definitions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from losscli import registry
from losscli.errors import DataError
from losscli.scores._state import State

registry.load_all()
QUERY = [0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 4]
BINARY = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0]
SHARES = [0.75, 0.25, 0.0, 0.5, 0.0, 0.0, 0.25, 0.5, 0.0, 0.0, 0.25, 0.25, 0.0, 0.5]
SCORE = [0.5, 0.625, 0.25, 0.125, 0.75, 0.375, 0.5, -1.0, 1.0, 0.5, 0.5, 0.75, 0.875, 0.25]
WEIGHT = [1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 2.0, 1.0, 1.0, 0.25, 1.0, 2.0, 3.0, 1.0]
BY_ROW: dict[str, Callable[..., float]] = {
    "query-rmse": definitions.query_rmse,
    "query-pinball": definitions.query_pinball,
    "query-softmax": definitions.query_softmax,
    "query-crossentropy": definitions.query_crossentropy,
}
"""The scores of queries in which every row has a weight of its own -> their definitions."""

Row = tuple[int, float, float, float]

drawn_rows = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([0.0, 0.25, 1.0]),
        st.sampled_from([-1.0, 0.0, 0.125, 0.5, 2.0]),
        st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0]),
    ),
    min_size=1,
    max_size=9,
)
quick = settings(max_examples=80, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def state(name: str, rows: Sequence[Row], **params: object) -> State:
    """The state of rows (query, true, predicted, weight)."""
    one = registry.SCORES[name]
    usual = {param.name: param.default for param in one.params.values()}
    true, pred, weight = (np.array([row[i] for row in rows], dtype=np.float64) for i in (1, 2, 3))
    found: State = one.function(true, pred, weight, [str(row[0]) for row in rows], **{**usual, **params})
    return found


def rows_of(true: list[float], weight: list[float] | None = None) -> list[Row]:
    return list(zip(QUERY, true, SCORE, weight or [1.0] * len(true), strict=True))


@pytest.mark.parametrize(
    ("name", "params", "shares", "binary", "weighed"),
    [
        ("query-rmse", {}, 0.30875735001854804, 0.5442646032338805, 0.5466703329093897),
        ("query-pinball", {}, 0.1324404761904762, 0.22247023809523808, 0.23178621659634316),
        (
            "query-pinball",
            {"q": 0.875, "dead_zone": 0.0078125},
            0.1286039806547619,
            0.21870349702380953,
            0.22841151327355835,
        ),
        ("query-softmax", {}, 1.2110833781940658, 1.193662772640519, 1.2951528148703997),
        ("query-softmax", {"beta": 2.0}, 1.3064376025515072, 1.303030229455934, 1.4094872317880311),
        ("query-crossentropy", {}, 0.44810275761595936, 0.6013538094729075, 0.5987327295460102),
        ("query-crossentropy", {"alpha": 0.5}, 0.6663910284533111, 0.6762083113855395, 0.6958224200941129),
        ("query-crossentropy", {"alpha": 1.0}, 0.42384850530069806, 0.593036642593726, 0.5879449861517767),
    ],
)
def test_rows_of_their_own_weights_give_the_number_of_catboost_1_2(
    name: str, params: dict[str, object], shares: float, binary: float, weighed: float
) -> None:
    found = [
        state(name, rows, **params).result() for rows in (rows_of(SHARES), rows_of(BINARY), rows_of(BINARY, WEIGHT))
    ]
    assert found == pytest.approx([shares, binary, weighed], rel=1e-12)


@pytest.mark.parametrize("name", BY_ROW)
def test_rows_of_their_own_weights_give_the_number_of_the_definition(name: str) -> None:
    params: dict[str, Any] = {one.name: one.default for one in registry.SCORES[name].params.values()}

    @quick
    @given(drawn_rows)
    def example(rows: list[Row]) -> None:
        queries = [[row[1:] for row in rows if row[0] == query and row[3]] for query in range(3)]
        kept = [query for query in queries if query]
        if kept:
            assert state(name, rows).result() == pytest.approx(
                BY_ROW[name](kept, **params), rel=1e-9, abs=1e-9, nan_ok=True
            )

    example()


@pytest.mark.parametrize("name", BY_ROW)
def test_rows_of_their_own_weights_may_come_in_any_order_and_in_pieces(name: str) -> None:
    @quick
    @given(drawn_rows, st.randoms(use_true_random=False), st.integers(1, 4))
    def example(rows: list[Row], random: Any, size: int) -> None:  # noqa: ANN401  Hypothesis's kind of Random
        whole = state(name, rows).result()
        random.shuffle(rows)
        pieces = [state(name, rows[start : start + size]) for start in range(0, len(rows), size)]
        assert reduce(add, pieces).result().hex() == whole.hex()

    example()


@pytest.mark.parametrize("name", BY_ROW)
def test_a_row_of_weight_0_in_a_query_counts_for_nothing(name: str) -> None:
    rows = rows_of(BINARY, [0.0, *WEIGHT[1:]])
    assert state(name, rows).result().hex() == state(name, rows[1:]).result().hex()


@pytest.mark.parametrize("name", ["query-pair-logit", "pair-accuracy", "query-auc", "pfound"])
def test_rows_of_one_query_that_differ_in_weight_are_refused(name: str) -> None:
    with pytest.raises(DataError):
        state(name, rows_of(BINARY, WEIGHT)).result()


@pytest.mark.parametrize("name", ["query-rmse", "query-pinball", "query-crossentropy"])
def test_a_shift_of_a_querys_predictions_costs_nothing(name: str) -> None:
    params = {"alpha": 1.0} if name == "query-crossentropy" else {}
    shifted = [(q, y, s + 10 * q, w) for q, y, s, w in rows_of(BINARY)]
    assert state(name, shifted, **params).result() == pytest.approx(
        state(name, rows_of(BINARY), **params).result(), rel=1e-12
    )


@pytest.mark.parametrize("q", [0.1, 0.9])
def test_without_a_dead_zone_the_quantile_of_centred_errors_changes_nothing(q: float) -> None:
    rows = rows_of(SHARES, WEIGHT)
    assert state("query-pinball", rows, q=q).result() == pytest.approx(state("query-pinball", rows).result(), rel=1e-12)
    assert state("query-pinball", rows, q=q, dead_zone=0.1).result() != pytest.approx(
        state("query-pinball", rows, dead_zone=0.1).result(), rel=1e-6
    )


def test_far_scores_do_not_overflow() -> None:
    far = [(0, 1.0, -1000.0, 1.0), (0, 0.0, 1000.0, 1.0)]
    assert state("query-softmax", far).result() == 2000.0
    assert state("query-pair-logit", far).result() == 2000.0
    # the best shift balances both: each is off by 1000
    assert state("query-crossentropy", far, alpha=1.0).result() == pytest.approx(1000.0, rel=1e-12)


def test_a_query_without_a_pair_is_left_out_of_the_area_or_counts_as_told() -> None:
    rows = [(0, 1.0, 1.0, 1.0), (0, 0.0, 0.0, 1.0), (1, 1.0, 0.0, 1.0)]
    assert [state("query-auc", rows, empty=one).result() for one in ("skip", "0", "1")] == [1.0, 0.5, 1.0]


def test_without_an_event_there_is_no_mean_of_the_partial_likelihood() -> None:
    times, scores = np.array([-1.0, -2.0]), np.array([0.5, 1.0])
    assert np.isnan(registry.SCORES["cox-nll"].function(times, scores, None, log_input=True).result())
    assert registry.SCORES["cox-log-likelihood"].function(times, scores, None, log_input=True).result() == 0.0


def test_the_partial_likelihood_with_tied_times_is_that_of_xgboost_3() -> None:
    times = np.array([3.0, -1.0, 2.0, 5.0, -4.0, 1.0, 2.0, -2.0])
    scores = np.array([0.5, 0.25, -1.0, 0.75, 1.5, -0.5, 0.125, 1.0])
    cox = registry.SCORES["cox-nll"].function
    assert cox(times, scores, None, log_input=True).result() == pytest.approx(2.13905630057807228, rel=1e-7)
    assert cox(times, np.exp(scores), None, log_input=False).result() == pytest.approx(2.139056300578072, rel=1e-7)


def test_far_hazards_do_not_overflow() -> None:
    times, scores = np.array([1.0, 2.0]), np.array([-1000.0, 1000.0])
    assert registry.SCORES["cox-nll"].function(times, scores, None, log_input=True).result() == 1000.0
