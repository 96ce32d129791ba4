from __future__ import annotations

import re
from dataclasses import replace

import pytest
from format_runs import SUMMARY, gate, gated, report, result, written

from losscli.formats.github import LARGEST

COMMAND = re.compile(r"::(error|warning|notice) title=([^,:]*)::(.*)")
"""What the runner's parser makes of a line: properties end at the next ``::``, and are parted by commas."""


def read(text: str) -> list[tuple[str, ...]]:
    """Return level, title and message of every line as the runner reads them; every line must be a command."""
    found = [COMMAND.fullmatch(line) for line in text.split("\n")[:-1]]
    assert all(found), text
    return [tuple(map(unescaped, one.groups())) for one in found if one]


def unescaped(text: str) -> str:
    for code, mark in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, mark)
    return text


@pytest.mark.parametrize(
    ("verdict", "policy", "level"),
    [
        ("fail", "warn", "error"),
        ("error", "warn", "error"),
        ("inconclusive", "warn", "warning"),
        ("inconclusive", "fail", "error"),
        ("inconclusive", "pass", "notice"),
        ("skipped", "warn", "notice"),
        ("worse", "warn", "warning"),
        ("pass", "warn", "notice"),
        ("equal", "warn", "notice"),
        ("better", "warn", "notice"),
    ],
)
def test_the_level_of_an_annotation_follows_the_verdict(verdict: str, policy: str, level: str) -> None:
    ((found, _, message),) = read(written("github", of=gated(gate(verdict=verdict), inconclusive=policy)))
    assert found == level
    assert verdict in message


def test_an_annotation_names_the_gate_and_its_group_and_says_why() -> None:
    failed = gate("mse<=0.3", "fail", by={"region": "a:b,c%"}, reason="0.5 is above 0.3", value=0.5)
    ((_, title, message),) = read(written("github", of=gated(gate(), failed)))
    assert title == "losscli: mse<=0.3 (region=a:b,c%)"
    assert message == "fail: 0.5 is above 0.3 (value 0.5, bound 0.3, n 2)"


def test_gates_that_all_pass_are_one_notice() -> None:
    assert read(written("github", of=gated(gate(), gate("mae<=1"))))[0] == ("notice", "losscli", "gates: 2 pass")


def test_a_plain_run_is_one_notice_with_every_value() -> None:
    ((level, title, message),) = read(written("github", of=report(result("mse", 0.25), result("mae:p=1", 0.5))))
    assert (level, title) == ("notice", "losscli")
    assert message == "mse: mean = 0.25 (n = 2)\nmae:p=1: mean = 0.5 (n = 2)"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_an_error(value: float) -> None:
    ((level, title, message),) = read(written("github", of=report(result(value=value))))
    assert (level, title) == ("error", "losscli: mse")
    assert repr(value) in message


def test_more_annotations_than_github_shows_are_joined_in_the_last() -> None:
    found = read(written("github", of=gated(*[gate(f"g{i}", "fail") for i in range(25)])))
    assert len(found) == 10
    assert found[-1][1] == "losscli: 16 more"
    assert found[-1][2].count("\n") == 15


@pytest.mark.parametrize("text", ["%0A::error::x", "100%", "a%25b", "a\nb", "a\rb"])
def test_text_of_the_data_comes_out_of_the_runner_as_it_went_in(text: str) -> None:
    ((_, title, _),) = read(written("github", of=gated(gate(text, "fail"))))
    shown = text.replace("\r", "\\r")
    assert title == f"losscli: {shown}"


def test_the_step_summary_is_the_comment_after_a_blank_line() -> None:
    assert written("github-summary", of=gated()) == "\n" + written("markdown", of=gated())


def test_a_step_summary_is_cut_to_what_github_accepts() -> None:
    many = [result(by={"g": f"{i:0>1000}"}) for i in range(2000)]
    text = written("github-summary", of=report(*many, by=["g"]), view=SUMMARY)
    assert len(text.encode()) <= LARGEST
    assert text.endswith(" more lines\n")


def test_outputs_are_names_and_exact_values_of_which_no_two_are_alike() -> None:
    of = report(
        result("huber:delta=2", 0.1 + 0.2),
        result("huber:delta=2", 1.0, by={"g": "north\nx=1"}),
        result("huber-delta=2", 2.0),
        result("2x", float("nan")),
        by=["g"],
    )
    assert written("github-output", of=replace(of, extra={"verdict": "fail"})).splitlines() == [
        "verdict=fail",
        "n=2",
        "huber_delta_2=0.30000000000000004",
        "huber_delta_2_2=2.0",
        "_2x=nan",
        "huber_delta_2_north_x_1=1.0",
    ]
