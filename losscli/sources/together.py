"""Several sources of predictions of the same rows: paired by order or by key, their truth compared row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain

import numpy as np

from losscli.arrays import any_of
from losscli.batch import Batch
from losscli.errors import DataError
from losscli.sources.dataset import Dataset
from losscli.sources.labels import Labels, discover
from losscli.sources.missing import Missing, missing_rows
from losscli.sources.options import DataOptions

Side = tuple[str, Dataset]
"""What messages call a source, and the source."""


def options_of(data: DataOptions, files: Sequence[str]) -> DataOptions:
    """Return the options of a source, of whose columns only truth, predictions and key are read.

    Its weights, groups and queries are those of the first source, and missing values are treated with it.
    """
    kept = (data.id,) if data.id else ()
    return replace(
        data, files=tuple(files), weight=None, class_weight={}, keep=kept, by=(), group=None, missing="propagate"
    )


def together(sides: Sequence[Side], *, keyed: bool, missing: str) -> Iterator[tuple[Batch, ...]]:
    """Yield the same rows of every source: in the order of the first, with its weights, groups and queries.

    If ``keyed``, rows are paired by the last of the kept columns, and the sources but the first are held in memory. A
    row that lacks a value in any source is dropped from all. The sources must have been opened with
    ``missing="propagate"``.

    Raises DataError if the sources have different rows or different truth, or for missing values (``error``).
    """
    _same_classes([dataset for _, dataset in sides])
    names = [name for name, _ in sides]
    batches = [dataset.batches() for _, dataset in sides]
    rows = by_key(names, batches, [dataset.kept[-1] for _, dataset in sides]) if keyed else by_order(names, batches)
    policies = [Missing(missing) for _ in sides]
    seen = 0
    for found in rows:
        first, *others = found
        for name, other in zip(names[1:], others, strict=True):
            _same_truth(first, other, names[0], name)
        seen += len(first)
        both = (first, *(replace(one, weight=first.weight, by=first.by, group=first.group) for one in others))
        treated = (
            _without_gaps(both) if missing == "drop" else [p.treat(b) for p, b in zip(policies, both, strict=True)]
        )
        there = [one for one in treated if one is not None]
        if len(there) == len(both):
            yield tuple(there)
    for policy in policies:
        policy.conclude(seen)


def by_order(names: Sequence[str], sides: Sequence[Iterator[Batch]]) -> Iterator[tuple[Batch, ...]]:
    """Pair rows in the order in which they stand. Raises DataError if one source has more of them."""
    heads = [next(side, None) for side in sides]
    seen = [0] * len(sides)
    while there := [head for head in heads if head is not None]:
        if len(there) < len(sides):
            break
        n = min(map(len, there))
        yield tuple(head.take(np.arange(n)) for head in there)
        seen = [count + n for count in seen]
        heads = [
            head.take(np.arange(n, len(head))) if len(head) > n else next(side, None)
            for head, side in zip(there, sides, strict=True)
        ]
    rest = [
        count + sum(map(len, chain([head] if head else [], side)))
        for count, head, side in zip(seen, heads, sides, strict=True)
    ]
    if len(set(rest)) > 1:
        said = " and ".join(f"{name} has {count} rows" for name, count in zip(names, rest, strict=True))
        raise DataError(said, "to pair rows by a key that all have, name it: --id COL")


def by_key(names: Sequence[str], sides: Sequence[Iterator[Batch]], keys: Sequence[str]) -> Iterator[tuple[Batch, ...]]:
    """Pair rows by a kept column of each source, in the order of the first; the others are held in memory.

    Raises DataError for a key that stands twice in a source, or not in all of them.
    """
    held = [joined(list(side)) for side in sides[1:]]
    index = [_index(batch, key, {}) if batch else {} for batch, key in zip(held, keys[1:], strict=True)]
    known: dict[str, int] = {}
    for batch in sides[0]:
        _index(batch, keys[0], known)
        cells = batch.keep[keys[0]]
        for name, one in zip(names[1:], index, strict=True):
            _refuse_lost(names[0], name, keys[0], (cell for cell in cells if cell not in one))
        found = [
            one.take(np.array([where[cell] for cell in cells], dtype=np.int64))
            for one, where in zip(held, index, strict=True)
            if one is not None
        ]
        if len(found) == len(held):
            yield (batch, *found)
    for name, one in zip(names[1:], index, strict=True):
        _refuse_lost(name, names[0], keys[0], (cell for cell in one if cell not in known))


def _refuse_lost(name: str, other: str, key: str, lost: Iterator[str]) -> None:
    """Raise DataError for a key that one source has and another has not."""
    if (cell := next(lost, None)) is not None:
        raise DataError(
            f"{other} has no row with {key} {cell!r}, which {name} has", "predict every row in both, or compare fewer"
        )


def joined(batches: Sequence[Batch]) -> Batch | None:
    """Return several batches as one; None if there are none."""
    if not batches:
        return None
    first = batches[0]
    starts = [0, *accumulate(map(len, batches))]
    places = [batch.place for batch in batches]

    def place(index: int, part: str, column: int = 0) -> str:
        at = bisect_right(starts, index) - 1
        return places[at](index - starts[at], part, column)

    weights = [batch.weight for batch in batches if batch.weight is not None]
    return replace(
        first,
        y_true=np.concatenate([batch.y_true for batch in batches]),
        y_pred=np.concatenate([batch.y_pred for batch in batches]),
        rows=np.concatenate([batch.rows for batch in batches]),
        weight=np.concatenate(weights) if weights else None,
        keep={name: [cell for batch in batches for cell in batch.keep[name]] for name in first.keep},
        by={name: [cell for batch in batches for cell in batch.by[name]] for name in first.by},
        group=[cell for batch in batches for cell in batch.group],
        place=place,
    )


def _index(batch: Batch, key: str, index: dict[str, int]) -> dict[str, int]:
    """Add the row of each key to an index. Raises DataError for a key that stands twice."""
    start = len(index)
    for i, cell in enumerate(batch.keep[key]):
        if index.setdefault(cell, start + i) != start + i:
            raise DataError(f"{batch.place(i, 'y_pred')}: {key} {cell!r} stands twice", "a key must be unique")
    return index


def _same_classes(datasets: Sequence[Dataset]) -> None:
    """Give all sources the classes that any of them has: an index means the same label in each."""
    found = [dataset.labels.classes for dataset in datasets if dataset.labels]
    if len(set(found)) > 1:
        every = Labels(discover(found, source="the predictions"))
        for dataset in datasets:
            if dataset.labels:
                dataset.labels = every


def _same_truth(first: Batch, other: Batch, name: str, theirs: str) -> None:
    """Raise DataError naming the first row whose truth differs."""
    hint = "compare predictions of the same rows, or pair them by a key: --id COL"
    if first.y_true.shape != other.y_true.shape or first.named[0] != other.named[0]:
        raise DataError(f"{name} and {theirs} hold different kinds of truth", hint)
    differs = any_of(~((first.y_true == other.y_true) | (np.isnan(first.y_true) & np.isnan(other.y_true))))
    if differs.any():
        i = int(np.argmax(differs))
        places = " and ".join(f"{one.place(i, 'y_true')} has {_shown(one, i)}" for one in (first, other))
        raise DataError(f"the truth of row {int(first.rows[i])} differs: {places}", hint)


def _shown(batch: Batch, i: int) -> str:
    value = batch.y_true[i]
    if batch.named[0] and batch.classes and not np.isnan(value):
        return repr(batch.classes[int(value)])
    return str(value.tolist())


def _without_gaps(batches: Iterable[Batch]) -> list[Batch | None]:
    """Drop the rows in which any source lacks a value."""
    there = list(batches)
    gaps = [gap for gap in map(missing_rows, there) if gap is not None]
    if not gaps:
        return [*there]
    return [batch.without(np.logical_or.reduce(gaps)) for batch in there]
