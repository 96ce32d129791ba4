"""The one check before every loss: shapes, classes, domain. No loss checks for itself."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, prod

import numpy as np

from losscli.arrays import Array, Mask, any_of, flat, product
from losscli.batch import Batch
from losscli.conventions import CONVENTIONS
from losscli.domain import Domain, When, resolve
from losscli.domains import ALIKE_FROM
from losscli.errors import DataError, UsageError
from losscli.registry import LOSSES, SCORES, Score
from losscli.spec import Bound

FEW = 10
"""Rows below which percent are not told from a wrong probability."""
SUM_TOLERANCE = 0.01
"""How far a row of probabilities may be from 1 before it is doubted aloud: what rounding to two digits can do."""


FITS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "same": lambda true, pred: true == pred,
    "any": lambda true, pred: len(pred) == 2 and true == pred[:1],  # noqa: PLR2004  one row a sample
    "either": lambda true, pred: true in (pred, pred[:1]),
    "single": lambda true, pred: len(true) == 2 and true[:1] == pred,  # noqa: PLR2004  one row a sample
    "pair": lambda true, pred: len(pred) == 2 and true == pred[:1] and pred[1] % 2 == 0,  # noqa: PLR2004  rows
    "triples": lambda true, pred: len(pred) == 2 and true == pred[:1] and pred[1] % 3 == 0,  # noqa: PLR2004  rows
    "twice": lambda true, pred: len(true) == 2 and pred == (true[0], 2 * true[1]),  # noqa: PLR2004  rows
    "steps": lambda true, pred: len(true) == 2 and len(pred) == 3 and true[0] == pred[0],  # noqa: PLR2004  rows of rows
    "multiple": lambda true, pred: len(true) > 1 and true[:1] == pred[:1] and prod(pred[1:]) % prod(true[1:]) == 0,
}
"""Whether the shapes of truth and prediction go together, by ``Domain.width``."""


class Guard:
    """Checks every batch for one loss, and remembers what it saw.

    A value outside the domain is counted to the end of the data before it is refused (``conclude``), so that the
    message can tell how many rows there are. Rows whose sum should be 1 and is not are counted and noted.
    """

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.true = resolve(bound.loss.true, bound.params)
        self.pred = resolve(bound.loss.pred, bound.params)
        self.rows = 0
        self.faults = 0
        self._fault: tuple[str, int, str] | None = None
        self.doubts: dict[str, tuple[str, int]] = {}
        self.saw = ""
        self._sets = bool((bound.param("sets") or ("", False))[1])
        of_classes = self.true.rows is None and (isinstance(bound.loss, Score) or self.pred.labels)
        convention = CONVENTIONS.get(bound.like or "")
        self._classes_only = of_classes and not self._sets and convention is not None and convention.label_sets

    def check(self, batch: Batch) -> bool:
        """Tell whether a batch may be computed. Raises DataError for shapes and classes that cannot be."""
        self.rows += len(batch)
        y_true, y_pred = batch.y_true, batch.y_pred
        self._shapes(batch)
        if self.true.rows is None and y_pred.ndim > 1:
            self.saw = "class labels" if self._labelled(batch) else "rows (one-hot or soft)"
        bad = self._outside(batch, "y_true", self.true) | self._outside(batch, "y_pred", self.pred)
        bad |= self._beyond(batch)
        if self._classes_only:
            self._no_sets(batch)
        self.faults += int(bad.sum())
        for part, values, domain in (("y_true", y_true, self.true), ("y_pred", y_pred, self.pred)):
            if domain.sums_to_one and values.ndim > 1 and not self._sets:
                self._doubt(batch, part, values)
        return not self.faults

    def conclude(self) -> None:
        """Raise DataError if any value was outside the domain."""
        if self._fault:
            fact, row, hint = self._fault
            raise DataError(f"{fact} (row {row}; {self.faults} of {self.rows} rows)", hint)

    def notes(self) -> list[str]:
        """Return what the user should know about the data that was computed."""
        return [
            f"{self.bound.spec}: {count} of {self.rows} rows of {part} do not sum to 1 (first: {first})"
            for part, (first, count) in self.doubts.items()
        ]

    # ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _shapes(self, batch: Batch) -> None:
        """Refuse what could only be computed by broadcasting."""
        y_true, y_pred, name = batch.y_true, batch.y_pred, self.bound.loss.name
        if len(y_true) != len(y_pred):
            message = f"the truth has {len(y_true)} rows and the prediction {len(y_pred)}"
            raise DataError(message, "pair them row by row")
        if self.pred.rows and y_pred.ndim == 1:
            raise DataError(
                f"{name} needs {self.pred.text}, but the prediction is a single value",
                "did you mean bce?" if self.true.labels else f"name several columns: --pred {self._names()}",
            )
        self._columns(batch)
        self._one_class_a_row(batch)
        if self._labelled(batch):
            return self._classes(batch)
        a_class = self.true.rows is False and self.true.labels and self.pred.rows
        if a_class or not FITS[self.pred.width](y_true.shape, y_pred.shape):
            several = self.true.labels and not self.pred.rows and y_true.ndim == 1
            raise DataError(
                f"{name}: the truth has {_width(y_true)} and the prediction {_width(y_pred)}",
                "for a row of class probabilities a sample, use ce"
                if several
                else f"the truth must be {self.true.text}, the prediction {self.pred.text}",
            )
        if batch.named[0] and self.true.binary and len(batch.classes or ()) != 2:  # noqa: PLR2004  binary
            seen = ", ".join(batch.classes or ()) or "none"
            raise DataError(f"{name} needs two classes, but the truth has {seen}", "name both: --classes no,yes")
        return None

    def _names(self) -> str:
        return (
            ",".join(self.pred.columns)
            if self.pred.columns
            else "'p*'" + ("" if self.true.rows is False else " --true 't*'")
        )

    def _columns(self, batch: Batch) -> None:
        """Refuse another number of columns than the loss, or its class weights, are for."""
        name, weights = self.bound.loss.name, self.bound.param("class-weight")
        sides = (("truth", "--true", self.true, batch.y_true), ("predictions", "--pred", self.pred, batch.y_pred))
        for what, option, domain, values in sides:
            needed, there = domain.columns, values.shape[-1] if values.ndim > 1 else 1
            if needed and there != len(needed):
                raise DataError(
                    f"{name} needs {len(needed)} columns of {what} ({', '.join(needed)}), and there are {there}",
                    f"name them in this order: {option} {','.join(needed)}",
                )
        if weights and batch.y_pred.ndim > 1 and len(weights[1]) != there:
            raise UsageError(
                f"{name}: {weights[0].name} has {len(weights[1])} values for {there} classes",
                "give one weight for each class, separated by /",
            )

    def _one_class_a_row(self, batch: Batch) -> None:
        """Refuse parameters that act on the class of a row where a row holds several."""
        if batch.y_true.ndim <= (1 if self._labelled(batch) else 2):
            return
        weighs, ignores = self.bound.param("class-weight"), self.bound.param("ignore")
        acting = weighs or (ignores if ignores and (batch.y_true == ignores[1]).any() else None)
        if acting:
            raise DataError(
                f"{self.bound.loss.name}: {acting[0].name} is by the class of a row, and the truth has "
                f"{_width(batch.y_true)}",
                "give each class a row of its own",
            )

    def _labelled(self, batch: Batch) -> bool:
        """Tell whether the truth holds a class for each row of predictions."""
        takes = self.true.labels and self.true.rows is not True and self.pred.rows is not False
        return takes and batch.y_true.shape == batch.y_pred.shape[:-1]

    def _classes(self, batch: Batch) -> None:
        """Refuse named classes that cannot be matched to the columns."""
        width = batch.y_pred.shape[-1]
        if batch.named[0] and batch.classes and len(batch.classes) != width:
            raise DataError(
                f"{self.bound.loss.name}: {len(batch.classes)} classes ({', '.join(batch.classes[:20])}) "
                f"against {width} columns of predictions",
                "list the class of each column in order: --classes a,b,c",
            )

    # ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _outside(self, batch: Batch, part: str, domain: Domain) -> Mask:
        """Mark the rows in which a value is outside its domain."""
        values: Array = getattr(batch, part)
        with np.errstate(invalid="ignore"):
            each = part == "y_true" and self._labelled(batch)  # a domain tells a class from a row by the shape
            bad = domain.outside(values.ravel()).reshape(values.shape) if each else domain.outside(values)
            bad &= ~np.isnan(values)
        rows = any_of(bad)
        if not self._fault and rows.any():
            index = int(np.argmax(rows))
            column = int(np.argmax(bad[index]))
            value = float(np.ravel(values[index])[column])
            shown = repr(value)
            side = ("y_true", "y_pred").index(part)
            if batch.classes and batch.named[side] and 0 <= value < len(batch.classes):
                shown = repr(batch.classes[int(value)])
            self._fault = (
                f"{batch.place(index, part, column)}: {shown} is not {domain.each or domain.text}",
                int(batch.rows[index]),
                _percent(part, domain, values) or self._way_out(part, domain, value),
            )
        return rows

    def _beyond(self, batch: Batch) -> Mask:
        """Mark the rows whose class has no column; a single probability stands for two classes."""
        if self._labelled(batch) or self.pred.width == "steps":
            width = batch.y_pred.shape[-1]
        elif self.true.labels and self.pred.rows is None and not self.pred.labels and batch.y_pred.ndim == 1:
            width = 2
        else:
            return np.zeros(len(batch), dtype=bool)
        with np.errstate(invalid="ignore"):
            beyond = batch.y_true >= width
        bad = any_of(beyond)
        if not self._fault and bad.any():
            index = int(np.argmax(bad))
            where, label = batch.place(index, "y_true"), np.max(batch.y_true[index])
            self._fault = (
                f"{where}: class {label:g} has no column among the {width} classes 0 to {width - 1} that are predicted",
                int(batch.rows[index]),
                "if the labels do not count from 0, list them in the order of the columns: --classes 1,2,3",
            )
        return bad

    def _no_sets(self, batch: Batch) -> None:
        """Refuse sets of labels where the framework scores them otherwise than classes."""
        if batch.y_true.ndim == 1 or batch.y_true.shape != batch.y_pred.shape:
            return
        sides = ("y_true", "y_pred") if self.pred.labels else ("y_true",)
        for part in sides:
            values: Array = getattr(batch, part)
            several = np.all((values == 0) | (values == 1), axis=-1) & (values.sum(axis=-1) != 1)
            if several.any():
                index = int(np.argmax(any_of(several)))
                raise DataError(
                    f"{batch.place(index, part)} is no class but a set of labels, which {self.bound.like} scores "
                    f"otherwise; {self.bound.loss.name} is of classes",
                    "score each label alone (--true a --pred p_a), or take hamming or subset-zero-one",
                )

    def _way_out(self, part: str, domain: Domain, value: float) -> str:
        declared = self.bound.loss.pred if part == "y_pred" else self.bound.loss.true
        a_label = domain.labels and value == np.floor(value)
        if isinstance(declared, When) and not self.bound.params[declared.param] and not a_label:
            flag = declared.param
            option = f"--{flag.replace('_', '-')} (in a SPEC: {self.bound.loss.name}:{flag})"
            if flag == "from_logits":
                return f"these look like logits: {option}"
            return f"{option} takes {resolve(declared.then, self.bound.params).text}"
        if domain.labels:
            alike = "labels from 2**53 up are not told apart as numbers; " if ALIKE_FROM <= value < inf else ""
            return f"{alike}name the classes in order: --classes a,b,c"
        name, like = self.bound.loss.name, self.bound.like
        usual = getattr({**LOSSES, **SCORES}.get(name), part.removeprefix("y_"), declared)
        if usual is declared:
            return f"{name} takes {domain.text}"
        rest = resolve(usual, self.bound.params).text
        return f"{like} takes {domain.text}; {name} without --like {like}, {rest}"

    def _doubt(self, batch: Batch, part: str, values: Array) -> None:
        """Count the rows that should sum to 1 and do not."""
        with np.errstate(over="ignore", invalid="ignore"):
            sums = flat(values.sum(axis=-1, keepdims=True))
            off = any_of(np.abs(sums - 1) > SUM_TOLERANCE)
        if off.any():
            index = int(np.argmax(off))
            worst = sums[index][np.argmax(np.abs(sums[index] - 1))]
            first, count = self.doubts.get(part, (f"{batch.place(index, part)}: {worst:.6g}", 0))
            self.doubts[part] = (first, count + int(off.sum()))


def row_weights(bound: Bound, y_true: Array) -> Array | None:
    """Return the weights that the loss's own parameter gives the rows by their class, or None."""
    found = bound.param("class-weight")
    if found is None:
        return None
    weights = np.asarray(found[1], dtype=np.float64)
    if y_true.ndim > 1:
        return product(y_true, weights)
    known = np.where(np.isnan(y_true), 0, y_true).astype(np.int64)
    return np.where(np.isnan(y_true), np.nan, weights[known])


def _percent(part: str, domain: Domain, values: Array) -> str:
    """Return the way out for predictions that look like percent where shares are wanted; else nothing."""
    of_shares = not domain.labels and list(map(_in(domain), (0.5, 2.0))) == [True, False]
    if part != "y_pred" or not of_shares or len(values) < FEW or not ((values >= 0) & (values <= 100)).all():  # noqa: PLR2004
        return ""
    largest = values if values.ndim == 1 else flat(values).max(axis=1)
    percent = np.median(largest) > 1
    return "these look like percent: divide them by 100; losscli inspect gives the command" if percent else ""


def _in(domain: Domain) -> Callable[[float], bool]:
    """Return what tells whether a domain holds rows of a number."""
    return lambda value: not domain.outside(np.full((1, 2), value)).any()


def _width(values: Array) -> str:
    if values.ndim == 1:
        return "one value a row"
    return f"{' × '.join(map(str, values.shape[1:]))} values a row"
