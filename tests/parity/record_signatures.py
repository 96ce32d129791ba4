"""Write down what parameters the frameworks' own functions and classes take: ``signatures.json`` beside this file.

    pip install 'losscli[parity]'
    python tests/parity/record_signatures.py

The boosting libraries are left out: their metrics are names in a string, which have no signature.
"""

from __future__ import annotations

import json
import warnings
from importlib.metadata import version
from pathlib import Path

from parity_answers import at_path, parameters
from record import PACKAGES

from losscli import registry

SIGNATURES = Path(__file__).parent / "signatures.json"
WITH_SIGNATURES = ("keras", "keras2", "tensorflow", "torch", "sklearn", "optax")

MODULES = (("tf.keras.", "tf_keras."), ("tf.", "tensorflow."))
"""What stands for what in an import, the longest first."""


def main() -> None:
    """Record every path in the registry, one a line."""
    warnings.simplefilter("ignore")
    registry.load_all()
    found = {}
    for written, (_, twin) in registry.PATHS.items():
        path = written.partition(":")[0]
        if twin.framework in WITH_SIGNATURES:
            module = next((theirs + path[len(ours) :] for ours, theirs in MODULES if path.startswith(ours)), path)
            found[path] = [name for name in parameters(at_path(module)) if name != "kwargs"]
    packages = dict.fromkeys(name for framework in WITH_SIGNATURES for name in PACKAGES[framework].split())
    lines = ",\n".join(f"{json.dumps(path)}: {json.dumps(names)}" for path, names in sorted(found.items()) if names)
    head = json.dumps({name: version(name) for name in packages})
    SIGNATURES.write_text(f'{{\n"versions": {head},\n"signatures": {{\n{lines}\n}}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
