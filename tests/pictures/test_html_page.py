"""The page of ``-o html``: whole, well-formed, and made of nothing that comes from the data but text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from console import losscli, write
from format_runs import SUMMARY, block, gate, gated, report, result, written
from html_rules import Strict
from picture_data import HOSTILE, HOSTILE_OPTIONS, epochs, hostile

from losscli.escape import visible
from losscli.formats.format import View

ROWS = "g,y_true,y_pred\na,1,2\na,2,2\nb,3,1\nb,4,4.5\n"
PICTURES = ("--hist", "--plot", "groups")


@pytest.fixture(name="page")
def _page(tmp_path: Path) -> str:
    """A page of hostile data, with everything in it."""
    hostile(tmp_path)
    done = losscli("mse", *HOSTILE_OPTIONS, *PICTURES, "-o", "page.html", "-o", "json", cwd=tmp_path)
    assert done.code == 0
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def test_hostile_data_leaves_the_page_well_formed_and_harmless(page: str) -> None:
    assert Strict.of(page).faults == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_letter_by_letter(name: str, page: str) -> None:
    assert visible(name) in Strict.of(page).texts("td")


def test_the_page_needs_no_network_and_no_script(page: str) -> None:
    reader = Strict.of(page)
    assert not {"script", "img", "link", "iframe", "object", "a"} & {node.tag for node in reader.nodes}
    assert not re.search(r"url\(|@import|https?:", "".join(reader.texts("style")))
    policy = [node.attributes["content"] for node in reader.nodes if "http-equiv" in node.attributes]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_page_says_everything_that_was_found(page: str) -> None:
    titles = ["Results", "Groups", "Pictures", "Worst samples", "Notes", "How it was computed"]
    assert Strict.of(page).texts("h2") == titles


def test_every_picture_is_there_and_named_for_those_who_cannot_see_it(page: str) -> None:
    pictures = [node.attributes["aria-label"] for node in Strict.of(page).nodes if node.tag == "svg"]
    assert pictures == ["mse: the losses of 120 samples", "mse by <i>group</i>"]


def test_every_table_has_cells_for_each_of_its_columns(page: str) -> None:
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        rows = [len(re.findall(r"<t[hd]\b", row)) for row in re.findall(r"<tr>.*?</tr>", table)]
        assert len(set(rows)) == 1


def test_the_worst_samples_come_first() -> None:
    page = written("html", [block({"mse": [0.5, 9.0, 2.0]})], report(n=3), View(rows=2))
    worst = page.partition("Worst samples")[2]
    assert "The 2 largest of 3 losses, by mse" in worst
    cells = [cell.strip() for cell in re.findall(r'<td class="n">([^<]*)</td>', worst)]
    assert cells == ["2", "9.0", "3", "2.0"]


def test_gates_stand_first_with_their_verdicts() -> None:
    page = written("html", of=gated(gate(verdict="fail"), verdict="fail"), view=SUMMARY)
    reader = Strict.of(page)
    assert reader.faults == []
    assert reader.texts("h2")[0] == "Gates"
    assert 'class="verdict fail"' in page


def test_a_verdict_is_no_way_to_another_class() -> None:
    page = written("html", of=gated(gate(verdict='x" onclick="y'), verdict="fail"), view=SUMMARY)
    assert Strict.of(page).faults == []


def test_the_signature_is_on_the_page(page: str) -> None:
    assert any(text.startswith("mse|like:none|reduction:mean") for text in Strict.of(page).texts("li"))


def test_numbers_are_exact_and_not_finite_ones_named() -> None:
    page = written("html", of=report(result(value=float("inf"), std=float("nan"), max=0.1 + 0.2)))
    cells = [text.strip() for text in Strict.of(page).texts("td")]
    assert {"inf", "0.30000000000000004"} <= set(cells)


def test_letters_that_the_stream_lacks_are_written_as_references(tmp_path: Path) -> None:
    write(tmp_path, a_csv=ROWS)
    out = losscli("mse", "a.csv", "--hist", "-f", "html", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"}).out
    assert out.isascii()
    assert "&#8211;" in out or "–" not in out
    assert Strict.of(out).faults == []


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    epochs(tmp_path)
    arguments = ("mae", "epochs.csv", "--by", "epoch", "-f", "html", "-q")
    first, second = (losscli(*arguments, cwd=tmp_path).out for _ in range(2))
    assert first == second
    assert "best: epoch 4, 1" in first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("eval", "a.csv", "-l", "r2"), ["Results"]),
        (("mse", "a.csv", "--reduction", "none"), ["Worst samples"]),
        (("check", "a.csv", "--max", "mse=1", "--by", "g"), ["Gates", "Pictures"]),
        (("mse", "--true", "1,2", "--pred", "2,2", "--summary"), ["Results"]),
        (("show", "huber"), ["Pictures"]),
    ],
)
def test_every_command_with_a_report_has_a_page(
    arguments: tuple[str, ...], words: list[str], tmp_path: Path
) -> None:  # fmt: skip
    write(tmp_path, a_csv=ROWS)
    losscli(*arguments, "-o", "page.html", cwd=tmp_path)
    reader = Strict.of((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert reader.faults == []
    assert set(words) <= set(reader.texts("h2"))


@pytest.mark.parametrize(
    "page",
    [
        "<p>",
        "</p>",
        "<p></b></p>",
        "<script></script>",
        '<p onclick="x"></p>',
        "<!-- x -->",
        "<p class='' class=''></p>",
    ],
)
def test_the_strict_reader_finds_what_is_wrong(page: str) -> None:
    assert Strict.of(page).faults != []
