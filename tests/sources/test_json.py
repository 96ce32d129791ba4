"""JSON documents and JSON Lines become the columns that a user means, or an error that names the place."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from io import BytesIO
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.errors import DataError
from losscli.sources.inputs import Input, open_input
from losscli.sources.json import JsonlTable, JsonTable
from losscli.sources.memory import ROWS
from losscli.sources.table import Column, Kind, Table


def memory(name: str, text: str | bytes) -> Input:
    data = text.encode() if isinstance(text, str) else text
    return Input(name, "", None, lambda: BytesIO(data))


def document(text: str | bytes) -> JsonTable:
    return JsonTable(memory("a.json", text))


def lines(text: str | bytes) -> JsonlTable:
    return JsonlTable(memory("a.jsonl", text))


def column(table: Table, name: str, kind: Kind = "number") -> Column:
    (chunk,) = table.chunks({name: kind})
    return chunk.columns[name]


def same(expected: Sequence[float] | Sequence[Sequence[float]], found: Column) -> None:
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(expected, found, strict=False)
    assert np.shape(expected) == found.shape


def refused(make: Callable[[str | bytes], Table], text: str | bytes, kind: Kind = "number") -> str:
    with pytest.raises(DataError) as caught:
        for _ in (table := make(text)).chunks(dict.fromkeys(table.columns, kind)):
            pass
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "columns", "first"),
    [
        pytest.param('{"y": [1, 2], "p": [3, 4]}', ["y", "p"], [1, 2], id="object of arrays"),
        pytest.param('[{"y": 1, "p": 3}, {"y": 2}]', ["y", "p"], [1, 2], id="array of records"),
        pytest.param('{"y": 1, "p": 2}', ["y", "p"], [1], id="one record"),
        pytest.param("[1, 2.5, -3e2]", ["@1"], [1, 2.5, -300], id="bare array"),
        pytest.param("[[1, 2], [3, 4]]", ["@1", "@2"], [1, 3], id="array of rows"),
        pytest.param('{"n": 2, "data": [{"y": 1}, {"y": 2}]}', ["y"], [1, 2], id="records under a key"),
        pytest.param('{"results": [{"loss": "mse"}], "samples": [{"y": 7}]}', ["y"], [7], id="losscli's own report"),
        pytest.param(
            '{"y_true": [[1, 2], [3, 4]], "y_pred": [5, 6]}', ["y_true", "y_pred"], [[1, 2], [3, 4]], id="rows"
        ),
        pytest.param(
            '{"y_true": [1], "y_pred": [5], "meta": [{"a": 1}]}', ["y_true", "y_pred", "meta"], [1], id="meta"
        ),
    ],
)
def test_each_shape_of_document_is_read(text: str, columns: list[str], first: list[float]) -> None:
    table = document(text)

    assert columns == table.columns
    same(first, column(table, columns[0]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le"])
def test_the_encoding_of_a_document_is_detected(encoding: str) -> None:
    table = document('{"wärme": ["é"]}'.encode(encoding))

    assert column(table, "wärme", "text") == ["é"]


def test_values_become_numbers_by_their_json_meaning() -> None:
    text = '{"y": [1, 2.5, true, false, null, NaN, -Infinity, "3e2", "NA", " 4 ", 1e400, -%s]}' % ("9" * 400)

    same([1, inf, -inf], column(document(json.dumps({"y": [1, 10**400, -(10**400)]})), "y"))
    same([1, 2.5, 1, 0, nan, nan, -inf, 300, nan, 4, inf, -inf], column(document(text), "y"))


def test_values_become_text_as_they_stand() -> None:
    text = '{"y": ["1", 12345678901234567890123, 0.1, true, false, null, [1, "é"], {"a": null}]}'

    expected = ["1", "12345678901234567890123", "0.1", "true", "false", "", '[1, "é"]', '{"a": null}']
    assert expected == column(document(text), "y", "text")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ("[1, 2.5, null, true]", "number"),
        ('["NA", 1, ""]', "number"),
        ("[null]", "number"),
        ("[[0.1, 0.9], [null, 1]]", "number"),
        ('["1", "2"]', "text"),
        ('[1, "cat"]', "text"),
        ('[["a"], ["b"]]', "text"),
        ('[{"a": 1}]', "text"),
    ],
)
@pytest.mark.parametrize("form", ["document", "lines"])
def test_a_column_of_numbers_is_told_from_text(values: str, kind: Kind, form: str) -> None:
    if form == "document":
        table: Table = document(f'{{"y": {values}, "y_true": [], "y_pred": []}}')
    else:
        table = lines("".join(json.dumps({"y": value}) + "\n" for value in json.loads(values)))

    assert kind == table.kinds()["y"]


def test_a_record_without_a_row_of_numbers_has_none_of_them() -> None:
    same([[0.25, 0.75], [nan, nan]], column(document('[{"p": [0.25, 0.75]}, {"q": 1}]'), "p"))


def test_a_column_can_be_asked_for_by_position() -> None:
    same([3], column(document('{"y": [1], "p": [3]}'), "@2"))
    same([3], column(lines('{"y": 1, "p": 3}'), "@2"))
    same([3], column(lines("[1, 3]"), "@2"))


def test_columns_of_other_lengths_do_not_matter_unless_they_are_read() -> None:
    text = '{"y": [1, 2], "classes": ["a", "b", "c"]}'

    same([1, 2], column(document(text), "y"))
    assert refused(document, text, "text") == "a.json: y has 2 values and classes has 3"


def test_what_is_left_out_of_a_document_is_said() -> None:
    assert document('{"y": [1], "n": 1, "model": "x"}').notes == ["not arrays, so left out: 'n', 'model'"]
    assert document('{"n": 1, "data": [{"y": 1}]}').notes == ["the records are those of 'data'"]
    assert document('{"y": [1]}').notes == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.json is empty"),
        ("[1,\n 2 3]", "a.json, line 2, column 4: not JSON: Expecting ',' delimiter"),
        ('{"y": [1]} x', "a.json, line 1, column 12: not JSON: Extra data"),
        (b'["\xff"]', "a.json: not utf-8: byte 3: invalid start byte"),
        ('[{"y": 1, "y": 2}]', "a.json: the key 'y' stands twice in one object"),
        ("[" * 100_000, "a.json: arrays or objects are nested too deep"),
        (f"[{'9' * 5000}]", "a.json: an integer has more than 4300 digits"),
        ("5", "a.json holds one value alone: 5"),
        ("[]", "a.json holds no records"),
        ("[{}]", "a.json: the records hold no fields"),
        ('{"y": {"0": 1}}', "a.json holds no array"),
        ('{"a": [{"y": 1}], "b": [{"y": 1}]}', "a.json holds several arrays of records: 'a', 'b'"),
        ("[1, [2]]", "a.json, record 2 is an array where record 1 is a plain value"),
        ('[{"y": 1}, null]', "a.json, record 2 is a plain value where record 1 is an object"),
        ("[[1, 2], [3]]", "a.json, record 2 has 1 value where record 1 has 2"),
        ('{"p": [[1, 2], [3, 4], [5, 6, 7]]}', "a.json, record 3, column p has 3 values where record 1 has 2"),
        ('{"p": [[1, 2], 3]}', "a.json, record 2, column p has 1 value where record 1 has 2"),
        ('{"p": [[]]}', "a.json, record 1, column p holds an empty array"),
        ('{"p": [[1, 2], [1, "x"]]}', "a.json, record 2, column p: 'x' is not a number"),
        ('{"p": [[1, 2], [1, {"a": 1}]]}', "a.json, record 2, column p: {'a': 1} is not a number"),
        ('{"p": ["1", "1_000"]}', "a.json, record 2, column p: '1_000' is not a number"),
        ('{"p": ["0x10"]}', "a.json, record 1, column p: '0x10' is not a number"),
        ('{"p": [1, "１"]}', "a.json, record 2, column p: '１' is not a number"),
        ('{"p": [[[1, 2], [3, 4]], [[1, 2], [3]]]}', "a.json, record 2, column p has 1 value where record 1 has 2"),
        ('{"p": [[[1, 2], [3, 4]], [[1, 2], 3]]}', "a.json, record 2, column p has 1 value where record 1 has 2"),
    ],
)
def test_a_bad_document_is_refused_by_place(text: str | bytes, message: str) -> None:
    assert message == refused(document, text)


def test_a_sample_may_be_an_array_of_any_depth(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"y_true": [[[1, 2, 3], [4, 5, 6]], null]}')
    (chunk,) = JsonTable(open_input(str(path))).chunks({"y_true": "number"})
    np.testing.assert_array_equal([[[1, 2, 3], [4, 5, 6]], np.full((2, 3), np.nan)], chunk.columns["y_true"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n \n", "a.jsonl is empty"),
        ('{"y": 1}\n\n{"y": 2', "a.jsonl, line 3, column 8: not JSON: Expecting ',' delimiter"),
        ('{"y": 1}\n  {"y": 2} 3', "a.jsonl, line 2, column 12: not JSON: Extra data"),
        ('{"y": 1},\n{"y": 2}', "a.jsonl, line 1, column 9: not JSON: Extra data"),
        ("[1\n2]", "a.jsonl, line 1, column 3: not JSON: Expecting ',' delimiter"),
        ('{"y": 1}\n{"y": 1, "y": 2}', "a.jsonl, line 2: the key 'y' stands twice in one object"),
        ("1\n" + "[" * 100_000, "a.jsonl, line 2: arrays or objects are nested too deep"),
        (f"1\n{'9' * 5000}", "a.jsonl, line 2: an integer has more than 4300 digits"),
        (b'{"y": 1}\n{"y": "\xff"}', "a.jsonl, line 2: not UTF-8: invalid start byte"),
        ('{"y": 1}\n\n[1]', "a.jsonl, line 3 is an array where line 1 is an object"),
        ("[1, 2]\n[3]", "a.jsonl, line 2 has 1 value where line 1 has 2"),
        ('{"y": 1}\n\n{"y": "cat"}', "a.jsonl, line 3, column y: 'cat' is not a number"),
        ('{"p": [1, 2]}\n{"p": [1]}', "a.jsonl, line 2, column p has 1 value where line 1 has 2"),
    ],
)
def test_a_bad_line_is_refused_by_place(text: str | bytes, message: str) -> None:
    assert message == refused(lines, text)


def test_lines_and_documents_taken_for_each_other_are_pointed_to_the_other() -> None:
    with pytest.raises(DataError) as caught:
        document('{"y": 1}\n{"y": 2}\n')
    assert caught.value.hint == "for one JSON value a line: --from jsonl"

    with pytest.raises(DataError) as caught:
        lines('{\n"y": [1]\n}')
    assert caught.value.hint == "for one JSON document over several lines: --from json"


def test_blank_lines_are_skipped_and_counted() -> None:
    table = lines('\ufeff\n{"y": 1}\r\n\r\n  {"y": 2, "z": 5}\t\n')

    (chunk,) = table.chunks({"y": "number", "z": "number"})

    assert table.columns == ["y", "z"]
    assert list(chunk.lines) == [2, 4]
    same([1, 2], chunk.columns["y"])
    same([nan, 5], chunk.columns["z"])


@pytest.mark.parametrize(("text", "expected"), [("1\nnull\n3\n", [1, nan, 3]), ("[4]\n[5]\n", [4, 5])])
def test_lines_may_be_numbers_or_arrays(text: str, expected: list[float]) -> None:
    same(expected, column(lines(text), "@1"))


def test_long_input_comes_in_bounded_chunks_and_whole() -> None:
    count = 2 * ROWS + 1
    numbers = np.arange(count, dtype=np.float64)
    spread = "".join(f'{{"y": {value}, "note": "some more bytes"}}\n\n' for value in range(count))
    sources: list[tuple[Table, Sequence[int]]] = [
        (document(json.dumps({"y": numbers.tolist()})), range(1, count + 1)),
        (lines(spread), range(1, 2 * count, 2)),
    ]

    for table, places in sources:
        for _ in "two passes":
            chunks = list(table.chunks({"y": "number"}))
            assert len(chunks) > 2
            assert max(map(len, chunks)) <= ROWS
            np.testing.assert_array_equal(numbers, np.concatenate([np.asarray(chunk.columns["y"]) for chunk in chunks]))
            assert list(places) == [line for chunk in chunks for line in chunk.lines]


def test_rows_keep_their_width_from_one_chunk_to_the_next() -> None:
    values = [[1, 2]] * ROWS + [[3]]

    message = f"a.json, record {ROWS + 1}, column p has 1 value where record 1 has 2"
    assert message == refused(document, json.dumps({"p": values}))
    values[-1:] = [None]  # type: ignore[list-item]  # a chunk of nothing but missing rows
    *_, last = document(json.dumps({"p": values})).chunks({"p": "number"})
    same([[nan, nan]], last.columns["p"])


def test_compressed_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"y": 1}\n{"y": 2}\n'))

    same([1, 2], column(JsonlTable(open_input(str(path))), "y"))


scalars = st.none() | st.booleans() | st.floats() | st.integers(-(2**70), 2**70)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(scalars, min_size=width, max_size=width), min_size=1, max_size=20)
)


@given(tables)
def test_objects_of_arrays_records_rows_and_lines_say_the_same(table: list[list[float | None]]) -> None:
    names = [f"c{position}" for position in range(len(table[0]))]
    records = [dict(zip(names, row, strict=True)) for row in table]
    written: list[Table] = [
        document(json.dumps({name: [row[i] for row in table] for i, name in enumerate(names)})),
        document(json.dumps(records)),
        document(json.dumps({"samples": records})),
        document(json.dumps(table)),
        lines("\n".join(map(json.dumps, records))),
        lines("\n".join(map(json.dumps, table))),
    ]
    for position in range(len(names)):
        values = [row[position] for row in table]
        expected = [nan if value is None else float(value) for value in values]
        for one in written:
            same(expected, column(one, f"@{position + 1}"))
