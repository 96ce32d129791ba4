"""What a difference is made of: the effect of every group and of every row, exactly.

Two predictions of the same rows have the same rows and weights in every group. So the difference of two means is the
sum over groups of share × difference, the *effect* of each; there is no *mix* term, which is what other shares of the
groups would add.

Source: E. M. Kitagawa, Components of a difference between two rates, J. Amer. Statist. Assoc. 50 (1955).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

import numpy as np

from losscli.arrays import Array, Integers, counted
from losscli.collected import Rows
from losscli.exact import ExactSum, quotient
from losscli.formats.format import Result
from losscli.registry import Loss

Divisor = Callable[[Array, Array | None], ExactSum]

DIVISORS: Mapping[str, Divisor] = {
    "mean": lambda losses, weights: ExactSum.whole(len(losses)) if weights is None else ExactSum.of(weights),
    "sum": lambda *_: ExactSum.whole(1),
    "count-mean": lambda losses, _: ExactSum.whole(len(losses)),
    "nonzero-mean": lambda losses, weights: ExactSum.whole(len(counted(losses, weights)[0])),
}
"""The reductions that are a sum over rows, Σwl, and what it is divided by."""


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """The parts of the difference between two predictions of the same rows, b less a.

    ``losses`` are those of a and of b; ``scale`` is by what Σw(l_b − l_a) is multiplied to give the difference.
    """

    losses: tuple[Array, Array]
    weights: Array | None
    divisor: Divisor
    scale: Fraction

    @classmethod
    def of(cls, rows: tuple[Rows, Rows], results: tuple[Result, Result]) -> Effects | None:
        """Return the parts of a difference; None where there are none.

        A score or a quantile is no sum over rows, and losses that are not finite have no shares. A loss with a
        ``finish`` (√ for rmse) has the parts of its mean, scaled so that they add up to its difference: there are none
        if they cancel out.
        """
        (a, b), weights = (one.losses for one in rows), rows[0].weights
        divisor = DIVISORS.get(results[0].reduction)
        if a is None or b is None or divisor is None or not all(_finite(one, weights) for one in (a, b)):
            return None
        below, top = divisor(a, weights).units, _top(a, b, weights)
        loss = rows[0].bound.loss
        if not below:
            return None
        if not isinstance(loss, Loss) or loss.finish is None or results[0].reduction == "sum":
            return cls((a, b), weights, divisor, Fraction(1, below))
        first, second = (one.value for one in results)
        if not top or first is None or second is None or not (isfinite(first) and isfinite(second)):
            return None
        return cls((a, b), weights, divisor, (Fraction(second) - Fraction(first)) / top)

    def effect(self, index: Integers | None = None) -> Fraction:
        """Return the effect of some rows by their indices, or of all: the difference."""
        a, b, weights = self._some(index)
        return _top(a, b, weights) * self.scale

    def share(self, index: Integers | None = None) -> Fraction:
        """Return the share that some rows have in what the sum over rows is divided by; 1 for a sum."""
        a, _, weights = self._some(index)
        return Fraction(self.divisor(a, weights).units, self.divisor(self.losses[0], self.weights).units)

    def _some(self, index: Integers | None) -> tuple[Array, Array, Array | None]:
        (a, b), weights = self.losses, self.weights
        return (a, b, weights) if index is None else (a[index], b[index], None if weights is None else weights[index])


def rounded(exact: Fraction) -> float:
    """Return the float64 that is nearest.

    >>> rounded(Fraction(1, 10))
    0.1
    """
    return quotient(exact.numerator, exact.denominator)


def _top(a: Array, b: Array, weights: Array | None) -> int:
    """Return Σw(l_b − l_a) in the units of ``ExactSum``, which are also those of the divisors."""
    sums = [counted(one, weights) for one in (b, a)]
    of_b, of_a = (ExactSum.of(one) if w is None else ExactSum.of(w, one) for one, w in sums)
    return of_b.units - of_a.units


def _finite(losses: Array, weights: Array | None) -> bool:
    there, counting = counted(losses, weights)
    return bool(np.isfinite(there).all()) and (counting is None or bool(np.isfinite(counting).all()))
