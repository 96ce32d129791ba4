"""Large CSV is read ahead by worker processes or by polars: the same values, lines and errors as cell by cell."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from math import nan
from pathlib import Path
from unittest.mock import patch

import pytest
from csv_documents import BOTH, cells, choices, documents, joined, outcome, table
from hypothesis import given
from hypothesis import strategies as st

from losscli.errors import DataError
from losscli.sources import csv as csv_table
from losscli.sources import csv_ahead, csv_beside, csv_lines, workers
from losscli.sources.csv import CsvTable
from losscli.sources.csv_beside import Beside
from losscli.sources.csv_frames import Frame, Shape
from losscli.sources.csv_numbers import Parser, Plain, is_tidy, read_plain
from losscli.sources.csv_polars import _regular, polars_parser
from losscli.sources.inputs import open_input
from losscli.sources.table import Kind

NEVER = 1 << 60


@contextmanager
def patched(**values: object) -> Iterator[None]:
    with ExitStack() as stack:
        for name, value in values.items():
            stack.enter_context(patch.object(csv_ahead, name, value))
        yield


def exact() -> AbstractContextManager[None]:
    return patched(WORKERS_FROM=NEVER, read_plain=lambda *_, **__: None)


def here() -> AbstractContextManager[None]:
    return patched(WORKERS_FROM=NEVER)


def packed() -> AbstractContextManager[None]:
    """Read as a worker does, without the process."""

    def through_bytes(data: bytes, shape: Shape) -> Plain | None:
        return csv_ahead._unpacked(lambda: csv_ahead._packed(read_plain(data, shape)), data, shape)  # noqa: SLF001  what pipes carry

    return patched(WORKERS_FROM=NEVER, read_plain=through_bytes)


def forked() -> AbstractContextManager[None]:
    # the threads of a test runner hold no lock that a worker needs
    return patched(WORKERS_FROM=0, polars_parser=lambda *_: None, can_fork=lambda: True, usable_cores=lambda: 2)


def polars() -> AbstractContextManager[None]:
    pytest.importorskip("polars")
    return patched(WORKERS_FROM=0, POLARS_FROM=0, POLARS_SIZE=csv_lines.SIZE, usable_cores=lambda: 2)


class Thread:
    """Does what a ``Worker`` does, in a thread: a process with polars cannot be forked."""

    def __init__(self, serve: Callable[[int, int], None], _: list[int]) -> None:
        tasks, self.out = os.pipe()
        self.into, results = os.pipe()
        self.ends = [tasks, self.out, self.into, results]
        self.thread = threading.Thread(target=serve, args=(tasks, results))
        self.thread.start()

    def send(self, data: bytes) -> None:
        workers.send(self.out, data)

    def receive(self) -> bytes | None:
        return workers.receive(self.into)

    def end(self) -> None:
        os.close(self.out)
        self.thread.join()
        for end in self.ends:
            if end != self.out:
                os.close(end)


@contextmanager
def beside() -> Iterator[None]:
    pytest.importorskip("polars")
    with (
        patch.object(csv_beside, "Worker", Thread),
        patch.object(csv_beside, "_be_silent", lambda: None),
        patched(WORKERS_FROM=0, POLARS_FROM=0, POLARS_SIZE=csv_lines.SIZE, usable_cores=lambda: 2),
        patch.object(csv_beside, "_waiting", [Beside()]),
    ):
        yield
        while csv_beside.waits():
            csv_beside.taken().end()


Way = Callable[[], AbstractContextManager[None]]
QUICK = [here, packed, polars, beside]
ALL = [exact, here, packed, forked, polars, beside]

# ── the ways are one ────────────────────────────────────────────────────────────────────────────────────────────────

quoted = st.sampled_from(['"1"', '"a"', '"a,b"', '"a""b"', 'a"b', '""', ' "1"', '"1" ', '"a\nb"', "NA", "", "NA "])


@st.composite
def mutated(draw: st.DrawFn) -> tuple[bytes, int]:
    """Draw a table with bytes put in or left out somewhere."""
    text, width = draw(documents())
    data = text.encode()
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(data)))
        what = draw(st.sampled_from([b"\0", b"\xff", b'"', b"\r", b"\n", b",", b" ", b"\xef\xbb\xbf", b""]))
        data = data[:at] + what + data[at + draw(st.integers(0, 2)) :]
    return data, width


@st.composite
def gappy(draw: st.DrawFn) -> tuple[bytes, int]:
    """Draw a table with gaps and quotes, now and then with a cell too many or too few."""
    width = draw(st.integers(1, 4))
    cell = st.one_of(st.floats().map(repr), quoted if draw(st.booleans()) else cells)
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=8))
    if draw(st.integers(0, 3)) == 0:
        rows.append(draw(st.lists(cell, max_size=5)))
    header = [f"c{index}" for index in range(width)]
    return "\n".join(map(",".join, [header, *rows])).encode() + draw(st.sampled_from([b"", b"\n", b"\n\n"])), width


@pytest.mark.parametrize("way", QUICK)
@given(document=st.one_of(mutated(), gappy()), size=st.sampled_from([1, 30, 1 << 20]), data=st.data())
def test_every_way_gives_what_reading_cell_by_cell_gives(
    way: Way, document: tuple[bytes, int], size: int, data: st.DataObject
) -> None:
    text, width = document
    wanted = data.draw(choices(width))
    with patch.object(csv_lines, "SIZE", size):
        with exact():
            expected = outcome(text, wanted)
        with way():
            assert outcome(text, wanted) == expected


TRAPS: list[tuple[bytes, int, dict[str, Kind]]] = [
    (b"a,b\n0,1\n0,1\n\xef\xbb\xbf1,2\n", 4, {"a": "number"}),  # a mark that begins a piece, not the file
    (b"a,b,c\n1,,3\n1,2\n1,2,3,4\n", 1 << 20, {"a": "number", "b": "number"}),  # one cell too few, one too many
    (b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n", 1 << 20, {"a": "number", "c": "text"}),
    (b'a,b\n"x""y",1\n', 1 << 20, {"a": "text", "b": "number"}),  # a quote that is a part of the text
    (b'a,b,c\n"x,y",1\n', 1 << 20, {"c": "number"}),  # a delimiter that divides nothing
    (b'a,b\n"x,1\n2",3\n', 1 << 20, {"a": "text", "b": "number"}),
    (b"a\n1\n\n2\n\n", 1 << 20, {"a": "number"}),  # a blank line that is a gap, and one that is nothing
    (b"a,b\n1,2\n\n3,4\n\n", 1 << 20, {"a": "number"}),
]


@pytest.mark.parametrize("way", QUICK)
@pytest.mark.parametrize(("text", "size", "wanted"), TRAPS)
def test_what_a_quick_parser_would_take_for_something_else_is_no_trap(
    way: Way, text: bytes, size: int, wanted: dict[str, Kind]
) -> None:
    with patch.object(csv_lines, "SIZE", size):
        with exact():
            expected = outcome(text, wanted)
        with way():
            assert outcome(text, wanted) == expected


@pytest.mark.parametrize("way", ALL)
@pytest.mark.parametrize("later", [b"\0", b"\xff"])
def test_the_first_fault_is_told_whatever_is_no_text_below_it(way: Way, later: bytes) -> None:
    with patch.object(csv_lines, "SIZE", 4):  # the head that the table is known by; what follows is one piece
        source = table(b"a,b\n1\n2," + later + b"\n", delimiter=",")
    with way(), pytest.raises(DataError, match="line 2: 1 cell where the header has 2"):
        list(source.chunks({"b": "number"}))


def test_lines_that_polars_left_out_would_be_noticed() -> None:
    polars = pytest.importorskip("polars")
    shape = Shape(",", 2, (1,), ())

    def of(rows: int, *, gaps: bool) -> Frame:
        return Frame(polars.DataFrame({"1": [0.5] * rows}), gaps)

    assert _regular(b"1,2\n3,4", of(2, gaps=False), shape)
    assert not _regular(b"1,2\n3,4\n", of(1, gaps=False), shape)
    assert not _regular(b"1,2\n\n", of(1, gaps=True), shape)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", " "])
@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_are_tidy_only_if_no_character_is_left_over(delimiter: str, end: str) -> None:
    shape = Shape(delimiter, 2, (1,), ())
    lines = f"a{delimiter}-2\n3e-5{delimiter}.4{end}"
    assert is_tidy(lines.encode(), shape, 2)
    for over in ("\n", delimiter, '"', "\r", "\0", "é", "\ufeff"):
        assert not is_tidy(f"{over}{lines}".encode(), shape, 2)


NUMBERS = [
    *["1" * 400, "-" + "9" * 310, "0." + "0" * 400 + "1", "1" + "0" * 400 + "e-400", "1e400", "-1e400", "2e-324"],
    *[
        "5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "1.7976931348623159e308",
    ],
    *["9007199254740993", "9007199254740992.9999999999999999", "0.1", "1.00000000000000011102230246251565404"],
    *["+1", "-0", "-0.0", "+.5", "5.", "1e5", "1E+05", "inf", "-Infinity", "nan", "-nan", " 1", "\t1"],
]


@pytest.mark.parametrize("way", QUICK)
@pytest.mark.parametrize("cell", NUMBERS)
def test_a_number_of_any_spelling_is_rounded_as_python_does_without_the_slow_way(way: Way, cell: str) -> None:
    with way(), patch.object(csv_table, "read_rows", side_effect=AssertionError("cell by cell")):
        assert outcome(f"c0,c1\n0,{cell}\n{cell},0\n", {"c0": "number", "c1": "number"}) == (
            {"c0": ["0.0", repr(float(cell))], "c1": [repr(float(cell)), "0.0"]},
            [2, 3],
        )


@pytest.mark.parametrize("way", QUICK)
@pytest.mark.parametrize(
    "rows", ['"a",1,2\n"b",3,"4"\n', "a,,2\nb,NA,NA\nc,1,\n", '"","",""\n', "é,1,2\r\n,3,4\r\n", "a,1,2\n\n"[:-1]]
)
def test_quotes_that_mean_nothing_and_gaps_are_read_at_once(way: Way, rows: str) -> None:
    text, wanted = "name,y,z\n" + rows, {"name": "text", "y": "number", "z": "number"}
    with exact():
        expected = outcome(text, wanted)  # type: ignore[arg-type]  # the values are Kinds
    with way(), patch.object(csv_table, "read_rows", side_effect=AssertionError("cell by cell")):
        assert outcome(text, wanted) == expected  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("way", QUICK)
def test_a_last_column_of_text_may_be_empty_without_the_slow_way(way: Way) -> None:
    with way(), patch.object(csv_table, "read_rows", side_effect=AssertionError("cell by cell")):
        assert outcome("y,note\n1,\n2,x\n", {"y": "number", "note": "text"}) == (
            {"y": ["1.0", "2.0"], "note": ["''", "'x'"]},
            [2, 3],
        )


@pytest.mark.parametrize("way", ALL)
def test_a_wrong_cell_far_down_is_named_by_its_line_whatever_stands_above_it(way: Way) -> None:
    rows = [f"{i},{i}.5" for i in range(3000)]
    with patch.object(csv_lines, "SIZE", 700), way():
        rows[1000] = '"1","a ""quoted""\nnumber"'
        message, _ = outcome("\n".join(["y_true,y_pred", *rows]), BOTH)
        assert message == "preds.csv, line 1002, column y_pred: 'a \"quoted\"\\nnumber' is not a number"
        rows[1000] = '"1","\n2"\r\n'
        rows[2000] = "1,two"
        message, _ = outcome("\n".join(["y_true,y_pred", *rows]), BOTH)
        assert message == "preds.csv, line 2004, column y_pred: 'two' is not a number"


@pytest.mark.parametrize("way", ALL)
@pytest.mark.parametrize("compressed", [True, False])
def test_what_stands_before_a_damage_is_read_before_it_is_told(way: Way, tmp_path: Path, *, compressed: bool) -> None:
    text = "y_true,y_pred\n" + "".join(f"{i},{i * 0.37}\n" for i in range(20_000))
    path = tmp_path / ("preds.csv.gz" if compressed else "preds.csv")
    path.write_bytes(gzip.compress(text.encode())[:-1000] if compressed else text.encode() + b"1,\xff\n")

    def rows() -> int:
        count = 0
        with pytest.raises(DataError, match="damaged" if compressed else "line 20002: 0xFF"):  # noqa: PT012  counts too
            for chunk in CsvTable(open_input(str(path))).chunks(BOTH):
                count += len(chunk)
        return count

    with patch.object(csv_lines, "SIZE", 2000):
        with exact():
            expected = rows()
        with way():
            assert rows() == expected > 10_000


# ── which way ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ways that are taken; polars is not imported yet."""
    taken: list[str] = []
    monkeypatch.delitem(sys.modules, "polars", raising=False)
    monkeypatch.setattr(csv_ahead, "usable_cores", lambda: 2)
    monkeypatch.setattr(csv_ahead, "can_fork", lambda: True)

    class Pool(workers.Workers):
        def __init__(self, work: workers.Work, count: int) -> None:
            taken.append(f"{count} workers")
            super().__init__(work, count)

    def parser(shape: Shape, jobs: int) -> Parser:
        taken.append(f"{jobs} threads")
        return lambda data: read_plain(data, shape)

    monkeypatch.setattr(csv_ahead, "Workers", Pool)
    monkeypatch.setattr(csv_ahead, "polars_parser", parser)
    return taken


def sized(tmp_path: Path, size: int) -> CsvTable:
    path = tmp_path / "preds.csv"
    path.write_text("y_true,y_pred\n" + "1.25,2.50\n" * (size // 10), encoding="utf-8")
    return CsvTable(open_input(str(path)))


@pytest.mark.parametrize(("size", "expected"), [(1000, []), (5000, ["3 workers"]), (30_000, ["2 threads"])])
def test_a_file_takes_the_way_that_its_size_repays(
    said: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int, expected: list[str]
) -> None:
    monkeypatch.setattr(csv_ahead, "WORKERS_FROM", 4000)
    monkeypatch.setattr(csv_ahead, "POLARS_FROM", 20_000)
    assert sum(map(len, sized(tmp_path, size).chunks(BOTH))) == size // 10
    assert said == expected


def test_a_stream_takes_the_quicker_ways_as_it_grows(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"WORKERS_FROM": 4000, "POLARS_FROM": 20_000}.items():
        monkeypatch.setattr(csv_ahead, name, value)
    monkeypatch.setattr(csv_lines, "SIZE", 500)
    rows = [f"{i},{i}\n" for i in range(5000)]
    columns, lines = joined(table("y_true,y_pred\n" + "".join(rows)).chunks(BOTH), list(BOTH))
    assert columns["y_true"] == list(map(float, range(5000)))
    assert lines == list(range(2, 5002))
    assert said == ["3 workers", "2 threads"]


def test_one_job_reads_without_workers(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_ahead, "WORKERS_FROM", 0)
    monkeypatch.setattr(csv_ahead, "POLARS_FROM", NEVER)
    source = CsvTable(table("y_true,y_pred\n1,2\n")._source, jobs=1)  # noqa: SLF001  the same input
    assert len(list(source.chunks(BOTH))) == 1
    assert said == []


def test_a_decimal_comma_and_a_table_of_texts_are_not_left_to_polars() -> None:
    pytest.importorskip("polars")
    assert polars_parser(Shape(";", 2, (0,), (), ","), 1) is None
    assert polars_parser(Shape("§", 2, (0,), ()), 1) is None
    assert polars_parser(Shape(",", 2, (), (0,)), 1) is None
    assert polars_parser(Shape(",", 2, (0,), ()), 1) is not None


def test_without_polars_its_way_is_that_of_workers() -> None:
    with patch.dict(sys.modules, {"polars": None}):
        assert polars_parser(Shape(",", 2, (0,), ()), 1) is None


def test_a_small_file_imports_neither_polars_nor_multiprocessing(tmp_path: Path) -> None:
    path = tmp_path / "preds.csv"
    path.write_text("y_true,y_pred\n1,2\n", encoding="utf-8")
    heavy = "{'polars', 'multiprocessing', 'concurrent.futures'}"
    # what measures coverage may have imported some of them already
    run = f"from losscli.cli.app import run; run(['mse', {str(path)!r}, '-f', 'value', '-q'])"
    code = f"import sys; before = set(sys.modules); {run}"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print({heavy} & set(sys.modules) - before)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == ["1.0", "set()", ""]


# ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

LARGE = "y_true,y_pred\n" + "".join(f"{i},{i / 7!r}\n" for i in range(400_000))
"""Enough for workers, not for polars."""


def children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(true: Callable[[], object]) -> bool:
    deadline = time.monotonic() + 20
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(found)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
class TestProcesses:
    @pytest.fixture
    def pids(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Return the processes of the workers that are started."""
        found: list[int] = []
        fork = os.fork

        def told() -> int:
            pid = fork()
            found.append(pid)
            return pid

        monkeypatch.setattr(os, "fork", told)
        return found

    def test_a_reader_that_is_left_early_leaves_no_process(self, pids: list[int]) -> None:
        with patch.object(csv_lines, "SIZE", 2000), forked():
            chunks = table(LARGE).chunks(BOTH)
            next(chunks)
            assert len(pids) == 3
            assert all(map(alive, pids))
            chunks.close()  # type: ignore[attr-defined]  # a generator
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)

    def test_workers_that_die_cost_time_and_nothing_else(self, pids: list[int]) -> None:
        with patch.object(csv_lines, "SIZE", 100_000), forked():
            chunks = table(LARGE).chunks(BOTH)
            rows = len(next(chunks))
            os.kill(pids[0], signal.SIGKILL)
            rows += len(next(chunks))
            for pid in pids[1:]:
                os.kill(pid, signal.SIGKILL)
            rows += sum(map(len, chunks))
        assert rows == 400_000
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)

    def test_two_tables_at_a_time_have_workers_of_their_own(self, pids: list[int]) -> None:
        with patch.object(csv_lines, "SIZE", 100_000), forked():
            pairs = zip(table(LARGE).chunks(BOTH), table(LARGE).chunks(BOTH), strict=True)
            assert all((a.columns["y_pred"] == b.columns["y_pred"]).all() for a, b in pairs)  # type: ignore[union-attr]
        assert len(pids) == 6
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)

    @pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9), (signal.SIGTERM, 143)])
    def test_whatever_ends_the_command_its_workers_end_too(self, sent: signal.Signals, code: int) -> None:
        with subprocess.Popen(
            [sys.executable, "-m", "losscli", "mse", "-", "-j", "2", "-f", "value"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        ) as process:  # fmt: skip
            assert process.stdin
            assert process.stderr
            process.stdin.write(LARGE.encode())
            process.stdin.flush()
            assert eventually(lambda: len(children(process.pid)) == 3)
            workers_ = children(process.pid)
            if sent is signal.SIGINT:
                os.killpg(process.pid, sent)  # as a terminal does
            else:
                process.send_signal(sent)
            assert process.wait(30) == code
            assert eventually(lambda: not any(map(alive, workers_)))
            assert b"Traceback" not in process.stderr.read()
            process.stdin.close()

    def test_the_digits_are_the_same_for_any_number_of_jobs(self, tmp_path: Path) -> None:
        path = tmp_path / "preds.csv"
        path.write_text(LARGE, encoding="utf-8")
        found = {
            subprocess.run(
                [sys.executable, "-m", "losscli", "mse", str(path), "-f", "json", "--summary", *jobs],
                capture_output=True, check=True,
            ).stdout
            for jobs in ((), ("-j", "1"), ("-j", "2"), ("--jobs", "5"))
        }  # fmt: skip
        assert len(found) == 1


PIECE = csv_lines.SIZE + 1


def read_in_pieces(path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> tuple[list[bytes], list[bytes]]:
    """Return the pieces of a file, and what was read of it for them."""
    read: list[bytes] = []
    with open_input(str(path), "csv").open() as stream:
        take = stream.read

        def watched(count: int) -> bytes:
            read.append(take(count))
            return read[-1]

        monkeypatch.setattr(stream, "read", watched)
        pieces = csv_lines.Pieces(stream)
        pieces.size = size
        return list(pieces), read


def test_a_large_piece_of_a_file_is_what_was_read_and_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1.25,2.5\n" * 400_000)
    pieces, read = read_in_pieces(path, monkeypatch, PIECE)
    assert [id(piece) for piece in pieces] == [id(data) for data in read if data]
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert len(pieces) == 4
    assert b"".join(pieces) == path.read_bytes()


@pytest.mark.parametrize("end", ["", "\n", "\r", "\r\n"])
@pytest.mark.parametrize("line", ["1.25,2.5\n", "1.25,2.5\r\n", "1.25,2.5\r", f"{'1' * 2000},{'2' * 70000}\n"])
def test_pieces_are_whole_lines_and_nothing_is_lost_between_them(
    line: str, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((line * (3 * PIECE // len(line)) + "7,8" + end).encode())
    pieces, _ = read_in_pieces(path, monkeypatch, PIECE)
    assert b"".join(pieces) == path.read_bytes()
    assert all(piece.endswith((b"\n", b"\r")) for piece in pieces[:-1])


def test_polars_looks_for_missing_values_once_one_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    polars = pytest.importorskip("polars")
    sought, read = [], polars.read_csv

    def watched(data: bytes, **options: object) -> object:
        sought.append(options["null_values"])
        return read(data, **options)

    monkeypatch.setattr(polars, "read_csv", watched)
    parse = polars_parser(Shape(",", 2, (0, 1), ()), 1)
    assert parse is not None
    found = [parse(data) for data in (b"1,2\n", b"1,NA\n,4\n", b"NA,2\n")]
    assert sought == [None, None, None, {"0": "NA", "1": "NA"}, {"0": "NA", "1": "NA"}]
    assert [plain and [column.tolist() for column in plain.numbers] for plain in found] == [
        [[1.0], [2.0]], [[1.0, pytest.approx(nan, nan_ok=True)], [pytest.approx(nan, nan_ok=True), 4.0]],
        [[pytest.approx(nan, nan_ok=True)], [2.0]],
    ]  # fmt: skip
