from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from parity_answers import Answer
from parity_calls import Call, own_words, paths, twin_of
from parity_compare import DEPARTURES, departs, read, same, title
from parity_frameworks import RUN

from losscli.registry import PATHS

FILES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("recorded/*.json"))
}
RECORDS = [read(record, found["inputs"]) for found in FILES.values() for record in found["records"]]
NOT_RECORDED: dict[str, str] = {}
"""Path -> why its framework could not be run."""
UNTOUCHED: dict[str, str] = {
    "optax.losses.binary_dice_loss apply_sigmoid": "optax takes the one column for a distribution, and refuses False",
}
"""Path and parameter -> why the framework takes no other value here."""


@pytest.mark.parametrize(("call", "answer"), RECORDS, ids=[title(call) for call, _ in RECORDS])
def test_losscli_gives_the_number_that_the_framework_gave(call: Call, answer: Answer) -> None:
    if departs(call):
        with pytest.raises(AssertionError):
            same(call, answer)
    else:
        same(call, answer)


@pytest.mark.parametrize("asked", [(one.name, path) for one, _, path in paths()], ids=" ".join)
def test_every_framework_path_is_recorded_with_every_parameter_that_it_takes(asked: tuple[str, str]) -> None:
    name, path = asked
    recorded = [call for call, _ in RECORDS if (call.loss, call.path) == asked]
    assert bool(recorded) != (path in NOT_RECORDED)
    if recorded:
        touched = {param for call in recorded for param in call.params}
        twin = twin_of(name, path)
        known = (*twin.takes, *own_words(twin, path))
        assert touched == {one for one in known if f"{path} {one}" not in UNTOUCHED}


def test_every_framework_path_of_a_loss_a_score_or_a_penalty_is_asked() -> None:
    assert {path for _, _, path in paths()} == set(PATHS)


def test_every_framework_has_a_file_that_names_its_version() -> None:
    assert sorted(RUN) == sorted(FILES)
    assert all(found["versions"] for found in FILES.values())


@pytest.mark.parametrize("pattern", DEPARTURES)
def test_every_departure_is_recorded_and_said_in_a_note(pattern: str) -> None:
    met = [call for call, _ in RECORDS if fnmatchcase(title(call), pattern)]
    assert met
    assert all(twin_of(call.loss, call.path).note for call in met)
