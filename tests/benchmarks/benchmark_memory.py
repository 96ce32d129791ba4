"""How memory grows with the rows: each case at ``--rows`` and at ten times as many, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from benchmark_case import Case
from benchmark_cases import CASES, IN_MEMORY
from benchmark_report import TARGET_ROWS, aligned
from benchmark_run import Outcome, Setting, run

FACTOR = 10
MOST_GROWTH = 1.1
MOST_MEGABYTES = 400
"""What losscli must keep: the one for ``FACTOR`` times the rows, the other for any number of them."""


@dataclass(frozen=True, slots=True)
class Peak:
    """What one line of a case took at most, for few rows and for many."""

    case: str
    label: str
    is_losscli: bool
    few: float
    many: float

    @property
    def kept(self) -> bool:
        """Whether memory is independent of size, as losscli's must be."""
        return self.many <= min(MOST_MEGABYTES, MOST_GROWTH * self.few)


def cases() -> list[Case]:
    """Return what is run: without the lines on one core, which differ in time alone."""
    chosen = (CASES[name] for name in IN_MEMORY)
    return [
        replace(case, scale=scale, lines=tuple(line for line in case.lines if not line.one_core))
        for case in chosen
        for scale in (1, FACTOR)
    ]


def peaks(setting: Setting) -> Iterator[tuple[list[Peak], list[str]]]:
    """Yield for each case what its lines took, and what went wrong or was left out."""
    once = replace(setting, repeat=1, warm_up=0)
    pending = iter(cases())
    for case in pending:
        few, many = run(case, once), run(next(pending), once)
        yield list(_pairs(few, many)), [*few.skipped, *(f"FAILED {reason}" for reason in few.failed + many.failed)]


def _pairs(few: Outcome, many: Outcome) -> Iterator[Peak]:
    largest = {one.line.label: one.peak_megabytes for one in many.timed}
    for one in few.timed:
        label = one.line.label
        if label in largest:
            yield Peak(few.case.name, label, one.line.is_losscli, one.peak_megabytes, largest[label])


def text(found: list[Peak], rows: int) -> str:
    """Return the peaks of a case as lines for a reader."""
    table = [(f"MB at {rows:,}", f"at {FACTOR * rows:,}", "grows", "", "")]
    for one in found:
        verdict = ("kept" if one.kept else "MISSED") if one.is_losscli and rows >= TARGET_ROWS else ""
        table.append((f"{one.few:.0f}", f"{one.many:.0f}", f"{one.many / one.few:.2f} ×", verdict, one.label))
    return "\n".join([f"memory of {found[0].case if found else 'nothing'}, each measured once", *aligned(table)])


def document(found: list[Peak]) -> list[dict[str, Any]]:
    """Return the peaks as JSON has them."""
    return [{**asdict(one), "kept": one.kept if one.is_losscli else None} for one in found]
