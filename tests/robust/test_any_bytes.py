"""Whatever a file holds: an answer that a slow reader confirms, or two lines that say where and why not."""

from __future__ import annotations

import json
import math
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import slow_reader
from any_bytes import TABLES, Case, parts, reports, settings_files, typed
from console import Done
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from in_process import called

SECONDS = 10
"""No file of a few kilobytes may take longer, of a processor's time: a busy machine may stand still for as long."""

OF_ALL_ROWS = ("nothing to merge", "mse: the truth has")
"""What is said of no single place."""

LOSSES = ("-l", "mse", "-l", "mae")
EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
"""Set it for a long run with other inputs each time: ``FUZZ_EXAMPLES=100000 pytest tests/robust``."""

quick = settings(
    max_examples=int(EXAMPLES or 80),
    derandomize=EXAMPLES is None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def tried(case: Case, folder: Path, *command: str) -> Done:
    """Run losscli on a file and check what must be so whatever is in it."""
    (folder / case.name).write_bytes(case.data)
    start = time.process_time()
    done = called(*command, cwd=folder)
    assert time.process_time() - start < SECONDS
    sound(done, case.codes, [case.name])
    return done


def sound(done: Done, codes: tuple[int, ...], places: list[str]) -> None:
    """Check the exit code, and that an error is two lines of which the first names a place."""
    assert "Traceback" not in done.err, done.err
    assert done.code in codes, done
    told = [line for line in done.complaint if line.startswith(("losscli: error: ", "hint: "))]
    assert told == done.complaint, done.err
    assert len(told) == (0 if done.code < 2 else 2), done
    if done.code > 1:
        assert told[0].startswith("losscli: error: "), done
        assert any(place in told[0] for place in [*places, *OF_ALL_ROWS]), done
        assert len(told[0]) < 2000, done
        assert done.err.isprintable() or done.err.replace("\n", "").isprintable(), done


def confirmed(done: Done, columns: slow_reader.Columns) -> None:
    """Check every value and loss, and the mean, against what a slow reader found."""
    document = json.loads(done.out)
    samples = document["samples"]
    assert len(samples) == document["n"] == len(columns[0])
    for sample, true, pred in zip(samples, *columns, strict=True):
        read = [[value for key, value in sample.items() if key.startswith(name)] for name in ("y_true", "y_pred")]
        wanted = [one if isinstance(one, list) else [one] for one in (true, pred)]
        assert list(map(repr, read)) == list(map(repr, wanted))
        errors = [p - t for t, p in zip(*wanted, strict=True)]
        assert math.isclose(sample["mse"], slow_reader.mean([e * e for e in errors]), rel_tol=1e-12, abs_tol=5e-324)
        assert math.isclose(sample["mae"], slow_reader.mean(list(map(abs, errors))), rel_tol=1e-12, abs_tol=5e-324)
    for result in document["results"]:
        assert result["value"] == slow_reader.mean([sample[result["loss"]] for sample in samples])


@pytest.mark.parametrize("format_", TABLES)
def test_any_file_is_an_answer_that_a_slow_reader_confirms_or_two_lines(format_: str, tmp_path: Path) -> None:
    codes: set[int] = set()

    @quick
    @given(TABLES[format_])
    def example(case: Case) -> None:
        done = tried(case, tmp_path, "eval", case.name, *LOSSES, *case.arguments, "-f", "json")
        codes.add(done.code)
        if done.code == 0 and case.read:
            confirmed(done, case.read(case.data))

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
        true, pred = texts
        done = called("eval", f"--true={true}", f"--pred={pred}", *LOSSES, "-f", "json", cwd=tmp_path)
        sound(done, (0, 2, 3), ["--true", "--pred", "command line"])
        codes.add(done.code)
        if done.code == 0 and not {"[", ";"} & {*true, *pred}:
            confirmed(done, [[slow_reader.number(cell) for cell in text.split(",")] for text in texts])

    example()
    assert codes >= {0, 3}


def test_what_was_tried_has_not_filled_the_memory() -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    assert most < 2 << 30
