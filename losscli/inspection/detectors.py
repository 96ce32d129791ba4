"""Every detector, in the order in which its warning is told: a small function that returns evidence or None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from losscli.inspection import pairs, predictions, probabilities
from losscli.inspection.evidence import FIRST, Evidence, Warned
from losscli.inspection.fixes import again, changed, with_points
from losscli.inspection.reading import Opened

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
        wanted = levels == [1, 2] or (levels == [-1, 1] and (probable or found.expects != ""))
        classes: tuple[str, ...] = ("1", "2") if levels == [1, 2] else ("-1", "1")
        decided = (found.summary.pred.levels() or {0.5}) <= set(levels)
        if not wanted or (decided and levels == [1, 2]):
            return None
    else:
        width = found.summary.pred.width
        if found.sample.y_pred.ndim == 1 or not levels or levels[0] < 1 or levels[-1] != width:
            return None
        classes = tuple(str(one) for one in range(1, width + 1))
    strange = ~np.isin(found.sample.y_true, range(len(classes)))
    count, rows = probabilities.where(found, strange)
    expected = "0 and 1" if len(classes) == 2 else f"0 to {len(classes) - 1}"  # noqa: PLR2004  binary
    shown = ", ".join(f"{one:g}" for one in levels[:5]) + (" …" if len(levels) > FIRST else "")
    message = f"the labels are {shown}, where {expected} are expected"
    return Warned("labels", message, count, rows, changed(found, classes=classes))


DETECTORS: Sequence[Detector] = (
    ambiguous,
    missing,
    pairs.swapped,
    labels,
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


def warnings(found: Evidence) -> list[Warned]:
    """Return what every detector found."""
    return [one for detector in DETECTORS if (one := detector(found)) is not None]


def decimal_commas(opened: Opened, loss: str) -> Warned:
    """Return the warning for a table whose numbers have decimal commas."""
    message = (
        f"numbers with decimal commas, which are read as text: {', '.join(opened.commas)}; "
        "if the commas group digits, remove them instead"
    )
    mended = with_points(opened.options, loss) if opened.comma_divides else ""
    fix = mended or ("" if opened.comma_divides else again(replace(opened.options, decimal=","), loss))
    return Warned("decimal-comma", message, 0, (), fix)
