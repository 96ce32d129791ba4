"""Comparing two reports: the same is the same, and nothing that differs goes unnoticed."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli import __version__
from losscli.errors import DataError
from losscli.reproduced import compared, facts, other_version

VALUES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=3)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["loss", "reduction", "value", "n", "by", "x"]), VALUES), max_size=4)
DOCUMENTS = st.fixed_dictionaries(
    {"schema": st.just(1), "n": st.integers(0, 9), "results": RECORDS},
    optional={"gates": RECORDS, "samples": RECORDS, "verdict": VALUES, "inputs": VALUES},
)


def failing(one: Any, other: Any) -> list[Any]:  # noqa: ANN401  JSON
    """Return what differs."""
    return [record["what"] for record in compared(one, other) if record["verdict"] == "fail"]


@given(DOCUMENTS)
def test_a_document_is_the_same_as_itself_read_again(document: Any) -> None:  # noqa: ANN401  JSON
    assert failing(document, json.loads(json.dumps(document))) == []


@given(DOCUMENTS, st.data())
def test_a_value_that_is_changed_is_always_found(document: Any, data: st.DataObject) -> None:  # noqa: ANN401  JSON
    places = [
        (key, i, name)
        for key in document
        if isinstance(document[key], list)
        for i, one in enumerate(document[key])
        for name in one
    ]
    if not places:
        return
    key, i, name = data.draw(st.sampled_from(places))
    other = deepcopy(document)
    other[key][i][name] = "another"
    assert failing(document, other) != []
    assert failing(other, document) != []


@pytest.mark.parametrize(("one", "other"), [(0.0, -0.0), (1, True), (0.1 + 0.2, 0.3), (None, 0), ("1", 1), (1, 1.0)])
def test_values_that_are_not_digit_for_digit_the_same_differ(one: object, other: object) -> None:
    first, second = ({"results": [{"loss": "mse", "value": value}]} for value in (one, other))
    assert failing(first, second) == ["mse: value"]


def test_results_in_another_order_are_the_same() -> None:
    results = [{"loss": "mse", "value": 1.0}, {"loss": "mae", "value": 2.0}]
    assert failing({"results": results}, {"results": results[::-1]}) == []


def test_a_missing_result_does_not_make_the_others_differ() -> None:
    results = [{"loss": name, "value": 1.0} for name in "abc"]
    assert failing({"results": results}, {"results": results[1:]}) == ["a"]


def test_few_of_many_samples_are_shown_one_by_one() -> None:
    one, other = ({"samples": [{"row": i, "mse": value} for i in range(100)]} for value in (0.0, 1.0))
    found = failing(one, other)
    assert found[0] == "sample of row 0: mse"
    assert found[-1] == "80 more samples"
    assert len(found) == 21


def test_the_version_in_a_signature_is_no_difference_but_is_told() -> None:
    old, this = (
        {"results": [{"loss": "mse", "signature": f"mse|like:none|version:{v}"}]} for v in ("0.0.1", __version__)
    )
    assert failing(old, this) == []
    assert other_version("r.json", old) == [f"r.json was written by losscli 0.0.1, and this is {__version__}"]
    assert other_version("r.json", this) == []


def test_gates_of_one_name_are_told_apart_by_their_check() -> None:
    one, other = (
        {"results": [], "gates": [{"check": name, "gate": "mse<=1", "verdict": verdict} for name in "ab"]}
        for verdict in ("pass", "fail")
    )
    assert failing(one, other) == ["a mse<=1: verdict", "b mse<=1: verdict"]


def test_a_fact_of_a_signature_that_differs_is_named() -> None:
    one, other = ({"results": [{"loss": "mse", "signature": f"mse|like:{name}|n:1"}]} for name in ("keras", "torch"))
    assert failing(one, other) == ["mse: signature, like"]
    assert facts("mse:a=1|n:2") == {"means": "mse:a=1", "n": "2"}


def test_hashes_are_shortened_unless_that_would_hide_the_difference() -> None:
    def report(digits: str) -> dict[str, object]:
        return {"results": [{"loss": "mse", "signature": f"mse|data:{digits}"}]}

    ((early,), (late,)) = (compared(report("0" * 64), report(other)) for other in ("1" + "0" * 63, "0" * 63 + "1"))
    assert (early["reported"], late["reported"]) == ("0" * 12 + "…", "0" * 64)


def test_a_report_that_is_nested_too_deeply_is_refused() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(DataError, match="nested"):
        compared({"results": [], "x": deep}, {"results": [], "x": 1})
