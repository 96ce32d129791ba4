"""``losscli compare``: files or columns, truth beside them or apart, and what comes out in every format."""

from __future__ import annotations

from math import fsum
from pathlib import Path

import numpy as np
import pytest
from console import Done, losscli, refused, write

N = 60
SMALL = {
    "old_csv": "id,region,w,y_true,y_pred\na,n,1,1,2\nb,s,2,2,2\nc,n,3,3,5\nd,s,1,4,4\n",
    "new_csv": "id,region,w,y_true,y_pred\na,n,1,1,1\nb,s,2,2,3\nc,n,3,3,3\nd,s,1,4,4\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with predictions of a few rows, and of many."""
    draw = np.random.default_rng(3)
    truth = draw.normal(size=N)
    values = np.column_stack([truth, *(truth + draw.normal(scale=scale, size=N) for scale in (1, 0.2, 1))]).tolist()
    lines = [
        f"{i},{'north' if i % 3 else 'south'},{','.join(map(repr, row))}\n" for i, row in enumerate(values)
    ]  # fmt: skip
    many = "id,region,y_true,rough,fine,other\n" + "".join(lines)
    write(tmp_path, many_csv=many, **SMALL)
    return tmp_path


def compare(folder: Path, *arguments: str, stdin: str = "") -> Done:
    return losscli("compare", *arguments, cwd=folder, stdin=stdin)


def test_json_has_the_keys_of_the_contract_and_the_difference_is_the_second_less_the_first(folder: Path) -> None:
    done = compare(folder, "old.csv", "new.csv", "-l", "mse", "-f", "json")
    (comparison,) = done.document["comparisons"]
    assert (done.code, done.document["n"], done.document["dropped"]) == (0, 4, 0)
    assert {"a": "old.csv", "b": "new.csv", "loss": "mse", "difference": -1.0}.items() <= comparison.items()
    assert {"interval", "p", "verdict"} <= comparison.keys()
    assert len(comparison["interval"]) == 2
    assert [result["value"] for result in done.document["results"]] == [1.25, 0.25]
    assert [result["by"] for result in done.document["results"]] == [{"candidate": "old.csv"}, {"candidate": "new.csv"}]


def test_identical_files_are_equal(folder: Path) -> None:
    done = compare(folder, "old.csv", "old.csv", "-l", "mse", "-l", "r2", "-f", "json")
    assert done.code == 0
    for comparison in done.document["comparisons"]:
        assert (comparison["verdict"], comparison["difference"]) == ("equal", 0.0)
        assert (comparison["interval"], comparison["p"]) == ([0.0, 0.0], 1.0)
    assert {candidate["rank"] for candidate in done.document["candidates"]} == {"1-2"}


def test_columns_of_one_file_are_compared_with_the_first(folder: Path) -> None:
    done = compare(folder, "many.csv", "-p", "rough,fine,other", "-l", "mse", "-f", "json")
    found = {one["b"]: (one["a"], one["verdict"]) for one in done.document["comparisons"]}
    assert found == {"fine": ("rough", "better"), "other": ("rough", "inconclusive")}
    assert [one["rank"] for one in done.document["candidates"]] == ["1", "2-3", "2-3"]
    assert done.document["candidates"][0]["candidate"] == "fine"


def test_a_semicolon_stands_between_candidates_of_several_columns(tmp_path: Path) -> None:
    rows = "".join(
        f"{i % 2},{(0.3, 0.6)[i % 2]},{(0.7, 0.4)[i % 2]},{(0.9, 0.2)[i % 2]},{(0.1, 0.8)[i % 2]}\n" for i in range(12)
    )
    write(tmp_path, a_csv="label,p_0,p_1,q_0,q_1\n" + rows)
    done = compare(tmp_path, "a.csv", "-p", "p_*;q_*", "-l", "ce", "--worst", "1", "-f", "json")
    assert done.document["comparisons"][0]["verdict"] == "better"
    (row,) = done.document["rows"]
    assert (row["row"], row["y_pred_a_0"], row["y_pred_b_0"]) == (1, 0.3, 0.9)


def test_the_effects_of_groups_add_up_to_the_difference(folder: Path) -> None:
    done = compare(folder, "many.csv", "-p", "rough,fine", "-l", "rmse", "--by", "region", "-f", "json")
    *groups, total = done.document["groups"]
    assert [one["by"] for one in groups] == [{"region": "north"}, {"region": "south"}]
    assert total["by"] is None
    assert total["effect"] == total["difference"] == done.document["comparisons"][-1]["difference"]
    assert fsum(one["effect"] for one in groups) == pytest.approx(total["effect"], rel=1e-15)
    assert fsum(one["of_total"] for one in groups) == pytest.approx(1.0, rel=1e-15)


def test_the_rows_that_carry_most_of_the_difference_are_shown_with_both_predictions(folder: Path) -> None:
    arguments = ("old.csv", "new.csv", "-l", "mse", "-w", "w", "--worst", "2", "--keep", "id", "-f", "json")
    first, second = compare(folder, *arguments).document["rows"]
    assert first == {
        "row": 3, "a": "old.csv", "b": "new.csv", "loss": "mse", "id": "c", "y_true": 3.0, "y_pred_a": 5.0,
        "y_pred_b": 3.0, "weight": 3.0, "loss_a": 4.0, "loss_b": 0.0, "effect": -12 / 7, "of_total": 12 / 11,
    }  # fmt: skip
    assert (second["row"], second["effect"]) == (2, 2 / 7)


def test_labels_are_shown_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\ncat,dog\ndog,dog\n", b_csv="y_true,y_pred\ncat,cat\ndog,dog\n")
    (row,) = compare(tmp_path, "a.csv", "b.csv", "-l", "zero-one", "--worst", "5", "-f", "json").document["rows"]
    assert (row["y_true"], row["y_pred_a"], row["y_pred_b"]) == ("cat", "dog", "cat")


def test_files_are_paired_by_a_key(folder: Path) -> None:
    lines = SMALL["new_csv"].splitlines(keepends=True)
    write(folder, turned_csv=lines[0] + "".join(reversed(lines[1:])))
    plain = compare(folder, "old.csv", "new.csv", "-l", "mse", "-f", "csv").out
    turned = compare(folder, "old.csv", "turned.csv", "-l", "mse", "-f", "csv", "--id", "id").out
    assert turned == plain.replace("new.csv", "turned.csv")
    refused(compare(folder, "old.csv", "turned.csv", "-l", "mse"), 3, "the truth of row 1 differs", "--id")


def test_the_truth_may_stand_in_a_file_of_its_own(folder: Path) -> None:
    write(folder, t_csv="id,y_true\nb,2\na,1\n", p_csv="id,y_pred\na,1\nb,3\n", q_csv="id,y_pred\nb,2\na,1\n")
    done = compare(folder, "p.csv", "q.csv", "--truth", "t.csv", "--id", "id", "-l", "mse", "-f", "json")
    assert done.document["comparisons"][0]["difference"] == -0.5


def test_a_row_that_one_of_them_lacks_is_dropped_from_all(folder: Path) -> None:
    write(folder, gap_csv=SMALL["new_csv"].replace("n,1,1,1", "n,1,1,"))
    refused(compare(folder, "old.csv", "gap.csv", "-l", "mse"), 3, "gap.csv, line 2", "--missing drop")
    done = compare(folder, "old.csv", "gap.csv", "-l", "mse", "--missing", "drop", "-f", "json")
    assert [(one["n"], one["dropped"], one["value"]) for one in done.document["results"]] == [
        (3, 1, 4 / 3),
        (3, 1, 1 / 3),
    ]


def test_an_infinite_value_is_shown_and_exits_3(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred\n1,0\n0,0.5\n", b_csv="y_true,y_pred\n1,0.5\n0,0.5\n")
    done = compare(tmp_path, "b.csv", "a.csv", "-l", "bce", "-f", "json")
    (comparison,) = done.document["comparisons"]
    assert (comparison["verdict"], comparison["interval"], comparison["p"]) == ("inconclusive", None, None)
    refused(done, 3, "bce of candidate=a.csv is inf")
    assert "Warning" not in done.err


def test_a_bare_value_is_the_verdict(folder: Path) -> None:
    done = compare(folder, "many.csv", "-p", "rough,fine", "-l", "mse", "-l", "r2", "-f", "value")
    assert done.out == "rough\tfine\tmse\tbetter\nrough\tfine\tr2\tbetter\n"


def test_records_are_the_comparisons(folder: Path) -> None:
    done = compare(folder, "old.csv", "new.csv", "-l", "mse", "-f", "csv")
    header, record = done.out.splitlines()
    assert header == "a,b,loss,verdict,difference,low,high,p,n,detectable,needed"
    assert record.startswith("old.csv,new.csv,mse,inconclusive,-1.0,")


def test_a_table_shows_comparisons_and_candidates_and_no_result_twice(folder: Path) -> None:
    done = compare(folder, "old.csv", "new.csv", "-l", "mse")
    assert done.out.count("1.25") == 1
    assert "reduction" not in done.out
    assert done.out.splitlines()[0].split() == [
        "a", "b", "loss", "verdict", "difference", "interval", "p", "n", "detectable", "needed"
    ]  # fmt: skip


def test_the_seed_decides_and_the_confidence_widens(folder: Path) -> None:
    def interval(*more: str) -> list[float]:
        done = compare(folder, "many.csv", "-p", "rough,fine", "-l", "mse", "-f", "json", *more)
        found: list[float] = done.document["comparisons"][0]["interval"]
        return found

    assert interval() == interval("--seed", "0") != interval("--seed", "1")
    (low, high), (lower, higher) = interval(), interval("--confidence", "0.99")
    assert lower < low < high < higher
    assert interval("--method", "t") != interval()


def test_a_score_has_no_effects_which_is_said(folder: Path) -> None:
    done = compare(folder, "many.csv", "-p", "rough,fine", "-l", "r2", "--by", "region", "--worst", "3", "-f", "json")
    assert {one["effect"] for one in done.document["groups"]} == {None}
    assert done.document["rows"] == []
    assert "r2: this difference is no sum over rows" in done.err


def test_verify_recomputes_a_comparison(folder: Path) -> None:
    options = ("-l", "mse", "--by", "region", "--worst", "2", "--seed", "4", "-o", "json:report.json")
    assert compare(folder, "many.csv", "-p", "rough,fine", *options).code == 0
    assert losscli("verify", "report.json", cwd=folder).code == 0
    write(folder, many_csv=(folder / "many.csv").read_text().replace("north", "south", 1))
    assert losscli("verify", "report.json", cwd=folder).code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("-l", "mse"), 2, ("no file is named",)),
        (("old.csv", "-l", "mse"), 2, ("nothing to compare old.csv with", "--pred")),
        (("many.csv", "-p", "rough", "-l", "mse"), 2, ("nothing to compare many.csv with",)),
        (("many.csv", "-p", "rough,fien", "-l", "mse"), 3, ("no column 'fien'", "fine")),
        (("-", "-p", "rough,fine", "-l", "mse"), 2, ("stdin can be read only once",)),
        (("-", "-", "-l", "mse"), 2, ("stdin can be read only once",)),
        (("old.csv", "new.csv", "--truth", "-", "-l", "mse"), 2, ("stdin can be read only once",)),
        (("old.csv", "new.csv", "-l", "mse", "--reduction", "none"), 2, ("no number",)),
        (("old.csv", "new.csv", "-l", "mse", "--keep", "y_pred"), 2, ("--keep y_pred",)),
        (("named.csv", "named.csv", "-l", "mse", "--by", "candidate"), 2, ("--by candidate",)),
        (("old.csv", "new.csv", "-l", "mse", "--confidence", "1.5"), 2, ("--confidence",)),
        (("old.csv", "new.csv", "-l", "mse", "--cluster", "id,region"), 2, ("--cluster",)),
        (("old.csv", "many.csv", "-l", "mse", "-p", "@5"), 3, ("the truth of row 1 differs",)),
        (("old.csv", "lost.csv", "-l", "mse"), 3, ("lost.csv",)),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: tuple[str, ...], code: int, words: tuple[str, ...], folder: Path
) -> None:
    write(folder, named_csv="candidate,y_true,y_pred\nx,1,2\n")
    refused(compare(folder, *arguments), code, *words)
