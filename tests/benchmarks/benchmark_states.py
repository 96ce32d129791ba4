"""Partial results of as many shards as are asked for, in one file of lines: those of a few real shards, over and over.

Each line has a fingerprint of its own, as another shard would have. So adding them costs what it would cost for as many
real shards, and the mean is that of the few.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from benchmark_data import Data

KIND = "states.jsonl"
SHARDS = tuple(Data("csv", share=1 / 100, part=part, parts=5) for part in range(5))


def write(path: Path, count: int, shards: Sequence[Path], losscli: Path) -> None:
    """Write ``count`` lines, complete or not at all."""
    templates = [_template(losscli, shard) for shard in shards]
    unfinished = path.with_name(f"unfinished-{path.name}")
    with unfinished.open("w") as file:
        for number, (before, after) in enumerate(islice(cycle(templates), count)):
            file.write(f"{before}{number:024x}{after}\n")
    unfinished.rename(path)


def _template(losscli: Path, shard: Path) -> tuple[str, str]:
    """Return what stands before and after the fingerprint in the partial result of a shard."""
    line = subprocess.run(
        [losscli, "partial", shard, "-l", "mse", "-q"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (fingerprint,) = json.loads(line)["fingerprints"]
    before, _, after = line.partition(fingerprint)
    return before, after
