"""``partial`` and ``merge`` on the command line."""

from __future__ import annotations

import gzip
import json
import shlex
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from console import SCRIPT, Done, environment, losscli, refused

HEADER = "y_true,y_pred,w,region,q\n"
SPECS = ("-l", "mse", "-l", "bce", "-l", "roc-auc", "-l", "f1", "-l", "rmse")


def rows(seed: int, count: int = 30) -> str:
    random = Random(seed)  # noqa: S311  no secret
    cells = (
        (random.randint(0, 1), random.random(), random.choice([0.5, 1, 3]), random.choice("ns"), random.choice("abc"))
        for _ in range(count)
    )
    return "".join(",".join(map(str, row)) + "\n" for row in cells)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"p{number}.csv").write_text(HEADER + rows(number, 20 + number))
    (tmp_path / "empty.csv").write_text(HEADER)
    return tmp_path


def good(done: Done) -> Done:
    assert done.code == 0, done.err
    return done


def parts(folder: Path, *options: str, files: tuple[str, ...] = ("p0", "p1", "p2", "p3", "empty")) -> list[str]:
    for name in files:
        good(losscli("partial", f"{name}.csv", *options, "-o", f"{name}.json", cwd=folder))
    return [f"{name}.json" for name in files]


@pytest.mark.parametrize(
    "options",
    [
        SPECS,
        (*SPECS, "-w", "w", "--by", "region"),
        ("-l", "huber:delta=0.3", "--reduction", "q90", "-w", "w"),
        ("-l", "dcg", "-l", "map:k=3", "--group", "q"),
        ("-l", "keras.losses.BinaryCrossentropy:from_logits", "-l", "mae", "--class-weight", "0=1,1=3"),
        ("-l", "hinge", "-l", "mse", "--like", "sklearn"),
    ],
    ids=" ".join,
)
def test_merging_prints_what_one_pass_over_all_files_prints(folder: Path, options: tuple[str, ...]) -> None:
    whole = good(
        losscli("eval", "p0.csv", "p1.csv", "p2.csv", "p3.csv", *options, "--summary", "-f", "csv", cwd=folder)
    )
    some = parts(folder, *options)
    merged = good(losscli("merge", *reversed(some), "-f", "csv", cwd=folder))
    assert whole.out == merged.out
    good(losscli("merge", *some[1:3], "-q", "--partial", "middle.json", "-f", "value", cwd=folder))
    tree = good(losscli("merge", "middle.json", some[3], some[4], some[0], "-f", "csv", cwd=folder))
    assert whole.out == tree.out


def test_merge_writes_every_format_and_the_notes(folder: Path) -> None:
    (folder / "p9.csv").write_text(HEADER + "1,0.0,1,n,a\n")
    some = parts(folder, "-l", "bce", files=("p0", "p9"))
    done = losscli("merge", *some, "-f", "table", "-o", "json:report.json", cwd=folder)
    refused(done, 3, "bce is inf: the loss of 1 of 21 rows is infinite (first: p9.csv, line 2, column y_pred)")
    assert json.loads((folder / "report.json").read_text())["results"][0]["status"] == "inf"


def test_partials_of_all_rows_dropped_count_what_they_dropped(folder: Path) -> None:
    (folder / "gone.csv").write_text(HEADER + "1,,1,n,a\n0,NA,1,s,a\n")
    some = parts(folder, "-l", "mse", "-w", "w", "--missing", "drop", files=("gone", "p0", "empty"))
    report = good(losscli("merge", *some, "-f", "json", cwd=folder)).document
    assert (report["n"], report["dropped"]) == (20, 2)


def test_a_shard_without_rows_is_legal_and_all_of_them_are_nothing_to_score(folder: Path) -> None:
    (empty,) = parts(folder, "-l", "mse", files=("empty",))
    refused(losscli("merge", empty, empty, cwd=folder), 3, "nothing to score: the data has no rows")


def test_stdin_globs_gz_and_many_parts_in_one_file_are_parts(folder: Path) -> None:
    parts(folder, "-l", "mse", files=("p0", "p1", "p2", "p3"))
    whole = losscli("eval", "p0.csv", "p1.csv", "p2.csv", "p3.csv", "-l", "mse", "-f", "value", cwd=folder).value
    lines = "".join((folder / f"p{number}.json").read_text() for number in range(4))
    (folder / "all.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    for arguments, stdin in ((["p?.json"], ""), (["all.jsonl.gz"], ""), (["-"], lines + "\n")):
        assert losscli("merge", *arguments, "-f", "value", cwd=folder, stdin=stdin).value == whole


def test_the_same_shard_twice_is_noticed_in_a_file_and_inside_a_sum(folder: Path) -> None:
    some = parts(folder, "-l", "mse", files=("p0", "p1"))
    refused(losscli("merge", *some, some[0], cwd=folder), 3, "p0.json, line 1 was given twice", "--allow-repeats")
    (folder / "copy.tsv").write_text((folder / "p0.csv").read_text().replace(",", "\t"))
    good(losscli("partial", "copy.tsv", "-l", "mse", "-o", "copy.json", cwd=folder))
    refused(
        losscli("merge", *some, "copy.json", cwd=folder), 3, "copy.json, line 1 holds the same data as p0.json, line 1"
    )
    good(losscli("merge", *some, "--partial", "sum.json", "-f", "value", cwd=folder))
    refused(
        losscli("merge", "copy.json", "sum.json", cwd=folder), 3, "sum.json, line 1 holds the same data as copy.json"
    )
    report = good(losscli("merge", *some, "copy.json", "--allow-repeats", "-f", "json", cwd=folder)).document
    assert report["n"] == 20 + 21 + 20


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (("-l", "mse"), ("-l", "mae"), "the losses differ: mae:dead_zone=0 and mse"),
        (("-l", "huber:delta=2"), ("-l", "huber"), "huber:delta=1 and huber:delta=2"),
        (("-l", "mse"), ("-l", "mse", "--like", "keras"), "mse like keras"),
        (("-l", "mse"), ("-l", "mse", "--reduction", "sum"), "--reduction differ: sum and none"),
        (("-l", "mse"), ("-l", "mse", "--missing", "drop"), "--missing differ: drop and error"),
        (("-l", "mse"), ("-l", "mse", "--by", "region"), "--by differ: region and none"),
        (("-l", "mse"), ("-l", "mse", "-w", "w"), "weight True and weight False"),
        (("-l", "mse"), ("-l", "mse", "--class-weight", "0=1,1=3"), "--class-weight differ"),
        (("-l", "dcg", "--group", "q"), ("-l", "dcg", "--group", "region"), "--group differ: region and q"),
    ],
)
def test_parts_that_were_not_computed_alike_refuse_to_merge(
    folder: Path, first: tuple[str, ...], second: tuple[str, ...], words: str
) -> None:
    for number, options in enumerate((first, second)):
        good(losscli("partial", f"p{number}.csv", *options, "-o", f"{number}.json", cwd=folder))
    refused(
        losscli("merge", "0.json", "1.json", cwd=folder), 3, "1.json, line 1 and 0.json, line 1 cannot be added", words
    )


def test_other_classes_refuse_to_merge_and_the_hint_names_them_all(tmp_path: Path) -> None:
    for name, labels in (("a", ("cat", "dog")), ("b", ("cat", "eel"))):
        text = "".join(f"{label},{labels[0]}\n" for label in labels)
        (tmp_path / f"{name}.csv").write_text(f"y_true,y_pred\n{text}")
    for options in ((), ("--classes", "cat,dog,eel")):
        for name in "ab":
            losscli("partial", f"{name}.csv", "-l", "accuracy", *options, "-o", f"{name}.json", cwd=tmp_path)
        done = losscli("merge", "a.json", "b.json", "-f", "value", cwd=tmp_path)
        if not options:
            refused(done, 3, "the classes differ: cat; eel and cat; dog", "--classes cat,dog,eel")
    assert done.value == 0.5


def test_what_partial_cannot_compute_fails_as_any_command_and_leaves_no_file(folder: Path) -> None:
    (folder / "bad.csv").write_text("y_true,y_pred\n1,1.5\n")
    refused(
        losscli("partial", "bad.csv", "-l", "bce", "-o", "bad.json", cwd=folder), 3, "bad.csv, line 2, column y_pred"
    )
    refused(losscli("partial", "p0.csv", "-l", "bce", "--reduction", "nosuch", cwd=folder), 2, "nosuch")
    refused(losscli("partial", "p0.csv", "-l", "l2-penalty", cwd=folder), 2, "weights")
    refused(losscli("partial", "p0.csv", "-l", "mse", "-o", "p0.csv", cwd=folder), 2, "would overwrite the input")
    refused(losscli("partial", "p0.csv", "-l", "mse", "--penalty", "l2-penalty=w.npy", cwd=folder), 2, "--penalty")
    assert not (folder / "bad.json").exists()


def test_merge_refuses_what_is_no_partial_result(folder: Path) -> None:
    refused(losscli("merge", "p0.csv", cwd=folder), 3, "p0.csv, line 1 is no partial result")
    refused(losscli("merge", "nosuch.json", cwd=folder), 3, "nosuch.json")
    (folder / "none.json").write_text("\n")
    refused(losscli("merge", "none.json", cwd=folder), 3, "nothing to merge")
    refused(losscli("merge", cwd=folder), 2, "PART")


def test_merge_leaves_no_file_when_it_fails(folder: Path) -> None:
    some = parts(folder, "-l", "mse", files=("p0",))
    refused(losscli("merge", *some, *some, "-o", "report.json", "--partial", "sum.json", cwd=folder), 3, "twice")
    assert [one.name for one in folder.iterdir() if one.name in {"report.json", "sum.json"} or "tmp" in one.name] == []
    refused(losscli("merge", *some, "--partial", some[0], cwd=folder), 2, "would overwrite the input")


def test_the_sum_goes_to_stdout_in_place_of_the_report(folder: Path) -> None:
    some = parts(folder, "-l", "mse", files=("p0", "p1"))
    whole = losscli("merge", *some, "-f", "value", cwd=folder).value
    line = good(losscli("merge", *some, "--partial", "-", cwd=folder)).out
    assert (line.count("\n"), json.loads(line)["kind"]) == (1, "losscli-partial")
    assert losscli("merge", "-", "-f", "value", cwd=folder, stdin=line).value == whole


@pytest.mark.parametrize(
    ("report", "partial"),
    [(("-o", "one.json"), "./one.json"), (("-o", "json:-"), "-"), (("-f", "value"), "-")],
)
def test_merge_refuses_to_write_report_and_sum_to_one_place(
    folder: Path, report: tuple[str, str], partial: str
) -> None:
    some = parts(folder, "-l", "mse", files=("p0", "p1"))
    refused(losscli("merge", *some, *report, "--partial", partial, cwd=folder), 2, "both go to")
    assert not (folder / "one.json").exists()


def test_penalties_are_added_to_the_merged_report(folder: Path) -> None:
    some = parts(folder, "-l", "mse", files=("p0", "p1"))
    penalty = ("--penalty", "l2-penalty=0.5,2", "-f", "csv")
    whole = good(losscli("eval", "p0.csv", "p1.csv", "-l", "mse", "--summary", *penalty, cwd=folder))
    assert whole.out == good(losscli("merge", *some, *penalty, cwd=folder)).out


def test_a_loss_of_your_own_runs_in_merge_only_if_it_is_named(folder: Path) -> None:
    (folder / "mine.py").write_text("def gap(y_true, y_pred):\n    return abs(y_true - y_pred)\n")
    some = parts(folder, "-l", "./mine.py:gap", files=("p0", "p1"))
    refused(
        losscli("merge", *some, cwd=folder), 3, "./mine.py:gap is code of your own", "losscli merge -l ./mine.py:gap"
    )
    own = losscli("merge", "-l", "./mine.py:gap", *some, "-f", "value", cwd=folder).value
    assert own == losscli("eval", "p0.csv", "p1.csv", "-l", "mae", "--summary", "-f", "value", cwd=folder).value


def test_xargs_computes_shards_at_once_and_merge_reads_what_they_append(folder: Path) -> None:
    command = (
        f"printf '%s\\n' p?.csv | xargs -P 2 -n 1 {shlex.quote(str(SCRIPT))} partial -q -l mse -l mae >> all.jsonl"
    )
    subprocess.run(["sh", "-c", command], cwd=folder, env=environment(), check=True, timeout=60)
    merged = good(losscli("merge", "all.jsonl", "-f", "csv", cwd=folder)).out
    specs = ("-l", "mse", "-l", "mae")
    assert merged == good(losscli("eval", "p?.csv", *specs, "--summary", "-f", "csv", cwd=folder)).out


def test_a_rankings_queries_may_be_in_several_shards(folder: Path) -> None:
    (folder / "p8.csv").write_text(HEADER + "1,0.2,1,n,a\n")
    (folder / "p9.csv").write_text(HEADER + "0,0.7,1,n,a\n")
    some = parts(folder, "-l", "dcg", "--group", "q", files=("p8", "p9"))
    whole = losscli("eval", "p8.csv", "p9.csv", "-l", "dcg", "--group", "q", "-f", "value", cwd=folder).value
    assert losscli("merge", *some, "-f", "value", cwd=folder).value == whole


def test_the_size_of_a_state_does_not_grow_with_its_rows(folder: Path) -> None:
    (folder / "long.csv").write_text(HEADER + rows(7, 20_000))
    parts(folder, "-l", "mse", files=("p0", "long"))
    sizes = [(folder / name).stat().st_size for name in ("p0.json", "long.json")]
    assert abs(sizes[1] - sizes[0]) < 100
    assert max(sizes) < 700


PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A program that runs another and prints how many KiB that held at most."""


def test_thousands_of_parts_merge_in_the_memory_of_one(folder: Path) -> None:
    (part,) = parts(folder, "-l", "mse", files=("p0",))
    (folder / "many.jsonl").write_text((folder / part).read_text() * 3000)

    def peak(name: str) -> int:
        command = [sys.executable, "-c", PEAK, str(SCRIPT), "merge", name, "--allow-repeats", "-f", "value", "-q"]
        return int(subprocess.run(command, cwd=folder, env=environment(), capture_output=True, check=True).stdout)

    assert peak("many.jsonl") < peak(part) + 4096
