"""What becomes of a sample and of a result in JSON: exact numbers, no NaN, no infinity, text that stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from json.encoder import encode_basestring, encode_basestring_ascii
from math import isfinite, isnan

import numpy as np

from losscli.formats.format import Block, Cells, Result
from losscli.formats.numbers import texts

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
EXACT_DIGITS = 15
"""Integers of so many digits are exact in every reader, also in one that knows only float64."""
RESULT = tuple(field.name for field in fields(Result) if field.name not in ("by", "interval", "share", "best"))


def typed(text: str) -> float | str:
    """Return a text cell as a number if nothing is lost by it, else as it is.

    >>> typed("0.5"), typed("12"), typed("007"), typed("1.50"), typed("1e999")
    (0.5, 12, '007', '1.50', '1e999')
    """
    found = _NUMBER.fullmatch(text)
    if not found:
        return text
    whole, *rest = found.groups()
    if any(rest):
        return float(text) if repr(float(text)) == text else text
    return int(text) if len(whole) <= EXACT_DIGITS and text != "-0" else text


def unmarked(text: str) -> str:
    r"""Return JSON without ``##[``, which GitHub's runner takes for a command wherever it stands in the log.

    >>> print(unmarked('"##[error]"'))
    "##\u005berror]"
    """
    return text.replace("##[", "##\\u005b")


def status(number: float) -> str:
    """Return what stands beside a null for this number that is not finite."""
    return "nan" if isnan(number) else "inf"


def strict(value: object) -> object:
    """Return the value with everything that JSON has no word for made into null.

    A record whose ``value`` is not finite gets a ``status`` right after it.

    >>> strict({"value": float("inf"), "interval": (0.5, float("nan"))})
    {'value': None, 'status': 'inf', 'interval': [0.5, None]}
    """
    if isinstance(value, np.generic | np.ndarray):
        return strict(value.tolist())
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        said: dict[str, object] = {}
        for key, one in value.items():
            said[key] = strict(one)
            if key == "value" and one is not None and said[key] is None:
                said["status"] = status(one)
        return said
    return [strict(one) for one in value] if isinstance(value, list | tuple) else value


def result_record(result: Result, by: Sequence[str]) -> object:
    """Return a result as a record with all its keys; its group comes first, null for the total, if there are groups.

    The interval is there only if one was asked for, the share of the total loss only of groups.
    """
    return strict(_facts(result, by))


def flat_record(result: Result, by: Sequence[str]) -> object:
    """Return a result as a record of its own: its group's columns stand first, unless a key has such a name."""
    return strict({**(result.by or dict.fromkeys(by)), **_facts(result, by)})


def _facts(result: Result, by: Sequence[str]) -> dict[str, object]:
    interval = {} if result.interval is None else {"interval": result.interval}
    group = {"by": {name: result.by[name] for name in by} if result.by else None} if by else {}
    share = {} if result.share is None else {"share": result.share}
    return {**group, **{name: getattr(result, name) for name in RESULT}, **interval, **share}


class SampleRecords:
    """Turns blocks of samples into JSON objects, a line of text each.

    A number that is not finite is null; a sample with such a loss says which kind it is in ``status`` (``_status`` if
    the data has a column of that name).
    """

    def __init__(self, columns: Sequence[str], losses: Sequence[str], *, ascii_only: bool) -> None:
        self._columns = columns
        self._losses = losses
        self._ascii_only = ascii_only
        keys = [self._quoted(name).replace("%", "%%") for name in columns]
        self._template = "{" + ", ".join(f"{key}: %s" for key in keys) + "}"
        self._status = "status"
        while self._status in columns:
            self._status = f"_{self._status}"

    def lines(self, block: Block) -> list[str]:
        """Return one JSON object for each sample."""
        columns = [self._cells(block[name]) for name in self._columns]
        lines = list(map(self._template.__mod__, zip(*columns, strict=True)))
        losses = [np.asarray(block[name], dtype=np.float64) for name in self._losses]
        if not all(np.isfinite(loss).all() for loss in losses):
            for i in np.flatnonzero(~np.isfinite(losses).all(axis=0)):
                kind = max(status(loss[i]) for loss in losses if not isfinite(loss[i]))  # nan outranks inf
                lines[i] = f'{lines[i][:-1]}, "{self._status}": "{kind}"}}'
        return lines

    def _cells(self, cells: Cells) -> list[str]:
        column = texts(cells)
        if not isinstance(cells, np.ndarray):
            return [text if isinstance(typed(text), int | float) else self._quoted(text) for text in column]
        for i in np.flatnonzero(~np.isfinite(cells)):
            column[i] = "null"
        return column

    def _quoted(self, text: str) -> str:
        """Quote a text; what cannot be seen (controls, marks that turn the line around) is escaped."""
        written = encode_basestring_ascii if self._ascii_only or not text.isprintable() else encode_basestring
        return unmarked(written(text))
