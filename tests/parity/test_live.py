"""The frameworks themselves on random inputs: ``pytest -m parity``, each skipped where it is not installed."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from parity_answers import Unfit
from parity_calls import DECLARED, Call, calls, paths, ranks
from parity_compare import departs, same, title
from parity_frameworks import run
from parity_inputs import mixed

MODULES = {"keras2": "tf_keras"}
"""Framework -> the module to import, where it is called otherwise."""

CHOICES = ("class or row | decision", "label set | label probabilities | sets")
"""Inputs whose predictions are choices: between two of them there is none."""

pytestmark = [
    pytest.mark.parity,
    # what the frameworks say of themselves is none of our business
    pytest.mark.filterwarnings("ignore"),
]


def installed(framework: str) -> bool:
    backend = framework != "keras" or find_spec("tensorflow") is not None
    return backend and find_spec(MODULES.get(framework, framework)) is not None


def random_rows(rng: np.random.Generator, call: Call) -> Call:
    """Return a call with random rows added; scores of a query differ, and its rows have one weight."""
    y_true, y_pred = mixed(rng, (call.y_true, call.y_pred), convex=not call.input.startswith(CHOICES))
    weight = None if call.weight is None else rng.integers(1, 9, size=len(y_pred)) / 4
    group = call.group
    if ranks(DECLARED[call.loss]):
        y_pred = rng.permutation(y_pred.size).reshape(y_pred.shape) / 64
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
