"""A penalty is of a model's weights: alone by its own command, or added to a loss as a line and a total."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from losscli import registry
from losscli.penalize import Charge, charge, penalize
from losscli.spec import bind

SCRIPT = Path(sys.executable).with_name("losscli")


def losscli(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


def value(spec: str, weights: str = "1,-3") -> float | None:
    return penalize(Charge(bind(spec), weights)).value


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("l1-penalty", 0.04),
        ("l1-penalty:l1=2", 8.0),
        ("l2-penalty:l2=0.5", 5.0),
        ("l2-penalty:l2=1,half", 5.0),
        ("elastic-net:l1=1,l2=0.5", 9.0),
        ("elastic-net:l1=1,l2=1,half", 9.0),
        ("ridge:l2=1", 10.0),
        ("keras.regularizers.L2", 0.1),
        ("keras.regularizers.L1L2", 0.0),
        ("tf.keras.regularizers.l1_l2", 0.14),
    ],
)
def test_a_penalty_is_its_formula_under_every_name(spec: str, expected: float) -> None:
    assert value(spec) == pytest.approx(expected, rel=1e-15)


def test_every_penalty_is_documented_and_its_example_runs() -> None:
    registry.load_all()
    assert set(registry.PENALTIES) == {"l1-penalty", "l2-penalty", "elastic-net"}
    for name, one in registry.PENALTIES.items():
        shown = losscli("show", name, cwd=Path.cwd()).stdout
        assert one.doc.formula
        assert one.doc.source in shown.replace("\n", " ")
        assert f">>> {one.function.__name__}(array(" in shown


def test_weights_are_every_number_of_a_file(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", kernel=np.ones((3, 4)), bias=np.array([1.0, -2.0]))
    (tmp_path / "w.csv").write_text("layer,weight\nfirst,1\nsecond,-3\n")
    assert losscli("l1-penalty", "w.npz", "--l1", "1", "-f", "value", cwd=tmp_path).stdout == "15.0\n"
    assert losscli("l2-penalty", "w.csv", "--l2", "1", "-f", "value", cwd=tmp_path).stdout == "10.0\n"


def test_the_sum_does_not_depend_on_the_order_of_the_weights() -> None:
    weights = [1e16, 1.0, -1e16, 1.0]
    texts = [",".join(map(repr, order)) for order in (weights, weights[::-1])]
    assert {value("l1-penalty:l1=1", text) for text in texts} == {2e16 + 2}


def test_a_penalty_beside_a_loss_is_a_line_and_a_total(tmp_path: Path) -> None:
    done = losscli(
        "mse", "--true", "1,2,3", "--pred", "2,2,3", "--penalty", "l2-penalty:l2=0.5=1,-3", "--summary", "-f", "json",
        cwd=tmp_path,
    )  # fmt: skip
    results: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    assert [(one["loss"], one["reduction"], one["value"]) for one in results] == [
        ("mse", "mean", 1 / 3),
        ("l2-penalty:l2=0.5", "sum", 5.0),
        ("mse + l2-penalty:l2=0.5", "total", 5 + 1 / 3),
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["l1-penalty", "nothing.npy"], 3, "no such file"),
        (["l1-penalty", "1,nan"], 3, "missing or not finite"),
        (["l1-penalty", "1,2", "--l1", "-1"], 2, "expected a number >= 0"),
        (["mse", "--true", "1", "--pred", "2", "--penalty", "mse=1,2"], 2, "mse is no penalty"),
        (["mse", "--true", "1", "--pred", "2", "--penalty", "l2-penalty"], 2, "expected SPEC=WEIGHTS"),
        (["eval", "-l", "l2-penalty", "--true", "1", "--pred", "2"], 2, "l2-penalty is of a model's weights"),
    ],
)
def test_a_mistake_is_told_with_the_way_out(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    done = losscli(*arguments, cwd=tmp_path)
    error, hint = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (code, "")
    assert error.startswith("losscli: error: ")
    assert said in error
    assert hint.startswith("hint: ")


def test_the_last_equals_sign_splits_a_charge() -> None:
    one = charge("elastic-net:l1=1,l2=2=weights.npy")
    assert (one.bound.spec, one.weights) == ("elastic-net:l1=1,l2=2", "weights.npy")
