"""Quantiles in bounded memory: the same bits as if all losses were sorted at once."""

from __future__ import annotations

import tempfile
from functools import partial, reduce
from operator import add
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from losscli import held, quantiles
from losscli.arrays import Array
from losscli.cli.options import Compute
from losscli.errors import DataError
from losscli.held import Chunk, Pool
from losscli.quantiles import Quantiles
from losscli.registry import find

QS = (0.0, 0.05, 0.25, 0.5, 0.9, 0.999, 1.0)
LOSS = st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 1.0, 1.0000000000000002, 5e-324])
WEIGHT = st.floats(0, 1e300) | st.sampled_from([0.1, 0.2, 0.3, 1.0])
Rows = list[tuple[float, float]]


def state(rows: Rows, *, weighted: bool, size: int = 3) -> Quantiles:
    """Return the state of some rows that came a few at a time."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    parts = [table[start : start + size] for start in range(0, len(table), size)]
    return reduce(add, (Quantiles.of(part[:, 0], part[:, 1] if weighted else None) for part in parts), Quantiles())


def told(one: Quantiles) -> list[str]:
    """Every quantile, to the bit."""
    return [repr(one.quantile(q)) for q in QS]


@pytest.mark.parametrize("bits", [4, 16])
@pytest.mark.parametrize("weighted", [False, True])
@given(rows=st.lists(st.tuples(LOSS, WEIGHT), max_size=40), room=st.integers(0, 8))
@example(rows=[(1.0, 0.1)] * 9 + [(2.0, 0.1)], room=1)
@example(rows=[(1.0, 0.1)] * 5 + [(2.0, 0.1)] * 5, room=1)
@example(rows=[(-1.0, 0.1), (-0.0, 0.2), (0.0, 0.3), (5e-324, 0.6)], room=0)
@example(rows=[(-np.inf, 1.0), (np.inf, 1.0)], room=0)
def test_losses_that_wait_in_a_file_have_the_same_quantiles_to_the_bit(
    rows: Rows,
    room: int,
    bits: int,
    weighted: bool,  # noqa: FBT001  a case
) -> None:
    expected = told(state(rows, weighted=weighted))
    with patch.object(held, "HELD", room), patch.object(held, "BLOCK", 7), patch.object(quantiles, "BITS", bits):
        assert expected == told(state(rows, weighted=weighted))


@given(st.lists(st.tuples(LOSS, WEIGHT), min_size=1, max_size=20), st.integers(0, 8))
def test_all_rows_can_be_read_again_wherever_they_wait(rows: Rows, room: int) -> None:
    counted = [(loss, weight) for loss, weight in rows if weight]
    with patch.object(held, "HELD", room), patch.object(held, "BLOCK", 4):
        losses, weights = state(rows, weighted=True).whole()
    assert weights is not None
    assert list(zip(losses.tolist(), weights.tolist(), strict=True)) == counted


def test_every_group_and_the_total_together_hold_no_more_than_the_limit() -> None:
    pool = Pool()
    groups = [Quantiles(pool=pool) for _ in range(10)]
    with patch.object(held, "HELD", 1000):
        for start in range(20):
            groups = [one + Quantiles.of(np.arange(start, start + 30.0)) for one in groups]
            assert sum(chunk.in_memory for one in groups for chunk in one.chunks) <= 1000
        assert [one.quantile(0.5) for one in groups] == [24.0] * 10


def test_a_weight_counts_as_a_value_that_is_held() -> None:
    with patch.object(held, "HELD", 25):
        both = Quantiles.of(np.ones(10), np.ones(10)) + Quantiles.of(np.ones(5), np.ones(5))
        assert sum(chunk.in_memory for chunk in both.chunks) == 0


def test_few_losses_open_no_file() -> None:
    with patch.object(tempfile, "TemporaryFile", side_effect=AssertionError):
        assert state([(1.0, 1.0)] * 50, weighted=True).quantile(0.5) == 1.0


def test_the_file_has_no_name_and_ends_with_the_last_state(tmp_path: Path) -> None:
    with patch.object(held, "HELD", 4), patch.object(tempfile, "tempdir", str(tmp_path)):
        one = state([(float(i), 1.0) for i in range(9)], weighted=False)
        assert list(tmp_path.iterdir()) == []
        assert one.quantile(0.5) == 4.0


def test_a_full_disk_is_an_error_that_says_where_and_how_to_go_elsewhere() -> None:
    full = partial(open, "/dev/full", "w+b", 0)
    said = f"cannot hold every loss in {tempfile.gettempdir()}: no space"
    with (
        patch.object(held, "HELD", 4),
        patch.object(tempfile, "TemporaryFile", full),
        pytest.raises(DataError, match=said) as refused,
    ):
        state([(1.0, 1.0)] * 9, weighted=False)
    assert "TMPDIR=" in refused.value.hint


def losses_of(seed: int, n: int) -> Array:
    return np.random.default_rng(seed).standard_normal(n) ** 2


def test_narrowing_needs_few_passes_over_the_losses() -> None:
    passes = 0

    def counted(chunks: tuple[Chunk, ...]) -> object:
        nonlocal passes
        passes += 1
        return blocks(chunks)

    blocks = held.blocks
    one = reduce(add, (Quantiles.of(losses_of(seed, 1000)) for seed in range(100)))
    expected = float(np.median(np.concatenate([losses_of(seed, 1000) for seed in range(100)])))
    with patch.object(held, "HELD", 1000), patch.object(held, "blocks", counted):
        assert one.quantile(0.5) == pytest.approx(expected, rel=1e-15)
    assert passes <= 3


def test_help_says_how_much_stays_in_memory() -> None:
    kind = Compute.__annotations__["reduction"]
    assert f"{held.HELD * 8 >> 20} MiB in memory" in kind.__metadata__[0].help
    assert f"{held.HELD * 8 >> 20} MiB in memory" in find("median-absolute-error")[0].doc.prose
