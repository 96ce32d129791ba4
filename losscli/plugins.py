"""Losses that users bring: ``./file.py:function``, and what installed packages register.

Only an explicit reference, or an installed package, runs Python.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from losscli import keywords
from losscli.arrays import Array
from losscli.domains import REAL
from losscli.errors import DataError, LossCliError, UsageError, did_you_mean
from losscli.registry import NAMES, PATHS, REFERENCE, TABLES, Declared, Loss, Penalty, Score, enter, load_all

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "losscli.losses"
"""The entry-point group in which packages name the modules and functions that register losses."""
ANY = replace(REAL, rows=None, width="either")
"""The prediction of a plain function: numbers or rows, beside rows or single numbers."""
RAISED = (Exception, SystemExit)
"""Whatever a user's code may end with, but for the user's own interrupt."""
INPUTS: dict[type[Declared], int] = {Loss: 2, Score: 3, Penalty: 1}
"""How many arrays a function takes before its parameters; a grouped score takes one more."""


class Own:
    """A user's function as losscli calls it: it cannot change its inputs or print into the result.

    ``name`` is what messages call it. Calling it raises DataError for whatever the function raises, naming the line.
    """

    def __init__(self, name: str, function: Callable[..., Any], module: ModuleType, inputs: int) -> None:
        self.name = name
        self.function = function
        self.file = str(module.__file__)
        self.shown = _file_of(name) if REFERENCE in name else self.file
        self.__name__ = name
        self.__module__ = module.__name__
        self.__doc__ = function.__doc__ or "A loss of your own."
        keywords.declare(self, keywords.read(function, inputs))

    def __call__(self, *arrays: Any, **params: Any) -> Any:  # noqa: ANN401  as declared
        """Call the function on arrays that it can only read."""
        try:
            with redirect_stdout(sys.stderr):
                return self.function(*map(_locked, arrays), **params)
        except LossCliError:
            raise
        except RAISED as error:
            raise DataError(self.told(error), f"losscli selftest {self.name} tries it on small data") from error

    def told(self, error: BaseException) -> str:
        """Return what the function raised, with the line of its file."""
        return told(error, self.file, self.shown)


class OwnLoss(Own):
    """A user's loss. Raises DataError for anything but one number for each sample (or for each element of it)."""

    def __call__(self, y_true: Array, y_pred: Array, **params: Any) -> Array:  # noqa: ANN401  as declared
        """Return the losses as float64."""
        result = super().__call__(y_true, y_pred, **params)
        try:
            losses = np.asarray(result)
        except RAISED as error:
            raise DataError(f"{self.name} returned no array: {error}", "return one number for each sample") from error
        if losses.dtype.kind not in "biuf":
            what = type(result).__name__ if losses.dtype.kind == "O" else str(losses.dtype)
            raise DataError(
                f"{self.name} returned {what}, not numbers", "return an array with one loss for each sample"
            )
        if not losses.ndim:
            raise DataError(
                f"{self.name} returned a single number for {len(y_pred)} samples",
                "return one loss for each sample, not their mean: losscli takes it",
            )
        if losses.shape not in {y_pred.shape[:1], y_pred.shape}:
            raise DataError(
                f"{self.name} returned an array of shape {losses.shape} for {len(y_pred)} samples",
                f"return an array of shape ({len(y_pred)},)",
            )
        return losses.astype(np.float64)


def _locked(values: Any) -> Any:  # noqa: ANN401  a score may come without weights
    """Return a view of an array that cannot be written to: other losses read the same memory."""
    if not isinstance(values, np.ndarray):
        return values
    view = values.view()
    view.flags.writeable = False
    return view


def told(error: BaseException, file: str, shown: str) -> str:
    """Return an exception with its place: the last line of the file that it came through."""
    from traceback import walk_tb  # noqa: PLC0415  only once something is wrong

    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    text = str(error)
    if isinstance(error, SyntaxError) and error.filename == file:
        lines, text = [error.lineno or 1], error.msg
    place = f"{shown}, line {lines[-1]}" if lines else shown
    kind = "" if isinstance(error, LossCliError) else type(error).__name__
    return ": ".join(filter(None, (place, kind, text)))


# ── ./file.py:function ───────────────────────────────────────────────────────────────────────────────────────────────


def reference(name: str) -> Declared:
    """Return the loss that ``./file.py:function`` means; the reference is its name.

    A plain function takes any numbers; one with ``@loss`` what it declares.
    Raises UsageError if there is no such file or function, or if the file cannot be run.
    """
    file, path = _file_of(name), Path(_file_of(name)).absolute()
    try:
        source = path.read_bytes()
    except OSError as error:
        near = did_you_mean(path.name, sorted(one.name for one in path.parent.glob("*.py")))
        raise UsageError(f"{file}: {error.strerror}", near or "the path starts in the current folder") from None
    try:
        module, declared = _run(str(path), source)
    except RAISED as error:
        hint = error.hint if isinstance(error, LossCliError) else f"python {file} shows all of it"
        raise UsageError(told(error, str(path), file), hint) from error
    function = _function(module, name)
    try:
        return _own(name, function, module, next((one for one in declared if one.function is function), None))
    except UsageError as error:
        line = getattr(getattr(function, "__code__", None), "co_firstlineno", 1)
        raise UsageError(f"{file}, line {line}: {error.message}", error.hint) from None


def _file_of(name: str) -> str:
    return name.partition(REFERENCE)[0] + REFERENCE[:-1]


def _function(module: ModuleType, name: str) -> Callable[..., Any]:
    file, wanted = _file_of(name), name.partition(REFERENCE)[2]
    found: Callable[..., Any] | None = getattr(module, wanted, None)
    if callable(found):
        return found
    known = [
        one for one, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__
    ]  # fmt: skip
    hint = did_you_mean(wanted, known) or (f"it has {', '.join(known)}" if known else "it defines none")
    raise UsageError(f"{file} has no function {wanted!r}", hint)


def _own(name: str, function: Callable[..., Any], module: ModuleType, declared: Declared | None) -> Declared:
    if declared is None:
        return Loss(OwnLoss(name, function, module, INPUTS[Loss]), true=REAL, pred=ANY, name=name)
    inputs = INPUTS[type(declared)] + (isinstance(declared, Score) and declared.grouped)
    kind = OwnLoss if isinstance(declared, Loss) else Own
    return replace(declared, name=name, function=kind(name, function, module, inputs))


@lru_cache
def _run(path: str, source: bytes) -> tuple[ModuleType, list[Declared]]:
    """Run a file as a module, once; return it with what it declares, which only a reference names.

    Its folder is searched last for imports, so that a file beside it cannot stand in for a library.
    """
    module = ModuleType(f"own.{Path(path).stem}")
    module.__file__ = path
    sys.modules[module.__name__] = module
    sys.path += [folder for folder in (str(Path(path).parent),) if folder not in sys.path]
    before = _registered()
    try:
        with redirect_stdout(sys.stderr):
            exec(compile(source, path, "exec", dont_inherit=True), vars(module))  # noqa: S102  the user named it to be run
        return module, _added(before)
    finally:
        _put_back(before)


# ── installed packages ───────────────────────────────────────────────────────────────────────────────────────────────


@cache
def discover() -> tuple[str, ...]:
    """Register the losses of all installed packages, once; return what is wrong with those that cannot be loaded."""
    from importlib.metadata import entry_points  # noqa: PLC0415  as slow as the rest of the start-up

    return tuple(trouble for entry in entry_points(group=GROUP) if (trouble := _register(entry)))


def _register(entry: EntryPoint) -> str:
    """Load a package's module, or call its function; return why its losses are left out, or an empty string."""
    before = _registered()
    try:
        with redirect_stdout(sys.stderr):
            loaded = entry.load()
            if callable(loaded) and all(one.function is not loaded for one in _added(before)):
                loaded()
        added = _added(before)
        _put_back(before)
        for one in added:
            enter(_own(one.name, one.function, sys.modules[one.function.__module__], one))
    except RAISED as error:
        _put_back(before)
        said = error.message if isinstance(error, LossCliError) else f"{type(error).__name__}: {error}"
        return f"the losses of {entry.dist.name if entry.dist else entry.name} ({entry.value}) are left out: {said}"
    return ""


def _registered() -> list[dict[str, Any]]:
    """Return what the registry holds, all of losscli's own included."""
    load_all()
    return [dict(register) for register in _registers()]


def _registers() -> list[dict[str, Any]]:
    return [*TABLES.values(), NAMES, PATHS]


def _added(before: list[dict[str, Any]]) -> list[Declared]:
    """Return what was declared since."""
    tables = zip(TABLES.values(), before, strict=False)
    return [one for table, old in tables for name, one in table.items() if name not in old]


def _put_back(before: list[dict[str, Any]]) -> None:
    """Make the registry what it was."""
    for register, old in zip(_registers(), before, strict=True):
        register.clear()
        register.update(old)
