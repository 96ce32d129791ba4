"""A partial result: the exact state of a shard, what was computed of it, and which data it was, in one line of JSON.

``Computed`` is all that two parts must share to be added. From it the same run can be made again, empty: a part brings
numbers, never code.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import NamedTuple

import numpy as np

from losscli import __version__, states
from losscli.batch import Batch
from losscli.codec import MalformedError, codec
from losscli.errors import DataError
from losscli.fingerprint import Fingerprint
from losscli.registry import REFERENCE
from losscli.run import Run
from losscli.scoring import ScoreTally
from losscli.sources.inputs import open_input
from losscli.sources.meter import Meter
from losscli.spec import Bound, bind, written

SCHEMA, KIND = 1, "losscli-partial"
DIGITS = 24
"""Hexadecimal digits of a part's fingerprint: among 10⁹ parts, two share one by chance once in 10¹¹ data sets."""


LONGEST = 1 << 30
"""Bytes of one partial result: one that holds all of its rows has about 11 for each value."""

WIDEST, LONGEST_SPEC = 1 << 24, 1 << 16
"""Values in a row and letters in a SPEC, beyond which a part is none: the work it asks for stays bounded."""


class Place(NamedTuple):
    """Where a partial result stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A loss as it was asked for, and what that meant: its canonical name with every parameter."""

    spec: str
    means: str
    like: str | None = None

    @classmethod
    def of(cls, bound: Bound) -> Asked:
        """Return what a bound loss is."""
        params = {name: value for name, value in bound.params.items() if value is not None}
        return cls(bound.spec, written(bound.loss.name, params), bound.like)


@dataclass(frozen=True, slots=True)
class Shapes:
    """What a row holds: the shapes of truth and prediction, and whether there are weights and named labels."""

    true: tuple[int, ...]
    pred: tuple[int, ...]
    weight: bool
    labels: tuple[bool, bool]

    @classmethod
    def of(cls, batch: Batch) -> Shapes:
        """Return what the rows of a batch hold."""
        return cls(batch.y_true.shape[1:], batch.y_pred.shape[1:], batch.weight is not None, batch.named)


@dataclass(frozen=True, slots=True)
class Computed:
    """What was computed: parts that differ in any of it cannot be added. ``rows`` is None where there were none."""

    losses: tuple[Asked, ...]
    reduction: str | None = None
    missing: str = "error"
    by: tuple[str, ...] = ()
    group: str | None = None
    class_weight: dict[str, float] = field(default_factory=dict)
    classes: tuple[str, ...] | None = None
    rows: Shapes | None = None

    def bounds(self, allowed: Collection[str] = ()) -> list[Bound]:
        """Bind the losses again.

        Raises DataError for one that means something else now, and for a user's own that is not among the ``allowed``:
        its code would be run because a file says so.
        """
        for one in self.losses:
            if REFERENCE in one.spec and one.spec not in allowed:
                raise DataError(f"{one.spec} is code of your own", f"to let it run: losscli merge -l {one.spec} …")
        found = [bind(one.spec, like=one.like) for one in self.losses]
        for bound, one in zip(found, self.losses, strict=True):
            if Asked.of(bound) != one:
                raise DataError(f"{one.spec} was {one.means} and is {Asked.of(bound).means} here", "compute it again")
        return found

    def run(self, bounds: Iterable[Bound]) -> Run:
        """Return a run of these losses that has seen no row yet, but knows what a row holds."""
        suited = (bound.suited(rows=self.rows is not None and bool(self.rows.pred)) for bound in bounds)
        run = Run(suited, reduction=self.reduction, missing=self.missing)
        if rows := self.rows:
            y_true, y_pred = (np.zeros((0, *shape)) for shape in (rows.true, rows.pred))
            nothing = Batch.of(y_true, y_pred, np.zeros(0) if rows.weight else None)
            by: Mapping[str, list[str]] = {name: [] for name in self.by}
            run.feed(replace(nothing, by=by, classes=self.classes, named=rows.labels))
        for tally in run.tallies:
            if isinstance(tally, ScoreTally):
                tally.grouped = self.group is not None
        return run


@dataclass(frozen=True, slots=True)
class Document:
    """A partial result as it is written. ``fingerprints`` are those of the shards in it that had rows."""

    schema: int
    kind: str
    losscli: str
    signature: object
    fingerprints: tuple[str, ...]
    state: object


def document(computed: Computed, run: Run, fingerprints: tuple[str, ...]) -> str:
    """Return a run as a partial result: one line of JSON."""
    kind = states.kind(run) if computed.rows else None
    state = codec(kind).write(states.of(run)) if kind else None
    signature = codec(Computed).write(computed)
    whole = Document(SCHEMA, KIND, __version__, signature, fingerprints, state)
    return json.dumps(codec(Document).write(whole), separators=(",", ":"), allow_nan=False) + "\n"


def partial(batches: Iterable[Batch], computed: Computed, bounds: Iterable[Bound]) -> tuple[str, Run]:
    """Compute a shard; return its partial result, and the run for what there is to say about it.

    A shard without rows is the state of nothing, which merges with anything. Raises DataError for values outside a
    loss's domain, and for a score whose state cannot be written.
    """
    fingerprint, run = Fingerprint(), None
    for batch in batches:
        if run is None:
            computed = replace(computed, classes=batch.classes, rows=Shapes.of(batch))
            run = computed.run(bounds)
        fingerprint.update(batch)
        run.feed(batch)
    run = run or computed.run(bounds)
    for tally in run.tallies:
        tally.guard.conclude()
    digits = (fingerprint.hexdigest()[:DIGITS],) if fingerprint.rows else ()
    return document(computed, run, digits), run


def lines(paths: Sequence[str], meter: Meter | None = None) -> Iterator[tuple[bytes, Place]]:
    """Yield each partial result of some files with its place. Raises DataError for a file that cannot be read."""
    if meter:
        meter.expect(paths)
    for path in paths:
        source = open_input(path, "jsonl", meter)
        source.forget()
        with source.open() as stream:
            for number, line in enumerate(iter(lambda stream=stream: stream.readline(LONGEST), b""), 1):  # type: ignore[misc]  # a default is how a loop's variable is kept
                if line.strip():
                    yield line, Place(source.name, number)


def read(line: bytes, place: Place) -> Document:
    """Return one line as a document. Raises DataError for anything that losscli partial does not write."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise damaged(place, "it is not one JSON object on one line") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise damaged(place, f'it has no "kind": "{KIND}"')
    if (found.get("schema"), found.get("losscli")) != (SCHEMA, __version__):
        there = f"losscli {str(found.get('losscli'))[:20]}, schema {str(found.get('schema'))[:20]}"
        raise DataError(
            f"{place} was computed by {there}, and this is losscli {__version__}, schema {SCHEMA}",
            "compute and merge all parts with one version: numbers of two versions may differ",
        )
    try:
        document: Document = codec(Document).read(found)
    except MalformedError as wrong:
        raise damaged(place, str(wrong)) from None
    return document


def signature(found: Document, place: Place) -> Computed:
    """Return what was computed. Raises DataError for what nothing computes."""
    try:
        computed: Computed = codec(Computed).read(found.signature)
    except MalformedError as wrong:
        raise damaged(place, f"signature: {wrong}") from None
    shapes = [computed.rows.true, computed.rows.pred] if computed.rows else []
    if any(min(shape, default=1) < 1 or prod(shape) > WIDEST for shape in shapes):
        raise damaged(place, f"signature.rows: expected from 1 to {WIDEST} values a row")
    if any(len(one.spec) > LONGEST_SPEC for one in computed.losses):
        raise damaged(place, "signature.losses: a name that long is none")
    return computed


def damaged(place: Place, what: str) -> DataError:
    """Return the error for what is no partial result."""
    return DataError(
        f"{place} is no partial result of losscli: {what}", "losscli partial writes them, one line for each shard"
    )
