"""From bytes to blocks of complete lines: decoding, line ends, and what cannot be text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from losscli.errors import DataError
from losscli.sources.streams import quoted

SIZE = 1 << 20
"""How much is read and decoded at once: small enough that the cells of a block stay near the processor."""

LONGEST = 1 << 25
"""The longest line, and the longest quoted cell: what is longer is no table, and would fill the memory."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some complete lines as they stand in the file; ``first`` is the 1-based number of the first."""

    text: str
    first: int

    def lines(self) -> Iterator[str]:
        """Return the lines with their ends, LF, CRLF or CR."""
        return iter(io.StringIO(self.text, newline=""))

    def bare_lines(self) -> list[str]:
        """Return the lines without their ends."""
        text = self.text
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.removesuffix("\n").split("\n")

    def after(self, count: int) -> Block:
        """Return the block without its first ``count`` lines."""
        return Block("".join(islice(self.lines(), count, None)), self.first + count)


def blocks(stream: BinaryIO, name: str) -> Iterator[Block]:
    """Yield the text of a UTF-8 stream, a few lines or many at a time.

    Raises DataError naming the line for bytes that are not UTF-8, for NUL and for a line that does not end.
    """
    rest, first, offset = b"", 1, 0
    while data := stream.read(SIZE):
        data = _checked(rest + data, name, first, offset)
        end = _last_line_end(data)
        if len(data) - end > LONGEST:
            raise DataError(f"{name}, line {first}: longer than {LONGEST >> 20} MiB", "is this a table?")
        if end:
            text = _decoded(data[:end], name, first, offset)
            yield Block(text, first)
            first += _line_count(text)
        rest = data[end:]
        offset += end
    if rest:
        yield Block(_decoded(rest, name, first, offset), first)


def _checked(data: bytes, name: str, first: int, offset: int) -> bytes:
    if offset == 0 and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(
            f"{name} is UTF-16, not UTF-8", f"iconv -f UTF-16 -t UTF-8 {quoted(name)} | losscli … --from csv -"
        )
    if (at := data.find(b"\0")) >= 0:
        raise DataError(
            f"{name}, line {_line_at(data, at, first)}: a NUL byte (byte {offset + at + 1} of the file), so no text",
            "--from names the format of the file",
        )
    return data


def _decoded(data: bytes, name: str, first: int, offset: int) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = error.start
        raise DataError(
            f"{name}, line {_line_at(data, at, first)}: 0x{data[at]:02X} (byte {offset + at + 1} of the file)"
            " is not UTF-8",
            f"if it is Latin-1: iconv -f LATIN1 -t UTF-8 {quoted(name)} | losscli … --from csv -",
        ) from error
    return text if offset else text.removeprefix("\ufeff")


def _last_line_end(data: bytes) -> int:
    """Return where the last complete line ends, 0 if none does.

    A CR at the very end may be half of a CRLF, so it waits for what follows.
    """
    return (data.rfind(b"\n") + 1) or (data.rfind(b"\r", 0, -1) + 1)


def _line_count(text: str) -> int:
    """Count complete lines, and an incomplete one at the end as none."""
    if "\r" not in text:
        return text.count("\n")
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _line_at(data: bytes, at: int, first: int) -> int:
    """Return the number of the line in which a byte stands."""
    return first + len((data[:at] + b"x").splitlines()) - 1
