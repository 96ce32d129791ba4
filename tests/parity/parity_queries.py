"""How a framework is asked for a score of queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from parity_answers import Answer, Unfit, at_path
from parity_calls import Call

from losscli.arrays import Array, Integers


@dataclass(frozen=True)
class Queries:
    """Rows with those of one query side by side, in their order; a weight for each query."""

    query: Integers
    grade: Array
    score: Array
    size: Integers
    weight: Array | None


def _queries(call: Call) -> Queries:
    """Return the queries of a call, numbered from 0."""
    shape = call.y_true.shape
    rows = np.arange(shape[0]) if len(shape) > 1 else np.zeros(shape[0], dtype=np.int64)
    query = np.repeat(rows if call.group is None else call.group, call.y_true[0].size)
    order = np.argsort(query, kind="stable")
    _, first, query, size = np.unique(query[order], return_index=True, return_inverse=True, return_counts=True)
    weight = None
    if call.weight is not None:
        weight = np.repeat(call.weight, call.y_true[0].size)[order][first]
    return Queries(query, call.y_true.ravel()[order], call.y_pred.ravel()[order], size, weight)


def sklearn(call: Call) -> Answer:
    """Ask for rows: scikit-learn knows no queries of different lengths."""
    if call.group is not None:
        raise Unfit("queries of different lengths")
    y_true, y_pred = np.atleast_2d(call.y_true), np.atleast_2d(call.y_pred)
    return Answer(None, float(at_path(call.path)(y_true, y_pred, sample_weight=call.weight, **call.params)), "float64")


def xgboost(call: Call) -> Answer:
    """Evaluate a model without trees whose margin is the score; k stands in the metric's name, a minus after it."""
    xgb, given = import_module("xgboost"), _queries(call)
    data = xgb.DMatrix(np.zeros((len(given.grade), 1)), label=given.grade, base_margin=given.score, weight=given.weight)
    data.set_group(given.size)
    name = call.path.rpartition(".")[2]
    bare = name.removesuffix("-")
    name = "@".join([bare, *(str(k) for k in call.params.values())]) + name[len(bare) :]
    told = xgb.Booster({"eval_metric": name, "verbosity": 0}, [data]).eval_set([(data, "data")])
    return Answer(None, float(told.rpartition(":")[2]), "float32")


def lightgbm(call: Call) -> Answer:
    """Evaluate a model without trees whose first score is the score; by itself it answers for the first 1 to 5."""
    lgb, given = import_module("lightgbm"), _queries(call)
    metric = {"metric": call.path.rpartition(".")[2], "eval_at": len(given.grade), **call.params}
    settings = {"objective": "none", "verbosity": -1, **metric}
    weight = None if given.weight is None else given.weight[given.query]
    data = lgb.Dataset(
        # an unused column of two values, since a constant one is warned of
        np.arange(len(given.grade))[:, None] % 2,
        label=given.grade,
        group=given.size,
        weight=weight,
        init_score=given.score,
        params={"verbosity": -1},
    )
    return Answer(None, float(lgb.Booster(settings, data).eval_train()[0][2]), "float64")


def catboost(call: Call) -> Answer:
    given = _queries(call)
    said = [f"{name}={value}" for name, value in call.params.items()]
    name = call.path.rpartition(".")[2]
    rest: dict[str, Any] = {}
    if given.weight is not None:
        rest["weight" if name in BY_ROW else "group_weight"] = given.weight[given.query].tolist()
    if name in OF_PAIRS:
        if given.weight is not None:
            raise Unfit("weights of queries, not of pairs")
        rest["pairs"] = _pairs(given)
    (value,) = at_path("catboost.utils.eval_metric")(
        label=given.grade.tolist(),
        approx=given.score.tolist(),
        metric=f"{name}:{';'.join(said)}" if said else name,
        group_id=given.query.tolist(),
        **rest,
    )
    return Answer(None, float(value), "float64")


BY_ROW = ("QueryRMSE", "QuerySoftMax", "QueryCrossEntropy", "GroupQuantile")
"""CatBoost's metrics in which every row has a weight; in the others a query has."""
OF_PAIRS = ("PairLogit", "PairAccuracy")
"""CatBoost's metrics of pairs, which it makes of the labels where it trains, but not in ``eval_metric``."""


def _pairs(given: Queries) -> list[tuple[int, int]]:
    """Return the rows of each query that differ in grade, the better one first."""
    rows = range(len(given.grade))
    better = (given.query[:, None] == given.query) & (given.grade[:, None] > given.grade)
    return [(i, j) for i in rows for j in rows if better[i, j]]


QUERIES: dict[str, Callable[[Call], Answer]] = {one.__name__: one for one in (sklearn, xgboost, lightgbm, catboost)}
"""Name of a framework -> how it is asked for a score of queries."""
