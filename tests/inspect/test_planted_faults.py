"""Every fault that is planted is found, with its rows, and its fix runs and mends it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from console import SCRIPT, losscli
from planted_faults import FIRST, PLANTED, N, Planted, csv, numbers

Plant = Callable[[Path], Planted]
CASES = [pytest.param(code, plant, id=plant.__name__) for code, plant in PLANTED]


def inspected(folder: Path, arguments: list[str]) -> list[dict[str, Any]]:
    done = losscli("inspect", *arguments, "-f", "json", "-q", cwd=folder)
    assert (done.code, done.err) == (0, "")
    found: list[dict[str, Any]] = done.document["warnings"]
    return found


def pasted(command: str, folder: Path) -> list[dict[str, Any]]:
    path = os.pathsep.join([str(SCRIPT.parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{command} -f json -q"],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), command
    found: list[dict[str, Any]] = json.loads(done.stdout)["warnings"]
    return found


@pytest.mark.parametrize(("code", "plant"), CASES)
def test_a_planted_fault_is_found_alone_with_its_rows_and_its_fix_mends_it(
    code: str, plant: Plant, tmp_path: Path
) -> None:
    planted = plant(tmp_path)
    (found,) = inspected(tmp_path, list(planted.arguments))
    assert (found["code"], found["rows"], found["count"]) == (code, list(planted.rows), planted.count)
    assert [words for words in planted.says if words not in found["message"]] == []
    assert pasted(found["fix"], tmp_path) == []


def test_probabilities_of_which_one_is_above_1_do_not_suit_the_log_loss(tmp_path: Path) -> None:
    csv(tmp_path / "a.csv", label=[1, 0, 1, 0], prob=[0.75, 0.25, 1.25, 0.5])
    (found,) = inspected(tmp_path, ["a.csv"])
    assert (found["code"], found["count"], found["rows"]) == ("unsuited", 1, [3])
    assert "bce does not suit" in found["message"]
    assert "row 3: 1.25 is not a probability" in found["message"]
    assert found["fix"] == ""  # no loss is left, and a score is none


def test_names_of_fewer_classes_than_columns_are_told_and_no_loss_is_suggested(tmp_path: Path) -> None:
    csv(tmp_path / "a.csv", label=["cat", "eel"], prob_0=[0.75, 0.25], prob_1=[0.125, 0.25], prob_2=[0.125, 0.5])
    done = losscli("inspect", "a.csv", "-f", "json", "-q", cwd=tmp_path)
    (found,) = done.document["warnings"]
    assert (found["code"], found["rows"], done.document["suggestions"]) == ("classes", [1, 2], [])
    assert "2 classes (cat, eel) against 3 columns" in found["message"]
    assert inspected(tmp_path, ["a.csv", "--classes", "cat,dog,eel"]) == []


def test_rows_that_were_shuffled_without_a_key_are_told_and_nothing_can_be_pasted(tmp_path: Path) -> None:
    truth, pred = numbers()
    csv(tmp_path / "a.csv", y_true=truth, y_pred=np.random.default_rng(1).permutation(pred))
    (found,) = inspected(tmp_path, ["a.csv"])
    assert (found["code"], found["count"], found["rows"], found["fix"]) == ("shuffled", N, FIRST, "")
    assert "correlation" in found["message"]


def test_a_column_that_is_not_called_like_predictions_is_not_proposed_as_such(tmp_path: Path) -> None:
    truth, pred = numbers()
    csv(tmp_path / "a.csv", y_true=truth, y_pred=np.full(N, 50.0), age=pred)
    (found,) = inspected(tmp_path, ["a.csv"])
    assert (found["code"], found["fix"]) == ("constant", "")
