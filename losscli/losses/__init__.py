"""The losses, one module for each family; importing a module registers its losses."""

FAMILIES = (
    "regression",
    "relative",
    "counts",
    "binary",
    "either",
    "multiclass",
    "distribution",
)
"""The modules in the order in which help and ``list`` show them."""
