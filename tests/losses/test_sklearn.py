"""scikit-learn itself, run on the same data: its twins agree to twelve digits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from sklearn import metrics

from losscli import evaluate
from losscli.arrays import AnyArray as Array

random = np.random.default_rng(20240229)
N = 200
LABELS, CLASSES = random.integers(0, 2, N), random.integers(0, 4, N)
CHANCES, ROWS = random.uniform(size=N), random.dirichlet(np.ones(4), N)
SCORES, WEIGHT = random.normal(size=N), random.uniform(0.1, 3, N)
TRUE = random.gamma(2.0, size=(N, 3))
PRED = TRUE + random.normal(scale=0.3, size=(N, 3)).clip(-0.9)

RATE = random.gamma(2.0, size=N)

SAME: list[tuple[str, Callable[..., float], Array, Array]] = [
    ("sklearn.metrics.mean_squared_error", metrics.mean_squared_error, TRUE, PRED),
    ("sklearn.metrics.root_mean_squared_error", metrics.root_mean_squared_error, TRUE[:, 0], PRED[:, 0]),
    ("sklearn.metrics.mean_absolute_error", metrics.mean_absolute_error, TRUE, PRED),
    ("sklearn.metrics.mean_absolute_percentage_error", metrics.mean_absolute_percentage_error, TRUE, PRED),
    ("sklearn.metrics.mean_squared_log_error", metrics.mean_squared_log_error, TRUE[:, 0], PRED[:, 0]),
    ("sklearn.metrics.mean_pinball_loss", metrics.mean_pinball_loss, TRUE, PRED),
    ("sklearn.metrics.root_mean_squared_log_error", metrics.root_mean_squared_log_error, TRUE[:, 0], PRED[:, 0]),
    ("sklearn.metrics.mean_tweedie_deviance", metrics.mean_tweedie_deviance, TRUE[:, 0], PRED[:, 0]),
    *(
        (f"tweedie-deviance:power={power}", partial(metrics.mean_tweedie_deviance, power=power), TRUE[:, 0], RATE)
        for power in (-1.5, 1, 1.5, 2, 3)
    ),
    ("sklearn.metrics.mean_poisson_deviance", metrics.mean_poisson_deviance, TRUE[:, 0], RATE),
    ("sklearn.metrics.mean_gamma_deviance", metrics.mean_gamma_deviance, TRUE[:, 0], RATE),
    ("bce", metrics.log_loss, LABELS, CHANCES),
    ("bce", metrics.log_loss, LABELS, CHANCES.round()),
    ("ce", metrics.log_loss, CLASSES, ROWS),
    ("sklearn.metrics.brier_score_loss", metrics.brier_score_loss, LABELS, CHANCES),
    ("sklearn.metrics.zero_one_loss", metrics.zero_one_loss, CLASSES, ROWS.argmax(axis=1)),
    ("hinge", metrics.hinge_loss, LABELS, SCORES),
    ("categorical-hinge", metrics.hinge_loss, CLASSES, np.log(ROWS)),
]


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    ("spec", "function", "true", "pred"), SAME, ids=[f"{one[0]}-{i}" for i, one in enumerate(SAME)]
)
def test_scikit_learn_gives_the_same_number(
    spec: str, function: Callable[..., float], true: Array, pred: Array, weight: Array | None
) -> None:
    expected = function(true, pred, sample_weight=weight)
    assert evaluate(spec, true, pred, weight, like="sklearn").value == pytest.approx(expected, rel=1e-12)
