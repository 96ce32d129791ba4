"""Help at 80 columns, ``list`` and ``show``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from console import losscli, refused

import losscli as library

NAMES = list(library.LOSSES)
LONGEST = sorted(NAMES, key=lambda name: len(library.LOSSES[name].params))[-6:]
"""The losses with the most parameters."""


@pytest.mark.parametrize("command", ["", "eval", "list", "show", *LONGEST])
def test_help_fits_80_columns_and_names_every_parameter(command: str, tmp_path: Path) -> None:
    done = losscli(*command.split(), "--help", cwd=tmp_path, env={"COLUMNS": "80"})
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "`" not in done.out
    options = [f"--{name.replace('_', '-')}" for name in (library.LOSSES[command].params if command in NAMES else ())]
    assert [option for option in options if option not in done.out] == []


def test_help_lists_every_loss_under_its_family(tmp_path: Path) -> None:
    lines = losscli("--help", cwd=tmp_path).out.splitlines()
    assert [name for name in NAMES if not any(line.startswith(f"  {name} ") for line in lines)] == []
    assert [head for head in ("Regression:", "Binary:", "Multiclass:") if head not in lines] == []


def test_the_catalogue_lists_every_loss_and_filters(tmp_path: Path) -> None:
    document = losscli("list", "--format", "json", cwd=tmp_path).document
    assert [one["name"] for one in document["losses"]] == NAMES
    assert {"accuracy", "roc-auc", "r2"} <= {one["name"] for one in document["scores"]}
    assert {one["higher_is_better"] for one in document["scores"]} == {True, False}
    assert [one["name"] for one in document["penalties"]] == ["l1-penalty", "l2-penalty", "elastic-net"]
    shown = losscli("list", cwd=tmp_path).out
    assert [name for name in NAMES if name not in shown] == []
    assert losscli("list", "--format", "markdown", cwd=tmp_path).out.count("\n|") >= len(NAMES)
    few = losscli("list", "--family", "counts", "--format", "json", cwd=tmp_path).document["losses"]
    assert [one["name"] for one in few][:2] == ["poisson", "poisson-nll"]
    sklearn = losscli("list", "--framework", "sklearn", "--format", "json", cwd=tmp_path).document["losses"]
    assert "mse" in [one["name"] for one in sklearn]
    assert "smooth-l1" not in [one["name"] for one in sklearn]
    refused(losscli("list", "--family", "count", cwd=tmp_path), 2, "'count'", "counts")
    refused(losscli("list", "--framework", "pytorch", cwd=tmp_path), 2, "'pytorch'", "torch")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("huber", ["huber:", "delta", "default 1", "> 0", "torch.nn.HuberLoss", ">>> huber(", "array([0.125"]),
        ("torch.nn.SmoothL1Loss", ["smooth-l1", "beta"]),
        ("cce", ["ce:", "label_smoothing", "class_weight"]),
    ],
)
def test_show_tells_all_about_a_loss_by_any_of_its_names(name: str, words: list[str], tmp_path: Path) -> None:
    done = losscli("show", name, cwd=tmp_path)
    assert done.code == 0
    assert [word for word in words if word not in done.out] == []
    assert "Ellipsis" not in done.out
    json.loads(losscli("show", name, "--format", "json", cwd=tmp_path).out)


def test_the_version_is_the_library_s(tmp_path: Path) -> None:
    assert losscli("--version", cwd=tmp_path).out.split()[-1] == library.__version__
