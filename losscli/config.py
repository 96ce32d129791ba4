"""Checks that live in a file: ``losscli.toml``, or ``[tool.losscli]`` of ``pyproject.toml``.

``[checks.NAME]`` holds the options of ``losscli check`` by their long names; what stands outside of any check holds for
all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from losscli.errors import DataError, UsageError, did_you_mean
from losscli.registry import REFERENCE
from losscli.spec import FALSE, TRUE

FILE, PROJECT = "losscli.toml", "pyproject.toml"
PATHS = ("files", "truth", "baseline", "baseline-pred", "train")
"""The options that name files, relative to the file that they stand in."""

Options = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an option takes: ``type`` is bool, int, float, str or list (of texts).

    ``choices`` are the words that it may be, ``least`` the smallest number.
    """

    type: type
    choices: Sequence[str] = ()
    least: float | None = None

    def taken(self, value: object, place: str) -> object:
        """Return a value from a file as the option has it. Raises UsageError naming the ``place`` if it is none."""
        found = _TAKEN[self.type](value)
        if found is None or not self._fits(found):
            expected = f"one of {', '.join(self.choices)}" if self.choices else _EXPECTED[self.type]
            expected += "" if self.least is None else f" from {self.least} up"
            near = did_you_mean(str(value), list(self.choices))
            raise UsageError(f"{place}: expected {expected}, received {value!r}", near or "losscli check --help")
        return found

    def read(self, text: str, place: str) -> object:
        """Return the value that a text stands for; a list has spaces between its parts. Raises UsageError as above."""
        try:
            value = _READ[self.type](text)
        except (KeyError, ValueError):
            value = None
        return self.taken(text if value is None else value, place)

    def _fits(self, value: object) -> bool:
        if self.choices:
            return value in self.choices
        return self.least is None or not isinstance(value, int | float) or value >= self.least


@dataclass(frozen=True, slots=True)
class Config:
    """The checks of one file: ``shared`` holds for all of them, ``checks`` are the options of each by name."""

    path: str
    shared: Options
    checks: Mapping[str, Options]

    def of(self, name: str) -> Options:
        """Return the options of a check, its own before the shared ones."""
        return {**self.shared, **self.checks[name]}

    def place(self, name: str | None, option: str) -> str:
        """Name the place where an option of a check is set, or of what is no check of the file (None)."""
        table = "tool.losscli" if os.path.basename(self.path) == PROJECT else ""  # noqa: PTH119  pathlib costs start-up
        own = f"checks.{name}" if name is not None and option in self.checks[name] else ""
        inside = ".".join(filter(None, [table, own]))
        return f"{self.path} [{inside}]" if inside else self.path


def find(kinds: Mapping[str, Kind], folder: str = ".") -> Config | None:
    """Return the checks of the nearest file, here or in a folder above; None if there is none.

    A folder's ``losscli.toml`` comes before its ``pyproject.toml``, which counts if it has a table ``tool.losscli``.

    Raises:
        DataError: a file that cannot be read, or is no TOML.
        UsageError: an unknown key, a value that its option does not take, or that names code of the user's own.
    """
    for path in _candidates(os.path.abspath(folder)):  # noqa: PTH100  pathlib costs start-up
        if os.path.isfile(path):  # noqa: PTH113  as above
            document = _read(path)
            if os.path.basename(path) == FILE:  # noqa: PTH119  as above
                return _config(path, document, kinds)
            tools = document.get("tool")
            if isinstance(tools, dict) and "losscli" in tools:
                return _config(path, tools["losscli"], kinds)
    return None


def _candidates(folder: str) -> Iterator[str]:
    """Yield the paths that may be, nearest first."""
    while True:
        yield from (os.path.join(folder, name) for name in (FILE, PROJECT))  # noqa: PTH118  as above
        above = os.path.dirname(folder)  # noqa: PTH120  as above
        if above == folder:
            return
        folder = above


def _read(path: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415  only where there is such a file

    try:
        with open(path, "rb") as file:  # noqa: PTH123  pathlib costs start-up
            return tomllib.load(file)
    except OSError as error:
        raise DataError(f"{path}: {(error.strerror or str(error)).lower()}", "look at its permissions") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no TOML: {error}", "losscli check --show-config tells what is read") from error


def _config(path: str, table: object, kinds: Mapping[str, Kind]) -> Config:
    shown = os.path.relpath(path)
    if not isinstance(table, dict):
        raise UsageError(f"{shown}: losscli is no table", "[tool.losscli.checks.NAME]")
    checks = table.get("checks", {})
    if not isinstance(checks, dict):
        raise UsageError(f"{shown}: checks is no table", '[checks.NAME] with files = ["preds.csv"]')
    shared = _options(shown, "", {key: value for key, value in table.items() if key != "checks"}, kinds, ["checks"])
    return Config(shown, shared, {name: _options(shown, f"checks.{name}", one, kinds) for name, one in checks.items()})


def _options(path: str, where: str, table: object, kinds: Mapping[str, Kind], others: Sequence[str] = ()) -> Options:
    """Return the options of a table as the command line has them. Raises UsageError for an unknown key or a value."""
    place = f"{path} [{where}]" if where else path
    if not isinstance(table, dict):
        raise UsageError(f"{place} is no table", '[checks.NAME] with files = ["preds.csv"]')
    found = {}
    for key, value in table.items():
        if key not in kinds:
            known = [*kinds, *others]
            raise UsageError(f"{place}: unknown key {key!r}", did_you_mean(key, known) or f"one of {', '.join(known)}")
        taken = kinds[key].taken(value, f"{place}: {key}")
        found[key] = _beside(path, taken) if key in PATHS else _without_code(taken, key, place)
    return found


def _without_code(value: object, key: str, place: str) -> object:
    """Return a value. Raises UsageError if it would run Python: a file that lies in some folder must not."""
    named = next((one for one in (value if isinstance(value, list) else [value]) if REFERENCE in str(one)), None)
    if named is not None:
        raise UsageError(
            f"{place}: {key} asks for code of your own: {named}", f"only the command line may: --{key} {named}"
        )
    return value


def _beside(path: str, value: object) -> object:
    """Return paths that are relative to the file ``path`` as paths from here; stdin and URLs stay as they are."""
    if isinstance(value, list):
        return [_beside(path, one) for one in value]
    text = str(value)
    return text if text == "-" or "://" in text else os.path.join(os.path.dirname(path), text)  # noqa: PTH118, PTH120  as above


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    """Return a text or a number as text, a list with commas between its parts, or a table as ``a=1,b=3``."""
    parts = _texts(value)
    return None if parts is None else ",".join(parts)


def _texts(value: object) -> list[str] | None:
    """Return a list of texts or numbers, a single one as a list, or a table as ``["a=1", "b=3"]``."""
    table = value if isinstance(value, dict) else {}
    parts = list(table.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in parts):
        return None
    return [f"{key}={one}" for key, one in table.items()] or list(map(str, parts))


_TAKEN: dict[type, Callable[[object], object]] = {
    bool: lambda value: value if isinstance(value, bool) else None,
    int: lambda value: value if isinstance(value, int) and not isinstance(value, bool) else None,
    float: _number,
    str: _text,
    list: _texts,
}
_EXPECTED: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list of texts, or a table such as { mse = 0.3 }",
}
_READ: dict[type, Callable[[str], object]] = {
    bool: lambda text: {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}[text.lower()],
    int: int,
    float: float,
    str: str,
    list: str.split,
}
