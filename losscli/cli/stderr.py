"""What goes to stderr: notes and errors, one line each, data shown escaped."""

from __future__ import annotations

import sys

from losscli.errors import LossCliError


def printable(text: str) -> str:
    r"""Escape what could steer a terminal: control characters and bidirectional overrides.

    >>> printable("a\x1b[31m")
    'a\\x1b[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode("ascii") for mark in text)


class Notes:
    """What is said beside the result: on stderr as it comes, and kept for the JSON document.

    ``quiet`` keeps stderr free of it; details go to stderr only if ``verbose``.
    """

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet, self._verbose = quiet, verbose
        self.texts: list[str] = []

    def say(self, text: str) -> None:
        """Say something that is not an error."""
        self.texts.append(text)
        if not self._quiet:
            sys.stderr.write(f"losscli: note: {printable(text)}\n")

    def detail(self, text: str) -> None:
        """Say something that few want to know."""
        if self._verbose:
            self.say(text)
        else:
            self.texts.append(text)


def error(problem: LossCliError) -> int:
    """Print an error and its way out; return the exit code."""
    hint = problem.hint or "losscli --help, or losscli show LOSS, tells more"
    sys.stderr.write(f"losscli: error: {printable(problem.message)}\nhint: {printable(hint)}\n")
    return problem.exit_code
