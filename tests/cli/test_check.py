"""``losscli check``: verdicts, exit codes, and what is never a pass."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write

RANDOM = np.random.default_rng(3)
N = 120
TRUE = RANDOM.normal(size=N)
OLD = TRUE + RANDOM.normal(size=N)
OTHER = TRUE + RANDOM.permutation(OLD - TRUE)


def table(
    pred: np.ndarray[tuple[int], np.dtype[np.float64]], truth: np.ndarray[tuple[int], np.dtype[np.float64]] = TRUE
) -> str:
    """Return a CSV of predictions, with a key and a group."""
    rows = enumerate(zip(truth.tolist(), pred.tolist(), strict=True))
    return "id,y_true,y_pred,g\n" + "".join(f"r{i},{t!r},{p!r},{'ab'[i % 2]}\n" for i, (t, p) in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with predictions that are old, the same, clearly worse, and as wrong, but elsewhere."""
    write(tmp_path, old_csv=table(OLD), same_csv=table(OLD), worse_csv=table(TRUE + 2 * (OLD - TRUE)))
    write(tmp_path, other_csv=table(OTHER))
    return tmp_path


@pytest.mark.parametrize(
    ("gates", "code", "verdicts"),
    [
        (["--max", "mse=2"], 0, ["pass"]),
        (["--max", "mse=0.5"], 1, ["fail"]),
        (["--min", "r2=-1"], 0, ["pass"]),
        (["--min", "r2=0.99"], 1, ["fail"]),
        (["--max", "mse@max=0.1", "--max", "mse@q50=9", "--max", "mse=2"], 1, ["fail", "pass", "pass"]),
        (["--max", "huber:delta=2=9", "--min", "mse@min=0"], 0, ["pass", "pass"]),
    ],
)
def test_a_bound_decides_and_the_exit_code_says_so(
    folder: Path, gates: list[str], code: int, verdicts: list[str]
) -> None:
    done = losscli("check", "old.csv", *gates, "-f", "json", cwd=folder)
    assert done.code == code
    assert [gate["verdict"] for gate in done.document["gates"]] == verdicts
    assert done.document["verdict"] == ("fail" if code else "pass")


def test_a_record_of_a_gate_has_the_keys_of_the_contract(folder: Path) -> None:
    (gate,) = losscli("check", "old.csv", "--max", "mse=2", "-f", "json", cwd=folder).document["gates"]
    assert (gate["gate"], gate["bound"], gate["n"]) == ("mse<=2", 2.0, N)
    assert gate["value"] == pytest.approx(float(np.mean((OLD - TRUE) ** 2)))
    assert [gate[key] for key in ("baseline", "difference", "interval", "p")] == [None] * 4


@pytest.mark.parametrize(
    ("new", "code", "verdict"), [("same", 0, "equal"), ("worse", 1, "fail"), ("other", 0, "inconclusive")]
)
def test_other_predictions_of_the_same_rows_are_compared_row_by_row(
    folder: Path, new: str, code: int, verdict: str
) -> None:
    done = losscli(
        "check", f"{new}.csv", "--max-worse", "mse=2%", "--baseline-pred", "old.csv", "-f", "json", cwd=folder
    )
    (gate,) = done.document["gates"]
    assert (done.code, gate["verdict"]) == (code, verdict)
    assert gate["interval"][0] <= gate["difference"] <= gate["interval"][1]


def test_identical_predictions_in_another_format_are_equal_with_difference_0_and_p_1(folder: Path) -> None:
    columns = {"y_true": TRUE.tolist(), "y_pred": OLD.tolist()}
    write(folder, copy_json=json.dumps(columns))
    done = losscli("check", "old.csv", "--max-worse", "mse=0", "--baseline-pred", "copy.json", "-f", "json", cwd=folder)
    (gate,) = done.document["gates"]
    assert (done.code, gate["verdict"], gate["difference"]) == (0, "equal", 0.0)
    assert (gate["interval"], gate["p"], done.document["verdict"]) == ([0.0, 0.0], 1.0, "equal")


@pytest.mark.parametrize(("policy", "code"), [("pass", 0), ("warn", 0), ("fail", 1)])
def test_inconclusive_is_what_the_policy_says(folder: Path, policy: str, code: int) -> None:
    done = losscli(
        "check", "other.csv", "--max-worse", "mse=0", "--baseline-pred", "old.csv", "--inconclusive", policy,
        "-f", "value", cwd=folder,
    )  # fmt: skip
    assert (done.code, done.out) == (code, "mse<=baseline+0\tinconclusive\n")
    assert "1 gate: 1 inconclusive" in done.err
    assert ("which counts as failed" in done.err) == (policy == "fail")


def test_exit_zero_turns_a_failure_into_0_and_nothing_else(folder: Path) -> None:
    assert losscli("check", "old.csv", "--max", "mse=0", "--exit-zero", cwd=folder).code == 0
    assert losscli("check", "lost.csv", "--max", "mse=0", "--exit-zero", cwd=folder).code == 3
    assert losscli("check", "old.csv", "--max", "msee=0", "--exit-zero", cwd=folder).code == 2


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("y_true,y_pred\n1,nan\n2,2\n", [], 3),
        ("y_true,y_pred\n1,nan\n2,2\n", ["--missing", "propagate"], 1),
        ("y_true,y_pred\n1,inf\n2,2\n", ["--missing", "propagate"], 1),
        ("y_true,y_pred\n1,nan\n", ["--missing", "drop"], 3),
        ("y_true,y_pred\n", [], 3),
        ("", [], 3),
        ("y_true,y_pred,w\n1,1,0\n", ["--weight", "w"], 3),
        ("y_true,y_pred\n1,1\n", ["--min-n", "2"], 1),
    ],
)
@pytest.mark.parametrize("gate", [["--max", "mse=9"], ["--min", "mse=-9"], ["--max-worse", "mse=9"]])
def test_what_cannot_be_known_is_never_a_pass(
    tmp_path: Path, text: str, options: list[str], code: int, gate: list[str]
) -> None:
    write(tmp_path, p_csv=text)
    baseline = ["--baseline-pred", "p.csv"] if gate[0] == "--max-worse" else []
    assert losscli("check", "p.csv", *gate, *baseline, *options, cwd=tmp_path).code == code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["old.csv"], ["there is no gate"]),
        (["old.csv", "--max", "mse=nan"], ["finite", "mse=nan"]),
        (["old.csv", "--max-worse", "mse=-1%", "--baseline-pred", "same.csv"], ["negative"]),
        (["old.csv", "--max-worse", "mse=1%"], ["--max-worse", "--baseline report.json"]),
        (["old.csv", "--max", "mse=1", "--baseline-pred", "same.csv"], ["--baseline-pred", "--max-worse mse=2%"]),
        (["old.csv", "--max-worse", "mse=1", "--baseline", "x.json", "--baseline-pred", "y.csv"], ["two baselines"]),
        (["old.csv", "--min", "r2@q95=1"], ["r2 is a score"]),
        (["old.csv", "--max", "mse@none=1"], ["one for each row"]),
        (["old.csv", "--max", "mse@q95x=1"], ["no reduction"]),
        (["old.csv", "--max", "msee=1"], ["mse"]),
        (["old.csv", "--max", "mse=1", "--confidence", "95"], ["--confidence"]),
        (["--true", "1", "--pred", "1", "--max-worse", "mse=1", "--baseline-pred", "old.csv"], ["typed"]),
        (["-", "--max-worse", "mse=1", "--baseline-pred", "-"], ["only once"]),
        (["old.csv", "--max", "mse=1", "-o", "json:old.csv"], ["overwrite"]),
    ],
)
def test_options_that_make_no_check_are_refused(folder: Path, arguments: list[str], words: list[str]) -> None:
    refused(losscli("check", *arguments, cwd=folder), 2, *words)


def test_sources_of_different_rows_are_refused_naming_the_first(folder: Path) -> None:
    write(folder, moved_csv=table(OLD, np.where(np.arange(N) == 4, 9.0, TRUE)))
    write(folder, turned_csv="\n".join(["id,y_true,y_pred,g", *reversed(table(OLD).splitlines()[1:])]) + "\n")
    asked = ("check", "old.csv", "--max-worse", "mse=0", "--baseline-pred")
    refused(losscli(*asked, "moved.csv", cwd=folder), 3, "row 5", "moved.csv, line 6", "has 9.0")
    refused(losscli(*asked, "turned.csv", cwd=folder), 3, "row 1", "--id COL")
    assert losscli(*asked, "turned.csv", "--id", "id", "-f", "value", cwd=folder).out.endswith("equal\n")


def test_the_truth_may_be_a_file_of_its_own(folder: Path) -> None:
    truth = "id,y_true\n" + "".join(f"r{i},{t!r}\n" for i, t in reversed(list(enumerate(TRUE.tolist()))))
    bare = "id,y_pred\n" + "".join(f"r{i},{p!r}\n" for i, p in enumerate(OLD.tolist()))
    write(folder, truth_csv=truth, bare_csv=bare)
    done = losscli(
        "check", "bare.csv", "--truth", "truth.csv", "--id", "id", "--max-worse", "mse=0", "--baseline-pred",
        "bare.csv", "-f", "value", cwd=folder,
    )  # fmt: skip
    assert (done.code, done.out) == (0, "mse<=baseline+0\tequal\n")


def test_predictions_from_a_pipe_are_compared_with_those_of_a_file(folder: Path) -> None:
    done = losscli(
        "check", "--max-worse", "mse=0", "--baseline-pred", "old.csv", "-f", "value", cwd=folder, stdin=table(OLD)
    )
    assert (done.code, done.out) == (0, "mse<=baseline+0\tequal\n")


def test_a_gate_may_be_on_a_frameworks_loss_and_on_ones_own(folder: Path) -> None:
    write(folder, mine_py="def off(y_true, y_pred):\n    return abs(y_pred - y_true) + 1\n")
    gates = ["torch.nn.SmoothL1Loss:beta=2", "./mine.py:off"]
    assert losscli("eval", "old.csv", "-l", gates[0], "-l", gates[1], "-o", "json:base.json", cwd=folder).code == 0
    options = [option for gate in gates for option in ("--max-worse", f"{gate}=1%")]
    done = losscli("check", "old.csv", *options, "--baseline", "base.json", "-f", "json", cwd=folder)
    assert [(one["verdict"], one["p"]) for one in done.document["gates"]] == [("equal", 1.0)] * 2
    assert done.code == 0


def test_class_labels_and_rows_of_probabilities_are_compared(tmp_path: Path) -> None:
    rows = ["a,0.7,0.2,0.1", "b,0.1,0.8,0.1", "c,0.3,0.3,0.4"] * 20
    write(tmp_path, p_csv="label,prob_a,prob_b,prob_c\n" + "\n".join(rows) + "\n")
    done = losscli(
        "check", "p.csv", "--max-worse", "ce=1%", "--max-worse", "brier=1%", "--min", "top-k-accuracy:k=1=0.9",
        "--pred", "prob_*", "--baseline-pred", "p.csv", "-f", "json", cwd=tmp_path,
    )  # fmt: skip
    assert (done.code, [one["verdict"] for one in done.document["gates"]]) == (0, ["pass", "equal", "equal"])


def test_every_group_is_judged_and_small_ones_are_skipped(folder: Path) -> None:
    write(folder, few_csv=table(OLD) + "r,0,9,c\n")
    done = losscli("check", "few.csv", "--by", "g", "--max", "mse=9", "--min-n", "5", "-f", "json", cwd=folder)
    assert [(gate["by"], gate["verdict"]) for gate in done.document["gates"]] == [
        ({"g": "a"}, "pass"), ({"g": "b"}, "pass"), ({"g": "c"}, "skipped"), (None, "pass"),
    ]  # fmt: skip
    assert (done.code, "3 gates: 1 skipped" in done.err) == (0, True)


def test_a_group_alone_makes_the_check_fail(folder: Path) -> None:
    write(folder, bad_csv=table(np.where(np.arange(N) % 2, OLD + 5, OLD)))
    done = losscli("check", "bad.csv", "--by", "g", "--max", "mse=20", "-f", "value", cwd=folder)
    assert (done.code, done.out) == (1, "a\tmse<=20\tpass\nb\tmse<=20\tfail\n-\tmse<=20\tpass\n")


@pytest.mark.parametrize("form", [["--summary"], []])
def test_a_report_of_losscli_is_a_baseline_with_an_interval_if_it_holds_the_samples(
    folder: Path, form: list[str]
) -> None:
    assert losscli("eval", "old.csv", "-l", "mse", *form, "-o", "json:base.json", cwd=folder).code == 0
    done = losscli("check", "worse.csv", "--max-worse", "mse=2%", "--baseline", "base.json", "-f", "json", cwd=folder)
    (gate,) = done.document["gates"]
    assert (done.code, gate["verdict"], gate["interval"] is None) == (1, "fail", bool(form))


def test_a_report_of_other_rows_is_refused_unless_forced(folder: Path) -> None:
    write(folder, changed_csv=table(OLD, TRUE + 1))
    losscli("eval", "changed.csv", "-l", "mse", "-o", "json:base.json", cwd=folder)
    asked = ("check", "old.csv", "--max-worse", "mse=2%", "--baseline", "base.json")
    refused(losscli(*asked, cwd=folder), 3, "base.json", "made otherwise", "true", "--force")
    assert losscli(*asked, "--force", cwd=folder).code in (0, 1)


def test_a_row_that_lacks_a_prediction_in_either_file_is_dropped_from_both(folder: Path) -> None:
    write(folder, a_csv="y_true,y_pred\n1,2\n2,\n3,5\n", b_csv="y_true,y_pred\n1,\n2,3\n3,5\n")
    done = losscli(
        "check", "a.csv", "--missing", "drop", "--max-worse", "mse=0", "--baseline-pred", "b.csv", "-f", "json",
        cwd=folder,
    )  # fmt: skip
    assert (done.document["n"], done.document["dropped"], done.document["verdict"]) == (1, 2, "equal")
    assert done.err.count("2 of 3 rows dropped") == 1


def test_a_baseline_that_is_no_number_fails_the_gate_and_is_named_for_it(folder: Path) -> None:
    write(folder, p_csv="y_true,y_pred\n1,1\n2,2\n", gap_csv="y_true,y_pred\n1,1\n2,\n")
    done = losscli(
        "check", "p.csv", "--max-worse", "mse=2%", "--baseline-pred", "gap.csv", "--missing", "propagate", "-f", "json",
        cwd=folder,
    )  # fmt: skip
    (gate,) = done.document["gates"]
    assert (done.code, gate["verdict"]) == (1, "fail")
    assert gate["reason"] == "the value is 0.0, the baseline's nan"


def test_one_row_is_inconclusive_and_says_that_there_is_no_interval(folder: Path) -> None:
    write(folder, p_csv="y_true,y_pred\n1,1\n", q_csv="y_true,y_pred\n1,2\n")
    done = losscli("check", "p.csv", "--max-worse", "mse=2%", "--baseline-pred", "q.csv", "-f", "json", cwd=folder)
    (gate,) = done.document["gates"]
    assert (gate["verdict"], gate["interval"]) == ("inconclusive", [None, None])
    assert gate["reason"].startswith("there is no interval: fewer than two rows")


@pytest.mark.parametrize("asked", ["g,h", "@3,@4", "g*"])
def test_clusters_are_one_column_for_check_and_compare_alike(folder: Path, asked: str) -> None:
    write(folder, p_csv="y_true,y_pred,g,h\n1,1,a,a\n2,3,b,b\n", q_csv="y_true,y_pred\n1,2\n2,3\n")
    gate = ("--max-worse", "mse=2%", "--baseline-pred", "q.csv")
    for command in (("check", "p.csv", *gate), ("compare", "p.csv", "q.csv", "-l", "mse")):
        refused(losscli(*command, "--cluster", asked, cwd=folder), 2, f"--cluster {asked} may be several columns")


def test_seed_boot_and_method_are_what_the_interval_depends_on(folder: Path) -> None:
    def interval(*options: str) -> object:
        asked = ("check", "other.csv", "--max-worse", "mse=0", "--baseline-pred", "old.csv", "-f", "json")
        return losscli(*asked, *options, cwd=folder).document["gates"][0]["interval"]

    usual = interval()
    assert interval() == usual
    for options in (["--seed", "1"], ["--boot", "500"], ["--method", "t"], ["--confidence", "0.5"], ["--cluster", "g"]):
        assert interval(*options) != usual


def test_a_failed_gate_stays_visible_where_the_report_cannot_be_written(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    done = losscli("check", "old.csv", "--max", "mse=0", "-o", "json:/dev/full", "-f", "value", cwd=folder)
    assert done.code == 1
    assert "1 gate: 1 failed" in done.err
    assert "cannot write /dev/full" in done.err


def test_quiet_leaves_stderr_empty_and_the_table_tells_all(folder: Path) -> None:
    done = losscli("check", "old.csv", "--max", "mse=0.5", "-q", cwd=folder)
    assert (done.code, done.err) == (1, "")
    assert "mse<=0.5  fail" in done.out
    assert "is above 0.5" in done.out


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_in_a_pipe_nothing_is_cut(folder: Path, columns: int) -> None:
    done = losscli(
        "check", "other.csv", "--max-worse", "mse=2%", "--baseline-pred", "old.csv", cwd=folder,
        env={"COLUMNS": str(columns)},
    )  # fmt: skip
    (gate,) = losscli(
        "check", "other.csv", "--max-worse", "mse=2%", "--baseline-pred", "old.csv", "-f", "json", cwd=folder
    ).document["gates"]
    for number in (gate["value"], gate["baseline"], gate["bound"], *gate["interval"], gate["p"]):
        assert repr(number) in done.out


def test_the_difference_is_the_exact_one_that_compare_tells(tmp_path: Path) -> None:
    rows = [(i / 7, i / 7 + (i % 5) / 3, i / 7 + (i % 7) / 11) for i in range(40)]
    for name, column in (("old", 1), ("new", 2)):
        lines = "".join(f"{row[0]!r},{row[column]!r}\n" for row in rows)
        (tmp_path / f"{name}.csv").write_text(f"y_true,y_pred\n{lines}")
    check = ("check", "new.csv", "--baseline-pred", "old.csv", "--max-worse", "mse=1%", "-f", "json", "-q")
    (gate,) = losscli(*check, cwd=tmp_path).document["gates"]
    compare = ("compare", "old.csv", "new.csv", "-l", "mse", "-f", "json", "-q")
    (comparison,) = losscli(*compare, cwd=tmp_path).document["comparisons"]
    exact = sum((Fraction((n - t) ** 2) - Fraction((o - t) ** 2) for t, o, n in rows), Fraction(0)) / len(rows)
    assert gate["difference"] == comparison["difference"] == float(exact)
