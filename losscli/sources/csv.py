"""CSV and TSV files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from losscli.errors import DataError, UsageError, did_you_mean
from losscli.sources.cells import CellError, number, why_no_number
from losscli.sources.csv_lines import Block, blocks
from losscli.sources.csv_numbers import DECIMALS, pointed, read_cells, read_plain, read_text
from losscli.sources.csv_rows import Gaps, Rows, read_rows, rectangular
from losscli.sources.csv_sniff import CANDIDATES, LOOKED_AT, head_rows, sniff
from losscli.sources.roles import listing
from losscli.sources.table import MISSING, Chunk, Column, Kind, place

if TYPE_CHECKING:
    from losscli.sources.inputs import Input

NAMED = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
"""Delimiters that are easier to name than to type."""

SUFFIX = {"tsv": "\t"}
"""Format -> delimiter, where the format says it."""


class CsvTable:
    """A table of delimited text: a ``Table`` by RFC 4180, in UTF-8.

    ``delimiter`` is sniffed from ``, TAB ; |`` if neither it nor the format tells. Without ``header`` the columns are
    called ``@1``, ``@2`` …; any column can be asked for by such a position.
    """

    unit = "line"

    def __init__(self, source: Input, *, delimiter: str | None = None, header: bool = True, decimal: str = ".") -> None:
        self.name = source.name
        self._source = source
        self._decimal = decimal
        self._header = header
        candidates = _candidates(delimiter, decimal)
        with source.open() as stream:
            head = next(blocks(stream, self.name), Block("", 1))
        self._delimiter = _delimiter(delimiter) or SUFFIX.get(source.format) or sniff(head, candidates)
        sniffed = not delimiter and source.format not in SUFFIX
        self.notes: Sequence[str] = [f"delimiter {self._delimiter!r} (sniffed)"] if sniffed else []
        rows, ends = head_rows(head, self._delimiter, LOOKED_AT + header)
        if not rows:
            list(read_rows(head, iter(()), self._delimiter, self.name))  # names what is malformed
            raise DataError(f"{self.name} is empty", "is it still being written?")
        self._head = rows[header:]
        self._skip = ends[0] if header else 0
        self.columns: Sequence[str] = self._names(rows[0])

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether the values in the first rows are numbers; a repeated name by position too."""
        count = Counter(self.columns)
        found: dict[str, Kind] = {}
        for index, name in enumerate(self.columns):
            kind = self._kind([row[index] for row in self._head if index < len(row)])
            found.setdefault(name, kind)
            if count[name] > 1:
                found[f"@{index + 1}"] = kind
        return found

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns from the first row to the last; may be called again for another pass.

        A key of ``wanted`` is a name, or a position such as ``@2``.

        Raises:
            DataError: a malformed line, or a cell that is neither a number nor missing where numbers are wanted.
        """
        indices = {key: self._index(key) for key in wanted}
        gaps = Gaps()
        with self._source.open() as stream:
            body = self._body(blocks(stream, self.name))
            for block in body:
                if (chunk := self._plain_chunk(block, wanted, indices)) is not None:
                    yield from (self._chunk(rows, wanted, indices) for rows in gaps.waiting())
                    yield chunk
                    continue
                for found in read_rows(block, body, self._delimiter, self.name):
                    yield from (self._chunk(rows, wanted, indices) for rows in self._regular(found, gaps) if rows[0])

    def _body(self, every: Iterator[Block]) -> Iterator[Block]:
        """Yield the blocks without the header's lines."""
        for block in every:
            rest = block.after(self._skip) if block.first == 1 and self._skip else block
            if rest.text:
                yield rest

    def _plain_chunk(self, block: Block, wanted: Mapping[str, Kind], indices: Mapping[str, int]) -> Chunk | None:
        """Return a block in which every number is plain, or None if it has to be read cell by cell."""
        keys = [key for key, kind in wanted.items() if kind == "number"]
        columns = [indices[key] for key in keys]
        if not keys or (found := read_plain(block, self._delimiter, len(self.columns), columns, self._decimal)) is None:
            return None
        read: dict[str, Column] = dict(zip(keys, found, strict=True))
        read |= {key: read_text(block, self._delimiter, indices[key]) for key in wanted if key not in read}
        return Chunk(read, range(block.first, block.first + found.shape[1]))

    def _regular(self, found: Rows, gaps: Gaps) -> Iterator[Rows]:
        """Yield rows of one width: blank lines are nothing in a table with columns, missing values in a single one."""
        against = "the header" if self._header else "the first row"
        if len(self.columns) == 1:
            for rows in gaps.fill(found):
                yield from rectangular(rows, 1, self._delimiter, self.name, against)
        else:
            yield from rectangular(found, len(self.columns), self._delimiter, self.name, against)

    def _chunk(self, found: Rows, wanted: Mapping[str, Kind], indices: Mapping[str, int]) -> Chunk:
        rows, lines = found
        columns: dict[str, Column] = {}
        wrong: list[tuple[int, str, str]] = []
        for key, kind in wanted.items():
            cells = [row[indices[key]] for row in rows]
            try:
                columns[key] = cells if kind == "text" else read_cells(cells, self._decimal)
            except CellError as error:
                wrong.append((error.index, key, cells[error.index]))
        if wrong:
            raise self._no_number(*min(wrong, key=lambda one: one[0]), lines)
        return Chunk(columns, lines)

    def _no_number(self, index: int, column: str, cell: str, lines: Sequence[int]) -> DataError:
        shown = repr(cell if len(cell) <= 40 else f"{cell[:40]}…")  # noqa: PLR2004  enough to find it by
        where = place(self, lines[index], column)
        return DataError(f"{where}: {shown} is not a number", why_no_number(cell, self._decimal))

    def _names(self, first: list[str]) -> list[str]:
        """Name the columns: by the first row, stripped; by position where it has no name, or is no header."""
        if not self._header:
            return [f"@{position}" for position in range(1, len(first) + 1)]
        if self._kind(first) == "number" and all(map(str.strip, first)):
            raise DataError(
                f"{self.name}, line 1: the header is made of numbers only: {', '.join(first[:5])}",
                "if it is the first row of data: --no-header; if these are names, give them a letter",
            )
        return [cell.strip() or f"@{position}" for position, cell in enumerate(first, 1)]

    def _kind(self, cells: Sequence[str]) -> Kind:
        """Return ``number`` if every cell is a number or missing, and one at least is there."""
        text = [pointed(cell, self._decimal) for cell in cells]
        there = any(cell.strip().lower() not in MISSING for cell in text)
        return "number" if there and all(number(cell) is not None for cell in text) else "text"

    def _index(self, key: str) -> int:
        """Return the 0-based position of a column asked for by name or by position.

        Raises DataError if there is no such column, or several.
        """
        if key.startswith("@") and key[1:].isdecimal() and 1 <= int(key[1:]) <= len(self.columns):
            return int(key[1:]) - 1
        positions = [f"@{position}" for position, name in enumerate(self.columns, 1) if name == key]
        if not positions:
            raise DataError(
                f"{self.name}: no column {key!r}", did_you_mean(key, list(self.columns)) or listing(self.columns)
            )
        if len(positions) > 1:
            raise DataError(
                f"{self.name}: several columns are called {key!r}", f"name one by position: {' or '.join(positions)}"
            )
        return self.columns.index(key)


def _delimiter(given: str | None) -> str | None:
    """Return the delimiter that the user named. Raises UsageError if it cannot be one."""
    if given is None:
        return None
    one = NAMED.get(given.lower(), given)
    if len(one) != 1 or one.isalnum() or one in '"\r\n+-._':
        raise UsageError(f"--delimiter: expected one character, received {given!r}", r"such as -d ';' or -d '\t'")
    return one


def _candidates(delimiter: str | None, decimal: str) -> str:
    """Return the delimiters to choose from: not the decimal mark. Raises UsageError if the two are the same."""
    if decimal not in DECIMALS:
        raise UsageError(f"--decimal: expected . or , and received {decimal!r}", "--decimal ,")
    if _delimiter(delimiter) == decimal:
        raise UsageError("--delimiter and --decimal are both ','", "the comma can be one of the two")
    return CANDIDATES.replace(decimal, "")
