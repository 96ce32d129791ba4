"""The frameworks themselves on random inputs: ``pytest -m parity``, each skipped where it is not installed."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from parity_answers import Unfit, at_path
from parity_calls import DECLARED, Call, calls, paths, ranks, twin_of
from parity_compare import departs, ours, same, title
from parity_frameworks import run
from parity_inputs import mixed

from losscli.namesakes import METRICS, SAME

MODULES = {"keras2": "tf_keras"}
"""Framework -> the module to import, where it is called otherwise."""

CHOICES = ("class or row | decision", "label set | label probabilities | sets")
"""Inputs whose predictions are choices: between two of them there is none."""

UNTIED = ("catboost.Cox",)
"""Paths that depart where true values are equal: there the random ones differ."""

pytestmark = [
    pytest.mark.parity,
    # what the frameworks say of themselves is none of our business
    pytest.mark.filterwarnings("ignore"),
]


def installed(framework: str) -> bool:
    backend = framework != "keras" or find_spec("tensorflow") is not None
    return backend and find_spec(MODULES.get(framework, framework)) is not None


def random_rows(rng: np.random.Generator, call: Call) -> Call:
    """Return a call with random rows added; scores of a query differ, and its rows have one weight.

    Of a path in ``UNTIED`` the true values keep their signs only.
    """
    y_true, y_pred = mixed(rng, (call.y_true, call.y_pred), convex=not call.input.startswith(CHOICES))
    weight = None if call.weight is None else rng.integers(1, 9, size=len(y_pred)) / 4
    group = call.group
    if ranks(DECLARED[call.loss]):
        y_pred = rng.permutation(y_pred.size).reshape(y_pred.shape) / 64
    if call.path in UNTIED:
        y_true = np.sign(y_true) * (1 + rng.permutation(y_true.size).reshape(y_true.shape))
    if group is not None:
        group = np.concatenate([group, rng.choice(group, size=len(y_pred) - len(group))])
        weight = None if weight is None else weight[group]
    return replace(call, y_true=y_true, y_pred=y_pred, weight=weight, group=group)


@pytest.mark.parametrize(("name", "path"), [(one.name, path) for one, _, path in paths()])
def test_losscli_gives_the_number_of_the_framework_on_random_rows(name: str, path: str) -> None:
    one, twin = next((one, twin) for one, twin, other in paths() if (one.name, other) == (name, path))
    if not installed(twin.framework):
        pytest.skip(f"{twin.framework} is not installed: pip install 'losscli[parity]'")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    rng = np.random.default_rng(random.getrandbits(32))
    ran, refused = 0, []
    for call in calls(one, twin, path):
        drawn = random_rows(rng, call)
        if departs(drawn):
            continue
        try:
            answer = run(twin.framework, drawn)
        except Unfit:
            continue
        except Exception as refusal:  # noqa: BLE001  a framework may refuse in any way
            refused.append(f"{title(drawn)}: {refusal}")
            continue
        if answer.dtype == "float32" and "extreme" in drawn.input:
            continue  # between the extremes that are recorded, float32 may have no digit left
        same(drawn, answer)
        ran += 1
    assert ran, refused


@pytest.mark.parametrize(
    ("name", "path", "alpha"),
    [
        ("mae", "catboost.MAE", {}),
        ("pinball", "catboost.Quantile", {"alpha": 0.25}),
        ("multi-pinball", "catboost.MultiQuantile", {"alpha": (0.25, 0.75)}),
        ("query-pinball", "catboost.GroupQuantile", {"alpha": 0.25}),
    ],
)
def test_only_an_error_of_exactly_delta_costs_another_number_in_catboost(
    name: str, path: str, alpha: dict[str, object]
) -> None:
    if not installed("catboost"):
        pytest.skip("catboost is not installed: pip install 'losscli[parity]'")
    shape = (4, 2) if name == "multi-pinball" else (4,)
    for error in (5e-7, 1e-6, 2e-6):
        y_pred = np.resize([error, error, -error, -error], shape[::-1]).T
        call = Call(name, path, "an error", np.zeros(4), y_pred, alpha)
        answer = run("catboost", call)
        if error == 1e-6:
            assert answer.value == pytest.approx(1e-6 if name == "mae" else 5e-7, rel=1e-12)
            assert ours(call).value == 0
        else:
            same(call, answer)
    assert "exactly" in twin_of(name, path).note


def test_a_row_of_weight_0_whose_true_value_is_0_makes_xgboosts_mape_nan_and_is_left_out_here() -> None:
    if not installed("xgboost"):
        pytest.skip("xgboost is not installed: pip install 'losscli[parity]'")
    y_true, y_pred, weight = np.array([1.0, 0.0, 2.0]), np.array([2.0, 1.0, 2.0]), np.array([1.0, 0.0, 1.0])
    call = Call("mape", "xgboost.mape", "a 0", y_true, y_pred, {}, weight)
    assert np.isnan(run("xgboost", call).value or 0)
    assert ours(call).value == 0.5
    assert "weight 0" in twin_of("mape", "xgboost.mape").note


@pytest.mark.parametrize("framework", ["keras", "keras2"])
def test_a_second_name_of_keras_is_the_same_function(framework: str) -> None:
    if not installed(framework):
        pytest.skip(f"{framework} is not installed: pip install 'losscli[parity]'")
    start = {"keras": "keras.", "keras2": "tf.keras."}[framework]
    pairs = [pair for pair in SAME.items() if pair[0].startswith(start) and pair[1].rpartition(".")[2] not in METRICS]
    found = [[at_path(one.replace("tf.keras.", "tf_keras.")) for one in pair] for pair in pairs]
    assert pairs
    assert all(second is first for second, first in found)


def test_a_second_name_of_lightgbm_is_printed_as_the_first() -> None:
    lgb = pytest.importorskip("lightgbm", exc_type=ImportError)
    for second, first in ((names[0][9:], names[1][9:]) for names in SAME.items() if names[0].startswith("lightgbm.")):
        ranks_rows, classes = first in ("ndcg", "map"), first == "multi_logloss"
        data = lgb.Dataset(
            np.arange(20)[:, None] % 2,
            label=np.arange(20) % 2,
            group=[10, 10] if ranks_rows else None,
            params={"verbosity": -1},
        )
        settings = {"objective": "none", "metric": second, "num_class": 2 if classes else 1, "verbosity": -1}
        assert {one[1].partition("@")[0] for one in lgb.Booster(settings, data).eval_train()} == {first}
