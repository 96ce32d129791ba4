"""Whatever the numbers are, an inspection ends in a report or in an error that says what is wrong."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_silence import Ears

from losscli.arrays import AnyArray
from losscli.errors import LossCliError
from losscli.formats.format import Report, View
from losscli.formats.json import Json
from losscli.inspection.inspecting import inspect
from losscli.sources.options import DataOptions

VALUES = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, 0.25, 1e-300, 1e308, -1e308, 100.0, 3.0, np.nan, np.inf, -np.inf])
SHAPES = st.sampled_from([(), (1,), (2,), (3,), (2, 2)])


@st.composite
def sides(draw: st.DrawFn) -> tuple[AnyArray, AnyArray]:
    n = draw(st.sampled_from([1, 2, 11, 120]))
    made = []
    for _ in range(2):
        shape = (n, *draw(SHAPES))
        some = draw(st.lists(VALUES, min_size=1, max_size=4))
        seed = draw(st.integers(0, 1000))
        made.append(np.random.default_rng(seed).choice(np.array(some), shape))
    return made[0], made[1]


@given(sides(), st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_numbers_of_any_shape_end_in_strict_json_or_an_error(
    tmp_path: Path,
    both: tuple[AnyArray, AnyArray],
    drop: bool,  # noqa: FBT001  drawn
) -> None:
    np.savez(tmp_path / "a.npz", y_true=both[0], y_pred=both[1])
    options = DataOptions(files=(str(tmp_path / "a.npz"),), missing="drop" if drop else "error")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report, refused = outcome(options)
        out = io.StringIO()
        Json(out, View(summary=True)).finish(report)
    assert refused or report.extra["task"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("y_true,y_pred\nyes,no\nno,\n", ["missing"]),
        ("y_true,y_pred\n1,\n,1\n2,2\n", ["missing"]),
        ("a,b\n,\n", []),
        ("y_true,y_pred\n1,2\n", []),
    ],
)
def test_words_and_gaps_end_in_a_report_or_an_error(text: str, codes: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    report, _ = outcome(DataOptions(files=(str(tmp_path / "a.csv"),)))
    assert [one["code"] for one in report.sections.get("warnings", [])] == codes


def outcome(options: DataOptions) -> tuple[Report, str]:
    """Return the report, or an empty one and the message of the error."""
    try:
        return inspect(options, Ears()), ""
    except LossCliError as refused:
        return Report([], 0, 0, []), refused.message
