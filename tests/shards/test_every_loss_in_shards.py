"""Any shards of any data, put together in any order, give one pass's numbers to the bit: every loss, every score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from shard_cases import batches, bits, bound, computed_of, fed, merged, parts, shards, tree

from losscli import registry
from losscli.arrays import any_of
from losscli.batch import Batch
from losscli.errors import LossCliError
from losscli.partials import partial
from losscli.registry import Declared
from losscli.spec import bind

registry.load_all()
DECLARED = [*registry.LOSSES.values(), *registry.SCORES.values()]
quick = settings(max_examples=8, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
edges = st.lists(st.integers(0, 7), min_size=1, max_size=4)
REDUCTIONS = st.sampled_from([None, None, "sum", "median", "q90", "std", "vector-mean"])


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: one.name)
def test_shards_in_any_tree_give_the_bits_of_one_pass(one: Declared) -> None:
    frameworks = st.sampled_from([None, None, *one.frameworks()])

    @quick
    @given(batches(one), frameworks, edges, REDUCTIONS, st.data())
    def example(
        drawn: tuple[Batch, dict[str, object]],
        like: str | None,
        cuts: list[int],
        reduction: str | None,
        data: st.DataObject,
    ) -> None:
        batch, params = drawn
        try:
            bounds = [bound(one, params, like)]
            whole = fed(bounds, batch, reduction=reduction).report()
        except LossCliError:
            reject()
        computed = computed_of(bounds, batch, reduction=reduction)
        lines = [*parts(bounds, computed, shards(batch, cuts)), partial([], computed, bounds)[0]]
        assert bits(tree(lines, data).report()) == bits(whole)

    example()


@pytest.mark.parametrize("policy", ["drop", "propagate"])
@pytest.mark.parametrize("spec", ["mse", "roc-auc", "r2", "bce", "ce:ignore_index=1"])
def test_missing_values_in_shards_give_the_bits_of_one_pass(spec: str, policy: str) -> None:
    @quick
    @given(st.lists(st.sampled_from([0.0, 1.0]), min_size=6, max_size=6), st.sets(st.integers(0, 5)), edges, st.data())
    def example(labels: list[float], gaps: set[int], cuts: list[int], data: st.DataObject) -> None:
        y_pred = np.array([0.25, 0.5, 0.75, 0.125, 0.5, 0.9])
        if spec.startswith("ce"):
            y_pred = np.column_stack([1 - y_pred, y_pred])
        y_pred[list(gaps)] = np.nan
        batch = Batch.of(np.array(labels), y_pred)
        missing = np.isin(np.arange(6), list(gaps))
        pieces = shards(batch, cuts)
        if policy == "drop":
            pieces = [piece.without(any_of(np.isnan(piece.y_pred))) for piece in pieces]
            batch = batch.without(missing)
        bounds = [bind(spec)]
        try:
            whole = fed(bounds, batch, missing=policy).report()
        except LossCliError:
            reject()
        lines = parts(bounds, computed_of(bounds, batch, missing=policy), pieces)
        assert bits(tree(lines, data).report()) == bits(whole)

    example()


ROWS = np.array([[0.0, 1.0, 2.0], [3.0, 1.0, 0.5], [2.0, 2.0, 2.0], [1.0, 0.0, 4.0]])
SCORES = np.array([0.5, -0.25, 2.0, 0.125])


@pytest.mark.parametrize(
    ("spec", "batch"),
    [
        *((f"torch.nn.MSELoss:reduction={name}", Batch.of(ROWS, ROWS**2)) for name in ("sum", "mean", "none")),
        ("keras.losses.MeanSquaredError:reduction=sum", Batch.of(ROWS, ROWS**2)),
        ("keras.losses.MeanSquaredError", Batch.of(ROWS[:, 0], ROWS[:, 1], np.array([1.0, 0.0, 2.0, 0.5]))),
        ("sklearn.metrics.hinge_loss", Batch.of(np.array([1.0, 1.0, 1.0, 1.0]), SCORES)),
        ("sklearn.metrics.hinge_loss", Batch.of(np.array([1.0, 1.0, 0.0, 0.0]), SCORES)),
        ("sklearn.metrics.hinge_loss", Batch.of(np.array([0.0, 0.0, 0.0, 1.0]), SCORES)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
@pytest.mark.parametrize("by", [{}, {"region": ["n", "s", "n", "s"]}], ids=["all", "by region"])
def test_what_a_framework_makes_of_the_whole_data_it_makes_of_its_shards(
    spec: str, batch: Batch, by: dict[str, list[str]]
) -> None:
    whole = replace(batch, by=by)
    bounds = [bind(spec)]
    run = fed(bounds, whole)
    some = merged(parts(bounds, computed_of(bounds, whole), shards(whole, [1, 2])))
    assert bits(some.report()) == bits(run.report())
    assert some.whole().notes() == run.notes()
