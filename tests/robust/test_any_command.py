"""Any loss on any table with any options: an exit code of the contract, two lines if it failed, and no warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from any_command import Asked, asked
from hypothesis import given
from in_process import called
from test_any_bytes import quick

CORPUS = Path(__file__).parent / "corpus"


def answered(one: Asked, folder: Path) -> int:
    """Run a command and check how it ends."""
    (folder / "a.csv").write_text(one.table)
    done = called(*one.arguments, cwd=folder)
    assert "Traceback" not in done.err, done.err
    assert done.code in (0, 1, 2, 3), done
    assert len(done.complaint) == (2 if done.code > 1 else 0), done
    assert "out of memory" not in done.err
    assert all(len(line) < 2000 for line in done.err.splitlines())
    assert done.err.replace("\n", "").isprintable(), done
    return done.code


def test_any_loss_on_any_table_with_any_options_ends_as_the_contract_says(tmp_path: Path) -> None:
    codes: set[int] = set()

    @quick
    @given(asked())
    def example(one: Asked) -> None:
        codes.add(answered(one, tmp_path))

    example()
    assert codes >= {0, 2, 3}


@pytest.mark.parametrize("name", sorted(path.stem for path in CORPUS.glob("*.json")))
def test_what_once_broke_it_does_not_any_more(name: str, tmp_path: Path) -> None:
    once = json.loads((CORPUS / f"{name}.json").read_text())
    answered(Asked(once["table"], once["arguments"]), tmp_path)
