"""``./file.py:function``: a user's own loss, on the command line and in Python."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import pytest
from console import losscli, refused, write

from losscli import DataError, LossCliError, UsageError, evaluate
from losscli.keywords import read
from losscli.plugins import reference
from losscli.registry import LOSSES, NAMES, Param, load_all, split

MINE = '''"""Losses of the shop."""
from typing import Annotated
import numpy as np
from losscli.domains import CLASS, CLASS_PROBABILITIES
from losscli.registry import Param, loss


def my_loss(y_true, y_pred, *, my_parameter=1.0, power: int = 2, strict=False):
    """Absolute error to a power.

    >>> np.e
    """
    return my_parameter * np.abs(y_true - y_pred) ** (1 if strict else power)


@loss(true=CLASS, pred=CLASS_PROBABILITIES)
def cost(y_true, y_pred, *, k: Annotated[float, Param("Cost of a sure mistake.", gt=0)] = 1.0):
    """Cost of the wrong class."""
    return k * (1 - y_pred[np.arange(len(y_true)), y_true.astype(int)])


def of_rows(y_true, y_pred):
    return np.abs(y_true - y_pred).max(axis=1) if y_true.ndim > 1 else y_pred[:, 0] - y_true

'''
DATA = ("--true", "1,2,3", "--pred", "2,2,5")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    return tmp_path


def assert_told(kind: type[LossCliError], spec: str, words: list[str]) -> None:
    """Check that a loss is refused with an error of a kind, which holds these words and a hint."""
    with pytest.raises(kind) as caught:
        evaluate(spec, [1, 2, 3], [2, 2, 5])
    said = f"{caught.value.message}\n{caught.value.hint}"
    assert [word for word in words if word not in said] == [], said
    assert caught.value.hint


def value(*arguments: str, cwd: Path) -> float:
    return losscli(*arguments, "-f", "value", cwd=cwd).value


# ── what it computes ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_parameters_of_the_function_are_options(mine: Path) -> None:
    assert value("./mine.py:my_loss", *DATA, cwd=mine) == 5 / 3
    assert value("./mine.py:my_loss", *DATA, "--my-parameter", "3", "--power", "1", cwd=mine) == 3.0
    assert value("./mine.py:my_loss", *DATA, "--strict", cwd=mine) == 1.0


def test_a_file_is_read_as_for_any_other_loss(mine: Path) -> None:
    write(mine, a_csv="id,y_true,y_pred\na,1,2\nb,3,5\n")
    done = losscli("./mine.py:my_loss", "a.csv", "-q", "--keep", "id", "-f", "csv", cwd=mine)
    assert done.out == "row,id,y_true,y_pred,./mine.py:my_loss\n1,a,1.0,2.0,1.0\n2,b,3.0,5.0,4.0\n"


@pytest.mark.parametrize("name", ["./mine.py:my_loss", "mine.py:my_loss", "../{folder}/mine.py:my_loss"])
def test_the_printed_spec_is_the_reference_and_is_accepted_again(name: str, mine: Path) -> None:
    spec = f"{name.format(folder=mine.name)}:my_parameter=3,power=1,strict"
    done = losscli("eval", "-l", spec, "-l", "mse", *DATA, "-f", "value", "--reduction", "sum", cwd=mine)
    assert done.out == f"{spec}\t9.0\nmse\t5.0\n"
    assert value("eval", "-l", done.out.split("\t")[0], *DATA, cwd=mine) == 3.0


def test_the_same_number_comes_from_python(mine: Path) -> None:
    spec = f"{mine}/mine.py:my_loss:power=1"
    result = evaluate(spec, [1, 2, 3], [2, 2, 5], my_parameter=3)
    assert (result.value, result.losses.tolist()) == (3.0, [3.0, 0.0, 6.0])
    assert result.result.loss == f"{spec},my_parameter=3"


def test_what_the_file_prints_goes_to_stderr(tmp_path: Path) -> None:
    write(tmp_path, f_py="print('loading')\ndef f(y_true, y_pred):\n    print('computing')\n    return y_true")
    done = losscli("./f.py:f", *DATA, "-f", "value", cwd=tmp_path)
    assert (done.out, done.err) == ("2.0\n", "loading\ncomputing\n")


def test_the_docstring_is_the_help_and_its_example_is_shown_as_it_stands(mine: Path) -> None:
    text = losscli("./mine.py:my_loss", "--help", cwd=mine).out
    assert "Absolute error to a power." in text
    assert "--my-parameter FLOAT" in text
    assert "--power INT" in text
    assert "--strict / --no-strict" in text
    shown = losscli("show", "./mine.py:my_loss", cwd=mine)
    assert shown.code == 0
    assert ">>> np.e" in shown.out


def test_a_declared_loss_is_held_to_its_declaration(mine: Path) -> None:
    names = ("--true", "yes,no", "--classes", "no,yes", "--pred", ".2,.8;.7,.3")
    assert value("./mine.py:cost", *names, "--k", "2", cwd=mine) == pytest.approx(0.5)
    refused(losscli("./mine.py:cost", *names, "--k", "0", cwd=mine), 2, "k", "> 0", "Cost of a sure mistake.")
    refused(losscli("./mine.py:cost", "--true", "0", "--pred", "3,1", cwd=mine), 3, "3.0", "a probability")


@pytest.mark.parametrize(("true", "expected"), [("1,2;3,4", 1.5), ("1,3", 0.5)])
def test_a_plain_function_takes_rows_beside_rows_and_beside_single_numbers(
    true: str, expected: float, mine: Path
) -> None:
    assert value("./mine.py:of_rows", "--true", true, "--pred", "2,2;3,6", cwd=mine) == expected


def test_a_plain_function_is_not_given_what_would_be_broadcast(mine: Path) -> None:
    refused(losscli("./mine.py:my_loss", "--true", "1,2;3,4", "--pred", "1,2", cwd=mine), 3)
    with pytest.raises(DataError):
        evaluate(f"{mine}/mine.py:my_loss", [[1.0, 2.0]], [[1.0, 2.0, 3.0]])


def test_a_file_can_import_from_its_folder_but_not_replace_a_library(tmp_path: Path) -> None:
    write(tmp_path, prices_py="COST = 7", json_py="raise SystemExit", csv_py="raise SystemExit")
    write(tmp_path, shop_py="import json\nfrom prices import COST\ndef f(y_true, y_pred):\n    return COST * y_true")
    assert value(f"{tmp_path.name}/shop.py:f", "--true", "1", "--pred", "1", cwd=tmp_path.parent) == 7.0


def test_a_file_leaves_no_compiled_file_behind(mine: Path) -> None:
    losscli("./mine.py:my_loss", *DATA, cwd=mine)
    assert [path.name for path in mine.iterdir()] == ["mine.py"]


def test_a_file_that_changed_is_run_anew(tmp_path: Path) -> None:
    for number in (1.0, 2.0):
        write(tmp_path, f_py=f"def f(y_true, y_pred):\n    return y_true * {number}")
        assert evaluate(f"{tmp_path}/f.py:f", [1.0], [1.0]).value == number


# ── what it leaves alone ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reference_adds_nothing_to_the_registry(mine: Path) -> None:
    load_all()
    before = [*LOSSES], [*NAMES]
    assert reference(f"{mine}/mine.py:cost").name == f"{mine}/mine.py:cost"
    assert ([*LOSSES], [*NAMES]) == before


@pytest.mark.parametrize("name", ["mse", "MeanSquaredError", "mean_squared_error"])
def test_a_declared_loss_cannot_take_a_name_of_losscli(name: str, tmp_path: Path) -> None:
    source = MINE.partition("def my_loss")[0] + f"\n@loss(true=CLASS, pred=CLASS)\ndef {name}(y_true, y_pred): ..."
    write(tmp_path, taken_py=source)
    refused(losscli(f"./taken.py:{name}", *DATA, cwd=tmp_path), 2, "./taken.py, line 9", "mse", "another name")
    assert value("mse", *DATA, cwd=tmp_path) == 5 / 3


def test_a_function_cannot_change_the_data_that_other_losses_see(tmp_path: Path) -> None:
    write(tmp_path, f_py="def f(y_true, y_pred):\n    y_pred -= y_true\n    return y_pred")
    refused(losscli("eval", "-l", "./f.py:f", "-l", "mse", *DATA, cwd=tmp_path), 3, "./f.py, line 2", "read-only")


@pytest.mark.parametrize("command", [("mse",), ("eval", "-l", "mse"), ("list",), ("show", "mse")])
def test_no_file_is_run_but_the_one_that_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    loud = "import sys\nsys.stderr.write('ran')"
    write(tmp_path, mse_py=loud, losscli_py=loud, sitecustom_py=loud)
    data = DATA if command[0] in {"mse", "eval"} else ()
    assert "ran" not in losscli(*command, *data, cwd=tmp_path).err


@pytest.mark.parametrize("name", ["mine", "./mine.py", "mine.my_loss", "mine:my_loss", "./mine.pyc:f", "./mine:f"])
def test_only_a_path_with_its_suffix_and_a_function_runs_python(name: str, mine: Path) -> None:
    write(mine, mine_py="import sys\nsys.stderr.write('ran')")
    done = losscli(name, *DATA, cwd=mine)
    refused(done, 2, "no loss is called")
    assert "ran" not in done.err


@pytest.mark.parametrize(("body", "code"), [("import nosuchmodule", 2), ("def f(t, p): return 1 / 0", 3)])
def test_a_fault_of_the_file_is_no_bug_of_losscli(body: str, code: int, tmp_path: Path) -> None:
    write(tmp_path, f_py=body)
    refused(losscli("./f.py:f", *DATA, cwd=tmp_path), code, "./f.py, line 1")


# ── what is wrong with it ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("./min.py:my_loss", ["./min.py: No such file", "did you mean 'mine.py'"]),
        ("./nowhere/mine.py:my_loss", ["./nowhere/mine.py: No such file"]),
        ("./folder.py:f", ["./folder.py: Is a directory"]),
        ("./mine.py:my_los", ["'my_los'", "did you mean 'my_loss'"]),
        ("./mine.py:", ["no function ''", "my_loss, cost, of_rows"]),
        ("./mine.py:np", ["no function 'np'"]),
        ("./mine.py:CLASS", ["no function 'CLASS'"]),
        ("./mine.py:my_loss:powr=2", ["powr", "did you mean 'power'"]),
        ("./mine.py:my_loss:power=1.5", ["power", "a whole number", "1.5"]),
    ],
)
def test_a_reference_to_nothing_is_a_usage_error(
    name: str, words: list[str], mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine / "folder.py").mkdir()
    monkeypatch.chdir(mine)
    assert_told(UsageError, name, words)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\n\nimport nosuchmodule", ["line 3: ModuleNotFoundError", "nosuchmodule", "python ./f.py"]),
        ("def f(:", ["line 1: SyntaxError"]),
        ("x = 1\n\n1 / 0", ["line 3: ZeroDivisionError"]),
        ("\nraise SystemExit(3)", ["line 2: SystemExit: 3"]),
        ("def g():\n    raise KeyError('k')\n\ng()", ["line 2: KeyError"]),
        ("\0", ["./f.py"]),
        ("x = '\xff'".encode("latin-1"), ["./f.py", "SyntaxError"]),
        ("f = 3", ["no function 'f'"]),
        ("def f(y_true): ...", ["line 1", "y_true", "y_pred"]),
        ("def f(y_true, y_pred, way): ...", ["line 1", "way", "annotate it"]),
        ("def f(y_true, y_pred, way=None): ...", ["line 1", "way", "annotate it"]),
        ("\n\ndef f(y_true, y_pred, way: list[str] = []): ...", ["line 3", "way", "annotate it"]),
        ("def f(y_true, y_pred, way: {} = 1): ...", ["line 1", "way"]),
        ("def f(y_true, y_pred, way: 'Nowhere' = 1): ...", ["line 1", "Nowhere"]),
        ("from numpy import hypot as f", ["cannot be read"]),
        ("def f(y_true, y_pred, way: float): ...", ["needs way"]),
    ],
)
def test_a_file_that_cannot_be_used_is_a_usage_error_with_its_line(
    source: str | bytes, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, f_py=source)
    monkeypatch.chdir(tmp_path)
    assert_told(UsageError, "./f.py:f", words)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 1 / 0", ["./f.py, line 7: ZeroDivisionError", "losscli selftest ./f.py:f"]),
        ("return helper()", ["./f.py, line 4: KeyError: 'k'"]),
        ("return np.linalg.inv(y_true)", ["./f.py, line 7: LinAlgError"]),
        ("raise SystemExit(0)", ["./f.py, line 7: SystemExit: 0"]),
        ("return [[1], [1, 2], [3]]", ["./f.py:f returned no array", "inhomogeneous"]),
        ("return np.mean(y_true)", ["a single number", "3 samples", "return one loss for each sample"]),
        ("return y_true[:2]", ["(2,)", "3 samples", "(3,)"]),
        ("return y_true[:, None] - y_pred", ["(3, 3)", "3 samples"]),
        ("pass", ["NoneType"]),
        ("return ['a', 'b', 'c']", ["<U1"]),
        ("return y_true * 1j", ["complex128"]),
    ],
)
def test_a_function_that_fails_or_returns_no_losses_is_an_error_in_the_data(
    body: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path,
        f_py=f"import numpy as np\n\ndef helper():\n    raise KeyError('k')\n\ndef f(y_true, y_pred):\n    {body}\n",
    )
    monkeypatch.chdir(tmp_path)
    assert_told(DataError, "./f.py:f", words)


@pytest.mark.parametrize(
    "result", ["y_true > 1", "[0, 1, 1]", "(y_true > 1).astype('f4')", "(y_true > 1).astype('i1')"]
)
def test_any_numbers_become_float64(result: str, tmp_path: Path) -> None:
    write(tmp_path, f_py=f"def f(y_true, y_pred):\n    return {result}")
    losses = evaluate(f"{tmp_path}/f.py:f", [1, 2, 3], [1, 1, 1]).losses
    assert (str(losses.dtype), losses.tolist()) == ("float64", [0.0, 1.0, 1.0])


@pytest.mark.parametrize(("number", "what"), [("np.nan", "not a number"), ("np.inf", "infinite")])
def test_a_loss_that_is_no_finite_number_is_printed_and_told_with_its_place(
    number: str, what: str, tmp_path: Path
) -> None:
    write(tmp_path, f_py=f"import numpy as np\ndef f(y_true, y_pred):\n    return np.where(y_true == 2, {number}, 1)")
    done = losscli("./f.py:f", *DATA, "-f", "value", cwd=tmp_path)
    assert done.out == f"{number.removeprefix('np.')}\n"
    refused(done, 3, f"the loss of 1 of 3 rows is {what} (first: --pred, value 2)")


def test_a_text_that_could_not_be_written_in_a_spec_is_refused(tmp_path: Path) -> None:
    write(tmp_path, f_py="def f(y_true, y_pred, *, mode: str = 'a'):\n    return len(mode) * y_true")
    assert value("./f.py:f:mode=long", "--true", "1", "--pred", "1", cwd=tmp_path) == 4.0
    refused(losscli("./f.py:f", *DATA, "--mode", "a,b", cwd=tmp_path), 2, "mode", "text without a comma", "'a,b'")


# ── the grammar and the signature ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("huber:delta=2", ("huber", "delta=2")),
        ("mse", ("mse", "")),
        ("a/b.py:f:delta=2,flag", ("a/b.py:f", "delta=2,flag")),
        ("./a.py:f", ("./a.py:f", "")),
        ("C:\\a.py:f:way=x.py:y", ("C:\\a.py:f", "way=x.py:y")),
        ("./a.py", ("./a.py", "")),
    ],
)
def test_a_reference_is_told_by_its_suffix(spec: str, expected: tuple[str, str]) -> None:
    assert split(spec) == expected


def plain(
    y_true: object,
    y_pred: object,
    a: float,
    b: Annotated[float | None, Param("Help.", gt=0)] = None,
    *rest: object,
    c: Annotated[int, "Text."] = 3,
    d: Literal["left", "right"] = "left",
    e: tuple[float, ...] = (1.0, 2.0),
    **others: object,
) -> None: ...


def test_a_signature_is_read_as_parameters() -> None:
    found = read(plain)
    assert [*found] == ["a", "b", "c", "d", "e"]
    assert [one.type for one in found.values()] == [float, float | None, int, str, tuple[float, ...]]
    assert [one.default for one in found.values()] == [..., None, 3, "left", (1.0, 2.0)]
    assert (found["b"].gt, found["b"].help, found["c"].help, found["d"].choices) == (
        0,
        "Help.",
        "Text.",
        ("left", "right"),
    )


@pytest.mark.parametrize("default", [1, 1.0, True, "a"])
def test_a_default_tells_the_type(default: object) -> None:
    def loss(y_true: object, y_pred: object, x=default) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001  the point

    assert read(loss)["x"].type is type(default)


def test_a_function_of_one_input_is_refused() -> None:
    with pytest.raises(UsageError, match="y_pred"):
        read(lambda y_true: y_true)


def test_the_folder_of_a_file_is_searched_last(mine: Path) -> None:
    reference(f"{mine}/mine.py:my_loss")
    assert sys.path.index(str(mine)) == len(sys.path) - 1


SCORED = """from losscli.domains import REAL
from losscli.registry import score

class State:
    def __init__(self, total): self.total = total
    def __add__(self, other): return State(self.total + other.total)
    def result(self): return self.total

@score(true=REAL, pred=REAL)
def largest(y_true, y_pred, weight, *, times=1.0):
    if y_true[0] < 0: raise ValueError("below zero")
    return State(times * float(abs(y_true - y_pred).sum()))
"""


def test_a_declared_score_is_found_too(tmp_path: Path) -> None:
    write(tmp_path, s_py=SCORED)
    assert value("./s.py:largest:times=2", "--true", "1,2", "--pred", "3,5", cwd=tmp_path) == 10.0
    refused(losscli("./s.py:largest", "--true", "-1", "--pred", "3", cwd=tmp_path), 3, "./s.py, line 11: ValueError")
