"""The options, each written once; a command names the groups it takes.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

import typer

Policy = Literal["error", "drop", "propagate"]
Color = Literal["auto", "always", "never"]


def _reductions(incomplete: str) -> list[str]:
    from losscli.reductions import REDUCTIONS  # noqa: PLC0415  only for completion

    return [name for name in REDUCTIONS if name.startswith(incomplete)]


def _frameworks(incomplete: str) -> list[str]:
    from losscli.conventions import CONVENTIONS  # noqa: PLC0415  only for completion

    return [name for name in CONVENTIONS if name.startswith(incomplete)]


def _formats(incomplete: str) -> list[str]:
    from losscli.formats import FORMATS  # noqa: PLC0415  only for completion

    return [name for name in FORMATS if name.startswith(incomplete)]


def _sources(incomplete: str) -> list[str]:
    from losscli.sources import READERS  # noqa: PLC0415  only for completion

    return [name for name in READERS if name.startswith(incomplete)]


def _losses(incomplete: str) -> list[str]:
    from losscli.registry import all_names  # noqa: PLC0415  only for completion

    return [name for name in all_names() if name.startswith(incomplete)]


class Files:
    """The data files."""

    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILES]...",
            help="CSV, TSV, JSON, JSONL, npy, npz, Parquet or Arrow, also .gz .bz2 .xz .zst; folders and globs; "
            "several are shards; - is stdin.",
        ),
    ] = None


class Losses:
    """The losses."""

    losses: Annotated[
        list[str],
        typer.Option(
            "--loss", "-l", metavar="SPEC", help="NAME[:PARAM=VALUE,...]; repeatable.", autocompletion=_losses
        ),
    ] = ...  # type: ignore[assignment]  # typer's way to say: required


class Data:
    """Where the numbers come from."""

    true: Annotated[
        str | None,
        typer.Option(
            "--true", "-t", "--y-true", metavar="COLS|VALUES", help="True values: columns of FILES, or values."
        ),
    ] = None
    pred: Annotated[
        str | None,
        typer.Option("--pred", "-p", "--y-pred", metavar="COLS|VALUES", help="Predicted values: columns, or values."),
    ] = None
    weight: Annotated[
        str | None, typer.Option("--weight", "-w", metavar="COL|VALUES", help="Sample weights: a column, or values.")
    ] = None
    class_weight: Annotated[
        str | None, typer.Option(metavar="A=1,B=3", help="Weights of the classes, by name or in order (1/3/1).")
    ] = None
    classes: Annotated[str | None, typer.Option(metavar="A,B,...", help="Class labels in order [default: sorted].")] = (
        None
    )
    truth: Annotated[str | None, typer.Option(metavar="FILE", help="The true values are in another file.")] = None
    id: Annotated[
        str | None,
        typer.Option(
            metavar="COL",
            help="Pair --truth and FILES by this column, as exact text (1 is not 01 or 1.0). Of two sorted sides only "
            "some rows are held in memory, else all of the smaller one (of --truth, if one is a pipe).",
        ),
    ] = None
    unmatched: Annotated[
        Literal["error", "drop"], typer.Option(help="Rows that --id pairs with none: drop leaves them out.")
    ] = "error"
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FORMAT",
            help="Format of FILES [default: by suffix or content].",
            autocompletion=_sources,
        ),
    ] = None
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", "-d", metavar="CHAR", help="Delimiter of CSV [default: sniffed].")
    ] = None
    no_header: Annotated[bool, typer.Option("--no-header", "-H", help="CSV has no header: columns are @1, @2.")] = False
    decimal: Annotated[Literal[".", ","], typer.Option(help="Decimal mark of CSV.")] = "."
    missing: Annotated[Policy, typer.Option(help="Missing or non-finite values.")] = "error"
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, metavar="N", help="Cores that read large CSV [default: those this process may use]."
        ),
    ] = None


class Carried:
    """What goes along with it."""

    keep: Annotated[
        list[str] | None, typer.Option(metavar="COLS", help="Columns to carry into the samples; repeatable.")
    ] = None
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLS",
            help="One result for each group, held in memory (3 kB each), with its share of the total loss; repeatable. "
            "Bins of numbers: age/10 (of that width), age/18:40:65 (with these edges), age/q4 (4 by exact quantiles, "
            "after a first pass over the column).",
        ),
    ] = None
    group: Annotated[
        str | None, typer.Option(metavar="COL", help="The query a row belongs to, for ranking scores.")
    ] = None


class Compute:
    """What is computed of it."""

    like: Annotated[
        str | None,
        typer.Option(
            metavar="FRAMEWORK", help="Give the number of keras, torch, sklearn, ...", autocompletion=_frameworks
        ),
    ] = None
    reduction: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="mean, sum, count-mean, nonzero-mean, min, max, std, median, q95, none [default: mean]; "
            "median and quantiles hold 8 bytes a row: 64 MiB in memory, more in a temporary file (TMPDIR).",
            autocompletion=_reductions,
        ),
    ] = None


class Penalties:
    """What is added to it."""

    penalty: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SPEC=WEIGHTS",
            help="Add a penalty of a model's weights, a file or numbers: l2-penalty:l2=0.01=weights.npy; repeatable.",
        ),
    ] = None


class Engine:
    """Where it is computed."""

    engine: Annotated[
        Literal["dask"] | None,
        typer.Option(
            "--engine",
            help="Compute each of FILES on a Dask cluster and add the results: the same bits, without the samples; "
            "a file is one task, so split a large one.",
        ),
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="The cluster's scheduler, tcp://host:8786 [default: a local cluster]."),
    ] = None


class Training:
    """What a forecast's errors are measured by."""

    train: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The training series, whose naive error is the scale of mase and rmsse."),
    ] = None
    season: Annotated[
        int, typer.Option(min=1, metavar="M", help="The naive forecast of --train is the value of M steps before.")
    ] = 1


class Weights:
    """The weights of a model."""

    weights: Annotated[
        str, typer.Argument(metavar="WEIGHTS", help="A file whose numbers are the weights, or numbers: 0.5,-1.2.")
    ] = ...  # type: ignore[assignment]  # typer's way to say: required


class Show:
    """How it is shown."""

    format: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", autocompletion=_formats,
            help="table, markdown, html, csv, tsv, json, jsonl, value, metrics, github, junit, png or svg "
            "[default: table].",
        ),
    ] = None  # fmt: skip
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT[:PATH]",
            help="A further output, or PATH by suffix; repeatable; github-output adds values to $GITHUB_OUTPUT.",
            autocompletion=_formats,
        ),
    ] = None
    summary: Annotated[bool, typer.Option("--summary", help="Leave the samples out.")] = False
    rows: Annotated[int, typer.Option(min=0, metavar="N", help="Samples that a table shows.")] = 20
    worst: Annotated[
        int | None, typer.Option(min=1, metavar="K", help="Show the K largest losses instead, held in memory.")
    ] = None
    best: Annotated[int | None, typer.Option(min=1, metavar="K", help="Show the K smallest, too; alone, instead.")] = (
        None
    )
    precision: Annotated[int | None, typer.Option(min=0, metavar="N", help="Decimals of a table.")] = None
    color: Annotated[Color, typer.Option(help="Colour.")] = "auto"
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr.")] = False


def parameters(*groups: type) -> list[Parameter]:
    """Return the options of some groups as parameters of a function; help shows them under the group's docstring."""
    for group in groups:
        for kind in group.__annotations__.values():
            kind.__metadata__[0].rich_help_panel = (group.__doc__ or "").rstrip(".")
    return [
        Parameter(name, Parameter.KEYWORD_ONLY, default=group.__dict__.get(name, Parameter.empty), annotation=kind)
        if group.__dict__.get(name) is not ...
        else Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind)
        for group in groups
        for name, kind in group.__annotations__.items()
    ]


def command(function: Callable[..., Any], name: str, doc: str, options: list[Parameter]) -> Callable[..., Any]:
    """Return a function with these options as its signature, for typer to read; it passes them all to ``function``."""

    def called(**values: Any) -> Any:  # noqa: ANN401  whatever the function returns
        return function(**values)

    called.__name__, called.__doc__ = name, doc
    called.__signature__ = Signature(options)  # type: ignore[attr-defined]  # what inspect.signature reads
    called.__annotations__ = {option.name: option.annotation for option in options}
    return called
