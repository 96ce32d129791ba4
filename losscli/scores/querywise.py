"""Querywise losses: cross-entropies and pairs within each query."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import nan
from typing import Annotated

import numpy as np

from losscli.arrays import Array, Integers
from losscli.domains import LOGIT, NONNEGATIVE, REAL, SCORE, TARGET
from losscli.exact import ExactSum, ratio
from losscli.losses._numeric import silent, softplus
from losscli.registry import Like, Param, score
from losscli.scores._params import UNDEFINED, ZeroDivision
from losscli.scores._ranking import Empty, Ranking, counted, mean_over_queries, of_queries, ranked
from losscli.scores._state import State

PAIRS = "CatBoost makes the pairs of the labels where it trains, not in eval_metric"
HALVINGS = 64
"""How often the interval of a query's best shift is halved: a loss is flat there, half of the digits would do."""


@score(
    true=NONNEGATIVE,
    pred=SCORE,
    grouped=True,
    higher=False,
    like=(Like("catboost.QuerySoftMax", "beta", zero_division="0"),),
)
def query_softmax(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    beta: Annotated[float, Param("The scores are multiplied by it.", gt=0)] = 1.0,
    zero_division: ZeroDivision = "nan",
) -> State:
    """Cross-entropy of the grades against the softmax of the scores within each query.

        −Σ w·y ln (w e^(βs) / Σ_query w e^(βs)),  over Σ w·y

    Queries are told apart as in `dcg`; every row has a weight of its own, which stands in the softmax, too. A query
    in which nothing is relevant counts for nothing; if there is no other it is 0/0, for which CatBoost gives 0. Without
    weights and with one relevant row a query it is the mean of `softmax-rank`.

    Every row is held in memory.

    >>> query_softmax(array([1.0, 0.0]), array([0.0, 0.0]), None, ()).result()
    0.6931471805599453

    Source: https://catboost.ai/docs/en/concepts/loss-functions-ranking
    """
    return of_queries(partial(_softmax, beta=beta, undefined=UNDEFINED[zero_division]), y_true, y_pred, weight, group)


@score(
    true=TARGET,
    pred=LOGIT,
    grouped=True,
    higher=False,
    like=(
        Like("catboost.QueryCrossEntropy", "alpha", note="CatBoost looks for the best shift between -20 and 20 only"),
    ),
)
def query_crossentropy(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    alpha: Annotated[float, Param("The share of the cross-entropy after the best shift.", ge=0, le=1)] = 0.95,
) -> State:
    """Binary cross-entropy, partly after the shift of each query that suits it best.

        (1 − α) Σ w·bce(y, s) / Σ w  +  α Σ w·bce(y, s + b) / Σ w

    The predictions are logits; b is the shift of the query that makes its cross-entropy smallest. A query whose true
    values are all equal costs nothing after it. Queries are told apart as in `dcg`; every row has a weight of its
    own.

    Every row is held in memory.

    >>> query_crossentropy(array([1.0, 0.0]), array([5.0, 5.0]), None, (), alpha=1).result()
    0.6931471805599453

    Source: https://catboost.ai/docs/en/concepts/loss-functions-ranking
    """
    return of_queries(partial(_crossentropy, alpha), y_true, y_pred, weight, group)


@score(
    true=REAL,
    pred=REAL,
    grouped=True,
    higher=False,
    like=(Like("catboost.PairLogit", zero_division="0", note=PAIRS),),
)
def query_pair_logit(
    y_true: Array, y_pred: Array, weight: Array | None, group: Sequence[str], *, zero_division: ZeroDivision = "nan"
) -> State:
    """Logistic loss of all pairs of a query that differ in grade, mean over pairs.

        Σ over pairs with y_i > y_j of w ln(1 + e^(−(s_i − s_j))),  over Σ w

    Queries are told apart as in `dcg`; a pair weighs as its query. Without any pair it is 0/0, for which CatBoost
    gives 0. Pairs of your own are `pair-logit`, the sum for a list in a row is `pairwise-logistic`. The work grows with
    the square of a query's rows.

    Every row is held in memory.

    >>> query_pair_logit(array([1.0, 0.0]), array([0.0, 0.0]), None, ()).result()
    0.6931471805599453

    Source: https://catboost.ai/docs/en/concepts/loss-functions-ranking
    """
    return of_queries(partial(_pair_logit, undefined=UNDEFINED[zero_division]), y_true, y_pred, weight, group)


@score(
    true=REAL,
    pred=REAL,
    grouped=True,
    like=(Like("catboost.PairAccuracy", zero_division="0", note=PAIRS),),
)
def pair_accuracy(
    y_true: Array, y_pred: Array, weight: Array | None, group: Sequence[str], *, zero_division: ZeroDivision = "nan"
) -> State:
    """Share of the pairs of a query that differ in grade and stand in the right order.

        Σ over pairs with y_i > y_j of w·1[s_i > s_j],  over Σ w

    Over the pairs of all queries together; equal scores are wrong. Queries are told apart as in `dcg`; a pair weighs
    as its query. Without any pair it is 0/0, for which CatBoost gives 0. The work grows with the square of a query's
    rows.

    Every row is held in memory.

    >>> pair_accuracy(array([2.0, 1.0, 0.0]), array([0.9, 0.1, 0.5]), None, ()).result()
    0.6666666666666666

    Source: https://catboost.ai/docs/en/concepts/loss-functions-ranking
    """
    return of_queries(partial(_pair_accuracy, undefined=UNDEFINED[zero_division]), y_true, y_pred, weight, group)


@score(
    true=REAL,
    pred=REAL,
    grouped=True,
    aliases=("gauc", "group_auc"),
    like=(
        Like(
            "catboost.QueryAUC catboost.QueryAUC:type=Ranking",
            means={"type": {"ranking": {}, "classic": {}}},
            empty="0",
            note="CatBoost takes no notice of the queries' weights; its type=Classic, which it takes if none is named, "
            "splits a label between 0 and 1 into a share of each class",
        ),
    ),
)
def query_auc(
    y_true: Array, y_pred: Array, weight: Array | None, group: Sequence[str], *, empty: Empty = "skip"
) -> State:
    """Area under the ROC curve within each query, mean over queries.

        Σ over pairs with y_i > y_j of (1[s_i > s_j] + ½·1[s_i = s_j]),  over the number of such pairs

    Grades may be more than two. Queries are told apart as in `dcg` and weigh in the mean; one without such a pair is
    left out, or counts as `empty` says. Over all rows at once it is `roc-auc`.

    Every row is held in memory.

    >>> query_auc(array([1.0, 0.0, 1.0, 0.0]), array([0.9, 0.1, 0.5, 0.5]), None, ("a", "a", "b", "b")).result()
    0.75

    Source: H. Zhu et al. (2017), Optimized cost per click in Taobao display advertising, KDD.
    """
    return mean_over_queries(_auc, y_true, y_pred, weight, group, ties="worst", empty=empty)


def _softmax(query: Integers, y_true: Array, y_pred: Array, weight: Array, *, beta: float, undefined: float) -> float:
    first, length, (score, y_true, weight) = counted(query, y_pred, y_true, weight)
    logit = beta * score + np.log(weight)
    below = np.repeat(np.maximum.reduceat(logit, first), length) - logit
    total = np.log(np.add.reduceat(np.exp(-below), first))
    relevant = ExactSum.of(weight, y_true)
    if not (relevant.units or relevant.limit):
        return undefined
    return ratio(ExactSum.of(weight, y_true, below + np.repeat(total, length)), relevant)


def _crossentropy(alpha: float, query: Integers, y_true: Array, y_pred: Array, weight: Array) -> float:
    first, length, (logit, y_true, weight) = counted(query, y_pred, y_true, weight)
    mixed = np.minimum.reduceat(y_true, first) < np.maximum.reduceat(y_true, first)
    shift = np.where(mixed, _best_shift(first, length, logit, y_true, weight), 0.0)
    left = np.where(np.repeat(mixed, length), _bce(y_true, logit + np.repeat(shift, length)), 0.0)
    return ratio(ExactSum.of(weight, (1 - alpha) * _bce(y_true, logit) + alpha * left), ExactSum.of(weight))


def _bce(y_true: Array, logit: Array) -> Array:
    return y_true * softplus(-logit) + (1 - y_true) * softplus(logit)


@silent
def _best_shift(first: Integers, length: Integers, logit: Array, y_true: Array, weight: Array) -> Array:
    """Return for each query the shift of its logits at which they predict as much as there is."""
    there = np.add.reduceat(weight * y_true, first)
    odds = np.log(there) - np.log(np.add.reduceat(weight * (1 - y_true), first))
    low, high = odds - np.maximum.reduceat(logit, first), odds - np.minimum.reduceat(logit, first)
    for _ in range(HALVINGS):
        shift = low / 2 + high / 2
        predicted = weight * np.exp(-softplus(-(logit + np.repeat(shift, length))))
        short = np.add.reduceat(predicted, first) < there
        low, high = np.where(short, shift, low), np.where(short, high, shift)
    return low / 2 + high / 2


def _pair_logit(query: Integers, grade: Array, score: Array, weight: Array, *, undefined: float) -> float:
    ranking = ranked(query, grade, score, weight, ties="worst")
    weights, lost, total = ranking.spread(ranking.weight), ExactSum(), ExactSum()
    for better, worse in ranking.pairs():
        lost += ExactSum.of(weights[better], softplus(ranking.score[worse] - ranking.score[better]))
        total += ExactSum.of(weights[better])
    return ratio(lost, total) if total.units else undefined


def _pair_accuracy(query: Integers, grade: Array, score: Array, weight: Array, *, undefined: float) -> float:
    ranking = ranked(query, grade, score, weight, ties="worst")
    weights, right, total = ranking.spread(ranking.weight), ExactSum(), ExactSum()
    for better, worse in ranking.pairs():
        right += ExactSum.of(weights[better[ranking.score[better] > ranking.score[worse]]])
        total += ExactSum.of(weights[better])
    return ratio(right, total) if total.units else undefined


def _auc(ranking: Ranking) -> Array:
    number = ranking.spread(np.arange(len(ranking.first)))
    right, total = np.zeros((2, len(ranking.first)))
    for better, worse in ranking.pairs():
        ahead = (1 + np.sign(ranking.score[better] - ranking.score[worse])) / 2
        right += np.bincount(number[better], ahead, len(right))
        total += np.bincount(number[better], minlength=len(right))
    return np.divide(right, total, out=np.full_like(total, nan), where=total > 0)
