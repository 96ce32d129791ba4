"""Losses written on the spot: arithmetic over ``y_true``, ``y_pred`` and ``weight``, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from unicodedata import normalize

import numpy as np

from losscli.arrays import Array
from losscli.domains import REAL
from losscli.errors import UsageError, did_you_mean
from losscli.expressions.compiler import CONSTANTS, DATA, FUNCTIONS, Compiler
from losscli.keywords import declare
from losscli.registry import Loss, Param

LETS = re.compile(r"(?s)(.+):(\w+=[^,:=]+(?:,\w+=[^,:=]+)*)")
"""An expression as it is printed: its numbers stand behind it, as the parameters of a SPEC."""
BLANK = re.compile(r"((?<=[\w.]) (?=[\w.]))| ")
"""A blank, and as a group one that parts two words."""


def expression(text: str, lets: Sequence[str] = ()) -> tuple[Loss, dict[str, str]]:
    """Return the loss that an expression is, and the values of its parameters as they were typed.

    Args:
        text: the expression, or the SPEC that was printed for one (``cost*abs(y_pred-y_true):cost=2``).
        lets: the numbers that it names, each as ``name=value``.

    Raises:
        UsageError: what an expression cannot hold, at its column; a name that is taken, missing or not used.

    >>> loss, lets = expression("cost * abs(y_pred - y_true)", ["cost=2"])
    >>> loss.name, lets, loss.function(np.array([1.0]), np.array([4.0]), cost=2.0)
    ('cost*abs(y_pred-y_true)', {'cost': '2'}, array([6.]))
    """
    printed = LETS.fullmatch(text.strip())
    values = dict(_let(one) for one in [*(printed[2].split(",") if printed else ()), *lets])
    compiler = Compiler(printed[1] if printed else text, values)
    term, used = compiler.term, compiler.term.names
    if not used & {"y_true", "y_pred"}:
        raise UsageError("the expression names neither y_true nor y_pred", "for example abs(y_pred - y_true)")
    if unused := [name for name in values if name not in used]:
        raise UsageError(f"--let {unused[0]}: the expression does not name it", did_you_mean(unused[0], sorted(used)))

    def loss(y_true: Array, y_pred: Array, *, weight: Array | None = None, **numbers: float) -> Array:
        if weight is None and "weight" in used:
            raise UsageError("the expression names weight, and there are no weights", "--weight COL")
        each = None if weight is None else weight.reshape(-1, *[1] * (y_pred.ndim - 1))
        result = term.value({"y_true": y_true, "y_pred": y_pred, "weight": each, **numbers})
        return np.broadcast_to(np.asarray(result, dtype=np.float64), y_pred.shape)

    declare(loss, {name: Param("A number of your own.", name=name, default=...) for name in values})
    name = BLANK.sub(r"\1", ast.unparse(compiler.tree))
    return Loss(loss, true=REAL, pred=REAL, name=name, weighted="weight" in used), values


def _let(text: str) -> tuple[str, str]:
    """Split ``name=value``. Raises UsageError for a name that an expression cannot use."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals:
        raise UsageError(f"--let {text}: expected NAME=VALUE", f"--let {text or 'cost'}=1")
    if not name.isidentifier() or name.startswith("_") or name.endswith("_"):
        raise UsageError(f"--let {text}: {name!r} is no name", "letters, digits and inner underscores make a name")
    if name in (*DATA, *CONSTANTS, *FUNCTIONS):
        raise UsageError(f"--let {text}: {name} has a meaning already", f"--let my_{name}={value}")
    return normalize("NFKC", name), value
