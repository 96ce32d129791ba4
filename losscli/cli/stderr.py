"""What goes to stderr: notes and errors, one line each, data shown escaped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from losscli.errors import DataError, LossCliError
from losscli.escape import visible

LONGEST = 1600
"""Characters of the longest line that is said whole."""


class Notes:
    """What is said beside the result: on stderr as it comes, and kept for the JSON document.

    ``quiet`` keeps stderr free of it; details go to stderr only if ``verbose``. ``clear`` erases what may stand on the
    line, a progress bar.
    """

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self.quiet, self._verbose = quiet, verbose
        self.clear: Callable[[], None] = _nothing
        self.texts: list[str] = []

    def say(self, text: str) -> None:
        """Say something that is not an error; what was said already is not said again."""
        if text not in self.texts:
            self.texts.append(text)
            self.write(f"note: {text}")

    def write(self, text: str) -> None:
        """Write a line, unless ``quiet``."""
        if not self.quiet:
            self.clear()
            sys.stderr.write(f"losscli: {_shown(text)}\n")

    def detail(self, text: str) -> None:
        """Say something that few want to know."""
        if self._verbose:
            self.say(text)
        else:
            self.texts.append(text)


def _nothing() -> None:
    pass


def _shown(text: str) -> str:
    """Return a text for the eyes; of one that quotes a name as long as a book, the beginning and the end."""
    seen = visible(text)
    return seen if len(seen) <= LONGEST else f"{seen[: LONGEST // 2]} … {seen[-LONGEST // 4 :]}"


@contextmanager
def verdict_stays(code: int) -> Iterator[None]:
    """Only say that an output could not be written, if the exit code ``code`` has something worse to tell.

    A failed gate has failed, whether or not the report of it could be written.
    """
    try:
        yield
    except (DataError, BrokenPipeError) as unwritten:
        if not code:
            raise
        if isinstance(unwritten, DataError):
            error(unwritten)


def error(problem: LossCliError) -> int:
    """Print an error and its way out; return the exit code."""
    hint = problem.hint or "losscli --help, or losscli show LOSS, tells more"
    sys.stderr.write(f"losscli: error: {_shown(problem.message)}\nhint: {_shown(hint)}\n")
    return problem.exit_code
