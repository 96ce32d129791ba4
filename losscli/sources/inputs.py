"""Opening what the user names: a file, a pipe or stdin, compressed or not, as bytes that can be opened again."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO, RawIOBase
from typing import TYPE_CHECKING, BinaryIO

from losscli.errors import DataError, UsageError, did_you_mean
from losscli.sources.streams import CODECS, Codec, Recording, guarded, quoted

if TYPE_CHECKING:
    from losscli.sources.meter import Meter

FORMATS: dict[str, str] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".npy": "npy",
    ".npz": "npz",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".ipc": "arrow",
    ".feather": "feather",
}
"""Suffix -> format. ``--from`` takes the formats, and the suffixes without their dot."""

MAGIC: dict[bytes, str] = {
    b"\x93NUMPY": "npy",
    b"PK\x03\x04": "npz",
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"FEA1": "feather",
    b"\xff\xff\xff\xff": "arrow",
}
"""How the binary formats begin."""

POLARS_ROOM = 3 << 29
"""With less memory than this polars may end the process while it is imported or starts its threads."""

EXTRA = {"parquet": "Parquet", "arrow": "Arrow", "feather": "Feather"}
"""The formats that polars reads, which the core install does not have."""

HEAD = 1 << 16
"""How many bytes are looked at to tell a format."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something that can be opened as bytes, and opened again.

    ``name`` is what messages call it; ``format`` one of those in ``FORMATS``; ``path`` is set if the bytes are those
    of a plain file, which can then be memory-mapped, or stand at a URL, which only polars reads.
    """

    name: str
    format: str
    path: str | None
    opener: Callable[[], BinaryIO]
    meter: Meter | None = None
    forgetter: Callable[[], None] = lambda: None

    def open(self) -> BinaryIO:
        """Return the decompressed bytes from the beginning.

        A pipe is recorded while it is read, so that it can be opened again. Reading raises DataError for damaged data.
        """
        return self.opener()

    def forget(self) -> None:
        """Say that what has not been read yet will be read once only, so that a pipe need not be recorded further."""
        self.forgetter()


def open_input(path: str, format: str | None = None, meter: Meter | None = None) -> Input:  # noqa: A002  the option
    """Open a file, or stdin for ``-``.

    The format is ``format`` if that is given, else told by the suffix (before ``.gz .bz2 .xz .zst``), else by the
    first bytes. Compression is told by the suffix, else by the first bytes. A URL is not opened, but left to polars.

    Raises:
        UsageError: no such format.
        DataError: the file is missing, unreadable or damaged, or needs an extra.
    """
    asked = format_named(format) if format else None
    if "://" in path and not os.path.exists(path):  # noqa: PTH110  pathlib costs start-up
        from losscli.sources.remote import remote  # noqa: PLC0415  only for URLs

        return remote(path, asked, meter)
    name = "stdin" if path == "-" else path
    recording = _recording(path)
    raw: Callable[[], RawIOBase] = recording.open if recording else lambda: _opened(path)
    stem, ending = os.path.splitext(path)  # noqa: PTH122  pathlib costs start-up, and `-` is no path
    codec = CODECS.get(ending.lower())
    suffix = os.path.splitext(stem)[1] if codec else ending  # noqa: PTH122  as above
    codec = codec or _codec(name, raw())

    def opener() -> BinaryIO:
        return guarded(name, raw(), codec, meter)

    chosen = asked or FORMATS.get(suffix.lower()) or _sniffed(opener())
    check_extra(name, chosen)
    plain = path if recording is None and codec is None else None
    return Input(name, chosen, plain, opener, meter, recording.forget if recording else lambda: None)


def format_named(asked: str) -> str:
    """Return the format that ``--from`` names. Raises UsageError if there is none of that name.

    >>> format_named("ndjson"), format_named("ipc")
    ('jsonl', 'arrow')
    """
    if found := FORMATS.get(f".{asked.lower()}"):
        return found
    known = list(dict.fromkeys(FORMATS.values()))
    raise UsageError(
        f"--from: no format is called {asked!r}", did_you_mean(asked, known) or f"one of {', '.join(known)}"
    )


def check_extra(name: str, format: str) -> None:  # noqa: A002  as above
    """Raise DataError for a format that polars reads, if it is not installed or has not the memory to start."""
    if format not in EXTRA:
        return
    from losscli.sources.workers import memory_is_limited  # noqa: PLC0415  as the next one

    if memory_is_limited():
        try:
            bytes(POLARS_ROOM)  # addresses only, given back at once
        except MemoryError:
            raise DataError(
                f"{name}: out of memory: reading {EXTRA[format]} needs {POLARS_ROOM >> 20} MiB of addresses",
                "raise the limit: ulimit -v",
            ) from None
    try:
        import polars as pl  # noqa: F401, PLC0415  only for its own formats, and 60 ms
    except ImportError:
        raise DataError(f"{name}: reading {EXTRA[format]} needs the extra", "pip install 'losscli[fast]'") from None


def _recording(path: str) -> Recording | None:
    """Return a recording of stdin or of a pipe such as ``<(…)``, or None for a file that can be opened again."""
    if path == "-":
        if sys.stdin is None:
            raise DataError("stdin is closed", "name a file")
        with suppress(OSError, AttributeError):  # no descriptor, or a system without this
            # another process may have left the pipe non-blocking: a pause in it would look like its end
            os.set_blocking(sys.stdin.fileno(), True)
        return Recording("stdin", sys.stdin.buffer)
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  pathlib costs start-up
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            return None
        return Recording(path, open(path, "rb"), owned=True)  # noqa: PTH123  the recording closes it
    except OSError as error:
        raise _unopened(path, error) from error


def _opened(path: str) -> FileIO:
    try:
        return FileIO(path)
    except OSError as error:
        raise _unopened(path, error) from error


def _unopened(path: str, error: OSError) -> DataError:
    way_out = HINTS.get(type(error), _nothing)(path)
    return DataError(f"{path}: {(error.strerror or str(error)).lower()}", way_out)


def _neighbours(path: str) -> str:
    """Name the files beside a missing one that are called almost like it."""
    folder, name = os.path.split(path)
    try:
        return did_you_mean(name, os.listdir(folder or ".")) or "check the path"  # noqa: PTH208  as above
    except OSError:
        return f"there is no folder {folder}"


def _permissions(path: str) -> str:
    return f"look at its permissions: ls -l {quoted(path)}"


def _nothing(_: str) -> str:
    return ""


HINTS: dict[type[OSError], Callable[[str], str]] = {
    FileNotFoundError: _neighbours,
    PermissionError: _permissions,
}


def _codec(name: str, raw: RawIOBase) -> Codec | None:
    """Tell a compression by the first bytes."""
    with guarded(name, raw, None) as stream:
        head = stream.read(HEAD)
    return next((codec for codec in CODECS.values() if codec.magic.match(head)), None)


def _sniffed(opened: BinaryIO) -> str:
    """Tell a format by the first bytes: what is neither binary nor JSON is CSV."""
    with opened as stream:
        head = stream.read(HEAD)
    if binary := next((format_ for magic, format_ in MAGIC.items() if head.startswith(magic)), None):
        return binary
    lines = [line for line in head.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    if not lines or not lines[0].lstrip().startswith((b"{", b"[")):
        return "csv"
    records = [line.lstrip().startswith(b"{") for line in lines]
    return "jsonl" if len(records) > 1 and all(records) else "json"
