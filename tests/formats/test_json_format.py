from __future__ import annotations

import io
import json
import math
import struct
from typing import Any

import numpy as np
import pytest
from format_runs import TWO, block, report, result, written
from hypothesis import given
from hypothesis import strategies as st

import losscli.formats.json as json_format
from losscli.formats.format import Report, View

SUMMARY = View(summary=True)
RECORD = (
    '{"loss": "mse", "like": null, "reduction": "mean", "value": 0.25, "n": 2, "dropped": 0, "weight": 2.0, '
    '"mean": 0.25, "sum": 0.5, "std": 0.25, "min": 0.0, "max": 0.5, "signature": "s"}'
)


def refuse(constant: str) -> None:
    pytest.fail(f"{constant} is not JSON")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def parsed(text: str) -> Any:  # noqa: ANN401  JSON is of any shape
    return json.loads(text, parse_constant=refuse, object_pairs_hook=unique)


def documents(blocks: Any, of: Report | None = None) -> list[Any]:  # noqa: ANN401  as written() takes them
    """The samples as JSON has them and as JSON Lines has them."""
    lines = [parsed(line) for line in written("jsonl", blocks, of).splitlines()]
    assert lines == parsed(written("json", blocks, of))["samples"]
    return lines


def bits(number: float) -> bytes:
    return struct.pack("<d", number)


def test_a_document_has_a_line_for_each_record_and_the_samples_last() -> None:
    assert written("json", of=report(verdict="pass", gates=[{"gate": "mse<=1"}, {"gate": "mae<=1"}])) == (
        '{\n  "schema": 1,\n  "n": 2,\n  "dropped": 0,\n'
        f'  "results": [\n    {RECORD}\n  ],\n'
        '  "verdict": "pass",\n'
        '  "gates": [\n    {"gate": "mse<=1"},\n    {"gate": "mae<=1"}\n  ],\n'
        '  "samples": [\n'
        '    {"row": 1, "y_true": 1.0, "y_pred": 1.0, "mse": 0.0},\n'
        '    {"row": 2, "y_true": 2.0, "y_pred": 2.5, "mse": 0.5}\n'
        "  ]\n}\n"
    )


def test_json_lines_are_the_samples() -> None:
    assert written("jsonl") == (
        '{"row": 1, "y_true": 1.0, "y_pred": 1.0, "mse": 0.0}\n{"row": 2, "y_true": 2.0, "y_pred": 2.5, "mse": 0.5}\n'
    )


def test_a_summary_has_results_and_no_samples() -> None:
    assert "samples" not in parsed(written("json", view=SUMMARY))
    assert written("jsonl", view=SUMMARY) == f"{RECORD}\n"


def test_no_samples_are_an_empty_list() -> None:
    assert parsed(written("json", [block({"mse": []})]))["samples"] == []


def test_more_samples_than_wait_in_memory_are_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_format, "IN_MEMORY", 100)
    blocks = [block({"mse": [float(i)] * 7}, name=["é\ud800"] * 7) for i in range(50)]
    samples = parsed(written("json", blocks))["samples"]
    assert [float(i // 7) for i in range(350)] == [one["mse"] for one in samples]
    assert {"é\ud800"} == {one["name"] for one in samples}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_read_back_to_the_same_bits(losses: list[float]) -> None:
    samples = documents([block({"mse": losses})])
    assert list(map(bits, losses)) == [bits(one["mse"]) for one in samples]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_value_reads_back_to_the_same_bits(value: float) -> None:
    assert bits(value) == bits(parsed(written("json", of=report(result(value=value))))["results"][0]["value"])


@given(st.lists(st.text(), min_size=1), st.text(), st.sampled_from(["utf-8", "ascii"]))
def test_text_reads_back_as_the_same_text_or_its_number(labels: list[str], header: str, encoding: str) -> None:
    samples = block({"mse": [0.0] * len(labels)}, **{f"{header}_": labels})
    text = written("jsonl", [samples], encoding=encoding)
    read = [parsed(line)[f"{header}_"] for line in text.rstrip("\n").split("\n")]
    assert labels == [one if isinstance(one, str) else repr(one) for one in read]
    assert text.encode(encoding)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1", 1),
        ("-12", -12),
        ("0.5", 0.5),
        ("1e-07", 1e-07),
        ("123456789012345", 123456789012345),
        ("1234567890123456", "1234567890123456"),
        ("007", "007"),
        ("1.50", "1.50"),
        ("-0", "-0"),
        ("+1", "+1"),
        ("1e999", "1e999"),
        ("1E5", "1E5"),
        ("1_000", "1_000"),
        ("٣", "٣"),
        (" 1", " 1"),
        ("1\n", "1\n"),
        ("", ""),
        ("nan", "nan"),
        ("true", "true"),
    ],
)
def test_a_text_cell_is_a_number_only_if_nothing_is_lost(cell: str, expected: object) -> None:
    kept = documents([block({"mse": [0.0]}, kept=[cell])])[0]["kept"]
    assert (expected, type(expected)) == (kept, type(kept))


@pytest.mark.parametrize("cell", ["1", "1.0", "007", "", "north"])
def test_the_name_of_a_group_stays_text(cell: str) -> None:
    grouped = parsed(written("json", of=report(result(by={"g": cell}), by=["g"])))["results"][0]["by"]["g"]
    assert cell == grouped


def test_a_sample_whose_loss_is_not_finite_says_so() -> None:
    samples = block({"mse": [1.0, np.inf, np.nan, -np.inf], "mae": [1.0, np.nan, 1.0, 1.0]}, y=np.array([np.nan] * 4))
    assert documents([samples], report(result("mse"), result("mae"))) == [
        {"row": 1, "y": None, "mse": 1.0, "mae": 1.0},
        {"row": 2, "y": None, "mse": None, "mae": None, "status": "nan"},
        {"row": 3, "y": None, "mse": None, "mae": 1.0, "status": "nan"},
        {"row": 4, "y": None, "mse": None, "mae": 1.0, "status": "inf"},
    ]


def test_a_column_of_the_data_called_status_stays_itself() -> None:
    samples = block({"mse": [np.inf]}, status=["404"])
    assert documents([samples]) == [{"row": 1, "status": 404, "mse": None, "_status": "inf"}]


@pytest.mark.parametrize(("value", "status"), [(math.nan, "nan"), (math.inf, "inf"), (-math.inf, "inf")])
def test_a_value_that_is_not_finite_is_null_with_its_status_right_after_it(value: float, status: str) -> None:
    record = parsed(written("jsonl", of=report(result(value=value)), view=SUMMARY))
    assert [("value", None), ("status", status)] == list(record.items())[3:5]
    assert record["mean"] is None


def test_a_finite_or_absent_value_has_no_status() -> None:
    for value in (1.0, None):
        assert "status" not in parsed(written("jsonl", of=report(result(value=value, max=math.inf)), view=SUMMARY))


def test_groups_are_in_every_result_once_there_are_groups() -> None:
    grouped = parsed(written("json", of=report(result(by={"region": "north"}), result(), by=["region"])))
    assert [one["by"] for one in grouped["results"]] == [{"region": "north"}, None]
    assert "by" not in parsed(written("json"))["results"][0]


def test_what_other_commands_add_is_strict_too() -> None:
    gate = {"value": np.float64("nan"), "interval": (np.float64(0.5), math.inf), "p": np.array([1.0])}
    document = parsed(written("json", of=report(gates=[gate], note="é")))
    assert document["gates"] == [{"value": None, "status": "nan", "interval": [0.5, None], "p": [1.0]}]


def test_a_report_of_a_command_without_samples_has_no_samples() -> None:
    out = io.StringIO()
    json_format.Json(out, View()).finish(report())
    assert "samples" not in parsed(out.getvalue())


def test_letters_are_readable_where_they_can_be_written() -> None:
    samples = block({"mse": [0.0]}, naïve=["東京 100%"])
    assert '"naïve": "東京 100%"' in written("jsonl", [samples])
    assert written("jsonl", [samples], encoding="cp1252").isascii()


def test_what_cannot_be_seen_is_escaped() -> None:
    assert r'"\u202e\u009b"' in written("jsonl", [block({"mse": [0.0]}, k=["\u202e\x9b"])])


def test_a_percent_sign_in_a_name_is_only_that() -> None:
    assert documents([block({"mse": [0.5]}, **{"100%s": ["%d"]})]) == [{"row": 1, "100%s": "%d", "mse": 0.5}]


def test_two_plain_samples_are_the_same_in_both_forms() -> None:
    assert [one["row"] for one in documents([TWO])] == [1, 2]
