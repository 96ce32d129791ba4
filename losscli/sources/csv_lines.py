"""From bytes to blocks of complete lines: decoding, line ends, and what cannot be text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from losscli.errors import DataError
from losscli.sources.streams import quoted

SIZE = 1 << 20
"""How much is read and parsed at once: small enough that the cells of a block stay near the processor."""

LONGEST = 1 << 25
"""The longest line, and the longest quoted cell: what is longer is no table, and would fill the memory."""

MARK = "\ufeff"
"""The byte order mark that may begin a file."""

MARKS = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
"""How files in other encodings begin."""


class Pieces:
    """The bytes of a stream, some complete lines at a time: about ``size`` bytes, which may be changed on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self.size = SIZE
        self._stream = stream
        self._rest = b""

    def __iter__(self) -> Pieces:
        return self

    def __next__(self) -> bytes:
        """Return the next lines; only the last may lack its end, and one longer than ``LONGEST`` may be cut."""
        while True:
            read = self._stream.read(self._up_to_a_line_end())
            data = self._rest + read
            if not read.endswith(b"\n") and b"\n" in data:  # to read on copies less than to cut off would
                data += self._stream.readline(LONGEST)
            end = _last_line_end(data) if read else len(data)
            if not data:
                raise StopIteration
            if end or len(data) > LONGEST:
                data, self._rest = (data, b"") if end in (0, len(data)) else (data[:end], data[end:])
                return data
            self._rest = data

    def _up_to_a_line_end(self) -> int:
        """Return how much to read. Of large pieces of a file, as much as ends a line: then nothing need be joined."""
        if self.size == SIZE or not self._stream.seekable():
            return self.size
        start = self._stream.tell()
        self._stream.seek(start + self.size)
        line = self._stream.readline(LONGEST)
        self._stream.seek(start)
        return self.size + len(line)


class Block:
    """Some complete lines as they stand in the file ``name``.

    ``first`` is the 1-based number of the first line, ``offset`` how many bytes of the file stand before it.
    """

    __slots__ = ("_text", "data", "first", "name", "offset")

    def __init__(self, data: bytes, first: int = 1, offset: int = 0, name: str = "") -> None:
        self.data = data
        self.first = first
        self.offset = offset
        self.name = name
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The lines decoded, without a byte order mark at the beginning of the file.

        Raises DataError naming the line for bytes that are not UTF-8, for NUL and for a line that does not end.
        """
        if self._text is None:
            self._text = self._decoded()
        return self._text

    def parts(self) -> Iterator[Block]:
        """Divide the block before a line that is no text, so that what stands above it is read before it is told."""
        sound = self.data.partition(b"\0")[0]
        try:
            sound.decode()
        except UnicodeDecodeError as error:
            sound = sound[: error.start]
        end = 0 if len(sound) == len(self.data) else max(map(sound.rfind, (b"\n", b"\r"))) + 1
        if end:
            above = Block(self.data[:end], self.first, self.offset, self.name)
            yield above
            yield Block(self.data[end:], self.first + above.line_count(), self.offset + end, self.name)
        else:
            yield self

    def lines(self) -> Iterator[str]:
        """Return the lines with their ends, LF, CRLF or CR."""
        return iter(io.StringIO(self.text, newline=""))

    def bare_lines(self) -> list[str]:
        """Return the lines without their ends."""
        return bare(self.text)

    def line_count(self) -> int:
        """Count complete lines, and an incomplete one at the end as none."""
        text = self.text
        if "\r" not in text:
            return text.count("\n")
        return text.count("\n") + text.count("\r") - text.count("\r\n")

    def _decoded(self) -> str:
        data = self.data
        if self.offset == 0 and (encoding := _encoding(data)):
            raise DataError(
                f"{self.name} is {encoding}, not UTF-8",
                f"iconv -f {encoding} -t UTF-8 {quoted(self.name)} | losscli … --from csv -",
            )
        if (at := data.find(b"\0")) >= 0:
            raise DataError(
                f"{self._place(at)}: a NUL byte ({self._byte(at)}), so no text", "--from names the format of the file"
            )
        if endless(data):
            raise DataError(f"{self.name}, line {self.first}: longer than {LONGEST >> 20} MiB", "is this a table?")
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise DataError(
                f"{self._place(error.start)}: 0x{data[error.start]:02X} ({self._byte(error.start)}) is not UTF-8",
                f"if it is Latin-1: iconv -f LATIN1 -t UTF-8 {quoted(self.name)} | losscli … --from csv -",
            ) from error
        return text if self.offset else text.removeprefix(MARK)

    def _place(self, at: int) -> str:
        """Name the line in which a byte stands."""
        return f"{self.name}, line {self.first + len((self.data[:at] + b'x').splitlines()) - 1}"

    def _byte(self, at: int) -> str:
        return f"byte {self.offset + at + 1} of the file"


def _encoding(head: bytes) -> str | None:
    """Tell an encoding other than UTF-8 by a byte order mark, or by the NUL beside every letter of the header."""
    found = next((name for mark, name in MARKS.items() if head.startswith(mark)), None)
    line = head.partition(b"\n")[0][:200].rstrip(b"\0")
    for name, letters in (("UTF-16LE", line[::2]), ("UTF-16BE", line[1::2])):
        if not found and len(line) > 2 and line.count(b"\0") == len(line) // 2 and b"\0" not in letters:  # noqa: PLR2004  two letters
            found = name
    return found


def bare(text: str) -> list[str]:
    """Return the lines of a text without their ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n").split("\n")


def endless(data: bytes) -> bool:
    """Tell whether some lines are rather the beginning of one that is too long."""
    return len(data) > LONGEST and not _last_line_end(data)


def _last_line_end(data: bytes) -> int:
    """Return where the last complete line ends, 0 if none does.

    A CR at the very end may be half of a CRLF, so it waits for what follows.
    """
    return (data.rfind(b"\n") + 1) or (data.rfind(b"\r", 0, -1) + 1)
