"""From the cells of a table to float64, quickly where a block is plain."""

from __future__ import annotations

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
