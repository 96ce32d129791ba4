"""What a group is among the others: its share of the total loss, and the best of a learning curve."""

from __future__ import annotations

from math import fsum
from pathlib import Path

import pytest
from console import losscli, write

CURVE = [(1, 3.0), (2, 1.0), (10, 0.5), (11, 0.5), (12, 2.0)]
TABLE = "epoch,region,w,y_true,y_pred\n" + "".join(
    f"{epoch},{'ns'[i % 2]},{i + 1},0,{error}\n" for i, (epoch, error) in enumerate(CURVE)
)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    write(tmp_path, a_csv=TABLE)


def shares(*arguments: str, cwd: Path) -> dict[str, str]:
    """The shares of the groups by name, the total under an empty one."""
    results = losscli(*arguments, "--summary", "-f", "json", cwd=cwd).document["results"]
    return {"".join((one["by"] or {}).values()): repr(one["share"]) for one in results}


def test_the_share_of_a_group_is_its_part_in_the_weighted_sum(tmp_path: Path) -> None:
    total = fsum((i + 1) * error for i, (_, error) in enumerate(CURVE))
    assert shares("mae", "a.csv", "-w", "w", "--by", "epoch", cwd=tmp_path) == {
        **{str(epoch): repr((i + 1) * error / total) for i, (epoch, error) in enumerate(CURVE)}, "": "1.0",
    }  # fmt: skip


def test_shares_of_a_root_are_those_of_the_squares(tmp_path: Path) -> None:
    found = [shares(loss, "a.csv", "--by", "region", cwd=tmp_path) for loss in ("rmse", "mse")]
    assert found[0] == found[1]


def test_a_total_of_zero_has_no_shares(tmp_path: Path) -> None:
    write(tmp_path, z_csv="g,y_true,y_pred\na,1,1\nb,2,2\n")
    document = losscli("mse", "z.csv", "--by", "g", "-f", "json", cwd=tmp_path).document
    assert [one["share"] for one in document["results"]] == [None] * 3


def test_a_score_has_no_share_and_results_without_groups_have_no_such_key(tmp_path: Path) -> None:
    grouped = losscli("eval", "a.csv", "-l", "r2", "--by", "region", "-f", "json", cwd=tmp_path).document
    alone = losscli("mse", "a.csv", "-f", "json", cwd=tmp_path).document
    assert [("share" in one) for one in (*grouped["results"], *alone["results"])] == [False] * 4


def test_json_has_the_share_of_every_group(tmp_path: Path) -> None:
    document = losscli("mae", "a.csv", "--by", "region", "-f", "json", cwd=tmp_path).document
    assert {str(one["by"]): one["share"] for one in document["results"]} == {
        "{'region': 'n'}": 5.5 / 7, "{'region': 's'}": 1.5 / 7, "None": 1.0,
    }  # fmt: skip


def test_csv_has_the_interval_that_was_asked_for_and_no_share(tmp_path: Path) -> None:
    out = losscli("mse", "a.csv", "--by", "region", "--ci", "0.9", "--summary", "-f", "csv", cwd=tmp_path).out
    assert out.splitlines()[0].endswith(",min,max,ci_low,ci_high")


def marked(out: str) -> list[str]:
    """The groups that a table marks as the best."""
    return [line.split()[0] for line in out.splitlines() if " * " in line]


def test_the_best_epoch_is_marked_and_said_and_of_equals_the_first(tmp_path: Path) -> None:
    done = losscli("mae", "a.csv", "--by", "epoch", "--summary", cwd=tmp_path)
    assert marked(done.out) == ["10"]
    assert "mae is best at epoch 10: 0.5" in done.err


def test_the_best_of_a_score_is_the_highest_where_more_is_better(tmp_path: Path) -> None:
    rows = "".join(f"{epoch},{y},{y + error * (-1) ** y}\n" for epoch, error in CURVE for y in range(4))
    write(tmp_path, s_csv=f"epoch,y_true,y_pred\n{rows}")
    done = losscli("eval", "s.csv", "-l", "r2", "-l", "mse", "--by", "epoch", "--summary", cwd=tmp_path)
    assert marked(done.out) == ["10", "10"]
    assert "r2 is best at epoch 10: 0.8" in done.err


@pytest.mark.parametrize("by", ["region", "epoch/5", "epoch,region"])
def test_groups_in_no_order_have_no_best(by: str, tmp_path: Path) -> None:
    done = losscli("mae", "a.csv", "--by", by, "--summary", cwd=tmp_path)
    assert (marked(done.out), "best" in done.err) == ([], False)


def test_the_classes_of_the_truth_have_no_best_though_they_are_numbers(tmp_path: Path) -> None:
    write(tmp_path, k_csv="Label,p0,p1,p2\n0,0.8,0.1,0.1\n1,0.2,0.7,0.1\n2,0.1,0.4,0.5\n")
    done = losscli("ce", "k.csv", "--by", "Label", "-o", "table", "-o", "html:k.html", "--summary", cwd=tmp_path)
    assert (marked(done.out), "best" in done.err) == ([], False)
    assert "polyline" not in (tmp_path / "k.html").read_text(encoding="utf-8")


def test_the_curve_and_the_table_agree_on_the_best(tmp_path: Path) -> None:
    done = losscli("mae", "a.csv", "--by", "epoch", "--summary", "--plot", "curve", cwd=tmp_path)
    assert "best: epoch 10, 0.5" in done.out
    assert marked(done.out) == ["10"]


def test_the_name_of_the_loss_stays_with_every_part_of_a_split_table(tmp_path: Path) -> None:
    done = losscli("mae", "a.csv", "--by", "epoch", "--summary", "-f", "markdown", cwd=tmp_path)
    assert done.out.splitlines()[0].split()[1:6:2] == ["epoch", "loss", "reduction"]
