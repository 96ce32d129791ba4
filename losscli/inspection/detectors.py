"""Every detector, in the order in which its warning is told: a small function that returns evidence or None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from losscli.arrays import any_of
from losscli.inspection import pairs, predictions, probabilities
from losscli.inspection.evidence import FIRST, Evidence, Warned, refusal
from losscli.inspection.fixes import again, changed, with_points
from losscli.inspection.reading import Opened
from losscli.inspection.suggestions import CHOICES
from losscli.registry import Loss
from losscli.spec import bind

Detector = Callable[[Evidence], Warned | None]


def ambiguous(found: Evidence) -> Warned | None:
    """Several columns could be meant; the first of them was taken."""
    if not found.ambiguous:
        return None
    chosen = ", ".join(found.names["pred"])
    return Warned("ambiguous", f"{found.ambiguous}; here: {chosen}", 0, (), changed(found))


def missing(found: Evidence) -> Warned | None:
    """Values are missing or not finite, and nothing was said about them."""
    count = found.summary.incomplete
    if not count or found.options.missing != "error":
        return None
    message = f"{count} of {found.n} rows have missing or non-finite values"
    return Warned("missing", message, count, found.summary.first_incomplete, changed(found, missing="drop"))


def labels(found: Evidence) -> Warned | None:
    """Classes are coded {1, 2}, {−1, 1} or from 1 on, where they are expected to count from 0."""
    if found.texts[0] or found.task not in ("binary", "multiclass") or found.sample.y_true.ndim > 1:
        return None
    levels = sorted(found.summary.true.levels() or ())
    low, high = found.summary.pred.range
    if found.task == "binary":
        probable = low >= 0 and high <= (100 if probabilities.is_percent(found) else 1)
        decided = (found.summary.pred.levels() or {0.5}) <= set(levels)
        strange = (levels == [1, 2] and not decided) or (
            levels == [-1, 1] and (decided or probable or found.expects != "")
        )
        if not strange:
            return None
        classes: tuple[str, ...] = tuple(f"{one:g}" for one in levels)
    else:
        width = found.summary.pred.width
        if found.sample.y_pred.ndim == 1 or not levels or levels[0] < 1 or levels[-1] != width:
            return None
        classes = tuple(str(one) for one in range(1, width + 1))
    count, rows = probabilities.where(found, ~np.isin(found.sample.y_true, range(len(classes))))
    expected = "0 and 1" if len(classes) == 2 else f"0 to {len(classes) - 1}"  # noqa: PLR2004  binary
    shown = ", ".join(f"{one:g}" for one in levels[:5]) + (" …" if len(levels) > FIRST else "")
    message = f"the labels are {shown}, where {expected} are expected"
    return Warned("labels", message, count, rows, changed(found, classes=classes))


def unnamed(found: Evidence) -> Warned | None:
    """The truth names more or fewer classes than there are columns of predictions: which column is whose?"""
    if found.matched or not found.classes:
        return None
    shown = ", ".join(found.classes[:FIRST]) + (" …" if len(found.classes) > FIRST else "")
    message = (
        f"{len(found.classes)} classes ({shown}) against {found.sample.y_pred.shape[-1]} columns of predictions: "
        "list the class of each column in order, with --classes"
    )
    return Warned("classes", message, found.n, found.sample.rows[:FIRST].tolist())


def unsuited(found: Evidence) -> Warned | None:
    """The loss that is meant is not defined for the data, or says nothing of it.

    Of predictions that are called probabilities and lie outside 0 to 1, that loss is the log loss.
    """
    y_pred = found.sample.y_pred
    called = found.expects == "probabilities" and not found.summary.pred.inside(0, 1)
    spec = probabilities.LOG_LOSS.get(found.task, "") if called else ""
    meant = found.loss or (bind(spec) if spec else None)
    why = refusal(meant, found.sample) if meant else ""
    if not meant or not why:
        return None
    losses = (one.loss for one in CHOICES[found.task](found) if isinstance(bind(one.loss).loss, Loss))
    loss = next((spec for spec in losses if found.value(spec) is not None), "")
    message = f"{meant.spec} does not suit the data: {why}"
    count, rows = found.n, found.sample.rows[:FIRST].tolist()
    if spec:
        count, rows = probabilities.where(found, any_of((y_pred < 0) | (y_pred > 1)))
    return Warned("unsuited", message, count, rows, changed(found, loss=loss) if loss else "")


DETECTORS: Sequence[Detector] = (
    ambiguous,
    missing,
    pairs.swapped,
    labels,
    unnamed,
    probabilities.logits_as_probabilities,
    probabilities.probabilities_as_logits,
    probabilities.percentages,
    probabilities.other_unit,
    probabilities.squashed_twice,
    probabilities.sums,
    probabilities.saturated,
    predictions.broadcast,
    pairs.unpaired,
    pairs.shifted,
    pairs.by_other_order,
    pairs.exchanged,
    pairs.inverted,
    predictions.leak,
    predictions.constant,
    predictions.concentrated,
)


LAST: Sequence[Detector] = (unsuited, pairs.shuffled)
"""Detectors of what has many causes: asked only where no other found one."""


def warnings(found: Evidence) -> list[Warned]:
    """Return what every detector found."""
    return _asked(DETECTORS, found) or _asked(LAST, found)


def _asked(detectors: Sequence[Detector], found: Evidence) -> list[Warned]:
    return [one for detector in detectors if (one := detector(found)) is not None]


def decimal_commas(opened: Opened, loss: str) -> Warned:
    """Return the warning for a table whose numbers have decimal commas."""
    message = (
        f"numbers with decimal commas, which are read as text: {', '.join(opened.commas)}; "
        "if the commas group digits, remove them instead"
    )
    mended = with_points(opened.options, loss) if opened.comma_divides else ""
    fix = mended or ("" if opened.comma_divides else again(replace(opened.options, decimal=","), loss))
    return Warned("decimal-comma", message, 0, (), fix)
