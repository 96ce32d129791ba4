"""What continuous integration reads, beside what people read, from one run."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from console import losscli, refused, write

GOOD, BAD, ENDLESS = "y_true,y_pred\n1,2\n2,2\n", "y_true,y_pred\n1,2\n2,oops\n", "y_true,y_pred\n1,0\n"
EVERYTHING = ("-o", "github", "-o", "table", "-o", "junit:gates.xml", "-o", "json:report.json", "-o", "github-output")


def test_one_run_writes_for_people_the_runner_and_every_server_at_once(tmp_path: Path) -> None:
    write(tmp_path, a_csv=GOOD)
    (tmp_path / "summary.md").write_text("before\n")
    (tmp_path / "output").write_text("x=1\n")
    env = {"GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_OUTPUT": "output"}
    done = losscli("check", "a.csv", "--max", "mse=0.3", *EVERYTHING, cwd=tmp_path, env=env)
    assert done.code == 1
    assert done.out == losscli("check", "a.csv", "--max", "mse=0.3", cwd=tmp_path).out
    annotations = [line for line in done.err.splitlines() if line.startswith("::")]
    assert annotations == ["::error title=losscli%3A mse<=0.3::fail: 0.5 is above 0.3 (value 0.5, bound 0.3, n 2)"]
    assert (tmp_path / "summary.md").read_text().startswith("before\n\n### ❌ fail\n")
    assert (tmp_path / "output").read_text() == "x=1\nverdict=fail\nn=2\nmse=0.5\n"
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "fail"
    root = ET.parse(tmp_path / "gates.xml").getroot()  # noqa: S314  losscli wrote it
    assert (root.attrib["tests"], root.attrib["failures"]) == ("1", "1")


def test_annotations_are_the_output_where_nothing_else_is(tmp_path: Path) -> None:
    done = losscli("mse", "--true", "1,2", "--pred", "1,3", "-f", "github", cwd=tmp_path)
    assert (done.code, done.out) == (0, "::notice title=losscli::mse: mean = 0.5 (n = 2)\n")


def test_the_step_summary_needs_no_option_beyond_github_s_own_variable(tmp_path: Path) -> None:
    for _ in range(2):
        losscli("mse", "--true", "1", "--pred", "1", "-f", "github", cwd=tmp_path, env={"GITHUB_STEP_SUMMARY": "s.md"})
    assert (tmp_path / "s.md").read_text().count("\n| mse ") == 2


@pytest.mark.parametrize("value", ["", None])
def test_outputs_without_a_file_to_go_to_are_refused_before_anything_is_read(value: str | None, tmp_path: Path) -> None:
    env = {} if value is None else {"GITHUB_OUTPUT": value}
    done = losscli("mse", "none.csv", "-o", "github-output", cwd=tmp_path, env=env)
    refused(done, 2, "$GITHUB_OUTPUT", "-o github-output:PATH")


def test_outputs_go_to_a_file_that_is_named(tmp_path: Path) -> None:
    losscli("mse", "--true", "1", "--pred", "3", "-o", "github-output:values", cwd=tmp_path)
    assert (tmp_path / "values").read_text() == "n=1\nmse=4.0\n"


def test_two_files_of_the_environment_that_are_one_are_refused(tmp_path: Path) -> None:
    env = {"GITHUB_STEP_SUMMARY": "one", "GITHUB_OUTPUT": "one"}
    done = losscli("mse", "--true", "1", "--pred", "1", "-o", "github", "-o", "github-output", cwd=tmp_path, env=env)
    refused(done, 2, "two outputs")


@pytest.mark.parametrize("data", [BAD, "y_true,y_pred\n", None])
def test_data_that_cannot_be_read_is_an_annotation_and_an_error_among_the_test_cases(
    data: str | None, tmp_path: Path
) -> None:
    if data:
        write(tmp_path, a_csv=data)
    outputs = ("-f", "github", "-o", "junit:gates.xml", "-o", "json:report.json", "-o", "github-output")
    env = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary"}
    done = losscli("check", "a.csv", "--max", "mse=1", *outputs, cwd=tmp_path, env=env)
    refused(done, 3)
    assert done.out.startswith("::error title=losscli::")
    root = ET.parse(tmp_path / "gates.xml").getroot()  # noqa: S314  losscli wrote it
    assert (root.attrib["tests"], root.attrib["errors"]) == ("1", "1")
    assert not (tmp_path / "report.json").exists()
    assert (tmp_path / "output").read_text() + (tmp_path / "summary").read_text() == ""


def test_a_value_that_is_not_finite_is_an_error_in_both(tmp_path: Path) -> None:
    write(tmp_path, a_csv=ENDLESS)
    done = losscli("bce", "a.csv", "-f", "github", "-o", "junit:gates.xml", cwd=tmp_path)
    refused(done, 3)
    assert done.out.startswith("::error title=losscli%3A bce::")
    root = ET.parse(tmp_path / "gates.xml").getroot()  # noqa: S314  losscli wrote it
    assert root.attrib["errors"] == "1"


def test_a_path_that_ends_in_xml_is_junit_s(tmp_path: Path) -> None:
    losscli("mse", "--true", "1", "--pred", "1", "-o", "r.xml", cwd=tmp_path)
    assert (tmp_path / "r.xml").read_text().startswith("<?xml")


def test_a_group_s_name_is_no_command_for_the_runner(tmp_path: Path) -> None:
    write(tmp_path, a_csv='g,y_true,y_pred\n::add-mask::x,1,2\n"a\n::error::x",1,2\n##[error]y,1,2\n')
    for form in ("table", "markdown", "value", "github", "junit", "json"):
        done = losscli("mse", "a.csv", "--by", "g", "--keep", "g", "-f", form, cwd=tmp_path)
        lines = [line.strip() for line in (done.out + done.err).splitlines()]
        assert [
            line for line in lines if line.startswith("::") and not line.startswith("::notice title=losscli::")
        ] == []
        assert "##[" not in done.out
