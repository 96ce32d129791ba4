"""CSV and TSV files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, get_args

from losscli.errors import DataError, UsageError, did_you_mean
from losscli.sources.cells import CellError, number, why_no_number
from losscli.sources.csv_ahead import read_ahead
from losscli.sources.csv_frames import Shape
from losscli.sources.csv_lines import MARK, Block, Pieces
from losscli.sources.csv_numbers import DECIMALS, Plain, pointed, read_cells
from losscli.sources.csv_rows import COMMENT, Gaps, Rows, read_rows, rectangular, without_comments
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

    def __init__(
        self,
        source: Input,
        *,
        delimiter: str | None = None,
        header: bool = True,
        decimal: str = ".",
        jobs: int = 0,
    ) -> None:
        self.name = source.name
        self._source = source
        self._jobs = jobs
        self._decimal = decimal
        self._header = header
        candidates = _candidates(delimiter, decimal)
        with source.open() as stream:
            head = Block(next(Pieces(stream), b""), name=self.name)
        self._delimiter = _delimiter(delimiter) or SUFFIX.get(source.format) or sniff(head, candidates)
        sniffed = not delimiter and source.format not in SUFFIX
        self.notes: Sequence[str] = [f"delimiter {self._delimiter!r} (sniffed)"] if sniffed else []
        rows, ends = head_rows(head, self._delimiter, LOOKED_AT + header)
        if not rows:
            list(read_rows(head, iter(()), self._delimiter, self.name))  # names what is malformed
            raise DataError(f"{self.name} is empty", "is it still being written?")
        if header and len(rows) > 1 and len(rows[0]) != len(rows[1]) and rows[0][0].lstrip().startswith(COMMENT):
            raise DataError(
                f"{self.name}, line {ends[0]}: a comment where the header is expected", without_comments(self.name)
            )
        self._head = rows[header:]
        self._skip = ends[0] if header else 0
        skipped = "".join(islice(head.lines(), self._skip))
        self._skip_bytes = len(skipped.encode()) + (len(MARK.encode()) if head.data.startswith(MARK.encode()) else 0)
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
        with self._source.open() as stream, closing(self._blocks(stream, wanted, indices)) as blocks:
            for block, plain in blocks:
                if plain is not None:
                    yield from (self._chunk(rows, wanted, indices) for rows in gaps.waiting())
                    yield self._plain_chunk(block, plain, wanted)
                    continue
                more = (later for later, _ in blocks)
                yield from (self._chunk(rows, wanted, indices) for rows in self._rows(block, more, gaps) if rows[0])

    def _blocks(
        self, stream: BinaryIO, wanted: Mapping[str, Kind], indices: Mapping[str, int]
    ) -> Generator[tuple[Block, Plain | None], None, None]:
        """Yield the blocks after the header, and what they hold if they are plain from end to end."""
        first, offset = self._skip + 1, len(stream.read(self._skip_bytes))
        numbers, texts = (tuple(indices[key] for key in wanted if wanted[key] == kind) for kind in get_args(Kind))
        shape = Shape(self._delimiter, len(self.columns), numbers, texts, self._decimal)
        path = self._source.path
        size = os.path.getsize(path) if path else None  # noqa: PTH202  pathlib costs start-up
        with closing(read_ahead(Pieces(stream), shape, size, self._jobs)) as ahead:
            for data, plain in ahead:
                block = Block(data, first, offset, self.name)
                for part in block.parts() if plain is None else [block]:
                    yield part, plain
                    first += part.line_count() if plain is None else plain.rows
                offset += len(data)

    def _plain_chunk(self, block: Block, plain: Plain, wanted: Mapping[str, Kind]) -> Chunk:
        columns: dict[Kind, Iterator[Column]] = {"number": iter(plain.numbers), "text": iter(plain.texts)}
        read = {key: next(columns[kind]) for key, kind in wanted.items()}
        return Chunk(read, range(block.first, block.first + plain.rows))

    def _rows(self, block: Block, more: Iterator[Block], gaps: Gaps) -> Iterator[Rows]:
        """Yield the rows of a block, all of one width.

        Blank lines are nothing in a table with columns, missing values in a single one.
        """
        against = "the header" if self._header else "the first row"
        for found in read_rows(block, more, self._delimiter, self.name):
            for rows in gaps.fill(found) if len(self.columns) == 1 else [found]:
                yield from rectangular(rows, len(self.columns), self._delimiter, self.name, against)

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
        positions = self._positions.get(key, [])
        if not positions:
            raise DataError(
                f"{self.name}: no column {key!r}", did_you_mean(key, list(self.columns)) or listing(self.columns)
            )
        if len(positions) > 1:
            raise DataError(
                f"{self.name}: several columns are called {key!r}",
                f"name one by position: {' or '.join(f'@{index + 1}' for index in positions)}",
            )
        return positions[0]

    @cached_property
    def _positions(self) -> Mapping[str, list[int]]:
        """The 0-based positions of each name: there may be thousands of names."""
        found: dict[str, list[int]] = {}
        for index, name in enumerate(self.columns):
            found.setdefault(name, []).append(index)
        return found


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
