"""The sample files are what their README says, and losscli says of them what scikit-learn says."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import re
import shlex
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
LOSSCLI = Path(sysconfig.get_path("scripts")) / "losscli"
EXPECTED: dict[str, dict[str, object]] = json.loads((SAMPLES / "expected" / "expected.json").read_text())
TEXT_COLUMNS = {"group", "label"}
Table = dict[str, list[float]]


def data_files(directory: Path) -> dict[str, Path]:
    """Return the files that make.py writes, by their path below the directory."""
    found = sorted(path for path in directory.rglob("*.*") if path.suffix not in {".py", ".pyc", ".md"})
    found = [path for path in found if path.parent.name != "ci"]  # pipelines are written by hand
    return {path.relative_to(directory).as_posix(): path for path in found}


def columns_of(text: str, delimiter: str = ",") -> dict[str, list[str]]:
    header, *rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    return {name: list(values) for name, values in zip(header, zip(*rows, strict=True), strict=True)}


def read_delimited(data: bytes, delimiter: str = ",") -> Table:
    return {name: [float(cell) for cell in cells] for name, cells in columns_of(data.decode(), delimiter).items()}


def read_records(records: list[dict[str, float]]) -> Table:
    return {name: [record[name] for record in records] for name in records[0]}


def read_npz(data: bytes) -> Table:
    with np.load(io.BytesIO(data)) as archive:
        return {name: values.tolist() for name, values in archive.items()}


READERS: dict[str, Callable[[bytes], Table]] = {
    "csv": read_delimited,
    "tsv": lambda data: read_delimited(data, "\t"),
    "json": lambda data: read_records(json.loads(data)),
    "jsonl": lambda data: read_records([json.loads(line) for line in data.splitlines()]),
    "npz": read_npz,
    "csv.gz": lambda data: read_delimited(gzip.decompress(data)),
}
CSV_FILES = [name for name in data_files(SAMPLES) if name.endswith(".csv")]


def tokens(path: Path) -> Iterator[str]:
    """Yield the words and numbers of a file of any format, without its punctuation."""
    if path.suffix == ".npz":
        yield from re.split(r"[^\w.+-]+", json.dumps(read_npz(path.read_bytes())))
    else:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield from re.split(r"[^\w.+-]+", data.decode())


def same(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-6, abs_tol=1e-9)
    except ValueError:
        return one == other


def losscli(command: str, *more: str) -> str:
    """Return what the installed console script prints for a command line written as for a shell."""
    run = subprocess.run(
        [LOSSCLI, *shlex.split(command), *more],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_readme_describes_every_sample_file_and_no_other() -> None:
    described = re.findall(r"^\| `([^`]+)` \|", (SAMPLES / "README.md").read_text(), re.MULTILINE)
    pipelines = [path.relative_to(SAMPLES).as_posix() for path in (SAMPLES / "ci").iterdir() if path.is_file()]
    assert sorted(described) == sorted([*data_files(SAMPLES), *pipelines])


def test_all_samples_together_stay_below_300_kilobytes() -> None:
    assert sum(path.stat().st_size for path in data_files(SAMPLES).values()) < 300_000


@pytest.mark.parametrize("name", CSV_FILES)
def test_every_number_is_finite_and_reads_back_as_it_is_written(name: str) -> None:
    for column, cells in columns_of((SAMPLES / name).read_text()).items():
        if column in TEXT_COLUMNS and name != "digits.csv":
            assert all(re.fullmatch(r"[a-z0-9-]+", cell) for cell in cells)
        else:
            assert all(math.isfinite(float(cell)) for cell in cells)
            assert cells == [repr(int(cell) if cell.isdigit() else float(cell)) for cell in cells]


@pytest.mark.parametrize("suffix", READERS)
def test_the_small_table_holds_the_same_numbers_in_every_format(suffix: str) -> None:
    expected = read_delimited((SAMPLES / "table.csv").read_bytes())
    assert list(expected) == ["y_true", "y_pred", "weight"]
    assert expected == READERS[suffix]((SAMPLES / f"table.{suffix}").read_bytes())


def test_compressed_samples_carry_no_time_stamp() -> None:
    assert (SAMPLES / "table.csv.gz").read_bytes()[4:8] == bytes(4)
    with zipfile.ZipFile(SAMPLES / "table.npz") as archive:
        assert {(1980, 1, 1, 0, 0, 0)} == {member.date_time for member in archive.infolist()}


@pytest.mark.parametrize(("name", "kind"), [("digits.csv", int), ("wine.csv", str)])
def test_class_probabilities_stand_in_the_order_of_the_classes_and_sum_to_one(name: str, kind: type) -> None:
    columns = columns_of((SAMPLES / name).read_text())
    label = columns.pop("label")
    assert [f"prob_{one}" for one in sorted(set(map(kind, label)))] == list(columns)
    totals = [math.fsum(map(float, row)) for row in zip(*columns.values(), strict=True)]
    assert totals == pytest.approx([1.0] * len(label), rel=1e-12)


def test_a_probability_is_the_logistic_function_of_its_logit() -> None:
    columns = read_delimited((SAMPLES / "cancer.csv").read_bytes())
    assert [1 / (1 + math.exp(-logit)) for logit in columns["logit"]] == pytest.approx(columns["prob"], rel=1e-12)


def test_the_text_labels_say_the_same_as_the_numbers() -> None:
    numbers = columns_of((SAMPLES / "cancer.csv").read_text())
    labels = columns_of((SAMPLES / "cancer_labels.csv").read_text())
    assert numbers["id"] == labels["id"]
    assert numbers["prob"] == labels["prob_malignant"]
    assert numbers["y_true"] == [str(sorted(set(labels["label"])).index(label)) for label in labels["label"]]


def test_the_unordered_predictions_are_the_ordered_ones_by_id() -> None:
    unordered = columns_of((SAMPLES / "diabetes_unordered.csv").read_text())
    ridge = columns_of((SAMPLES / "diabetes_ridge.csv").read_text())
    truth = columns_of((SAMPLES / "diabetes_truth.csv").read_text())
    assert (ridge["id"], ridge["y_true"]) == (truth["id"], truth["y_true"])
    assert unordered["id"] != truth["id"]
    by_id = dict(zip(unordered["id"], unordered["y_pred"], strict=True))
    assert ridge["y_pred"] == [by_id[one] for one in truth["id"]]


def test_the_learning_curve_falls_and_then_rises() -> None:
    by_epoch = EXPECTED["by"]["mse samples/curve.csv --by epoch"]
    assert isinstance(by_epoch, dict)
    errors = list(by_epoch.values())
    turn = errors.index(min(errors))
    assert 0 < turn < len(errors) - 1
    assert errors[: turn + 1] == sorted(errors[: turn + 1], reverse=True)
    assert errors[turn:] == sorted(errors[turn:])


def test_making_the_samples_again_gives_the_same_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SAMPLES / "make.py", tmp_path], check=True, stdin=subprocess.DEVNULL)
    kept, made = data_files(SAMPLES), data_files(tmp_path)
    assert list(kept) == list(made)
    unlike = {
        name: (one, other)
        for name in kept
        for one, other in zip(tokens(kept[name]), tokens(made[name]), strict=True)
        if not same(one, other)
    }
    assert unlike == {}


@pytest.mark.parametrize("command", EXPECTED["values"])
def test_losscli_prints_the_value_that_was_computed_elsewhere(command: str) -> None:
    assert float(losscli(command, "-f", "value")) == pytest.approx(EXPECTED["values"][command], rel=1e-12)


@pytest.mark.parametrize("command", EXPECTED["by"])
def test_losscli_gives_each_group_the_value_that_was_computed_elsewhere(command: str) -> None:
    key = command.rpartition(" ")[2]
    report = json.loads(losscli(command, "-f", "json", "--summary"))
    found = {str(result["by"][key]): result["value"] for result in report["results"] if result["by"] is not None}
    assert found == pytest.approx(EXPECTED["by"][command], rel=1e-12)
