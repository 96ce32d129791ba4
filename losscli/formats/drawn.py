"""Pictures in characters: blocks, or plain ASCII where blocks cannot be shown; narrow enough for any terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from textwrap import wrap

import numpy as np

from losscli.arrays import Array
from losscli.escape import visible
from losscli.histogram import HUGE
from losscli.pictures import Bars, Lines, Picture, Series

Line = list[tuple[str, str]]
"""Some text with its style, piece by piece."""

TITLE, SMALL, BAR = "bold", "dim", "cyan"
COLORS = ("cyan", "yellow", "magenta", "green", "blue")
PIPE = 80
"""Characters a line where no terminal has a width."""
HEIGHT = 15
SHORTEST_BAR, LONGEST_LABEL = 4, 24
NARROWEST, SMALLEST = 1e-5, 1e-290
"""What share of its ends a range must span at least, and what is as good as 0."""
WIDEST = 100
"""Beyond it the eye no longer finds from a label to its bar."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters that a picture is made of: ``parts`` of a bar from the thinnest to the whole."""

    parts: str
    wall: str
    tick: str
    corner: str
    floor: str
    points: str
    trail: str
    faint: str
    best: str
    cut: str
    replaced: tuple[tuple[str, str], ...] = ()


BLOCKS = Marks("▏▎▍▌▋▊▉█", "│", "┤", "└", "─", "●○+×◆◇", "·", "░", "★", "…")
ASCII = Marks("#", "|", "+", "+", "-", "o+x*@%", ".", ":", "B", "~", (("–", "to"), ("−", "-"), ("…", "...")))


def drawn(picture: Picture, width: int, *, ascii_only: bool, encoding: str = "utf-8") -> list[Line]:
    """Return a picture as lines of at most ``width`` characters, as long as that is 40 or more."""
    marks = ASCII if ascii_only else BLOCKS

    def clean(text: str) -> str:
        for letter, plain in marks.replaced:
            text = text.replace(letter, plain)
        return visible(text, encoding)

    width = min(width, WIDEST)
    head = [[(line, TITLE)] for line in wrap(clean(picture.title), width)]
    notes = [[(line, SMALL)] for note in picture.notes for line in wrap(clean(note), width)]
    return [*head, *_DRAWN[type(picture)](picture, width, marks, clean), *notes]


def plain_only() -> bool:
    """Tell whether the terminal says of itself that it shows nothing but plain characters."""
    return os.environ.get("TERM") == "dumb"


def shortened(label: str, ellipsis: str = "…", most: int = LONGEST_LABEL) -> str:
    """Return a label that leaves room for its bar, whatever letters it has."""
    from rich.cells import cell_len, set_cell_size

    return label if cell_len(label) <= most else set_cell_size(label, most - len(ellipsis)) + ellipsis


# ── bars ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _bars(picture: Bars, width: int, marks: Marks, clean: Callable[[str], str]) -> Iterable[Line]:
    from rich.cells import cell_len, set_cell_size

    most = min(LONGEST_LABEL, width // 3)
    labels = [shortened(clean(label), marks.cut, most) for label in picture.labels]
    texts = list(map(clean, picture.texts))
    numeric = bool(picture.edges)
    names = shortened(clean(picture.names), marks.cut, most)
    widest = max(map(cell_len, labels if numeric else [*labels, names]), default=0)
    room = max(width - widest - max(map(len, texts), default=0) - 3, SHORTEST_BAR)
    low, high = min(0.0, *picture.lengths, 0.0), max(0.0, *picture.lengths, 0.0)
    span = high - low or 1.0
    zero = floor(-low / span * room)
    head = clean(picture.names) if numeric else set_cell_size(names, widest)
    yield [(f"{head} {marks.wall} {clean(picture.measure)}", SMALL)]
    for label, length, text in zip(labels, picture.lengths, texts, strict=True):
        name = " " * (widest - cell_len(label)) + label if numeric else set_cell_size(label, widest)
        bar = _bar(length, span, room, zero, marks)
        yield [(f"{name} {marks.wall}", ""), (bar, BAR), (f"{' ' if bar else ''}{text}", "")]


def _bar(length: float, span: float, room: int, zero: int, marks: Marks) -> str:
    """Return a bar as long as it should be to an eighth of a character; what is not zero is never invisible."""
    whole = marks.parts[-1]
    if length < 0:
        left = max(min(round(-length / span * room), zero), 1)
        return " " * (zero - left) + whole * left
    eighths = len(marks.parts)
    size = round(length / span * room * eighths)
    size = min(max(size, 1), (room - zero) * eighths) if length else 0
    full, rest = divmod(size, eighths)
    return " " * zero + whole * full + (marks.parts[rest - 1] if rest else "")


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return round numbers at one distance, which span at least from ``low`` to ``high``.

    >>> ticks(0.13, 0.98)
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    low, high = widened(low, high)
    span = high - low
    power = floor(log10(span / count))
    sizes = (float(f"{one}e{more}") for more in (power, power + 1) for one in (1, 2, 2.5, 5))
    step = next((size for size in sizes if ceil(high / size) - floor(low / size) <= count + 1), span)
    first, last = floor(low / step), ceil(high / step)
    return [float(f"{i * step:.12g}") for i in range(first, max(last, first + 1) + 1)]


def widened(low: float, high: float) -> tuple[float, float]:
    """Return a range that is wide enough for its ends to be told apart."""
    least = max(abs(low), abs(high)) * NARROWEST
    return low, max(high, low + (least if least > SMALLEST else 1.0))


def extent(series: Sequence[Series]) -> tuple[list[float], list[float]]:
    """Return the coordinates of all points that can be placed."""
    points = [
        (x, y) for one in series for x, y in zip(one.x, one.y, strict=True) if abs(x) < HUGE and abs(y) < HUGE
    ]  # fmt: skip
    return [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]


def _lines(picture: Lines, width: int, marks: Marks, clean: Callable[[str], str]) -> Iterable[Line]:
    xs, ys = extent(picture.series)
    levels = ticks(min(ys), max(ys))
    names = [f"{level:.6g}" for level in levels]
    margin = max(map(len, names))
    columns = max(width - margin - 3, SHORTEST_BAR)
    grid = _Grid(widened(min(xs), max(xs)), (levels[0], levels[-1]), columns)
    for i, one in reversed(list(enumerate(picture.series))):
        grid.draw(one, _mark(i, one, marks), marks.trail, _color(i, one))
    if picture.best:
        grid.put(*picture.best, marks.best, TITLE)
    labelled = {grid.row(level): name for level, name in zip(levels, names, strict=True)}
    yield [(clean(picture.y), SMALL)]
    for row in range(HEIGHT):
        edge = marks.tick if row in labelled else marks.wall
        yield [(f"{labelled.get(row, ''):>{margin}} {edge}", ""), *grid.line(row)]
    yield [(" " * (margin + 1) + marks.corner + marks.floor * columns, "")]
    left, right, middle = f"{min(xs):.6g}", f"{max(xs):.6g}", clean(picture.x)
    gap = columns - len(left) - len(right) - 2
    if len(middle) <= gap:
        yield [(f"{' ' * (margin + 2)}{left} {middle:^{gap}} {right}", "")]
    else:
        fits = gap + 2 > 0
        yield [(f"{' ' * (margin + 2)}{left}{' ' * (gap + 2)}{right if fits else ''}", "")]
        yield from [] if fits else [[(f"{right:>{width}}", "")]]
        yield from ([(line, SMALL)] for line in wrap(middle, width))
    for i, one in enumerate(picture.series):
        yield [(f"{' ' * (margin + 2)}{_mark(i, one, marks)}", _color(i, one)), (f" {clean(one.name)}", "")]
    yield from _table(picture, clean)


def _mark(i: int, series: Series, marks: Marks) -> str:
    return marks.faint if series.faint else marks.points[i % len(marks.points)]


def _color(i: int, series: Series) -> str:
    return SMALL if series.faint else COLORS[i % len(COLORS)]


class _Grid:
    """A field of characters over a range of x and y."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float], columns: int) -> None:
        self._x, self._y, self._columns = x, y, columns
        self._cells = [[(" ", "")] * columns for _ in range(HEIGHT)]

    def row(self, y: float) -> int:
        """Return the row that a height falls in, counted from the top."""
        low, high = self._y
        return round((high - y) / (high - low) * (HEIGHT - 1))

    def put(self, x: float, y: float, mark: str, style: str) -> None:
        """Mark a point."""
        low, high = self._x
        column = round((x - low) / (high - low) * (self._columns - 1))
        if 0 <= self.row(y) < HEIGHT and 0 <= column < self._columns:
            self._cells[self.row(y)][column] = (mark, style)

    def draw(self, series: Series, mark: str, trail: str, style: str) -> None:
        """Mark the points of a series, and in every column what is between them."""
        x, y = np.asarray(series.x, dtype=np.float64), np.asarray(series.y, dtype=np.float64)
        known = (np.abs(x) < HUGE) & (np.abs(y) < HUGE)
        if not known.any():
            return
        x, y = x[known], y[known]
        for one in self._between(x):
            self.put(float(one), float(np.interp(one, x, y)), trail if series.dots else mark, style)
        if series.dots:
            for one, height in zip(x.tolist(), y.tolist(), strict=True):
                self.put(one, height, mark, style)

    def _between(self, x: Array) -> Array:
        places = np.linspace(self._x[0], self._x[1], self._columns)
        inside: Array = places[(places >= x[0]) & (places <= x[-1])]
        return inside

    def line(self, row: int) -> Line:
        """Return a row, with neighbours of one style together."""
        found: Line = []
        for mark, style in self._cells[row]:
            if found and found[-1][1] == style:
                found[-1] = (found[-1][0] + mark, style)
            else:
                found.append((mark, style))
        return found


def _table(picture: Lines, clean: Callable[[str], str]) -> Iterable[Line]:
    """Give the numbers behind the picture, in columns."""
    cells = [[clean(name), *(clean(str(value)) for value in values)] for name, values in picture.table.items()]
    if not cells:
        return
    widths = [max(map(len, column)) for column in cells]
    yield []
    for i, row in enumerate(zip(*cells, strict=True)):
        line = "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True))
        yield [(line, "" if i else TITLE)]


_DRAWN: dict[type, Callable[..., Iterable[Line]]] = {Bars: _bars, Lines: _lines}
