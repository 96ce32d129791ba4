"""Tables for a terminal, a pipe or a text file: no digit is ever cut, and data is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Literal

from losscli.formats.format import Report, View
from losscli.formats.sheet import Column, Sheet, section_columns

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table as Grid

    from losscli.pictures import Picture

UNLIMITED = 1_000_000
"""Columns of a pipe or a file, in characters."""
NARROWEST = 20
"""Below this a terminal folds the lines itself: rich would leave out columns that get no room."""
HEADER, TEXT = 16, 24
"""How narrow a header and a text cell may get where the width is short; beyond that the table is split."""
GAP = 2
"""Characters between two columns."""
_TRAILING = re.compile(r" +$", re.MULTILINE)
_POINT = re.compile("[.e]")

BOLD, DIM, VALUE, LARGEST, NOT_FINITE = "bold", "dim", "bold cyan", "yellow", "red"
VERDICTS = {
    **dict.fromkeys(("pass", "equal", "better"), "green"), **dict.fromkeys(("fail", "worse"), "red"),
    "inconclusive": "yellow",
}  # fmt: skip


def aligned(texts: Sequence[str], width: int = 0) -> list[str]:
    """Return numbers padded so that their decimal points stand under each other, at the right edge of ``width``.

    >>> aligned(["1.25", "10.5", "1e-07", "3"])
    [' 1.25 ', '10.5  ', ' 1e-07', ' 3    ']
    """
    wholes = [len(_POINT.split(text, maxsplit=1)[0]) for text in texts]
    left = max(wholes, default=0)
    shifted = [" " * (left - whole) + text for whole, text in zip(wholes, texts, strict=True)]
    right = max(map(len, shifted), default=0)
    return [text.ljust(right).rjust(width) for text in shifted]


class Table(Sheet):
    """The samples, then the results.

    In a terminal that is too narrow, a table is split by columns, each part beginning with what names its rows; one
    result alone, and results whose names leave no room, become blocks of ``key: value`` lines. Text is folded, and
    digits only where not even one number fits.
    """

    def write(self, samples: Sequence[Column], results: Sequence[Column], report: Report) -> None:
        """Write both tables."""
        from rich.console import Console
        from rich.text import Text

        console = Console(
            file=self.out,
            width=max(self.view.width or UNLIMITED, NARROWEST),
            height=25,
            force_terminal=self.view.color,
            force_jupyter=False,
            color_system="standard" if self.view.color else None,
            no_color=not self.view.color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
        )
        parts: list[RenderableType] = []
        if samples:
            note = self.note(report, "..." if console.options.ascii_only else "…")
            parts += [*_samples(samples, console), *([Text(note, DIM)] if note else []), ""]
        if results:
            parts += _results(results, console, names=len(report.by) + 1)
        for records in report.sections.values():
            columns = section_columns(records, self.show)
            if columns:
                parts += [*([""] if parts else []), *_results(columns, console, names=_named(columns))]
        for picture in report.pictures if report.in_text else ():
            parts += [*([""] if parts else []), *_picture(picture, self.view, console)]
        with console.capture() as captured:
            for part in parts:
                console.print(part)
        self.out.write(_TRAILING.sub("", captured.get()))


def _picture(picture: Picture, view: View, console: Console) -> Iterator[RenderableType]:
    """Give the lines of a picture, in blocks where they can be shown."""
    from rich.text import Text

    from losscli.formats.drawn import PIPE, drawn, plain_only  # noqa: PLC0415  only where pictures are wanted

    ascii_only = console.options.ascii_only or plain_only()
    for line in drawn(picture, view.width or PIPE, ascii_only=ascii_only, encoding=console.encoding):
        yield Text.assemble(*line, no_wrap=True, overflow="ignore")


def _samples(columns: Sequence[Column], console: Console) -> Iterator[RenderableType]:
    """Give one table if the terminal is wide enough, else one for every few columns."""
    whole = _grid(columns, console)
    if _fits(whole, console):
        yield whole
        return
    yield from _parts(_split(columns, console.width), console)


def _parts(parts: Iterable[Sequence[Column]], console: Console) -> Iterator[RenderableType]:
    for i, part in enumerate(parts):
        if i:
            yield ""
        yield _grid(part, console, narrow=True)


def _results(columns: Sequence[Column], console: Console, names: int) -> Iterator[RenderableType]:
    """Give one table if the terminal is wide enough, else several, or one block for each result.

    The first ``names`` columns tell the results apart.
    """
    whole = _grid(columns, console)
    if _fits(whole, console):
        yield whole
        return
    room = console.width - sum(_widest(column) + GAP for column in columns[:names])
    if len(columns[0].values) > 1 and all(_widest(column) <= room for column in columns[names:]):
        yield from _parts(_split(columns, console.width, names), console)
        return
    for i in range(len(columns[0].values)):
        if i:
            yield ""
        yield _block(columns, i)


def _named(columns: Sequence[Column]) -> int:
    """Return how many columns tell the records of a section apart: the texts that come first."""
    count = next((i for i, column in enumerate(columns) if column.numeric or column.name == "verdict"), len(columns))
    return max(count, 1)


def _fits(grid: Grid, console: Console) -> bool:
    from rich.measure import Measurement

    unlimited = console.options.update(width=UNLIMITED)
    return Measurement.get(console, unlimited, grid).maximum <= console.width


def _split(columns: Sequence[Column], width: int, names: int = 1) -> Iterable[Sequence[Column]]:
    """Deal the columns out to tables that fit, the first ``names`` (the row) to each of them."""
    named = list(columns[:names])
    parts: list[list[Column]] = []
    left = 0
    for column in columns[names:]:
        needed = GAP + _least(column)
        if not parts or needed > left:
            parts.append([*named])
            left = width - sum(map(_least, named)) - GAP * (names - 1)
        parts[-1].append(column)
        left -= needed
    return parts or [named]


def _widest(column: Column) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, [column.name, *column.texts]))


def _least(column: Column) -> int:
    """The width below which a column is not to be squeezed: a number never, a header and a text to some length."""
    from rich.cells import cell_len

    body, header = max(map(cell_len, column.texts)), cell_len(column.name)
    return max(body, min(header, HEADER)) if column.numeric else min(max(body, header), TEXT)


def _grid(columns: Sequence[Column], console: Console, *, narrow: bool = False) -> Grid:
    """Return the columns side by side: numbers to the right with their points aligned, text to the left."""
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table as Grid
    from rich.text import Text

    plain = box.Box(str(box.SIMPLE_HEAD).replace("─", "-"), ascii=True)
    grid = Grid(
        box=plain if console.options.ascii_only else box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        collapse_padding=True,
        header_style=BOLD,
    )
    cells = []
    for column in columns:
        side: Literal["left", "right"] = "right" if column.numeric else "left"
        grid.add_column(
            Text(column.name, justify=side, overflow="fold"),
            justify=side if narrow else "left",
            overflow="fold",
            width=_least(column) if narrow and column.numeric else None,
        )
        texts = aligned(column.texts, cell_len(column.name)) if column.numeric and not narrow else column.texts
        cells.append([Text(text, style) for text, style in zip(texts, _styles(column), strict=True)])
    for row in zip(*cells, strict=True):
        grid.add_row(*row)
    return grid


def _block(columns: Sequence[Column], i: int) -> Grid:
    """Return one result as ``key: value`` lines, without what it has nothing to say about."""
    from rich.table import Table as Grid
    from rich.text import Text

    block = Grid.grid(padding=(0, 1, 0, 0))
    block.add_column(overflow="fold")
    block.add_column(overflow="fold")
    for column in columns:
        if column.texts[i]:
            block.add_row(Text(f"{column.name}:", BOLD), Text(column.texts[i], _styles(column)[i]))
    return block


def _styles(column: Column) -> list[str]:
    """Return a style for each cell: what is not finite, the largest loss among those shown, the value, the verdict."""
    if column.name == "verdict":
        return [VERDICTS.get(str(value), "") for value in column.values]
    usual = VALUE if column.name == "value" and column.numeric else ""
    numbers = [value for value in column.values if isinstance(value, float) and isfinite(value)]
    largest = max(numbers) if column.is_loss and len(set(numbers)) > 1 else None
    return [
        NOT_FINITE if column.not_finite(i) else LARGEST if largest is not None and value == largest else usual
        for i, value in enumerate(column.values)
    ]
