"""The frameworks, each behind one function: a call in, its numbers out. Nothing is imported before it is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from parity_answers import Answer, Unfit, at_path, is_class, parameters
from parity_boosting import catboost, lightgbm, xgboost
from parity_calls import DECLARED, Call, paths, ranks, twin_of
from parity_forms import REQUIRED, arguments
from parity_penalties import regularizer
from parity_queries import QUERIES

from losscli.declared import Penalty
from losscli.spec import bind

# ── torch ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def torch(call: Call) -> Answer:
    torch = import_module("torch")
    target = at_path(call.path)
    takes = parameters(target)
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
        return target(**settings)(*tensors) if is_class(target) else target(*tensors, **settings)

    if call.loss == "ctc":
        if call.reduction:
            raise Unfit("only the mean divides by the labels")
        return Answer(None, float(run()), "float64")
    if "reduction" not in takes:
        return Answer(run().numpy(), None, "float64")
    losses = run(reduction="none").numpy()
    # of a divergence these add up the classes, over which the mean is taken
    added = call.loss == "kld" and call.reduction is not None
    rest = {"reduction": call.reduction} if call.reduction else {}
    return Answer(losses if call.whole and not added else None, float(run(**weighed, **rest)), "float64")


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
    target = at_path(call.path.replace("tf.keras.", "tf_keras."))
    params = {**call.params, **REQUIRED.get(call.path, {})}
    y_true, y_pred = arguments(package, call)
    if y_pred.ndim == 1 and not call.vector:
        # a vector's only axis would be averaged away before weights are applied
        y_true, y_pred = y_true[:, None], y_pred[:, None]
    if is_class(target) and ".metrics." in call.path:
        if call.reduction or call.vector:
            raise Unfit("no reduction, no shape")
        _fits_metric(call)
        if "TopK" in call.path:
            # TensorFlow has the operation in float32 only
            params["dtype"], y_pred = "float32", y_pred.astype(np.float32)
        metric = target(**params)
        metric.update_state(y_true, y_pred, sample_weight=call.weight)
        return Answer(None, float(metric.result()), COARSE.get(call.loss, str(metric.dtype)))
    if not is_class(target):
        if call.weight is not None or call.reduction or call.vector:
            raise Unfit("a function: no weights, no reduction, no shape")
        losses = target(y_true, y_pred, **params).numpy()
        if not np.ndim(losses):
            return Answer(None, float(losses), str(losses.dtype))
        return Answer(losses if call.whole else None, None, COARSE.get(call.loss, str(losses.dtype)))
    losses = target(**params, reduction="none")(y_true, y_pred).numpy()
    rest = {"reduction": call.reduction} if call.reduction else {}
    weight = call.weight[:, None] if call.weight is not None and np.ndim(losses) > 1 else call.weight
    value = target(**params, **rest)(y_true, y_pred, sample_weight=weight)
    alone = call.whole and np.ndim(losses) > 0
    return Answer(losses if alone else None, float(value), COARSE.get(call.loss, str(losses.dtype)))


def _fits_metric(call: Call) -> None:
    """Leave out what Keras' metric would take for something else: it has one for each form of truth and prediction."""
    name = call.path.rpartition(".")[2]
    if (call.y_true.ndim, call.y_pred.ndim) not in METRICS.get(name, ((1, 1), (2, 2))):
        raise Unfit("another form of truth or prediction")
    if name in OF_TWO_CLASSES and call.y_true.max() > 1:
        raise Unfit("two classes only")
    if name == "Accuracy" and not np.array_equal(call.y_pred, np.floor(call.y_pred)):
        raise Unfit("classes only")


OF_TWO_CLASSES = ("BinaryAccuracy", "Precision", "Recall", "AUC")
METRICS = {
    **dict.fromkeys(("Accuracy", *OF_TWO_CLASSES), ((1, 1),)),
    **dict.fromkeys(
        ("CategoricalAccuracy", "TopKCategoricalAccuracy", "CategoricalCrossentropy", "CategoricalHinge"), ((2, 2),)
    ),
    **dict.fromkeys(
        ("SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "SparseCategoricalCrossentropy"), ((1, 2),)
    ),
}
"""Keras' metric -> the dimensions of truth and prediction."""
COARSE = {"log-cosh": "float32", "ctc": "float32"}
"""What Keras computes in less than the type of its answer: its ln 2 and its CTC are float32."""


def keras2(call: Call) -> Answer:
    return keras(call, "tf_keras")


def tensorflow(call: Call) -> Answer:
    tf = _tensorflow()
    target = at_path(call.path.replace("tf.", "tensorflow.", 1))
    tensors = [tf.constant(one) for one in arguments("tensorflow", call)]
    params = {**call.params, **REQUIRED.get(call.path, {})}
    if call.path in OF_ONE_TENSOR:
        if call.weight is not None:
            raise Unfit("no weights")
        return Answer(None, float(target(call.y_pred - call.y_true)), "float64")
    if "compat.v1" not in call.path:
        if call.weight is not None or call.reduction:
            raise Unfit("no weights, no reduction")
        losses = target(*tensors, **params).numpy()
        return Answer(losses, None, COARSE.get(call.loss, str(losses.dtype)))
    weighed = {} if call.weight is None else {"weights": call.weight}
    if "reduction" not in parameters(target):
        if call.reduction:
            raise Unfit("no reduction")
        return Answer(None, float(target(*tensors, **params, **weighed)), "float32")
    losses = target(*tensors, reduction="none", **params).numpy()
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
    if call.y_true.ndim > 1 and len(owners) > 1 and call.loss == owners[0] and bind(call.path).rows:
        raise Unfit("rows mean the other loss of that name")
    target = at_path(call.path)
    if not is_class(target):
        params = {
            name: NOT_TEXT.get(value, value) if isinstance(value, str) else value for name, value in call.params.items()
        }
        if call.weight is not None:
            if "sample_weight" not in parameters(target):
                raise Unfit("no weights")
            params["sample_weight"] = call.weight
        return Answer(None, float(target(call.y_true, call.y_pred, **params)), "float64")
    if call.y_true.ndim > 1:
        raise Unfit("one label a row")
    labels = np.where(call.y_true > 0, 1.0, 0.0)
    losses = target().loss(y_true=labels, raw_prediction=call.y_pred)
    return Answer(losses, float(target()(labels, call.y_pred, call.weight)), "float64")


NOT_TEXT = {"none": None, "nan": np.nan, "0": 0, "1": 1}
"""Our choice -> the value that scikit-learn has for it."""


def optax(call: Call) -> Answer:
    if call.weight is not None or call.reduction:
        raise Unfit("no weights, no reduction")
    import_module("jax").config.update("jax_enable_x64", True)  # noqa: FBT003  jax's own signature
    params = {**call.params, **REQUIRED.get(call.path, {})}
    losses = np.asarray(at_path(call.path)(*arguments("optax", call), **params))
    return Answer(losses, None, str(losses.dtype))


RUN: dict[str, Callable[[Call], Answer]] = {
    one.__name__: one for one in (keras, keras2, tensorflow, torch, sklearn, optax, xgboost, lightgbm, catboost)
}
"""Name of a framework -> how it is asked for a loss, or for a score of single rows."""


def run(framework: str, call: Call) -> Answer:
    """Ask a framework; raises Unfit where it has no such thing."""
    one = DECLARED[call.loss]
    if isinstance(one, Penalty):
        _keras(REGULARIZERS[framework])
        return regularizer(call)
    return (QUERIES if ranks(one) else RUN)[framework](call)


REGULARIZERS = {"keras": "keras", "keras2": "tf_keras"}
"""Name of a framework -> the package of its penalties."""
