"""Losses of an orchard."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from losscli.domains import NONNEGATIVE
from losscli.registry import Like, Param, loss


@loss(true=NONNEGATIVE, pred=NONNEGATIVE, aliases=("spoilage",), like=(Like("torch.nn.OrchardLoss", share=1.0),))
def rotten_apples(
    y_true: NDArray[np.float64],
    y_pred: NDArray[np.float64],
    *,
    share: Annotated[float, Param("Share of the apples left over that rot.", ge=0, le=1)] = 0.5,
) -> NDArray[np.float64]:
    """Apples that were picked for nobody, and rot."""
    return share * np.maximum(y_pred - y_true, 0.0)
