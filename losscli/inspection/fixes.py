"""The way out of a warning, as a command that can be pasted."""

from __future__ import annotations

from dataclasses import replace
from shlex import join, quote
from typing import TYPE_CHECKING

from losscli.sources.options import DataOptions

if TYPE_CHECKING:
    from losscli.inspection.evidence import Evidence

CARRIERS = {
    (False, False): "mse", (True, True): "mse", (False, True): "ce:from_logits", (True, False): "mse",
}  # fmt: skip
"""A loss that takes any numbers of these shapes (rows or not), so that its samples can be had as they are."""
AWK = r"awk -F'\t' -v OFS='\t' -v CONVFMT=%.17g -v OFMT=%.17g"


def again(options: DataOptions, loss: str = "") -> str:
    """Return ``losscli inspect`` with these options.

    >>> again(DataOptions(files=("a b.csv",), pred="p", missing="drop"), "bce:from_logits")
    "losscli inspect 'a b.csv' --pred p --missing drop -l bce:from_logits"
    """
    return f"losscli inspect {_arguments(options)}" + (f" -l {quote(loss)}" if loss else "")


def changed(found: Evidence, *, loss: str = "", **changes: object) -> str:
    """Return ``losscli inspect`` with some options changed: true, pred, classes, missing, id or another loss."""
    asked = loss or (found.loss.spec if found.loss else "")
    return again(replace(found.options, **changes), asked)  # type: ignore[arg-type]  # fields of DataOptions


def with_points(options: DataOptions, loss: str) -> str:
    """Return commands that write points into quoted numbers of a file whose delimiter is the comma, and inspect it.

    Nothing for several files, or for a compressed one.
    """
    plain = len(options.files) == 1 and not options.truth and options.files[0].lower().endswith((".csv", "-"))
    if not plain:
        return ""
    file = f" {quote(options.files[0])}" if options.files[0] != "-" else ""
    reading = again(replace(options, files=("-",), format="csv"), loss)
    return rf"""sed -E 's/"([+-]?[0-9]+),([0-9]+([eE][+-]?[0-9]+)?)"/\1.\2/g'{file} | {reading}"""


def through(found: Evidence, program: str = "") -> str:
    r"""Return commands that write the pairs as they are, change their numbers by awk, and inspect what comes out.

    The fields are the row's number, the true values, the predictions and the loss.
    """
    middle = f" | {AWK} {quote(program)}" if program else ""
    return f"{_written(found)}{middle} | {_read(found)}"


def resorted(found: Evidence, key: str, side: str) -> str:
    """Return commands that put one side, ``truth`` or ``predictions``, into the order of a column, and inspect that."""
    first, last = (field + 1 for field in fields(found))  # the kept column stands before them
    true, pred = range(3, first), range(first, last + 1)
    header = [f"y_true_{i}" for i in range(len(true))] if len(true) > 1 else ["y_true"]
    header += [f"y_pred_{i}" for i in range(len(pred))] if len(pred) > 1 else ["y_pred"]
    left, right = (r'"\t"'.join(f"${i}" for i in one) for one in (true, pred))
    places = ("NR", "$1") if side == "truth" else ("$1", "NR")
    title = r"\t".join(header)
    program = (
        f'BEGIN{{print "{title}"}}{{t[{places[0]}]={left};p[{places[1]}]={right}}}'
        "END{for(i=1;i<=NR;i++)print t[i],p[i]}"
    )
    sort = r"tail -n +2 | LC_ALL=C sort -t$'\t' -k2,2g"
    return f"{_written(found)} --keep {quote(key)} | {sort} | {AWK} {quote(program)} | {_read(found)}"


def _written(found: Evidence) -> str:
    """Return the command that writes the pairs as they are."""
    rows = (found.summary.true.rows, found.summary.pred.rows)
    loss = "bce:from_logits" if found.texts[0] and not rows[1] else CARRIERS[rows]
    if found.task in ("intervals", "quantiles", "ensemble", "normal"):
        loss = "crps"
    options = replace(found.options, missing="drop") if found.summary.incomplete else found.options
    return f"losscli eval {_arguments(options)} -l {loss} -q -f tsv"


def _read(found: Evidence) -> str:
    order = f" --classes {quote(','.join(found.options.classes))}" if found.options.classes else ""
    asked = f" -l {quote(found.loss.spec)}" if found.loss else ""
    return f"losscli inspect - --from tsv --true 'y_true*' --pred 'y_pred*'{order}{asked}"


def fields(found: Evidence) -> tuple[int, int]:
    """Return the first and the last field of the predictions in what ``through`` writes."""
    first = 2 + (found.summary.true.width if found.summary.true.rows else 1)
    return first, first + found.summary.pred.width - 1


def _arguments(options: DataOptions) -> str:
    typed = {
        "true": options.true, "pred": options.pred, "weight": options.weight, "truth": options.truth,
        "id": options.id, "unmatched": options.unmatched if options.unmatched != "error" else None,
        "from": options.format, "delimiter": _tab(options.delimiter),
        "decimal": options.decimal if options.decimal != "." else None,
        "missing": options.missing if options.missing != "error" else None,
        "classes": ",".join(options.classes) if options.classes else None,
        "class-weight": ",".join(f"{name}={weight!r}" for name, weight in options.class_weight.items()) or None,
    }  # fmt: skip
    words = [*options.files] if options.files or options.true is not None else ["-"]
    words += ["--no-header"] * (not options.header)
    for name, value in typed.items():
        if value is not None:
            words += [f"--{name}={value}"] if value.startswith("-") else [f"--{name}", value]
    return join(words)


def _tab(delimiter: str | None) -> str | None:
    return "tab" if delimiter == "\t" else delimiter
