"""A fuzzer that keeps what reaches code that nothing before it reached, from the corpus on, on any kind of input.

    pip install atheris
    python tests/robust/covering.py -max_total_time=600

The options are libFuzzer's, but for ``-merge``. What breaks a promise ends the run and is left as ``crash-*`` in the
current folder; with the name of that file this script tries it again. What reaches more code is left in the folder that
is named, if one is, and comes into the corpus by ``--keep``, which leaves out what adds nothing (coverage.py tells):

    mkdir found
    python tests/robust/covering.py found -max_total_time=600
    python tests/robust/covering.py --keep found
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

Step = tuple[str, int, int]
"""A file, a line, and the line that came after it."""


def imported() -> None:
    """Import all of losscli: what a module runs when it is imported belongs to no input."""
    for module in walk_packages(import_module("losscli").__path__, "losscli."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


def fuzzed(arguments: Sequence[str]) -> None:
    """Draw inputs until one breaks a promise, or until the time or the number of them is over."""
    with TemporaryDirectory() as folder:
        child = os.fork()  # libFuzzer ends its process without a word to Python, which would leave the folder behind
        if child:
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        drawn(arguments, Path(folder))


def drawn(arguments: Sequence[str], folder: Path) -> None:
    """Hand losscli over to atheris, which does not come back."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["losscli"]):
        imported()
    any_input = import_module("any_input")
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, data in enumerate(any_input.corpus()):
        (seeds / f"{number}").write_bytes(data)
    again = any(Path(argument).is_file() for argument in arguments)

    def one(data: bytes) -> None:
        any_input.one(data, folder)

    warnings.simplefilter("error")
    atheris.Setup([sys.argv[0], *arguments, *([] if again else [str(seeds)])], one)
    atheris.Fuzz()


def kept(found: Path) -> None:
    """Make the corpus anew of itself and of what a folder holds."""
    imported()
    any_input = import_module("any_input")
    inputs = {*any_input.corpus(), *(path.read_bytes() for path in found.iterdir())}
    with TemporaryDirectory() as folder:
        reached = {data: reached_by(data, Path(folder)) for data in sorted(inputs)}
    any_input.keep(fewest(reached))


def reached_by(data: bytes, folder: Path) -> set[Step]:
    """Return the steps that losscli takes on an input, the last of them from its kind to its exit code."""
    any_input, package = import_module("any_input"), Path(import_module("losscli").__path__[0])
    measured = import_module("coverage").Coverage(
        data_file=None, config_file=False, branch=True, include=[f"{package}/*"]
    )
    with measured.collect():
        code = any_input.one(data, folder).code
    steps = measured.get_data()
    return {(file, *arc) for file in steps.measured_files() for arc in steps.arcs(file)} | {
        ("", any_input.parted(data)[0], code)
    }


def fewest(reached: Mapping[bytes, set[Step]]) -> list[bytes]:
    """Choose inputs that reach as much as all: the one that adds most, then again, the shortest of equals."""
    chosen: list[bytes] = []
    left = dict(reached)
    while left:
        best = max(left, key=lambda data: (len(left[data]), -len(data)))
        chosen.append(best)
        left = {data: more for data, steps in left.items() if (more := steps - reached[best])}
    return chosen


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1] / "cli"))
    if sys.argv[1:2] == ["--keep"]:
        kept(Path(sys.argv[2]))
    else:
        fuzzed(sys.argv[1:])
