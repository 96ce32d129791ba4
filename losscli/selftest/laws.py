"""The laws, each a function that raises ``Broken`` when a loss breaks it; its docstring is the claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from losscli.arrays import Array, any_of
from losscli.registry import Loss
from losscli.selftest.samples import Sample
from losscli.selftest.trial import Broken, Trial, Unusable

COPIES = 20
"""How often the rows are repeated to see whether the loss of each stays the same."""
CLOSE, NOTHING = 1e-9, 1e-12
"""Relative difference of two losses, and size of a loss, that rounding explains."""


def one_float_per_sample(trial: Trial, sample: Sample) -> None:
    """It returns one float64 for each sample, or for each element of it."""
    try:
        result = trial.raw(sample.at(slice(None)))
    except Unusable as all_rows:
        for row in sorted(range(len(sample)), key=lambda one: len(sample.shown(one))):
            try:
                trial.raw(sample.at(slice(row, row + 1)))
            except Unusable as alone:
                raise Unusable(alone.fact, sample, row) from None
        raise all_rows from None
    shape, kind = np.shape(result), getattr(result, "dtype", type(result).__name__)
    if shape not in {sample.y_pred.shape[:1], sample.y_pred.shape}:
        raise Unusable(f"it returns shape {shape} for {len(sample)} rows")
    if kind != np.float64:
        raise Broken(f"it returns {kind}, not float64")


def pure(trial: Trial, sample: Sample) -> None:
    """It leaves its inputs as they are, and gives the same answer twice."""
    given = sample.at(slice(None))
    trial.raw(given)
    for part, before, after in (("y_true", sample.y_true, given.y_true), ("y_pred", sample.y_pred, given.y_pred)):
        if changed := np.flatnonzero(any_of(before != after)).tolist():
            row = sample.simplest(changed)
            raise Broken(f"it changes {part} to {after[row].tolist()}", sample, row)
    first, second = trial.losses(sample), trial.losses(sample)
    _same(sample, first, second, "the first time", "the second time")


def row_local(trial: Trial, sample: Sample) -> None:
    """A row's loss does not depend on the other rows, nor on their order."""
    together = trial.losses(sample)
    alone = np.concatenate([trial.losses(sample.at(slice(row, row + 1))) for row in range(len(sample))])
    if differ := np.flatnonzero(~_close(alone, together)).tolist():
        row = sample.simplest(differ)
        for other in sorted(range(len(sample)), key=lambda one: len(sample.shown(one))):
            beside = trial.losses(sample.at([row, other]))[0]
            if other != row and not _close(beside, alone[row]):
                raise Broken(f"{alone[row]} alone, {beside} beside {sample.shown(other)}", sample, row)
        raise Broken(f"{alone[row]} alone, {together[row]} among {len(sample)} rows", sample, row)
    _same(sample, together, trial.losses(sample.at(slice(None, None, -1)))[::-1], "in order", "in reverse")


def any_number_of_rows(trial: Trial, sample: Sample) -> None:
    """One row or many: each has the same loss."""
    once = trial.losses(sample)
    copies = trial.losses(sample.at(np.tile(np.arange(len(sample)), COPIES)))
    for part in copies.reshape(COPIES, -1):
        _same(sample, once, part, f"among {len(sample)} rows", f"among {len(copies)}")


def finite(trial: Trial, sample: Sample) -> None:
    """It is a finite number everywhere in its domain, or its docstring says where it is infinite."""
    losses = trial.losses(sample)
    bad = np.isnan(losses) if trial.said("infinit") else ~np.isfinite(losses)
    if bad.any():
        row = sample.simplest(np.flatnonzero(bad).tolist())
        raise Broken(f"the loss is {losses[row]}", sample, row)


def zero_at_equality(trial: Trial, sample: Sample) -> None:
    """Predicting the truth itself costs nothing."""
    alike = trial.alike(sample)
    same = Sample(alike.y_true, alike.y_true)
    losses = trial.losses(same)
    if costly := np.flatnonzero(~(np.abs(losses) <= NOTHING)).tolist():
        row = same.simplest(costly)
        raise Broken(f"the loss is {losses[row]}", same, row)


def symmetric(trial: Trial, sample: Sample) -> None:
    """Swapping truth and prediction changes nothing."""
    alike = trial.alike(sample)
    there, back = trial.losses(alike), trial.losses(Sample(alike.y_pred, alike.y_true))
    _same(alike, there, back, "there", "with truth and prediction swapped")


def _always(_: Trial) -> bool:
    return True


def _says_symmetric(trial: Trial) -> bool:
    loss = trial.bound.loss
    return (isinstance(loss, Loss) and loss.symmetric) or trial.said(r"(?<!not )\bsymmetric\b")


def _close(left: Array | float, right: Array | float) -> Any:  # noqa: ANN401  a mask, or one bool
    return np.isclose(left, right, rtol=CLOSE, atol=0, equal_nan=True)


def _same(sample: Sample, one: Array, other: Array, first: str, second: str) -> None:
    if differ := np.flatnonzero(~_close(one, other)).tolist():
        row = sample.simplest(differ)
        raise Broken(f"{one[row]} {first}, {other[row]} {second}", sample, row)


Law = Callable[[Trial, Sample], None]
LAWS: dict[str, tuple[Law, Callable[[Trial], bool]]] = {
    "one float64 per sample": (one_float_per_sample, _always),
    "pure": (pure, _always),
    "row-local": (row_local, _always),
    "any number of rows": (any_number_of_rows, _always),
    "finite": (finite, _always),
    "zero at equality": (zero_at_equality, lambda trial: trial.said(r"\bzero at equality\b")),
    "symmetric": (symmetric, _says_symmetric),
}
"""Each law, and whether a loss claims it."""
