"""``verify``: a report computed again, and compared digit for digit.

No ``from __future__ import annotations`` here: the annotations are the data that typer reads.
"""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Annotated, Any

import typer

from losscli.cli import compute, stderr
from losscli.cli.replayed import Inputs
from losscli.errors import DataError, LossCliError
from losscli.formats.format import Report
from losscli.outputs import Outputs
from losscli.reproduced import compared, other_version, read


class Verified:
    """The report."""

    report: Annotated[str, typer.Argument(metavar="REPORT", help="What -o json:report.json wrote.")] = ...  # type: ignore[assignment]  # typer's way to say: required
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILES]...", help="The data [default: the files that it names].")
    ] = None
    losses: Annotated[
        list[str] | None,
        typer.Option("--loss", "-l", metavar="SPEC", help="A loss of your own whose code may run; repeatable."),
    ] = None


def verify(*, report: str, files: list[str] | None, losses: list[str] | None, **shown: Any) -> int:  # noqa: ANN401  what typer read
    """Compute a report again; the exit code is 1 if anything differs."""
    notes = stderr.Notes(quiet=shown["quiet"], verbose=shown["verbose"])
    view = compute.view({**shown, "summary": True, "rows": 20, "worst": None})
    with Outputs(compute.targets(shown), view, stdout=sys.stdout, inputs=[report, *(files or ())]) as outputs:
        reported = read(report)
        recomputed = _again(report, Inputs(report, reported, losses or ()).command(files))
        found = compared(reported, recomputed)
        for text in other_version(report, reported):
            notes.say(text)
        differs = any(one["verdict"] == "fail" for one in found)
        n, dropped = recomputed["n"], recomputed["dropped"]
        verdict = "fail" if differs else "pass"
        with stderr.verdict_stays(int(differs)):
            outputs.finish(Report([], n, dropped, [], sections={"verified": found}, extra={"verdict": verdict}))
    return int(differs)


def _again(path: str, command: Callable[[], int]) -> dict[str, Any]:
    """Run a command; return the document that it writes. Raises DataError saying why there is none."""
    out, said = StringIO(), StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(said):
            command()
    except LossCliError as problem:
        raise DataError(f"{path} cannot be computed again: {problem.message}", problem.hint) from None
    found: dict[str, Any] = json.loads(out.getvalue())
    return found
