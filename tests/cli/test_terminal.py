"""Section 3 of the contract: what a terminal is shown, and when in colour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pytest
from console import SCRIPT, environment, losscli, write

STYLE = re.compile(r"\x1b\[[0-9;]*m")
VALUES = ("mse", "--true", "1,2", "--pred", "2,2")


def shown(
    *arguments: str, cwd: Path, columns: int = 80, env: Mapping[str, str] | None = None
) -> tuple[int | None, str]:
    """Run losscli in a pseudo terminal of that width."""
    child = pexpect.spawn(
        str(SCRIPT),
        list(arguments),
        cwd=str(cwd),
        env=environment({"TERM": "xterm-256color", **(env or {})}),
        dimensions=(24, columns),
        encoding="utf-8",
        timeout=30,
    )
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, str(child.before)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_table_fits_the_terminal_and_loses_no_digit(columns: int, tmp_path: Path) -> None:
    numbers = [[(row + 1) * (column + 1) / 9.1 for column in range(14)] for row in range(3)]
    names = [f"c{i}" for i in range(13)] + ["h" * 400]
    write(tmp_path, w_csv="\n".join([",".join(names), *(",".join(map(repr, row)) for row in numbers)]))
    code, screen = shown(
        "mse", "w.csv", "--true", "c0", "--pred", "c1", "--keep", "c*,h*", cwd=tmp_path, columns=columns
    )
    plain = STYLE.sub("", screen)
    assert code == 0
    assert max(map(len, plain.splitlines())) <= columns
    assert {repr(number) for row in numbers for number in row} <= set(plain.split())
    assert plain.count("h") >= 400
    losses = [record["mse"] for record in losscli(
        "mse", "w.csv", "--true", "c0", "--pred", "c1", "-f", "jsonl", cwd=tmp_path
    ).records]  # fmt: skip
    assert set(map(repr, losses)) <= set(plain.split())


@pytest.mark.parametrize(
    ("env", "options", "colour"),
    [
        ({}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": ""}, [], True),
        ({"TERM": "dumb"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({}, ["--color", "never"], False),
        ({}, ["-f", "json"], False),
    ],
)
def test_a_terminal_is_shown_colours_unless_told_otherwise(
    env: dict[str, str],
    options: list[str],
    colour: bool,  # noqa: FBT001  a case
    tmp_path: Path,
) -> None:
    code, screen = shown(*VALUES, *options, cwd=tmp_path, env=env)
    assert (code, bool(STYLE.search(screen))) == (0, colour)


@pytest.mark.parametrize(
    ("env", "options", "colour"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({"FORCE_COLOR": "1"}, ["-f", "csv"], False),
        ({}, ["--color", "always"], True),
    ],
)
def test_a_pipe_is_given_no_colours_unless_they_are_asked_for(
    env: dict[str, str],
    options: list[str],
    colour: bool,  # noqa: FBT001  a case
    tmp_path: Path,
) -> None:
    done = losscli(*VALUES, *options, cwd=tmp_path, env=env)
    assert (done.code, bool(STYLE.search(done.out))) == (0, colour)


def test_colours_change_no_character_of_a_table(tmp_path: Path) -> None:
    plain = losscli(*VALUES, cwd=tmp_path).out
    assert STYLE.sub("", losscli(*VALUES, "--color", "always", cwd=tmp_path).out) == plain


def test_a_file_is_never_coloured(tmp_path: Path) -> None:
    losscli(*VALUES, "-o", "table:t.txt", cwd=tmp_path, env={"FORCE_COLOR": "1"})
    assert "\x1b" not in (tmp_path / "t.txt").read_text()


def test_a_terminal_without_data_is_a_usage_error_that_says_what_to_type(tmp_path: Path) -> None:
    code, screen = shown("mse", cwd=tmp_path)
    assert code == 2
    assert [line.partition(":")[0] for line in screen.splitlines()] == ["losscli", "hint"]
    assert "losscli mse --true" in screen
