"""Opening data that may be wrong: what another command refuses is found out here, and said as a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from losscli.arrays import Array
from losscli.errors import DataError
from losscli.sources.dataset import Dataset
from losscli.sources.labels import Labels
from losscli.sources.layout import Layout, Role
from losscli.sources.options import DataOptions, Needs
from losscli.sources.pairing import PRED, TRUTH, Piece
from losscli.sources.roles import PRED_NAMES, TRUE_NAMES
from losscli.sources.sides import Listener, Source, open_sides, typed
from losscli.sources.table import MISSING, Kind, Table

if TYPE_CHECKING:
    from losscli.sources.table import Column

MOST_OTHERS = 50
"""Columns without a role that are looked at."""
BESIDE_TRUTH = "truth: "
"""What stands before the name of a column of ``--truth`` that has no role."""
_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_NUMBER_OR_COMMA = re.compile(r"[+-]?\d+(?:,\d+)?(?:[eE][+-]?\d+)?")


class Inspected(Dataset):
    """A data set that is read whatever is missing in it, with the columns that have no role beside the others.

    ``single`` are the roles whose column holds rows of one number: shape (n, 1) and not (n,).
    """

    def __init__(self, options: DataOptions, needs: Needs, notes: Listener, sides: tuple[Source, Source]) -> None:
        super().__init__(replace(options, missing="propagate"), needs, notes, sides)
        self.from_one = 0  # columns numbered from 1 are no error here
        self.single: set[str] = set()
        if not typed(options):
            self.roles |= dict(_others(sides, self.roles))

    def _values(self, piece: Piece, key: str) -> Array:
        """Return the numbers of a role, and remember rows of one number."""
        role = self.roles[key]
        first: Column = piece.column(role.side, role.names[0])
        if len(role.names) == 1 and not isinstance(first, list) and first.shape[1:] == (1,):
            self.single.add(key)
        return super()._values(piece, key)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Opened:
    """Data that was opened: to be read, or not to be read because its numbers have decimal commas.

    ``options`` are those under which it was opened: of several columns that could be meant, the first. ``commas`` are
    the columns of numbers with decimal commas; ``comma_divides`` says that the comma is the delimiter, too.
    """

    options: DataOptions
    dataset: Inspected | None
    ambiguous: str = ""
    commas: tuple[str, ...] = ()
    comma_divides: bool = False
    columns: tuple[str, ...] = ()


def opened(options: DataOptions, notes: Listener) -> Opened:
    """Open the data. Raises DataError where not even the roles of the columns can be found."""
    sides = open_sides(options, _needs(labels=True))
    columns = tuple(dict.fromkeys(name for source in sides for name in source.first.columns))
    if commas := () if typed(options) else tuple(dict.fromkeys(_with_commas(sides, options))):
        said = [note for source in dict.fromkeys(sides) for note in source.notes]
        for note in said:
            notes.detail(note)
        divides = options.delimiter == "," or any("delimiter ','" in note for note in said)
        return Opened(options, None, commas=commas, comma_divides=divides, columns=columns)
    chosen, ambiguous = _settled(sides, options)
    pred = Layout(sides, chosen, _needs(labels=False), _Silent()).roles["pred"]
    needs = _needs(labels=_holds_labels(sides[pred.side].first, pred.names, chosen.classes))
    return Opened(chosen, Inspected(chosen, needs, notes, sides), ambiguous, columns=columns)


def _needs(*, labels: bool) -> Needs:
    """Return that all shapes are welcome, and labels as the truth; as predictions, where they are text."""
    return Needs((None, None), (True, labels))


def _holds_labels(table: Table, names: tuple[str, ...], classes: tuple[str, ...] | None) -> bool:
    """Tell whether predictions are text, or as far as the first rows tell numbers that are the names of classes."""
    if len(names) > 1:
        return False
    kinds = table.kinds()
    if kinds[names[0] if names[0] in kinds else table.columns[int(names[0][1:]) - 1]] == "text":
        return True
    if classes is None or classes == tuple(map(str, range(len(classes)))):
        return False  # the numbers are the places of their classes
    wanted: dict[str, Kind] = {names[0]: "text"}
    cells = next((chunk.columns[names[0]] for chunk in table.chunks(wanted)), [])
    try:
        Labels(classes).encode(map(str, cells))
    except KeyError:
        return False
    return True


def _settled(sides: tuple[Source, Source], options: DataOptions) -> tuple[DataOptions, str]:
    """Return the options with the first columns that could be meant, and what is ambiguous about that, if anything."""
    try:
        Layout(sides, options, _needs(labels=False), _Silent())
    except DataError as problem:
        for true, pred in product(_known(sides[TRUTH], TRUE_NAMES), _known(sides[PRED], PRED_NAMES)):
            chosen = replace(options, true=options.true or true, pred=options.pred or pred)
            try:
                Layout(sides, chosen, _needs(labels=False), _Silent())
            except DataError:
                continue
            return chosen, problem.message
        raise
    return options, ""


def _known(source: Source, names: tuple[str, ...]) -> list[str | None]:
    """Return the columns with well-known names, the best known first, then globs of such (``prob_*``).

    The first is None, which leaves the choice to the layout.
    """
    columns = [name.strip() for name in source.first.columns]
    found = sorted({name for name in columns if name.lower() in names}, key=lambda name: names.index(name.lower()))
    stems = dict.fromkeys(name.partition("_")[0] for name in columns if name.partition("_")[0].lower() in names)
    return [None, *found, *(f"{stem}_*" for stem in stems)]


class _Silent:
    """Takes notes and forgets them."""

    def say(self, text: str) -> None:
        """Take a note."""

    def detail(self, text: str) -> None:
        """Take a note."""


def _others(sides: tuple[Source, Source], roles: dict[str, Role]) -> Iterator[tuple[str, Role]]:
    """Yield a role for the first columns that have none."""
    truth, preds = sides
    taken = {(role.side, name) for role in roles.values() for name in role.names}
    for side, source in [(PRED, preds)] + ([] if truth is preds else [(TRUTH, truth)]):
        columns = list(source.first.columns)
        free = [
            name
            for i, name in enumerate(columns)
            if (side, name) not in taken and (side, f"@{i + 1}") not in taken
        ]  # fmt: skip
        for name in free[:MOST_OTHERS]:
            beside = BESIDE_TRUTH if side == TRUTH else ""
            yield f"keep {beside}{name}", Role(side, (name,))


def _with_commas(sides: tuple[Source, Source], options: DataOptions) -> Iterator[str]:
    """Yield the columns of CSV files whose cells are numbers with decimal commas, as far as the first rows tell."""
    from losscli.sources.csv import CsvTable  # noqa: PLC0415  only for files

    for source in dict.fromkeys(sides):
        table = source.first
        texts: dict[str, Kind] = {name: "text" for name, kind in table.kinds().items() if kind == "text"}
        if options.decimal != "." or not texts or not isinstance(table, CsvTable):
            continue
        chunk = next(iter(table.chunks(texts)), None)
        for name, column in (chunk.columns if chunk else {}).items():
            if has_commas([cell for cell in column if isinstance(cell, str)]):
                yield name


def has_commas(cells: list[str]) -> bool:
    """Tell whether cells are numbers of which at least half have one comma.

    >>> has_commas(["1,5", "2", "", "-0,25"]), has_commas(["1", "2", "3,5"]), has_commas(["a,b"])
    (True, False, False)
    """
    there = [cell.strip() for cell in cells if cell.strip().lower() not in MISSING]
    marked = [cell for cell in there if _COMMA.fullmatch(cell)]
    plain = all(_NUMBER_OR_COMMA.fullmatch(cell) for cell in there)
    return plain and bool(marked) and 2 * len(marked) >= len(there)


def shapes(single: set[str], y_true: Array, y_pred: Array) -> tuple[str, str]:
    """Return the shapes as arrays have them: (n,), (n, 1) or (n, k)."""
    said = []
    for key, values in (("true", y_true), ("pred", y_pred)):
        inner = "1" if key in single else str(int(np.prod(values.shape[1:]))) if values.ndim > 1 else ""
        said.append(f"(n, {inner})" if inner else "(n,)")
    return said[0], said[1]
