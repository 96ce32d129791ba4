"""The parameters of a loss as options of its own command."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import Parameter
from typing import Annotated, Any, get_args

import typer

from losscli.registry import Declared, Param

OF_LOSS = "The loss"
"""Where help shows a loss's own parameters."""


def of_loss(loss: Declared, taken: Iterable[str], names: Iterable[str]) -> list[Parameter]:
    """Return a loss's parameters as options, all unset by default: ``bind`` knows the defaults.

    ``names`` are the parameters to offer; ``taken`` are names of options that all commands share.
    """
    free = [(name, loss.params[name]) for name in names if name not in taken]
    return [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[_kind(param), _option(param)])
        for name, param in free
    ]


def _kind(param: Param) -> Any:  # noqa: ANN401  a type to be read by typer
    return bool | None if param.type is bool else str | None


def _option(param: Param) -> Any:  # noqa: ANN401  typer's OptionInfo
    facts = [*([param.bounds] if param.bounds else []), *([] if param.default in (None, ...) else [_default(param)])]
    help_text = f"{param.help} [{'; '.join(facts)}]" if facts else param.help
    if param.type is bool:
        return typer.Option(help=help_text, rich_help_panel=OF_LOSS)
    kinds = {kind.__name__ for kind in (param.type, *get_args(param.type)) if isinstance(kind, type)}
    metavar = next((name.upper() for name in ("float", "int") if name in kinds), "TEXT")
    return typer.Option(metavar=metavar, help=help_text, rich_help_panel=OF_LOSS)


def _default(param: Param) -> str:
    value = param.default
    return f"default: {str(value).lower() if isinstance(value, bool) else value}"
