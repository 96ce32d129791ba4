"""Parquet and Arrow files: what their types mean as numbers and as text, in which order, in how much memory."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import random
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from losscli.errors import DataError
from losscli.sources import columnar_frames
from losscli.sources.arrow_stream import END, parts
from losscli.sources.columnar import ColumnarTable
from losscli.sources.inputs import open_input
from losscli.sources.table import Kind

Writer = Callable[[pl.DataFrame, Path], None]
WRITERS: dict[str, Writer] = {
    "a.parquet": lambda frame, path: frame.write_parquet(path, row_group_size=700),
    "a.arrow": lambda frame, path: frame.write_ipc(path, compression="uncompressed", record_batch_size=700),
    "a.feather": lambda frame, path: frame.write_ipc(path, compression="lz4"),
    "a.ipc": lambda frame, path: frame.write_ipc(path, compression="zstd", record_batch_size=700),
    "a.arrows": lambda frame, path: frame.write_ipc_stream(path),
}


@pytest.fixture(params=WRITERS)
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[pl.DataFrame], ColumnarTable]:
    """Return what writes a frame as a file, and opens it: once for each format."""

    def table(frame: pl.DataFrame) -> ColumnarTable:
        path = tmp_path / request.param
        WRITERS[request.param](frame, path)
        return ColumnarTable(open_input(str(path)))

    return table


def read(table: ColumnarTable, name: str, kind: Kind) -> list[Any]:
    """Return a column, its chunks put together."""
    found: list[Any] = []
    for chunk in table.chunks({name: kind}):
        values = chunk.columns[name]
        assert len(values) == len(chunk)
        found += values if isinstance(values, list) else values.tolist()
    return found


def refusal(table: ColumnarTable, name: str, kind: Kind) -> DataError:
    with pytest.raises(DataError) as caught:
        read(table, name, kind)
    return caught.value


Opened = Callable[[pl.DataFrame], ColumnarTable]


def test_columns_and_rows_come_in_their_order(table: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar_frames, "FIRST", 16)
    monkeypatch.setattr(columnar_frames, "MOST", 512)
    numbers = np.random.default_rng(0).permutation(5000)
    opened = table(pl.DataFrame({"b": numbers, "a": numbers / 3}))
    assert (list(opened.columns), opened.unit) == (["b", "a"], "record")
    assert (numbers / 3).tolist() == read(opened, "a", "number")
    assert (numbers / 3).tolist() == read(opened, "a", "number"), "a second pass gives the same"
    assert list(map(str, numbers.tolist())) == read(opened, "@1", "text")
    lines = [line for chunk in opened.chunks({"a": "number"}) for line in chunk.lines]
    assert list(range(1, 5001)) == lines


def test_a_column_can_be_had_as_numbers_and_as_text_at_once(table: Opened) -> None:
    (chunk,) = table(pl.DataFrame({"y": [1, 2], "z": [0.5, 1.5]})).chunks({"y": "number", "@1": "text", "z": "number"})
    assert np.asarray(chunk.columns["y"]).tolist() == [1.0, 2.0]
    assert chunk.columns["@1"] == ["1", "2"]
    assert list(chunk.columns) == ["y", "@1", "z"]


def test_without_a_wanted_column_the_rows_are_counted_all_the_same(table: Opened) -> None:
    assert [len(chunk) for chunk in table(pl.DataFrame({"y": [1, 2]})).chunks({})] == [2]


def test_a_file_without_rows_has_its_columns(table: Opened) -> None:
    opened = table(pl.DataFrame({"y": pl.Series([], dtype=pl.Float64)}))
    assert (list(opened.columns), read(opened, "y", "number")) == (["y"], [])


def test_a_name_is_no_pattern(table: Opened) -> None:
    opened = table(pl.DataFrame({"^y.*$": [1], "*": [2], "y": [3]}))
    assert [read(opened, name, "number") for name in ("^y.*$", "*", "y")] == [[1.0], [2.0], [3.0]]


NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "dtype", "kind", "numbers", "texts"),
    [
        ([1.5, None, NAN], pl.Float64(), "number", [1.5, NAN, NAN], ["1.5", "", "nan"]),
        ([0.1], pl.Float32(), "number", [float(np.float32(0.1))], [repr(float(np.float32(0.1)))]),
        ([2**63 - 1, None, -3], pl.Int64(), "number", [2.0**63, NAN, -3.0], ["9223372036854775807", "", "-3"]),
        ([2**53 + 1], pl.UInt64(), "number", [2.0**53], ["9007199254740993"]),
        ([7], pl.Int8(), "number", [7.0], ["7"]),
        ([True, None, False], pl.Boolean(), "number", [1.0, NAN, 0.0], ["true", "", "false"]),
        ([Decimal("0.10"), None], pl.Decimal(20, 2), "number", [0.1, NAN], ["0.10", ""]),
        ([None, None], pl.Null(), "number", [NAN, NAN], ["", ""]),
        (["1.5", "NA", None], pl.String(), "text", [1.5, NAN, NAN], ["1.5", "NA", ""]),
        (["7", None], pl.Categorical(), "text", [7.0, NAN], ["7", ""]),
        (["8", "8"], pl.Enum(["7", "8"]), "text", [8.0, 8.0], ["8", "8"]),
    ],
    ids=str,
)
def test_a_type_means_these_numbers_and_this_text(
    table: Opened, values: list[Any], dtype: pl.DataType, *, kind: Kind, numbers: list[float], texts: list[str]
) -> None:
    opened = table(pl.DataFrame({"y": pl.Series(values, dtype=dtype)}))
    assert {"y": kind} == opened.kinds()
    assert texts == read(opened, "y", "text")
    assert numbers == pytest.approx(read(opened, "y", "number"), rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize("digits", [5, 17, 30])
def test_a_decimal_is_the_float_nearest_to_it(tmp_path: Path, digits: int) -> None:
    draw = random.Random(digits)  # noqa: S311  no secret
    values = [Decimal(draw.randrange(10 ** (digits + 3))).scaleb(-digits) for _ in range(3000)]
    pl.DataFrame({"y": pl.Series(values, dtype=pl.Decimal(38, digits))}).write_parquet(tmp_path / "a.parquet")
    assert [float(value) for value in values] == read(table_of(tmp_path / "a.parquet"), "y", "number")


def table_of(path: Path, format_: str | None = None) -> ColumnarTable:
    return ColumnarTable(open_input(str(path), format_))


def test_text_that_is_no_number_is_told_with_its_place(table: Opened) -> None:
    opened = table(pl.DataFrame({"y": ["1", "1,5"]}))
    error = refusal(opened, "y", "number")
    assert error.message == f"{opened.name}, record 2, column y: '1,5' is not a number"
    assert "--decimal ," in error.hint


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dtype", [pl.List(pl.Float32), pl.List(pl.Int64), pl.Array(pl.Float64, 2)], ids=str)
def test_lists_are_rows_of_numbers(table: Opened, dtype: pl.DataType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar_frames, "MOST", 512)
    rows = [[i, 2 * i] for i in range(3000)]
    opened = table(pl.DataFrame({"p": pl.Series(rows, dtype=dtype)}))
    assert opened.kinds() == {"p": "number"}
    assert rows == read(opened, "p", "number")


def test_a_missing_row_or_value_is_nan(table: Opened) -> None:
    rows = [None, [1.0, None], None, [3.0, 4.0]]
    found = read(table(pl.DataFrame({"p": rows})), "p", "number")
    expected = [[NAN, NAN], [1.0, NAN], [NAN, NAN], [3.0, 4.0]]
    np.testing.assert_array_equal(expected, found)
    values = read(table(pl.DataFrame({"p": [[1.0, None], [3.0, 4.0]]})), "p", "number")
    np.testing.assert_array_equal([[1.0, NAN], [3.0, 4.0]], values)


@pytest.mark.parametrize("late", [1, 2500])
def test_lists_of_unequal_length_are_refused_as_json_refuses_them(
    table: Opened, late: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar_frames, "MOST", 512)
    rows = [[1.0, 2.0]] * late + [[1.0]]
    opened = table(pl.DataFrame({"p": rows}))
    error = refusal(opened, "p", "number")
    assert error.message == f"{opened.name}, record {late + 1}, column p has 1 value where record 1 has 2"
    assert error.hint == "every row must have the same number of values"


def test_every_list_shorter_from_some_row_on_is_refused_too(table: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar_frames, "FIRST", 2)
    monkeypatch.setattr("losscli.sources.columnar.ROWS", 2)
    error = refusal(table(pl.DataFrame({"p": [[1.0, 2.0]] * 2 + [[1.0]] * 2})), "p", "number")
    assert "record 3, column p has 1 value where record 1 has 2" in error.message


def test_an_empty_list_is_refused(table: Opened) -> None:
    error = refusal(table(pl.DataFrame({"p": pl.Series([[]], dtype=pl.List(pl.Float64))})), "p", "number")
    assert "record 1, column p holds an empty array" in error.message


def test_lists_in_lists_have_a_shape(table: Opened) -> None:
    rows = [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]
    (chunk,) = table(pl.DataFrame({"p": rows})).chunks({"p": "number"})
    np.testing.assert_array_equal(rows, np.asarray(chunk.columns["p"]))


def test_lists_as_text_are_json(table: Opened) -> None:
    opened = table(
        pl.DataFrame({"p": [[1, None]], "s": [["a", "é"]], "f": pl.Series([[0.5]], dtype=pl.List(pl.Float32))})
    )
    assert [read(opened, name, "text") for name in "psf"] == [["[1, null]"], ['["a", "é"]'], ["[0.5]"]]


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "shown"),
    [(dt.date(2024, 1, 2), "2024-01-02"), (dt.datetime(2024, 1, 2, 3), "2024-01-02 03:00:00.000000")],  # noqa: DTZ001  a time without a zone is meant
)
def test_dates_are_text_and_no_numbers(table: Opened, value: object, shown: str) -> None:
    opened = table(pl.DataFrame({"day": [value, None]}))
    assert opened.kinds() == {"day": "text"}
    assert [shown, ""] == read(opened, "day", "text")
    error = refusal(opened, "day", "number")
    assert error.message.startswith(f"{opened.name}, column day holds Date")
    assert error.message.endswith("no numbers")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([{"a": 1}], "Struct"),
        ([[{"a": 1}]], "Struct"),
        ([b"\x00"], "Binary"),
        ([dt.timedelta(1)], "Duration"),
    ],
    ids=["struct", "list of structs", "binary", "duration"],
)
@pytest.mark.parametrize("kind", ["number", "text"])
def test_what_is_neither_numbers_nor_text_is_refused_by_its_name(
    table: Opened, values: list[object], said: str, kind: Kind
) -> None:
    opened = table(pl.DataFrame({"y": [1], "x": values}))
    error = refusal(opened, "x", kind)
    assert error.message.startswith(f"{opened.name}, column x holds ")
    assert said in error.message
    assert error.message.endswith("neither numbers nor text")
    assert read(opened, "y", "number") == [1.0], "the other columns can be read"


def test_a_feather_file_of_version_1_is_refused_with_the_way_to_a_newer_one(tmp_path: Path) -> None:
    (tmp_path / "a.feather").write_bytes(b"FEA1" + bytes(64))
    with pytest.raises(DataError, match="a Feather file of version 1"):
        table_of(tmp_path / "a.feather")


# ── damage ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def attempt(path: Path) -> str:
    """Return ``rows`` if a file can be read, else ``refused``; any error but DataError is let through."""
    try:
        opened = table_of(path)
        for chunk in opened.chunks({"y": "number", "p": "number", "s": "text"}):
            assert len(chunk.columns["s"]) == len(chunk)
    except DataError as error:
        return "refused" if error.message.startswith(str(path)) else error.message
    return "rows"


@pytest.fixture(params=WRITERS)
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    values = np.random.default_rng(0).normal(size=3000)
    frame = pl.DataFrame({"y": values, "p": [[value, 1.0] for value in values.tolist()], "s": ["a", "b", "c"] * 1000})
    WRITERS[request.param](frame, path)
    return path


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.3, 0.7, 0.99])
def test_a_file_cut_short_is_refused(whole: Path, keep: float) -> None:
    data = whole.read_bytes()
    assert attempt(whole) == "rows"
    short = whole.with_stem("short")
    short.write_bytes(data[: int(len(data) * keep)])
    assert attempt(short) == "refused"


def test_damage_is_a_data_error_or_unnoticed_and_writes_nothing(whole: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, draw = whole.read_bytes(), random.Random(7)  # noqa: S311  no secret
    found = set()
    for number in range(60):
        damaged = bytearray(data)
        for _ in range(draw.randrange(1, 20)):
            place = draw.choice([draw.randrange(len(data)), draw.randrange(1500), -draw.randrange(1, 1500)])
            damaged[place] ^= 1 << draw.randrange(8)
        path = whole.with_stem(f"damaged{number}")  # each its own: an Arrow file is mapped while it is read
        path.write_bytes(damaged)
        found.add(attempt(path))
    assert found <= {"refused", "rows"}
    assert "refused" in found
    assert capfd.readouterr().err == ""


def test_a_panic_below_python_is_a_data_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pl.DataFrame({"y": [1.0]}).write_parquet(tmp_path / "a.parquet")

    def panic(*_: object, **__: object) -> pl.LazyFrame:
        raise pl.exceptions.PanicException("index out of bounds")

    monkeypatch.setattr(pl, "scan_parquet", panic)
    with pytest.raises(DataError, match=r"a\.parquet is damaged"):
        table_of(tmp_path / "a.parquet")


def test_what_is_no_parquet_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text("y_true,y_pred\n1,2\n")
    with pytest.raises(DataError, match=r"a\.parquet is damaged or cannot be read"):
        table_of(tmp_path / "a.parquet")


# ── pipes and streams ────────────────────────────────────────────────────────────────────────────────────────────────

FRAME = pl.DataFrame({"y": np.arange(3000.0), "c": pl.Series(["a", "b", "c"] * 1000, dtype=pl.Categorical)})


@pytest.mark.parametrize("name", WRITERS)
def test_a_compressed_file_is_read_too(tmp_path: Path, name: str) -> None:
    WRITERS[name](FRAME, tmp_path / name)
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress((tmp_path / name).read_bytes()))
    opened = table_of(packed)
    assert FRAME["y"].to_list() == read(opened, "y", "number")
    assert read(opened, "c", "text") == ["a", "b", "c"] * 1000


@pytest.mark.parametrize("name", WRITERS)
def test_the_first_bytes_tell_the_format(tmp_path: Path, name: str) -> None:
    WRITERS[name](FRAME, tmp_path / "data")
    assert FRAME["y"].to_list() == read(table_of(tmp_path / "data"), "y", "number")


def test_the_copy_of_a_pipe_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "copies"))
    (tmp_path / "copies").mkdir()
    FRAME.write_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    opened = table_of(tmp_path / "a.parquet.gz")
    assert len(list((tmp_path / "copies").iterdir())) == 1
    assert FRAME["y"].to_list() == read(opened, "y", "number")
    del opened
    assert list((tmp_path / "copies").iterdir()) == []


def stream_of(*frames: pl.DataFrame) -> bytes:
    """Return one stream with a record batch for each frame: the schema of the first, and the batches of all."""
    streams = []
    for frame in frames:
        frame.write_ipc_stream(data := io.BytesIO())
        streams.append(data.getvalue())
    batches = [8 + int.from_bytes(stream[4:8], "little") for stream in streams]
    after_schema = [stream[start:-8] for stream, start in zip(streams, batches, strict=True)]
    return b"".join([streams[0][: batches[0]], *after_schema, END])


def test_a_stream_is_cut_into_streams_that_hold_the_same() -> None:
    frames = [pl.DataFrame({"y": [i], "s": [str(i)]}) for i in range(5)]
    cut = list(parts(io.BytesIO(stream_of(*frames)), "stdin", 1))
    assert len(cut) == 5
    together = pl.concat([pl.read_ipc_stream(io.BytesIO(one)) for one in cut])
    assert together.rows() == pl.concat(frames).rows()


def test_a_stream_without_its_end_mark_is_whole() -> None:
    data = stream_of(pl.DataFrame({"y": [1]}))
    assert list(parts(io.BytesIO(data), "stdin", 1)) == list(parts(io.BytesIO(data[:-8]), "stdin", 1))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"y_true,y_pred\n",
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xff\xff\xff\xff\x10\x00\x00\x00" + b"\xff" * 16,
        b"\xff\xff\xff\xff\x04\x00\x00\x00" + bytes(4),
    ],
    ids=["empty", "text", "cut", "endless head", "odd head", "short head"],
)
def test_what_is_no_stream_is_refused(head: bytes) -> None:
    with pytest.raises(DataError, match="stdin"):
        list(parts(io.BytesIO(head), "stdin", 1))


# ── the extra ────────────────────────────────────────────────────────────────────────────────────────────────────────

WITHOUT = "import sys; sys.modules['polars'] = None; from losscli.cli import main; sys.argv[0] = 'losscli'; main()"


@pytest.mark.parametrize(
    ("name", "said"), [("a.parquet", "Parquet"), ("a.arrow", "Arrow"), ("a.feather", "Feather"), ("data", "Parquet")]
)
def test_without_polars_the_command_that_installs_it_is_named(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).write_bytes(b"PAR1")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "mse", name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert done.stderr == (
        f"losscli: error: {name}: reading {said} needs the extra\nhint: pip install 'losscli[fast]'\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
@pytest.mark.parametrize("name", ["a.parquet", "a.arrows"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, name: str) -> None:
    code = (
        "import re, sys; from losscli.sources.columnar import ColumnarTable as T; "
        "from losscli.sources.inputs import open_input\n"
        "for chunk in T(open_input(sys.argv[1])).chunks({'y': 'number'}): pass\n"
        "print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])"
    )
    peaks = []
    for times in (4, 24):
        frame = pl.DataFrame({"y": np.random.default_rng(0).normal(size=250_000)})
        path = tmp_path / name
        if name == "a.parquet":
            pl.concat([frame] * times).write_parquet(path, row_group_size=1 << 18)
        else:
            path.write_bytes(stream_of(*[frame] * times))
        done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 20 << 10, f"{peaks} KiB for 40 MB more"
