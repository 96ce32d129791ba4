"""A page for people: one file that needs no network and no script, in light and dark, and good to print.

Everything that comes from the data is escaped, and the page allows itself nothing but its own style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import TextIO

from losscli import __version__
from losscli.escape import visible
from losscli.formats.format import Block, Record, Report, View
from losscli.formats.inline_svg import svg
from losscli.formats.json import dumps
from losscli.formats.json_records import strict
from losscli.formats.numbers import plain
from losscli.formats.page import STYLE
from losscli.formats.sections import about
from losscli.formats.sheet import Column, Sheet, result_columns, section_columns
from losscli.formats.table import aligned
from losscli.formats.worst import Worst
from losscli.gallery import drawable
from losscli.pictures import Lines, Picture

VERDICTS = ("pass", "equal", "better", "fail", "worse", "error", "inconclusive", "skipped")
WIDE = 9
"""Columns that a sheet of paper holds with all their digits side by side."""
LONG = 40
"""Letters from which a text is a sentence, and its column not to be squeezed."""


class Html(Sheet):
    """The verdict, the sections, the results, the groups, the pictures, the worst samples, and how it was computed."""

    def __init__(self, out: TextIO, view: View) -> None:
        super().__init__(out, view)
        self._worst: Worst | None = None

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Take the names of the columns."""
        super().start(columns, losses)
        if losses and self._limit and not self.view.summary and not self.view.extremes:
            self._worst = Worst(self._limit, losses)

    def samples(self, block: Block) -> None:
        """Keep the samples with the largest losses, or those that were asked for, which are all that come then."""
        if self._worst:
            self._worst.samples(block)
        else:
            super().samples(block)

    def finish(self, report: Report) -> None:
        """Write the page."""
        if self._worst and (block := self._worst.block()):
            self._values = {name: list(plain(cells)) for name, cells in block.items()}
            self._shown = len(next(iter(self._values.values())))
        super().finish(report)

    def write(self, samples: Sequence[Column], _results: Sequence[Column], report: Report) -> None:
        """Write the page around the tables; the results of groups have one of their own."""
        total = [one for one in report.results if one.by is None]
        grouped = [one for one in report.results if one.by is not None]
        by_loss = f"The {self._extremes()} of {report.n} losses, by {self.show(self._losses[0])}" if samples else ""
        sections = [part for name, records in report.sections.items() for part in self._section(name, records)]
        results = [
            *_chapter("Results", _table(result_columns(replace(report, results=total, by=()), self.show))),
            *_chapter("Groups", _table(result_columns(replace(report, results=grouped), self.show))),
        ]
        body = [
            *self._head(report),
            *([*sections, *results] if about(report) else [*results, *sections]),
            *_chapter("Pictures", (part for one in drawable(report) for part in self._picture(one))),
            *_chapter(self._which(), [*_paragraphs([by_loss]), *_table(_losses_first(samples))]),
            *_chapter("Notes", _listed(map(self.show, _texts(report.extra.get("notes"))))),
            *_chapter("How it was computed", self._origin(report)),
        ]
        page = PAGE.format(title=escape(self._title(report)), style=STYLE, body="\n".join(body), version=__version__)
        encoding = self.out.encoding or "utf-8"
        self.out.write(page.encode(encoding, "xmlcharrefreplace").decode(encoding))

    def _which(self) -> str:
        shown = {"worst": self.view.worst or not self.view.best, "best": self.view.best}
        return f"{' and '.join(which for which, some in shown.items() if some)} samples".capitalize()

    def _title(self, report: Report) -> str:
        about_data = [str(report.extra["task"])] if "task" in report.extra else report.sections
        named = ", ".join(map(self.show, report.losses or about_data))
        return f"{named or 'losscli'}{f': {report.n} samples' if report.n else ''}"

    def _head(self, report: Report) -> Iterable[str]:
        verdict = report.extra.get("verdict")
        badge = f" {_judged(self.show(verdict))}" if verdict is not None else ""
        dropped = f", {report.dropped} dropped for missing values" if report.dropped else ""
        yield f"<h1>{escape(self._title(report))}{badge}</h1>"
        yield from _paragraphs([f"{report.n} samples{dropped}"] if dropped else [])

    def _section(self, name: str, records: Sequence[Record]) -> Iterable[str]:
        return _chapter(self.show(name).capitalize(), _table(section_columns(records, self.show)))

    def _picture(self, picture: Picture) -> Iterable[str]:
        notes = "".join(f"<br>{escape(visible(note))}" for note in picture.notes)
        yield f"<figure>\n<figcaption><b>{escape(visible(picture.title))}</b>{notes}</figcaption>\n{svg(picture)}"
        if isinstance(picture, Lines):
            yield from _table([Column.of(name, values, self.show) for name, values in picture.table.items()])
        yield "</figure>"

    def _origin(self, report: Report) -> Iterable[str]:
        inputs = report.extra.get("inputs")
        if isinstance(inputs, Mapping):
            facts = [
                (key, value if isinstance(value, str) else dumps(strict(value), self.out))
                for key, value in inputs.items()
            ]
            rows = "\n".join(
                f'<tr><th scope="row">{escape(self.show(key))}</th><td>{escape(self.show(value))}</td></tr>'
                for key, value in facts
            )
            yield _scrolling(f"<table>\n{rows}\n</table>")
        yield from _listed(
            dict.fromkeys(self.show(one.signature) for one in report.results if one.by is None and one.signature),
            "signatures",
        )


def _losses_first(samples: Sequence[Column]) -> Sequence[Column]:
    """Return the columns with the losses after the row: however wide the page, they are seen."""
    return sorted(samples, key=lambda column: 0 if column.name == "row" else 1 if column.is_loss else 2)


def _chapter(title: str, parts: Iterable[str]) -> Iterable[str]:
    """Give a part of the page under its title; nothing if there is nothing to say."""
    inside = list(parts)
    if inside:
        yield "\n".join(["<section>", f"<h2>{escape(title)}</h2>", *inside, "</section>"])


def _table(columns: Sequence[Column]) -> Iterable[str]:
    """Give a table that scrolls by itself where the page is too narrow; nothing without rows."""
    if not columns or not columns[0].texts:
        return
    kinds = [_kind(column) for column in columns]
    head = "".join(
        f'<th scope="col"{kind}>{escape(column.name)}</th>' for kind, column in zip(kinds, columns, strict=True)
    )
    rows = [
        "".join(f"<td{kind}>{_cell(column, text)}</td>" for kind, column, text in zip(kinds, columns, row, strict=True))
        for row in zip(*(aligned(one.texts) if one.numeric else one.texts for one in columns), strict=True)
    ]
    lines = "\n".join(f"<tr>{row}</tr>" for row in rows)
    wide = ' class="wide"' if len(columns) > WIDE else ""
    yield _scrolling(f"<table{wide}>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>")


def _kind(column: Column) -> str:
    long = any(len(text) > LONG for text in column.texts)
    return ' class="n"' if column.numeric else ' class="long"' if long else ""


def _scrolling(table: str) -> str:
    return f'<div class="scroll" tabindex="0" role="region" aria-label="table">\n{table}\n</div>'


def _cell(column: Column, text: str) -> str:
    return _judged(text) if column.name == "verdict" else escape(text)


def _judged(verdict: str) -> str:
    kind = f"verdict {verdict}" if verdict in VERDICTS else "verdict"
    return f'<span class="{kind}">{escape(verdict)}</span>'


def _paragraphs(texts: Iterable[str]) -> Iterable[str]:
    return [f"<p>{escape(text)}</p>" for text in texts if text]


def _listed(texts: Iterable[str], kind: str = "notes") -> Iterable[str]:
    items = "\n".join(f"<li>{escape(text)}</li>" for text in texts)
    return [f'<ul class="{kind}">\n{items}\n</ul>'] if items else []


def _texts(value: object) -> Iterable[str]:
    return map(str, value) if isinstance(value, list | tuple) else ()


PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="losscli {version}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}
</main>
<footer>losscli {version}</footer>
</body>
</html>
"""
