"""The layers hold: who may import what, and how large a module may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from losscli.arrays import product

PACKAGE = Path(__file__).parents[1] / "losscli"

LAYERS = """
    errors escape unavailable namesakes conventions refusals doc arrays codec pictures domain domains batch fingerprint
    declared registry losses keywords plugins dialect spec expressions
    exact confusion held quantiles histogram reliability reductions stats
    scores penalties
    sources
    formats.format grouped guard tally departures scoring standing run shapes collected confident states partials
    merging evaluation explain penalize training selftest
    gallery breakdown gates config reproduced baselines effects checking comparing contrasts inspection
    formats outputs
    engines
    cli
""".split()
"""From left to right: a module imports its own layer and those to the left of it.

A layer is a module, or a package with all that is in it. ``formats.format`` stands apart from ``formats``: it is what
a run hands over, plain data that knows of no format.
"""

ON_DEMAND = {"registry": ("losses", "plugins")}
"""The only steps to the right: looking up a name fills the registry. Only inside a function."""

LONGEST = 300
"""Lines of a module: beyond it, it does two things."""


@dataclass(frozen=True)
class Imported:
    """One imported module: its dotted name, and whether importing the importer imports it too."""

    name: str
    at_once: bool


@cache
def modules() -> dict[str, str]:
    """Every module of losscli, dotted -> its source."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("losscli", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


def imports(source: str) -> list[Imported]:
    """Return what a module imports, wherever the statement stands.

    ``from losscli import registry`` imports the module ``losscli.registry``, ``from losscli import __version__`` the
    package itself.
    """
    return list(_imports(ast.parse(source), at_once=True))


def _imports(node: ast.AST, *, at_once: bool) -> Iterator[Imported]:
    if isinstance(node, ast.Import):
        yield from (Imported(alias.name, at_once) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = "." * node.level + (node.module or "")
        dotted = (f"{start}.{alias.name}" for alias in node.names)
        yield from (Imported(name if name in modules() else start, at_once) for name in dotted)
    else:
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        later |= isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.iter_child_nodes(node):
            yield from _imports(child, at_once=at_once and not later)


def layer(module: str) -> str:
    """Return the layer that a module of losscli is in: the longest name in ``LAYERS`` that it starts with.

    >>> layer("losscli.formats.csv"), layer("losscli.formats.format")
    ('formats', 'formats.format')
    """
    inside = module.removeprefix("losscli.")
    found = [one for one in LAYERS if f"{inside}.".startswith(f"{one}.")]
    return max(found, key=len, default=f"{inside} is in no layer: give it a place in LAYERS")


def steps_to_the_right(module: str, source: str) -> list[str]:
    """Return what a module imports and may not, as words for the reader of a failed test."""
    here = layer(module)
    found = []
    for one in imports(source):
        if one.name.startswith("losscli."):
            there = layer(one.name)
            asked_for = there in ON_DEMAND.get(here, ()) and not one.at_once
            if LAYERS.index(there) > LAYERS.index(here) and not asked_for:
                found.append(f"{module} imports {one.name}")
    return found


def banned(module: str, source: str) -> list[str]:
    """Return the libraries that a module imports and may not."""
    in_cli = module.startswith("losscli.cli")
    found = []
    for one in imports(source):
        library = one.name.partition(".")[0]
        if (
            library in {"click", "pydantic", ""}
            or (library == "typer" and not in_cli)
            or (library == "rich" and one.at_once)
        ):
            found.append(f"{module} imports {one.name}")
    return found


def undocumented(source: str) -> list[str]:
    """Return the names of public functions, classes and methods without a docstring."""

    def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
                yield node
                if isinstance(node, ast.ClassDef):
                    yield from public(node.body)

    return [node.name for node in public(ast.parse(source).body) if not ast.get_docstring(node)]


LAYERED = [name for name in modules() if name not in {"losscli", "losscli.__main__"}]
"""All but the two doors to the whole: ``import losscli`` and ``python -m losscli``."""


@pytest.mark.parametrize("module", LAYERED)
def test_a_module_imports_only_from_its_own_layer_and_those_to_the_left(module: str) -> None:
    assert layer(module) in LAYERS, layer(module)
    assert steps_to_the_right(module, modules()[module]) == []


def test_no_layer_is_empty() -> None:
    assert set(LAYERS) == {layer(module) for module in LAYERED}


def test_importing_losscli_imports_nothing_but_its_errors() -> None:
    ours = {one.name for one in imports(modules()["losscli"]) if one.at_once and one.name.startswith("losscli")}
    assert ours == {"losscli.errors"}


@pytest.mark.parametrize("module", modules())
def test_typer_stays_in_cli_and_rich_in_functions_and_nobody_imports_click_or_pydantic(module: str) -> None:
    assert banned(module, modules()[module]) == []


@pytest.mark.parametrize("module", modules())
def test_no_module_is_long(module: str) -> None:
    assert len(modules()[module].splitlines()) <= LONGEST


@pytest.mark.parametrize("module", modules())
def test_every_public_function_class_and_method_has_a_docstring(module: str) -> None:
    assert undocumented(modules()[module]) == []


def test_only_one_function_multiplies_matrices_and_it_asks_for_room_first() -> None:
    products = {
        name: sum(isinstance(node, ast.MatMult) for node in ast.walk(ast.parse(source)))
        for name, source in modules().items()
    }
    assert {name: count for name, count in products.items() if count} == {product.__module__: 1}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("losscli.errors", "import losscli.cli.app"),
        ("losscli.registry", "from losscli.losses import regression"),
        ("losscli.reductions", "def f():\n    from losscli.run import Run"),
        ("losscli.run", "from losscli.formats import table"),
        ("losscli.sources.csv", "from losscli import run"),
        ("losscli.spec", "if TYPE_CHECKING:\n    from losscli.formats.json import Json"),
    ],
)
def test_a_step_to_the_right_is_found(module: str, source: str) -> None:
    assert len(steps_to_the_right(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("losscli.registry", "def f():\n    import losscli.losses"),
        ("losscli.run", "from losscli.formats.format import Report"),
        ("losscli.formats.csv", "from losscli.formats.numbers import texts\nfrom losscli import __version__"),
    ],
)
def test_what_is_allowed_is_not_called_a_step_to_the_right(module: str, source: str) -> None:
    assert steps_to_the_right(module, source) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("losscli.run", "import typer"),
        ("losscli.run", "def f():\n    from typer import echo"),
        ("losscli.formats.table", "from rich.table import Table"),
        ("losscli.formats.table", "class Table:\n    import rich"),
        ("losscli.cli.app", "def f():\n    import click.testing"),
        ("losscli.cli.app", "import pydantic"),
        ("losscli.run", "from . import batch"),
    ],
)
def test_a_banned_library_is_found(module: str, source: str) -> None:
    assert len(banned(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("losscli.formats.table", "def f():\n    import rich.table"),
        ("losscli.formats.table", "if TYPE_CHECKING:\n    from rich.table import Table"),
        ("losscli.cli.options", "import typer"),
    ],
)
def test_a_library_in_its_place_is_not_banned(module: str, source: str) -> None:
    assert banned(module, source) == []


def test_a_missing_docstring_is_found() -> None:
    source = 'def f(): ...\ndef _g(): ...\nclass C:\n    """C."""\n    def m(self): ...\n    def __len__(self): ...'
    assert undocumented(source) == ["f", "m"]
