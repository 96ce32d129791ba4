"""What the detectors look at: the options, what one pass found out, the task, and what a loss says of the sample."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite

import numpy as np

from losscli.arrays import Array
from losscli.batch import Batch
from losscli.domain import Domain, When, resolve
from losscli.errors import LossCliError
from losscli.inspection.summary import Rows, Summary
from losscli.run import Run
from losscli.sources.options import DataOptions
from losscli.spec import Bound, bind

LEAST = 10
"""Rows below which nothing is told from the look of the numbers alone."""
FIRST = 5
"""Rows that a warning names."""
ONE = 0.01
"""How far a sum of probabilities may be from 1: what rounding to two digits can do."""
_STEM = re.compile(r"^(?:y_)?([a-z]+?)s?(?:[_\-. ]?\d+|_.*)?$")
EXPECTED = {
    **dict.fromkeys(("prob", "proba", "probability", "probabilitie", "p"), "probabilities"), "logit": "logits",
}  # fmt: skip
"""What a column of predictions holds if it is called so, numbers and a plural s left out."""


@dataclass(frozen=True, slots=True)
class Warned:
    """What looks wrong: a code, a sentence, how many rows show it, the first of them, and a command that mends it."""

    code: str
    message: str
    count: int
    rows: Sequence[int] = ()
    fix: str = ""

    def record(self) -> dict[str, object]:
        """Return the record of a report."""
        return {
            "code": self.code, "count": self.count, "message": self.message, "rows": list(self.rows), "fix": self.fix,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the detectors and the suggestions look at.

    ``names`` are the columns of each role; ``texts`` says whether truth and predictions are words; ``sample`` and
    ``head`` are the rows that are known one by one, at random and side by side; ``loss`` is what the user means to
    compute, if that was said; ``single`` the roles whose values come as rows of one number.
    """

    options: DataOptions
    names: Mapping[str, tuple[str, ...]]
    texts: tuple[bool, bool]
    classes: tuple[str, ...] | None
    summary: Summary
    sample: Rows
    head: Rows
    loss: Bound | None = None
    single: frozenset[str] = frozenset()
    ambiguous: str = ""
    values: dict[str, float | None] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """The number of rows."""
        return self.summary.n

    @property
    def whole(self) -> bool:
        """Whether the sample holds every complete row."""
        return len(self.sample) == self.summary.rows.seen

    @cached_property
    def task(self) -> str:
        """What kind of prediction this is."""
        from losscli.inspection.tasks import task  # noqa: PLC0415  which is told from the evidence

        return task(self)

    @cached_property
    def expects(self) -> str:
        """What the predictions are meant to be: ``probabilities``, ``logits``, or an empty string if nothing says so.

        The loss says it, else the name of the column.
        """
        if self.loss is not None:
            domain = resolve(self.loss.loss.pred, self.loss.params)
            return domain_expects(self.loss.loss.pred, domain)
        found = {EXPECTED.get(_stem(name), "") for name in self.names["pred"]}
        return found.pop() if len(found) == 1 else ""

    @property
    def matched(self) -> bool:
        """Whether each class that the truth names has a column of predictions, if there are several columns."""
        y_pred = self.sample.y_pred
        return not (self.texts[0] and self.classes) or y_pred.ndim == 1 or len(self.classes) == y_pred.shape[-1]

    def value(self, spec: str | Bound, y_true: Array | None = None, y_pred: Array | None = None) -> float | None:
        """Return a loss of the sample, or of other values in its place; None where it is not defined for them."""
        known = spec if isinstance(spec, str) and y_true is None and y_pred is None else ""
        if known and known in self.values:
            return self.values[known]
        found = computed(
            spec,
            self.sample.y_true if y_true is None else y_true,
            self.sample.y_pred if y_pred is None else y_pred,
            self.sample.weight,
        )
        if known:
            self.values[known] = found
        return found


def computed(spec: str | Bound, y_true: Array, y_pred: Array, weight: Array | None = None) -> float | None:
    """Return a loss of arrays, None where it is not defined for them or not finite."""
    try:
        value = _reduced(spec, Batch.of(y_true, y_pred, weight))
    except LossCliError:
        return None
    return value if value is not None and isfinite(value) else None


def refusal(spec: Bound, rows: Rows) -> str:
    """Return why a loss cannot be computed of some rows, or why its value says nothing; empty if it does."""

    def place(index: int, part: str, column: int = 0) -> str:  # noqa: ARG001  the names of the columns are not kept
        return f"{part}, row {rows.rows[index]}"

    try:
        value = _reduced(spec, Batch(rows.y_true, rows.y_pred, rows.rows, rows.weight, place=place))
    except LossCliError as problem:
        return problem.message
    return "" if value is not None and isfinite(value) else f"its value is {value}"


def _reduced(spec: str | Bound, batch: Batch) -> float | None:
    bound = bind(spec) if isinstance(spec, str) else spec
    run = Run([bound.suited(rows=batch.y_pred.ndim > 1)])
    run.feed(batch)
    return run.report().results[-1].value


def losses(spec: str | Bound, rows: Rows) -> Array | None:
    """Return the weighted loss of every row, None where it is not defined."""
    try:
        bound = bind(spec) if isinstance(spec, str) else spec
        bound = bound.suited(rows=rows.y_pred.ndim > 1)
        run = Run([bound])
        block = run.feed(Batch.of(rows.y_true, rows.y_pred, rows.weight))
    except LossCliError:
        return None
    if not block or bound.spec not in block:
        return None
    found = np.asarray(block[bound.spec], dtype=np.float64)
    return found if rows.weight is None else found * rows.weight


def domain_expects(declared: Domain | When, domain: Domain) -> str:
    """Return what a domain of predictions is: probabilities, logits, or neither."""
    if isinstance(declared, When) and declared.param == "from_logits" and domain is declared.then:
        return "logits"
    return "probabilities" if domain.sums_to_one or domain.outside(np.array([2.0])).all() else ""


def _stem(name: str) -> str:
    found = _STEM.match(name.strip().lower())
    return found[1] if found else ""
