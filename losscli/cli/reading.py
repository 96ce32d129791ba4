"""What the options say about the data, and the data opened: under a progress bar where reading takes long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from losscli.cli import stderr
from losscli.errors import UsageError
from losscli.sources.dataset import Dataset
from losscli.sources.options import DataOptions, Needs, class_weights
from losscli.sources.sides import typed

if TYPE_CHECKING:
    from losscli.sources.meter import Meter


def data_options(options: Mapping[str, Any], by_name: Mapping[str, float]) -> DataOptions:
    """Return the data options of a command. Raises UsageError for a wrong format or delimiter."""
    if options["delimiter"] is not None and len(_delimiter(options["delimiter"])) != 1:
        raise UsageError(f"--delimiter: expected one character, received {options['delimiter']!r}", "for a tab: -d tab")
    return DataOptions(
        files=tuple(options["files"] or ()),
        true=options["true"],
        pred=options["pred"],
        weight=options["weight"],
        class_weight=by_name,
        classes=names(options["classes"]),
        truth=options["truth"],
        id=options["id"],
        unmatched=_unmatched(options),
        format=_format(options["from_"]) if options["from_"] is not None else None,
        delimiter=_delimiter(options["delimiter"]) if options["delimiter"] else None,
        header=not options["no_header"],
        decimal=options["decimal"],
        missing=options["missing"],
        jobs=options["jobs"] or 0,
        keep=tuple(options.get("keep") or ()),
        by=tuple(options.get("by") or ()),
        group=options.get("group"),
    )


def _unmatched(options: Mapping[str, Any]) -> str:
    """Return what becomes of unmatched rows. Raises UsageError if it is said, and rows are not paired by a key."""
    if options["unmatched"] != "error" and not options["id"]:
        raise UsageError("--unmatched is about rows that --id pairs, and there is no --id", "add --id COL")
    return str(options["unmatched"])


def _format(text: str) -> str:
    from losscli.sources.inputs import format_named  # noqa: PLC0415  only where a format is named

    return format_named(text)


def _delimiter(text: str) -> str:
    return {"tab": "\t", "\\t": "\t", "TAB": "\t"}.get(text, text)


def names(text: str | None) -> tuple[str, ...] | None:
    """Return the class labels of ``--classes`` in order. Raises UsageError for one that is empty or stands twice."""
    if text is None:
        return None
    found = tuple(name.strip() for name in text.split(","))
    if len(set(found)) < len(found) or not all(found):
        raise UsageError(f"--classes: expected different names, received {text!r}", "write a,b,c")
    return found


def inputs(data: DataOptions) -> Sequence[str]:
    """Return the files that are read, those of folders and globs one by one: no output may overwrite one of them."""
    named = (*data.files, *([data.truth] if data.truth else ()))
    if not named:
        return ()
    from losscli.sources.paths import expanded  # noqa: PLC0415  not needed for inline values

    return expanded(named, any_suffix=data.format is not None)


def named_weights(options: Mapping[str, Any]) -> Mapping[str, float]:
    """Return ``--class-weight`` by the name of the class, its index where only the order is given."""
    weights = class_weights(options["class_weight"])
    labels = names(options["classes"]) or map(str, range(len(weights)))
    return weights if isinstance(weights, Mapping) else dict(zip(labels, weights, strict=False))


@contextmanager
def opened(data: DataOptions, needs: Needs, notes: stderr.Notes) -> Iterator[Dataset]:
    """Open the data, and show a progress bar while it is read, if that takes long."""
    if typed(data):
        yield Dataset(data, needs, notes)
        return
    with watched(notes) as meter:
        yield Dataset(replace(data, meter=meter), needs, notes)


@contextmanager
def watched(notes: stderr.Notes) -> Iterator[Meter | None]:
    """Give what counts the bytes that are read, and show them as a progress bar, if that takes long."""
    if notes.quiet:
        yield None
        return
    from losscli.cli.progress import Bar  # noqa: PLC0415  not needed for typed values

    with Bar() as bar:
        notes.clear = bar.hide
        yield bar.meter
