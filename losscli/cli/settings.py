"""What is in force: flags beat the environment (``LOSSCLI_*``), which beats the file, which beats the defaults."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, Literal, get_args, get_origin

from losscli.config import Config, Kind
from losscli.errors import UsageError, did_you_mean
from losscli.sources.streams import EXPANSION

PREFIX = "LOSSCLI_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of one check, named if it stands in a file, and where each of them was set."""

    name: str | None
    options: dict[str, Any]
    origins: dict[str, str]

    def values(self) -> dict[str, Any]:
        """Return the options by their names in Python."""
        return {"from_" if key == "from" else key.replace("-", "_"): value for key, value in self.options.items()}

    def shown(self) -> str:
        """Return what is in force as TOML, with the origin of each option beside it."""
        lines = [
            (f"{key} = {_toml(value)}", self.origins[key])
            for key, value in self.options.items()
            if value is not None and not (value is False and self.origins[key] == "default")
        ]
        width = min(max((len(line) for line, _ in lines), default=0), 60)
        head = [f"[checks.{_key(self.name)}]"] if self.name is not None else []
        return "\n".join([*head, *(f"{line:<{width}}  # {origin}" for line, origin in lines), ""])


def option(name: str) -> str:
    """Return the long name of an option by its name in Python.

    >>> option("max_worse"), option("from_")
    ('max-worse', 'from')
    """
    return name.strip("_").replace("_", "-")


def kinds(parameters: Sequence[Parameter]) -> dict[str, Kind]:
    """Return what each option takes, by its long name."""
    return {option(one.name): _kind(one) for one in parameters}


def _kind(one: Parameter) -> Kind:
    annotation, info = get_args(one.annotation)[:2]
    inner = next((kind for kind in get_args(annotation) if kind is not type(None)), annotation)
    plain = annotation if get_origin(annotation) in (list, Literal) else inner
    if get_origin(plain) is Literal:
        return Kind(str, get_args(plain))
    return Kind(list if get_origin(plain) is list else plain, least=info.min)


def environment(known: Mapping[str, Kind]) -> dict[str, object]:
    """Return the options that the environment sets. Raises UsageError for a value that an option does not take."""
    there = {key: text for key in known if (text := os.environ.get(variable(key)))}
    return {key: known[key].read(text, variable(key)) for key, text in there.items()}


def strangers(known: Mapping[str, Kind]) -> list[str]:
    """Say which variables of the environment look like an option and are none."""
    names = [*(variable(key) for key in known), EXPANSION]
    others = [name for name in os.environ if name.startswith(PREFIX) and name not in names]
    return [f"{name} in the environment is no option: {near}" for name in others if (near := did_you_mean(name, names))]


def variable(key: str) -> str:
    """Return the variable of the environment that sets an option.

    >>> variable("max-worse")
    'LOSSCLI_MAX_WORSE'
    """
    return PREFIX + key.upper().replace("-", "_")


def in_force(
    typed: Mapping[str, object], said: Mapping[str, object], config: Config | None, defaults: Mapping[str, object]
) -> list[Settings]:
    """Return the options of every check that is to be run, by their long names.

    ``typed`` are the options that stand on the command line, ``said`` those of the environment. What is checked are
    the FILES; or the checks of the file that are named in their place; or, without files, values and gates, all checks
    of the file.
    """
    names = _names(typed, config)
    given = {key: value for key, value in typed.items() if key != "files" or not names}
    chosen: Sequence[str | None] = names or [None]
    return [_settings(name, given, said, config, defaults) for name in chosen]


def _settings(
    name: str | None,
    given: Mapping[str, object],
    said: Mapping[str, object],
    config: Config | None,
    defaults: Mapping[str, object],
) -> Settings:
    """Return each option from the first layer that has it, and the name of that layer's place."""
    file: Mapping[str, object] = {} if config is None else config.shared if name is None else config.of(name)
    origins = dict.fromkeys(defaults, "default")
    if config:
        origins |= {key: config.place(name, key) for key in file}
    origins |= {key: variable(key) for key in said} | {key: "FILES" if key == "files" else f"--{key}" for key in given}
    return Settings(name, {**defaults, **file, **said, **given}, origins)


def _names(typed: Mapping[str, object], config: Config | None) -> list[str]:
    """Return the checks of the file that are to be run; none if data is named, or gates for what stdin brings.

    What is the name both of a check and of a file is the file if there are gates for it.
    """
    checks = config.checks if config else {}
    files, gates = typed.get("files"), typed.keys() & {"max", "min", "max-worse"}
    if isinstance(files, list) and files:
        unknown = [one for one in files if one not in checks or (gates and os.path.exists(one))]  # noqa: PTH110  pathlib costs start-up
        if not unknown:
            return list(dict.fromkeys(files))
        if len(unknown) < len(files):
            raise UsageError(
                f"{unknown[0]!r} is no check of {config.path if config else 'a file'}", "name checks, or files"
            )
        lost = next((one for one in unknown if not os.path.exists(one) and did_you_mean(one, list(checks))), None)  # noqa: PTH110  as above
        if lost:
            raise UsageError(f"there is neither a file nor a check {lost!r}", did_you_mean(lost, list(checks)))
        return []
    return [] if gates or typed.keys() & {"true", "pred"} else list(checks)


def _toml(value: object) -> str:
    """Write a value as TOML; JSON writes texts, lists, numbers and truth values alike."""
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    plain = name and all(mark.isascii() and (mark.isalnum() or mark in "-_") for mark in name)
    return name if plain else _toml(name)
