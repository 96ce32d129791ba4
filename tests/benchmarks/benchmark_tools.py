"""Which programs are there: losscli with and without polars, Pythons with other libraries, and the rest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark_case import OUT, Install, Line, Word
from benchmark_data import Data
from benchmark_measure import CAN_BIND, Command

LOSSCLI = Path(sysconfig.get_path("scripts")) / "losscli"
HIDES_POLARS = Path(__file__).with_name("without_polars")

DISTRIBUTIONS = {"sklearn": "scikit-learn"}
"""Module -> the distribution that has it, where it has another name."""

ASK_VERSIONS = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))"""


def versions(python: str | Path, modules: Iterable[str]) -> dict[str, str]:
    """Return the version of each of these modules that a Python has."""
    names = {module: DISTRIBUTIONS.get(module, module) for module in modules}
    done = subprocess.run([python, "-c", ASK_VERSIONS, *names.values()], capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return {module: found[name] for module, name in names.items() if name in found}


@dataclass(frozen=True, slots=True)
class Tools:
    """What the lines of a case are run with.

    ``losscli`` is as the user installed it; ``core`` is one installed without polars, or None for the same with polars
    hidden from it. ``pythons`` are interpreters with the versions of what they have; the first that has all that a line
    needs runs it.
    """

    losscli: Path
    core: Path | None
    has_polars: bool
    pythons: Mapping[str, Mapping[str, str]]

    @classmethod
    def find(cls, losscli: Path, core: Path | None, pythons: Sequence[str], modules: Iterable[str]) -> Tools:
        """Ask every interpreter what it has."""
        wanted = sorted({*modules, "polars"})
        installed = versions(losscli.resolve().with_name("python"), wanted)
        return cls(losscli, core, "polars" in installed, {python: versions(python, wanted) for python in pythons})

    def python(self, needs: Iterable[str]) -> str | None:
        """Return the first Python that has all of these modules."""
        return next((python for python, has in self.pythons.items() if set(needs) <= has.keys()), None)

    def lacks(self, line: Line) -> str:
        """Return why a line cannot be run, or nothing."""
        if line.one_core and not CAN_BIND:
            return "this system cannot bind a process to a core"
        program = str(line.words[0])
        if program == "losscli":
            return "" if self.has_polars or line.install is not Install.FAST else "polars is not installed"
        if program == "python":
            return "" if self.python(line.needs) else f"no Python given has {' and '.join(line.needs)}"
        return "" if shutil.which(program) else f"{program} is not installed"

    def command(self, line: Line, cache: Path, rows: int) -> Command:
        """Return how a line is run, on the files of so many rows."""
        first, *rest = (_word(word, cache, rows) for word in line.words)
        program, environment = first, {}
        if line.is_losscli:
            hidden = line.install is Install.CORE and self.core is None
            environment = {"PYTHONPATH": str(HIDES_POLARS)} if hidden else {}
            program = str(self.core if line.install is Install.CORE and self.core else self.losscli)
        elif first == "python":
            program = self.python(line.needs) or first
        return Command((program, *rest), [_word(word, cache, rows) for word in line.feed], environment, line.one_core)


def _word(word: Word, cache: Path, rows: int) -> str:
    if isinstance(word, Data):
        return str(word.path(cache, rows))
    return str(cache / word) if word is OUT else str(word)
