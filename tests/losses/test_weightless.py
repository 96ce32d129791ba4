"""Rows that all weigh 0 or are all ignored: nothing to score, but where a framework says 0, which passes no gate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write

from losscli import DataError, evaluate, states
from losscli.batch import Batch
from losscli.run import Run
from losscli.spec import bind

DATA = "y_true,y_pred,w,g\n1,2,0,a\n2,4,0,a\n3,3,1,b\n"
NOTHING = DATA.replace(",1,b", ",0,b")
CROSS_ENTROPY = ("torch.nn.BCELoss", "keras.losses.BinaryCrossentropy", "tf.compat.v1.losses.log_loss")


@pytest.mark.parametrize(
    ("spec", "like"),
    [
        ("mse", "keras"),
        ("mse", "keras2"),
        ("mse", "tensorflow"),
        ("mae", "xgboost"),
        ("rmse", "xgboost"),
        ("mae", "catboost"),
        ("rmse", "catboost"),
        ("gamma-deviance", "lightgbm"),  # which adds up the rows and divides by nothing
        ("keras.losses.MeanSquaredError:reduction=sum", None),
        ("keras.losses.MeanSquaredError:reduction=mean_with_sample_weight", None),
        ("keras.metrics.RootMeanSquaredError", None),
        ("tf.compat.v1.losses.mean_squared_error:reduction=weighted_mean", None),
        ("tf.compat.v1.losses.mean_squared_error:reduction=weighted_sum_over_batch_size", None),
    ],
)
def test_a_framework_that_says_0_is_reproduced_with_a_note(spec: str, like: str | None) -> None:
    found = evaluate(spec, [1, 2], [2, 4], [0, 0], like=like)
    assert found.value == 0.0
    framework = found.result.like
    expected = f"{spec}: the weights of all rows are 0: {framework} gives 0.0, where there is no mean"
    assert expected in found.notes
    assert not any("shape (n,)" in note for note in found.notes)


@pytest.mark.parametrize("path", CROSS_ENTROPY)
def test_a_binary_cross_entropy_divided_by_the_count_is_0(path: str) -> None:
    assert evaluate(path, [1, 0], [0.5, 0.25], [0, 0]).value == 0.0


@pytest.mark.parametrize(
    ("spec", "like"),
    [
        ("mse", None),
        ("mse", "sklearn"),  # raises ValueError
        ("mse", "optax"),  # has no weights
        ("mse", "lightgbm"),  # NaN
        ("torch.nn.functional.mse_loss", None),  # NaN
    ],
)
@pytest.mark.parametrize("reduction", [None, "max"])
def test_everywhere_else_there_is_nothing_to_score(spec: str, like: str | None, reduction: str | None) -> None:
    if spec.startswith("torch") and reduction is None:
        reduction = "mean"
    with pytest.raises(DataError, match="the weights of all 2 rows are 0"):
        evaluate(spec, [1, 2], [2, 4], [0, 0], like=like, reduction=reduction)


CLASSES = ([0, 2], [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]], [0, 0])


@pytest.mark.parametrize(
    ("spec", "data"),
    [
        ("xgboost.mlogloss", CLASSES),  # divides the sum by the weights, as other metrics do not: NaN
        ("xgboost.merror", CLASSES),
        ("xgboost.mape", ([0, 1], [1, 2], [0, 0])),  # 0 · ∞
        ("xgboost.mape", ([0, 1], [0, 2], [0, 0])),  # 0 · NaN
    ],
)
def test_what_is_nan_in_xgboost_is_nothing_to_score(spec: str, data: tuple[list[int], object, list[int]]) -> None:
    with pytest.raises(DataError, match="the weights of all 2 rows are 0"):
        evaluate(spec, *data)


@pytest.mark.parametrize(
    ("spec", "data"),
    [("xgboost.error", ([0, 1], [0.75, 0.75], [0, 0])), ("xgboost.mape", ([2, 1], [1, 0.5], [0, 0]))],
)
def test_what_is_0_in_xgboost_is_0(spec: str, data: tuple[list[int], list[float], list[int]]) -> None:
    assert evaluate(spec, *data).value == 0.0


def test_no_shards_make_a_number_of_several_classes_without_weight() -> None:
    runs = []
    for rows in (slice(0, 1), slice(1, 2)):
        runs.append(Run([bind("xgboost.merror")]))
        truth, guess, weights = (np.array(one, dtype=np.float64)[rows] for one in CLASSES)
        runs[-1].feed(Batch(truth, guess, np.arange(2)[rows] + 1, weights))
    merged = Run([bind("xgboost.merror")])
    for one in runs:
        states.absorb(merged, states.of(one))
    with pytest.raises(DataError, match="the weights of all 2 rows are 0"):
        merged.report()


def test_no_gate_passes_on_classes_of_no_weight(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,p0,p1,w,g\n0,0.5,0.5,0,a\n1,0.25,0.75,0,a\n1,0.5,0.5,1,b\n")
    columns = ("-t", "y_true", "-p", "p0,p1", "-w", "w", "--max", "xgboost.mlogloss=5", "--by", "g")
    groups = losscli("check", "a.csv", *columns, "-f", "json", cwd=tmp_path)
    assert groups.code == 1
    assert [(one["by"], one["verdict"]) for one in groups.document["gates"]] == [
        ({"g": "a"}, "fail"), ({"g": "b"}, "pass"), (None, "pass"),
    ]  # fmt: skip


IGNORED = [
    ("keras.losses.SparseCategoricalCrossentropy:ignore_class=1", 0.0),
    ("keras.losses.SparseCategoricalCrossentropy:ignore_class=1,reduction=sum", 0.0),
    ("torch.nn.CrossEntropyLoss:ignore_index=1,reduction=sum", 0.0),
    ("torch.nn.CrossEntropyLoss:ignore_index=1", None),  # NaN
    ("tf.keras.losses.SparseCategoricalCrossentropy:ignore_class=1", None),  # NaN
    ("sparse-ce:ignore_index=1", None),
]


@pytest.mark.parametrize(("spec", "value"), IGNORED)
def test_rows_that_are_all_ignored_have_the_framework_s_number_or_none(spec: str, value: float | None) -> None:
    data = ([1, 1], [[0.75, 0.25], [0.5, 0.5]])
    if value is None:
        with pytest.raises(DataError, match="ignores all 2 rows"):
            evaluate(spec, *data)
        return
    found = evaluate(spec, *data)
    assert found.value == value
    assert f"{spec}: all rows are ignored: {found.result.like} gives 0.0, where there is no mean" in found.notes


def test_an_extreme_of_no_rows_is_no_framework_s_number() -> None:
    with pytest.raises(DataError, match="nothing to score"):
        evaluate("mse", [1, 2], [2, 4], [0, 0], like="keras", reduction="max")


@pytest.mark.parametrize("like", ["keras", "tensorflow", "xgboost"])
def test_a_group_without_weight_has_the_framework_s_number_too(like: str, tmp_path: Path) -> None:
    write(tmp_path, a_csv=DATA)
    options = ("-w", "w", "--by", "g", "--like", like, "-q", "-f", "json")
    results = losscli("mae", "a.csv", *options, cwd=tmp_path).document["results"]
    assert [(one["by"], one["value"]) for one in results] == [({"g": "a"}, 0.0), ({"g": "b"}, 0.0), (None, 0.0)]


@pytest.mark.parametrize("options", [["--like", "keras", "--ci", "0.9"], ["--like", "tensorflow", "--ci", "0.9"]])
def test_what_weighs_nothing_has_no_interval(options: list[str], tmp_path: Path) -> None:
    write(tmp_path, a_csv=NOTHING)
    refused(losscli("mae", "a.csv", "-w", "w", *options, cwd=tmp_path), 3, "nothing to score")


def test_no_gate_passes_on_rows_of_no_weight(tmp_path: Path) -> None:
    write(tmp_path, all_csv=NOTHING, some_csv=DATA)
    gate = ("-w", "w", "--max", "keras.losses.MeanAbsoluteError=5")
    refused(losscli("check", "all.csv", *gate, cwd=tmp_path), 3, "nothing to score")
    groups = losscli("check", "some.csv", *gate, "--by", "g", "-f", "json", cwd=tmp_path)
    assert groups.code == 1
    assert [(one["by"], one["verdict"]) for one in groups.document["gates"]] == [
        ({"g": "a"}, "fail"), ({"g": "b"}, "pass"), (None, "pass"),
    ]  # fmt: skip


def test_rows_of_no_weight_are_not_compared(tmp_path: Path) -> None:
    write(tmp_path, a_csv=NOTHING, b_csv=NOTHING.replace("2,4", "2,3"))
    done = losscli("compare", "a.csv", "b.csv", "-w", "w", "-l", "mae", "--like", "keras", cwd=tmp_path)
    refused(done, 3, "nothing to score")
