"""The domains that losses draw their inputs from, and how a value outside each is found."""

from __future__ import annotations

import numpy as np

from losscli.arrays import AnyArray, Array, Mask
from losscli.domain import Domain

ALIKE_FROM = 2.0**53
"""From here on two whole numbers may be one float64, and so two labels one class."""


def _nowhere(values: AnyArray) -> Mask:
    return np.zeros(values.shape, dtype=bool)


def _not_a_label(values: Array) -> Mask:
    """A class label is its index: 0, 1, 2, … Rows (one-hot or soft) are shares instead."""
    if values.ndim > 1:
        return _not_a_share(values)
    bad: Mask = (values < 0) | (values >= ALIKE_FROM) | (values != np.floor(values))
    return bad


def _not_a_share(values: Array) -> Mask:
    return (values < 0) | (values > 1)


def _not_one_hot(values: Array) -> Mask:
    return ~np.isin(values, (0, 1)) if values.ndim > 1 else _not_a_label(values)


def _not_a_decision(values: Array) -> Mask:
    """A class or a probability; a row of scores may hold any number."""
    return _nowhere(values) if values.ndim > 1 else _not_a_label(values) & _not_a_share(values)


def _not_a_log(values: Array) -> Mask:
    return values > 0


def _negative_spread(values: Array) -> Mask:
    """A mean may be any number, the variance or standard deviation beside it not."""
    return np.asarray((values < 0) & (np.arange(values.shape[-1]) == 1))


def _crossed(values: Array, first: int = 0) -> Mask:
    """Mark the upper end of each interval, of which the lower end comes first, that lies below the lower one."""
    bad = _nowhere(values)
    bad[..., first + 1 :: 2] = values[..., first + 1 :: 2] < values[..., first:-1:2]
    return bad


def _not_a_sequence(values: Array) -> Mask:
    """Labels, and -1 from the end of the sequence on."""
    later = np.maximum.accumulate(values[:, ::-1], axis=1)[:, ::-1]
    bad: Mask = (values < -1) | (values != np.floor(values)) | ((values == -1) & (later >= 0))
    return bad


NOTHING = Domain("nothing", "nothing: a penalty is of a model's weights alone", _nowhere)
SHARE = "a probability from 0 to 1"
REAL = Domain("real", "any number", _nowhere)
ABOVE_MINUS_ONE = Domain("above -1", "a number above -1", lambda values: values <= -1)
NONNEGATIVE = Domain("nonnegative", "a number from 0 up", lambda values: values < 0)
POSITIVE = Domain("positive", "a number above 0", lambda values: values <= 0)
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
LABEL_SET = Domain(
    "label set", "a row with 0 or 1 for each label", lambda values: ~np.isin(values, (0, 1)), rows=True, each="0 or 1"
)
LABEL_SHARES = Domain(
    "label shares", "a row with 0, 1 or a share between them for each label", _not_a_share, rows=True, each=SHARE
)
LABEL_PROBABILITIES = Domain(
    "label probabilities", "a row with a probability for each label", _not_a_share, rows=True, each=SHARE
)
LABEL_LOGITS = Domain("label logits", "a row with a logit for each label: any numbers", _nowhere, rows=True)
MASK = Domain("mask", "a mask: a row of 0, 1 or shares between them", _not_a_share, rows=True, each=SHARE)
SOFT_MASK = Domain(
    "soft mask",
    "a row of probabilities, one for each place of the mask",
    _not_a_share,
    rows=True,
    each=SHARE,
    whole=True,
)
MASK_LOGITS = Domain("mask logits", "a row of logits, one for each place of the mask", _nowhere, rows=True, whole=True)
MASSES = Domain("masses", "a row of numbers from 0 up", lambda values: values < 0, rows=True, each="a number from 0 up")
ALIKE = Domain("alike", "1 (alike, or the first is better) or -1", lambda values: ~np.isin(values, (-1, 1)))
TWO_SCORES = Domain(
    "two scores", "the scores of two items", _nowhere, rows=True, each="a score", width="pair", columns=("x1", "x2")
)
TWO_VECTORS = Domain("two vectors", "two rows of one width, one after the other", _nowhere, rows=True, width="pair")
TWO_MORE_VECTORS = Domain(
    "two more vectors",
    "two rows as wide as the truth, the positive and the negative, one after the other",
    _nowhere,
    rows=True,
    width="twice",
)
LABEL_SEQUENCE = Domain(
    "label sequence",
    "a row of labels in order (whole numbers from 0 up), padded with -1 at its end",
    _not_a_sequence,
    rows=True,
    each="a label: a whole number from 0 up, or -1 after the last",
)
STEP_LOGS = Domain(
    "step logs",
    "a row with the logarithm of the probability of each class, for each time step",
    _not_a_log,
    rows=True,
    each="the logarithm of a probability",
    width="steps",
)
STEP_LOGITS = Domain(
    "step logits",
    "a row with a logit for each class, for each time step",
    _nowhere,
    rows=True,
    width="steps",
)
GRADES = Domain(
    "grades",
    "a row with the grade of each item: 0 or more, -1 where there is no item",
    lambda values: (values < 0) & (values != -1),
    rows=True,
    each="a grade: 0 or more, or -1 for no item",
)
ITEM_SCORES = Domain("item scores", "a row with the score of each item", _nowhere, rows=True)
PROBABILITY_OR_ROW = Domain(
    "probability or row",
    "the probability of class 1, or a row with a probability for each class",
    _not_a_share,
    rows=None,
    sums_to_one=True,
    each=SHARE,
)
LOGIT_OR_ROW = Domain(
    "logit or row", "a logit of class 1, or a row with a logit for each class: any numbers", _nowhere, rows=None
)
SCORE_OR_ROW = Domain(
    "score or row", "a score for class 1, or a row with a score for each class: any numbers", _nowhere, rows=None
)
DECISION = Domain(
    "decision",
    "a class, the probability of class 1, or a row with a score for each class",
    _not_a_decision,
    rows=None,
    labels=True,
)
MEMBERS = Domain("members", "a row of ensemble members: any numbers", _nowhere, rows=True, width="any")
MEMBER_ROWS = Domain(
    "rows of members",
    "ensemble members one after the other, each as wide as the truth",
    _nowhere,
    rows=True,
    width="multiple",
)
QUANTILES = Domain("quantiles", "a row of quantiles, one for each level", _nowhere, rows=True, width="any")
MEAN_VARIANCE = Domain(
    "mean and variance",
    "a mean and a variance",
    _negative_spread,
    rows=True,
    each="a variance from 0 up",
    width="any",
    columns=("mean", "variance"),
)
MEAN_LOG_DEVIATION = Domain(
    "mean and log deviation",
    "a mean and the logarithm of a standard deviation",
    _nowhere,
    rows=True,
    width="any",
    columns=("mean", "log_deviation"),
)
NORMAL = Domain(
    "normal",
    "the mean and the standard deviation of a normal distribution",
    _negative_spread,
    rows=True,
    each="a standard deviation from 0 up",
    width="any",
    columns=("mu", "sigma"),
)
ENDS = "an upper end at or above the lower end before it"
INTERVAL = Domain(
    "interval",
    "the lower and the upper end of an interval",
    _crossed,
    rows=True,
    each=ENDS,
    width="any",
    columns=("lower", "upper"),
)
MEDIAN_INTERVALS = Domain(
    "median and intervals",
    "a median, then the lower and the upper end of each interval",
    lambda values: _crossed(values, 1),
    rows=True,
    each=ENDS,
    width="any",
)
