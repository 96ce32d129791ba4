"""The losses, as data: what is declared beside each function, and how a name finds it.

``@loss`` puts a pure function of ``(y_true, y_pred, *, parameters)`` into ``LOSSES``. Name, family, options, help and
laws are derived from the function and its declaration; there is no second list.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from losscli.conventions import framework_of
from losscli.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from losscli.arrays import Array
    from losscli.domains import Domain, When


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a loss: its meaning and bounds, beside the default in the signature.

    ``role`` says that the parameter acts on the rows rather than inside the function: ``ignore`` leaves out the rows
    of that class, ``class-weight`` weighs each row by its class. ``name``, ``type`` and ``default`` come from the
    signature.
    """

    help: str
    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None
    choices: tuple[str, ...] = ()
    role: Literal["value", "ignore", "class-weight"] = "value"
    name: str = ""
    type: Any = float
    default: Any = None

    @property
    def bounds(self) -> str:
        """The bounds in words a user reads, e.g. ``> 0, <= 1``; empty if there are none."""
        pairs = ((">", self.gt), (">=", self.ge), ("<", self.lt), ("<=", self.le))
        said = [f"{sign} {limit:g}" for sign, limit in pairs if limit is not None]
        return ", ".join([*said, *([" | ".join(self.choices)] if self.choices else [])])


class Like:
    """A framework's name for a loss, and the point in our parameter space that is its number.

    Args:
        paths: the import paths a user would type, separated by blanks (``torch.nn.HuberLoss
            torch.nn.functional.huber_loss``); the framework is read from the prefix.
        takes: the framework's own parameter names that may follow the path, ``theirs=ours`` where they differ.
        reduction: what its default reduction is called here, where it is not the convention's.
        note: where the framework departs from the textbook or from its own documentation, for ``show`` and stderr.
        params: values of our parameters that give its number.
    """

    __slots__ = ("framework", "note", "params", "paths", "reduction", "takes")

    def __init__(self, paths: str, *takes: str, reduction: str | None = None, note: str = "", **params: object) -> None:
        framework = framework_of(paths)
        if framework is None:
            message = f"no framework's path starts like {paths!r}"
            raise ValueError(message)
        self.paths = tuple(paths.split())
        self.framework: str = framework
        self.takes: dict[str, str] = {one.split("=")[0]: one.split("=")[-1] for one in takes}
        self.reduction = reduction
        self.note = note
        self.params: Mapping[str, object] = params


@dataclass(frozen=True)
class Loss:
    """A loss: a row-local function and the facts about it that a user may see.

    ``true`` and ``pred`` are the domains of its two inputs; ``aliases`` are other names, each optionally with
    parameters in SPEC form (``BCEWithLogitsLoss:from_logits``); ``finish`` is what happens to a mean of it (the root
    in ``rmse``); ``symmetric`` says that swapping the inputs changes nothing.
    """

    function: Callable[..., Array]
    true: Domain | When
    pred: Domain | When
    aliases: tuple[str, ...] = ()
    like: tuple[Like, ...] = ()
    symmetric: bool = False
    finish: Callable[[float], float] | None = None
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.function.__name__.replace("_", "-"))

    @property
    def family(self) -> str:
        """The last part of the module's name: ``regression``."""
        return self.function.__module__.rpartition(".")[2]

    @property
    def family_title(self) -> str:
        """The first line of the module's docstring."""
        return (sys.modules[self.function.__module__].__doc__ or self.family).split("\n", 1)[0].rstrip(".")

    @cached_property
    def params(self) -> dict[str, Param]:
        """The parameters in the order of the signature.

        Read on demand: resolving annotations of every loss would cost as much as the rest of the start-up.
        """
        from inspect import signature  # noqa: PLC0415  with the line below: only for the losses in use
        from typing import get_args, get_type_hints  # noqa: PLC0415

        hints = get_type_hints(self.function, include_extras=True)
        found = {}
        for name, one in signature(self.function).parameters.items():
            if one.kind is one.KEYWORD_ONLY:
                kind, param = get_args(hints[name])
                found[name] = replace(param, name=name, type=kind, default=one.default)
        return found

    @cached_property
    def doc(self) -> Doc:
        """The docstring, taken apart."""
        return Doc.of(self.function)

    def frameworks(self) -> list[str]:
        """The frameworks that have this loss, in declaration order."""
        return list(dict.fromkeys(one.framework for one in self.like))


@dataclass(frozen=True, slots=True)
class Doc:
    """A loss's docstring in its parts: claim, formula, prose, example, source."""

    summary: str
    formula: str
    prose: str
    example: str
    source: str

    @classmethod
    def of(cls, function: Callable[..., object]) -> Doc:
        """Read the parts of a docstring: indented text is the formula, ``>>>`` the example."""
        from inspect import getdoc  # noqa: PLC0415  only help and show read docstrings

        summary, _, rest = (getdoc(function) or "").partition("\n\n")
        parts: dict[str, list[str]] = {"formula": [], "prose": [], "example": [], "source": []}
        for block in filter(None, rest.split("\n\n")):
            kind = (
                "formula" if block.startswith("    ")
                else "example" if block.startswith(">>>")
                else "source" if block.startswith("Source:")
                else "prose"
            )  # fmt: skip
            parts[kind].append(block)
        dedented = "\n\n".join("\n".join(line[4:] for line in block.split("\n")) for block in parts["formula"])
        return cls(
            " ".join(summary.split()),
            dedented,
            "\n\n".join(parts["prose"]),
            "\n".join(parts["example"]),
            " ".join(" ".join(parts["source"]).removeprefix("Source:").split()),
        )


LOSSES: dict[str, Loss] = {}


def loss(
    *,
    true: Domain | When,
    pred: Domain | When,
    aliases: tuple[str, ...] = (),
    like: tuple[Like, ...] = (),
    symmetric: bool = False,
    finish: Callable[[float], float] | None = None,
) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Put a function into ``LOSSES`` under its own name; the arguments are the fields of ``Loss``."""

    def register(function: Callable[..., Array]) -> Callable[..., Array]:
        declared = Loss(function, true, pred, aliases, like, symmetric, finish)
        LOSSES[declared.name] = declared
        return function

    return register


def folded(name: str) -> str:
    """Fold a name for comparison: case, ``_ -`` and a trailing ``loss`` or ``error`` do not matter.

    >>> folded("MeanSquaredError") == folded("mean_squared_error"), folded("MSELoss")
    (True, 'mse')
    """
    bare = name.lower().translate({ord(mark): None for mark in "_- "})
    return bare.removesuffix("loss").removesuffix("error") or bare


@cache
def index() -> dict[str, tuple[Loss, str]]:
    """Every folded name, alias and framework path -> the loss and the parameters (SPEC form) that the name implies.

    Raises ValueError if two losses claim one name: a fault of the registry, met by the first test that runs.
    """
    import losscli.losses  # noqa: F401, PLC0415  fills LOSSES; here so that the registry itself stays free of numpy

    table: dict[str, tuple[Loss, str]] = {}
    for one in LOSSES.values():
        for written in (one.name, *one.aliases):
            alias, _, implied = written.partition(":")
            key = folded(alias)
            if key in table and table[key] != (one, implied):
                message = f"{alias!r} names both {table[key][0].name} and {one.name}"
                raise ValueError(message)
            table[key] = (one, implied)
    return table


@cache
def paths() -> dict[str, tuple[Loss, Like]]:
    """Every framework path -> its loss and declaration; the first where a framework has one name for two losses."""
    index()
    found: dict[str, tuple[Loss, Like]] = {}
    for one in LOSSES.values():
        for twin in one.like:
            for path in twin.paths:
                found.setdefault(path, (one, twin))
    return found


def find(name: str) -> tuple[Loss, Like | None, str]:
    """Return the loss that a name, alias or framework path means, with what the name implies.

    The third value is the parameters an alias carries, in SPEC form. Raises UsageError with the nearest names.
    """
    known = index()
    if found := known.get(folded(name)):
        return found[0], None, found[1]
    if twin := paths().get(name):
        return twin[0], twin[1], ""
    framework = framework_of(name)
    near = did_you_mean(name, [path for path, (_, one) in paths().items() if one.framework == framework] or all_names())
    message = f"no loss is called {name!r}"
    raise UsageError(message, near or "`losscli list` shows every loss")


def all_names() -> list[str]:
    """Every canonical name, then every alias, as they are written."""
    index()
    return [*LOSSES, *(alias.partition(":")[0] for one in LOSSES.values() for alias in one.aliases)]
