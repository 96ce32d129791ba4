"""Data for shards: some rows for any loss or score, split into parts that are computed and put together again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import score_cases
import strategies
from hypothesis import strategies as st

from losscli.batch import Batch
from losscli.formats.format import Report
from losscli.merging import Merger
from losscli.partials import Asked, Computed, Place, partial
from losscli.registry import Declared, Loss, Score
from losscli.run import Run
from losscli.spec import Bound, bind

HERE = Place("here", 1)


@st.composite
def batches(draw: st.DrawFn, one: Declared) -> tuple[Batch, Mapping[str, object]]:
    """Some rows for a loss or score, groups and weights among them, and its parameters."""
    if isinstance(one, Score):
        case = draw(score_cases.cases(one))
        batch, params = Batch.of(case.y_true, case.y_pred, case.weight), case.params
        batch = replace(batch, group=case.group)
    else:
        assert isinstance(one, Loss)
        y_true, y_pred, params = draw(strategies.cases(one))
        weights = st.lists(st.sampled_from([0.0, 0.5, 1.0, 0.1]), min_size=len(y_pred), max_size=len(y_pred))
        batch = Batch.of(y_true, y_pred, draw(st.none() | weights.map(np.array)))
    names = st.lists(st.sampled_from(["north", "south"]), min_size=len(batch), max_size=len(batch))
    return replace(batch, by={"region": draw(names)} if draw(st.booleans()) else {}), params


def computed_of(bounds: Sequence[Bound], batch: Batch, **more: Any) -> Computed:  # noqa: ANN401  any of its fields
    return Computed(tuple(map(Asked.of, bounds)), by=tuple(batch.by), group="q" if batch.group else None, **more)


def fed(bounds: Sequence[Bound], *whole: Batch, reduction: str | None = None, missing: str = "error") -> Run:
    """One pass over everything."""
    rows = whole[0].y_pred.ndim > 1
    run = Run((bound.suited(rows=rows) for bound in bounds), reduction=reduction, missing=missing)
    for batch in whole:
        run.feed(batch)
    return run


def shards(batch: Batch, edges: Sequence[int]) -> list[Batch]:
    """The rows of a batch between these edges."""
    places = np.arange(len(batch))
    whole = [0, *sorted(edge % (len(batch) + 1) for edge in edges), len(batch)]
    return [batch.only((places >= start) & (places < stop)) for start, stop in pairwise(whole)]


def merged(lines: Sequence[str], own: Sequence[str] = ()) -> Merger:
    merger = Merger(own, repeats=True)
    for line in lines:
        merger.add(line.encode(), HERE)
    return merger


def tree(lines: Sequence[str], draw: st.DataObject) -> Merger:
    """The sum of some partial results, any two or three of them first, until one is left."""
    waiting = list(lines)
    while len(waiting) > 1:
        chosen = draw.draw(st.permutations(range(len(waiting))))[: draw.draw(st.integers(2, 3))]
        some = [waiting[i] for i in chosen]
        waiting = [one for i, one in enumerate(waiting) if i not in chosen]
        waiting.append(merged(some).line())
    return merged(waiting)


def parts(bounds: Sequence[Bound], computed: Computed, batches: Sequence[Batch]) -> list[str]:
    return [partial([batch], computed, bounds)[0] for batch in batches]


def bits(report: Report) -> object:
    """Everything that a report says, floats to the bit."""
    results = [[repr(getattr(one, name)) for name in type(one).__dataclass_fields__] for one in report.results]
    return [report.losses, report.n, report.dropped, list(report.by), results]


def bound(one: Declared, params: Mapping[str, object], like: str | None = None) -> Bound:
    """Bind a loss: with its parameters, or with those that it needs as a framework has it."""
    needed = {name: value for name, value in params.items() if not like or one.params[name].default is ...}
    return bind(one.name, like=like, given={name: value for name, value in needed.items() if value is not None})
