"""``evaluate``: the engine of the command line for arrays in Python."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from losscli.arrays import AnyArray, Array, squeezed
from losscli.batch import Batch
from losscli.errors import DataError, UsageError, did_you_mean
from losscli.formats.format import Result
from losscli.run import Run
from losscli.sources.labels import Labels, discover
from losscli.sources.missing import Missing
from losscli.spec import bind

POLICIES = ("error", "drop", "propagate")
"""What ``missing`` may be."""
EXAMPLES = {"spec": "huber:delta=2", "like": "keras", "reduction": "mean", "missing": "drop"}
"""An argument that must be text -> such a text."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What ``evaluate`` returns: ``value``, the reduced value, ``losses``, one per sample (a score has none)."""

    value: float | None
    losses: Array
    result: Result
    notes: tuple[str, ...]


def evaluate(
    spec: str,
    y_true: object,
    y_pred: object,
    sample_weight: object = None,
    *,
    like: str | None = None,
    reduction: str | None = None,
    missing: str = "error",
    group: object = None,
    **params: object,
) -> Evaluation:
    """Compute a loss or score of arrays: the same engine as the command line.

    Args:
        spec: a loss with its parameters, e.g. ``huber:delta=2``; any name the command line takes.
        y_true: true values, ``(n,)`` or ``(n, k)``; class labels may be strings.
        y_pred: predicted values, as the loss needs them.
        sample_weight: a weight for each row.
        like: the framework whose number is wanted.
        reduction: what ``value`` is; the weighted mean unless the framework says otherwise.
        missing: ``error``, ``drop`` or ``propagate`` for missing and non-finite values.
        group: the query that each row belongs to, for ranking scores.
        params: further parameters of the loss; they beat those in ``spec``.

    Raises:
        UsageError: an unknown loss, parameter, framework or reduction.
        DataError: wrong shapes, missing values, values outside the loss's domain, nothing to score.

    >>> evaluate("mse", [1, 2, 3], [2, 2, 3]).losses
    array([1., 0., 0.])
    """
    for name, text in (("spec", spec), ("like", like), ("reduction", reduction), ("missing", missing)):
        if not isinstance(text, str) and (text is not None or name in ("spec", "missing")):
            raise UsageError(f"{name}: expected text, received {text!r}", f'for example {name}="{EXAMPLES[name]}"')
    if missing not in POLICIES:
        known = ", ".join(POLICIES)
        raise UsageError(
            f"no policy is called {missing!r}", did_you_mean(missing, list(POLICIES)) or f"there are {known}"
        )
    bound = bind(spec, like=like, given=params)
    batch = _batch(y_true, y_pred, sample_weight)
    if group is not None:
        batch = replace(batch, group=_group(group, len(batch)))
    bound = bound.suited(rows=batch.y_pred.ndim > 1)
    run = Run([bound], reduction=reduction, missing=missing)
    policy = Missing(missing)
    kept = policy.treat(batch)
    policy.conclude(len(batch))
    losses = run.feed(kept) if kept is not None else None
    report = run.report()
    values = np.asarray((losses or {}).get(bound.spec, ()), dtype=np.float64)
    return Evaluation(report.results[-1].value, values, report.results[-1], tuple(run.notes()))


def _group(group: object, n: int) -> list[str]:
    """Return the name of each row's query."""
    queries = _array(group)
    if queries.shape not in ((n,), (n, 1)):
        raise DataError(f"group has the shape {queries.shape} for {n} rows", "give the query of each row")
    return [str(query) for query in queries.ravel().tolist()]


def _batch(y_true: object, y_pred: object, weight: object) -> Batch:
    """Return a batch of whatever numpy can read, text labels encoded in sorted order."""
    sides = [_array(side) for side in (y_true, y_pred)]
    texts = [[str(label) for label in side.tolist()] if _is_text(side) else None for side in sides]
    labels = Labels(discover(filter(None, texts), source="the labels")) if any(texts) else None
    true, pred = (
        labels.encode(text) if labels and text else _numbers(side) for side, text in zip(sides, texts, strict=True)
    )
    weights = None if weight is None else _numbers(_array(weight))
    if len(true) != len(pred) or (weights is not None and weights.shape != (len(pred),)):
        shapes = [str(side.shape) for side in (true, pred, *([] if weights is None else [weights]))]
        raise DataError(
            f"the lengths differ: {' and '.join(shapes)}", "give one truth and one weight for each prediction"
        )
    named = (texts[0] is not None, texts[1] is not None)
    return replace(Batch.of(true, pred, weights), classes=labels.classes if labels else None, named=named)


def _is_text(values: AnyArray) -> bool:
    return values.dtype.kind in "OUS" and values.ndim == 1 and any(isinstance(one, str) for one in values.tolist())


def _array(values: object) -> AnyArray:
    """Return an array of whatever numpy can read. Raises DataError for rows of different lengths."""
    try:
        return np.asarray(values)
    except ValueError:
        raise DataError("the rows have different lengths", "give rows of one length") from None


def _numbers(values: AnyArray) -> Array:
    """Return numbers as float64, a single column as one value a row."""
    if values.dtype.kind in "cmMV":
        raise DataError(f"not an array of real numbers: {values.dtype}", "give numbers, or strings as class labels")
    try:
        return squeezed(np.atleast_1d(values).astype(np.float64))
    except (TypeError, ValueError) as error:
        raise DataError(f"not an array of numbers: {error}", "give numbers, or strings as class labels") from None
