"""Retrieval: how early a query finds what is relevant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import numpy as np

from losscli.arrays import Array
from losscli.domain import When
from losscli.domains import NONNEGATIVE, PROBABILITY, SCORE
from losscli.registry import Like, Param, score
from losscli.scores._params import Top
from losscli.scores._ranking import Empty, Order, Ranking, Relevant, mean_over_queries
from losscli.scores._state import State


@score(
    true=NONNEGATIVE,
    pred=SCORE,
    grouped=True,
    aliases=("mean_average_precision",),
    like=(
        Like(
            "lightgbm.map",
            "eval_at=k",
            capped=True,
            relevant=0.5,
            empty="1",
            note="LightGBM breaks ties by the order of the rows, and without eval_at gives five numbers, for k from 1 "
            "to 5",
        ),
        Like(
            "xgboost.map",
            "k",
            k=32,
            capped=True,
            empty="1",
            note="XGBoost breaks ties by the order of the rows, and without k takes the first 32",
        ),
        Like(
            "xgboost.map-",
            "k",
            k=32,
            capped=True,
            note="XGBoost breaks ties by the order of the rows, and without k takes the first 32",
        ),
        Like(
            "catboost.MAP",
            "top=k",
            "border=relevant",
            capped=True,
            relevant=0.5,
            note="CatBoost takes no notice of weights",
        ),
    ),
)
def map(  # noqa: A001  the name of the score
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = None,
    capped: Annotated[bool, Param("Divide by k where more than k are relevant.")] = False,
    relevant: Relevant = 0.0,
    ties: Order = "worst",
    empty: Empty = "0",
) -> State:
    """Mean over queries of their average precision, the precision at relevant rows.

        Σ over relevant positions r ≤ k of #{relevant up to r} / r,  over the number of relevant rows

    Queries are told apart as in `dcg`. Of equal scores what is not relevant stands first, unless `ties` says best.

    Every row is held in memory.

    >>> map(array([1.0, 0.0, 1.0, 0.0]), array([0.9, 0.8, 0.7, 0.1]), None, ()).result()
    0.8333333333333333

    Source: C. D. Manning, P. Raghavan and H. Schütze (2008), Introduction to information retrieval, section 8.4.
    """
    value = partial(_average_precision, k, capped=capped, relevant=relevant)
    return mean_over_queries(value, y_true, y_pred, weight, group, ties=ties, empty=empty)


@score(
    true=NONNEGATIVE,
    pred=SCORE,
    grouped=True,
    aliases=("mean_reciprocal_rank",),
    like=(Like("catboost.MRR", "top=k", "border=relevant", relevant=0.5),),
)
def mrr(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = None,
    relevant: Relevant = 0.0,
    ties: Order = "worst",
    empty: Empty = "0",
) -> State:
    """Mean reciprocal rank: one over the position of the first relevant row.

        1 / min {r: y_r > relevant},  0 after the first k

    Queries are told apart as in `dcg`. Of equal scores what is not relevant stands first, unless `ties` says best.

    Every row is held in memory.

    >>> mrr(array([0.0, 1.0, 1.0]), array([0.9, 0.8, 0.7]), None, ()).result()
    0.5

    Source: E. M. Voorhees (1999), The TREC-8 question answering track report, TREC.
    """
    value = partial(_reciprocal_rank, k, relevant)
    return mean_over_queries(value, y_true, y_pred, weight, group, ties=ties, empty=empty)


@score(true=NONNEGATIVE, pred=SCORE, grouped=True, aliases=("hit_ratio", "success_at_k", "hit@k"))
def hit_rate(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Annotated[int, Param("How many of the first count.", ge=1)] = 10,
    relevant: Relevant = 0.0,
    ties: Order = "worst",
    empty: Empty = "0",
) -> State:
    """Share of the queries with anything relevant among the first k.

        1[min {r: y_r > relevant} ≤ k]

    Queries are told apart as in `dcg`. Of equal scores what is not relevant stands first, unless `ties` says best.

    Every row is held in memory.

    >>> hit_rate(array([0.0, 1.0, 1.0]), array([0.9, 0.8, 0.7]), None, (), k=1).result()
    0.0

    Source: M. Deshpande and G. Karypis (2004), Item-based top-N recommendation algorithms, ACM TOIS 22.
    """
    value = partial(_hit, k, relevant)
    return mean_over_queries(value, y_true, y_pred, weight, group, ties=ties, empty=empty)


@score(
    true=When("chance", PROBABILITY, NONNEGATIVE, lambda chance: chance == "itself", "chance=itself"),
    pred=SCORE,
    grouped=True,
    aliases=("expected_reciprocal_rank",),
    like=(Like("catboost.ERR", "top=k", chance="itself"),),
)
def err(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = None,
    max_grade: Annotated[
        float | None, Param("The best grade there is; the best one that occurs if none.", gt=0)
    ] = None,
    chance: Annotated[
        str,
        Param(
            "The chance that a row satisfies: p of its grade, or its true value itself.", choices=("grade", "itself")
        ),
    ] = "grade",
    ties: Order = "worst",
) -> State:
    """Expected reciprocal rank at which a reader who goes down the list is satisfied.

        Σ over positions r ≤ k of (1/r) p_r Π_{i<r} (1 − p_i),  p = (2^y − 1) / 2^max_grade

    Queries are told apart as in `dcg`. Of equal scores the lower grade stands first, unless `ties` says best. With
    `chance` itself the true value is the chance p, as in CatBoost.

    Every row is held in memory.

    >>> err(array([0.0, 1.0]), array([0.9, 0.8]), None, ()).result()
    0.25

    Source: O. Chapelle et al. (2009), Expected reciprocal rank for graded relevance, CIKM.
    """
    value = partial(_expected_reciprocal_rank, k, max_grade, chance)
    return mean_over_queries(value, y_true, y_pred, weight, group, ties=ties)


@score(true=PROBABILITY, pred=SCORE, grouped=True, like=(Like("catboost.PFound", "top=k", "decay"),))
def pfound(
    y_true: Array,
    y_pred: Array,
    weight: Array | None,
    group: Sequence[str],
    *,
    k: Top = None,
    decay: Annotated[float, Param("The chance that a reader whom a row did not satisfy goes on.", ge=0, le=1)] = 0.85,
    ties: Order = "worst",
) -> State:
    """Chance that a reader who goes down the list finds what satisfies.

        Σ over positions r ≤ k of y_r Π_{i<r} decay·(1 − y_i)

    The true value y is the chance that the row satisfies. Queries are told apart as in `dcg`. Of equal scores the
    lower chance stands first, unless `ties` says best.

    Every row is held in memory.

    >>> pfound(array([0.5, 1.0]), array([0.9, 0.8]), None, ()).result()
    0.925

    Source: https://catboost.ai/docs/en/references/pfound
    """
    return mean_over_queries(partial(_found, k, decay), y_true, y_pred, weight, group, ties=ties)


def _average_precision(k: int | None, ranking: Ranking, *, capped: bool, relevant: float) -> Array:
    hit = (ranking.grade > relevant).astype(np.float64)
    whole = ranking.sums(hit)
    so_far = np.cumsum(hit)
    so_far -= ranking.spread(so_far[ranking.first] - hit[ranking.first])
    counted = hit if k is None else hit * (ranking.position <= k)
    found = ranking.sums(counted * so_far / ranking.position)
    most = np.minimum(whole, k) if capped and k is not None else whole
    return np.divide(found, most, out=np.full_like(whole, np.nan), where=whole > 0)


def _first_relevant(ranking: Ranking, relevant: float) -> Array:
    """Return the position of the first relevant row of each query, infinity if there is none."""
    return np.minimum.reduceat(np.where(ranking.grade > relevant, ranking.position, np.inf), ranking.first)


def _reciprocal_rank(k: int | None, relevant: float, ranking: Ranking) -> Array:
    first = _first_relevant(ranking, relevant)
    rank = np.where(first <= (np.inf if k is None else k), 1 / first, 0.0)
    return np.where(np.isinf(first), np.nan, rank)


def _hit(k: int, relevant: float, ranking: Ranking) -> Array:
    first = _first_relevant(ranking, relevant)
    return np.where(np.isinf(first), np.nan, (first <= k).astype(np.float64))


def _expected_reciprocal_rank(k: int | None, max_grade: float | None, chance: str, ranking: Ranking) -> Array:
    best = ranking.grade.max() if max_grade is None else max_grade
    satisfied = ranking.grade if chance == "itself" else np.minimum((2**ranking.grade - 1) / 2**best, 1.0)
    return _satisfied(k, satisfied, 1 - satisfied, 1 / ranking.position, ranking)


def _found(k: int | None, decay: float, ranking: Ranking) -> Array:
    return _satisfied(k, ranking.grade, decay * (1 - ranking.grade), np.ones_like(ranking.position), ranking)


def _satisfied(k: int | None, chance: Array, going_on: Array, worth: Array, ranking: Ranking) -> Array:
    """Return for each query the chance to be satisfied at each of the first k rows, times what that row is worth."""
    reached = [np.cumprod(np.append(1.0, one))[:-1] for one in np.split(going_on, ranking.first[1:])]
    each = chance * np.concatenate(reached) * worth
    return ranking.sums(each if k is None else np.where(ranking.position <= k, each, 0.0))
