"""Tables as GitHub reads them, for a pull-request comment: the results, and the samples folded away under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from losscli.formats.format import Report
from losscli.formats.sheet import Column, Sheet

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


class Markdown(Sheet):
    """The results first, since a reviewer reads them first; then the samples in a fold."""

    def write(self, samples: Sequence[Column], results: Sequence[Column], report: Report) -> None:
        """Write both tables."""
        lines = list(_table(results)) if results else []
        if samples:
            lines += ["", "<details>", f"<summary>{self._title(report)}</summary>", "", *_table(samples)]
            note = self.note(report) if self.view.worst is None else ""
            lines += ["", *([note, ""] if note else []), "</details>"]
        self.out.write("".join(f"{line}\n" for line in lines))

    def _title(self, report: Report) -> str:
        return escaped(self.note(report)) if self.view.worst is not None else "samples"
