"""How Keras is asked for a penalty of weights, and losscli."""

from __future__ import annotations

import numpy as np
from parity_answers import Answer, Unfit, at_path
from parity_calls import Call

from losscli.evaluation import Evaluation
from losscli.penalize import Charge, penalize
from losscli.spec import bind


def regularizer(call: Call) -> Answer:
    """Call a regularizer with the weights of a model, which are the predictions here."""
    if call.weight is not None:
        raise Unfit("no sample weights")
    value = at_path(call.path.replace("tf.keras.", "tf_keras."))(**call.params)(call.y_pred)
    # Keras 3 holds the factor in float32
    dtype = "float32" if call.path.startswith("keras.") else str(np.asarray(value).dtype)
    return Answer(None, float(value), dtype)


def penalized(spec: str, call: Call) -> Evaluation:
    """Return losscli's penalty of the same weights."""
    result = penalize(Charge(bind(spec), ",".join(map(repr, call.y_pred.ravel().tolist()))))
    return Evaluation(result.value, np.empty(0), result, ())
