"""Hide polars from a Python that has this folder on PYTHONPATH, and from the processes that it starts."""

import sys

sys.modules["polars"] = None  # type: ignore[assignment]  # how Python itself says "not there"
