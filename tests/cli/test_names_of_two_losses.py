"""A framework's name that means two losses is told apart by the shape of the predictions."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import losscli, refused

from losscli import evaluate

LABELS, SINGLE, ROWS = "1,0,1,1", ".1,.8,.3,.5", ".9,.1;.2,.8;.7,.3;.5,.5"


@pytest.mark.parametrize("name", ["log_loss", "sklearn.metrics.log_loss"])
@pytest.mark.parametrize("pred", [SINGLE, ROWS])
def test_log_loss_is_that_of_probabilities_or_of_rows(name: str, pred: str, tmp_path: Path) -> None:
    done = losscli(name, "--true", LABELS, "--pred", pred, "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx(1.4522857475785067, rel=1e-15)


@pytest.mark.parametrize(("pred", "expected"), [("2,-1", 0.0), (".9,.1;.2,.8", 1.7)])
def test_hinge_loss_is_that_of_scores_or_of_rows(pred: str, expected: float, tmp_path: Path) -> None:
    done = losscli("sklearn.metrics.hinge_loss", "--true", "1,0", "--pred", pred, "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(("true", "pred"), [("0,1,2", "0,2,2"), ("1,1,0;0,1,0", "1,0,0;1,1,0")])
def test_hamming_loss_is_that_of_classes_or_of_label_sets(true: str, pred: str, tmp_path: Path) -> None:
    done = losscli("sklearn.metrics.hamming_loss", "--true", true, "--pred", pred, "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx(1 / 3, rel=1e-15)


def test_a_canonical_name_means_one_loss_whatever_the_shape(tmp_path: Path) -> None:
    refused(losscli("bce", "--true", LABELS, "--pred", ROWS, cwd=tmp_path), 3, "2 values a row", "use ce")


def test_the_shape_decides_in_files_and_in_python(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y_true,p0,p1\n1,.9,.1\n0,.2,.8\n")
    from_file = losscli("log_loss", "a.csv", "-f", "value", cwd=tmp_path).value
    assert from_file == evaluate("log_loss", [1, 0], [[0.9, 0.1], [0.2, 0.8]]).value
    assert from_file == evaluate("ce", [1, 0], [[0.9, 0.1], [0.2, 0.8]]).value


def test_the_convention_holds_for_both(tmp_path: Path) -> None:
    options = ("--true", "0,1", "-f", "value")
    single = losscli("sklearn.metrics.log_loss", *options, "--pred", "1,1", cwd=tmp_path).value
    rows = losscli("sklearn.metrics.log_loss", *options, "--pred", "0,1;0,1", cwd=tmp_path).value
    assert single == pytest.approx(36.04365338911715 / 2, rel=1e-12)
    assert rows == pytest.approx(single, rel=1e-12)
