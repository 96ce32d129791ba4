"""SPEC, the one written form of a loss with its parameters, and ``bind``, the one place where parameters are resolved.

``name[:param=value[,param=value…]]``: a bare parameter is a flag, a list is separated by ``/``. What is printed is what
is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from losscli.conventions import CONVENTIONS
from losscli.errors import UsageError, did_you_mean
from losscli.registry import PATHS, Declared, Like, Loss, Param, find, folded, split

TRUE, FALSE = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


@dataclass(eq=False, repr=False)
class Bound:
    """A loss with every parameter resolved.

    ``spec`` is how it is printed and accepted; ``params`` holds every parameter; ``like`` is the framework whose number
    it gives, or None, and ``path`` that framework's name for it; ``reduction`` is what that framework calls its mean
    (``mean`` for the textbook), ``rows_reduction`` the same where the truth is rows, ``elements`` where a row holds
    several values that the framework reduces, and ``vectors`` where it takes weights beside arrays of shape (n,), if
    that differs; ``one_class`` are the parameters as the framework has them where one class alone occurs; ``rows`` is
    what the same name means for rows of predictions, if that is another loss.
    """

    loss: Declared
    spec: str
    params: Mapping[str, object]
    like: str | None = None
    reduction: str = "mean"
    note: str = ""
    path: str = ""
    rows_reduction: str = ""
    given: Mapping[str, object] = field(default_factory=dict)
    rows: Bound | None = None
    elements: str = ""
    vectors: str = ""
    one_class: Mapping[str, object] = field(default_factory=dict)

    def suited(self, *, rows: bool) -> Bound:
        """Return the loss that the name means for these predictions: rows of them, or single ones."""
        return self.rows if self.rows and rows else self

    def param(self, role: str) -> tuple[Param, Any] | None:
        """Return the parameter with this role and its value, if the loss has one and it is set."""
        found = ((param, self.params[name]) for name, param in self.loss.params.items() if param.role == role)
        return next(((param, value) for param, value in found if value is not None), None)


def parse(spec: str) -> tuple[str, dict[str, str]]:
    """Split a SPEC into its name and its parameters, as text.

    >>> parse("focal:gamma=2,alpha=0.25")
    ('focal', {'gamma': '2', 'alpha': '0.25'})
    >>> parse("bce:from_logits")
    ('bce', {'from_logits': 'true'})
    """
    name, rest = split(spec.strip())
    pairs = (one.partition("=") for one in rest.split(",") if one.strip())
    params: dict[str, str] = {}
    for key, equals, value in pairs:
        known = key.strip().replace("-", "_")
        if known in params and known.isidentifier():  # a number is no name: bind says what it is
            raise UsageError(f"{spec}: {known} is given twice", "give each parameter once")
        params[known] = value.strip() if equals else "true"
    return name.strip(), params


def written(name: str, params: Mapping[str, object]) -> str:
    """Write a name and its parameters as a SPEC: the inverse of ``parse``.

    >>> written("ce", {"from_logits": True, "class_weight": (1.0, 3.0, 0.5)})
    'ce:from_logits,class_weight=1/3/0.5'
    >>> written("keras.losses.Tversky:axis=1", {"alpha": 2})
    'keras.losses.Tversky:axis=1,alpha=2'
    """
    said = [key if value is True else f"{key}={as_text(value)}" for key, value in params.items()]
    return f"{name}{',' if split(name)[1] else ':'}{','.join(said)}" if said else name


def bind(
    spec: str | Declared,
    *,
    like: str | None = None,
    given: Mapping[str, object] | None = None,
    defaults: Mapping[str, object] = {},
) -> Bound:
    """Resolve a SPEC to a loss with all its parameters: explicit ones beat the convention, which beats the defaults.

    Args:
        spec: ``name[:param=value,…]``; a framework path implies that framework. Or a loss that has no name to find.
        like: the framework asked for by ``--like``.
        given: further explicit parameters (options of the loss's own command, keywords of ``evaluate``).
        defaults: values (``--class-weight`` mapped to class order) for those parameters that the loss has.

    Raises:
        UsageError: unknown loss, parameter or framework; a value of the wrong type or out of bounds.
    """
    name, explicit_text = (spec.name, {}) if isinstance(spec, Declared) else parse(spec)
    one, twin, implied = (spec, None, "") if isinstance(spec, Declared) else find(name)
    if not all(map(str.isidentifier, explicit_text)):
        from losscli.dialect import refuse_commas  # noqa: PLC0415  only for what is no name

        refuse_commas(str(spec), one, twin, explicit_text)
    typed: dict[str, object] = {**parse(f":{implied}")[1], **explicit_text, **(given or {})}
    if twin and (fixed := next((key for key in typed if _longer(name, key, typed) in PATHS), None)):
        name = _longer(name, fixed, typed)
        one, twin = PATHS[name]
        del typed[fixed]
    bound = _resolved(one, twin, name, typed, like=like, defaults=defaults)
    if not isinstance(one, Loss) or not one.for_rows or (name == one.name and not like):
        return bound
    from losscli.dialect import names  # noqa: PLC0415  as below

    other = find(one.for_rows)[0]
    # only a framework, never a mere alias, makes a score of a loss: scikit-learn's RMSE of rows is one, Keras' is not
    called = name if isinstance(other, Loss) else bound.path
    if called == one.name:
        return bound
    namesakes = [each for each in other.like for path in each.paths if folded(called) in (folded(path), _last(path))]
    if not namesakes or not set(typed) <= (names(namesakes[0]) if twin else other.params.keys()):
        return bound
    return replace(
        bound, rows=_resolved(other, namesakes[0] if twin else None, name, typed, like=like, defaults=defaults)
    )


def _longer(path: str, key: str, typed: Mapping[str, object]) -> str:
    """Return the path of what a framework's parameter makes another loss (``keras.losses.Dice:axis=1``)."""
    return f"{path}:{key}={as_text(typed[key])}"


def _last(path: str) -> str:
    return folded(path.rpartition(".")[2])


def _resolved(
    one: Declared,
    twin: Like | None,
    name: str,
    typed: Mapping[str, object],
    *,
    like: str | None,
    defaults: Mapping[str, object],
) -> Bound:
    """Return a loss bound to what was typed, to the twin's parameters and to the defaults, in this order."""
    meant: Mapping[str, object] = {}
    asked = ""
    if twin is None:
        explicit = {key: convert(one, _param(one, key), value) for key, value in typed.items()}
        twin = _twin(one, like, explicit) if like else None
        shown = written(one.name, explicit)
    else:
        if like and like != twin.framework:
            raise UsageError(f"{name} is {twin.framework}'s, but --like {like} was asked for", "leave --like out")
        from losscli.dialect import read  # noqa: PLC0415  only where a framework's path was typed

        said = read(name, twin, one.name, {key: as_text(typed[key]) for key in typed if key not in twin.takes})
        meant, asked = said.params, said.reduction
        taken = {key: twin.takes[key] for key in typed if key in twin.takes}
        explicit = {ours: convert(one, one.params[ours], typed[key]) for key, ours in taken.items()}
        shown = written(name, {**{key: explicit[ours] for key, ours in taken.items()}, **said.words})
    plain = {key: param.default for key, param in one.params.items()}
    plain |= {key: value for key, value in defaults.items() if key in plain}
    params = {**plain, **(twin.params if twin else {}), **meant, **explicit}
    for key, param in one.params.items():
        if params[key] is ...:
            start = "--train history.csv, or " if param.naive else "for example "
            raise UsageError(f"{one.name} needs {key}: {param.help}", f"{start}{one.name}:{key}=…")
    if twin is None:
        return Bound(one, shown, params, given=explicit)
    one, convention = twin.narrow(one, params), CONVENTIONS[twin.framework]
    reduction = asked or twin.reduction or convention.reduction
    # a metric's own mean averages the elements of a row before it weighs them
    elements = "" if twin.reduction == "mean" and not asked else convention.elements.get(reduction, "")
    vectors = "" if twin.reduction else convention.vectors.get(reduction, "")
    path = name if name in twin.paths else twin.paths[0]
    by_rows = "" if asked else twin.rows_reduction or ""
    bound = Bound(one, shown, params, twin.framework, reduction, twin.note, path, by_rows, explicit)
    return replace(bound, elements=elements, vectors=vectors, one_class=twin.one_class)


def convert(one: Declared, param: Param, value: object) -> object:
    """Return a parameter's value in its declared type and inside its bounds, whether it came as text or as a value.

    Raises UsageError saying what was expected and what was received.
    """
    kinds = set(get_args(param.type)) if get_origin(param.type) in (Union, UnionType) else {param.type}
    if NoneType in kinds and (value is None or value == "none"):
        return None
    (kind,) = (get_origin(each) or each for each in kinds - {NoneType})
    try:
        result = _PARSERS[kind](value)
    except (TypeError, ValueError, OverflowError):
        result = None
    if result is None or not all(_inside(param, item) for item in (result if isinstance(result, tuple) else (result,))):
        expected = f"{'one of' if param.choices else _EXPECTED[kind]} {param.bounds}".rstrip()
        text = as_text(value)
        way_out = f"write {text.replace(',', '/')}" if kind is tuple and "," in text else param.help
        message = f"{one.name}: {param.name}: expected {expected}, received {text!r}"
        raise UsageError(message, f"{param.name}: {way_out}")
    return result


def _param(one: Declared, key: str) -> Param:
    if key in one.params:
        return one.params[key]
    known = list(one.params)
    way_out = did_you_mean(key, known) or f"it takes {', '.join(known)}"
    raise UsageError(f"{one.name} has no parameter {key!r}", way_out if known else "it takes no parameters")


def _twin(one: Declared, like: str, explicit: Mapping[str, object]) -> Like:
    known = list(CONVENTIONS)
    if like not in known:
        raise UsageError(f"no framework is called {like!r}", did_you_mean(like, known) or _those(known))
    twins = [twin for twin in one.like if twin.framework == like]
    if not twins:
        raise UsageError(f"{like} has no {one.name}", _those(one.frameworks()))
    fits = (twin for twin in twins if all(explicit.get(key, value) == value for key, value in twin.params.items()))
    return next(fits, twins[0])


def _those(frameworks: list[str]) -> str:
    return f"it can be like {', '.join(frameworks)}" if frameworks else "no framework has it: leave --like out"


def _inside(param: Param, value: object) -> bool:
    if isinstance(value, str):
        return not param.choices or value in param.choices
    return (
        isinstance(value, (int, float))
        and isfinite(value)
        and (param.gt is None or value > param.gt)
        and (param.ge is None or value >= param.ge)
        and (param.lt is None or value < param.lt)
        and (param.le is None or value <= param.le)
    )


def _integer(value: object) -> int:
    number = int(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, (int, float)) or int(number) != number:
        raise ValueError
    return int(number)


def _real(value: object) -> float:
    if isinstance(value, bool):
        raise TypeError
    return float(value)  # type: ignore[arg-type]  # what float() cannot take, convert() reports


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in TRUE + FALSE:
        raise ValueError
    return text in TRUE


def _reals(value: object) -> tuple[float, ...]:
    items = value.split("/") if isinstance(value, str) else value
    return tuple(_real(item) for item in items)  # type: ignore[attr-defined]  # as above


def _word(value: object) -> str:
    text = str(value)
    if "," in text or text != text.strip():
        raise ValueError
    return text


_PARSERS: dict[object, Callable[[object], object]] = {
    float: _real, int: _integer, bool: _flag, str: _word, tuple: _reals,
}  # fmt: skip
_EXPECTED: dict[object, str] = {
    float: "a number", int: "a whole number", bool: "true or false", str: "text without a comma",
    tuple: "numbers separated by /",
}  # fmt: skip


def as_text(value: object) -> str:
    """Write one value as it stands in a SPEC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, (tuple, list)):
        return "/".join(map(as_text, value))
    return "none" if value is None else str(value)
