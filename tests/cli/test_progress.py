"""Section 3 of the contract: a progress bar only where someone can see it, and nothing of it afterwards."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest
from console import environment, losscli, write

AT_ONCE = "from losscli.cli import main, progress; progress.AFTER = progress.EVERY = 0; main()"
"""losscli whose bar does not wait until the work has lasted for a while."""

TABLE = "y_true,y_pred,text\n" + f"1.25,2.25,{'x' * 1989}\n" * 1000
CONTROL = re.compile(r"\x1b\[(\??[\d;]*)([A-Za-z])")


@dataclass(frozen=True)
class Seen:
    """What a terminal showed: every picture of its lines, the last of them what stays."""

    code: int | None
    pictures: list[list[str]]
    raw: str

    @property
    def left(self) -> list[str]:
        return [line.rstrip() for line in self.pictures[-1] if line.strip()]

    @property
    def bars(self) -> list[str]:
        return [line for picture in self.pictures for line in picture if re.search(r"━|\d [kMG]?B\b", line)]


def watched(
    *arguments: str,
    cwd: Path,
    columns: int = 80,
    env: Mapping[str, str] | None = None,
    line: str = '"$@"',
    program: str = AT_ONCE,
) -> Seen:
    """Run losscli in a pseudo terminal of that width, by a line of shell in which ``"$@"`` is the command."""
    child = pexpect.spawn(
        "sh",
        ["-c", line, "sh", sys.executable, "-c", program, *arguments],
        cwd=str(cwd),
        env=environment({"TERM": "xterm-256color", **(env or {})}),
        dimensions=(24, columns),
        encoding="utf-8",
        timeout=60,
    )
    child.expect(pexpect.EOF)
    child.close()
    return Seen(child.exitstatus, pictures(str(child.before), columns), str(child.before))


def pictures(raw: str, columns: int) -> list[list[str]]:
    """Return the lines on a terminal after each piece of output: of its controls, those that a bar needs."""
    lines, row, column, found = [""], 0, 0, []
    for piece in re.split(r"(\x1b\[\??[\d;]*[A-Za-z]|\r|\n)", raw):
        control = CONTROL.fullmatch(piece)
        if piece == "\r":
            column = 0
        elif piece == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif control and control[2] in "AB":
            row += (1 if control[2] == "B" else -1) * int(control[1] or 1)
        elif control and control[2] == "K":
            lines[row] = ""
        elif not control:
            lines[row] = lines[row].ljust(column)[:column] + piece + lines[row][column + len(piece) :]
            column += len(piece)
            assert len(lines[row]) <= columns or "━" not in lines[row], "the bar is broken over two lines"
        found.append(list(lines))
    return found


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_a_bar_shows_share_rate_and_time_left_on_one_line_and_leaves_nothing(columns: int, tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    seen = watched(
        "mse", "a.csv", "--summary", "-f", "value", "-t", "y_true", "-p", "y_pred", cwd=tmp_path, columns=columns
    )
    assert (seen.code, seen.left) == (0, ["1.0"])
    assert any(re.search(r"\d+%.* \d\d:\d\d", bar) for bar in seen.bars)
    assert all(len(bar) <= columns for bar in seen.bars)
    assert any("a.csv" in bar and "/2.0 MB" in bar for bar in seen.bars) == (columns >= 60)


def test_notes_and_a_table_on_the_same_terminal_are_whole(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    seen = watched("mse", "a.csv", cwd=tmp_path)
    plain = losscli("mse", "a.csv", cwd=tmp_path, env={"COLUMNS": "80"})
    assert seen.bars
    assert seen.left[0] == plain.err.strip()
    assert [line for line in seen.left if "━" in line] == []
    assert seen.left[-1].startswith(plain.out.splitlines()[-1][:3])


def test_records_on_the_same_terminal_are_whole(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    seen = watched("mse", "a.csv", "-f", "csv", cwd=tmp_path)
    assert seen.left[1:] == losscli("mse", "a.csv", "-f", "csv", cwd=tmp_path).out.splitlines()


def test_compressed_bytes_are_counted_as_they_lie_in_the_file(tmp_path: Path) -> None:
    packed = gzip.compress(TABLE.encode(), 1)
    write(tmp_path, a_csv_gz=packed)
    seen = watched("mse", "a.csv.gz", "--summary", cwd=tmp_path)
    assert any(f"/{len(packed) / 1000:.1f} kB" in bar for bar in seen.bars)
    assert [bar for bar in seen.bars if re.search(r"1[1-9]\d%|[2-9]\d\d%", bar)] == []


def test_all_files_count_together_truth_included(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE, b_csv=TABLE, t_csv=TABLE + TABLE.partition("\n")[2])
    seen = watched(
        "mse", "a.csv", "b.csv", "--truth", "t.csv", "-t", "y_true", "-p", "y_pred", "--summary", cwd=tmp_path
    )
    assert seen.code == 0, seen.raw[-500:]
    assert any("3 files" in bar and "/8.0 MB" in bar for bar in seen.bars)
    assert any("100%" in bar for bar in seen.bars)


def test_a_pass_that_looks_for_classes_has_a_bar_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n" + "cat,dog\ndog,dog\n" * 20_000)
    seen = watched("zero-one", "a.csv", "--summary", cwd=tmp_path)
    assert seen.code == 0, seen.raw[-500:]
    names = [bar.split()[0] for bar in seen.bars]
    assert "a.csv" in names[names.index("classes") :]


def test_a_pipe_has_bytes_and_rate_but_no_share(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    seen = watched("mse", "-", "--summary", "-f", "value", cwd=tmp_path, line='cat a.csv | "$@"')
    assert (seen.code, seen.left[-1]) == (0, "1.0")
    assert any(re.search(r"stdin .*\d B/s|stdin .*MB/s", bar) for bar in seen.bars)
    assert "%" not in seen.raw


def test_an_error_stands_where_the_bar_was(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE + "1,two,x\n")
    seen = watched("mse", "a.csv", "--summary", cwd=tmp_path)
    assert seen.bars
    assert (seen.code, len(seen.left)) == (3, 3)
    assert seen.left[1].startswith("losscli: error: a.csv, line 1002")


@pytest.mark.parametrize(
    ("arguments", "env", "line"),
    [
        (["-q"], {}, '"$@"'),
        ([], {"TERM": "dumb"}, '"$@"'),
        ([], {}, '"$@" 2> said.txt'),
    ],
)
def test_there_is_no_bar_if_nobody_could_see_it(
    arguments: list[str], env: dict[str, str], line: str, tmp_path: Path
) -> None:
    write(tmp_path, a_csv=TABLE)
    seen = watched("mse", "a.csv", "--summary", "-f", "value", *arguments, cwd=tmp_path, env=env, line=line)
    assert (seen.code, seen.left[-1], seen.bars) == (0, "1.0", [])
    assert "\x1b" not in seen.raw + "".join(path.read_text() for path in tmp_path.glob("said.txt"))


def test_no_color_leaves_the_bar_without_colours(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    seen = watched("mse", "a.csv", "--summary", "-f", "value", cwd=tmp_path, env={"NO_COLOR": "1"})
    assert seen.bars
    assert re.findall(r"\x1b\[[\d;]*3\dm", seen.raw) == []


def test_short_work_shows_no_bar_and_does_not_import_rich(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,2\n")
    program = "import atexit, os, sys; from losscli.cli import main; os._exit = sys.exit\n"
    program += "atexit.register(lambda: print('rich' in sys.modules)); main()"
    seen = watched("mse", "a.csv", "--summary", "-f", "value", cwd=tmp_path, program=program)
    assert (seen.left[-2:], seen.bars) == (["1.0", "False"], [])


def test_the_cursor_is_never_left_hidden(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)
    seen = watched("mse", "a.csv", "--summary", cwd=tmp_path)
    assert seen.raw.rfind("\x1b[?25l") < seen.raw.rfind("\x1b[?25h")
