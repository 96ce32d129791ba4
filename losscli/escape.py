"""Text from the data made harmless for the eyes: nothing in it moves the cursor or turns the line around."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters, ESC and CSI among them
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks and overrides, zero-width space
    "\u2028\u2029\ufeff"  # line and paragraph separators, byte-order mark
    r"]|\A\s*:(?=:)|##(?=\[)"  # what GitHub's runner takes for a command in the log: ``::`` first in a line, ``##[``
)


def visible(text: str, encoding: str = "utf-8") -> str:
    r"""Return the text with control characters, and what the encoding cannot write, as Python writes them.

    So is the first mark of what a continuous integration server would take for a command.

    >>> print(visible("a\x1b[31mb\nc"))
    a\x1b[31mb\nc
    """
    seen = _INVISIBLE.sub(lambda found: _written(found[0]), text)
    return seen.encode(encoding, "backslashreplace").decode(encoding)


def _written(mark: str) -> str:
    if mark[-1] in ":#":
        return f"{mark[:-1]}\\x{ord(mark[-1]):x}"
    return mark.encode("unicode_escape").decode("ascii")
