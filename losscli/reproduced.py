"""A report against the same one computed again: every number digit for digit, every signature fact by fact."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from losscli import __version__
from losscli.errors import DataError
from losscli.formats.format import Record

SCHEMA = 1
UNCOMPARED = {"schema", "notes", "inputs", "signature", "version"}
"""What is not a result: what was said by the way, what was asked for, and what is compared fact by fact."""
NAMES = ("check", "loss", "like", "reduction", "gate", "a", "b", "column", "class", "output", "bin")
"""The keys that name a record, beside its group."""
LONG, HASH = 48, 12
"""Characters from which on a fact is shortened, and how many are shown."""
MOST = 20
"""Differing samples that are shown one by one."""
Document = Mapping[str, Any]


def read(path: str) -> dict[str, Any]:
    """Return a JSON report. Raises DataError for what losscli does not write; nothing in it is ever run."""
    again = "a report is what losscli … -o json:report.json writes"
    try:
        with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123  as elsewhere: pathlib costs start-up
            found = json.load(file, parse_constant=_not_strict, object_pairs_hook=_once)
    except OSError as error:
        raise DataError(f"{path}: {(error.strerror or str(error)).lower()}", again) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no strict JSON: {error}", again) from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA or not _records(found.get("results")):
        raise DataError(f"{path} is no report of losscli with schema {SCHEMA} and results", again)
    return found


def compared(reported: Document, recomputed: Document) -> list[Record]:
    """Return a record for each result that is the same, and one for each number that differs.

    Raises DataError for a report that is nested deeper than any that losscli writes.

    >>> one, other = ({"results": [{"loss": "mse", "value": value, "n": 2}]} for value in (0.5, 0.25))
    >>> [tuple(record.values()) for record in compared(one, other)]
    [('mse: value', 'fail', 0.5, 0.25)]
    """
    try:
        return list(_document(reported, recomputed))
    except RecursionError:
        raise DataError("the report is nested too deeply", "losscli writes none like it") from None


def other_version(path: str, reported: Document) -> list[str]:
    """Say which losscli wrote a report, if it is not this one; nothing of a report that does not tell."""
    then = facts((reported["results"] or [{}])[0].get("signature")).get("version", __version__)
    return [] if then == __version__ else [f"{path} was written by losscli {then}, and this is {__version__}"]


def facts(signature: object) -> dict[str, str]:
    """Return the facts of a signature by name; the loss with all its parameters is ``means``."""
    means, *others = str(signature or "").split("|")
    return {"means": means} | {name: fact for name, _, fact in (one.partition(":") for one in others)}


def _document(reported: Document, recomputed: Document) -> Iterator[Record]:
    for key in dict.fromkeys([*reported, *recomputed]):
        one, other = reported.get(key), recomputed.get(key)
        if key in UNCOMPARED:
            continue
        if isinstance(one, list) and isinstance(other, list) and _records(one) and _records(other):
            yield from _samples(one, other) if key == "samples" else _paired(key, one, other)
        elif not _same(one, other):
            yield _differing(key, one, other)


def _paired(key: str, one: list[Document], other: list[Document]) -> Iterator[Record]:
    """Compare lists of records by what names them, so that a missing one does not make all others differ."""
    ours: dict[str, list[Document]] = {}
    for record in other:
        ours.setdefault(_name(record), []).append(record)
    for record in one:
        name = _name(record) or key
        if same_name := ours.get(_name(record)):
            yield from _compared(name, record, same_name.pop(0))
        else:
            yield _differing(name, "reported", None)
    for left in ours.values():
        yield from (_differing(_name(record) or key, None, "computed") for record in left)


def _compared(name: str, one: Document, other: Document) -> Iterator[Record]:
    keys = [key for key in dict.fromkeys([*one, *other]) if key not in UNCOMPARED]
    wrong = [_differing(f"{name}: {key}", one.get(key), other.get(key)) for key in keys if not _alike(key, one, other)]
    if "signature" in one or "signature" in other:
        theirs, ours = facts(one.get("signature")), facts(other.get("signature"))
        wrong += [
            _differing(f"{name}: signature, {fact}", *_short(theirs.get(fact), ours.get(fact)))
            for fact in dict.fromkeys([*theirs, *ours])
            if fact not in UNCOMPARED and theirs.get(fact) != ours.get(fact)
        ]
    value = "verdict" if "verdict" in one else "value"
    yield from wrong or [{"what": name, "verdict": "equal", "reported": one.get(value), "recomputed": other.get(value)}]


def _samples(one: list[Document], other: list[Document]) -> Iterator[Record]:
    if len(one) != len(other):
        yield _differing("samples", len(one), len(other))
        return
    differing = [i for i, (first, second) in enumerate(zip(one, other, strict=True)) if not _same(first, second)]
    for i in differing[:MOST]:
        yield from (
            _differing(f"sample of row {one[i].get('row')}: {key}", one[i].get(key), other[i].get(key))
            for key in dict.fromkeys([*one[i], *other[i]])
            if not _alike(key, one[i], other[i])
        )
    if len(differing) > MOST:
        yield _differing(f"{len(differing) - MOST} more samples", None, None)
    if not differing:
        yield {"what": "samples", "verdict": "equal", "reported": len(one), "recomputed": len(other)}


def _differing(what: str, reported: object, recomputed: object) -> Record:
    return {"what": what, "verdict": "fail", "reported": _plain(reported), "recomputed": _plain(recomputed)}


def _short(one: str | None, other: str | None) -> tuple[str | None, str | None]:
    """Shorten two hashes, if they can still be told apart then."""
    first, second = (text and f"{text[:HASH]}…" if text and len(text) > LONG else text for text in (one, other))
    return (first, second) if first != second else (one, other)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | None) else json.dumps(value)


def _alike(key: str, one: Document, other: Document) -> bool:
    return (key in one) == (key in other) and _same(one.get(key), other.get(key))


def _same(one: object, other: object) -> bool:
    """Whether two JSON values are the same, true and 1 being two, and 0 and -0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return repr(one) == repr(other)
    return one == other


def _name(record: Document) -> str:
    by = record.get("by")
    group = ", ".join(f"{name}={value}" for name, value in by.items()) if isinstance(by, dict) else ""
    texts = [str(record[key]) for key in NAMES if isinstance(record.get(key), str)]
    return " ".join(texts) + (f" ({group})" if group else "")


def _records(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has one key twice")
    return found


def _not_strict(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number in JSON")
