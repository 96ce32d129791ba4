"""What a difference is made of: effects add up to it exactly, whatever the groups and weights are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.arrays import Array
from losscli.batch import Batch
from losscli.collected import Collector, Rows
from losscli.effects import DIVISORS, Effects, rounded
from losscli.formats.format import Result
from losscli.run import Run
from losscli.spec import bind

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
WEIGHTS = st.floats(0, 1e3, allow_nan=False)
DATA = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, WEIGHTS, st.sampled_from("abc")), min_size=1, max_size=40).filter(
    lambda rows: sum(row[3] for row in rows) > 0
)


def side(spec: str, reduction: str, batch: Batch) -> tuple[Rows, Result]:
    """Return the rows and the total of a loss of these predictions."""
    run = Run([bind(spec)], reduction=reduction)
    collector = Collector(run)
    run.feed(batch)
    return collector.rows(spec), run.report().results[-1]


def effects(
    rows: Sequence[tuple[float, float, float, float, str]], spec: str = "mse", reduction: str = "mean"
) -> tuple[Effects | None, Rows, Rows, tuple[Result, Result]]:
    """Return the effects of data, and what they are made from."""
    y_true, a, b, weights = (np.array([row[i] for row in rows]) for i in range(4))
    groups = {"group": [row[4] for row in rows]}
    batches = (replace(Batch.of(y_true, pred, weights), by=groups) for pred in (a, b))
    (first, of_a), (second, of_b) = (side(spec, reduction, batch) for batch in batches)
    return Effects.of((first, second), (of_a, of_b)), first, second, (of_a, of_b)


def exact(values: Array) -> list[Fraction]:
    return [Fraction(value) for value in values.tolist()]


@given(DATA, st.sampled_from(sorted(DIVISORS)))
def test_the_effects_of_groups_and_of_rows_add_up_exactly_to_the_difference(
    data: list[tuple[float, float, float, float, str]], reduction: str
) -> None:
    found, first, _, _ = effects(data, "mae", reduction)
    assert found is not None
    assert found.effect() == sum(found.effect(index) for index in first.places.values())
    assert found.effect() == sum(found.effect(np.array([i])) for i in range(len(data)))


@given(DATA)
def test_the_whole_effect_is_the_difference_of_the_means_of_the_losses(
    data: list[tuple[float, float, float, float, str]],
) -> None:
    found, first, second, _ = effects(data)
    assert found is not None
    assert first.losses is not None
    assert second.losses is not None
    assert first.weights is not None
    weights = exact(first.weights)
    gaps = [b - a for a, b in zip(exact(first.losses), exact(second.losses), strict=True)]
    assert found.effect() == sum(w * gap for w, gap in zip(weights, gaps, strict=True)) / sum(weights)


@given(DATA)
def test_an_effect_is_the_group_s_share_of_the_weight_times_its_difference(
    data: list[tuple[float, float, float, float, str]],
) -> None:
    found, first, second, results = effects(data)
    assert found is not None
    assert sum(found.share(index) for index in first.places.values()) == 1
    for group, index in first.places.items():
        alone = Effects.of((first.of({"group": group[0]}), second.of({"group": group[0]})), results)
        if alone is not None:  # a group without weight has no difference
            assert found.effect(index) == found.share(index) * alone.effect()


@given(DATA)
def test_the_parts_of_a_finished_mean_add_up_exactly_to_the_difference_of_its_values(
    data: list[tuple[float, float, float, float, str]],
) -> None:
    found, first, _, results = effects(data, "rmse")
    if found is not None:
        values = [Fraction(result.value) for result in results if result.value is not None]
        assert sum(found.effect(index) for index in first.places.values()) == values[1] - values[0]


def test_a_row_of_weight_0_adds_nothing_even_if_its_loss_is_infinite() -> None:
    found, first, _, _ = effects([(0.0, 1.0, 2.0, 1.0, "a"), (0.0, 1e200, 0.0, 0.0, "b")])
    assert first.losses is not None
    assert np.isinf(first.losses[1])
    assert found is not None
    assert found.effect() == 3
    assert found.effect(np.array([1])) == 0


@pytest.mark.parametrize(
    ("spec", "reduction", "a"), [("mse", "mean", 1e200), ("mse", "q95", 1.0), ("mse", "max", 1.0), ("r2", "mean", 1.0)]
)
def test_what_is_no_finite_sum_over_rows_has_no_effects(spec: str, reduction: str, a: float) -> None:
    data = [(0.0, a, 2.0, 1.0, "a"), (1.0, 0.5, 0.0, 1.0, "b")]
    assert effects(data, spec, reduction)[0] is None


def test_an_effect_is_rounded_once() -> None:
    assert rounded(Fraction(1, 3)) == 1 / 3
    assert rounded(Fraction(10) ** 400) == float("inf")
