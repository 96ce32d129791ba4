"""Data for the laws: arrays drawn from the domains that a loss declares, and values for its parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from losscli.arrays import Array
from losscli.domain import Domain, resolve
from losscli.errors import UsageError
from losscli.registry import Loss, Param
from losscli.spec import convert

Sample = float | Sequence[float]
Drawn = st.SearchStrategy[Any]


def numbers(low: float, high: float, *special: float) -> Drawn:
    return st.one_of(st.sampled_from(special), st.floats(low, high)) if special else st.floats(low, high)


def rows(cell: Drawn) -> Callable[[int], Drawn]:
    return lambda width: st.lists(cell, min_size=width, max_size=width)


def one_hot(width: int) -> Drawn:
    return st.integers(0, width - 1).map(lambda hot: [float(i == hot) for i in range(width)])


def distribution(width: int) -> Drawn:
    mixed = rows(st.floats(1e-6, 1))(width).map(lambda row: [cell / sum(row) for cell in row])
    return st.one_of(one_hot(width), mixed)


def log_distribution(width: int) -> Drawn:
    return rows(st.floats(1e-6, 1))(width).map(lambda row: np.minimum(np.log(np.array(row) / sum(row)), 0).tolist())


def label_sequence(width: int) -> Drawn:
    labels = st.lists(st.sampled_from([0.0, 1.0, 2.0, 1.0, 2.0]), max_size=width)
    return labels.map(lambda found: [*found, *[-1.0] * (width - len(found))])


def classes(count: int) -> Drawn:
    return st.integers(0, count - 1).map(float)


def median_and_intervals(width: int) -> Drawn:
    pairs = st.lists(rows(MODERATE)(2).map(sorted), min_size=width, max_size=width)
    return st.tuples(MODERATE, pairs).map(lambda row: [row[0], *(end for pair in row[1] for end in pair)])


def components(width: int) -> Drawn:
    part = st.tuples(MODERATE, numbers(1e-3, 1e3, 0, 1), numbers(1e-3, 1, 1)).map(list)
    return st.lists(part, min_size=width, max_size=width).map(lambda parts: [cell for part in parts for cell in part])


REAL = numbers(-1e3, 1e3, 0, 1, -1, 1e-8, 1e8)
MODERATE = numbers(-1e3, 1e3, 0, 1)
SHARE = numbers(0, 1, 0, 1, 1e-12)
TIME = numbers(1e-3, 1e3, 1)

SINGLE: dict[str, Callable[[int], Drawn]] = {
    "real": lambda _: REAL,
    "above -1": lambda _: numbers(-0.999, 1e6, 0, 1e-9),
    "nonnegative": lambda _: numbers(0, 1e6, 0, 1),
    "positive": lambda _: numbers(1e-3, 1e3, 1),
    "log time": lambda _: numbers(-8, 8, 0),
    "probability": lambda _: SHARE,
    "logit": lambda _: numbers(-1000, 1000, 0),
    "target": lambda _: SHARE,
    "sign": lambda _: st.sampled_from([-1.0, 0.0, 1.0]),
    "score": lambda _: REAL,
    "class": classes,
    "class or row": classes,
    "class or one-hot row": classes,
    "probability or row": lambda _: SHARE,
    "logit or row": lambda _: numbers(-1000, 1000, 0),
    "decision": lambda count: st.one_of(classes(count), SHARE),
    "alike": lambda _: st.sampled_from([-1.0, 1.0]),
}
"""Domain -> number of classes -> a sample that is one number."""

WIDE: dict[str, Callable[[int], Drawn]] = {
    "vector": rows(REAL),
    "distribution": distribution,
    "log distribution": log_distribution,
    "members": rows(MODERATE),
    "rows of members": lambda width: rows(MODERATE)(3 * width),
    "quantiles": rows(MODERATE),
    "mean and variance": lambda _: st.tuples(MODERATE, numbers(1e-3, 1e3, 0, 1)).map(list),
    "mean and log deviation": lambda _: st.tuples(MODERATE, numbers(-5, 5, 0)).map(list),
    "normal": lambda _: st.tuples(MODERATE, numbers(1e-3, 1e3, 0, 1)).map(list),
    "location and scale": lambda _: st.tuples(MODERATE, numbers(1e-3, 1e3, 0, 1)).map(list),
    "log-normal": lambda _: st.tuples(numbers(-5, 5, 0), numbers(0.05, 3, 0, 1)).map(list),
    "log-Laplace": lambda _: st.tuples(numbers(-5, 5, 0), numbers(0.01, 0.9, 0)).map(list),
    "generalised Pareto": lambda _: st.tuples(numbers(-1.5, 0.9, 0, -1), MODERATE, numbers(1e-3, 1e3, 0, 1)).map(list),
    "mixture of normals": components,
    "time span": lambda _: st.one_of(
        st.tuples(TIME, TIME).map(sorted), TIME.map(lambda time: [time, time]), TIME.map(lambda time: [time, -1.0])
    ),
    "interval": lambda _: rows(MODERATE)(2).map(sorted),
    "median and intervals": median_and_intervals,
    "class or row": distribution,
    "class or one-hot row": one_hot,
    "class probabilities": distribution,
    "class logits": rows(numbers(-1000, 1000, 0)),
    "class scores": rows(REAL),
    "probability or row": distribution,
    "logit or row": rows(numbers(-1000, 1000, 0)),
    "decision": rows(REAL),
    "label set": rows(st.sampled_from([0.0, 1.0])),
    "label shares": rows(SHARE),
    "label probabilities": rows(numbers(0, 1, 0, 0.5, 1)),
    "label logits": rows(numbers(-1000, 1000, 0)),
    "mask": rows(numbers(0, 1, 0, 1)),
    "soft mask": rows(SHARE),
    "mask logits": rows(numbers(-1000, 1000, 0)),
    "masses": rows(numbers(0, 1e3, 0, 1, 1e-9)),
    "two scores": lambda _: rows(REAL)(2),
    "two vectors": lambda width: rows(REAL)(2 * width),
    "two more vectors": lambda width: rows(REAL)(2 * width),
    "label sequence": label_sequence,
    "step logs": lambda _: rows(log_distribution(3))(4),
    "step logits": lambda _: rows(rows(numbers(-30, 30, 0))(3))(4),
    "grades": rows(st.sampled_from([-1.0, 0.0, 1.0, 2.0, 3.5])),
    "item scores": rows(REAL),
}
"""Domain -> width -> a sample that is a row; other domains take a row element by element."""

FLOATS = (0.3, 0.7, 2.0, 1.25, 1e-3, -0.5, -3.0)


def candidates(one: Loss, param: Param, count: int) -> list[object]:
    """Values other than the default that a parameter accepts."""
    by_kind: dict[object, Sequence[object]] = {
        bool: (True, False),
        int: (0, 1),
        str: param.choices,
        tuple[float, ...]: ([1.0 + 2 * (c % 3) for c in range(count)], [(c + 1) / (2 * count) for c in range(count)]),
    }
    kinds = [kind for kind in (*getattr(param.type, "__args__", ()), param.type) if kind in by_kind]
    found = []
    for value in by_kind[kinds[0]] if kinds else FLOATS:
        try:
            found.append(convert(one, param, value))
        except UsageError:
            continue
    return [value for value in found if value != param.default]


def block(domain: Domain, count: int, width: int | None, size: int) -> st.SearchStrategy[Array]:
    """An array of ``size`` samples: numbers, or rows if there is a width."""
    if width is None:
        sample = SINGLE[domain.name](count)
    else:
        sample = WIDE[domain.name](width) if domain.name in WIDE else rows(SINGLE[domain.name](count))(width)
    return st.lists(sample, min_size=size, max_size=size).map(lambda cells: np.array(cells, dtype=np.float64))


@st.composite
def inputs(draw: st.DrawFn, true: Domain, pred: Domain, shape: tuple[int, int]) -> tuple[Array, Array]:
    """Truth and prediction in matching shapes: numbers or rows, whatever the domains allow."""
    size, width = shape
    wide = True if pred.rows else pred.width != "single" and draw(st.booleans())
    true_wide = {None: wide and draw(st.booleans()), True: True, False: wide and pred.rows is False}[true.rows]
    count = width if wide else 2
    y_true = draw(block(true, count, width if true_wide else None, size))
    return y_true, draw(block(pred, count, width if wide else None, size))


@st.composite
def cases(
    draw: st.DrawFn,
    one: Loss,
    vary: Sequence[str] | None = None,
    fixed: dict[str, object] | None = None,
    shape: tuple[int, int] | None = None,
) -> tuple[Array, Array, dict[str, object]]:
    """Inputs for a loss, and values for the parameters to ``vary`` (all of them unless told otherwise)."""
    shape = shape or (draw(st.integers(1, 5)), draw(st.integers(2, 4)))
    params = {name: param.default for name, param in one.params.items()} | (fixed or {})
    for name in one.params if vary is None else vary:
        options = [one.params[name].default, *candidates(one, one.params[name], shape[1])]
        params[name] = draw(st.sampled_from(options))
    y_true, y_pred = draw(inputs(resolve(one.true, params), resolve(one.pred, params), shape))
    return y_true, y_pred, params
