"""``list`` and ``show``: what the registry knows, for people and for programs.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import json
import sys
from collections.abc import Callable, Iterable
from textwrap import fill, indent
from typing import Annotated, Any, Literal

import typer

from losscli.cli.stderr import Notes
from losscli.conventions import CONVENTIONS
from losscli.domain import Domain, When
from losscli.errors import UsageError, did_you_mean
from losscli.registry import Declared, Loss, Param, Penalty, Score, all_names, everything, find, split
from losscli.spec import as_text

WIDTH = 80


def _families(incomplete: str) -> list[str]:
    return [name for name in dict.fromkeys(one.family for one in everything()) if name.startswith(incomplete)]


def _frameworks(incomplete: str) -> list[str]:
    return [name for name in CONVENTIONS if name.startswith(incomplete)]


def names_starting_with(incomplete: str) -> list[str]:
    """Complete the name of a loss."""
    return [name for name in all_names() if name.startswith(incomplete)]


class Filter:
    """What is listed."""

    family: Annotated[str | None, typer.Option(metavar="NAME", help="Only this family.", autocompletion=_families)] = (
        None
    )
    framework: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only what this framework has.", autocompletion=_frameworks)
    ] = None
    format: Annotated[Literal["table", "json", "markdown"], typer.Option("--format", "-f", help="Format.")] = "table"


class Named:
    """What is shown."""

    loss: Annotated[
        str, typer.Argument(metavar="LOSS", help="Any name of a loss.", autocompletion=names_starting_with)
    ] = ...  # type: ignore[assignment]  # typer's way to say: required
    format: Annotated[Literal["text", "json"], typer.Option("--format", "-f", help="Format.")] = "text"


def list_losses(*, family: str | None, framework: str | None, format: str) -> None:  # noqa: A002  the option's name
    """Print the catalogue, with the losses of installed packages."""
    from losscli.plugins import discover  # noqa: PLC0415  packages are searched for the list only

    for trouble in discover():
        Notes(quiet=False, verbose=False).say(trouble)
    families = list(dict.fromkeys(one.family for one in everything()))
    for asked, known, what in ((family, families, "family"), (framework, list(CONVENTIONS), "framework")):
        if asked is not None and asked not in known:
            raise UsageError(
                f"no {what} is called {asked!r}", did_you_mean(asked, known) or f"there are {', '.join(known)}"
            )
    chosen: list[Declared] = [
        one
        for one in everything()
        if family in (None, one.family) and (framework is None or framework in one.frameworks())
    ]
    sys.stdout.write(_LISTS[format](chosen))


def show_loss(*, loss: str, format: str, plot: bool, output: list[str] | None) -> None:  # noqa: A002  the option's name
    """Print all about one loss, or draw it."""
    if plot or output:
        from losscli.cli.picturing import draw_shape  # noqa: PLC0415  only where a picture is wanted

        draw_shape(loss, plot=plot, output=output)
        return
    one, _, _ = find(split(loss)[0])
    sys.stdout.write(_SHOWN[format](one))


def described(one: Declared) -> dict[str, object]:
    """Return everything about a loss as plain data."""
    return {
        "name": one.name,
        "family": one.family,
        "summary": one.doc.summary,
        "formula": one.doc.formula,
        "notes": one.doc.prose,
        "y_true": _domain(one.true),
        "y_pred": _domain(one.pred),
        **({"symmetric": one.symmetric} if isinstance(one, Loss) else {}),
        **({"higher_is_better": one.higher} if isinstance(one, Score) else {}),
        "parameters": [
            {"name": name, "help": param.help, "type": _type(param), "default": _plain(param), "bounds": param.bounds}
            for name, param in one.params.items()
        ],
        "aliases": list(one.aliases),
        "frameworks": [
            {
                "framework": twin.framework,
                "paths": list(twin.paths),
                "sets": {name: None if value is ... else value for name, value in twin.params.items()},
                **({"takes_only": narrow} if (narrow := _narrow(twin)) else {}),
                "takes": dict(twin.takes),
                "reduction": twin.reduction or CONVENTIONS[twin.framework].reduction,
                "note": twin.note,
            }
            for twin in one.like
        ],
        "source": one.doc.source,
    }


def _table(losses: Iterable[Declared]) -> str:
    """Return the names and claims by family, fit for 80 columns."""
    chosen = list(losses)
    width = max((len(one.name) for one in chosen), default=0) + 2
    lines: list[str] = []
    for title in dict.fromkeys(one.family_title for one in chosen):
        lines += [*([""] if lines else []), title]
        lines += [
            fill(one.doc.summary, WIDTH, initial_indent=f"  {one.name:<{width}}", subsequent_indent=" " * (width + 2))
            for one in chosen
            if one.family_title == title
        ]
    return "\n".join([*lines, ""]) if lines else ""


def _markdown(chosen: list[Declared]) -> str:
    """Return a table for each family, as the README holds them; the parameters, which ``show`` tells, would not fit."""
    lines: list[str] = []
    for title in dict.fromkeys(one.family_title for one in chosen):
        family = [one for one in chosen if one.family_title == title]
        lines += [f"**{title}**", "", f"| {type(family[0]).__name__.lower()} | what it is | frameworks |"]
        lines += ["| --- | --- | --- |"]
        lines += [f"| `{one.name}` | {one.doc.summary} | {', '.join(one.frameworks())} |" for one in family]
        lines += [""]
    return "\n".join(lines)


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


_LISTS: dict[str, Callable[[list[Declared]], str]] = {
    "table": _table,
    "markdown": _markdown,
    "json": lambda chosen: _json(
        {"schema": 1}
        | {
            name: [described(one) for one in chosen if isinstance(one, kind)]
            for name, kind in (("losses", Loss), ("scores", Score), ("penalties", Penalty))
        }
    ),
}


def _text(one: Declared) -> str:
    """Return one loss in full, for people."""
    doc = one.doc
    sections = [
        f"{one.name}: {doc.summary}",
        indent(doc.formula, "    "),
        *(fill(paragraph, WIDTH) for paragraph in doc.prose.split("\n\n") if paragraph),
        f"y_true: {_domain(one.true)}\ny_pred: {_domain(one.pred)}",
        _titled("parameters", [_parameter(name, param) for name, param in one.params.items()]),
        _titled("other names", [", ".join(one.aliases)] if one.aliases else []),
        _titled("frameworks", [line for twin in one.like for line in _twin(twin)]),
        _titled("example", _run(one).split("\n") if one.doc.example else []),
        _titled("the mean of the example, by framework", _numbers(one)),
        f"source: {doc.source}" if doc.source else "",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _titled(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    wrapped = [
        line if ">>>" in title else fill(line, WIDTH, initial_indent="  ", subsequent_indent="      ") for line in lines
    ]
    return "\n".join([f"{title}:", *wrapped])


def _parameter(name: str, param: Param) -> str:
    facts = [
        _type(param),
        *([param.bounds] if param.bounds else []),
        "required" if param.default is ... else f"default {_said(param.default)}",
    ]
    return f"{name}: {param.help} ({', '.join(facts)})"


def _twin(twin: Any) -> list[str]:  # noqa: ANN401  a Like
    sets = ", ".join(f"{name}={_said(value)}" for name, value in twin.params.items())
    narrow = _narrow(twin)
    paths = f"{twin.framework}: {' '.join(twin.paths)}{f' ({sets})' if sets else ''}"
    return [". ".join([paths, *([f"takes only {narrow}"] if narrow else []), *([twin.note] if twin.note else [])])]


def _narrow(twin: Any) -> str:  # noqa: ANN401  as above
    """Say what a framework takes that takes less than the loss."""
    sides = [f"{part}: {_domain(domain)}" for part, domain in (("y_true", twin.true), ("y_pred", twin.pred)) if domain]
    return " · ".join([*sides, *(f"{name}: {said}" for name, (_, said) in twin.allows.items())])


def _run(one: Declared) -> str:
    """Run the docstring's example now, and return it with what it gives; a user's own stays as it is written."""
    if not _ours(one):
        return one.doc.example
    return "\n".join(line for source, value in _examples(one, one.function) for line in (f">>> {source}", repr(value)))


def _ours(one: Declared) -> bool:
    """Tell whether losscli wrote it, so that its example names nothing but itself."""
    return bool(one.function.__module__.startswith("losscli."))


def _examples(one: Declared, function: Callable[..., object]) -> list[tuple[str, object]]:
    """Run the docstring's examples with a function under the name of the loss; return each with its value."""
    from doctest import DocTestParser  # noqa: PLC0415  only show runs examples

    from numpy import array, inf, nan  # noqa: PLC0415  the names that examples use

    names = {"array": array, "nan": nan, "inf": inf, one.function.__name__: function}
    sources = [example.source.rstrip() for example in DocTestParser().get_examples(one.doc.example)]
    return [(source, eval(source, names)) for source in sources]  # noqa: S307  our own docstring, not data


def _numbers(one: Declared) -> list[str]:
    """Return every framework's number on the docstring's example."""
    from losscli.batch import Batch  # noqa: PLC0415  only show computes
    from losscli.explain import explain  # noqa: PLC0415  as above

    if not isinstance(one, Loss) or not one.like or not _ours(one):
        return []
    calls: list[tuple[Any, Any, dict[str, Any]]] = []
    _examples(one, lambda true, pred, **params: calls.append((true, pred, params)))
    true, pred, params = calls[0]
    found = explain(one.name, params, [Batch.of(true, pred)], "error")
    width = max(len(each.name) for each in found)
    return [f"{each.name:<{width}}  {each.why if each.value is None else repr(each.value)}" for each in found]


_SHOWN: dict[str, Callable[[Declared], str]] = {
    "text": _text,
    "json": lambda one: _json({"schema": 1, **described(one), "example": _run(one)}),
}


def _domain(domain: Domain | When) -> str:
    if isinstance(domain, When):
        return f"{_domain(domain.otherwise)}; with {domain.condition or domain.param}, {_domain(domain.then)}"
    return f"{domain.text}: {', '.join(domain.columns)}" if domain.columns else domain.text


def _type(param: Param) -> str:
    return str(getattr(param.type, "__name__", param.type)).replace(" | None", ", or none")


def _plain(param: Param) -> object:
    return None if param.default is ... else param.default


def _said(value: object) -> str:
    """Write a value as a SPEC does."""
    return "required" if value is ... else as_text(value)
