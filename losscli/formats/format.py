"""What a format is given, and what it must do with it.

A format is told what will come (``start``), is handed the samples in blocks (``samples``) and at the end the report
(``finish``). Several formats can listen to one pass over the data.

The dataclasses that every run needs are neither frozen nor compared: a generated method is 0.1 ms of start-up. Nobody
changes them all the same; ``dataclasses.replace`` makes another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TextIO

from losscli.arrays import Array, Integers

if TYPE_CHECKING:
    from losscli.pictures import Picture

Cells = Array | Integers | Sequence[object]
Block = Mapping[str, Cells]
"""Some samples, column by column: ``row``, kept columns, ``y_true``, ``y_pred`` …, one column of losses per SPEC."""


@dataclass(slots=True, eq=False, repr=False)
class View:
    """How the user wants to see the result.

    ``summary`` leaves the samples out; ``rows`` is how many samples a table shows; ``worst`` and ``best`` show so many
    of the largest and of the smallest losses instead; ``precision`` rounds the numbers of tables; ``color`` and
    ``width`` are those of the terminal (``width`` None: not a terminal, nothing may be cropped or wrapped).
    ``unreduced`` says that the reduction is ``none``, so that a bare value is every loss by itself.
    """

    summary: bool = False
    rows: int = 20
    worst: int | None = None
    best: int | None = None
    precision: int | None = None
    color: bool = False
    width: int | None = None
    unreduced: bool = False

    @property
    def extremes(self) -> int:
        """How many of the largest and smallest losses are to be shown instead of the first samples; 0 if none are."""
        return (self.worst or 0) + (self.best or 0)


@dataclass(slots=True, eq=False, repr=False)
class Result:
    """One loss over one group of rows (``by``), or over all of them (``by`` None).

    ``value`` is the reduced value (None for the reduction ``none``); ``mean`` is Σwl/Σw, ``sum`` Σwl, ``std`` the
    weighted population standard deviation; ``weight`` is Σw (the number of rows without weights). What a
    score or a total does not have is None. ``interval`` is the confidence interval of ``value``, if one was asked for.
    ``share`` is a group's part in Σwl of all rows, and ``best`` marks the best of groups that numbers put in order.
    """

    loss: str
    like: str | None
    reduction: str
    value: float | None
    n: int
    dropped: int
    weight: float
    mean: float | None
    sum: float | None
    std: float | None
    min: float | None
    max: float | None
    signature: str
    by: Mapping[str, str] | None = None
    interval: tuple[float, float] | None = None
    share: float | None = None
    best: bool = False


Record = Mapping[str, object]
"""One line of a section: what names it (texts), ``verdict``, numbers, ``interval``, ``by``, ``reason``: any of them."""


@dataclass(slots=True, eq=False, repr=False)
class Report:
    """Everything one run found: ``losses`` are the SPECs in the order asked for; ``extra`` adds keys to JSON.

    ``sections`` hold what a command found beside the results, such as its gates: name -> records, all with the keys of
    the first. The formats of one kind of record (csv, tsv, jsonl) then hold those of the first section, so a command
    with sections asks for a ``View`` without samples there. ``aside`` says that the sections hold the results, too, so
    that formats for people leave them out. ``pictures`` are for formats that draw, and ``in_text`` says that tables
    draw them, too.
    """

    losses: Sequence[str]
    n: int
    dropped: int
    results: Sequence[Result]
    by: Sequence[str] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    sections: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    aside: bool = False
    pictures: Sequence[Picture] = ()
    in_text: bool = False


class Format(Protocol):
    """A way to write a run down; ``streams`` says that samples are written as they come.

    One that can say why there is no result has ``fail(error)``, too, which is called in place of ``finish``.
    """

    streams: bool

    def __init__(self, out: TextIO, view: View) -> None: ...

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Begin: the names of the sample columns in order (losses last), and which of them are losses."""
        ...

    def samples(self, block: Block) -> None:
        """Take some samples."""
        ...

    def finish(self, report: Report) -> None:
        """Take the results and write what is left to write."""
        ...
