"""Which column is what: named by the user, or recognised by a well-known name; never guessed among several."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from losscli.errors import DataError, did_you_mean

TRUE_NAMES = tuple(
    "y_true true truth y label labels target targets actual actuals ground_truth groundtruth gt observed observation "
    "obs expected".split()
)
PRED_NAMES = tuple(
    "y_pred pred preds prediction predictions predicted score scores prob probs proba probas probability probabilities "
    "yhat y_hat y_prob y_proba y_score logit logits forecast estimate estimated fitted output p".split()
)
WHAT = {"--true": "true", "--pred": "predicted"}
"""What messages call the values that an option names."""

_NUMBERED = re.compile(r"(.+?)[_\-. ]?(\d+)")

MOST_NAMED = 12
"""More columns than this are not named one by one."""


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key in which numbers count as numbers.

    >>> sorted(["p10", "p2", "p1"], key=natural)
    ['p1', 'p2', 'p10']
    """
    parts = re.split(r"([0-9]+)", text)
    return [(0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts if part]


def in_order(group: str) -> list[tuple[int, float, str]]:
    """Sort key for groups: bins by their lower edge, all others as ``natural`` has them.

    >>> sorted(["[10,20)", "[-10,0)", "[0.5,1)", "[0.25,0.5)"], key=in_order)
    ['[-10,0)', '[0.25,0.5)', '[0.5,1)', '[10,20)']
    """
    if group[:1] in ("[", "(") and group[-1:] in (")", "]"):
        try:
            return [(0, float(group[1:].partition(",")[0]), "")]
        except ValueError:
            pass
    return [*natural(group)]


def select(asked: str, columns: Sequence[str], *, source: str, option: str) -> tuple[str, ...]:
    """Return the columns that an option names: a name, ``@2``, a glob in natural order, or several separated by commas.

    A column of exactly that name comes first, so that names with commas or brackets can be used as they are.
    Raises DataError listing the columns.
    """
    if asked in columns:
        return (asked,)
    found = [name for part in asked.split(",") for name in _one(part.strip(), columns, source, option)]
    if len(set(found)) < len(found):
        twice = next(name for name in found if found.count(name) > 1)
        raise DataError(f"{source}: {option} names column {twice!r} twice", f"{option} was {asked!r}")
    return tuple(found)


def _one(part: str, columns: Sequence[str], source: str, option: str) -> list[str]:
    if part in columns:
        return [part]
    if part.startswith("@") and part[1:].isdecimal() and 1 <= int(part[1:]) <= len(columns):
        return [part]
    matches = sorted((name for name in columns if fnmatchcase(name, part)), key=natural)
    if not matches:
        raise DataError(
            f"{source}: {option}: no column {part!r}", did_you_mean(part, list(columns)) or listing(columns)
        )
    return matches


def listing(columns: Sequence[str]) -> str:
    """Name the columns for a hint, the first twenty of them.

    >>> listing(["a", "b"])
    "the columns are 'a', 'b'"
    """
    more = f" and {len(columns) - 20} more" if len(columns) > 20 else ""  # noqa: PLR2004  as many as fit a few lines
    return f"the columns are {', '.join(map(repr, columns[:20]))}{more}"


def recognise(
    names: Sequence[str], columns: Sequence[str], *, rows: bool | None, source: str, option: str
) -> tuple[str, ...]:
    """Return the columns that bear well-known names: one of them, or a numbered family such as ``prob_0 prob_1``.

    Args:
        names: the well-known names; the first of them wins over the others.
        columns: the candidates.
        rows: whether the losses want a row of columns (True), one column (False), or take either (None).
        source: what messages call the data.
        option: the option that would settle it.

    Raises:
        DataError: several fit.
    """
    single = [name for name in columns if name.strip().lower() in names]
    if preferred := [name for name in single if name.strip().lower() == names[0]]:
        single = preferred
    families: dict[str, list[str]] = {}
    for name in columns:
        if (match := _NUMBERED.fullmatch(name.strip().lower())) and match[1] in names:
            families.setdefault(match[1], []).append(name)
    several = [tuple(sorted(family, key=natural)) for family in families.values() if len(family) > 1]
    if (preferred_family := [family for family in several if family[0].strip().lower().startswith(names[0])]) or (
        preferred and rows is None
    ):
        several = preferred_family
    single_sets = [(name,) for name in single]
    candidates = {True: several or single_sets, False: single_sets or several, None: single_sets + several}[rows]
    if len(set(candidates)) > 1:  # several of one name are refused by their positions when they are read
        raise DataError(
            f"{source}: several columns could be meant: {', '.join(' + '.join(one) for one in candidates)}",
            f"name one with {option}",
        )
    return candidates[0] if candidates else ()


def pick(
    columns: Sequence[str],
    *,
    true: str | None,
    pred: str | None,
    others: Sequence[str],
    aside: Sequence[str],
    rows: tuple[bool | None, bool | None],
    source: str,
    say: Callable[[str], None],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of the true and of the predicted values of one table that holds both.

    ``others`` are columns that have another role and ``aside`` such as may have two; ``rows`` says for true and pred
    whether the losses want rows.
    What was chosen and not named is said. Raises DataError if it is missing or ambiguous.
    """
    y_true = select(true, columns, source=source, option="--true") if true is not None else ()
    y_pred = select(pred, columns, source=source, option="--pred") if pred is not None else ()
    if y_true and y_pred:
        return y_true, y_pred
    taken = {*others, *y_true, *y_pred}
    free = [name for name in columns if name not in taken]
    found_true = y_true or recognise(TRUE_NAMES, free, rows=rows[0], source=source, option="--true")
    found_pred = y_pred or recognise(PRED_NAMES, free, rows=rows[1], source=source, option="--pred")
    free = [name for name in free if name not in aside]
    recognised = {*found_true, *found_pred}
    rest = [name for name in free if name not in recognised]
    if not found_true and not found_pred and len(free) == 2:  # noqa: PLR2004  exactly two: the first is true
        found_true, found_pred = (free[0],), (free[1],)
    elif len(rest) == 1 and bool(found_true) != bool(found_pred) and len(free) <= 2:  # noqa: PLR2004  as above
        found_true, found_pred = found_true or (rest[0],), found_pred or (rest[0],)
    for found, option, what in ((found_true, "--true", "true"), (found_pred, "--pred", "predicted")):
        if not found:
            message = f"{source}: no column is known to hold the {what} values"
            raise DataError(message, f"name it with {option}; {listing(columns)}")
    say("; ".join(
        f"{what} values: {_told(found)}"
        for found, named, what in ((found_true, y_true, "true"), (found_pred, y_pred, "predicted"))
        if not named
    ))  # fmt: skip
    return found_true, found_pred


def pick_one(
    columns: Sequence[str], asked: str | None, names: Sequence[str], *, others: Sequence[str], rows: bool | None,
    source: str, option: str, say: Callable[[str], None],
) -> tuple[str, ...]:  # fmt: skip
    """Return the columns of one role of a table that holds no other (``--truth``): named, known, or the only one."""
    if asked is not None:
        return select(asked, columns, source=source, option=option)
    free = [name for name in columns if name not in others]
    found = recognise(names, free, rows=rows, source=source, option=option) or (tuple(free) if len(free) == 1 else ())
    if not found:
        raise DataError(f"{source}: no column is known to be meant by {option}", f"name it; {listing(columns)}")
    say(f"{WHAT[option]} values: {_told(found)} of {source}")
    return found


def _told(columns: Sequence[str]) -> str:
    """Name columns, of many only the first and the last.

    >>> _told([f"p{i}" for i in range(1000)])
    'p0, p1 … p999 (1000 columns)'
    """
    if len(columns) <= MOST_NAMED:
        return ", ".join(columns)
    return f"{', '.join(columns[:2])} … {columns[-1]} ({len(columns)} columns)"
