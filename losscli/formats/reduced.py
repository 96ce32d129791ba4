"""What the formats share that show reduced values and no samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from losscli.formats.format import Block, View


class Reduced:
    """A format that waits for the results; its subclasses write them (``finish``)."""

    def __init__(self, out: TextIO, view: View) -> None:
        self._out = out
        self._precision = view.precision
        self.streams = False

    def start(self, columns: Sequence[str], losses: Sequence[str]) -> None:
        """Samples are not shown."""

    def samples(self, block: Block) -> None:
        """Samples are not shown."""
