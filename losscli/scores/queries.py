"""Queries: how much of what is relevant stands where, by grades."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domains import NONNEGATIVE, SCORE
from losscli.registry import Like, Param, score
from losscli.scores._params import Top
from losscli.scores._ranking import Empty, Ranking, Relevant, Ties, mean_over_queries
from losscli.scores._state import State


def _linear(grade: Array) -> Array:
    return grade


def _exponential(grade: Array) -> Array:
    return np.exp2(grade) - 1


GAINS: dict[str, Callable[[Array], Array]] = {"linear": _linear, "exponential": _exponential}
"""Choice of ``gain`` -> what a grade gains; functions with names, so that a state can be sent to another process."""

CATBOOST_TYPE = {"type": {"base": {"gain": "linear"}, "exp": {"gain": "exponential"}}}
"""What CatBoost's ``type`` of a discounted gain means."""

Gain = Annotated[str, Param("What a grade y gains: y itself, or 2^y - 1.", choices=tuple(GAINS))]


@score(
    true=NONNEGATIVE,
    pred=SCORE,
    grouped=True,
    aliases=("dcg_score", "discounted_cumulative_gain"),
    like=(
        Like("sklearn.metrics.dcg_score", "k"),
        Like("catboost.DCG", "top=k", means=CATBOOST_TYPE, ties="worst"),
    ),
)
def dcg(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = None,
    gain: Gain = "linear",
    ties: Ties = "average",
) -> State:
    """Discounted cumulative gain of a ranking, mean over queries.

        Σ over the first k positions r of gain(y_r) / log₂(1 + r)

    The rows of a query share a name (`--group COL`); without one all rows are one query, and a row of several values
    is a query of its own. Weights belong to queries.

    Every row is held in memory.

    >>> dcg(array([3.0, 2.0, 0.0]), array([0.9, 0.4, 0.1]), None, ()).result()
    4.2618595071429155

    Source: K. Järvelin and J. Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques, ACM TOIS 20.
    """
    return mean_over_queries(partial(_dcg, GAINS[gain], k, ties), y_true, y_pred, weight, group, ties=ties)


@score(
    true=NONNEGATIVE,
    pred=SCORE,
    grouped=True,
    aliases=("ndcg_score", "normalized_dcg", "normalized_discounted_cumulative_gain"),
    like=(
        Like("sklearn.metrics.ndcg_score", "k"),
        Like(
            "xgboost.ndcg",
            "k",
            k=32,
            gain="exponential",
            empty="1",
            note="XGBoost breaks ties by the order of the rows, counts a query in which nothing is relevant as 1 "
            "whatever its weight, and without k takes the first 32 rows",
        ),
        Like(
            "xgboost.ndcg-",
            "k",
            k=32,
            gain="exponential",
            note="XGBoost breaks ties by the order of the rows, and without k takes the first 32 rows",
        ),
        Like(
            "lightgbm.ndcg",
            "eval_at=k",
            gain="exponential",
            empty="1",
            note="LightGBM breaks ties by the order of the rows, counts a query in which nothing is relevant as 1 "
            "whatever its weight, and without eval_at gives five numbers, for k from 1 to 5",
        ),
        Like("catboost.NDCG", "top=k", means=CATBOOST_TYPE, empty="1", ties="worst"),
    ),
)
def ndcg(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = None,
    gain: Gain = "linear",
    ties: Ties = "average",
    empty: Empty = "0",
) -> State:
    """Discounted cumulative gain as a share of the best possible, mean over queries.

        DCG / ideal DCG

    Queries are told apart as in `dcg`. A query in which nothing is relevant scores 0 (scikit-learn), 1 (XGBoost,
    LightGBM, CatBoost) or is left out, by `empty`. XGBoost and LightGBM gain 2^y − 1, scikit-learn and CatBoost y.

    Every row is held in memory.

    >>> ndcg(array([3.0, 2.0, 0.0]), array([0.1, 0.9, 0.4]), None, ()).result()
    0.8212377705398237

    Source: K. Järvelin and J. Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques, ACM TOIS 20.
    """
    return mean_over_queries(
        partial(_ndcg, GAINS[gain], k, ties), y_true, y_pred, weight, group, ties=ties, empty=empty
    )


@score(
    true=NONNEGATIVE,
    pred=SCORE,
    grouped=True,
    aliases=("precision@k",),
    like=(
        Like(
            "catboost.PrecisionAt",
            "top=k",
            "border=relevant",
            k=None,
            capped=True,
            relevant=0.5,
            ties="worst",
            note="CatBoost takes no notice of weights",
        ),
    ),
)
def precision_at_k(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = 10,
    capped: Annotated[bool, Param("Divide by the rows of the query where they are fewer than k.")] = False,
    relevant: Relevant = 0.0,
    ties: Ties = "average",
) -> State:
    """Share of the first k that is relevant, mean over queries.

        #{r ≤ k: y_r > relevant} / k

    Queries are told apart as in `dcg`. A query of fewer than k rows cannot reach 1, unless `capped`.

    Every row is held in memory.

    >>> precision_at_k(array([1.0, 0.0, 1.0]), array([0.9, 0.8, 0.1]), None, (), k=2).result()
    0.5

    Source: C. D. Manning, P. Raghavan and H. Schütze (2008), Introduction to information retrieval, section 8.4.
    """
    return mean_over_queries(
        partial(_precision, k, relevant, ties, capped=capped), y_true, y_pred, weight, group, ties=ties
    )


@score(
    true=NONNEGATIVE,
    pred=SCORE,
    grouped=True,
    aliases=("recall@k",),
    like=(
        Like(
            "catboost.RecallAt",
            "top=k",
            "border=relevant",
            k=None,
            relevant=0.5,
            ties="worst",
            empty="1",
            note="CatBoost takes no notice of weights",
        ),
    ),
)
def recall_at_k(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = 10,
    relevant: Relevant = 0.0,
    ties: Ties = "average",
    empty: Empty = "0",
) -> State:
    """Share of what is relevant among the first k, mean over queries.

        #{r ≤ k: y_r > relevant} / #{r: y_r > relevant}

    Queries are told apart as in `dcg`.

    Every row is held in memory.

    >>> recall_at_k(array([1.0, 0.0, 1.0]), array([0.9, 0.8, 0.1]), None, (), k=2).result()
    0.5

    Source: C. D. Manning, P. Raghavan and H. Schütze (2008), Introduction to information retrieval, section 8.4.
    """
    value = partial(_recall, k, relevant, ties)
    return mean_over_queries(value, y_true, y_pred, weight, group, ties=ties, empty=empty)


def _within(ranking: Ranking, k: int | None, of_position: Array, ties: str) -> Array:
    """Return what each row's position is worth: nothing after the first k, the mean where equal scores share it."""
    worth = of_position if k is None else np.where(ranking.position <= k, of_position, 0.0)
    return ranking.averaged(worth) if ties == "average" else worth


def _dcg(gain: Callable[[Array], Array], k: int | None, ties: str, ranking: Ranking) -> Array:
    return ranking.sums(gain(ranking.grade) * _within(ranking, k, 1 / np.log2(1 + ranking.position), ties))


def _ndcg(gain: Callable[[Array], Array], k: int | None, ties: str, ranking: Ranking) -> Array:
    best = ranking.sums(gain(ranking.ideal()) * _within(ranking, k, 1 / np.log2(1 + ranking.position), "worst"))
    found = _dcg(gain, k, ties, ranking)
    return np.divide(found, best, out=np.full_like(best, np.nan), where=best > 0)


def _found(ranking: Ranking, k: int | None, relevant: float, ties: str) -> Array:
    return ranking.sums(_within(ranking, k, np.ones_like(ranking.position), ties) * (ranking.grade > relevant))


def _precision(k: int | None, relevant: float, ties: str, ranking: Ranking, *, capped: bool) -> Array:
    rows = ranking.sums(np.ones_like(ranking.position))
    most = rows if k is None else np.minimum(rows, k) if capped else k
    return _found(ranking, k, relevant, ties) / most


def _recall(k: int | None, relevant: float, ties: str, ranking: Ranking) -> Array:
    whole = ranking.sums((ranking.grade > relevant).astype(np.float64))
    found = _found(ranking, k, relevant, ties)
    return np.divide(found, whole, out=np.full_like(whole, np.nan), where=whole > 0)
