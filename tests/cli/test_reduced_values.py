"""Section 3 of the contract: the reduced values, exact and the same for any order, shard and chunk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write

RANDOM = np.random.default_rng(7)
N = 301
ROWS = list(
    zip(
        RANDOM.normal(size=N).tolist(),
        (RANDOM.normal(size=N) * 10.0 ** RANDOM.integers(-6, 7, size=N)).tolist(),
        RANDOM.choice([0, 0.1, 2, 7], size=N).tolist(),
        [i % 3 for i in range(N)],
        strict=True,
    )
)
HEADER = "y_true,y_pred,w,g\n"
LOSSES = [(p - t) ** 2 for t, p, _, _ in ROWS]
WEIGHTS = [float(w) for _, _, w, _ in ROWS]
ONES = [1.0] * len(ROWS)
Exact = Callable[[Sequence[float], Sequence[float]], float]


def table(rows: Sequence[tuple[float, ...]]) -> str:
    return HEADER + "".join(",".join(map(repr, row)) + "\n" for row in rows)


def product(losses: Sequence[float], weights: Sequence[float]) -> Fraction:
    return sum((Fraction(w) * Fraction(x) for x, w in zip(losses, weights, strict=True)), Fraction(0))


def total(weights: Sequence[float]) -> Fraction:
    return sum(map(Fraction, weights), Fraction(0))


def variance(losses: Sequence[float], weights: Sequence[float]) -> Fraction:
    mean = product(losses, weights) / total(weights)
    squares = (Fraction(w) * (Fraction(x) - mean) ** 2 for x, w in zip(losses, weights, strict=True))
    return sum(squares, Fraction(0)) / total(weights)


def counting(losses: Sequence[float], weights: Sequence[float]) -> list[float]:
    return [x for x, w in zip(losses, weights, strict=True) if w]


EXACT: dict[str, Exact] = {
    "mean": lambda x, w: float(product(x, w) / total(w)),
    "sum": lambda x, w: float(product(x, w)),
    "count-mean": lambda x, w: float(product(x, w) / len(x)),
    "nonzero-mean": lambda x, w: float(product(x, w) / len(counting(x, w))),
    "element-sum": lambda x, w: float(product(x, w)),
    "batch-mean": lambda x, w: float(product(x, w) / len(x)),
    "plain-mean": lambda x, _: float(total(x) / len(x)),
    "vector-mean": lambda x, w: float(total(x) * total(w) / len(x) ** 2),
    "vector-sum": lambda x, w: float(total(x) * total(w) / len(x)),
    "min": lambda x, w: min(counting(x, w)),
    "max": lambda x, w: max(counting(x, w)),
}
"""Reduction -> its correctly rounded value, by exact fractions."""


@pytest.mark.parametrize(
    ("reduction", "weights"), [*((name, WEIGHTS) for name in EXACT), ("mean", ONES), ("count-mean", ONES)]
)
def test_a_reduction_is_correctly_rounded(reduction: str, weights: list[float], tmp_path: Path) -> None:
    write(tmp_path, a_csv=table(ROWS))
    options = ["-w", "w"] if weights is WEIGHTS else []
    done = losscli("mse", "a.csv", *options, "--reduction", reduction, "--summary", "-f", "json", cwd=tmp_path)
    (result,) = done.document["results"]
    assert (result["reduction"], result["value"]) == (reduction, EXACT[reduction](LOSSES, weights))
    assert {key: result[key] for key in ("mean", "sum", "min", "max")} == {
        key: EXACT[key](LOSSES, weights) for key in ("mean", "sum", "min", "max")
    }
    assert result["weight"] == float(total(weights))
    assert result["std"] == pytest.approx(sqrt(variance(LOSSES, weights)), rel=1e-15)


@pytest.mark.parametrize(("reduction", "q"), [("median", 0.5), ("q99.9", 0.999)])
def test_a_quantile_is_that_of_numpy(reduction: str, q: float, tmp_path: Path) -> None:
    write(tmp_path, a_csv=table(ROWS))
    call = ("mse", "a.csv", "--reduction", reduction, "-f", "value")
    assert losscli(*call, cwd=tmp_path).value == pytest.approx(np.quantile(LOSSES, q), rel=1e-13)
    kept = counting(LOSSES, WEIGHTS), [w for w in WEIGHTS if w]
    expected = np.quantile(kept[0], q, weights=kept[1], method="inverted_cdf")
    assert losscli(*call, "-w", "w", cwd=tmp_path).value == expected


def test_none_leaves_the_losses_unreduced(tmp_path: Path) -> None:
    call = ("mse", "--true", "1,2,3", "--pred", "2,2,5", "--reduction", "none")
    (result,) = losscli(*call, "-f", "json", cwd=tmp_path).document["results"]
    assert (result["reduction"], result["value"]) == ("none", None)
    assert losscli(*call, "-f", "value", cwd=tmp_path).out == "1.0\n0.0\n4.0\n"


def test_the_root_of_rmse_is_taken_after_the_mean(tmp_path: Path) -> None:
    write(tmp_path, a_csv=table(ROWS))
    done = losscli("rmse", "a.csv", "-w", "w", "-f", "value", cwd=tmp_path)
    assert done.value == sqrt(EXACT["mean"](LOSSES, WEIGHTS))


@pytest.mark.parametrize("reduction", ["mean", "std"])
def test_a_reduced_value_has_the_same_digits_for_any_order_of_rows_and_shards(reduction: str, tmp_path: Path) -> None:
    shuffled = [ROWS[i] for i in np.random.default_rng(1).permutation(N)]
    write(tmp_path, a_csv=table(ROWS), s_csv=table(shuffled), x_csv=table(ROWS[:1]), y_csv=table(ROWS[1:200]),
          z_csv=table(ROWS[200:]))  # fmt: skip
    call = ("-w", "w", "--by", "g", "--reduction", reduction, "--summary", "-f", "csv")
    whole = losscli("mse", "a.csv", *call, cwd=tmp_path).out
    assert whole.count("\n") == 5
    for files in (["s.csv"], ["x.csv", "y.csv", "z.csv"], ["z.csv", "x.csv", "y.csv"]):
        assert losscli("mse", *files, *call, cwd=tmp_path).out == whole


def test_a_long_file_is_summed_exactly_whatever_its_chunks(tmp_path: Path) -> None:
    values = np.tile([1e16, 1.0, -1e16, 1.0], 30_000)
    np.save(tmp_path / "a.npy", np.stack([np.zeros_like(values), values], axis=1))
    (tmp_path / "a.csv").write_text("y_true,y_pred\n" + "".join(f"0,{value!r}\n" for value in values.tolist()))
    for name in ("a.npy", "a.csv"):
        done = losscli("pinball", "--q", "0.5", name, "--reduction", "sum", "-f", "value", cwd=tmp_path)
        assert done.value == float((2 * 10**16 + 2) * 15_000)


def test_by_gives_one_result_for_each_group_in_natural_order_and_the_total(tmp_path: Path) -> None:
    write(tmp_path, a_csv="epoch,fold,y_true,y_pred\n10,a,1,2\n9,b,1,3\n10,b,1,1\n9,a,,1\n")
    call = ("mse", "a.csv", "--by", "epoch,fold", "--missing", "drop", "--summary", "-f", "csv")
    rows = [line.split(",") for line in losscli(*call, cwd=tmp_path).out.splitlines()]
    assert [row[:2] + row[5:8] for row in rows[1:]] == [
        ["9", "b", "4.0", "1", "0"],
        ["10", "a", "1.0", "1", "0"],
        ["10", "b", "0.0", "1", "0"],
        ["", "", str(5 / 3), "3", "1"],
    ]
    again = losscli("mse", "a.csv", "--by", "epoch", "--by", "fold", "--missing", "drop", "--summary", "-f", "csv",
                    cwd=tmp_path)  # fmt: skip
    assert again.out == losscli(*call, cwd=tmp_path).out


def test_a_nan_never_passes_for_a_number(tmp_path: Path) -> None:
    for reduction in ("mean", "max", "median"):
        done = losscli("mse", "--true", "1,nan", "--pred", "1,2", "--missing", "propagate", "--reduction", reduction,
                       "-f", "value", cwd=tmp_path)  # fmt: skip
        assert (done.code, done.out) == (3, "nan\n")
    refused(losscli("mse", "--true", "1,2", "--pred", "1,2", "-w", "0,0", cwd=tmp_path), 3, "nothing to score")


@pytest.mark.parametrize("reduction", ["mean", "sum", "std", "median", "max"])
def test_a_bare_value_is_the_number_of_the_report_although_it_adds_up_no_squares(
    reduction: str, tmp_path: Path
) -> None:
    write(tmp_path, data_csv=table(ROWS))
    options = ("eval", "data.csv", "-l", "mse", "-l", "rmse", "--reduction", reduction, "-t", "y_true", "-p", "y_pred")
    bare = losscli(*options, "-f", "value", cwd=tmp_path).out
    results = losscli(*options, "-f", "json", "--summary", cwd=tmp_path).document["results"]
    assert bare == "".join(f"{one['loss']}\t{one['value']!r}\n" for one in results)
    assert all(one["std"] > 0 for one in results)
