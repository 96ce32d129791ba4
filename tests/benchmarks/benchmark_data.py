"""The files that the benchmark reads: named, made where they are missing, and their room checked first."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

WRITER = Path(__file__).with_name("benchmark_write.py")

BYTES = {
    "csv": 46,
    "tsv": 46,
    "jsonl": 78,
    "csv.gz": 22,
    "true.npy": 8,
    "pred.npy": 8,
    "parquet": 26,
    "states.jsonl": 650,
}
"""Kind -> bytes a row takes, about; a column of probabilities takes ``BYTES_OF_PROBABILITY`` more."""

BYTES_OF_PROBABILITY = 22

BYTES_OF_SAMPLES = 80
"""What a row of per-sample output takes."""

SPARE = 1.1


class NoRoom(Exception):  # noqa: N818  named for what is wrong
    """The disk is too small for the data that was asked for."""


@dataclass(frozen=True, slots=True)
class Data:
    """A file of numbers: its kind, how many rows in terms of ``--rows``, its classes, and which shard of how many."""

    kind: str
    share: float = 1
    classes: int = 0
    part: int = 0
    parts: int = 1

    def rows(self, rows: int) -> int:
        """How many rows the file has, of at least one."""
        return max(1, round(rows * self.share / self.parts))

    @property
    def things(self) -> str:
        """What it has so many of."""
        return "lines" if self.kind.startswith("states") else "rows"

    def bytes(self, rows: int) -> int:
        """How much room the file takes, about."""
        return self.rows(rows) * (BYTES.get(self.kind, 10) + BYTES_OF_PROBABILITY * self.classes)

    def path(self, cache: Path, rows: int) -> Path:
        """Where the file is."""
        shard = f"-{self.part + 1}-of-{self.parts}" if self.parts > 1 else ""
        classes = f"-{self.classes}-classes" if self.classes else ""
        return cache / f"{self.rows(rows)}{classes}{shard}.{self.kind}"


def missing(wanted: Iterable[tuple[Data, int]], cache: Path) -> dict[Path, tuple[Data, int]]:
    """Return the files that are not there yet, each once."""
    return {path: (data, rows) for data, rows in wanted if not (path := data.path(cache, rows)).exists()}


def check_room(files: dict[Path, tuple[Data, int]], output_rows: int, cache: Path) -> None:
    """Raise NoRoom if the disk does not hold the missing files and the largest per-sample output."""
    needed = SPARE * (sum(data.bytes(rows) for data, rows in files.values()) + BYTES_OF_SAMPLES * output_rows)
    free = shutil.disk_usage(cache).free
    if needed > free:
        raise NoRoom(f"the data needs {needed / 1e9:.1f} GB in {cache}, where {free / 1e9:.1f} GB are free")


def make(files: dict[Path, tuple[Data, int]], python: str) -> None:
    """Write files, each complete or not at all, by another process: this one must stay small, see benchmark_measure."""
    jobs = [(data.kind, data.rows(rows), data.classes, data.part, str(path)) for path, (data, rows) in files.items()]
    subprocess.run([python, WRITER], input=json.dumps(jobs), text=True, check=True)
