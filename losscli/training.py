"""The scale of a forecast's errors: what a naive forecast errs by on the training series, read from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from losscli.arrays import Array
from losscli.declared import Declared
from losscli.errors import DataError, UsageError
from losscli.exact import ExactSum, ratio, root_of_quotient
from losscli.registry import find
from losscli.sources.options import DataOptions
from losscli.sources.roles import TRUE_NAMES, listing, recognise
from losscli.sources.shards import Shards
from losscli.sources.sides import typed
from losscli.spec import parse, written


def _absolute(steps: Array) -> float:
    return ratio(ExactSum.of(np.abs(steps)), ExactSum.whole(len(steps)))


def _squared(steps: Array) -> float:
    squares = ExactSum.of(steps, steps)
    return squares.limit or root_of_quotient(squares.units, ExactSum.whole(len(steps)).units)


NAIVE: dict[str, Callable[[Array], float]] = {"absolute": _absolute, "squared": _squared}
"""What ``Param.naive`` says -> the error of a naive forecast, from the series' steps over a season; rounded once."""


def scaled(
    specs: Sequence[str | Declared], given: Mapping[str, object], train: str, season: int, data: DataOptions
) -> list[str | Declared]:
    """Return the SPECs with the scale that the training series in the file ``train`` gives them.

    A scale that was typed stays. Raises UsageError if no SPEC lacks one, DataError for a series without one.
    """
    lacking = [_lacking(spec, given) for spec in specs]
    if not any(lacking):
        raise UsageError(
            "--train: no scale is to be taken from a training series", "leave it out; mase and rmsse have a scale"
        )
    name, series = _series(train, data)
    if len(series) <= season:
        raise DataError(
            f"{name}: {len(series)} values have no step over a season of {season}",
            "give a longer series, or --season 1",
        )
    steps = series[season:] - series[:-season]
    if not steps.any():
        raise DataError(
            f"{name}: every value equals the one {season} before it, so that the naive error is 0",
            "a series without change has no scale: take mae or rmse",
        )
    return [
        written(str(spec), {key: NAIVE[kind](steps) for key, kind in found.items()}) if found else spec
        for spec, found in zip(specs, lacking, strict=True)
    ]


def _lacking(spec: str | Declared, given: Mapping[str, object]) -> dict[str, str]:
    """Return the parameters of a SPEC that a training series says and the user did not, with what they measure."""
    if not isinstance(spec, str):
        return {}
    name, typed_params = parse(spec)
    params = find(name)[0].params.values()
    return {one.name: one.naive for one in params if one.naive and one.name not in {*typed_params, *given}}


def _series(train: str, data: DataOptions) -> tuple[str, Array]:
    """Return where the training series stands, and its values in the order of the file."""
    source = Shards([train], replace(data, files=(train,), format=None))
    table, kinds = source.first, source.first.kinds()
    column = _column(table.name, table.columns, [one for one in table.columns if kinds[one] == "number"], data)
    source.forget()
    pieces = [
        np.asarray(chunk.columns[column], dtype=np.float64).ravel() for _, chunk in source.parts({column: "number"})
    ]
    series = np.concatenate([*pieces, []])
    if len(bad := np.flatnonzero(~np.isfinite(series))):
        raise DataError(
            f"{table.name}, column {column}: value {bad[0] + 1} of the training series is missing or not finite",
            "fill the gap: each value is compared with the one a season before",
        )
    return f"{table.name}, column {column}", series


def _column(name: str, columns: Sequence[str], numbers: Sequence[str], data: DataOptions) -> str:
    """Return the column of the series: that of ``--true``, one of a well-known name, or the only one of numbers."""
    if data.true in columns and not typed(data):
        return str(data.true)
    found = recognise(TRUE_NAMES, numbers, rows=False, source=name, option="--true")
    if len(found) == 1 or len(numbers) == 1:
        return (found or tuple(numbers))[0]
    raise DataError(
        f"{name}: no column is known to hold the training series", f"name the column as --true does; {listing(columns)}"
    )
