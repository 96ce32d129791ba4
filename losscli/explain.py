"""Every framework's number for one loss, side by side, and why it is not the textbook's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from losscli.batch import Batch
from losscli.domain import When, resolve
from losscli.errors import UsageError
from losscli.run import Run
from losscli.spec import Bound, as_text, bind

MEANS = ("count-mean", "nonzero-mean")
"""What differs from the mean only by what the weights are divided by."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One framework's number: its name for the loss, the number or None if it takes other data, and the reason."""

    name: str
    like: str | None
    reduction: str
    value: float | None
    why: str


def explain(spec: str, given: Mapping[str, object], batches: Iterable[Batch], missing: str) -> list[Explanation]:
    """Compute a loss as the textbook and as every framework that has it, in one pass.

    Raises UsageError for an unknown loss or parameter, DataError for data that the loss cannot take.
    """
    textbook = bind(spec, given=given)
    twins = list(_twins(spec, given, textbook))
    run = Run([textbook, *(bound for bound, refused in twins if not refused)], missing=missing)
    weighted = textbook.param("class-weight") is not None
    for batch in batches:
        weighted |= batch.weight is not None
        run.feed(batch)
    # what only a framework refuses is no obstacle to the others
    outside = {tally.bound.spec: _narrower(textbook, tally.bound) for tally in run.tallies[1:] if tally.guard.faults}
    run.tallies = [tally for tally in run.tallies if tally.bound.spec not in outside]
    values = {result.loss: result.value for result in run.report().results if result.by is None}
    found = [Explanation(textbook.spec, None, textbook.reduction, values[textbook.spec], "the textbook's definition")]
    return found + [
        Explanation(
            bound.path,
            bound.like,
            bound.reduction,
            values.get(bound.spec),
            refused or outside.get(bound.spec) or why(textbook, bound, weighted=weighted),
        )
        for bound, refused in twins
    ]


def why(textbook: Bound, twin: Bound, *, weighted: bool) -> str:
    """Say in what a framework departs from the textbook: parameters, the meaning of its mean, known faults."""
    params = twin.loss.params
    set_otherwise = [
        f"{name}={as_text(value)}: {params[name].help.rstrip('.')}"
        for name, value in twin.params.items()
        if value != textbook.params[name]
    ]
    same_mean = twin.reduction == textbook.reduction or (twin.reduction in MEANS and not weighted)
    mean = [] if same_mean else [f"its mean is our {twin.reduction}"]
    return "; ".join([*set_otherwise, *([twin.note.rstrip(".")] if twin.note else []), *mean]) or "the same"


def _narrower(textbook: Bound, twin: Bound) -> str:
    """Say what a framework takes that takes less than the textbook."""
    sides = (("y_true", textbook.loss.true, twin.loss.true), ("y_pred", textbook.loss.pred, twin.loss.pred))
    takes = [f"{part}: {resolve(domain, twin.params).text}" for part, usual, domain in sides if domain is not usual]
    return f"takes only {'; '.join(takes)}"


def _twins(spec: str, given: Mapping[str, object], textbook: Bound) -> Iterable[tuple[Bound, str]]:
    """Yield each framework's twin under its own name, and why it has no number for this data, if so."""
    for framework in textbook.loss.frameworks():
        try:
            bound = bind(spec, like=framework, given=given)
        except UsageError as lacking:
            yield replace(textbook, like=framework, path=framework, spec=f"{framework}:"), lacking.message
            continue
        switched = [
            resolve(domain, bound.params).text
            for domain in (textbook.loss.true, textbook.loss.pred)
            if isinstance(domain, When) and resolve(domain, bound.params) != resolve(domain, textbook.params)
        ]
        yield replace(bound, spec=bound.path), f"takes {' and '.join(switched)}" if switched else ""
