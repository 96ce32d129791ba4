"""The frameworks, each behind one function: a call in, its numbers out. Nothing is imported before it is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import isclass, signature
from typing import Any

import numpy as np
from parity_calls import Call, paths, reductions, twin_of
from parity_forms import REQUIRED, arguments, pairs

from losscli.arrays import Array


class Unfit(Exception):  # noqa: N818  no error: the framework just has no such thing
    """The framework cannot be asked this: it takes no weights, no labels, no reduction."""


@dataclass(frozen=True)
class Answer:
    """What a framework said: its numbers without reduction, its reduced number, and the type it computed in."""

    losses: Array | None
    value: float | None
    dtype: str


def _found(path: str) -> Any:  # noqa: ANN401  whatever the framework has there
    """Return what stands at a dotted path."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            found = getattr(found, name)
        return found
    raise ModuleNotFoundError(path)


def _is_class(target: Any) -> bool:  # noqa: ANN401  what _found found
    return isclass(target)


def _arguments(target: Any) -> list[str]:  # noqa: ANN401  a class or a function
    """Return the names of the arguments; none for what is written in C and does not say."""
    try:
        return list(signature(target).parameters)
    except ValueError:
        return []


def _no_sum_of_elements(call: Call, losses: Array) -> None:
    """Leave out a sum over the elements of rows: losscli sums over samples, whose loss is the mean of a row."""
    if losses.ndim > 1 and call.reduction and reductions(call.path)[call.reduction] == "sum":
        raise Unfit("a sum over elements")


# ── torch ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def torch(call: Call) -> Answer:
    torch = import_module("torch")
    target = _found(call.path)
    takes = _arguments(target)
    given = {
        name: torch.tensor(value, dtype=torch.float64) if name in ("weight", "pos_weight") else value
        for name, value in call.params.items()
    }
    weighed = {}
    if call.weight is not None:
        if "weight" not in takes or "weight" in twin_of(call.loss, call.path).takes:
            raise Unfit("no sample weights")
        shape = np.shape(call.y_true)
        weighed = {"weight": torch.tensor(np.broadcast_to(call.weight.reshape(-1, *[1] * (len(shape) - 1)), shape))}
    if call.reduction and "reduction" not in takes:
        raise Unfit("no reduction")
    tensors = [torch.tensor(one) for one in arguments("torch", call)]

    def run(**rest: object) -> Any:  # noqa: ANN401  a tensor
        settings = {**given, **rest}
        return target(**settings)(*tensors) if _is_class(target) else target(*tensors, **settings)

    if call.loss == "ctc":
        if call.reduction:
            raise Unfit("only the mean divides by the labels")
        return Answer(None, float(run()), "float64")
    if "reduction" not in takes:
        return Answer(run().numpy(), None, "float64")
    losses = run(reduction="none").numpy()
    _no_sum_of_elements(call, losses)
    rest = {"reduction": call.reduction} if call.reduction else {}
    return Answer(losses if call.whole else None, float(run(**weighed, **rest)), "float64")


# ── Keras and TensorFlow ─────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _keras(name: str) -> Any:  # noqa: ANN401  a module
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    module = import_module(name)
    (module.config if hasattr(module, "config") else module.backend).set_floatx("float64")
    return module


def keras(call: Call, package: str = "keras") -> Answer:
    _keras(package)
    target = _found(call.path.replace("tf.keras.", "tf_keras."))
    params = {**call.params, **REQUIRED.get(call.path, {})}
    y_true, y_pred = arguments(package, call)
    if y_pred.ndim == 1:
        # a vector's only axis would be averaged away before weights are applied
        y_true, y_pred = y_true[:, None], y_pred[:, None]
    if _is_class(target) and ".metrics." in call.path:
        if call.reduction:
            raise Unfit("no reduction")
        metric = target(**params)
        metric.update_state(y_true, y_pred, sample_weight=call.weight)
        return Answer(None, float(metric.result()), str(metric.dtype))
    if not _is_class(target):
        if call.weight is not None or call.reduction:
            raise Unfit("a function: no weights, no reduction")
        losses = target(y_true, y_pred, **params).numpy()
        return Answer(losses if call.whole else None, None, COARSE.get(call.loss, str(losses.dtype)))
    losses = target(**params, reduction="none")(y_true, y_pred).numpy()
    rest = {"reduction": call.reduction} if call.reduction else {}
    value = target(**params, **rest)(y_true, y_pred, sample_weight=call.weight)
    return Answer(losses if call.whole else None, float(value), COARSE.get(call.loss, str(losses.dtype)))


COARSE = {"log-cosh": "float32", "ctc": "float32"}
"""What Keras computes in less than the type of its answer: its ln 2 and its CTC are float32."""


def keras2(call: Call) -> Answer:
    return keras(call, "tf_keras")


def tensorflow(call: Call) -> Answer:
    tf = _tensorflow()
    target = _found(call.path.replace("tf.", "tensorflow.", 1))
    tensors = [tf.constant(one) for one in arguments("tensorflow", call)]
    params = {**call.params, **REQUIRED.get(call.path, {})}
    if call.path in OF_ONE_TENSOR:
        if call.y_pred.ndim > 1 or call.weight is not None:
            raise Unfit("a sum over elements, no weights")
        return Answer(None, float(target(call.y_pred - call.y_true)), "float64")
    if "compat.v1" not in call.path:
        if call.weight is not None or call.reduction:
            raise Unfit("no weights, no reduction")
        losses = target(*tensors, **params).numpy()
        return Answer(losses, None, COARSE.get(call.loss, str(losses.dtype)))
    weighed = {} if call.weight is None else {"weights": call.weight}
    if "reduction" not in _arguments(target):
        if call.reduction:
            raise Unfit("no reduction")
        return Answer(None, float(target(*tensors, **params, **weighed)), "float32")
    losses = target(*tensors, reduction="none", **params).numpy()
    _no_sum_of_elements(call, losses)
    if call.weight is not None and losses.ndim > 1:
        weighed = {"weights": call.weight[:, None]}
    rest = {"reduction": call.reduction} if call.reduction else {}
    value = float(target(*tensors, **params, **weighed, **rest))
    return Answer(losses if call.whole else None, value, "float32")  # cast to float32, and some cast back


OF_ONE_TENSOR = ("tf.nn.l2_loss",)


@cache
def _tensorflow() -> Any:  # noqa: ANN401  a module
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return import_module("tensorflow")


# ── scikit-learn, optax ──────────────────────────────────────────────────────────────────────────────────────────────


def sklearn(call: Call) -> Answer:
    owners = [one.name for one, _, path in paths() if path == call.path]
    if call.y_true.ndim > 1 and len(owners) > 1 and call.loss == owners[0]:
        raise Unfit("rows mean the other loss of that name")
    target = _found(call.path)
    if not _is_class(target):
        value = target(call.y_true, call.y_pred, sample_weight=call.weight, **call.params)
        return Answer(None, float(value), "float64")
    if call.y_true.ndim > 1:
        raise Unfit("one label a row")
    labels = np.where(call.y_true > 0, 1.0, 0.0)
    losses = target().loss(y_true=labels, raw_prediction=call.y_pred)
    return Answer(losses, float(target()(labels, call.y_pred, call.weight)), "float64")


def optax(call: Call) -> Answer:
    if call.weight is not None or call.reduction:
        raise Unfit("no weights, no reduction")
    import_module("jax").config.update("jax_enable_x64", True)  # noqa: FBT003  jax's own signature
    params = {**call.params, **REQUIRED.get(call.path, {})}
    losses = np.asarray(_found(call.path)(*arguments("optax", call), **params))
    return Answer(losses, None, str(losses.dtype))


# ── boosting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _metric(call: Call, several: Mapping[str, bool]) -> str:
    """Return the metric's name if the call has its form: one label a row, and a row of classes where it wants one."""
    name = call.path.rpartition(".")[2]
    wants_rows = several.get(name, False)
    if (call.y_true.ndim > 1) != (name in LABEL_ROWS) or (call.y_pred.ndim > 1) != wants_rows:
        raise Unfit("the other form of truth or prediction")
    if not wants_rows and name in TWO_CLASSES and call.y_true.max() > 1:
        raise Unfit("two classes only")
    return name


TWO_CLASSES = ("error", "binary_error")
LABEL_ROWS = ("MultiLogloss", "MultiCrossEntropy", "HammingLoss")


def xgboost(call: Call) -> Answer:
    """Evaluate a model without trees whose margin is the prediction: the identity, or for classes the softmax."""
    name = _metric(call, {"mlogloss": True, "merror": True})
    xgb = import_module("xgboost")
    margin = call.y_pred
    settings: dict[str, object] = {"objective": "reg:squarederror"}
    if margin.ndim > 1:
        if not np.allclose(margin.sum(axis=1), 1):
            raise Unfit("a softmax always sums to 1")
        margin = np.log(margin, where=margin > 0, out=np.full_like(margin, -1e4))
        settings = {"objective": "multi:softprob", "num_class": margin.shape[1]}
    data = xgb.DMatrix(np.zeros((len(margin), 1)), label=call.y_true, base_margin=margin, weight=call.weight)
    if name in IN_THE_NAME:
        param, default = IN_THE_NAME[name]
        name = f"{name}@{call.params.get(param, default)}"
    settings |= {"eval_metric": name, "verbosity": 0, **call.params}
    told = xgb.Booster(settings, [data]).eval_set([(data, "data")])
    return Answer(None, float(told.rpartition(":")[2]), "float32")


IN_THE_NAME = {"tweedie-nloglik": ("tweedie_variance_power", 1.5)}
"""XGBoost's metric -> the parameter of its objective that stands in the metric's name, and its default."""


def lightgbm(call: Call) -> Answer:
    """Evaluate a model without trees whose first score is the prediction; without an objective nothing is converted."""
    name = _metric(call, {"multi_logloss": True, "multi_error": True})
    lgb = import_module("lightgbm")
    classes = call.y_pred.shape[1] if call.y_pred.ndim > 1 else 1
    settings = {"objective": "none", "metric": name, "num_class": classes, "verbosity": -1, **call.params}
    # an unused column of two values, since a constant one is warned of
    column, score = np.arange(len(call.y_true))[:, None] % 2, call.y_pred.ravel(order="F")
    data = lgb.Dataset(column, label=call.y_true, weight=call.weight, init_score=score, params={"verbosity": -1})
    return Answer(None, float(lgb.Booster(settings, data).eval_train()[0][2]), ROUGH.get(call.path, "float64"))


def catboost(call: Call) -> Answer:
    name = _metric(call, dict.fromkeys((*LABEL_ROWS, *WIDE), True))
    said = ";".join(f"{key}={value}" for key, value in call.params.items())
    given: dict[str, Any] = {"label": call.y_true.tolist(), "approx": call.y_pred.tolist()}
    if call.weight is not None:
        given["weight"] = call.weight.tolist()
    if name == "PairLogit":
        if call.weight is not None:
            raise Unfit("weights of items, not of pairs")
        given = pairs(call)
    (value,) = _found("catboost.utils.eval_metric")(metric=f"{name}:{said}" if said else name, **given)
    return Answer(None, float(value), ROUGH.get(call.path, "float64"))


WIDE = ("MultiClass", "MultiClassOneVsAll", "RMSEWithUncertainty", "PairLogit")
"""CatBoost's metrics of several predictions beside one truth."""

ROUGH = {"catboost.MSLE": "float32", "lightgbm.gamma": "float32"}
"""What is right to about a float32 only: fast logarithms, the logarithm of a float32 label."""


RUN: dict[str, Callable[[Call], Answer]] = {
    one.__name__: one for one in (keras, keras2, tensorflow, torch, sklearn, optax, xgboost, lightgbm, catboost)
}
"""Name of a framework -> how it is asked."""
