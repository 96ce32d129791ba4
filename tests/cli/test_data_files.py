"""Section 2 of the contract: every kind of file, compressed or not, by name or through stdin."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write

TRUE, PRED = [0.1, 2.0, 3.0, -4e-5], [2.0, 2.0, 3.5, 1e2]
LOSSES = [(t - p) ** 2 for t, p in zip(TRUE, PRED, strict=True)]
CSV = "y_true,y_pred\n" + "".join(f"{t!r},{p!r}\n" for t, p in zip(TRUE, PRED, strict=True))
RECORDS = [{"y_true": t, "y_pred": p} for t, p in zip(TRUE, PRED, strict=True)]
LINES = "".join(f"{json.dumps(record)}\n" for record in RECORDS)


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    with io.BytesIO() as file:
        save(file)
        return file.getvalue()


NPY = saved(lambda file: np.save(file, np.array([TRUE, PRED]).T))
NPZ = saved(lambda file: np.savez(file, y_true=TRUE, y_pred=PRED))
STRUCTURED = saved(
    lambda file: np.save(file, np.array(list(zip(TRUE, PRED, strict=True)), [("y_true", "f8"), ("y_pred", "f8")]))
)
FILES: dict[str, bytes] = {
    "a.csv": CSV.encode(),
    "a.tsv": CSV.replace(",", "\t").encode(),
    "arrays.json": json.dumps({"y_true": TRUE, "y_pred": PRED}).encode(),
    "records.json": json.dumps(RECORDS).encode(),
    "a.jsonl": LINES.encode(),
    "a.ndjson": LINES.encode(),
    "a.npy": NPY,
    "structured.npy": STRUCTURED,
    "a.npz": NPZ,
    "a.csv.gz": gzip.compress(CSV.encode()),
    "a.csv.bz2": bz2.compress(CSV.encode()),
    "a.csv.xz": lzma.compress(CSV.encode()),
    "a.jsonl.gz": gzip.compress(LINES.encode()),
    "a.npy.gz": gzip.compress(NPY),
}


def test_every_format_gives_the_same_losses_compressed_or_not(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    roles = {"a.npy": ("--true", "@1", "--pred", "@2"), "a.npy.gz": ("--true", "@1", "--pred", "@2")}
    together = [name for name in FILES if name not in roles]
    done = losscli("mse", *together, "-f", "jsonl", cwd=tmp_path)
    assert [record["mse"] for record in done.records] == LOSSES * len(together)
    for name, options in roles.items():
        done = losscli("mse", name, *options, "-f", "jsonl", cwd=tmp_path)
        assert [record["mse"] for record in done.records] == LOSSES


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "records.json", "a.jsonl", "a.npy", "a.npz", "a.csv.xz"])
def test_stdin_is_read_without_files_and_its_format_recognised(name: str, tmp_path: Path) -> None:
    done = losscli("mse", "-f", "jsonl", cwd=tmp_path, stdin=FILES[name])
    assert [record["mse"] for record in done.records] == LOSSES


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (CSV, ["--from", "csv"]),
        (LINES, ["--from", "jsonl"]),
        (json.dumps(RECORDS), ["--from", "json"]),
    ],
)
def test_from_names_the_format_whatever_the_suffix(content: str, options: list[str], tmp_path: Path) -> None:
    write(tmp_path, data_txt=content)
    done = losscli("mse", "data.txt", *options, "-f", "jsonl", cwd=tmp_path)
    assert [record["mse"] for record in done.records] == LOSSES


def test_json_may_hold_arrays_of_any_depth_by_sample(tmp_path: Path) -> None:
    deep = {"y_true": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "y_pred": [[[1, 2], [3, 4]], [[5, 6], [7, 10]]]}
    write(tmp_path, deep_json=json.dumps(deep))
    done = losscli("mse", "deep.json", "-f", "jsonl", cwd=tmp_path)
    assert [record["mse"] for record in done.records] == [0.0, 1.0]


def test_a_record_may_hold_an_array_of_probabilities(tmp_path: Path) -> None:
    lines = [{"y_true": 1, "prob": [0.25, 0.75]}, {"y_true": 0, "prob": [0.5, 0.5]}]
    write(tmp_path, p_jsonl="\n".join(map(json.dumps, lines)))
    done = losscli("brier", "p.jsonl", "-f", "jsonl", cwd=tmp_path)
    assert done.records == [
        {"row": 1, "y_true": 1.0, "y_pred_0": 0.25, "y_pred_1": 0.75, "brier": 0.125},
        {"row": 2, "y_true": 0.0, "y_pred_0": 0.5, "y_pred_1": 0.5, "brier": 0.5},
    ]


def test_shards_are_read_in_the_order_given_whatever_their_format_and_order_of_columns(tmp_path: Path) -> None:
    write(tmp_path, one_csv="y_true,y_pred\n1,2\n", two_tsv="x\ty_pred\ty_true\n0\t9\t6\n", three_npz=NPZ)
    done = losscli("mse", "two.tsv", "one.csv", "-", "three.npz", "-f", "jsonl", cwd=tmp_path, stdin=LINES)
    assert [record["row"] for record in done.records] == list(range(1, 11))
    assert [record["mse"] for record in done.records] == [9.0, 1.0, *LOSSES, *LOSSES]


def test_a_shard_without_the_columns_is_refused(tmp_path: Path) -> None:
    write(tmp_path, a_csv=CSV, b_csv="foo,y_pred\n1,2\n")
    refused(losscli("mse", "a.csv", "b.csv", "-f", "value", cwd=tmp_path), 3, "b.csv", "y_true", "'foo'")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.csv", None, ["none.csv", "no such file"]),
        ("empty.csv", b"", ["empty.csv", "empty"]),
        ("header.csv", b"y_true,y_pred\n", ["nothing to score"]),
        ("ragged.csv", b"y_true,y_pred\n1,2\n3\n", ["ragged.csv, line 3", "1 cell", "2"]),
        ("long.csv", b"y_true,y_pred\n1,2\n3,4,5\n", ["long.csv, line 3", "3 cells", "2"]),
        ("quote.csv", b'y_true,y_pred\n1,2\n3,"4\n', ["quote.csv, line 3", "quote"]),
        ("word.csv", b"y_true,y_pred\n1,2\n3,oops\n", ["word.csv, line 3", "y_pred", "'oops'"]),
        ("latin.csv", b"y_true,y_pred\n1,2\n\xff,4\n", ["latin.csv, line 3", "UTF-8"]),
        ("numbers.csv", b"1,2\n3,4\n", ["numbers.csv, line 1", "--no-header"]),
        # the bytes are part of the test's name, which two processes a second apart must agree on
        ("cut.csv.gz", gzip.compress(CSV.encode(), mtime=0)[:-9], ["cut.csv.gz"]),
        ("bad.json", b'{"y_true": [1,', ["bad.json", "JSON"]),
        ("bad.jsonl", b'{"y_true": 1, "y_pred": 2}\n{"y_true": 1,\n', ["bad.jsonl, line 2", "JSON"]),
        ("word.jsonl", b'{"y_true": 1, "y_pred": "x"}\n', ["word.jsonl, line 1", "y_pred", "'x'"]),
        ("short.json", b'{"y_true": [1, 2], "y_pred": [1]}', ["y_true", "2", "y_pred", "1"]),
        ("lacking.jsonl", b'{"y_true": 1, "y_pred": 2}\n{"y_true": 1}\n', ["lacking.jsonl, line 2", "y_pred"]),
        ("cut.npy", NPY[:-8], ["cut.npy"]),
        ("scalar.npy", saved(lambda file: np.save(file, np.array(3.0))), ["scalar.npy"]),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(
    name: str, content: bytes | None, words: list[str], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = losscli("mse", name, "-f", "value", cwd=tmp_path)
    refused(done, 3, *words)
    assert done.out == ""


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("a;b\n1,5;1,5\n2,0;1,0\n", ["--decimal", ","], 0.5),
        ("a|b\n1|2\n", [], 1.0),
        ("a;b\n1;2\n", ["-d", ";"], 1.0),
        ('\ufeffy_true,y_pred\r\n1,2\r\n"3","4"\r\n', [], 1.0),
        ("1,2\n3,4\n", ["-H"], 1.0),
        ("y_true,y_pred\n1,2\n\n3,4", [], 1.0),
        ('note,y_true,y_pred\n"one\ntwo, ""three""",1,2\n', [], 1.0),
    ],
)
def test_csv_is_read_as_it_is_written_in_practice(
    content: str, options: list[str], expected: float, tmp_path: Path
) -> None:
    write(tmp_path, a_csv=content)
    assert losscli("mse", "a.csv", *options, "-f", "value", cwd=tmp_path).value == expected


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ('a,b\n"1,234",1\n', [], ["line 2", "column a", "'1,234'", "grouping"]),
        ("a;b\n1.234,5;1\n", ["--decimal", ","], ["line 2", "column a", "'1.234,5'"]),
        ("a;b\n1.234;1\n", ["--decimal", ","], ["line 2", "'1.234'"]),
        ("a;b\n1 234;1\n", [], ["line 2", "'1 234'"]),
        ("a;b\n1,5;1\n", [], ["line 2", "'1,5'", "--decimal ,"]),
        ("a,b\n1,2\n", ["-d", ";"], ["'a,b'"]),
        ("a,b\n1,2\n", ["-H"], ["line 1", "'a'"]),
    ],
)
def test_a_number_in_another_notation_is_never_silently_read(
    content: str, options: list[str], words: list[str], tmp_path: Path
) -> None:
    write(tmp_path, a_csv=content)
    refused(losscli("mse", "a.csv", *options, "-f", "value", cwd=tmp_path), 3, *words)


def test_the_delimiter_that_was_sniffed_is_said_with_v_and_in_json(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true;y_pred\n1;2\n")
    done = losscli("mse", "a.csv", "-v", "-f", "json", cwd=tmp_path)
    assert "delimiter ';'" in done.err
    assert any("delimiter ';'" in note for note in done.document["notes"])
