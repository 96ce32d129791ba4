"""``--engine``: the same run as a map over files and a tree of sums, on a cluster.

What runs on the workers is what ``losscli partial`` and ``losscli merge`` do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from losscli.cli import compute, sharding, stderr
from losscli.errors import DataError, UsageError
from losscli.merging import Merger
from losscli.outputs import Outputs
from losscli.partials import Place
from losscli.registry import Declared
from losscli.sources.paths import expanded

SAMPLES: Mapping[str, str] = {
    "worst": "--worst",
    "best": "--best",
    "keep": "--keep",
    "plot": "--plot",
    "breakdown": "--breakdown",
    "hist": "--hist",
}
"""Options that ask for samples, which stay on the workers."""


def on_dask(
    specs: Sequence[str | Declared], given: Mapping[str, object], options: dict[str, Any], scheduler: str | None
) -> int:
    """Compute the losses of many files on a Dask cluster; return the exit code."""
    files = _files(options)
    named = [str(spec) for spec in specs]
    bounds, _ = compute.bind_losses(compute.scaled(named, given, dict(options)), given, options)
    own = [bound.spec for bound in bounds]
    add_penalties = compute.penalties(options.pop("penalty", None) or ())
    notes = stderr.Notes(quiet=options["quiet"], verbose=options["verbose"])
    merger = Merger(own, repeats=True)
    shown = {**options, **sharding.SAMPLES}
    with Outputs(compute.targets(options), compute.view(shown), stdout=sys.stdout, inputs=files) as outputs:
        from losscli.engines import dask  # noqa: PLC0415  once everything else is known to be right

        line = dask.reduced(partial(_map, named, given, options), partial(_add, own), files, scheduler)
        merger.add(line.encode(), Place("the sum", 1))
        return compute.conclude(merger.whole(), add_penalties(merger.report()), notes, outputs)


def _files(options: Mapping[str, Any]) -> list[str]:
    """Return the files, one for each task. Raises UsageError for what cannot be split among machines."""
    if options.get("ci"):
        raise UsageError("--ci holds all rows, and --engine leaves them on the workers", "leave one of them out")
    asked = [name for key, name in SAMPLES.items() if options.get(key)]
    if asked or options["reduction"] == "none":
        name = asked[0] if asked else "--reduction none"
        raise UsageError(f"{name} shows samples, and --engine gives the reduced values alone", "leave one of them out")
    if not options["files"] or "-" in options["files"]:
        raise UsageError("--engine reads files, which workers can open", "name the files, or a glob: 'preds/*.csv'")
    if options["truth"]:
        raise UsageError("--truth pairs whole data sets, and --engine splits them", "join the files first")
    files = expanded(options["files"], any_suffix=options["from_"] is not None)
    return [one if "://" in one else os.path.abspath(one) for one in files]  # noqa: PTH100  it is a URL, or a path as typed


def _map(specs: Sequence[str], given: Mapping[str, object], options: Mapping[str, Any], file: str) -> str:
    """Return the partial result of one file: what a worker does. Raises DataError naming the file."""
    if "://" not in file and not os.access(file, os.R_OK):
        from socket import gethostname  # noqa: PLC0415  only for the message

        raise DataError(
            f"{file} cannot be read on {gethostname()}", "workers need it under the same path: in a shared folder"
        )
    alone = {**options, "files": [file], "jobs": 1}  # the cluster gives each core a file of its own
    line, _ = sharding.shard(specs, given, alone, stderr.Notes(quiet=True, verbose=False))
    return line


def _add(own: Sequence[str], lines: Sequence[str]) -> str:
    """Return the sum of some partial results."""
    merger = Merger(own, repeats=True)
    for number, line in enumerate(lines, 1):
        merger.add(line.encode(), Place("the parts", number))
    return merger.line()
