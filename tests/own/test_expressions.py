"""``losscli expr``: what an expression means, and that nothing else can run."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused, write

from losscli.errors import UsageError
from losscli.expressions import expression
from losscli.expressions.compiler import DEEPEST, FUNCTIONS, LONGEST
from losscli.spec import bind

TRUE, PRED, WEIGHT = np.array([1.0, 2.0, -3.0]), np.array([0.5, 2.0, 4.0]), np.array([1.0, 2.0, 0.5])
DATA = ("--true", "1,2,-3", "--pred", ".5,2,4")
FACTORY = "where(y_pred > y_true, cost*(y_pred-y_true), profit*(y_true-y_pred))"


def computed(text: str, *lets: str) -> list[float]:
    loss, values = expression(text, lets)
    bound = bind(loss, given=values)
    weights = {"weight": WEIGHT} if loss.weighted else {}
    with np.errstate(all="ignore"):
        losses = loss.function(TRUE, PRED, **bound.params, **weights)
    assert losses.dtype == np.float64
    found: list[float] = losses.tolist()
    return found


# ── what it means ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y_pred - y_true", [-0.5, 0.0, 7.0]),
        ("-y_true", [-1.0, -2.0, 3.0]),
        ("+y_true * 2 / 4", [0.5, 1.0, -1.5]),
        ("y_true // 2", [0.0, 1.0, -2.0]),
        ("y_true % 2", [1.0, 0.0, 1.0]),
        ("y_true ** 2", [1.0, 4.0, 9.0]),
        ("2 ** -y_true", [0.5, 0.25, 8.0]),
        ("y_true > 0", [1.0, 1.0, 0.0]),
        ("0 < y_true < 2", [1.0, 0.0, 0.0]),
        ("y_true == y_pred", [0.0, 1.0, 0.0]),
        ("y_true != y_pred", [1.0, 0.0, 1.0]),
        ("y_true <= 1", [1.0, 0.0, 1.0]),
        ("y_true >= 2", [0.0, 1.0, 0.0]),
        ("(y_true > 0) & (y_pred > 1)", [0.0, 1.0, 0.0]),
        ("(y_true > 1) | (y_pred > 3)", [0.0, 1.0, 1.0]),
        ("~(y_true > 0)", [0.0, 0.0, 1.0]),
        ("y_true > 0 and y_pred > 1", [0.0, 1.0, 0.0]),
        ("y_true > 1 or y_pred > 3 or y_pred < 0", [0.0, 1.0, 1.0]),
        ("not y_true > 0", [0.0, 0.0, 1.0]),
        ("(y_true > 0) - (y_pred > 1)", [1.0, 0.0, -1.0]),
        ("-(y_true > 0)", [-1.0, -1.0, 0.0]),
        ("y_pred if y_true > 0 else -1", [0.5, 2.0, -1.0]),
        ("where(y_true > 0, y_pred, 0)", [0.5, 2.0, 0.0]),
        ("where(y_true - 2, 1, 0)", [1.0, 0.0, 1.0]),
        ("where(y_true > 0, y_pred > 1, True)", [0.0, 1.0, 1.0]),
        ("clip(y_pred, 1, 3)", [1.0, 2.0, 3.0]),
        ("minimum(y_true, y_pred)", [0.5, 2.0, -3.0]),
        ("max(y_true, y_pred)", [1.0, 2.0, 4.0]),
        ("round(y_pred)", [0.0, 2.0, 4.0]),
        ("isfinite(1 / (y_true - 1))", [0.0, 1.0, 1.0]),
        ("1 / (y_true - 1)", [math.inf, 1.0, -0.25]),
        ("y_true * pi", [math.pi, 2 * math.pi, -3 * math.pi]),
        ("log(e ** y_true)", [1.0, 2.0, -3.0]),
        ("minimum(y_true, inf)", [1.0, 2.0, -3.0]),
        ("weight * y_true", [1.0, 4.0, -1.5]),
        ("y_true * 0 + 1e-3", [0.001, 0.001, 0.001]),
        ("  (y_true +\n 1)  # a comment", [2.0, 3.0, -2.0]),
        ("10000000000000000000000000000000000000000 * y_true", [1e40, 2e40, -3e40]),
        ("9 ** 300 * y_true", [9.0**300, 2 * 9.0**300, -3 * 9.0**300]),
    ],
)
def test_an_expression_means_what_it_says_row_by_row(text: str, expected: list[float]) -> None:
    np.testing.assert_allclose(computed(text), expected, rtol=1e-15)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in {"min", "max", "round"}])
def test_a_function_is_numpys_own(name: str) -> None:
    arguments = ("abs(y_true)", "y_pred", "3")[: FUNCTIONS[name][0]]
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(*[np.abs(TRUE), PRED, 3][: len(arguments)])
    np.testing.assert_array_equal(computed(f"0 * y_pred + {name}({','.join(arguments)})"), 0 * PRED + expected)


def test_nan_is_known() -> None:
    assert [math.isnan(one) for one in computed("where(y_true > 1, nan, 0)")] == [False, True, False]


def test_a_let_is_a_number_of_ones_own() -> None:
    assert computed(FACTORY, "cost=1", "profit=99") == [99 * 0.5, 0.0, 7.0]
    assert computed("δ*y_true", "δ=2") == [2.0, 4.0, -6.0]


def test_rows_are_taken_element_by_element() -> None:
    rows = np.arange(6.0).reshape(3, 2)
    plain, _ = expression("y_pred - y_true")
    np.testing.assert_array_equal(np.ones((3, 2)), plain.function(rows, rows + 1))
    weighted, _ = expression("weight * y_true")
    np.testing.assert_array_equal(rows * WEIGHT[:, None], weighted.function(rows, rows, weight=WEIGHT))


@pytest.mark.parametrize(
    ("text", "lets", "name"),
    [
        (FACTORY, ["cost=1", "profit=2.5"], f"{FACTORY.replace(' ', '')}:cost=1,profit=2.5"),
        ("y_pred if y_true > 0 else 1. - y_pred", [], "y_pred if y_true>0 else 1.0-y_pred"),
        ("not (y_true == 1)", [], "not y_true==1"),
        ("(y_true)", [], "y_true"),
    ],
)
def test_an_expression_is_printed_without_blanks_and_accepted_as_it_is_printed(
    text: str, lets: list[str], name: str
) -> None:
    loss, values = expression(text, lets)
    assert bind(loss, given=values).spec == name
    again, values = expression(name)
    assert bind(again, given=values).spec == name
    assert computed(name) == computed(text, *lets)


# ── what cannot run ──────────────────────────────────────────────────────────────────────────────────────────────────

ESCAPES = """
    __import__('os').system('id')
    eval('1')
    exec('1')
    open('/etc/passwd')
    getattr(y_true, 'tofile')
    globals()
    vars()
    breakpoint()
    type(y_true)
    y_true.tofile('x')
    y_true.__class__.__mro__
    ().__class__.__bases__[0].__subclasses__()
    (1).real
    abs.__globals__
    np.load('x')
    log.outer(y_true, y_pred)
    y_true[0]
    y_true[:]
    (lambda: y_true)()
    lambda: y_true
    [y for y in y_true]
    {y for y in y_true}
    {y: y for y in y_true}
    sum(y for y in y_true)
    [y_true]
    {y_true}
    {1: y_true}
    (y_true, y_pred)
    y_true, y_pred
    (y_true := y_pred)
    y_true = 1
    y_true; y_pred
    import os
    del y_true
    f'{y_true}'
    'text' * y_true
    b'text' * y_true
    y_true + 'a'
    y_true + None
    y_true + ...
    y_true + 1j
    y_true @ y_pred
    y_true << 3
    y_true >> 3
    y_true ^ y_pred
    y_true in y_pred
    y_true is y_pred
    abs(*y_true)
    where(*y_true, 1, 2)
    abs(x=y_true)
    clip(y_true, a_min=0, a_max=1)
    abs(y_true, out=y_pred)
    abs(y_true, y_pred)
    where(y_true)
    abs()
    await y_true
    (yield y_true)
    _ + y_true
    __name__ + y_true
    __builtins__ + y_true
    y_true_ + y_true
    9**9**9 * y_true
    y_true ** 9**9
    y_true ** -99999
    y_true ** (1/0)
    y_true ** 1e5
    2 ** (3 ** 4 ** 5) * y_true
    1e999 * y_true
    y_true & y_pred
    y_true | 1
    ~y_true
    y_true > 0 & y_pred > 0
    log + y_true
    log(y_true)(y_true)
    sum(y_true)
    mean(y_true)
    random(y_true)
    print(y_true)
    y_true +
    (y_true
    y_true)
    y_true y_pred
    y_true\0
    1
    pi + e
    weight
""".strip("\n").split("\n")


@pytest.mark.parametrize("text", [one.strip() for one in ESCAPES])
def test_nothing_else_can_run(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        expression(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "-" * (LONGEST - 6) + "y_true",
        "(" * 1000 + "y_true" + ")" * 1000,
        "+".join(["y_true"] * (DEEPEST + 1)),
        "abs(" * (DEEPEST + 1) + "y_true" + ")" * (DEEPEST + 1),
        "y_true" + ".a" * 2000,
        "y_true" + "[0]" * 1300,
        "y_true" + "()" * 2000,
        "9**" * 1300 + "y_true",
        "y_true+" * LONGEST + "1",
        "y_true*" + "9" * (LONGEST - 7),
        "y_true if y_true else " * 150 + "1",
        "y_true*" + "1" * 400,
    ],
)
def test_what_is_huge_is_refused_at_once(text: str) -> None:
    with pytest.raises(UsageError):
        expression(text)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("y_true + foo", 10),
        ("  y_true + foo", 12),
        ("y_true + np.log(y_pred)", 10),
        ("abs(y_true) + y_pred[0]", 15),
        ("'ä' + y_true", 1),
        ("y_true + ä + foo", 10),
        ("y_true ** 9**9", 11),
        ("y_true +", 9),
        ("clip(y_true, 1)", 1),
    ],
)
def test_a_refusal_names_the_column(text: str, column: int) -> None:
    with pytest.raises(UsageError, match=f"^expression, column {column}: "):
        expression(text)


def test_a_refusal_in_a_later_line_names_the_line_too() -> None:
    with pytest.raises(UsageError, match=r"^expression, line 2, column 3: no name 'foo'"):
        expression("abs(y_true +\n  foo)")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("lgo(y_true)", "did you mean 'log'?"),
        ("y_tru", "did you mean 'y_true'?"),
        ("y_true * cost", "--let cost=1"),
        ("np.log(y_true)", "write log(…), not np.log(…)"),
        ("mean(y_true)", "--reduction"),
        ("y_true > 0 & y_pred > 0", "(y_true > 0) & (y_pred > 0)"),
    ],
)
def test_a_hint_says_what_to_write_instead(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        expression(text)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("let", "words"),
    [
        ("cost", "NAME=VALUE"),
        ("=1", "no name"),
        ("_cost=1", "no name"),
        ("cost_=1", "no name"),
        ("__class__=1", "no name"),
        ("a.b=1", "no name"),
        ("y_true=1", "a meaning already"),
        ("weight=1", "a meaning already"),
        ("pi=3", "a meaning already"),
        ("log=3", "a meaning already"),
        ("price=1", "does not name it"),
    ],
)
def test_a_let_that_cannot_be_meant_is_refused(let: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        expression("cost * y_true", ["cost=1", let])


@pytest.mark.parametrize("value", ["one", "", "nan", "inf", "1,5", "__import__('os')"])
def test_a_let_that_is_no_finite_number_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="expected a number"):
        computed("cost * y_true", f"cost={value}")


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_prints_each_loss_and_their_mean(tmp_path: Path) -> None:
    done = losscli("expr", FACTORY, "--let", "cost=1", "--let", "profit=99", *DATA, "-f", "csv", cwd=tmp_path)
    name = f'"{FACTORY.replace(" ", "")}:cost=1,profit=99"'
    assert done.out == f"row,y_true,y_pred,{name}\n1,1.0,0.5,49.5\n2,2.0,2.0,0.0\n3,-3.0,4.0,7.0\n"
    again = losscli("mae", "-", "-t", "y_true", "-p", "y_pred", "-f", "value", stdin=done.out, cwd=tmp_path)
    assert again.value == 2.5


def test_the_command_takes_the_options_of_data_and_output(tmp_path: Path) -> None:
    write(tmp_path, a_csv="id,real,guess,w,side\na,1,2,1,n\nb,3,5,3,n\nc,0,9,1,s\n")
    arguments = ("abs(y_pred-y_true)", "a.csv", "-t", "real", "-p", "guess", "-w", "w", "--by", "side", "--keep", "id")
    done = losscli("expr", *arguments, "-q", "-f", "json", "--reduction", "sum", cwd=tmp_path)
    found = {result["by"] and result["by"]["side"]: result["value"] for result in done.document["results"]}
    assert found == {"n": 7.0, "s": 9.0, None: 16.0}
    assert done.document["samples"][0]["id"] == "a"


@pytest.mark.parametrize("text", ["-log(abs(y_pred))", "-(y_pred)", "-y_pred", "-abs(y_pred - 1)"])
def test_an_expression_may_start_with_a_minus(text: str, tmp_path: Path) -> None:
    assert losscli("expr", text, "--true", "1", "--pred", "2", "-f", "value", cwd=tmp_path).value < 0


def test_weights_that_stand_in_the_expression_do_not_weigh_the_mean_again(tmp_path: Path) -> None:
    weights = ("-w", "1,2,0.5", "-f", "value")
    done = losscli("expr", "weight*abs(y_pred-y_true)", *DATA, *weights, cwd=tmp_path)
    assert float(done.out) == (0.5 + 0.0 + 3.5) / 3
    assert "the weights stand in the loss" in done.err
    done = losscli("expr", "abs(y_pred-y_true)", *DATA, *weights, cwd=tmp_path)
    assert (float(done.out), done.err) == ((0.5 + 0.0 + 3.5) / 3.5, "")


def test_weights_that_are_not_there_are_a_usage_error(tmp_path: Path) -> None:
    refused(losscli("expr", "weight*y_true", *DATA, cwd=tmp_path), 2, "weight", "--weight COL")


def test_a_result_that_is_no_number_is_an_error_with_its_place(tmp_path: Path) -> None:
    done = losscli("expr", "sqrt(y_true)", *DATA, "-f", "value", cwd=tmp_path)
    assert done.out == "nan\n"
    refused(done, 3, "the loss of 1 of 3 rows is not a number (first: --pred, value 3)")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["y_true.shape"], ["column 1", "attribute"]),
        (["cost*y_true", "--let", "cost=x"], ["cost", "'x'"]),
        (["y_true", "--like", "torch"], ["torch"]),
        ([], ["EXPRESSION"]),
    ],
)
def test_a_wrong_use_is_a_usage_error(arguments: list[str], words: list[str], tmp_path: Path) -> None:
    refused(losscli("expr", *arguments, *DATA, cwd=tmp_path), 2, *words)
