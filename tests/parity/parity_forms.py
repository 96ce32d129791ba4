"""How the inputs of a loss become a framework's arguments, where these are not just the prediction and the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from parity_calls import Call

from losscli.arrays import AnyArray

REQUIRED: dict[str, dict[str, Any]] = {
    "tf.compat.v1.losses.cosine_distance": {"axis": 1},
    "keras.losses.Dice:axis=1": {"axis": 1},
    "keras.losses.Dice:axis=-1": {"axis": -1},
    "keras.losses.dice:axis=1": {"axis": 1},
    "keras.losses.dice:axis=-1": {"axis": -1},
    "keras.losses.Tversky:axis=1": {"axis": 1},
    "keras.losses.Tversky:axis=-1": {"axis": -1},
    "keras.losses.tversky:axis=1": {"axis": 1},
    "keras.losses.tversky:axis=-1": {"axis": -1},
    "tf.nn.ctc_loss": {"logits_time_major": False},
    "optax.losses.ranking_softmax_loss": {"reduce_fn": None},
    "optax.losses.dice_loss": {"ignore_background": True},
}
"""Path -> arguments without which the framework's number is not one for each row; they mean nothing here."""


def _truth(call: Call) -> AnyArray:
    """Return the truth, in whole numbers where it is a class for each row of predictions."""
    return call.y_true.astype(np.int64) if call.y_true.ndim < call.y_pred.ndim else call.y_true


def _pred_first(call: Call) -> tuple[AnyArray, ...]:
    return call.y_pred, _truth(call)


def _true_first(call: Call) -> tuple[AnyArray, ...]:
    return _truth(call), call.y_pred


def _as_given(call: Call) -> tuple[AnyArray, ...]:
    return call.y_true, call.y_pred


def _mean_truth_variance(call: Call) -> tuple[AnyArray, ...]:
    return call.y_pred[:, 0], call.y_true, call.y_pred[:, 1]


def _two_scores(call: Call) -> tuple[AnyArray, ...]:
    return call.y_pred[:, 0], call.y_pred[:, 1], call.y_true


def _two_rows(call: Call) -> tuple[AnyArray, ...]:
    return (*np.split(call.y_pred, 2, axis=1), call.y_true)


def _three_rows(call: Call) -> tuple[AnyArray, ...]:
    return (call.y_true, *np.split(call.y_pred, 2, axis=1))


def _label_indices(call: Call) -> tuple[AnyArray, ...]:
    """Return the indices of the labels that are there, padded with -1."""
    present = call.y_true == 1
    order = np.argsort(~present, axis=1, kind="stable")
    return call.y_pred, np.where(np.take_along_axis(present, order, axis=1), order, -1)


def _two_classes(call: Call) -> tuple[AnyArray, ...]:
    """Return the mask as the second of two classes, of which the first is the background."""
    logits = call.params.get("apply_softmax", True)
    background = np.zeros_like(call.y_pred) if logits else 1 - call.y_pred
    return np.stack([background, call.y_pred], axis=-1), np.stack([1 - call.y_true, call.y_true], axis=-1)


def _lengths(call: Call) -> tuple[AnyArray, AnyArray]:
    """Return the number of labels and the number of time steps of each sequence."""
    return np.sum(call.y_true >= 0, axis=1), np.full(len(call.y_pred), call.y_pred.shape[1])


def _labels(call: Call) -> AnyArray:
    """Return the labels of each sequence, padded with 0."""
    return np.maximum(call.y_true, 0).astype(np.int64)


def _torch_sequence(call: Call) -> tuple[AnyArray, ...]:
    labels, steps = _lengths(call)
    return np.swapaxes(call.y_pred, 0, 1), _labels(call), steps, labels


def _tensorflow_sequence(call: Call) -> tuple[AnyArray, ...]:
    return _labels(call), call.y_pred.astype(np.float32), *_lengths(call)


def _keras_sequence(call: Call) -> tuple[AnyArray, ...]:
    return _labels(call), call.y_pred


def _optax_sequence(call: Call) -> tuple[AnyArray, ...]:
    return call.y_pred, np.zeros(call.y_pred.shape[:2]), _labels(call), np.where(call.y_true < 0, 1.0, 0.0)


FORMS: Mapping[tuple[str, str], Callable[[Call], tuple[AnyArray, ...]]] = {
    ("torch", "gaussian-nll"): _mean_truth_variance,
    ("torch", "margin-ranking"): _two_scores,
    ("torch", "cosine-embedding"): _two_rows,
    ("torch", "triplet"): _three_rows,
    ("torch", "multilabel-margin"): _label_indices,
    ("torch", "ctc"): _torch_sequence,
    ("keras", "ctc"): _keras_sequence,
    ("tensorflow", "ctc"): _tensorflow_sequence,
    ("optax", "ctc"): _optax_sequence,
    ("optax", "triplet"): _three_rows,
    ("optax", "tversky"): _two_classes,
}
"""Framework and loss -> the arguments that stand first."""

ORDER = {
    "torch": _pred_first,
    "optax": _pred_first,
    "tensorflow": _true_first,
    "keras": _as_given,
    "tf_keras": _as_given,
}
"""Framework -> these arguments where they are just the prediction and the truth."""


def arguments(framework: str, call: Call) -> tuple[AnyArray, ...]:
    """Return the arguments that stand first in a call of the framework."""
    return FORMS.get((framework, call.loss), ORDER[framework])(call)


def pairs(call: Call) -> dict[str, Any]:
    """Return two items for each row, the better one first in its pair, as CatBoost takes them."""
    first = 2 * np.arange(len(call.y_true))[:, None]
    better = np.where(call.y_true == 1, 0, 1)[:, None]
    return {
        "label": np.zeros(call.y_pred.size).tolist(),
        "approx": call.y_pred.ravel().tolist(),
        "group_id": np.repeat(first, 2).tolist(),
        "pairs": np.hstack([first + better, first + 1 - better]).tolist(),
    }
