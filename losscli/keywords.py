"""The parameters of a function that losscli did not write, read from its signature as a loss's are."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from losscli.errors import UsageError
from losscli.registry import Param

KINDS = (bool, int, float, str, tuple[float, ...])
"""The types that the command line can read."""
INPUTS = 2
"""y_true and y_pred stand first and are no parameters; a score takes the weights, too."""


def read(function: Callable[..., Any], inputs: int = INPUTS) -> dict[str, Param]:
    """Return everything after ``y_true`` and ``y_pred`` (and what else a score takes) that can be passed by name.

    The type is the annotation's, else the default's. ``Annotated[float, Param("…", gt=0)]`` adds help and bounds,
    ``Annotated[float, "…"]`` help alone, ``Literal["a", "b"]`` a choice; what has no default is required.

    Raises UsageError for a type that cannot be written on the command line, and for fewer than two inputs.

    >>> def loss(y_true, y_pred, *, delta=1.0, strict: bool = False): ...
    >>> [(one.name, one.type.__name__, one.default) for one in read(loss).values()]
    [('delta', 'float', 1.0), ('strict', 'bool', False)]
    """
    try:
        found = list(inspect.signature(function).parameters.values())
        hints = get_type_hints(function, include_extras=True)
    except (TypeError, ValueError, NameError) as error:
        raise UsageError(f"its parameters cannot be read: {error}", "define it with def") from None
    first = [one for one in found if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)][:inputs]
    if len(first) < inputs and not any(one.kind is one.VAR_POSITIONAL for one in found):
        names = ", ".join(one.name for one in first) or "nothing"
        raise UsageError(f"it takes {names}, not y_true and y_pred", "def my_loss(y_true, y_pred, *, delta=1.0):")
    rest = [one for one in found if one not in first]
    return {
        one.name: _param(one.name, one.default, hints.get(one.name))
        for one in rest
        if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)
    }


def declare(function: Callable[..., Any], params: Mapping[str, Param]) -> None:
    """Give a function these parameters as its signature, in the form in which the registry reads it."""
    kinds = {name: Annotated[param.type, param] for name, param in params.items()}
    function.__annotations__ = kinds
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what inspect.signature reads
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=param.default, annotation=kinds[name])
            for name, param in params.items()
        ]
    )


def _param(name: str, default: object, hint: object) -> Param:
    kind, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    said = next((one for one in extras if isinstance(one, Param)), None)
    text = next((one for one in extras if isinstance(one, str)), "A parameter of your own.")
    param = said or Param(text)
    if get_origin(kind) is Literal:
        param, kind = replace(param, choices=tuple(map(str, get_args(kind)))), str
    if kind is None:
        kind = next((one for one in KINDS[:-1] if isinstance(default, one)), type(default))
        if kind is int:
            param = replace(param, help=f"Annotate it to take any number: {name}: float = {default}.")
    union = get_origin(kind) in (Union, UnionType)
    plain = [one for one in get_args(kind) if one is not NoneType] if union else [kind]
    if len(plain) != 1 or plain[0] not in KINDS:
        written = getattr(kind, "__name__", kind) if default is not inspect.Parameter.empty else "of no type"
        raise UsageError(
            f"its parameter {name} is {written}, which cannot be written on the command line",
            f"annotate it: {name}: float",
        )
    return replace(param, name=name, type=kind, default=... if default is inspect.Parameter.empty else default)
