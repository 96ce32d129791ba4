"""Every fault that is planted is found, with its rows, and its fix runs and mends it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import SCRIPT, losscli
from planted_faults import PLANTED, Planted

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
