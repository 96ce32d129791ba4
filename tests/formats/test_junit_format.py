from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from format_runs import gate, gated, report, result, written

from losscli import __version__

COUNTS, NAMED = {"tests", "failures", "errors"}, {"name"}
SCHEMA: dict[str, tuple[set[str], set[str], set[str], bool]] = {
    "testsuites": ({"testsuite"}, set(), NAMED | COUNTS | {"time"}, False),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        NAMED | COUNTS,
        set("group time skipped timestamp hostname id package file log url".split()),
        False,
    ),
    "properties": ({"property"}, set(), set(), False),
    "property": (set(), {"name", "value"}, set(), False),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"},
        NAMED,
        {"time", "classname", "group"},
        False,
    ),
    **dict.fromkeys(("skipped", "error", "failure"), (set(), set(), {"type", "message"}, True)),
    **dict.fromkeys(("system-out", "system-err"), (set(), set(), set(), True)),
}
"""The schema of the Jenkins xUnit plugin (junit-10.xsd): element -> children, attributes it must and may have, text."""


def faults(element: ET.Element) -> list[str]:
    """Return what in a document the schema does not allow."""
    if element.tag not in SCHEMA:
        return [f"<{element.tag}> is unknown"]
    children, required, optional, text = SCHEMA[element.tag]
    found = [f"<{element.tag}> lacks {name}" for name in required - set(element.keys())]
    found += [f"<{element.tag}> has {name}" for name in set(element.keys()) - required - optional]
    found += [f"<{child.tag}> in <{element.tag}>" for child in element if child.tag not in children]
    found += [f"text in <{element.tag}>" for one in [element.text] if one and one.strip() and not text]
    return found + [fault for child in element for fault in faults(child)]


def valid(text: str) -> ET.Element:
    """Return a document that keeps the schema, and whose counts are right."""
    root = ET.fromstring(text.encode())  # noqa: S314  losscli wrote it
    assert faults(root) == []
    for suite in [root, *root.iter("testsuite")]:
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if name in suite.attrib:
                assert int(suite.attrib[name]) == len(list(suite.iter(tag)))
    return root


def ends(root: ET.Element) -> list[str]:
    """Return how every test case ended."""
    return [one[0].tag for one in root.iter("testcase")]


@pytest.mark.parametrize(
    ("verdict", "changes", "policy", "end"),
    [
        ("pass", {}, "warn", "system-out"),
        ("equal", {}, "warn", "system-out"),
        ("fail", {}, "warn", "failure"),
        ("fail", {"value": float("nan")}, "warn", "error"),
        ("fail", {"value": None}, "warn", "error"),
        ("fail", {"n": 0}, "warn", "error"),
        ("error", {"value": None}, "warn", "error"),
        ("skipped", {}, "warn", "skipped"),
        ("inconclusive", {}, "warn", "skipped"),
        ("inconclusive", {}, "fail", "failure"),
        ("inconclusive", {}, "pass", "system-out"),
    ],
)
def test_failure_and_error_and_skipped_are_told_apart(
    verdict: str, changes: dict[str, Any], policy: str, end: str
) -> None:
    of = gated(gate(verdict=verdict, reason="because", **changes), inconclusive=policy)
    root = valid(written("junit", of=of))
    assert ends(root) == [end]
    if end != "system-out":
        case = next(root.iter("testcase"))[0]
        assert case.attrib["type"] == verdict
        assert case.attrib["message"].startswith("because")


def test_every_gate_is_a_test_case_named_with_its_group() -> None:
    root = valid(written("junit", of=gated(gate(), gate("mae<=1", "fail", by={"region": "north"}))))
    cases = [(one.attrib["classname"], one.attrib["name"]) for one in root.iter("testcase")]
    assert cases == [("losscli.gates", "mse<=0.3"), ("losscli.gates", "mae<=1 (region=north)")]


def test_a_plain_run_has_a_test_case_for_each_result_and_an_error_for_one_that_is_not_finite() -> None:
    root = valid(written("junit", of=report(result("mse"), result("bce", float("inf")), result("r2", None))))
    assert ends(root) == ["system-out", "error", "system-out"]


def test_properties_hold_version_and_signatures() -> None:
    root = valid(written("junit", of=report(result(signature="mse|like:none"))))
    found = {one.attrib["name"]: one.attrib["value"] for one in root.iter("property")}
    assert found == {"losscli": __version__, "signature of mse mean": "mse|like:none"}


@pytest.mark.parametrize(
    "mark", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff", "<&>\"'", "]]>", "\n", "é", "😀"]
)
def test_whatever_the_data_holds_the_document_is_well_formed(mark: str) -> None:
    hostile = gate(f"a{mark}b", "fail", by={mark: mark}, reason=mark)
    for encoding in ("utf-8", "ascii"):
        root = valid(
            written("junit", of=replace(gated(hostile), results=[result(mark, by={mark: mark})]), encoding=encoding)
        )
        assert next(root.iter("testcase")).attrib["name"].startswith("a")


@pytest.mark.parametrize(
    "text",
    [
        "<testsuites><testcase name='a'/></testsuites>",
        "<testsuite name='a' tests='1' failures='0'/>",
        "<testsuites skipped='1'/>",
        "<testsuites><testsuite name='a' tests='0' failures='0' errors='0'>text</testsuite></testsuites>",
    ],
)
def test_the_check_of_the_schema_finds_what_it_forbids(text: str) -> None:
    assert len(faults(ET.fromstring(text))) == 1  # noqa: S314  it stands above
