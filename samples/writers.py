"""One writer for each format of the sample files, chosen by suffix; numbers at full precision, no time stamps."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

Columns = dict[str, list[Any]]


def write(path: Path, columns: Columns) -> None:
    """Write named columns in the format that the path's suffix names."""
    suffix = path.name.partition(".")[2]
    path.write_bytes(WRITERS[suffix](columns))


def write_json(path: Path, document: object) -> None:
    """Write one JSON document for people to read as well."""
    path.write_bytes(json.dumps(document, indent=2).encode() + b"\n")


def _records(columns: Columns) -> Iterator[dict[str, Any]]:
    for row in zip(*columns.values(), strict=True):
        yield dict(zip(columns, row, strict=True))


def _delimited(columns: Columns, delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue().encode()


def _csv(columns: Columns) -> bytes:
    return _delimited(columns, ",")


def _tsv(columns: Columns) -> bytes:
    return _delimited(columns, "\t")


def _json(columns: Columns) -> bytes:
    return b"[\n  " + b",\n  ".join(json.dumps(record).encode() for record in _records(columns)) + b"\n]\n"


def _jsonl(columns: Columns) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in _records(columns))


def _npz(columns: Columns) -> bytes:
    arrays: dict[str, Any] = {name: np.array(values) for name, values in columns.items()}
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def _csv_gz(columns: Columns) -> bytes:
    return gzip.compress(_csv(columns), mtime=0)


WRITERS: dict[str, Callable[[Columns], bytes]] = {
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "jsonl": _jsonl,
    "npz": _npz,
    "csv.gz": _csv_gz,
}
