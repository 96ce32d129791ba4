"""A table that also has, where they are asked for, the keys of the folders in which its file stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from losscli.errors import DataError
from losscli.sources.cells import number, why_no_number
from losscli.sources.table import Chunk, Column, Kind, Table, place


class Columns(list[str]):
    """The columns of a file, and names that are in it without being listed.

    So a key can be asked for by its name, and is never taken for the true or the predicted values because of it.

    >>> columns = Columns(["y_true", "y_pred"], {"label"})
    >>> "label" in columns, list(columns)
    (True, ['y_true', 'y_pred'])
    """

    def __init__(self, columns: Sequence[str], keys: set[str]) -> None:
        super().__init__(columns)
        self._keys = keys

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._keys


class KeyedTable:
    """A table and the keys of its folders (``region=north``); a column of the same name goes before a key."""

    def __init__(self, table: Table, keys: Mapping[str, str]) -> None:
        self._table = table
        self._keys = {key: value for key, value in keys.items() if key not in table.columns}
        self.name = table.name
        self.unit = table.unit
        self.columns: Sequence[str] = Columns(table.columns, set(self._keys))
        known = ", ".join(f"{key}={value}" for key, value in self._keys.items())
        self.notes: Sequence[str] = [*table.notes, f"its folders say {known}, for --by and --keep"]

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether it holds numbers; a key does if its value here is one."""
        keys: dict[str, Kind] = {
            key: "text" if number(value) is None else "number" for key, value in self._keys.items()
        }
        return {**self._table.kinds(), **keys}

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns. Raises DataError for a key that is no number where numbers are wanted."""
        columns = {name: kind for name, kind in wanted.items() if name not in self._keys}
        keys = [name for name in wanted if name in self._keys]
        for chunk in self._table.chunks(columns):
            own = {name: self._repeated(name, wanted[name], chunk) for name in keys}
            yield Chunk({**chunk.columns, **own}, chunk.lines)

    def _repeated(self, key: str, kind: Kind, chunk: Chunk) -> Column:
        text = self._keys[key]
        if kind == "text":
            return [text] * len(chunk)
        if (value := number(text)) is None:
            where = place(self, chunk.lines[0] if chunk.lines else 1, key)
            raise DataError(f"{where}: {text!r} is not a number", why_no_number(text))
        return np.full(len(chunk), value)
