"""The columns of the data as records: role, gaps, range, moments, and what is odd about a column by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from losscli.inspection.summary import DISTINCT, Cells, Spread, Summary

SHOWN = 30
"""Columns of one role that are told one by one; more are told together."""


def outlines(names: Mapping[str, Sequence[str]], texts: tuple[bool, bool], summary: Summary) -> list[dict[str, object]]:
    """Return a record for each column; ``names`` are those of each role, ``texts`` says which sides are words."""
    found = []
    sides = (("true", summary.true, texts[0]), ("pred", summary.pred, texts[1]), ("weight", summary.weight, False))
    for role, spread, words in sides:
        own = list(names.get(role, ()))
        if spread.width > SHOWN:
            found.append(_together(own, role, spread))
            continue
        labels = own if len(own) == spread.width else [f"{own[0]}[{i}]" for i in range(spread.width)] if own else []
        found += [_outline(name, role, spread, i, words=words) for i, name in enumerate(labels)]
    return found + [_of_cells(name, cells) for name, cells in summary.others.items()]


def _outline(name: str, role: str, spread: Spread, i: int, *, words: bool) -> dict[str, object]:
    known = len(spread.distinct[i])
    empty = words or not np.isfinite(spread.low[i])
    return {
        "column": name,
        "role": role,
        "missing": int(spread.missing[i]),
        "distinct": known if known <= DISTINCT else None,
        "min": None if empty else float(spread.low[i]),
        "max": None if empty else float(spread.high[i]),
        "mean": None if empty else float(spread.mean[i]),
        "std": None if empty else float(spread.std[i]),
        "remark": "constant" if known == 1 else "labels" if words else "",
    }


def _together(names: Sequence[str], role: str, spread: Spread) -> dict[str, object]:
    """Return one record for all columns of a role."""
    low, high = spread.range
    empty = low > high
    return {
        "column": f"{names[0]} … {names[-1]}" if len(names) > 1 else names[0],
        "role": role,
        "missing": int(spread.missing.sum()),
        "distinct": None,
        "min": None if empty else low,
        "max": None if empty else high,
        "mean": None if empty else float(np.nanmean(spread.mean)),
        "std": None,
        "remark": f"{spread.width} columns",
    }


def _of_cells(name: str, cells: Cells) -> dict[str, object]:
    numeric = cells.numeric and np.isfinite(cells.low)
    known = len(cells.distinct)
    unique = known == cells.count and known > 1
    return {
        "column": name,
        "role": "",
        "missing": cells.missing,
        "distinct": known if known <= DISTINCT else None,
        "min": float(cells.low) if numeric else None,
        "max": float(cells.high) if numeric else None,
        "mean": None,
        "std": None,
        "remark": "constant" if known == 1 else "different in every row" if unique else "",
    }
