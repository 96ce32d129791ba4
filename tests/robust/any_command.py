"""Commands that compute, with any loss, any options and numbers at the ends of what a float64 can hold."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from losscli.formats import FORMATS
from losscli.registry import everything

EDGES = [
    *["0", "1", "2", "3", "10", "-1", "0.5", "-0", "1.0", "5e-324", "1e-300", "1e308", "-1e308", "0.9999999999999999"],
    *["100000", "1e12", "4503599627370496", "9007199254740993"],
]
STRANGE = ["", "nan", "inf", "-inf", "1e400", "a", "true", "é", "::error::x", "\x1b[31m"]
CELLS: list[st.SearchStrategy[str]] = [
    st.sampled_from("01"),
    st.sampled_from("0123"),
    st.sampled_from("abc"),
    st.floats(0, 1).map(repr),
    st.floats(-10, 10).map(repr),
    st.sampled_from(EDGES),
    st.sampled_from(EDGES + STRANGE),
]
NAMES = [one.name for one in everything()]
SHOWN = [name for name in FORMATS if name not in ("png", "svg", "github-summary", "github-output")]
LIKES = "keras keras2 tensorflow torch sklearn optax xgboost lightgbm catboost".split()


class Asked(NamedTuple):
    """A table and the command that reads it."""

    table: str
    arguments: list[str]


def option(name: str, *values: str) -> st.SearchStrategy[list[str]]:
    """Draw an option with one of some values, or, mostly, nothing."""
    return st.one_of(st.just([]), st.just([]), st.sampled_from(values).map(lambda value: [name, value]))


OF_DATA = [
    option("-w", "w"),
    option("--missing", "drop", "propagate"),
    option("--classes", "a,b,c", "c,b,a", "0,1", "1,2,3", "0,1,2,3"),
    option("--class-weight", "1/2", "1/2/3", "a=1,b=2,c=3", "0=1,1=3", "0/0"),
]
OF_RESULTS = [
    option("--by", "g"),
    option("--group", "g"),
    option("--keep", "g"),
    option("--like", *LIKES),
    option("--reduction", "sum", "median", "q90", "std", "min", "max", "none", "count-mean", "nonzero-mean"),
    option("--worst", "1", "3"),
    option("-f", *SHOWN),
]
COMMANDS = ["LOSS", "eval", "eval", "eval", "partial", "explain", "confusion", "inspect", "check"]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Draw a table and a command."""
    rows, width = draw(st.sampled_from([0, 1, 1, 2, 3, 5, 8])), draw(st.sampled_from([1, 1, 1, 2, 3, 4]))
    true = draw(st.sampled_from([["y_true"], ["y_true"], [f"t{i}" for i in range(width)]]))
    pred = ["y_pred"] if width == 1 else [f"p{i}" for i in range(width)]
    kinds = [draw(st.sampled_from(CELLS)) for _ in range(4)]
    cells = [kinds[0]] * len(true) + [kinds[1]] * len(pred) + kinds[2:]
    columns = [draw(st.lists(kind, min_size=rows, max_size=rows)) for kind in cells]
    lines = [",".join(line) for line in [[*true, *pred, "w", "g"], *zip(*columns, strict=True)]]
    command, loss = draw(st.sampled_from(COMMANDS)), draw(st.sampled_from(NAMES))
    data = ["a.csv", "-t", ",".join(true), "-p", ",".join(pred), *[part for one in OF_DATA for part in draw(one)]]
    results = [part for one in OF_RESULTS for part in draw(one)]
    arguments = {
        "LOSS": [loss, *data, *results],
        "eval": ["eval", *data, "-l", loss, "-l", draw(st.sampled_from(NAMES)), *results],
        "partial": ["partial", *data, "-l", loss],
        "explain": ["explain", loss, *data],
        "check": ["check", *data, "--max", f"{loss}={draw(st.sampled_from(['0.5', 'nan', 'inf']))}"],
    }.get(command, [command, *data])
    return Asked("\n".join([*lines, ""]), arguments)
