"""Differences of second order, which a plain formula loses near zero and a power series keeps."""

from __future__ import annotations

import numpy as np

from losscli.arrays import Array

TERMS = 64
"""At half the radius of convergence the rest of the series is below the last digit of the result."""


def reach(power: float) -> float:
    """Return how far from zero the series of ``second_order`` is to be used."""
    return 0.5 / max(1.0, abs(power) / 4)


def second_order(step: Array, power: float) -> Array:
    """Return ``∫₀ˢ (s − u) / (1 + u)ᵖ du`` for a small step s, half the unit deviance of 1 + s from 1.

        s²/2 − p·s³/6 + p(p + 1)·s⁴/24 − …

    For p = 2 it is s − ln(1 + s), for p = 1 it is (1 + s)·ln(1 + s) − s, for p = 0 s²/2: to the series all are alike.
    """
    near = np.clip(step, -reach(power), reach(power))
    coefficients = [0.5]
    for k in range(2, TERMS):
        coefficients.append(coefficients[-1] * (2 - power - k) / (k + 1))
    total = np.zeros_like(near)
    for coefficient in reversed(coefficients):
        total = total * near + coefficient
    return total * np.square(near)


def less_log(step: Array, log: Array) -> Array:
    """Return ``s − ln(1 + s)``, given s and ln(1 + s), of which the caller knows one exactly."""
    return np.where(np.abs(step) < reach(2), second_order(step, 2), step - log)
