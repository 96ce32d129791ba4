"""``expr`` and ``selftest``: losses that users bring.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from losscli.escape import visible

if TYPE_CHECKING:
    from losscli.selftest import Finding


class Expression:
    """The loss."""

    expression: Annotated[
        str,
        typer.Argument(
            metavar="EXPRESSION",
            help="Over y_true, y_pred and weight, with numpy's elementwise functions; conditions choose by where(…).",
        ),
    ] = ...  # type: ignore[assignment]  # typer's way to say: required
    let: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A number that the expression names; repeatable.")
    ] = None


class Tested:
    """What is tried."""

    loss: Annotated[str, typer.Argument(metavar="SPEC", help="./file.py:function, or any loss.")] = ...  # type: ignore[assignment]  # as above
    format: Annotated[Literal["text", "json"], typer.Option("--format", "-f", help="Format.")] = "text"


def compute_expression(*, expression: str, let: list[str] | None, **options: Any) -> int:  # noqa: ANN401  what typer read
    """Compute a loss that was written on the spot."""
    from losscli import expressions  # noqa: PLC0415  each command imports what it needs
    from losscli.cli.compute import compute  # noqa: PLC0415  as above

    loss, numbers = expressions.expression(expression, let or ())
    return compute([loss], numbers, options)


def test_loss(*, loss: str, format: str) -> int:  # noqa: A002  the option's name
    """Try the laws on a loss; the exit code is 1 if one of them fails."""
    from losscli.selftest import selftest  # noqa: PLC0415  as above
    from losscli.spec import bind  # noqa: PLC0415  as above

    bound = bind(loss)
    findings = selftest(bound)
    failed = any(one.verdict == "fail" for one in findings)
    sys.stdout.write(_REPORTS[format](bound.spec, findings, "fail" if failed else "pass"))
    return int(failed)


def _text(spec: str, findings: "Sequence[Finding]", verdict: str) -> str:
    width = max(len(one.law) for one in findings)
    lines = [f"{spec}: {verdict}"]
    for one in findings:
        lines.append(f"  {one.verdict:<11}  {one.law:<{width}}  {one.claim}")
        where = "" if one.y_true is None else f"y_true {one.y_true}, y_pred {one.y_pred}: "
        lines += [f"               {visible(where + one.fact)}"] if one.fact else []
    return "\n".join([*lines, ""])


def _json(spec: str, findings: "Sequence[Finding]", verdict: str) -> str:
    import json  # noqa: PLC0415  only where it is asked for
    from dataclasses import asdict  # noqa: PLC0415  as above

    from losscli.formats.json_records import strict  # noqa: PLC0415  as above

    laws = [strict(asdict(one)) for one in findings]
    return (
        json.dumps({"schema": 1, "loss": spec, "laws": laws, "verdict": verdict}, indent=2, ensure_ascii=False) + "\n"
    )


_REPORTS = {"text": _text, "json": _json}
