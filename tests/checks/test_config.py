"""The file that holds checks: where it is found, what may stand in it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from losscli.config import Config, Kind, find
from losscli.errors import DataError, UsageError

KINDS = {
    "files": Kind(list), "truth": Kind(str), "pred": Kind(str), "max": Kind(list), "confidence": Kind(float),
    "boot": Kind(int, least=1), "no-header": Kind(bool), "class-weight": Kind(str),
    "missing": Kind(str, ("error", "drop", "propagate")), "baseline": Kind(str),
    "classes": Kind(str), "ci": Kind(str),
}  # fmt: skip


def read(folder: Path, text: str, name: str = "losscli.toml") -> Config:
    """Return the checks of a file with this text."""
    (folder / name).write_text(text)
    found = find(KINDS, str(folder))
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_file_there_are_no_checks(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert find(KINDS, str(tmp_path)) is None


def test_the_nearest_file_counts_and_losscli_toml_comes_before_pyproject(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "losscli.toml").write_text("[checks.outer]\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    found = find(KINDS, str(inner))
    assert found is not None
    assert list(found.checks) == ["outer"]
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.losscli.checks.near]\n")
    found = find(KINDS, str(inner))
    assert found is not None
    assert list(found.checks) == ["near"]
    (tmp_path / "a" / "losscli.toml").write_text("[checks.nearest]\n")
    found = find(KINDS, str(inner))
    assert found is not None
    assert list(found.checks) == ["nearest"]


def test_what_stands_outside_of_any_check_holds_for_all_and_their_own_comes_first(tmp_path: Path) -> None:
    config = read(tmp_path, "confidence = 0.9\nboot = 500\n[checks.a]\nboot = 100\n[checks.b]\n")
    assert config.of("a") == {"confidence": 0.9, "boot": 100}
    assert config.of("b") == {"confidence": 0.9, "boot": 500}
    assert (config.place("a", "boot"), config.place("a", "confidence")) == ("losscli.toml [checks.a]", "losscli.toml")
    assert config.place(None, "boot") == "losscli.toml"


def test_places_in_pyproject_name_the_table(tmp_path: Path) -> None:
    config = read(tmp_path, "[tool.losscli]\nboot = 9\n[tool.losscli.checks.a]\nconfidence = 1\n", "pyproject.toml")
    assert config.place("a", "boot") == "pyproject.toml [tool.losscli]"
    assert config.place("a", "confidence") == "pyproject.toml [tool.losscli.checks.a]"


@pytest.mark.parametrize(
    ("line", "option", "value"),
    [
        ("max = { mse = 0.3, 'huber:delta=2@q95' = 2 }", "max", ["mse=0.3", "huber:delta=2@q95=2"]),
        ("max = ['mse=2%']", "max", ["mse=2%"]),
        ("max = 'mse=1'", "max", ["mse=1"]),
        ("max = { mse = '2%' }", "max", ["mse=2%"]),
        ("pred = ['p0', 'p1']", "pred", "p0,p1"),
        ("class-weight = { a = 1, b = 3 }", "class-weight", "a=1,b=3"),
        ("classes = [0, 1]", "classes", "0,1"),
        ("ci = 0.95", "ci", "0.95"),
        ("confidence = 1", "confidence", 1.0),
        ("no-header = true", "no-header", True),
        ("missing = 'drop'", "missing", "drop"),
    ],
)
def test_a_value_may_be_written_as_toml_has_it(tmp_path: Path, line: str, option: str, value: object) -> None:
    assert read(tmp_path, f"[checks.a]\n{line}\n").of("a") == {option: value}


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("[checks.a]\nmx = 1\n", "losscli.toml [checks.a]: unknown key 'mx'", "did you mean 'max'?"),
        ("confidense = 1\n", "losscli.toml: unknown key 'confidense'", "did you mean 'confidence'?"),
        ("[check.a]\nmax = 'mse=1'\n", "unknown key 'check'", "did you mean 'checks'?"),
        ("[checks.a]\nboot = 1.5\n", "boot: expected a whole number from 1 up, received 1.5", ""),
        ("[checks.a]\nboot = 0\n", "boot: expected a whole number from 1 up, received 0", ""),
        ("[checks.a]\nboot = true\n", "boot: expected a whole number from 1 up, received True", ""),
        ("[checks.a]\nconfidence = '0.9'\n", "confidence: expected a number, received '0.9'", ""),
        ("[checks.a]\nconfidence = true\n", "confidence: expected a number", ""),
        ("[checks.a]\nno-header = 1\n", "no-header: expected true or false", ""),
        ("[checks.a]\nmissing = 'dropp'\n", "missing: expected one of error, drop, propagate", "did you mean 'drop'?"),
        ("[checks.a]\nmax = { mse = [1] }\n", "max: expected a list of texts, or a table", ""),
        ("[checks.a]\nmax = { mse = true }\n", "max: expected a list of texts, or a table", ""),
        ("[checks.a]\nmax = true\n", "max: expected a list of texts, or a table", ""),
        ("[checks.a]\npred = [[3]]\n", "pred: expected text", ""),
        ("checks = 3\n", "checks is no table", ""),
        ("[checks]\na = 3\n", "losscli.toml [checks.a] is no table", ""),
    ],
)
def test_what_no_option_takes_is_refused_with_its_place(tmp_path: Path, text: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert said in caught.value.message
    assert hint in caught.value.hint


def test_a_table_of_pyproject_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="losscli is no table"):
        read(tmp_path, "[tool]\nlosscli = 3\n", "pyproject.toml")


def test_a_file_that_is_no_toml_is_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"losscli\.toml is no TOML: .*line 2"):
        read(tmp_path, "x = 1\ny = \n")


def test_paths_are_relative_to_the_file_that_they_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[checks.a]\nfiles = ['p/*.csv', '-', 's3://b/x.csv']\ntruth = 't.csv'\nbaseline = '/abs.json'\npred = 'p'\n"
    here = read(tmp_path, text).of("a")
    assert (here["files"], here["truth"]) == (["p/*.csv", "-", "s3://b/x.csv"], "t.csv")
    inner = tmp_path / "deep" / "er"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    found = find(KINDS)
    assert found is not None
    assert found.of("a") == {
        "files": ["../../p/*.csv", "-", "s3://b/x.csv"], "truth": "../../t.csv", "baseline": "/abs.json", "pred": "p",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind(bool), "1", True), (Kind(bool), "No", False), (Kind(int), "3", 3), (Kind(float), "1e-3", 0.001),
        (Kind(list), "mse=1 mae=2", ["mse=1", "mae=2"]), (Kind(str), "a b", "a b"), (Kind(str, ("x", "y")), "y", "y"),
    ],
)  # fmt: skip
def test_the_environment_holds_texts_that_are_read_as_the_option_needs(kind: Kind, text: str, value: object) -> None:
    assert kind.read(text, "LOSSCLI_X") == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind(bool), "maybe"), (Kind(int), "3.5"), (Kind(int, least=4), "3"), (Kind(float), "x"),
        (Kind(str, ("x",)), "z"),
    ],
)  # fmt: skip
def test_a_text_of_the_environment_that_no_option_takes_is_refused_by_its_name(kind: Kind, text: str) -> None:
    with pytest.raises(UsageError, match="LOSSCLI_X: expected"):
        kind.read(text, "LOSSCLI_X")
