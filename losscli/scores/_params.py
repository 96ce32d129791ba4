"""The parameters that several scores share, with one meaning."""

from __future__ import annotations

from math import nan
from typing import Annotated

from losscli.registry import Param

UNDEFINED = {"nan": nan, "0": 0.0, "1": 1.0}
"""What a quotient 0/0 may be taken for."""

Threshold = Annotated[float, Param("A probability above this predicts class 1.", ge=0, lt=1)]
ZeroDivision = Annotated[str, Param("What a quotient 0/0 is taken for.", choices=tuple(UNDEFINED))]
ForceFinite = Annotated[bool, Param("Of a constant truth: 1 if predicted exactly, else 0.")]
Top = Annotated[int | None, Param("Only the first k of each query count; all of them if none.", ge=1)]
