"""Plain data as JSON and back, driven by its type annotations and by nothing else.

Dataclasses become objects of the fields that differ from their defaults; numbers, text, tuples, dictionaries and numpy
arrays become what is nearest. A class that is no plain data says itself what stands for it: ``packed()``, whose return
annotation is the type of the stand-in, and ``unpacked(data)``, which raises ValueError for what it cannot be made of.

What is read may come from anyone: it is checked against the annotations, nothing in it is ever run, and the work it
causes is bounded by its size.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, partial
from math import isfinite, prod
from types import NoneType, UnionType
from typing import Any, NamedTuple, NoReturn, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from losscli.arrays import AnyArray

LARGEST = 1 << 53
"""Whole numbers below it are JSON numbers, which every reader keeps; others are hexadecimal text: ``-1fp12``, ·2^12."""

MOST_BITS = 1 << 15
"""Bits of a whole number: an exact sum needs fewer than 10,000."""

HEXADECIMAL = re.compile(rf"(-?)([1-9a-f][0-9a-f]{{0,{MOST_BITS // 4 - 1}}})p(0|[1-9][0-9]{{0,4}})")
ODD = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}
"""The float64 values that JSON has no word for."""

SHOWN = 40
"""Characters of a wrong value that a message shows."""


class MalformedError(ValueError):
    """Data that is not what its annotations say: ``expected`` at ``path``."""

    def __init__(self, expected: str, received: object) -> None:
        text = repr(received[:SHOWN] if isinstance(received, str | list) else received)
        super().__init__(expected)
        self.expected = expected
        self.received = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
        self.path: list[str] = []

    def within(self, name: object) -> NoReturn:
        """Raise it again, from one level further out."""
        self.path.insert(0, str(name)[:SHOWN])
        raise self

    def __str__(self) -> str:
        where = ".".join(self.path)
        return f"{where}: expected {self.expected}, received {self.received}".removeprefix(": ")


class Codec(NamedTuple):
    """``write`` makes JSON values of an object, ``read`` an object of JSON values; raises MalformedError."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@cache
def codec(kind: Any) -> Codec:  # noqa: ANN401  any annotation
    """Return how values of an annotated type are written and read.

    >>> codec(tuple[int, float]).write((3 << 60, float("inf")))
    ['3p60', 'inf']
    >>> codec(tuple[int, float]).read(["3p60", "inf"]) == (3 << 60, float("inf"))
    True
    """
    if hasattr(kind, "packed"):
        return _stand_in(kind)
    if is_dataclass(kind):
        return _record(kind)
    return _MAKERS[get_origin(kind) or kind](kind)


# ── numbers and text ─────────────────────────────────────────────────────────────────────────────────────────────────


def _write_integer(value: int) -> int | str:
    if -LARGEST < value < LARGEST:
        return value
    zeros = (value & -value).bit_length() - 1
    return f"{value >> zeros:x}p{zeros}"


def _read_integer(data: object) -> int:
    if type(data) is int and -LARGEST < data < LARGEST:
        return data
    found = HEXADECIMAL.fullmatch(data) if isinstance(data, str) else None
    if not found or int(found[3]) > MOST_BITS:
        raise MalformedError("a whole number", data)
    return int(found[1] + found[2], 16) << int(found[3])


def _write_float(value: float) -> float | str:
    return value if isfinite(value) else repr(value)


def _read_float(data: object) -> float:
    if type(data) is float and isfinite(data):
        return data
    if type(data) is int and -LARGEST < data < LARGEST:
        return float(data)
    if isinstance(data, str) and data in ODD:
        return ODD[data]
    raise MalformedError("a number", data)


def _same(value: Any) -> Any:  # noqa: ANN401  JSON has a word for it
    return value


def _read_exactly(kind: type, what: str, data: object) -> object:
    if type(data) is not kind:
        raise MalformedError(what, data)
    return data


# ── arrays ───────────────────────────────────────────────────────────────────────────────────────────────────────────

DTYPES = {np.float64: "<f8", np.int64: "<i8", np.bool_: "|b1"}
"""The element types of arrays, as they are written; arrays of text are lists."""


def _write_array(value: AnyArray) -> object:
    if value.dtype.kind == "U":
        return value.tolist()
    dtype = DTYPES[value.dtype.type]
    data = np.ascontiguousarray(value, dtype)
    return {"dtype": dtype, "shape": list(value.shape), "data": b64encode(data.tobytes()).decode("ascii")}


def _read_array(allowed: frozenset[str], data: object) -> AnyArray:
    if isinstance(data, list) and "text" in allowed:
        if not all(isinstance(one, str) for one in data):
            raise MalformedError("an array of text", data)
        return np.array(data, dtype=np.str_)
    if not isinstance(data, dict) or data.keys() != {"dtype", "shape", "data"} or str(data["dtype"]) not in allowed:
        raise MalformedError("an array", data)
    shape = codec(tuple[int, ...]).read(data["shape"])
    dtype = np.dtype(data["dtype"])
    try:
        content = b64decode(data["data"], validate=True)
    except (TypeError, ValueError):
        raise MalformedError("base64", data["data"]) from None
    if not 1 <= len(shape) <= 3 or min(shape) < 0 or prod(shape) * dtype.itemsize != len(content):  # noqa: PLR2004
        raise MalformedError(f"{len(content) // dtype.itemsize} elements", shape)
    values = np.frombuffer(content, dtype).reshape(shape)
    if dtype.kind == "b" and (values.view(np.uint8) > 1).any():
        raise MalformedError("truth values", data["data"])
    return values.astype(dtype.newbyteorder("="))  # a copy that can be written to


def _array(kind: Any) -> Codec:  # noqa: ANN401  an annotation
    last = get_args(kind)[-1]  # the element where numpy (from 2.5) keeps NDArray[element] as it is, else its dtype
    (element,) = get_args(last) or (last,)
    everything = frozenset({*DTYPES.values(), "text"})
    return Codec(_write_array, partial(_read_array, frozenset({DTYPES[element]}) if element in DTYPES else everything))


# ── what holds others ────────────────────────────────────────────────────────────────────────────────────────────────


def _optional(kind: Any) -> Codec:  # noqa: ANN401  an annotation
    (inner,) = set(get_args(kind)) - {NoneType}
    write, read = codec(inner)
    return Codec(
        lambda value: None if value is None else write(value), lambda data: None if data is None else read(data)
    )


def _tuple(kind: Any) -> Codec:  # noqa: ANN401  an annotation
    inner = get_args(kind)
    if inner[-1:] == (...,):
        write, read = codec(inner[0])
        return Codec(lambda value: list(map(write, value)), partial(_read_items, lambda data: [read] * len(data)))
    writers, readers = [codec(one).write for one in inner], [codec(one).read for one in inner]
    return Codec(
        lambda value: [one(item) for one, item in zip(writers, value, strict=True)],
        partial(_read_items, lambda _: readers),
    )


def _read_items(readers_of: Callable[[list[Any]], list[Callable[[Any], Any]]], data: object) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise MalformedError("a list", data)
    readers = readers_of(data)
    if len(readers) != len(data):
        raise MalformedError(f"a list of {len(readers)}", data)
    found: list[object] = []
    try:
        for read, one in zip(readers, data, strict=True):
            found.append(read(one))  # its length tells where it failed
    except MalformedError as wrong:
        wrong.within(len(found))
    return tuple(found)


def _dictionary(kind: Any) -> Codec:  # noqa: ANN401  an annotation
    """Return the codec of a dictionary: an object if its keys are text, else a list of pairs."""
    key, inner = get_args(kind)
    if key is not str:
        pairs = codec(tuple[tuple[key, inner], ...])  # type: ignore[valid-type]  # types known at run time only
        return Codec(lambda value: pairs.write(tuple(value.items())), lambda data: dict(pairs.read(data)))
    write, read = codec(inner)
    return Codec(lambda value: {name: write(one) for name, one in value.items()}, partial(_read_object, read))


def _read_object(read: Callable[[Any], Any], data: object) -> dict[str, object]:
    if not isinstance(data, dict):
        raise MalformedError("an object", data)
    found: dict[str, object] = {}
    for name, one in data.items():
        try:
            found[name] = read(one)
        except MalformedError as wrong:
            wrong.within(name)
    return found


def _record(kind: Any) -> Codec:  # noqa: ANN401  a dataclass
    hints = get_type_hints(kind)
    codecs = {field.name: codec(hints[field.name]) for field in fields(kind)}
    readers = {name: one.read for name, one in codecs.items()}
    defaults = {
        field.name: field.default if field.default_factory is MISSING else field.default_factory()
        for field in fields(kind)
    }
    needed = {name for name, default in defaults.items() if default is MISSING}

    def write(value: Any) -> dict[str, Any]:  # noqa: ANN401  of the dataclass
        there = ((name, getattr(value, name)) for name in codecs)
        return {name: codecs[name].write(one) for name, one in there if not _equal(one, defaults[name])}

    def read(data: object) -> object:
        if not isinstance(data, dict):
            raise MalformedError("an object", data)
        if not needed <= data.keys() <= readers.keys():
            lost, unknown = needed - data.keys(), data.keys() - readers.keys()
            raise MalformedError(f"{min(lost)!r} in it" if lost else "known names", min(unknown, default="nothing"))
        found: dict[str, Any] = {}
        name = ""
        try:
            for name, one in data.items():
                found[name] = readers[name](one)
        except MalformedError as wrong:
            wrong.within(name)
        return kind(**found)

    return Codec(write, read)


def _equal(value: object, default: object) -> bool:
    return value is default or (type(value) is type(default) and bool(value == default))


def _stand_in(kind: Any) -> Codec:  # noqa: ANN401  a class with packed() and unpacked()
    write, read = codec(get_type_hints(kind.packed)["return"])

    def unpacked(data: object) -> object:
        held = read(data)
        try:
            return kind.unpacked(held)
        except MalformedError:
            raise
        except ValueError as error:
            raise MalformedError(str(error), data) from None

    return Codec(lambda value: write(value.packed()), unpacked)


_MAKERS: dict[Any, Callable[[Any], Codec]] = {
    int: lambda _: Codec(_write_integer, _read_integer),
    float: lambda _: Codec(_write_float, _read_float),
    str: lambda _: Codec(_same, partial(_read_exactly, str, "text")),
    bool: lambda _: Codec(_same, partial(_read_exactly, bool, "true or false")),
    object: lambda _: Codec(_same, _same),
    tuple: _tuple,
    dict: _dictionary,
    Mapping: _dictionary,
    Union: _optional,
    UnionType: _optional,
    np.ndarray: _array,
    NDArray: _array,
}
