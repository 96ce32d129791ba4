"""Worker processes: results in order, and nothing is lost, printed or left over when one fails or dies."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from unittest.mock import patch

import pytest

from losscli.sources import workers
from losscli.sources.workers import Workers, can_fork, receive, send, serve, usable_cores

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")


def reversed_(data: bytes) -> bytes:
    return data[::-1]


def descriptors() -> set[str]:
    return {one.name for one in Path("/proc/self/fd").iterdir()}


def test_results_come_in_the_order_of_the_pieces_and_may_be_larger_than_a_pipe() -> None:
    pieces = [bytes([i]) * (300_000 * (i % 3)) + b"x" for i in range(12)]
    found = []
    with Workers(reversed_, 3) as pool:
        for start in range(0, 12, 3):
            futures = [pool.submit(piece) for piece in pieces[start : start + 3]]
            found += [future() for future in futures]
    assert found == [piece[::-1] for piece in pieces]


def test_a_piece_that_fails_is_left_undone_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    def broken(data: bytes) -> bytes:
        raise ValueError(data)

    with Workers(broken, 1) as pool:
        assert pool.submit(b"x")() is None
        assert pool.submit(b"y" * 300_000)() is None
    assert capfd.readouterr() == ("", "")


def test_a_worker_does_not_hear_ctrl_c() -> None:
    with Workers(lambda data: str(os.getpid()).encode() + data, 1) as pool:
        pid = int(pool.submit(b"")() or b"0")
        os.kill(pid, signal.SIGINT)
        assert pool.submit(b"!")() == b"%d!" % pid


def test_the_context_leaves_no_process_and_no_descriptor() -> None:
    before = descriptors()
    with Workers(lambda _: str(os.getpid()).encode(), 3) as pool:
        futures = [pool.submit(b"") for _ in range(3)]
        pids = [int(future() or b"0") for future in futures]
        pool.submit(b"x")  # never waited for
    assert len(set(pids)) == 3
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert descriptors() == before


def test_where_nothing_can_be_forked_nothing_is_done() -> None:
    with patch.object(os, "fork", side_effect=BlockingIOError), Workers(reversed_, 2) as pool:
        assert pool.submit(b"x")() is None


def test_the_turn_of_a_worker_that_could_not_be_started_passes_without_work() -> None:
    before, fork, calls = descriptors(), os.fork, iter([True, False, True])

    def some() -> int:
        if next(calls):
            return fork()
        raise BlockingIOError

    with patch.object(os, "fork", some), Workers(reversed_, 3) as pool:
        futures = [pool.submit(b"ab" * 300_000) for _ in range(3)]
        assert [future() for future in futures] == [b"ba" * 300_000, None, b"ba" * 300_000]
    assert descriptors() == before


def test_a_message_that_is_cut_short_is_none() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, (5).to_bytes(workers.HEADER, "little") + b"abc")
    os.close(theirs)
    assert receive(ours) is None
    os.close(ours)


def test_serving_ends_with_the_tasks() -> None:
    tasks, given = os.pipe()
    found, results = os.pipe()
    send(given, b"abc")
    send(given, b"")
    os.close(given)
    serve(reversed_, tasks, results)
    assert [receive(found), receive(found)] == [b"cba", b""]
    for end in (tasks, found, results):
        os.close(end)


def test_a_process_with_threads_is_not_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not can_fork()
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize(
    ("quota", "expected"), [("max 100000", 6), ("250000 100000", 2), ("50000 100000", 1), ("900000 100000", 6)]
)
def test_the_usable_cores_are_those_of_affinity_and_of_the_container(tmp_path: Path, quota: str, expected: int) -> None:
    path = tmp_path / "cpu.max"
    path.write_text(quota + "\n", encoding="ascii")
    with patch.object(workers, "QUOTA", str(path)), patch.object(os, "sched_getaffinity", return_value=set(range(6))):
        assert usable_cores() == expected


def test_without_either_the_cores_are_those_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(workers, "QUOTA", str(tmp_path / "none"))
    assert usable_cores() == os.cpu_count()
