"""The inputs that every framework is given, by the domains of truth and prediction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from parity_values import (
    ALIKE,
    BINARY,
    BINARY_LOGITS,
    BINARY_SHARES,
    CLASS_LOGITS,
    CLASS_SHARES,
    EMPTY,
    FAR_PAIRS,
    FAR_ROWS,
    GRADES,
    HALVES,
    LABELS,
    LOG_HALVES,
    LOG_ROWS,
    LOG_STEPS,
    LOGIT_ROWS,
    LOGITS,
    MASK_LOGITS,
    MASKS,
    ONE_HOT,
    OTHER_VECTORS,
    PAIR_LOGITS,
    PAIR_SHARES,
    PAIRS,
    PRED_RATE,
    PRED_REAL,
    PRED_ROWS,
    REGRESSION,
    ROW_LOGITS,
    ROW_SHARES,
    SEQUENCES,
    SETS,
    SHARE_ROWS,
    SHARES,
    SHORT,
    SOFT_MASKS,
    SOFT_ROWS,
    SPANS,
    STEPS,
    TINY_ROWS,
    TRUE_COUNT,
    TRUE_REAL,
    UNEVEN,
    UNEVEN_PAIRS,
    VECTORS,
)

from losscli.arrays import Array
from losscli.domain import Domain

Pair = tuple[Array, Array]

INPUTS: dict[tuple[str, str], Mapping[str, tuple[Any, Any]]] = {
    # a penalty is of weights alone: the zeros stand for a truth that there is not
    ("nothing", "real"): {
        "ordinary": ([0.0] * 5, TRUE_REAL),
        "rows": ([0.0] * 5, PRED_ROWS),
        "extreme": ([0.0] * 4, [1e8, -1e8, 2.0**-40, 0.0]),
    },
    ("real", "real"): REGRESSION,
    ("real", "positive"): {
        "ordinary": ([3.0, -0.5, 2.0, -7.0, 0.25], PRED_RATE),
        "tied": ([3.0, -2.0, 2.0, 2.0, -3.0], PRED_RATE),
        "censored": ([-3.0, -2.0, -1.0], PRED_RATE[:3]),
    },
    ("above -1", "above -1"): {
        "ordinary": (TRUE_COUNT, PRED_RATE),
        "negative": ([-0.5, 1.0, -0.25], [-0.875, 0.5, 2.0]),
        "extreme": ([0.0, 1e8, 1.0], [1e8, 0.0, 0.0]),
        "rows": (PAIRS, [[2.0, 0.5], [1.0, 0.0], [3.0, 0.25], [7.5, 1.0], [0.0, 0.125]]),
    },
    ("nonnegative", "nonnegative"): {
        "ordinary": (TRUE_COUNT, PRED_RATE),
        "extreme": ([3.0, 0.0, 0.0, 2.0], [0.0, 1e8, 0.0, 1e8]),
        "positive": ([3.0, 0.5, 1.0, 7.0, 2.0], PRED_RATE),
        "tiny": ([3.0, 1.0, 2.0, 0.0, 5.0], [2.0**-20, 2.0**-25, 2.0**-30, 2.0**-35, 2.0**-40]),
        "rows": (PAIRS, [[2.0, 0.5], [1.0, 0.25], [3.0, 0.25], [7.5, 1.0], [1.5, 0.125]]),
    },
    ("nonnegative", "real"): {
        "ordinary": (TRUE_COUNT, LOGITS),
        "extreme": ([3.0, 0.0, 0.0, 1.0], [1000.0, 1000.0, -1000.0, -1000.0]),
        "rows": (PAIRS, PAIR_LOGITS),
    },
    ("vector", "vector"): {
        "ordinary": (VECTORS, OTHER_VECTORS),
        "zeros": ([[0.0, 0.0], [0.0, 0.0], [1.0, 2.0]], [[1.0, 2.0], [0.0, 0.0], [1.0, 1.0]]),
        "extreme": ([[1e8, -1e8], [1e8, 1.0]], [[1e8, 1e8], [-1e8, 1.0]]),
        "short": (SHORT, [[1.0, -0.5]] * len(SHORT)),
    },
    ("target", "probability"): BINARY_SHARES,
    ("target", "logit"): BINARY_LOGITS,
    ("sign", "score"): {
        "ordinary": ([1.0, -1.0, 1.0, -1.0, 1.0], LOGITS),
        "binary": (BINARY, LOGITS),
        "alone": ([1.0] * 5, LOGITS),
        "rows": ((2 * np.array(PAIRS) - 1).tolist(), PAIR_LOGITS),
        "extreme": ([1.0, -1.0, 1.0, -1.0], [1000.0, 1000.0, -1000.0, -1000.0]),
    },
    ("class", "class probabilities"): CLASS_SHARES,
    ("class", "class logits"): CLASS_LOGITS,
    ("class or row", "class probabilities"): CLASS_SHARES | ROW_SHARES,
    ("class or row", "class logits"): CLASS_LOGITS | ROW_LOGITS,
    ("class or one-hot row", "class scores"): {
        "ordinary": (LABELS, LOGIT_ROWS),
        "extreme": (LABELS, FAR_ROWS),
        "negative": (
            LABELS,
            [[-2.0, -1.0, -3.0], [-1.0, -0.5, -4.0], [-1.0, -2.0, -2.0], [-3.0] * 3, [-1.0, -4.0, -4.0]],
        ),
        "one-hot": (ONE_HOT, LOGIT_ROWS),
        "one-hot negative": (
            ONE_HOT,
            [[-2.0, -1.0, -3.0], [-1.0, -0.5, -4.0], [-1.0, -2.0, -2.0], [-3.0] * 3, [-1.0] * 3],
        ),
    },
    ("class", "class scores"): {"ordinary": (LABELS, LOGIT_ROWS), "extreme": (LABELS, FAR_ROWS)},
    ("class", "log distribution"): {"ordinary": (LABELS, LOG_ROWS)},
    ("class or one-hot row", "class probabilities"): CLASS_SHARES | {"one-hot": (ONE_HOT, SHARE_ROWS)},
    ("label shares", "label probabilities"): {"rows": (PAIRS, PAIR_SHARES)},
    ("label shares", "label logits"): {"rows": (PAIRS, PAIR_LOGITS), "extreme": (PAIRS[:2], FAR_PAIRS)},
    ("label set", "label probabilities"): {"rows": (PAIRS, PAIR_SHARES), "sets": (SETS, SETS[1:] + SETS[:1])},
    ("label set", "label logits"): {"rows": (PAIRS, PAIR_LOGITS)},
    ("label set", "vector"): {"ordinary": (SETS, LOGIT_ROWS)},
    ("class or row", "probability or row"): {
        "ordinary": (BINARY, SHARES),
        "extreme": ([1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0]),
        "pairs": (BINARY, [[1 - share, share] for share in SHARES]),
        "classes": (LABELS, SHARE_ROWS),
    },
    ("class or row", "logit or row"): {
        "ordinary": (BINARY, LOGITS),
        "extreme": ([1.0, 0.0, 1.0, 0.0], [1000.0, 1000.0, -1000.0, -1000.0]),
        "negative": (BINARY, [-1.0, -2.0, -0.5, -0.125, -1.5]),
        "classes": (LABELS, LOGIT_ROWS),
    },
    ("class or row", "decision"): {
        "ordinary": (BINARY, [1.0, 1.0, 0.0, 0.0, 1.0]),
        "probabilities": (BINARY, SHARES),
        "classes": (LABELS, [0.0, 2.0, 2.0, 1.0, 0.0]),
        "scores": (LABELS, SHARE_ROWS),
        "one-hot": (ONE_HOT, SHARE_ROWS),
    },
    ("class or row", "class scores"): {
        "ordinary": (LABELS, LOGIT_ROWS),
        "one-hot": (ONE_HOT, LOGIT_ROWS),
        "tied": (LABELS, [[1.0, 1.0, 0.0], [0.5, 0.5, 0.5], [2.0, 1.0, 1.0], [0.0, 1.0, 0.0], [1.0, 1.0, 2.0]]),
    },
    ("class or one-hot row", "score or row"): {
        "ordinary": (BINARY, SHARES),
        "tied": (BINARY, [0.5, 0.5, 0.25, 0.25, 0.75]),
        "one class": ([1.0, 1.0, 1.0], SHARES[:3]),
        "classes": (LABELS, SHARE_ROWS),
        "one-hot": (ONE_HOT, SHARE_ROWS),
    },
    ("nonnegative", "positive"): {"ordinary": (TRUE_COUNT, PRED_RATE), "extreme": ([1.0, 0.0, 2.0], [1e8, 1.0, 3.0])},
    ("distribution", "distribution"): {
        "ordinary": (SOFT_ROWS, SHARE_ROWS),
        "zeros": ([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]], [[0.75, 0.25, 0.0], [0.0, 0.5, 0.5]]),
        "tiny": ([*SHARE_ROWS[:2], *TINY_ROWS], [*TINY_ROWS, *SHARE_ROWS[:2]]),
    },
    ("distribution", "log distribution"): {
        "ordinary": (SOFT_ROWS, LOG_ROWS),
        "extreme": (SOFT_ROWS, (np.array(LOG_ROWS) * 512).tolist()),
        "impossible": (HALVES, LOG_HALVES),
    },
    ("masses", "vector"): {
        "ordinary": (UNEVEN, LOG_ROWS),
        "zeros": (EMPTY, LOGIT_ROWS),
        "impossible": (HALVES, LOG_HALVES),
    },
    ("log distribution", "log distribution"): {
        "ordinary": (LOG_ROWS[::-1], LOG_ROWS),
        "impossible": (LOG_HALVES, LOG_HALVES[::-1]),
    },
    ("real", "mean and variance"): {
        "ordinary": (TRUE_REAL, np.stack([PRED_REAL, [1.0, 0.5, 0.125, 3.0, 2.0]], axis=1).tolist()),
        "zeros": ([1.0, 1.0, 2.0], [[1.0, 0.0], [0.5, 2.0**-30], [2.0, 2.0**-15]]),
        "extreme": ([0.0, 1e8, 1.0], [[1e8, 1.0], [1.0, 1e8], [1.0, 2.0**80]]),
    },
    ("real", "quantiles"): {
        "ordinary": (
            TRUE_REAL,
            np.stack([np.array(PRED_REAL) - 1, PRED_REAL, np.array(PRED_REAL) + 2], axis=1).tolist(),
        ),
        "extreme": ([0.0, 1e8, 1.0], [[-1e8, 1e8, 1.0], [1.0, 1e8, 1e8], [1.0, 1.0, 1.0]]),
    },
    ("real", "mean and log deviation"): {
        "ordinary": (TRUE_REAL, np.stack([PRED_REAL, [0.0, -0.5, -1.25, 1.0, 0.5]], axis=1).tolist()),
        "extreme": ([0.0, 1e8, 1.0], [[1e8, 10.0], [1.0, 300.0], [1.0, -300.0]]),
    },
    ("time span", "log time"): {
        "ordinary": (SPANS, LOGITS),
        "near": (SPANS, [0.5, 1.0, 4.0, -2.0, 0.5]),
        "known": ([[time, time] for time in PRED_RATE], LOGITS),
        "extreme": ([[1.0, 1.0], [1.0, -1.0], [0.0, 2.0], [1e8, -1.0]], [20.0, 100.0, -100.0, -20.0]),
    },
    ("alike", "two scores"): {
        "ordinary": (ALIKE, PAIR_LOGITS),
        "extreme": ([-1.0, 1.0, 1.0], [*FAR_PAIRS, FAR_PAIRS[0]]),
    },
    ("alike", "two vectors"): {
        "ordinary": (ALIKE, np.hstack([VECTORS, OTHER_VECTORS]).tolist()),
        "zeros": (ALIKE[:4], [[0.0, 0.0, 1.0, 2.0], [0.0, 0.0, 1.0, 2.0], [0.0] * 4, [0.0] * 4]),
        "extreme": (ALIKE[:2], [[1e8, -1e8, 1e8, 1e8], [1e8, 1.0, 1e8, -1.0]]),
        "short": ([1.0] * len(SHORT), np.hstack([SHORT, [[1.0, -0.5]] * len(SHORT)]).tolist()),
    },
    ("alike", "nonnegative"): {
        "ordinary": (ALIKE, [0.25, 0.5, 3.0, 2.0, 0.0]),
        "rows": ((2 * np.array(PAIRS) - 1).tolist(), UNEVEN_PAIRS),
        "extreme": (ALIKE[:4], [1e8, 1e8, 0.0, 0.0]),
    },
    ("vector", "two more vectors"): {
        "ordinary": (VECTORS, np.hstack([OTHER_VECTORS, VECTORS[::-1]]).tolist()),
        "zeros": ([[1.0, 2.0], [0.0, 0.0]], [[1.0, 2.0, 1.0, 2.0], [0.0, 0.0, 0.25, 0.0]]),
        "extreme": ([[1e8, 1.0], [0.0, 0.0]], [[-1e8, 1.0, 1e8, 0.0], [1.0, 1.0, 1e8, 1e8]]),
    },
    ("label sequence", "step logits"): {name: (labels, STEPS) for name, labels in SEQUENCES.items()},
    ("label sequence", "step logs"): {name: (labels, LOG_STEPS) for name, labels in SEQUENCES.items()},
    ("grades", "item scores"): {
        "ordinary": (GRADES, LOGIT_ROWS),
        "extreme": ([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 2.0]], FAR_ROWS[:3]),
    },
    ("mask", "soft mask"): {
        "ordinary": (MASKS, SOFT_MASKS),
        "extreme": ([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 0.0]], [[1.0, 1.0], [0.0, 0.0], [1.0, 1.0], [0.0, 1.0]]),
    },
    ("mask", "mask logits"): {
        "ordinary": (MASKS, MASK_LOGITS),
        "extreme": ([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [[1000.0, -1000.0], [1000.0, -1000.0], [-20.0, 20.0]]),
    },
}
"""Domains of truth and prediction -> name -> truth and prediction."""

WEIGHTED = ("ordinary", "near", "positive", "rows", "one-hot", "soft", "binary", "sets", "alone")
"""The inputs that are run with weights and with every reduction as well."""


def inputs(true: Domain, pred: Domain) -> dict[str, Pair]:
    """Return the inputs for these domains; without any a path stays unrecorded, which fails a test."""
    found = INPUTS.get((true.name, pred.name), {})
    return {name: (np.array(y_true), np.array(y_pred)) for name, (y_true, y_pred) in found.items()}


def label_sets() -> dict[str, Pair]:
    """Return rows of 0 and 1 that are sets of labels on both sides."""
    return {"sets": (np.array(SETS), np.array([SETS[0], SETS[2], SETS[2], SETS[4], SETS[0]]))}


def mixed(rng: np.random.Generator, pair: Pair, *, convex: bool = True, more: int = 40) -> Pair:
    """Return the rows of an input and ``more`` random ones that its domains allow.

    A random prediction is a given one, or if their domain is ``convex`` lies between two, rounded to float32; a random
    truth is a given one.
    """
    y_true, y_pred = pair
    first, second, truth = rng.integers(len(y_pred), size=(3, more))
    share = (rng.random(more) if convex else np.zeros(more)).reshape(-1, *[1] * (y_pred.ndim - 1))
    # an infinity has nothing between it and another value
    some = np.where(np.isfinite(y_pred[first]) & np.isfinite(y_pred[second]), y_pred[first], y_pred[second])
    between = np.where(np.isfinite(some), share * some + (1 - share) * y_pred[second], some).astype(np.float32)
    return np.concatenate([y_true, y_true[truth]]), np.concatenate([y_pred, between])
