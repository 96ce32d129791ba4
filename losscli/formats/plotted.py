"""Pictures in files of their own, PNG and SVG, drawn by matplotlib: the same bytes for the same numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from textwrap import fill
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

from losscli import __version__
from losscli.errors import DataError, UsageError
from losscli.escape import visible
from losscli.formats.drawn import shortened
from losscli.formats.format import Report, View
from losscli.formats.reduced import Reduced
from losscli.gallery import drawable
from losscli.pictures import Bars, Lines, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT, DPI = 8.0, 4.5, 144
"""Inches of one picture, and dots an inch."""
SHORT, BAR, HEAD = 2.5, 0.3, 0.3
"""Inches of a picture with few bars, of one of its bars, and of a signature."""
LINE, SMALLEST = 110, 150
"""Letters of small print, and of a signature, on a line."""
STYLE: dict[Any, object] = {
    "svg.hashsalt": "losscli",
    "text.parse_math": False,  # a dollar in a name is a dollar
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "font.size": 10,
}


class Plotted(Reduced):
    """One file with all pictures below each other, the signatures in its small print and in its metadata."""

    kind: ClassVar[str]

    def __init__(self, out: TextIO, view: View) -> None:
        """Raise DataError without matplotlib, before the data is read, and UsageError for a terminal."""
        if find_spec("matplotlib") is None:
            raise DataError(f"-o {self.kind} needs the extra", "pip install 'losscli[plot]'")
        if self.kind == "png" and out.isatty():
            raise UsageError("png is no text for a terminal", f"-o {self.kind}:loss.{self.kind}")
        super().__init__(out, view)

    def finish(self, report: Report) -> None:
        """Draw the pictures. Raises UsageError if there is none."""
        pictures = drawable(report)
        if not pictures:
            raise UsageError(
                f"{self.kind} is for pictures, and there is nothing to draw", "it draws losses of samples and --by"
            )
        signatures = list(dict.fromkeys(one.signature for one in report.results if one.by is None and one.signature))
        self.write(pictures, signatures)

    def write(self, pictures: Sequence[Picture], signatures: Sequence[str] = ()) -> None:
        """Draw some pictures, and say in small print how they came about."""
        data = plotted(pictures, signatures, self.kind)
        buffer = getattr(self._out, "buffer", None)
        if buffer is None:
            self._out.write(data.decode("utf-8"))
        else:
            self._out.flush()
            buffer.write(data)


class Png(Plotted):
    """Dots."""

    kind = "png"


class Svg(Plotted):
    """Lines and letters as outlines: the same on every computer."""

    kind = "svg"


def plotted(pictures: Sequence[Picture], signatures: Sequence[str], kind: str) -> bytes:
    """Return a file of pictures."""
    import warnings  # noqa: PLC0415  only where something is drawn

    import matplotlib as mpl  # noqa: PLC0415  as above
    from matplotlib import style  # noqa: PLC0415  as above
    from matplotlib.figure import Figure  # noqa: PLC0415  as above

    small = [fill(visible(one), SMALLEST) for one in signatures]
    said = {"Title": visible(pictures[0].title), "Description": visible("\n".join(signatures))}
    with warnings.catch_warnings(), style.context("default"), mpl.rc_context(STYLE):
        warnings.filterwarnings("ignore", message="Glyph .* missing from (current )?font")  # an empty box is drawn
        heights = list(map(_height, pictures))
        figure = Figure(figsize=(WIDTH, sum(heights) + HEAD * len(small)), dpi=DPI, layout="constrained")
        places = figure.subplots(len(pictures), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axes, picture in zip(places, pictures, strict=True):
            axes.set_title(fill(visible(picture.title), 80), loc="left", fontweight="bold", fontsize=11)
            _DRAWN[type(picture)](axes, picture)
            _below(axes, [fill(visible(note), LINE) for note in picture.notes])
        if small:
            figure.supxlabel("\n".join(small), x=0.01, ha="left", fontsize=6, color="0.4")
        found = io.BytesIO()
        figure.savefig(found, format=kind, metadata={**said, **_METADATA[kind]})
    return found.getvalue()


_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": f"losscli {__version__}"},
    "svg": {"Creator": f"losscli {__version__}", "Date": None},
}
"""Nothing in it tells the hour."""


def _height(picture: Picture) -> float:
    """Return the height of a picture, which has room for the name of every group."""
    if isinstance(picture, Bars) and not picture.edges:
        return max(BAR * len(picture.labels) + 1.5, SHORT)
    return HEIGHT


def _below(axes: Axes, notes: Sequence[str]) -> None:
    """Put the small print under the title of the axis below."""
    label = axes.get_xlabel()
    axes.set_xlabel("\n".join([label, *notes]))


def _bars(axes: Axes, picture: Bars) -> None:
    (_histogram if picture.edges else _groups)(axes, picture)


def _histogram(axes: Axes, picture: Bars) -> None:
    widths = [high - low for low, high in zip(picture.edges, picture.edges[1:], strict=False)]
    axes.bar(picture.edges[:-1], picture.lengths, widths, align="edge", edgecolor="white", linewidth=0.5)
    if picture.log:
        from matplotlib.ticker import FormatStrFormatter, NullFormatter  # noqa: PLC0415  as above

        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FormatStrFormatter("%g"))  # the usual one writes mathematics
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(visible(picture.names))
    axes.set_ylabel(visible(picture.measure))


def _groups(axes: Axes, picture: Bars) -> None:
    places = list(range(len(picture.labels)))
    bars = axes.barh(places, picture.lengths, height=0.75)
    axes.bar_label(bars, [f" {visible(text)}" for text in picture.texts], fontsize=8)
    axes.set_yticks(places, [shortened(visible(label)) for label in picture.labels])
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel(visible(picture.measure))
    axes.set_ylabel(visible(picture.names))


def _lines(axes: Axes, picture: Lines) -> None:
    for one in picture.series:
        look: dict[str, Any] = {"color": "0.6", "linestyle": "--"} if one.faint else {}
        axes.plot(one.x, one.y, marker="o" if one.dots else "", markersize=4, **look)
        axes.lines[-1].set_label(visible(one.name).lstrip("_") or "—")
    if picture.best:
        axes.plot(*picture.best, marker="*", markersize=14, color="C1", linestyle="")
        axes.lines[-1].set_label("best")
    dots = [x for one in picture.series if one.dots for x in one.x]
    if dots and all(float(x).is_integer() for x in dots):
        axes.locator_params(axis="x", integer=True)  # there is no epoch 1.5
    axes.legend(frameon=False)
    axes.set_xlabel(visible(picture.x))
    axes.set_ylabel(visible(picture.y))


_DRAWN: dict[type, Callable[[Axes, Any], None]] = {Bars: _bars, Lines: _lines}
