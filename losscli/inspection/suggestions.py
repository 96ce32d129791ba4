"""Which losses suit the data, ranked, with the reason, their value and that of the best constant prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from losscli.arrays import Array
from losscli.inspection import baselines
from losscli.inspection.baselines import Constant, of_constant
from losscli.inspection.evidence import Evidence
from losscli.inspection.summary import Rows
from losscli.registry import Score
from losscli.spec import Bound, bind, written

SKEWED, OUTLYING = 2.0, 6.0
"""A skewness, and a distance from the median in median absolute deviations, from which a loss is chosen by it."""
OUTLIERS = 0.005
"""The share of such distances that makes outliers of them: of normal errors it would be 1 in 20,000."""
ZEROS, RARE, RATIOS = 0.3, 0.1, 100.0
"""Shares of zeros and of the rarer class, and a ratio of largest to median, that choose a loss."""
TOP = 5
"""Classes from which it counts whether the true one is among the first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A loss that suits, why, and its best constant prediction (None: to be searched; ``bare``: no constant)."""

    loss: str
    why: str
    constant: Constant | None = None
    bare: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a truth of numbers looks like: its shape decides between losses."""

    outliers: bool
    skew: float
    positive: bool
    zeros: float
    ratios: bool

    @classmethod
    def of(cls, found: Evidence) -> Look:
        """Look at the errors for outliers, at the truth for the rest."""
        y_true, y_pred = found.sample.y_true, found.sample.y_pred
        error = (y_pred - y_true if y_pred.shape == y_true.shape else y_true).ravel()
        away = np.abs(error - np.median(error))
        spread = np.median(away)
        deviation = y_true.std()
        low, high = float(y_true.min()), float(y_true.max())
        middle = float(np.median(y_true))
        return cls(
            outliers=bool(spread > 0 and (away > OUTLYING * spread).mean() > OUTLIERS),
            skew=float(((y_true - y_true.mean()) ** 3).mean() / deviation**3) if deviation > 0 else 0.0,
            positive=low >= 0 and float(y_pred.min()) >= 0,
            zeros=float((y_true == 0).mean()),
            ratios=low >= 0 and middle > 0 and high > RATIOS * middle,
        )


def _regression(found: Evidence) -> Iterable[Choice]:
    look = Look.of(found)
    usual = [
        Choice("mse", "the mean is what is predicted; large errors count most", baselines.mean),
        Choice("rmse", "mse in the unit of the data", baselines.mean),
        Choice("mae", "the median is what is predicted; in the unit of the data", baselines.median),
    ]
    robust = Choice("mae", "a few errors are far larger than the others, and do not rule it", baselines.median)
    rows = found.sample.y_true.ndim > 1
    turn = float(f"{1.5 * 1.4826 * _middle_error(found):.3g}")
    huber = (
        [Choice(written("huber", {"delta": turn}), "as mse for usual errors, as mae for large ones")]
        if turn > 0
        else []
    )
    ratio = [Choice("rmsle", "the truth spans several orders of magnitude: it compares ratios", _log_mean)]
    relative = [Choice("mape", "errors as shares of the truth, which is never 0")] if look.zeros == 0 else []
    if look.positive and look.zeros > ZEROS:
        why = f"{100 * look.zeros:.3g}% of the truth is 0, the rest positive"
        yield Choice("tweedie-deviance:power=1.5", why, baselines.mean)
    if look.positive and not rows and (look.ratios or look.skew > SKEWED) and look.zeros <= ZEROS:
        yield from ratio
    yield from [robust, *([] if rows else huber), *usual[:2]] if look.outliers else [*usual, *([] if rows else huber)]
    if look.positive and not rows:
        yield from relative


def _middle_error(found: Evidence) -> float:
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    return float(np.median(np.abs(y_pred - y_true))) if y_true.shape == y_pred.shape else 0.0


def _log_mean(rows: Rows) -> Array:
    return np.asarray(np.expm1(np.average(np.log1p(rows.y_true), weights=rows.weight)))


def _counts(found: Evidence) -> Iterable[Choice]:
    mean, spread = float(found.summary.true.mean[0]), float(found.summary.true.std[0])
    zeros = float((found.sample.y_true == 0).mean())
    if found.summary.pred.range[0] > 0:
        yield Choice("poisson-deviance", f"whole numbers from 0 up ({100 * zeros:.3g}% zeros)", baselines.mean)
    if mean > 0 and spread**2 > 2 * mean and found.summary.pred.range[0] > 0:
        yield Choice(
            "tweedie-deviance:power=1.5", f"the variance is {spread**2 / mean:.3g} times the mean", baselines.mean
        )
    yield from (
        _regression(found)
        if found.summary.pred.range[0] <= 0
        else (
            Choice("mse", "the mean is what is predicted; large counts rule it", baselines.mean),
            Choice("mae", "the median is what is predicted", baselines.median),
        )
    )


def _binary(found: Evidence) -> Iterable[Choice]:
    y_true, pred = found.sample.y_true, found.summary.pred
    positives = float(y_true.mean()) if found.summary.true.inside(0, 1) else float((y_true == y_true.max()).mean())
    rare = min(positives, 1 - positives) < RARE
    balance = f"{100 * positives:.3g}% are positive"
    decided = found.texts[1] or bool(np.isin(found.sample.y_pred, found.sample.y_true).all())
    ranking = Choice("average-precision", f"one class is rare: {balance}", bare=positives)
    by_rank = Choice("roc-auc", "whether positives rank before negatives", bare=0.5)
    if decided:
        yield Choice("mcc", f"decided classes; {balance}", bare=0.0)
        yield Choice("zero-one", "the share of wrong decisions", baselines.commonest)
        yield Choice("balanced-accuracy", "each class counts the same", bare=0.5)
    elif pred.inside(0, 1):
        yield Choice("bce", f"probabilities, judged by their logarithm; {balance}", baselines.mean)
        yield Choice("brier", "probabilities, judged by their square: no row can rule it", baselines.mean)
        yield ranking if rare else by_rank
    else:
        if pred.range[0] < 0 or found.expects == "logits":  # scores of one sign say of every row the same class
            yield Choice("bce:from_logits", f"logits, judged as probabilities; {balance}", baselines.logit)
            yield Choice("hinge", "scores, judged by their side and margin", baselines.side)
        yield ranking if rare else by_rank


def _multiclass(found: Evidence) -> Iterable[Choice]:
    y_true, y_pred = found.sample.y_true, found.sample.y_pred
    if y_pred.ndim == 1:
        yield Choice("zero-one", "the share of wrong decisions", baselines.commonest)
        yield Choice("balanced-accuracy", "each class counts the same", bare=1 / max(len(np.unique(y_true)), 1))
        return
    counts = np.bincount(y_true.astype(np.int64)) if y_true.ndim == 1 else y_true.sum(axis=0)
    seen = counts[counts > 0]
    balance = f"{len(seen)} classes, the rarest {100 * seen.min() / seen.sum():.3g}%"
    if found.summary.pred.inside(0, 1):
        yield Choice("ce", f"class probabilities, judged by their logarithm; {balance}", baselines.shares)
        yield Choice("brier", "class probabilities, judged by their square: no row can rule it", baselines.shares)
    else:
        yield Choice("ce:from_logits", f"logits of classes; {balance}", baselines.log_shares)
    yield Choice("zero-one", "the share of rows whose largest prediction is wrong", baselines.shares)
    if y_pred.shape[1] > TOP:
        yield Choice(f"top-k-error:k={TOP}", f"whether the true class is among the first {TOP}", baselines.shares)


def _multilabel(found: Evidence) -> Iterable[Choice]:
    if found.summary.pred.inside(0, 1):
        spec, constant = "multilabel-bce:from_logits=false", baselines.mean
    else:
        spec, constant = "multilabel-bce", baselines.logit
    yield Choice(spec, "each label is a yes or no of its own", constant)
    yield Choice("label-ranking-loss", "whether present labels rank before absent ones", bare=0.5)


def _distribution(_: Evidence) -> Iterable[Choice]:
    yield Choice("kld", "the truth is a distribution: information lost", baselines.mean)
    yield Choice("jsd", "bounded, and the same both ways", baselines.mean)
    yield Choice("wasserstein", "if the classes are ordered: how far shares are moved", baselines.mean)


def _intervals(_: Evidence) -> Iterable[Choice]:
    yield Choice("interval-score:alpha=0.1", "two ends, for a 90 % interval: set alpha to yours", baselines.ends)


def _quantiles(found: Evidence) -> Iterable[Choice]:
    levels = found.summary.pred.width
    yield Choice("crps-quantile", f"{levels} rising columns, taken for evenly spaced levels", baselines.quantiles)
    yield Choice("crps", "if they are members of an ensemble instead", baselines.members)


def _ensemble(found: Evidence) -> Iterable[Choice]:
    members = found.summary.pred.width
    yield Choice("crps", f"{members} members: how far they are from the truth and apart", baselines.members)
    yield Choice("dss", "a normal score from their mean and variance", baselines.members)


def _normal(found: Evidence) -> Iterable[Choice]:
    squared = found.names["pred"][1].lower().rpartition("_")[2].startswith("var")
    if squared:
        yield Choice("gaussian-nll", "a mean and a variance, judged by their density", baselines.variance)
    else:
        yield Choice("crps-normal", "a mean and a standard deviation, in the unit of the data", baselines.moments)
        yield Choice("normal-log-score", "the same, judged by their density", baselines.moments)


CHOICES: dict[str, Callable[[Evidence], Iterable[Choice]]] = {
    "regression": _regression,
    "counts": _counts,
    "binary": _binary,
    "multiclass": _multiclass,
    "multilabel": _multilabel,
    "distribution": _distribution,
    "intervals": _intervals,
    "quantiles": _quantiles,
    "ensemble": _ensemble,
    "normal": _normal,
}


def suggestions(found: Evidence) -> list[dict[str, object]]:
    """Return a record for each loss that suits and can be computed, the best first."""
    if not found.matched:
        return []
    suited = list(CHOICES[found.task](found))
    asked = [_asked(found.loss, suited)] if found.loss else []
    chosen = {one.loss: one for one in [*suited, *asked]}
    return [record for one in chosen.values() if (record := _record(found, one))]


def _asked(loss: Bound, suited: Iterable[Choice]) -> Choice:
    """Return the loss that was asked for, with the best constant of a suited one that it only clips otherwise."""
    for one in suited:
        known = bind(one.loss)
        if known.loss.name == loss.loss.name and {**known.params, "eps": 0} == {**loss.params, "eps": 0}:
            return Choice(loss.spec, "asked for", one.constant)
    return Choice(loss.spec, "asked for")


def _record(found: Evidence, one: Choice) -> dict[str, object] | None:
    value = found.value(one.loss)
    if value is None:
        return None
    base = one.bare if one.bare is not None else of_constant(one.loss, found.sample, one.constant)
    return {"loss": one.loss, "value": value, "baseline": base, "skill": skill(one.loss, value, base), "why": one.why}


def skill(spec: str, value: float, baseline: float | None) -> float | None:
    """Return the share of the way from the baseline to a perfect prediction: 1 − value / baseline of a loss.

    None where the baseline is no better than nothing: not known, perfect already, or below 0.
    """
    best = 1.0 if isinstance(bind(spec).loss, Score) else 0.0
    if baseline is None or baseline == best or (best == 0 and baseline < 0):
        return None
    return (baseline - value) / (baseline - best) + 0.0  # no -0.0
