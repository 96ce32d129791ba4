"""The entry-point group ``losscli.losses``: what installed packages bring is listed and found by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from console import losscli, refused

SAMPLE = Path(__file__).parent / "package"
DATA = ("--true", "1,5", "--pred", "3,2")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build and install the sample package into a folder of its own; return an environment that sees it."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(SAMPLE, folder / "source")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", "target", "./source"], cwd=folder, check=True
    )
    return {"PYTHONPATH": str(folder / "target")}


def broken(folder: Path, name: str, source: str, target: str) -> dict[str, str]:
    """Write a package with one entry point as an installer would leave it; return an environment that sees it."""
    (folder / f"{name}.py").write_text(source, encoding="utf-8")
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[losscli.losses]\n{name} = {target}\n", encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def test_the_losses_of_a_package_are_listed_under_the_titles_of_its_modules(
    installed: dict[str, str], tmp_path: Path
) -> None:
    done = losscli("list", cwd=tmp_path, env=installed)
    assert (done.code, done.err) == (0, "")
    listed = done.out.partition("Losses of an orchard")[2]
    assert "rotten-apples" in listed
    assert "Apples that were picked for nobody, and rot." in listed
    assert "turned-away" in listed.partition("Losses of a market stall")[2]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["rotten-apples"], 0.5),
        (["rotten-apples", "--share", "0.25"], 0.25),
        (["spoilage"], 0.5),
        (["torch.nn.OrchardLoss"], 1.0),
        (["turned_away"], 1.5),
        (["eval", "-l", "rotten-apples:share=1"], 1.0),
    ],
)
def test_a_loss_of_a_package_is_found_by_its_names(
    arguments: list[str], expected: float, installed: dict[str, str], tmp_path: Path
) -> None:
    assert losscli(*arguments, *DATA, "-f", "value", cwd=tmp_path, env=installed).value == expected


def test_a_package_is_held_to_what_it_declares(installed: dict[str, str], tmp_path: Path) -> None:
    refused(losscli("rotten-apples", "--share", "2", *DATA, cwd=tmp_path, env=installed), 2, "share", "<= 1")
    done = losscli("rotten-apples", "--true", "1,2", "--pred", "1,-2", cwd=tmp_path, env=installed)
    refused(done, 3, "-2.0", "a number from 0 up")


def test_what_a_loss_of_a_package_raises_is_an_error_in_the_data_with_its_file_and_line(
    installed: dict[str, str], tmp_path: Path
) -> None:
    done = losscli("turned-away", "--true", "1e7", "--pred", "1", cwd=tmp_path, env=installed)
    refused(done, 3, "market.py, line 21: RuntimeError: no town has so many")


def test_a_loss_of_a_package_can_be_shown_and_put_to_the_test(installed: dict[str, str], tmp_path: Path) -> None:
    shown = losscli("show", "rotten-apples", cwd=tmp_path, env=installed)
    assert (shown.code, shown.err) == (0, "")
    assert "Share of the apples left over that rot." in shown.out
    assert losscli("selftest", "rotten-apples", cwd=tmp_path, env=installed).code == 0


def test_without_the_package_its_losses_are_unknown(tmp_path: Path) -> None:
    refused(losscli("rotten-apples", *DATA, cwd=tmp_path), 2, "'rotten-apples'")


TAKEN = """
from losscli.domains import REAL
from losscli.registry import loss

@loss(true=REAL, pred=REAL)
def first(y_true, y_pred):
    return y_true

@loss(true=REAL, pred=REAL)
def mse(y_true, y_pred):
    return y_true
"""
FAULTS = [
    ("gone", "", "gone:nothing", "AttributeError"),
    ("crash", "import nosuchmodule", "crash", "ModuleNotFoundError: No module named 'nosuchmodule'"),
    ("leaves", "raise SystemExit(4)", "leaves", "SystemExit: 4"),
    ("taken", TAKEN, "taken", "'mse' is a name of mse in losscli.losses.regression already"),
    ("untyped", TAKEN.replace("def mse(y_true, y_pred)", "def own(y_true, y_pred, *, way=None)"), "untyped", "way"),
]


@pytest.mark.parametrize(("name", "source", "target", "fact"), FAULTS)
def test_a_broken_entry_point_is_a_note_in_the_list_and_none_of_its_losses_is_there(
    name: str, source: str, target: str, fact: str, tmp_path: Path
) -> None:
    environment = broken(tmp_path, name, source, target)
    done = losscli("list", cwd=tmp_path, env=environment)
    assert done.code == 0
    (note,) = done.err.splitlines()
    assert note.startswith(f"losscli: note: the losses of {name} ({target}) are left out: ")
    assert fact in note
    assert done.out == losscli("list", cwd=tmp_path).out


@pytest.mark.parametrize(("name", "source", "target", "fact"), FAULTS)
def test_a_broken_entry_point_is_told_where_a_name_is_unknown_and_harms_no_other(
    name: str, source: str, target: str, fact: str, tmp_path: Path
) -> None:
    environment = broken(tmp_path, name, source, target)
    refused(losscli("first", *DATA, cwd=tmp_path, env=environment), 2, "no loss is called 'first'", fact)
    done = losscli("mse", *DATA, "-f", "value", cwd=tmp_path, env=environment)
    assert (done.value, done.err) == (6.5, "")


def test_packages_are_searched_only_when_no_loss_of_losscli_has_the_name(tmp_path: Path) -> None:
    environment = broken(tmp_path, "loud", "import sys; sys.stderr.write('searched')", "loud")
    for arguments in (["mse", *DATA], ["--help"], ["show", "mse"], ["torch.nn.MSELoss", *DATA]):
        assert losscli(*arguments, cwd=tmp_path, env=environment).err == ""
    assert "searched" in losscli("list", cwd=tmp_path, env=environment).err
