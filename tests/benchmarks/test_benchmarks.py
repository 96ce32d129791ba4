"""The benchmark runs at any size and says what a reader needs; how quick losscli is, is no test's business."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import benchmark_growth
import benchmark_measure
import pytest
from benchmark_case import CORE, FAST, Case, Line, Target, python
from benchmark_cases import CASES, IN_MEMORY
from benchmark_data import Data, NoRoom, check_room, make
from benchmark_growth import GROWTHS
from benchmark_markdown import table
from benchmark_measure import CAN_BIND, Command, Failed, measure
from benchmark_report import TARGET_ROWS, text
from benchmark_run import Outcome, Setting, Timed, run
from benchmark_tools import HIDES_POLARS, LOSSCLI, Tools
from benchmark_write import DISTINCT, blocks
from compare import main

HERE = Path(__file__).parent
ROWS = 1000


def compare(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the benchmark as a user does."""
    return subprocess.run(
        [sys.executable, HERE / "compare.py", *arguments], capture_output=True, text=True, check=False
    )


def measured(name: str, directory: Path) -> tuple[dict[str, Any], str]:
    """Return the report on one case of few rows, and the tables."""
    path = directory / "report.json"
    sizes = ("--rows", str(ROWS), "--repeat", "1", "--warm-up", "0")
    done = compare(*sizes, "--only", name, "--json", path, "--cache", directory / "data")
    assert done.returncode == 0, done.stderr
    return json.loads(path.read_text()), done.stdout


@pytest.mark.parametrize("name", CASES)
def test_every_line_of_a_case_is_measured_or_said_to_be_left_out(name: str, tmp_path: Path) -> None:
    report, shown = measured(name, tmp_path)
    (case,) = report["cases"]
    skipped = [reason.partition(": ")[0] for reason in case["skipped"]]
    labels = [line["label"] for line in case["lines"]]
    assert sorted(labels + skipped) == sorted(line.label for line in CASES[name].lines)
    assert all(label in shown for label in labels + skipped)
    seconds = {line["label"]: line["median_seconds"] for line in case["lines"]}
    ours = [line for line in case["lines"] if "ratios" in line]
    assert ours or "polars is not installed" in shown
    for line in ours:
        assert line["targets"] == CASES[name].targets_of(line["label"])
        assert line["ratios"] == {
            label: pytest.approx(line["median_seconds"] / seconds[label]) for label in seconds if label != line["label"]
        }


def test_start_up_s_targets_are_in_terms_of_numpy_s() -> None:
    call, numpy = "losscli mse --true 1,2,3 --pred 2,2,3", 'python -c "import numpy"'
    case = CASES["startup"]
    assert {line.label: kept for line in case.lines if (kept := case.targets_of(line.label))} == {
        f"{call} -f value": {numpy: 1.4},
        call: {numpy: 1.7},
    }


@pytest.mark.parametrize(
    ("rows", "seconds", "verdict"), [(TARGET_ROWS, 2, "kept"), (TARGET_ROWS, 4, "MISSED"), (9, 4, "")]
)
def test_a_target_is_told_as_kept_or_missed_where_there_are_rows_enough(
    rows: int, seconds: float, verdict: str
) -> None:
    case = Case("csv", "title", (), (Target("ours", "theirs", 1.3),))
    lines = (Line("ours", ("losscli", Data("csv"))), Line("theirs", ("python", Data("csv"))))
    timed = [
        Timed(line, [], seconds=[1, time, 9], megabytes=[1, 2, 1])
        for line, time in zip(lines, (seconds, 2), strict=True)
    ]
    told = text(Outcome(replace(case, lines=lines), rows, timed, ["peer: it is not installed"]))
    assert f"{seconds / 2:.2f} ×" in told
    assert (f"{verdict}: ours takes {seconds / 2:.2f} times theirs, at most 1.3" in told) == bool(verdict)
    assert "at most" not in told or verdict
    assert "not compared: peer: it is not installed" in told


def test_the_readme_s_table_has_a_row_for_each_peer_and_a_column_for_each_installation() -> None:
    core = {"label": CORE, "median_seconds": 1.0, "peak_megabytes": 40.4, "ratios": {"peer": 0.5, FAST: 2.0}}
    fast = {"label": FAST, "median_seconds": 0.5, "peak_megabytes": 90.2, "ratios": {"peer": 0.25, CORE: 0.5}}
    peer = {"label": "peer", "median_seconds": 2.0, "peak_megabytes": 700.0}
    both, one = ({"title": title, "lines": lines} for title, lines in (("A", [core, fast, peer]), ("B", [core, peer])))
    shown = table({"cases": [both, one, {"title": "C", "lines": [peer]}]}).splitlines()
    assert shown[2:] == [
        "| A | peer | 2.0 s | 0.50 × | 0.25 × | 700 MB | 90 MB |",
        "| B | peer | 2.0 s | 0.50 × |  | 700 MB | 40 MB |",
    ]
    assert len({row.count("|") for row in shown}) == 1


def test_peak_memory_is_told_at_two_sizes_for_every_format(tmp_path: Path) -> None:
    report, shown = measured("memory", tmp_path)
    peaks = {(one["case"], one["label"]): one for one in report["memory"]}
    assert {case for case, _ in peaks} == {*IN_MEMORY} - ({"parquet"} if "polars is not installed" in shown else set())
    assert all(one[size] > 0 for size in ("few", "many") for one in peaks.values())
    assert f"{ROWS:,}" in shown
    assert f"{10 * ROWS:,}" in shown


def test_growth_is_told_point_by_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = tuple(replace(growth, points=(growth.points[0], growth.points[-1])) for growth in GROWTHS)
    monkeypatch.setattr(benchmark_growth, "GROWTHS", ends)
    path = tmp_path / "report.json"
    sizes = f"--rows {ROWS} --repeat 1 --warm-up 0 --only growth --cache {tmp_path} --json {path}"
    monkeypatch.setattr(sys, "argv", ["compare.py", *sizes.split()])
    assert main() == 0
    report = json.loads(path.read_text())
    assert [one["name"] for one in report["growth"]] == [growth.name for growth in GROWTHS]
    for found, growth in zip(report["growth"], ends, strict=True):
        assert found["curves"]
        for curve in found["curves"].values():
            assert [size for size, _ in curve] == [growth.shown(point, ROWS) for point, _ in growth.points]
            assert all(seconds > 0 for _, seconds in curve)


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_growth_is_drawn(suffix: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    curves = {"losscli, core": [(1, 0.1), (2, 0.2)], "losscli, fast": [(1, 0.1), (2, 0.1)]}
    report = {"growth": [{"name": "rows", "axis": "million rows", "curves": curves}]}
    path = tmp_path / f"plot{suffix}"
    script = HERE / "benchmark_plot.py"
    subprocess.run([sys.executable, script, path], input=json.dumps(report), text=True, check=True, capture_output=True)
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("arguments", [["--repeat=0"], ["--rows=many"], ["--only=csv,speed"], ["--losscli=no/losscli"]])
def test_the_benchmark_refuses_what_it_cannot_do(arguments: list[str]) -> None:
    done = compare(*arguments)
    assert done.returncode == 2
    assert any(word in done.stderr for word in arguments[0].split("="))


def test_nothing_is_written_where_the_disk_is_too_small(tmp_path: Path) -> None:
    done = compare("--rows", str(10**15), "--only", "csv", "--cache", tmp_path)
    assert done.returncode == 2
    assert "GB are free" in done.stderr
    assert not list(tmp_path.iterdir())


def test_room_for_what_is_written_meanwhile_is_counted(tmp_path: Path) -> None:
    check_room({}, 1, tmp_path)
    with pytest.raises(NoRoom):
        check_room({}, 10**15, tmp_path)


def outcome(directory: Path, *lines: Line) -> Outcome:
    """Measure lines of Python alone."""
    tools = Tools(LOSSCLI, None, has_polars=False, pythons={sys.executable: {}})
    return run(Case("case", "title", lines), Setting(tools, directory, rows=1, repeat=2, warm_up=1))


def test_another_number_fails_and_is_shown(tmp_path: Path) -> None:
    lines = (
        python("right", "", "print(1 / 3)"),
        python("rounded", "", "print(0.3333)"),
        python("rough", "", "print(0.3333)", within=1e-3),
        python("silent", "", "pass"),
        python("of no number", "", "pass", within=None),
    )
    found = outcome(tmp_path, *lines)
    assert [one.line.label for one in found.timed] == ["right", "rough", "of no number"]
    assert found.failed == [
        "rounded: its number is 0.3333, not 0.3333333333333333 as of right",
        "silent: it gave no number but ''",
    ]
    assert all(len(one.seconds) == 2 for one in found.timed)


def test_the_benchmark_fails_where_losscli_gives_another_number(tmp_path: Path) -> None:
    wrong = tmp_path / "losscli"
    wrong.write_text("#!/bin/sh\necho 1.5\n")
    wrong.chmod(0o755)
    done = compare("--only", "npy", "--rows", "10", "--repeat", "1", "--core", wrong, "--cache", tmp_path)
    assert done.returncode == 1
    assert "FAILED: numpy: its number is" in done.stderr
    assert "FAILED: numpy: its number is" in done.stdout


def test_a_command_that_ends_with_an_error_fails_and_says_why(tmp_path: Path) -> None:
    found = outcome(tmp_path, python("broken", "", "import sys; sys.exit('no such column\\nhint: name one')"))
    assert found.failed == ["broken: no such column"]


def test_what_is_not_installed_is_left_out_with_the_reason(tmp_path: Path) -> None:
    lines = (python("framework", "no_such_module", "pass"), Line("program", ("no-such-program",)))
    found = outcome(tmp_path, *lines)
    assert found.timed == []
    assert found.skipped == [
        "framework: no Python given has no_such_module",
        "program: no-such-program is not installed",
    ]


def test_polars_is_hidden_from_a_process_and_from_those_that_it_starts() -> None:
    pytest.importorskip("polars")
    ask = "import importlib.util as u; print(u.find_spec('polars') is None)"
    start = f"import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', {ask!r}]).decode().strip())"
    for code, hidden in ((ask, True), (start, True), (ask, False)):
        environment = {"PYTHONPATH": str(HIDES_POLARS)} if hidden else {}
        assert measure(Command((sys.executable, "-c", code), environment=environment)).said == f"{hidden}\n"


MEGABYTES = 60
HOLD = f"held = bytearray({MEGABYTES}_000_000); import time; time.sleep(0.5)"


def test_peak_memory_is_that_of_the_largest_process_or_of_all_together() -> None:
    two = f"import subprocess, sys; {HOLD.partition(';')[0]}; subprocess.run([sys.executable, '-c', {HOLD!r}])"
    empty, one, both = (measure(Command((sys.executable, "-c", code))).megabytes for code in ("pass", HOLD, two))
    assert MEGABYTES < one < MEGABYTES + empty + 10
    if Path("/proc/self/smaps_rollup").exists():
        assert both > 2 * MEGABYTES


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory as Linux tells it")
def test_memory_is_watched_only_in_the_rounds_before_those_whose_time_counts(tmp_path: Path) -> None:
    two = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}]); print(1)"
    with patch.object(benchmark_measure, "_proportional_bytes", return_value=1) as asked:
        (one,) = outcome(tmp_path, python("two", "", two)).timed
        assert (len(one.seconds), len(one.megabytes)) == (2, 3)
        assert len({call.args for call in asked.call_args_list}) == 2  # of three rounds with two processes each
        asked.reset_mock()
        measure(Command((sys.executable, "-c", two)), watched=False)
        asked.assert_not_called()


@pytest.mark.skipif(not CAN_BIND, reason="this system cannot bind a process to a core")
def test_a_line_on_one_core_has_one_and_the_next_has_all_again() -> None:
    ask = Command((sys.executable, "-c", "import os; print(len(os.sched_getaffinity(0)))"))
    before = measure(ask).said
    assert measure(Command(ask.words, one_core=True)).said == "1\n"
    assert measure(ask).said == before


def test_a_pipe_is_fed_and_may_be_left_unread() -> None:
    endless = ("yes", "2.5")
    assert measure(Command((sys.executable, "-c", "print(input())"), feed=endless)).said == "2.5\n"
    with pytest.raises(Failed, match="exit code 3"):
        measure(Command((sys.executable, "-c", "raise SystemExit(3)"), feed=endless))


@pytest.mark.parametrize("data", [Data("csv"), Data("csv.gz"), Data("true.npy"), Data("csv", classes=7)])
def test_the_same_data_has_the_same_bytes_wherever_it_is_made(data: Data, tmp_path: Path) -> None:
    for name in "ab":
        make({tmp_path / name: (data, ROWS)}, sys.executable)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").stat().st_size > ROWS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_rows_come_again_beyond_those_that_are_distinct() -> None:
    starts = [start for start, _ in blocks(2 * DISTINCT)]
    assert starts[: len(starts) // 2] == starts[len(starts) // 2 :]
    assert sum(size for _, size in blocks(DISTINCT + 1)) == DISTINCT + 1
