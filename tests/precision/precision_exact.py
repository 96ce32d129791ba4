"""The scalar references of ``tests/losses`` once more, in as many digits as it takes: the textbook, and nothing clever.

The references are plain Python, so that a number with 1000 digits passes through them as a float does, once the
functions that they take from ``math`` are mpmath's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mpmath
from mpmath import mpf

DIGITS = 1000
"""Enough for 1 beside the square of 1e-300, and for e^1000 beside e^-1000."""
GUARD = 850
"""Digits for the check that DIGITS were enough: the result must be the same."""
LARGEST, SMALLEST = mpf(2) ** 1024, mpf(2) ** -1080
"""What float64 rounds to infinity, and to zero."""
MODULES = ("reference", "reference_numbers")

JUMP = mpf(10) ** 300
"""A slope beyond this is none."""


def total(items: Iterable[Any], start: Any = 0) -> Any:  # noqa: ANN401  numbers of mpmath
    """Return a sum that is mpmath's even if the items are whole numbers."""
    return sum(items, mpf(start))


def length(*sides: Any) -> Any:  # noqa: ANN401  as above
    return mpmath.sqrt(total(side**2 for side in sides))


EXACT: dict[str, object] = {
    "cosh": mpmath.cosh,
    "erf": mpmath.erf,
    "exp": mpmath.exp,
    "float": mpf,
    "hypot": length,
    "inf": mpmath.inf,
    "lgamma": mpmath.loggamma,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "mpmath": SimpleNamespace(
        **{name: getattr(mpmath, name) for name in ("erfc", "exp", "expm1", "log", "mpf", "pi", "sqrt")},
        workdps=lambda _: nullcontext(),
    ),
    "pi": mpmath.pi,
    "sqrt": mpmath.sqrt,
    "sum": total,
}
"""What the references take from ``math`` and from Python, in mpmath's numbers."""


def references() -> Mapping[str, Callable[..., Any]]:
    """Return the scalar reference of each loss, made exact."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "losses"))
    for name in MODULES:
        vars(import_module(name)).update(EXACT)
    found: Mapping[str, Callable[..., Any]] = import_module("reference").REFERENCE
    return found


def keywords(reference: Callable[..., Any]) -> list[str]:
    """Return the parameters that belong to the definition."""
    return [name for name, one in signature(reference).parameters.items() if one.kind is one.KEYWORD_ONLY]


def widened(value: object) -> object:
    """Return a float as an exact number, in a row as well."""
    if isinstance(value, list | tuple):
        return [widened(one) for one in value]
    return mpf(value) if isinstance(value, float) else value


def inside(value: Any) -> Any:  # noqa: ANN401  as above
    """Return a value that is far beyond float64 as infinite, and one far below as zero."""
    return value if SMALLEST <= abs(value) < LARGEST else mpf(0) if abs(value) < 1 else mpmath.sign(value) * mpmath.inf


def exact(reference: Callable[..., Any], y_true: object, y_pred: object, params: Mapping[str, object]) -> Any:  # noqa: ANN401  as above
    """Return the loss, which may be NaN. Raises ArithmeticError if the digits did not suffice."""
    found = []
    for digits in (GUARD, DIGITS):
        with mpmath.workdps(digits):
            taken = {name: widened(params[name]) for name in keywords(reference)}
            found.append(inside(mpf(reference(widened(y_true), widened(y_pred), **taken))))
    fewer, more = found
    with mpmath.workdps(30):
        same = fewer == more or (mpmath.isnan(fewer) and mpmath.isnan(more))
        if not same and not abs(fewer - more) <= abs(more) * mpf(10) ** -30:
            message = f"{DIGITS} digits are too few"
            raise ArithmeticError(message)
    return more


def condition(reference: Callable[..., Any], y_true: object, y_pred: object, params: Mapping[str, object]) -> float:
    """Return by how many ulps the loss may move if each predicted number moves by one: Σ |x·∂loss/∂x / loss|.

    A jump is no movement: there the condition is 0.
    """
    with mpmath.workdps(DIGITS):
        step, taken = mpf(2) ** -1100, {name: widened(params[name]) for name in keywords(reference)}
        at = mpf(reference(widened(y_true), widened(y_pred), **taken))
        if not at or not mpmath.isfinite(at):
            return 0.0
        moved = [mpf(reference(widened(y_true), one, **taken)) for one in nudged(widened(y_pred), 1 - step)]
        found = total(abs((one - at) / at) for one in moved) / step
        return float(found) if found < JUMP else 0.0


def nudged(value: Any, factor: Any) -> list[Any]:  # noqa: ANN401  as above
    """Return the value with one of its numbers multiplied by a factor, for each of its numbers."""
    if not isinstance(value, list):
        return [value * factor]
    return [[*value[:i], one, *value[i + 1 :]] for i, old in enumerate(value) for one in nudged(old, factor)]
