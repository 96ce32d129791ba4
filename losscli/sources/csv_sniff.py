"""Which delimiter a table has, by what its first lines look like."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import islice

from losscli.sources.cells import number
from losscli.sources.csv_lines import Block
from losscli.sources.csv_rows import is_blank, reader

CANDIDATES = ",\t;|"
LOOKED_AT = 100
"""How many lines or rows at the head of a file are looked at."""


def sniff(head: Block, candidates: str = CANDIDATES) -> str:
    r"""Return the delimiter that divides the first lines most evenly, and into cells that are numbers rather than not.

    One that divides fewer than half of the rows as it divides the first is none. Without any, the table has a single
    column, and the first candidate is as good as another.

    >>> sniff(Block(b"a;b\n1,5;2\n3;4\n")), sniff(Block(b"score\n0.5\n"))
    (';', ',')
    """
    return max(candidates, key=lambda one: _fitness(_rows(head, one)))


def head_rows(head: Block, delimiter: str, count: int = LOOKED_AT) -> tuple[list[list[str]], list[int]]:
    """Return the first rows that are not blank, and how many lines were read with each of them.

    What is malformed ends them without an error: reading on from the beginning will meet and name it.
    """
    records = reader(head.lines(), delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in records:
            if not is_blank(row):
                rows.append(row)
                ends.append(records.line_num)
            if len(rows) == count:
                break
    except csv.Error:
        pass
    return rows, ends


def _rows(head: Block, delimiter: str) -> list[list[str]]:
    """Return the rows of the first lines; the last is left out if a quoted cell may be cut in it."""
    lines = list(islice(head.lines(), LOOKED_AT))
    rows = [row for row in reader(lines, delimiter, strict=False) if not is_blank(row)]
    return rows[:-1] if len(lines) == LOOKED_AT else rows


def _fitness(rows: list[list[str]]) -> tuple[bool, float, float]:
    """Rank a delimiter: whether it divides, how evenly, and how many of the cells it makes are numbers."""
    if not rows or len(rows[0]) == 1:
        return False, 0.0, 0.0
    even = _share([len(row) == len(rows[0]) for row in rows])
    cells = [cell for row in rows[1:] or rows for cell in row]
    return even > 0.5, even, _share([_numeric(cell) for cell in cells])  # noqa: PLR2004  half of the rows


def _numeric(cell: str) -> bool:
    """Tell whether a cell is a number or missing, with a decimal point or a decimal comma."""
    return number(cell) is not None or number(cell.replace(",", ".")) is not None


def _share(facts: Sequence[bool]) -> float:
    return sum(facts) / len(facts) if facts else 0.0
