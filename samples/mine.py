"""Losses of a bakery, to show how losscli takes a loss of one's own."""

from __future__ import annotations

import numpy as np

from losscli.arrays import Array


def leftovers(y_true: Array, y_pred: Array, *, cost: float = 1.0, profit: float = 3.0) -> Array:
    """Cost of bread that is left over, or profit lost where it is sold out: zero at equality."""
    return np.where(y_pred > y_true, cost * (y_pred - y_true), profit * (y_true - y_pred))


def naive_log_cosh(y_true: Array, y_pred: Array) -> Array:
    """Logarithm of the hyperbolic cosine of the error: symmetric, and zero at equality."""
    return np.log(np.cosh(y_pred - y_true))
