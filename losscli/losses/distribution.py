"""Distributions: rows of probabilities."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import DISTRIBUTION, LOG_DISTRIBUTION, When
from losscli.losses._numeric import log_ratio, row_sum, silent, weighed
from losscli.losses._twins import both_keras, optax, torch
from losscli.registry import Param, loss


@loss(
    true=When("log_true", LOG_DISTRIBUTION, DISTRIBUTION),
    pred=When("log_pred", LOG_DISTRIBUTION, DISTRIBUTION),
    aliases=("kl_divergence", "kullback_leibler_divergence", "kullback_leibler", "kl_div", "rel_entr"),
    like=(
        *both_keras("KLDivergence kl_divergence", eps=1e-7),
        torch(
            "KLDivLoss",
            "kl_div",
            "log_target=log_true",
            log_pred=True,
            mean_over_classes=True,
            note="PyTorch's mean divides by the number of classes too; its batchmean is the divergence",
        ),
        optax("kl_divergence", log_pred=True),
        optax("kl_divergence_with_log_targets", log_pred=True, log_true=True),
    ),
)
@silent
def kld(
    y_true: Array,
    y_pred: Array,
    *,
    log_true: Annotated[bool, Param("The truth holds logarithms of probabilities.")] = False,
    log_pred: Annotated[bool, Param("The predictions are logarithms of probabilities.")] = False,
    eps: Annotated[float, Param("Raise every probability to at least this.", ge=0, lt=1)] = 0.0,
    mean_over_classes: Annotated[bool, Param("Average over the classes instead of summing.")] = False,
) -> Array:
    """Kullback-Leibler divergence of the prediction from the truth.

        Σ_k p_k ln(p_k / q_k),  p = y_true, q = y_pred

    A term with p = 0 is 0; q = 0 where p is not costs infinity, which Keras hides by raising both to 1e-7. PyTorch and
    optax take the prediction first, as logarithms (`log_pred`). Rows are not renormalised.

    >>> kld(array([[0.5, 0.5], [0.2, 0.8]]), array([[0.9, 0.1], [0.1, 0.9]]))
    array([0.51082562, 0.04440301])

    Source: S. Kullback and R. A. Leibler (1951), On information and sufficiency, Annals of Mathematical Statistics 22.
    """
    p, log_p = _probabilities(y_true, eps, logs=log_true)
    q, log_q = _probabilities(y_pred, eps, logs=log_pred)
    ratio = log_p - log_q if log_true or log_pred else log_ratio(p, q, p - q)
    divergence = row_sum(weighed(p, ratio))
    return divergence / y_true.shape[1] if mean_over_classes else divergence


def _probabilities(rows: Array, eps: float, *, logs: bool) -> tuple[Array, Array]:
    """Return p and ln p of rows that hold either."""
    p = np.maximum(np.exp(rows) if logs else rows, eps)
    return p, np.maximum(rows, np.log(eps)) if logs else np.log(p)
