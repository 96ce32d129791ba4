"""Sections: what a command found beside the results (gates, comparisons), as records of whatever keys.

Nothing here knows a command. A record is named by its texts, judged by its ``verdict``, and the rest are numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from losscli.formats.format import Record, Report
from losscli.formats.numbers import rounded

VERDICT, BY, INTERVAL, REASON, POLICY = "verdict", "by", "interval", "reason", "inconclusive"
GOOD = ("pass", "equal", "better")
"""Verdicts that ask nothing of anybody."""

ENDS = {"pass": "passed", "warn": "skipped", "fail": "failure"}
"""What ``--inconclusive`` says, of the gate or of all -> how an inconclusive gate ends."""
OUTCOMES = {"fail": "failure", "skipped": "skipped", "error": "error"}
"""A verdict -> how a gate ends; all others pass."""


def first(report: Report) -> Sequence[Record] | None:
    """Return the records of the first section: what formats of one kind of record hold; None without sections."""
    return next(iter(report.sections.values()), None)


def about(report: Report) -> bool:
    """Tell whether sections are what a report is about: verdicts, or all that there is. Else the results are."""
    judged = any(VERDICT in record for records in report.sections.values() for record in records)
    return bool(report.sections) and (judged or not report.results)


def columns(records: Sequence[Record], total: str) -> dict[str, list[object]]:
    """Return records column by column, those of ``by`` opened and first; ``total`` stands for the group of all rows.

    >>> columns([{"gate": "mse<=1.0", "by": {"region": "north"}}, {"gate": "mse<=1.0", "by": None}], "(all)")
    {'region': ['north', '(all)'], 'gate': ['mse<=1.0', 'mse<=1.0']}
    """
    groups = dict.fromkeys(name for record in records for name in groups_of(record))
    keys = dict.fromkeys(key for record in records for key in record if key != BY)
    opened: dict[str, list[object]] = {
        name: [groups_of(record).get(name, total) for record in records] for name in groups
    }
    return {**opened, **{key: [record.get(key) for record in records] for key in keys}}


def groups_of(record: Record) -> Mapping[str, str]:
    """Return the group that a record is of; empty for all rows."""
    by = record.get(BY)
    return by if isinstance(by, Mapping) else {}


def names(record: Record) -> list[str]:
    """Return the texts that name a record: those before its verdict.

    >>> names({"a": "old.csv", "b": "new.csv", "loss": "mse", "difference": 0.1, "verdict": "worse", "reason": "…"})
    ['old.csv', 'new.csv', 'mse']
    """
    return [str(record[key]) for key in _naming(record)]


def _naming(record: Record) -> list[str]:
    keys = list(record)
    before = keys[: keys.index(VERDICT)] if VERDICT in record else keys
    return [key for key in before if isinstance(record[key], str)]


def label(record: Record) -> str:
    """Return the name of a record with its group, on one line.

    >>> label({"gate": "mse<=1.0", "verdict": "pass", "by": {"region": "north"}})
    'mse<=1.0 (region=north)'
    """
    group = ", ".join(f"{name}={value}" for name, value in groups_of(record).items())
    return " ".join(names(record)) + (f" ({group})" if group else "")


def shown(key: str, value: object, precision: int | None = None) -> str:
    """Return one value of a record for people: an interval as ``lo … hi``, nothing for None."""
    if key == INTERVAL and isinstance(value, Sequence) and not isinstance(value, str):
        return " … ".join(shown("", end, precision) for end in value)
    if isinstance(value, float):
        return rounded(value, precision)
    return "" if value is None else str(value)


def details(record: Record, precision: int | None = None) -> str:
    """Return why a record got its verdict, and its numbers, on one line."""
    skipped = (VERDICT, BY, REASON, POLICY, *_naming(record))
    numbers = [
        f"{key} {shown(key, value, precision)}"
        for key, value in record.items()
        if key not in skipped and value is not None
    ]
    reason = record.get(REASON)
    return f"{reason} ({', '.join(numbers)})" if reason and numbers else str(reason or ", ".join(numbers))


def outcome(record: Record, report: Report) -> str:
    """Return how a record ends: ``passed``, ``failure``, ``error`` (there was no value to judge) or ``skipped``."""
    verdict = str(record.get(VERDICT, "pass"))
    if verdict == "inconclusive":
        return ENDS.get(str(record.get(POLICY, report.extra.get(POLICY))), "skipped")
    ended = OUTCOMES.get(verdict, "passed")
    return "error" if ended == "failure" and _valueless(record) else ended


def counted(records: Iterable[Record]) -> str:
    """Return how many records got each verdict, the bad news first.

    >>> counted([{"verdict": "pass"}, {"verdict": "fail"}, {"verdict": "pass"}])
    '1 fail, 2 pass'
    """
    found = Counter(str(record[VERDICT]) for record in records if VERDICT in record)
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.items(), key=lambda one: one[0] in GOOD))


def _valueless(record: Record) -> bool:
    """Whether there is no finite value where one belongs, or no row."""
    value = record.get("value", 0.0)
    finite = isinstance(value, int | float) and isfinite(value)
    return not finite or record.get("n", 1) == 0
