"""``losscli inspect`` as a command: its document, its tables, its notes and errors."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write
from planted_faults import binary, csv, gaps, numbers, sigmoid
from test_silence import Ears

from losscli.formats.format import View
from losscli.formats.table import Table
from losscli.inspection.inspecting import inspect
from losscli.sources.options import DataOptions

SAMPLES = Path(__file__).parents[2] / "samples"


def test_the_document_has_the_keys_of_the_contract() -> None:
    document = losscli("inspect", "diabetes_ridge.csv", "-f", "json", cwd=SAMPLES).document
    assert (document["schema"], document["n"], document["task"]) == (1, 221, "regression")
    assert document["warnings"] == []
    assert [one["column"] for one in document["columns"]] == ["y_true", "y_pred", "id", "group"]
    assert {"loss", "why", "value", "baseline"} <= document["suggestions"][0].keys()


def test_a_warning_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    gaps(tmp_path)
    (one,) = losscli("inspect", "a.csv", "-f", "json", cwd=tmp_path).document["warnings"]
    assert {"code", "message", "rows", "fix"} <= one.keys()


def test_columns_are_told_with_role_gaps_range_and_what_is_odd(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred,k,fixed,name\n1,2,1,7,x\n3,NA,2,7,x\n5,4,3,7,y\n")
    found = losscli("inspect", "a.csv", "-f", "json", cwd=tmp_path).document["columns"]
    told = [(one["column"], one["role"], one["missing"], one["distinct"], one["max"], one["remark"]) for one in found]
    assert told == [
        ("y_true", "true", 0, 3, 5.0, ""),
        ("y_pred", "pred", 1, 2, 4.0, ""),
        ("k", "", 0, 3, 3.0, "different in every row"),
        ("fixed", "", 0, 1, 7.0, "constant"),
        ("name", "", 0, 2, None, ""),
    ]


def test_class_balance_and_duplicates_are_told(tmp_path: Path) -> None:
    write(tmp_path, a_csv="label,p\nyes,0.5\nno,0.5\nno,0.5\nno,0.25\n")
    (found,) = losscli("inspect", "a.csv", "-f", "json", cwd=tmp_path).document["data"]
    assert (found["task"], found["classes"], found["duplicates"]) == ("binary", "no 75%, yes 25%", 1)


def test_many_columns_of_one_role_are_told_together(tmp_path: Path) -> None:
    values = np.random.default_rng(0).dirichlet(np.ones(40), 60)
    np.savez(tmp_path / "a.npz", y_true=np.arange(60) % 40, y_pred=values)
    found = losscli("inspect", "a.npz", "-f", "json", cwd=tmp_path).document["columns"]
    assert [(one["role"], one["remark"]) for one in found] == [("true", ""), ("pred", "40 columns")]


def test_stdin_and_typed_values_are_inspected_too() -> None:
    piped = losscli("inspect", "-", "-f", "json", cwd=SAMPLES, stdin=(SAMPLES / "table.tsv").read_bytes())
    typed = losscli("inspect", "--true", "yes,no,no", "--pred", "0.7,0.2,0.1", "-f", "json", cwd=SAMPLES)
    assert (piped.document["task"], typed.document["task"]) == ("regression", "binary")


def test_a_sample_is_said_and_its_size_can_be_chosen(tmp_path: Path) -> None:
    truth, pred = numbers(n=1000)
    csv(tmp_path / "a.csv", y_true=truth, y_pred=pred)
    done = losscli("inspect", "a.csv", "--sample", "100", "-f", "json", cwd=tmp_path)
    assert done.document["data"][0]["sample"] == 100
    assert "100 rows drawn from 1000: --sample 1000 takes all" in done.err
    other = losscli("inspect", "a.csv", "--sample", "100", "--seed", "1", "-f", "json", cwd=tmp_path)
    assert done.document["suggestions"] != other.document["suggestions"]
    assert done.document["columns"] == other.document["columns"]


def test_that_nothing_looks_wrong_is_a_note_that_quiet_silences() -> None:
    loud, quiet = (losscli("inspect", "table.csv", *more, cwd=SAMPLES) for more in ([], ["-q"]))
    assert "losscli: note: nothing looks wrong\n" in loud.err
    assert quiet.err == ""


def test_warnings_are_the_records_of_formats_of_one_kind(tmp_path: Path) -> None:
    gaps(tmp_path)
    found = losscli("inspect", "a.csv", "-f", "jsonl", cwd=tmp_path).records
    assert [one["code"] for one in found] == ["missing"]
    assert losscli("inspect", "table.csv", "-f", "jsonl", cwd=SAMPLES).out == ""


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("name", ["diabetes_ridge.csv", "digits.csv", "cancer.csv"])
def test_tables_keep_within_the_terminal_and_hold_every_word(width: int, name: str) -> None:
    report = inspect(DataOptions(files=(str(SAMPLES / name),)), Ears())
    out = io.StringIO()
    Table(out, View(summary=True, width=width)).finish(report)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    shown = " ".join(" ".join(lines).split())
    first = report.sections["suggestions"][0]
    assert all(word in shown for word in [*str(first["why"]).split(), repr(first["value"])])


def test_a_loss_that_is_none_is_refused() -> None:
    refused(losscli("inspect", "table.csv", "-l", "hubber", cwd=SAMPLES), 2, "huber")
    refused(losscli("inspect", "table.csv", "-l", "r2", cwd=SAMPLES), 2, "r2")


def test_data_without_a_whole_row_is_refused(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,NA\nNA,2\n", b_csv="y_true,y_pred\n", c_csv="one,two,three\n1,2,3\n")
    refused(losscli("inspect", "a.csv", cwd=tmp_path), 3, "all 2 rows have missing values")
    refused(losscli("inspect", "b.csv", cwd=tmp_path), 3, "no rows")
    refused(losscli("inspect", "c.csv", cwd=tmp_path), 3, "'one', 'two', 'three'")


def test_an_output_may_not_be_the_input(tmp_path: Path) -> None:
    gaps(tmp_path)
    refused(losscli("inspect", "a.csv", "-o", "json:a.csv", cwd=tmp_path), 2, "overwrite")


def test_a_fix_keeps_the_options_and_quotes_the_files(tmp_path: Path) -> None:
    label, logit = binary()
    cells = [str(value) for value in sigmoid(logit)]
    cells[3] = ""
    csv(tmp_path / "a b.csv", truth=label, first=cells, second=sigmoid(logit))
    arguments = ["inspect", "a b.csv", "--pred", "first", "-d", ";", "-l", "bce:eps=0.001", "-f", "json"]
    (one,) = losscli(*arguments, cwd=tmp_path).document["warnings"]
    expected = "losscli inspect 'a b.csv' --pred first --delimiter ';' --missing drop -l bce:eps=0.001"
    assert one["fix"] == expected


def test_scores_of_classes_are_no_logits_because_their_loss_takes_logits_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 60)
    scores = rng.normal(0, 2, (60, 3)) + 2 * np.eye(3)[truth]
    np.savez(tmp_path / "a.npz", y_true=truth, y_pred=scores)
    assert losscli("inspect", "a.npz", "-l", "zero-one", "-f", "json", cwd=tmp_path).document["warnings"] == []
