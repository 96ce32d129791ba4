"""The sections of ``losscli compare``: comparisons, candidates, groups and rows, as records for the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isnan

import numpy as np

from losscli.arrays import Array
from losscli.collected import Rows
from losscli.comparing import Contest, Duel, ranks
from losscli.effects import Effects, rounded
from losscli.formats.format import Record
from losscli.stats.compare import Resampling

Kept = Callable[[int], Mapping[str, str]]
"""Returns the kept columns of a data row."""

OWN = ("row", "a", "b", "loss", "weight", "loss_a", "loss_b", "effect", "of_total")
"""Keys of a row's record, which no kept column may have for its name."""


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Candidates by their names, what they were compared in, and what came out, all pairs of each contest.

    ``predicted`` are the classes that the predictions of each candidate are labels of, if they are. ``grouped`` says
    that there are groups.
    """

    names: Sequence[str]
    predicted: Sequence[tuple[str, ...] | None]
    contests: Sequence[Contest]
    duels: Sequence[Sequence[Duel]]
    resampling: Resampling
    grouped: bool

    def sections(self, worst: int | None, kept: Kept) -> dict[str, list[Record]]:
        """Return the records by section; those of groups and of the ``worst`` rows only if they are asked for."""
        found: dict[str, list[Record]] = {
            "comparisons": list(self._comparisons()),
            "candidates": list(self._candidates()),
        }
        if self.grouped:
            found["groups"] = list(self._groups())
        if worst is not None:
            found["rows"] = [record for spec in self._totals() for record in self._rows(spec, worst, kept)]
        return found

    def without_parts(self) -> list[str]:
        """Return the losses whose differences are no sums over rows."""
        return [
            spec
            for spec, total in self._totals().items()
            if not all(total.effects(0, b) for b in range(1, len(self.names)))
        ]

    def _totals(self) -> dict[str, Contest]:
        return {contest.spec: contest for contest in self.contests if contest.by is None}

    def _comparisons(self) -> Iterator[Record]:
        for contest, duels in zip(self.contests, self.duels, strict=True):
            for duel in duels:
                if duel.a == 0:
                    yield {
                        **self._pair(contest, duel.b),
                        "verdict": duel.verdict,
                        "difference": duel.difference,
                        "interval": duel.interval,
                        "p": duel.p,
                        "n": contest.results[0].n,
                        "detectable": duel.detectable,
                        "needed": duel.needed,
                    }

    def _candidates(self) -> Iterator[Record]:
        for contest, duels in zip(self.contests, self.duels, strict=True):
            found = ranks(duels, len(self.names))
            for i in sorted(range(len(self.names)), key=lambda i: _order(contest, i)):
                best, worst = found[i]
                yield {
                    "candidate": self.names[i],
                    "loss": contest.spec,
                    **self._by(contest),
                    "rank": str(best) if best == worst else f"{best}-{worst}",
                    "value": contest.results[i].value,
                    "interval": contest.interval(i, self.resampling),
                    "n": contest.results[i].n,
                }

    def _groups(self) -> Iterator[Record]:
        for spec, total in self._totals().items():
            for b in range(1, len(self.names)):
                effects = total.effects(0, b)
                for contest in (one for one in self.contests if one.spec == spec):
                    yield {
                        **self._pair(contest, b),
                        "n": contest.results[0].n,
                        "share": rounded(effects.share(contest.index)) if effects else None,
                        "difference": contest.difference(0, b),
                        **_part(effects, effects.effect(contest.index) if effects else None),
                    }

    def _rows(self, spec: str, worst: int, kept: Kept) -> Iterator[Record]:
        total = self._totals()[spec]
        for b in range(1, len(self.names)):
            first, other = total.rows[0], total.rows[b]
            if first.losses is None or other.losses is None:
                continue
            effects = total.effects(0, b)
            for i in _largest(first, other, worst):
                row = int(first.rows[i])
                yield {
                    "row": row,
                    "a": self.names[0],
                    "b": self.names[b],
                    "loss": spec,
                    **kept(row),
                    **_values("y_true", first.y_true[i], first.classes),
                    **_values("y_pred_a", first.y_pred[i], self.predicted[0]),
                    **_values("y_pred_b", other.y_pred[i], self.predicted[b]),
                    **({} if first.weights is None else {"weight": float(first.weights[i])}),
                    "loss_a": float(first.losses[i]),
                    "loss_b": float(other.losses[i]),
                    **_part(effects, effects.effect(np.array([i])) if effects else None),
                }

    def _pair(self, contest: Contest, b: int) -> Record:
        return {"a": self.names[0], "b": self.names[b], "loss": contest.spec, **self._by(contest)}

    def _by(self, contest: Contest) -> Record:
        return {"by": None if contest.by is None else dict(contest.by)} if self.grouped else {}


def _part(effects: Effects | None, effect: Fraction | None) -> Record:
    """Return an effect, and its share of the whole difference; nothing where the difference has no parts."""
    if effects is None or effect is None:
        return {"effect": None, "of_total": None}
    whole = effects.effect()
    return {"effect": rounded(effect), "of_total": rounded(effect / whole) if whole else None}


def _values(name: str, values: Array, classes: tuple[str, ...] | None) -> Record:
    """Return what a sample has for ``y_true`` or ``y_pred``: one value, a label, or several values."""
    numbers = np.ravel(values).tolist()
    if len(numbers) > 1:
        return {f"{name}_{i}": number for i, number in enumerate(numbers)}
    (number,) = numbers
    return {name: number if classes is None or isnan(number) else classes[int(number)]}


def _largest(first: Rows, other: Rows, count: int) -> list[int]:
    """Return the indices of the rows with the largest w·|l_b − l_a|, those that are no number first."""
    if first.losses is None or other.losses is None:
        return []
    with np.errstate(invalid="ignore"):
        gaps = np.abs(other.losses - first.losses)
        gaps[first.losses == other.losses] = 0  # two infinities do not differ
        weighed = gaps if first.weights is None else np.where(first.weights == 0, 0.0, gaps * first.weights)
    order = np.lexsort((-weighed, ~np.isnan(weighed)))[:count]
    return [int(i) for i in order if weighed[i] != 0]


def _order(contest: Contest, i: int) -> tuple[bool, float]:
    """Return what sorts candidates from the best on, a value that is no number last."""
    value = contest.results[i].value
    known = value is not None and not isnan(value)
    return not known, contest.sign * value if known and value is not None else 0.0
