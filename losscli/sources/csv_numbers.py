"""From cells to float64, quickly where a block is plain, and with a reason where a cell is no number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import repeat

import numpy as np

from losscli.arrays import Array
from losscli.sources.cells import numbers
from losscli.sources.csv_lines import Block

DECIMALS = (".", ",")

_SWAP = str.maketrans(",.", ".,")


def pointed(text: str, decimal: str) -> str:
    """Return text with its decimal mark as a point, and its points as commas.

    >>> pointed("0,5", ","), pointed("1.234", ",")
    ('0.5', '1,234')

    So with ``--decimal ,`` a grouped ``1.234`` is refused, and not read as a number between 1 and 2.
    """
    return text if decimal == "." else text.translate(_SWAP)


def read_plain(block: Block, delimiter: str, width: int, columns: Sequence[int], decimal: str) -> Array | None:
    """Return the number columns of a block, ``(len(columns), n)``, or None unless it is plain from end to end.

    Plain is what numpy.loadtxt reads by the rule of ``cells.number``: no quotes, no blank lines, ``width`` cells on
    each line, and in ``columns`` numbers, none of them missing.
    """
    if '"' in block.text:
        return None
    block = Block(pointed(block.text, decimal), block.first)
    lines = block.bare_lines()
    if width == 1 and not all(map(str.strip, lines)):  # loadtxt skips blank lines
        return None
    # nor does it see more cells than it is asked for; fewer it does, and then one count for all lines is enough
    if block.text.count(delimiter) != len(lines) * (width - 1):
        return None
    if width - 1 not in columns and set(map(str.count, lines, repeat(delimiter))) != {width - 1}:
        return None
    try:
        table = np.loadtxt(lines, delimiter=delimiter, usecols=columns, comments=None, ndmin=2)
    except ValueError:
        return None
    return table.T.copy() if len(table) == len(lines) else None


def read_text(block: Block, delimiter: str, column: int) -> list[str]:
    """Return a text column of a plain block."""
    return [line.split(delimiter, column + 1)[column] for line in block.bare_lines()]


def read_cells(cells: Sequence[str], decimal: str) -> Array:
    """Return cells as float64, NaN where a value is missing.

    Raises CellError for the first cell that is neither a number nor missing.
    """
    return numbers([pointed(cell, decimal) for cell in cells] if decimal == "," else cells)


_REASONS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        ".",
        re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"),
        "numbers with grouping commas are not read: remove them; if the comma is a decimal mark: --decimal ,",
    ),
    (".", re.compile(r"[+-]?\d*,\d+(?:e[+-]?\d+)?", re.IGNORECASE), "if the comma is a decimal mark: --decimal ,"),
    (".", re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d*"), "remove the grouping points, then: --decimal ,"),
    (
        ",",
        re.compile(r"[+-]?[\d.]*\.[\d.]*(?:,\d*)?(?:e[+-]?\d+)?", re.IGNORECASE),
        "with --decimal , a point is no part of a number: remove grouping points, or leave --decimal out",
    ),
    ("., ", re.compile(r"[+-]?[\d.,]+\s*%"), "percentages are not read: write 0.125 for 12.5%"),
    ("., ", re.compile(r"[+-]?\d+(?:[_' \u00a0\u202f]\d{3})+[.,]?\d*"), "remove what groups the digits"),
)
"""Decimal marks, what the cell looks like, and the way out."""


def why_no_number(cell: str, decimal: str, name: str) -> str:
    """Return the way out for a cell that is not a number.

    >>> why_no_number("1,5", ".", "preds.csv")
    'if the comma is a decimal mark: --decimal ,'
    """
    text = cell.strip()
    fitting = (hint for marks, looks, hint in _REASONS if decimal in marks and looks.fullmatch(text))
    default = f"name another column with --true, --pred or --weight: `losscli inspect {name}` shows them"
    return next(fitting, default)
