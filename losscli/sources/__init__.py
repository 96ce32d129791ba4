"""One reader for each file format, and the way from columns to batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from losscli.sources.inputs import Input
    from losscli.sources.options import DataOptions
    from losscli.sources.table import Table


def _csv(source: Input, options: DataOptions) -> Table:
    from losscli.sources.csv import CsvTable  # noqa: PLC0415  each reader only for its own files

    return CsvTable(
        source, delimiter=options.delimiter, header=options.header, decimal=options.decimal, jobs=options.jobs
    )


def _json(source: Input, _: DataOptions) -> Table:
    from losscli.sources.json import JsonTable  # noqa: PLC0415  as above

    return JsonTable(source)


def _jsonl(source: Input, _: DataOptions) -> Table:
    from losscli.sources.json import JsonlTable  # noqa: PLC0415  as above

    return JsonlTable(source)


def _npy(source: Input, _: DataOptions) -> Table:
    from losscli.sources.arrays import NpyTable  # noqa: PLC0415  as above

    return NpyTable(source)


def _npz(source: Input, _: DataOptions) -> Table:
    from losscli.sources.arrays import NpzTable  # noqa: PLC0415  as above

    return NpzTable(source)


def _columnar(source: Input, _: DataOptions) -> Table:
    from losscli.sources.columnar import ColumnarTable  # noqa: PLC0415  as above

    return ColumnarTable(source)


READERS: dict[str, Callable[[Input, DataOptions], Table]] = {
    "csv": _csv,
    "tsv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "npy": _npy,
    "npz": _npz,
    "parquet": _columnar,
    "arrow": _columnar,
    "feather": _columnar,
}
