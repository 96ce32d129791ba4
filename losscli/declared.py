"""What is declared beside a function: a loss, a score or a penalty, its parameters, and frameworks' names for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from losscli.conventions import framework_of
from losscli.errors import UsageError

if TYPE_CHECKING:
    from losscli.doc import Doc
    from losscli.domain import Domain, When


# every method that dataclass writes costs start-up 0.1 ms: what is only declared or handed on goes without eq and repr
@dataclass(slots=True, eq=False, repr=False)
class Param:
    """A parameter of a loss: its meaning and bounds, beside the default in the signature.

    ``role`` says that the parameter acts on the rows rather than inside the function: ``ignore`` leaves out the rows
    of that class, ``class-weight`` weighs each row by its class, ``sets`` takes rows of 0 and 1 for sets of labels,
    which need not sum to 1. ``naive`` says that the value is the mean absolute,
    or root mean squared, error of a naive forecast on a training series, which ``--train`` reads. ``name``, ``type``
    and ``default`` come from the signature.
    """

    help: str
    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None
    choices: tuple[str, ...] = ()
    role: Literal["value", "ignore", "class-weight", "sets"] = "value"
    naive: Literal["", "absolute", "squared"] = ""
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
            torch.nn.functional.huber_loss``); the framework is read from the prefix. A path may end in a parameter of
            the framework that makes it another loss (``keras.losses.Dice:axis=1``).
        takes: the framework's own parameter names that may follow the path, ``theirs=ours`` where they differ.
        reduction: what its default reduction is called here, where it is not the convention's.
        rows_reduction: the same, where it differs for a truth given as rows.
        reductions: values of its own ``reduction`` that mean other values of our parameters (``batchmean``).
        means: further parameters of its own -> each value -> the values of our parameters, or the ``reduction``, that
            it stands for.
        one_class: values of our parameters that give its number where one class alone occurs in the truth.
        true, pred: the domains that it takes, where they are narrower than the loss's own: outside them it raises.
        allows: parameters of ours -> which of their values it takes, and the same in words, where it refuses some.
        note: where the framework departs from the textbook or from its own documentation, for ``show`` and stderr.
        params: values of our parameters that give its number.
    """

    __slots__ = (
        "allows", "framework", "means", "note", "one_class", "params", "paths", "pred", "reduction", "reductions",
        "rows_reduction", "takes", "true",
    )  # fmt: skip

    def __init__(
        self,
        paths: str,
        *takes: str,
        reduction: str | None = None,
        rows_reduction: str | None = None,
        reductions: Mapping[str, Mapping[str, object]] | None = None,
        means: Mapping[str, Mapping[str, Mapping[str, object]]] | None = None,
        one_class: Mapping[str, object] | None = None,
        true: Domain | When | None = None,
        pred: Domain | When | None = None,
        allows: Mapping[str, tuple[Callable[[Any], bool], str]] | None = None,
        note: str = "",
        **params: object,
    ) -> None:
        framework = framework_of(paths)
        if framework is None:
            message = f"no framework's path starts like {paths!r}"
            raise ValueError(message)
        self.paths = tuple(paths.split())
        self.framework: str = framework
        self.takes: dict[str, str] = {one.split("=")[0]: one.split("=")[-1] for one in takes}
        self.reduction = reduction
        self.rows_reduction = rows_reduction
        self.reductions = reductions or {}
        self.means = means or {}
        self.one_class = one_class or {}
        self.true = true
        self.pred = pred
        self.allows = allows or {}
        self.note = note
        self.params: Mapping[str, object] = params

    def narrow(self, one: Declared, params: Mapping[str, object]) -> Declared:
        """Return a loss that refuses the data that the framework refuses.

        Raises UsageError for the value of a parameter that the framework refuses.
        """
        for name, (holds, said) in self.allows.items():
            if not holds(params[name]):
                message = f"{self.paths[0]}: {name}: expected {said}, received {params[name]:g}"
                raise UsageError(message, f"{one.name} takes it without --like {self.framework}")
        if self.true is None and self.pred is None:
            return one
        return replace(one, true=self.true or one.true, pred=self.pred or one.pred)


@dataclass(eq=False, repr=False)
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
        from losscli.doc import Doc  # noqa: PLC0415  only help and show read docstrings

        return Doc.of(self.function)

    def frameworks(self) -> list[str]:
        """The frameworks that have this loss, in declaration order."""
        return list(dict.fromkeys(one.framework for one in self.like))


@dataclass(eq=False, repr=False)
class Loss(Declared):
    """A loss: a row-local function of (y_true, y_pred) that gives one number for each sample.

    ``finish`` is what happens to a mean of it (the root in ``rmse``); ``symmetric`` says that swapping the inputs
    changes nothing; ``weighted`` that the function takes the weight of each row as ``weight``, and the rows then count
    alike in the mean; ``for_rows`` names the loss that is meant where frameworks use one name for both and the
    prediction is a row (``log_loss``).
    """

    symmetric: bool = False
    finish: Callable[[float], float] | None = None
    weighted: bool = False
    for_rows: str = ""


@dataclass(eq=False, repr=False)
class Score(Declared):
    """A number that is no mean over rows: R², F1, AUC.

    The function gives a state of some rows, ``(y_true, y_pred, weight, *, parameters)``; states are joined by ``+``,
    and ``result()`` is the score. ``higher`` says whether more is better; ``grouped`` that the function takes the
    groups (queries) of the rows as a fourth argument.
    """

    higher: bool = True
    grouped: bool = False


@dataclass(eq=False, repr=False)
class Penalty(Declared):
    """What a model's weights cost: a function of the weights that gives each one's part; the penalty is their sum."""
