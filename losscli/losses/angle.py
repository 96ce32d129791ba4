"""Angles: the direction of rows, whatever their length."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import VECTOR
from losscli.losses._numeric import row_sum, silent
from losscli.losses._twins import keras, keras2, optax, tf1, torch
from losscli.registry import Like, Param, loss


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
        optax("cosine_similarity", similarity=True, note="optax gives NaN for a row of zeros"),
    ),
)
@silent
def cosine_similarity(
    y_true: Array,
    y_pred: Array,
    *,
    similarity: Annotated[bool, Param("Give +cos, where more is better, instead of the loss −cos.")] = False,
    eps: Annotated[float, Param("Divide by a length of at least this.", ge=0)] = 0.0,
) -> Array:
    """Minus the cosine of the angle between two rows.

        −Σ y_true·y_pred / (‖y_true‖·‖y_pred‖)

    It is −1 for the same direction and 1 for opposite ones. A row of zeros has none: its cosine is taken as 0, as in
    Keras. The losses of Keras are negative like this one; its metric, PyTorch and optax give the similarity, with the
    other sign.

    >>> cosine_similarity(array([[1.0, 0.0], [1.0, 1.0]]), array([[0.0, 1.0], [1.0, 1.0]]))
    array([ 0., -1.])

    Source: https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
    """
    cosine = row_sum(_direction(y_true, eps) * _direction(y_pred, eps))
    return cosine if similarity else 0.0 - cosine


@loss(
    true=VECTOR,
    pred=VECTOR,
    symmetric=True,
    aliases=("1-cos",),
    like=(
        optax("cosine_distance", note="optax gives NaN for a row of zeros"),
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
    eps: Annotated[float, Param("Divide by a length of at least this.", ge=0)] = 0.0,
    normalise: Annotated[bool, Param("Divide the rows by their lengths.")] = True,
) -> Array:
    """One minus the cosine of the angle between two rows.

        1 − Σ y_true·y_pred / (‖y_true‖·‖y_pred‖)

    It is 0 for the same direction and 2 for opposite ones. A row of zeros has none: its distance is taken as 1.

    >>> cosine_distance(array([[1.0, 0.0], [1.0, 1.0]]), array([[0.0, 1.0], [1.0, 1.0]]))
    array([1., 0.])

    Source: https://optax.readthedocs.io/en/latest/api/losses.html#optax.losses.cosine_distance
    """
    if not normalise:
        return 1 - row_sum(y_true * y_pred)
    true, pred = _direction(y_true, eps), _direction(y_pred, eps)
    cosine, shortest = row_sum(true * pred), np.minimum(row_sum(np.square(true)), row_sum(np.square(pred)))
    # of two unit rows, half the squared distance is the same number, and does not cancel
    near = (cosine > 0.5) & (np.abs(shortest - 1) < 1e-12)  # noqa: PLR2004  any angle does; unit length but for rounding
    return np.where(near, 0.5 * row_sum(np.square(true - pred)), 1 - cosine)


def _direction(rows: Array, eps: float) -> Array:
    """Return each row divided by its length, which is measured in units of the largest entry lest a square overflow."""
    unit = np.max(np.abs(rows), axis=1, keepdims=True)
    unit = np.where(unit == 0, 1.0, unit)
    scaled = rows / unit
    length = np.sqrt(row_sum(np.square(scaled)))[:, None]
    floor = np.maximum(length, eps / unit)
    return scaled / np.where(floor == 0, 1.0, floor)
