"""What is asked of the frameworks, from the registry: every path with every parameter and reduction that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from parity_inputs import WEIGHTED, inputs, label_sets
from parity_rankings import RANKINGS
from parity_values import WEIGHTS

from losscli.arrays import Array, Integers
from losscli.declared import Declared, Like, Param, Score
from losscli.domain import Domain, resolve
from losscli.errors import UsageError
from losscli.registry import everything
from losscli.spec import as_text, convert

CANDIDATES: dict[object, tuple[object, ...]] = {
    bool: (True, False),
    int: (1, 2),
    tuple[float, ...]: ((1.0, 3.0, 0.5), (0.5, 0.25, 2.0)),
}
FLOATS = (0.25, 0.5, 2.0, 3.0, 1.25, 1.75)
NARROW: dict[tuple[str, str], tuple[object, ...]] = {
    ("catboost.Quantile", "delta"): (0.0078125,),
    ("catboost.MultiQuantile", "delta"): (0.0078125,),
    ("catboost.MultiQuantile", "alpha"): ((0.125, 0.5, 0.75), (0.25, 0.5, 0.875)),
    ("catboost.GroupQuantile", "delta"): (0.009,),
    ("catboost.Lq", "q"): (2.0, 3.0),
    ("torch.nn.MultiMarginLoss", "p"): (2,),
    ("torch.nn.functional.multi_margin_loss", "p"): (2,),
    ("sklearn.metrics.mean_tweedie_deviance", "power"): (1.5,),
    ("sklearn.metrics.d2_tweedie_score", "power"): (1.5, 1.25),
    ("sklearn.metrics.top_k_accuracy_score", "k"): (1,),
    ("sklearn.metrics.jaccard_score", "zero_division"): ("1",),
}
"""Path and parameter -> values, where the framework allows less than losscli does."""

REDUCTIONS: dict[str, Mapping[str, str]] = {
    "torch.nn.KLDivLoss": {"batchmean": "count-mean", "sum": "sum"},
    "torch.nn.functional.kl_div": {"batchmean": "count-mean", "sum": "sum"},
    "torch.": {"sum": "sum"},
    "keras.losses.": {"sum": "sum", "mean_with_sample_weight": "mean"},
    "tf.keras.losses.": {"sum": "sum"},
    "tf.compat.v1.losses.": {
        "weighted_sum": "sum",
        "weighted_mean": "mean",
        "weighted_sum_over_batch_size": "count-mean",
    },
}
"""Beginning of a path -> the framework's name of a reduction -> ours."""

WORDS: dict[str, object] = {
    "true": True,
    "false": False,
    "none": None,
    **{word.lower(): word for word in ("Base", "Exp", "Ranking", "Classic", "Weighted", "Macro", "Micro")},
}
"""A word of a framework's own as it stands in a SPEC -> what it is to the framework, where that is another value."""


@dataclass(frozen=True)
class Call:
    """One call of a framework: everything under the framework's own names."""

    loss: str
    path: str
    input: str
    y_true: Array
    y_pred: Array
    params: Mapping[str, object]
    weight: Array | None = None
    reduction: str | None = None
    group: Integers | None = None
    vector: bool = False
    """The one column of data is of shape (n,), which Keras does not take for (n, 1)."""

    @property
    def whole(self) -> bool:
        """Whether every row counts on its own, so that one row's loss means the same in every framework."""
        declared, twin = DECLARED[self.loss], twin_of(self.loss, self.path)
        return self.weight is None and not weighs(declared, twin, self.params)


DECLARED: dict[str, Declared] = {one.name: one for one in everything()}
"""Every loss, score and penalty."""


def ranks(one: Declared) -> bool:
    """Tell whether a score is of queries."""
    return isinstance(one, Score) and one.grouped


def paths() -> list[tuple[Declared, Like, str]]:
    """Return every loss, score and penalty with every path that a framework has for it."""
    return [(one, twin, path) for one in DECLARED.values() for twin in one.like for path in twin.paths]


def twin_of(loss: str, path: str) -> Like:
    """Return the declaration to which a path belongs."""
    return next(twin for twin in DECLARED[loss].like if path in twin.paths)


def reductions(path: str) -> Mapping[str, str]:
    """Return the reductions of the framework that a path may be given, with our names for them."""
    return next((names for prefix, names in REDUCTIONS.items() if path.startswith(prefix)), {})


def weighs(one: Declared, twin: Like, params: Mapping[str, object]) -> bool:
    """Tell whether a parameter acts on the rows rather than inside the loss."""
    acting = ("class-weight", "ignore")
    return any(one.params[twin.takes[name]].role in acting for name in params if name in twin.takes)


def ours(twin: Like, params: Mapping[str, object]) -> dict[str, object]:
    """Return what a framework's parameters are called here, ``reduction`` among them, with their values."""
    found: dict[str, object] = {}
    for name, value in params.items():
        found |= {twin.takes[name]: value} if name in twin.takes else twin.means[name][as_text(value).lower()]
    return found


def own_words(twin: Like, path: str) -> list[str]:
    """Return the parameters whose values are a framework's own words, but for one that the path itself fixes."""
    return [name for name in twin.means if f":{name}=" not in path]


def values(one: Declared, param: Param, current: object) -> list[object]:
    """Return values of a parameter other than its current one."""
    kinds = {*getattr(param.type, "__args__", ()), param.type}
    found = []
    for value in next((options for kind, options in CANDIDATES.items() if kind in kinds), param.choices or FLOATS):
        try:
            found.append(convert(one, param, value))
        except UsageError:
            continue
    return [value for value in found if value != current]


def settings(one: Declared, twin: Like, path: str) -> Iterator[dict[str, object]]:
    """Yield parameters of a call: the required ones, then each of the others beside them, then all at once."""
    options = {
        theirs: [*NARROW.get((path, theirs), ())]
        or values(one, one.params[ours], twin.params.get(ours, one.params[ours].default))
        for theirs, ours in twin.takes.items()
    }
    required = {name: found.pop(0) for name, found in options.items() if twin.params.get(twin.takes[name]) is ...}
    yield required
    for name, found in options.items():
        yield {**required, name: found[0]}
    if len(options) > 1:
        yield {name: found[0] for name, found in options.items()}
    for name in own_words(twin, path):
        yield from ({**required, name: WORDS.get(word, word)} for word in twin.means[name])


def given(
    one: Declared, true: Domain, pred: Domain, *, sets: bool
) -> Iterator[tuple[str, Array, Array, Integers | None]]:
    """Yield the inputs of a loss or score: name, truth, prediction and, of a score of queries, the rows' queries."""
    if not ranks(one):
        pairs = {**inputs(true, pred), **(label_sets() if sets else {})}
        yield from ((name, *pair, None) for name, pair in pairs.items())
        return
    for name, (y_true, y_pred, query) in RANKINGS.items():
        if true.outside(np.array(y_true)).any():
            continue
        yield name, np.array(y_true), np.array(y_pred), None if query is None else np.array(query)


def calls(one: Declared, twin: Like, path: str) -> Iterator[Call]:
    """Yield the calls of a path: every setting on every input, the first setting with weights and reductions too."""
    for number, params in enumerate(settings(one, twin, path)):
        resolved = {name: param.default for name, param in one.params.items()} | {**twin.params, **ours(twin, params)}
        true, pred = resolve(one.true, resolved), resolve(one.pred, resolved)
        for name, y_true, y_pred, group in given(one, true, pred, sets=bool(resolved.get("sets"))):
            queries = "queries | " if ranks(one) and inputs(true, pred) else ""  # these domains have rows, too
            known = f"{true.name} | {pred.name} | {queries}{name}"
            plain = Call(one.name, path, known, y_true, y_pred, params, group=group)
            yield plain
            worded = not params.keys() <= twin.takes.keys()
            if name in WEIGHTED and (not number or worded or weighs(one, twin, params)):
                weight = np.array(WEIGHTS) if group is None else np.array(WEIGHTS)[group]
                yield replace(plain, weight=weight)
                for reduction in reductions(path):
                    yield replace(plain, reduction=reduction)
                    yield replace(plain, weight=weight, reduction=reduction)
                if path.startswith(("keras.losses.", "tf.keras.losses.")) and name == "rows" and not twin.reduction:
                    deep = replace(plain, input=f"{known}, deep", y_true=y_true[..., None], y_pred=y_pred[..., None])
                    yield replace(deep, weight=weight)
                    yield from (replace(deep, weight=weight, reduction=reduction) for reduction in reductions(path))
                if path.startswith("keras.losses.") and y_pred.ndim == 1 and not twin.reduction:
                    yield replace(plain, weight=weight, vector=True)
                    yield replace(plain, reduction="sum", vector=True)
                    for reduction in reductions(path):
                        yield replace(plain, weight=weight, reduction=reduction, vector=True)
