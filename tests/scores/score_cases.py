"""Data for the scores: few different values, so that there are ties, weights with zeros among them, and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from losscli.arrays import Array
from losscli.batch import Batch
from losscli.domain import Domain, resolve
from losscli.errors import UsageError
from losscli.registry import Param, Score
from losscli.run import Run
from losscli.scores._state import State
from losscli.spec import bind, convert

Drawn = st.SearchStrategy[Any]

REAL = st.one_of(st.sampled_from([-2.0, 0.0, 0.5, 1.0, 3.0]), st.floats(-8, 8).map(lambda value: round(value, 3)))
SHARE = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0.01, 0.99).map(lambda value: round(value, 3)))
CLASSES = 4


def classes(count: int) -> Drawn:
    return st.integers(0, count - 1).map(float)


def rows(cell: Drawn, width: int = CLASSES) -> Drawn:
    return st.lists(cell, min_size=width, max_size=width)


def distribution() -> Drawn:
    return rows(st.integers(1, 4)).map(lambda row: [cell / sum(row) for cell in row])


SINGLE: dict[str, Drawn] = {
    "real": REAL,
    "nonnegative": st.sampled_from([0.0, 0.0, 1.0, 2.0, 3.0]),
    "positive": st.sampled_from([0.5, 1.0, 2.0, 2.5]),
    "score": st.sampled_from([0.0, 0.1, 0.5, 2.0, -1.0]),
    "logit": st.sampled_from([0.0, 0.1, 0.5, 2.0, -1.0]),
    "logit or row": st.sampled_from([0.0, 0.1, 0.5, 2.0, -1.0]),
    "probability": st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    "target": st.sampled_from([0.0, 0.0, 1.0, 0.25]),
    "score or row": st.sampled_from([0.0, 0.1, 0.5, 0.75, 1.0]),
    "probability or row": SHARE,
    "log time": st.sampled_from([0.0, 0.25, 1.0, -2.0, 700.0]),
}
"""Domain -> a sample that is one number."""

WIDE: dict[str, Drawn] = {
    "real": rows(REAL, 2),
    "nonnegative": rows(SINGLE["nonnegative"], 4),
    "positive": rows(SINGLE["positive"], 4),
    **{name: rows(SINGLE[name]) for name in ("score", "logit", "probability", "target")},
    "score or row": rows(SINGLE["score or row"]),
    "decision": rows(REAL),
    "vector": rows(REAL),
    "label set": rows(st.sampled_from([0.0, 1.0])),
    "logit or row": rows(REAL),
    "class or row": rows(st.sampled_from([0.0, 1.0])),
    "probability or row": distribution(),
    "class probabilities": distribution(),
    "class scores": rows(st.sampled_from([0.0, 0.5, 1.0])),
    "class logits": rows(REAL),
    "mask": rows(SHARE),
    "soft mask": rows(SHARE),
    "time span": st.sampled_from([[1.0, 1.0], [0.0, 2.0], [0.5, 3.0], [1.25, -1.0], [0.0, -1.0]]),
}
"""Domain -> a sample that is a row."""

DECIDED = ("decision", "logit or row")
"""Domains of predictions that decide for a class."""

LAWLESS = ("pool_weights",)
"""Parameters that a framework's fault needs: with them a row of weight 0 counts."""


def scored(spec: str, y_true: object, y_pred: object, weight: Array | None = None, **params: object) -> float:
    """The value of a score, through the engine."""
    run = Run([bind(spec, given=params)])
    run.feed(Batch.of(np.array(y_true, dtype=np.float64), np.array(y_pred, dtype=np.float64), weight))
    value = run.report().results[-1].value
    assert value is not None
    return value


@dataclass(frozen=True)
class Case:
    """Some rows, and the parameters of a score."""

    y_true: Array
    y_pred: Array
    weight: Array | None
    group: tuple[str, ...]
    params: dict[str, object]

    def __len__(self) -> int:
        return len(self.y_pred)

    def only(self, index: Sequence[int]) -> Case:
        chosen = np.array(index, dtype=np.intp)
        weight = None if self.weight is None else self.weight[chosen]
        group = tuple(self.group[i] for i in index) if self.group else ()
        return Case(self.y_true[chosen], self.y_pred[chosen], weight, group, self.params)

    def state(self, one: Score) -> State:
        extra = (self.group,) if one.grouped else ()
        state: State = one.function(self.y_true, self.y_pred, self.weight, *extra, **self.params)
        return state


def candidates(one: Score, param: Param) -> list[object]:
    """Values other than the default that a parameter accepts."""
    by_kind: dict[object, Sequence[object]] = {bool: (True, False), int: (1, 2, 3), str: param.choices}
    if param.name == "pos_label":
        return [0]  # of two classes the other one
    kinds = [kind for kind in (*getattr(param.type, "__args__", ()), param.type) if kind in by_kind]
    found = []
    for value in by_kind[kinds[0]] if kinds else (0.3, 0.5, 1.0, 1.5, 2.0, 3.0):
        try:
            found.append(convert(one, param, value))
        except UsageError:
            continue
    return [value for value in found if value != param.default]


def default_of(one: Score, name: str) -> object:
    """The default of a parameter; of one that must be given, the first value that it accepts."""
    param = one.params[name]
    return candidates(one, param)[0] if param.default is ... else param.default


def block(domain: Domain, size: int, *, wide: bool, count: int) -> Drawn:
    single = {**SINGLE, "decision": st.one_of(classes(count), SHARE.filter(lambda share: 0 < share < 1))}
    sample = WIDE[domain.name] if wide else single.get(domain.name, classes(count))
    return st.lists(sample, min_size=size, max_size=size).map(lambda cells: np.array(cells, dtype=np.float64))


@st.composite
def cases(draw: st.DrawFn, one: Score, vary: Sequence[str] | None = None, least: int = 1) -> Case:
    """Rows for a score, with or without weights, and values for the parameters to ``vary`` (all lawful unless told)."""
    params = {name: default_of(one, name) for name in one.params}
    for name in [name for name in one.params if name not in LAWLESS] if vary is None else vary:
        params[name] = draw(st.sampled_from([default_of(one, name), *candidates(one, one.params[name])]))
    true, pred = resolve(one.true, params), resolve(one.pred, params)
    size = draw(st.integers(least, 7))
    sets = bool(params.get("sets"))
    wide = sets or pred.rows is True or draw(st.booleans())
    if pred.name == "positive" or pred.width == "single":
        wide = False
    binary = params.get("average") == "binary" or (pred.rows is None and not wide and pred.name != "decision")
    count = 2 if binary else CLASSES
    wide_truth = sets or true.rows or (wide and true.rows is False and (not true.labels or true.binary))
    y_true = draw(block(true, size, wide=bool(wide_truth), count=count))
    # a score for each of three classes decides for any of them, one alone for two
    y_pred = draw(block(pred, size, wide=wide and not (binary and pred.name in DECIDED), count=count))
    alike = one.grouped or draw(st.booleans())
    weights = st.sampled_from([1.0] if one.grouped else [0.0, 0.5, 1.0, 3.0, 0.1])
    weight = None if alike and draw(st.booleans()) else np.array(draw(st.lists(weights, min_size=size, max_size=size)))
    if weight is not None and not weight.any():
        weight[0] = 1.0
    names = st.lists(st.sampled_from(["q1", "q2"]), min_size=size, max_size=size)
    group = tuple(draw(names)) if one.grouped and y_pred.ndim == 1 and draw(st.booleans()) else ()
    if one.grouped and weight is not None:
        weight = np.array([2.0 if name == "q1" else 0.5 for name in group]) if group else None
    return Case(y_true, y_pred, weight, group, params)
