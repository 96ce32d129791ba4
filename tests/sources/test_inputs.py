"""Opening files, pipes and stdin, compressed or not."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from losscli.errors import DataError, UsageError
from losscli.sources import inputs, streams
from losscli.sources.inputs import Input, open_input

TABLE = b"y_true,y_pred\n1,2\n3,4\n"
PACK: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


class Pipe(io.RawIOBase):
    """A stream that can be read once, counts what was taken and never holds more than one piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what BufferedReader passes
        self._rest = self._rest or next(self._pieces, b"")
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)


class FakeStdin:
    def __init__(self, stream: BinaryIO) -> None:
        self.buffer = stream


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pipe]:
    def feed(*pieces: bytes, endless: bytes = b"") -> Pipe:
        def every() -> Iterator[bytes]:
            yield from pieces
            while endless:
                yield endless

        pipe = Pipe(every())
        monkeypatch.setattr(sys, "stdin", FakeStdin(io.BufferedReader(pipe)))
        return pipe

    return feed


def contents(source: Input) -> bytes:
    with source.open() as stream:
        return stream.read()


def failure(path: str | Path, format_: str | None = None) -> DataError:
    with pytest.raises(DataError) as caught:
        contents(open_input(str(path), format_))
    return caught.value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv", "csv"),
        ("a.CSV", "csv"),
        ("a.tsv", "tsv"),
        ("a.json", "json"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.npy", "npy"),
        ("a.npz", "npz"),
    ],
)
def test_the_suffix_tells_the_format(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / name).write_bytes(TABLE)
    assert open_input(str(tmp_path / name)).format == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"y_true": [1]}', "json"),
        (b'\n {\n "y_true": [1]}', "json"),
        (b"[1, 2]\n[3, 4]\n", "json"),
        (b'{"t": 1}\n{"t": 2}\n', "jsonl"),
        (b'\xef\xbb\xbf{"t": 1}\n\n {"t": 2}\n', "jsonl"),
        (b"\x93NUMPY\x01\x00", "npy"),
        (b"PK\x03\x04rest", "npz"),
        (TABLE, "csv"),
        (b"", "csv"),
    ],
)
def test_without_a_known_suffix_the_first_bytes_tell_the_format(tmp_path: Path, head: bytes, expected: str) -> None:
    (tmp_path / "data").write_bytes(head)
    assert open_input(str(tmp_path / "data")).format == expected


def test_from_beats_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(TABLE)
    assert open_input(str(tmp_path / "a.json"), "csv").format == "csv"


def test_from_takes_a_suffix_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"{}")
    assert open_input(str(tmp_path / "a"), "ndjson").format == "jsonl"


def test_an_unknown_format_is_a_usage_error_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="no format is called 'jsonll'") as caught:
        open_input("-", "jsonll")
    assert "'jsonl'" in caught.value.hint


@pytest.mark.parametrize("suffix", PACK)
def test_a_compressed_file_is_read_by_its_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(PACK[suffix](TABLE))
    source = open_input(str(path))
    assert (source.format, source.path, contents(source), contents(source)) == ("csv", None, TABLE, TABLE)


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("asked", [None, "csv"])
def test_compressed_stdin_is_recognised_by_its_first_bytes(
    feed: Callable[..., Pipe], suffix: str, asked: str | None
) -> None:
    packed = PACK[suffix](TABLE)
    feed(packed[:7], packed[7:])
    source = open_input("-", asked)
    assert (source.format, contents(source)) == ("csv", TABLE)


def test_the_format_inside_compressed_stdin_is_recognised(feed: Callable[..., Pipe]) -> None:
    feed(gzip.compress(b'{"t": 1}\n{"t": 2}\n'))
    assert open_input("-").format == "jsonl"


@pytest.mark.parametrize("suffix", PACK)
def test_two_compressed_streams_one_after_the_other_are_both_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(PACK[suffix](TABLE) * 2)
    assert contents(open_input(str(path))) == TABLE * 2


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("keep", [0.3, 0.7, 0.99])
def test_a_compressed_file_cut_short_is_refused_by_name(tmp_path: Path, suffix: str, keep: float) -> None:
    packed = PACK[suffix](os.urandom(100_000))
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(packed[: int(len(packed) * keep)])
    error = failure(path)
    assert f"{path} is damaged or cut short" in error.message
    assert f" -t {path}`" in error.hint


@pytest.mark.parametrize("suffix", PACK)
def test_damage_inside_a_compressed_file_is_refused(tmp_path: Path, suffix: str) -> None:
    packed = bytearray(PACK[suffix](os.urandom(100_000)))
    packed[len(packed) // 2] ^= 0xFF
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(packed)
    assert "damaged or cut short" in failure(path).message


@pytest.mark.parametrize("suffix", PACK)
def test_a_suffix_that_promises_a_compression_is_held_to_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(TABLE)
    assert "damaged or cut short" in failure(path).message


def test_a_stream_that_swells_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SWELL", 100)
    monkeypatch.setattr(streams, "SWELL_FROM", 1 << 20)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"0\n" * (1 << 20)))
    error = failure(path)
    assert "grows more than 100-fold" in error.message
    assert f"gzip -dc {path} | losscli … -" in error.hint


def test_a_small_file_may_be_as_dense_as_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.bz2"
    path.write_bytes(bz2.compress(b"0\n" * (1 << 20)))
    assert len(contents(open_input(str(path)))) == 1 << 21


def test_zstandard_without_a_module_for_it_names_the_command_that_installs_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    path = tmp_path / "a.csv.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd")
    assert failure(path).hint == "pip install backports.zstd"


def test_zstandard_is_read_where_a_module_for_it_is_installed(tmp_path: Path) -> None:
    zstd = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    path = tmp_path / "a.csv.zst"
    path.write_bytes(zstd.compress(TABLE) * 2)
    assert contents(open_input(str(path))) == TABLE * 2
    path.write_bytes(zstd.compress(TABLE)[:-1])
    assert "damaged or cut short" in failure(path).message


def test_a_missing_file_is_told_with_a_name_that_is_near(tmp_path: Path) -> None:
    (tmp_path / "preds.csv").write_bytes(TABLE)
    error = failure(tmp_path / "pred.csv")
    assert "no such file" in error.message
    assert error.hint == "did you mean 'preds.csv'?"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert failure(tmp_path / "runs" / "a.csv").hint == f"there is no folder {tmp_path / 'runs'}"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    error = failure(tmp_path)
    assert "is a directory" in error.message


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> io.FileIO:
        raise PermissionError(13, "Permission denied", path)

    path = tmp_path / "my preds.csv"
    path.write_bytes(TABLE)
    monkeypatch.setattr(inputs, "FileIO", refuse)
    error = failure(path)
    assert error.message == f"{path}: permission denied"
    assert error.hint == f"look at its permissions: ls -l '{path}'"


def test_a_file_taken_for_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TABLE)
    assert failure(tmp_path / "a.csv" / "b.csv").message.endswith("not a directory")


def test_a_disk_that_fails_while_it_is_read_is_a_data_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> Iterator[bytes]:
        yield TABLE
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdin", FakeStdin(io.BufferedReader(Pipe(failing()))))
    with pytest.raises(DataError, match=r"stdin cannot be read: .*Input/output error"):
        contents(open_input("-"))


@pytest.mark.parametrize(
    ("name", "format_", "said"),
    [("a.parquet", None, "Parquet"), ("a.feather", None, "Feather"), ("a.csv", "arrow", "Arrow")],
)
def test_a_format_of_the_extra_names_the_command_that_installs_it(
    tmp_path: Path, name: str, format_: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    (tmp_path / name).write_bytes(b"")
    error = failure(tmp_path / name, format_)
    assert (3, f"{tmp_path / name}: reading {said} needs the extra") == (error.exit_code, error.message)
    assert error.hint == "pip install 'losscli[fast]'"


def test_only_a_plain_file_has_a_path_to_map(tmp_path: Path, feed: Callable[..., Pipe]) -> None:
    feed(TABLE)
    (tmp_path / "a.npy").write_bytes(b"")
    assert open_input(str(tmp_path / "a.npy")).path == str(tmp_path / "a.npy")
    assert open_input("-").path is None


def test_a_plain_file_can_be_searched(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(TABLE)
    with open_input(str(tmp_path / "a.npz")).open() as stream:
        assert (True, len(TABLE)) == (stream.seekable(), stream.seek(0, io.SEEK_END))
        assert (2, TABLE[2:5]) == (stream.seek(2), stream.read(3))


def test_a_compressed_file_and_a_pipe_cannot_be_searched(tmp_path: Path, feed: Callable[..., Pipe]) -> None:
    feed(TABLE)
    (tmp_path / "a.npz.gz").write_bytes(gzip.compress(TABLE))
    for path in ("-", str(tmp_path / "a.npz.gz")):
        with open_input(path).open() as stream:
            assert not stream.seekable()


def test_stdin_can_be_opened_twice(feed: Callable[..., Pipe]) -> None:
    feed(*[TABLE] * 50_000)
    source = open_input("-")
    assert source.name == "stdin"
    assert (contents(source), contents(source)) == (TABLE * 50_000, TABLE * 50_000)


def test_a_recording_that_outgrows_the_memory_is_the_same(
    feed: Callable[..., Pipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "IN_MEMORY", 1000)
    pieces = [bytes([65 + i % 26]) * 997 + b"\n" for i in range(500)]
    feed(*pieces)
    source = open_input("-")
    assert (b"".join(pieces), b"".join(pieces)) == (contents(source), contents(source))


def test_a_second_reading_goes_on_where_the_first_stopped(feed: Callable[..., Pipe]) -> None:
    pieces = [f"{i:>63}\n".encode() for i in range(20_000)]
    feed(*pieces)
    source = open_input("-")
    with source.open() as stream:
        stream.read(600_000)
    assert contents(source) == b"".join(pieces)


def test_what_was_read_before_forgetting_can_still_be_read_again(feed: Callable[..., Pipe]) -> None:
    pieces = [f"{i:>63}\n".encode() for i in range(20_000)]
    feed(*pieces)
    source = open_input("-")
    with source.open() as stream:
        stream.read(100_000)
    source.forget()
    assert contents(source) == b"".join(pieces)


def test_what_was_read_after_forgetting_cannot_be_read_again(feed: Callable[..., Pipe]) -> None:
    feed(*[TABLE] * 50_000)
    source = open_input("-")
    source.forget()
    contents(source)
    with pytest.raises(DataError, match="stdin can be read only once"):
        contents(source)


def test_an_endless_pipe_is_taken_only_as_far_as_it_is_read(feed: Callable[..., Pipe]) -> None:
    pipe = feed(endless=TABLE * 100)
    source = open_input("-")
    source.forget()
    with source.open() as stream:
        stream.read(1_000_000)
        assert 1_000_000 <= pipe.taken < 1_500_000


def test_an_endless_pipe_leaves_nothing_in_memory_once_forgotten(feed: Callable[..., Pipe]) -> None:
    import tracemalloc  # noqa: PLC0415  this test only

    feed(endless=TABLE * 1000)
    source = open_input("-")
    source.forget()
    with source.open() as stream:
        stream.read(1 << 16)
        tracemalloc.start()
        for _ in range(500):
            stream.read(1 << 16)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 1 << 21


def test_a_named_pipe_can_be_opened_twice(tmp_path: Path) -> None:
    path = tmp_path / "fifo.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(TABLE * 10_000,))
    writer.start()
    source = open_input(str(path))
    assert (source.path, contents(source), contents(source)) == (None, TABLE * 10_000, TABLE * 10_000)
    writer.join()


def test_a_closed_stdin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="stdin is closed"):
        open_input("-")


def test_a_pause_in_a_pipe_that_does_not_block_is_not_taken_for_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(reading, "r") as stdin, os.fdopen(writing, "wb", buffering=0) as out:
        monkeypatch.setattr(sys, "stdin", stdin)
        out.write(TABLE)

        def finish() -> None:
            out.write(TABLE)
            out.close()

        later = threading.Timer(0.05, finish)
        later.start()
        assert contents(open_input("-")) == TABLE * 2
        later.join()
