"""NumPy's files are read in blocks, side by side, and never unpickled."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from math import inf, nan
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib import format as npy_format

from losscli.arrays import AnyArray
from losscli.errors import DataError
from losscli.sources.arrays import NpyTable, NpzTable
from losscli.sources.cells import numbers
from losscli.sources.inline import inline
from losscli.sources.inputs import Input, open_input
from losscli.sources.json import JsonlTable, JsonTable
from losscli.sources.memory import ROWS
from losscli.sources.table import Column, Kind, Table


def saved(array: AnyArray) -> bytes:
    file = BytesIO()
    np.save(file, array)
    return file.getvalue()


def zipped(*, compressed: bool = False, **members: AnyArray) -> bytes:
    file = BytesIO()
    save: Callable[..., None] = np.savez_compressed if compressed else np.savez
    save(file, **members)
    return file.getvalue()


def forged(shape: tuple[int, ...], descr: str = "<f8", *, fortran: bool = False) -> bytes:
    """The head of an array that is not there, and one number."""
    file = BytesIO()
    npy_format.write_array_header_1_0(file, {"descr": descr, "fortran_order": fortran, "shape": shape})
    return file.getvalue() + bytes(8)


class Pipe(BytesIO):
    """Bytes that cannot be sought, as those of a pipe or of a compressed file."""

    def seekable(self) -> bool:
        return False


def streamed(data: bytes, name: str = "stdin") -> Input:
    return Input(name, "", None, lambda: Pipe(data))


def on_disk(folder: Path, data: bytes, name: str) -> Input:
    path = folder / name
    path.write_bytes(data)
    return open_input(str(path))


def whole(table: Table, name: str, kind: Kind = "number") -> Column:
    parts = [chunk.columns[name] for chunk in table.chunks({name: kind})]
    if kind == "number":
        return np.concatenate([np.asarray(part) for part in parts])
    return [text for part in parts for text in part if isinstance(text, str)]


def refused(make: Callable[[], Table], kind: Kind = "number") -> str:
    with pytest.raises(DataError) as caught:
        for _ in (table := make()).chunks(dict.fromkeys(table.columns, kind)):
            pass
    return caught.value.message


@pytest.mark.parametrize("dtype", "? b B <h >h <i >i <q >q <Q <e >e <f >f <d >d <g".split())
@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("way", ["file", "stream"])
def test_every_numeric_type_and_order_reads_as_the_float64_of_its_values(
    tmp_path: Path, dtype: str, order: str, way: str
) -> None:
    matrix = np.array([[0, 1, 5], [7, 0, 1]]).astype(dtype, order=order)  # type: ignore[call-overload]  # C or F
    data = saved(matrix)
    table = NpyTable(on_disk(tmp_path, data, "a.npy") if way == "file" else streamed(data))

    assert table.columns == ["@1", "@2", "@3"]
    assert set(table.kinds().values()) == {"number"}
    for position in range(3):
        found = whole(table, f"@{position + 1}")
        np.testing.assert_array_equal(matrix[:, position].astype(np.float64), found)
        assert isinstance(found, np.ndarray)
        assert found.dtype == np.float64
        assert found.flags.writeable


@pytest.mark.parametrize(
    ("name", "column"),
    [("y_true.npy", "y_true"), ("run.1.NPY", "run.1"), ("y_pred.npy.gz", "y_pred"), ("stdin", "@1")],
)
def test_a_vector_is_called_like_its_file(name: str, column: str) -> None:
    table = NpyTable(streamed(saved(np.array([1.5, 2.5])), f"folder.x/{name}"))

    assert table.columns == [column]
    np.testing.assert_array_equal([1.5, 2.5], whole(table, "@1"))


def test_what_float64_cannot_hold_becomes_an_infinity_without_a_warning() -> None:
    table = NpyTable(streamed(saved(np.array(["1e400", "-1e400"]).astype(np.longdouble))))

    np.testing.assert_array_equal([inf, -inf], whole(table, "@1"))


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (np.array(["cat", "", "é"]), ["cat", "", "é"]),
        (np.array(["cat", "dog"]).astype(">U3"), ["cat", "dog"]),
        (np.array([2**63 - 1]), ["9223372036854775807"]),
        (np.array([0.1, 1.0, nan]), ["0.1", "1.0", "nan"]),
        (np.array([True, False]), ["true", "false"]),
    ],
)
def test_values_become_text_as_they_stand(array: AnyArray, texts: list[str]) -> None:
    assert texts == whole(NpyTable(streamed(saved(array))), "@1", "text")


def test_text_that_holds_numbers_can_be_read_as_such() -> None:
    table = NpyTable(streamed(saved(np.array([["1", "NA"], ["2", "-3e1"]]))))

    assert table.kinds() == {"@1": "text", "@2": "text"}
    np.testing.assert_array_equal([nan, -30], whole(table, "@2"))


def test_fields_of_a_structured_array_are_columns() -> None:
    dtype = np.dtype([("id", "U2"), ("y", "<i4"), ("p", "<f4", (2,)), ("when", "M8[D]")])
    table = NpyTable(streamed(saved(np.array([("a", 1, (0.5, 0.5), 0), ("b", 2, (0.25, 0.75), 1)], dtype))))

    assert table.columns == ["id", "y", "p"]
    assert table.kinds() == {"id": "text", "y": "number", "p": "number"}
    assert table.notes == ["neither numbers nor text, so left out: 'when'"]
    np.testing.assert_array_equal([[0.5, 0.5], [0.25, 0.75]], whole(table, "p"))
    assert whole(table, "id", "text") == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (saved(np.array([{}], dtype=object)), "stdin holds Python objects, which are never loaded"),
        (saved(np.array([1j])), "stdin holds complex128, neither numbers nor text"),
        (saved(np.array(["2020"], "M8[D]")), "stdin holds datetime64[D], neither numbers nor text"),
        (saved(np.array(1.0)), "stdin holds one value alone, without rows"),
        (saved(np.ones((2, 3, 4))), "stdin has shape (2, 3, 4)"),
        (saved(np.ones((2, 0))), "stdin has shape (2, 0)"),
        (saved(np.arange(3.0))[:-4], "stdin is cut short: it ends after record 2 of 3"),
        (saved(np.asfortranarray(np.ones((3, 2))))[:-4], "stdin is cut short: it ends after record 0 of 3"),
        (saved(np.arange(3.0))[:40], "stdin is not a .npy array: EOF: reading array header, expected 118 bytes got 30"),
        (b"", "stdin is not a .npy array: EOF: reading magic string, expected 8 bytes got 0"),
        (forged((-3,)), "stdin has shape (-3,)"),
        (forged((3, 10**12)), "stdin has shape (3, 1000000000000)"),
        (forged((10**15,)), "stdin is cut short: it ends after record 1 of 1000000000000000"),
        (forged((10**15, 2), fortran=True), "stdin is cut short: it ends after record 0 of 1000000000000000"),
        (forged((3,), "<U0"), "stdin holds values of no size"),
        (forged((3,), "[[["), "stdin is not a .npy array: descr is not a valid dtype descriptor: '[[['"),
        (b"\x93NUMPY\x07\x00", "stdin: version 7.0 of the .npy format is not read"),
        (
            saved(np.array(["a"])).replace(b"a\0\0\0", b"\xff\xff\xff\xff"),
            "stdin, @1 holds codes that are no characters",
        ),
        (saved(np.array(["1", "cat"])), "stdin, record 2, column @1: 'cat' is not a number"),
    ],
)
def test_a_bad_array_is_refused(data: bytes, message: str) -> None:
    assert message == refused(lambda: NpyTable(streamed(data)))


def test_a_damaged_head_is_read_or_refused_but_never_breaks_the_reader() -> None:
    whole_head = saved(np.arange(3.0))
    for position in range(10, 80):
        for byte in b"(['\"{,:-9O\\\xff":
            damaged = whole_head[:position] + bytes([byte]) + whole_head[position + 1 :]
            try:
                table = NpyTable(streamed(damaged))
                list(table.chunks(table.kinds()))
            except DataError:
                continue


def test_python_objects_are_never_loaded(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]  # what a pickle would run

    trap = np.array([Trap()], dtype=object)
    good = np.array([1.0])
    assert refused(lambda: NpyTable(streamed(saved(trap)))).endswith("which are never loaded")
    table = NpzTable(streamed(zipped(trap=trap, good=good)))
    np.testing.assert_array_equal([1.0], whole(table, "good"))
    assert refused(lambda: table) == "stdin, trap holds Python objects, which are never loaded"
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("order", ["C", "F"])
def test_long_arrays_come_in_bounded_chunks_and_whole(tmp_path: Path, order: Literal["C", "F"]) -> None:
    matrix = np.asarray(np.arange(2.0 * (ROWS + 1)).reshape(-1, 2), order=order)
    table = NpyTable(on_disk(tmp_path, saved(matrix), "a.npy"))

    for _ in "two passes":
        chunks = list(table.chunks({"@2": "number"}))
        assert [len(chunk) for chunk in chunks] == [ROWS, 1]
        assert list(chunks[1].lines) == [ROWS + 1]
        np.testing.assert_array_equal(
            matrix[:, 1], np.concatenate([np.asarray(chunk.columns["@2"]) for chunk in chunks])
        )


def test_memory_does_not_grow_with_an_array(tmp_path: Path) -> None:
    small, large = tmp_path / "small.npy", tmp_path / "large.npy"
    np.save(small, np.zeros(10))
    np.save(large, np.zeros(8_000_000))
    program = (
        "import resource, sys\n"
        "from losscli.sources.arrays import NpyTable\n"
        "from losscli.sources.inputs import open_input\n"
        "for _ in NpyTable(open_input(sys.argv[1])).chunks({'@1': 'number'}): pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    used = [int(subprocess.check_output([sys.executable, "-c", program, path])) for path in (small, large)]

    assert used[1] - used[0] < 16 * 1024  # KiB; the array has 64 MB


def test_members_are_columns_read_side_by_side(tmp_path: Path) -> None:
    labels, rows = np.arange(ROWS + 5) % 3, np.arange(3.0 * (ROWS + 5)).reshape(-1, 3)
    data = zipped(y_true=labels, y_pred=rows, fortran=np.asfortranarray(rows), names=labels.astype(str))
    for source in (on_disk(tmp_path, data, "a.npz"), streamed(data)):
        table = NpzTable(source)
        assert table.columns == ["y_true", "y_pred", "fortran", "names"]
        assert table.kinds() == {"y_true": "number", "y_pred": "number", "fortran": "number", "names": "text"}
        for _ in "two passes":
            for name, expected in (("y_true", labels), ("@2", rows), ("fortran", rows), ("names", labels)):
                np.testing.assert_array_equal(expected, whole(table, name))
        chunks = list(table.chunks(table.kinds()))
        assert sum(map(len, chunks)) == len(rows)
        assert max(map(len, chunks)) <= ROWS
        last = chunks[-1]
        np.testing.assert_array_equal(rows[-len(last) :], last.columns["y_pred"])
        assert last.columns["names"] == list(map(str, labels[-len(last) :]))


def test_members_without_rows_are_left_out_and_said() -> None:
    file = BytesIO(zipped(y=np.ones(2), epoch=np.array(3)))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("README", "hello")
    table = NpzTable(streamed(file.getvalue()))

    assert table.columns == ["y"]
    assert table.notes == ["one value alone, so left out: 'epoch'", "not an array, so left out: 'README'"]


def test_members_of_other_lengths_and_shapes_do_not_matter_unless_they_are_read() -> None:
    table = NpzTable(streamed(zipped(y=np.ones(2), p=np.ones(3), images=np.ones((2, 4, 4)))))

    np.testing.assert_array_equal([1, 1], whole(table, "y"))
    with pytest.raises(DataError, match=r"^stdin: y has 2 values and p has 3$"):
        list(table.chunks({"y": "number", "p": "number"}))
    with pytest.raises(DataError, match=r"^stdin, images has shape \(2, 4, 4\)$"):
        list(table.chunks({"y": "number", "images": "number"}))


def repacked(data: bytes, change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    """An archive whose members claim something about themselves."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            change(info)
            new.writestr(info, content)
    return file.getvalue()


def bzip2(info: zipfile.ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_BZIP2


def encrypted(data: bytes) -> bytes:
    """Set the flag in the directory and in the member's own head."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[data.index(mark) + offset] |= 1
    return bytes(changed)


def test_a_bad_archive_is_refused() -> None:
    good = zipped(y=np.arange(1000.0))
    flipped = bytearray(good)
    flipped[5000] ^= 1
    deflated = bytearray(zipped(compressed=True, y=np.random.default_rng(0).random(1000)))
    deflated[4000] ^= 255
    damage = "stdin is damaged or no .npz file: "
    assert refused(lambda: NpzTable(streamed(b"not a zip"))) == f"{damage}File is not a zip file"
    assert refused(lambda: NpzTable(streamed(b""))) == f"{damage}File is not a zip file"
    assert refused(lambda: NpzTable(streamed(good[:-30]))) == f"{damage}File is not a zip file"
    assert refused(lambda: NpzTable(streamed(bytes(flipped)))) == f"{damage}Bad CRC-32 for file 'y.npy'"
    assert refused(lambda: NpzTable(streamed(bytes(deflated)))).startswith(damage)
    strange = "stdin, y is encrypted or compressed in a way that numpy never uses"
    assert refused(lambda: NpzTable(streamed(encrypted(good)))) == strange
    assert refused(lambda: NpzTable(streamed(repacked(good, bzip2)))) == strange


def test_an_archive_without_arrays_or_with_one_name_twice_is_refused() -> None:
    empty, twice = BytesIO(), BytesIO(zipped(y=np.ones(2)))
    zipfile.ZipFile(empty, "w").close()
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("y.npy", saved(np.zeros(2)))

    assert refused(lambda: NpzTable(streamed(empty.getvalue()))) == "stdin holds no arrays with rows"
    assert refused(lambda: NpzTable(streamed(twice.getvalue()))) == "stdin holds two arrays called 'y'"


def test_a_member_that_swells_a_thousandfold_is_refused_before_it_is_read() -> None:
    bomb = zipped(compressed=True, y=np.zeros(10_000_000))

    small = NpzTable(streamed(zipped(compressed=True, y=np.zeros(1_000_000))))
    assert not np.any(np.asarray(whole(small, "y")))
    message = "stdin, y grows more than 1000-fold when it is decompressed"
    assert message == refused(lambda: NpzTable(streamed(bomb)))


cells = st.floats(width=64) | st.integers(-(10**6), 10**6).map(float)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=20)
)


@given(tables)
def test_every_way_to_write_a_table_gives_the_same_numbers(rows: Sequence[Sequence[float]]) -> None:
    matrix = np.array(rows)
    texts = ";".join(",".join(map(repr, row)) for row in rows) + ";"
    found = [
        whole(NpzTable(streamed(zipped(m=matrix))), "m"),
        whole(NpzTable(streamed(zipped(compressed=True, m=np.asfortranarray(matrix)))), "m"),
        np.stack(
            [np.asarray(whole(NpyTable(streamed(saved(matrix))), f"@{i + 1}")) for i in range(matrix.shape[1])], 1
        ),
        whole(JsonTable(streamed(json.dumps({"m": rows}).encode())), "m"),
        whole(JsonlTable(streamed("\n".join(json.dumps({"m": row}) for row in rows).encode())), "m"),
        whole(inline(texts, texts), "y_pred"),
        whole(inline(texts, json.dumps(rows)), "y_pred"),
        np.stack([numbers(list(map(repr, row))) for row in rows]),
    ]
    for one in found:
        np.testing.assert_array_equal(matrix, one, strict=True)
