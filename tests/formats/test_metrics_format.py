from __future__ import annotations

import json

from format_runs import report, result, written


def test_metrics_are_the_values_by_loss_and_group_and_nothing_else() -> None:
    of = report(
        result("mse", 0.1 + 0.2, by={"region": "north"}), result("r2", None, by={"region": "north"}),
        result("mse", 0.5), result("r2", float("nan")), by=["region"],
    )  # fmt: skip
    assert json.loads(written("metrics", of=of)) == {
        "n": 2,
        "mse": 0.5,
        "r2": None,
        "region=north": {"mse": 0.30000000000000004, "r2": None},
    }


def test_a_loss_under_several_reductions_is_named_with_each() -> None:
    of = report(result("mse", 1.0), result("mse", 2.0, reduction="q95"), result("mae", 3.0))
    assert json.loads(written("metrics", of=of)) == {"n": 2, "mse@mean": 1.0, "mse@q95": 2.0, "mae": 3.0}
