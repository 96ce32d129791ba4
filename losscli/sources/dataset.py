"""From files or typed values to batches: class labels, weights and the missing-value policy, in one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from losscli.arrays import Array, squeezed
from losscli.batch import Batch
from losscli.errors import DataError, UsageError, did_you_mean
from losscli.sources.labels import Labels, contradiction, discover, weights_of
from losscli.sources.layout import Layout, Role
from losscli.sources.missing import Missing
from losscli.sources.options import DataOptions, Needs
from losscli.sources.pairing import PRED, TRUTH, Piece, alone, by_row
from losscli.sources.sides import Listener, Source, open_sides
from losscli.sources.table import Kind

if TYPE_CHECKING:
    from losscli.sources.bins import Bins, Cut
    from losscli.sources.matching import Counts


class Dataset:
    """The data of one run: decides once what each column is, then yields batches.

    Args:
        options: what the user said about the data.
        needs: what the losses ask of it.
        notes: is told what was decided.
        sides: truth and predictions, if they are open already.

    ``by`` are the names of the groups, those by bins of quantiles among them ``by_quantiles``. Once all is read,
    ``pairing`` counts the rows of truth and predictions that ``--id`` paired, and those that it did not.

    Raises:
        DataError: unreadable, wrong or ambiguous columns; while iterating, bad cells and missing values.
        UsageError: options that contradict each other.
    """

    pairing: Counts | None = None
    unused_key: str | None = None

    def __init__(
        self, options: DataOptions, needs: Needs, notes: Listener, sides: tuple[Source, Source] | None = None
    ) -> None:
        self.options, self.notes = options, notes
        self.sides = sides or open_sides(options, needs)
        for note in [note for source in dict.fromkeys(self.sides) for note in source.notes]:
            notes.detail(note)
        layout = Layout(self.sides, options, needs, notes)
        self.roles, self.kept = layout.roles, layout.kept
        self.from_one, self.unused_key = layout.from_one, layout.unused_key
        self.by = [key.removeprefix("by ") for key in self.roles if key.startswith("by ")]
        self.by_quantiles: list[str] = []
        self.bins = self._bins(layout.cuts)
        self.labels = self._labels()

    def _bins(self, cuts: Mapping[str, Cut]) -> dict[str, Bins]:
        """Return how columns are cut into bins: those of quantiles are known after a first pass over the column."""
        if not cuts:
            return {}
        from losscli.sources.bins import Equal  # noqa: PLC0415  only for bins

        found: dict[str, Bins] = {}
        for name, cut in cuts.items():
            if isinstance(cut, Equal):
                self.by_quantiles.append(name)
                found[name] = edges = cut.settled(self._column(name), name)
                self.notes.say(f"--by {name}: {edges}")
            else:
                found[name] = cut
        return found

    def _column(self, name: str) -> Iterator[Array]:
        """Yield a column that is to be cut, part by part."""
        meter, role = self.options.meter, self.roles[f"by {name}"]
        if meter:
            meter.task = "quantiles"
        for piece in alone(self.sides[role.side].parts({role.names[0]: "number"})):
            yield _numbers(piece, role, name)
        if meter:
            meter.again()

    # ── class labels ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _labels(self) -> Labels | None:
        """Return the classes, if there are labels to encode: as given, or by a first pass over the data."""
        textual = {key: role for key, role in self.roles.items() if key in ("true", "pred") and role.kind == "text"}
        if not textual or self.options.classes:
            for source in self.sides if not self.options.id else ():  # what is paired by a key may be read again
                source.forget()
            return Labels(self.options.classes) if textual and self.options.classes else None
        meter = self.options.meter
        if meter:
            meter.task = "classes"
        columns = (
            column
            for role in textual.values()
            for _, chunk in self.sides[role.side].parts({role.names[0]: "text"})
            if isinstance(column := chunk.columns[role.names[0]], list)
        )
        classes = discover(columns, source=self.sides[TRUTH].first.name)
        if meter:
            meter.again()
        if order := contradiction(classes, self.roles["pred"].names):
            raise DataError(
                f"the classes sorted are {','.join(classes)}, but the columns' names say {order}",
                f"say which order the columns have: --classes {order}",
            )
        self.notes.say(f"classes in sorted order: {', '.join(classes)}")
        return Labels(classes)

    def _values(self, piece: Piece, key: str) -> Array:
        """Return the numbers of a role, labels as their indices."""
        role = self.roles[key]
        columns = [piece.column(role.side, name) for name in role.names]
        if len(columns) > 1:
            return np.column_stack([np.asarray(column) for column in columns])
        if not isinstance(columns[0], list):
            return squeezed(columns[0])
        labels = self.labels or Labels(())
        try:
            return labels.encode(columns[0])
        except KeyError as unknown:
            stranger = str(unknown.args[0])
            index = next(i for i, cell in enumerate(columns[0]) if cell.strip() == stranger)
            where = piece.where(role.side, index, role.names[0])
            raise DataError(
                f"{where}: {stranger!r} is not one of the classes {', '.join(labels.classes)}",
                did_you_mean(stranger, list(labels.classes)) or "list every class with --classes",
            ) from None

    # ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def batches(self) -> Iterator[Batch]:
        """Yield the data in batches, rows with missing values treated as ``--missing`` says.

        Raises DataError at the end of the data if there were missing values and the policy is ``error``, or if class
        labels and numbered columns may be one apart.
        """
        missing = Missing(self.options.missing)
        count, lowest = 0, np.inf
        for piece in self._pieces():
            batch = self._batch(piece)
            count += len(piece)
            if self.from_one:
                lowest = min(lowest, np.nanmin(batch.y_true, initial=np.inf))
            if (kept := missing.treat(batch)) is not None:
                yield kept
        missing.conclude(count)
        if self.from_one and lowest >= 1:
            count = self.from_one
            raise DataError(
                f"the columns of predictions are numbered 1 to {count}, and no label is 0: which class is which?",
                f"--classes {','.join(map(str, range(1, count + 1)))} if labels count from 1, "
                f"--classes {','.join(map(str, range(count)))} if from 0",
            )

    def _pieces(self) -> Iterator[Piece]:
        truth, preds = self.sides
        wanted: tuple[dict[str, Kind], dict[str, Kind]] = ({}, {})
        for role in sorted(self.roles.values(), key=lambda role: role.kind == "number"):
            wanted[role.side].update(dict.fromkeys(role.names, role.kind))
        if truth is preds:
            return alone(preds.parts(wanted[TRUTH] | wanted[PRED]))
        if self.options.id:
            return self._keyed(wanted, self.options.id)
        if not self.unused_key:
            return by_row(truth.parts(wanted[TRUTH]), preds.parts(wanted[PRED]))
        from losscli.sources.keys import compared  # noqa: PLC0415  only where both sides have a key

        for side in wanted:
            side.setdefault(self.unused_key, "text")
        rows = by_row(truth.parts(wanted[TRUTH]), preds.parts(wanted[PRED]))
        return compared(rows, self.unused_key, self.notes)

    def _keyed(self, wanted: tuple[dict[str, Kind], dict[str, Kind]], key: str) -> Iterator[Piece]:
        """Yield the rows that have the same key, and say at the end how many there were."""
        from losscli.sources.keys import by_id  # noqa: PLC0415  only with --id

        pairs = by_id(*self.sides, wanted, key, drop=self.options.unmatched == "drop")
        for pred, true in pairs:
            yield Piece((true, pred))
        self.pairing = pairs.counts().turned()
        self.notes.say(self.pairing.said("the truth", "the predictions"))

    def _batch(self, piece: Piece) -> Batch:
        y_true, y_pred = self._values(piece, "true"), self._values(piece, "pred")
        weight = self._weight(piece, y_true)
        carried: dict[str, dict[str, list[str]]] = {"keep": {}, "by": {}}
        for key, role in self.roles.items():
            kind, _, name = key.partition(" ")
            if kind in carried:
                column = piece.column(role.side, role.names[0])
                if kind == "by" and name in self.bins:
                    column = self.bins[name].labels(_numbers(piece, role, name))
                carried[kind][name] = column if isinstance(column, list) else [repr(value) for value in column.tolist()]

        def where(index: int, part: str, column: int = 0) -> str:
            role = self.roles[part.removeprefix("y_")]
            return piece.where(role.side, index, role.names[min(column, len(role.names) - 1)])

        rows = piece.sides[PRED].numbers
        classes = self.labels.classes if self.labels else None
        named = (self.roles["true"].kind == "text", self.roles["pred"].kind == "text")
        query = self.roles.get("group")
        group = piece.column(query.side, query.names[0]) if query else ()
        queries = group if isinstance(group, list) else [repr(value) for value in np.asarray(group).tolist()]
        return Batch(y_true, y_pred, rows, weight, carried["keep"], carried["by"], queries, classes, named, where)

    def _weight(self, piece: Piece, y_true: Array) -> Array | None:
        """Return the weight of each row: its own times that of its class."""
        weight = self._values(piece, "weight") if "weight" in self.roles else None
        if weight is not None and (weight < 0).any():
            worst = int(np.argmax(weight < 0))
            raise DataError(
                f"{piece.where(self.roles['weight'].side, worst, self.roles['weight'].names[0])}: "
                f"{float(weight[worst])!r} is a negative weight",
                "weights are numbers from 0 up",
            )
        if not self.options.class_weight:
            return weight
        if y_true.ndim > 1:
            raise UsageError(
                "--class-weight by name needs class labels, but the truth holds rows",
                "give the weights in order: 1/3/1",
            )
        try:
            by_class = weights_of(y_true, self.options.class_weight, self.labels.classes if self.labels else None)
        except KeyError as unknown:
            raise UsageError(
                f"--class-weight: class {unknown.args[0]} has no weight", f"add {unknown.args[0]}=1"
            ) from None
        with np.errstate(over="ignore"):  # an infinite weight is told with its row
            return by_class if weight is None else weight * by_class


def _numbers(piece: Piece, role: Role, name: str) -> Array:
    """Return a column that is to be cut into bins. Raises DataError for one of rows."""
    values = squeezed(np.asarray(piece.column(role.side, role.names[0])))
    if values.ndim > 1:
        raise DataError(f"--by {name}: the column holds rows of numbers", "bins are of single numbers")
    return values
