"""``--breakdown``: where the loss comes from, as tables and as records."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from console import losscli, refused, write

from losscli import breakdown, gallery
from losscli.cli import breaking, picturing

RANDOM = np.random.default_rng(7)
CLASSES = ["ant", "bee", "cat"]
SHARES = RANDOM.dirichlet([1.0, 1.0, 1.0], size=40).round(6)
TRUTH = RANDOM.choice(CLASSES, size=40).tolist()
COLUMNS = RANDOM.normal(size=(30, 4)).round(4)
WEIGHTS = RANDOM.integers(0, 4, size=30)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    labelled = "".join(
        f"{name},{a},{b},{1 - a - b!r}\n" for name, (a, b, _) in zip(TRUTH, SHARES.tolist(), strict=True)
    )
    several = "".join(
        f"{','.join(map(repr, row))},{weight}\n" for row, weight in zip(COLUMNS.tolist(), WEIGHTS, strict=True)
    )
    binary = "".join(f"{int(a > 0.3)},{b}\n" for a, b, _ in SHARES.tolist())
    write(
        tmp_path, c_csv=f"y,p_ant,p_bee,p_cat\n{labelled}", m_csv=f"t0,t1,p0,p1,w\n{several}", b_csv=f"y,p\n{binary}"
    )  # fmt: skip


def section(name: str, *arguments: str, cwd: Path) -> list[dict[str, Any]]:
    """The records of a section in JSON."""
    done = losscli(*arguments, "--breakdown", name, "-f", "json", cwd=cwd)
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = done.document[name]
    return found


def test_each_class_has_the_loss_and_the_share_that_grouping_by_the_label_gives_it(tmp_path: Path) -> None:
    data = ("ce", "c.csv", "--true", "y", "--pred", "p_*")
    results = losscli(*data, "--by", "y", "-f", "json", "--summary", cwd=tmp_path).document["results"][:-1]
    expected = [(one["by"]["y"], one["value"], one["n"], one["weight"], one["share"]) for one in results]
    found = section("classes", *data, cwd=tmp_path)
    assert [(one["class"], one["value"], one["n"], one["weight"], one["share"]) for one in found] == expected
    assert [one["class"] for one in found] == CLASSES


def test_classes_of_one_hot_rows_are_those_of_the_labels(tmp_path: Path) -> None:
    rows = "".join(
        f"{','.join(str(int(name == one)) for one in CLASSES)},{a},{b},{1 - a - b!r}\n"
        for name, (a, b, _) in zip(TRUTH, SHARES.tolist(), strict=True)
    )
    write(tmp_path, h_csv=f"t0,t1,t2,p0,p1,p2\n{rows}")
    found = section("classes", "ce", "h.csv", "--true", "t*", "--pred", "p*", cwd=tmp_path)
    named = section("classes", "ce", "c.csv", "--true", "y", "--pred", "p_*", cwd=tmp_path)
    assert [(one["class"], one["n"]) for one in found] == [(str(i), one["n"]) for i, one in enumerate(named)]
    assert [one["value"] for one in found] == [one["value"] for one in named]


def test_soft_rows_have_no_class(tmp_path: Path) -> None:
    write(tmp_path, s_csv="t0,t1,p0,p1\n0.5,0.5,0.5,0.5\n")
    arguments = ("ce", "s.csv", "--true", "t*", "--pred", "p*", "--breakdown", "classes")
    refused(losscli(*arguments, cwd=tmp_path), 2, "shares of several", "outputs")


def test_each_output_has_the_loss_of_its_column_alone(tmp_path: Path) -> None:
    found = section("outputs", "mse", "m.csv", "--true", "t0,t1", "--pred", "p0,p1", "-w", "w", cwd=tmp_path)
    alone = [
        losscli("mse", "m.csv", "--true", f"t{i}", "--pred", f"p{i}", "-w", "w", "-f", "value", cwd=tmp_path).value
        for i in range(2)
    ]
    assert [(one["output"], one["value"], one["n"], one["weight"]) for one in found] == [
        (f"y_pred_{i}", value, 30, float(WEIGHTS.sum())) for i, value in enumerate(alone)
    ]
    assert [one["share"] for one in found] == pytest.approx([value / sum(alone) for value in alone], rel=1e-14)


def test_a_root_is_taken_of_each_output(tmp_path: Path) -> None:
    found = section("outputs", "rmse", "m.csv", "--true", "t0,t1", "--pred", "p0,p1", cwd=tmp_path)
    alone = losscli("rmse", "m.csv", "--true", "t1", "--pred", "p1", "-f", "value", cwd=tmp_path).value
    assert found[1]["value"] == alone


def test_the_residuals_agree_with_the_losses_of_their_names_digit_for_digit(tmp_path: Path) -> None:
    data = ("m.csv", "--true", "t0", "--pred", "p0", "-w", "w")
    (found,) = section("residuals", "huber", *data, cwd=tmp_path)
    for loss in ("mae", "rmse"):
        assert found[loss] == losscli(loss, *data, "-f", "value", cwd=tmp_path).value
    residual = COLUMNS[:, 2] - COLUMNS[:, 0]
    assert found["bias"] == pytest.approx(np.average(residual, weights=WEIGHTS), rel=1e-14)
    assert found["over"] == WEIGHTS[residual > 0].sum() / WEIGHTS.sum()
    assert found["over"] + found["under"] == pytest.approx(1)


def test_the_quantiles_of_residuals_are_numpys(tmp_path: Path) -> None:
    (found,) = section("residuals", "mse", "m.csv", "--true", "t0,t1", "--pred", "p0,p1", cwd=tmp_path)
    residual = (COLUMNS[:, 2:] - COLUMNS[:, :2]).ravel()
    names = {"min": 0, "q5": 5, "q25": 25, "median": 50, "q75": 75, "q95": 95, "max": 100}
    assert [found[name] for name in names] == pytest.approx(np.percentile(residual, [*names.values()]), rel=1e-12)
    assert (found["n"], found["std"]) == (60, pytest.approx(residual.std(), rel=1e-12))


def test_calibration_is_the_table_of_the_picture_in_all_digits(tmp_path: Path) -> None:
    found = section("calibration", "brier", "b.csv", cwd=tmp_path)
    pairs = sorted((min(int(np.ceil(b * 10)) - 1, 9), b, int(a > 0.3)) for a, b, _ in SHARES.tolist() if b > 0)
    expected = [
        (len(rows), np.mean([b for _, b, _ in rows]), np.mean([y for *_, y in rows]))
        for rows in (list(group) for _, group in groupby(pairs, key=lambda one: one[0]))
    ]
    assert [(one["n"], one["predicted"], one["observed"]) for one in found] == [
        (n, pytest.approx(said, rel=1e-12), pytest.approx(seen, rel=1e-12)) for n, said, seen in expected
    ]
    assert all(one["gap"] == one["observed"] - one["predicted"] for one in found)


@pytest.mark.parametrize(
    ("kind", "loss"), [("classes", "bce"), ("calibration", "bce"), ("residuals", "mse"), ("outputs", "mse")]
)
def test_each_group_has_the_table_that_its_rows_have_alone(kind: str, loss: str, tmp_path: Path) -> None:
    rows = [(name, *pair) for name, pair in zip(TRUTH, SHARES[:, :2].tolist(), strict=True)]
    header = "g,t0,t1,p0,p1\n"
    lines = [(name, f"{name},{int(a > 0.3)},{int(b > 0.2)},{b},{a}\n") for name, a, b in rows]
    for one in CLASSES:
        (tmp_path / f"{one}.csv").write_text(header + "".join(line for name, line in lines if name == one))
    write(tmp_path, whole_csv=header + "".join(line for _, line in lines))
    data = ("--true", "t0,t1", "--pred", "p0,p1") if kind == "outputs" else ("--true", "t0", "--pred", "p0")
    found = section(kind, loss, "whole.csv", *data, "--by", "g", cwd=tmp_path)
    expected = [
        {"by": {"g": name}, **record}
        for name in CLASSES
        for record in section(kind, loss, f"{name}.csv", *data, cwd=tmp_path)
    ]
    total = section(kind, loss, "whole.csv", *data, cwd=tmp_path)
    assert found == [*expected, *({"by": None, **record} for record in total)]


def test_several_tables_come_in_one_pass_and_record_formats_hold_the_first(tmp_path: Path) -> None:
    asked = ("bce", "b.csv", "--breakdown", "classes", "--breakdown", "calibration")
    done = losscli(*asked, "-o", "csv", "-o", "jsonl:b.jsonl", "-o", "json:b.json", cwd=tmp_path)
    document = json.loads((tmp_path / "b.json").read_text())
    lines = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert lines == document["classes"]
    assert [row["value"] for row in csv.DictReader(done.out.splitlines())] == [repr(one["value"]) for one in lines]
    assert "samples" not in document
    assert document["calibration"]


def test_a_bare_value_stays_the_value_and_github_is_told_it(tmp_path: Path) -> None:
    asked = ("bce", "b.csv", "--breakdown", "calibration")
    value = losscli("bce", "b.csv", "-f", "value", cwd=tmp_path).out
    assert losscli(*asked, "-f", "value", cwd=tmp_path).out == value
    assert f"mean = {value.strip()}" in losscli(*asked, "-f", "github", cwd=tmp_path).out


def test_the_worst_samples_stay_where_they_are_asked_for(tmp_path: Path) -> None:
    done = losscli("bce", "b.csv", "--breakdown", "classes", "--worst", "2", "-f", "json", cwd=tmp_path)
    assert (len(done.document["samples"]), len(done.document["classes"])) == (2, 2)


def test_a_table_shows_the_results_and_below_them_the_sections(tmp_path: Path) -> None:
    out = losscli("mse", "m.csv", "--true", "t0", "--pred", "p0", "--breakdown", "residuals", cwd=tmp_path).out
    heads = [line.split()[:3] for line in out.splitlines() if line.split()[:1] in (["loss"], ["n"])]
    assert heads == [["loss", "reduction", "value"], ["n", "weight", "bias"]]


def test_a_page_shows_the_results_and_below_them_the_sections(tmp_path: Path) -> None:
    page = losscli("bce", "b.csv", "--breakdown", "classes", "-f", "html", cwd=tmp_path).out
    assert 0 < page.index("<h2>Results") < page.index("<h2>Classes")


def test_intervals_and_breakdowns_go_together(tmp_path: Path) -> None:
    done = losscli("bce", "b.csv", "--ci", "0.9", "--breakdown", "classes", "-f", "json", cwd=tmp_path)
    assert (len(done.document["results"][0]["interval"]), len(done.document["classes"])) == (2, 2)


def test_a_report_with_breakdowns_is_verified_with_them(tmp_path: Path) -> None:
    losscli("bce", "b.csv", "--breakdown", "classes", "-o", "json:r.json", "-q", cwd=tmp_path)
    report = (tmp_path / "r.json").read_text()
    assert losscli("verify", "r.json", cwd=tmp_path).code == 0
    share = json.loads(report)["classes"][0]["share"]
    write(tmp_path, x_json=report.replace(repr(share), "0.5"))
    done = losscli("verify", "x.json", cwd=tmp_path)
    assert (done.code, "bce 0: share" in done.out) == (1, True)


def test_chunks_and_shards_do_not_change_a_digit(tmp_path: Path) -> None:
    header, *lines = (tmp_path / "b.csv").read_text().splitlines(keepends=True)
    write(tmp_path, one_csv=header + "".join(lines[:7]), two_csv=header + "".join(lines[7:]))
    kinds = ("--breakdown", "classes", "--breakdown", "calibration")
    whole, parts = (
        losscli("bce", *files, *kinds, "-f", "json", "-q", cwd=tmp_path).document
        for files in (("b.csv",), ("one.csv", "two.csv"))
    )
    assert [whole[kind] for kind in kinds[1::2]] == [parts[kind] for kind in kinds[1::2]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("mse", "b.csv", "--breakdown", "classes"), ("class labels", "mse", "bce")),
        (("mse", "b.csv", "--breakdown", "outputs"), ("several columns", "mse")),
        (("bce", "b.csv", "--breakdown", "residuals"), ("single numbers", "bce", "mse")),
        (("poisson-nll", "b.csv", "--breakdown", "residuals"), ("single numbers", "poisson-nll")),
        (("mse", "b.csv", "--breakdown", "calibration"), ("probabilities", "brier")),
        (("mse", "b.csv", "--breakdown", "calibrated"), ("calibrated", "calibration")),
        (("mse", "b.csv", "--breakdown", "x"), ("'x'", "residuals")),
    ],
)
def test_a_breakdown_that_cannot_be_is_refused(
    arguments: tuple[str, ...], words: tuple[str, ...], tmp_path: Path
) -> None:
    refused(losscli(*arguments, cwd=tmp_path), 2, *words)


def test_what_can_be_asked_for_is_what_there_is() -> None:
    assert set(breaking.KINDS) == set(breakdown.KINDS)
    assert {*picturing.KINDS, gallery.USUAL} == set(gallery.KINDS)


def test_numbers_that_are_no_classes_are_not_counted_one_by_one(tmp_path: Path) -> None:
    rows = "".join(f"{i / 2000},0.5\n" for i in range(2000))
    write(tmp_path, f_csv=f"y,p\n{rows}")
    refused(losscli("bce", "f.csv", "--breakdown", "classes", cwd=tmp_path), 2, "1000", "--by")


def test_nothing_of_it_is_loaded_unless_it_is_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import losscli.cli.app as app\n"
        "app.run(['bce', 'b.csv', '-f', 'value'])\n"
        "names = 'breakdown standing sources.bins quantiles gallery reliability'.split()\n"
        "print([name for name in names if f'losscli.{name}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
