"""What a model's weights cost: read from a file or typed, summed exactly, added to a loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from losscli.arrays import Array
from losscli.errors import DataError, UsageError
from losscli.exact import ExactSum
from losscli.formats.format import Report, Result
from losscli.reductions import Fold, reduction
from losscli.registry import Penalty
from losscli.sources.cells import number
from losscli.sources.options import DataOptions
from losscli.sources.shards import Shards
from losscli.spec import Bound, bind


@dataclass(frozen=True)
class Charge:
    """A penalty and the weights it is taken of."""

    bound: Bound
    weights: str


def charge(text: str) -> Charge:
    """Read ``SPEC=WEIGHTS``; the last ``=`` splits, and what follows is a file or typed numbers.

    Raises UsageError if it is not of that form, or names no penalty.
    """
    spec, equals, weights = text.rpartition("=")
    if not equals or not weights:
        raise UsageError(f"--penalty: expected SPEC=WEIGHTS, received {text!r}", "l2-penalty:l2=0.01=weights.npy")
    bound = bind(spec)
    if not isinstance(bound.loss, Penalty):
        raise UsageError(f"--penalty: {bound.loss.name} is no penalty", "l1-penalty, l2-penalty and elastic-net are")
    return Charge(bound, weights)


def weights_of(text: str) -> Iterator[Array]:
    """Yield the weights that a text names: numbers separated by commas, or every number column of a file.

    Raises DataError for a file without numbers and for a weight that is missing or not finite.
    """
    cells = [number(cell) for cell in text.replace(";", ",").split(",")]
    if all(cell is not None for cell in cells):
        yield _checked(np.array(cells, dtype=np.float64), "the typed weights")
        return
    source = Shards([text], DataOptions(files=(text,)))
    kinds = source.first.kinds()
    columns = [name for name in source.first.columns if kinds[name] == "number"]
    if not columns:
        raise DataError(f"{source.first.name} holds no column of numbers", "weights are numbers")
    source.forget()
    for name in columns:
        for table, chunk in source.parts({name: "number"}):
            yield _checked(np.asarray(chunk.columns[name], dtype=np.float64).ravel(), f"{table.name}, column {name}")


def _checked(weights: Array, where: str) -> Array:
    if not np.isfinite(weights).all():
        raise DataError(f"{where}: a weight is missing or not finite", "every weight must be a number")
    return weights


def penalize(one: Charge) -> Result:
    """Return a penalty: the exact sum over the weights, rounded once."""
    fold = Fold(reduction("sum"))
    for weights in weights_of(one.weights):
        fold.update(one.bound.loss.function(weights, **one.bound.params))
    moments = fold.moments
    if not moments.n:
        raise DataError(f"{one.weights}: no weights", "a penalty is of at least one weight")
    return Result(
        loss=one.bound.spec, like=one.bound.like, reduction="sum", value=moments.sum, n=moments.n, dropped=0,
        weight=moments.weight, mean=moments.mean, sum=moments.sum, std=moments.std, min=moments.min, max=moments.max,
        signature=f"{one.bound.spec}|weights:{moments.n}",
    )  # fmt: skip


def with_penalties(report: Report, charges: Sequence[Charge]) -> Report:
    """Return a report with each penalty as a line of its own, and a total for each loss."""
    if not charges:
        return report
    costs = [penalize(one) for one in charges]
    totals = [
        replace(
            result,
            loss=" + ".join([result.loss, *(cost.loss for cost in costs)]),
            reduction="total",
            value=_sum([result.value, *(cost.value for cost in costs)]),
            mean=None, sum=None, std=None, min=None, max=None,
        )
        for result in report.results
        if result.by is None and result.value is not None
    ]  # fmt: skip
    return replace(report, results=[*report.results, *costs, *totals])


def _sum(values: Sequence[float | None]) -> float:
    return ExactSum.of(np.array([value for value in values if value is not None])).result()
