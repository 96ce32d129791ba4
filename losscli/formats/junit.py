"""JUnit's XML, as Jenkins, GitLab and others read it: a test case for each gate, or for each result if there are none.

Keeps the schema of the Jenkins xUnit plugin:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from losscli import __version__
from losscli.errors import LossCliError
from losscli.escape import visible
from losscli.formats.format import Report, Result
from losscli.formats.json import writes_unicode
from losscli.formats.numbers import rounded
from losscli.formats.reduced import Reduced
from losscli.formats.sections import VERDICT, details, label, outcome

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


class Case(NamedTuple):
    """A test case: its name, how it ended, the verdict in one word, and why."""

    name: str
    outcome: str
    verdict: str
    message: str


class Junit(Reduced):
    """One document; a suite for each section, or one of the results."""

    def finish(self, report: Report) -> None:
        """Write the document."""
        suites = {
            name: [
                Case(label(one), outcome(one, report), str(one.get(VERDICT)), details(one, self._precision))
                for one in records
            ]
            for name, records in report.sections.items()
        }
        properties = {"losscli": __version__} | {
            f"signature of {_named(one)}": one.signature for one in report.results if one.signature
        }
        self._write(suites or {"results": [self._case(one) for one in report.results]}, properties)

    def fail(self, error: LossCliError) -> None:
        """Write the error that ended the run as the only test case."""
        case = Case("losscli", "error", type(error).__name__, f"{error.message}\n{error.hint}".strip())
        self._write({"results": [case]}, {"losscli": __version__})

    def _case(self, result: Result) -> Case:
        value = "no value" if result.value is None else rounded(result.value, self._precision)
        broken = result.value is not None and not isfinite(result.value)
        return Case(_named(result), "error" if broken else "passed", "not finite", f"{value} (n = {result.n})")

    def _write(self, suites: Mapping[str, Sequence[Case]], properties: Mapping[str, str]) -> None:
        everything = [case for cases in suites.values() for case in cases]
        root = Element("testsuites", {"name": "losscli", **_counts(everything)})
        for name, cases in suites.items():
            _suite(root, name, cases, properties)
        indent(root)
        encoding = "utf-8" if writes_unicode(self._out) else "us-ascii"
        self._out.write(tostring(root, encoding, xml_declaration=True).decode(encoding) + "\n")


def _suite(root: Element, name: str, cases: Sequence[Case], properties: Mapping[str, str]) -> None:
    skipped = str(sum(case.outcome == "skipped" for case in cases))
    suite = SubElement(root, "testsuite", {"name": _text(name), **_counts(cases), "skipped": skipped})
    listed = SubElement(suite, "properties")
    for key, value in properties.items():
        SubElement(listed, "property", {"name": _text(key), "value": _text(value)})
    for case in cases:
        one = SubElement(suite, "testcase", {"name": _text(case.name), "classname": f"losscli.{_text(name)}"})
        if case.outcome == "passed":
            SubElement(one, "system-out").text = _text(case.message)
        else:
            why = {"type": _text(case.verdict), "message": _text(case.message)}
            SubElement(one, case.outcome, why).text = _text(case.message)


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    found = Counter(case.outcome for case in cases)
    return {"tests": str(len(cases)), "failures": str(found["failure"]), "errors": str(found["error"])}


def _named(result: Result) -> str:
    group = ", ".join(f"{name}={value}" for name, value in (result.by or {}).items())
    return f"{result.loss} {result.reduction}{f' ({group})' if group else ''}"


def _text(text: str) -> str:
    """Return text that XML can hold, and that cannot be taken for another."""
    return _NOT_XML.sub("\ufffd", "\n".join(visible(line) for line in text.split("\n")))
