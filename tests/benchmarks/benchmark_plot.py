"""Draw how losscli's time grows: python benchmark_plot.py FILE.svg < report.json."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

STYLE = {
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "none",  # text stays text, which a reader can select
    "svg.hashsalt": "losscli",  # the same numbers give the same bytes
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
}

GREY = "#808890"
COLOURS = {"losscli, core": "#d9822b", "losscli, fast": "#3b82d0"}
"""All of them can be told from white and from black."""

SIDE = 3.1
"""Inches."""


def panel(axes: Any, growth: dict[str, Any]) -> None:  # noqa: ANN401  matplotlib may not be there
    """Draw the curves of one growth."""
    for label, points in growth["curves"].items():
        axes.plot(*zip(*points, strict=True), marker="o", markersize=4, color=COLOURS[label], label=label)
    axes.set_xlabel(growth["axis"])
    axes.set_ylabel("seconds")
    axes.margins(0.08)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.grid(visible=True, alpha=0.25, color=GREY)


def main(path: str) -> None:
    """Draw a panel for each growth."""
    report = json.load(sys.stdin)
    growths = report["growth"]
    matplotlib = import_module("matplotlib")
    matplotlib.use("Agg")
    plots = import_module("matplotlib.pyplot")
    colours = dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), GREY)
    with plots.rc_context({**STYLE, **colours}):
        columns = min(3, len(growths))
        rows = -(-len(growths) // columns)
        figure, grid = plots.subplots(rows, columns, figsize=(columns * SIDE, rows * SIDE * 0.85), squeeze=False)
        for axes, growth in zip(grid.flat, growths, strict=False):
            panel(axes, growth)
        for axes in grid.flat[len(growths) :]:
            axes.axis("off")
        grid.flat[0].legend(loc="upper left", frameon=False)
        figure.tight_layout()
        figure.savefig(path, transparent=True, metadata={"Date": None} if path.endswith(".svg") else None)


if __name__ == "__main__":
    main(sys.argv[1])
