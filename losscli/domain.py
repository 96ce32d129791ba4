"""What an input of a loss may be: data on its declaration.

One guard (``guard.py``) checks every batch against it, so that no loss checks for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from losscli.arrays import Array, Mask


@dataclass(slots=True, eq=False, repr=False)
class Domain:
    """The values that one input of a loss may take.

    ``outside`` marks the bad values: an array of the input's shape -> a mask of the same shape. ``rows`` says that a
    sample is a row of numbers (``True``), one number or a row treated element by element (``False``), or a class
    label that may also come as a row over the classes (``None``). ``labels`` says that the values are class labels,
    so that text is encoded, and ``binary`` that there are two of them; ``sums_to_one`` that a row is a distribution,
    which is doubted aloud and not refused. ``text`` says what a sample is, ``each`` what a single number of a row is.

    Of a prediction, ``width`` says how wide its rows are: as wide as the truth's (``same``), ``twice`` as wide or a
    ``multiple``, several rows one after the other; beside a single true value of ``any`` width, of ``triples``, or a
    ``pair`` of rows one after the other; ``either`` is ``same`` or ``any``; ``steps`` is a row for each time step
    beside a sequence; ``single`` is one number beside a row. ``columns`` says what each column is where they differ
    (``mean``, ``variance``), which fixes their number. A prediction of rows of rows is computed row by row, and the
    sample's loss is their mean, unless it is taken ``whole``.
    """

    name: str
    text: str
    outside: Callable[[Array], Mask]
    rows: bool | None = False
    labels: bool = False
    binary: bool = False
    sums_to_one: bool = False
    each: str = ""
    width: Literal["same", "any", "either", "multiple", "pair", "single", "triples", "twice", "steps"] = "same"
    whole: bool = False
    columns: tuple[str, ...] = ()


def _is_set(value: object) -> bool:
    return value is not None and value is not False


@dataclass(slots=True, eq=False, repr=False)
class When:
    """A domain that depends on a parameter of the loss: ``When("from_logits", LOGIT, PROBABILITY)``.

    ``then`` holds if the parameter is set: a flag that is true, or a number that is not None; or, where ``holds`` is
    another test of its value, if that is passed, and ``condition`` says it in words.
    """

    param: str
    then: Domain | When
    otherwise: Domain | When
    holds: Callable[[Any], bool] = _is_set
    condition: str = ""

    def pick(self, params: Mapping[str, object]) -> Domain:
        """Return the domain for these parameters."""
        return resolve(self.then if self.holds(params[self.param]) else self.otherwise, params)


def resolve(domain: Domain | When, params: Mapping[str, object]) -> Domain:
    """Return the domain that holds for these parameters."""
    return domain.pick(params) if isinstance(domain, When) else domain
