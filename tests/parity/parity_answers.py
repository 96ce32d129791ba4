"""What a framework is asked by: its name for a thing, and the form of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from inspect import isclass, signature
from typing import Any

from losscli.arrays import Array


class Unfit(Exception):  # noqa: N818  no error: the framework just has no such thing
    """The framework cannot be asked this: it takes no weights, no labels, no reduction."""


@dataclass(frozen=True)
class Answer:
    """What a framework said: its numbers without reduction, its reduced number, and the type it computed in."""

    losses: Array | None
    value: float | None
    dtype: str


def at_path(path: str) -> Any:  # noqa: ANN401  whatever the framework has there
    """Return what stands at a dotted path, whatever parameter the path ends in."""
    parts = path.partition(":")[0].split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            found = getattr(found, name)
        return found
    raise ModuleNotFoundError(path)


def is_class(target: Any) -> bool:  # noqa: ANN401  what at_path found
    """Tell a class from a function, whatever a type checker takes it for."""
    return isclass(target)


def parameters(target: Any) -> list[str]:  # noqa: ANN401  a class or a function
    """Return the names of the arguments; none for what is written in C and does not say."""
    try:
        return list(signature(target).parameters)
    except ValueError:
        return []
