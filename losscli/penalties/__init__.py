"""The penalties of a model's weights; importing the module registers them."""

FAMILIES = ("norms",)
"""The modules in the order in which help and ``list`` show them."""
