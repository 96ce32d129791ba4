"""Every score equals its definition, written out in plain loops, on small data full of ties."""

from __future__ import annotations

from typing import Any

import pytest
import score_definitions as definitions
from hypothesis import HealthCheck, given, settings
from score_cases import Case, cases

from losscli import registry
from losscli.registry import Score

registry.load_all()
SCORES = list(registry.SCORES.values())
quick = settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
every_score = pytest.mark.parametrize("one", SCORES, ids=lambda one: one.name)


def rows(case: Case, *, whole: bool = False) -> list[Any]:
    """Rows (true, predicted, weight) that count; elements stand for themselves where a score takes them so."""
    weights = [1.0] * len(case) if case.weight is None else case.weight.tolist()
    held = list(zip(case.y_true.tolist(), case.y_pred.tolist(), weights, strict=True))
    if all(isinstance(side, list) for side in held[0][:2]) and not (whole or case.params.get("sets")):
        held = [(y, p, w) for true, pred, w in held for y, p in zip(true, pred, strict=True)]
    return [row for row in held if row[2]]


def queries(case: Case) -> list[tuple[definitions.Query, float]]:
    true, pred = case.y_true.tolist(), case.y_pred.tolist()
    if case.y_pred.ndim > 1:
        return [(list(zip(y, p, strict=True)), 1.0) for y, p in zip(true, pred, strict=True)]
    names = case.group or ("",) * len(case)
    weights = dict.fromkeys(names, 1.0) if case.weight is None else dict(zip(names, case.weight.tolist(), strict=True))
    return [
        ([(y, p) for y, p, other in zip(true, pred, names, strict=True) if other == name], weights[name])
        for name in dict.fromkeys(names)
    ]


def by_column(case: Case) -> list[list[Any]]:
    """The rows (true, predicted, weight) of each output column."""
    width = case.y_true[0].size if len(case) else 1
    flat = rows(case)
    return [flat[column::width] for column in range(width)]


def defined(one: Score, case: Case) -> float:
    if one.name in definitions.COLUMNS:
        columns = by_column(case)
        return sum(definitions.COLUMNS[one.name](column) for column in columns) / len(columns)
    if one.grouped:
        return definitions.QUERIES[one.name](queries(case), **case.params)
    return definitions.ROWS[one.name](rows(case, whole=one.name in definitions.WHOLE_ROWS), **case.params)


@every_score
def test_a_score_equals_its_definition(one: Score) -> None:
    @quick
    @given(cases(one))
    def example(case: Case) -> None:
        assert case.state(one).result() == pytest.approx(defined(one, case), rel=1e-8, abs=1e-8, nan_ok=True)

    example()


def test_every_score_has_a_definition() -> None:
    assert {*definitions.ROWS, *definitions.COLUMNS, *definitions.QUERIES} == {one.name for one in SCORES}
