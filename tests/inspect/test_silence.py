"""Where nothing is wrong nothing is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from ordinary_data import ORDINARY

from losscli.formats.format import Report
from losscli.inspection.inspecting import inspect
from losscli.sources.options import DataOptions

SAMPLES = Path(__file__).parents[2] / "samples"
OPTIONS: dict[str, tuple[DataOptions, str]] = {
    "diabetes_ridge.csv": (DataOptions(), "regression"),
    "diabetes_forest.csv": (DataOptions(), "regression"),
    "diabetes_unordered.csv": (
        DataOptions(truth=str(SAMPLES / "diabetes_truth.csv"), id="id"), "regression",
    ),
    "cancer.csv": (DataOptions(pred="prob"), "binary"),
    "cancer.csv#logit": (DataOptions(pred="logit"), "binary"),
    "cancer_labels.csv": (DataOptions(pred="prob_malignant"), "binary"),
    "digits.csv": (DataOptions(), "multiclass"),
    "wine.csv": (DataOptions(pred="prob_*"), "multiclass"),
    "curve.csv": (DataOptions(), "regression"),
    **{f"table.{suffix}": (DataOptions(weight="weight"), "regression") for suffix in ("csv", "csv.gz", "tsv")},
    **{f"table.{suffix}": (DataOptions(weight="weight"), "regression") for suffix in ("json", "jsonl", "npz")},
}  # fmt: skip
"""Every sample of truth and predictions (after # another prediction in it), its options and its task."""
SEEDS = 10


class Ears:
    """Takes notes."""

    def say(self, text: str) -> None:
        """Take a note."""

    def detail(self, text: str) -> None:
        """Take a note."""


def inspected(path: Path, options: DataOptions) -> Report:
    return inspect(DataOptions(**{**{name: getattr(options, name) for name in NAMED}, "files": (str(path),)}), Ears())


NAMED: Sequence[str] = ("pred", "truth", "id", "weight")


@pytest.mark.parametrize("name", OPTIONS)
def test_nothing_is_said_of_a_sample_and_its_task_is_known(name: str) -> None:
    options, task = OPTIONS[name]
    report = inspected(SAMPLES / name.partition("#")[0], options)
    assert (report.sections["warnings"], report.extra["task"]) == ([], task)


def test_every_sample_that_holds_predictions_is_looked_at() -> None:
    held = {path.name for path in SAMPLES.glob("*.*") if path.name.split(".", 1)[1] not in ("md", "py")}
    assert held - {"diabetes_truth.csv"} == {name.partition("#")[0] for name in OPTIONS}


@pytest.mark.parametrize("name", ORDINARY)
def test_nothing_is_said_of_ordinary_data_and_its_task_is_known(name: str, tmp_path: Path) -> None:
    made, task = ORDINARY[name]
    for seed in range(SEEDS):
        path = tmp_path / f"{seed}.npz"
        np.savez(path, **made(seed))  # type: ignore[arg-type]  # numpy's stubs know one keyword of another kind
        report = inspected(path, DataOptions())
        assert (report.sections["warnings"], report.extra["task"]) == ([], task), seed
