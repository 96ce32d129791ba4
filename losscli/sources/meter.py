"""How far the reading of the data has come, for whoever waits for it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence


class Meter:
    """Counts the bytes that were read of each file, as they lie on the disk: compressed ones where they are.

    ``task`` says what they are read for, if not for the result. ``watch`` is called whenever some were read.
    """

    def __init__(self) -> None:
        self.task = ""
        self.watch: Callable[[], None] | None = None
        self._paths: list[str] = []
        self._read: dict[str, int] = {}
        self._total: int | None = None

    def expect(self, paths: Sequence[str]) -> None:
        """Take note of files that will be read."""
        self._paths += paths
        self._total = None

    def at(self, name: str, position: int) -> None:
        """Take note that a file has been read up to a position; it may go back to the beginning."""
        self._read[name] = position
        if self.watch:
            self.watch()

    def again(self) -> None:
        """Take note that everything will be read once more, now for the result."""
        self.task = ""
        self._read.clear()

    @property
    def done(self) -> int:
        """How many bytes were read."""
        return sum(self._read.values())

    @property
    def total(self) -> int | None:
        """How many bytes there are; None if one of the inputs is a stream."""
        if self._total is None:
            try:
                files = [os.stat(path) for path in dict.fromkeys(self._paths)]  # noqa: PTH116  pathlib costs start-up
            except OSError:
                return None
            if all(stat.S_ISREG(file.st_mode) for file in files):
                self._total = sum(file.st_size for file in files)
        return self._total

    @property
    def what(self) -> str:
        """What is read: the file, or how many of them."""
        names = ["stdin" if path == "-" else path for path in dict.fromkeys(self._paths)]
        return names[0] if len(names) == 1 else f"{len(names)} files"
