from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from format_runs import SUMMARY, WORDS, block, gate, gated, report, result, written

from losscli.formats.format import Record
from losscli.formats.markdown import SYMBOLS

WORSE = gate(
    "mse<=baseline+2%", "fail", value=0.3, baseline=0.25, difference=0.05, interval=(0.01, 0.09), p=0.002, bound=0.005
)


@pytest.mark.parametrize("name", WORDS)
def test_every_format_writes_every_gate_and_its_verdict(name: str) -> None:
    text = written(name, of=gated(gate(), gate("mae<=0.1", "fail", reason="0.2 is above 0.1")), view=SUMMARY)
    if name == "metrics":
        assert json.loads(text) == {"verdict": "pass", "n": 2, "mse": 0.25}
    elif name == "github-output":
        assert text == "verdict=pass\nn=2\nmse=0.25\n"
    elif name == "github":
        assert "mae<=0.1" in text
        assert "0.2 is above 0.1" in text
    elif name == "junit":
        assert "mae&lt;=0.1" in text
        assert "mse&lt;=0.3" in text
    else:
        assert "fail" in text
        assert "pass" in text


@pytest.mark.parametrize("name", WORDS)
def test_every_format_takes_records_of_any_keys_and_no_records_at_all(name: str) -> None:
    odd: list[list[Record]] = [[], [{}], [{"anything": [1, 2], "else": None, "flag": True}], [{"verdict": "strange"}]]
    for records in odd:
        written(name, of=replace(report(), sections={"odd": records, "others": [{"x": 1.5}]}), view=SUMMARY)


def test_json_holds_every_section_under_its_name() -> None:
    whole = json.loads(written("json", of=replace(gated(WORSE), sections={"gates": [WORSE], "more": [{"a": 1}]})))
    assert whole["gates"][0]["interval"] == [0.01, 0.09]
    assert (whole["more"], whole["verdict"], len(whole["results"])) == ([{"a": 1}], "pass", 1)


def test_a_gate_whose_value_is_not_finite_is_null_with_its_status_in_json() -> None:
    (one,) = json.loads(written("json", of=gated(gate(verdict="fail", value=float("nan")))))["gates"]
    assert (one["value"], one["status"]) == (None, "nan")


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_tables_for_programs_hold_the_first_section_and_nothing_else(name: str, delimiter: str) -> None:
    north = gate("a,b\t<=1", by={"region": 'n"o'})
    of = replace(gated(), sections={"gates": [north, WORSE], "others": [{"x": 1}]})
    header, first, second = csv.reader(io.StringIO(written(name, of=of, view=SUMMARY)), delimiter=delimiter)
    assert header[:3] == ["region", "gate", "verdict"]
    records = [dict(zip(header, row, strict=True)) for row in (first, second)]
    assert [record["region"] for record in records] == ['n"o', ""]
    assert records[0]["gate"] == "a,b\t<=1"
    assert (records[1]["low"], records[1]["high"], records[1]["p"]) == ("0.01", "0.09", "0.002")


def test_json_lines_hold_the_first_section_and_nothing_else() -> None:
    lines = written("jsonl", of=gated(gate(), WORSE), view=SUMMARY).splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == ["pass", "fail"]


def test_the_bare_value_of_a_gate_is_its_name_and_verdict() -> None:
    assert written("value", of=gated(gate(), WORSE)) == "mse<=0.3\tpass\nmse<=baseline+2%\tfail\n"


def test_the_bare_value_of_a_group_s_gate_begins_with_the_group_and_the_total_is_a_dash() -> None:
    grouped = gated(gate(by={"region": "north"}), gate(verdict="fail"))
    assert written("value", of=grouped) == "north\tmse<=0.3\tpass\n-\tmse<=0.3\tfail\n"


def test_the_bare_value_of_a_comparison_names_both_sides() -> None:
    comparison: Record = {"a": "old.csv", "b": "new.csv", "loss": "mse", "difference": 0.1, "verdict": "worse"}
    of = replace(report(), sections={"comparisons": [comparison]})
    assert written("value", of=of) == "old.csv\tnew.csv\tmse\tworse\n"


def test_a_table_shows_old_new_and_change_where_there_is_a_baseline() -> None:
    text = written("table", of=gated(gate(), WORSE), view=SUMMARY)
    head = next(line for line in text.splitlines() if line.startswith("gate"))
    assert head.split() == "gate verdict old new change bound interval p n".split()
    assert "+0.05 (+20%)" in text
    assert "0.01 … 0.09" in text


def test_the_share_of_a_change_has_the_change_s_own_sign_whatever_the_old_value_s() -> None:
    text = written("table", of=gated(gate(value=-1.0, baseline=-2.0, difference=1.0)), view=SUMMARY)
    assert "+1.0 (+50%)" in text


def test_a_change_from_zero_has_no_share() -> None:
    text = written("table", of=gated(gate(value=1.0, baseline=0.0, difference=1.0)), view=SUMMARY)
    assert "+1.0 " in text
    assert "%" not in text


def test_a_table_calls_a_value_a_value_where_there_is_no_baseline() -> None:
    text = written("table", of=gated(), view=SUMMARY)
    head = next(line for line in text.splitlines() if line.startswith("gate"))
    assert head.split() == "gate verdict value bound n".split()


def test_precision_rounds_the_numbers_of_a_section_too() -> None:
    text = written("table", of=gated(WORSE), view=replace(SUMMARY, precision=1))
    assert "  0.2  0.3  +0.1 " in text
    assert "1.0e-02 … 0.1" in text


def test_a_narrow_terminal_crops_no_number_of_a_gate() -> None:
    text = written("table", of=gated(WORSE), view=replace(SUMMARY, width=40))
    assert max(map(len, text.splitlines())) <= 40
    assert "0.002" in text


@pytest.mark.parametrize("verdict", ["pass", "equal", "fail", "inconclusive", "skipped", "error"])
def test_a_comment_shows_every_verdict_of_a_gate_with_a_symbol(verdict: str) -> None:
    text = written("markdown", of=gated(gate(verdict=verdict), verdict=verdict), view=SUMMARY)
    assert SYMBOLS[verdict] in text


def test_a_comment_says_the_verdict_first_with_old_new_and_change() -> None:
    text = written("markdown", of=gated(gate(), WORSE, verdict="fail"), view=SUMMARY)
    lines = text.splitlines()
    assert lines[0] == "### ❌ fail"
    assert [cell.strip() for cell in lines[2].strip("|").split("|")][:5] == ["gate", "verdict", "old", "new", "change"]
    assert "| ✅ pass" in text
    assert "+0.05 (+20%)" in text
    assert text.index("❌ fail") < text.index("<summary>results</summary>")


def test_a_few_gates_are_shown_even_where_no_samples_are() -> None:
    text = written("markdown", of=gated(), view=replace(SUMMARY, rows=0))
    assert text.index("mse&lt;=0.3") < text.index("<details>")


def test_many_gates_are_folded_but_for_those_that_failed() -> None:
    verdicts = {30: "fail", 31: "skipped", 32: "equal"}
    many = [gate(f"mse<={i}", verdicts.get(i, "pass")) for i in range(40)]
    text = written("markdown", of=gated(*many), view=SUMMARY)
    opened, _, folded = text.partition("<details>")
    assert opened.count("mse") == 1
    assert "mse&lt;=30" in opened
    assert folded.count("mse&lt;=") == 40
    assert "<summary>gates: 1 fail, 1 skipped, 37 pass, 1 equal</summary>" in folded


def test_a_comment_in_letters_without_symbols_has_none() -> None:
    text = written("markdown", of=gated(verdict="fail"), view=SUMMARY, encoding="ascii")
    assert text.startswith("### fail\n")


HOSTILE = ("::error::x", "##[error]x", "a\n::add-mask::y", "</details>|<script>", "\x1b[31m", "a\r\nb")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["table", "markdown", "value", "github", "junit", "json", "jsonl"])
def test_no_line_is_a_command_for_the_runner_whatever_the_data_says(name: str, text: str) -> None:
    hostile = gate(text, "fail", by={text: text}, reason=text)
    shown = written(name, of=replace(gated(hostile), by=(text,), results=[result(by={text: text})]), view=SUMMARY)
    lines = [line.strip() for line in shown.splitlines()]
    assert [line for line in lines if line.startswith("::") and not line.startswith("::error title=losscli")] == []
    assert "##[" not in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_a_sample_s_text_is_no_command_for_the_runner_and_reads_back_as_it_was(name: str) -> None:
    text = written(name, [block({"mse": [0.5]}, k=["##[error]x"])])
    assert "##[" not in text
    record = json.loads(text)
    assert (record["samples"][0] if name == "json" else record)["k"] == "##[error]x"


def test_an_interval_of_a_result_is_shown_only_if_it_was_asked_for() -> None:
    with_interval = report(result(interval=(0.125, 0.5)))
    assert "interval" not in written("table", of=report(), view=SUMMARY)
    assert "0.125 … 0.5" in written("table", of=with_interval, view=SUMMARY)
    records: Sequence[Mapping[str, object]] = json.loads(written("json", of=with_interval))["results"]
    assert records[0]["interval"] == [0.125, 0.5]
    assert "interval" not in json.loads(written("json"))["results"][0]
