"""What a report says of how it was made, made into a command again.

A report is data and may come from anyone: it names a command that computes and options of that command, all of them
checked before any is used. It cannot run code, write files or fetch anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from inspect import Parameter
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from losscli.cli import stderr
from losscli.cli.recorded import BY_THE_WAY, RANKED
from losscli.cli.settings import Settings, option
from losscli.errors import DataError, UsageError, did_you_mean
from losscli.registry import REFERENCE

REMOTE = "://"
SHOWN: Mapping[str, Any] = {
    "format": "json", "output": None, "color": "never", "quiet": True, "verbose": False, "precision": None,
}  # fmt: skip
"""How the report is written anew, to be compared."""


class Inputs:
    """The ``inputs`` of a report.

    Args:
        path: the report, for messages.
        document: what it holds.
        allowed: losses of the user's own whose code may run.

    Raises:
        DataError: it does not say how it was made.
    """

    def __init__(self, path: str, document: Mapping[str, Any], allowed: Collection[str]) -> None:
        self._path, self._allowed = path, allowed
        inputs = document.get("inputs")
        if not isinstance(inputs, dict) or str(inputs.get("command")) not in COMMANDS:
            raise self._strange("they do not say how it was made")
        self._inputs: dict[str, Any] = inputs
        self._summary = "samples" not in document

    def command(self, files: list[str] | None) -> Callable[[], int]:
        """Return what computes the report again, from these files if there are any.

        Raises:
            DataError: what no command of losscli takes, code that was not allowed, an address on the net.
            UsageError: files for several checks.
        """
        return COMMANDS[self._inputs["command"]](self, files)

    def computing(self, files: list[str] | None) -> Callable[[], int]:
        """Return a command that computes losses."""
        from losscli.cli import app  # noqa: PLC0415  which imports this module when it is asked for

        command = self._inputs["command"]
        if command not in app.COMMANDS:
            raise self._strange(f"there is no command {command} here")
        function, parameters = app.COMMANDS[command][1]()
        given = {name: value for name, value in self._inputs.items() if name != "command"}
        found = self._checked(given, {option(one.name): one for one in parameters}, files)
        shown = {**SHOWN, "summary": self._summary}
        return partial(function, **{**found, **{name: shown[name] for name in shown if name in found}})

    def checking(self, files: list[str] | None) -> Callable[[], int]:
        """Return the run of the checks."""
        from losscli.cli import check, options  # noqa: PLC0415  only for reports of checks

        checks = self._inputs.get("checks")
        if not isinstance(checks, list) or not checks or not all(isinstance(one, dict) for one in checks):
            raise self._strange("checks is no list of checks")
        if files and len(checks) > 1:
            raise UsageError(f"{self._path} holds {len(checks)} checks, each of its own files", "leave FILES out")
        parameters = {option(one.name): one for one in options.parameters(*check.IN_FILE)}
        shown = {**SHOWN, "exit_zero": False, "summary": True, "rows": 0, "worst": None}
        chosen = [self._check(one, parameters, files) for one in checks]
        return partial(check.judge, chosen, shown, stderr.Notes(quiet=True, verbose=False))

    def _check(self, recorded: Mapping[str, Any], known: Mapping[str, Parameter], files: list[str] | None) -> Settings:
        name = recorded.get("name")
        if not isinstance(name, str | NoneType):
            raise self._strange("the name of a check is no text")
        given = {key: value for key, value in recorded.items() if key != "name"}
        found = self._checked(given, known, files)
        return Settings(name, {option(key): value for key, value in found.items()}, {})

    def _checked(
        self, given: Mapping[str, object], known: Mapping[str, Parameter], files: list[str] | None
    ) -> dict[str, Any]:
        """Return every option by its name in Python, as given or as usual."""
        for name, value in given.items():
            asked = name in known and (name not in BY_THE_WAY or name in RANKED)
            if not asked or not fits(known[name].annotation, value):
                near = did_you_mean(name, list(known)) if name not in known else ""
                raise self._strange(f"{name} cannot be {json.dumps(value)[:80]}", near)
        for text in _texts({**given, "files": None} if files else given):
            self._harmless(text)
        given = {**given, "files": files} if files else given
        missing = [name for name, one in known.items() if one.default is Parameter.empty and name not in given]
        if missing:
            raise self._strange(f"{missing[0]} is not there")
        return {one.name: given.get(name, one.default) for name, one in known.items()}

    def _harmless(self, text: str) -> None:
        """Raise DataError for what would run code that the report names, or fetch what it names."""
        named = any(text == own or text.startswith((f"{own}=", f"{own}@")) for own in self._allowed)
        if REFERENCE in text and not named:
            hint = f"to let it run: losscli verify -l {text} {self._path}"
            raise DataError(f"{self._path} asks for code of your own: {text}", hint)
        if REMOTE in text:
            hint = f"losscli verify {self._path} FILES"
            raise DataError(f"{self._path} asks for {text}, which is fetched only if you name it", hint)

    def _strange(self, what: str, hint: str | None = "") -> DataError:
        again = "only what a report says in its inputs can be computed again: write it anew with this losscli"
        return DataError(f"{self._path}: inputs: {what}", hint or again)


COMMANDS: Mapping[str, Callable[[Inputs, list[str] | None], Callable[[], int]]] = {
    "eval": Inputs.computing,
    "expr": Inputs.computing,
    "compare": Inputs.computing,
    "check": Inputs.checking,
}
"""The commands that a report may name, all of which compute and nothing else."""


def fits(annotation: Any, value: object) -> bool:  # noqa: ANN401  what typer reads
    """Whether a JSON value is what an option of this annotation may hold.

    >>> fits(Annotated[list[str] | None, "help"], ["a"]), fits(Annotated[Literal[".", ","], "help"], ";")
    (True, False)
    """
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    options = get_args(kind) if get_origin(kind) not in (list, Literal, None) else (kind,)
    return any(_FITS.get(get_origin(one) or one, _never)(one, value) for one in options)


_FITS: dict[Any, Callable[[Any, object], bool]] = {
    list: lambda kind, value: isinstance(value, list) and all(fits(get_args(kind)[0], one) for one in value),
    Literal: lambda kind, value: isinstance(value, str) and value in get_args(kind),
    NoneType: lambda _, value: value is None,
    str: lambda _, value: isinstance(value, str),
    bool: lambda _, value: isinstance(value, bool),
    int: lambda _, value: isinstance(value, int) and not isinstance(value, bool),
    float: lambda _, value: isinstance(value, int | float) and not isinstance(value, bool),
}


def _never(_: object, __: object) -> bool:
    return False


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
