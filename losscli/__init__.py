"""losscli: every framework's loss, right to the last digit, without the framework.

>>> import losscli
>>> losscli.evaluate("huber:delta=2", [0.0, 0.0], [1.0, 5.0]).value
4.25
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from losscli.errors import DataError, LossCliError, UsageError

if TYPE_CHECKING:
    from losscli.evaluation import Evaluation, evaluate
    from losscli.registry import LOSSES

__version__ = "0.1.0"
__all__ = ["LOSSES", "DataError", "Evaluation", "LossCliError", "UsageError", "__version__", "evaluate"]


def __getattr__(name: str) -> object:
    """Import the engine when it is first asked for: ``losscli --version`` needs no numpy."""
    if name == "LOSSES":
        from losscli import registry  # noqa: PLC0415  on demand

        registry.load_all()
        return registry.LOSSES
    if name in ("evaluate", "Evaluation"):
        from losscli import evaluation  # noqa: PLC0415  on demand

        return getattr(evaluation, name)
    raise AttributeError(f"module 'losscli' has no attribute {name!r}")
