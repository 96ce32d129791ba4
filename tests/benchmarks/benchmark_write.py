"""Write files of numbers for the benchmark; stdin is JSON: [[KIND, ROWS, CLASSES, PART, PATH], …].

The same numbers give the same bytes. Beyond ``DISTINCT`` rows the same ones come again, so that a large file is
quickly made and costs its readers what any other costs them.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

import numpy as np

BLOCK = 250_000
DISTINCT = 5_000_000
PROBABILITIES = 1_000_000
"""How many are drawn at a time."""

Columns = tuple[Any, Any]


def blocks(rows: int) -> Iterator[tuple[int, int]]:
    """Yield the first row and the length of each block."""
    for start in range(0, rows, BLOCK):
        yield start % DISTINCT, min(BLOCK, rows - start)


def numbers(part: int, start: int, size: int) -> Columns:
    """Return true and predicted values."""
    random = np.random.default_rng((part, start))
    y_true = 5 * random.standard_normal(size)
    return y_true, y_true + random.standard_normal(size)


@cache
def lines(template: str, part: int, start: int, size: int) -> bytes:
    """Return the lines of a block."""
    y_true, y_pred = numbers(part, start, size)
    rows = zip(range(start, start + size), y_true.tolist(), y_pred.tolist(), strict=True)
    return "".join(template.format(*row) for row in rows).encode()


def write_text(rows: int, part: int, file: IO[bytes] | gzip.GzipFile, *, header: str, template: str) -> None:
    """Write identifiers, true and predicted values at full precision."""
    file.write(header.encode())
    for start, size in blocks(rows):
        file.write(lines(template, part, start, size))


write_csv = partial(write_text, header="id,y_true,y_pred\n", template="{},{!r},{!r}\n")


def write_gzip(rows: int, part: int, file: IO[bytes]) -> None:
    """Write compressed CSV; no name and no time in it, which would differ."""
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0, filename="") as packed:
        write_csv(rows, part, packed)


def write_npy(rows: int, part: int, file: IO[bytes], *, column: int) -> None:
    """Write one column as an array."""
    header = {"descr": "<f8", "fortran_order": False, "shape": (rows,)}
    np.lib.format.write_array_header_1_0(file, header)
    for start, size in blocks(rows):
        file.write(numbers(part, start, size)[column].tobytes())


def write_parquet(rows: int, part: int, file: IO[bytes]) -> None:
    """Write the columns of the CSV file as Parquet."""
    import polars as pl  # noqa: PLC0415  only here, and not everywhere installed

    y_true, y_pred = (
        np.concatenate([numbers(part, start, size)[column] for start, size in blocks(rows)]) for column in (0, 1)
    )
    pl.DataFrame({"id": np.arange(rows), "y_true": y_true, "y_pred": y_pred}).write_parquet(file)


def write_probabilities(rows: int, classes: int, file: IO[bytes]) -> None:
    """Write a class label and a probability for each class."""
    random = np.random.default_rng(classes)
    file.write(("y_true," + ",".join(f"p{number}" for number in range(classes)) + "\n").encode())
    at_once = max(1, PROBABILITIES // classes)
    for start in range(0, rows, at_once):
        shares = np.exp(random.standard_normal((min(at_once, rows - start), classes)))
        shares /= shares.sum(axis=1, keepdims=True)
        labels = random.integers(classes, size=len(shares)).tolist()
        for label, row in zip(labels, shares.tolist(), strict=True):
            file.write(f"{label},{','.join(map(repr, row))}\n".encode())


WRITERS: dict[str, Callable[[int, int, IO[bytes]], None]] = {
    "csv": write_csv,
    "tsv": partial(write_text, header="id\ty_true\ty_pred\n", template="{}\t{!r}\t{!r}\n"),
    "jsonl": partial(write_text, header="", template='{{"id": {}, "y_true": {!r}, "y_pred": {!r}}}\n'),
    "csv.gz": write_gzip,
    "true.npy": partial(write_npy, column=0),
    "pred.npy": partial(write_npy, column=1),
    "parquet": write_parquet,
}
"""Kind -> what writes it, without classes."""


def main() -> None:
    """Write every file that stdin names, each complete or not at all."""
    for kind, rows, classes, part, name in json.load(sys.stdin):
        path = Path(name)
        unfinished = path.with_name(f"unfinished-{path.name}")
        with unfinished.open("wb") as file:
            if classes:
                write_probabilities(rows, classes, file)
            else:
                WRITERS[kind](rows, part, file)
        unfinished.rename(path)


if __name__ == "__main__":
    main()
