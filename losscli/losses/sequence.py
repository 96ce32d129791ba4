"""Sequences: labels in order, at unknown times."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import LABEL_SEQUENCE, STEP_LOGITS, STEP_LOGS
from losscli.losses._numeric import log_softmax, silent
from losscli.losses._params import FromLogits
from losscli.losses._twins import keras, optax, torch
from losscli.registry import Like, Param, loss


@loss(
    true=LABEL_SEQUENCE,
    pred=When("from_logits", STEP_LOGITS, STEP_LOGS),
    aliases=("connectionist_temporal_classification",),
    like=(
        torch(
            "CTCLoss",
            "ctc_loss",
            "blank",
            "zero_infinity",
            per_label=True,
            note="PyTorch's mean divides the loss of each sequence by the number of its labels",
        ),
        keras("CTC ctc", from_logits=True, note="Keras gives about 710 where ours is infinite"),
        Like(
            "tf.nn.ctc_loss",
            "blank_index=blank",
            from_logits=True,
            note="TensorFlow gives about 710 where ours is infinite",
        ),
        optax("ctc_loss", "blank_id=blank", from_logits=True, note="optax gives about 1e5 where ours is infinite"),
    ),
)
@silent
def ctc(
    y_true: Array,
    y_pred: Array,
    *,
    blank: Annotated[int, Param("The class that stands for no label.", ge=0)] = 0,
    from_logits: FromLogits = False,
    per_label: Annotated[bool, Param("Divide by the number of labels of the sequence.")] = False,
    zero_infinity: Annotated[bool, Param("Let an impossible sequence cost 0.")] = False,
) -> Array:
    """Negative log likelihood of a sequence of labels, over all ways to time it.

        −ln Σ_π Π_t p_t(π_t),  π: the labels in order, each held for one step or more, with blanks between

    The truth is a row of labels, padded with −1; the prediction a row of logarithms of probabilities (or of logits) for
    each time step, as JSON or an array of three dimensions. Two equal labels need a blank between them. A sequence that
    is too long for the time steps, or holds the blank as a label, is impossible and costs infinity.

    >>> ctc(array([[1.0]]), array([[[-0.6931471805599453] * 2] * 2]))
    array([0.28768207])

    Source: A. Graves et al. (2006), Connectionist temporal classification, ICML.
    """
    samples, steps, classes = y_pred.shape
    logs = log_softmax(y_pred.reshape(-1, classes)).reshape(y_pred.shape) if from_logits else y_pred
    counts = np.sum(y_true >= 0, axis=1)
    path = np.full((samples, 2 * y_true.shape[1] + 1), blank)
    path[:, 1::2] = np.where(y_true >= 0, y_true, blank)
    skips = np.zeros(path.shape, dtype=bool)
    skips[:, 2:] = (path[:, 2:] != blank) & (path[:, 2:] != path[:, :-2])

    ways = np.full(path.shape, -np.inf)
    ways[:, 0] = 0.0
    for step in range(steps):
        before = np.logaddexp(ways, _shifted(ways, 1)) if step else ways
        if step:
            before = np.where(skips, np.logaddexp(before, _shifted(ways, 2)), before)
        else:
            before[:, 1] = 0.0
        ways = before + np.take_along_axis(logs[:, step], path, axis=1)
    last = 2 * counts[:, None]
    ends = np.take_along_axis(ways, np.hstack([last, np.maximum(last - 1, 0)]), axis=1)
    log_likelihood = np.where(counts == 0, ends[:, 0], np.logaddexp(ends[:, 0], ends[:, 1]))
    impossible = np.any((y_true == blank) & (y_true >= 0), axis=1)
    cost = np.where(impossible, np.inf, 0.0 - log_likelihood)
    cost = np.where(np.isinf(cost), 0.0, cost) if zero_infinity else cost
    return cost / np.maximum(counts, 1) if per_label else cost


def _shifted(ways: Array, by: int) -> Array:
    """Return what stands ``by`` places before each place of the path."""
    shifted = np.full_like(ways, -np.inf)
    shifted[:, by:] = ways[:, :-by]
    return shifted
