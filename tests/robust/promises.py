"""What must be so whatever a file or an argument holds: an answer that a slow reader confirms, or two lines."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import slow_reader
from any_bytes import Case
from console import Done
from in_process import called

SECONDS = 10
"""No file of a few kilobytes may take longer, of a processor's time: a busy machine may stand still for as long."""

OF_ALL_ROWS = ("nothing to merge", "mse: the truth has")
"""What is said of no single place."""

LOSSES = ("-l", "mse", "-l", "mae")


def tried(case: Case, folder: Path, *command: str) -> Done:
    """Run losscli on a file and check what must be so whatever is in it."""
    (folder / case.name).write_bytes(case.data)
    start = time.process_time()
    done = called(*command, cwd=folder)
    assert time.process_time() - start < SECONDS
    sound(done, case.codes, [case.name])
    return done


def computed(case: Case, folder: Path) -> Done:
    """Compute the losses of a file, and have them confirmed if there are any."""
    done = tried(case, folder, "eval", case.name, *LOSSES, *case.arguments, "-f", "json")
    if done.code == 0 and case.read:
        confirmed(done, case.read(case.data))
    return done


def computed_of_typed(true: str, pred: str, folder: Path) -> Done:
    """Compute the losses of typed values, and have them confirmed if they are plain numbers."""
    done = called("eval", f"--true={true}", f"--pred={pred}", *LOSSES, "-f", "json", cwd=folder)
    sound(done, (0, 2, 3), ["--true", "--pred", "command line"])
    if done.code == 0 and not {"[", ";"} & {*true, *pred}:
        confirmed(done, [[slow_reader.number(cell) for cell in text.split(",")] for text in (true, pred)])
    return done


def sound(done: Done, codes: tuple[int, ...], places: list[str]) -> None:
    """Check the exit code, and that an error is two lines of which the first names a place."""
    assert "Traceback" not in done.err, done.err
    assert done.code in codes, done
    told = [line for line in done.complaint if line.startswith(("losscli: error: ", "hint: "))]
    assert told == done.complaint, done.err
    assert len(told) == (0 if done.code < 2 else 2), done
    if done.code > 1:
        assert told[0].startswith("losscli: error: "), done
        assert any(place in told[0] for place in [*places, *OF_ALL_ROWS]), done
        assert len(told[0]) < 2000, done
        assert done.err.isprintable() or done.err.replace("\n", "").isprintable(), done


def confirmed(done: Done, columns: slow_reader.Columns) -> None:
    """Check every value and loss, and the mean, against what a slow reader found."""
    document = json.loads(done.out)
    samples = document["samples"]
    assert len(samples) == document["n"] == len(columns[0]), columns
    for sample, true, pred in zip(samples, *columns, strict=True):
        read = [[value for key, value in sample.items() if key.startswith(name)] for name in ("y_true", "y_pred")]
        wanted = [one if isinstance(one, list) else [one] for one in (true, pred)]
        assert list(map(repr, read)) == list(map(repr, wanted)), (read, wanted)
        errors = [p - t for t, p in zip(*wanted, strict=True)]
        for loss, each in (("mse", [e * e for e in errors]), ("mae", [abs(e) for e in errors])):
            assert math.isclose(sample[loss], slow_reader.mean(each), rel_tol=1e-12, abs_tol=5e-324), (loss, sample)
    for result in document["results"]:
        assert result["value"] == slow_reader.mean([sample[result["loss"]] for sample in samples]), result
