"""What can go wrong, as the user is told it: one fact, one way out, one exit code."""

from __future__ import annotations

from typing import ClassVar


class LossCliError(Exception):
    """Anything losscli refuses to do.

    ``message`` states the fact (file, line, column, value); ``hint`` the way out, if there is one. The command
    line prints them as two lines on stderr and leaves with ``exit_code``.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LossCliError):
    """The command or the call is wrong: an unknown loss, a bad parameter or option."""

    exit_code: ClassVar[int] = 2


class DataError(LossCliError):
    """The data is wrong: unreadable, wrong columns, unequal lengths, missing or out-of-domain values."""


def did_you_mean(word: str, known: list[str]) -> str:
    """Return ``did you mean 'x' or 'y'?`` for the nearest of ``known``, or an empty string.

    >>> did_you_mean("hubber", ["huber", "mse"])
    "did you mean 'huber'?"
    """
    import difflib  # noqa: PLC0415  3 ms of start-up, and only needed once something is wrong

    folded = {name.lower(): name for name in known}
    near = [folded[match] for match in difflib.get_close_matches(word.lower(), folded, n=3, cutoff=0.6)]
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""
