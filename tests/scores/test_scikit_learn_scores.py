"""scikit-learn itself, run on the same data with ties and weights: its names give its numbers to twelve digits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from score_cases import scored
from sklearn import metrics

from losscli.arrays import AnyArray as Array

random = np.random.default_rng(20240229)
N = 120
WEIGHT = random.integers(1, 9, N) / 4
TRUE = random.integers(0, 6, N) / 2
PRED = TRUE + random.integers(-3, 4, N) / 4
LABELS, GUESSES = random.integers(0, 2, N), random.integers(0, 2, N)
CLASSES, CHOICES = random.integers(0, 4, N), random.integers(0, 4, N)
SCORES = random.integers(0, 12, N) / 8
ROWS = random.dirichlet(np.ones(4), N)
HALF = 0.5
TIED = random.integers(0, 4, (N, 4)) / 4
FEW = np.where(CLASSES == 2, 3, CLASSES)
CONSTANT = np.full(N, 2.0)

m: Any = metrics
SAME: list[tuple[str, Callable[..., float], Array, Array]] = [
    ("accuracy_score", m.accuracy_score, CLASSES, CHOICES),
    ("balanced_accuracy_score", m.balanced_accuracy_score, CLASSES, CHOICES),
    ("balanced_accuracy_score:adjusted", partial(m.balanced_accuracy_score, adjusted=True), CLASSES, CHOICES),
    ("top_k_accuracy_score", m.top_k_accuracy_score, CLASSES, TIED),
    ("top_k_accuracy_score:k=3", partial(m.top_k_accuracy_score, k=3), CLASSES, TIED),
    ("precision_score", m.precision_score, LABELS, GUESSES),
    ("recall_score", m.recall_score, LABELS, GUESSES),
    ("recall_score:pos_label=0", partial(m.recall_score, pos_label=0), LABELS, GUESSES),
    ("f1_score", m.f1_score, LABELS, GUESSES),
    ("jaccard_score", m.jaccard_score, LABELS, GUESSES),
    ("jaccard_score:pos_label=0", partial(m.jaccard_score, pos_label=0), LABELS, GUESSES),
    ("jaccard_score:average=macro,zero_division=1", partial(m.jaccard_score, average="macro"), CLASSES, FEW),
    ("fbeta_score:beta=0.5", partial(m.fbeta_score, beta=0.5), LABELS, GUESSES),
    ("fbeta_score:beta=2.3,average=macro", partial(m.fbeta_score, beta=2.3, average="macro"), CLASSES, CHOICES),
    *(
        (f"{name}:average={average}", partial(getattr(m, name), average=average), CLASSES, CHOICES)
        for name in ("precision_score", "recall_score", "f1_score", "jaccard_score")
        for average in ("micro", "macro", "weighted")
    ),
    ("precision_score:average=macro", partial(m.precision_score, average="macro", zero_division=0), CLASSES, FEW),
    (
        "precision_score:average=weighted,zero_division=nan",
        partial(m.precision_score, average="weighted", zero_division=np.nan),
        CLASSES,
        FEW,
    ),
    ("matthews_corrcoef", m.matthews_corrcoef, CLASSES, CHOICES),
    ("matthews_corrcoef", m.matthews_corrcoef, CLASSES, CHOICES * 0),
    ("cohen_kappa_score", m.cohen_kappa_score, CLASSES, CHOICES),
    ("cohen_kappa_score:weights=linear", partial(m.cohen_kappa_score, weights="linear"), FEW, FEW[::-1]),
    ("cohen_kappa_score:weights=quadratic", partial(m.cohen_kappa_score, weights="quadratic"), FEW, FEW[::-1]),
    ("roc_auc_score", m.roc_auc_score, LABELS, SCORES),
    ("roc_auc_score", partial(m.roc_auc_score, multi_class="ovr"), CLASSES, ROWS),
    (
        "roc_auc_score:average=weighted",
        partial(m.roc_auc_score, multi_class="ovr", average="weighted"),
        CLASSES,
        ROWS,
    ),
    ("average_precision_score", m.average_precision_score, LABELS, SCORES),
    ("average_precision_score", m.average_precision_score, CLASSES, TIED),
    ("average_precision_score:average=weighted", partial(m.average_precision_score, average="weighted"), CLASSES, TIED),
    ("label_ranking_average_precision_score", m.label_ranking_average_precision_score, TIED > HALF, TIED[::-1]),
    ("r2_score", m.r2_score, TRUE, PRED),
    ("r2_score", m.r2_score, CONSTANT, PRED),
    ("r2_score", m.r2_score, CONSTANT, CONSTANT),
    ("explained_variance_score", m.explained_variance_score, TRUE, PRED),
    ("explained_variance_score", m.explained_variance_score, CONSTANT, PRED),
    ("d2_absolute_error_score", m.d2_absolute_error_score, TRUE, PRED),
    ("d2_pinball_score:alpha=0.3", partial(m.d2_pinball_score, alpha=0.3), TRUE, PRED),
    *(
        (f"d2_tweedie_score:power={power}", partial(m.d2_tweedie_score, power=power), TRUE + 1, PRED.clip(0) + 1)
        for power in (-1.5, 0, 1, 1.5, 2, 3)
    ),
    ("d2_tweedie_score", m.d2_tweedie_score, TRUE, PRED),
    ("d2_tweedie_score:power=-1", partial(m.d2_tweedie_score, power=-1), TRUE, PRED.clip(0) + 1),
    ("median_absolute_error", m.median_absolute_error, TRUE, PRED),
    *(
        (name, getattr(m, name), true, pred)
        for name in ("d2_log_loss_score", "d2_brier_score")
        for true, pred in ((CLASSES, ROWS), (np.eye(4)[CLASSES], ROWS), (LABELS, ROWS[:, 0]), (LABELS, LABELS))
    ),
]


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    ("spec", "function", "true", "pred"), SAME, ids=[f"{i}-{one[0]}" for i, one in enumerate(SAME)]
)
def test_scikit_learn_gives_the_same_score(
    spec: str, function: Callable[..., float], true: Array, pred: Array, weight: Array | None
) -> None:
    expected = function(true, pred, sample_weight=weight)
    found = scored(f"sklearn.metrics.{spec}", true, pred, weight)
    assert found == pytest.approx(expected, rel=1e-12)


def test_scikit_learn_has_the_same_largest_error() -> None:
    assert scored("sklearn.metrics.max_error", TRUE, PRED) == metrics.max_error(TRUE, PRED)


@pytest.mark.parametrize("k", [None, 1, 3, 7])
@pytest.mark.parametrize("name", ["dcg_score", "ndcg_score"])
def test_scikit_learn_gives_the_same_score_of_each_query(name: str, k: int | None) -> None:
    grades = random.integers(0, 4, (30, 6)).astype(float)
    grades[0] = 0
    scores = random.integers(0, 4, (30, 6)) / 2
    expected = getattr(metrics, name)(grades, scores, k=k)
    found = scored(f"sklearn.metrics.{name}" + (f":k={k}" if k else ""), grades, scores)
    assert found == pytest.approx(expected, rel=1e-12)
