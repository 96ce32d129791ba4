"""Tables of CSV text for the tests of the CSV reader, and what came of reading them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import strategies as st

from losscli.errors import DataError
from losscli.sources.csv import CsvTable
from losscli.sources.inputs import Input
from losscli.sources.table import Chunk, Kind

BOTH: Mapping[str, Kind] = {"y_true": "number", "y_pred": "number"}


def opened(data: bytes | str, format_: str = "csv") -> Input:
    packed = data.encode() if isinstance(data, str) else data
    return Input("preds.csv", format_, None, lambda: io.BytesIO(packed))  # type: ignore[return-value, unused-ignore]


def table(
    data: bytes | str, format_: str = "csv", *, delimiter: str | None = None, header: bool = True, decimal: str = "."
) -> CsvTable:
    return CsvTable(opened(data, format_), delimiter=delimiter, header=header, decimal=decimal)


def joined(chunks: Iterator[Chunk], names: Sequence[str]) -> tuple[dict[str, list[object]], list[int]]:
    columns: dict[str, list[object]] = {name: [] for name in names}
    lines: list[int] = []
    for chunk in chunks:
        lines += chunk.lines
        for name, column in chunk.columns.items():
            columns[name] += column if isinstance(column, list) else column.tolist()
    return columns, lines


def read(source: CsvTable, **wanted: Kind) -> tuple[dict[str, list[object]], list[int]]:
    return joined(source.chunks(wanted), list(wanted))


def numbers(source: CsvTable, *names: str) -> list[list[object]]:
    columns, _ = joined(source.chunks(dict.fromkeys(names, "number")), names)
    return [columns[name] for name in names]


def failure(data: bytes | str, wanted: Mapping[str, Kind] = BOTH, **options: object) -> DataError:
    with pytest.raises(DataError) as caught:
        list(table(data, **options).chunks(wanted))  # type: ignore[arg-type]  # options of table()
    assert caught.value.hint
    return caught.value


DOUBTFUL = [
    *["1e400", "-1e400", "4.9e-324", "2e-324", "1.7976931348623159e308", "0.1", "1e-400", "+.5", "5.", ".", "-", "+"],
    *["inf", "-INF", "Infinity", "infinit", "nan", "-nan", "+nan", "NaN", "nan(1)", "1e", "1e+", "1.e5", "1e5", "--1"],
    *["1_000", "0x10", "1j", "(1)", "1d5", "1L", "1f", "True", "1 2", "+ 1", "1e 5", "１", "१", "\ufeff1", "1\x851"],
    *["", " ", "\t", "NA", "null", "?", "none", "x", "\x1c1", "\u00a01\u3000", "1\u2028", "\x0b1\x0c", "1" * 400, "é"],
]
KINDS: tuple[Kind, ...] = ("number", "number", "text")

cells = st.one_of(
    st.floats().map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map("{:.17g}".format),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map("{:+.9E}".format),
    st.integers().map(str),
    st.from_regex(r"[ ]?[+-]?[0-9]{0,20}\.?[0-9]{0,25}([eE][+-]?[0-9]{1,3})?[ ]?", fullmatch=True),
    st.sampled_from(DOUBTFUL),
)
good_cells = st.one_of(st.floats().map(repr), st.floats().map("{:.17g}".format), st.just("NA"), st.just(" 1 "))


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, int]:
    """Draw the text of a table, most of them regular, and its width."""
    width = draw(st.integers(1, 4))
    kind = draw(st.sampled_from([good_cells, cells]))
    rows = draw(st.lists(st.lists(kind, min_size=width, max_size=width), max_size=12))
    if draw(st.integers(0, 9)) == 0:
        rows.append(draw(st.lists(kind, min_size=1, max_size=5)))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if draw(st.booleans()) else csv.QUOTE_MINIMAL)
    writer.writerow([f"c{index}" for index in range(width)])
    for row in rows:
        writer.writerow(row)
        if draw(st.integers(0, 19)) == 0:
            out.write(draw(st.sampled_from(["", " "])) + end)
    text = out.getvalue()
    return (text.removesuffix(end) if draw(st.booleans()) else text), width


def choices(width: int) -> st.SearchStrategy[dict[str, Kind]]:
    """Draw some columns of a table, as numbers or as text."""
    return st.dictionaries(st.integers(0, width - 1).map("c{}".format), st.sampled_from(KINDS), min_size=1)


def outcome(text: str | bytes, wanted: Mapping[str, Kind]) -> tuple[object, ...]:
    """Return what is read, its lines, or the error."""
    try:
        columns, lines = joined(table(text, delimiter=",").chunks(wanted), list(wanted))
    except DataError as error:
        return error.message, error.hint
    return {name: list(map(repr, column)) for name, column in columns.items()}, lines
