"""Partial results added up: the same bits as one pass over all of their rows, in whatever order they come."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import numpy as np

from losscli import states
from losscli.codec import MalformedError, codec
from losscli.errors import DataError, LossCliError
from losscli.formats.format import Report
from losscli.partials import DIGITS, Asked, Computed, Place, Shapes, damaged, document, read, signature
from losscli.run import Run

BLOCK = 1000
"""So many parts are added before their sum is added to the total.

A state that holds rows grows with each part, and copying its list of chunks a million times would take hours.
"""

WORDS = {
    "losses": "the losses",
    "by": "--by",
    "group": "--group",
    "class_weight": "--class-weight",
    "missing": "--missing",
    "reduction": "--reduction",
    "classes": "the classes",
    "rows": "the shapes of rows",
}
"""What a part of ``Computed`` is called in a message."""

DAMAGE = (ArithmeticError, LookupError, TypeError, ValueError)
"""What computing with a well-formed but impossible state raises."""


@contextmanager
def _sound(place: object) -> Iterator[None]:
    """Tell the user of a state that nothing could have computed, such as a ranking with a column too few."""
    try:
        yield
    except DAMAGE as error:
        raise DataError(f"{place}: its state cannot be that of any data: {error}", "compute the part again") from error


@contextmanager
def _at(place: Place) -> Iterator[None]:
    """Name the part that asks for what cannot be computed: a loss that is not known here."""
    try:
        yield
    except LossCliError as problem:
        raise DataError(f"{place}: {problem.message}", problem.hint) from None


class Merger:
    """Adds up partial results, one line after the other.

    Args:
        own: SPECs of the user's own losses, whose code may be run for what comes after their sums.
        repeats: whether parts of equal data may be different shards.
    """

    def __init__(self, own: Collection[str] = (), *, repeats: bool = False) -> None:
        self._own, self._repeats = own, repeats
        self._computed: Computed | None = None
        self._signature: object = None
        self._last: Computed | None = None
        self._first = Place("", 0)
        self._parts = 0
        self._seen = Seen()

    def add(self, line: bytes, place: Place) -> None:
        """Add a partial result, which messages call ``place``. Raises DataError for what is none, or another one."""
        found = read(line, place)
        if self._last is None or found.signature != self._signature:
            self._last, self._signature = signature(found, place), found.signature
            self._agree(self._last, place)
        if (self._last.rows is None) != (found.state is None):
            raise damaged(place, "a part has a state if it has rows, and only then")
        self._seen.add(found.fingerprints, place)
        self._parts += 1
        if found.state is None:  # a shard without rows
            return
        with _sound(place):
            states.absorb(self._block, self._read(found.state, place))
        if self._parts % BLOCK == 0:
            self._carry()

    def report(self) -> Report:
        """Return the results of all parts. Raises DataError if there is nothing to score, or a part came twice."""
        with _sound("the parts"):
            return self.whole().report()

    def whole(self) -> Run:
        """Return the run that has seen the rows of all parts. Raises DataError if a part came twice."""
        if self._computed is None:
            raise DataError("nothing to merge: there is no partial result", "losscli partial writes them")
        if not self._repeats:
            self._seen.check()
        if self._computed.rows:
            self._carry()
        return self._total

    def line(self) -> str:
        """Return the sum as one partial result, to be merged with others. Raises DataError as ``whole`` does."""
        run = self.whole()
        with _sound("the parts"):  # a ranking is put together only here
            return document(self._computed or Computed(()), run, self._seen.fingerprints())

    def _agree(self, computed: Computed, place: Place) -> None:
        """Compare what was computed with the parts before; rows of none agree with all."""
        if known := self._computed:
            if known.rows and computed.rows:
                _refuse(known, computed, self._first, place)
            else:
                _refuse(_of_no_rows(known), _of_no_rows(computed), self._first, place)
        if known is None or (computed.rows and not known.rows):
            self._start(computed, place)

    def _start(self, computed: Computed, place: Place) -> None:
        self._computed, self._first = computed, place
        with _sound(place), _at(place):
            self._bounds = computed.bounds(self._own)
            self._total, self._block = (computed.run(self._bounds) for _ in range(2))
            if computed.rows:
                self._codec = codec(states.kind(self._total))

    def _read(self, state: object, place: Place) -> Any:  # noqa: ANN401  of the run's kind
        try:
            return self._codec.read(state)
        except MalformedError as wrong:
            wrong.path.insert(0, "state")
            raise damaged(place, str(wrong)) from None

    def _carry(self) -> None:
        """Add the block to the total, and begin another."""
        if self._computed:
            with _sound("the parts"):
                states.absorb(self._total, states.of(self._block))
            self._block = self._computed.run(self._bounds)


class Seen:
    """The fingerprints of all parts and where they were, 24 bytes each: a million of them is little."""

    def __init__(self) -> None:
        self._digests = bytearray()
        self._files: dict[str, int] = {}
        self._file, self._line = array("I"), array("Q")

    def add(self, fingerprints: Sequence[str], place: Place) -> None:
        """Take the fingerprints of one part. Raises DataError for what is none."""
        for one in fingerprints:
            try:
                digest = bytes.fromhex(one)
            except ValueError:
                digest = b""
            if len(one) != DIGITS or len(digest) != DIGITS // 2:
                raise damaged(place, f"fingerprints: expected {DIGITS} hexadecimal digits, received {one[:DIGITS]!r}")
            self._digests += digest
            self._file.append(self._files.setdefault(place.file, len(self._files)))
            self._line.append(place.line)

    def fingerprints(self) -> tuple[str, ...]:
        """Return them all, in order."""
        digits, whole = self._digests.hex(), range(0, 2 * len(self._digests), DIGITS)
        return tuple(sorted(digits[start : start + DIGITS] for start in whole))

    def check(self) -> None:
        """Raise DataError, naming both, if two parts hold the same data."""
        digests = np.frombuffer(bytes(self._digests), dtype=f"S{DIGITS // 2}")
        order = np.argsort(digests, kind="stable")
        twins = np.flatnonzero(digests[order][1:] == digests[order][:-1])
        if len(twins):
            first, second = (self._place(int(order[twins[0] + step])) for step in (0, 1))
            raise DataError(
                f"{second} holds the same data as {first}" if first != second else f"{first} was given twice",
                "leave one of them out; if they are different shards of equal rows: --allow-repeats",
            )

    def _place(self, index: int) -> Place:
        return Place(list(self._files)[self._file[index]], self._line[index])


def _of_no_rows(computed: Computed) -> Computed:
    return replace(computed, rows=None, classes=None)


def _refuse(one: Computed, other: Computed, first: Place, second: Place) -> None:
    """Raise DataError, naming what differs, if two parts were not computed alike."""
    name = next(
        (field.name for field in fields(Computed) if getattr(one, field.name) != getattr(other, field.name)), None
    )
    if name is None:
        return
    hint = "compute all parts with the same options"
    if name == "classes":
        union = sorted({*(one.classes or ()), *(other.classes or ())})
        hint = f"fix the classes for all parts: --classes {','.join(union)}"
    theirs, ours = _said_differently(getattr(other, name), getattr(one, name))
    raise DataError(f"{second} and {first} cannot be added: {WORDS[name]} differ: {theirs} and {ours}", hint)


def _said_differently(theirs: object, ours: object) -> tuple[str, str]:
    """Say two values that differ; of shapes, what differs in them."""
    if not isinstance(theirs, Shapes) or not isinstance(ours, Shapes):
        return _said(theirs), _said(ours)
    names = [field.name for field in fields(Shapes) if getattr(theirs, field.name) != getattr(ours, field.name)]
    there, here = (", ".join(f"{name} {getattr(each, name)}" for name in names) for each in (theirs, ours))
    return there, here


def _said(value: object) -> str:
    """Say one part of what was computed, as it would be typed."""
    if isinstance(value, Asked):
        return f"{value.means} like {value.like}" if value.like else value.means
    if isinstance(value, tuple):
        return "; ".join(map(_said, value)) or "none"
    return str(value or "none")
