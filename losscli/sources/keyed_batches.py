"""Several sources of predictions paired by a key: those of the first, beside them those of each other with that key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from losscli.arrays import Integers
from losscli.batch import Batch
from losscli.sources.heads import Side
from losscli.sources.matching import Counts, Pairs
from losscli.sources.together import joined


@dataclass(frozen=True, slots=True)
class Keyed:
    """A source: what messages call it, how it is read (again), and the kept column that is its key."""

    name: str
    read: Callable[[], Iterator[Batch]]
    key: str


@dataclass(frozen=True, slots=True)
class Abreast:
    """The same rows of several sources."""

    batches: tuple[Batch, ...]

    def __len__(self) -> int:
        return len(self.batches[0])

    def take(self, index: Integers) -> Abreast:
        """Return the rows of these indices, in their order."""
        return Abreast(tuple(batch.take(index) for batch in self.batches))


def by_key(sources: Sequence[Keyed], *, drop: bool, counts: dict[str, Counts]) -> Iterator[tuple[Batch, ...]]:
    """Yield the rows that have the same key in all sources, in the order of the first.

    ``counts`` is told for each source but the first how many of its rows were paired with those before it. Raises
    DataError as ``Pairs`` does.
    """
    first, *others = sources
    read = _alone(first)
    for other in others:
        read = _beside(first, read, other, drop=drop, counts=counts)
    return (rows.batches for rows in read())


def _alone(source: Keyed) -> Callable[[], Iterator[Abreast]]:
    return lambda: (Abreast((batch,)) for batch in source.read())


def _beside(
    first: Keyed, read: Callable[[], Iterator[Abreast]], other: Keyed, *, drop: bool, counts: dict[str, Counts]
) -> Callable[[], Iterator[Abreast]]:
    """Return what reads the rows that were paired so far, and those of another source beside them."""
    left = Side(
        first.name,
        read,
        keys=lambda rows: rows.batches[0].keep[first.key],
        where=lambda rows, index: rows.batches[0].place(index, f"keep {first.key}"),
        joined=_joined,
        lacks=f"is not in {other.name}",
    )
    right = Side(
        other.name,
        other.read,
        keys=lambda batch: batch.keep[other.key],
        where=lambda batch, index: batch.place(index, f"keep {other.key}"),
        joined=joined,
        lacks=f"is not in {first.name}",
    )

    def paired() -> Iterator[Abreast]:
        pairs = Pairs(left, right, first.key, drop=drop)
        for rows, batch in pairs:
            yield Abreast((*rows.batches, batch))
        counts[other.name] = pairs.counts()

    return paired


def _joined(blocks: Sequence[Abreast]) -> Abreast:
    return Abreast(tuple(map(joined, zip(*(block.batches for block in blocks), strict=True))))
