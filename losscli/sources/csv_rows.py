"""From lines to rows of cells by RFC 4180: quotes, cells over several lines, blank lines, ragged rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from losscli.errors import DataError
from losscli.sources.csv_lines import LONGEST, Block
from losscli.sources.streams import quoted

if TYPE_CHECKING:
    from _csv import Reader

Rows = tuple[list[list[str]], Sequence[int]]
"""Rows of cells, and the line on which each begins."""

SOME = 1 << 16

COMMENT = "#"
"""How a line begins that many programs skip."""


def reader(lines: Iterable[str], delimiter: str, *, strict: bool = True) -> Reader:
    """Return a csv.reader that takes cells longer than 128 KiB, its own limit; lines have theirs."""
    csv.field_size_limit(2 * LONGEST)
    return csv.reader(lines, delimiter=delimiter, strict=strict)


class _Feed:
    """The lines of a block for csv.reader, going on into the next block while a quoted cell is open."""

    def __init__(self, block: Block, more: Iterator[Block]) -> None:
        self._more = more
        self.record: list[str] = []
        self._take(block)

    def _take(self, block: Block) -> None:
        self._lines = list(block.lines())
        self._at = 0
        self.first = block.first

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._at == len(self._lines):
            self._take(next(self._more))
        line = self._lines[self._at]
        self._at += 1
        self.record.append(line)
        return line

    def begin(self) -> int | None:
        """Begin a record: return its line, or None at the end of the block."""
        self.record.clear()
        return self.first + self._at if self._at < len(self._lines) else None


def read_rows(block: Block, more: Iterator[Block], delimiter: str, name: str) -> Iterator[Rows]:
    """Yield the rows of a block, and of ``more`` blocks as far as a quoted cell reaches into them.

    Raises DataError naming the line for a quote that is not closed or stands where none may.
    """
    if '"' in block.text:
        yield from _quoted_rows(block, more, delimiter, name)
    else:
        rows = list(reader(block.bare_lines(), delimiter))
        yield rows, range(block.first, block.first + len(rows))


def _quoted_rows(block: Block, more: Iterator[Block], delimiter: str, name: str) -> Iterator[Rows]:
    """Yield the rows up to the end of a block that does not cut a record in two."""
    feed = _Feed(block, more)
    records = reader(feed, delimiter)
    rows: list[list[str]] = []
    starts: list[int] = []
    part = feed.first
    while (line := feed.begin()) is not None:
        try:
            rows.append(next(records))
        except csv.Error as error:
            yield rows, consecutive(starts)
            raise _malformed(feed.record, line, name) from error
        starts.append(line)
        if feed.first != part:
            yield rows, consecutive(starts)
            rows, starts, part = [], [], feed.first
    yield rows, consecutive(starts)


def consecutive(numbers: list[int]) -> Sequence[int]:
    """Return increasing numbers as a range if none is left out between them."""
    if numbers and numbers[-1] - numbers[0] == len(numbers) - 1:
        return range(numbers[0], numbers[-1] + 1)
    return numbers


def _malformed(record: list[str], line: int, name: str) -> DataError:
    """Tell a quote that is never closed from one that is neither doubled nor at an end of its cell."""
    opened, is_open = line, False
    for number, text in enumerate(record, line):
        if quotes := text.replace('""', "").count('"'):
            is_open ^= bool(quotes % 2)
            opened = number if is_open else opened
    if is_open:
        return DataError(f'{name}, line {opened}: a quote (") opens here and is not closed', "close it, or double it")
    return DataError(
        f'{name}, line {line}: a quote (") inside a quoted cell is not doubled', 'write "" for a quote in quotes'
    )


def rectangular(found: Rows, width: int, delimiter: str, name: str, against: str) -> Iterator[Rows]:
    """Yield the rows without blank lines, all of them ``width`` cells wide.

    The rows before one that has more cells or fewer are still yielded, so that the first fault is the one that is
    told. Then raises DataError; ``against`` is what has ``width``.
    """
    rows, lines = found
    if set(map(len, rows)) <= {width}:
        yield found
        return
    kept: list[list[str]] = []
    at: list[int] = []
    for row, line in zip(rows, lines, strict=True):
        if len(row) == width:
            kept.append(row)
            at.append(line)
        elif not is_blank(row):
            yield kept, consecutive(at)
            cells = f"{len(row)} cell{'s' if len(row) > 1 else ''}"
            fault = f"{name}, line {line}: {cells} where {against} has {width}"
            raise DataError(fault, _why_ragged(row, width, delimiter, name))
    yield kept, consecutive(at)


def is_blank(row: list[str]) -> bool:
    """Tell whether a row is a line without cells, or with nothing but blanks. A quoted empty cell is a cell."""
    return not row or (len(row) == 1 and row[0].isspace())


def without_comments(name: str) -> str:
    """Return the way out for comment lines."""
    return f"comment lines are not read: grep -v '^#' {quoted(name)} | losscli … --from csv -"


def _why_ragged(row: list[str], width: int, delimiter: str, name: str) -> str:
    if row[0].lstrip().startswith(COMMENT):
        return without_comments(name)
    if len(row) < width:
        return "the line is cut short, or the delimiter is another one: name it with --delimiter"
    if delimiter == ",":
        return "a comma in a number or a text: quote that cell, or write the table with another delimiter"
    return f"a {delimiter!r} in a text: quote that cell, or name the right delimiter with --delimiter"


class Gaps:
    """Blank lines of a table with one column: missing values between rows, nothing at the end of the file.

    They wait until a row follows them. Leaving one out would shift the rows against those of another file.
    """

    def __init__(self) -> None:
        self._waiting = range(0)

    def waiting(self) -> Iterator[Rows]:
        """Yield the blank lines met since the last row, as rows with an empty cell, some thousands at a time."""
        lines, self._waiting = self._waiting, range(0)
        for start in range(0, len(lines), SOME):
            part = lines[start : start + SOME]
            yield [[""] for _ in part], part

    def fill(self, found: Rows) -> Iterator[Rows]:
        """Yield the rows with blank lines as empty cells, but keep those at the end waiting."""
        rows, lines = found
        end = len(rows)
        while end and is_blank(rows[end - 1]):
            end -= 1
        if end:
            yield from self.waiting()
            yield [[""] if is_blank(row) else row for row in rows[:end]], lines[:end]
        if end < len(rows):
            start = self._waiting.start if self._waiting else lines[end]
            self._waiting = range(start, lines[-1] + 1)
