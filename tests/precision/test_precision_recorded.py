"""losscli against the record of exact losses, which ``precision_record.py`` makes with mpmath; this needs none."""

from __future__ import annotations

import json
from math import inf, nextafter
from typing import Any

import pytest
from precision_ulps import LADDER, RECORDED, WIDEST, bound_of, computed, error, errors

from losscli import registry

registry.load_all()
RECORD: dict[str, dict[str, Any]] = json.loads(RECORDED.read_text(encoding="utf-8"))
SLACK = 4.0
CORRECTLY_ROUNDED = 0.5


def worst(name: str) -> float:
    return max(ulps for ulps, _ in errors(RECORD[name]["cases"]))


def test_every_loss_has_a_record() -> None:
    missing = set(registry.LOSSES) - set(RECORD)
    assert not missing, "run tests/precision/precision_record.py"


def test_every_record_is_of_a_loss() -> None:
    assert set(RECORD) <= set(registry.LOSSES)


@pytest.mark.parametrize("name", RECORD)
def test_a_loss_keeps_its_bound_on_every_recorded_input(name: str) -> None:
    found = [(ulps, case) for ulps, case in errors(RECORD[name]["cases"]) if not ulps <= RECORD[name]["ulps"]]
    assert not found


@pytest.mark.parametrize("name", RECORD)
def test_no_bound_is_slack(name: str) -> None:
    assert RECORD[name]["ulps"] <= max(CORRECTLY_ROUNDED, SLACK * worst(name))


def test_no_bound_is_wide() -> None:
    assert not {name: facts["ulps"] for name, facts in RECORD.items() if facts["ulps"] > WIDEST}


@pytest.mark.parametrize("name", RECORD)
def test_most_inputs_of_a_loss_are_measured_in_plain_ulps(name: str) -> None:
    cases = RECORD[name]["cases"]
    assert 2 * sum("condition" in case for case in cases) < len(cases)


@pytest.mark.parametrize("name", RECORD)
def test_the_recorded_float_is_the_recorded_exact_number_rounded(name: str) -> None:
    rounded = ((float(case["rounded"]), case["exact"]) for case in RECORD[name]["cases"])
    assert max(error(nearest, exact, nearest) for nearest, exact in rounded) == pytest.approx(0.25, abs=0.25 + 1e-6)


def test_an_error_counts_in_units_of_the_last_place() -> None:
    assert error(nextafter(nextafter(1.0, 2), 2), "1.0", 1.0) == 2.0
    assert error(1.0, "1.0000000000000001110223025", 1.0) == pytest.approx(0.5)


@pytest.mark.parametrize(("found", "exact"), [(inf, "1.0"), (1.0, "inf"), (-inf, "inf"), (float("nan"), "1.0")])
def test_an_infinity_in_the_wrong_place_is_infinitely_wrong(found: float, exact: str) -> None:
    assert error(found, exact, float(exact)) == inf


@pytest.mark.parametrize("bound", LADDER[1:8])
def test_a_bound_leaves_room_for_another_processor(bound: float) -> None:
    assert bound_of(bound / 2) == bound
    assert bound_of(bound) > bound


def test_a_recorded_sample_is_computed_with_its_parameters() -> None:
    assert computed("huber:delta=2", 0.0, 3.0) == 4.0
