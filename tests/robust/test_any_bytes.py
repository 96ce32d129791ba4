"""Whatever a file holds: an answer that a slow reader confirms, or two lines that say where and why not."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from any_bytes import TABLES, Case, parts, reports, settings_files, typed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from promises import computed, computed_of_typed, tried

EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
"""Set it for a long run with other inputs each time: ``FUZZ_EXAMPLES=100000 pytest tests/robust``."""

quick = settings(
    max_examples=int(EXAMPLES or 80),
    derandomize=EXAMPLES is None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("format_", TABLES)
def test_any_file_is_an_answer_that_a_slow_reader_confirms_or_two_lines(format_: str, tmp_path: Path) -> None:
    codes: set[int] = set()

    @quick
    @given(TABLES[format_])
    def example(case: Case) -> None:
        codes.add(computed(case, tmp_path).code)

    example()
    assert codes >= {0, 3}


COMMANDS: dict[str, tuple[Callable[[], st.SearchStrategy[Case]], tuple[str, ...]]] = {
    "merge": (parts, ("merge", "part.json")),
    "verify": (reports, ("verify", "report.json")),
    "check": (settings_files, ("check", "--show-config")),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_any_partial_result_report_or_settings_is_read_or_refused_in_two_lines(command: str, tmp_path: Path) -> None:
    codes: set[int] = set()
    cases, arguments = COMMANDS[command]

    @quick
    @given(cases())
    def example(case: Case) -> None:
        codes.add(tried(case, tmp_path, *arguments).code)

    example()
    assert 0 in codes
    assert codes & {2, 3}


def test_any_typed_values_are_an_answer_or_two_lines(tmp_path: Path) -> None:
    codes: set[int] = set()

    @quick
    @given(typed())
    def example(texts: tuple[str, str]) -> None:
        codes.add(computed_of_typed(*texts, tmp_path).code)

    example()
    assert codes >= {0, 3}


def test_what_was_tried_has_not_filled_the_memory() -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    assert most < 2 << 30
