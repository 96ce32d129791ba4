"""The benchmark runs and says what a reader needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("startup.py")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a user does."""
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)


def test_the_benchmark_tells_every_command_s_time_and_ratio_to_numpy_and_two_targets() -> None:
    done = run("--repeat", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    timings = {one["command"]: one for one in report["timings"]}
    unit = timings[report["unit"]]["milliseconds"]
    for one in timings.values():
        assert one["milliseconds"] > 0
        assert one["ratio"] == pytest.approx(one["milliseconds"] / unit)
    call = "losscli mse --true 1,2,3 --pred 2,2,3"
    targets = {name: one["target"] for name, one in timings.items() if one["target"] is not None}
    assert targets == {f"{call} -f value": 1.4, call: 1.7}


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_the_benchmark_refuses_a_number_of_rounds_that_is_none(number: str) -> None:
    done = run(f"--repeat={number}")
    assert done.returncode == 2
    assert "--repeat" in done.stderr
