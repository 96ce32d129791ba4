"""Every input of the corpus that a fuzzer has found: an answer that a slow reader confirms, or two lines."""

from __future__ import annotations

from pathlib import Path

import any_input
import pytest
from covering import fewest

CORPUS = any_input.CORPUS.read_text().splitlines()


@pytest.mark.parametrize("data", any_input.corpus(), ids=[f"line {n}: {text[:40]}" for n, text in enumerate(CORPUS, 1)])
def test_what_reached_new_code_once_is_an_answer_or_two_lines(data: bytes, tmp_path: Path) -> None:
    any_input.one(data, tmp_path)


def test_the_corpus_holds_every_kind_of_input_with_answers_and_refusals(tmp_path: Path) -> None:
    codes: dict[str, set[int]] = {kind: set() for kind in any_input.KINDS}
    for data in any_input.corpus():
        codes[list(any_input.KINDS)[data[0]]].add(any_input.one(data, tmp_path).code)
    assert [kind for kind, found in codes.items() if not {0} < found] == []


def test_the_corpus_is_written_as_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = any_input.corpus()
    monkeypatch.setattr(any_input, "CORPUS", tmp_path / "covering.txt")
    any_input.keep(reversed(inputs))
    assert (tmp_path / "covering.txt").read_text().splitlines() == CORPUS
    assert any_input.corpus() == inputs


def test_the_fewest_inputs_reach_as_much_as_all_and_the_shortest_of_equals_is_kept() -> None:
    steps = [("a.py", line, line + 1) for line in range(4)]
    reached = {b"long": set(steps[:3]), b"few": set(steps[:3]), b"x": {steps[0]}, b"other": {steps[0], steps[3]}}
    assert fewest(reached) == [b"few", b"other"]


def test_the_readme_tells_how_many_inputs_are_kept() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"with {len(CORPUS)} inputs" in readme
