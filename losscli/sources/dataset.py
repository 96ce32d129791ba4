"""From files or inline values to batches: roles, class labels, weights and the missing-value policy, in one place."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from losscli.arrays import Array, squeezed
from losscli.batch import Batch
from losscli.errors import DataError, UsageError, did_you_mean
from losscli.sources.labels import Labels, contradiction, discover, is_number, weights_of
from losscli.sources.missing import Missing
from losscli.sources.options import DataOptions, Needs
from losscli.sources.pairing import PRED, TRUTH, Part, Piece, alone, by_id, by_row
from losscli.sources.roles import PRED_NAMES, TRUE_NAMES, pick, pick_one, select
from losscli.sources.shards import Shards, Single
from losscli.sources.table import Kind, Table


class Listener(Protocol):
    """Takes what is worth telling the user."""

    def say(self, text: str) -> None:
        """Take a note."""
        ...

    def detail(self, text: str) -> None:
        """Take a note that few want."""
        ...


class Source(Protocol):
    """One side of the data: files, or values that were typed."""

    first: Table

    @property
    def notes(self) -> Sequence[str]:
        """What is worth saying about it."""
        ...

    def parts(self, wanted: Mapping[str, Kind]) -> Iterator[Part]:
        """Yield its chunks, each with its table."""
        ...

    def forget(self) -> None:
        """Tell that no second pass will be made."""
        ...


@dataclass(frozen=True, slots=True)
class Role:
    """Columns that mean one thing together: on which side they stand, their names, how they are read."""

    side: int
    names: tuple[str, ...]
    kind: Kind = "text"


class Dataset:
    """The data of one run: decides once what each column is, then yields batches.

    Args:
        options: what the user said about the data.
        needs: what the losses ask of it.
        notes: is told what was decided.

    Raises:
        DataError: unreadable, wrong or ambiguous columns; while iterating, bad cells and missing values.
        UsageError: options that contradict each other.
    """

    def __init__(self, options: DataOptions, needs: Needs, notes: Listener) -> None:
        self.options, self.needs, self.notes = options, needs, notes
        self.inline = not options.files and (options.true is not None or options.pred is not None) and not options.truth
        self.sides = self._open()
        for note in [note for source in dict.fromkeys(self.sides) for note in source.notes]:
            notes.detail(note)
        self.roles = self._roles()
        self.labels = self._labels()

    # ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _open(self) -> tuple[Source, Source]:
        """Open the truth and the predictions: two sources, or one that is both."""
        options = self.options
        if self.inline:
            if options.true is None or options.pred is None:
                given, lacking = ("--true", "--pred") if options.pred is None else ("--pred", "--true")
                raise UsageError(
                    f"{given} holds values, but {lacking} is not given",
                    "give both; to name columns of stdin, give - as the file",
                )
            if options.keep or options.by or options.id:
                raise UsageError(
                    "--keep, --by and --id name columns, but no file is given", "give a file, or - for stdin"
                )
            from losscli.sources.inline import inline  # noqa: PLC0415  only for typed values

            typed = Single(inline(options.true, options.pred, options.weight))
            return typed, typed
        files = options.files or self._stdin()
        preds = Shards(files, options)
        return (Shards([options.truth], options), preds) if options.truth else (preds, preds)

    @staticmethod
    def _stdin() -> tuple[str, ...]:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(
                "no data: name a file, give --true and --pred, or pipe a table in",
                "losscli mse --true 1,2,3 --pred 2,2,3",
            )
        return ("-",)

    # ── what is what ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _roles(self) -> dict[str, Role]:
        """Find the columns of every role; kept and grouping columns have a role each, ``keep NAME`` and ``by NAME``."""
        options, (truth, preds) = self.options, self.sides
        if self.inline:
            options = replace(options, true="y_true", pred="y_pred", weight="weight" if options.weight else None)
        weight = {"weight": self._find(options.weight, "--weight", "number")} if options.weight else {}
        if options.truth and options.id:
            for source in self.sides:
                select(options.id, source.first.columns, source=source.first.name, option="--id")
        carried = (*options.keep, *([options.id] if options.id and not options.truth else []))
        aside = [
            (f"{kind} {self._named(found.side, name)}", Role(found.side, (name,)))
            for kind, names, option in (("keep", carried, "--keep"), ("by", options.by, "--by"))
            for asked in names
            for found in [self._find(asked, option, "text")]
            for name in found.names
        ]
        others = [*(name for role in weight.values() for name in role.names), *([options.id] if options.id else ())]
        true, pred = self._values_of(options, others, [role.names[0] for _, role in aside])
        pred_kind = self._kind(PRED, pred)
        true_kind = "text" if pred_kind == "text" else self._kind(TRUTH, true)
        roles = {"true": Role(TRUTH, true, true_kind), "pred": Role(PRED, pred, pred_kind), **weight}
        if truth is preds:
            roles = {key: replace(role, side=PRED) for key, role in roles.items()}
        for key, role in aside:
            part = key.removeprefix("keep y_")
            if part in ("true", "pred") and key.startswith("keep") and roles[part].names != role.names:
                raise UsageError(f"--{key}: the output has a column of that name", "keep other columns")
        numbers = {(role.side, name) for role in roles.values() if role.kind == "number" for name in role.names}
        return roles | {
            key: replace(role, names=(self._other_name(role),)) if (role.side, role.names[0]) in numbers else role
            for key, role in aside
        }

    def _values_of(
        self, options: DataOptions, others: Sequence[str], aside: Sequence[str]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Find the columns of the true and of the predicted values."""
        truth, preds = self.sides
        if preds is truth:
            return pick(
                preds.first.columns, true=options.true, pred=options.pred, others=others, aside=aside,
                rows=self.needs.rows, source=preds.first.name, say=(lambda _: None) if self.inline else self.notes.say,
            )  # fmt: skip
        true, pred = (
            pick_one(
                source.first.columns, asked, known, others=others, rows=rows, source=source.first.name, option=option,
                say=self.notes.say,
            )
            for source, asked, known, rows, option in zip(
                self.sides, (options.true, options.pred), (TRUE_NAMES, PRED_NAMES), self.needs.rows,
                ("--true", "--pred"), strict=True,
            )
        )  # fmt: skip
        return true, pred

    @property
    def kept(self) -> list[str]:
        """The names of the columns that are carried along."""
        return [key.removeprefix("keep ") for key in self.roles if key.startswith("keep ")]

    def _named(self, side: int, name: str) -> str:
        """Return the header of a column that may be named by its position."""
        columns = self.sides[side].first.columns
        return name if name in columns else columns[int(name[1:]) - 1]

    def _other_name(self, role: Role) -> str:
        """Name a column by its position, so that it can be had as text beside its numbers."""
        name, columns = role.names[0], list(self.sides[role.side].first.columns)
        return f"@{columns.index(name) + 1}" if name in columns else self._named(role.side, name)

    def _find(self, asked: str, option: str, kind: Kind) -> Role:
        """Find columns that may stand on either side, the predictions first."""
        truth, preds = self.sides
        try:
            return Role(PRED, select(asked, preds.first.columns, source=preds.first.name, option=option), kind)
        except DataError:
            if truth is preds:
                raise
        return Role(TRUTH, select(asked, truth.first.columns, source=truth.first.name, option=option), kind)

    def _kind(self, side: int, names: Sequence[str]) -> Kind:
        """Tell whether a column is read as numbers, or as labels where the losses take them.

        With ``--classes`` the truth is text; predictions are if they look like these classes, for they may also be
        probabilities.
        """
        if not self.needs.labels[side] or len(names) > 1:
            return "number"
        table = self.sides[side].first
        kinds = table.kinds()
        kind = kinds[names[0] if names[0] in kinds else table.columns[int(names[0][1:]) - 1]]
        if self.options.classes and (side == TRUTH or all(map(is_number, self.options.classes))):
            return "text"
        return kind

    # ── class labels ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _labels(self) -> Labels | None:
        """Return the classes, if there are labels to encode: as given, or by a first pass over the data."""
        textual = {key: role for key, role in self.roles.items() if key in ("true", "pred") and role.kind == "text"}
        if not textual or self.options.classes:
            for source in self.sides:
                source.forget()
            return Labels(self.options.classes) if textual and self.options.classes else None
        columns = (
            column
            for role in textual.values()
            for _, chunk in self.sides[role.side].parts({role.names[0]: "text"})
            if isinstance(column := chunk.columns[role.names[0]], list)
        )
        classes = discover(columns, source=self.sides[TRUTH].first.name)
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

        Raises DataError at the end of the data if there were missing values and the policy is ``error``.
        """
        missing = Missing(self.options.missing)
        start = 1
        for piece in self._pieces():
            batch = self._batch(piece, start)
            start += len(piece)
            if (kept := missing.treat(batch)) is not None:
                yield kept
        missing.conclude(start - 1)

    def _pieces(self) -> Iterator[Piece]:
        truth, preds = self.sides
        wanted: tuple[dict[str, Kind], dict[str, Kind]] = ({}, {})
        for role in sorted(self.roles.values(), key=lambda role: role.kind == "number"):
            wanted[role.side].update(dict.fromkeys(role.names, role.kind))
        if truth is preds:
            return alone(preds.parts(wanted[TRUTH] | wanted[PRED]))
        if self.options.id:
            for side in wanted:
                side[self.options.id] = "text"
            return by_id(truth.parts(wanted[TRUTH]), preds.parts(wanted[PRED]), self.options.id)
        return by_row(truth.parts(wanted[TRUTH]), preds.parts(wanted[PRED]))

    def _batch(self, piece: Piece, start: int) -> Batch:
        y_true, y_pred = self._values(piece, "true"), self._values(piece, "pred")
        weight = self._weight(piece, y_true)
        if self.inline:
            y_true, y_pred = self._as_rows(y_true, y_pred)
        carried: dict[str, dict[str, list[str]]] = {"keep": {}, "by": {}}
        for key, role in self.roles.items():
            kind, _, name = key.partition(" ")
            if kind in carried:
                column = piece.column(role.side, role.names[0])
                carried[kind][name] = column if isinstance(column, list) else [repr(value) for value in column.tolist()]

        def where(index: int, part: str) -> str:
            role = self.roles[part.removeprefix("y_")]
            return piece.where(role.side, index, role.names[0] if len(role.names) == 1 else "")

        rows = np.arange(start, start + len(y_pred))
        classes = self.labels.classes if self.labels else None
        named = (self.roles["true"].kind == "text", self.roles["pred"].kind == "text")
        return Batch(y_true, y_pred, rows, weight, carried["keep"], carried["by"], classes, named, where)

    def _as_rows(self, y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        """Read bare typed lists as one row, where the losses want rows: there is nothing else they could be."""
        if self.needs.rows[PRED] and y_pred.ndim == 1:
            y_pred = y_pred[np.newaxis]
        if self.needs.rows[TRUTH] is not False and y_true.ndim == 1 and y_pred.ndim > 1 and len(y_true) != len(y_pred):
            y_true = y_true[np.newaxis]
        return y_true, y_pred

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
        return by_class if weight is None else weight * by_class
