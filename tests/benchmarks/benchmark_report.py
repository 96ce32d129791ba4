"""What was measured, as tables for a reader and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from benchmark_run import Outcome, Timed

TARGET_ROWS = 5_000_000
"""The ``--rows`` that the targets are about."""

HEADING = """\
losscli {losscli}, Python {python}, {machine}, {cores} cores; medians of {repeat} whole processes, taken in turn.
a, b, … stand for a line of losscli. "a takes 0.50 ×": half the time of this line; below 1, losscli is quicker.
Peak memory is that of the process and its children, mapped pages included; told from {least_megabytes:.0f} MB up."""


def heading(facts: Mapping[str, Any]) -> str:
    """Return what the tables mean, and what their figures depend on."""
    return HEADING.format_map(facts)


def lettered(outcome: Outcome) -> dict[str, Timed]:
    """Return the lines of losscli, each with a letter."""
    return dict(zip(ascii_lowercase, (one for one in outcome.timed if one.line.is_losscli), strict=False))


def text(outcome: Outcome) -> str:
    """Return a case as lines for a reader: a row for each line, a column for each line of losscli."""
    letters = lettered(outcome)
    of = {one.line.label: letter for letter, one in letters.items()}
    size = "".join(f" ({data.rows(outcome.rows):,} {data.things})" for data in outcome.case.data[:1])
    rows = [("", "seconds", "peak MB", *(f"{letter} takes" for letter in letters), "")]
    for one in outcome.timed:
        seconds, memory = f"{one.median_seconds:.3f}", f"{one.peak_megabytes:.0f}"
        times = (f"{ours.ratio(one):.2f} ×" for ours in letters.values())
        rows.append((of.get(one.line.label, ""), seconds, memory, *times, one.line.label))
    lines = [f"{outcome.case.name}: {outcome.case.title}{size}", *aligned(rows), *verdicts(outcome)]
    lines += [f"  not compared: {reason}" for reason in outcome.skipped]
    lines += [f"  FAILED: {reason}" for reason in outcome.failed]
    return "\n".join(lines)


def verdicts(outcome: Outcome) -> list[str]:
    """Return for each target that could be measured whether it is kept; fewer rows are not what it is about."""
    if outcome.case.data and outcome.rows < TARGET_ROWS * outcome.case.scale:
        return []
    by_label = {one.line.label: one for one in outcome.timed}
    return [
        f"  {'kept' if ratio <= target.at_most else 'MISSED'}: {target.line} takes {ratio:.2f} times "
        f"{target.other}, at most {target.at_most}"
        for target in outcome.case.targets
        if target.line in by_label and target.other in by_label
        for ratio in [by_label[target.line].ratio(by_label[target.other])]
    ]


def aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Return the rows of a table: to the right all but the last column, which is text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        *numbers, label = (cell.rjust(width) for cell, width in zip(row, (*widths[:-1], 0), strict=True))
        yield "  " + "  ".join([*numbers, label]).rstrip()


def document(outcome: Outcome) -> dict[str, Any]:
    """Return a case as JSON has it."""
    return {
        "name": outcome.case.name,
        "title": outcome.case.title,
        "rows": outcome.rows,
        "lines": [_line(one, outcome) for one in outcome.timed],
        "skipped": outcome.skipped,
        "failed": outcome.failed,
    }


def _line(one: Timed, outcome: Outcome) -> dict[str, Any]:
    label = one.line.label
    facts = {
        "label": label,
        "command": shlex.join(one.command),
        "value": one.number,
        "median_seconds": one.median_seconds,
        "seconds": one.seconds,
        "peak_megabytes": one.peak_megabytes,
    }
    if not one.line.is_losscli:
        return facts
    others = [other for other in outcome.timed if other is not one]
    ratios = {other.line.label: one.ratio(other) for other in others}
    return facts | {"ratios": ratios, "targets": outcome.case.targets_of(label)}
