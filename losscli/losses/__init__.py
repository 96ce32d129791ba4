"""The losses, one module for each family; importing a module registers its losses."""

FAMILIES = (
    "regression",
    "quantile",
    "robust",
    "relative",
    "angle",
    "counts",
    "deviance",
    "binary",
    "margin",
    "either",
    "multiclass",
    "entropy",
    "multilabel",
    "distribution",
    "forecast",
    "crps",
    "interval",
    "ensemble",
    "survival",
    "pairs",
    "lists",
    "segmentation",
    "sequence",
)
"""The modules in the order in which help and ``list`` show them."""
