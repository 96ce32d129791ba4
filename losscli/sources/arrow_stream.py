"""An Arrow stream cut between its messages, so that any number of record batches is read in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from struct import error as StructError  # noqa: N812  named like the others
from struct import unpack_from
from typing import BinaryIO

from losscli.errors import DataError

SCHEMA, DICTIONARY, BATCH = 1, 2, 3
"""The kinds of messages that polars reads, as the format numbers them."""

CONTINUES = b"\xff\xff\xff\xff"
END = CONTINUES + bytes(4)
MOST = 1 << 28
"""A head of a message that claims to be longer is not believed."""

HINT = "get it again, or write it again"


def parts(stream: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    """Yield whole streams with the record batches of a stream, in each of them at least ``size`` bytes if there are.

    Each begins with the schema and the dictionaries that were met so far; with a ``size`` of 0 the first of them holds
    the schema alone. Raises DataError for what is no stream, and for one that is cut short.

    Source: https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format
    """
    head = b""
    waiting: list[bytes] = []
    held = 0
    for kind, message in _messages(stream, name):
        if kind == BATCH:
            waiting.append(message)
            held += len(message)
        else:
            if waiting:  # a dictionary may be another one from here on
                yield b"".join([head, *waiting, END])
                waiting, held = [], 0
            head += message
        if not size and kind == SCHEMA:
            yield head + END
        if held > size:
            yield b"".join([head, *waiting, END])
            waiting, held = [], 0
    if not head:
        raise DataError(f"{name} is no Arrow stream: it holds no schema", HINT)
    if waiting:
        yield b"".join([head, *waiting, END])


def _messages(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the bytes of each message up to the end of the stream."""
    mark = stream.read(4)
    while mark:
        if mark != CONTINUES:
            raise DataError(f"{name} is no Arrow stream, or damaged", HINT)
        length = _exactly(stream, 4, name)
        (size,) = unpack_from("<i", length)
        if not size:
            return
        if not 0 < size < MOST:
            raise DataError(f"{name} is damaged: a message has a head of {size} bytes", HINT)
        head = _exactly(stream, size, name)
        try:
            kind, body = _told(head)
        except StructError:
            raise DataError(f"{name} is damaged: the head of a message is not readable", HINT) from None
        if kind not in {SCHEMA, DICTIONARY, BATCH}:
            raise DataError(f"{name} is damaged: it holds a message of no known kind", HINT)
        yield kind, b"".join([mark, length, head, _exactly(stream, body, name)])
        mark = stream.read(4)


def _told(head: bytes) -> tuple[int, int]:
    """Return the kind of a message and the length of its body, from its head.

    The head is a flatbuffer: it begins with the place of a table, which begins with the way back to a list of where
    its fields stand; of a ``Message`` the second field is the kind, and the fourth the length.
    """
    (table,) = unpack_from("<I", head)
    (back,) = unpack_from("<i", head, table)
    fields = table - back
    if fields < 0:
        raise StructError
    (listed,) = unpack_from("<H", head, fields)
    kind, body = (
        unpack_from("<H", head, fields + place)[0] if place < listed else 0 for place in (4 + 2 * 1, 4 + 2 * 3)
    )
    return (
        unpack_from("<B", head, table + kind)[0] if kind else 0,
        unpack_from("<q", head, table + body)[0] if body else 0,
    )


def _exactly(stream: BinaryIO, size: int, name: str) -> bytes:
    """Return so many bytes; never asks for more memory than there is data."""
    found: list[bytes] = []
    while size > 0 and (data := stream.read(min(size, 1 << 22))):
        found.append(data)
        size -= len(data)
    if size:
        raise DataError(f"{name} is cut short", HINT)
    return found[0] if len(found) == 1 else b"".join(found)
