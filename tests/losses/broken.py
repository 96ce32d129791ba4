"""For each law a loss that breaks it, and data that shows it: the laws must reject these."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL
from losscli.registry import Loss, Param

TRUE, PRED = np.array([1.0, 2.0, 4.0]), np.array([1.5, 0.0, 4.0])


def widened(y_true: Array, y_pred: Array) -> Array:
    """Broadcast by accident: three numbers per sample."""
    return np.square(y_true[:, None] - y_pred[None, :])


def narrowed(y_true: Array, y_pred: Array) -> Array:
    return np.square(y_true - y_pred).astype(np.float32)


def undefined(y_true: Array, y_pred: Array) -> Array:
    return np.where(y_true == y_pred, np.nan, np.square(y_true - y_pred))


def unsaid(y_true: Array, y_pred: Array) -> Array:
    """Squared error over zero, and not a word on what that gives."""
    return np.where(y_pred == 0, np.inf, np.square(y_true - y_pred))


def minus_zero(y_true: Array, y_pred: Array) -> Array:
    return -np.square(y_true - y_pred)


def centred(y_true: Array, y_pred: Array) -> Array:
    """Look at the other rows."""
    return np.square(y_true - y_pred - np.mean(y_true - y_pred))


def cumulated(y_true: Array, y_pred: Array) -> Array:
    return np.cumsum(np.square(y_true - y_pred))


def in_place(y_true: Array, y_pred: Array) -> Array:
    y_pred -= y_true
    return np.square(y_pred)


def loud(y_true: Array, y_pred: Array) -> Array:
    losses: Array = np.square(y_true - y_pred) + 0 * np.log(np.abs(y_pred))
    return losses


def signed(y_true: Array, y_pred: Array) -> Array:
    return np.subtract(y_pred, y_true)


def biased(y_true: Array, y_pred: Array) -> Array:
    return np.square(y_true - y_pred) + 1e-7


def lopsided(y_true: Array, y_pred: Array) -> Array:
    losses: Array = np.square(y_true - y_pred) / (1 + np.abs(y_true))
    return losses


def halved(y_true: Array, y_pred: Array) -> Array:
    return np.square(y_true - y_pred) / 2


def deaf(y_true: Array, y_pred: Array, *, delta: Annotated[float, Param("Has no effect.", gt=0)] = 1.0) -> Array:
    """Ignore the parameter."""
    return np.square(y_true - y_pred) + 0 * delta


def undocumented(y_true: Array, y_pred: Array) -> Array:
    return np.square(y_true - y_pred)


def misquoted(y_true: Array, y_pred: Array) -> Array:
    """Squared error.

        (y_pred − y_true)²

    >>> misquoted(array([1.0]), array([3.0]))
    array([2.])

    Source: none.
    """
    return np.square(y_true - y_pred)


broken = partial(Loss, true=REAL, pred=REAL)
UNBOUNDED = Param("Any number is taken.", name="delta")
