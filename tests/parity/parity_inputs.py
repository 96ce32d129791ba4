"""The inputs that every framework is given, by the domains of truth and prediction.

Every number is exact in float32 (short in binary), so that a framework that stores float32 starts from the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from losscli.arrays import Array
from losscli.domain import Domain

Pair = tuple[Array, Array]

WEIGHTS = [1.0, 3.0, 0.0, 0.5, 2.0]
"""Sample weights for the inputs of five rows, one of them 0."""

TRUE_REAL = [3.0, -0.5, 2.0, 7.0, 0.25]
PRED_REAL = [2.5, 0.25, 2.0, 4.0, -1.5]
TRUE_COUNT = [3.0, 0.0, 1.0, 7.0, 2.0]
PRED_RATE = [2.0, 0.5, 1.0, 4.5, 3.25]
TRUE_ROWS = [[1.0, 2.0], [0.5, -3.0], [4.0, 0.0], [-1.0, -1.0], [2.0, 0.25]]
PRED_ROWS = [[1.5, 0.0], [0.5, -1.0], [0.25, 0.125], [1.0, -1.0], [-2.0, 3.0]]
BINARY = [1.0, 0.0, 1.0, 0.0, 1.0]
SOFT = [0.25, 0.5, 1.0, 0.0, 0.875]
SHARES = [0.75, 0.25, 0.125, 0.9375, 0.5]
LOGITS = [2.0, -0.5, -1.25, 3.0, 0.0]
PAIRS = [[1.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]
PAIR_SHARES = [[0.75, 0.125], [0.25, 0.5], [0.5, 0.0625], [0.875, 0.9375], [0.5, 0.5]]
PAIR_LOGITS = [[2.0, -1.0], [0.5, 0.0], [0.25, -2.5], [1.5, 3.0], [-0.5, 4.0]]
LABELS = [0.0, 2.0, 1.0, 2.0, 0.0]
ONE_HOT = np.eye(3)[[0, 2, 1, 2, 0]].tolist()
SOFT_ROWS = [[0.5, 0.25, 0.25], [0.0, 0.125, 0.875], [0.25, 0.75, 0.0], [1.0, 0.0, 0.0], [0.375, 0.125, 0.5]]
SHARE_ROWS = [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.25, 0.5], [0.0625, 0.0625, 0.875], [0.375, 0.5, 0.125]]
LOGIT_ROWS = [[2.0, 1.0, -1.0], [0.5, 0.0, 1.5], [-2.0, 0.25, 3.0], [0.0, 0.0, 0.0], [1.0, 4.0, -0.5]]
CERTAIN = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
UNEVEN = [[0.5, 0.25, 0.5], [0.125, 0.25, 0.0625], [0.5, 0.75, 1.0], [0.25, 0.5, 0.125], [1.0, 1.0, 0.5]]
EMPTY = [[0.5, 0.25, 0.25], [0.0, 0.0, 0.0], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]
UNEVEN_PAIRS = [[0.25, 0.5], [2.0, 0.0], [1.0, 3.0], [0.125, 0.75], [1.5, 1.0]]
FAR_ROWS = [[1000.0, 0.0, -1000.0], [1000.0, 0.0, -1000.0], [0.0, 1000.0, 999.0], [-1000.0] * 3, [20.0, -20.0, 0.0]]
FAR_PAIRS = [[1000.0, -1000.0], [-20.0, 20.0]]
SETS = [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
LOG_ROWS = [[-0.5, -1.25, -2.0], [-3.0, -0.25, -1.5], [-1.0, -1.0, -1.25], [-0.125, -4.0, -2.5], [-2.0, -0.75, -0.875]]
VECTORS = [[1.0, 2.0, -1.0], [0.5, 0.0, 0.25], [3.0, -4.0, 0.0], [1.0, 1.0, 1.0], [0.0, -2.0, 0.5]]
OTHER_VECTORS = [[2.0, 1.0, 0.5], [-0.5, 1.0, 0.25], [3.0, -4.0, 0.0], [-1.0, -1.0, -1.0], [1.0, 0.0, -3.0]]

TINY = [2.0**-20, 2.0**-25, 1 - 2.0**-20, 1 - 2.0**-24, 2.0**-25]
"""On either side of the constants at which frameworks clip."""
TINY_ROWS = [
    [1 - 2.0**-20, 2.0**-20, 0.0],
    [1 - 2.0**-24, 0.0, 2.0**-24],
    [2.0**-19, 2.0**-20, 1 - 3 * 2.0**-20],
    [2.0**-23, 1 - 2.0**-23, 0.0],
]
SHORT = [[2.0**-power, -(2.0**-power)] for power in (1, 2, 8, 12, 22, 24, 26)]

REGRESSION = {
    "ordinary": (TRUE_REAL, PRED_REAL),
    "rows": (TRUE_ROWS, PRED_ROWS),
    "extreme": ([0.0, 0.0, 1e8, -1e8, 1.0], [1e8, -1e8, 2.0, 1.0, 1e8]),
    "zeros": ([0.0, 0.0, 2.0, 0.125], [0.0, 1.0, 3.0, 0.25]),
    "tiny": (TINY, [1.0, 0.5, 0.0, 0.25, 2.0**-24]),
}
BINARY_SHARES = {
    "ordinary": (BINARY, SHARES),
    "soft": (SOFT, SHARES),
    "rows": (PAIRS, PAIR_SHARES),
    "extreme": ([1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0]),
    "tiny": ([1.0, 1.0, 0.0, 0.0, 0.0], TINY),
}
BINARY_LOGITS = {
    "ordinary": (BINARY, LOGITS),
    "soft": (SOFT, LOGITS),
    "rows": (PAIRS, PAIR_LOGITS),
    "extreme": ([1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [1000.0, 1000.0, -1000.0, -1000.0, -20.0, 20.0]),
}
CLASS_SHARES = {
    "ordinary": (LABELS, SHARE_ROWS),
    "extreme": (LABELS, CERTAIN),
    "tiny": ([1.0, 2.0, 0.0, 1.0], TINY_ROWS),
    "uneven": (LABELS, UNEVEN),
    "empty": (LABELS, EMPTY),
}
CLASS_LOGITS = {"ordinary": (LABELS, LOGIT_ROWS), "extreme": (LABELS, FAR_ROWS)}
ROW_SHARES = {
    "one-hot": (ONE_HOT, SHARE_ROWS),
    "soft": (SOFT_ROWS, SHARE_ROWS),
    "certain": (ONE_HOT, CERTAIN),
    "tiny rows": (np.eye(3)[[1, 2, 0, 1]].tolist(), TINY_ROWS),
    "uneven rows": (ONE_HOT, UNEVEN),
    "empty row": (ONE_HOT, EMPTY),
}
ROW_LOGITS = {"one-hot": (ONE_HOT, LOGIT_ROWS), "soft": (SOFT_ROWS, LOGIT_ROWS), "far rows": (ONE_HOT, FAR_ROWS)}
ALIKE = [1.0, -1.0, 1.0, -1.0, 1.0]
MASKS = [[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0], [0.25, 0.5, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0], [1.0] * 4]
SOFT_MASKS = [[0.75, 0.5, 0.25, 0.0], [0.0, 1.0, 0.5, 0.125], [0.25] * 4, [1.0, 0.5, 0.25, 0.0], [0.5, 0.75, 1.0, 0.25]]
MASK_LOGITS = [
    [2.0, 0.5, -1.0, -3.0],
    [-0.5, 4.0, 1.5, 0.25],
    [0.0] * 4,
    [1.0, -2.0, -2.0, -1.0],
    [3.0, 1.0, 2.0, -1.5],
]
SEQUENCES = {
    "ordinary": [[2.0, 3.0, -1.0], [3.0, 3.0, -1.0], [3.0, 2.0, 3.0], [2.0, -1.0, -1.0], [2.0, 2.0, 3.0]],
    "empty": [[2.0, 3.0], [-1.0, -1.0], [3.0, -1.0], [2.0, 2.0], [3.0, 2.0]],
    "impossible": [[3.0, 3.0, 3.0], [2.0, 3.0, -1.0], [2.0, 2.0, 2.0], [3.0, 2.0, 3.0], [2.0, -1.0, -1.0]],
}
"""Labels without 0 and 1, either of which may be the blank; three equal labels do not fit into four steps."""
STEPS = (np.arange(80).reshape(5, 4, 4) * 7 % 17 / 4 - 2).tolist()
LOG_STEPS = (-(np.arange(80).reshape(5, 4, 4) * 5 % 13 + 1) / 4).tolist()
GRADES = [[1.0, 0.0, 2.0], [0.0, 0.0, 1.0], [3.0, 1.0, 0.5], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]

INPUTS: dict[tuple[str, str], Mapping[str, tuple[Any, Any]]] = {
    ("real", "real"): REGRESSION,
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
    ("class or row", "decision"): {
        "ordinary": (BINARY, [1.0, 1.0, 0.0, 0.0, 1.0]),
        "probabilities": (BINARY, SHARES),
        "classes": (LABELS, [0.0, 2.0, 2.0, 1.0, 0.0]),
        "scores": (LABELS, SHARE_ROWS),
    },
    ("distribution", "distribution"): {
        "ordinary": (SOFT_ROWS, SHARE_ROWS),
        "zeros": ([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]], [[0.75, 0.25, 0.0], [0.0, 0.5, 0.5]]),
        "tiny": ([*SHARE_ROWS[:2], *TINY_ROWS], [*TINY_ROWS, *SHARE_ROWS[:2]]),
    },
    ("distribution", "log distribution"): {
        "ordinary": (SOFT_ROWS, LOG_ROWS),
        "extreme": (SOFT_ROWS, (np.array(LOG_ROWS) * 512).tolist()),
    },
    ("masses", "vector"): {"ordinary": (UNEVEN, LOG_ROWS), "zeros": (EMPTY, LOGIT_ROWS)},
    ("log distribution", "log distribution"): {"ordinary": (LOG_ROWS[::-1], LOG_ROWS)},
    ("real", "mean and variance"): {
        "ordinary": (TRUE_REAL, np.stack([PRED_REAL, [1.0, 0.5, 0.125, 3.0, 2.0]], axis=1).tolist()),
        "zeros": ([1.0, 1.0, 2.0], [[1.0, 0.0], [0.5, 2.0**-30], [2.0, 2.0**-15]]),
        "extreme": ([0.0, 1e8, 1.0], [[1e8, 1.0], [1.0, 1e8], [1.0, 2.0**80]]),
    },
    ("real", "mean and log deviation"): {
        "ordinary": (TRUE_REAL, np.stack([PRED_REAL, [0.0, -0.5, -1.25, 1.0, 0.5]], axis=1).tolist()),
        "extreme": ([0.0, 1e8, 1.0], [[1e8, 10.0], [1.0, 300.0], [1.0, -300.0]]),
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

WEIGHTED = ("ordinary", "positive", "rows", "one-hot", "soft", "binary")
"""The inputs that are run with weights and with every reduction as well."""


def inputs(true: Domain, pred: Domain) -> dict[str, Pair]:
    """Return the inputs for these domains; without any a path stays unrecorded, which fails a test."""
    found = INPUTS.get((true.name, pred.name), {})
    return {name: (np.array(y_true), np.array(y_pred)) for name, (y_true, y_pred) in found.items()}


def mixed(rng: np.random.Generator, pair: Pair, *, convex: bool = True, more: int = 40) -> Pair:
    """Return the rows of an input and ``more`` random ones that its domains allow.

    A random prediction is a given one, or if their domain is ``convex`` lies between two, rounded to float32; a random
    truth is a given one.
    """
    y_true, y_pred = pair
    first, second, truth = rng.integers(len(y_pred), size=(3, more))
    share = (rng.random(more) if convex else np.zeros(more)).reshape(-1, *[1] * (y_pred.ndim - 1))
    between = (share * y_pred[first] + (1 - share) * y_pred[second]).astype(np.float32)
    return np.concatenate([y_true, y_true[truth]]), np.concatenate([y_pred, between])
