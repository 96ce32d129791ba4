"""The losses, one module for each family, imported in display order."""
