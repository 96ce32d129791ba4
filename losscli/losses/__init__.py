"""The losses, one module for each family; importing a module registers its losses.

The order of import is the order of display, so the sorter is off.
"""

# isort: off
from __future__ import annotations

from losscli.losses import regression as regression
from losscli.losses import relative as relative
from losscli.losses import counts as counts
from losscli.losses import binary as binary
from losscli.losses import either as either
from losscli.losses import multiclass as multiclass
from losscli.losses import distribution as distribution
