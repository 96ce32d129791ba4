"""Files with one planted fault each, and what ``losscli inspect`` must say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from losscli.arrays import AnyArray, Array

N = 200


@dataclass(frozen=True)
class Planted:
    """The arguments that read the files, the first rows that show the fault, and how many show it."""

    arguments: Sequence[str]
    rows: Sequence[int]
    count: int
    says: Sequence[str] = ()


def csv(path: Path, **columns: AnyArray | Sequence[object]) -> None:
    """Write columns at full precision, separated by semicolons."""
    rows = zip(
        *(column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()), strict=True
    )
    lines = [";".join(columns), *(";".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def binary(seed: int = 0, n: int = N, spread: float = 2.0) -> tuple[AnyArray, Array]:
    """Return labels and the logits that they were drawn from: calibrated."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, spread, n)
    return (random.random(n) < 1 / (1 + np.exp(-logits))).astype(int), logits


def classes(seed: int = 0, n: int = N, k: int = 3, spread: float = 2.0) -> tuple[AnyArray, Array]:
    """Return labels of k classes and the logits that they were drawn from."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, spread, (n, k))
    drawn = random.random(n)[:, None] > np.cumsum(softmax(logits), axis=1)
    return np.minimum(drawn.sum(axis=1), k - 1), logits


def sigmoid(values: Array) -> Array:
    """Return 1 / (1 + e⁻ˣ)."""
    return np.asarray(1 / (1 + np.exp(-values)))


def softmax(values: Array) -> Array:
    """Return the softmax of each row."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def numbers(seed: int = 0, n: int = N) -> tuple[Array, Array]:
    """Return a truth and a prediction of it with normal errors."""
    random = np.random.default_rng(seed)
    truth = random.normal(50, 10, n)
    return truth, truth + random.normal(0, 3, n)


def columns(values: Array, name: str = "prob") -> dict[str, Array]:
    """Return the columns of rows by numbered names."""
    return {f"{name}_{i}": column for i, column in enumerate(values.T)}


def first(marked: AnyArray | np.bool_) -> list[int]:
    """Return the 1-based numbers of the first rows that are marked."""
    return [int(row) + 1 for row in np.flatnonzero(marked)[:5]]


FIRST = [1, 2, 3, 4, 5]


def several_columns(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=label, prob=sigmoid(logit), logit=logit)
    return Planted(["a.csv"], [], 0, ["prob, logit"])


def gaps(folder: Path) -> Planted:
    truth, pred = numbers()
    cells: list[object] = pred.tolist()
    cells[6] = cells[90] = "NA"
    csv(folder / "a.csv", y_true=truth, y_pred=cells)
    return Planted(["a.csv"], [7, 91], 2)


def swapped_columns(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", first=sigmoid(logit), second=label)
    return Planted(["a.csv"], FIRST, N, ["first", "second"])


def swapped_under_well_known_names(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=sigmoid(logit), y_pred=label)
    return Planted(["a.csv"], FIRST, N, ["y_true", "y_pred"])


def swapped_names(folder: Path) -> Planted:
    truth, pred = numbers()
    csv(folder / "a.csv", y_true=truth, y_pred=pred)
    return Planted(["a.csv", "--true", "y_pred", "--pred", "y_true"], FIRST, N)


def labels_one_two(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=label + 1, y_pred=sigmoid(logit))
    return Planted(["a.csv"], first(label == 1), int(label.sum()), ["1, 2"])


def labels_minus_one(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=2 * label - 1, prob=sigmoid(logit))
    return Planted(["a.csv"], first(label == 0), int((label == 0).sum()), ["-1, 1"])


def decided_minus_one(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=2 * label - 1, y_pred=np.where(logit > 0, 1, -1))
    return Planted(["a.csv"], first(label == 0), int((label == 0).sum()), ["-1, 1"])


def labels_from_one(folder: Path) -> Planted:
    label, logits = classes()
    csv(folder / "a.csv", label=label + 1, **columns(softmax(logits)))
    return Planted(["a.csv"], first(label == 2), int((label == 2).sum()), ["1, 2, 3"])


def logits_called_probabilities(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=label, prob=logit)
    outside = (logit < 0) | (logit > 1)
    return Planted(["a.csv"], first(outside), int(outside.sum()), ["bce"])


def logits_for_a_loss_of_probabilities(folder: Path) -> Planted:
    label, logits = classes()
    csv(folder / "a.csv", label=label, **columns(logits, "pred"))
    outside = ((logits < 0) | (logits > 1)).any(axis=1)
    return Planted(["a.csv", "-l", "ce"], first(outside), int(outside.sum()), ["ce"])


def probabilities_called_logits(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=label, logit=sigmoid(logit))
    return Planted(["a.csv"], FIRST, N, ["bce"])


def percent(folder: Path) -> Planted:
    label, logit = binary()
    shares = 100 * sigmoid(logit)
    csv(folder / "a.csv", y_true=label, prob=shares)
    return Planted(["a.csv"], first(shares > 1), int((shares > 1).sum()), ["percent"])


def percent_of_classes(folder: Path) -> Planted:
    label, logits = classes()
    shares = 100 * softmax(logits)
    csv(folder / "a.csv", label=label, **columns(shares))
    return Planted(["a.csv"], FIRST, N, ["percent"])


def percent_against_fractions(folder: Path) -> Planted:
    random = np.random.default_rng(0)
    truth = random.random(N)
    csv(folder / "a.csv", y_true=truth, y_pred=100 * np.clip(truth + random.normal(0, 0.05, N), 0, 1))
    return Planted(["a.csv"], FIRST, N, ["mse", "/ 100"])


def fractions_against_percent(folder: Path) -> Planted:
    random = np.random.default_rng(0)
    truth = random.random(N)
    csv(folder / "a.csv", y_true=100 * truth, y_pred=np.clip(truth + random.normal(0, 0.05, N), 0, 1))
    return Planted(["a.csv"], FIRST, N, ["mse", "* 100"])


def fractions_against_percent_of_a_fair_model(folder: Path) -> Planted:
    random = np.random.default_rng(0)
    truth = random.beta(2, 3, N)
    csv(folder / "a.csv", y_true=100 * truth, y_pred=np.clip(truth + random.normal(0, 0.08, N), 0, 1))
    return Planted(["a.csv"], FIRST, N, ["the truth looks like percent"])


def softmax_twice(folder: Path) -> Planted:
    label, logits = classes(spread=6)
    csv(folder / "a.csv", label=label, **columns(softmax(softmax(logits))))
    return Planted(["a.csv"], FIRST, N, ["ce"])


def sigmoid_twice(folder: Path) -> Planted:
    label, logit = binary(spread=6)
    csv(folder / "a.csv", y_true=label, prob=sigmoid(sigmoid(logit)))
    return Planted(["a.csv"], FIRST, N, ["bce"])


def softmax_twice_of_a_model_that_is_too_sure(folder: Path) -> Planted:
    label, logits = classes()
    csv(folder / "a.csv", label=label, **columns(softmax(softmax(4 * logits)).round(4)))
    return Planted(["a.csv", "-l", "brier"], FIRST, N, ["softmax"])


def sigmoid_twice_rounded(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "a.csv", y_true=label, prob=sigmoid(sigmoid(4 * logit)).round(3))
    return Planted(["a.csv", "-l", "brier"], FIRST, N, ["sigmoid"])


def sums(folder: Path) -> Planted:
    label, logits = classes()
    shares = softmax(logits)
    shares[[9, 30]] *= 0.8
    csv(folder / "a.csv", label=label, **columns(shares))
    return Planted(["a.csv"], [10, 31], 2, ["0.8"])


def saturated(folder: Path) -> Planted:
    label, logit = binary()
    prob = sigmoid(logit)
    prob[4] = 1 - label[4]
    csv(folder / "a.csv", y_true=label, prob=prob)
    return Planted(["a.csv"], [5], 1, ["bce"])


def decimal_commas(folder: Path) -> Planted:
    truth, pred = numbers()
    cells = [[f"{value:.3f}".replace(".", ",") for value in side] for side in (truth, pred)]
    csv(folder / "a.csv", y_true=cells[0], y_pred=cells[1])
    return Planted(["a.csv"], [], 0, ["y_true, y_pred"])


def quoted_decimal_commas(folder: Path) -> Planted:
    truth, pred = numbers()
    lines = [f'"{one:.2f}","{other:.2f}"'.replace(".", ",") for one, other in zip(truth, pred, strict=True)]
    (folder / "a.csv").write_text("\n".join(["y_true,y_pred", *lines]) + "\n", encoding="utf-8")
    return Planted(["a.csv"], [], 0, ["y_true, y_pred"])


def quoted_decimal_commas_with_exponents(folder: Path) -> Planted:
    truth, pred = numbers()
    lines = [f'"{one:.4e}","{other:.4e}"'.replace(".", ",") for one, other in zip(truth, pred, strict=True)]
    (folder / "a.csv").write_text("\n".join(["y_true,y_pred", *lines]) + "\n", encoding="utf-8")
    return Planted(["a.csv"], [], 0, ["y_true, y_pred"])


def named_classes_in_another_order(folder: Path) -> Planted:
    label, logits = classes()
    shares = softmax(logits)
    shares[[9, 30]] *= 0.8
    csv(folder / "a.csv", label=np.array(["low", "mid", "high"])[label], **columns(shares))
    return Planted(["a.csv", "--classes", "low,mid,high"], [10, 31], 2, ["0.8"])


def column_vector(folder: Path) -> Planted:
    truth, pred = numbers()
    np.savez(folder / "a.npz", y_true=truth, y_pred=pred[:, None])
    return Planted(["a.npz"], FIRST, N, ["(n,)", "(n, 1)"])


def other_order(folder: Path) -> Planted:
    truth, pred = numbers()
    order = np.random.default_rng(1).permutation(N)
    csv(folder / "t.csv", id=np.arange(N), y_true=truth)
    csv(folder / "a.csv", id=order, y_pred=pred[order])
    apart = order != np.arange(N)
    return Planted(["a.csv", "--truth", "t.csv"], first(apart), int(apart.sum()), ["id"])


def other_order_and_rows_without_a_partner(folder: Path) -> Planted:
    truth, pred = numbers()
    order = np.random.default_rng(1).permutation(N)
    csv(folder / "t.csv", user_id=np.arange(N), y_true=truth)
    csv(folder / "a.csv", user_id=np.where(order == 0, N, order), y_pred=pred[order])
    apart = order != np.arange(N)
    apart[0] |= order[0] == 0
    return Planted(["a.csv", "--truth", "t.csv"], first(apart), int(apart.sum()), ["partner: 1"])


def percent_of_paired_rows(folder: Path) -> Planted:
    label, logit = binary()
    csv(folder / "t.csv", id=np.arange(N), y_true=label)
    csv(folder / "a.csv", id=np.arange(N) + 1, prob=100 * sigmoid(np.roll(logit, -1)))
    shares = 100 * sigmoid(logit[1:])
    arguments = ["a.csv", "--truth", "t.csv", "--id", "id", "--unmatched", "drop"]
    return Planted(arguments, first(shares > 1), int((shares > 1).sum()), ["percent"])


def another_loss_than_the_data_has(folder: Path) -> Planted:
    truth, pred = numbers()
    csv(folder / "a.csv", y_true=truth, y_pred=pred)
    return Planted(["a.csv", "-l", "bce"], FIRST, N, ["bce does not suit", "y_true, row 1", "not 0, 1"])


def shifted_down(folder: Path) -> Planted:
    truth, pred = numbers()
    csv(folder / "a.csv", y_true=truth, y_pred=np.roll(pred, 1))
    return Planted(["a.csv"], FIRST, N, ["after"])


def shifted_up(folder: Path) -> Planted:
    truth, pred = numbers()
    csv(folder / "a.csv", y_true=truth, y_pred=np.roll(pred, -1))
    return Planted(["a.csv"], FIRST, N, ["before"])


def shifted_classes(folder: Path) -> Planted:
    label, logits = classes(spread=30)
    csv(folder / "a.csv", label=label, **columns(np.roll(softmax(logits), 1, axis=0)))
    return Planted(["a.csv"], FIRST, N, ["after"])


def sorted_on_one_side(folder: Path) -> Planted:
    truth, pred = numbers()
    order = np.random.default_rng(1).permutation(N)
    csv(folder / "a.csv", id=order, y_true=truth[order], y_pred=pred)
    moved = np.argsort(order) != np.arange(N)
    return Planted(["a.csv"], first(moved), int(moved.sum()), ["id"])


def exchanged_columns(folder: Path) -> Planted:
    label, logits = classes()
    csv(folder / "a.csv", label=label, **columns(softmax(logits)[:, [1, 2, 0]]))
    return Planted(["a.csv"], FIRST, N, ["prob_2, prob_0, prob_1"])


def exchanged_columns_with_the_names_of_classes(folder: Path) -> Planted:
    label, logits = classes()
    names = np.array(["ant", "bee", "cat"])
    shares = dict(zip((f"p_{name}" for name in names), softmax(logits)[:, [1, 2, 0]].T, strict=True))
    csv(folder / "a.csv", label=names[label], **shares)
    return Planted(["a.csv", "--pred", "p_*"], FIRST, N, ["p_cat, p_ant, p_bee"])


def exchanged_in_one_array(folder: Path) -> Planted:
    label, logits = classes(spread=6)
    np.savez(folder / "a.npz", y_true=label, y_pred=softmax(logits)[:, [0, 2, 1]])
    return Planted(["a.npz"], first(label > 0), int((label > 0).sum()))


def other_class(folder: Path) -> Planted:
    label, logit = binary(spread=5)
    csv(folder / "a.csv", y_true=label, prob=sigmoid(-logit))
    return Planted(["a.csv"], FIRST, N, ["Brier"])


def other_named_class(folder: Path) -> Planted:
    label, logit = binary(spread=5)
    csv(folder / "a.csv", y_true=np.array(["no", "yes"])[label], prob=sigmoid(-logit))
    return Planted(["a.csv"], FIRST, N, ["not of yes"])


def truth_as_prediction(folder: Path) -> Planted:
    truth, pred = numbers()
    csv(folder / "a.csv", y_true=truth, y_pred=truth, forecast2=pred)
    return Planted(["a.csv", "--pred", "y_pred"], FIRST, N)


def one_prediction(folder: Path) -> Planted:
    truth, pred = numbers()
    csv(folder / "a.csv", y_true=truth, y_pred=np.full(N, 50.0), age=truth, pred_b=pred)
    return Planted(["a.csv"], FIRST, N, [": 50"])


def few_rows_rule(folder: Path) -> Planted:
    truth, pred = numbers()
    pred[[11, 40]] += [400, 600]
    csv(folder / "a.csv", y_true=truth, y_pred=pred)
    return Planted(["a.csv"], [41, 12], 2, ["% of mse"])


def few_rows_rule_even_mae(folder: Path) -> Planted:
    truth, pred = numbers()
    pred[[11, 40]] += [40000, 60000]
    csv(folder / "a.csv", y_true=truth, y_pred=pred)
    return Planted(["a.csv", "-l", "mae"], [41, 12], 2, ["% of mae", "welsch"])


PLANTED: Sequence[tuple[str, Callable[[Path], Planted]]] = (
    ("ambiguous", several_columns),
    ("missing", gaps),
    ("swapped", swapped_columns),
    ("swapped", swapped_under_well_known_names),
    ("swapped", swapped_names),
    ("labels", labels_one_two),
    ("labels", labels_minus_one),
    ("labels", decided_minus_one),
    ("labels", labels_from_one),
    ("logits-as-probabilities", logits_called_probabilities),
    ("logits-as-probabilities", logits_for_a_loss_of_probabilities),
    ("probabilities-as-logits", probabilities_called_logits),
    ("percentages", percent),
    ("percentages", percent_of_classes),
    ("percentages", percent_against_fractions),
    ("percentages", fractions_against_percent),
    ("percentages", fractions_against_percent_of_a_fair_model),
    ("softmax-twice", softmax_twice),
    ("sigmoid-twice", sigmoid_twice),
    ("softmax-twice", softmax_twice_of_a_model_that_is_too_sure),
    ("sigmoid-twice", sigmoid_twice_rounded),
    ("sums", sums),
    ("saturated", saturated),
    ("decimal-comma", decimal_commas),
    ("decimal-comma", quoted_decimal_commas),
    ("decimal-comma", quoted_decimal_commas_with_exponents),
    ("sums", named_classes_in_another_order),
    ("broadcast", column_vector),
    ("unpaired", other_order),
    ("unpaired", other_order_and_rows_without_a_partner),
    ("percentages", percent_of_paired_rows),
    ("unsuited", another_loss_than_the_data_has),
    ("shifted", shifted_down),
    ("shifted", shifted_up),
    ("shifted", shifted_classes),
    ("unsorted", sorted_on_one_side),
    ("exchanged", exchanged_columns),
    ("exchanged", exchanged_columns_with_the_names_of_classes),
    ("exchanged", exchanged_in_one_array),
    ("inverted", other_class),
    ("inverted", other_named_class),
    ("leak", truth_as_prediction),
    ("constant", one_prediction),
    ("concentrated", few_rows_rule),
    ("concentrated", few_rows_rule_even_mae),
)
"""The code of a warning, and what plants its fault into a folder."""
