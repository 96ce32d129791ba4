"""These tests run the console script, too: its helper stands beside the tests of the command line."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "cli"))
