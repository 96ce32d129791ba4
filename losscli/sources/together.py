"""Several sources of predictions of the same rows: paired by order or by key, their truth compared row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from typing import TYPE_CHECKING

import numpy as np

from losscli.arrays import any_of
from losscli.batch import Batch
from losscli.errors import DataError
from losscli.sources.dataset import Dataset
from losscli.sources.labels import Labels, discover
from losscli.sources.missing import Missing, missing_rows
from losscli.sources.options import DataOptions

if TYPE_CHECKING:
    from losscli.sources.matching import Counts

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


def together(
    sides: Sequence[Side], *, keyed: bool, missing: str, counts: dict[str, Counts] | None = None
) -> Iterator[tuple[Batch, ...]]:
    """Yield the same rows of every source: in the order of the first, with its weights, groups and queries.

    If ``keyed``, rows are paired by the last of the kept columns; ``counts`` is told for each source but the first how
    many were. A row that lacks a value in any source is dropped from all. The sources must have been opened with
    ``missing="propagate"``.

    Raises DataError if the sources have different rows or different truth, or for missing values (``error``).
    """
    _same_classes([dataset for _, dataset in sides])
    names = [name for name, _ in sides]
    rows = _by_key(sides, {} if counts is None else counts) if keyed else _by_order(sides)
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


def _by_order(sides: Sequence[Side]) -> Iterator[tuple[Batch, ...]]:
    return by_order([name for name, _ in sides], [dataset.batches() for _, dataset in sides])


def _by_key(sides: Sequence[Side], counts: dict[str, Counts]) -> Iterator[tuple[Batch, ...]]:
    """Pair rows by the last of the kept columns, and say at the end how many were paired."""
    from losscli.sources.keyed_batches import Keyed, by_key  # noqa: PLC0415  only with --id

    keyed = [Keyed(name, dataset.batches, dataset.kept[-1]) for name, dataset in sides]
    first, dataset = sides[0]
    yield from by_key(keyed, drop=dataset.options.unmatched == "drop", counts=counts)
    for name, one in counts.items():
        dataset.notes.say(one.said(first, name))


def pairing(sides: Sequence[Side], counts: Mapping[str, Counts]) -> dict[str, object]:
    """Return how many rows were paired by a key, as JSON has it: of each source with its truth, and of all together.

    ``sides`` bear the names that are shown, ``counts`` are those that ``together`` was asked for.
    """
    found = [("truth", name, dataset.pairing) for name, dataset in sides if dataset.pairing]
    found += [(sides[0][0], name, one) for (name, _), one in zip(sides[1:], counts.values(), strict=False)]
    records = [{"a": one, "b": other, **each.record("a", "b")} for one, other, each in found]
    return {"pairing": records} if records else {}


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


def joined(batches: Sequence[Batch]) -> Batch:
    """Return several batches as one."""
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
