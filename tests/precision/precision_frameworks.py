"""Ask the frameworks for the rows of the comparison in the README; write ``frameworks.json`` and ``table.md``.

    pip install 'losscli[parity]'
    python tests/precision/precision_frameworks.py

Every framework computes in float64. The columns of losscli and of the exact numbers need none: a test makes them again.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
from precision_table import FRAMEWORKS, TABLE, as_markdown

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}

PACKAGES = ("torch", "keras", "tensorflow", "scikit-learn")
NEAR, FAR = [0.25, 0.75], [0.25 + 2.0**-30, 0.75 - 2.0**-30]
LONG, SHORT = [1e200, 1e200], [1.0, 3.0]


def torch_answers() -> dict[str, Any]:
    torch, f = import_module("torch"), import_module("torch.nn.functional")

    def tensor(values: object) -> Any:  # noqa: ANN401  torch's own
        return torch.tensor(values, dtype=torch.float64)

    return {
        "bce": f.binary_cross_entropy(tensor([1e-50]), tensor([1.0])),
        "ce": f.cross_entropy(tensor([[40.0, 0.0]]), torch.tensor([0])),
        "soft-margin": f.soft_margin_loss(tensor([-1000.0]), tensor([1.0])),
        "kld": f.kl_div(tensor([FAR]).log(), tensor([NEAR]), reduction="batchmean"),
        "cosine-distance": 1 - f.cosine_similarity(tensor([LONG]), tensor([SHORT])),
    }


def keras_answers() -> dict[str, Any]:
    keras = import_module("keras")
    keras.backend.set_floatx("float64")
    losses = keras.losses
    return {
        "bce": losses.BinaryCrossentropy()(np.array([[1.0]]), np.array([[1e-50]])),
        "ce": losses.SparseCategoricalCrossentropy(from_logits=True)(np.array([0]), np.array([[40.0, 0.0]])),
        "log-cosh": losses.LogCosh()(np.array([[0.0]]), np.array([[1e-9]])),
        "kld": losses.KLDivergence()(np.array([NEAR]), np.array([FAR])),
        "cosine-distance": 1 + losses.CosineSimilarity()(np.array([LONG]), np.array([SHORT])),
    }


def sklearn_answers() -> dict[str, Any]:
    metrics, pairwise = import_module("sklearn.metrics"), import_module("sklearn.metrics.pairwise")
    return {
        "bce": metrics.log_loss([1.0], np.array([1e-50]), labels=[0, 1]),
        "cosine-distance": pairwise.cosine_distances([LONG], [SHORT])[0, 0],
        "poisson-deviance": metrics.mean_poisson_deviance([1.0], [1.000000001]),
    }


ASK: dict[str, Callable[[], dict[str, Any]]] = {
    "torch": torch_answers,
    "keras": keras_answers,
    "sklearn": sklearn_answers,
}


def main() -> None:
    warnings.simplefilter("ignore")
    answers = {name: {loss: repr(float(one)) for loss, one in ASK[name]().items()} for name in ASK}
    recorded = {"versions": {name: version(name) for name in PACKAGES}, "answers": answers}
    FRAMEWORKS.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")
    TABLE.write_text(as_markdown(recorded), encoding="utf-8")


if __name__ == "__main__":
    main()
