"""Numbers as text: exact everywhere, rounded only where a person asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from losscli.formats.format import Cells

POSITIONAL_BELOW = 1e16
"""Where Python's own repr turns to scientific notation."""


def texts(cells: Cells) -> list[str]:
    """Return the cells as text; a number in the shortest form that reads back to the same float64.

    >>> texts(np.array([0.1, 1.0, 1e-7, np.nan, -np.inf]))
    ['0.1', '1.0', '1e-07', 'nan', '-inf']
    """
    return list(map(repr, cells.tolist())) if isinstance(cells, np.ndarray) else list(map(str, cells))


def plain(cells: Cells) -> Sequence[object]:
    """Return the cells as Python's own numbers and strings."""
    values: Sequence[object] = cells.tolist() if isinstance(cells, np.ndarray) else cells
    return values


def rounded(number: float, precision: int | None) -> str:
    """Return a float with ``precision`` decimals, or exact if that is None.

    What would be rounded away altogether, or has more digits than a float64 knows, turns to scientific notation:
    a loss that is not zero never looks like one.

    >>> [rounded(number, 3) for number in (0.12345, 2.0, 4e-9, 1e300)]
    ['0.123', '2.000', '4.000e-09', '1.000e+300']
    """
    if precision is None or not isfinite(number):
        return repr(number)
    fixed = f"{number:z.{precision}f}"
    vanished = number != 0 and float(fixed) == 0
    return f"{number:.{precision}e}" if vanished or abs(number) >= POSITIONAL_BELOW else fixed
