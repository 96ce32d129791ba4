"""What each column is: the roles of one run, found before the first row is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from losscli.errors import DataError, UsageError
from losscli.sources.labels import counts_from_one, is_number
from losscli.sources.options import DataOptions, Needs
from losscli.sources.pairing import PRED, TRUTH
from losscli.sources.roles import PRED_NAMES, TRUE_NAMES, pick, pick_one, select
from losscli.sources.sides import Listener, Source, typed
from losscli.sources.table import Kind

if TYPE_CHECKING:
    from losscli.sources.bins import Cut


@dataclass(slots=True, eq=False, repr=False)
class Role:
    """Columns that mean one thing together: on which side they stand, their names, how they are read."""

    side: int
    names: tuple[str, ...]
    kind: Kind = "text"


class Layout:
    """The roles that the columns of both sides have: ``true``, ``pred``, ``weight``, ``keep NAME`` and ``by NAME``.

    ``cuts`` tells how the columns are cut into bins that ``--by`` asks for bins of. ``unused_key`` is a key that both
    of two files have, and by which nobody asked to pair their rows.

    Raises DataError for columns that are missing or ambiguous, UsageError for options that contradict each other.
    """

    def __init__(self, sides: tuple[Source, Source], options: DataOptions, needs: Needs, notes: Listener) -> None:
        self.sides, self.options, self.needs, self.notes = sides, options, needs, notes
        self.from_one = 0
        self.cuts: dict[str, Cut] = {}
        self.unused_key: str | None = None
        self.roles = self._roles()

    @property
    def kept(self) -> list[str]:
        """The names of the columns that are carried along."""
        return [key.removeprefix("keep ") for key in self.roles if key.startswith("keep ")]

    def _roles(self) -> dict[str, Role]:
        """Find the columns of every role; kept and grouping columns have a role each, ``keep NAME`` and ``by NAME``."""
        options, (truth, preds) = self.options, self.sides
        if typed(options):
            options = replace(options, true="y_true", pred="y_pred", weight="weight" if options.weight else None)
        weight = {"weight": self._find(options.weight, "--weight", "number")} if options.weight else {}
        group = {"group": self._find(options.group, "--group", "text")} if options.group else {}
        if options.truth and options.id:
            for source in self.sides:
                select(options.id, source.first.columns, source=source.first.name, option="--id")
        carried = [(asked, "--keep") for asked in options.keep]
        carried += [(options.id, "--id")] if options.id and not options.truth else []
        aside = [
            (f"keep {self._named(found.side, name)}", Role(found.side, (name,)))
            for asked, option in carried
            for found in [self._find(asked, option, "text")]
            for name in found.names
        ]
        aside += [one for asked in options.by for one in self._groups(asked)]
        others = [name for role in (weight | group).values() for name in role.names]
        others += [options.id] if options.id else []
        true, pred = self._values_of(options, others, [role.names[0] for _, role in aside])
        pred_kind = self._kind(PRED, pred)
        true_kind = "text" if pred_kind == "text" else self._kind(TRUTH, true)
        if self.needs.labels[TRUTH] and true_kind == "number" and len(true) == 1 and counts_from_one(pred):
            self.from_one = len(pred)
        roles = {"true": Role(TRUTH, true, true_kind), "pred": Role(PRED, pred, pred_kind), **weight}
        if truth is preds:
            roles = {key: replace(role, side=PRED) for key, role in roles.items()}
        for key, role in aside:
            part = key.removeprefix("keep y_")
            if part in ("true", "pred") and key.startswith("keep") and roles[part].names != role.names:
                raise UsageError(f"--{key}: the output has a column of that name", "keep other columns")
        return roles | self._read_twice(roles, [*aside, *group.items()])

    def _groups(self, asked: str) -> Iterator[tuple[str, Role]]:
        """Yield the columns of a ``--by`` as their roles, ``by NAME``, and note how they are cut into bins."""
        if "/" not in asked:
            found = self._find(asked, "--by", "text")
            yield from ((f"by {self._named(found.side, name)}", Role(found.side, (name,))) for name in found.names)
            return
        from losscli.sources.bins import binned  # noqa: PLC0415  only for bins

        for names, bins, cut in binned(asked, [name for side in self.sides for name in side.first.columns]):
            found = self._find(names, "--by", "number" if cut else "text")
            for name in found.names:
                key = f"{self._named(found.side, name)}/{bins}" if cut else self._named(found.side, name)
                if cut:
                    self.cuts[key] = cut
                yield f"by {key}", replace(found, names=(name,))

    def _read_twice(self, roles: dict[str, Role], aside: Sequence[tuple[str, Role]]) -> dict[str, Role]:
        """Return the roles of columns carried along, under another name where they are read as another kind, too."""
        texts = {(role.side, name) for role in roles.values() if role.kind == "text" for name in role.names}
        texts |= {(side, self.options.id) for side in (TRUTH, PRED) if self.options.id}
        binned = {
            key: replace(role, names=(self._other_name(role),)) if (role.side, role.names[0]) in texts else role
            for key, role in aside
            if role.kind == "number"
        }
        found = [*roles.values(), *binned.values()]
        numbers = {(role.side, name) for role in found if role.kind == "number" for name in role.names}
        return {
            key: replace(role, names=(self._other_name(role),))
            if role.kind == "text" and (role.side, role.names[0]) in numbers
            else binned.get(key, role)
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
                rows=self.needs.rows, source=preds.first.name, say=self.notes.say,
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
        if not options.id:
            from losscli.sources.keys import unused_key  # noqa: PLC0415  only where rows of two files are paired in order

            self.unused_key = unused_key(truth, preds, {*true, *pred})
        return true, pred

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
