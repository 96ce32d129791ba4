"""What the user says about the data, and what the losses ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from losscli.domain import Domain, resolve
from losscli.errors import UsageError
from losscli.spec import Bound

if TYPE_CHECKING:
    from losscli.sources.meter import Meter


@dataclass(slots=True, eq=False, repr=False)
class DataOptions:
    """The data options of the command line, as typed.

    Without ``files``, ``true``, ``pred`` and ``weight`` hold values; with them, they name columns. ``format`` is
    ``--from``; ``unmatched`` is what becomes of rows that ``id`` does not pair; ``class_weight`` maps a class to its
    weight; ``jobs`` is 0 for every core that may be used. ``meter`` is told how far the files were read.
    """

    files: tuple[str, ...] = ()
    true: str | None = None
    pred: str | None = None
    weight: str | None = None
    class_weight: Mapping[str, float] = field(default_factory=dict)
    classes: tuple[str, ...] | None = None
    truth: str | None = None
    id: str | None = None
    unmatched: str = "error"
    format: str | None = None
    delimiter: str | None = None
    header: bool = True
    decimal: str = "."
    missing: str = "error"
    jobs: int = 0
    keep: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    group: str | None = None
    meter: Meter | None = None


@dataclass(slots=True, eq=False, repr=False)
class Needs:
    """What a set of losses asks of the data.

    ``rows``: whether y_true and y_pred are wanted as rows (True), single values (False) or either (None).
    ``labels``: whether y_true and y_pred may be class labels, so that text is read as such.
    """

    rows: tuple[bool | None, bool | None]
    labels: tuple[bool, bool]

    @classmethod
    def of(cls, bounds: Iterable[Bound]) -> Needs:
        """Return what all of these losses ask for together."""
        losses = [each for bound in bounds for each in (bound, bound.rows) if each]
        true = [resolve(bound.loss.true, bound.params) for bound in losses]
        pred = [resolve(bound.loss.pred, bound.params) for bound in losses]
        return cls((_agreed(true), _agreed(pred)), (all(one.labels for one in true), all(one.labels for one in pred)))


def _agreed(domains: list[Domain]) -> bool | None:
    wanted = {one.rows for one in domains}
    return wanted.pop() if len(wanted) == 1 else None


def class_weights(text: str | None) -> Mapping[str, float] | tuple[float, ...]:
    """Read ``--class-weight``: ``a=1,b=3`` by name, or ``1/3/1`` (also ``1,3,1``) in the order of the classes.

    Raises UsageError for anything that is not a number from 0 up.

    >>> class_weights("a=1,b=3")
    {'a': 1.0, 'b': 3.0}
    >>> class_weights("1/3/1")
    (1.0, 3.0, 1.0)
    """
    parts = [part.rpartition("=") for part in (text or "").replace("/", ",").split(",") if part.strip()]
    named = {name.strip(): _share(value, text) for name, equals, value in parts if equals}
    if named and len(named) != len(parts):
        raise UsageError(
            f"--class-weight: {text!r} names some classes and not others, or one twice", "a=1,b=3 or 1/3/1"
        )
    return named or tuple(_share(value, text) for _, _, value in parts)


def _share(value: str, text: str | None) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise UsageError(f"--class-weight: expected numbers from 0 up, received {text!r}", "write a=1,b=3 or 1/3/1")
    return number
