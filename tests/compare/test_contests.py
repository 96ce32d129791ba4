"""Candidates, all pairs of them tested: verdicts, adjustment, and the ranks that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from losscli.arrays import Array
from losscli.batch import Batch
from losscli.collected import Collector
from losscli.comparing import Candidate, Contest, Duel, contests, ranks
from losscli.comparing import tested as duels_of
from losscli.run import Run
from losscli.spec import bind
from losscli.stats.compare import Resampling, adjusted

RANDOM = np.random.default_rng(5)
N = 120
TRUE: Array = RANDOM.normal(size=N)
PREDS: Mapping[str, Array] = {
    "rough": TRUE + RANDOM.normal(size=N),
    "fine": TRUE + 0.2 * RANDOM.normal(size=N),
    "other": TRUE + RANDOM.normal(size=N),
}
REGION = ["north" if i % 3 else "south" for i in range(N)]
BOOTSTRAP, STUDENT = Resampling(boot=400), Resampling(method="t")


def candidate(name: str, pred: Array, spec: str = "mse", *, reduction: str | None = None, **more: Any) -> Candidate:  # noqa: ANN401  fields of Batch
    """Return the predictions of one name, computed."""
    run = Run([bind(spec)], reduction=reduction)
    clustered = "keep" in more
    collector = Collector(run, cluster="cluster" if clustered else None)
    run.feed(replace(Batch.of(TRUE[: len(pred)], pred), **more))
    return Candidate(name, run.report(), collector)


def held(
    names: Sequence[str],
    resampling: Resampling = STUDENT,
    adjust: str = "holm",
    spec: str = "mse",
    **more: Any,  # noqa: ANN401  as above
) -> tuple[list[Contest], list[list[Duel]]]:
    """Return the contests of these candidates, and their duels."""
    found = contests([candidate(name, PREDS[name], spec, **more) for name in names], resampling)
    return found, duels_of(found, resampling, adjust)


@pytest.mark.parametrize("resampling", [BOOTSTRAP, STUDENT], ids=["bootstrap", "t"])
def test_what_is_surely_smaller_is_better_and_what_cannot_be_told_apart_is_inconclusive(resampling: Resampling) -> None:
    _, ((to_fine, to_other, back),) = held(["rough", "fine", "other"], resampling)
    assert (to_fine.verdict, to_other.verdict, back.verdict) == ("better", "inconclusive", "worse")
    assert to_fine.difference < 0 < back.difference
    assert to_fine.interval is not None
    assert to_fine.interval[1] < 0


def test_a_difference_swaps_its_sign_with_the_candidates() -> None:
    _, ((there,),) = held(["rough", "fine"])
    _, ((back,),) = held(["fine", "rough"])
    assert there.difference == -back.difference
    assert there.interval is not None
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]), rel=1e-12)
    assert (there.verdict, back.verdict) == ("better", "worse")
    assert there.p == pytest.approx(back.p, rel=1e-9)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_ranks_do_not_depend_on_the_order_of_the_candidates(order: tuple[int, int, int]) -> None:
    names = [list(PREDS)[i] for i in order]
    _, (duels,) = held(names)
    assert dict(zip(names, ranks(duels, 3), strict=True)) == {"fine": (1, 1), "rough": (2, 3), "other": (2, 3)}


def test_where_larger_is_better_the_larger_one_is_better() -> None:
    _, ((duel,),) = held(["rough", "fine"], BOOTSTRAP, spec="r2")
    assert duel.verdict == "better"
    assert duel.difference > 0
    assert duel.interval is not None
    assert duel.interval[0] > 0


def test_identical_predictions_are_equal_and_share_their_ranks() -> None:
    _, (duels,) = held(["rough", "rough", "fine"], BOOTSTRAP)
    assert duels[0] == Duel(0, 1, 0.0, (0.0, 0.0), 1.0, "equal", 0.0, None)
    assert ranks(duels, 3) == [(2, 3), (2, 3), (1, 1)]


@pytest.mark.parametrize("adjust", ["holm", "bh"])
def test_the_tests_of_all_pairs_share_one_chance_of_error(adjust: str) -> None:
    _, (alone,) = held(list(PREDS), adjust="none")
    _, (together,) = held(list(PREDS), adjust=adjust)
    raw = [duel.p for duel in alone if duel.p is not None]
    assert [duel.p for duel in together] == adjusted(raw, adjust)
    for one, all_of_them in zip(alone, together, strict=True):
        assert one.interval is not None
        assert all_of_them.interval is not None
        assert all_of_them.interval[0] <= one.interval[0] + 1e-12


@pytest.mark.parametrize("adjust", ["none", "holm", "bh"])
def test_an_interval_leaves_out_0_just_where_its_p_is_small_enough(adjust: str) -> None:
    for spread in (0.95, 0.97, 1.0, 1.05, 1.3):
        preds = [PREDS["rough"], TRUE + spread * (PREDS["rough"] - TRUE) + 0.05, PREDS["other"]]
        found = contests([candidate(str(i), pred) for i, pred in enumerate(preds)], STUDENT)
        for duel in duels_of(found, STUDENT, adjust)[0]:
            assert duel.interval is not None
            assert duel.p is not None
            outside = duel.interval[0] > 0 or duel.interval[1] < 0
            assert outside == (duel.p <= 1 - STUDENT.confidence) == (duel.verdict != "inconclusive")


def test_groups_do_not_change_the_verdict_on_all_rows() -> None:
    _, (alone,) = held(list(PREDS))
    found, duels = held(list(PREDS), by={"region": REGION})
    assert [contest.by for contest in found] == [{"region": "north"}, {"region": "south"}, None]
    assert duels[-1] == alone


def test_the_groups_share_one_chance_of_error_among_themselves() -> None:
    _, alone = held(["rough", "other"], adjust="none", by={"region": REGION})
    _, together = held(["rough", "other"], by={"region": REGION})
    raw = [duels[0].p for duels in alone[:2] if duels[0].p is not None]
    assert [duels[0].p for duels in together[:2]] == adjusted(raw, "holm")


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_is_never_better_or_worse(odd: float) -> None:
    run = Run([bind("mse")], missing="propagate")
    collector = Collector(run)
    run.feed(Batch.of(TRUE, np.where(np.arange(N) == 3, odd, TRUE)))
    pair = [candidate("rough", PREDS["rough"]), Candidate("odd", run.report(), collector)]
    for order in (pair, pair[::-1]):
        ((duel,),) = duels_of(contests(order, BOOTSTRAP), BOOTSTRAP, "holm")
        assert (duel.verdict, duel.interval, duel.p) == ("inconclusive", None, None)
        assert ranks([duel], 2) == [(1, 2), (1, 2)]


def test_a_single_row_tells_nothing_apart() -> None:
    found = contests([candidate("a", TRUE[:1] + 1), candidate("b", TRUE[:1])], BOOTSTRAP)
    ((duel,),) = duels_of(found, BOOTSTRAP, "holm")
    assert duel.difference == pytest.approx(-1)
    assert (duel.verdict, duel.interval) == ("inconclusive", None)
    assert found[0].interval(0, BOOTSTRAP) is None


def test_a_maximum_is_compared_by_value_without_an_interval() -> None:
    _, ((duel,),) = held(["rough", "fine"], BOOTSTRAP, reduction="max")
    assert duel.difference < 0
    assert (duel.verdict, duel.interval) == ("inconclusive", None)


def test_one_draw_for_all_gives_the_intervals_that_each_would_have_alone() -> None:
    found, (duels,) = held(list(PREDS), BOOTSTRAP, adjust="none")
    _, ((alone,),) = held(["rough", "other"], BOOTSTRAP, adjust="none")
    assert duels[1] == replace(alone, b=2)
    assert all(statistic is not None and statistic.resampled is not None for statistic in found[0].statistics)


def test_rows_of_one_cluster_count_as_one() -> None:
    pairs = [np.repeat(pred[:40], 3) for pred in (TRUE, PREDS["rough"], PREDS["fine"])]
    clusters = {"cluster": [str(i // 3) for i in range(N)]}

    def found(*, clustered: bool) -> Duel:
        more: dict[str, Any] = {"y_true": pairs[0]} | ({"keep": clusters} if clustered else {})
        both = [candidate(str(i), pred, **more) for i, pred in enumerate(pairs[1:])]
        return duels_of(contests(both, STUDENT), STUDENT, "holm")[0][0]

    short = contests([candidate("a", PREDS["rough"][:40]), candidate("b", PREDS["fine"][:40])], STUDENT)
    ((once,),) = duels_of(short, STUDENT, "holm")
    assert found(clustered=True).interval == pytest.approx(once.interval, rel=1e-9)
    assert found(clustered=False).interval != pytest.approx(once.interval, rel=1e-3)
