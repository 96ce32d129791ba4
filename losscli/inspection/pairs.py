"""What may be wrong between truth and prediction: sides swapped, or another order of rows, columns or classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from losscli.arrays import Array, Integers
from losscli.inspection.evidence import FIRST, LEAST, Evidence, Warned
from losscli.inspection.fixes import changed, fields, resorted, through
from losscli.inspection.probabilities import HALVED
from losscli.inspection.reading import BESIDE_TRUTH
from losscli.inspection.summary import Rows, Spread
from losscli.sources.keys import is_key
from losscli.sources.roles import PRED_NAMES, TRUE_NAMES

ENOUGH = 20
"""Rows below which no order of them is told from another."""
MANY = 100
"""Rows below which two sides may be unrelated by chance, or a handful of rows carry most of the loss."""
FEWEST = 5
"""Rows of a class below which its mean prediction says nothing."""
DRASTIC = 0.1
"""Another pairing that costs less than this share of the present one is the right one."""


def cost(y_true: Array, y_pred: Array) -> float:
    """Return the mean squared error; of a class and a row of shares, one less the share of the class."""
    if y_true.ndim == y_pred.ndim:
        return float(np.mean((y_true - y_pred) ** 2))
    picked = np.clip(y_true, 0, y_pred.shape[-1] - 1).astype(np.int64)
    return float(np.mean(1 - y_pred[np.arange(len(y_true)), picked]))


def measure(rows: Rows) -> str:
    """Return what ``cost`` measures."""
    return "mean squared error" if rows.y_true.ndim == rows.y_pred.ndim else "mean share not given to the true class"


def paired(found: Evidence) -> bool:
    """Tell whether truth and prediction are of one shape, or a class and a row of shares."""
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    if y_true.shape == y_pred.shape:
        return True
    return found.task == "multiclass" and y_true.ndim == 1 and y_pred.ndim == 2 and found.summary.pred.inside(0, 1)  # noqa: PLR2004


def swapped(found: Evidence) -> Warned | None:
    """Truth and prediction changed places: so say their names, or a truth of shares beside decided predictions."""
    names = found.names
    if found.options.truth or len(names["true"]) > 1 or len(names["pred"]) > 1 or names["true"] == names["pred"]:
        return None
    true, pred = names["true"][0], names["pred"][0]
    by_value = not any(found.texts) and _shares_beside_decisions(found.summary.true, found.summary.pred)
    by_name = (
        true.strip().lower() in PRED_NAMES
        and pred.strip().lower() in TRUE_NAMES
        and not _shares_beside_decisions(found.summary.pred, found.summary.true)
    )
    if not (by_name or by_value):
        return None
    why = (
        f"the true values are taken from a column called {true}, the predicted ones from {pred}"
        if by_name
        else f"the truth ({true}) holds shares between 0 and 1, and the predictions ({pred}) are all 0 or 1"
    )
    rows = found.sample.rows[:FIRST].tolist()
    return Warned("swapped", f"{why}: swapped?", found.n, rows, changed(found, true=pred, pred=true))


def _shares_beside_decisions(one: Spread, other: Spread) -> bool:
    """Tell whether one side holds many shares between 0 and 1 and the other only 0 and 1."""
    levels = one.levels()
    return one.inside(0, 1) and (levels is None or len(levels) > LEAST) and other.levels() == {0.0, 1.0}


def shifted(found: Evidence) -> Warned | None:
    """Paired with the row before or after, the predictions are far better."""
    y_true, y_pred = found.head.y_true, found.head.y_pred
    if len(y_true) < ENOUGH or not paired(found) or found.texts[1]:
        return None
    before = cost(y_true, y_pred)
    later, earlier = cost(y_true[:-1], y_pred[1:]), cost(y_true[1:], y_pred[:-1])
    if min(later, earlier) >= DRASTIC * before or _still(y_true, y_pred):
        return None
    first, last = fields(found)
    held = range(2, first) if later < earlier else range(first, last + 1)
    side = "after" if later < earlier else "before"
    message = (
        f"the truth fits the prediction of the row {side} it: the {measure(found.head)} is {before:.6g}, shifted by "
        f"one row {min(later, earlier):.6g}"
        + (", as where a forecast repeats the last value" if side == "after" else "")
    )
    return Warned("shifted", message, found.n, found.head.rows[:FIRST].tolist(), through(found, _moved(held)))


def _moved(fields: Sequence[int]) -> str:
    """Return awk that puts some fields of each line into the next line, and leaves out the first."""
    read = ";".join(f"now{i}=${i}" for i in fields)
    put = ";".join(f"${i}=last{i}" for i in fields)
    keep = ";".join(f"last{i}=now{i}" for i in fields)
    return f"NR==1{{print;next}}{{{read};if(NR>2){{{put};print}}{keep}}}"


def _still(y_true: Array, y_pred: Array) -> bool:
    return bool((y_true == y_true[0]).all() or (y_pred == y_pred[0]).all())


def unpaired(found: Evidence) -> Warned | None:
    """A column that stands beside the truth and beside the predictions differs row by row: pair by it."""
    if not found.options.truth or found.options.id:
        return None
    lines = found.summary.lines
    for name, left in lines.items():
        right = lines.get(name.removeprefix(BESIDE_TRUTH), []) if name.startswith(BESIDE_TRUTH) else []
        if len(left) != len(right) or not right or left == right:
            continue
        key = name.removeprefix(BESIDE_TRUTH)
        alone = len(set(right).difference(left)) if len(right) == found.n else 0  # of a part nothing is known
        if not alone or (is_key(key) and 2 * alone <= len(right)):
            return _unpaired(found, key, left, right, alone)
    return None


def _unpaired(found: Evidence, name: str, left: Sequence[str], right: Sequence[str], alone: int) -> Warned:
    apart = [i + 1 for i, (one, other) in enumerate(zip(left, right, strict=True)) if one != other]
    message = f"{name} differs between the truth and the predictions in {len(apart)} of {len(right)} rows"
    if len(right) == len(found.head) and set(left) == set(right) and paired(found):
        place = {key: i for i, key in enumerate(left)}
        order = np.array([place[key] for key in right])
        before = cost(found.head.y_true, found.head.y_pred)
        after = cost(found.head.y_true[order], found.head.y_pred)
        message += (
            f", which are paired by order: the {measure(found.head)} is {before:.6g}, paired by {name} {after:.6g}"
        )
    fix = changed(found, id=name)
    if alone:
        message += f"; rows without a partner: {alone} on each side"
        fix = changed(found, id=name, unmatched="drop")
    return Warned("unpaired", message, len(apart), apart[:FIRST], fix)


def by_other_order(found: Evidence) -> Warned | None:
    """In the order of a column that is different in every row, truth or predictions fit the other side far better."""
    if len(found.head) < ENOUGH or len(found.head) != found.n or found.options.truth or not paired(found):
        return None
    y_true, y_pred = found.head.y_true, found.head.y_pred
    before = cost(y_true, y_pred)
    for name, cells in found.summary.lines.items():
        if len(set(cells)) < len(cells) or not found.summary.others[name].numeric:
            continue
        order: Integers = np.argsort(np.array(list(map(float, cells))), kind="stable")
        ways = {"truth": cost(y_true[order], y_pred), "predictions": cost(y_true, y_pred[order])}
        side = min(ways, key=lambda one: ways[one])
        if ways[side] < DRASTIC * before and not _still(y_true, y_pred):
            message = (
                f"with the {side} in the order of {name} the {measure(found.head)} is {ways[side]:.6g}, as they stand "
                f"{before:.6g}: one side was sorted by {name} and the other was not"
            )
            moved = order != np.arange(len(order))
            rows = found.head.rows[moved][:FIRST].tolist()
            return Warned("unsorted", message, int(moved.sum()), rows, resorted(found, name, side))
    return None


def exchanged(found: Evidence) -> Warned | None:
    """Each class is predicted in the column of another: the columns are in another order than the classes."""
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    if found.task != "multiclass" or y_pred.ndim != 2 or y_true.ndim != 1 or not paired(found):  # noqa: PLR2004
        return None
    width = y_pred.shape[1]
    if set(np.unique(y_true).tolist()) != set(range(width)) or np.bincount(y_true.astype(int)).min() < FEWEST:
        return None
    means = np.array([y_pred[y_true == one].mean(axis=0) for one in range(width)])
    best = means.argmax(axis=1)
    if sorted(best.tolist()) != list(range(width)) or (best == np.arange(width)).all():
        return None
    before, after = cost(y_true, y_pred), cost(y_true, y_pred[:, best])
    if after > HALVED * before:
        return None
    moved = np.isin(y_true, np.flatnonzero(best != np.arange(width)))
    names = found.names["pred"]
    shown = [names[i] if len(names) == width else str(i) for i in best]
    message = (
        f"the columns fit the classes in another order ({', '.join(shown)}): the {measure(found.sample)} "
        f"is {before:.6g}, and {after:.6g} in that order"
    )
    first, _ = fields(found)
    held = ";".join(f"p{i}=${first + i}" for i in range(width))
    put = ";".join(f"${first + i}=p{one}" for i, one in enumerate(best.tolist()))
    # said with the columns: without it, names of classes in the columns' names would contradict their order
    classes = found.classes if found.texts[0] else found.options.classes
    fix = (
        changed(found, pred=",".join(shown), classes=classes)
        if len(names) == width
        else through(found, f"NR>1{{{held};{put}}}1")
    )
    return Warned("exchanged", message, int(moved.sum()), found.sample.rows[moved][:FIRST].tolist(), fix)


def inverted(found: Evidence) -> Warned | None:
    """The probabilities are those of the other class: 1 − p fits far better than p."""
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    if found.task != "binary" or y_pred.ndim != 1 or y_true.ndim != 1 or len(y_true) < ENOUGH:
        return None
    if not (found.summary.pred.inside(0, 1) and found.summary.true.inside(0, 1)) or _still(y_true, y_pred):
        return None
    before, after = cost(y_true, y_pred), cost(y_true, 1 - y_pred)
    if after >= 0.25 * before or found.texts[1]:
        return None
    classes = found.classes or ("0", "1")
    message = (
        f"the probabilities are those of the other class: their Brier score is {before:.6g}, and {after:.6g} if they "
        f"are of {classes[0]}, not of {classes[1]}"
    )
    fix = changed(found, classes=(classes[1], classes[0])) if len(classes) == 2 else ""  # noqa: PLR2004  two classes
    return Warned("inverted", message, found.n, found.sample.rows[:FIRST].tolist(), fix)


def shuffled(found: Evidence) -> Warned | None:
    """Row by row the two sides have nothing to do with each other, but sorted they fit: one is in another order."""
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    if found.task != "regression" or y_true.ndim > 1 or y_pred.ndim > 1 or len(y_true) < MANY or _still(y_true, y_pred):
        return None
    before, after = cost(y_true, y_pred), cost(np.sort(y_true), np.sort(y_pred))
    related = float(np.corrcoef(y_true, y_pred)[0, 1])
    if after >= DRASTIC * before or abs(related) > 3 / len(y_true) ** 0.5:  # three standard errors of no correlation
        return None
    message = (
        f"row by row truth and predictions are unrelated (correlation {related:.2g}), and yet alike: the "
        f"{measure(found.sample)} is {before:.6g}, and {after:.6g} with both sides sorted; is one in another order?"
    )
    return Warned("shuffled", message, found.n, found.sample.rows[:FIRST].tolist())
