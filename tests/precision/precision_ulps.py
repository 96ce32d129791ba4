"""How far a number is from the exact one, in units of the last place of the float64 nearest to that."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite, isnan, ulp
from pathlib import Path
from typing import Any

import numpy as np

from losscli.spec import bind

RECORDED = Path(__file__).parent / "recorded.json"
LADDER = (0.0, *(2.0**n for n in range(-1, 64)))
WIDEST = 8.0
"""No loss is worse than this in ulps."""
MARGIN = 1.2
"""Processors differ in the last bit of an exponential: a bound leaves that much room."""
ILL_CONDITIONED = 1024.0
"""Where an ulp of a prediction moves the loss by more ulps than this, terms cancel. If losscli then misses WIDEST, its
number is the loss of predictions within a few ulps of those given, and its error counts in units of that movement."""

Case = dict[str, Any]


def computed(spec: str, y_true: object, y_pred: object) -> float:
    """Return what losscli gives for one sample."""
    bound = bind(spec)
    return float(bound.loss.function(np.array([y_true]), np.array([y_pred]), **bound.params)[0])


def error(found: float, exact: str, rounded: float) -> float:
    """Return the error in ulps; infinite where one of both is infinite or not a number and the other is not."""
    if isnan(found) or not isfinite(found) or not isfinite(rounded):
        return 0.0 if found == rounded else inf
    return float(abs(Fraction(found) - Fraction(Decimal(exact))) / Fraction(ulp(rounded)))


def plain_error(case: Case) -> float:
    """Return the error of a recorded case in ulps."""
    return error(computed(case["spec"], case["true"], case["pred"]), case["exact"], float(case["rounded"]))


def errors(cases: list[Case]) -> Iterator[tuple[float, Case]]:
    """Yield the error of each recorded case, in ulps, or in units of what an ulp of its predictions does."""
    for case in cases:
        yield plain_error(case) / case.get("condition", 1.0), case


def bound_of(worst: float) -> float:
    """Return the bound to hold for a loss whose worst error is this: the next power of two, with a margin."""
    return next(step for step in LADDER if step >= MARGIN * worst)
