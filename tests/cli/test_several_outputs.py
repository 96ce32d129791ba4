"""Section 3 of the contract: several outputs from one pass, each complete or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from console import losscli, refused, write

GOOD, BAD = "y_true,y_pred\n1,2\n2,2\n", "y_true,y_pred\n1,2\n2,oops\n"


def test_one_pass_writes_several_outputs_that_agree_with_their_formats_on_stdout(tmp_path: Path) -> None:
    write(tmp_path, a_csv=GOOD)
    names = {"r.json": "json", "r.csv": "csv", "r.tsv": "tsv", "r.jsonl": "jsonl", "r.md": "markdown"}
    outputs = [word for name in names for word in ("-o", name)]
    done = losscli("mse", "a.csv", *outputs, "-o", "value:v.data", "-o", "table", cwd=tmp_path)
    assert (done.code, done.out) == (0, losscli("mse", "a.csv", cwd=tmp_path).out)
    for name, form in names.items():
        assert (tmp_path / name).read_text() == losscli("mse", "a.csv", "-f", form, cwd=tmp_path).out, name
    assert (tmp_path / "v.data").read_text() == "0.5\n"


def test_an_output_to_a_file_leaves_the_format_on_stdout(tmp_path: Path) -> None:
    write(tmp_path, a_csv=GOOD)
    done = losscli("mse", "a.csv", "-f", "value", "-o", "json:report", cwd=tmp_path)
    assert (done.value, json.loads((tmp_path / "report").read_text())["n"]) == (0.5, 2)


@pytest.mark.parametrize("existing", [None, "old"])
def test_a_failed_run_leaves_no_file_and_an_old_one_untouched(existing: str | None, tmp_path: Path) -> None:
    write(tmp_path, a_csv=BAD)
    if existing:
        write(tmp_path, r_json=existing)
    before = sorted(path.name for path in tmp_path.iterdir())
    refused(losscli("mse", "a.csv", "-o", "r.json", cwd=tmp_path), 3, "line 3")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not existing or (tmp_path / "r.json").read_text() == existing


@pytest.mark.parametrize(
    ("code", "outputs", "words"),
    [
        (2, ["-o", "report"], ["'report'", "json:report"]),
        (2, ["-o", "report.xyz"], [".json", ".csv"]),
        (2, ["-o", "json", "-o", "csv"], ["stdout"]),
        (2, ["-f", "value", "-o", "json"], ["stdout"]),
        (2, ["-o", "json:"], ["'json:'"]),
        (2, ["-o", "a.csv"], ["a.csv", "overwrite"]),
        (2, ["-o", "none/r.json"], ["none/r.json"]),
        (3, ["-o", "json:/dev/full"], ["/dev/full"]),
    ],
)
def test_an_output_that_cannot_be_is_refused(code: int, outputs: list[str], words: list[str], tmp_path: Path) -> None:
    write(tmp_path, a_csv=GOOD)
    done = losscli("mse", "a.csv", *outputs, cwd=tmp_path)
    refused(done, code, *words)
    assert (tmp_path / "a.csv").read_text() == GOOD
