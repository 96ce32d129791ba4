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


def note(text: str) -> None:
    """Say something that is not an error."""
    sys.stderr.write(f"losscli: note: {printable(text)}\n")


def error(problem: LossCliError) -> int:
    """Print an error and its way out; return the exit code."""
    hint = problem.hint or "losscli --help, or losscli show LOSS, tells more"
    sys.stderr.write(f"losscli: error: {printable(problem.message)}\nhint: {printable(hint)}\n")
    return problem.exit_code
