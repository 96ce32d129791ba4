"""The samples for other people's pipelines do what they say: their files are read and their commands are run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

ROOT = Path(__file__).parents[1]
INSTALL = "pip install losscli"
OUTPUT = re.compile(r"\$\{\{ steps\.check\.outputs\.(\w+) \}\}")
DECIDED_BY_THE_SERVER = {"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "MAKEFLAGS", "MAKELEVEL"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository that holds the samples, those for pipelines in their places."""
    for path in (ROOT / "samples").glob("*.csv"):
        shutil.copy(path, tmp_path)
    for path in (ROOT / "samples" / "ci").iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    return tmp_path


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a server does: in bash, which stops at the first failure."""
    kept = {name: value for name, value in os.environ.items() if name not in DECIDED_BY_THE_SERVER}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={**kept, "PATH": path, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sample(name: str) -> Any:  # noqa: ANN401  YAML
    """Return what a sample holds."""
    return yaml.safe_load((ROOT / "samples" / "ci" / name).read_text("utf-8"))


def exchanged(folder: Path) -> None:
    """Spoil the predictions: each is those of the next patient."""
    head, *lines = (folder / "diabetes_ridge.csv").read_text().splitlines()
    preds = [line.rpartition(",")[2] for line in lines]
    moved = [f"{line.rpartition(',')[0]},{pred}" for line, pred in zip(lines, preds[1:] + preds[:1], strict=True)]
    (folder / "diabetes_ridge.csv").write_text("\n".join([head, *moved, ""]))


@pytest.mark.parametrize("spoilt", [False, True])
def test_the_steps_of_the_github_workflow_run_and_fail_where_predictions_got_worse(
    folder: Path, *, spoilt: bool
) -> None:
    if spoilt:
        exchanged(folder)
    files = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    steps = [step["run"] for step in sample("github.yml")["jobs"]["check"]["steps"] if "run" in step]
    install, check, *later = steps
    done = run(check, folder, **files)
    assert (install, done.returncode) == (INSTALL, int(spoilt)), done.stderr
    annotations = [line for line in done.stderr.splitlines() if line.startswith("::")]
    assert [line.partition(" ")[0] for line in annotations] == (["::error"] * 2 if spoilt else ["::notice"])
    assert (folder / "summary.md").read_text().startswith(f"\n### {'❌ fail' if spoilt else '✅ pass'}\n")
    outputs = dict(line.split("=") for line in (folder / "output").read_text().splitlines())
    for line in later:
        step = run(OUTPUT.sub(lambda name: outputs[name[1]], line), folder)
        assert step.returncode == 0, step.stderr
    assert float(outputs["mae"]) > 0


@pytest.mark.parametrize("spoilt", [False, True])
def test_the_gitlab_job_runs_and_its_report_is_where_it_says(folder: Path, *, spoilt: bool) -> None:
    if spoilt:
        exchanged(folder)
    job = sample("gitlab.yml")["predictions"]
    install, check = job["script"]
    assert (install, run(check, folder).returncode) == (INSTALL, int(spoilt))
    report = ET.parse(folder / job["artifacts"]["reports"]["junit"]).getroot()  # noqa: S314  losscli wrote it
    assert (report.attrib["tests"], report.attrib["failures"]) == ("2", "2" if spoilt else "0")
    assert job["artifacts"]["when"] == "always"


def test_the_dvc_stage_reads_what_it_depends_on_and_writes_metrics_that_dvc_can_show(folder: Path) -> None:
    (stage,) = sample("dvc.yaml")["stages"].values()
    done = run(stage["cmd"], folder)
    assert done.returncode == 0, done.stderr
    assert [name for name in stage["deps"] if name not in stage["cmd"]] == []
    for metrics in stage["metrics"]:
        ((name, _),) = metrics.items()
        shown = json.loads((folder / name).read_text())
        groups = [value for value in shown.values() if isinstance(value, dict)]
        numbers = [value for group in (shown, *groups) for value in group.values() if not isinstance(value, dict)]
        assert len(groups) == 3
        assert len(numbers) == 4 + 3 * 3
        assert {type(value) for value in numbers} == {int, float}


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_makefile_s_target_fails_where_predictions_got_worse(folder: Path) -> None:
    assert run("make check", folder).returncode == 0
    exchanged(folder)
    done = run("make check", folder)
    assert done.returncode == 2
    assert "Error 1" in done.stderr


def test_the_pytest_sample_passes_and_fails_where_predictions_got_worse(folder: Path) -> None:
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_predictions.py"]
    for code in (0, 1):
        done = subprocess.run(test, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, done.stdout
        exchanged(folder)


def test_the_hook_runs_every_check_of_the_file_and_is_the_one_that_the_sample_asks_for(folder: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {"id", "name", "entry", "language", "files", "pass_filenames"} <= set(hook)
    done = run(hook["entry"], folder)
    assert done.returncode == 0, done.stderr
    assert "ridge" in done.stdout
    assert "ages" in done.stdout
    exchanged(folder)
    assert run(hook["entry"], folder).returncode == 1
    asked = [one["id"] for repo in sample("pre-commit-config.yaml")["repos"] for one in repo["hooks"]]
    assert asked == [hook["id"]]


@pytest.mark.parametrize(
    "name", ["a.csv", "runs/preds.jsonl", "x.parquet", "a.csv.gz", "losscli.toml", "a/pyproject.toml"]
)
def test_the_hook_runs_for_data_and_for_checks(name: str) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert re.search(hook["files"], name)


@pytest.mark.parametrize("name", ["README.md", "csv", "a.csvx", "src/main.py", "notpyproject.toml.txt"])
def test_the_hook_does_not_run_for_anything_else(name: str) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert not re.search(hook["files"], name)
