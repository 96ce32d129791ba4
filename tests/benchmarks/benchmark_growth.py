"""How losscli's time grows with rows, classes, losses and shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import benchmark_states
from benchmark_case import CORE, FAST, Case, Line, Word, losscli
from benchmark_cases import CSV, MSE, NPY, SIX
from benchmark_data import Data
from benchmark_report import aligned
from benchmark_run import Outcome, Setting, run


@dataclass(frozen=True, slots=True)
class Growth:
    """What grows, and the words of the command at each size; ``scale`` as in a case.

    A size is a share of the rows, shown in units of ``unit`` rows, or without a unit a number of anything else.
    """

    name: str
    axis: str
    points: Sequence[tuple[float, tuple[Word, ...]]]
    unit: float | None = None
    scale: float = 1

    def shown(self, point: float, rows: int) -> float:
        """Return a size as the axis has it."""
        return point * rows * self.scale / self.unit if self.unit else point

    def case(self) -> Case:
        """Return the case whose lines are the points, without polars and with it."""
        lines = tuple(_labelled(line, point) for point, words in self.points for line in losscli(*words)[1:])
        return Case(self.name, f"time against {self.axis}", lines, scale=self.scale)


def _labelled(line: Line, point: float) -> Line:
    """Return a line whose label tells the point; other points give other numbers, so they are not compared."""
    return Line(f"{line.label}: {point:g}", line.words, install=line.install, within=None)


MILLION, THOUSAND = 1e6, 1e3

SHARES = (0.001, 0.1, 0.25, 0.5, 1)

GROWTHS = (
    Growth("rows of CSV", "million rows of CSV", [(share, (*MSE, Data("csv", share))) for share in SHARES], MILLION),
    Growth(
        "rows of npy",
        "million rows of npy",
        [(share, (*MSE, "--truth", *(Data(one.kind, share) for one in NPY))) for share in SHARES],
        MILLION,
        scale=10,
    ),
    Growth(
        "classes",
        "columns of probabilities",
        [
            (classes, ("sparse-ce", "-f", "value", "-q", Data("csv", 1 / 250, classes=classes)))
            for classes in (2, 250, 500, 750, 1000)
        ],
    ),
    Growth(
        "losses",
        "losses in one pass over CSV",
        [(count, ("eval", *SIX[: 2 * count], "-f", "value", CSV)) for count in range(1, len(SIX) // 2 + 1)],
    ),
    Growth(
        "shards",
        "shards of one CSV data set",
        [(parts, (*MSE, *(Data("csv", part=part, parts=parts) for part in range(parts)))) for parts in (1, 4, 16, 64)],
    ),
    Growth(
        "partial results",
        "thousand partial results, merged",
        [(share / 50, ("merge", "-f", "value", "-q", Data(benchmark_states.KIND, share / 50))) for share in SHARES],
        THOUSAND,
    ),
)
"""What grows: a panel of the plot each."""


def measured(growth: Growth, setting: Setting) -> tuple[dict[str, Any], Outcome]:
    """Measure every point, and return the curves as JSON has them."""
    outcome = run(growth.case(), setting)
    seconds = {one.line.label: one.median_seconds for one in outcome.timed}
    curves = {
        label: [(growth.shown(point, setting.rows), seconds[f"{label}: {point:g}"]) for point, _ in growth.points]
        for label in (CORE, FAST)
        if all(f"{label}: {point:g}" in seconds for point, _ in growth.points)
    }
    return {"name": growth.name, "axis": growth.axis, "curves": curves}, outcome


def text(found: dict[str, Any]) -> str:
    """Return the curves as lines for a reader: a row for each size."""
    curves = found["curves"]
    sizes = [point for point, _ in next(iter(curves.values()), [])]
    rows = [(*curves, found["axis"])]
    rows += [
        (*(f"{curve[index][1]:.3f} s" for curve in curves.values()), f"{size:g}") for index, size in enumerate(sizes)
    ]
    return "\n".join([f"growth with {found['name']}", *aligned(rows)])
