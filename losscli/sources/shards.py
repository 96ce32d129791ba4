"""Several files as one data set, opened one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from losscli.errors import DataError
from losscli.sources import READERS
from losscli.sources.options import DataOptions
from losscli.sources.pairing import Part
from losscli.sources.roles import listing
from losscli.sources.table import Kind, Table

if TYPE_CHECKING:
    from losscli.sources.inputs import Input


class Shards:
    """Files that hold the same columns, read in the order given; those of a folder or glob in natural order.

    The first is opened at once, to see the columns; the others when their turn comes, so that thousands of shards
    need one file handle.
    """

    def __init__(self, paths: Sequence[str], options: DataOptions) -> None:
        from losscli.sources.paths import expanded  # noqa: PLC0415  not needed for inline values

        self._options = options
        self._paths = expanded(paths, any_suffix=options.format is not None)
        self._streams: dict[str, tuple[Input, Table]] = {}
        if options.meter:
            options.meter.expect(self._paths)
        if self._paths.count("-") > 1:
            raise DataError("stdin (-) can be read only once", "name it once")
        self.first = self._open(self._paths[0])

    @property
    def notes(self) -> Sequence[str]:
        """What the first file's reader found worth saying."""
        return [f"{self.first.name}: {note}" for note in self.first.notes]

    @property
    def sizes(self) -> Sequence[int | None]:
        """How many bytes each file has on disk; None for a stream, and for one that is far away."""
        return [os.path.getsize(path) if os.path.isfile(path) else None for path in self._paths]  # noqa: PTH113, PTH202  pathlib costs start-up

    def parts(self, wanted: Mapping[str, Kind]) -> Iterator[Part]:
        """Yield the chunks of all files with the table that each comes from. May be called again."""
        for path in self._paths:
            table = self.first if path == self._paths[0] else self._open(path)
            if lost := next((name for name in wanted if not _has(table, name)), None):
                raise DataError(
                    f"{table.name}: no column {lost!r}, which {self.first.name} has", listing(table.columns)
                )
            for chunk in table.chunks(wanted):
                yield table, chunk

    def forget(self) -> None:
        """Tell that no second pass will be made, so that stdin and pipes need not be recorded."""
        for source, _ in self._streams.values():
            source.forget()

    def _open(self, path: str) -> Table:
        """Open a file; a stream, which may not be there twice, is kept."""
        from losscli.sources.inputs import open_input  # noqa: PLC0415  with the next line: not for inline values
        from losscli.sources.paths import keys_of  # noqa: PLC0415

        if path in self._streams:
            return self._streams[path][1]
        source = open_input(path, self._options.format, self._options.meter)
        table = READERS[source.format](source, self._options)
        if keys := keys_of(path):
            from losscli.sources.keyed import KeyedTable  # noqa: PLC0415  only for such folders

            table = KeyedTable(table, keys)
        if source.path is None:
            self._streams[path] = (source, table)
        return table


class Single:
    """One table that is open already, such as values typed on the command line."""

    def __init__(self, table: Table) -> None:
        self.first = table

    @property
    def notes(self) -> Sequence[str]:
        """What the table's reader found worth saying."""
        return self.first.notes

    @property
    def sizes(self) -> Sequence[int | None]:
        """Not in bytes: nothing is read."""
        return [None]

    def parts(self, wanted: Mapping[str, Kind]) -> Iterator[Part]:
        """Yield the chunks of the table."""
        return ((self.first, chunk) for chunk in self.first.chunks(wanted))

    def forget(self) -> None:
        """Do nothing: what is in memory can be read again."""


def _has(table: Table, name: str) -> bool:
    return name in table.columns or (
        name.startswith("@") and name[1:].isdecimal() and 1 <= int(name[1:]) <= len(table.columns)
    )
