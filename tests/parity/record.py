"""Ask the frameworks for their numbers and write them beside this file: ``recorded/FRAMEWORK.json``.

    pip install 'losscli[parity]'
    python tests/parity/record.py                # every framework that is installed
    python tests/parity/record.py torch optax    # these

Every path of every loss, score and penalty in the registry is called on every input that its domains allow, with every
parameter that it takes at another value than its own, with weights and reductions. What a framework refuses is said and
left out.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import machine, python_version
from typing import Any

import numpy as np
from parity_answers import Answer, Unfit
from parity_calls import Call, calls, paths
from parity_frameworks import RUN, run

RECORDED = Path(__file__).parent / "recorded"

PACKAGES = {
    "keras": "keras tensorflow numpy",
    "keras2": "tf_keras tensorflow numpy",
    "tensorflow": "tensorflow numpy",
    "torch": "torch",
    "sklearn": "scikit-learn numpy",
    "optax": "optax jax jaxlib",
    "xgboost": "xgboost-cpu",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
}
"""Framework -> the distributions whose versions decide its numbers; the first is the framework."""


def plain(value: object) -> object:
    """Return numbers as JSON can hold them: NaN and infinities are strings."""
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return repr(value) if isinstance(value, float) and not np.isfinite(value) else value


def record(call: Call, answer: Answer) -> dict[str, object]:
    """Return what is stored of a call and its answer; what is absent is left out."""
    facts = {
        "loss": call.loss,
        "path": call.path,
        "input": call.input,
        "params": dict(call.params) or None,
        "weight": call.weight,
        "reduction": call.reduction,
        "vector": call.vector or None,
        "dtype": answer.dtype,
        "losses": answer.losses,
        "value": answer.value,
    }
    return {name: plain(fact) for name, fact in facts.items() if fact is not None}


def ask(framework: str) -> dict[str, Any]:
    """Ask one framework everything; say on stderr what it refused."""
    versions = {name: version(name) for name in PACKAGES[framework].split()}
    records, inputs, refused = [], {}, dict[str, list[str]]()
    asked = [call for one, twin, path in paths() if twin.framework == framework for call in calls(one, twin, path)]
    for call in asked:
        try:
            answer = run(framework, call)
        except Unfit:
            continue
        except Exception as refusal:  # noqa: BLE001  a framework may refuse in any way, and that is its answer
            said = str(refusal).strip().partition("\n")[0][:120]
            refused.setdefault(f"{call.path}: {type(refusal).__name__}: {said}", []).append(call.input)
            continue
        arrays = {"y_true": call.y_true, "y_pred": call.y_pred, "group": call.group}
        inputs[call.input] = {name: plain(one) for name, one in arrays.items() if one is not None}
        records.append(record(call, answer))
    for what, where in refused.items():
        print(f"{what} ({', '.join(dict.fromkeys(where))})", file=sys.stderr)  # noqa: T201  a script
    return {
        "framework": framework,
        "versions": {**versions, "python": python_version(), "machine": machine()},
        "inputs": inputs,
        "records": records,
    }


def write(found: dict[str, Any]) -> None:
    """Write one record a line, so that a change shows as the lines that changed."""
    head = {name: found[name] for name in ("framework", "versions")}
    lines = [f'"{name}": {json.dumps(value)},' for name, value in head.items()]
    named = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in found["inputs"].items()]
    lines += ['"inputs": {', ",\n".join(named), "},", '"records": [']
    lines += [",\n".join(json.dumps(one, ensure_ascii=False) for one in found["records"]), "]"]
    (RECORDED / f"{found['framework']}.json").write_text("{\n" + "\n".join(lines) + "\n}\n", encoding="utf-8")


def main(frameworks: list[str]) -> None:
    """Record the frameworks named, or all that are installed."""
    RECORDED.mkdir(exist_ok=True)
    warnings.simplefilter("ignore")
    for framework in frameworks or list(RUN):
        try:
            found = ask(framework)
        except PackageNotFoundError as missing:
            print(f"{framework}: not installed: {missing}", file=sys.stderr)  # noqa: T201  a script
            continue
        write(found)
        print(f"{framework}: {len(found['records'])} records", file=sys.stderr)  # noqa: T201  a script


if __name__ == "__main__":
    main(sys.argv[1:])
