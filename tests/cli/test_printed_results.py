"""Section 3 of the contract: what each format prints, key by key and digit by digit."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from console import losscli, refused, write

TABLE = "id,g,w,y_true,y_pred\n007,north,1,0.1,0.3\n008,south,2,1e-7,2\n009,north,0.5,3,1e16\n010,south,1,4,4\n"
LOSSES = [(0.3 - 0.1) ** 2, (2 - 1e-7) ** 2, (1e16 - 3) ** 2, 0.0]
RESULT = "loss like reduction value n dropped weight mean sum std min max signature".split()
SUMMARY = "loss like reduction value n dropped weight mean sum std min max".split()


@pytest.fixture(autouse=True)
def _table(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)


def test_json_is_one_document_with_these_keys_in_this_order(tmp_path: Path) -> None:
    document = losscli("huber", "--delta", "2", "a.csv", "--keep", "id", "-f", "json", cwd=tmp_path).document
    keys = ["schema", "n", "dropped", "results", "notes", "inputs", "samples"]
    assert keys == list(document)
    assert (document["schema"], document["n"], document["dropped"]) == (1, 4, 0)
    (result,) = document["results"]
    assert list(result) == RESULT
    assert (result["loss"], result["like"], result["reduction"], result["n"]) == ("huber:delta=2", None, "mean", 4)
    assert [list(sample) for sample in document["samples"]] == [["row", "id", "y_true", "y_pred", "huber:delta=2"]] * 4
    assert [sample["id"] for sample in document["samples"]] == ["007", "008", "009", "010"]


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_delimited_samples_have_these_columns_and_read_back_to_the_same_floats(
    form: str, delimiter: str, tmp_path: Path
) -> None:
    done = losscli("eval", "a.csv", "-l", "mse", "-l", "pinball:q=0.9", "--keep", "id,g", "-f", form, cwd=tmp_path)
    header, *rows = csv.reader(io.StringIO(done.out), delimiter=delimiter)
    assert header == ["row", "id", "g", "y_true", "y_pred", "mse", "pinball:q=0.9"]
    assert [row[:3] for row in rows[:2]] == [["1", "007", "north"], ["2", "008", "south"]]
    assert [float(row[5]) for row in rows] == LOSSES
    assert [float(row[3]) for row in rows] == [0.1, 1e-7, 3.0, 4.0]


def test_jsonl_holds_the_records_of_the_json_document(tmp_path: Path) -> None:
    whole = losscli("mse", "a.csv", "--by", "g", "-f", "json", cwd=tmp_path).document
    assert losscli("mse", "a.csv", "--by", "g", "-f", "jsonl", cwd=tmp_path).records == whole["samples"]
    summary = losscli("mse", "a.csv", "--by", "g", "--summary", "-f", "jsonl", cwd=tmp_path).records
    assert summary == [{"g": (result["by"] or {}).get("g"), **result} for result in whole["results"]]
    assert [next(iter(result.items())) for result in summary] == [("g", "north"), ("g", "south"), ("g", None)]
    assert [result["by"] for result in summary] == [{"g": "north"}, {"g": "south"}, None]
    assert "samples" not in losscli("mse", "a.csv", "--summary", "-f", "json", cwd=tmp_path).document


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_delimited_summaries_have_these_columns(form: str, delimiter: str, tmp_path: Path) -> None:
    done = losscli("mse", "a.csv", "--by", "g", "--summary", "-f", form, cwd=tmp_path)
    header, *rows = csv.reader(io.StringIO(done.out), delimiter=delimiter)
    assert header == ["g", *SUMMARY]
    assert [row[:4] for row in rows] == [[group, "mse", "", "mean"] for group in ("north", "south", "")]
    assert [float(row[4]) for row in rows[1:2]] == [LOSSES[1] / 2]


def test_a_matrix_is_printed_as_one_column_for_each_of_its_columns(tmp_path: Path) -> None:
    done = losscli("brier", "--true", "1,0", "--pred", ".25,.75;.5,.5", "-f", "csv", cwd=tmp_path)
    assert done.out == "row,y_true,y_pred_0,y_pred_1,brier\n1,1.0,0.25,0.75,0.125\n2,0.0,0.5,0.5,0.5\n"


def test_value_is_the_bare_number_or_with_several_losses_named(tmp_path: Path) -> None:
    assert losscli("mse", "--true", "1,2", "--pred", "2,2", "-f", "value", cwd=tmp_path).out == "0.5\n"
    done = losscli(
        "eval", "-l", "mse", "-l", "huber:delta=2", "--true", "1", "--pred", "2", "-f", "value", cwd=tmp_path
    )
    assert done.out == "mse\t1.0\nhuber:delta=2\t0.5\n"


def test_what_is_not_finite_is_null_in_json_with_a_status_and_the_exit_code_is_3(tmp_path: Path) -> None:
    for true, status in (("1,nan", "nan"), ("1,inf", "inf")):
        call = ("mse", "--true", true, "--pred", "1,2", "--missing", "propagate")
        done = losscli(*call, "-f", "json", cwd=tmp_path)
        (result,) = done.document["results"]
        assert (done.code, result["value"], result["status"]) == (3, None, status)
        assert done.document["samples"][1]["mse"] is None
        assert len(done.complaint) == 2
    printed = losscli(*call, "-f", "value", cwd=tmp_path)
    assert (printed.code, printed.out) == (3, "inf\n")


def test_the_output_of_one_loss_is_the_input_of_another(tmp_path: Path) -> None:
    first = losscli("mse", "a.csv", "-f", "csv", cwd=tmp_path)
    second = losscli("mae", "-", "-f", "jsonl", cwd=tmp_path, stdin=first.out)
    assert [record["mae"] for record in second.records] == [0.3 - 0.1, 2 - 1e-7, 1e16 - 3, 0.0]


def test_stdout_holds_the_result_alone_and_q_silences_the_notes(tmp_path: Path) -> None:
    loud = losscli("mse", "a.csv", "--missing", "drop", "-f", "value", cwd=tmp_path)
    quiet = losscli("mse", "a.csv", "--missing", "drop", "-f", "value", "-q", cwd=tmp_path)
    assert (loud.out, quiet.err) == (quiet.out, "")
    assert loud.err.startswith("losscli: note: ")
    refused(losscli("mse", "a.csv", "-q", "--true", "no", cwd=tmp_path), 3, "'no'")


def test_tables_show_the_first_rows_the_worst_or_none(tmp_path: Path) -> None:
    write(tmp_path, n_csv="y_true,y_pred\n" + "".join(f"0,{i % 17}\n" for i in range(25)))
    first = losscli("mse", "n.csv", cwd=tmp_path).out
    assert "… 5 more" in first
    assert [line.split()[0] for line in first.splitlines()[2:22]] == [str(row) for row in range(1, 21)]
    assert "… 22 more" in losscli("mse", "n.csv", "--rows", "3", cwd=tmp_path).out
    worst = losscli("mse", "n.csv", "--worst", "2", cwd=tmp_path).out
    assert [line.split() for line in worst.splitlines()[2:4]] == [
        ["17", "0.0", "16.0", "256.0"],
        ["16", "0.0", "15.0", "225.0"],
    ]
    records = losscli("mse", "n.csv", "--worst", "2", "-f", "jsonl", cwd=tmp_path).records
    assert [record["row"] for record in records] == [17, 16]
    assert "y_pred" not in losscli("mse", "n.csv", "--summary", cwd=tmp_path).out


def test_precision_rounds_tables_and_nothing_else(tmp_path: Path) -> None:
    data = ("--true", "0.1", "--pred", "0.43215", "--precision", "2")
    assert losscli("mse", *data, cwd=tmp_path).out.splitlines()[2].split() == ["1", "0.10", "0.43", "0.11"]
    assert "| 0.11 |" in losscli("mse", *data, "-f", "markdown", cwd=tmp_path).out
    assert losscli("mse", *data, "-f", "value", cwd=tmp_path).value == (0.43215 - 0.1) ** 2


def test_markdown_is_a_table_whose_rows_have_as_many_cells_as_its_header(tmp_path: Path) -> None:
    write(tmp_path, m_csv='a|b,y_true,y_pred\n"x|y\nz",1,2\n')
    done = losscli("mse", "m.csv", "--keep", "a|b", "-f", "markdown", cwd=tmp_path)
    tables = [[line.replace("\\|", "").count("|") for line in part.splitlines()] for part in done.out.split("\n\n")]
    assert [set(bars) for bars in tables if len(bars) >= 3 and bars[0]] == [{8}, {6}]
    assert "x|y" not in done.out


def test_fourteen_columns_go_through_a_pipe_uncropped(tmp_path: Path) -> None:
    numbers = [[(row + 1) * (column + 1) / 9.1 for column in range(14)] for row in range(3)]
    names = [f"c{i}" for i in range(13)] + ["h" * 400]
    write(tmp_path, w_csv="\n".join([",".join(names), *(",".join(map(repr, row)) for row in numbers)]))
    done = losscli("mse", "w.csv", "--true", "c0", "--pred", "c1", "--keep", "c*,h*", cwd=tmp_path)
    printed = set(done.out.split())
    assert {repr(number) for row in numbers for number in row} <= printed
    assert "h" * 400 in printed
    assert "…" not in done.out


def test_headers_and_cells_are_never_read_as_markup_or_as_control_sequences(tmp_path: Path) -> None:
    write(tmp_path, m_csv="prob[true],x[/y],a:smile:b,\x1b[31mred\n1,2,\x1b]0;title\x07,[bold]x[/bold]\n")
    roles = ("--true", "prob[true]", "--pred", "x[/y]", "--keep", "a:smile:b", "--keep", "@4")
    for arguments in ((), ("--color", "always"), ("-f", "markdown"), ("-f", "json")):
        done = losscli("mse", "m.csv", *roles, *arguments, cwd=tmp_path)
        assert (done.code, done.complaint) == (0, [])
        assert "\x1b[31m" not in done.out
        assert "\x1b]0" not in done.out
    table = losscli("mse", "m.csv", *roles, cwd=tmp_path).out
    assert all(text in table for text in ("a:smile:b", "[bold]x[/bold]"))
    for name in ("prob[true]", "x[/y]"):
        kept = losscli("mse", "m.csv", "--true", "@1", "--pred", "@2", "--keep", name, cwd=tmp_path)
        assert name in kept.out.splitlines()[0]
    refused(losscli("mse", "m.csv", "--true", "\x1b[2J", cwd=tmp_path), 3)
    assert "\x1b" not in losscli("mse", "m.csv", "--true", "\x1b[2J", cwd=tmp_path).err


def test_numbers_in_json_are_the_shortest_that_read_back(tmp_path: Path) -> None:
    document = losscli("mse", "a.csv", "-f", "json", cwd=tmp_path)
    assert [sample["mse"] for sample in document.document["samples"]] == LOSSES
    assert "1e-07" in document.out
    assert json.loads(document.out)["samples"][2]["y_pred"] == 1e16
    delimited = losscli("mse", "--true", "nan", "--pred", "1", "--missing", "propagate", "-f", "csv", cwd=tmp_path)
    assert delimited.out.splitlines()[1] == "1,nan,1.0,nan"
