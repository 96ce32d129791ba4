"""The comparison with the frameworks is true: losscli prints what stands there, and mpmath agrees."""

from __future__ import annotations

import json
import shlex
import subprocess
import sysconfig
from collections.abc import Callable
from math import ulp
from pathlib import Path
from typing import Any

import mpmath
import pytest
from mpmath import mpf
from precision_table import FRAMEWORKS, ROWS, TABLE, TITLES, Row, as_markdown, cell

RECORDED: dict[str, Any] = json.loads(FRAMEWORKS.read_text(encoding="utf-8"))
NEAR = [(mpf(0.25), mpf(0.2500000009313226)), (mpf(0.75), mpf(0.7499999990686774))]

EXACT: dict[str, Callable[[], Any]] = {
    "bce": lambda: -mpmath.log(mpf(1e-50)),
    "ce": lambda: mpmath.log(1 + mpmath.exp(-40)),
    "log-cosh": lambda: mpmath.log(mpmath.cosh(mpf(1e-9))),
    "soft-margin": lambda: mpmath.log(1 + mpmath.exp(1000)),
    "kld": lambda: sum(p * mpmath.log(p / q) for p, q in NEAR),
    "cosine-distance": lambda: 1 - 4 / mpmath.sqrt(20),
    "poisson-deviance": lambda: 2 * (mpf(1.000000001) - mpmath.log(mpf(1.000000001)) - 1),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_command_of_the_table_prints_its_number(row: Row) -> None:
    _, *arguments = shlex.split(row.command)
    script = Path(sysconfig.get_path("scripts")) / "losscli"
    ran = subprocess.run([script, *arguments], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == row.losscli


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_exact_number_of_the_table_is_exact(row: Row) -> None:
    with mpmath.workdps(60):
        assert mpmath.nstr(EXACT[row.name](), 20, min_fixed=-5) == mpmath.nstr(mpf(row.exact), 20, min_fixed=-5)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_losscli_is_within_an_ulp_of_the_exact_number(row: Row) -> None:
    assert abs(mpf(row.losscli) - mpf(row.exact)) <= ulp(float(row.exact))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_table_shows_no_number_of_a_framework_that_is_right_to_six_digits(row: Row) -> None:
    theirs = [RECORDED["answers"][name].get(row.name) for name in TITLES]
    assert any(theirs)
    assert all(cell(one) != cell(row.exact) for one in theirs if one)


def test_the_written_table_is_the_recorded_one() -> None:
    assert TABLE.read_text(encoding="utf-8") == as_markdown(RECORDED)


def test_the_versions_of_the_frameworks_are_recorded() -> None:
    assert {"torch", "keras", "scikit-learn"} <= set(RECORDED["versions"])
