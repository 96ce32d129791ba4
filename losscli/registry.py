"""The losses, as data: what is declared beside each function, and how a name finds it.

``@loss`` puts a pure function of ``(y_true, y_pred, *, parameters)`` into ``LOSSES``. Name, family, options, help and
laws are derived from the function and its declaration; there is no second list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from losscli.conventions import framework_of, in_full
from losscli.declared import Declared, Like, Loss, Param, Penalty, Score
from losscli.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from losscli.arrays import Array
    from losscli.domain import Domain, When

__all__ = ["LOSSES", "SCORES", "Declared", "Like", "Loss", "Param", "Penalty", "Score", "find", "loss", "score"]

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
    for_rows: str = "",
) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Put a function into ``LOSSES`` under its own name; the arguments are the fields of ``Loss``."""

    def register(function: Callable[..., Array]) -> Callable[..., Array]:
        enter(Loss(function, true, pred, aliases, like, symmetric=symmetric, finish=finish, for_rows=for_rows))
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


OBJECTIVE_KINDS = frozenset(("binary", "count", "multi", "rank", "reg", "survival"))
"""What XGBoost's objectives begin with, before a colon."""


def folded(name: str) -> str:
    """Fold a name for comparison: case, ``_ -`` and a trailing ``loss`` or ``error`` do not matter.

    >>> folded("MeanSquaredError") == folded("mean_squared_error"), folded("MSELoss")
    (True, 'mse')
    """
    bare = name.lower().translate({ord(mark): None for mark in "_- "})
    return bare.removesuffix("loss").removesuffix("error") or bare


def split(spec: str) -> tuple[str, str]:
    """Split a SPEC into its name and its parameters, both as text.

    The name of a user's own loss holds a colon, and so does that of an objective of XGBoost.

    >>> split("huber:delta=2"), split("a/b.py:my_loss:delta=2,flag")
    (('huber', 'delta=2'), ('a/b.py:my_loss', 'delta=2,flag'))
    >>> split("reg:squarederror"), split("nn.HuberLoss:delta=2"), split("xgboost.ndcg@10")
    (('reg:squarederror', ''), ('torch.nn.HuberLoss', 'delta=2'), ('xgboost.ndcg', 'k=10'))
    """
    first, colon, rest = spec.partition(REFERENCE)
    if not colon:
        first, colon, rest = spec.partition(":")
        if first not in OBJECTIVE_KINDS:
            return _named(in_full(first), rest)
    name, _, params = rest.partition(":")
    return f"{first}{colon}{name}", params


def _named(path: str, params: str) -> tuple[str, str]:
    """Return the name under which a framework's path is declared, and the parameters with that of its name."""
    if framework_of(path) is None:
        return path, params
    from losscli.namesakes import first_name  # noqa: PLC0415  only for a framework's path

    name, own = first_name(path)
    return name, ",".join(filter(None, (own, params)))


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
    framework = framework_of(name)
    bare = name.partition("@")[0]
    if refused := _refused({folded(bare), folded(bare.rpartition(".")[2] if framework else bare)}):
        raise UsageError(f"{name} {refused[0]}", f"take {refused[1]}")
    near = did_you_mean(name, [path for path, (_, one) in PATHS.items() if one.framework == framework] or all_names())
    write_it = f"write {name}:FUNCTION" if name.endswith(REFERENCE[:-1]) else "`losscli list` shows every loss"
    raise UsageError(f"no loss is called {name!r}", "; ".join([near or write_it, *troubles]))


def _refused(names: set[str]) -> tuple[str, str] | None:
    """Return why a name is refused that is known all the same, and what to take instead; None if it is not known."""
    from losscli.unavailable import ABSENT, UNAVAILABLE  # noqa: PLC0415  only for a name that is not found

    for fact, table in (("cannot be computed from predictions", UNAVAILABLE), ("is not in losscli", ABSENT)):
        for one, (why, instead) in table.items():
            if folded(one) in names:
                return f"{fact}: it {why}", instead
    return None


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
