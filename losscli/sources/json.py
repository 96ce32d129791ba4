"""JSON documents and JSON Lines."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from losscli.errors import DataError
from losscli.sources.memory import MemoryTable, kind_of, named, ragged, readers
from losscli.sources.table import Chunk, Kind, place

if TYPE_CHECKING:
    from losscli.sources.inputs import Input

HEAD, BLOCK = 1 << 18, 1 << 20
"""Bytes of whole lines read to see the columns, and read at a time."""

ICONV = "convert it: iconv -f latin1 -t utf-8"
EXPECTED = "an array of records, an object of arrays, or arrays of numbers"


class JsonTable(MemoryTable):
    """A whole JSON document: an object of arrays, an array of records, or one that holds such an array.

    Bare arrays of numbers, or of rows of numbers, have the columns ``@1``, ``@2`` …
    """

    def __init__(self, source: Input) -> None:
        with source.open() as file:
            data = file.read()
        if not data.strip():
            raise DataError(f"{source.name} is empty", f"expected {EXPECTED}")
        a_value_a_line = b"}\n{" in data or b"}\r\n{" in data
        document = parse(data, source.name, hint="for one JSON value a line: --from jsonl" if a_value_a_line else "")
        columns, notes = _DOCUMENTS.get(type(document), _scalar)(document, source.name)
        super().__init__(source.name, "record", columns, notes)


class JsonlTable:
    """JSON Lines: on each line an object, an array or a number, all alike. Read in blocks, so memory does not grow.

    The columns are the keys that the head of the file shows; a record without a key has no value there.
    """

    unit = "line"

    def __init__(self, source: Input) -> None:
        self.name = source.name
        self.notes: Sequence[str] = ()
        self._source = source
        with source.open() as file:
            values, lines = next(self._blocks(file, HEAD), ([], []))
        if not values:
            raise DataError(f"{self.name} is empty", "expected one JSON value a line")
        self._layout = Layout(self.name, self.unit, values, lines)
        self.columns: Sequence[str] = self._layout.columns
        self._kinds = {name: kind_of(values) for name, values in self._layout.split(values, lines).items()}

    def kinds(self) -> Mapping[str, Kind]:
        """Tell for each column whether the values at the head of the file are numbers."""
        return self._kinds

    def chunks(self, wanted: Mapping[str, Kind]) -> Iterator[Chunk]:
        """Yield the wanted columns.

        Raises DataError naming line and column for a line that is not JSON or not like the first, and for a value
        that is not of its column's kind.
        """
        names = {name: named(name, self.columns) for name in wanted}
        converters = readers(self.unit, wanted, partial(place, self))
        with self._source.open() as file:
            for values, lines in self._blocks(file, BLOCK):
                columns = self._layout.split(values, lines, names.values())
                yield Chunk({name: converters[name](columns[names[name]], lines) for name in wanted}, lines)

    def _blocks(self, file: BinaryIO, size: int) -> Iterator[tuple[list[Any], list[int]]]:
        """Yield the values of some lines, and the lines on which they stand. Blank lines hold no value."""
        line = 1
        while raw := file.readlines(size):
            values, lines = _parse_lines(self._decoded(b"".join(raw), line), self.name, line)
            if values:
                yield values, lines
            line += len(raw)

    def _decoded(self, raw: bytes, line: int) -> str:
        try:
            return raw.decode("utf-8-sig" if line == 1 else "utf-8")
        except UnicodeDecodeError as error:
            line += raw.count(b"\n", 0, error.start)
            raise DataError(f"{self.name}, line {line}: not UTF-8: {error.reason}", ICONV) from None


# ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Form:
    """How a record holds its fields: what it is called, the names of the fields, and the values of one of them."""

    name: str
    names: Callable[[list[Any]], list[str]]
    field: Callable[[list[Any], str], list[Any]]


_VALUE = Form("a plain value", lambda _: ["@1"], lambda values, _: values)
_FORMS: dict[type, Form] = {
    dict: Form(
        "an object",
        lambda records: list(dict.fromkeys(chain.from_iterable(records))),
        lambda records, name: [record.get(name) for record in records],
    ),
    list: Form(
        "an array",
        lambda rows: [f"@{position}" for position in range(1, len(rows[0]) + 1)],
        lambda rows, name: [row[int(name[1:]) - 1] for row in rows],
    ),
}


class Layout:
    """What all records of a file look like: objects, arrays of one length, or plain values, as the first of them is.

    Raises DataError if there is no field, and for a record unlike the first.
    """

    def __init__(self, name: str, unit: str, values: list[Any], lines: Sequence[int]) -> None:
        self._place = f"{name}, {unit} "
        self._first = f"{unit} {lines[0]}"
        self._form = _form(type(values[0]))
        self._width = len(values[0]) if isinstance(values[0], list) else None
        self._check(values, lines)
        self.columns = self._form.names(values)
        if not self.columns:
            raise DataError(f"{name}: the records hold no fields", f"expected {EXPECTED}")

    def split(
        self, values: list[Any], lines: Sequence[int], names: Iterable[str] | None = None
    ) -> dict[str, list[Any]]:
        """Return the values of the named fields, or of all of them."""
        self._check(values, lines)
        return {name: self._form.field(values, name) for name in (self.columns if names is None else names)}

    def _check(self, values: list[Any], lines: Sequence[int]) -> None:
        if any(_form(one) is not self._form for one in set(map(type, values))):
            odd = next(i for i, value in enumerate(values) if _form(type(value)) is not self._form)
            other = _form(type(values[odd])).name
            raise DataError(
                f"{self._place}{lines[odd]} is {other} where {self._first} is {self._form.name}",
                "write all records alike: as objects, as arrays, or as plain values",
            )
        if self._width is not None and set(map(len, values)) != {self._width}:
            odd = next(i for i, row in enumerate(values) if len(row) != self._width)
            raise ragged(f"{self._place}{lines[odd]}", len(values[odd]), self._first, self._width)


def _form(kind: type) -> Form:
    return _FORMS.get(kind, _VALUE)


# ── documents ────────────────────────────────────────────────────────────────────────────────────────────────────────

Columns = tuple[dict[str, list[Any]], list[str]]
"""The columns of a document, and what is to be said about them."""


def _records(values: list[Any], name: str, notes: Sequence[str] = ()) -> Columns:
    if not values:
        raise DataError(f"{name} holds no records", f"expected {EXPECTED}")
    lines = range(1, len(values) + 1)
    return {**Layout(name, "record", values, lines).split(values, lines)}, [*notes]


def _object(
    document: dict[str, Any],
    name: str,
) -> Columns:
    """Take the records that the object holds, else its arrays, else the object itself as the only record."""
    arrays = {key: value for key, value in document.items() if isinstance(value, list)}
    records = [key for key, value in arrays.items() if value and set(map(type, value)) == {dict}]
    if "samples" in records:
        return _records(arrays["samples"], name, ["the records are those of 'samples'"])
    if len(records) == 1 and not {"y_true", "y_pred"} <= arrays.keys():
        return _records(arrays[records[0]], name, [f"the records are those of {records[0]!r}"])
    if len(records) > 1 and len(records) == len(arrays):
        keys = ", ".join(map(repr, records))
        raise DataError(f"{name} holds several arrays of records: {keys}", f"keep one: jq '.{records[0]}' {name}")
    if arrays:
        others = ", ".join(map(repr, (key for key in document if key not in arrays)))
        return {**arrays}, [f"not arrays, so left out: {others}"] if others else []
    if not document or any(isinstance(value, dict) for value in document.values()):
        raise DataError(f"{name} holds no array", f"expected {EXPECTED}; in pandas: df.to_json(orient='records')")
    return _records([document], name)


def _scalar(document: object, name: str) -> Columns:
    raise DataError(f"{name} holds one value alone: {json.dumps(document)[:60]}", f"expected {EXPECTED}")


_DOCUMENTS: dict[type, Callable[[Any, str], Columns]] = {dict: _object, list: _records}


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _RepeatedKeyError(ValueError):
    """An object has one key twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        key = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _RepeatedKeyError(f"the key {key!r} stands twice in one object")
    return found


_read_value = json.JSONDecoder(object_pairs_hook=_unique).raw_decode


def parse(text: str | bytes, name: str, *, line: int | None = None, hint: str = "") -> Any:  # noqa: ANN401  any JSON value
    """Return the value of a JSON text.

    Args:
        text: the text; bytes may be UTF-8, -16 or -32.
        name: what messages call the source.
        line: the line on which the text stands in it, if it is only a line of it.
        hint: the way out if it is not JSON.

    Raises:
        DataError: malformed JSON, a key twice in one object, an integer or a nesting beyond what can be read.
    """
    where = name if line is None else f"{name}, line {line}"
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        place = f"{name}, line {(line or 1) + error.lineno - 1}, column {error.colno}"
        raise DataError(f"{place}: not JSON: {error.msg}", hint or "was it written whole?") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{where}: not {error.encoding}: byte {error.start + 1}: {error.reason}", ICONV) from None
    except _RepeatedKeyError as error:
        raise DataError(f"{where}: {error}", "keep one of the two") from None
    except RecursionError:
        raise DataError(f"{where}: arrays or objects are nested too deep", f"expected {EXPECTED}") from None
    except ValueError:
        digits = sys.get_int_max_str_digits()
        raise DataError(
            f"{where}: an integer has more than {digits} digits", "write it as 1e5000, or in quotes"
        ) from None


def _parse_lines(text: str, name: str, first: int) -> tuple[list[Any], list[int]]:
    """Return the values of lines, and the lines on which they stand."""
    values: list[Any] = []
    lines: list[int] = []
    end: int | None
    for line, full in enumerate(text.split("\n"), first):
        bare = full.strip(" \t\r")
        if bare:
            try:
                value, end = _read_value(bare)
            except (ValueError, RecursionError):
                end = None  # parse() finds out what is wrong and where
            values.append(value if end == len(bare) else parse(full, name, line=line, hint=_hint(line)))
            lines.append(line)
    return values, lines


def _hint(line: int) -> str:
    return "for one JSON document over several lines: --from json" if line == 1 else ""
