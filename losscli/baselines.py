"""Reports of earlier runs, read as data that anybody may have written: what is compared must have been made alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, nan
from typing import Any

import numpy as np

from losscli.arrays import Array
from losscli.collected import Rows
from losscli.errors import DataError
from losscli.formats.format import Result
from losscli.reproduced import facts, other_version, read

ALIKE = ("like", "reduction", "missing", "n", "weight", "true")
"""The facts of a signature that must be the same for two numbers to be compared; the predictions are what differs."""
NOT_FINITE = {"nan": nan, "inf": inf}
Record = Mapping[str, Any]


class Baseline:
    """A JSON report that losscli wrote; ``notes`` tell if it was another version of losscli.

    Raises:
        DataError: no file, no JSON, or not a report.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        document = read(path)
        self.notes = other_version(path, document)
        self._results = self._records(document, "results")
        self._by_group: dict[str, list[Record]] = {}
        samples = self._records(document, "samples") if "samples" in document else []
        self._samples = {row: one for one in samples if isinstance(row := one.get("row"), int)}
        for i, one in enumerate(self._results):
            texts = isinstance(one.get("loss"), str) and isinstance(one.get("reduction"), str)
            if not texts or not isinstance(one.get("by"), dict | None):
                raise self._strange(f"result {i + 1} lacks its loss, reduction or group")
            self._by_group.setdefault(_key(one.get("by")), []).append(one)

    def find(self, result: Result, *, force: bool) -> float | None:
        """Return the value of the same loss, framework, reduction and group, NaN if it is none; None without the group.

        Raises DataError if it says nothing of this loss, or if what it says was made otherwise, unless ``force``.
        """
        of_group = _named(self._by_group.get(_key(result.by), ()), result)
        if not of_group and not _named(self._results, result):
            there = ", ".join(dict.fromkeys(one["loss"] for one in self._results)) or "no result"
            raise DataError(f"{self.path} says nothing of {result.loss}: it holds {there}", self._again(result))
        if not of_group and result.by is None:
            raise DataError(f"{self.path} has {result.loss} of groups only, not of all rows", self._again(result))
        if not of_group:
            return None
        best = min(of_group, key=lambda one: len(_differences(one, result)))
        differing = _differences(best, result)
        if differing and not force:
            said = ", ".join(f"{what} {theirs:.20} there, {ours:.20} here" for what, theirs, ours in differing)
            raise DataError(
                f"{self.path}: {result.loss} was made otherwise: {said}", f"{self._again(result)}, or --force"
            )
        return self._number(best)

    def gone(self, spec: str, there: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
        """Return the groups of a loss that are not ``there`` any more."""
        found = {_key(one["by"]): one["by"] for one in self._results if one["loss"] == spec and one.get("by")}
        known = set(map(_key, there))
        return [by for key, by in found.items() if key not in known]

    def losses(self, rows: Rows) -> Array | None:
        """Return the loss that each of these rows had, if the report holds the samples of all of them.

        None also if a sample's truth is another one: it is not the same row then.
        """
        spec = rows.bound.spec
        found = [self._samples.get(row, {}) for row in rows.rows.tolist()]
        samples = [one for one in found if spec in one]
        if rows.losses is None or not samples or len(samples) < len(found):
            return None
        if not np.array_equal(_truth(samples, rows), rows.y_true, equal_nan=True):
            return None
        return np.array([self._number(one, spec) for one in samples])

    def _number(self, record: Record, key: str = "value") -> float:
        """Return a number of a record; null is the kind that ``status`` names. Raises DataError for anything else."""
        value = record.get(key)
        if value is None:
            return NOT_FINITE.get(str(record.get("status")), nan)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._strange(f"{key} is {value!r}, not a number")
        return _float(value)

    def _records(self, document: Record, key: str) -> Sequence[Record]:
        found = document.get(key)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._strange(f"{key} is no list of records")
        return found

    def _strange(self, what: str) -> DataError:
        return DataError(f"{self.path} is no report of losscli: {what}", self._again(None))

    def _again(self, result: Result | None) -> str:
        spec = result.loss if result else "mse"
        like = f" --like {result.like}" if result and result.like and "." not in spec else ""
        return f"write it anew: losscli eval FILES -l {spec}{like} -o json:{self.path}"


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def _key(by: Mapping[str, str] | None) -> str:
    """Return what tells a group from others, whatever the order of its columns."""
    return repr(sorted((by or {}).items()))


def _named(records: Iterable[Record], result: Result) -> list[Record]:
    """Return the records of the same loss: of the same name, or of the same meaning."""
    means = facts(result.signature)["means"]
    return [one for one in records if one["loss"] == result.loss or facts(one.get("signature"))["means"] == means]


def _differences(record: Record, result: Result) -> list[tuple[str, str, str]]:
    """Return what differs between an earlier result and this one: its name, what it was, what it is."""
    theirs, ours = facts(record.get("signature")), facts(result.signature)
    if not record.get("signature"):
        return [("signature", "none", result.signature)]
    names = {"means": "loss"} | {name: name for name in ALIKE if name in theirs and name in ours}
    return [(shown, theirs[name], ours[name]) for name, shown in names.items() if theirs[name] != ours[name]]


def _truth(samples: Sequence[Record], rows: Rows) -> Array:
    """Return the truth of some samples as the rows have it, NaN for what is neither a number nor a label."""
    codes = None if rows.classes is None else {name: float(code) for code, name in enumerate(rows.classes)}
    if rows.y_true.ndim == 1:
        return np.array([_known(one.get("y_true"), codes) for one in samples])
    names = [f"y_true_{i}" for i in range(rows.y_true[0].size)]
    return np.array([[_known(one.get(name), codes) for name in names] for one in samples]).reshape(rows.y_true.shape)


def _known(value: object, codes: Mapping[str, float] | None) -> float:
    if codes is not None:
        return codes.get(str(value), nan)
    return _float(value) if isinstance(value, int | float) and not isinstance(value, bool) else nan
