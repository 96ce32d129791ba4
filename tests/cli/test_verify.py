"""``losscli verify``: the same report again, or what differs; a report is data and runs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from console import losscli, refused, write

DATA = "region,w,y_true,y_pred\nnorth,1,0.1,0.4\nsouth,2,0.7,0.25\nnorth,0.5,-0.3,0\n"
OWN = "def f(y_true, y_pred):\n    open('ran', 'w').close()\n    return abs(y_true - y_pred)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, a_csv=DATA, mine_py=OWN)
    (tmp_path / "b.csv").write_text("w,y_true,y_pred\n1,0.1,0.4\n2,0.7,0.25\n0.5,-0.3,-0.1\n")
    return tmp_path


def edited(folder: Path, change: Callable[[Any], object]) -> None:
    """Change what stands in the report."""
    document = json.loads((folder / "r.json").read_text())
    change(document)
    (folder / "r.json").write_text(json.dumps(document))


def reported(folder: Path, *arguments: str) -> None:
    """Write the report."""
    done = losscli(*arguments, "-o", "json:r.json", "-o", "value", cwd=folder)
    assert done.code in (0, 1, 3), done  # 3: a value is not finite, which is part of the report


RUNS = [
    ("mse", "a.csv"),
    ("eval", "a.csv", "-l", "mse", "-l", "torch.nn.HuberLoss:delta=0.2", "-l", "r2", "-w", "w", "--by", "region"),
    ("huber", "a.csv", "--delta", "0.3", "--like", "keras", "--summary", "--reduction", "q90"),
    ("mse", "--true", "1,2,3", "--pred=-1,2,2"),
    ("mae", "a.csv", "--worst", "2"),
    ("expr", "c * abs(y_true - y_pred)", "--let", "c=2", "a.csv"),
    ("eval", "--truth", "a.csv", "b.csv", "-p", "y_pred", "-l", "mae", "--missing", "drop"),
    ("check", "a.csv", "--max", "mse=0.3", "--max", "mae@max=0.1", "--by", "region", "--min-n", "2"),
    ("compare", "a.csv", "b.csv", "-l", "mse", "-l", "mae", "--boot", "200", "-t", "y_true", "-p", "y_pred"),
    ("check", "a.csv", "--baseline-pred", "b.csv", "--max-worse", "mse=2%", "--boot", "200", "--seed", "3"),
]


@pytest.mark.parametrize("arguments", RUNS, ids=lambda arguments: " ".join(arguments[:2]))
def test_a_report_of_any_command_is_the_same_when_it_is_computed_again(
    arguments: tuple[str, ...], folder: Path
) -> None:
    reported(folder, *arguments)
    done = losscli("verify", "r.json", "-f", "json", cwd=folder)
    assert (done.code, done.document["verdict"]) == (0, "pass"), done
    assert {one["verdict"] for one in done.document["verified"]} == {"equal"}
    results = json.loads((folder / "r.json").read_text())["results"]
    assert len(done.document["verified"]) >= len(results)


def test_one_digit_that_differs_is_named_with_both_numbers(folder: Path) -> None:
    reported(folder, "mse", "a.csv", "--summary")
    value = losscli("mse", "a.csv", "-f", "value", cwd=folder).value
    edited(folder, lambda document: document["results"][0].update(value=float(np.nextafter(value, 1))))
    done = losscli("verify", "r.json", "-f", "json", cwd=folder)
    assert done.code == 1
    assert done.document["verified"] == [
        {"what": "mse mean: value", "verdict": "fail", "reported": float(np.nextafter(value, 1)), "recomputed": value}
    ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda document: document["results"][0].update(n=4), "mse mean: n"),
        (lambda document: document["results"].pop(), "mse mean"),
        (lambda document: document["results"].append(dict(document["results"][0], loss="mae")), "mae mean"),
        (lambda document: document["samples"][1].update(mse=0.0), "sample of row 2: mse"),
        (lambda document: document["samples"].pop(), "samples"),
        (lambda document: document.update(verdict="pass"), "verdict"),
        (lambda document: document.update(n=2), "n"),
        (
            lambda document: document["results"][0].update(
                signature=document["results"][0]["signature"].replace("data:", "data:0")
            ),
            "mse mean: signature, data",
        ),
    ],
)
def test_whatever_was_changed_in_a_report_is_found(change: Callable[[Any], object], what: str, folder: Path) -> None:
    reported(folder, "mse", "a.csv")
    edited(folder, change)
    done = losscli("verify", "r.json", "-f", "json", cwd=folder)
    assert done.code == 1
    assert [one["what"] for one in done.document["verified"] if one["verdict"] == "fail"] == [what]


def test_other_files_of_the_same_numbers_are_the_same_and_of_others_are_not(folder: Path) -> None:
    rows = [line.split(",")[2:] for line in DATA.splitlines()[1:]]
    records = [{"y_true": float(true), "y_pred": float(pred)} for true, pred in rows]
    (folder / "same.json").write_text(json.dumps(records))
    np.save(folder / "same.npy", np.array([[one["y_true"], one["y_pred"]] for one in records]))
    reported(folder, "mse", "a.csv", "-t", "y_true", "-p", "y_pred", "--summary")
    edited(folder, lambda document: [document["inputs"].pop(name) for name in ("true", "pred")])
    for name, code in (("same.json", 0), ("same.npy", 0), ("b.csv", 1)):
        assert losscli("verify", "r.json", name, cwd=folder).code == code, name


def test_a_report_of_another_version_is_the_same_if_the_numbers_are(folder: Path) -> None:
    reported(folder, "mse", "a.csv", "--summary")
    text = (folder / "r.json").read_text()
    (folder / "r.json").write_text(text.replace("|version:", "|version:0.0.0-"))
    done = losscli("verify", "r.json", cwd=folder)
    assert done.code == 0
    assert "0.0.0-" in done.err


def test_what_differs_is_a_failure_for_every_server(folder: Path) -> None:
    reported(folder, "mse", "a.csv", "--summary")
    edited(folder, lambda document: document["results"][0].update(n=4))
    done = losscli("verify", "r.json", "-f", "github", "-o", "junit:v.xml", cwd=folder)
    assert (done.code, done.out) == (
        1,
        "::error title=losscli%3A mse mean%3A n::fail: reported 4, recomputed 3\n",
    )
    assert 'failures="1"' in (folder / "v.xml").read_text()


def test_a_loss_of_one_s_own_runs_only_if_it_is_named(folder: Path) -> None:
    reported(folder, "./mine.py:f", "a.csv", "-t", "y_true", "-p", "y_pred")
    (folder / "ran").unlink()
    refused(losscli("verify", "r.json", cwd=folder), 3, "./mine.py:f", "-l ./mine.py:f")
    refused(losscli("verify", "r.json", "-l", "./other.py:f", cwd=folder), 3, "./mine.py:f")
    assert not (folder / "ran").exists()
    assert losscli("verify", "r.json", "-l", "./mine.py:f", cwd=folder).code == 0
    assert (folder / "ran").exists()


@pytest.mark.parametrize(
    ("inputs", "word"),
    [
        (None, "how it was made"),
        ([], "how it was made"),
        ({}, "how it was made"),
        ({"command": ["eval"]}, "how it was made"),
        ({"command": "selftest", "loss": "./mine.py:f"}, "how it was made"),
        ({"command": "partial", "losses": ["mse"], "output": "evil"}, "how it was made"),
        ({"command": "eval", "losses": ["mse"], "files": ["a.csv"], "output": ["csv:evil"]}, "output"),
        ({"command": "eval", "losses": ["mse"], "files": ["a.csv"], "engine": "dask"}, "engine"),
        ({"command": "eval", "losses": ["mse"], "files": ["a.csv"], "scheduler": "tcp://1.2.3.4:1"}, "scheduler"),
        ({"command": "eval", "losses": ["./mine.py:f"], "files": ["a.csv"]}, "./mine.py:f"),
        ({"command": "eval", "losses": ["mse"], "penalty": ["./mine.py:f=a.csv"], "files": ["a.csv"]}, "./mine.py:f"),
        ({"command": "check", "checks": [{"max": ["./mine.py:f=1"], "files": ["a.csv"]}]}, "./mine.py:f"),
        ({"command": "check", "checks": []}, "checks"),
        ({"command": "check", "checks": [{"name": 1}]}, "name"),
        ({"command": "eval", "losses": ["mse"], "files": ["https://example.org/a.csv"]}, "https://example.org"),
        ({"command": "eval", "losses": ["mse"], "files": ["a.csv"], "truth": "s3://bucket/a.csv"}, "s3://bucket"),
        ({"command": "eval", "losses": "mse", "files": ["a.csv"]}, "losses"),
        ({"command": "eval", "losses": ["mse"], "files": ["a.csv"], "missing": "sometimes"}, "missing"),
        ({"command": "eval", "losses": ["mse"], "files": ["a.csv"], "no-header": 1}, "no-header"),
        ({"command": "eval", "losses": ["mse"], "fils": ["a.csv"]}, "files"),
        ({"command": "eval", "files": ["a.csv"]}, "losses"),
        ({"command": "eval", "losses": ["no-such-loss"], "files": ["a.csv"]}, "no-such-loss"),
        ({"command": "eval", "losses": ["mse"], "files": ["gone.csv"]}, "gone.csv"),
        ({"command": "expr", "expression": "__import__('os')", "files": ["a.csv"]}, "cannot be computed again"),
    ],
)
def test_a_report_that_asks_for_anything_but_numbers_is_refused(inputs: object, word: str, folder: Path) -> None:
    (folder / "r.json").write_text(json.dumps({"schema": 1, "n": 1, "dropped": 0, "results": [], "inputs": inputs}))
    before = sorted(path.name for path in folder.iterdir())
    refused(losscli("verify", "r.json", cwd=folder), 3, word)
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": 2, "results": []}',
        '{"schema": 1, "results": {}}',
        '{"schema": 1, "results": [1]}',
        '{"schema": 1, "results": [], "n": NaN}',
        '{"schema": 1, "schema": 1, "results": []}',
        "[" * 100_000,
        DATA,
    ],
)
def test_what_is_no_report_is_refused(text: str, folder: Path) -> None:
    (folder / "r.json").write_text(text)
    refused(losscli("verify", "r.json", cwd=folder), 3, "r.json")


def test_a_report_that_is_not_there_is_refused(folder: Path) -> None:
    refused(losscli("verify", "none.json", cwd=folder), 3, "none.json")


def test_a_report_from_elsewhere_cannot_crash_the_comparison(folder: Path) -> None:
    reported(folder, "mse", "a.csv", "--summary")
    deep: object = {}
    for _ in range(400):
        deep = {"a": [deep]}
    for odd in (deep, 10**400, 1e999, "\ud800", [None], {"by": 1}):
        edited(folder, lambda document, odd=odd: document.update(extra=odd))  # type: ignore[misc]  # a default is how a loop's variable is kept
        done = losscli("verify", "r.json", cwd=folder)
        assert done.code in (1, 3), done.err
