"""One input of any kind: its first byte says which kind, the rest is the file or what is typed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import slow_reader
from any_bytes import NAMES, Case, Reader, read_columnar
from console import Done
from promises import computed, computed_of_typed, tried

from losscli import __version__

CORPUS = Path(__file__).parent / "corpus" / "covering.txt"
"""Inputs that together reach all that any has reached, one a line: the kind, and the bytes as Python writes them."""

THIS_VERSION, ANY_VERSION = f'"losscli":"{__version__}"', '"losscli":"VERSION"'
"""A partial result is read by the version that wrote it: the corpus holds those of whichever version reads it."""

PLACES = ("@1", "@2")

Kind = Callable[[bytes, Path], Done]


def table(name: str, *options: str, read: Reader | None = None, names: tuple[str, str] = PLACES) -> Kind:
    """Compute the losses of a file."""
    arguments = (*options, "-t", names[0], "-p", names[1])
    return lambda data, folder: computed(Case(name, data, arguments, read), folder)


def document(name: str, *command: str, codes: tuple[int, ...] = (0, 1, 2, 3)) -> Kind:
    """Run a command that reads a file."""
    return lambda data, folder: tried(Case(name, data, (), codes=codes), folder, *command)


def typed(data: bytes, folder: Path) -> Done:
    """Compute the losses of typed values: the truth in the first line, the predictions in what follows."""
    true, _, pred = data.decode("utf-8", "replace").replace("\0", "").partition("\n")
    return computed_of_typed(true, pred, folder)


def guessed(data: bytes, folder: Path) -> Done:
    """Compute the losses of columns that are not named."""
    return computed(Case("guessed.csv", data, ()), folder)


plain = partial(slow_reader.read_csv, decimal=".", names=PLACES)
with_commas = partial(slow_reader.read_csv, delimiter=";", decimal=",", names=NAMES)

KINDS: Mapping[str, Kind] = {
    "csv": table("a.csv", "-d", ",", read=partial(plain, delimiter=",")),
    "semicolons": table("a.csv", "-d", ";", "--decimal", ",", read=with_commas, names=NAMES),
    "tsv": table("a.tsv", "-H", read=partial(plain, delimiter="\t", header=False)),
    "json": table("a.json", read=partial(slow_reader.read_json, names=NAMES), names=NAMES),
    "jsonl": table("a.jsonl", read=partial(slow_reader.read_jsonl, names=PLACES)),
    "npy": table("a.npy", read=partial(slow_reader.read_npy, names=PLACES)),
    "npz": table("a.npz", read=partial(slow_reader.read_npz, names=PLACES)),
    "arrows": table("a.arrows", read=partial(read_columnar, suffix=".arrows"), names=NAMES),
    "nameless": table("nameless"),
    "guessed": guessed,
    "part": document("part.json", "merge", "part.json", codes=(0, 2, 3)),
    "report": document("report.json", "verify", "report.json"),
    "settings": document("losscli.toml", "check", "--show-config"),
    "typed": typed,
}


def one(data: bytes, folder: Path) -> Done:
    """Run losscli on one input, and check what must be so whatever it is."""
    kind, rest = parted(data)
    return list(KINDS.values())[kind](rest, folder)


def parted(data: bytes) -> tuple[int, bytes]:
    """Split an input into the number of its kind and the rest."""
    return int.from_bytes(data[:1]) % len(KINDS), data[1:]


def corpus() -> list[bytes]:
    """Read the inputs that are kept."""
    lines = (line.partition(" ") for line in CORPUS.read_text().replace(ANY_VERSION, THIS_VERSION).splitlines())
    return [bytes([list(KINDS).index(kind)]) + ast.literal_eval(rest) for kind, _, rest in lines]


def keep(inputs: Iterable[bytes]) -> None:
    """Write the inputs that are kept, by kind."""
    found = sorted(map(parted, inputs))
    text = "".join(f"{list(KINDS)[kind]} {rest!r}\n" for kind, rest in found)
    CORPUS.write_text(text.replace(THIS_VERSION, ANY_VERSION))
