"""What the README promises under SECURITY: nothing in data, in its name or in a settings file can run or deceive."""

from __future__ import annotations

import csv
import gzip
import io
import json
import pickle
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from bad_tables import H, saved
from console import Done, write
from in_process import called

from losscli.formats import FORMATS

# ── code ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Trap:
    """Writes a file when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("ran"),)


TRAPPED = np.array([[1.0, Trap()], [2.0, 3.0]], dtype=object)
PICKLES: dict[str, bytes] = {
    "a.npy": saved(lambda file: np.save(file, TRAPPED, allow_pickle=True)),
    "a.npz": saved(lambda file: np.savez(file, y_true=TRAPPED, y_pred=TRAPPED)),
    "a.pkl": pickle.dumps(Trap()),
    "a.npy.gz": gzip.compress(saved(lambda file: np.save(file, TRAPPED, allow_pickle=True))),
    "nameless": saved(lambda file: np.save(file, TRAPPED, allow_pickle=True)),
}


def unharmed(done: Done, folder: Path, *codes: int) -> None:
    assert done.code in codes, done
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("name", PICKLES)
def test_a_pickle_is_never_loaded(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(PICKLES[name])
    for command in (["mse", name], ["l2-penalty", name], ["merge", name], ["verify", name], ["inspect", name]):
        unharmed(called(*command, cwd=tmp_path), tmp_path, 2, 3)


CODE = "open('ran', 'w').close()\n\n\ndef f(y_true, y_pred):\n    return abs(y_true - y_pred)\n"
ASKED = "./mine.py:f"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    write(tmp_path, mine_py=CODE, a_csv=H + "1,2\n")
    return tmp_path


def test_only_a_reference_on_the_command_line_runs_a_file(mine: Path) -> None:
    unharmed(called("mse", "a.csv", cwd=mine), mine, 0)
    unharmed(called("mine.py", "a.csv", cwd=mine), mine, 2)
    unharmed(called("expr", "f(y_true, y_pred)", "a.csv", cwd=mine), mine, 2)
    assert called(ASKED, "a.csv", cwd=mine).code == 0
    assert (mine / "ran").exists()


@pytest.mark.parametrize("line", [f'max = ["{ASKED}=3"]', f'max = {{ "{ASKED}" = 3 }}', f'like = "{ASKED}"'])
@pytest.mark.parametrize("name", ["losscli.toml", "pyproject.toml"])
def test_a_settings_file_runs_nothing(name: str, line: str, mine: Path) -> None:
    table = "checks.x" if name == "losscli.toml" else "tool.losscli.checks.x"
    (mine / name).write_text(f'[{table}]\nfiles = ["a.csv"]\n{line}\n')
    for arguments in ([], ["x"], ["--show-config"]):
        unharmed(called("check", *arguments, cwd=mine), mine, 2)


def test_what_a_settings_file_may_not_run_is_run_when_it_is_typed(mine: Path) -> None:
    (mine / "losscli.toml").write_text('[checks.x]\nfiles = ["a.csv"]\nmax = ["mse=3"]\n')
    assert called("check", "x", "--max", f"{ASKED}=3", cwd=mine).code == 0
    assert (mine / "ran").exists()


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch ran')",
        "(lambda: 1)()",
        "y_true.__class__",
        "[x for x in (1,)]",
        "exec('1')",
        "open('ran', 'w')",
        "y_true.tofile('ran')",
        "9**9**9**9",
    ],
)
def test_an_expression_runs_nothing_but_arithmetic(text: str, tmp_path: Path) -> None:
    unharmed(called("expr", text, "--true", "1", "--pred", "2", cwd=tmp_path), tmp_path, 2)


# ── what deceives ────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "an escape sequence": "\x1b[31mred\x1b]0;title\x07",
    "the C1 form of it": "\x9b31mred",
    "a right-to-left override": "\u202egnp.exe\u2066",
    "markup of rich": "[bold red]x[/bold red][link=http://evil]y[/link]",
    "a workflow command": "::error::owned",
    "an older workflow command": "##[error]owned",
    "a command on a line of its own": "x\n::add-mask::y\r::stop-commands::z",
    "HTML": "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "XML": ']]><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "Markdown": "|[x](javascript:alert(1))|`a`|<!--|@team #1",
    "a formula": '=HYPERLINK("http://evil",1)',
}
CONTROL = {*map(chr, range(32)), *map(chr, range(127, 160)), *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"} - {
    "\n"
}
EXACT = ("csv", "tsv")
OWN_COMMAND = re.compile("::(?:notice|warning|error) title=losscli(?:::|%3A)")
SHOWN = [name for name in FORMATS if name not in ("png", "svg")]


def table_of(folder: Path, text: str) -> list[str]:
    """Write a table with a hostile header, label and group; return the arguments that show all of them."""
    rows = [["y_true", "y_pred", text, "g"], ["1", "2", text, text], ["2", "4", "plain", "plain"]]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    write(folder, a_csv=out.getvalue())
    return ["mse", "a.csv", "-t", "y_true", "-p", "y_pred", "--by", "g", "--keep", "@3"]


class Tags(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def harmless_html(text: str) -> None:
    page = Tags()
    page.feed(text)
    assert not page.found & {"script", "img", "a", "iframe", "object", "form", "link", "base"}
    assert not [name for name in page.attributes if name.startswith("on") or name in ("href", "src")]


def harmless_xml(text: str) -> None:
    assert "<!" not in text
    ET.fromstring(text)  # noqa: S314  what losscli wrote, and no entity stands in it


def harmless_markdown(text: str) -> None:
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"(?<!\\)\]\(", text)


def strict_json(text: str) -> None:
    for line in [text] if text.startswith("{\n") else text.splitlines():
        json.loads(line)


CHECKS: dict[str, Callable[[str], None]] = {
    "html": harmless_html,
    "junit": harmless_xml,
    "markdown": harmless_markdown,
    "github-summary": harmless_markdown,
    "json": strict_json,
    "jsonl": strict_json,
    "metrics": strict_json,
}


def inert(text: str, name: str) -> None:
    """Check that nothing in a text acts on a terminal or on the runner that logs it."""
    assert not CONTROL - ({"\t"} if name in ("tsv", "value") else set()) & set(text)
    lines = [line.strip() for line in text.split("\n")]
    assert [line for line in lines if line.startswith("::") and not OWN_COMMAND.match(line)] == []
    assert "##[" not in text


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", SHOWN)
def test_hostile_text_is_shown_and_does_nothing_in_any_format(
    name: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    arguments = table_of(tmp_path, HOSTILE[what])
    for summary in ([], ["--summary"]):
        form = ["-o", f"{name}:out", "-f", "value"] if name.startswith("github-") else ["-f", name]
        done = called(*arguments, *summary, *form, cwd=tmp_path)
        assert done.code == 0, done
        shown = (tmp_path / "out").read_text() if name.startswith("github-") else done.out
        (tmp_path / "out").unlink(missing_ok=True)
        inert(shown, name)
        inert(done.err, "stderr")
        CHECKS.get(name, len)(shown)


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", ["table", "markdown", "csv", "json", "github", "junit", "html"])
def test_hostile_names_of_files_and_classes_do_nothing_in_any_command(
    name: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    text = HOSTILE[what]
    file = f"./{text.replace('/', '_')}.csv"
    (tmp_path / file).write_text(H + "1,2\n2,4\n")
    labels = io.StringIO()
    csv.writer(labels).writerows([["y_true", "y_pred"], [text, text], ["x", text], [text, "x"]])
    write(tmp_path, b_csv=H + "1,1\n2,4\n", l_csv=labels.getvalue())
    commands = [
        ["mse", file],
        ["compare", file, "b.csv", "-l", "mse"],
        ["inspect", file],
        ["check", file, "--max", "mse=9"],
        ["inspect", "l.csv"],
        ["eval", "l.csv", "-l", "f1", "-l", "accuracy", "--by", "y_true"],
        *([["confusion", "l.csv"]] if name in ("table", "markdown", "csv", "json") else []),
    ]
    for command in commands:
        done = called(*command, "-f", name, cwd=tmp_path)
        assert done.code == 0, done
        inert(done.out, name)
        inert(done.err, "stderr")
        CHECKS.get(name, len)(done.out)


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", EXACT)
def test_a_table_for_programs_reads_back_to_the_very_text(name: str, what: str, tmp_path: Path) -> None:
    arguments = table_of(tmp_path, HOSTILE[what])
    assert called(*arguments, "-o", f"{name}:out", cwd=tmp_path).code == 0
    with (tmp_path / "out").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t" if name == "tsv" else ","))
    assert HOSTILE[what].strip() in rows[0]
    assert HOSTILE[what] in rows[1]


def test_a_formula_is_written_as_it_stands_for_a_minus_begins_a_number_too(tmp_path: Path) -> None:
    write(tmp_path, a_csv="y_true,y_pred,k\n-1,2,=1+1\n-2,2,-2+3\n")
    done = called("mse", "a.csv", "-t", "y_true", "-p", "y_pred", "--keep", "k", "-f", "csv", "-q", cwd=tmp_path)
    assert done.out == "row,k,y_true,y_pred,mse\n1,=1+1,-1.0,2.0,9.0\n2,-2+3,-2.0,2.0,16.0\n"


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_in_an_error_is_shown_on_its_two_lines_and_does_nothing(what: str, tmp_path: Path) -> None:
    text = HOSTILE[what]
    table_of(tmp_path, text)
    name = text.replace("/", "_") + ".csv"
    (tmp_path / name).write_text(f'y_true,y_pred\n1,"{text.replace(chr(34), "")}"\n')
    for arguments in (
        ["mse", name],
        ["mse", f"missing{text}"],
        ["mse", "a.csv", "-t", text, "-p", "nosuch"],
        ["mse", "--true", text, "--pred", "1"],
        [f"{text}x", "a.csv"],
        ["mse", "a.csv", f"--{text}"],
        ["eval", "a.csv", "-l", f"mse:{text}"],
        ["expr", text, "a.csv"],
        ["check", "a.csv", "--max", f"mse={text}"],
    ):
        done = called(*arguments, cwd=tmp_path)
        assert done.code in (2, 3), done
        assert len([line for line in done.err.splitlines() if "losscli: note: " not in line]) == 2, done
        inert(done.err, "stderr")
