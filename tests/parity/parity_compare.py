"""Compare losscli with what a framework said."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from parity_answers import Answer
from parity_calls import DECLARED, Call, reductions, twin_of
from parity_calls import ours as meant
from parity_penalties import penalized

import losscli
from losscli.arrays import Array
from losscli.declared import Penalty
from losscli.evaluation import Evaluation
from losscli.registry import find
from losscli.spec import bind, written

RELATIVE = {"float64": 1e-12, "float32": 1e-6}
ABSOLUTE = {"float64": 1e-15, "float32": 2e-7}
"""Times the largest input of a row, or 1: what is left where the framework subtracts numbers of that size."""

DEPARTURES = {
    "bce *binary_logloss * soft*": "LightGBM reads every label above 0 as 1; its cross_entropy takes shares",
    "bce *Logloss * soft*": "CatBoost reads a label above 0.5 as 1, any other as 0; its CrossEntropy takes shares",
    "focal catboost.Focal* soft*": "CatBoost reads every label but 1 as 0",
    "exponential sklearn.* extreme*": "scikit-learn gives NaN where the power of the other label overflows",
    "focal catboost.Focal* extreme*": "CatBoost keeps the probability 1e-13 away from 0 and 1, losscli stays exact",
    "multilabel-bce catboost.*weights": "CatBoost divides by the sum of the weights, each cut to a whole number",
    "tweedie-nll xgboost.* extreme": "XGBoost gives NaN where truth and prediction are both 0",
    "tweedie-nll catboost.* variance_power=1.75 * extreme": "CatBoost multiplies 0 by a power that overflows",
    "pair-logit catboost.* extreme*": "CatBoost keeps the chance of a pair above 1e-38",
    "ctc keras.* impossible*": "Keras and TensorFlow take a very small probability for 0",
    "ctc tf.* impossible*": "as above",
    "ctc optax.* impossible*": "optax takes a very small probability for 0",
    "normalized-gini catboost.* | ordinary*": "CatBoost reads a true value above 0.5 as 1, any other as 0",
    "normalized-gini catboost.* | [ezt]*": "as above",
    "median-ae sklearn.* rows*": "scikit-learn averages the scores of each column",
    "r2 sklearn.* rows*": "as above",
    "r2 keras.* rows*": "Keras averages the scores of each column",
    "explained-variance sklearn.* rows*": "scikit-learn averages the scores of each column",
    "d2-* sklearn.* rows*": "as above",
    "rmsle sklearn.* rows*": "scikit-learn takes the root of each column and averages the roots",
    "ndcg xgboost.ndcg *| [or]* weights": "It counts a query in which nothing is relevant as 1 whatever its weight",
    "ndcg lightgbm.* | [or]* weights": "LightGBM counts a query in which nothing is relevant as 1 whatever its weight",
    "ndcg xgboost.* | tied*": "XGBoost breaks ties by the order of the rows",
    "map xgboost.* | tied*": "as above",
    "map catboost.* weights": "CatBoost takes no notice of weights",
    "precision-at-k catboost.* weights": "as above",
    "query-auc catboost.* weights": "as above",
    "query-auc catboost.QueryAUC real * fractions": "CatBoost splits a label between 0 and 1 in two shares",
    "query-auc catboost.QueryAUC type=Classic real * fractions": "as above",
    "cox-nll xgboost.* weights": "XGBoost takes no notice of weights",
    "cox-log-likelihood catboost.* weights": "CatBoost takes no notice of weights",
    "cox-log-likelihood catboost.* | [bt]*": "CatBoost takes tied times one after the other, in the order of the rows",
    "cox-log-likelihood catboost.* | extreme*": "CatBoost takes the exponential of 1e8",
    "ndcg lightgbm.* | tied*": "LightGBM breaks ties by the order of the rows",
    "map lightgbm.* | tied*": "as above",
}
"""Pattern of a title -> why losscli gives another number on purpose; each is said to the user by a note."""


def title(call: Call) -> str:
    """Return what identifies a call: loss, path, parameters, input, reduction, weights."""
    params = ",".join(f"{name}={value}" for name, value in call.params.items())
    weights = "weights" if call.weight is not None else None
    shape = "vector" if call.vector else None
    return " ".join(filter(None, [call.loss, call.path, params, call.input, call.reduction, weights, shape]))


def departs(call: Call) -> bool:
    """Tell whether losscli is known to give another number."""
    return any(fnmatchcase(title(call), pattern) for pattern in DEPARTURES)


def read(record: Mapping[str, Any], inputs: Mapping[str, Any]) -> tuple[Call, Answer]:
    """Return a stored call and its answer."""
    given = inputs[record["input"]]
    call = Call(
        loss=record["loss"],
        path=record["path"],
        input=record["input"],
        y_true=np.array(given["y_true"], dtype=np.float64),
        y_pred=np.array(given["y_pred"], dtype=np.float64),
        params={name: tuple(one) if isinstance(one, list) else one for name, one in record.get("params", {}).items()},
        weight=np.array(record["weight"]) if "weight" in record else None,
        reduction=record.get("reduction"),
        group=np.array(given["group"]) if "group" in given else None,
        vector=record.get("vector", False),
    )
    losses = np.array(record["losses"], dtype=np.float64) if "losses" in record else None
    value = float(record["value"]) if "value" in record else None
    return call, Answer(losses, value, record["dtype"])


def ours(call: Call) -> Evaluation:
    """Evaluate a call by the framework's path, or if that means another loss first, by name and ``like``."""
    twin, reduction = twin_of(call.loss, call.path), None
    name, like, params = call.path, None, dict(call.params)
    if call.reduction:
        params["reduction"] = call.reduction
    if find(call.path)[0].name != call.loss:
        name, like = call.loss, twin.framework
        params = meant(twin, call.params)
        asked = params.pop("reduction", None)
        reduction = reductions(call.path)[call.reduction] if call.reduction else str(asked) if asked else None
    spec = written(name, params)
    if call.vector:
        reduction = bind(spec).vectors if call.weight is not None else "plain-mean"
    if isinstance(DECLARED[call.loss], Penalty):
        return penalized(spec, call)
    # the logarithm of 0 is missing to losscli unless it is let through
    missing = "error" if np.isfinite(call.y_pred).all() and np.isfinite(call.y_true).all() else "propagate"
    return losscli.evaluate(
        spec, call.y_true, call.y_pred, call.weight, like=like, reduction=reduction, group=call.group, missing=missing
    )


def same(call: Call, answer: Answer) -> None:
    """Raise AssertionError where losscli's numbers are not the framework's."""
    found, rtol = ours(call), RELATIVE[answer.dtype]
    atol = ABSOLUTE[answer.dtype] * np.maximum(np.maximum(_largest(call.y_true), _largest(call.y_pred)), 1)
    if answer.losses is not None:
        # element by element, of which ours is the mean of a row
        losses = answer.losses.reshape(len(call.y_pred), -1).mean(axis=1)
        assert found.losses.shape == losses.shape
        _close(found.losses, losses, rtol, atol)
    if answer.value is not None:
        _close(np.array(np.nan if found.value is None else found.value), np.array(answer.value), rtol, atol.mean())


def _largest(values: Array) -> Array:
    """Return the largest finite size in each row."""
    finite = np.where(np.isfinite(values), values, 0.0)
    sizes: Array = np.abs(finite).reshape(len(values), -1).max(axis=1)
    return sizes


def _close(found: Array, expected: Array, rtol: float, atol: Array | float) -> None:
    near = np.isclose(found, expected, rtol=rtol, atol=atol, equal_nan=True)
    assert near.all(), f"losscli: {found[~near]}, the framework: {expected[~near]}"
