"""Losses of a market stall."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from losscli.domains import REAL
from losscli.registry import loss


def register() -> None:
    """Register the losses; losscli calls it when it looks for a name."""
    loss(true=REAL, pred=REAL)(turned_away)


def turned_away(y_true: NDArray[np.float64], y_pred: NDArray[np.float64]) -> NDArray[np.float64]:
    """Customers who found nothing left."""
    if (y_true > 1e6).any():
        message = "no town has so many"
        raise RuntimeError(message)
    return np.maximum(y_true - y_pred, 0.0)
