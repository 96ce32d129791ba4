"""From rows to verdicts: what is collected, compared and adjusted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from losscli.arrays import Array
from losscli.baselines import Baseline
from losscli.batch import Batch
from losscli.checking import Demand, Measured, Predictions, Reported, Terms, judged
from losscli.errors import DataError
from losscli.gates import Gate, Judged
from losscli.spec import bind
from losscli.stats.compare import Resampling

RANDOM = np.random.default_rng(11)
N = 300
TRUE: Array = RANDOM.normal(size=N)
OLD: Array = TRUE + RANDOM.normal(size=N)
WORSE: Array = TRUE + 2 * (OLD - TRUE)
SAME_SIZE: Array = TRUE + RANDOM.normal(size=N)
TERMS = Terms(Resampling(boot=500))


def demand(text: str) -> Demand:
    """Return the gate on being worse that a text asks for."""
    gate = Gate.parse(text, "worse")
    return Demand(gate, bind(gate.spec))


def measured(demands: Sequence[Demand], pred: Array, *, sizes: Sequence[int] = (N,), **more: Any) -> Measured:  # noqa: ANN401  fields of Batch
    """Return the runs over TRUE and these predictions, fed in batches of these sizes."""
    found = Measured(demands, missing="error", compared=True, cluster="c" if "keep" in more else None)
    whole = replace(Batch.of(TRUE[: len(pred)], pred), **more)
    start = 0
    for size in sizes:
        found.feed(whole.take(np.arange(start, min(start + size, len(pred)))))
        start += size
    found.conclude()
    return found


def against(
    texts: Sequence[str], new: Array, old: Array, *, terms: Terms = TERMS, sizes: Sequence[int] = (N,), **more: Any  # noqa: ANN401  as above
) -> list[Judged]:  # fmt: skip
    """Return the verdicts on new predictions beside old ones."""
    demands = [demand(text) for text in texts]
    mine = measured(demands, new, sizes=sizes, **more)
    return judged(demands, mine, Predictions(measured(demands, old, sizes=sizes, **more)), terms)


@pytest.mark.parametrize("spec", ["mse", "rmse", "mae@median", "mse@q90", "mse@sum", "mse@std", "r2", "mse@max"])
def test_identical_predictions_are_equal_under_every_reduction_and_score(spec: str) -> None:
    (one,) = against([f"{spec}=0"], OLD, OLD.copy())
    assert (one.verdict, one.difference) == ("equal", 0.0)
    if spec != "mse@max":  # which has no interval
        assert (one.interval, one.p) == ((0.0, 0.0), 1.0)


@pytest.mark.parametrize("spec", ["mse", "rmse", "mae@median", "mse@q90", "mse@sum", "mse@std", "r2"])
def test_predictions_that_are_clearly_worse_fail_and_the_other_way_round_pass(spec: str) -> None:
    assert [one.verdict for one in against([f"{spec}=1%"], WORSE, OLD)] == ["fail"]
    assert [one.verdict for one in against([f"{spec}=1%"], OLD, WORSE)] == ["pass"]


def test_predictions_that_cannot_be_told_apart_are_inconclusive_and_say_what_would_settle_it() -> None:
    (one,) = against(["mse=0"], SAME_SIZE, OLD)
    assert one.verdict == "inconclusive"
    assert one.needed is not None
    assert "would settle it" in one.reason


def test_the_difference_of_a_score_keeps_its_sign_though_less_of_it_is_worse() -> None:
    (one,) = against(["r2=0"], WORSE, OLD)
    assert one.difference is not None
    assert one.difference < 0
    assert one.interval is not None
    assert one.interval[0] <= one.difference <= one.interval[1] < 0


def test_the_verdict_does_not_depend_on_the_size_of_the_batches() -> None:
    texts = ["mse=1%", "mse@q90=1%", "r2=1%"]
    assert against(texts, SAME_SIZE, OLD) == against(texts, SAME_SIZE, OLD, sizes=(1, 99, 200))


def test_a_maximum_is_compared_by_value_without_an_interval() -> None:
    (one,) = against(["mse@max=0"], WORSE, OLD)
    assert (one.verdict, one.interval) == ("fail", None)


@pytest.mark.parametrize("weights", [None, np.arange(1.0, N + 1), np.repeat([1.0, 0.0, 2.0], N // 3)])
@pytest.mark.parametrize(
    "reduction", ["mean", "sum", "count-mean", "nonzero-mean", "std", "median", "q0", "q33.3", "q95", "q100"]
)
@pytest.mark.parametrize("n", [N, N - 1])
def test_a_statistic_of_the_rows_is_the_value_that_the_run_found(n: int, reduction: str, weights: Array | None) -> None:
    gate = demand(f"mse@{reduction}=0")
    one = measured([gate], OLD[:n], weight=None if weights is None else weights[:n])
    rows, value = one.rows(gate), one.results(gate)[-1]
    assert rows is not None
    statistic = rows.statistic(value)
    assert statistic is not None
    assert statistic.observed() == pytest.approx(value.value, rel=1e-12)


def test_weights_count_in_the_comparison() -> None:
    weight = np.where(np.arange(N) < N // 2, 1.0, 0.0)
    new = np.where(weight > 0, OLD, WORSE)
    assert [one.verdict for one in against(["mse=0", "r2=0"], new, OLD, weight=weight)] == ["equal", "equal"]
    assert [one.verdict for one in against(["mse=0", "r2=0"], new, OLD)] == ["fail", "fail"]


def test_every_group_and_all_rows_are_judged_and_small_groups_are_skipped() -> None:
    by = {"g": ["a"] * 290 + ["b"] * 10}
    found = against(["mse=1%"], WORSE, OLD, terms=replace(TERMS, min_n=50), by=by)
    assert [(one.by, one.verdict, one.n) for one in found] == [
        ({"g": "a"}, "fail", 290), ({"g": "b"}, "skipped", 10), (None, "fail", 300),
    ]  # fmt: skip


def test_clusters_are_drawn_together() -> None:
    names = [f"c{i // 30}" for i in range(N)]
    shift = np.repeat(np.random.default_rng(0).normal(size=10), 30)
    alone = against(["mse=0"], OLD + shift, OLD)[0].interval
    together = against(["mse=0"], OLD + shift, OLD, keep={"c": names})[0].interval
    assert alone is not None
    assert together is not None
    assert together[1] - together[0] > 1.5 * (alone[1] - alone[0])


def test_queries_are_the_clusters_of_a_ranking_score() -> None:
    random = np.random.default_rng(5)
    names = [f"q{i // 10}" for i in range(N)]
    grades = random.integers(0, 3, size=N).astype(np.float64)
    gate = demand("ndcg=0")
    sides = []
    for scores in (random.normal(size=N), grades + random.normal(size=N)):
        one = Measured([gate], missing="error", compared=True)
        one.feed(replace(Batch.of(grades, scores), group=names))
        one.conclude()
        sides.append(one)
    rows = sides[0].rows(gate)
    assert rows is not None
    units = rows.units()
    assert units is not None
    assert len(set(units.tolist())) == 30
    (found,) = judged([gate], sides[0], Predictions(sides[1]), TERMS)
    assert found.verdict == "fail"


@pytest.mark.parametrize("method", ["holm", "bh"])
def test_adjusting_widens_the_intervals_and_never_decides_more(method: str) -> None:
    shift = 0.12
    texts = [f"{name}=0" for name in ("mse", "mae", "rmse", "log-cosh", "huber")]
    plain = against(texts, SAME_SIZE + shift, OLD)
    adjusted = against(texts, SAME_SIZE + shift, OLD, terms=replace(TERMS, adjust=method))
    for before, after in zip(plain, adjusted, strict=True):
        assert before.interval is not None
        assert after.interval is not None
        assert after.interval[0] <= before.interval[0]
        assert after.interval[1] >= before.interval[1]
        assert after.verdict in (before.verdict, "inconclusive")
    assert any(after.interval != before.interval for before, after in zip(plain, adjusted, strict=True))


def test_one_gate_alone_and_equal_predictions_need_no_adjustment() -> None:
    holm = replace(TERMS, adjust="holm")
    assert against(["mse=0"], SAME_SIZE, OLD, terms=holm) == against(["mse=0"], SAME_SIZE, OLD)
    assert [one.verdict for one in against(["mse=0", "mae=0"], OLD, OLD, terms=holm)] == ["equal", "equal"]


def test_holm_wrongly_decides_one_of_many_gates_no_more_often_than_one_alone_would() -> None:
    random = np.random.default_rng(2)
    terms = Terms(Resampling(method="t"), adjust="holm")
    wrong = unadjusted = 0
    trials, n, gates = 200, 60, [demand(f"{name}=0") for name in ("mse", "mae", "huber:delta=2", "log-cosh")]
    for _ in range(trials):
        sides = []
        for _ in range(2):
            one = Measured(gates, missing="error", compared=True)
            one.feed(Batch.of(np.zeros(n), random.normal(size=n)))
            one.conclude()
            sides.append(one)
        decided = [
            any(one.verdict != "inconclusive" for one in judged(gates, sides[0], Predictions(sides[1]), asked))
            for asked in (terms, replace(terms, adjust=None))
        ]
        wrong, unadjusted = wrong + decided[0], unadjusted + decided[1]
    assert wrong / trials <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / trials)
    assert wrong < unadjusted


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def report(path: Path, *results: Mapping[str, object], samples: Sequence[Mapping[str, object]] | None = None) -> str:
    """Write a report; return its path."""
    document: dict[str, object] = {"schema": 1, "n": N, "dropped": 0, "results": results}
    path.write_text(json.dumps(document | ({} if samples is None else {"samples": samples})))
    return str(path)


def result(one: Measured, gate: Demand, **more: object) -> dict[str, object]:
    """Return the record of a gate's value, with some of it changed."""
    found = one.results(gate)[-1]
    record = {name: getattr(found, name) for name in ("loss", "like", "reduction", "value", "n", "signature")}
    return {**record, **more}


GATE = demand("mse=1%")


def verdicts(path: str, *, force: bool = False, pred: Array = OLD, **more: Any) -> list[Judged]:  # noqa: ANN401  as above
    """Return the verdicts on predictions against a report."""
    mine = measured([GATE], pred, **more)
    return judged([GATE], mine, Reported(Baseline(path)), replace(TERMS, force=force))


def test_a_report_without_samples_is_compared_by_value(tmp_path: Path) -> None:
    old = measured([GATE], OLD)
    path = report(tmp_path / "r.json", result(old, GATE))
    assert [(one.verdict, one.interval) for one in verdicts(path)] == [("equal", None)]
    assert [one.verdict for one in verdicts(path, pred=WORSE)] == ["fail"]


def samples_of(pred: Array) -> list[dict[str, object]]:
    """Return the samples of a report on these predictions."""
    pairs = enumerate(zip(TRUE.tolist(), pred.tolist(), strict=True), 1)
    return [{"row": i, "y_true": t, "y_pred": p, "mse": (p - t) ** 2} for i, (t, p) in pairs]


def test_a_report_with_samples_is_compared_row_by_row_as_its_predictions_would_be(tmp_path: Path) -> None:
    path = report(tmp_path / "r.json", result(measured([GATE], OLD), GATE), samples=samples_of(OLD))
    assert verdicts(path, pred=WORSE) == against(["mse=1%"], WORSE, OLD)
    assert [(one.verdict, one.p) for one in verdicts(path)] == [("equal", 1.0)]


@pytest.mark.parametrize("broken", ["fewer", "other truth", "text", "rows", "nested"])
def test_samples_that_are_not_those_of_the_rows_are_left_aside(tmp_path: Path, broken: str) -> None:
    samples: list[dict[str, object]] = samples_of(OLD)
    changes: dict[str, dict[str, object]] = {
        "fewer": {}, "other truth": {"y_true": 77.0}, "text": {"y_true": "x"}, "rows": {"row": [1]},
        "nested": {"y_true": True},
    }  # fmt: skip
    samples = samples[1:] if broken == "fewer" else [{**samples[0], **changes[broken]}, *samples[1:]]
    path = report(tmp_path / "r.json", result(measured([GATE], OLD), GATE), samples=samples)
    assert [one.interval for one in verdicts(path, pred=WORSE)] == [None]


@pytest.mark.parametrize(
    ("fact", "other", "said"),
    [
        ("like:none", "like:keras", "like keras there, none here"),
        ("reduction:mean", "reduction:sum", "reduction sum there, mean here"),
        ("missing:error", "missing:drop", "missing drop there, error here"),
        ("n:300", "n:299", "n 299 there, 300 here"),
        ("weight:300.0", "weight:1.0", "weight 1.0 there, 300.0 here"),
        ("mse|", "mse:x=1|", "loss mse:x=1 there, mse here"),
        ("|true:", "|true:0", "true 0"),
    ],
)
def test_a_report_that_was_made_otherwise_is_refused_naming_what_differs_unless_forced(
    tmp_path: Path, fact: str, other: str, said: str
) -> None:
    record = result(measured([GATE], OLD), GATE)
    assert fact in str(record["signature"])
    path = report(tmp_path / "r.json", {**record, "signature": str(record["signature"]).replace(fact, other)})
    with pytest.raises(DataError) as caught:
        verdicts(path)
    assert said in caught.value.message
    assert "--force" in caught.value.hint
    assert [one.verdict for one in verdicts(path, force=True)] == ["equal"]


@pytest.mark.parametrize("fact", ["version:", "dropped:", "data:"])
def test_what_may_differ_between_two_runs_of_one_test_set_is_no_reason_to_refuse(tmp_path: Path, fact: str) -> None:
    record = result(measured([GATE], OLD), GATE)
    assert fact in str(record["signature"])
    changed = str(record["signature"]).replace(fact, f"{fact}9")
    path = report(tmp_path / "r.json", {**record, "signature": changed})
    assert [one.verdict for one in verdicts(path)] == ["equal"]
    assert bool(Baseline(path).notes) == (fact == "version:")


@pytest.mark.parametrize("status", ["nan", "inf", "strange", None])
def test_a_report_without_a_finite_value_never_lets_a_gate_pass(tmp_path: Path, status: str | None) -> None:
    path = report(tmp_path / "r.json", result(measured([GATE], OLD), GATE, value=None, status=status))
    assert [one.verdict for one in verdicts(path)] == ["fail"]


@pytest.mark.parametrize(
    "changed",
    [
        {"value": "0.5"}, {"value": True}, {"value": [1]}, {"loss": 3}, {"loss": None}, {"reduction": {}}, {"by": "x"},
        {"by": [1]}, {"signature": None}, {"signature": 5},
    ],
)  # fmt: skip
def test_a_report_with_values_of_another_kind_is_refused(tmp_path: Path, changed: Mapping[str, object]) -> None:
    path = report(tmp_path / "r.json", {**result(measured([GATE], OLD), GATE), **changed})
    with pytest.raises(DataError):
        verdicts(path)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"schema": 2, "results": []}', '{"schema": 1}', '{"schema": 1, "results": 3}',
     '{"schema": 1, "results": [3]}', '{"schema": 1, "results": [], "samples": 3}', '{"schema": 1, "results": [NaN]}',
     "[" * 100_000, '{"schema": 1, "results": []}'],
)  # fmt: skip
def test_what_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(DataError):
        verdicts(str(path))


def test_a_whole_number_beyond_float64_is_infinite_and_fails(tmp_path: Path) -> None:
    path = report(tmp_path / "r.json", result(measured([GATE], OLD), GATE, value=10**400))
    assert [one.verdict for one in verdicts(path)] == ["fail"]


def of_groups(by: Mapping[str, list[str]]) -> list[dict[str, object]]:
    """Return the records of the values of every group, and of all rows."""
    old = measured([GATE], OLD, by=by)
    return [
        {**result(old, GATE), "value": one.value, "n": one.n, "signature": one.signature, "by": one.by}
        for one in old.results(GATE)
    ]


def test_groups_are_compared_with_their_own_and_a_group_that_is_gone_fails(tmp_path: Path) -> None:
    by = {"g": ["a"] * 200 + ["b"] * 100}
    records = of_groups(by)
    path = report(tmp_path / "r.json", *records, {**records[0], "by": {"g": "gone"}})
    found = verdicts(path, by=by)
    assert [(one.by, one.verdict) for one in found] == [
        ({"g": "a"}, "equal"), ({"g": "b"}, "equal"), (None, "equal"), ({"g": "gone"}, "fail"),
    ]  # fmt: skip
    assert found[-1].reason == "there are no rows"


def test_a_group_that_is_gone_is_told_once_and_is_skipped_where_small_groups_are(tmp_path: Path) -> None:
    by = {"g": ["a"] * N}
    there = of_groups(by)
    gone = [{**there[0], "by": {"g": "gone"}, "reduction": reduction} for reduction in ("mean", "q95")]
    path = report(tmp_path / "r.json", *there, *gone)
    assert [one.verdict for one in verdicts(path, by=by)] == ["equal", "equal", "fail"]
    *_, last = judged([GATE], measured([GATE], OLD, by=by), Reported(Baseline(path)), Terms(Resampling(), min_n=5))
    assert (last.verdict, last.n, last.bound) == ("skipped", 0, None)
    assert last.reason == "0 rows are fewer than the 5 of --min-n"


def test_a_group_that_the_baseline_does_not_have_is_inconclusive(tmp_path: Path) -> None:
    path = report(tmp_path / "r.json", result(measured([GATE], OLD), GATE))
    found = verdicts(path, by={"g": ["new"] * N})
    assert [one.verdict for one in found] == ["inconclusive", "equal"]
