"""Byte streams: one that can be read again although its origin cannot, and one whose failures a user understands."""

from __future__ import annotations

import io
import os
import re
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from losscli.errors import DataError, UsageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from losscli.sources.meter import Meter

IN_MEMORY = 1 << 24
"""How much of a recording stays in memory before it moves to a temporary file."""

SWELL, SWELL_FROM = 1000, 1 << 26
"""A compressed stream may give this many bytes for each of its own, counted once it has given ``SWELL_FROM``."""

EXPANSION = "LOSSCLI_MAX_EXPANSION"
"""The variable of the environment that raises ``SWELL``, or lowers it."""

BUFFER = 1 << 17


def expansion() -> int:
    """Return how many times its own size a compressed stream may give. Raises UsageError for what is no number."""
    text = os.environ.get(EXPANSION) or f"{SWELL}"
    if not (text.isdecimal() and text.isascii()):
        raise UsageError(f"{EXPANSION}: expected a whole number, received {text!r}", f"{EXPANSION}={SWELL}")
    return int(text[:18])


@dataclass(frozen=True, slots=True)
class Codec:
    """A compression: its command-line tool, how its streams begin, the modules that read it and their error.

    The first module that can be imported is used; each has ``open(stream, "rb")`` as ``gzip`` does.
    """

    tool: str
    magic: re.Pattern[bytes]
    modules: tuple[str, ...]
    error: tuple[str, str]


CODECS: dict[str, Codec] = {
    ".gz": Codec("gzip", re.compile(rb"\x1f\x8b"), ("gzip",), ("zlib", "error")),
    ".bz2": Codec("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), ("bz2",), ("builtins", "OSError")),
    ".xz": Codec("xz", re.compile(rb"\xfd7zXZ\x00"), ("lzma",), ("lzma", "LZMAError")),
    # not the zstandard package: it takes a file that was cut short for one that ended
    ".zst": Codec("zstd", re.compile(rb"\x28\xb5\x2f\xfd"), ("compression.zstd", "backports.zstd"), ("", "ZstdError")),
}


class Recording:
    """A stream that can be read only once, recorded so that it can be read again.

    ``forget`` ends the recording: what was read so far can still be read again, what follows only once. So a caller
    may look at the head, say that one pass is enough, and then read an endless pipe in bounded memory.
    """

    def __init__(self, name: str, stream: BinaryIO, *, owned: bool = False) -> None:
        self._name = name
        self._stream: Any = stream
        self._tape: BinaryIO = io.BytesIO()
        self._kept = self._taken = 0
        self._ended = self._forgotten = False
        if owned:
            weakref.finalize(self, stream.close)

    def open(self) -> io.RawIOBase:
        """Return a stream from the beginning: first what was recorded, then what has not been read yet."""
        return _Replay(self)

    def forget(self) -> None:
        """Record no more."""
        self._forgotten = True

    def read_at(self, start: int, size: int) -> bytes:
        """Return up to ``size`` bytes from ``start`` on, empty at the end.

        Raises DataError for bytes that were read after ``forget``.
        """
        if start < self._kept:
            self._tape.seek(start)
            return self._tape.read(size)
        if start < self._taken:
            raise DataError(f"{self._name} can be read only once", "save it to a file, and name the file")
        data: bytes = b"" if self._ended else self._stream.read1(size)
        self._ended = not data
        self._taken += len(data)
        if not self._forgotten:
            self._record(data)
        return data

    def _record(self, data: bytes) -> None:
        self._tape.seek(self._kept)
        self._tape.write(data)
        self._kept += len(data)
        if self._kept > IN_MEMORY and isinstance(self._tape, io.BytesIO):
            # tempfile.SpooledTemporaryFile would do this, but its import is 6 ms that a short pipe need not pay
            from tempfile import TemporaryFile  # noqa: PLC0415  as the line above says

            file = TemporaryFile()  # noqa: SIM115  lives as long as the recording
            weakref.finalize(self, file.close)
            file.write(self._tape.getbuffer())
            self._tape = file


class _Replay(io.RawIOBase):
    """One reading of a recording."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._recording.read_at(self._position, len(view))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position


class _Guarded(io.RawIOBase):
    """A stream whose failures are told as DataError, and which may not swell without end."""

    def __init__(
        self,
        name: str,
        raw: io.RawIOBase | io.BufferedIOBase,
        codec: Codec | None,
        stream: io.RawIOBase | io.BufferedIOBase,
        errors: tuple[type[Exception], ...],
        *,
        meter: Meter | None,
    ) -> None:
        self._name = name
        self._raw = raw
        self._codec = codec
        self._stream = stream
        self._errors = errors
        self._meter = meter
        self._given = 0
        self._size = os.fstat(raw.fileno()).st_size if isinstance(raw, io.FileIO) else 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        try:
            size = self._stream.readinto(buffer) or 0
        except self._errors as error:
            raise self._failure(error) from error
        self._given += size
        if not size and self._size > self._raw.tell():
            raise DataError(
                f"{self._name} shrank while it was read: it had {self._size} bytes",
                "run it again when nothing writes the file",
            )
        if self._meter:
            self._meter.at(self._name, self._raw.tell() if self._codec else self._given)
        if self._codec and self._given > SWELL_FROM and self._given > (most := expansion()) * self._raw.tell():
            raise DataError(
                f"{self._name} grows more than {most}-fold when it is decompressed",
                f"if that is right: {EXPANSION}=1000000 losscli …, or "
                f"{self._codec.tool} -dc {quoted(self._name)} | losscli … -",
            )
        return size

    def _failure(self, error: Exception) -> DataError:
        if self._codec is None:
            return DataError(f"{self._name} cannot be read: {error}")
        return DataError(
            f"{self._name} is damaged or cut short: {error}",
            f"get it again; `{self._codec.tool} -t {quoted(self._name)}` tells whether it is whole",
        )

    def seekable(self) -> bool:
        return self._codec is None and self._raw.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._given = self._raw.seek(offset, whence)
        return self._given

    def tell(self) -> int:
        return self._raw.tell() if self._codec is None else self._given

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._raw.close()
        super().close()


def guarded(name: str, raw: io.RawIOBase, codec: Codec | None, meter: Meter | None = None) -> BinaryIO:
    """Return the stream decompressed and buffered; what goes wrong while it is read is raised as DataError.

    The ``meter`` is told how far the stream was read, before it is decompressed.

    Raises DataError if nothing that is installed reads this compression.
    """
    if codec is None:
        return io.BufferedReader(_Guarded(name, raw, None, raw, (OSError,), meter=meter), BUFFER)
    from importlib import import_module  # noqa: PLC0415  with the modules it imports, only for compressed files

    for module in codec.modules:
        try:
            opener: Any = import_module(module)
        except ImportError:
            continue
        owner, error = codec.error
        broken: type[Exception] = getattr(import_module(owner or module), error)
        buffered = io.BufferedReader(raw, BUFFER)
        stream = opener.open(buffered, "rb")
        errors = (EOFError, OSError, broken)
        return io.BufferedReader(_Guarded(name, buffered, codec, stream, errors, meter=meter), BUFFER)
    raw.close()
    package = codec.modules[-1]
    raise DataError(
        f"{name}: this Python cannot read {codec.tool} files: it has no module {package}",
        f"pip install {package}" if "." in package else f"{codec.tool} -dc {quoted(name)} | losscli … -",
    )


def quoted(name: str) -> str:
    """Return what to type in a shell for an input that messages call ``name``."""
    from shlex import quote  # noqa: PLC0415  only for hints

    return "-" if name == "stdin" else quote(name)
