"""Bad tables: each is refused in two lines that name the place and the way out, or read as it is meant."""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Literal

import numpy as np
import pytest
from bad_tables import TABLES, Bad, H
from console import SCRIPT, Done, environment, losscli, write
from faults import redirected, without_privilege
from in_process import called

from losscli.run import Run


def complaint(done: Done) -> list[str]:
    return [line for line in done.err.splitlines() if not line.startswith("losscli: note: ")]


@pytest.mark.parametrize("bad", TABLES, ids=lambda bad: bad.what)
def test_a_bad_table_is_refused_in_two_exact_lines_or_read_as_it_is_meant(bad: Bad, tmp_path: Path) -> None:
    write(tmp_path, **{bad.name.replace(".", "_"): bad.content})
    done = called(bad.loss, bad.name, "-f", "value", cwd=tmp_path)
    if isinstance(bad.told, float):
        assert (done.code, complaint(done)) == (0, []), done
        assert float(done.out) == pytest.approx(bad.told, rel=1e-15)
    else:
        assert complaint(done) == [f"losscli: error: {bad.told}", f"hint: {bad.hint}"]
        assert (done.code, done.out) == (3, "")


@pytest.mark.parametrize("what", ["a NUL byte", "100,000 arrays in each other", "Python objects", "gzip cut short"])
def test_a_process_of_its_own_says_the_same(what: str, tmp_path: Path) -> None:
    bad = next(one for one in TABLES if one.what == what)
    write(tmp_path, **{bad.name.replace(".", "_"): bad.content})
    done = losscli("mse", bad.name, "-f", "value", cwd=tmp_path)
    assert (done.code, done.out, complaint(done)) == (3, "", [f"losscli: error: {bad.told}", f"hint: {bad.hint}"])


def test_every_bad_table_is_another() -> None:
    assert len({bad.what for bad in TABLES}) == len(TABLES)


# ── places that are no ordinary file ─────────────────────────────────────────────────────────────────────────────────


def test_a_missing_file_is_told_with_a_name_that_is_near(tmp_path: Path) -> None:
    write(tmp_path, preds_csv=H + "1,2\n")
    done = called("mse", "pred.csv", cwd=tmp_path)
    assert (done.code, complaint(done)) == (
        3, ["losscli: error: pred.csv: no such file or directory", "hint: did you mean 'preds.csv'?"]
    )  # fmt: skip


def test_a_directory_without_tables_is_told_with_the_formats(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = called("mse", "folder", cwd=tmp_path)
    assert done.code == 3
    assert complaint(done)[0].startswith("losscli: error: folder holds no file of a known format (")
    assert complaint(done)[1] == "hint: name the format if the files have no suffix: --from csv folder"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere root may read everything")
def test_an_unreadable_file_is_told_with_its_permissions(tmp_path: Path) -> None:
    write(tmp_path, a_csv=H + "1,2\n")
    (tmp_path / "a.csv").chmod(0)
    done = redirected("", "mse", "a.csv", cwd=tmp_path, prelude=without_privilege)
    assert (done.code, complaint(done)) == (
        3, ["losscli: error: a.csv: permission denied", "hint: look at its permissions: ls -l a.csv"]
    )  # fmt: skip


def test_a_named_pipe_is_read_once_and_right(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    writer = threading.Thread(target=(tmp_path / "pipe.csv").write_text, args=(H + "1,2\n" * 1000,))
    writer.start()
    done = called("mse", "pipe.csv", "-f", "value", cwd=tmp_path)
    writer.join(10)
    assert (done.code, done.out) == (0, "1.0\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("output", [["-o", "csv:/dev/full"], ["-o", "json:/dev/full", "-f", "value"]])
def test_a_full_device_is_an_error_that_names_it(output: list[str], tmp_path: Path) -> None:
    write(tmp_path, a_csv=H + "1,2\n")
    done = called("mse", "a.csv", *output, cwd=tmp_path)
    assert done.code == 3
    assert complaint(done)[0] == "losscli: error: cannot write /dev/full: No space left on device"


def test_an_endless_device_is_refused_and_not_read_to_its_end(tmp_path: Path) -> None:
    done = called("mse", "/dev/zero", "-f", "value", cwd=tmp_path)
    assert done.code == 3
    assert complaint(done)[0].startswith("losscli: error: /dev/zero, line 1: a NUL byte")


# ── files that change while they are read ────────────────────────────────────────────────────────────────────────────


def slowly(path: Path, change: Callable[[], object]) -> Done:
    """Run losscli on a file and a pipe after it; change the file when it has been opened, then end the pipe."""
    with subprocess.Popen(
        [SCRIPT, "mse", path.name, "-", "--from", "csv", "-q", "-f", "value"],
        cwd=path.parent, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        sleep(0.5)
        change()
        out, err = process.communicate((H + "1,2\n").encode(), timeout=30)
    return Done(process.returncode, out.decode(), err.decode())


def test_a_file_that_grows_between_whole_rows_is_read_to_an_end_and_never_crashes(tmp_path: Path) -> None:
    path = tmp_path / "grows.csv"
    path.write_text(H + "1,2\n" * 1000)
    done = slowly(path, lambda: path.write_text(H + "1,2\n" * 2000))
    assert (done.code, done.out, done.err) == (0, "1.0\n", "")


def after_first(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, change: Callable[[], object]) -> None:
    """Have something done after the first call of a method."""
    plain, waiting = getattr(owner, name), [change]

    def calling(*arguments: object) -> object:
        found = plain(*arguments)
        while waiting:
            waiting.pop()()
        return found

    monkeypatch.setattr(owner, name, calling)


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_that_shrinks_while_it_is_read_is_told(
    order: Literal["C", "F"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.save(tmp_path / "a.npy", np.zeros((200_000, 2), order=order))
    after_first(monkeypatch, Run, "feed", lambda: os.truncate(tmp_path / "a.npy", 200_128))
    done = called("mse", "a.npy", "-f", "value", cwd=tmp_path)
    told = {
        "C": "a.npy shrank while it was read: it had 3200128 bytes",
        "F": "a.npy is cut short: it ends after record 65536 of 200000",
    }
    assert (done.code, done.out) == (3, "")
    assert complaint(done)[0] == f"losscli: error: {told[order]}"


def test_a_table_that_shrinks_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a_csv=H + "1,2\n" * 800_000)
    after_first(monkeypatch, Run, "feed", lambda: os.truncate(tmp_path / "a.csv", 2_000_015))
    done = called("mse", "a.csv", "--jobs", "1", "-f", "value", cwd=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert complaint(done) == [
        "losscli: error: a.csv shrank while it was read: it had 3200014 bytes",
        "hint: run it again when nothing writes the file",
    ]


# ── one line without end ─────────────────────────────────────────────────────────────────────────────────────────────


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


@pytest.mark.skipif(sys.platform == "darwin", reason="the memory of a process cannot be limited there")
@pytest.mark.parametrize(
    ("name", "start", "told"),
    [
        ("a.csv", b"y_true,y_pred\n", "a.csv.gz, line 2: longer than 32 MiB"),
        ("a.csv", b'y_true,y_pred\n"', "a.csv.gz, line 2: longer than 32 MiB"),
    ],
)
def test_a_hundred_megabytes_in_one_line_are_refused_in_bounded_memory(
    name: str, start: bytes, told: str, tmp_path: Path
) -> None:
    with gzip.open(tmp_path / f"{name}.gz", "wb", compresslevel=1) as file:
        file.write(start)
        for _ in range(100):
            file.write(b"1" * (1 << 20))
    done = subprocess.run(
        [SCRIPT, "mse", f"{name}.gz", "-q"], cwd=tmp_path, env=environment({"LOSSCLI_MAX_EXPANSION": "10000"}),
        capture_output=True, text=True, timeout=60, check=False, preexec_fn=limited,
    )  # fmt: skip
    assert (done.returncode, done.stderr.splitlines()) == (3, [f"losscli: error: {told}", "hint: is this a table?"])
