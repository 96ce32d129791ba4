"""The array types that the signatures speak of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
AnyArray = NDArray[Any]


def squeezed(values: Array) -> Array:
    """Return rows of one number as single numbers: ``(n, 1)`` as ``(n,)``, so that nothing is broadcast to n × n."""
    return values[:, 0] if values.ndim > 1 and values.shape[1:] == (1,) else values


def any_of(marks: Mask) -> Mask:
    """Mark the rows in which anything is marked."""
    return marks if marks.ndim == 1 else np.asarray(marks.reshape(len(marks), -1).any(axis=1))
