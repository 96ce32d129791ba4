"""``--by 'age/10'``: columns of numbers cut into bins, the same in every format and command."""

from __future__ import annotations

import csv
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write
from hypothesis import given
from hypothesis import strategies as st

from losscli.errors import DataError, UsageError
from losscli.sources.bins import Edges, Equal, Width, binned
from losscli.sources.roles import in_order

AGES = ["", "-3", "0", "7.5", "18", "18", "39.9", "40", "64", "65", "90", "120"]
TABLE = "age,a/b,region,y_true,y_pred\n" + "".join(
    f"{age},{i % 2},{'ns'[i % 2]},{i},{i + 1 + i % 3}\n" for i, age in enumerate(AGES)
)
FINITE = st.floats(-1e6, 1e6)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)


def groups(*arguments: str, cwd: Path, stdin: str = "", columns: int = 1) -> list[tuple[str, ...]]:
    """The groups of a summary and their counts, the total left out."""
    done = losscli("mse", *arguments, "--summary", "-f", "csv", cwd=cwd, stdin=stdin)
    assert done.code == 0, done.err
    rows = list(csv.DictReader(done.out.splitlines()))[:-1]
    names = list(rows[0])[:columns]
    return [(*(row[name] for name in names), row["n"]) for row in rows]


def ends(label: str) -> tuple[float, float]:
    """The ends of a bin, read from its name."""
    low, high = label[1:-1].split(",")
    return float(low), float(high)


def test_a_width_makes_half_open_bins_in_numeric_order_and_missing_values_a_group_of_their_own(tmp_path: Path) -> None:
    assert groups("a.csv", "--by", "age/50", cwd=tmp_path) == [
        ("", "1"), ("[-50,0)", "1"), ("[0,50)", "6"), ("[50,100)", "3"), ("[100,150)", "1"),
    ]  # fmt: skip


def test_edges_make_the_bins_between_them_and_two_open_ones(tmp_path: Path) -> None:
    assert groups("a.csv", "--by", "age/18:40:65", cwd=tmp_path) == [
        ("", "1"), ("(-inf,18)", "3"), ("[18,40)", "3"), ("[40,65)", "2"), ("[65,inf)", "3"),
    ]  # fmt: skip


def test_quantiles_make_bins_of_equally_many_rows_whose_edges_are_said(tmp_path: Path) -> None:
    known = np.array([float(age) for age in AGES if age])
    low, edge, high = known.min(), np.median(known), known.max()
    done = losscli("mse", "a.csv", "--by", "age/q2", "--summary", cwd=tmp_path)
    assert f"--by age/q2: [{low:g},{edge:g}), [{edge:g},{high:g}]" in done.err
    assert groups("a.csv", "--by", "age/q2", cwd=tmp_path) == [
        ("", "1"), (f"[{low:g},{edge:g})", "5"), (f"[{edge:g},{high:g}]", "6"),
    ]  # fmt: skip


def test_a_stream_is_read_twice_for_quantiles(tmp_path: Path) -> None:
    assert groups("-", "--by", "age/q3", cwd=tmp_path, stdin=TABLE) == groups("a.csv", "--by", "age/q3", cwd=tmp_path)


@pytest.mark.parametrize("by", ["age/50", "age/18:40:65", "age/q4"])
def test_csv_json_and_numpy_files_have_the_same_groups(by: str, tmp_path: Path) -> None:
    rows = list(csv.DictReader(TABLE.splitlines()))
    columns = {name: [float(row[name]) if row[name] else None for row in rows] for name in ("age", "y_true", "y_pred")}
    write(tmp_path, a_json=json.dumps(columns))
    arrays = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for its own option
    together = np.array(list(zip(*arrays.values(), strict=True)), dtype=[(name, "f8") for name in arrays])
    np.save(tmp_path / "a.npy", together)
    expected = groups("a.csv", "--by", by, cwd=tmp_path)
    assert [groups(f"a.{suffix}", "--by", by, cwd=tmp_path) for suffix in ("json", "npz", "npy")] == [expected] * 3


def test_a_column_whose_name_holds_a_slash_wins(tmp_path: Path) -> None:
    assert groups("a.csv", "--by", "a/b", cwd=tmp_path) == [("0", "6"), ("1", "6")]


def test_a_column_with_a_slash_can_be_cut_itself(tmp_path: Path) -> None:
    assert groups("a.csv", "--by", "a/b/2", cwd=tmp_path) == [("[0,2)", "12")]


def test_bins_and_plain_columns_go_together(tmp_path: Path) -> None:
    found = groups("a.csv", "--by", "region,age/100", cwd=tmp_path, columns=2)
    assert found[:3] == [("n", "", "1"), ("n", "[0,100)", "5"), ("s", "[-100,0)", "1")]


def test_a_column_is_kept_as_it_stands_while_its_bins_are_groups(tmp_path: Path) -> None:
    done = losscli(
        "mse", "a.csv", "--by", "age", "--by", "age/50", "--keep", "age", "-f", "csv", cwd=tmp_path
    )  # fmt: skip
    assert [row["age"] for row in csv.DictReader(done.out.splitlines())] == AGES


def test_the_truth_can_be_cut_and_so_can_labels_that_are_numbers(tmp_path: Path) -> None:
    assert groups("a.csv", "--by", "y_true/6", cwd=tmp_path) == [("[0,6)", "6"), ("[6,12)", "6")]
    write(tmp_path, c_csv="label,prob_0,prob_1\n0,0.9,0.1\n1,0.4,0.6\n1,0.2,0.8\n")
    done = losscli(
        "ce", "c.csv", "--classes", "0,1", "--by", "label/1", "--summary", "-f", "csv", cwd=tmp_path
    )  # fmt: skip
    assert [line.split(",loss")[0][:9] for line in done.out.splitlines()[1:3]] == ['"[0,1)",c', '"[1,2)",c']


def test_a_column_of_the_truth_file_can_be_cut_when_rows_are_paired_by_a_key(tmp_path: Path) -> None:
    rows = list(csv.DictReader(TABLE.splitlines()))
    truth = "".join(f"{i},{row['age']},{row['y_true']}\n" for i, row in enumerate(rows))
    preds = "".join(f"{i},{row['y_pred']}\n" for i, row in reversed([*enumerate(rows)]))
    write(tmp_path, t_csv=f"id,age,y_true\n{truth}", p_csv=f"id,y_pred\n{preds}")
    paired = ("p.csv", "--truth", "t.csv", "--id", "id")
    assert groups(*paired, "--by", "age/q3", cwd=tmp_path) == groups("a.csv", "--by", "age/q3", cwd=tmp_path)
    assert groups(*paired, "--by", "id/6", cwd=tmp_path) == [("[0,6)", "6"), ("[6,12)", "6")]


def test_a_decimal_comma_is_read_as_everywhere(tmp_path: Path) -> None:
    write(tmp_path, d_csv="age;y_true;y_pred\n1,5;0;1\n2,5;0;1\n")
    assert groups("d.csv", "--decimal", ",", "--by", "age/1", cwd=tmp_path) == [("[1,2)", "1"), ("[2,3)", "1")]


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("age/x", ("age/x", "age/q4")),
        ("age/0", ("age/0",)),
        ("age/-5", ("age/-5",)),
        ("age/nan", ("age/nan",)),
        ("age/q1", ("age/q1",)),
        ("age/q5000", ("age/q5000",)),
        ("age/40:18", ("age/40:18",)),
        ("age/18:18", ("age/18:18",)),
        ("age/18:inf", ("age/18:inf",)),
    ],
)
def test_a_cut_that_is_none_is_a_wrong_option_with_the_grammar_as_a_hint(
    by: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    refused(losscli("mse", "a.csv", "--by", by, cwd=tmp_path), 2, *words, "age/18:40:65")


def test_a_column_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    refused(losscli("mse", "a.csv", "--by", "aeg/10", cwd=tmp_path), 3, "aeg", "age")


def test_a_column_of_text_cannot_be_cut(tmp_path: Path) -> None:
    refused(losscli("mse", "a.csv", "--by", "region/10", cwd=tmp_path), 3, "region", "line 2", "'n'")


def test_a_column_without_a_number_has_no_quantiles(tmp_path: Path) -> None:
    write(tmp_path, e_csv="age,y_true,y_pred\n,1,2\n,3,4\n")
    refused(losscli("mse", "e.csv", "--by", "age/q4", cwd=tmp_path), 3, "age/q4")


def test_a_column_of_rows_cannot_be_cut(tmp_path: Path) -> None:
    write(tmp_path, r_json='[{"age": [1, 2], "y_true": 1, "y_pred": 2}, {"age": [3, 4], "y_true": 1, "y_pred": 2}]')
    refused(losscli("mse", "r.json", "--by", "age/10", cwd=tmp_path), 3, "age/10", "rows")


# ── in every command that takes groups ───────────────────────────────────────────────────────────────────────────────


def test_parts_by_width_add_up_to_the_whole(tmp_path: Path) -> None:
    header, *lines = TABLE.splitlines(keepends=True)
    write(tmp_path, one_csv=header + "".join(lines[:5]), two_csv=header + "".join(lines[5:]))
    parts = "".join(
        losscli("partial", name, "-l", "mse", "--by", "region,age/50", cwd=tmp_path).out
        for name in ("one.csv", "two.csv")
    )
    merged = losscli("merge", "-", "-f", "csv", cwd=tmp_path, stdin=parts)
    whole = losscli("mse", "a.csv", "--by", "region,age/50", "--summary", "-f", "csv", cwd=tmp_path)
    assert (merged.out, merged.code) == (whole.out, 0)


def test_a_part_has_no_quantiles_of_the_whole(tmp_path: Path) -> None:
    refused(losscli("partial", "a.csv", "-l", "mse", "--by", "age/q4", cwd=tmp_path), 2, "age/q4", "age/18:40:65")


def test_gates_and_comparisons_are_by_bins_too(tmp_path: Path) -> None:
    checked = losscli("check", "a.csv", "--max", "mse=1e9", "--by", "age/q2", "-f", "json", cwd=tmp_path)
    seen = [gate["by"] for gate in checked.document["gates"]]
    assert {"age/q2": "[39.9,120]"} in seen, seen
    compared = losscli(
        "compare", "a.csv", "--pred", "y_pred,y_true", "--true", "y_true", "-l", "mse", "--by", "age/100", "-f", "json",
        cwd=tmp_path,
    )  # fmt: skip
    assert {"age/100": "[100,200)"} in [one["by"] for one in compared.document["comparisons"]]


def test_a_report_by_bins_is_verified(tmp_path: Path) -> None:
    losscli("mse", "a.csv", "--by", "age/q4", "-o", "json:r.json", "-q", cwd=tmp_path)
    assert losscli("verify", "r.json", cwd=tmp_path).code == 0


# ── the bins themselves ──────────────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(FINITE, min_size=1, max_size=30), st.sampled_from(["0.1", "0.3", "1", "7", "250.5", "1e-3"]))
def test_a_value_lies_between_the_ends_that_its_label_names(values: list[float], width: str) -> None:
    for value, label in zip(values, Width(Fraction(width)).labels(np.array(values)), strict=True):
        low, high = ends(label)
        assert low <= value < high
        assert high - low == pytest.approx(float(width), rel=1e-3)


@given(st.lists(FINITE, min_size=1, max_size=50), st.integers(2, 6))
def test_bins_by_quantiles_hold_every_value_between_their_ends(values: list[float], count: int) -> None:
    found = Equal(count).settled([np.array(values[:20]), np.array(values[20:])], "x")
    labels = found.labels(np.array(values))
    assert len(set(labels)) <= count
    for value, label in zip(values, labels, strict=True):
        low, high = ends(label)
        assert low <= value <= high
        assert value < high or label.endswith("]")


@given(st.integers(2, 8), st.integers(1, 20))
def test_different_values_fall_into_bins_of_equal_size(count: int, each: int) -> None:
    values = np.random.default_rng(count).permutation(count * each).astype(np.float64)
    sizes = Counter(Equal(count).settled([values], "x").labels(values)).values()
    assert max(sizes) - min(sizes) <= 1


def test_infinite_values_belong_to_the_outer_bins() -> None:
    values = np.array([-np.inf, 1.0, np.inf])
    assert Edges((0.0, 2.0)).labels(values) == ["(-inf,0)", "[0,2)", "[2,inf)"]
    assert Width(Fraction(1)).labels(values) == ["-inf", "[1,2)", "inf"]


def test_equal_values_leave_one_bin() -> None:
    assert set(Equal(4).settled([np.full(9, 5.0)], "x").labels(np.full(9, 5.0))) == {"[5,5]"}


def test_bins_too_narrow_for_float64_are_refused() -> None:
    with pytest.raises(DataError, match="too narrow"):
        Width(Fraction("1e-9")).labels(np.array([1e12]))


@given(st.lists(FINITE, min_size=2, max_size=20, unique=True), st.sampled_from(["0.5", "10", "1000"]))
def test_bins_sort_by_their_lower_edge(values: list[float], width: str) -> None:
    labels = Width(Fraction(width)).labels(np.array(values))
    assert sorted(labels, key=in_order) == sorted(labels, key=lambda label: ends(label)[0])


def test_a_column_that_is_there_is_never_read_as_bins() -> None:
    assert [names for names, _, cut in binned("a/10", ["a", "a/10"]) if cut is None] == ["a/10"]
    with pytest.raises(UsageError):
        list(binned("a/b", ["a"]))
