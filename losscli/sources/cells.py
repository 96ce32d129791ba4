"""What a cell of text means as a number: one rule for CSV, JSON strings and inline values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import nan

import numpy as np

from losscli.arrays import Array
from losscli.sources.table import MISSING

NUMBER = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)", re.ASCII | re.IGNORECASE)
"""A number, once blanks around it are stripped: what ``float`` takes, but neither ``1_000`` nor digits beyond ASCII."""


class CellError(ValueError):
    """The cell at ``index`` is neither a number nor missing."""

    def __init__(self, index: int, cell: str) -> None:
        super().__init__(f"cell {index}: {cell!r} is not a number")
        self.index = index
        self.cell = cell


def number(cell: str) -> float | None:
    """Return the number that a cell holds, NaN if it stands for a missing value, or None if it is neither.

    >>> number(" 1.5e3 "), number("NA"), number("1,000"), number("1_000"), number("0x10")
    (1500.0, nan, None, None, None)
    """
    text = cell.strip()
    if NUMBER.fullmatch(text):
        return float(text)
    return nan if text.lower() in MISSING else None


def numbers(cells: Sequence[str]) -> Array:
    """Return ``number`` of every cell as float64, NaN where a value is missing.

    Raises CellError for the first cell that is neither a number nor missing.

    >>> numbers(["1", "", "-inf"])
    array([  1.,  nan, -inf])
    """
    text = "".join(cells)
    if text.isascii() and "_" not in text:  # then float() takes just what NUMBER does, and is three times quicker
        try:
            return np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
        except ValueError:
            pass
    return np.fromiter(map(_checked, range(len(cells)), cells), dtype=np.float64, count=len(cells))


def _checked(index: int, cell: str) -> float:
    value = number(cell)
    if value is None:
        raise CellError(index, cell)
    return value


_REASONS: tuple[tuple[str, str, str], ...] = (
    (
        ".",
        r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?",
        "numbers with grouping commas are not read: remove them; if the comma is a decimal mark: --decimal ,",
    ),
    (".", r"(?i)[+-]?\d*,\d+(?:e[+-]?\d+)?", "if the comma is a decimal mark: --decimal ,"),
    (".", r"[+-]?\d{1,3}(?:\.\d{3})+,\d*", "remove the grouping points, then: --decimal ,"),
    (
        ",",
        r"(?i)[+-]?[\d.]*\.[\d.]*(?:,\d*)?(?:e[+-]?\d+)?",
        "with --decimal , a point is no part of a number: remove grouping points, or leave --decimal out",
    ),
    ("., ", r"[+-]?[\d.,]+\s*%", "percentages are not read: write 0.125 for 12.5%"),
    ("., ", r"[+-]?\d+(?:[_' \u00a0\u202f]\d{3})+[.,]?\d*", "remove what groups the digits"),
    ("., ", r"(?i)[+-]?0x[\da-f]+", "hexadecimal is not read: write decimal digits"),
    ("., ", r"[+-]?[\d.,]*[^\W\D0-9][\d.,]*", "of all digits only 0 to 9 are read"),
    ("., ", r"(?i)true|false|yes|no", "truth values are numbers only in JSON and binary files: write 1 and 0"),
    ("., ", r"#.*", "comment lines are not read: remove them"),
)
"""Decimal marks, what the cell looks like (compiled when needed: start-up counts), and the way out."""


def why_no_number(cell: str, decimal: str = ".") -> str:
    """Return the way out for a cell that is not a number.

    >>> why_no_number("1,5")
    'if the comma is a decimal mark: --decimal ,'
    """
    text = cell.strip()
    fitting = (hint for marks, looks, hint in _REASONS if decimal in marks and re.fullmatch(looks, text))
    return next(fitting, "name another column with --true, --pred or --weight")
