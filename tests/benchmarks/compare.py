"""losscli beside what a user would reach for instead: python tests/benchmarks/compare.py [--only csv,npy].

Every command is a process of its own. The commands of a case take turns, so that a busy machine slows all of them
alike, and each is told by its median; the first round fills the caches and is not counted. All must give the same
number, to 1e-9. What is not installed is left out, and that is said.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import benchmark_growth as growth
import benchmark_memory as memory
import benchmark_report as report
import benchmark_states as states
from benchmark_case import Case
from benchmark_cases import CASES
from benchmark_data import Data, NoRoom, check_room, make, missing
from benchmark_measure import CAN_BIND, floor_megabytes
from benchmark_run import Setting, run
from benchmark_tools import LOSSCLI, Tools

NAMES = (*CASES, "memory", "growth")
PLOT = Path(__file__).with_name("benchmark_plot.py")


def main() -> int:
    """Measure what is asked for; 1 if a number differs or a command fails."""
    parser = arguments()
    asked = parser.parse_args()
    for path in filter(None, (asked.losscli, asked.core)):
        if not path.exists():
            parser.error(f"there is no {path}: pip install . puts losscli beside Python")
    with ExitStack() as stack:
        cache = asked.cache or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="losscli-benchmark-")))
        cache.mkdir(parents=True, exist_ok=True)
        every = {need for case in CASES.values() for line in case.lines for need in line.needs}
        tools = Tools.find(asked.losscli, asked.core, [sys.executable, *asked.python], every | {"matplotlib"})
        setting = Setting(tools, cache, asked.rows, asked.repeat, asked.warm_up)
        try:
            prepare(asked.only, setting)
        except NoRoom as error:
            parser.error(f"{error}: fewer --rows, or another --cache")
        known = facts(setting)
        show(report.heading(known))
        found = known | measured(asked.only, setting)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    if asked.plot:
        draw(found, asked.plot, tools)
    for reason in found["failed"]:
        note(f"FAILED: {reason}")
    return 1 if found["failed"] else 0


def arguments() -> argparse.ArgumentParser:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--only", type=names, default=NAMES, metavar="NAME,…", help=f"of: {', '.join(NAMES)} (default: all)")
    add("--rows", type=positive, default=5_000_000, metavar="N", help="rows of a text file (default: 5,000,000)")
    add("--repeat", type=positive, default=5, metavar="N", help="rounds that are counted (default: 5)")
    add("--warm-up", type=int, default=1, metavar="N", help="rounds before them (default: 1)")
    add("--cache", type=Path, metavar="DIR", help="keep the data here (default: a folder that is removed)")
    add("--losscli", type=Path, default=LOSSCLI, metavar="PATH", help="which losscli (default: beside this Python)")
    add("--core", type=Path, metavar="PATH", help="one without polars (default: the same, polars hidden from it)")
    add("--python", action="append", default=[], metavar="PATH", help="a further Python that has peers; repeatable")
    add("--json", type=Path, metavar="FILE", help="write all figures")
    add("--plot", type=Path, metavar="FILE", help="draw the growth as .svg or .png; needs matplotlib")
    return parser


def names(text: str) -> Sequence[str]:
    """Return the cases that are asked for. Raises ArgumentTypeError for one that is none."""
    chosen = text.split(",")
    if unknown := [name for name in chosen if name not in NAMES]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(NAMES)}")
    return chosen


def positive(text: str) -> int:
    """Return a number from 1 up. Raises ArgumentTypeError for any other."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a number from 1 up, not {text!r}")
    return int(text)


def prepare(only: Sequence[str], setting: Setting) -> None:
    """Make the files that the cases read. Raises NoRoom if the disk is too small."""
    chosen: list[Case] = [CASES[name] for name in only if name in CASES]
    chosen += memory.cases() if "memory" in only else []
    chosen += [one.case() for one in growth.GROWTHS] if "growth" in only else []
    lines = [(line, case) for case in chosen for line in case.lines if not setting.tools.lacks(line)]
    wanted: list[tuple[Data, int]] = [
        (data, round(setting.rows * case.scale)) for line, case in lines for data in line.data
    ]
    if any(data.kind == states.KIND for data, _ in wanted):
        wanted += [(shard, setting.rows) for shard in states.SHARDS]
    files = missing(wanted, setting.cache)
    writing = [round(setting.rows * case.scale) for line, case in lines if line.writes]
    check_room(files, max(writing, default=0), setting.cache)
    if files:
        note(f"writing {len(files)} files in {setting.cache}")
        write(files, setting)


def write(files: dict[Path, tuple[Data, int]], setting: Setting) -> None:
    """Write what is missing: numbers, and then states, which are made of them."""
    numbers = {path: (data, rows) for path, (data, rows) in files.items() if data.kind != states.KIND}
    needs = ["numpy", "polars"] if any(data.kind == "parquet" for data, _ in numbers.values()) else ["numpy"]
    python = setting.tools.python(needs)
    if python is None:
        raise SystemExit(f"no Python given has {' and '.join(needs)}, to write the data with")
    make(numbers, python)
    shards = [shard.path(setting.cache, setting.rows) for shard in states.SHARDS]
    for path in files.keys() - numbers.keys():
        data, rows = files[path]
        states.write(path, data.rows(rows), shards, setting.tools.losscli)


def measured(only: Sequence[str], setting: Setting) -> dict[str, Any]:
    """Measure, print each table as soon as it is known, and return all as JSON has it."""
    found: dict[str, Any] = {"cases": [], "memory": [], "growth": [], "failed": []}
    for name in only:
        note(f"measuring {name}")
        MEASURE.get(name, _case)(name, setting, found)
    return found


def _case(name: str, setting: Setting, found: dict[str, Any]) -> None:
    outcome = run(CASES[name], setting)
    show(report.text(outcome))
    found["cases"].append(report.document(outcome))
    found["failed"] += outcome.failed


def _memory(_: str, setting: Setting, found: dict[str, Any]) -> None:
    for peaks, reasons in memory.peaks(setting):
        show("\n".join([memory.text(peaks, setting.rows), *(f"  {reason}" for reason in reasons)]))
        found["memory"] += memory.document(peaks)
        found["failed"] += [reason for reason in reasons if reason.startswith("FAILED")]


def _growth(_: str, setting: Setting, found: dict[str, Any]) -> None:
    for one in growth.GROWTHS:
        curves, outcome = growth.measured(one, setting)
        show(growth.text(curves))
        found["growth"].append(curves)
        found["failed"] += outcome.failed


MEASURE = {"memory": _memory, "growth": _growth}
"""Name -> what measures it, where it is no case."""


def facts(setting: Setting) -> dict[str, Any]:
    """Return what the figures depend on."""
    version = subprocess.run([setting.tools.losscli, "--version"], capture_output=True, text=True, check=True)
    return {
        "losscli": version.stdout.strip(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if CAN_BIND else os.cpu_count(),
        "libraries": {python: dict(has) for python, has in setting.tools.pythons.items()},
        "rows": setting.rows,
        "repeat": setting.repeat,
        "least_megabytes": floor_megabytes(),
    }


def draw(found: dict[str, Any], path: Path, tools: Tools) -> None:
    """Draw the growth, if there is something to draw it with."""
    python = tools.python(["matplotlib"])
    if python is None or not found["growth"]:
        note("no plot: it takes matplotlib, and growth among what is measured")
        return
    subprocess.run([python, PLOT, path], input=json.dumps(found), text=True, check=True)


def show(text: str) -> None:
    """Print a table."""
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Say on stderr what is going on."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
