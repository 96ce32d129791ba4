"""The numbers of a column of polars where they stand in memory, by Arrow's C interface: no numpy is needed.

Source: https://arrow.apache.org/docs/format/CStreamInterface.html
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p, py_object, pythonapi
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

NUMBER = 8
"""Bytes of a float64."""

_VALUES = 1
"""Which buffer of a column of numbers holds them; the other tells where there are gaps."""

_pointer = pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = c_void_p, (py_object, c_char_p)


class _Array(Structure):
    """A chunk of a column."""


_Array._fields_ = [
    *((name, c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
    ("buffers", POINTER(c_void_p)),
    ("children", c_void_p),
    ("dictionary", c_void_p),
    ("release", CFUNCTYPE(None, POINTER(_Array))),
    ("private_data", c_void_p),
]


class _Stream(Structure):
    """The chunks of a column, one after the other."""


_Stream._fields_ = [
    ("get_schema", c_void_p),
    ("get_next", CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Array))),
    ("get_last_error", c_void_p),
    ("release", c_void_p),
    ("private_data", c_void_p),
]


def chunks(column: pl.Series) -> Iterator[tuple[int, int]]:
    """Yield the address and the size in bytes of each chunk of a column of float64, valid until the next is asked for.

    Raises OSError if the chunks cannot be had.
    """
    capsule = column.__arrow_c_stream__()  # which releases the stream when it is forgotten
    stream = _Stream.from_address(_pointer(capsule, b"arrow_array_stream"))
    while True:
        array = _Array()
        if code := stream.get_next(byref(stream), byref(array)):
            raise OSError(code, "no Arrow array")
        if not array.release:  # the end
            return
        try:
            if array.length:
                yield array.buffers[_VALUES] + array.offset * NUMBER, array.length * NUMBER
        finally:
            array.release(byref(array))
