"""The commands: looked up by name, and only the invoked one is built."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

import losscli
from losscli.cli.stderr import error
from losscli.errors import DataError, LossCliError, UsageError, did_you_mean

if TYPE_CHECKING:
    from inspect import Parameter

MINUS = re.compile(r"-(y_(true|pred)\b|[^-=]*\()")
"""The start of an expression that is no option: ``-y_pred``, ``-log(``."""

CYCLES = 50_000
"""After so many new objects garbage in cycles is looked for: to start makes fewer, none of them garbage."""

UsageMistake = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""What typer raises for any wrong option: the parent of ``BadParameter``, which has no public name of its own."""


def _shown() -> tuple[type, ...]:
    """Return the options of how a run is shown, which all commands that compute losses share."""
    from losscli.cli import breaking, options, picturing  # noqa: PLC0415  each command imports what it needs

    return breaking.Breakdowns, picturing.Pictures, options.Show


def _eval() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import compute, confidence, options  # noqa: PLC0415  each command imports what it needs

    data = (options.Files, options.Losses, options.Data, options.Carried)
    sure = (options.Compute, confidence.Confidence, confidence.Resampled)
    computed = (*sure, options.Penalties, options.Training, options.Engine, *_shown())
    return compute.evaluate_specs, options.parameters(*data, *computed)


def _check() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import check  # noqa: PLC0415  as above

    return check.check, check.parameters()


def _list() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import catalogue, options  # noqa: PLC0415  as above

    return catalogue.list_losses, options.parameters(catalogue.Filter)


def _show() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import catalogue, options, picturing  # noqa: PLC0415  as above

    return catalogue.show_loss, options.parameters(catalogue.Named, picturing.Shape)


def _explain() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import explaining, options  # noqa: PLC0415  as above

    groups = (explaining.Named, options.Files, options.Data, options.Carried, options.Training, explaining.Shown)
    return explaining.explain_loss, [one for one in options.parameters(*groups) if one.name not in ("keep", "by")]


def _inspect() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import inspecting  # noqa: PLC0415  as above

    return inspecting.inspect_data, inspecting.parameters()


def _expr() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import confidence, options, own  # noqa: PLC0415  as above

    data = (own.Expression, options.Files, options.Data, options.Carried)
    computed = (options.Compute, confidence.Confidence, confidence.Resampled, *_shown())
    return own.compute_expression, options.parameters(*data, *computed)


def _selftest() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import options, own  # noqa: PLC0415  as above

    return own.test_loss, options.parameters(own.Tested)


def _partial() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import options, sharding  # noqa: PLC0415  as above

    data = (options.Files, options.Losses, options.Data, options.Carried)
    found = options.parameters(*data, options.Compute, options.Training, sharding.Written)
    return sharding.write_partial, [one for one in found if one.name != "keep"]


def _merge() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import options, sharding  # noqa: PLC0415  as above

    found = options.parameters(sharding.Parts, options.Penalties, options.Show)
    return sharding.merge_parts, [one for one in found if one.name not in sharding.SAMPLES]


def _compare() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import comparing  # noqa: PLC0415  as above

    return comparing.compare, comparing.parameters()


def _verify() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import options, verifying  # noqa: PLC0415  as above

    found = options.parameters(verifying.Verified, options.Show)
    return verifying.verify, [one for one in found if one.name not in ("summary", "rows", "worst", "best")]


def _confusion() -> tuple[Callable[..., Any], list[Parameter]]:
    from losscli.cli import confusing, options  # noqa: PLC0415  as above

    return confusing.confusion_matrix, options.parameters(options.Files, options.Data, confusing.Shown)


COMMANDS: dict[str, tuple[str, Callable[[], tuple[Callable[..., Any], list[Parameter]]]]] = {
    "eval": ("Several losses in one pass over the data.", _eval),
    "check": ("Gates for CI: exit code 1 if a loss is too high or worse than before.", _check),
    "compare": ("Several predictions of the same rows: which is better, how surely, and where.", _compare),
    "confusion": ("The confusion matrix: which class was taken for which.", _confusion),
    "explain": ("Every framework's number for one loss on your data, and why they differ.", _explain),
    "expr": ("A loss written on the spot, over y_true, y_pred and weight.", _expr),
    "inspect": ("What the data is, what looks wrong with it, and which losses suit it.", _inspect),
    "list": ("The catalogue of losses.", _list),
    "merge": ("The exact sum of partial results, as one pass over all rows would give it.", _merge),
    "partial": ("The exact state of a shard, to be merged with others.", _partial),
    "selftest": ("The laws that a loss must keep, tried on your own.", _selftest),
    "show": ("One loss in full: formula, domain, parameters, names.", _show),
    "verify": ("A report computed again, and compared digit for digit.", _verify),
}


def _loss(name: str) -> tuple[str, Callable[..., Any], list[Parameter]]:
    """Return the summary, the function and the options of a loss's own command."""
    from losscli.cli import compute, confidence, options  # noqa: PLC0415  not needed for --version and --help
    from losscli.cli.parameters import of_loss  # noqa: PLC0415  as above
    from losscli.registry import Penalty, find, split  # noqa: PLC0415  as above

    one, twin, _ = find(split(name)[0])
    if isinstance(one, Penalty):
        shared = options.parameters(options.Weights, options.Show)
    else:
        training = [options.Training] if any(param.naive for param in one.params.values()) else []
        shared = options.parameters(
            options.Files, options.Data, options.Carried, options.Compute, confidence.Confidence,
            confidence.Resampled, options.Penalties, *training, options.Engine, *_shown(),
        )  # fmt: skip
    behind = compute.penalty_command if isinstance(one, Penalty) else compute.loss_command
    taken = {option.name for option in shared}
    theirs = {ours: theirs for theirs, ours in twin.takes.items()} if twin else {ours: ours for ours in one.params}
    own = of_loss(one, taken, theirs)
    renamed = [option.replace(name=theirs[option.name]) for option in own if theirs[option.name] not in taken]
    return one.doc.summary, behind(name, [option.name for option in renamed]), [*shared, *renamed]


class Command(TyperCommand):
    """A command whose help shows its options under the headings of their groups, the loss's own first."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  typer's types
        """Read the arguments; an expression may start with a minus."""
        first = [f" {one}" if MINUS.match(one) else one for one in args[:1]]
        return super().parse_args(ctx, [*first, *args[1:]])

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  typer's types
        """Write the options by group."""
        from losscli.cli.parameters import OF_LOSS  # noqa: PLC0415  not needed for --version

        sections: dict[str, list[tuple[str, str]]] = {OF_LOSS: []}
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                sections.setdefault(getattr(param, "rich_help_panel", None) or "Help", []).append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Group(TyperGroup):
    """The top level: a command for everything in ``COMMANDS`` and for every name of a loss, built on demand."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  typer's context
        """Name the commands, the losses last."""
        return [*COMMANDS, *_summaries()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002  typer's types
        """Build one command. Raises UsageError with the nearest names."""
        from losscli.cli.options import command  # noqa: PLC0415  not needed for --version

        if cmd_name in COMMANDS:
            doc, load = COMMANDS[cmd_name]
            function, options = load()
        else:
            try:
                doc, function, options = _loss(cmd_name)
            except UsageError as unknown:
                from losscli.plugins import discover  # noqa: PLC0415  packages were searched for the name

                near = did_you_mean(cmd_name, list(COMMANDS))
                raise UsageError(unknown.message, "; ".join([near, *discover()]) if near else unknown.hint) from None
        info = CommandInfo(cmd_name, cls=Command, callback=command(function, cmd_name, doc, options))
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002  typer's types
        """List the commands, then the losses by family."""
        from losscli.registry import everything  # noqa: PLC0415  only help needs them all

        summaries = _summaries()
        width = max(map(len, [*COMMANDS, *summaries]))
        sections = {"Commands": [(name, doc) for name, (doc, _) in COMMANDS.items()]}
        for one in everything():
            sections.setdefault(one.family_title, []).append((one.name, summaries[one.name]))
        for title, rows in sections.items():
            with formatter.section(title.partition(":")[0]):
                formatter.write_dl([(name.ljust(width), doc) for name, doc in rows])

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:  # noqa: ANN401  typer's types
        """Complete the name of a command or loss without building any."""
        from typer.core import CompletionItem  # type: ignore[attr-defined]  # noqa: PLC0415  typer has no public name for it

        known = {**{name: doc for name, (doc, _) in COMMANDS.items()}, **_summaries()}
        items = [CompletionItem(name, help=doc) for name, doc in known.items() if name.startswith(incomplete)]
        return items + super(TyperGroup, self).shell_complete(ctx, incomplete)


def _summaries() -> dict[str, str]:
    """Return the first line of every loss's docstring."""
    from losscli.registry import everything  # noqa: PLC0415  only help and completion need them all

    return {one.name: (one.function.__doc__ or "").partition("\n")[0].replace("`", "") for one in everything()}


def _version(asked: bool) -> None:  # noqa: FBT001  typer's callback
    if asked:
        typer.echo(losscli.__version__)
        raise typer.Exit


app = typer.Typer(
    name="losscli",
    cls=Group,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="losscli LOSS --help tells a loss's options; losscli show LOSS tells all about it.",
)


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Losses of prediction files: every sample's and the reduced value, right to the last digit."""


def run(arguments: list[str]) -> int:
    """Run a command; return its exit code."""
    gc.freeze()
    gc.set_threshold(CYCLES)
    gc.enable()
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="losscli", standalone_mode=False)
    except LossCliError as problem:
        return error(problem)
    except UsageMistake as problem:
        return _usage(problem)
    except typer.Abort:
        return 130
    except MemoryError:
        return error(DataError("out of memory", "--worst, many groups and scores of ranks hold what they saw"))
    return code if isinstance(code, int) else 0


def _usage(problem: Any) -> int:  # noqa: ANN401  typer's error, which has no public type
    """Print what typer found wrong with the options."""
    context = problem.ctx
    if type(problem).__name__ == "NoArgsIsHelpError":
        typer.echo(context.get_help())
        return 0
    path = context.command_path if context else "losscli"
    return error(UsageError(problem.format_message().rstrip("."), f"`{path} --help` shows the options"))
