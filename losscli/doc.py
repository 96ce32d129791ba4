"""A docstring, taken apart: what ``show`` and help print is what stands above the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, eq=False, repr=False)
class Doc:
    """A loss's docstring in its parts: claim, formula, prose, example, source."""

    summary: str
    formula: str
    prose: str
    example: str
    source: str

    @classmethod
    def of(cls, function: Callable[..., object]) -> Doc:
        """Read the parts of a docstring: indented text is the formula, ``>>>`` the example."""
        from inspect import getdoc  # noqa: PLC0415  only help and show read docstrings

        summary, _, rest = (getdoc(function) or "").partition("\n\n")
        parts: dict[str, list[str]] = {"formula": [], "prose": [], "example": [], "source": []}
        for block in filter(None, rest.split("\n\n")):
            kind = (
                "formula" if block.startswith("    ")
                else "example" if block.startswith(">>>")
                else "source" if block.startswith("Source:")
                else "prose"
            )  # fmt: skip
            parts[kind].append(block)
        dedented = "\n\n".join("\n".join(line[4:] for line in block.split("\n")) for block in parts["formula"])
        return cls(
            " ".join(summary.split()),
            dedented,
            "\n\n".join(parts["prose"]),
            "\n".join(parts["example"]),
            " ".join(" ".join(parts["source"]).removeprefix("Source:").split()),
        )
