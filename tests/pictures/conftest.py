"""These tests run the console script and the formats: their helpers stand beside the tests of those."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in ("cli", "formats"):
    sys.path.append(str(Path(__file__).parents[1] / folder))
