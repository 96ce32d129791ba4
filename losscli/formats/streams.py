"""What an output is written to: files that are complete or not there, and streams that are written as they come."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, Protocol, TextIO

from losscli.errors import UsageError

NUMBERED = "/proc/self/fd/{}"
"""Where Linux has an open file that may have no name."""


class Stream(Protocol):
    """An open text stream, what makes it final, and what leaves nothing of it behind."""

    text: TextIO

    def commit(self) -> None:
        """Write what is left, and make it final."""
        ...

    def discard(self) -> None:
        """Let go of what is not final."""
        ...


class Direct:
    """A stream that is written as it comes: a device, a named pipe."""

    def __init__(self, text: TextIO) -> None:
        self.text = text

    def commit(self) -> None:
        """Close it: what is still in the buffer is written now."""
        self.text.close()

    def discard(self) -> None:
        """Close it; what was written stays written."""
        with suppress(OSError):
            self.text.close()


class Standard:
    """stdout, made to write what a file would hold: the same line ends, and no crash over a letter it has not."""

    def __init__(self, text: TextIO) -> None:
        if isinstance(text, io.TextIOWrapper):
            text.reconfigure(errors="backslashreplace", newline="\n")
        self.text = text

    def commit(self) -> None:
        """Write what is still in the buffer; stdout stays open."""
        self.text.flush()

    def discard(self) -> None:
        """Leave it as it is."""


class Atomic:
    """A file that is written beside its place, without a name until it is complete.

    So nothing is left of it, whatever ends the process. Where files need a name, it is written under another one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()  # a symbolic link stays one, and its target is written
        self._temporary = self._path.with_name(f".losscli-{os.urandom(6).hex()}.tmp")
        unnamed = _unnamed(self._path.parent)
        # made by open, so that its permissions follow the umask
        self.text = _opened(self._temporary, "x") if unnamed is None else unnamed
        self._named = unnamed is None
        with suppress(FileNotFoundError):
            os.chmod(self.text.fileno(), self._path.stat().st_mode & 0o777)  # noqa: PTH101  it may have no name

    def commit(self) -> None:
        """Complete the file and give it its name, in one step and over an older one."""
        self.text.flush()
        if not self._named:  # a link replaces nothing: the older file needs the second step
            end = self.text.fileno()  # as a folder it is ignored, but makes Python follow the link
            os.link(NUMBERED.format(end), self._temporary, src_dir_fd=end)
        self.text.close()
        self._temporary.replace(self._path)

    def discard(self) -> None:
        """Remove the file, unless it already has its name."""
        with suppress(OSError):
            self.text.close()
        self._temporary.unlink(missing_ok=True)


class Appended:
    """The end of a file that others write to as well: it gets the whole text at once, or nothing."""

    def __init__(self, path: Path) -> None:
        self._file = _opened(path, "a")
        self.text: TextIO = io.StringIO()

    def commit(self) -> None:
        """Write the text."""
        self._file.write(self.text.getvalue())  # type: ignore[attr-defined]  # it is the StringIO above
        self._file.close()

    def discard(self) -> None:
        """Forget the text that was not written."""
        with suppress(OSError):
            self._file.close()


def _opened(path: Path | int, mode: Literal["x", "w", "a"]) -> TextIO:
    return open(path, mode, encoding="utf-8", errors="backslashreplace", newline="\n")  # noqa: PTH123  a number


def _unnamed(folder: Path) -> TextIO | None:
    """Open a new file without a name in a folder; None where the system or the file system has no such thing."""
    try:
        end = os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666)
    except (AttributeError, OSError):
        return None
    if os.path.exists(NUMBERED.format(end)):  # noqa: PTH110  of a number
        return _opened(end, "w")
    os.close(end)
    return None


def _stream(path: Path) -> Stream:
    if path.is_dir():
        raise IsADirectoryError(21, "it is a directory")
    if path.exists() and not path.is_file():
        return Direct(_opened(path, "w"))
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(13, "it is write-protected")
    return Atomic(path)


@contextmanager
def opened(path: str | None, stdout: TextIO, *, end: bool = False) -> Iterator[Stream]:
    """Open a path, or stdout for None; what is not committed inside the ``with`` is discarded.

    ``end`` adds to what the file holds, instead of replacing it.

    Raises UsageError if it cannot be written: before any work is done.
    """
    try:
        stream = Standard(stdout) if path is None else Appended(Path(path)) if end else _stream(Path(path))
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror or error}", "give another path, or none for stdout"
        ) from error
    try:
        yield stream
    finally:
        stream.discard()
