"""The array types that the signatures speak of."""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]
AnyArray = NDArray[Any]

BLAS_BUFFER = 32 << 20
"""Bytes that OpenBLAS, which comes with numpy, maps at its first product and keeps."""


def squeezed(values: Array) -> Array:
    """Return rows of one number as single numbers: ``(n, 1)`` as ``(n,)``, so that nothing is broadcast to n × n."""
    return values[:, 0] if values.ndim > 1 and values.shape[1:] == (1,) else values


def flat(values: AnyArray) -> AnyArray:
    """Return all that a row holds side by side, ``(n, a, b)`` as ``(n, a·b)``, also where there are no rows."""
    return values.reshape(len(values), prod(values.shape[1:]))


def any_of(marks: Mask) -> Mask:
    """Mark the rows in which anything is marked."""
    return marks if marks.ndim == 1 else np.asarray(marks.any(axis=tuple(range(1, marks.ndim))))


def product(left: Array, right: Array) -> Array:
    """Return the matrix product. Raises MemoryError if there is no room for it.

    OpenBLAS raises nothing: without room for its buffer it ends the process with status 1, which would be a verdict,
    and up to 0.3.27 (numpy 2.1) it tries again without end. So numpy asks for as much room first.
    """
    _room_for_blas()
    return np.asarray(left @ right)


@cache
def _room_for_blas() -> None:
    np.empty(BLAS_BUFFER, dtype=np.uint8)


def counted(losses: Array, weights: Array | None) -> tuple[Array, Array | None]:
    """Leave out the rows of weight 0, so that an infinite loss times nothing is nothing."""
    if weights is None or (there := weights != 0).all():
        return losses, weights
    return losses[there], weights[there]
