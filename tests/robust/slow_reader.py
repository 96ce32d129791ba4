"""Tables and losses read a second time, slowly and by other means than losscli's: csv, json, struct and fractions.

Each reader gives two columns as lists of samples, a sample being one number or a row of them, NaN where it is missing.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import math
import re
import struct
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

Sample = float | list[float]
Columns = list[list[Sample]]

MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "-nan", "<na>", "?", "+nan")
INFINITE = {"inf": math.inf, "infinity": math.inf}
LARGEST, SMALLEST = 400, -800
"""Exponents of ten beyond which a number is infinite or zero: its fraction would fill the memory."""


def number(cell: str) -> float:
    """Return what a cell says, by way of its exact fraction. Raises ValueError for what is no number."""
    text = cell.strip().lower()
    if text in MISSING:
        return math.nan
    sign = -1.0 if text.startswith("-") else 1.0
    if text.lstrip("+-") in INFINITE and len(text) - len(text.lstrip("+-")) <= 1:
        return sign * INFINITE[text.lstrip("+-")]
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.ASCII):
        raise ValueError(cell)
    head, _, exponent = text.lstrip("+-").partition("e")
    digits = Decimal(head)
    power = int(exponent or "0") + (digits.adjusted() if digits else SMALLEST - 1)
    if power < SMALLEST:
        return sign * 0.0
    return sign * (math.inf if power > LARGEST else nearest(Fraction(digits) * Fraction(10) ** int(exponent or "0")))


def nearest(exact: Fraction) -> float:
    """Return the float64 nearest to a fraction, infinite beyond the largest."""
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def read_csv(data: bytes, names: Sequence[str], delimiter: str, decimal: str, *, header: bool = True) -> Columns:
    """Read delimited text by the csv module, row by row."""
    csv.field_size_limit(1 << 30)
    text = data.decode().removeprefix("\ufeff")
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any_cell(row)]
    first = [cell.strip() for cell in rows[0]]
    at = [int(name[1:]) - 1 if name.startswith("@") else first.index(name) for name in names]
    swap = str.maketrans(",.", ".,") if decimal == "," else {}
    return [[number(row[index].translate(swap)) for row in rows[header:]] for index in at]


def any_cell(row: Sequence[str]) -> bool:
    return len(row) > 1 or any(map(str.strip, row))


def read_json(data: bytes, names: Sequence[str]) -> Columns:
    """Read a document: an array of records, or an object that is or holds columns."""
    document = json.loads(data)
    if isinstance(document, dict):
        arrays = {key: value for key, value in document.items() if isinstance(value, list)}
        nested = [value for value in arrays.values() if value and all(isinstance(one, dict) for one in value)]
        document = nested[0] if nested and names[0] not in arrays else arrays or [document]
    return _columns(document, names)


def read_jsonl(data: bytes, names: Sequence[str]) -> Columns:
    """Read one JSON value a line."""
    lines = data.decode("utf-8-sig").split("\n")
    return _columns([json.loads(line) for line in lines if line.strip()], names)


def _columns(document: Any, names: Sequence[str]) -> Columns:  # noqa: ANN401  JSON
    if isinstance(document, dict):
        keys = [name if name in document else list(document)[int(name[1:]) - 1] for name in names]
        return [list(map(_sample, document[key])) for key in keys]
    if isinstance(document[0], dict):
        known = list(dict.fromkeys(key for record in document for key in record))
        keys = [name if name in known else known[int(name[1:]) - 1] for name in names]
        return [[_sample(record.get(key)) for record in document] for key in keys]
    rows = [row if isinstance(row, list) else [row] for row in document]
    return [[_sample(row[int(name[1:]) - 1]) for row in rows] for name in names]


def _sample(value: Any) -> Sample:  # noqa: ANN401  JSON
    if isinstance(value, list):
        return [one for part in map(_sample, value) for one in (part if isinstance(part, list) else [part])]
    if isinstance(value, float):
        return value
    return math.nan if value is None else number(value) if isinstance(value, str) else nearest(Fraction(value))


def read_npz(data: bytes, names: Sequence[str]) -> Columns:
    """Read some members of an archive."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
    found = [name if name in members else members[int(name[1:]) - 1] for name in names]
    return [[row if len(row) > 1 else row[0] for row in _npy(archive.read(f"{name}.npy"))] for name in found]


def read_npy(data: bytes, names: Sequence[str]) -> Columns:
    """Read two columns of a matrix."""
    rows = _npy(data)
    return [[row[int(name[1:]) - 1] for row in rows] for name in names]


CODES = {"f8": "d", "f4": "f", "f2": "e", "b1": "?", "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I",
         "i8": "q", "u8": "Q"}  # fmt: skip


def _npy(data: bytes) -> list[list[float]]:
    """Unpack an array of one or two dimensions by hand. Raises KeyError or struct.error for what this cannot read."""
    wide = data[6] - 1
    (length,) = struct.unpack_from("<I" if wide else "<H", data, 8)
    start = (12 if wide else 10) + length
    head = ast.literal_eval(data[start - length : start].decode("latin-1").strip())
    shape, order, kind = head["shape"], head["descr"][0].replace("|", "<").replace("=", "<"), head["descr"][1:]
    count, width = shape[0], math.prod(shape[1:])
    if kind.startswith("U"):
        size, encoding = 4 * int(kind[1:]), {"<": "utf-32-le", ">": "utf-32-be"}[order]
        texts = [data[at : at + size].decode(encoding) for at in range(start, start + size * count * width, size)]
        flat = [number(text.rstrip("\0")) for text in texts]
    else:
        flat = list(struct.unpack_from(f"{order}{count * width}{CODES[kind]}", data, start))
    steps = (1, count) if head["fortran_order"] and len(shape) > 1 else (width, 1)
    return [[float(flat[row * steps[0] + column * steps[1]]) for column in range(width)] for row in range(count)]


def mean(losses: Sequence[float]) -> float:
    """Return the correctly rounded mean."""
    return nearest(sum(map(Fraction, losses), Fraction()) / len(losses))
