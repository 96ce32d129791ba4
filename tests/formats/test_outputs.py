from __future__ import annotations

import io
import os
import stat
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from format_runs import TWO, WORDS, block, report

from losscli.errors import DataError, UsageError
from losscli.formats.format import View
from losscli.outputs import Outputs, Target

VALUE_TEXT = "0.25\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="devices, links and umask of POSIX")


def run(
    targets: Sequence[tuple[str, str | None]],
    view: View | None = None,
    inputs: Sequence[str] = (),
    *,
    fail: bool = False,
) -> str:
    """Write two samples to the targets; return what stdout got. ``fail`` breaks off before the end."""
    stdout = io.StringIO()
    with Outputs(targets, view or View(), stdout=stdout, inputs=inputs) as outputs:
        outputs.start(list(TWO), ["mse"])
        outputs.samples(TWO)
        if fail:
            raise KeyboardInterrupt
        outputs.finish(report())
    return stdout.getvalue()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("table", ("table", None)),
        ("json:report.json", ("json", "report.json")),
        ("json:C:\\x.txt", ("json", "C:\\x.txt")),
        ("report.MD", ("markdown", "report.MD")),
        ("C:\\runs\\a.csv", ("csv", "C:\\runs\\a.csv")),
        ("a:b.csv", ("csv", "a:b.csv")),
        ("./json.txt", ("table", "./json.txt")),
        ("csv:-", ("csv", "-")),
    ],
)
def test_a_target_is_a_format_a_path_or_both(text: str, expected: tuple[str, str | None]) -> None:
    assert expected == Target.parse(text)


@pytest.mark.parametrize(("text", "said"), [("report", "cannot tell"), ("a.xls", "cannot tell"), ("json:", "no path")])
def test_a_target_that_tells_no_format_or_no_path_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        Target.parse(text)
    assert caught.value.hint


def test_one_pass_fills_every_target(tmp_path: Path) -> None:
    csv, md = str(tmp_path / "a.csv"), str(tmp_path / "b.md")
    assert run([("value", None), ("csv", csv), ("markdown", md)]) == VALUE_TEXT
    assert Path(csv).read_bytes() == b"row,y_true,y_pred,mse\n1,1.0,1.0,0.0\n2,2.0,2.5,0.5\n"
    assert Path(md).read_text(encoding="utf-8").startswith("| loss |")
    assert {"a.csv", "b.md"} == set(names(tmp_path))


def test_a_file_gets_neither_the_colour_nor_the_width_of_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    run([("table", str(path))], View(color=True, width=10))
    assert path.read_text(encoding="utf-8").startswith("row  y_true  y_pred  mse\n")


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("before", [None, "old"])
def test_a_run_that_breaks_off_leaves_everything_as_it_was(name: str, before: str | None, tmp_path: Path) -> None:
    path = tmp_path / "report"
    if before:
        path.write_text(before)
    with pytest.raises(KeyboardInterrupt):
        run([(name, str(path))], fail=True)
    assert ([path.name] if before else []) == names(tmp_path)
    assert before is None or before == path.read_text()


def test_an_older_file_is_replaced_only_when_everything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("old")
    with Outputs([("value", str(path))], View(), stdout=io.StringIO()) as outputs:
        outputs.start(list(TWO), ["mse"])
        outputs.samples(TWO)
        assert path.read_text() == "old"
        outputs.finish(report())
    assert path.read_text() == VALUE_TEXT


def test_a_failure_after_the_end_keeps_the_complete_output(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    outputs = Outputs([("value", str(path))], View(), stdout=io.StringIO())
    with suppress(DataError), outputs:
        outputs.start(list(TWO), ["mse"])
        outputs.finish(report())
        raise DataError("the value is not finite")
    assert path.read_text() == VALUE_TEXT
    assert names(tmp_path) == ["v.txt"]


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_permissions_of_any_new_file(mask: int, tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    before = os.umask(mask)
    try:
        run([("value", str(path))])
    finally:
        os.umask(before)
    assert 0o666 & ~mask == stat.S_IMODE(path.stat().st_mode)


@posix
def test_a_replaced_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "real.txt", tmp_path / "link.txt"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    run([("value", str(link))])
    assert link.is_symlink()
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (VALUE_TEXT, 0o640)


def test_a_path_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for bad in (tmp_path / "folder", tmp_path / "missing" / "a.csv"):
        with (
            pytest.raises(UsageError, match="cannot write"),
            Outputs([("csv", str(tmp_path / "good.csv")), ("csv", str(bad))], View(), stdout=io.StringIO()),
        ):
            pytest.fail("the work must not start")
    assert names(tmp_path) == ["folder"]


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "v.txt"
    path.touch(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
    with pytest.raises(UsageError, match="write-protected"):
        run([("value", str(path))])


@pytest.mark.parametrize(
    "paths", [(None, None), (None, "-"), ("a.csv", "./a.csv"), ("a.csv", "b/../a.csv"), ("-", "/dev/stdout")]
)
def test_two_outputs_to_one_place_are_refused(paths: tuple[str | None, str | None]) -> None:
    with pytest.raises(UsageError, match="two outputs go to"):
        Outputs([("csv", paths[0]), ("json", paths[1])], View(), stdout=io.StringIO())


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="'jsn'") as caught:
        Outputs([("jsn", None)], View(), stdout=io.StringIO())
    assert caught.value.hint.startswith("did you mean 'json")


@posix
def test_an_output_never_overwrites_an_input_by_any_of_its_names(tmp_path: Path) -> None:
    data, soft, hard = tmp_path / "d.csv", tmp_path / "soft.csv", tmp_path / "hard.csv"
    data.write_text("1,2\n")
    soft.symlink_to(data)
    hard.hardlink_to(data)
    for path in (data, soft, hard):
        with pytest.raises(UsageError, match="would overwrite the input"):
            run([("csv", str(path))], inputs=["-", str(data)])
    assert data.read_text() == "1,2\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110  of a device
def test_a_full_disk_is_named_and_leaves_no_other_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot write /dev/full: No space left on device"):
        run([("csv", str(tmp_path / "a.csv")), ("json", "/dev/full")])
    assert names(tmp_path) == []


@posix
def test_a_device_is_written_directly(tmp_path: Path) -> None:
    assert run([("csv", "/dev/null"), ("value", None)]) == VALUE_TEXT
    assert not Path("/dev/null").is_file()
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    run([("value", str(pipe))])
    reader.join(timeout=10)
    assert got == [VALUE_TEXT]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_reader_that_went_away_is_not_our_error() -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError), Outputs([("csv", None)], View(), stdout=Closed()) as outputs:
        outputs.start(list(TWO), ["mse"])


def test_stdout_takes_every_letter_and_ends_lines_as_a_file_does() -> None:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="ascii", newline="\r\n")
    samples = block({"mse": [0.0]}, k=["é"])
    with Outputs([("csv", None)], View(), stdout=stdout) as outputs:
        outputs.start(list(samples), ["mse"])
        outputs.samples(samples)
        outputs.finish(report())
    assert raw.getvalue() == b"row,k,mse\n1,\\xe9,0.0\n"


def test_the_worst_samples_are_all_that_a_record_format_gets() -> None:
    samples = [block({"mse": [0.5, 3.0]}), block({"mse": [2.0, float("nan")]})]
    stdout = io.StringIO()
    with Outputs([("csv", None)], View(worst=3), stdout=stdout) as outputs:
        outputs.start(["row", "mse"], ["mse"])
        for one in samples:
            outputs.samples(one)
        outputs.finish(report())
    assert stdout.getvalue() == "row,mse\n2,nan\n2,3.0\n1,2.0\n"


def test_a_summary_needs_no_worst_and_so_no_loss_to_find_them_by() -> None:
    stdout = io.StringIO()
    with Outputs([("value", None)], View(summary=True, worst=3), stdout=stdout) as outputs:
        outputs.start(["row"], [])
        outputs.finish(report())
    assert stdout.getvalue() == VALUE_TEXT
