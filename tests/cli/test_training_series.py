"""``--train`` reads the training series whose naive error is the scale of ``mase`` and ``rmsse``."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write

import losscli as library

SERIES = "month,y\n1,1\n2,3\n3,2\n4,6\n"
DATA = "y_true,y_pred\n7,6\n8,10\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, history_csv=SERIES, data_csv=DATA)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "scale", "value"),
    [
        (["mase"], 7 / 3, 1.5 / (7 / 3)),
        (["mase", "--season", "2"], 2.0, 0.75),
        (["rmsse"], sqrt(21 / 3), sqrt(2.5 / 7)),
        (["rmsse", "--season", "2"], sqrt(10 / 2), sqrt(2.5 / 5)),
    ],
)
def test_the_scale_is_the_naive_error_of_the_series(
    folder: Path, arguments: list[str], scale: float, value: float
) -> None:
    done = losscli(*arguments, "data.csv", "--train", "history.csv", "-f", "json", cwd=folder)
    (result,) = done.document["results"]
    name, _, said = result["loss"].partition(":scale=")
    assert name == arguments[0]
    assert float(said) == pytest.approx(scale, rel=1e-15)
    assert result["value"] == pytest.approx(value, rel=1e-15)


def test_the_spec_that_is_printed_gives_the_same_number_without_the_series(folder: Path) -> None:
    first = losscli(
        "eval", "data.csv", "-l", "mase", "-l", "rmsse", "--train", "history.csv", "-f", "value", cwd=folder
    )
    specs = [line.partition("\t")[0] for line in first.out.splitlines()]
    again = losscli("eval", "data.csv", *(part for spec in specs for part in ("-l", spec)), "-f", "value", cwd=folder)
    assert again.out == first.out
    python = library.evaluate(specs[0], [7.0, 8.0], [6.0, 10.0])
    assert first.out.splitlines()[0] == f"{specs[0]}\t{python.value!r}"


def test_a_scale_that_was_typed_stays(folder: Path) -> None:
    done = losscli(
        "eval", "data.csv", "-l", "mase:scale=2", "-l", "rmsse", "--train", "history.csv", "--season", "2",
        "-f", "value", cwd=folder,
    )  # fmt: skip
    assert [line.partition("\t")[0] for line in done.out.splitlines()] == ["mase:scale=2", f"rmsse:scale={sqrt(5)!r}"]


def test_a_scale_without_a_series_needs_no_file(folder: Path) -> None:
    assert losscli("mase", "data.csv", "--scale", "2.5", "-f", "value", cwd=folder).value == 0.6
    typed = losscli("mase", "--true", "7,8", "--pred", "6,10", "--train", "history.csv", "-f", "value", cwd=folder)
    assert typed.value == pytest.approx(9 / 14, rel=1e-15)


def test_the_series_stands_in_the_column_that_true_names_or_in_the_only_one_of_numbers(folder: Path) -> None:
    write(
        folder,
        sold_csv="sold,guess\n7,6\n8,10\n",
        both_csv="day,sold,y\n1,1,9\n2,3,9\n3,2,9\n4,6,9\n",
        words_csv="day,amount\nMo,1\nTu,3\nWe,2\nTh,6\n",
    )
    np.save(folder / "series.npy", np.array([1.0, 3.0, 2.0, 6.0]))
    (folder / "series.json").write_text("[1, 3, 2, 6]")
    for train in ("both.csv", "words.csv", "series.npy", "series.json"):
        done = losscli("mase", "sold.csv", "-t", "sold", "-p", "guess", "--train", train, "-f", "value", cwd=folder)
        assert done.value == pytest.approx(9 / 14, rel=1e-15), train


def test_a_missing_scale_is_refused_with_the_way_out(folder: Path) -> None:
    refused(losscli("mase", "data.csv", cwd=folder), 2, "mase needs scale", "--train history.csv", "mase:scale=")
    refused(losscli("eval", "data.csv", "-l", "rmsse", cwd=folder), 2, "rmsse needs scale", "--train history.csv")
    refused(losscli("mase", "data.csv", "--scale", "0", cwd=folder), 2, "scale", "> 0")


def test_explain_takes_the_series_that_its_hint_names(folder: Path) -> None:
    refused(losscli("explain", "mase", "data.csv", cwd=folder), 2, "mase needs scale", "--train history.csv")
    options = ("data.csv", "--train", "history.csv", "--season", "2", "-f", "json")
    document = losscli("explain", "mase", *options, cwd=folder).document
    assert document["loss"] == "mase:scale=2"
    assert [one["value"] for one in document["explanations"]] == [0.75]


def test_a_series_is_refused_where_nothing_has_a_scale(folder: Path) -> None:
    refused(losscli("eval", "data.csv", "-l", "mae", "--train", "history.csv", cwd=folder), 2, "--train", "mase")
    refused(losscli("mae", "data.csv", "--train", "history.csv", cwd=folder), 2, "--train")


@pytest.mark.parametrize(
    ("series", "season", "words"),
    [
        ("y\n3\n3\n3\n", "1", ["train.csv, column y", "naive error is 0"]),
        ("y\n1\n2\n1\n2\n", "2", ["train.csv, column y", "equals the one 2 before", "naive error is 0"]),
        ("y\n1\n2\n", "2", ["train.csv, column y", "2 values", "--season 1"]),
        ("y\n1\nNA\n2\n", "1", ["train.csv, column y", "value 2", "missing"]),
        ("a,b\n1,2\n2,3\n", "1", ["train.csv", "'a', 'b'"]),
    ],
)
def test_a_series_that_has_no_scale_is_refused_with_the_reason(
    folder: Path, series: str, season: str, words: list[str]
) -> None:
    write(folder, train_csv=series)
    refused(losscli("mase", "data.csv", "--train", "train.csv", "--season", season, cwd=folder), 3, *words)


def test_help_shows_the_series_where_a_scale_is_needed(folder: Path) -> None:
    for command, there in (("mase", True), ("rmsse", True), ("eval", True), ("mae", False)):
        assert ("--season" in losscli(command, "--help", cwd=folder).out) is there
