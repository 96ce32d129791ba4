"""The shape of a loss: its value over the residual, or over the prediction, with a parameter varied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import numpy as np

from losscli.arrays import Array
from losscli.domain import Domain, resolve
from losscli.errors import UsageError
from losscli.pictures import Lines, Series
from losscli.registry import Loss, Param
from losscli.spec import Bound, as_text, convert, written

POINTS = 241
FACTORS = (0.5, 1.0, 2.0)
"""What a parameter is multiplied with."""
TRUTHS = (1.0, 0.0, -1.0)
"""The true values that are tried: of two classes the first and the last that there are."""
RANGES = ((-4.0, 4.0), (0.0, 1.0), (0.0, 4.0), (-1.0, 1.0))
"""The ranges of predictions that are tried, from the widest to what only a domain with two ends takes."""


def shape(bound: Bound) -> Lines:
    """Return the picture of a loss of one number each. Raises UsageError for any other."""
    true, pred = (resolve(one, bound.params) for one in (bound.loss.true, bound.loss.pred))
    if not isinstance(bound.loss, Loss) or not _single(true) or not _single(pred):
        raise UsageError(
            f"{bound.loss.name} is not drawn: its shape is a curve only for one true and one predicted number",
            "losscli show huber --plot draws one that is",
        )
    x = _range(pred)
    truths = [value for value in TRUTHS if not true.outside(np.array([value])).any()]
    residual = not true.labels and _of_residual(bound, x)
    at = [truths[0], truths[-1]] if true.labels else [0.0] if residual else truths[:1]
    name, values = _varied(bound)
    series = [
        Series(_named(bound, params, value if true.labels else None), x.tolist(), _losses(bound, params, value, x))
        for value in at
        for params in ([{name: one} for one in values] if name else [{}])
    ]
    where = "" if residual or true.labels else f", y_true = {at[0]:g}"
    return Lines(
        f"{bound.spec} over {'the residual' if residual else 'the prediction'}{where}",
        "residual y_pred − y_true" if residual else f"y_pred: {pred.text}",
        f"{bound.loss.name} of one sample",
        _distinct(series),
    )


def _of_residual(bound: Bound, x: Array) -> bool:
    """Tell whether only the difference of prediction and truth counts."""
    if x[0] != RANGES[0][0]:
        return False
    here, there = _losses(bound, {}, 0.0, x), _losses(bound, {}, 1.0, x + 1)
    return bool(np.allclose(here, there, equal_nan=True))


def _single(domain: Domain) -> bool:
    return domain.rows is not True and domain.width == "same" and not domain.columns


def _range(pred: Domain) -> Array:
    for low, high in RANGES:
        x = np.linspace(low, high, POINTS)
        inner = x[1:-1]
        if not pred.outside(inner).any():
            return x if not pred.outside(x[[0, -1]]).any() else inner
    raise UsageError(f"{pred.text} is no range to draw over", "losscli show huber --plot draws one that is")


def _varied(bound: Bound) -> tuple[str, Sequence[object]]:
    """Return the first parameter that is a number, and the values that it takes in the picture: its own among them."""
    for name, param in bound.loss.params.items():
        value = bound.params[name]
        if _is_number(param) and isinstance(value, int | float):
            return name, _values(bound, param, float(value))
    return "", ()


def _is_number(param: Param) -> bool:
    return float in (param.type, *get_args(param.type)) and param.role == "value" and param.name not in UNSEEN


UNSEEN = ("eps", "true_eps", "floor", "scale", "log_offset")
"""Parameters that only clip, or that change nothing but the numbers at the axis."""


def _values(bound: Bound, param: Param, value: float) -> list[object]:
    candidates = [value * factor for factor in FACTORS] if value else [0.0, 0.5, 1.0]
    if param.lt is not None or param.le is not None:
        top = param.le if param.le is not None else param.lt
        candidates = [value, value / 2, (value + float(top or 0)) / 2]
    found: list[object] = []
    for one in sorted(set(candidates)):
        try:
            found.append(convert(bound.loss, param, one))
        except UsageError:
            continue
    return found


def _named(bound: Bound, params: Mapping[str, object], truth: float | None) -> str:
    spec = written(bound.loss.name, params)
    return spec if truth is None else f"{spec}, y_true = {as_text(truth)}"


def _losses(bound: Bound, params: Mapping[str, object], truth: float, x: Array) -> list[float]:
    with np.errstate(all="ignore"):
        losses = bound.loss.function(np.full_like(x, truth), x, **{**bound.params, **params})
    return [float(one) for one in np.asarray(losses)]


def _distinct(series: Sequence[Series]) -> list[Series]:
    """Leave out curves that lie on one before them: a parameter that says nothing here."""
    kept: list[Series] = []
    for one in series:
        if not any(np.array_equal(one.y, other.y, equal_nan=True) for other in kept):
            kept.append(one)
    return kept
