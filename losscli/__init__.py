"""losscli: every framework's loss, right to the last digit, without the framework."""

from __future__ import annotations

__version__ = "0.1.0"
