"""Data to draw: some of it hostile."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HOSTILE = (
    "<script>parent.broken = 1</script>",
    '"><img src=x onerror="parent.broken=1">',
    "</style></title></svg><b>bold",
    "' onmouseover='parent.broken=1",
    "a&amp;b &#60;",
    "{body} {0} %s ${7*7}",
    "$\\frac{1}{2$",
    "\x1b[31mred\x07",
    "\u202etxt.exe",
    "```",
    "日本語の長い名前",
    "x" * 90,
)
"""Names that break a page, a picture or a terminal which takes data for anything but text."""


def hostile(folder: Path) -> None:
    """Write ``hostile.csv``: groups and notes with such names, under such names."""
    rng = np.random.default_rng(0)
    with (folder / "hostile.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["y_true", "y_pred", "<i>group</i>", 'note"><script>'])
        for i, (true, pred) in enumerate(rng.normal(size=(120, 2)).tolist()):
            writer.writerow([true, pred, HOSTILE[i % len(HOSTILE)], HOSTILE[-i % len(HOSTILE)]])


HOSTILE_OPTIONS = ("hostile.csv", "--by", "<i>group</i>", "--keep", "note*")


def epochs(folder: Path) -> None:
    """Write ``epochs.csv``: an error that falls until epoch 4 and then rises, the epochs in no order."""
    errors = {1: 4.0, 10: 3.0, 2: 2.0, 4: 1.0, 6: 1.5}
    lines = [f"{epoch},0,{error}" for epoch, error in errors.items() for _ in range(3)]
    (folder / "epochs.csv").write_text("epoch,y_true,y_pred\n" + "\n".join(lines) + "\n")
