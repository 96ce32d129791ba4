"""Extreme inputs for every domain: tiny and huge, certain and impossible, and rows that are almost equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

Pair = tuple[Any, Any]
Row = Sequence[float]

SUBNORMAL, TINY, NEXT, BELOW = 5e-324, 1e-300, 1 + 2.0**-52, 1 - 2.0**-53
HUGE = 1e8
FAR = 36.0
NEAR_1E8 = 100000000.00000001
"""The number after 1e8."""

ERRORS = [SUBNORMAL, TINY, 1e-150, 1e-12, 1e-4, 0.3, 0.75, 1.0, NEXT, 2.5, 19.0, 36.0, 700.0, 1e3, 1e8, 1e150, 1e300]
APART = [(1.0, NEXT), (1e8, NEAR_1E8), (-1e8, 1e8), (1e150, 3.0), (3.0, -1e150), (0.5, 1e-9), (-0.7, 12.5), (2.0, 2.0)]
REALS = [*((0.0, sign * error) for error, sign in product([0.0, *ERRORS], (1, -1))), *APART]
ABOVE_MINUS_ONE = [0.0, SUBNORMAL, 1e-20, 1e-4, -0.9, -BELOW, 1.0, NEXT, 1e10, 1e300, 1.3e300]
RATES = [0.0, TINY, 1e-12, 0.5, 1.0, NEXT, 3.0, 1e3, 1e8, NEAR_1E8, 1e150]
COUNTS = [0.0, TINY, 1.0, 2.0, 3.0, 1e3, 1e8, 1e150]
LOG_RATES = [0.0, TINY, -1e-9, 0.5, 5.0, 36.0, 700.0, -700.0, -1e3]
SHARES = [0.0, SUBNORMAL, TINY, 1e-17, 0.1, 0.5, 0.9, BELOW, 1.0]
TARGETS = [0.0, 1.0, 0.3, 1 - 1e-10]
SCORES = [s * z for z in (0.0, TINY, 1e-10, 0.5, 1.0, NEXT, 3.0, 36.0, 40.0, 700.0, 1e3) for s in (1, -1)]

VECTORS: list[Pair] = [
    ([1.0, 2.0, -1.0], [2.0, 1.0, 0.5]),
    ([3.0, 4.0], [3.0, 4.0]),
    ([3e-300, 4e-300], [4.0, 3.0]),
    ([3e300, 4e300], [4e300, 3e300]),
    ([1.0, 0.0], [1.0, 1e-150]),
    ([1.0, 0.0], [1.0, 1e-9]),
    ([1.0, 0.0], [-1.0, 1e-3]),
    ([1e8, 1.0], [NEAR_1E8, 1.0]),
    ([2.0, 1.0], [NEXT, 3.0]),
    ([0.0, 0.0], [1.0, 2.0]),
]
LOGIT_ROWS: list[Row] = [
    [0.0, 0.0, 0.0],
    [1e3, 0.0, -1e3],
    [-1e3, -1e3, 1e3],
    [1e3, 1e3, 999.0],
    [0.0, -36.0, -40.0],
    [700.0, 0.0, 1.0],
    [TINY, 0.0, -1e-17],
    [3.5, -1.25, 0.5],
    [1e8, NEAR_1E8, 0.0],
]
SHARE_ROWS: list[Row] = [
    [0.5, 0.25, 0.25],
    [1.0, 0.0, 0.0],
    [BELOW, 2.0**-53, TINY],
    [1e-17, 0.5, 0.5],
    [TINY, SUBNORMAL, 1.0],
]
LOG_ROWS: list[Row] = [[0.0, -700.0, -1e3], [-1e-17, -40.0, -41.0], [-1.5, -1.25, -0.75], [-TINY, -1e8, -1e150]]


def near(step: float) -> Pair:
    return [0.25, 0.25, 0.5], [0.25 + step, 0.25, 0.5 - step]


DISTRIBUTIONS: list[Pair] = [
    *(near(step) for step in (0.0, 0.2, 1e-3, 2.0**-30, 2.0**-50)),
    *product(SHARE_ROWS, SHARE_ROWS),
]
MASKS: list[Pair] = [
    *product([[1.0, 0.0, 1.0, 0.0], [0.0] * 4], [[1.0, 0.0, 0.5, 0.25], [BELOW, 0.0, 1.0, TINY], [TINY] * 4]),
    ([1.0, 0.3, TINY, 0.0], [0.5, 0.3, 1.0, SUBNORMAL]),
    ([1.0, 1.0, 0.0, 0.0], [1 - 1e-12, 1.0, 0.0, 0.0]),
    ([1.0] * 4, [1.0] * 4),
]
LABEL_SETS: list[Row] = [[1.0, 0.0, 0.0, 1.0], [0.0] * 4, [1.0, 1.0, 1.0, 0.0]]
LABEL_SCORES: list[Row] = [[0.0, 1e3, -1e3, 40.0], [TINY, 0.0, 1.0, NEXT], [1e8, NEAR_1E8, 3.0, -2.5], [-1e3] * 4]
SHARES_OF_LABELS: list[Row] = [[1.0, 0.0, 0.0, 1.0], [BELOW, TINY, 1e-17, 0.5], [0.5, 0.5, 0.1, 0.9]]
GRADED: list[Pair] = list(
    product([[2.0, 0.0, 1.0, -1.0], [1.0, 0.0, 0.0, 0.0], [0.0] * 4], [*LABEL_SCORES, [0.5, 0.25, 2.0, 9.0]])
)
CLASSES: list[float] = [0.0, 1.0, 2.0]
MEMBERS: list[Pair] = [
    *product([0.0, 1.0, 1e8], [[1.0, 2.0, 4.0, 8.0], [1e8, NEAR_1E8, 1e8 + 2, 1e8 + 1]]),
    (3.0, [TINY, 1e-150, 1.0, 1e8]),
    (0.0, [-1e150, 3.0, 1e150, -5.0]),
    (2.0, [2.0, 2.0, 2.0, 2.0]),
]
STEPS: list[Any] = [
    [[-0.5, -1.0, -3.5], [-2.0, -0.25, -2.5], [-1.5, -1.5, -0.5], [-0.5, -3.0, -1.0]],
    [[-1e3, -700.0, -1e-17], [-40.0, -TINY, -36.0], [-700.0, -40.0, -1e-10], [-1e-12, -1e3, -36.0]],
    [[-700.0] * 3] * 4,
]

INPUTS: dict[tuple[str, str], list[Pair]] = {
    ("real", "real"): REALS,
    ("real", "above -1"): list(product([-0.5, 1.0, 1e300], ABOVE_MINUS_ONE)),
    ("above -1", "real"): list(product(ABOVE_MINUS_ONE, [-0.5, 1.0, 1e300])),
    ("above -1", "above -1"): list(product(ABOVE_MINUS_ONE, ABOVE_MINUS_ONE)),
    ("nonnegative", "nonnegative"): list(product(COUNTS, RATES)),
    ("nonnegative", "real"): list(product(COUNTS[:5], LOG_RATES)),
    ("real", "nonnegative"): list(product([-1.0, *COUNTS], RATES)),
    ("target", "logit"): list(product(TARGETS, SCORES)),
    ("target", "probability"): list(product(TARGETS, SHARES)),
    ("target", "nonnegative"): list(product(TARGETS, RATES)),
    ("sign", "score"): list(product([-1.0, 1.0], SCORES)),
    ("vector", "vector"): VECTORS,
    ("class", "class scores"): list(product(CLASSES, LOGIT_ROWS)),
    ("class", "class logits"): list(product(CLASSES, LOGIT_ROWS)),
    ("class", "class probabilities"): list(product(CLASSES, SHARE_ROWS)),
    ("class", "log distribution"): list(product(CLASSES, LOG_ROWS)),
    ("class or one-hot row", "class scores"): list(product(CLASSES, LOGIT_ROWS)),
    ("class or one-hot row", "class probabilities"): list(product(CLASSES, SHARE_ROWS)),
    ("class or row", "probability or row"): [*product([0.0, 1.0], SHARES), *product(CLASSES, SHARE_ROWS)],
    ("class or row", "logit or row"): [
        *product([0.0, 1.0], SCORES),
        *product(CLASSES, LOGIT_ROWS),
        *product(SHARE_ROWS[:3], LOGIT_ROWS),
        (1.0, [-162.3, 482.85]),
    ],
    ("class or row", "decision"): [*product([0.0, 1.0], SHARES), *product(CLASSES, LOGIT_ROWS)],
    ("class or row", "class scores"): list(product(CLASSES, LOGIT_ROWS)),
    ("class or row", "class logits"): [*product(CLASSES, LOGIT_ROWS), *product(SHARE_ROWS[:3], LOGIT_ROWS)],
    ("class or row", "class probabilities"): [*product(CLASSES, SHARE_ROWS), *product(SHARE_ROWS[:3], SHARE_ROWS)],
    ("label shares", "label logits"): list(product(SHARES_OF_LABELS, LABEL_SCORES)),
    ("label shares", "label probabilities"): list(product(SHARES_OF_LABELS, SHARES_OF_LABELS)),
    ("label set", "vector"): list(product(LABEL_SETS, LABEL_SCORES)),
    ("label set", "label logits"): list(product(LABEL_SETS, LABEL_SCORES)),
    ("label set", "label probabilities"): list(product(LABEL_SETS, SHARES_OF_LABELS)),
    ("log distribution", "log distribution"): list(product(LOG_ROWS, LOG_ROWS)),
    ("log distribution", "distribution"): list(product(LOG_ROWS, SHARE_ROWS)),
    ("distribution", "log distribution"): list(product(SHARE_ROWS, LOG_ROWS)),
    ("distribution", "distribution"): DISTRIBUTIONS,
    ("masses", "masses"): [*DISTRIBUTIONS, ([1e150, 3.0], [1e-150, 1e8])],
    ("masses", "vector"): list(product(SHARE_ROWS, LOG_ROWS)),
    ("real", "mean and variance"): [
        *((0.0, [m, v]) for m, v in product([0.0, 3.0, 1e8, -1e150], [0.0, TINY, 0.25, 3.0, 1e8, 1e300])),
        (1.0, [NEXT, 1e-30]),
    ],
    ("real", "mean and log deviation"): [
        (0.0, [m, s]) for m, s in product([0.0, 3.0, 1e8, -1e150], [-1e3, -300.0, 0.0, 0.5, 300.0, 1e3])
    ],
    ("real", "normal"): [
        *((0.0, [m, s]) for m, s in product([0.0, TINY, 0.5, 3.0, 38.0, 1e8, -1e150], [0.0, 1e-150, 1.0, 3.0, 1e150])),
        (1.0, [NEXT, 1e-15]),
    ],
    ("real", "location and scale"): [
        *((0.0, [m, s]) for m, s in product([0.0, TINY, 0.5, -3.0, 38.0, 1e8, -1e150], [0.0, 1e-150, 1.0, 3.0, 1e150])),
        (1.0, [NEXT, 1e-15]),
    ],
    ("real", "log-normal"): [
        *product([1.0, 0.0, -2.0, 1e-150, 1e8], product([0.0, 0.5, -1.0], [0.25, 1.0, 3.0, 6.0])),
        *((1.0, [m, s]) for m, s in product([0.0, 1e-8, -1e-8], [1e-8, 1e-150])),
        (3.0, [0.0, 0.0]),
    ],
    ("real", "log-Laplace"): [
        *product([1.0, 0.0, -2.0, 1e-150, 1e8], product([0.0, 0.5, -1.0], [0.0, 0.25, 0.9])),
        *((1.0, [m, s]) for m, s in product([0.0, 1e-8, -1e-8], [1e-8, 1e-150])),
    ],
    ("real", "positive"): list(product([0.0, -1.0, TINY, 0.5, 1.0, 1e8], [1e-150, 0.25, 1.0, 3.0, 1e8])),
    ("real", "generalised Pareto"): list(
        product([0.0, TINY, 0.5, 1.0, 1e8], product([0.0, TINY, 1e-9, 0.5, 0.875, -0.5, -1.0], [0.0, 2.0], [1.0, 3.0]))
    ),
    ("real", "mixture of normals"): list(
        product(
            [0.0, 1.0, -3.0, 1e8],
            [
                [0.0, 1.0, 1.0],
                [0.0, 1.0, 0.5, 2.0, 3.0, 0.5],
                [-1.0, 0.25, 0.25, 0.0, 0.0, 0.5, 5.0, 1.0, 0.25],
                [0.0, 1.0, TINY, 1.0, 1.0, 1.0],
            ],
        )
    ),
    ("time span", "log time"): list(
        product(
            [[1.0, 1.0], [1.0, -1.0], [0.0, 1.0], [1.0, 2.0], [1.0, 1e8], [1.0, NEXT], [0.5, 3.0], [0.0, -1.0]],
            [0.0, TINY, 0.3, -0.3, 1.0, -1.0, 2.5, -2.5, 36.0, -36.0, 700.0, -700.0, -1e3],
        )
    ),
    ("real", "interval"): list(
        product([0.0, 1.0, -1e8, 1e150], [[-1.0, 2.0], [TINY, 1e-150], [1.0, NEXT], [-1e150, 1e8]])
    ),
    ("real", "median and intervals"): list(
        product([0.0, 1.0, -1e8, 1e150], [[0.5, -1.0, 2.0], [1.0, -1e150, 1e8, -3.0, 4.0, 0.5, NEXT]])
    ),
    ("real", "quantiles"): list(
        product([0.0, 1.0, -1e8, 1e150], [[0.5, 1.0, NEXT], [TINY, 1e-150, 3.0], [-1e150, 0.0, 1e8]])
    ),
    ("real", "members"): MEMBERS,
    ("vector", "rows of members"): [
        ([0.0, 4.0], [0.0, 1.0, 0.0, 9.0]),
        ([0.0, 1.0], [3e150, 4e150, -1.0, 2.0]),
        ([0.0, 1.0], [TINY, 1e-150, 3.0, 7.0, 1.0, 5.0, 0.0, 2.0]),
        ([1e8, 1.0], [NEAR_1E8, 1.0, 1e8, 3.0]),
        ([0.5, -1.0], [1.0, 2.0, 3.0, 1.0, -1.0, 0.5, 2.0, -2.0]),
        ([0.5, -1.0], [1.0, 2.0, 5.0, 1.0, -4.0, 0.5, 2.0, -7.0]),
        ([3.0], [1.0, 2.5, 4.0]),
        ([3.0], [1.0, 2.5, 8.0]),
        ([1e150, 0.0], [1e150, 0.0, 0.0, 1.0, -1e150, 2.0]),
        ([1.0, 2.0, 0.5], [1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 3.0, 1.0, 1.0, 1.0, -1.0, 2.0, 0.0]),
    ],
    ("alike", "two scores"): [(t, [z, 0.0]) for t, z in product([-1.0, 1.0], SCORES)],
    ("alike", "two vectors"): [(t, [*a, *b]) for t, (a, b) in product([-1.0, 1.0], VECTORS)],
    ("alike", "nonnegative"): list(product([-1.0, 1.0], RATES)),
    ("vector", "two more vectors"): [
        ([0.0, 0.0], [3.0, 4.0, 0.0, 2.5]),
        ([0.0, 0.0], [3e300, 4e300, 0.0, 0.0]),
        ([0.0, 0.0], [3e-300, 4e-300, 0.0, 0.0]),
        ([1.0, 2.0], [1.0, 2.0, 1.0, 3.0]),
        ([1.0, 2.0], [NEXT, 2.0, 1.0, 2.5]),
    ],
    ("grades", "item scores"): GRADED,
    ("mask", "soft mask"): MASKS,
    ("mask", "mask logits"): list(product([[1.0, 0.0, 0.0, 1.0], [0.0] * 4, [1.0, 0.3, TINY, 0.0]], LABEL_SCORES)),
    ("label sequence", "step logs"): list(product([[1.0, 2.0], [1.0, 1.0], [2.0, -1.0], [-1.0, -1.0]], STEPS)),
    ("label sequence", "step logits"): list(
        product([[1.0, 2.0], [1.0, 1.0], [2.0, -1.0]], [*STEPS, [[0.0, 1e3, -1e3]] * 4])
    ),
}
"""Names of the two domains -> samples (true, predicted)."""

LEFT_OUT: dict[str, Callable[[Any, Any], bool]] = {
    "poisson:full": lambda count, _: 0 < count < 1,
    "crps:estimator=akr": lambda _, members: max(map(abs, members)) >= HUGE,
    "energy-score:estimator=akr": lambda _, members: max(map(abs, members)) >= HUGE,
    "energy-score:estimator=fair": lambda _, members: max(map(abs, members)) >= HUGE,
    "aft-nll:distribution=extreme": lambda span, log_time: span[0] not in (0, 1) and log_time <= -FAR,
    "aft-nll:sigma=2": lambda span, log_time: (span, log_time) in (([1.0, -1.0], FAR), ([0.0, 1.0], -FAR)),
}
"""Inputs at which losscli holds no bound.

The gamma function of 1 + y does not see a y of 1e-300, and no such count exists. The other estimators subtract
distances of huge members from each other, and what the small members add is below the last digit of each. A time far
from the predicted one costs e^z (extreme), or nearly nothing, like e^(-z²/2) (normal): either carries the rounding of
z, which is hundreds of ulps of the loss where z is in the hundreds or z² is.
"""

SPECS: dict[str, list[str]] = {
    "aft-nll": ["distribution=logistic", "distribution=extreme", "sigma=0.5", "sigma=2"],
    "huber": ["delta=1e150", "delta=1e-150"],
    "smooth-l1": ["beta=0.5", "beta=1e150"],
    "pinball": ["q=0.9"],
    "multi-pinball": ["levels=0.1/0.5/0.9"],
    "expectile": ["alpha=0.25"],
    "linex": ["a=-1"],
    "lq": ["q=1.5", "q=3"],
    "pseudo-huber": ["delta=1e-150", "delta=1e8"],
    "fair": ["c=1e8"],
    "cauchy": ["c=1e8"],
    "welsch": ["c=1e8"],
    "general-robust": ["alpha=0", "alpha=2", "alpha=-2", "alpha=1e-9", "alpha=1.999999999"],
    "tweedie-deviance": ["power=1", "power=1.5", "power=2", "power=3", "power=-1"],
    "crps": ["estimator=fair", "estimator=akr"],
    "energy-score": ["estimator=fair", "estimator=akr"],
    "gce": ["q=1e-6", "q=1"],
    "focal": ["alpha=0.25", "gamma=0.5,from_logits"],
    "weighted-bce": ["pos_weight=3"],
    "triplet": ["p=1", "p=3"],
    "unique-softmax": ["gain=linear"],
}
"""Parameters at which a loss is recorded besides its defaults and its flags, as SPEC writes them."""
