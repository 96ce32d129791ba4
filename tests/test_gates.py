"""Gates: what is read, and what is never a pass."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from losscli.errors import UsageError
from losscli.gates import Gate, Judged, judge, judge_paired, judge_reported, overall
from losscli.stats.compare import Comparison, Resampling, paired
from losscli.stats.statistic import mean


@pytest.mark.parametrize(
    ("text", "spec", "reduction", "bound"),
    [
        ("mse=0.3", "mse", None, 0.3),
        ("huber:delta=2=0.3", "huber:delta=2", None, 0.3),
        ("mse@q95=2", "mse", "q95", 2.0),
        ("focal:gamma=2,alpha=0.25@max=1e-3", "focal:gamma=2,alpha=0.25", "max", 1e-3),
        ("./a@b.py:loss=1", "./a@b.py:loss", None, 1.0),
        ("./a@b/mine.py:loss@q99.9=1", "./a@b/mine.py:loss", "q99.9", 1.0),
        ("torch.nn.HuberLoss=-1", "torch.nn.HuberLoss", None, -1.0),
    ],
)
def test_the_last_equals_sign_splits_and_an_at_sign_names_a_reduction(
    text: str, spec: str, reduction: str | None, bound: float
) -> None:
    assert Gate.parse(text, "max") == Gate(spec, reduction, "max", bound)


@pytest.mark.parametrize(
    "text", ["mse", "=1", "mse=", "mse=nan", "mse=inf", "mse=1_0", "mse=2%", "mse@qq=1", "mse@q101=1", "mse@=1"]
)
def test_a_bound_that_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Gate.parse(text, "max")


@pytest.mark.parametrize("text", ["mse=-1%", "mse=-0.1", "mse=nan%", "mse=%"])
def test_a_tolerance_that_is_negative_or_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Gate.parse(text, "worse")


@pytest.mark.parametrize(
    ("text", "side", "larger", "name"),
    [
        ("mse=0.3", "max", False, "mse<=0.3"),
        ("accuracy=0.9", "min", True, "accuracy>=0.9"),
        ("mse@q95=2", "max", False, "mse@q95<=2"),
        ("mse=2%", "worse", False, "mse<=baseline+2%"),
        ("mse=0.5", "worse", False, "mse<=baseline+0.5"),
        ("accuracy=1%", "worse", True, "accuracy>=baseline-1%"),
    ],
)
def test_a_gate_is_named_by_its_formula(text: str, side: str, larger: bool, name: str) -> None:  # noqa: FBT001  a table's column
    gate = Gate.parse(text, side)  # type: ignore[arg-type]  # a literal of the table
    assert gate.named(gate.spec, larger_is_better=larger) == name


@pytest.mark.parametrize(
    ("side", "value", "verdict"),
    [("max", 0.3, "pass"), ("max", 0.31, "fail"), ("min", 0.3, "pass"), ("min", 0.2, "fail")],
)
def test_a_bound_itself_still_passes(side: str, value: float, verdict: str) -> None:
    gate = Gate.parse("mse=0.3", side)  # type: ignore[arg-type]  # as above
    assert judge(gate, "g", value, 5).verdict == verdict


@pytest.mark.parametrize("value", [nan, inf, -inf, None])
@pytest.mark.parametrize("side", ["max", "min", "worse"])
def test_a_value_that_is_not_finite_fails_on_every_side(side: str, value: float | None) -> None:
    gate = Gate.parse("mse=1", side)  # type: ignore[arg-type]  # as above
    assert judge(gate, "g", value, 5).verdict == "fail"
    assert judge_reported(gate, "g", value, 1.0, 5, sign=1).verdict == "fail"
    assert judge_reported(gate, "g", 1.0, value, 5, sign=1).verdict == "fail"
    assert judge_paired(gate, "g", value, 1.0, 5, compared=compared(0.0), alpha=0.05, sign=1).verdict == "fail"


def test_no_rows_and_no_gates_are_no_pass() -> None:
    gate = Gate.parse("mse=1", "max")
    assert judge(gate, "g", 0.5, 0).verdict == "fail"
    assert judge_reported(gate, "g", 0.5, 0.5, 0, sign=1).verdict == "fail"
    assert overall([]) == "fail"
    assert overall([Judged("g", "skipped", 1.0, 1.0, 3)]) == "fail"


@pytest.mark.parametrize(
    ("value", "sign", "verdict"),
    [
        (1.0, 1, "equal"),
        (1.02, 1, "pass"),
        (1.0200000000000002, 1, "fail"),
        (1.03, 1, "fail"),
        (0.5, 1, "pass"),
        (0.97, -1, "fail"),
        (1.5, -1, "pass"),
    ],
)
def test_worse_follows_the_direction_and_the_share_that_is_allowed(value: float, sign: int, verdict: str) -> None:
    assert judge_reported(Gate.parse("mse=2%", "worse"), "g", value, 1.0, 5, sign=sign).verdict == verdict


def test_a_share_of_a_baseline_of_zero_allows_nothing() -> None:
    assert judge_reported(Gate.parse("mse=50%", "worse"), "g", 1e-9, 0.0, 5, sign=1).verdict == "fail"


def compared(worse_by: float, *, equal: bool = False) -> Comparison:
    base = np.random.default_rng(1).normal(size=300) ** 2
    noise = 0.1 * np.random.default_rng(2).normal(size=300)
    return paired(mean(base + worse_by + noise), mean(base), Resampling(), equal=equal)


@pytest.mark.parametrize(("worse_by", "verdict"), [(0.5, "fail"), (-0.5, "pass"), (0.0, "inconclusive")])
def test_a_paired_verdict_needs_the_whole_interval_on_one_side(worse_by: float, verdict: str) -> None:
    gate = Gate.parse("mse=0", "worse")
    judged = judge_paired(gate, "g", 1.0 + worse_by, 1.0, 300, compared=compared(worse_by), alpha=0.05, sign=1)
    assert judged.verdict == verdict
    assert bool(judged.reason) == (verdict != "pass")


@pytest.mark.parametrize(("n", "said"), [(300, True), (10**15, False)])
def test_what_would_settle_it_is_more_rows_than_there_are(n: int, said: bool) -> None:  # noqa: FBT001  a table's column
    found = judge_paired(Gate.parse("mse=0", "worse"), "g", 1.0, 1.0, n, compared=compared(0.0), alpha=0.05, sign=1)
    assert ("would settle it" in found.reason) == said


def test_equal_predictions_are_equal_however_small_the_tolerance() -> None:
    judged = judge_paired(
        Gate.parse("mse=0", "worse"), "g", 1.0, 1.0, 300, compared=compared(0, equal=True), alpha=0.05, sign=1
    )
    assert (judged.verdict, judged.difference, judged.interval, judged.p) == ("equal", 0.0, (0.0, 0.0), 1.0)


def test_the_difference_of_a_score_is_shown_as_it_is_and_not_as_worse() -> None:
    random = np.random.default_rng(3)
    hits, base = (random.random(200) < 0.5).astype(np.float64), (random.random(200) < 0.9).astype(np.float64)
    found = paired(mean(hits), mean(base), Resampling(), equal=False, sign=-1)
    judged = judge_paired(Gate.parse("accuracy=0.01", "worse"), "g", 0.5, 0.9, 200, compared=found, alpha=0.05, sign=-1)
    assert judged.difference is not None
    assert judged.interval is not None
    assert judged.difference < 0
    assert judged.interval[0] < judged.difference < judged.interval[1]
    assert judged.verdict == "fail"


def test_the_worst_verdict_is_the_verdict_on_all() -> None:
    verdicts = [Judged("g", one, 1.0, 1.0, 3) for one in ("equal", "pass", "inconclusive", "fail")]
    assert [overall(verdicts[:k]) for k in (1, 2, 3, 4)] == ["equal", "pass", "inconclusive", "fail"]
