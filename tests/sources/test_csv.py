"""The CSV reader: what it reads, what it refuses, and that its quick way and its exact way are the same."""

from __future__ import annotations

import csv
import io
import math
from itertools import count
from unittest.mock import patch

import pytest
from csv_documents import BOTH, DOUBTFUL, choices, documents, failure, joined, numbers, outcome, read, table
from hypothesis import given
from hypothesis import strategies as st

from losscli.errors import DataError, UsageError
from losscli.sources import csv as csv_table
from losscli.sources import csv_ahead, csv_lines, csv_rows
from losscli.sources.cells import number
from losscli.sources.csv import CsvTable
from losscli.sources.csv_lines import Block
from losscli.sources.csv_sniff import CANDIDATES, sniff
from losscli.sources.inputs import Input
from losscli.sources.table import Table

# ── what is read ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_a_table() -> None:
    source: Table = table("y_true,y_pred\n1,2\n")
    assert (source.name, source.unit, list(source.columns), list(source.notes)) == (
        "preds.csv",
        "line",
        ["y_true", "y_pred"],
        ["delimiter ',' (sniffed)"],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_line_ends_byte_order_mark_and_quotes_change_nothing(end: str, mark: str, quote: str, *, last: bool) -> None:
    lines = ["y_true,y_pred", f"{quote}1{quote},2.5", "-3,4e2"]
    text = mark + end.join(lines) + (end if last else "")
    assert read(table(text), **BOTH) == ({"y_true": [1.0, -3.0], "y_pred": [2.5, 400.0]}, [2, 3])


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends() -> None:
    source = table('name,y\n"a, ""b""\r\nc",1\nplain,2\n')
    assert read(source, name="text", y="number") == ({"name": ['a, "b"\r\nc', "plain"], "y": [1.0, 2.0]}, [2, 4])


def test_text_is_given_as_it_stands_and_only_numbers_are_stripped() -> None:
    source = table("name,y\n  a ,\u00a0 1 \n,2\n")
    assert read(source, name="text", y="number") == ({"name": ["  a ", ""], "y": [1.0, 2.0]}, [2, 3])


def test_a_text_column_is_the_same_with_and_without_number_columns() -> None:
    source = table("a,name,y\n1,x x,2\n3,é,4\n")
    assert read(source, name="text")[0]["name"] == read(source, a="number", name="text", y="number")[0]["name"]


@pytest.mark.parametrize("token", ["", " ", "NA", "n/a", "NaN", "nan", "-nan", "null", "None", "<NA>", "?"])
def test_a_missing_value_is_nan(token: str) -> None:
    [y] = numbers(table(f"y,z\n1,2\n{token},3\n"), "y")
    assert [str(value) for value in y] == ["1.0", "nan"]


@pytest.mark.parametrize(("cell", "value"), [("1e400", math.inf), ("-Infinity", -math.inf), ("+.5", 0.5), ("5.", 5.0)])
def test_unusual_numbers_are_numbers(cell: str, value: float) -> None:
    assert numbers(table(f"y,z\n{cell},1\n"), "y") == [[value]]


def test_every_pass_starts_at_the_first_row() -> None:
    source = table("y_true,y_pred\n1,2\n3,4\n")
    assert source.kinds() == BOTH
    assert read(source, **BOTH) == read(source, **BOTH) == ({"y_true": [1.0, 3.0], "y_pred": [2.0, 4.0]}, [2, 3])


def test_a_file_with_nothing_but_a_header_has_no_rows() -> None:
    source = table("y_true,y_pred\n")
    assert list(source.chunks(BOTH)) == []
    assert source.kinds() == {"y_true": "text", "y_pred": "text"}


def test_a_block_of_nothing_but_blank_lines_is_no_chunk() -> None:
    with patch.object(csv_lines, "SIZE", 4):
        chunks = list(table("a,b\n1,2\n" + "\n" * 20 + "3,4\n").chunks({"a": "number"}))
    assert [len(chunk) for chunk in chunks] == [1, 1]


def test_no_columns_wanted_still_counts_the_rows() -> None:
    assert [len(chunk) for chunk in table("y_true,y_pred\n1,2\nx,\n").chunks({})] == [2]


def test_blank_lines_between_rows_of_several_columns_are_nothing() -> None:
    source = table("\ny_true,y_pred\n\n1,2\n  \n3,4\n\n\n")
    assert read(source, **BOTH) == ({"y_true": [1.0, 3.0], "y_pred": [2.0, 4.0]}, [4, 6])


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1 << 20])
@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_line_in_a_single_column_is_a_missing_value_unless_it_ends_the_file(size: int, blank: str) -> None:
    with patch.object(csv_lines, "SIZE", size):
        columns, lines = read(table(f"y\n1\n{blank}\n{blank}\n4\n{blank}\n{blank}\n"), y="number")
    assert lines == [2, 3, 4, 5]
    assert [str(y) for y in columns["y"]] == ["1.0", "nan", "nan", "4.0"]


def test_a_quoted_empty_cell_at_the_end_of_a_single_column_is_a_missing_value() -> None:
    columns, lines = read(table('y\n1\n""\n\n'), y="number")
    assert (lines, [str(y) for y in columns["y"]]) == ([2, 3], ["1.0", "nan"])


def test_a_long_gap_in_a_single_column_comes_in_pieces() -> None:
    with patch.object(csv_rows, "SOME", 10), patch.object(csv_lines, "SIZE", 4):
        chunks = list(table("y\n1\n" + "\n" * 25 + "2\n").chunks({"y": "number"}))
    assert max(map(len, chunks)) == 10
    assert [line for chunk in chunks for line in chunk.lines] == list(range(2, 29))


def test_a_cell_longer_than_the_csv_module_allows_is_read() -> None:
    long = "x" * 300_000
    assert read(table(f'name,y\n"{long}",1\n{long},2\n'), name="text")[0] == {"name": [long, long]}


def test_a_quoted_cell_may_reach_over_many_blocks() -> None:
    text = "name,y\n" + '"a\nb\n\nc",1\nplain,2\n' * 50
    for size in (1, 7, 64, 1000):
        with patch.object(csv_lines, "SIZE", size):
            columns, lines = read(table(text, delimiter=","), name="text", y="number")
        assert columns == {"name": ["a\nb\n\nc", "plain"] * 50, "y": [1.0, 2.0] * 50}
        assert lines == [line for block in range(50) for line in (2 + 5 * block, 6 + 5 * block)]


def test_rows_that_stand_on_one_line_each_are_numbered_by_a_range() -> None:
    for text in ("a,b\n1,2\n3,4\n", 'a,b\n"1",2\n3,4\n'):
        [chunk] = table(text).chunks({"a": "number"})
        assert chunk.lines == range(2, 4)


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_names_are_plain_text_but_for_blanks_around_them() -> None:
    source = table('prob[true] , x[/y],a:smile:b,"p,q"\n1,2,3,4\n')
    assert source.columns == ["prob[true]", "x[/y]", "a:smile:b", "p,q"]
    assert numbers(source, "x[/y]", "p,q") == [[2.0], [4.0]]


def test_a_column_without_a_name_is_named_by_its_position() -> None:
    source = table(",y,\n0,1,2\n")
    assert source.columns == ["@1", "y", "@3"]
    assert numbers(source, "@3", "@1") == [[2.0], [0.0]]


def test_any_column_answers_to_its_position_too() -> None:
    assert numbers(table("a,b\n1,2\n"), "@2", "b") == [[2.0], [2.0]]


def test_without_a_header_the_first_row_is_data_and_columns_are_positions() -> None:
    source = table("1,2\n3,4\n", header=False)
    assert source.columns == ["@1", "@2"]
    assert joined(source.chunks({"@2": "number"}), ["@2"]) == ({"@2": [2.0, 4.0]}, [1, 2])


def test_a_name_that_occurs_twice_is_refused_only_when_asked_for() -> None:
    source = table("y,x,z,x\n1,2,3,4\n")
    assert source.columns == ["y", "x", "z", "x"]
    assert numbers(source, "y", "@4") == [[1.0], [4.0]]
    with pytest.raises(DataError, match="several columns are called 'x'") as caught:
        list(source.chunks({"x": "number"}))
    assert caught.value.hint == "name one by position: @2 or @4"


@pytest.mark.parametrize("key", ["y_prd", "@0", "@3", "@x"])
def test_a_column_that_is_not_there_is_refused_with_those_that_are(key: str) -> None:
    error = failure("y_true,y_pred\n1,2\n", {key: "number"})
    assert error.message == f"preds.csv: no column {key!r}"
    assert "'y_pred'" in error.hint


@pytest.mark.parametrize("first", ["1,2", "0.5,nan", "-1e3,inf"])
def test_a_header_of_numbers_is_refused_as_a_forgotten_option(first: str) -> None:
    error = failure(f"{first}\n3,4\n")
    assert "the header is made of numbers only" in error.message
    assert "--no-header" in error.hint


@pytest.mark.parametrize("first", ["y_true,2", ",1"])
def test_a_header_with_a_word_or_a_gap_is_a_header(first: str) -> None:
    assert len(table(f"{first}\n3,4\n").columns) == 2


def test_kinds_tells_numbers_from_text_by_the_first_rows() -> None:
    source = table("i,label,gap,none,p\n" + "1,cat,,,0.5\n2,3,NA,,x\n" * 60)
    assert source.kinds() == {"i": "number", "label": "text", "gap": "text", "none": "text", "p": "text"}
    later = table("p\n" + "1\n" * 100 + "x\n")
    assert later.kinds() == {"p": "number"}


def test_kinds_tells_a_repeated_name_by_position() -> None:
    assert table("x,x\n1,a\n").kinds() == {"x": "number", "@1": "number", "@2": "text"}


def test_kinds_knows_the_decimal_comma() -> None:
    assert table("a;b\n1,5;2.5\n", decimal=",").kinds() == {"a": "number", "b": "text"}


# ── delimiter and decimal mark ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("delimiter", CANDIDATES)
def test_the_delimiter_is_sniffed_and_said(delimiter: str) -> None:
    source = table(f"y_true{delimiter}y_pred\n1{delimiter}2\n")
    assert numbers(source, "y_true", "y_pred") == [[1.0], [2.0]]
    assert source.notes == [f"delimiter {delimiter!r} (sniffed)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b\n1,5;2,5\n", ";"),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("1,5\t2,5\n3,5\t4,5\n", "\t"),
        ("id,tags\n1,a|b\n2,c|d\n", ","),
        ("id,tags|x\n1,a|b\n2,c|d\n", ","),
        ('"a;b","c;d"\n"1;2","3;4"\n', ","),
        ('a;"b,c"\n1;"2,3"\n', ";"),
        ("text\tp\nhello, you\t1\nyes\t2\n", "\t"),
        ("score\n0.5\n", ","),
        ("hello, world\nfoo\nbar\nbaz\n", ","),
        ("a;b\n", ";"),
        ("", ","),
        ("a;b\n" + "1,5;2\n" * 50 + '3;"' + "4\n" * 200 + '"\n', ";"),
    ],
)
def test_the_sniffed_delimiter_divides_evenly_and_into_numbers(text: str, expected: str) -> None:
    assert sniff(Block(text.encode())) == expected


def test_the_tsv_format_is_divided_by_tabs_without_sniffing() -> None:
    source = table("a,b\ty\n1,5\t2\n", "tsv")
    assert (source.columns, source.notes) == (["a,b", "y"], [])


@pytest.mark.parametrize(("given_", "mark"), [(":", ":"), ("\\t", "\t"), ("tab", "\t"), (" ", " "), ("#", "#")])
def test_a_delimiter_that_is_given_is_taken(given_: str, mark: str) -> None:
    assert numbers(table(f"a{mark}b\n1{mark}2\n", delimiter=given_), "a", "b") == [[1.0], [2.0]]


@pytest.mark.parametrize("given_", ["", ";;", '"', "\n", "x", "1", ".", "-"])
def test_what_cannot_divide_is_no_delimiter(given_: str) -> None:
    with pytest.raises(UsageError, match="--delimiter"):
        table("a,b\n", delimiter=given_)


@pytest.mark.parametrize("text", ["a;b\n1,5;x\n-2,5e1;y\n3;z\n", 'a;b\n"1,5";x\n-2,5e1;y\n3;z\n'])
def test_a_decimal_comma_is_read_where_it_is_announced(text: str) -> None:
    assert read(table(text, decimal=","), a="number", b="text")[0] == {"a": [1.5, -25.0, 3.0], "b": ["x", "y", "z"]}


def test_a_decimal_comma_is_no_delimiter() -> None:
    assert numbers(table("a\n1,5\n2,5\n", decimal=","), "a") == [[1.5, 2.5]]
    with pytest.raises(UsageError, match="are both ','"):
        table("a\n1,5\n", decimal=",", delimiter=",")
    with pytest.raises(UsageError, match="--decimal"):
        table("a\n1,5\n", decimal=";")


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "decimal", "hint"),
    [
        ("1,234", ".", "numbers with grouping commas are not read: remove them"),
        ("1,234,567.5", ".", "numbers with grouping commas are not read: remove them"),
        ("1,5", ".", "--decimal ,"),
        ("-,5e3", ".", "--decimal ,"),
        ("1.234,5", ".", "remove the grouping points, then: --decimal ,"),
        ("1.234", ",", "remove grouping points, or leave --decimal out"),
        ("1.234,5", ",", "remove grouping points, or leave --decimal out"),
        ("12.5%", ".", "write 0.125 for 12.5%"),
        ("12,5 %", ",", "write 0.125 for 12.5%"),
        ("1_000", ".", "remove what groups the digits"),
        ("1 000", ".", "remove what groups the digits"),
        ("cat", ".", "name another column with --true, --pred or --weight"),
        ("0x10", ".", "hexadecimal"),
        ("１", ".", "only 0 to 9"),
        ("true", ".", "write 1 and 0"),
        ("# half", ".", "comment"),
        ("2024-01-31", ".", "name another column with --true, --pred or --weight"),
    ],
)
def test_a_cell_that_is_no_number_is_named_with_its_place_and_the_way_out(cell: str, decimal: str, hint: str) -> None:
    error = failure(f"y_true;y_pred\n1;2\n\n3;{cell}\n", delimiter=";", decimal=decimal)
    assert error.message == f"preds.csv, line 4, column y_pred: {cell!r} is not a number"
    assert hint in error.hint


def test_the_first_wrong_cell_is_the_one_in_the_first_row_that_has_one() -> None:
    assert "line 3, column y_pred: 'b'" in failure("y_true,y_pred\n1,2\n3,b\na,4\n").message


@pytest.mark.parametrize("later", ["1,2,3", '"x', '"a"b"c"'])
def test_a_wrong_cell_is_told_before_a_malformed_line_below_it(later: str) -> None:
    assert "line 2, column y_pred: 'b'" in failure(f"y_true,y_pred\n1,b\n2,3\n{later}\n", delimiter=",").message


def test_a_very_long_cell_is_cut_in_the_message() -> None:
    assert len(failure("y_true,y_pred\n1," + "x" * 5000 + "\n").message) < 120


def test_control_sequences_in_a_cell_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in failure("y_true,y_pred\n1,\x1b[31mred\n").message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,2,3", "3 cells where the header has 2"),
        ("1", "1 cell where the header has 2"),
        ('""', "1 cell where the header has 2"),
        ('1,"2",3', "3 cells where the header has 2"),
    ],
)
def test_a_row_with_more_or_fewer_cells_is_refused(row: str, said: str) -> None:
    assert failure(f"y_true,y_pred\n1,2\n\n{row}\n3,4\n").message == f"preds.csv, line 4: {said}"


@pytest.mark.parametrize("wanted", ["a", "b", "c"])
def test_a_ragged_row_is_refused_whatever_column_is_wanted(wanted: str) -> None:
    for text in ("a,b,c\n1,2,3\n4,5,6,7\n", "a,b,c\n1,2,3\n4,5\n", "a,b,c\n1,2,3,4\n5,6\n"):
        assert "where the header has 3" in failure(text, {wanted: "number"}, delimiter=",").message


@pytest.mark.parametrize(
    ("row", "hint"),
    [("1;2;3", "a ';' in a text: quote that cell"), ("1", "the line is cut short"), ("1;2;3;4", "--delimiter")],
)
def test_a_ragged_row_is_told_with_what_may_be_wrong(row: str, hint: str) -> None:
    assert hint in failure(f"a;b\n1;2\n{row}\n", {"a": "number"}).hint


def test_a_ragged_row_in_a_table_of_commas_may_be_a_number_with_commas() -> None:
    assert "a comma in a number or a text" in failure("a,b\n1,2\n1,234,5\n", {"a": "number"}).hint


def test_without_a_header_the_first_row_tells_the_width() -> None:
    error = failure("1,2\n1,2,3\n", {"@1": "number"}, header=False)
    assert error.message == "preds.csv, line 2: 3 cells where the first row has 2"


@pytest.mark.parametrize("size", [1, 16, 1 << 20])
def test_a_quote_that_is_not_closed_is_named_by_its_own_line(size: int) -> None:
    with patch.object(csv_lines, "SIZE", size):
        error = failure('a,b\n1,2\n"x\ny",\n"3,4\n5,6\n', {"a": "text"}, delimiter=",")
    assert error.message == 'preds.csv, line 5: a quote (") opens here and is not closed'


def test_a_quote_that_opens_late_in_a_record_is_named_by_its_own_line() -> None:
    error = failure('a,b\n"x\ny","3\n5,6\n', {"a": "text"})
    assert error.message == 'preds.csv, line 3: a quote (") opens here and is not closed'


def test_a_quote_that_swallows_the_file_is_stopped() -> None:
    with patch.object(csv_lines, "SIZE", 1000), patch.object(csv_rows, "LONGEST", 5000):
        source = table('a,b\n"1,2\n' + "3,4\n" * 100_000)
        with pytest.raises(DataError, match=r"line 2: a quote .* is not closed"):
            list(source.chunks({"a": "text"}))


def test_an_open_quote_in_the_header_is_told() -> None:
    assert "line 1: a quote" in failure('"y_true,y_pred\n1,2\n').message


def test_a_quote_that_is_not_doubled_is_told() -> None:
    assert (
        'line 2: a quote (") inside a quoted cell' in failure('y_true,y_pred\n1,"a"b"c"\n', {"y_true": "text"}).message
    )


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
@pytest.mark.parametrize("header", [True, False])
def test_an_empty_file_is_refused(data: bytes, *, header: bool) -> None:
    assert failure(data, header=header).message == "preds.csv is empty"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_with_the_command_that_converts_it(encoding: str) -> None:
    mark = {"utf-16": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
    error = failure(mark + "y_true,y_pred\n1,2\n".encode(encoding))
    assert error.message == "preds.csv is UTF-16, not UTF-8"
    assert "iconv -f UTF-16 -t UTF-8 preds.csv" in error.hint


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("size", [1, 8, 1 << 20])
def test_bytes_that_are_not_utf_8_are_named_by_line_and_place(end: bytes, size: int) -> None:
    data = end.join([b"name,y", b"a,1", b"caf\xe9,2", b"b,3"])
    with patch.object(csv_lines, "SIZE", size):
        error = failure(data, {"y": "number"}, delimiter=",")
    assert error.message == f"preds.csv, line 3: 0xE9 (byte {data.index(0xE9) + 1} of the file) is not UTF-8"
    assert "iconv -f LATIN1 -t UTF-8 preds.csv" in error.hint


@pytest.mark.parametrize("size", [1, 8, 1 << 20])
def test_a_nul_byte_is_refused_by_line_and_place(size: int) -> None:
    with patch.object(csv_lines, "SIZE", size):
        error = failure(b"name,y\na,1\nb\0,2\n", {"y": "number"}, delimiter=",")
    assert "line 3: a NUL byte (byte 13 of the file)" in error.message


def test_a_line_that_does_not_end_is_refused() -> None:
    with patch.object(csv_lines, "LONGEST", 1 << 20):
        assert "line 2: longer than 1 MiB" in failure(b"y\n" + b"1" * (3 << 20), {"y": "number"}).message


# ── the two ways are one ────────────────────────────────────────────────────────────────────────────────────────────


@given(documents(), st.data())
def test_the_quick_way_and_the_exact_way_give_the_same_floats_and_the_same_errors(
    document: tuple[str, int], data: st.DataObject
) -> None:
    text, width = document
    wanted = data.draw(choices(width))
    quick = outcome(text, wanted)
    with patch.object(csv_ahead, "read_plain", return_value=None):
        assert outcome(text, wanted) == quick


@given(documents(), st.integers(1, 40), st.data())
def test_the_size_of_a_block_changes_nothing(document: tuple[str, int], size: int, data: st.DataObject) -> None:
    text, width = document
    wanted = data.draw(choices(width))
    whole = outcome(text, wanted)
    with patch.object(csv_lines, "SIZE", size):
        assert outcome(text, wanted) == whole


@given(documents())
def test_what_is_read_is_what_the_csv_module_and_the_rule_for_cells_say(document: tuple[str, int]) -> None:
    text, width = document
    rows = [
        row for row in csv.reader(io.StringIO(text, newline="")) if width == 1 or "".join(row).strip() or len(row) > 1
    ]
    data = [row if row and not (width == 1 and row[0].isspace()) else [""] for row in rows[1:]]
    expected = [[number(cell) for cell in row] for row in data]
    names = [f"c{index}" for index in range(width)]
    found = outcome(text, dict.fromkeys(names, "number"))
    regular = all(len(row) == width and None not in row for row in expected)
    assert regular == isinstance(found[0], dict)
    if isinstance(found[0], dict):
        read_ = [found[0][name] for name in names]
        said = [[repr(row[index]) for row in expected] for index in range(width)]
        for ours, theirs in zip(read_, said, strict=True):
            assert ours == theirs[: len(ours)]
            assert set(theirs[len(ours) :]) <= {"nan"}  # blank lines that end a single column


@pytest.mark.parametrize("cell", DOUBTFUL)
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_doubtful_cell_is_the_same_in_both_ways(cell: str, width: int) -> None:
    text = "c0,c1,c2"[: 3 * width - 1] + "\n" + ",".join([cell, "1", "2"][:width]) + "\n" + "1,2,3"[: 2 * width - 1]
    quick = outcome(text, {"c0": "number"})
    with patch.object(csv_ahead, "read_plain", return_value=None):
        assert outcome(text, {"c0": "number"}) == quick


def test_plain_numbers_take_the_quick_way() -> None:
    with patch.object(csv_table, "read_rows", side_effect=AssertionError("the exact way")):
        for wanted in ({"a": "number"}, {"c": "number"}, {"a": "number", "b": "text"}, {"@3": "number", "c": "number"}):
            list(table("a,b,c\n1,x,2\n3,y,4\n").chunks(wanted))  # type: ignore[arg-type]  # the values are Kinds


# ── memory ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Endless(io.RawIOBase):
    """A table without end that counts the bytes taken from it."""

    def __init__(self, row: bytes) -> None:
        self._rows = (row for _ in count())
        self._rest = b"y_true,y_pred\n"
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what BufferedReader passes
        self._rest = self._rest or next(self._rows) * 1000
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)


@pytest.mark.parametrize("row", [b"1.5,2.5\n", b'"1.5",2.5\n', b"1.5,\n", b'"1.5\n",2.5\n'])
def test_an_endless_table_is_read_a_block_at_a_time(row: bytes) -> None:
    streams: list[Endless] = []

    def opener() -> io.BufferedReader:
        streams.append(Endless(row))
        return io.BufferedReader(streams[-1])

    source = CsvTable(Input("stdin", "csv", None, opener))
    assert streams[0].taken < 3 * csv_lines.SIZE
    chunks = source.chunks(BOTH)
    sizes = [len(next(chunks)) for _ in range(3)]
    assert 0 < max(sizes) < csv_lines.SIZE
    assert streams[1].taken < 6 * csv_lines.SIZE
