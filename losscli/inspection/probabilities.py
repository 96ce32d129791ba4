"""What may be wrong with probabilities: logits in their place, percentages, a softmax too many, sums, saturation."""

from __future__ import annotations

from math import e, inf

import numpy as np

from losscli.arrays import Array, Integers, Mask, any_of
from losscli.inspection.evidence import FIRST, LEAST, ONE, Evidence, Warned, losses
from losscli.inspection.fixes import changed, fields, through

CLASSES = ("binary", "multiclass", "multilabel")
SHARES = (*CLASSES, "distribution")
LOG_LOSS = {"binary": "bce", "multiclass": "ce", "multilabel": "bce", "distribution": "ce"}
"""The log loss of each task of probabilities."""
PERCENT = 100.0
HIGH = 20.0
"""From here up a largest value looks like percent where nothing says what the predictions are."""
HALVED = 0.5
"""A loss below this share of another is much less."""
TENTH = 0.1
"""What another unit must leave of the squared error, at most; and it must beat the best constant."""
ROUNDED = 1e-3
"""What rounding to three digits can add to a probability; its logarithm changes by a few times as much."""
EDGE = 0.05
"""How near to 0 or 1 most probabilities of a sure model are."""


def where(found: Evidence, marked: Mask) -> tuple[int, list[int]]:
    """Return how many rows of the sample are marked, and the first of them."""
    rows: Integers = found.sample.rows[marked]
    return len(rows), rows[:FIRST].tolist()


def of_sample(found: Evidence, count: int) -> str:
    """Return ``3 of 40 rows``, and that they are a sample's if it does not hold all.

    Where the sample holds all rows, so does the count.
    """
    return f"{count} of {len(found.sample)} rows" + ("" if found.whole else " looked at")


def logits_as_probabilities(found: Evidence) -> Warned | None:
    """Predictions called or taken for probabilities lie outside [0, 1], on both sides or far: they are logits."""
    low, high = found.summary.pred.range
    if found.task not in CLASSES or found.texts[1] or found.expects != "probabilities" or low >= -ONE:
        return None
    spec = LOG_LOSS[found.task]
    count, rows = where(found, any_of((found.sample.y_pred < 0) | (found.sample.y_pred > 1)))
    as_logits = found.value(f"{spec}:from_logits")
    clipped = found.value(f"{spec}:eps=1e-7", y_pred=np.clip(found.sample.y_pred, 0, 1))
    message = (
        f"{of_sample(found, count)} of the predictions lie outside 0 to 1 (from {low:.6g} to {high:.6g}): logits, "
        f"not probabilities; {spec} of them as logits is {_number(as_logits)}, as clipped probabilities "
        f"{_number(clipped)}"
    )
    return Warned("logits-as-probabilities", message, count, rows, changed(found, loss=f"{spec}:from_logits"))


def probabilities_as_logits(found: Evidence) -> Warned | None:
    """Predictions called or taken for logits all lie in [0, 1] (in rows, they sum to 1): they are probabilities."""
    if found.task not in CLASSES or found.texts[1] or found.expects != "logits" or len(found.sample) < LEAST:
        return None
    y_pred = found.sample.y_pred
    if not found.summary.pred.inside(0, 1) or len(np.unique(y_pred[:LEAST])) < 3:  # noqa: PLR2004  hard decisions
        return None
    if found.task == "multiclass" and y_pred.ndim > 1 and not (np.abs(y_pred.sum(axis=-1) - 1) <= ONE).all():
        return None
    spec = LOG_LOSS[found.task]
    with_flag, without = found.value(f"{spec}:from_logits"), found.value(f"{spec}:eps=1e-7")
    low, high = found.summary.pred.range
    message = (
        f"all predictions lie from {low:.6g} to {high:.6g}: probabilities, not logits; {spec} of them as probabilities "
        f"is {_number(without)}, as logits {_number(with_flag)}"
    )
    rows = found.sample.rows[:FIRST].tolist()
    return Warned("probabilities-as-logits", message, found.n, rows, changed(found, loss=spec))


def squashed_twice(found: Evidence) -> Warned | None:
    """Probabilities are the softmax (or sigmoid) of probabilities: these are of a sure model, or far better."""
    inner = _inner(found)
    if inner is None or len(found.sample) < LEAST:
        return None
    values, name, program = inner
    confident = float(np.quantile(values.max(axis=-1) if values.ndim > 1 else values, 0.9))
    spec = f"{LOG_LOSS[found.task]}:eps=1e-7"
    once, twice = found.value(spec, y_pred=np.clip(values, 0, 1)), found.value(spec)
    if confident < 0.8 or once is None or twice is None:  # noqa: PLR2004  most of the range
        return None
    heaped = (np.abs(values - 0.5) > 0.5 - EDGE).mean() > HALVED  # at both ends of what there can be
    sure = heaped and confident > 1 - EDGE
    if not sure and once > HALVED * twice:
        return None
    low, high = found.summary.pred.range
    message = (
        f"the predictions, from {low:.6g} to {high:.6g}, are what {name} makes of probabilities: applied twice? "
        f"{LOG_LOSS[found.task]} is {twice:.6g}, and {once:.6g} with one of them undone"
    )
    return Warned(f"{name}-twice", message, found.n, found.sample.rows[:FIRST].tolist(), through(found, program))


def _inner(found: Evidence) -> tuple[Array, str, str] | None:
    """Return what a second softmax or sigmoid was applied to, if that can be, its name, and the awk that undoes it."""
    y_pred, pred = found.sample.y_pred, found.summary.pred
    first, last = fields(found)
    if found.task == "binary" and y_pred.ndim == 1 and not found.texts[1]:
        if not pred.inside(0.5 - ROUNDED, e / (1 + e) + ROUNDED):  # σ(0) and σ(1)
            return None
        undone = f"v=log(${first}/(1-${first}));${first}={_BOUNDED}"
        return np.log(y_pred / (1 - y_pred)), "sigmoid", f"NR>1{{{undone}}}1"
    if found.task != "multiclass" or y_pred.ndim != 2 or pred.range[0] <= 0 or not pred.inside(0, 1):  # noqa: PLR2004
        return None
    if (np.abs(y_pred.sum(axis=-1) - 1) > ONE).any():
        return None
    logs = np.log(y_pred)
    width = y_pred.shape[1]
    values = logs + (1 - logs.sum(axis=-1, keepdims=True)) / width
    if values.min() < -5 * ROUNDED:
        return None
    loop = f"for(i={first};i<={last};i++)"
    shift = f"{{s=0;{loop}s+=log($i);{loop}{{v=log($i)+(1-s)/{width};$i={_BOUNDED}}}}}1"
    return values, "softmax", f"NR>1{shift}"


_BOUNDED = "v<0?0:v>1?1:v"
"""awk for a probability that was rounded."""


def percentages(found: Evidence) -> Warned | None:
    """Predictions go up to 100 where shares up to 1 are expected."""
    low, high = found.summary.pred.range
    if not is_percent(found):
        return None
    first, last = fields(found)
    count, rows = where(found, any_of(found.sample.y_pred > 1))
    scaled = found.value(LOG_LOSS[found.task] + ":eps=1e-7", y_pred=found.sample.y_pred / PERCENT)
    message = (
        f"the predictions go from {low:.6g} to {high:.6g}: percent, where probabilities from 0 to 1 are expected; "
        f"{LOG_LOSS[found.task]} of a hundredth of them is {_number(scaled)}"
    )
    return Warned("percentages", message, count, rows, through(found, f"NR>1{{for(i={first};i<={last};i++)$i/=100}}1"))


def is_percent(found: Evidence) -> bool:
    """Tell whether predictions that should be shares look like percent."""
    low, high = found.summary.pred.range
    if found.task not in SHARES or found.texts[1] or low < 0 or not 1 + ONE < high <= PERCENT + ONE:
        return False
    y_pred = found.sample.y_pred
    if y_pred.ndim > 1 and found.task != "multilabel":
        return bool((np.abs(y_pred.sum(axis=-1) - PERCENT) <= 1).mean() > 0.9)  # noqa: PLR2004  nearly all
    if found.expects == "probabilities":
        return bool((y_pred > 1).mean() > HALVED)
    return not found.expects and high >= HIGH and len(found.sample) >= LEAST


def other_unit(found: Evidence) -> Warned | None:
    """Truth and predictions of a regression differ by a factor of 100: percent against fractions."""
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    if found.task != "regression" or y_true.shape != y_pred.shape or y_true.ndim > 1 or len(found.sample) < LEAST:
        return None
    before = found.value("mse")
    for factor, verb, looks in (
        (1 / PERCENT, "/=", "the predictions look like percent and the truth like fractions"),
        (PERCENT, "*=", "the truth looks like percent and the predictions like fractions"),
    ):
        after = found.value("mse", y_pred=y_pred * factor)
        if not before or after is None or not _is_share(found, factor):
            continue
        fits = after < min(TENTH * before, y_true.var()) and np.corrcoef(y_true, y_pred)[0, 1] > HALVED
        if fits:
            message = f"{looks}: mse is {before:.6g}, and {after:.6g} with predictions {verb[0]} 100"
            rows = found.sample.rows[:FIRST].tolist()
            return Warned("percentages", message, found.n, rows, through(found, f"NR>1{{$3{verb}100}}1"))
    return None


def _is_share(found: Evidence, factor: float) -> bool:
    """Tell whether the side with the smaller unit lies about between -1 and 1, as fractions do."""
    small = found.summary.true if factor < 1 else found.summary.pred
    return small.inside(-2, 2)


def sums(found: Evidence) -> Warned | None:
    """Rows of class probabilities do not sum to 1."""
    y_pred = found.sample.y_pred
    if found.task not in ("multiclass", "distribution") or y_pred.ndim != 2 or found.expects == "logits":  # noqa: PLR2004
        return None
    if not found.summary.pred.inside(0, 1) or _any_sum(found):
        return None
    total = y_pred.sum(axis=-1)
    count, rows = where(found, np.abs(total - 1) > ONE)
    if not count:
        return None
    worst = float(total[np.argmax(np.abs(total - 1))])
    first, last = fields(found)
    loop = f"for(i={first};i<={last};i++)"
    program = f"NR>1{{s=0;{loop}s+=$i;{loop}$i/=s}}1"
    message = f"{of_sample(found, count)} of predictions do not sum to 1 (the farthest to {worst:.6g})"
    return Warned("sums", message, count, rows, through(found, program))


def _any_sum(found: Evidence) -> bool:
    """Tell whether the loss asked for takes rows of any sum."""
    if found.loss is None:
        return False
    return found.loss.params.get("renormalise") is True or not found.expects


def saturated(found: Evidence) -> Warned | None:
    """Probabilities of exactly 0 or 1 are wrong, so that the log loss is infinite."""
    if found.task not in CLASSES or found.texts[1] or not found.summary.pred.inside(0, 1):
        return None
    y_pred = found.sample.y_pred
    if found.expects == "logits" or np.isin(y_pred, (0, 1)).all() or (y_pred.ndim == 1 and found.task != "binary"):
        return None
    spec = found.loss if found.loss is not None else LOG_LOSS[found.task]
    cost = losses(spec, found.sample)
    if cost is None or not (cost == inf).any():
        return None
    count, rows = where(found, cost == inf)
    name = LOG_LOSS[found.task]
    clipped = found.value(f"{name}:eps=1e-7")
    message = (
        f"{of_sample(found, count)} of predictions are exactly 0 or 1 and wrong, which costs infinity; "
        f"{name} of them clipped to 1e-7 is {_number(clipped)}"
    )
    return Warned("saturated", message, count, rows, changed(found, loss=f"{name}:eps=1e-7"))


def _number(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.6g}"
