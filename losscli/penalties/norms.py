"""Penalties: what a model's weights cost."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.registry import Like, Param, penalty

L1 = Annotated[float, Param("Factor of the sum of absolute values.", ge=0)]
L2 = Annotated[float, Param("Factor of the sum of squares.", ge=0)]
Half = Annotated[bool, Param("Take half the squares, as tf.nn.l2_loss and a weight decay do.")]


@penalty(
    aliases=("lasso", "regularizers.L1", "l1_regularizer"),
    like=(
        Like("keras.regularizers.L1 keras.regularizers.l1", "l1"),
        Like("tf.keras.regularizers.L1 tf.keras.regularizers.l1", "l1"),
    ),
)
def l1_penalty(weights: Array, *, l1: L1 = 0.01) -> Array:
    """Sum of the absolute values of the weights, times a factor.

        l1·Σ|w|

    The factor is 0.01 unless it is given, as in Keras.

    >>> l1_penalty(array([1.0, -3.0]))
    array([0.01, 0.03])

    Source: https://keras.io/api/layers/regularizers/
    """
    return l1 * np.abs(weights)


@penalty(
    aliases=("ridge", "weight_decay", "regularizers.L2", "l2_regularizer"),
    like=(
        Like("keras.regularizers.L2 keras.regularizers.l2", "l2"),
        Like("tf.keras.regularizers.L2 tf.keras.regularizers.l2", "l2"),
    ),
)
def l2_penalty(weights: Array, *, l2: L2 = 0.01, half: Half = False) -> Array:
    """Sum of the squares of the weights, times a factor.

        l2·Σw²      with half, l2·½Σw²

    The factor is 0.01 unless it is given, as in Keras, and the squares are whole: scikit-learn's ridge takes them whole
    too, `tf.nn.l2_loss` halves them and has no factor (l2=1,half), and a weight decay λ in an optimiser acts like half
    of λΣw².

    >>> l2_penalty(array([1.0, -3.0]), l2=0.5)
    array([0.5, 4.5])

    Source: https://keras.io/api/layers/regularizers/
    """
    return l2 * (0.5 if half else 1.0) * np.square(weights)


@penalty(
    aliases=("l1_l2", "l1_l2_penalty", "elasticnet", "regularizers.L1L2"),
    like=(
        Like("keras.regularizers.L1L2 keras.regularizers.l1_l2", "l1", "l2", l1=0.0, l2=0.0),
        Like("tf.keras.regularizers.L1L2", "l1", "l2", l1=0.0, l2=0.0),
        Like("tf.keras.regularizers.l1_l2", "l1", "l2"),
    ),
)
def elastic_net(weights: Array, *, l1: L1 = 0.01, l2: L2 = 0.01, half: Half = False) -> Array:
    """Both penalties together: absolute values and squares.

        l1·Σ|w| + l2·Σw²      with half, l1·Σ|w| + l2·½Σw²

    scikit-learn's ElasticNet(alpha, l1_ratio) is l1 = alpha·l1_ratio and l2 = alpha·(1 − l1_ratio) with half. Keras'
    L1L2() without arguments costs nothing: both factors are 0 there.

    >>> elastic_net(array([1.0, -3.0]), l1=1.0, l2=0.5)
    array([1.5, 7.5])

    Source: https://keras.io/api/layers/regularizers/
    """
    return l1 * np.abs(weights) + l2 * (0.5 if half else 1.0) * np.square(weights)
