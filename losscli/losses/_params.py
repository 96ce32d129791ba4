"""The parameters that several losses share, with one meaning."""

from __future__ import annotations

from typing import Annotated

from losscli.registry import Param

FromLogits = Annotated[bool, Param("The predictions are logits, not probabilities.")]
LabelSmoothing = Annotated[float, Param("Share of the truth that is spread evenly over the classes.", ge=0, le=1)]
Eps = Annotated[float, Param("Clip probabilities to [eps, 1 - eps].", ge=0, lt=0.5)]
LogOffset = Annotated[float, Param("Add this to a probability before its logarithm.", ge=0)]
LogFloor = Annotated[float | None, Param("Let no logarithm of a probability fall below this.", le=0)]
ClassWeight = Annotated[
    tuple[float, ...] | None, Param("Weight of each class, in class order.", ge=0, role="class-weight")
]
IgnoreIndex = Annotated[int | None, Param("Leave out the rows of this class.", role="ignore")]
DeadZone = Annotated[float, Param("Errors up to this count as none, larger ones for the rest.", ge=0)]
Sets = Annotated[bool, Param("Rows of 0 and 1 are sets of labels, right if all labels are.", role="sets")]
