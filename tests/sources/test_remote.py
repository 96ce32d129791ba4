"""Files on a server: read where they are, or refused soon and with the reason."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from losscli.errors import DataError
from losscli.sources import columnar_frames, remote
from losscli.sources.columnar import ColumnarTable
from losscli.sources.inputs import open_input
from losscli.sources.options import DataOptions
from losscli.sources.shards import Shards

VALUES = np.random.default_rng(0).normal(size=100_000)


class Handler(BaseHTTPRequestHandler):
    """Serves the files of a folder, and parts of them, as stores do."""

    folder: Path
    sent: list[int]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, *, body: bool) -> None:
        path = self.folder / self.path.lstrip("/")
        if not path.exists():
            self.send_error(404)
            return
        data = path.read_bytes()
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        start, end = (asked[1], asked[2]) if asked else ("0", "")
        part = slice(int(start), int(end) + 1 if end else None) if start else slice(-int(end), None)
        first, last, _ = part.indices(len(data))
        self.send_response(206 if asked else 200)
        self.send_header("Content-Range", f"bytes {first}-{last - 1}/{len(data)}")
        self.send_header("Content-Length", str(last - first))
        self.end_headers()
        if body:
            self.sent.append(last - first)
            self.wfile.write(data[part])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    Handler.folder, Handler.sent = tmp_path, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_a_file_on_a_server_is_read_where_it_is(server: str, tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame({"y": VALUES})
    (frame.write_parquet if suffix == "parquet" else frame.write_ipc)(tmp_path / f"a.{suffix}")
    table = ColumnarTable(open_input(f"{server}/a.{suffix}"))
    assert list(table.columns) == ["y"]
    read = np.concatenate([np.asarray(chunk.columns["y"]) for chunk in table.chunks({"y": "number"})])
    np.testing.assert_array_equal(VALUES, read)


def test_only_the_wanted_columns_are_fetched(server: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({f"x{i}": VALUES + i for i in range(20)})
    frame.write_parquet(tmp_path / "a.parquet", compression="uncompressed")
    for _ in ColumnarTable(open_input(f"{server}/a.parquet")).chunks({"x3": "number"}):
        pass
    assert VALUES.nbytes < sum(Handler.sent) < 3 * VALUES.nbytes


def test_keys_of_the_folders_in_a_url_group_its_rows(server: str, tmp_path: Path) -> None:
    (tmp_path / "day=1").mkdir()
    pl.DataFrame({"y": [1.0]}).write_parquet(tmp_path / "day=1" / "a.parquet")
    source = Shards([f"{server}/day=1/a.parquet"], DataOptions())
    ((_, chunk),) = source.parts({"day": "text", "y": "number"})
    assert chunk.columns["day"] == ["1"]


def failure(url: str, format_: str | None = None) -> DataError:
    with pytest.raises(DataError) as caught:
        ColumnarTable(open_input(url, format_))
    return caught.value


def test_a_file_that_is_not_there_is_told(server: str) -> None:
    error = failure(f"{server}/gone.parquet")
    assert error.message.startswith(f"{server}/gone.parquet cannot be read: ")
    assert "404" in error.message
    assert error.hint == remote.REACH


def test_a_server_that_does_not_answer_is_given_up_within_seconds() -> None:
    started = time.monotonic()
    error = failure("http://127.0.0.1:9/a.parquet")
    assert error.message.startswith("http://127.0.0.1:9/a.parquet cannot be read: ")
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("url", "message", "hint"),
    [
        ("ftp://host/a.parquet", "no server is reached by ftp://", "copy the file here, and name the copy"),
        ("htps://host/a.parquet", "no server is reached by htps://", "did you mean 'https' or 'http'?"),
        ("s3://bucket/a.csv", "of files on a server only Parquet, Arrow, Feather are read", "copy the file here"),
        ("https://host/download", "of files on a server only Parquet", "or say --from parquet"),
    ],
)
def test_what_is_not_read_from_afar_is_told_without_asking_the_server(url: str, message: str, hint: str) -> None:
    error = failure(url)
    assert message in error.message
    assert error.message.startswith(f"{url}: ")
    assert hint in error.hint


def test_without_polars_a_url_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    error = failure("s3://bucket/a.parquet")
    assert error.message == "s3://bucket/a.parquet: reading Parquet needs the extra"
    assert error.hint == "pip install 'losscli[fast]'"


def test_a_format_can_be_named_and_a_question_mark_ends_the_path() -> None:
    assert open_input("https://host/a.parquet?key=1.csv").format == "parquet"
    assert open_input("https://host/download", "arrow").format == "arrow"


def test_a_url_is_no_stream() -> None:
    with pytest.raises(DataError, match="cannot be read as a stream"):
        open_input("https://host/a.parquet").open()


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar_frames, "MOST", 1 << 12)
    path = tmp_path / "a.parquet"
    pl.DataFrame({"y": VALUES}).write_parquet(path)
    chunks = ColumnarTable(open_input(str(path))).chunks({"y": "number"})
    next(chunks)
    pl.DataFrame({"y": VALUES[:5000]}).write_parquet(path)
    with pytest.raises(DataError, match=r"a\.parquet"):
        list(chunks)
