"""Section 2 of the contract: values that are typed on the command line."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest
from console import losscli, refused


@pytest.mark.parametrize(
    ("loss", "true", "pred", "expected"),
    [
        ("mse", "1,2,3", "2,2,3", 1 / 3),
        ("mse", "-1,2", "-1,2", 0),
        ("mse", "-.5", "-1.5", 1),
        ("mse", "1, 2, 3", " 2,2 ,3", 1 / 3),
        ("mse", "1,2;3,4", "1,2;3,6", 1),
        ("mse", "[1,2,3]", "[2,2,3]", 1 / 3),
        ("mse", "[[1,2],[3,4]]", "1,2;3,6", 1),
        ("mse", "1e-3,1E3", "1e-3,1E3", 0),
        ("ce", "0,1,0;1,0,0", ".05,.95,0;.9,.05,.05", (-log(0.95) - log(0.9)) / 2),
        ("ce", "[[0,1,0],[1,0,0]]", "[[0.05,0.95,0],[0.9,0.05,0.05]]", (-log(0.95) - log(0.9)) / 2),
        ("ce", "1,0", ".05,.95,0;.9,.05,.05", (-log(0.95) - log(0.9)) / 2),
        ("ce", "0,1,0", ".05,.95,0", -log(0.95)),
        ("ce", "1", ".05,.95,0", -log(0.95)),
        ("kld", "1,0", ".6,.4", -log(0.6)),
        ("zero-one", "cat,dog", "cat,cat", 0.5),
    ],
)
def test_typed_values_are_scored(loss: str, true: str, pred: str, expected: float, tmp_path: Path) -> None:
    done = losscli(loss, "--true", true, "--pred", pred, "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("options", [("-t", "-p"), ("--y-true", "--y-pred")])
def test_each_spelling_of_true_and_pred_takes_values(options: tuple[str, str], tmp_path: Path) -> None:
    done = losscli("mse", options[0], "-1,2", options[1], "-1,4", "-f", "value", cwd=tmp_path)
    assert done.value == 2


@pytest.mark.parametrize(
    ("true", "pred", "words"),
    [
        ("1,2,3", "1,2", ["3 values", "2 values"]),
        ("1,two", "1,2", ["'two'"]),
        ("1,234.5,6", "1,1", ["3 values", "2 values"]),
        ("1_000", "1000", ["'1_000'"]),
        ("0x10", "16", ["'0x10'"]),
        ("1,,3", "1,2,3", ["missing", "value 2", "1 of 3", "--missing drop"]),
        ("1,nan,3", "1,2,3", ["missing", "value 2"]),
        ("1,inf,3", "1,2,3", ["inf", "value 2"]),
        ("[1,null]", "[1,2]", ["missing"]),
        ("[1,2", "1,2", ["JSON"]),
        ("1,2;3", "1,2;3,4", ["row 2"]),
        ("1,2;3,4", "1,2", ["2 values a row", "one value a row"]),
        ("", "", ["no values"]),
    ],
)
def test_bad_values_are_refused_by_name(true: str, pred: str, words: list[str], tmp_path: Path) -> None:
    refused(losscli("mse", "--true", true, "--pred", pred, cwd=tmp_path), 3, *words)


def test_options_that_name_columns_are_refused_with_values(tmp_path: Path) -> None:
    for option in ("--keep", "--by", "--id"):
        refused(losscli("mse", "--true", "1", "--pred", "1", option, "g", cwd=tmp_path), 2, option)
