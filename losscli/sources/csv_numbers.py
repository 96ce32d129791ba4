"""From the cells of a table to float64, quickly where some lines are plain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np

from losscli.arrays import Array
from losscli.sources.cells import numbers
from losscli.sources.csv_frames import Shape
from losscli.sources.csv_lines import bare, endless

DECIMALS = (".", ",")

NEAR = 1 << 18
"""So many bytes, and what is found out about each of them, stay near the processor."""

_SWAP = str.maketrans(",.", ".,")
_QUOTE, _LF = b'"\n'


class Plain(NamedTuple):
    """The columns of some lines that a quick parser read, one row a line."""

    rows: int
    numbers: Sequence[Array]
    texts: Sequence[list[str]]


Parser = Callable[[bytes], Plain | None]
"""Reads complete lines if they are plain from end to end; if not, returns None, and they are read cell by cell.

Plain is what reads at once by the rule of ``cells.number``: ``width`` cells on each line, no blank lines, in the
columns of numbers nothing else but gaps, empty or ``NA``, and no quotes that mean anything (see ``unquoted``).
"""


def pointed(text: str, decimal: str) -> str:
    """Return text with its decimal mark as a point, and its points as commas.

    >>> pointed("0,5", ","), pointed("1.234", ",")
    ('0.5', '1,234')

    So with ``--decimal ,`` a grouped ``1.234`` is refused, and not read as a number between 1 and 2.
    """
    return text if decimal == "." else text.translate(_SWAP)


def read_plain(data: bytes, shape: Shape) -> Plain | None:
    """Read plain lines with numpy.loadtxt; see ``Parser``."""
    clean = cleaned(data, shape.delimiter)
    if clean is None:
        return None
    text, delimiter, width = clean.decode(), shape.delimiter, shape.width
    lines = bare(text)
    if width == 1 and not all(map(str.strip, lines)):  # loadtxt skips blank lines
        return None
    # nor does it see more cells than it is asked for; fewer it does, and then one count for all lines is enough
    last = width - 1 in shape.numbers
    if not (count(clean, delimiter) == len(lines) * (width - 1) if last else even(clean, delimiter, width)):
        return None
    last_text = max(shape.texts, default=-1)
    rows = [line.split(delimiter, last_text + 1) for line in lines] if shape.texts else []
    texts = [[row[column] for row in rows] for column in shape.texts]
    if not shape.numbers:
        return Plain(len(lines), [], texts)
    pointed_text = pointed(text, shape.decimal)
    table = _loaded(lines if pointed_text is text else bare(pointed_text), shape)
    if table is None and (filled := _filled(pointed_text, delimiter)) != pointed_text:
        table = _loaded(bare(filled), shape)
    return None if table is None or len(table) != len(lines) else Plain(len(lines), list(table.T.copy()), texts)


def _loaded(lines: list[str], shape: Shape) -> Array | None:
    try:
        return np.loadtxt(lines, delimiter=shape.delimiter, usecols=shape.numbers, comments=None, ndmin=2)
    except ValueError:
        return None


def _filled(text: str, delimiter: str) -> str:
    r"""Return text with ``nan`` in empty cells and for ``NA``, as far as a delimiter stands beside them.

    >>> _filled("1,\n,NA,,2\n", ",")
    '1,nan\nnan,nan,nan,2\n'
    """
    text = f"\n{text}" if text.endswith("\n") else f"\n{text}\n"
    for gap in ("", "NA"):
        for before, after in ((delimiter, delimiter), (delimiter, delimiter), (delimiter, "\n"), ("\n", delimiter)):
            text = text.replace(f"{before}{gap}{after}", f"{before}nan{after}")
    return text[1:]


def cleaned(data: bytes, delimiter: str) -> bytes | None:
    """Return lines as the quick parsers take them, in UTF-8, ended by LF and without quotes; None if they cannot be."""
    if b"\0" in data or endless(data):
        return None
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return None
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return unquoted(data, delimiter) if b'"' in data else data


def unquoted(data: bytes, delimiter: str) -> bytes | None:
    r"""Return lines without their quotes, or None where these mean something.

    They mean nothing around a whole cell without a delimiter, a line end or another quote in it.

    >>> unquoted(b'"a",1\n', ","), unquoted(b'"a,b",1\n', ","), unquoted(b'a"b",1\n', ",")
    (b'a,1\n', None, None)
    """
    if not delimiter.isascii():
        return None
    text = np.frombuffer(b"\n%b\n" % data, dtype=np.uint8)
    marks = np.flatnonzero((text == _QUOTE) | (text == ord(delimiter)) | (text == _LF))
    quotes = np.flatnonzero(text[marks] == _QUOTE)
    opening, closing = quotes[::2], quotes[1::2]
    simple = (
        len(opening) == len(closing)
        and bool((closing == opening + 1).all())
        and all(_beside(text, marks, *pair) for pair in ((opening, -1), (closing, 1)))
    )
    return data.replace(b'"', b"") if simple else None


def _beside(text: np.ndarray, marks: np.ndarray, quotes: np.ndarray, step: int) -> bool:
    """Tell whether the mark before (after) each of some quotes is the end of another cell, with nothing between."""
    near = marks[quotes + step]
    return bool((near == marks[quotes] + step).all() and (text[near] != _QUOTE).all())


def count(data: bytes, mark: str) -> int:
    """Count a character. For one byte numpy is six times quicker than ``bytes.count``."""
    if not mark.isascii():
        return data.count(mark.encode())
    text, code = np.frombuffer(data, dtype=np.uint8), ord(mark)
    parts = (text[start : start + NEAR] for start in range(0, len(text), NEAR))
    return sum(int(np.count_nonzero(part == code)) for part in parts)


def is_tidy(data: bytes, shape: Shape, rows: int) -> bool:
    r"""Tell whether so many rows, none of which lacks a cell, leave nothing over: no cell, no line, no other character.

    Numbers and words are made of characters from ``-`` on. So those below it, and the delimiters, are as many as the
    cells of ``rows`` if nothing has to be ``cleaned`` away, and none is blank or too long.

    >>> shape = Shape(",", 2, (0, 1), ())
    >>> is_tidy(b"1,-2.5\n3,4\n", shape, 2), is_tidy(b"1,2,3\n", shape, 1), is_tidy(b'"1",2\n', shape, 1)
    (True, False, False)
    """
    text, mark = np.frombuffer(data, dtype=np.int8), ord(shape.delimiter)  # above 127 is below 0
    found = 0
    for start in range(0, len(text), NEAR):
        part = text[start : start + NEAR]
        found += int(np.count_nonzero(part < ord("-")))
        if mark > ord("-"):
            found += int(np.count_nonzero(part == mark))
    return found + (not data.endswith(b"\n")) == rows * shape.width and not endless(data)


def even(data: bytes, delimiter: str, width: int) -> bool:
    """Tell whether every line has ``width`` cells."""
    if not delimiter.isascii():
        lines = data.removesuffix(b"\n").split(b"\n")
        return set(map(bytes.count, lines, repeat(delimiter.encode()))) == {width - 1}
    text = np.frombuffer(data if data.endswith(b"\n") else data + b"\n", dtype=np.uint8)
    marks = text[(text == ord(delimiter)) | (text == _LF)]
    return len(marks) % width == 0 and bool(
        ((marks.reshape(-1, width) == _LF) == (np.arange(width) == width - 1)).all()
    )


def read_cells(cells: Sequence[str], decimal: str) -> Array:
    """Return cells as float64, NaN where a value is missing.

    Raises CellError for the first cell that is neither a number nor missing.
    """
    return numbers([pointed(cell, decimal) for cell in cells] if decimal == "," else cells)
