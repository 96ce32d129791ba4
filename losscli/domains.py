"""What a loss's inputs may be, and how a value outside is found and explained.

A domain is data on a loss's declaration. One guard (``run.py``) checks every batch against it, so that no loss checks
for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from losscli.arrays import AnyArray, Array, Mask


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that one input of a loss may take.

    ``outside`` marks the bad values: an array of the input's shape -> a mask of the same shape. ``rows`` says that a
    sample is a row of numbers (``True``), one number or a row treated element by element (``False``), or a class
    label that may also come as a row over the classes (``None``). ``labels`` says that the values are class labels,
    so that text is encoded, and ``binary`` that there are two of them; ``sums_to_one`` that a row is a distribution,
    which is doubted aloud and not refused. ``text`` says what a sample is, ``each`` what a single number of a row is.

    Of a prediction, ``width`` says how wide its rows are: as wide as the truth's (``same``), of ``any`` width beside a
    single true value, or a ``multiple`` of the truth's, several rows one after the other; ``columns`` says what each
    column is where they differ (``mean``, ``variance``), which fixes their number.
    """

    name: str
    text: str
    outside: Callable[[Array], Mask]
    rows: bool | None = False
    labels: bool = False
    binary: bool = False
    sums_to_one: bool = False
    each: str = ""
    width: Literal["same", "any", "multiple"] = "same"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """A domain that depends on a parameter of the loss: ``When("from_logits", LOGIT, PROBABILITY)``.

    ``then`` holds if the parameter is set: a flag that is true, or a number that is not None.
    """

    param: str
    then: Domain
    otherwise: Domain

    def pick(self, params: Mapping[str, object]) -> Domain:
        """Return the domain for these parameters."""
        value = params[self.param]
        return self.otherwise if value is None or value is False else self.then


def resolve(domain: Domain | When, params: Mapping[str, object]) -> Domain:
    """Return the domain that holds for these parameters."""
    return domain.pick(params) if isinstance(domain, When) else domain


def _nowhere(values: AnyArray) -> Mask:
    return np.zeros(values.shape, dtype=bool)


def _not_a_label(values: Array) -> Mask:
    """A class label is its index: 0, 1, 2, … Rows (one-hot or soft) are shares instead."""
    return _not_a_share(values) if values.ndim > 1 else (values < 0) | (values != np.floor(values))


def _not_a_share(values: Array) -> Mask:
    return (values < 0) | (values > 1)


def _not_one_hot(values: Array) -> Mask:
    return ~np.isin(values, (0, 1)) if values.ndim > 1 else _not_a_label(values)


def _not_a_decision(values: Array) -> Mask:
    """A class or a probability; a row of scores may hold any number."""
    return _nowhere(values) if values.ndim > 1 else _not_a_label(values) & _not_a_share(values)


def _not_a_log(values: Array) -> Mask:
    return values > 0


SHARE = "a probability from 0 to 1"
REAL = Domain("real", "any number", _nowhere)
ABOVE_MINUS_ONE = Domain("above -1", "a number above -1", lambda values: values <= -1)
NONNEGATIVE = Domain("nonnegative", "a number from 0 up", lambda values: values < 0)
PROBABILITY = Domain("probability", SHARE, _not_a_share)
LOGIT = Domain("logit", "a logit: any number", _nowhere)
TARGET = Domain("target", "0, 1 or a share between them", _not_a_share, labels=True, binary=True)
SIGN = Domain(
    "sign", "-1 or 1 (0 is read as -1)", lambda values: ~np.isin(values, (-1, 0, 1)), labels=True, binary=True
)
SCORE = Domain("score", "a score: any number", _nowhere)
VECTOR = Domain("vector", "a row of numbers", _nowhere, rows=True)
DISTRIBUTION = Domain(
    "distribution", "a row of probabilities that sums to 1", _not_a_share, rows=True, sums_to_one=True, each=SHARE
)
LOG_DISTRIBUTION = Domain(
    "log distribution",
    "a row of logarithms of probabilities",
    _not_a_log,
    rows=True,
    each="the logarithm of a probability",
)
CLASS = Domain("class", "a class: its index from 0 up or its name", _not_a_label, labels=True)
CLASS_OR_ROW = Domain(
    "class or row",
    "a class (its index from 0 up or its name), or a row over the classes (one-hot or soft)",
    _not_a_label,
    rows=None,
    labels=True,
    sums_to_one=True,
)
CLASS_OR_ONE_HOT = Domain(
    "class or one-hot row",
    "a class (its index from 0 up or its name), or a one-hot row over the classes",
    _not_one_hot,
    rows=None,
    labels=True,
    sums_to_one=True,
)
CLASS_PROBABILITIES = Domain(
    "class probabilities",
    "a row with a probability for each class",
    _not_a_share,
    rows=True,
    sums_to_one=True,
    each=SHARE,
)
CLASS_LOGITS = Domain("class logits", "a row with a logit for each class: any numbers", _nowhere, rows=True)
CLASS_SCORES = Domain("class scores", "a row with a score for each class: any numbers", _nowhere, rows=True)
PROBABILITY_OR_ROW = Domain(
    "probability or row",
    "the probability of class 1, or a row with a probability for each class",
    _not_a_share,
    rows=None,
    sums_to_one=True,
    each=SHARE,
)
DECISION = Domain(
    "decision",
    "a class, the probability of class 1, or a row with a score for each class",
    _not_a_decision,
    rows=None,
    labels=True,
)
