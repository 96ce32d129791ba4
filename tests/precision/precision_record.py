"""Compute every loss at extreme inputs with mpmath and write ``recorded.json`` beside this file.

    pip install 'losscli[test]'
    python tests/precision/precision_record.py
    python tests/precision/precision_record.py --worst     # show the worst cases of each loss and write nothing
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from math import inf, isinf

import mpmath
from precision_exact import condition, exact, keywords, references
from precision_inputs import INPUTS, SPECS
from precision_ulps import ILL_CONDITIONED, RECORDED, Case, bound_of, errors

from losscli import registry
from losscli.domain import resolve
from losscli.registry import Loss
from losscli.spec import Bound, bind, written

SHOWN = 3


def specs(one: Loss, names: list[str]) -> Iterator[str]:
    """Yield the SPECs at which a loss is recorded: its defaults, each flag of its definition, and those of SPECS."""
    yield one.name
    for name in names:
        if isinstance(one.params[name].default, bool):
            yield written(one.name, {name: not one.params[name].default})
    for params in SPECS.get(one.name, []):
        yield f"{one.name}:{params}"


def cases(bound: Bound, reference: object) -> Iterator[Case]:
    domains = (resolve(domain, bound.params) for domain in (bound.loss.true, bound.loss.pred))
    true, pred = (domain.name for domain in domains)
    for y_true, y_pred in INPUTS[true, pred]:
        value = exact(reference, y_true, y_pred, bound.params)  # type: ignore[arg-type]  # a function of the table
        rounded = float(value)
        sensitive = condition(reference, y_true, y_pred, bound.params)  # type: ignore[arg-type]  # as above
        digits = mpmath.nstr(value, 25, min_fixed=0, max_fixed=0)
        yield {
            "spec": bound.spec,
            "true": y_true,
            "pred": y_pred,
            "exact": digits,
            "rounded": str(rounded) if isinf(rounded) else rounded,
        } | ({"condition": sensitive} if sensitive > ILL_CONDITIONED else {})


def record(one: Loss, reference: object, names: list[str]) -> list[Case]:
    return [case for spec in specs(one, names) for case in cases(bind(spec), reference)]


def show(name: str, found: list[tuple[float, Case]]) -> None:
    for ulps, case in sorted(found, key=lambda pair: -pair[0])[:SHOWN]:
        print(f"{name:24} {ulps:12.4g}  {case}")  # noqa: T201  what --worst is for


def main() -> None:
    registry.load_all()
    known, recorded, asked = references(), {}, [one for one in sys.argv[1:] if not one.startswith("-")]
    for name, one in registry.LOSSES.items():
        if asked and name not in asked:
            continue
        found = list(errors(record(one, known[name], keywords(known[name]))))
        worst = max((ulps for ulps, _ in found), default=inf)
        if "--worst" in sys.argv:
            show(name, found)
        else:
            recorded[name] = {"ulps": bound_of(worst), "cases": [case for _, case in found]}
    if recorded:
        RECORDED.write_text(as_json(recorded), encoding="utf-8")


def as_json(recorded: dict[str, dict[str, object]]) -> str:
    """Return JSON with a line for each case."""
    losses = []
    for name, facts in recorded.items():
        lines = ",\n".join(json.dumps(case) for case in facts["cases"])  # type: ignore[attr-defined]  # a list
        losses.append(f'{json.dumps(name)}: {{"ulps": {facts["ulps"]}, "cases": [\n{lines}\n]}}')
    return "{\n" + ",\n".join(losses) + "\n}\n"


if __name__ == "__main__":
    main()
