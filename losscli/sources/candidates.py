"""The predictions that are compared: several files, or several columns of one."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import replace

from losscli.errors import UsageError
from losscli.sources.options import DataOptions, Needs
from losscli.sources.roles import select
from losscli.sources.sides import open_sides
from losscli.sources.together import options_of


def sources(data: DataOptions, needs: Needs) -> list[tuple[str, DataOptions]]:
    """Return the candidates: what each is called, and where it stands, the first with all that was asked for.

    Raises:
        UsageError: there are not two of them, or one would have to be read twice and cannot be.
        DataError: a column is not there.
    """
    if not data.files:
        raise UsageError("nothing to compare: no file is named", "losscli compare old.csv new.csv -l mse")
    if len(data.files) > 1:
        _refuse_streams([name for name in (*data.files, data.truth) if name == "-"], at_most=1)
        _refuse_streams([data.truth] if data.truth else [], at_most=0)
        return [
            (name, replace(data if i == 0 else options_of(data, [name]), files=(name,), missing="propagate"))
            for i, name in enumerate(data.files)
        ]
    if data.pred:
        _refuse_streams([name for name in (*data.files, data.truth) if name], at_most=0)
    names = columns(data, needs)
    return [
        (name, replace(data if i == 0 else options_of(data, data.files), pred=name, missing="propagate"))
        for i, name in enumerate(names)
    ]


def columns(data: DataOptions, needs: Needs) -> list[str]:
    """Return the candidates that --pred names: columns of one file, or several for each if ``;`` stands between.

    Raises UsageError if there are not two.
    """
    asked = data.pred or ""
    found = [one.strip() for one in asked.split(";") if one.strip()]
    if data.pred and len(found) == 1:
        table = open_sides(data, needs)[1].first
        found = list(select(asked, table.columns, source=table.name, option="--pred"))
    if len(found) < 2:  # noqa: PLR2004  one alone is compared with nothing
        raise UsageError(
            f"nothing to compare {data.files[0]} with",
            "name a second file, or several columns of this one: --pred model_a,model_b",
        )
    return found


def _refuse_streams(names: Sequence[str], *, at_most: int) -> None:
    """Raise UsageError for a stream that several candidates need: each reads its files by itself."""
    streams = [name for name in names if name == "-" or (os.path.exists(name) and stat.S_ISFIFO(os.stat(name).st_mode))]  # noqa: PTH110, PTH116  pathlib costs start-up
    if len(streams) > at_most:
        what = "stdin" if streams[0] == "-" else streams[0]
        raise UsageError(f"{what} can be read only once, and every candidate needs it", "write it to a file first")
