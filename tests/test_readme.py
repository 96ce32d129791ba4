"""The README is true: every example in it runs, and prints what stands there.

``python tests/test_readme.py`` writes into the README what the examples print now, and the generated tables.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
PYTHON = re.compile(r"(?<=^```python\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
LOSSES = re.compile(r"(?<=^<!-- losses: begin -->\n).*?(?=^<!-- losses: end -->$)", re.DOTALL | re.MULTILINE)
PRECISION = re.compile(r"(?<=^<!-- precision: begin -->\n).*?(?=^<!-- precision: end -->$)", re.DOTALL | re.MULTILINE)
FAULTS = re.compile(r"(?<=^<!-- faults: begin -->\n).*?(?=^<!-- faults: end -->$)", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ .*\n(?:^> .*\n)*", re.MULTILINE)
"""A command as a shell shows it: ``$``, and ``>`` where it goes on."""

END = "\0"
"""Printed after each command: no command prints it."""

BUG = "this is a bug in losscli"
"""What losscli says of itself with exit code 70: never an example."""

DECIDES_COLOUR_OR_WIDTH = {"COLUMNS", "LINES", "TERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"}


def shell(commands: list[str], directory: Path) -> list[str]:
    """Run commands one after the other in one shell, beside the samples; return what each of them prints."""
    (directory / "samples").symlink_to(ROOT / "samples")
    kept = {name: value for name, value in os.environ.items() if name not in DECIDES_COLOUR_OR_WIDTH}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", "".join(f"{command}\nprintf '\\0'\n" for command in commands)],
        cwd=directory,
        env={**kept, "PATH": path, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.split(END)[:-1]


def precision() -> str:
    """Return the table of the exact numbers and the frameworks' versions, without the commands below it.

    Those show all digits, of which another processor's logarithm may change the last.
    """
    table, console, _ = (ROOT / "tests" / "precision" / "table.md").read_text("utf-8").partition("\n```console\n")
    return table if console else ""


def faults() -> str:
    """Return the tables of what happens when something is wrong."""
    out, err = python(ROOT, str(ROOT / "tests" / "robust" / "what_happens.py"))
    assert not err, err
    return out


def run(block: str, directory: Path) -> str:
    """Return a console block with what its commands print now."""
    shown = COMMAND.findall(block)
    commands = ["\n".join(line[2:] for line in one.splitlines()) for one in shown]
    return "".join(f"{one}{output}" for one, output in zip(shown, shell(commands, directory), strict=True))


def python(directory: Path, *arguments: str, **environment: str) -> tuple[str, str]:
    """Run Python in a process of its own, since an example may register a loss; return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize("block", CONSOLE.findall(TEXT))
def test_the_commands_print_what_the_readme_shows(block: str, tmp_path: Path) -> None:
    assert COMMAND.match(block)
    assert run(block, tmp_path) == block


@pytest.mark.parametrize("transcript", [block for block in PYTHON.findall(TEXT) if block.startswith(">>> ")])
def test_the_python_transcript_prints_what_the_readme_shows(transcript: str, tmp_path: Path) -> None:
    (tmp_path / "transcript.txt").write_text(transcript, encoding="utf-8")
    assert python(tmp_path, "-m", "doctest", "transcript.txt") == ("", "")


def test_the_loss_that_the_readme_adds_keeps_the_laws_and_can_be_used_by_its_name(tmp_path: Path) -> None:
    (added,) = [block for block in PYTHON.findall(TEXT) if not block.startswith(">>> ")]
    (reference,) = re.findall(r'^    "biweight": (lambda .*),$', TEXT, re.MULTILINE)
    use = f"""
import laws, losscli
one, case = losscli.LOSSES["biweight"], (np.array([0.0, 2.0, 1.0]), np.array([0.1, 2.0, -9.0]), {{"scale": 2.0}})
laws.documented(one)
laws.quiet_and_harmless(one, *case)
laws.equal_to({reference}, one, *case, names={{"scale"}})
print(losscli.evaluate("biweight:scale=6", [0.0], [50.0]).value)
"""
    (tmp_path / "added.py").write_text(added + use, encoding="utf-8")
    assert python(tmp_path, "added.py", PYTHONPATH=str(ROOT / "tests" / "losses")) == ("6.0\n", "")


def test_the_function_that_the_readme_shows_is_the_sample_without_its_annotations() -> None:
    (shown,) = re.findall(r"^<!-- samples/mine.py -->\n\n```py\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert shown in (ROOT / "samples" / "mine.py").read_text("utf-8").replace(": Array", "").replace(" -> Array", "")


def test_the_readme_has_examples_of_every_kind() -> None:
    assert len(CONSOLE.findall(TEXT)) > 10
    assert len(PYTHON.findall(TEXT)) > 1
    assert BUG not in TEXT


def test_the_table_of_losses_is_what_list_prints(tmp_path: Path) -> None:
    assert LOSSES.findall(TEXT) == shell(["losscli list --format markdown"], tmp_path)


def test_the_table_of_exact_numbers_is_the_one_that_is_tested() -> None:
    assert precision()
    assert PRECISION.findall(TEXT) == [precision()]


def test_the_readme_names_every_command(tmp_path: Path) -> None:
    (text,) = shell(["losscli --help"], tmp_path)
    commands = re.findall(r"^  ([a-z][\w-]*)  ", text.partition("\nCommands:\n")[2], re.MULTILINE)
    assert {"eval", "list", "show", "mse"} <= set(commands)
    unnamed = [name for name in commands if f"`{name}`" not in TEXT and f"losscli {name}" not in TEXT]
    assert unnamed == []


def test_the_tables_of_what_happens_are_those_that_are_tested() -> None:
    assert FAULTS.findall(TEXT) == [faults()]


@pytest.mark.parametrize("section", ["## Security", "### When something is wrong"])
def test_every_test_that_holds_a_promise_is_there(section: str) -> None:
    _, _, promises = TEXT.partition(f"\n{section}\n")
    named = re.findall(r"`(test_\w+)`", promises.partition("\n## ")[0])
    assert len(named) > 5
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in named if f"def {name}(" not in tests] == []


@pytest.mark.parametrize(("marker", "end"), [("run", "losscli mse samples/diabetes_ridge.csv"), ("test", "-m pytest")])
def test_the_command_that_continuous_integration_takes_is_one_line_in_a_fence(marker: str, end: str) -> None:
    (command,) = re.findall(rf"^<!-- ci: {marker} -->\n\n?```sh\n(.*)\n```$", TEXT, re.MULTILINE)
    assert command.startswith("python -m venv .venv && ")
    assert command.endswith(end)


def test_the_newest_entry_of_the_changelog_is_the_installed_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest, *_ = re.findall(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest == version("losscli")


def test_every_file_among_the_samples_is_described_beside_them() -> None:
    described = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    files = [path for path in (ROOT / "samples").rglob("*.*") if path.suffix != ".pyc" and path.name != "README.md"]
    assert [path.name for path in files if path.name not in described] == []


def update() -> None:
    """Write into the README what its examples print now."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415  tests have a directory of their own

    def now(found: re.Match[str]) -> str:
        with TemporaryDirectory() as directory:
            return run(found[0], Path(directory))

    with TemporaryDirectory() as directory:
        (losses,) = shell(["losscli list --format markdown"], Path(directory))
    text = PRECISION.sub(lambda _: precision(), LOSSES.sub(lambda _: losses, CONSOLE.sub(now, TEXT)))
    text = FAULTS.sub(lambda _: faults(), text)
    if BUG in text:
        sys.exit(f"{README} is left as it was: an example ends in a bug")
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    update()
