"""What a run has found so far, as plain data: what shards and machines send each other.

``kind`` is the type of a run's state, ``of`` takes the state of a run, ``absorb`` adds it to another run of the same
losses. Adding is exact and does not depend on the order, so that a run that absorbed the states of all shards is the
run that saw all rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, make_dataclass, replace
from functools import cache
from typing import Any

from losscli.batch import Group
from losscli.errors import DataError
from losscli.exact import ZERO, ExactSum
from losscli.quantiles import Quantiles
from losscli.reductions import Fold, Moments
from losscli.run import Run
from losscli.scores._state import State
from losscli.scoring import ScoreTally
from losscli.tally import LossTally, Tally

Noticed = tuple[str, int]
"""The place of the first row with something odd, and the number of such rows."""

Among = Group | None
"""A group, or all rows."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The contents of a ``Fold``."""

    moments: Moments = field(default_factory=Moments)
    elements: int = 0
    weighed: bool = False
    plain: ExactSum = ZERO
    quantiles: Quantiles | None = None


@dataclass(frozen=True, slots=True)
class TallyState:
    """What losses and scores have in common: rows, rows ignored by their class, rows that the guard saw and doubts.

    ``saw`` is the form of the truth, classes or rows over them, where both are taken.
    """

    n: int = 0
    ignored: int = 0
    rows: int = 0
    doubts: dict[str, Noticed] = field(default_factory=dict)
    saw: str = ""


@dataclass(frozen=True, slots=True)
class LossState(TallyState):
    """The folds of a loss; ``odd`` are losses that are no finite numbers.

    ``one_class`` and ``classes`` serve a framework that computes another number where one class alone occurs.
    """

    folds: dict[Among, Folded] = field(default_factory=dict)
    odd: dict[str, Noticed] = field(default_factory=dict)
    one_class: dict[Among, Folded] = field(default_factory=dict)
    classes: dict[Among, tuple[float, ...]] = field(default_factory=dict)


def kind(run: Run) -> type:
    """Return the type of a run's state, once the run has seen a batch, be it one without rows."""
    return _run_kind(tuple(KINDS[type(tally)](tally) for tally in run.tallies))


@cache
def _run_kind(tallies: tuple[type, ...]) -> type:
    found = [("n", int), ("dropped", dict[Group, int]), ("tallies", tuple[tallies])]  # type: ignore[valid-type]  # known at run time only
    return make_dataclass("RunState", found, frozen=True)


def of(run: Run) -> Any:  # noqa: ANN401  of the type that ``kind`` returns
    """Return the state of a run."""
    return kind(run)(run.n, dict(run.dropped), tuple(STATES[type(tally)](tally) for tally in run.tallies))


def absorb(run: Run, state: Any) -> None:  # noqa: ANN401  as above
    """Add the state of other rows to a run."""
    run.n += state.n
    run.dropped.update(state.dropped)
    for tally, one in zip(run.tallies, state.tallies, strict=True):
        tally.n += one.n
        tally.ignored += one.ignored
        tally.guard.rows += one.rows
        tally.guard.saw = tally.guard.saw or one.saw
        _notice(tally.guard.doubts, one.doubts)
        ABSORB[type(tally)](tally, one)


def _notice(seen: dict[str, Noticed], more: Mapping[str, Noticed]) -> None:
    for what, (first, count) in more.items():
        where, before = seen.get(what, (first, 0))
        seen[what] = where, before + count


def _common(tally: Tally) -> tuple[int, int, int, dict[str, Noticed], str]:
    return tally.n, tally.ignored, tally.guard.rows, dict(tally.guard.doubts), tally.guard.saw


# ── losses ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _loss_state(tally: LossTally) -> LossState:
    one_class = _folded_groups(tally.of_one_class) if tally.of_one_class else {}
    classes = {among: tuple(sorted(labels)) for among, labels in tally.classes.items()}
    return LossState(*_common(tally), _folded_groups(tally), dict(tally.odd), one_class, classes)


def _absorb_loss(tally: LossTally, state: LossState) -> None:
    """Add another state. Raises ValueError for one whose parts are of different groups, which nothing computes."""
    if not state.classes.keys() <= state.folds.keys() or (
        tally.of_one_class and state.one_class.keys() != state.folds.keys()
    ):
        raise ValueError("its parts are of different groups")
    _add_folds(tally, state.folds)
    if tally.of_one_class:
        _add_folds(tally.of_one_class, state.one_class)
    _notice(tally.odd, state.odd)
    for among, labels in state.classes.items():
        tally.classes.setdefault(among, set()).update(labels)


def _folded_groups(tally: LossTally) -> dict[Among, Folded]:
    return {among: _folded(tally.of(among)) for among in (None, *tally.folds)}


def _add_folds(tally: LossTally, folds: Mapping[Among, Folded]) -> None:
    for among, folded in folds.items():
        more = _filled(tally.nothing(), folded)
        if among is None:
            tally.total += more
        else:
            tally.folds[among] = tally.folds.get(among, tally.nothing()) + more


def _folded(fold: Fold) -> Folded:
    return Folded(fold.moments, fold.elements, fold.weighed, fold.plain, fold.quantiles)


def _filled(fold: Fold, folded: Folded) -> Fold:
    fold.moments, fold.elements, fold.weighed = folded.moments, folded.elements, folded.weighed
    fold.plain = folded.plain
    fold.quantiles = fold.quantiles and (folded.quantiles or fold.quantiles)
    return fold


# ── scores ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _score_kind(tally: ScoreTally) -> type:
    """Return the type of a score's state. Raises DataError for a user's own that is not made of parts that add up."""
    if not isinstance(tally.total, State):
        raise DataError(
            f"the state of {tally.bound.spec} cannot be written",
            "build it of losscli's State, or compute it in one run",
        )
    return _parts_kind(tuple(map(type, tally.total.parts)))


@cache
def _parts_kind(parts: tuple[type, ...]) -> type:
    """Return the type of the state of a score of such parts: them, whether a value was missing, and the weights."""
    found = dict[Among, tuple[tuple[parts], bool, Folded]]  # type: ignore[valid-type]  # known at run time only
    return make_dataclass(
        "ScoreState", [("found", found, field(default_factory=dict))], bases=(TallyState,), frozen=True
    )


def _score_state(tally: ScoreTally) -> Any:  # noqa: ANN401  as above
    found = {
        among: (tally.of(among).parts, tally.of(among).missing, _folded(fold)) for among, fold in tally.weights.items()
    }
    return _score_kind(tally)(*_common(tally), found)


def _absorb_score(tally: ScoreTally, state: Any) -> None:  # noqa: ANN401  as above
    """Add up the parts; the state of no rows, which the tally has, knows how they finish."""
    nothing = tally.total
    for among, (parts, missing, folded) in state.found.items():
        more = replace(nothing, parts=parts, missing=missing)
        tally.add(among, more, _filled(tally.nothing(), folded))


KINDS: dict[type[Tally], Any] = {LossTally: lambda _: LossState, ScoreTally: _score_kind}
STATES: dict[type[Tally], Any] = {LossTally: _loss_state, ScoreTally: _score_state}
ABSORB: dict[type[Tally], Any] = {LossTally: _absorb_loss, ScoreTally: _absorb_score}
"""For each kind of tally the type of its state, how it is taken, and how another is added."""
