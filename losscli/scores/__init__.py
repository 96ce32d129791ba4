"""The scores, one module for each family; importing a module registers its scores."""

FAMILIES: tuple[str, ...] = (
    "errors",
    "scaled",
    "fit",
    "correlation",
    "decisions",
    "agreement",
    "rates",
    "discrimination",
    "calibration",
    "skill",
    "segmentation",
    "survival",
    "queries",
    "retrieval",
    "centred",
    "querywise",
)
"""The modules in the order in which help and ``list`` show them."""
