"""Every argument of ``evaluate`` that cannot be meant is refused as the command line refuses it."""

from __future__ import annotations

import numpy as np
import pytest

from losscli import DataError, UsageError, evaluate
from losscli.evaluation import EXAMPLES, POLICIES
from losscli.sources.missing import Missing

TRUE, PRED = [1.0, 0.0, 1.0], [0.5, 0.25, 1.0]


@pytest.mark.parametrize(
    ("arguments", "said", "hint"),
    [
        ({"missing": "dorp"}, "no policy is called 'dorp'", "did you mean 'drop'?"),
        ({"missing": "xyz"}, "no policy is called 'xyz'", "there are error, drop, propagate"),
        ({"missing": None}, "missing: expected text, received None", 'missing="drop"'),
        ({"like": "keras3"}, "no framework is called 'keras3'", "did you mean 'keras'"),
        ({"like": 3}, "like: expected text, received 3", 'like="keras"'),
        ({"reduction": "meen"}, "no reduction is called 'meen'", "did you mean 'mean'"),
        ({"reduction": 0.5}, "reduction: expected text, received 0.5", 'reduction="mean"'),
        ({"detla": 3}, "mse has no parameter 'detla'", "it takes no parameters"),
    ],
)
def test_a_keyword_that_cannot_be_meant_is_refused_with_the_way_out(
    arguments: dict[str, str], said: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        evaluate("mse", TRUE, PRED, **arguments)
    assert said in refusal.value.message
    assert hint in refusal.value.hint


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_an_argument_is_accepted(name: str) -> None:
    spec = EXAMPLES[name] if name == "spec" else "mse"
    others = {} if name == "spec" else {name: EXAMPLES[name]}
    assert evaluate(spec, TRUE, PRED, **others).value is not None


@pytest.mark.parametrize("spec", [3, None, ["mse"]])
def test_a_spec_is_text(spec: object) -> None:
    with pytest.raises(UsageError, match="spec: expected text"):
        evaluate(spec, TRUE, PRED)  # type: ignore[arg-type]  # wrong on purpose


def test_a_penalty_is_no_loss_of_predictions() -> None:
    with pytest.raises(UsageError, match="l1-penalty is of a model's weights"):
        evaluate("l1-penalty", TRUE, PRED)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_that_is_named_is_there(policy: str) -> None:
    Missing(policy).conclude(0)


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ([1, 2], "the lengths differ"),
        (2, "the lengths differ"),
        (np.ones((3, 3)), "the lengths differ"),
        (["a", "b", "c"], "not an array of numbers"),
        ([1j, 1, 1], "not an array of real numbers: complex128"),
        (np.array(["2020-01-01"] * 3, dtype="M8[D]"), "not an array of real numbers: datetime64"),
        ([1, None, 1], "weight, row 2: a missing value"),
        ([[1], [2, 3]], "the rows have different lengths"),
    ],
)
def test_weights_that_are_none_are_refused(weight: object, said: str) -> None:
    with pytest.raises(DataError, match=said):
        evaluate("mse", TRUE, PRED, weight)


@pytest.mark.parametrize("weight", [[1, 2, 3], [[1], [2], [3]], np.array([1, 2, 3], dtype=np.uint8)])
def test_weights_may_be_any_column_of_numbers(weight: object) -> None:
    assert evaluate("mse", TRUE, PRED, weight).result.weight == 6.0


@pytest.mark.parametrize("group", [["a"], "a", [["a", "b"]] * 3, [["a"], ["b", "c"], ["d"]]])
def test_the_groups_must_be_one_for_each_row(group: object) -> None:
    with pytest.raises(DataError, match=r"group has the shape|different lengths"):
        evaluate("ndcg", TRUE, PRED, group=group)


@pytest.mark.parametrize("group", [[1, 1, 2], [["a"], ["a"], ["b"]], np.array([1.5, 1.5, 2.5])])
def test_the_groups_may_be_names_or_numbers(group: object) -> None:
    assert evaluate("ndcg", TRUE, PRED, group=group).value == 1.0


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(DataError, match="the rows have different lengths"):
        evaluate("mse", [[1, 2], [3]], PRED)
