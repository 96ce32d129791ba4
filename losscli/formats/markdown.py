"""Tables as GitHub reads them, for a pull-request comment: verdicts and results, the samples folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from losscli.formats.format import Record, Report
from losscli.formats.sheet import Column, Sheet, section_columns
from losscli.pictures import Picture

_SPECIAL = re.compile(r"[\\`*\[\]<>&|~$]|(?<!\w)_|_(?!\w)|@(?=\w)|#(?=\d)|:(?=[\w+-]+:)|(?<=GH)-(?=\d)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "$": "<span>$</span>"}
_LINKING = "@#:-"


def escaped(text: str) -> str:
    r"""Return text that GitHub shows as it stands: no markup, no mention, no issue link, no emoji.

    A backslash does not stop mentions and the like, which are found after rendering; an empty comment does.

    >>> print(escaped("a|b <i> `c` @octocat"))
    a&#124;b &lt;i&gt; \`c\` @<!-- -->octocat
    """
    return _SPECIAL.sub(lambda found: _escape(found[0]), text)


def _escape(mark: str) -> str:
    return f"{mark}<!-- -->" if mark in _LINKING else _ENTITIES.get(mark, f"\\{mark}")


def _table(columns: Sequence[Column]) -> Iterable[str]:
    """Give the lines of a table, padded so that it can be read before it is rendered too."""
    padded = []
    for column in columns:
        cells = [escaped(text) for text in (column.name, *column.texts)]
        width = max(3, *map(len, cells))
        head, *body = [cell.rjust(width) if column.numeric else cell.ljust(width) for cell in cells]
        rule = "-" * (width - 1) + (":" if column.numeric else "-")
        padded.append([head, rule, *body])
    yield from (f"| {' | '.join(cells)} |" for cells in zip(*padded, strict=True))


_SEEN = {"✅": "pass equal better", "❌": "fail worse error", "❔": "inconclusive", "➖": "skipped"}
SYMBOLS = {verdict: symbol for symbol, verdicts in _SEEN.items() for verdict in verdicts.split()}
"""A verdict -> what can be seen from afar."""
LONG = 20
"""Records of a section that a reader is shown at once."""


def _fold(title: str, lines: Iterable[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>"]


class Markdown(Sheet):
    """What a reviewer reads first comes first: the verdict, the sections, the results; then the samples in a fold.

    Beside sections the results are folded away, too, and so is a long section but for what is wrong in it.
    """

    def write(self, samples: Sequence[Column], results: Sequence[Column], report: Report) -> None:
        """Write everything."""
        parts = [[f"### {self._judged(self.show(report.extra['verdict']))}"]] if "verdict" in report.extra else []
        for name, records in report.sections.items():
            parts += self._section(name, records)
        if results:
            table = list(_table(results))
            parts.append(_fold("results", table) if report.sections else table)
        if samples:
            note = "" if self.view.extremes else self.note(report)
            parts.append(_fold(self._title(report), [*_table(samples), *(["", note] if note else [])]))
        if report.in_text:
            parts += map(self._picture, report.pictures)
        self.put([line for i, part in enumerate(parts) for line in ([""] if i else []) + part])

    def _picture(self, picture: Picture) -> list[str]:
        from losscli.formats.drawn import PIPE, drawn  # noqa: PLC0415  only where pictures are wanted

        encoding = self.out.encoding or "utf-8"
        lines = drawn(picture, PIPE, ascii_only=not self._symbols, encoding=encoding)
        texts = ["".join(text for text, _ in line).rstrip() for line in lines]
        fence = "`" * max([3, *(len(run) + 1 for text in texts for run in re.findall("`+", text))])
        return [f"{fence}text", *texts, fence]

    def put(self, lines: Sequence[str]) -> None:
        """Write the lines."""
        self.out.write("".join(f"{line}\n" for line in lines))

    def _section(self, name: str, records: Sequence[Record]) -> Iterable[list[str]]:
        from losscli.formats.sections import GOOD, counted  # noqa: PLC0415  only where there are sections

        if not records:
            return
        if len(records) <= LONG:
            yield self._records(records)
            return
        if bad := [one for one in records if one.get("verdict") not in (*GOOD, "skipped")][:LONG]:
            yield self._records(bad)
        yield _fold(f"{escaped(self.show(name))}: {counted(records) or len(records)}", self._records(records))

    def _records(self, records: Sequence[Record]) -> list[str]:
        return list(_table(section_columns(records, self.show, self._judged)))

    def _judged(self, verdict: str) -> str:
        """Return a verdict with its symbol, where that can be written."""
        return self.show(f"{SYMBOLS[verdict]} {verdict}") if self._symbols and verdict in SYMBOLS else verdict

    @property
    def _symbols(self) -> bool:
        return (self.out.encoding or "utf-8").lower().startswith("utf")

    def _title(self, report: Report) -> str:
        return escaped(self.note(report)) if self.view.extremes else "samples"
