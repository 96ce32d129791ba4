"""The boosting frameworks' metrics: a call in, its number out."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from parity_answers import Answer, Unfit, at_path
from parity_calls import Call
from parity_forms import pairs


def _metric(call: Call) -> str:
    """Return the metric's name if the call has its form: one label a row, and a row of classes where it wants one."""
    name = call.path.rpartition(".")[2]
    wide, either = name in WIDE + LABEL_ROWS, name in EITHER
    if (call.y_true.ndim > 1) != (name in LABEL_ROWS + SPANS) or ((call.y_pred.ndim > 1) != wide and not either):
        raise Unfit("the other form of truth or prediction")
    if call.y_pred.ndim == 1 and name in TWO_CLASSES + EITHER and call.y_true.max() > 1:
        raise Unfit("two classes only")
    return name


WIDE = (
    *("mlogloss", "merror", "multi_logloss", "multi_error"),
    *("MultiClass", "MultiClassOneVsAll", "RMSEWithUncertainty", "PairLogit", "MultiQuantile"),
)
"""Metrics of several predictions beside one truth."""
EITHER = ("Accuracy", "Kappa", "WKappa", "MCC", "ZeroOneLoss", "TotalF1")
"""Metrics of two classes in one number, or of several in a row."""
TWO_CLASSES = (
    *("error", "binary_error", "auc", "aucpr", "average_precision"),
    *("AUC", "PRAUC", "BalancedAccuracy", "BalancedErrorRate", "Precision", "Recall", "F1", "F"),
)
WEIGHTLESS = ("MedianAbsoluteError",)
LABEL_ROWS = ("MultiLogloss", "MultiCrossEntropy", "HammingLoss", "MultiRMSE")
"""Metrics of several labels or outputs at once."""
SPANS = ("aft-nloglik", "interval-regression-accuracy", "SurvivalAft")
"""Metrics of a time between two bounds, the upper one -1 if there is none."""


def xgboost(call: Call) -> Answer:
    """Evaluate a model without trees whose margin is the prediction: the identity, or for classes the softmax."""
    name = _metric(call)
    xgb = import_module("xgboost")
    margin = call.y_pred
    settings: dict[str, object] = {"objective": "reg:squarederror"}
    if margin.ndim > 1:
        if not np.allclose(margin.sum(axis=1), 1):
            raise Unfit("a softmax always sums to 1")
        margin = np.log(margin, where=margin > 0, out=np.full_like(margin, -1e4))
        settings = {"objective": "multi:softprob", "num_class": margin.shape[1]}
    truth = {"label": call.y_true}
    if name in SPANS:
        lower, upper = call.y_true.T
        truth = {"label_lower_bound": lower, "label_upper_bound": np.where(upper < 0, np.inf, upper)}
    data = xgb.DMatrix(np.zeros((len(margin), 1)), base_margin=margin, weight=call.weight, **truth)
    if name in IN_THE_NAME:
        param, default = IN_THE_NAME[name]
        name = f"{name}@{call.params.get(param, default)}"
    settings |= {"eval_metric": name, "verbosity": 0, **call.params}
    told = xgb.Booster(settings, [data]).eval_set([(data, "data")])
    return Answer(None, float(told.rpartition(":")[2]), "float32")


IN_THE_NAME = {"tweedie-nloglik": ("tweedie_variance_power", 1.5), "error": ("threshold", 0.5)}
"""XGBoost's metric -> the parameter that stands in the metric's name, and its default."""


def lightgbm(call: Call) -> Answer:
    """Evaluate a model without trees whose first score is the prediction; without an objective nothing is converted."""
    name = _metric(call)
    lgb = import_module("lightgbm")
    classes = call.y_pred.shape[1] if call.y_pred.ndim > 1 else 1
    settings = {"objective": "none", "metric": name, "num_class": classes, "verbosity": -1, **call.params}
    # an unused column of two values, since a constant one is warned of
    column, score = np.arange(len(call.y_true))[:, None] % 2, call.y_pred.ravel(order="F")
    data = lgb.Dataset(column, label=call.y_true, weight=call.weight, init_score=score, params={"verbosity": -1})
    return Answer(None, float(lgb.Booster(settings, data).eval_train()[0][2]), ROUGH.get(call.path, "float64"))


def catboost(call: Call) -> Answer:
    name = _metric(call)
    said = ";".join(f"{key}={written(value)}" for key, value in call.params.items())
    given: dict[str, Any] = {"label": call.y_true.tolist(), "approx": call.y_pred.tolist()}
    if call.weight is not None:
        given["weight"] = call.weight.tolist()
    if call.weight is not None and name in WEIGHTLESS:
        raise Unfit("it takes no notice of weights")
    if name == "PairLogit":
        if call.weight is not None:
            raise Unfit("weights of items, not of pairs")
        given = pairs(call)
    (value,) = at_path("catboost.utils.eval_metric")(metric=f"{name}:{said}" if said else name, **given)
    return Answer(None, float(value), ROUGH.get(call.path, "float64"))


def written(value: object) -> str:
    """Return a parameter's value as CatBoost reads it: a list is separated by commas."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


ROUGH = dict.fromkeys(("catboost.LogCosh", "catboost.MSLE", "catboost.SurvivalAft", "lightgbm.gamma"), "float32")
"""What is right to about a float32 only: fast logarithms and exponentials, the logarithm of a float32 label."""
