"""Values typed on the command line: ``--true 1,2,3 --pred 2,2,3``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from losscli.errors import DataError
from losscli.sources.cells import CellError, number, numbers
from losscli.sources.memory import MemoryTable, counted, kind_of, ragged
from losscli.sources.table import Chunk, Kind

OPTIONS = {"y_true": "--true", "y_pred": "--pred", "weight": "--weight"}
"""The columns, and the options that hold their values."""


class InlineTable(MemoryTable):
    """The values of ``--true``, ``--pred`` and ``--weight``, by which messages call them.

    ``texts`` is what was typed for each column.
    """

    def __init__(self, texts: Mapping[str, str], rows: tuple[bool | None, bool | None]) -> None:
        columns = {column: values_of(text, OPTIONS[column]) for column, text in texts.items()}
        true, pred = columns["y_true"], columns["y_pred"]
        if rows[1] and not isinstance(pred[0], list):
            columns["y_pred"] = pred = [pred]
        if (
            rows[0] is not False
            and isinstance(pred[0], list)
            and not isinstance(true[0], list)
            and len(true) != len(pred)
        ):
            columns["y_true"] = [true]
        self._rows = {column for column, values in columns.items() if isinstance(values[0], list)}
        super().__init__("command line", "row" if self._rows else "value", columns)
        first = len(columns["y_true"])
        for column, values in columns.items():
            if len(values) != first:
                raise DataError(
                    f"--true has {self._count('y_true')} and {OPTIONS[column]} has {self._count(column)}",
                    "give one value for each sample",
                )

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether all its values are numbers."""
        return {column: _kind(values) for column, values in self._values.items()}

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns. Raises DataError naming option and value for what is not a number."""
        try:
            yield from super().chunks(wanted)
        except DataError as error:
            columns = [self._values[column] for column, kind in wanted.items() if kind == "number"]
            raise DataError(error.message, _hint(columns) or error.hint) from None

    def where(self, line: int, column: str) -> str:
        """Name a place by the option that was typed: ``--pred, value 2``. ``place`` asks this first."""
        if not column:
            return f"{self.unit} {line}"
        return f"{OPTIONS[column]}, {'row' if column in self._rows else 'value'} {line}"

    def _count(self, column: str) -> str:
        return counted(len(self._values[column]), "row" if column in self._rows else "value")


def inline(
    true: str, pred: str, weight: str | None = None, *, rows: tuple[bool | None, bool | None] = (False, False)
) -> InlineTable:
    """Return the typed values as a table with the columns ``y_true``, ``y_pred`` and, if given, ``weight``.

    Values are separated by commas, rows by semicolons (one row alone ends with one: ``0,1,0;``); JSON arrays are taken
    too. An empty cell is a missing value. ``rows`` says for truth and prediction whether rows are wanted: a bare list
    is then one row, for there is nothing else it could be.

    Raises DataError for rows or options of unequal length, malformed JSON, and an option without values.

    >>> inline("1,2", "[1.5, 2]").columns
    ['y_true', 'y_pred']
    """
    texts = {"y_true": true, "y_pred": pred}
    return InlineTable(texts if weight is None else {**texts, "weight": weight}, rows)


def values_of(text: str, option: str) -> list[object]:
    """Return the values in the text of an option: cells, or rows of them; JSON values if it is a JSON array.

    >>> values_of("1, 2,", "--pred"), values_of("0,1;1,0", "--pred"), values_of("[1, null]", "--pred")
    (['1', '2', ''], [['0', '1'], ['1', '0']], [1, None])
    """
    bare = text.strip()
    values = _json(bare, option) if bare.startswith("[") else _cells(bare)
    if not values or values == [""]:
        raise DataError(f"{option} holds no values", f"write {option} 1,2,3")
    rows = [value for value in values if isinstance(value, list)]
    if len(rows) == len(values):
        odd = next((index for index, row in enumerate(rows) if len(row) != len(rows[0])), None)
        if odd is not None:
            raise ragged(f"{option}, row {odd + 1}", len(rows[odd]), "row 1", len(rows[0]))
    return values


def _cells(text: str) -> list[object]:
    if ";" not in text:
        return [cell.strip() for cell in text.split(",")]
    rows = text.removesuffix(";").split(";")
    return [[cell.strip() for cell in row.split(",")] for row in rows]


def _json(text: str, option: str) -> list[object]:
    from losscli.sources.json import parse  # noqa: PLC0415  only for JSON

    values: list[object] = parse(text, option)
    return values


def _flat(values: list[object]) -> list[object]:
    return list(chain.from_iterable(value if isinstance(value, list) else (value,) for value in values))


def _kind(values: list[object]) -> Kind:
    """Unlike in a file, a JSON string is a cell like any other: quotes on a command line mean little."""
    cells = [cell for cell in _flat(values) if isinstance(cell, str)]
    try:
        numbers(cells)
    except CellError:
        return "text"
    return "number" if cells else kind_of(values)


def _hint(columns: list[list[object]]) -> str:
    """Values that are all words look like the name of a column."""
    if any(all(isinstance(cell, str) and number(cell) is None for cell in _flat(values)) for values in columns):
        return "without FILES, --true and --pred hold values; to name columns of stdin, give - as the file"
    return ""
