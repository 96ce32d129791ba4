"""The numbers of a frame of polars where they stand in memory, by Arrow's C interface: no numpy is needed.

Source: https://arrow.apache.org/docs/format/CStreamInterface.html
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p, py_object, pythonapi
from typing import TYPE_CHECKING

from losscli.sources.csv_frames import NUMBER

if TYPE_CHECKING:
    import polars as pl

_VALUES = 1
"""Which buffer of a column of numbers holds them; the other tells where there are gaps."""

_pointer = pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = c_void_p, (py_object, c_char_p)


class _Array(Structure):
    """Some rows of a frame, whose children are the columns; or those of a column."""


_Array._fields_ = [
    *((name, c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(_Array))),
    ("dictionary", c_void_p),
    ("release", CFUNCTYPE(None, POINTER(_Array))),
    ("private_data", c_void_p),
]


class _Stream(Structure):
    """The rows of a frame, some at a time."""


_Stream._fields_ = [
    ("get_schema", c_void_p),
    ("get_next", CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Array))),
    ("get_last_error", c_void_p),
    ("release", c_void_p),
    ("private_data", c_void_p),
]


def parts(frame: pl.DataFrame) -> Iterator[tuple[int, list[int]]]:
    """Yield how many rows follow, and the address of each column's numbers, valid until the next are asked for.

    All columns must be float64 without gaps. Raises OSError if they cannot be had.
    """
    capsule = frame.__arrow_c_stream__()  # which releases the stream when it is forgotten
    stream = _Stream.from_address(_pointer(capsule, b"arrow_array_stream"))
    while True:
        rows = _Array()
        if code := stream.get_next(byref(stream), byref(rows)):
            raise OSError(code, "no Arrow array")
        if not rows.release:  # the end
            return
        try:
            if rows.length:
                columns = (rows.children[index].contents for index in range(rows.n_children))
                yield rows.length, [one.buffers[_VALUES] + (rows.offset + one.offset) * NUMBER for one in columns]
        finally:
            rows.release(byref(rows))
