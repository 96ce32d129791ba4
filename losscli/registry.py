"""The losses, as data: what is declared beside each function, and how a name finds it.

``@loss`` puts a pure function of ``(y_true, y_pred, *, parameters)`` into ``LOSSES``. Name, family, options, help and
laws are derived from the function and its declaration; there is no second list.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from losscli.conventions import framework_of
from losscli.doc import Doc
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
class Declared:
    """What losses and scores have in common: a function and the facts about it that a user may see.

    ``true`` and ``pred`` are the domains of its two inputs; ``aliases`` are other names, each optionally with
    parameters in SPEC form (``BCEWithLogitsLoss:from_logits``); ``like`` are the frameworks' names for it; ``name`` is
    the function's, or the reference by which a user's own is known.
    """

    function: Callable[..., Any]
    true: Domain | When
    pred: Domain | When
    aliases: tuple[str, ...] = ()
    like: tuple[Like, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.function.__name__.replace("_", "-"))

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


@dataclass(frozen=True)
class Loss(Declared):
    """A loss: a row-local function of (y_true, y_pred) that gives one number for each sample.

    ``finish`` is what happens to a mean of it (the root in ``rmse``); ``symmetric`` says that swapping the inputs
    changes nothing; ``weighted`` that the function takes the weight of each row as ``weight``, and the rows then count
    alike in the mean.
    """

    symmetric: bool = False
    finish: Callable[[float], float] | None = None
    weighted: bool = False


@dataclass(frozen=True)
class Score(Declared):
    """A number that is no mean over rows: R², F1, AUC.

    The function gives a state of some rows, ``(y_true, y_pred, weight, *, parameters)``; states are joined by ``+``,
    and ``result()`` is the score. ``higher`` says whether more is better; ``grouped`` that the function takes the
    groups (queries) of the rows as a fourth argument.
    """

    higher: bool = True
    grouped: bool = False


@dataclass(frozen=True)
class Penalty(Declared):
    """What a model's weights cost: a function of the weights that gives each one's part; the penalty is their sum."""


LOSSES: dict[str, Loss] = {}
SCORES: dict[str, Score] = {}
PENALTIES: dict[str, Penalty] = {}
TABLES: dict[type[Declared], dict[str, Any]] = {Loss: LOSSES, Score: SCORES, Penalty: PENALTIES}
NAMES: dict[str, tuple[Declared, str]] = {}
"""Every folded name and alias -> what it names, and the parameters (SPEC form) that the name implies."""
PATHS: dict[str, tuple[Declared, Like]] = {}
"""Every framework path -> what it names; the first declared where a framework has one name for two."""
REFERENCE = ".py:"
"""What tells a user's own loss, ``./file.py:function``, from every other name."""


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
        enter(Loss(function, true, pred, aliases, like, symmetric=symmetric, finish=finish))
        return function

    return register


def score(
    *,
    true: Domain | When,
    pred: Domain | When,
    aliases: tuple[str, ...] = (),
    like: tuple[Like, ...] = (),
    higher: bool = True,
    grouped: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put a function into ``SCORES`` under its own name; the arguments are the fields of ``Score``."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        enter(Score(function, true, pred, aliases, like, higher=higher, grouped=grouped))
        return function

    return register


def penalty(
    *, aliases: tuple[str, ...] = (), like: tuple[Like, ...] = ()
) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Put a function of the weights into ``PENALTIES`` under its own name."""

    def register(function: Callable[..., Array]) -> Callable[..., Array]:
        from losscli.domains import NOTHING, REAL  # noqa: PLC0415  the registry itself stays free of numpy

        enter(Penalty(function, NOTHING, REAL, aliases, like))
        return function

    return register


def enter(declared: Declared) -> None:
    """Make the names of a loss, score or penalty known. Raises UsageError if one is taken: nothing is replaced."""
    for written in (declared.name, *declared.aliases):
        alias, _, implied = written.partition(":")
        if NAMES.setdefault(folded(alias), (declared, implied)) != (declared, implied):
            there = NAMES[folded(alias)][0]
            raise UsageError(
                f"{alias!r} is a name of {there.name} in {there.function.__module__} already",
                "give the function another name",
            )
    for twin in declared.like:
        for path in twin.paths:
            PATHS.setdefault(path, (declared, twin))
    TABLES[type(declared)][declared.name] = declared


def folded(name: str) -> str:
    """Fold a name for comparison: case, ``_ -`` and a trailing ``loss`` or ``error`` do not matter.

    >>> folded("MeanSquaredError") == folded("mean_squared_error"), folded("MSELoss")
    (True, 'mse')
    """
    bare = name.lower().translate({ord(mark): None for mark in "_- "})
    return bare.removesuffix("loss").removesuffix("error") or bare


def split(spec: str) -> tuple[str, str]:
    """Split a SPEC into its name and its parameters, both as text; the name of a user's own loss holds a colon.

    >>> split("huber:delta=2"), split("a/b.py:my_loss:delta=2,flag")
    (('huber', 'delta=2'), ('a/b.py:my_loss', 'delta=2,flag'))
    """
    file, suffix, rest = spec.partition(REFERENCE)
    name, _, params = (rest if suffix else spec).partition(":")
    return (f"{file}{suffix}{name}" if suffix else name), params


def load() -> Iterator[None]:
    """Import the families one after the other, in display order; yield before the first and after each.

    Most names are found before all are imported: start-up pays only for what it needs.
    """
    from importlib import import_module  # noqa: PLC0415  so that the registry itself stays free of numpy

    yield
    for package in ("losscli.losses", "losscli.scores", "losscli.penalties"):
        for family in import_module(package).FAMILIES:
            import_module(f"{package}.{family}")
            yield


def load_all() -> None:
    """Import every family."""
    for _ in load():
        pass


def find(name: str) -> tuple[Declared, Like | None, str]:
    """Return the loss or score that a name, alias or framework path means, with what the name implies.

    The third value is the parameters an alias carries, in SPEC form. Raises UsageError with the nearest names.
    """
    if REFERENCE in name:
        from losscli.plugins import reference  # noqa: PLC0415  only for a user's own

        return reference(name), None, ""
    for _ in load():
        if found := _known(name):
            return found
    from losscli.plugins import discover  # noqa: PLC0415  packages are searched once nothing else has the name

    troubles = discover()
    if found := _known(name):
        return found
    from losscli.unavailable import UNAVAILABLE  # noqa: PLC0415  as above

    if refused := {folded(one): why for one, why in UNAVAILABLE.items()}.get(folded(name)):
        raise UsageError(f"{name} cannot be computed from predictions: it {refused[0]}", f"take {refused[1]}")
    framework = framework_of(name)
    near = did_you_mean(name, [path for path, (_, one) in PATHS.items() if one.framework == framework] or all_names())
    write_it = f"write {name}:FUNCTION" if name.endswith(REFERENCE[:-1]) else "`losscli list` shows every loss"
    raise UsageError(f"no loss is called {name!r}", "; ".join([near or write_it, *troubles]))


def _known(name: str) -> tuple[Declared, Like | None, str] | None:
    if found := NAMES.get(folded(name)):
        return found[0], None, found[1]
    return (*PATHS[name], "") if name in PATHS else None


def everything() -> list[Declared]:
    """Every loss, then every score, then every penalty."""
    load_all()
    return [*LOSSES.values(), *SCORES.values(), *PENALTIES.values()]


def all_names() -> list[str]:
    """Every canonical name, then every alias, as they are written."""
    declared = everything()
    return [*(one.name for one in declared), *(alias.partition(":")[0] for one in declared for alias in one.aliases)]
