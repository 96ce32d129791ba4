"""Data with nothing wrong in it, of every task: no detector may say anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from planted_faults import binary, classes, numbers, sigmoid, softmax

from losscli.arrays import AnyArray

Columns = Mapping[str, AnyArray]


def regression(seed: int) -> Columns:
    truth, pred = numbers(seed)
    return {"y_true": truth, "y_pred": pred}


def whole_regression(seed: int) -> Columns:
    truth, pred = numbers(seed)
    return {"y_true": np.round(truth), "y_pred": np.round(pred)}


def poor_regression(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    return {"y_true": random.normal(0, 1, 300), "y_pred": random.normal(0, 0.1, 300)}


def weak_regression(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = random.normal(0, 1, 300)
    return {"y_true": truth, "y_pred": 0.4 * truth + random.normal(0, 0.4, 300)}


def skewed(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = random.lognormal(3, 1, 500)
    return {"y_true": truth, "y_pred": truth * random.lognormal(0, 0.3, 500)}


def long_tailed(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = random.normal(0, 1, 1000)
    return {"y_true": truth, "y_pred": truth + random.standard_t(4, 1000)}


def sorted_truth(seed: int) -> Columns:
    truth, pred = numbers(seed)
    order = np.argsort(truth)
    return {"id": np.arange(len(truth)), "y_true": truth[order], "y_pred": pred[order]}


def series(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    time = np.arange(400)
    truth = 10 * np.sin(time / 20) + 0.01 * time
    return {"time": time, "y_true": truth + random.normal(0, 1, 400), "y_pred": truth + random.normal(0, 0.5, 400)}


def random_walk(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = np.cumsum(random.normal(0, 1, 400))
    return {"y_true": truth, "y_pred": truth + random.normal(0, 0.7, 400)}


def fractions(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = random.beta(2, 5, 300)
    return {"y_true": truth, "y_pred": np.clip(truth + random.normal(0, 0.1, 300), 0, 1)}


def counts(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    rate = random.gamma(2, 1, 400)
    return {"y_true": random.poisson(rate), "y_pred": rate}


def mostly_zero(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    rate = random.gamma(0.3, 1, 400) + 0.01
    return {"y_true": random.poisson(rate), "y_pred": rate}


def ratings(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = random.integers(1, 6, 300)
    return {"y_true": truth, "y_pred": np.clip(truth + random.normal(0, 0.8, 300), 1, 5)}


def probabilities(seed: int) -> Columns:
    label, logit = binary(seed)
    return {"y_true": label, "prob": sigmoid(logit)}


def sure_probabilities(seed: int) -> Columns:
    label, logit = binary(seed, spread=8)
    return {"y_true": label, "prob": sigmoid(logit)}


def unsure_probabilities(seed: int) -> Columns:
    label, logit = binary(seed, spread=0.3)
    return {"y_true": label, "prob": sigmoid(logit)}


def rare_events(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    logit = random.normal(-4, 1, 2000)
    return {"y_true": (random.random(2000) < sigmoid(logit)).astype(int), "prob": sigmoid(logit)}


def forest_probabilities(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    votes = random.binomial(50, random.beta(0.5, 0.5, 300))
    label = np.where((votes == 0) | (votes == 50), votes // 50, random.random(300) < votes / 50).astype(int)
    return {"y_true": label, "prob": votes / 50}


def frequent_events(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    prob = random.uniform(0.5, 0.73, 300)
    return {"y_true": (random.random(300) < prob).astype(int), "prob": prob}


def two_leaves(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    prob = np.where(random.random(300) < 0.6, 0.5, 0.7)
    return {"y_true": (random.random(300) < prob).astype(int), "prob": prob}


def logits(seed: int) -> Columns:
    label, logit = binary(seed)
    return {"y_true": label, "logit": logit}


def signs(seed: int) -> Columns:
    label, logit = binary(seed)
    return {"y_true": 2 * label - 1, "score": logit}


def decisions(seed: int) -> Columns:
    label, logit = binary(seed)
    return {"y_true": label, "y_pred": (logit > 0).astype(int)}


def decided_one_two(seed: int) -> Columns:
    label, logit = binary(seed)
    return {"y_true": label + 1, "y_pred": (logit > 0).astype(int) + 1}


def class_probabilities(seed: int) -> Columns:
    label, logit = classes(seed)
    return {"y_true": label, "y_pred": softmax(logit)}


def unsure_classes(seed: int) -> Columns:
    label, logit = classes(seed, spread=0.2)
    return {"y_true": label, "y_pred": softmax(logit)}


def many_classes(seed: int) -> Columns:
    label, logit = classes(seed, n=500, k=20)
    return {"y_true": label, "y_pred": softmax(logit)}


def class_logits(seed: int) -> Columns:
    label, logit = classes(seed)
    return {"y_true": label, "logit": logit}


def one_hot(seed: int) -> Columns:
    label, logit = classes(seed)
    return {"y_true": np.eye(3)[label], "y_pred": softmax(logit)}


def rounded_classes(seed: int) -> Columns:
    label, logit = classes(seed)
    shares = np.maximum(np.round(softmax(logit), 3), 0.001)
    return {"y_true": label, "y_pred": shares}


def decided_classes(seed: int) -> Columns:
    label, logit = classes(seed)
    return {"y_true": label, "y_pred": logit.argmax(axis=1)}


def multilabel(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    logit = random.normal(-1, 2, (300, 4))
    return {"y_true": (random.random((300, 4)) < sigmoid(logit)).astype(int), "y_pred": sigmoid(logit)}


def distribution(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = random.dirichlet([2, 3, 4], 300)
    return {"y_true": truth, "y_pred": 0.8 * truth + 0.2 * random.dirichlet([2, 3, 4], 300)}


def several_outputs(seed: int) -> Columns:
    random = np.random.default_rng(seed)
    truth = random.normal(0, 1, (300, 3))
    return {"y_true": truth, "y_pred": truth + random.normal(0, 0.3, (300, 3))}


def intervals(seed: int) -> Columns:
    truth, pred = numbers(seed)
    return {"y_true": truth, "y_pred": np.column_stack([pred - 5, pred + 5])}


def quantiles(seed: int) -> Columns:
    truth, pred = numbers(seed)
    return {"y_true": truth, "y_pred": pred[:, None] + np.arange(-4, 5)}


def ensemble(seed: int) -> Columns:
    truth, pred = numbers(seed)
    return {"y_true": truth, "y_pred": pred[:, None] + np.random.default_rng(seed).normal(0, 3, (len(pred), 10))}


ORDINARY: Mapping[str, tuple[Callable[[int], Columns], str]] = {
    made.__name__: (made, task)
    for task, all_made in {
        "regression": (
            regression, whole_regression, poor_regression, weak_regression, skewed, long_tailed, sorted_truth, series,
            random_walk, fractions, ratings, several_outputs,
        ),
        "counts": (counts, mostly_zero),
        "binary": (
            probabilities, sure_probabilities, unsure_probabilities, rare_events, forest_probabilities,
            frequent_events, two_leaves, logits, signs, decisions, decided_one_two,
        ),
        "multiclass": (
            class_probabilities, unsure_classes, many_classes, class_logits, one_hot, rounded_classes,
            decided_classes,
        ),
        "multilabel": (multilabel,),
        "distribution": (distribution,),
        "intervals": (intervals,),
        "quantiles": (quantiles,),
        "ensemble": (ensemble,),
    }.items()
    for made in all_made
}  # fmt: skip
"""Name -> what makes such data from a seed, and the task that it is."""
