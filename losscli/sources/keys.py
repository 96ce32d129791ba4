"""Keys of rows: truth and predictions paired by one, and whether one disagrees where rows are paired in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import ne
from typing import TYPE_CHECKING

from losscli.errors import DataError
from losscli.sources.heads import Side
from losscli.sources.matching import Pairs
from losscli.sources.pairing import PRED, TRUTH, Piece, Rows, joined, numbered
from losscli.sources.table import Column, Kind

if TYPE_CHECKING:
    from losscli.sources.sides import Listener, Source

_KEY = re.compile(r"(?:^|[_\W])(?:i[dx]|key|uuid|guid|index)$|[a-z]I[dD]$")


def is_key(name: str) -> bool:
    """Tell by its name whether a column is a key of rows.

    >>> [is_key(name) for name in ("id", "row_ID", "sampleId", "Key", "valid", "y_pred")]
    [True, True, True, True, False, False]
    """
    return bool(_KEY.search(name) or _KEY.search(name.lower()))


def unused_key(truth: Source, preds: Source, taken: Collection[str]) -> str | None:
    """Return a key that both sides have, and can be read of both; each must be one file, for others may lack it."""
    if len(truth.sizes) != 1 or len(preds.sizes) != 1:
        return None
    both = [name for name in truth.first.columns if name in preds.first.columns and name not in taken]
    keys = filter(is_key, both)
    return next((name for name in keys if _is_text(truth, name) and _is_text(preds, name)), None)


def _is_text(source: Source, name: str) -> bool:
    """Tell whether a column can be read as text: nobody asked for it, so that it must not be what fails."""
    if source.first.kinds().get(name) == "number":
        return True
    try:
        next(source.parts({name: "text"}), None)
    except DataError:
        return False
    return True


def by_id(
    truth: Source, preds: Source, wanted: tuple[Mapping[str, Kind], Mapping[str, Kind]], key: str, *, drop: bool
) -> Pairs[Rows, Rows]:
    """Return the pairs of predictions and truth that have the same key, in the order of the predictions."""
    texts: dict[str, Kind] = {key: "text"}
    left = _side(preds, {**wanted[PRED], **texts}, key, f"is not in {called(truth)}")
    right = _side(truth, {**wanted[TRUTH], **texts}, key, "has no prediction")
    return Pairs(left, right, key, drop=drop)


def called(source: Source) -> str:
    """Return what messages call a side of the data."""
    count = len(source.sizes)
    return source.first.name if count == 1 else f"the {count} files from {source.first.name} on"


def _side(source: Source, wanted: Mapping[str, Kind], key: str, lacks: str) -> Side[Rows]:
    known = [size for size in source.sizes if size is not None]
    return Side(
        called(source),
        read=lambda: numbered(source.parts(wanted)),
        keys=lambda rows: _texts(rows.columns[key]),
        where=lambda rows, index: rows.place(index, key),
        joined=joined,
        lacks=lacks,
        size=sum(known) if len(known) == len(source.sizes) else None,
    )


def _texts(column: Column) -> list[str]:
    return column if isinstance(column, list) else [str(cell) for cell in column.tolist()]


def compared(pieces: Iterable[Piece], name: str, notes: Listener) -> Iterator[Piece]:
    """Pass on rows that were paired in order, and say where the first of them has two keys."""
    agree = True
    for piece in pieces:
        one, other = (piece.column(side, name) for side in (TRUTH, PRED))
        if agree and isinstance(one, list) and one != other:
            agree = False
            i = list(map(ne, one, other)).index(True)
            places = " and ".join(
                f"{piece.where(side, i, name)} has {cells[i]!r}" for side, cells in ((TRUTH, one), (PRED, other))
            )
            notes.say(f"rows are paired in order, but {places}: --id {name} pairs by it")
        yield piece
