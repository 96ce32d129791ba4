"""Completion in bash, zsh and fish, asked as the installed scripts ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import losscli


def completed(shell: str, line: str, folder: Path) -> str:
    """Return what a shell is offered for the last word of a line."""
    words = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    done = losscli(cwd=folder, env={"_LOSSCLI_COMPLETE": f"complete_{shell}", **words})
    assert (done.code, done.err) == (0, "")
    return done.out


@pytest.mark.parametrize(
    ("line", "offered", "left_out"),
    [
        ("losscli hu", ["huber"], ["mse"]),
        ("losscli ", ["mse", "eval", "list", "show"], []),
        ("losscli eval -l cat", ["categorical-focal", "categorical-hinge"], ["mse"]),
        ("losscli show log", ["log-cosh"], ["mse"]),
        ("losscli huber --de", ["--delta", "--delimiter", "--decimal"], ["--true"]),
        ("losscli mse --missing ", ["error", "drop", "propagate"], []),
        ("losscli mse --reduction m", ["mean", "median", "min", "max"], ["sum"]),
        ("losscli mse -f js", ["json", "jsonl"], ["csv"]),
        ("losscli mse --like t", ["torch", "tensorflow"], ["keras"]),
        ("losscli mse --from ", ["csv", "npz"], []),
    ],
)
def test_bash_is_offered_losses_options_and_choices(
    line: str, offered: list[str], left_out: list[str], tmp_path: Path
) -> None:
    words = completed("bash", line, tmp_path).split()
    assert set(offered) <= set(words)
    assert set(left_out) & set(words) == set()


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "offered"),
    [("losscli hu", "huber"), ("losscli mse --mis", "--missing"), ("losscli mse --missing ", "propagate")],
)
def test_zsh_and_fish_are_offered_the_same(shell: str, line: str, offered: str, tmp_path: Path) -> None:
    out = completed(shell, line, tmp_path)
    assert offered in out
    assert "log-cosh" not in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_asks_through_losscli_s_own_variable(shell: str, tmp_path: Path) -> None:
    done = losscli(cwd=tmp_path, env={"_LOSSCLI_COMPLETE": f"source_{shell}"})
    assert (done.code, f"_LOSSCLI_COMPLETE=complete_{shell}" in done.out) == (0, True)
