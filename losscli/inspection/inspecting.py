"""``inspect``: one pass over the data, then what it is, what looks wrong and which losses suit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from losscli.errors import DataError
from losscli.formats.format import Report
from losscli.inspection.columns import outlines
from losscli.inspection.detectors import decimal_commas, warnings
from losscli.inspection.evidence import Evidence, Warned
from losscli.inspection.reading import Inspected, Opened, opened
from losscli.inspection.suggestions import suggestions
from losscli.inspection.summary import Summary
from losscli.sources.options import DataOptions
from losscli.sources.sides import Listener
from losscli.spec import Bound

SAMPLE = 50_000
"""Rows that are known one by one, unless another number is asked for."""
CLASS_TASKS = ("binary", "multiclass")
MOST_SHARES = 20
"""Classes whose shares are listed."""
UNKNOWN = "unknown"


@np.errstate(all="ignore")  # what numbers do at the ends of float64 is no news to a user
def inspect(
    options: DataOptions, notes: Listener, *, loss: Bound | None = None, size: int = SAMPLE, seed: int = 0
) -> Report:
    """Return what there is to say about the data, as the sections ``warnings``, ``data``, ``columns``, ``suggestions``.

    The warnings come first because formats of one kind of record (csv, jsonl, value) hold the first section.

    Args:
        options: what the user said about the data.
        notes: is told what was decided.
        loss: the loss that the user means to compute, if that is known.
        size: the most rows that are kept to be looked at one by one.
        seed: which rows those are, if there are more.

    Raises:
        DataError: the data cannot be read, or holds no row without gaps.
    """
    found = opened(options, notes)
    if found.dataset is None:
        return _unread(found, loss)
    evidence = gathered(found, found.dataset, loss=loss, size=size, seed=seed)
    if not evidence.whole:
        looked, n = len(evidence.sample), evidence.n
        notes.say(f"values and most warnings are those of {looked} rows drawn from {n}: --sample {n} takes all")
    warned = warnings(evidence)
    if not warned:
        notes.say("nothing looks wrong")
    return _report(evidence, warned)


def gathered(
    found: Opened, dataset: Inspected, *, loss: Bound | None = None, size: int = SAMPLE, seed: int = 0
) -> Evidence:
    """Read all data once. Raises DataError if there is no row without gaps."""
    summary = Summary(size, seed)
    texts = (False, False)
    for batch in dataset.batches():
        summary.update(batch)
        texts = batch.named
    sample, head = summary.rows.sample(), summary.rows.head()
    if sample is None or head is None or not len(sample):
        what = f"all {summary.n} rows have missing values" if summary.n else "the data has no rows"
        raise DataError(f"nothing to inspect: {what}", "name other columns with --true and --pred")
    return Evidence(
        options=found.options,
        names={key: role.names for key, role in dataset.roles.items() if key in ("true", "pred", "weight")},
        texts=texts,
        classes=dataset.labels.classes if dataset.labels else None,
        summary=summary,
        sample=sample,
        head=head,
        loss=loss.suited(rows=sample.y_pred.ndim > 1) if loss else None,
        single=frozenset(dataset.single),
        ambiguous=found.ambiguous,
    )


def _report(found: Evidence, warned: Sequence[Warned]) -> Report:
    sections: Mapping[str, Sequence[Mapping[str, object]]] = {
        "warnings": [one.record() for one in warned],
        "data": [_data(found)],
        "columns": outlines(found.names, found.texts, found.summary),
        "suggestions": suggestions(found),
    }
    return Report([], found.n, 0, [], extra={"task": found.task}, sections=sections)


def _data(found: Evidence) -> dict[str, object]:
    """Return the one record about all rows."""
    return {
        "task": found.task,
        "rows": found.n,
        "sample": len(found.sample),
        "incomplete": found.summary.incomplete,
        "duplicates": duplicates(found),
        "classes": balance(found),
        "predictions": kind(found),
    }


def duplicates(found: Evidence) -> int:
    """Return how many rows of the sample repeat the truth and the prediction of another."""
    parts = [part.reshape(len(found.sample), -1) for part in (found.sample.y_true, found.sample.y_pred)]
    table = np.ascontiguousarray(np.hstack(parts))
    rows = table.view(np.dtype((np.void, table.dtype.itemsize * table.shape[1])))
    return len(rows) - len(np.unique(rows))


def balance(found: Evidence) -> str:
    """Return the share of each class, the most frequent first; empty where there are no classes.

    Shares are of the sample: exact where that holds every row.
    """
    y_true = found.sample.y_true
    if found.task not in CLASS_TASKS:
        return ""
    labels = y_true if y_true.ndim == 1 else y_true.argmax(axis=-1)
    if labels.ndim > 1:
        return ""
    levels, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    names = [
        found.classes[int(one)] if found.classes and found.texts[0] else f"{one:g}" for one in levels[order].tolist()
    ]
    shown = [
        f"{name} {100 * count / len(labels):.3g}%"
        for name, count in zip(names, counts[order].tolist(), strict=True)
    ]  # fmt: skip
    more = [f"{len(shown) - MOST_SHARES} more"] if len(shown) > MOST_SHARES else []
    return ", ".join([*shown[:MOST_SHARES], *more])


def kind(found: Evidence) -> str:
    """Return what the predictions are: labels, probabilities, logits or scores, or just numbers."""
    if found.task not in (*CLASS_TASKS, "multilabel"):
        return "numbers"
    if found.texts[1] or np.isin(found.sample.y_pred, found.sample.y_true).all():
        return "labels"
    return "probabilities" if found.summary.pred.inside(0, 1) else found.expects or "scores"


def _unread(found: Opened, loss: Bound | None) -> Report:
    """Return a report that names the columns and why they were not read."""
    warned = decimal_commas(found, loss.spec if loss else "")
    columns: list[Mapping[str, object]] = [
        {"column": name, "role": "", "remark": "decimal commas" if name in found.commas else ""}
        for name in found.columns
    ]
    sections: Mapping[str, Sequence[Mapping[str, object]]] = {
        "warnings": [warned.record()],
        "data": [{"task": UNKNOWN, "rows": None}],
        "columns": columns,
        "suggestions": [],
    }
    return Report([], 0, 0, [], extra={"task": UNKNOWN}, sections=sections)
