"""``--ci``: an interval beside every value, in every command that computes, and only where it is asked for."""

from __future__ import annotations

import subprocess
import sys
from math import isnan, sqrt
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write

from losscli.batch import Batch
from losscli.cli.confidence import METHOD, Resampled, share
from losscli.cli.intervals import Intervals
from losscli.confident import ConfidentRun
from losscli.errors import UsageError
from losscli.spec import bind
from losscli.stats.compare import COSTLY, LIMIT, Resampling
from losscli.stats.student import quantile

TEN = "".join(f"{i},{i + (-1) ** i * i / 4},{'ab'[i % 2]}\n" for i in range(10))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with ten rows in two groups."""
    write(tmp_path, a_csv=f"y_true,y_pred,group\n{TEN}")
    return tmp_path


def test_the_interval_by_t_is_the_textbook_s(folder: Path) -> None:
    done = losscli("mse", "a.csv", "--ci", "0.9", "--method", "t", "-f", "json", cwd=folder)
    (result,) = done.document["results"]
    losses = np.array([(i / 4) ** 2 for i in range(10)])
    reach = quantile(0.95, 9) * float(losses.std(ddof=1)) / sqrt(10)
    assert result["interval"] == pytest.approx([losses.mean() - reach, losses.mean() + reach], rel=1e-12)


@pytest.mark.parametrize(
    "command",
    [("mse", "a.csv"), ("eval", "a.csv", "-l", "mse"), ("expr", "(y_pred - y_true)**2", "a.csv"), ("r2", "a.csv")],
)
def test_every_computing_command_gives_every_group_its_interval(command: tuple[str, ...], folder: Path) -> None:
    done = losscli(*command, "--by", "group", "--ci", "95%", "-f", "json", cwd=folder)
    assert (done.code, len(done.document["results"])) == (0, 3)
    for result in done.document["results"]:
        low, high = result["interval"]
        assert low < result["value"] < high


def test_check_shows_the_interval_of_a_value(folder: Path) -> None:
    done = losscli("check", "a.csv", "--max", "mse=9", "--ci", "0.9", "-f", "json", cwd=folder)
    plain = losscli("mse", "a.csv", "--ci", "0.9", "-f", "json", cwd=folder)
    assert done.document["results"][0]["interval"] == plain.document["results"][0]["interval"]
    wider = losscli("check", "a.csv", "--max", "mse=9", "--ci", "0.99", "-f", "json", cwd=folder)
    assert wider.document["results"][0]["interval"][0] < done.document["results"][0]["interval"][0]


def test_without_it_no_output_says_anything_of_intervals(folder: Path) -> None:
    for form in ("table", "csv", "json", "markdown"):
        plain = losscli("mse", "a.csv", "--summary", "-f", form, cwd=folder)
        sure = losscli("mse", "a.csv", "--summary", "-f", form, "--ci", "0.95", cwd=folder)
        words = ("interval", "ci_low")
        assert not any(word in plain.out for word in words)
        assert any(word in sure.out for word in words)


def test_csv_has_the_ends_in_columns_of_their_own(folder: Path) -> None:
    done = losscli("mse", "a.csv", "--summary", "-f", "csv", "--ci", "0.95", cwd=folder)
    header, record = (line.split(",") for line in done.out.splitlines())
    assert header[-2:] == ["ci_low", "ci_high"]
    document = losscli("mse", "a.csv", "--summary", "-f", "json", "--ci", "0.95", cwd=folder).document
    assert [float(end) for end in record[-2:]] == document["results"][0]["interval"]


def test_the_table_shows_the_interval_beside_the_value(folder: Path) -> None:
    done = losscli("mse", "a.csv", "--summary", "--ci", "0.95", cwd=folder)
    header = done.out.splitlines()[0].split()
    assert header[header.index("value") + 1] == "interval"


def test_the_seed_and_the_number_of_resamples_decide(folder: Path) -> None:
    def interval(*more: str) -> object:
        done = losscli("mse", "a.csv", "--ci", "0.95", "-f", "json", *more, cwd=folder)
        return done.document["results"][0]["interval"]

    assert interval() == interval("--seed", "0", "--boot", "2000", "--method", "bca")
    assert len({str(interval(*more)) for more in ((), ("--seed", "1"), ("--boot", "500"), ("--method", "t"))}) == 4


def test_a_value_that_resampling_says_nothing_of_has_no_interval_which_is_said(folder: Path) -> None:
    done = losscli("mse", "a.csv", "--reduction", "max", "--ci", "0.95", "-f", "json", cwd=folder)
    assert done.document["results"][0]["interval"] == [None, None]
    assert "mse: resampling says nothing of this max: it has no interval" in done.err


def test_above_the_limit_the_interval_is_student_s_which_is_said() -> None:
    values = np.random.default_rng(1).normal(size=LIMIT + 1)
    intervals = []
    for method in ("bca", "t"):
        run = ConfidentRun([bind("mse")], resampling=Resampling(method=method))
        run.feed(Batch.of(np.zeros(LIMIT + 1), values))
        intervals.append(run.report().results[0].interval)
        assert any("Student's t" in note for note in run.notes()) == (method == "bca")
    assert intervals[0] == intervals[1]


def test_an_infinite_loss_has_no_interval() -> None:
    run = ConfidentRun([bind("bce")], resampling=Resampling())
    run.feed(Batch.of(np.array([1.0, 0.0, 1.0]), np.array([0.0, 0.5, 0.5])))
    interval = run.report().results[0].interval
    assert interval is not None
    assert all(map(isnan, interval))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--seed", "1"), ("--seed", "add --ci 0.95")),
        (("--ci", "95"), ("--ci", "--ci 95%")),
        (("--ci", "1"), ("--ci",)),
        (("--ci", "0%"), ("--ci",)),
        (("--ci", "nan"), ("--ci",)),
        (("--ci", "much"), ("'much'",)),
        (("--ci", "0.9", "--boot", "3"), ("--boot",)),
        (("--ci", "0.9", "--engine", "dask"), ("--ci holds all rows",)),
    ],
)
def test_what_makes_no_interval_is_refused(options: tuple[str, ...], words: tuple[str, ...], folder: Path) -> None:
    refused(losscli("mse", "a.csv", *options, cwd=folder), 2, *words)


@pytest.mark.parametrize(("text", "number"), [("0.95", 0.95), ("95%", 0.95), ("99.9 %", 0.999), (" .5 ", 0.5)])
def test_a_confidence_is_a_share_or_per_cent(text: str, number: float) -> None:
    assert number == share(text)
    with pytest.raises(UsageError):
        share(f"-{text.strip()}")


def test_verify_recomputes_the_interval(folder: Path) -> None:
    assert losscli("mse", "a.csv", "--ci", "0.9", "--seed", "3", "-o", "json:r.json", cwd=folder).code == 0
    assert losscli("verify", "r.json", cwd=folder).code == 0
    path = folder / "r.json"
    path.write_text(path.read_text().replace('"seed": 3', '"seed": 4'))
    done = losscli("verify", "r.json", cwd=folder)
    assert done.code == 1
    assert "mse mean: interval" in done.out


def test_nothing_of_intervals_is_imported_unless_they_are_asked_for(folder: Path) -> None:
    parts = ("losscli.stats", "losscli.collected", "losscli.confident")
    code = (
        "import sys; from losscli.cli.app import run; run(sys.argv[1:]); "
        f"print(*(name for name in sys.modules if name.startswith({parts})), file=sys.stderr)"
    )

    def imported(*options: str) -> set[str]:
        command = [sys.executable, "-c", code, "mse", "a.csv", "-f", "value", "-q", *options]
        return set(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stderr.split())

    assert imported() == set()
    assert set(parts) <= imported("--ci", "0.9")


def test_the_options_tell_the_defaults_and_the_limits_of_the_resampling() -> None:
    usual = Resampling()
    assert [getattr(Intervals, name) for name in Intervals.__annotations__ if hasattr(usual, name)] == [
        usual.confidence, usual.method, usual.boot, usual.seed
    ]  # fmt: skip
    for name, kind in Resampled.__annotations__.items():
        assert f"[default: {getattr(usual, name)}]" in kind.__metadata__[0].help
    assert f"above {LIMIT} rows ({COSTLY} for a score)" in METHOD
