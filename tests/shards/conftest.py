"""What these tests share with others stands beside those: the console script, and data for every loss and score."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in ("cli", "losses", "scores"):
    sys.path.append(str(Path(__file__).parents[1] / folder))
