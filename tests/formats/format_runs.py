"""Small runs to write down, and the text that a format makes of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from losscli.formats import FORMATS
from losscli.formats.format import Block, Cells, Record, Report, Result, View


def result(loss: str = "mse", value: float | None = 0.25, **changes: object) -> Result:
    """A result over two rows; ``changes`` are its other fields."""
    usual: dict[str, object] = {
        "loss": loss,
        "like": None,
        "reduction": "mean",
        "value": value,
        "n": 2,
        "dropped": 0,
        "weight": 2.0,
        "mean": value,
        "sum": 0.5,
        "std": 0.25,
        "min": 0.0,
        "max": 0.5,
        "signature": "s",
    }
    return Result(**{**usual, **changes})  # type: ignore[arg-type]  # the fields are of many types


def report(*results: Result, by: Sequence[str] = (), n: int = 2, **extra: object) -> Report:
    """A report of these results (one of ``mse`` if there are none)."""
    given = results or (result(),)
    return Report(list(dict.fromkeys(one.loss for one in given)), n, 0, given, by, extra)


def block(losses: Mapping[str, Sequence[float]], **columns: Cells) -> Block:
    """Some samples: ``columns`` between ``row`` and the losses."""
    rows = np.arange(1, len(next(iter(losses.values()))) + 1)
    return {"row": rows, **columns, **{spec: np.array(loss, dtype=float) for spec, loss in losses.items()}}


TWO: Block = block({"mse": [0.0, 0.5]}, y_true=np.array([1.0, 2.0]), y_pred=np.array([1.0, 2.5]))
"""Two plain samples of one loss."""


def written(
    name: str,
    blocks: Sequence[Block] = (TWO,),
    of: Report | None = None,
    view: View | None = None,
    encoding: str = "utf-8",
) -> str:
    """Return what a format writes for these samples and this report."""
    of = of or report()
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding, newline="\n")
    form = FORMATS[name]()(out, view or View())
    form.start(list(blocks[0]), [spec for spec in of.losses if spec in blocks[0]])
    for one in blocks:
        form.samples(one)
    form.finish(of)
    out.flush()
    return raw.getvalue().decode(encoding)


WORDS = [name for name in FORMATS if name not in ("png", "svg")]
"""The formats that write what they are given in words, and not only what is in its pictures."""
SUMMARY = View(summary=True)
"""How commands with sections ask for records."""


def gate(name: str = "mse<=0.3", verdict: str = "pass", **more: object) -> Record:
    """A gate as ``losscli check`` records it."""
    usual = {"value": 0.25, "bound": 0.3, "baseline": None, "difference": None, "interval": None, "p": None}
    return {"gate": name, "by": None, "verdict": verdict, **usual, "n": 2, "reason": "", **more}


def gated(*gates: Record, verdict: str = "pass", inconclusive: str = "warn") -> Report:
    """A report with a section of gates."""
    return replace(report(verdict=verdict, inconclusive=inconclusive), sections={"gates": gates or (gate(),)})
