"""How a run is written down: a table from the name of a format to what loads it.

To add a format, write a class that keeps ``formats.format.Format`` and give it a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import PurePath

from losscli.errors import UsageError
from losscli.formats.format import Format

Loader = Callable[[], type[Format]]


def _load(module: str, name: str) -> type[Format]:
    """Import a format only when it is asked for: rich and json cost start-up time."""
    found: type[Format] = getattr(import_module(f"losscli.formats.{module}"), name)
    return found


FORMATS: dict[str, Loader] = {
    "table": partial(_load, "table", "Table"),
    "markdown": partial(_load, "markdown", "Markdown"),
    "csv": partial(_load, "csv", "Csv"),
    "tsv": partial(_load, "csv", "Tsv"),
    "json": partial(_load, "json", "Json"),
    "jsonl": partial(_load, "json", "JsonLines"),
    "value": partial(_load, "value", "Value"),
    "github": partial(_load, "github", "Github"),
    "github-summary": partial(_load, "github", "GithubSummary"),
    "github-output": partial(_load, "github", "GithubOutput"),
    "junit": partial(_load, "junit", "Junit"),
    "metrics": partial(_load, "metrics", "Metrics"),
    "html": partial(_load, "html", "Html"),
    "png": partial(_load, "plotted", "Png"),
    "svg": partial(_load, "plotted", "Svg"),
}

APPENDED = {"github-summary": "GITHUB_STEP_SUMMARY", "github-output": "GITHUB_OUTPUT"}
"""Formats that go to the end of the file that an environment variable names, where no path is given."""
DRAWN = ("html", "png", "svg")
"""Formats that show pictures without being asked for them."""
ASIDE = {"github": "github-summary"}
"""Formats of notes, which go to stderr where another has stdout -> the format that goes with them, where it can."""
BARE = {"value"}
"""Formats that show reduced values and no spread, for which no squares need be added up."""
SIGNED = {"json", "jsonl", "junit", *DRAWN}
"""Formats that show signatures, for which the data must be hashed."""

SUFFIXES: dict[str, str] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".txt": "table",
    ".xml": "junit",
    ".html": "html",
    ".png": "png",
    ".svg": "svg",
}


def by_suffix(path: str) -> str:
    """Return the name of the format that a path's suffix stands for.

    >>> by_suffix("runs/report.JSON")
    'json'

    Raises UsageError, listing the formats, if the suffix stands for none.
    """
    try:
        return SUFFIXES[PurePath(path).suffix.lower()]
    except KeyError:
        raise UsageError(
            f"cannot tell the format of {path!r}: its suffix is none of {' '.join(SUFFIXES)}",
            f"name the format, for example json:{path} (formats: {', '.join(FORMATS)})",
        ) from None
