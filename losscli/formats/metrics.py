"""The values alone as one flat JSON object: what ``dvc metrics`` and other trackers of experiments read."""

from __future__ import annotations

from collections import Counter

from losscli.formats.format import Report
from losscli.formats.json import dumps
from losscli.formats.json_records import strict
from losscli.formats.reduced import Reduced


class Metrics(Reduced):
    """``{"n": …, SPEC: value, …}``, and each group's values under its name, ``region=north``.

    A loss under several reductions is ``SPEC@REDUCTION``, as in a gate. Of a check, the ``verdict`` is there, too.
    """

    def finish(self, report: Report) -> None:
        """Write the object."""
        verdict = {"verdict": report.extra["verdict"]} if "verdict" in report.extra else {}
        found: dict[str, object] = {**verdict, "n": report.n}
        groups: dict[str, dict[str, object]] = {}
        often = Counter((result.loss, tuple((result.by or {}).items())) for result in report.results)
        for result in report.results:
            by = tuple((result.by or {}).items())
            key = f"{result.loss}@{result.reduction}" if often[result.loss, by] > 1 else result.loss
            name = ", ".join(f"{column}={value}" for column, value in by)
            (groups.setdefault(name, {}) if by else found)[key] = result.value
        self._out.write(f"{dumps(strict({**found, **groups}), self._out, indent=2)}\n")
