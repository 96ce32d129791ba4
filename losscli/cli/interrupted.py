"""What is said when the user stops the work: how far it came, clearly no result."""

from __future__ import annotations

import signal

from losscli.cli.stderr import Notes
from losscli.run import Run
from losscli.sources.meter import Meter
from losscli.tally import LossTally

SHOWN = 3
"""How many losses are shown."""


def say_so_far(run: Run, meter: Meter | None, notes: Notes) -> None:
    """Tell the rows that were read and the losses so far, if there are any. A second Ctrl-C ends the process."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    rows = min(one.n + one.ignored for one in run.tallies)
    if rows:
        share = f" ({_share(meter)})" if meter else ""
        values = _values(run)
        so_far = f"; so far, not a result: {', '.join(values)}" if values else ""
        notes.write(f"interrupted after {rows:,} rows{share}{so_far}")


def _share(meter: Meter) -> str:
    if meter.total:
        return f"{100 * min(meter.done / meter.total, 1):.0f} % of {meter.what}"
    return f"{meter.done / 1e6:,.1f} MB of {meter.what}"


def _values(run: Run) -> list[str]:
    """Return the value of each loss that is ready at once: none that has to sort what was read."""
    ready = [one for one in run.tallies if isinstance(one, LossTally) and one.total.moments.n]
    found = [one.result(None, None, 0, run.missing) for one in ready if not one.reduction.quantiles]
    values = [f"{result.loss} = {result.value:.4g}" for result in found if result.value is not None]
    return [*values[:SHOWN], *([f"and {len(values) - SHOWN} more"] if len(values) > SHOWN else [])]
