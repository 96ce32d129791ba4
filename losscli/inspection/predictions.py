"""What may be wrong with predictions as a whole: their shape, no prediction at all, or a loss that few rows make."""

from __future__ import annotations

import re

import numpy as np

from losscli.inspection.evidence import FIRST, LEAST, Evidence, Warned, losses
from losscli.inspection.fixes import changed, through
from losscli.inspection.pairs import MANY, cost, paired
from losscli.inspection.reading import BESIDE_TRUTH, shapes
from losscli.inspection.summary import Rows
from losscli.sources.roles import PRED_NAMES
from losscli.spec import written

HANDFUL, MOST = 5, 2 / 3
"""How few rows are a handful, and how much of the loss is most of it: more than of any error with a variance."""
_WORD = re.compile(r"[a-z]+")


def broadcast(found: Evidence) -> Warned | None:
    """One side is of shape (n,), the other of shape (n, 1): arrays of these make n × n."""
    if len(found.single & {"true", "pred"}) != 1 or found.sample.y_true.ndim > 1 or found.sample.y_pred.ndim > 1:
        return None
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    true, pred = shapes(set(found.single), y_true, y_pred)
    mixed = float(y_true.var() + y_pred.var() + (y_true.mean() - y_pred.mean()) ** 2)
    message = (
        f"the truth has the shape {true} and the predictions {pred}: losscli pairs them row by row (mse "
        f"{cost(y_true, y_pred):.6g}), numpy, PyTorch and others would broadcast them to n × n (mse {mixed:.6g})"
    )
    return Warned("broadcast", message, found.n, found.sample.rows[:FIRST].tolist(), through(found))


def leak(found: Evidence) -> Warned | None:
    """Every prediction equals the truth."""
    summary = found.summary
    decided = found.task in ("binary", "multiclass", "multilabel") and found.n < MANY
    if not summary.same or summary.n < LEAST or summary.true.width != summary.pred.width or decided:
        return None
    message = f"all {found.n} predictions equal the truth: is {_named(found)} the truth itself?"
    return Warned("leak", message, found.n, found.sample.rows[:FIRST].tolist(), _other_column(found))


def constant(found: Evidence) -> Warned | None:
    """Every prediction is the same."""
    pred, true = found.summary.pred, found.summary.true
    if found.n < LEAST or (pred.low != pred.high).any() or (true.low == true.high).all() or not len(pred.low):
        return None
    value = f": {pred.low[0]:.6g}" if pred.width == 1 and not found.texts[1] else ""
    message = f"all {found.n} predictions are the same{value}"
    return Warned("constant", message, found.n, found.sample.rows[:FIRST].tolist(), _other_column(found))


def _named(found: Evidence) -> str:
    return ", ".join(found.names["pred"][:3])


def _other_column(found: Evidence) -> str:
    """Return the command with the first column of numbers that varies and is called like predictions, if any."""
    if found.summary.pred.rows:
        return ""
    named = (
        name
        for name, cells in found.summary.others.items()
        if cells.numeric and cells.low < cells.high and not name.startswith(BESIDE_TRUTH)
        and not set(_WORD.findall(name.lower())).isdisjoint(PRED_NAMES)
    )  # fmt: skip
    return next((changed(found, pred=name) for name in named), "")


def concentrated(found: Evidence) -> Warned | None:
    """A handful of rows carries most of the loss."""
    count = min(HANDFUL, len(found.sample) // MANY)
    if not count:
        return None
    spec = found.loss if found.loss is not None else USUAL.get(found.task, "")
    carried = _share(spec, found.sample, count) if spec else None
    if carried is None or carried[0] <= MOST:
        return None
    share, rows = carried
    name = spec if isinstance(spec, str) else spec.spec
    others = bounded(found)
    fix = next((one for one in others if (_share(one, found.sample, count) or (1.0, []))[0] <= MOST), "")
    whose = f"{count} of {len(found.sample)} rows" if count > 1 else f"1 of {len(found.sample)} rows"
    message = f"{whose} carr{'y' if count > 1 else 'ies'} {100 * share:.3g}% of {name}" + (
        f", a loss that they rule less is {fix.partition(':')[0]}" if fix else ""
    )
    return Warned("concentrated", message, count, rows, changed(found, loss=fix) if fix else "")


USUAL = {
    "regression": "mse", "counts": "mse", "binary": "bce", "multiclass": "ce", "multilabel": "bce",
    "distribution": "ce",
}  # fmt: skip
"""The loss of each task in which a few rows may rule."""


def bounded(found: Evidence) -> list[str]:
    """Return the losses of the task that large errors rule less and less."""
    if found.task not in ("regression", "counts"):
        return ["brier"]
    spread = float(np.median(np.abs(found.sample.y_true - found.sample.y_pred))) if paired(found) else 0.0
    return ["mae", *([written("welsch", {"c": float(f"{3 * spread:.3g}")})] if spread > 0 else [])]


def _share(spec: object, rows: Rows, count: int) -> tuple[float, list[int]] | None:
    """Return the share of the loss that the largest carry, and their rows, largest first."""
    found = losses(spec, rows)  # type: ignore[arg-type]  # a SPEC or a bound loss
    if found is None or not np.isfinite(found).all() or found.min() < 0 or found.sum() <= 0:
        return None
    largest = np.argsort(-found, kind="stable")[:count]
    return float(found[largest].sum() / found.sum()), rows.rows[largest].tolist()
