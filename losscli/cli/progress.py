"""A progress bar on stderr, for work that takes long enough to look for one."""

from __future__ import annotations

import os
import sys
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

from losscli.escape import visible
from losscli.sources.meter import Meter

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID

AFTER, EVERY = 0.5, 0.1
"""Seconds until the bar appears, and between two drawings of it."""

WIDE = 60
"""Columns of a terminal that has room for everything."""

NAMED = 14
"""Characters of a file's name beside the bar."""


class Bar:
    """The share of the data that was read, its rate and the time left; nothing unless stderr is a terminal.

    It is drawn while data is read, by whoever reads: there is no thread, so it never comes between the characters of
    something else. ``hide`` erases it, before anything else is written; it comes back with the next bytes.
    """

    def __init__(self) -> None:
        self.meter = Meter()
        self._next = monotonic() + AFTER
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown"):
            self.meter.watch = self._watch
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.meter.watch = None
        self.hide()

    def hide(self) -> None:
        """Erase it."""
        if self._shown:
            self._shown[0].stop()

    def _watch(self) -> None:
        now = monotonic()
        if now < self._next:
            return
        self._next = now + EVERY
        progress, task = self._shown = self._shown or self._made()
        progress.update(task, description=self._said(), completed=self.meter.done, total=self.meter.total)
        if not progress.live.is_started:
            progress.start()
            progress.console.show_cursor()  # that of a process that is killed would stay hidden
        progress.refresh()

    def _said(self) -> str:
        text = visible(self.meter.task or os.path.basename(self.meter.what))  # noqa: PTH119  pathlib costs start-up
        return text if len(text) <= NAMED else f"{text[: NAMED - 1]}…"

    def _made(self) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(file=sys.stderr)
        progress = Progress(
            *_columns(known=self.meter.total is not None, wide=console.width >= WIDE),
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            expand=True,
        )
        return progress, progress.add_task("")


def _columns(*, known: bool, wide: bool) -> list[ProgressColumn]:
    from rich import progress

    what, rate = progress.TextColumn("{task.description}", markup=False), progress.TransferSpeedColumn()
    if not known:
        return [*([what] if wide else []), progress.FileSizeColumn(), rate, progress.TimeElapsedColumn()]
    share = progress.TextColumn("{task.percentage:>3.0f}%")
    bar, left = progress.BarColumn(bar_width=None), progress.TimeRemainingColumn(compact=True)
    return [what, bar, share, progress.DownloadColumn(), rate, left] if wide else [bar, share, rate, left]
