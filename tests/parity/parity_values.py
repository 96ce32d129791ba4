"""The numbers that the inputs are made of.

Every one is exact in float32 (short in binary), so that a framework that stores float32 starts from the same values.
"""

from __future__ import annotations

import numpy as np

WEIGHTS = [1.0, 3.0, 0.0, 0.5, 2.0]
"""Sample weights for the inputs of five rows, one of them 0."""

TRUE_REAL = [3.0, -0.5, 2.0, 7.0, 0.25]
PRED_REAL = [2.5, 0.25, 2.0, 4.0, -1.5]
TRUE_COUNT = [3.0, 0.0, 1.0, 7.0, 2.0]
PRED_RATE = [2.0, 0.5, 1.0, 4.5, 3.25]
TRUE_ROWS = [[1.0, 2.0], [0.5, -3.0], [4.0, 0.0], [-1.0, -1.0], [2.0, 0.25]]
PRED_ROWS = [[1.5, 0.5], [1.75, -2.5], [0.25, 0.125], [1.0, -1.0], [-2.0, 3.0]]
BINARY = [1.0, 0.0, 1.0, 0.0, 1.0]
SOFT = [0.25, 0.5, 1.0, 0.0, 0.875]
SHARES = [0.75, 0.25, 0.125, 0.9375, 0.5]
LOGITS = [2.0, -0.5, -1.25, 3.0, 0.0]
PAIRS = [[1.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]
PAIR_SHARES = [[0.75, 0.125], [0.25, 0.5], [0.5, 0.0625], [0.875, 0.9375], [0.5, 0.5]]
PAIR_LOGITS = [[2.0, -1.0], [0.5, 0.0], [0.25, -2.5], [1.5, 3.0], [-0.5, 4.0]]
SPANS = [[2.0, 2.0], [1.0, 3.0], [0.5, -1.0], [0.0, 4.0], [1.5, 1.75]]
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
HALVES = [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.0, 0.0, 1.0]]
LOG_HALVES = [[-1.0, -0.5, -np.inf], [-0.5, -1.0, -800.0], [-np.inf, -0.25, -1.5], [-2.0, -1.0, -0.5]]
"""Rows with an impossible class, or one so unlikely that only its logarithm is not 0."""
SHORT = [[2.0**-power, -(2.0**-power)] for power in (1, 2, 8, 12, 22, 24, 26)]

REGRESSION = {
    "ordinary": (TRUE_REAL, PRED_REAL),
    "rows": (TRUE_ROWS, PRED_ROWS),
    "binary": (BINARY, SHARES),
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
