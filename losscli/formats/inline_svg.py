"""Pictures as SVG inside a page: text that can be selected, colours that the page's style sheet gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from losscli.escape import visible
from losscli.formats.drawn import extent, shortened, ticks
from losscli.histogram import HUGE
from losscli.pictures import Bars, Lines, Picture, Series

WIDTH, ROW, TEXT = 500, 22, 8.0
"""The width of a picture, the height of a bar with its gap, the width of a letter: pixels."""
LEFT, RIGHT, TOP, BOTTOM = 68, 12, 12, 44
"""What is left around lines for the axes."""
HEIGHT = 300


def svg(picture: Picture) -> str:
    """Return a picture as one ``svg`` element, whose title tells those who cannot see it what it shows."""
    height, parts = _DRAWN[type(picture)](picture)
    label = escape(visible(picture.title))
    head = f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{label}">'
    return "\n".join([head, f"<title>{label}</title>", *parts, "</svg>"])


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.6g}" y="{y:.6g}" class="{kind}" text-anchor="{anchor}">{escape(visible(text))}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.6g}" y1="{y1:.6g}" x2="{x2:.6g}" y2="{y2:.6g}" class="{kind}"/>'


def _bars(picture: Bars) -> tuple[float, Iterable[str]]:
    """Return lying bars: their labels can be read at any width of the page."""
    from rich.cells import cell_len

    labels = [shortened(visible(label)) for label in picture.labels]
    left = max(map(cell_len, labels), default=0) * TEXT + 10
    room = max(WIDTH - left - max(map(len, picture.texts), default=0) * TEXT - 10, 60.0)
    low, high = min(0.0, *picture.lengths, 0.0), max(0.0, *picture.lengths, 0.0)
    scale = room / (high - low or 1.0)
    zero = left - low * scale
    height = ROW * len(labels)
    return height + ROW, [
        *_each_bar(picture, labels, (left, zero, scale)),
        _line(zero, 0, zero, height, "axis"),
        _text(left - 8, height + 15, picture.names, "small", "start" if len(picture.names) * TEXT > left else "end"),
        _text(WIDTH, height + 15, picture.measure, "small", "end"),
    ]


def _each_bar(picture: Bars, labels: Sequence[str], place: tuple[float, float, float]) -> Iterable[str]:
    left, zero, scale = place
    for i, (label, length, text) in enumerate(zip(labels, picture.lengths, picture.texts, strict=True)):
        middle = i * ROW + 15
        start, end = sorted((zero, zero + length * scale))
        yield _text(left - 8, middle, label, "", "end")
        yield f'<rect x="{start:.6g}" y="{i * ROW + 3}" width="{end - start:.6g}" height="{ROW - 5}" class="bar"/>'
        yield _text(end + 6, middle, text)


def _lines(picture: Lines) -> tuple[float, Iterable[str]]:
    xs, ys = extent(picture.series)
    across, up = ticks(min(xs), max(xs), 5), ticks(min(ys), max(ys))

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (x - across[0]) / (across[-1] - across[0]) * (WIDTH - LEFT - RIGHT),
            TOP + (up[-1] - y) / (up[-1] - up[0]) * (HEIGHT - TOP - BOTTOM),
        )

    legend = [_legend(i, one) for i, one in enumerate(picture.series)]
    return HEIGHT + ROW * len(legend), [
        *_axes(picture, across, up, at),
        *(part for i, one in enumerate(picture.series) for part in _series(i, one, at)),
        *_best(picture, at),
        *legend,
    ]


Place = Callable[[float, float], tuple[float, float]]


def _axes(picture: Lines, across: Sequence[float], up: Sequence[float], at: Place) -> Iterable[str]:
    bottom = HEIGHT - BOTTOM
    for y in up:
        _, height = at(across[0], y)
        yield _line(LEFT, height, WIDTH - RIGHT, height, "grid")
        yield _text(LEFT - 6, height + 4, f"{y:.6g}", "small", "end")
    for x in across:
        place, _ = at(x, up[0])
        yield _line(place, bottom, place, bottom + 4, "axis")
        yield _text(place, bottom + 17, f"{x:.6g}", "small", "middle")
    yield _line(LEFT, bottom, WIDTH - RIGHT, bottom, "axis")
    yield _text((LEFT + WIDTH) / 2, bottom + 36, picture.x, "small", "middle")
    yield (
        f'<text transform="translate(12 {(TOP + bottom) / 2:g}) rotate(-90)" class="small" text-anchor="middle">'
        f"{escape(visible(picture.y))}</text>"
    )


def _kind(i: int, series: Series) -> str:
    return "faint" if series.faint else f"line l{i % 5}"


def _series(i: int, series: Series, at: Place) -> Iterable[str]:
    points = [at(x, y) for x, y in zip(series.x, series.y, strict=True) if abs(x) < HUGE and abs(y) < HUGE]
    line = " ".join(f"{x:.6g},{y:.6g}" for x, y in points)
    yield f'<polyline points="{line}" class="{_kind(i, series)}"/>'
    if series.dots:
        yield from (f'<circle cx="{x:.6g}" cy="{y:.6g}" r="3" class="dot l{i % 5}"/>' for x, y in points)


def _best(picture: Lines, at: Place) -> Iterable[str]:
    if picture.best:
        x, y = at(*picture.best)
        yield f'<circle cx="{x:.6g}" cy="{y:.6g}" r="7" class="best"/>'


def _legend(i: int, series: Series) -> str:
    y = HEIGHT + ROW * i + 4
    return _line(LEFT, y, LEFT + 24, y, _kind(i, series)) + _text(LEFT + 32, y + 4, series.name)


_DRAWN: dict[type, Callable[..., tuple[float, Iterable[str]]]] = {Bars: _bars, Lines: _lines}
