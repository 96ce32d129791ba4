"""Checks that live in a file: flags beat the environment, which beats the file, which beats the defaults."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from console import losscli, refused, write

PREDS = "y_true,y_pred,g\n1,2,a\n2,2,a\n3,5,b\n"
FILE = """
confidence = 0.9
[checks.lenient]
files = ["p.csv"]
max = { mse = 9 }
[checks.strict]
files = "p.csv"
by = "g"
max = { mse = 1, mae = 9 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with predictions and two checks of them, one of which fails."""
    write(tmp_path, p_csv=PREDS, losscli_toml=FILE)
    return tmp_path


def verdicts(out: str) -> dict[tuple[str, str], str]:
    """Return the verdict on all rows of each gate of each check."""
    gates = json.loads(out)["gates"]
    return {(gate["check"], gate["gate"]): gate["verdict"] for gate in gates if not gate["by"]}


def test_alone_it_runs_all_checks_and_with_a_name_one(folder: Path) -> None:
    done = losscli("check", "-f", "json", cwd=folder)
    assert done.code == 1
    assert verdicts(done.out) == {
        ("lenient", "mse<=9"): "pass", ("strict", "mse<=1"): "fail", ("strict", "mae<=9"): "pass",
    }  # fmt: skip
    assert losscli("check", "lenient", cwd=folder).code == 0
    assert losscli("check", "strict", cwd=folder).code == 1
    assert losscli("check", "strict", "lenient", cwd=folder).code == 1


def test_checks_are_found_from_a_folder_below_and_read_their_own_files(folder: Path) -> None:
    (folder / "deep").mkdir()
    assert losscli("check", "lenient", cwd=folder / "deep").code == 0


def test_checks_may_live_in_pyproject(tmp_path: Path) -> None:
    write(tmp_path, p_csv=PREDS, pyproject_toml="[tool.losscli.checks.a]\nfiles = 'p.csv'\nmax = 'mse=1'\n")
    done = losscli("check", "-f", "value", cwd=tmp_path)
    assert (done.code, done.out) == (1, "a\tmse<=1\tfail\n")


def test_the_results_of_several_checks_tell_which_check_they_are_of(folder: Path) -> None:
    done = losscli("check", "-f", "json", cwd=folder)
    assert [one["by"] for one in done.document["results"]] == [
        {"check": "lenient", "g": ""},
        *[{"check": "strict", "g": g} for g in ("a", "a", "b", "b")],
        *[{"check": "strict", "g": ""}] * 2,
    ]


def test_gates_on_the_command_line_take_the_place_of_those_in_the_file(folder: Path) -> None:
    assert losscli("check", "strict", "--max", "mse=5", cwd=folder).code == 0


def test_with_gates_and_no_files_it_is_stdin_that_is_checked(folder: Path) -> None:
    done = losscli("check", "--max", "mse=0.5", "-f", "value", cwd=folder, stdin="y_true,y_pred\n1,2\n")
    assert (done.code, done.out) == (1, "mse<=0.5\tfail\n")


def test_flags_beat_the_environment_which_beats_the_file_which_beats_the_defaults(folder: Path) -> None:
    def confidence(*flags: str, **env: str) -> str:
        done = losscli("check", "lenient", "--show-config", *flags, cwd=folder, env=env)
        assert done.code == 0
        return next(line for line in done.out.splitlines() if line.startswith("confidence"))

    assert confidence().split() == ["confidence", "=", "0.9", "#", "losscli.toml"]
    assert confidence(LOSSCLI_CONFIDENCE="0.8").split() == ["confidence", "=", "0.8", "#", "LOSSCLI_CONFIDENCE"]
    assert confidence("--confidence", "0.7", LOSSCLI_CONFIDENCE="0.8").split()[2:] == ["0.7", "#", "--confidence"]
    (folder / "losscli.toml").write_text("[checks.lenient]\n")
    assert confidence().split()[2:] == ["0.95", "#", "default"]


def test_the_environment_can_hold_gates(folder: Path) -> None:
    done = losscli("check", "p.csv", "-f", "value", cwd=folder, env={"LOSSCLI_MAX": "mse=1 mae=9"})
    assert (done.code, done.out) == (1, "mse<=1\tfail\nmae<=9\tpass\n")
    assert losscli("check", "p.csv", cwd=folder, env={"LOSSCLI_MAX": "mse=1", "LOSSCLI_QUIET": "yes"}).err == ""


def test_what_is_shown_is_toml_and_nothing_is_checked(folder: Path) -> None:
    (folder / "p.csv").unlink()
    done = losscli("check", "--show-config", cwd=folder)
    shown = tomllib.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert shown["checks"]["strict"]["max"] == ["mse=1", "mae=9"]
    assert shown["checks"]["lenient"]["files"] == ["p.csv"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[checks.a]\nmxa = 'mse=1'\n", ["losscli.toml [checks.a]", "'mxa'", "did you mean 'max'"]),
        ("[checks.a]\nfiles = 'p.csv'\nmax = 'mse=x'\n", ["check a: --max", "mse=x"]),
        ("[checks.a]\nfiles = 'p.csv'\n", ["check a: nothing to check"]),
        ("[checks.a]\nmax = 'mse=1'\n", ["check a names no files", 'files = ["preds.csv"]']),
        ("[checks.a]\nexit-zero = true\n", ["unknown key 'exit-zero'"]),
        ("[checks.a]\nformat = 'json'\n", ["unknown key 'format'"]),
    ],
)
def test_a_file_that_makes_no_check_is_refused_with_its_place(folder: Path, text: str, words: list[str]) -> None:
    (folder / "losscli.toml").write_text(text)
    refused(losscli("check", cwd=folder), 2, *words)


def test_a_wrong_variable_is_refused_by_its_name_and_an_unknown_one_mentioned(folder: Path) -> None:
    refused(losscli("check", cwd=folder, env={"LOSSCLI_BOOT": "many"}), 2, "LOSSCLI_BOOT", "whole number")
    done = losscli("check", "lenient", cwd=folder, env={"LOSSCLI_CONFIDENSE": "1"})
    assert done.code == 0
    assert "LOSSCLI_CONFIDENSE in the environment is no option: did you mean 'LOSSCLI_CONFIDENCE'" in done.err


@pytest.mark.parametrize(
    ("names", "code", "words"),
    [
        (["stict"], 2, ["'stict'", "did you mean 'strict'"]),
        (["strict", "p.csv"], 2, ["'p.csv' is no check of losscli.toml"]),
        (["zzz.csv"], 3, ["zzz.csv: no such file"]),
    ],
)
def test_a_name_that_is_neither_file_nor_check_is_refused(
    folder: Path, names: list[str], code: int, words: list[str]
) -> None:
    refused(losscli("check", *names, "--max", "mse=1", cwd=folder), code, *words)


def test_a_file_of_the_name_of_a_check_is_the_file(folder: Path) -> None:
    (folder / "strict").write_text(PREDS)
    done = losscli("check", "strict", "--max", "mse=9", "-f", "value", cwd=folder)
    assert (done.code, done.out) == (0, "mse<=9\tpass\n")


def test_a_folder_of_the_name_of_a_check_does_not_hide_it(folder: Path) -> None:
    (folder / "strict").mkdir()
    done = losscli("check", "strict", "-f", "json", cwd=folder)
    assert verdicts(done.out) == {("strict", "mse<=1"): "fail", ("strict", "mae<=9"): "pass"}


def test_what_an_inconclusive_verdict_is_each_check_says_for_itself(folder: Path) -> None:
    write(folder, old_csv=PREDS.replace("1,2,a", "1,1,a").replace("3,5,b", "3,6,b"))
    lenient = "[checks.lenient]\nbaseline-pred = 'old.csv'\nmax-worse = 'mse=0'\n"
    strict = "[checks.strict]\nmin = 'r2=-99'\ninconclusive = 'fail'\n"
    (folder / "losscli.toml").write_text(f"files = 'p.csv'\n{lenient}{strict}")
    done = losscli("check", "-f", "junit", "-o", "json:r.json", cwd=folder)
    assert verdicts((folder / "r.json").read_text()) == {
        ("lenient", "mse<=baseline+0"): "inconclusive", ("strict", "r2>=-99"): "pass",
    }  # fmt: skip
    assert done.code == 0
    assert ("<skipped" in done.out, "<failure" in done.out) == (True, False)
    assert "2 gates: 1 inconclusive\n" in done.err


def test_data_that_cannot_be_read_ends_one_check_and_the_others_are_still_judged(folder: Path) -> None:
    (folder / "losscli.toml").write_text(FILE.replace('"p.csv"\nby', '"lost.csv"\nby'))
    done = losscli("check", "-f", "json", cwd=folder)
    assert done.code == 3
    assert verdicts(done.out) == {
        ("lenient", "mse<=9"): "pass", ("strict", "mse<=1"): "error", ("strict", "mae<=9"): "error",
    }  # fmt: skip
    assert done.document["verdict"] == "error"
    assert done.complaint[0] == "losscli: error: check strict: lost.csv: no such file or directory"


def test_without_checks_and_gates_it_says_what_is_lacking(tmp_path: Path) -> None:
    refused(losscli("check", cwd=tmp_path), 2, "there is no gate", "--max mse=0.3")
