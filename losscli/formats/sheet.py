"""What the formats for people share: the samples worth showing, and the results in columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import TextIO

from losscli.escape import visible
from losscli.formats.format import Block, Record, Report, Result, View
from losscli.formats.numbers import plain, rounded

TOTAL, BEST = "(all)", "*"
Show = Callable[[object], str]
"""How one value is shown."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column ready to be shown: ``texts`` are its ``values`` rounded as asked for, and harmless."""

    name: str
    values: Sequence[object]
    texts: Sequence[str]
    is_loss: bool = False

    @classmethod
    def of(cls, name: str, values: Sequence[object], show: Show, *, is_loss: bool = False) -> Column:
        """Return the column of these values; None is shown as nothing."""
        return cls(show(name), values, [show(value) for value in values], is_loss)

    @property
    def numeric(self) -> bool:
        """Whether every value is a number or absent."""
        return not any(isinstance(value, str | list | tuple) for value in self.values)

    def not_finite(self, i: int) -> bool:
        """Whether the i-th value is a NaN or an infinity."""
        value = self.values[i]
        return isinstance(value, float) and not isfinite(value)


def _known(name: str) -> Callable[[Result], bool]:
    """A moment that no result has is not worth a column."""
    return lambda result: getattr(result, name) is not None and not isnan(getattr(result, name))


_RESULT: dict[str, Callable[[Result], bool]] = {
    "loss": lambda _: True,
    "like": lambda result: result.like is not None,
    "reduction": lambda _: True,
    "value": lambda result: result.value is not None,
    "best": lambda result: result.best,
    "interval": lambda result: result.interval is not None,
    "n": lambda _: True,
    "share": lambda result: result.share is not None and not isnan(result.share),
    "dropped": lambda result: result.dropped > 0,
    "weight": lambda result: result.weight != result.n,
    "mean": lambda result: result.mean is not None and not isnan(result.mean) and result.mean != result.value,
    "std": _known("std"),
    "min": _known("min"),
    "max": _known("max"),
}
"""The columns of the results, and when a result has something to say in one; a column that none needs is left out."""


def result_columns(report: Report, show: Show) -> list[Column]:
    """Return the results as columns, those of ``--by`` first; no column if there is no result."""
    results = report.results
    if not results or report.aside:
        return []
    groups = [
        Column.of(name, [result.by[name] if result.by else TOTAL for result in results], show)
        for name in report.by
    ]  # fmt: skip
    shown = [name for name, needs in _RESULT.items() if any(map(needs, results))]
    return groups + [Column.of(name, [_cell(result, name) for result in results], show) for name in shown]


def _cell(result: Result, name: str) -> object:
    value = getattr(result, name)
    return value if name != "best" else BEST if value else ""


CHANGE = {"baseline": "old", "value": "new", "difference": "change"}
"""Keys of a record -> what they are called for people, in this order, where there is a baseline."""

TOLD = ("detectable", "needed")
"""Keys that a reason tells of where they matter."""


def section_columns(records: Sequence[Record], show: Show, judged: Callable[[str], str] = str) -> list[Column]:
    """Return the records of a section as columns, without those that are empty; ``judged`` shows a verdict."""
    from losscli.formats.sections import REASON, VERDICT, columns  # noqa: PLC0415  only where there are sections

    found = {name: values for name, values in columns(records, TOTAL).items() if any(map(_says, values))}
    if REASON in found:
        found = {name: values for name, values in found.items() if name not in TOLD}
    moved_from = "baseline" in found and "difference" in found
    if moved_from:
        keys = list(found)
        start = min(keys.index(key) for key in CHANGE if key in found)
        moved = [key for key in CHANGE if key in found]
        others = [key for key in keys if key not in CHANGE]
        found = {key: found[key] for key in (*others[:start], *moved, *others[start:])}
    shown = []
    for name, values in found.items():
        if name == "difference" and moved_from:
            texts = [_change(value, old, show) for value, old in zip(values, found["baseline"], strict=True)]
            shown.append(Column(CHANGE[name], values, texts))
        elif name == VERDICT:
            shown.append(Column(name, values, [judged(show(value)) for value in values]))
        else:
            shown.append(Column.of(CHANGE.get(name, name) if moved_from else name, values, show))
    return shown


def _says(value: object) -> bool:
    return value is not None and value != ""


def _change(value: object, old: object, show: Show) -> str:
    """Return a difference with its sign, and as a share of the old value."""
    if not isinstance(value, int | float):
        return show(value)
    known = isinstance(old, int | float) and isfinite(old) and old != 0 and isfinite(value)
    share = f" ({100 * value / abs(old):+.3g}%)" if known and isinstance(old, int | float) and value else ""
    return f"{'+' if value > 0 else ''}{show(value)}{share}"


class Sheet(ABC):
    """A format for people: keeps the first (or, when they are what comes, the worst) samples and counts the rest."""

    def __init__(self, out: TextIO, view: View) -> None:
        self.out = out
        self.view = view
        self.streams = False
        self._losses: Sequence[str] = ()
        self._values: dict[str, list[object]] = {}
        self._limit = view.extremes or view.rows
        self._shown = self._seen = 0

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Take the names of the columns."""
        self._losses = losses
        self._values = {name: [] for name in columns}

    def samples(self, block: Block) -> None:
        """Keep the samples that will be shown."""
        count = len(next(iter(block.values()), ()))
        take = min(count, self._limit - self._shown)
        if not self.view.summary and take > 0:
            for name, values in self._values.items():
                values.extend(plain(block[name][:take]))
            self._shown += take
        self._seen += count

    def finish(self, report: Report) -> None:
        """Write the samples, if any are to be shown, and the results."""
        samples = [
            Column.of(name, values, self.show, is_loss=name in self._losses) for name, values in self._values.items()
        ]
        self.write(samples if self._shown else [], result_columns(report, self.show), report)

    @abstractmethod
    def write(self, samples: Sequence[Column], results: Sequence[Column], report: Report) -> None:
        """Write both tables; ``samples`` is empty if none are to be shown."""

    def show(self, value: object) -> str:
        """Return one value as it is shown: rounded as asked for, and in letters that can be written."""
        if isinstance(value, float):
            return rounded(value, self.view.precision)
        if isinstance(value, list | tuple):
            return self.show((" … " if isinstance(value, tuple) else ", ").join(map(self.show, value)))
        return "" if value is None else visible(str(value), self.out.encoding or "utf-8")

    def note(self, report: Report, ellipsis: str = "…") -> str:
        """Return what stands under the samples: what they are, or how many are not shown; may be empty."""
        if self.view.extremes:
            return f"the {self._extremes()} of {report.n} losses, by {self.show(self._losses[0])}"
        more = 0 if self.view.summary else self._seen - self._shown
        return f"{ellipsis} {more} more" if more else ""

    def _extremes(self) -> str:
        """Say which samples are shown: the largest come first, and a sample is shown once."""
        largest = min(self.view.worst or 0, self._shown) if self.view.best else self._shown
        counts = {"largest": largest, "smallest": self._shown - largest}
        return " and the ".join(f"{count} {which}" for which, count in counts.items() if count)
