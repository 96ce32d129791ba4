"""The losses that are suggested suit the data, and say what the engine says; so do their baselines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ordinary_data import ORDINARY, Columns
from test_silence import Ears

from losscli import evaluate
from losscli.inspection import baselines
from losscli.inspection.inspecting import inspect
from losscli.inspection.summary import Rows
from losscli.sources.options import DataOptions
from losscli.spec import bind

Suggested = Mapping[str, Mapping[str, Any]]


def suggested(folder: Path, columns: Columns, loss: str = "", **options: str) -> Suggested:
    np.savez(folder / "a.npz", **columns)  # type: ignore[arg-type]  # numpy's stubs know one keyword of another kind
    data = DataOptions(files=(str(folder / "a.npz"),), weight=options.get("weight"))
    report = inspect(data, Ears(), loss=bind(loss) if loss else None)
    return {str(one["loss"]): one for one in report.sections["suggestions"]}


def ordinary(name: str, seed: int = 0) -> Columns:
    return ORDINARY[name][0](seed)


@pytest.mark.parametrize("name", ORDINARY)
def test_every_task_gets_losses_whose_values_are_those_of_the_engine(name: str, tmp_path: Path) -> None:
    columns = ordinary(name)
    predictions = next(value for key, value in columns.items() if key not in ("y_true", "id", "time"))
    found = suggested(tmp_path, columns)
    assert len(found) > 0
    for spec, one in found.items():
        assert one["value"] == evaluate(spec, columns["y_true"], predictions).value
        assert one["why"]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("regression", "mse"),
        ("skewed", "rmsle"),
        ("counts", "poisson-deviance"),
        ("probabilities", "bce"),
        ("logits", "bce:from_logits"),
        ("decisions", "mcc"),
        ("class_probabilities", "ce"),
        ("class_logits", "ce:from_logits"),
        ("decided_classes", "zero-one"),
        ("multilabel", "multilabel-bce:from_logits=false"),
        ("distribution", "kld"),
        ("intervals", "interval-score:alpha=0.1"),
        ("quantiles", "crps-quantile"),
        ("ensemble", "crps"),
    ],
)
def test_the_first_suggestion_suits_the_data(name: str, first: str, tmp_path: Path) -> None:
    assert next(iter(suggested(tmp_path, ordinary(name)))) == first


def test_outliers_put_the_absolute_error_first(tmp_path: Path) -> None:
    columns = dict(ordinary("regression"))
    columns["y_pred"] = columns["y_pred"].copy()
    columns["y_pred"][::40] += 60
    found = suggested(tmp_path, columns)
    assert next(iter(found)) == "mae"
    assert "far larger" in found["mae"]["why"]


def test_many_zeros_put_a_tweedie_deviance_first(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    there = random.random(400) < 0.5
    truth = np.where(there, random.gamma(2, 3, 400), 0)
    found = suggested(tmp_path, {"y_true": truth, "y_pred": random.uniform(1, 5, 400)})
    assert next(iter(found)) == "tweedie-deviance:power=1.5"
    assert "of the truth is 0" in found["tweedie-deviance:power=1.5"]["why"]


def test_a_rare_class_brings_average_precision_whose_baseline_is_its_share(tmp_path: Path) -> None:
    columns = ordinary("rare_events")
    found = suggested(tmp_path, columns)
    assert "roc-auc" not in found
    assert found["average-precision"]["baseline"] == pytest.approx(columns["y_true"].mean(), rel=1e-12)


def test_the_baselines_are_the_best_constants_in_closed_form(tmp_path: Path) -> None:
    truth = ordinary("regression")["y_true"]
    found = suggested(tmp_path, ordinary("regression"))
    assert found["mse"]["baseline"] == pytest.approx(truth.var(), rel=1e-12)
    assert found["mae"]["baseline"] == pytest.approx(np.abs(truth - np.median(truth)).mean(), rel=1e-12)
    label = ordinary("probabilities")["y_true"]
    rate = label.mean()
    entropy = -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate))
    assert suggested(tmp_path, ordinary("probabilities"))["bce"]["baseline"] == pytest.approx(entropy, rel=1e-12)
    assert suggested(tmp_path, ordinary("logits"))["bce:from_logits"]["baseline"] == pytest.approx(entropy, rel=1e-12)
    shares = np.bincount(ordinary("class_probabilities")["y_true"]) / 200
    found = suggested(tmp_path, ordinary("class_probabilities"))
    assert found["ce"]["baseline"] == pytest.approx(-(shares * np.log(shares)).sum(), rel=1e-12)
    assert found["zero-one"]["baseline"] == pytest.approx(1 - shares.max(), rel=1e-12)


def test_weights_count_in_values_and_baselines(tmp_path: Path) -> None:
    columns = dict(ordinary("regression"))
    columns["weight"] = np.random.default_rng(5).random(200)
    found = suggested(tmp_path, columns, weight="weight")
    truth, weight = columns["y_true"], columns["weight"]
    mean = np.average(truth, weights=weight)
    assert found["mse"]["baseline"] == pytest.approx(np.average((truth - mean) ** 2, weights=weight), rel=1e-12)
    assert found["mse"]["value"] == evaluate("mse", truth, columns["y_pred"], weight).value


def test_a_skill_is_one_less_the_share_of_the_baseline_that_is_left(tmp_path: Path) -> None:
    for one in suggested(tmp_path, ordinary("regression")).values():
        assert one["skill"] == pytest.approx(1 - one["value"] / one["baseline"], rel=1e-12)


def test_a_score_of_which_more_is_better_has_the_skill_of_the_way_to_one(tmp_path: Path) -> None:
    one = suggested(tmp_path, ordinary("probabilities"))["roc-auc"]
    assert one["baseline"] == 0.5
    assert one["skill"] == pytest.approx((one["value"] - 0.5) / 0.5, rel=1e-12)


def test_the_loss_that_is_asked_for_is_among_them(tmp_path: Path) -> None:
    assert suggested(tmp_path, ordinary("regression"), "log-cosh")["log-cosh"]["why"] == "asked for"


@pytest.mark.parametrize(
    ("name", "loss"),
    [("probabilities", "bce"), ("probabilities", "bce:eps=1e-7"), ("logits", "bce:from_logits")],
)
def test_the_loss_that_is_asked_for_has_the_baseline_of_the_base_rate(name: str, loss: str, tmp_path: Path) -> None:
    columns = ordinary(name)
    rate = columns["y_true"].mean()
    entropy = -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate))
    (found,) = (one for one in suggested(tmp_path, columns, loss).values() if one["why"] == "asked for")
    assert found["baseline"] == pytest.approx(entropy, rel=1e-6)


def test_another_smoothing_has_another_best_constant(tmp_path: Path) -> None:
    columns = ordinary("probabilities")
    found = suggested(tmp_path, columns, "bce:label_smoothing=0.2")["bce:label_smoothing=0.2"]
    rate = 0.8 * columns["y_true"].mean() + 0.1
    assert found["baseline"] == pytest.approx(-(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)), rel=1e-9)


def test_the_best_constant_score_is_on_the_side_of_the_frequent_class(tmp_path: Path) -> None:
    columns = ordinary("logits")
    rate = columns["y_true"].mean()
    assert suggested(tmp_path, columns)["hinge"]["baseline"] == pytest.approx(2 * min(rate, 1 - rate), rel=1e-12)
    searched = suggested(tmp_path, columns, "squared-hinge")["squared-hinge"]["baseline"]
    assert searched == pytest.approx(4 * rate * (1 - rate), rel=1e-6)


def test_scores_of_one_sign_are_not_taken_for_logits(tmp_path: Path) -> None:
    columns = ordinary("logits")
    assert list(suggested(tmp_path, {"y_true": columns["y_true"], "score": columns["logit"] + 600})) == ["roc-auc"]


@pytest.mark.parametrize("spec", ["mse", "mae", "huber:delta=3", "pinball:q=0.8", "log-cosh", "mape"])
def test_the_search_finds_a_constant_that_no_other_beats(spec: str) -> None:
    truth = ordinary("regression")["y_true"]
    found = baselines.of_constant(spec, Rows(truth, truth, np.arange(200), None), None)
    assert found is not None
    others = [evaluate(spec, truth, np.full(200, value)).value for value in np.linspace(truth.min(), truth.max(), 500)]
    assert found <= min(value for value in others if value is not None)


@pytest.mark.parametrize(("spec", "level"), [("mae", 0.5), ("pinball:q=0.8", 0.8), ("pinball:q=0.05", 0.05)])
def test_a_quantile_is_as_good_as_the_constant_that_a_search_finds(spec: str, level: float) -> None:
    truth = ordinary("regression")["y_true"]
    rows = Rows(truth, truth, np.arange(200), None)
    known = baselines.of_constant(spec, rows, lambda rows: baselines.quantile(rows, level))
    assert known == pytest.approx(baselines.of_constant(spec, rows, None), rel=1e-6)


def test_a_weighted_quantile_counts_weights_as_rows() -> None:
    truth, weight = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 3.0])
    assert baselines.quantile(Rows(truth, truth, np.arange(3), weight), 0.5) == 2
