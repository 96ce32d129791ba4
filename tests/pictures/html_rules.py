"""A strict reader of HTML: every element known, nested and closed as it must be, nothing that acts or loads."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "br"}
KNOWN = set(
    "html head meta title style body main footer section h1 h2 p b span div table thead tbody tr th td ul li figure "
    "figcaption br svg text rect line polyline circle".split()
)
HARMLESS = set(
    "lang charset name content http-equiv class scope tabindex role aria-label viewbox x y x1 y1 x2 y2 width height cx "
    "cy r points text-anchor transform".split()
)


class Node(NamedTuple):
    """An element: its tag, its attributes and the text right inside it."""

    tag: str
    attributes: dict[str, str]
    text: list[str]


class Strict(HTMLParser):
    """Reads a page; ``faults`` says what is wrong with it, ``nodes`` are its elements in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.nodes: list[Node] = []
        self._open: list[Node] = []

    @classmethod
    def of(cls, page: str) -> Strict:
        """Read a whole page."""
        reader = cls()
        reader.feed(page)
        reader.close()
        reader.faults += [f"<{node.tag}> is not closed" for node in reader._open]
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        node = Node(tag, {name: value or "" for name, value in attrs}, [])
        self.nodes.append(node)
        self.faults += [f"<{tag}> is unknown here"] if tag not in KNOWN else []
        self.faults += [f"{name} of <{tag}> is unknown here" for name in names if name not in HARMLESS]
        self.faults += [f"<{tag}> has an attribute twice"] if len(set(names)) < len(names) else []
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop().tag != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].text.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment: {data}")

    def texts(self, tag: str) -> list[str]:
        """The text of every element with this tag."""
        return ["".join(node.text) for node in self.nodes if node.tag == tag]
