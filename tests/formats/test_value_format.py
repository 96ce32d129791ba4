from __future__ import annotations

import pytest
from format_runs import block, report, result, written

from losscli.formats.format import Report, View

NONE = View(unreduced=True)
ONE = report(result(value=0.1))
TWO_LOSSES = report(result("mse", 1 / 3), result("huber:delta=2", 1.0))
GROUPS = report(result(value=3.0), result(value=1.0, by={"a": "x", "b": "p\tq"}), by=["a", "b"])


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (ONE, "0.1\n"),
        (report(result(value=float("nan"))), "nan\n"),
        (report(result(value=float("-inf"))), "-inf\n"),
        (TWO_LOSSES, "mse\t0.3333333333333333\nhuber:delta=2\t1.0\n"),
        (GROUPS, "x\tp\\tq\t1.0\n-\t-\t3.0\n"),
    ],
    ids=["bare", "nan", "minus infinity", "named", "grouped, the total last"],
)
def test_a_value_is_printed_with_all_its_digits_and_only_what_names_it(of: Report, expected: str) -> None:
    assert expected == written("value", of=of)


def test_without_a_reduction_every_loss_is_a_value() -> None:
    assert written("value", of=report(result(value=None)), view=NONE) == "0.0\n0.5\n"


def test_without_a_reduction_several_losses_are_named_sample_by_sample() -> None:
    samples = block({"mse": [0.0, 0.5], "mae": [1.0, 2.0]})
    of = report(result("mse", None), result("mae", None))
    assert written("value", [samples], of, NONE) == "mse\t0.0\nmae\t1.0\nmse\t0.5\nmae\t2.0\n"
