"""The figures as the README shows them: python benchmark_markdown.py < report.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from benchmark_case import CORE, FAST

HEAD = ("task", "beside", "it takes", CORE, FAST, "its memory", "losscli's")


def rows(case: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each line of a case that is not losscli: its figures, and losscli's in relation to them."""
    by_label = {line["label"]: line for line in case["lines"]}
    ours = [line for line in (by_label.get(CORE), by_label.get(FAST)) if line]
    if not ours:
        return
    task = case["title"]
    for label, line in by_label.items():
        if "ratios" in line:
            continue
        core, fast = (by_label[name]["ratios"][label] if name in by_label else None for name in (CORE, FAST))
        times = ("" if ratio is None else f"{ratio:.2f} ×" for ratio in (core, fast))
        memory = f"{line['peak_megabytes']:.0f} MB"
        most = f"{max(one['peak_megabytes'] for one in ours):.0f} MB"
        yield task, label, f"{line['median_seconds']:.1f} s", *times, memory, most
        task = ""


def table(report: dict[str, Any]) -> str:
    """Return the cases in which losscli reads files, as one table in Markdown."""
    found = [HEAD, ("---",) * len(HEAD), *(row for case in report["cases"] for row in rows(case))]
    return "".join(f"| {' | '.join(row)} |\n" for row in found)


if __name__ == "__main__":
    sys.stdout.write(table(json.load(sys.stdin)))
