"""``--plot`` and ``show --plot``: pictures in the terminal, and nowhere else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from console import losscli, refused, write
from picture_data import epochs

ROWS = "g,y_true,y_pred\na,1,2\na,2,2\nb,3,1\nb,4,4.5\n"
BINARY = "y_true,prob\n0,0.1\n1,0.9\n1,0.7\n0,0.4\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    write(tmp_path, a_csv=ROWS, b_csv=BINARY)
    epochs(tmp_path)


def numbers_after_bars(text: str) -> list[int]:
    """The counts beside the bars of a histogram."""
    return [int(found) for found in re.findall(r"│\S* ?(\d+)$", text, re.MULTILINE)]


@pytest.mark.parametrize("option", [("--hist",), ("--plot", "hist")])
def test_the_histogram_counts_every_sample(option: tuple[str, ...], tmp_path: Path) -> None:
    done = losscli("mse", "a.csv", *option, cwd=tmp_path)
    assert done.code == 0
    assert "mse: the losses of 4 samples" in done.out
    assert sum(numbers_after_bars(done.out)) == 4


def test_every_loss_has_its_histogram(tmp_path: Path) -> None:
    out = losscli("eval", "a.csv", "-l", "mse", "-l", "mae", "--hist", cwd=tmp_path).out
    assert [f"{name}: the losses of 4 samples" in out for name in ("mse", "mae")] == [True, True]


def test_the_curve_marks_the_best_epoch(tmp_path: Path) -> None:
    out = losscli("mae", "epochs.csv", "--by", "epoch", "--plot", "curve", cwd=tmp_path).out
    assert "best: epoch 4, 1" in out
    assert out.count("★") == 1


def test_the_best_epoch_of_a_score_is_its_highest(tmp_path: Path) -> None:
    rows = "".join(f"{epoch},{true},{pred}\n" for epoch, pred in ((1, 0), (2, 1), (3, 0)) for true in (1, 1, 0))
    write(tmp_path, s_csv="epoch,y_true,y_pred\n" + rows)
    out = losscli("eval", "s.csv", "-l", "accuracy", "--by", "epoch", "--plot", "curve", cwd=tmp_path).out
    assert "best: epoch 2, 0.666667" in out


def test_bars_show_each_group_with_its_value(tmp_path: Path) -> None:
    out = losscli("mse", "a.csv", "--by", "g", "--plot", "groups", cwd=tmp_path).out
    assert "0.5 (n = 2)" in out
    assert "2.125 (n = 2)" in out
    assert "all 4 samples: 1.312" in out


def test_calibration_is_drawn_and_tabled(tmp_path: Path) -> None:
    out = losscli("brier", "b.csv", "--plot", "calibration", cwd=tmp_path).out
    assert "expected calibration error 0.225 in 10 bins" in out
    assert "mean predicted" in out


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "jsonl", "value", "junit"])
def test_formats_for_programs_are_the_same_with_and_without_a_picture(form: str, tmp_path: Path) -> None:
    plain = losscli("mse", "a.csv", "-f", form, "--by", "g", cwd=tmp_path).out
    drawn = losscli("mse", "a.csv", "-f", form, "--by", "g", "--hist", "--plot", "groups", cwd=tmp_path).out
    assert plain == drawn


@pytest.mark.parametrize(
    "env", [{"TERM": "dumb"}, {"PYTHONIOENCODING": "ascii"}], ids=["a dumb terminal", "an ASCII stream"]
)
def test_the_picture_is_plain_where_blocks_cannot_be_shown(env: dict[str, str], tmp_path: Path) -> None:
    arguments = ("epochs.csv", "--by", "epoch", "--plot", "curve", "--plot", "groups", "--hist")
    out = losscli("mae", *arguments, cwd=tmp_path, env=env).out
    assert not set("█│┤└─●★·–") & set(out.partition("mae by epoch")[2])
    assert "#" in out


def test_markdown_shows_the_picture_in_a_fence(tmp_path: Path) -> None:
    out = losscli("mse", "a.csv", "--hist", "-f", "markdown", cwd=tmp_path).out
    assert re.search(r"^```text\nmse: the losses of 4 samples\n[^`]+\n```$", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("mse", "a.csv", "--plot", "hsit"), ["hsit", "hist"]),
        (("mse", "a.csv", "--plot", "curve"), ["--by"]),
        (("mse", "a.csv", "--plot", "groups"), ["--by"]),
        (("mse", "a.csv", "--by", "g", "--plot", "curve"), ["one column of numbers"]),
        (("mse", "a.csv", "--plot", "calibration"), ["probabilities", "-l brier"]),
        (("eval", "a.csv", "-l", "r2", "--hist"), ["a score has none"]),
        (("mse", "a.csv", "--by", "g", "--reduction", "none", "--plot", "groups"), ["--reduction none"]),
        (("show", "ce", "--plot"), ["one true and one predicted number"]),
        (("show", "huber", "-o", "huber.csv"), ["csv shows no pictures", "svg"]),
    ],
)
def test_a_picture_that_cannot_be_is_refused(arguments: tuple[str, ...], words: list[str], tmp_path: Path) -> None:
    refused(losscli(*arguments, cwd=tmp_path), 2, *words)


def test_show_draws_the_loss_with_its_parameter_varied(tmp_path: Path) -> None:
    out = losscli("show", "huber", "--plot", cwd=tmp_path).out
    assert all(f"huber:delta={delta}" in out for delta in ("0.5", "1", "2"))
    assert "residual y_pred − y_true" in out


def test_intervals_and_pictures_go_together(tmp_path: Path) -> None:
    done = losscli("mse", "a.csv", "--ci", "0.9", "--hist", cwd=tmp_path)
    assert done.code == 0
    assert "interval" in done.out
    assert sum(numbers_after_bars(done.out)) == 4


def test_a_report_with_pictures_is_verified(tmp_path: Path) -> None:
    losscli("mse", "a.csv", "--hist", "-o", "json:report.json", cwd=tmp_path)
    assert "plot" not in json.loads((tmp_path / "report.json").read_text())["inputs"]
    assert losscli("verify", "report.json", cwd=tmp_path).code == 0


def test_nothing_of_pictures_is_loaded_unless_one_is_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['losscli', 'mse', 'a.csv']\n"
        "import losscli.cli.app as app\n"
        "app.run(sys.argv[1:])\n"
        "print({'matplotlib', 'losscli.gallery', 'losscli.pictures', 'losscli.formats.drawn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")
