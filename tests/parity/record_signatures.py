"""Write down what parameters the frameworks' own functions and classes take: ``signatures.json`` beside this file.

    pip install 'losscli[parity]'
    python tests/parity/record_signatures.py

The metrics of the boosting libraries are names in a string, which have no signature. CatBoost says what a metric takes
where it is asked for nonsense; XGBoost and LightGBM take a model's parameters, and are left out.
"""

from __future__ import annotations

import json
import re
import warnings
from importlib.metadata import version
from pathlib import Path

from parity_answers import at_path, parameters
from record import PACKAGES

from losscli import registry

SIGNATURES = Path(__file__).parent / "signatures.json"
WITH_SIGNATURES = ("keras", "keras2", "tensorflow", "torch", "sklearn", "optax", "catboost")

MODULES = (("tf.keras.", "tf_keras."), ("tf.", "tensorflow."))
"""What stands for what in an import, the longest first."""


REQUIRED = {
    **dict.fromkeys(("Huber", "Expectile"), "delta=1;"),
    "Lq": "q=2;",
    "FairLoss": "smoothness=1;",
    "NumErrors": "greater_than=1;",
    "Tweedie": "variance_power=1.5;",
    "Focal": "focal_alpha=0.5;focal_gamma=2;",
    "F": "beta=2;",
}
"""CatBoost's metric -> the parameters without which it says nothing else."""


def catboost(metric: str) -> list[str]:
    """Return the parameters that CatBoost says a metric takes."""
    rows = {"label": [0.0, 1.0], "approx": [0.5, 0.25], "group_id": [0, 0]}
    try:
        at_path("catboost.utils.eval_metric")(**rows, metric=f"{metric}:{REQUIRED.get(metric, '')}nonsense=1")
    except at_path("catboost.CatBoostError") as refusal:
        if known := re.search(r"Valid parameters? (?:are|is) (.+)\.", str(refusal)):
            return known[1].split(", ")
    raise ValueError(metric)


def main() -> None:
    """Record every path in the registry, one a line."""
    warnings.simplefilter("ignore")
    registry.load_all()
    found = {}
    for written, (_, twin) in registry.PATHS.items():
        path = written.partition(":")[0]
        if twin.framework == "catboost":
            found[path] = catboost(path.rpartition(".")[2])
        elif twin.framework in WITH_SIGNATURES:
            module = next((theirs + path[len(ours) :] for ours, theirs in MODULES if path.startswith(ours)), path)
            found[path] = [name for name in parameters(at_path(module)) if name != "kwargs"]
    packages = dict.fromkeys(name for framework in WITH_SIGNATURES for name in PACKAGES[framework].split())
    lines = ",\n".join(f"{json.dumps(path)}: {json.dumps(names)}" for path, names in sorted(found.items()) if names)
    head = json.dumps({name: version(name) for name in packages})
    SIGNATURES.write_text(f'{{\n"versions": {head},\n"signatures": {{\n{lines}\n}}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
