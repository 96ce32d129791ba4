"""Angles: the direction of rows, whatever their length."""

from __future__ import annotations

from math import sqrt
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import VECTOR
from losscli.losses._numeric import row_sum, silent
from losscli.losses._twins import keras, keras2, optax, tf1, torch
from losscli.registry import Like, Param, loss

ZEROS = "optax gives NaN for a row of zeros, unless its epsilon is above 0"
Eps = Annotated[float, Param("Divide by a length of at least this.", ge=0)]
SquareEps = Annotated[
    float | None, Param("Take a squared length for at least this; with 0, a row of zeros is NaN.", ge=0)
]


@loss(
    true=VECTOR,
    pred=VECTOR,
    symmetric=True,
    aliases=("cosine", "cosine_proximity"),
    like=(
        keras("CosineSimilarity cosine_similarity", eps=1e-7),
        keras2("CosineSimilarity cosine_similarity", eps=1e-6),
        Like("keras.metrics.CosineSimilarity", reduction="mean", similarity=True, eps=1e-7),
        Like("tf.keras.metrics.CosineSimilarity", reduction="mean", similarity=True, eps=1e-6),
        torch("CosineSimilarity", "cosine_similarity", "eps", similarity=True, eps=1e-8),
        optax("cosine_similarity", "epsilon=square_eps", similarity=True, square_eps=0.0, note=ZEROS),
    ),
)
@silent
def cosine_similarity(
    y_true: Array,
    y_pred: Array,
    *,
    similarity: Annotated[bool, Param("Give +cos, where more is better, instead of the loss −cos.")] = False,
    eps: Eps = 0.0,
    square_eps: SquareEps = None,
) -> Array:
    """Minus the cosine of the angle between two rows.

        −Σ y_true·y_pred / (‖y_true‖·‖y_pred‖)

    It is −1 for the same direction and 1 for opposite ones. A row of zeros has none: its cosine is taken as 0, as in
    Keras, while optax gives NaN. The losses of Keras are negative like this one; its metric, PyTorch and optax give the
    similarity, with the other sign.

    >>> cosine_similarity(array([[1.0, 0.0], [1.0, 1.0]]), array([[0.0, 1.0], [1.0, 1.0]]))
    array([ 0., -1.])

    Source: https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
    """
    cosine = row_sum(_direction(y_true, eps, square_eps) * _direction(y_pred, eps, square_eps))
    return cosine if similarity else 0.0 - cosine


@loss(
    true=VECTOR,
    pred=VECTOR,
    symmetric=True,
    aliases=("1-cos",),
    like=(
        optax("cosine_distance", "epsilon=square_eps", square_eps=0.0, note=ZEROS),
        tf1(
            "cosine_distance",
            normalise=False,
            note="TensorFlow takes the rows as they are: unless their length is 1, this is no distance",
        ),
    ),
)
@silent
def cosine_distance(
    y_true: Array,
    y_pred: Array,
    *,
    eps: Eps = 0.0,
    square_eps: SquareEps = None,
    normalise: Annotated[bool, Param("Divide the rows by their lengths.")] = True,
) -> Array:
    """One minus the cosine of the angle between two rows.

        1 − Σ y_true·y_pred / (‖y_true‖·‖y_pred‖)

    It is 0 for the same direction and 2 for opposite ones. A row of zeros has none: its distance is taken as 1, while
    optax gives NaN.

    >>> cosine_distance(array([[1.0, 0.0], [1.0, 1.0]]), array([[0.0, 1.0], [1.0, 1.0]]))
    array([1., 0.])

    Source: https://optax.readthedocs.io/en/latest/api/losses.html#optax.losses.cosine_distance
    """
    if not normalise:
        return 1 - row_sum(y_true * y_pred)
    true, pred = _direction(y_true, eps, square_eps), _direction(y_pred, eps, square_eps)
    cosine, shortest = row_sum(true * pred), np.minimum(row_sum(np.square(true)), row_sum(np.square(pred)))
    # of two unit rows, half the squared distance is the same number, and does not cancel
    near = (cosine > 0.5) & (np.abs(shortest - 1) < 1e-12)  # noqa: PLR2004  any angle does; unit length but for rounding
    return np.where(near, 0.5 * row_sum(np.square(true - pred)), 1 - cosine)


def _direction(rows: Array, eps: float, square_eps: float | None) -> Array:
    """Return each row divided by its length, which is measured in units of the largest entry lest a square overflow."""
    unit = np.max(np.abs(rows), axis=1, keepdims=True)
    unit = np.where(unit == 0, 1.0, unit)
    scaled = rows / unit
    length = np.sqrt(row_sum(np.square(scaled)))[:, None]
    floor = np.maximum(length, max(eps, sqrt(square_eps or 0.0)) / unit)
    return scaled / (floor if square_eps is not None else np.where(floor == 0, 1.0, floor))
