"""Compute every loss at extreme inputs with mpmath and write ``recorded.json`` beside this file.

pip install 'losscli[test]'
python tests/precision/precision_record.py
python tests/precision/precision_record.py --worst     # show the worst cases of each loss and write nothing
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from math import isinf
from typing import Any

import mpmath
from precision_exact import condition, exact, keywords, references
from precision_inputs import INPUTS, LEFT_OUT, SPECS
from precision_ulps import ILL_CONDITIONED, MARGIN, RECORDED, WIDEST, Case, bound_of, errors, plain_error

from losscli import registry
from losscli.domain import resolve
from losscli.registry import Loss
from losscli.spec import Bound, bind, written

SHOWN = 3

Reference = Callable[..., Any]


def specs(one: Loss, names: list[str]) -> Iterator[str]:
    """Yield the SPECs at which a loss is recorded: its defaults, each flag of its definition, and those of SPECS."""
    yield one.name
    for name in names:
        if isinstance(one.params[name].default, bool):
            yield written(one.name, {name: not one.params[name].default})
    for params in SPECS.get(one.name, []):
        yield f"{one.name}:{params}"


def cases(bound: Bound, reference: Reference) -> Iterator[Case]:
    """Yield the exact loss of every input that fits the domains; its condition where that explains an error."""
    true, pred = (resolve(domain, bound.params).name for domain in (bound.loss.true, bound.loss.pred))
    left_out = LEFT_OUT.get(bound.spec, lambda *_: False)
    for sample in INPUTS[true, pred]:
        if left_out(*sample):
            continue
        value = exact(reference, *sample, bound.params)
        if mpmath.isnan(value):  # by a flag that asks for it: no number that an error could be measured by
            continue
        digits, rounded = mpmath.nstr(value, 25, min_fixed=0, max_fixed=0), float(value)
        case = {"spec": bound.spec, "true": sample[0], "pred": sample[1], "exact": digits}
        case["rounded"] = str(rounded) if isinf(rounded) else rounded
        if plain_error(case) > WIDEST / MARGIN:
            sensitive = condition(reference, *sample, bound.params)
            case |= {"condition": sensitive} if sensitive > ILL_CONDITIONED else {}
        yield case


def record(one: Loss, reference: Reference, names: list[str]) -> list[Case]:
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
        worst = max((ulps for ulps, _ in found))
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
