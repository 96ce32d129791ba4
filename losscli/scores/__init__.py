"""The scores, one module for each family; importing a module registers its scores."""

FAMILIES: tuple[str, ...] = (
    "errors",
    "fit",
    "correlation",
    "decisions",
    "rates",
    "discrimination",
    "calibration",
    "segmentation",
    "queries",
    "retrieval",
)
"""The modules in the order in which help and ``list`` show them."""
