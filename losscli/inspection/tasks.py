"""Which task the numbers are of: told from their shapes and values alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from losscli.arrays import Array

if TYPE_CHECKING:
    from losscli.inspection.evidence import Evidence

MOST_CLASSES = 100
"""More different whole numbers than this are no classes, unless each has its column."""
BINARY = ({0.0, 1.0}, {-1.0, 1.0}, {1.0, 2.0})
"""How two classes are coded."""
SLACK = 0.05
"""How far the sum of class probabilities may be from 1 and still look meant to be 1."""
LOCATION = ("mean", "mu", "loc")
SPREAD = ("variance", "var", "sigma", "std", "sd", "scale", "stddev")
"""Names of the two parameters of a normal distribution."""


def task(found: Evidence) -> str:
    """Return the task, by the shapes of truth and prediction and by their values.

    It is ``regression``, ``counts``, ``binary``, ``multiclass``, ``multilabel``, ``distribution``, ``intervals``,
    ``quantiles``, ``normal`` (a mean and a spread) or ``ensemble``.
    """
    true, pred = found.summary.true, found.summary.pred
    return _BY_SHAPE[true.rows, pred.rows](found)


def _two_rows(found: Evidence) -> str:
    y_true = found.sample.y_true
    sums = y_true.sum(axis=-1)
    if not found.summary.true.inside(0, 1):
        return "regression"
    if np.isin(y_true, (0, 1)).all():
        return "multiclass" if (sums == 1).all() else "multilabel"
    return "distribution" if (np.abs(sums - 1) <= SLACK).all() else "regression"


def _two_columns(found: Evidence) -> str:
    levels = found.summary.true.levels()
    if found.texts[0]:
        return "binary" if len(found.classes or ()) <= 2 else "multiclass"  # noqa: PLR2004  binary
    pred_levels = found.summary.pred.levels()
    if levels is not None and any(levels <= coded for coded in BINARY) and _like_binary(found, levels, pred_levels):
        return "binary"
    if not found.summary.true.whole.all() or found.summary.true.range[0] < 0 or levels is None:
        return "regression" if found.summary.true.range[0] < 0 or not found.summary.true.whole.all() else _counts(found)
    if pred_levels is not None and found.summary.pred.whole.all() and pred_levels <= levels and _few(levels, found.n):
        return "multiclass"
    return _counts(found)


def _few(levels: set[float], n: int) -> bool:
    return len(levels) <= min(MOST_CLASSES, max(n // 5, 2)) and max(levels) < 2 * MOST_CLASSES


def _like_binary(found: Evidence, levels: set[float], pred_levels: set[float] | None) -> bool:
    """Tell whether predictions can be of two classes: any for 0 and 1, else probabilities, codes or centred scores."""
    low, high = found.summary.pred.range
    if levels == {1.0, 2.0}:
        return (low >= 0 and high <= 1) or (pred_levels is not None and pred_levels <= levels) or low < 0
    return levels <= {0.0, 1.0} or (len(levels) > 1 and levels == {-1.0, 1.0})


def _counts(found: Evidence) -> str:
    return "counts" if found.summary.true.range[0] == 0 and found.summary.pred.range[0] >= 0 else "regression"


def _one_and_rows(found: Evidence) -> str:
    true, pred = found.summary.true, found.summary.pred
    y_pred = found.sample.y_pred
    if y_pred.ndim > 2:  # noqa: PLR2004  rows of rows
        return "multiclass"
    width = pred.width
    names = [name.lower() for name in found.names["pred"]]
    if len(names) == 2 and _ends(names[0], LOCATION) and _ends(names[1], SPREAD):  # noqa: PLR2004  two parameters
        return "normal"
    as_labels = bool(found.texts[0] or (true.whole.all() and true.range[0] >= 0 and true.range[1] <= width))
    shares = pred.range[0] >= 0 and bool((np.abs(y_pred.sum(axis=-1) - 1) <= SLACK).mean() > 0.5)  # noqa: PLR2004  most
    if found.texts[0] or (as_labels and (shares or found.expects or not _sorted(y_pred))):
        return "multiclass"
    if _sorted(y_pred):
        return "intervals" if width == 2 else "quantiles"  # noqa: PLR2004  two ends
    return "ensemble"


def _ends(name: str, words: tuple[str, ...]) -> bool:
    return name.rpartition("_")[2] in words


def _sorted(rows: Array) -> bool:
    return bool((np.diff(rows, axis=-1) >= 0).all())


def _rows_and_one(_: Evidence) -> str:
    return "regression"


_BY_SHAPE: dict[tuple[bool, bool], Callable[[Evidence], str]] = {
    (True, True): _two_rows,
    (False, False): _two_columns,
    (False, True): _one_and_rows,
    (True, False): _rows_and_one,
}
