"""A loss on trial: called as it was written, and what is found of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import numpy as np

from losscli.arrays import Array, any_of
from losscli.domain import resolve
from losscli.plugins import RAISED, Own
from losscli.selftest.samples import Sample
from losscli.spec import Bound


class Broken(Exception):  # noqa: N818  it is a finding, not an error
    """A law does not hold: the fact, and the row that shows it."""

    def __init__(self, fact: str, sample: Sample | None = None, row: int = 0) -> None:
        super().__init__(fact)
        self.fact = fact
        self.y_true = None if sample is None else sample.y_true[row].tolist()
        self.y_pred = None if sample is None else sample.y_pred[row].tolist()


class Unusable(Broken):
    """It gives no losses at all, so that nothing else can be tried."""


class Inapplicable(Exception):  # noqa: N818  as above
    """Truth and prediction are of different kinds, so that one cannot stand for the other."""


class Trial:
    """A loss with its parameters, called as it was written: nothing guards its inputs or its result."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        function = bound.loss.function
        self.own = function if isinstance(function, Own) else None
        self.function: Callable[..., Any] = self.own.function if self.own else function

    def raw(self, sample: Sample) -> Any:  # noqa: ANN401  whatever it returns
        """Return what the loss returns. Raises Unusable for what it raises."""
        try:
            with np.errstate(all="ignore"), redirect_stdout(sys.stderr):
                return self.function(sample.y_true, sample.y_pred, **self.bound.params)
        except RAISED as error:
            told = self.own.told(error) if self.own else f"{type(error).__name__}: {error}"
            raise Unusable(told) from error

    def losses(self, sample: Sample) -> Array:
        """Return one loss for each sample of a copy of the rows."""
        result = np.asarray(self.raw(sample.at(slice(None))), dtype=np.float64)
        return result.reshape(len(sample), -1).mean(axis=1) if result.ndim > 1 else result

    def alike(self, sample: Sample) -> Sample:
        """Return the rows in which truth and prediction could be swapped. Raises Inapplicable if there are none."""
        true, pred = (resolve(domain, self.bound.params) for domain in (self.bound.loss.true, self.bound.loss.pred))
        if sample.y_true.shape == sample.y_pred.shape:
            rows = ~any_of(true.outside(sample.y_pred) | pred.outside(sample.y_true))
            if rows.any():
                return sample.at(rows)
        raise Inapplicable("truth and prediction are of different kinds")

    def said(self, pattern: str) -> bool:
        """Tell whether the docstring claims something."""
        return bool(re.search(pattern, self.bound.loss.function.__doc__ or "", re.IGNORECASE))
