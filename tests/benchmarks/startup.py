"""How long a whole call of losscli takes, beside Python and numpy alone: python tests/benchmarks/startup.py.

Every command is a process of its own. The commands take turns, so that a busy machine slows all of them alike, and
each is told by its median. One round before the first fills the caches and is not counted.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import subprocess
import sys
import sysconfig
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[2]
LOSSCLI = Path(sysconfig.get_path("scripts")) / "losscli"
UNIT = 'python -c "import numpy"'
"""What every time is a ratio to: no command that computes can be quicker."""


@dataclass(frozen=True, slots=True)
class Case:
    """A command: as a user writes it, as it is run, and how many times ``UNIT`` it may take."""

    label: str
    command: tuple[str | Path, ...]
    target: float | None = None
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """The median time of a command, and its ratio to that of ``UNIT``."""

    command: str
    milliseconds: float
    ratio: float
    target: float | None


def python(code: str, needs: str = "") -> Case:
    """Return a case of Python alone."""
    return Case(f'python -c "{code}"', (sys.executable, "-c", code), needs=needs)


def losscli(arguments: str, target: float | None = None) -> Case:
    """Return a case of losscli."""
    return Case(f"losscli {arguments}", (LOSSCLI, *arguments.split()), target)


CASES = (
    python("pass"),
    python("import numpy"),
    losscli("--version"),
    losscli("--help"),
    losscli("mse --true 1,2,3 --pred 2,2,3 -f value", target=1.4),
    losscli("mse --true 1,2,3 --pred 2,2,3", target=1.7),
    losscli("mse samples/diabetes_ridge.csv -f value"),
    python("from sklearn.metrics import mean_squared_error as mse; print(mse([1, 2, 3], [2, 2, 3]))", needs="sklearn"),
    python("import torch as t; print(t.nn.MSELoss()(t.tensor([1., 2, 3]), t.tensor([2., 2, 3])))", needs="torch"),
)


def seconds(case: Case) -> float:
    """Run a command once, with a pipe for its output, and return how long it took."""
    start = perf_counter()
    subprocess.run(case.command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return perf_counter() - start


def timings(cases: list[Case], repeat: int) -> list[Timing]:
    """Run all commands in turn, ``repeat`` times after a first round that is not counted."""
    rounds = [[seconds(case) for case in cases] for _ in range(repeat + 1)][1:]
    medians = {case.label: median(times) for case, times in zip(cases, zip(*rounds, strict=True), strict=True)}
    return [
        Timing(case.label, 1000 * medians[case.label], medians[case.label] / medians[UNIT], case.target)
        for case in cases
    ]


def table(found: list[Timing]) -> str:
    """Return the timings as lines for a reader."""
    lines = [f"{'ms':>8}  {'ratio':>6}  {'target':>6}  command"]
    for one in found:
        target = "" if one.target is None else f"{one.target:.1f}"
        lines.append(f"{one.milliseconds:8.1f}  {one.ratio:6.2f}  {target:>6}  {one.command}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time whole calls of losscli beside Python and numpy alone.")
    parser.add_argument("--repeat", type=int, default=21, metavar="N", help="rounds that are counted (default: 21)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    if asked.repeat < 1:
        parser.error("--repeat: expected a number from 1 up")
    if not LOSSCLI.exists():
        parser.error(f"there is no {LOSSCLI}: pip install . puts it there")
    missing = sorted({case.needs for case in CASES if case.needs and importlib.util.find_spec(case.needs) is None})
    found = timings([case for case in CASES if case.needs not in missing], asked.repeat)
    if asked.json:
        facts = {"python": platform.python_version(), "repeat": asked.repeat, "unit": UNIT, "not_installed": missing}
        sys.stdout.write(json.dumps({**facts, "timings": [asdict(one) for one in found]}, indent=2) + "\n")
        return
    sys.stdout.write(f"Medians of {asked.repeat} processes each; ratio: to {UNIT}\n\n{table(found)}\n")
    for name in missing:
        sys.stdout.write(f"\n{name} is not installed: not compared\n")


if __name__ == "__main__":
    main()
