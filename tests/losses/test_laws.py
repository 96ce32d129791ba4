"""The laws, for every loss there is; and for each law a loss that it rejects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from typing import Any

import broken
import laws
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from reference import REFERENCE
from strategies import candidates, cases

from losscli import evaluate, registry
from losscli.arrays import Array
from losscli.domain import resolve
from losscli.domains import REAL
from losscli.errors import UsageError
from losscli.registry import Loss, Param
from losscli.spec import convert

registry.load_all()
LOSSES = list(registry.LOSSES.values())

EXACT_IS_FREE = {"mse", "rmse", "mae", "huber", "smooth-l1", "log-cosh", "pinball", "asymmetric", "mape", "msle", "kld"}
EXACT_IS_FREE |= {"half-mse", "expectile", "linex", "pseudo-huber", "lq", "fair", "cauchy", "welsch", "general-robust"}
EXACT_IS_FREE |= {"num-errors", "rmspe", "smape", "rmsle", "mean-pairwise-squared", "multi-rmse"}
EXACT_IS_FREE |= {"tweedie-deviance", "poisson-deviance", "gamma-deviance", "binary-kld"}
EXACT_IS_FREE |= {"jsd", "js-distance", "hellinger", "tv", "wasserstein", "energy-distance", "generalized-kld"}
"""The losses whose inputs are of one kind and for which f(y, y) = 0."""

MAY_BE_NEGATIVE = {"cosine-similarity", "poisson", "poisson-nll", "kld"}
MAY_BE_NEGATIVE |= {"gamma-nll", "gaussian-nll", "normal-log-score", "dss", "multivariate-dss", "aft-nll"}
"""Negative on purpose, or (kld) by the rounding of rows that sum to 1 only nearly."""

NEEDS: dict[tuple[str, str], dict[str, object]] = {
    ("focal", "balanced"): {"alpha": 0.25},
    ("tversky", "swapped"): {"alpha": 2.0},
    ("poisson-nll", "eps"): {"log_input": False},
    ("sparse-ce", "renormalise"): {"eps": 0.3},
    ("ce", "class_weight"): {"label_smoothing": 0.3},
    ("kld", "log_true"): {"log_pred": True},
}
"""Parameters that act only beside another one."""

BY_ENGINE = {("sparse-ce", "class_weight"), ("sparse-ce", "ignore_index"), ("ce", "ignore_index")}
BY_ENGINE |= {("nll", "class_weight"), ("nll", "ignore_index"), ("multi-margin", "class_weight")}
"""Parameters that act on rows, before or after the function: tested through ``evaluate``."""

quick = settings(max_examples=30, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
search = settings(quick, max_examples=1000, phases=[Phase.generate])
"""For `find`, which raises NoSuchExample if there is none."""

every_loss = pytest.mark.parametrize("one", LOSSES, ids=lambda one: one.name)
every_parameter = pytest.mark.parametrize(
    ("one", "param"),
    [(one, param) for one in LOSSES for param in one.params.values()],
    ids=lambda value: value.name,
)


def breaks(law: Callable[..., None], *case: Any) -> bool:  # noqa: ANN401  whatever the law takes
    try:
        law(*case)
    except AssertionError:
        return True
    return False


def hold(law: laws.Law, one: Loss, vary: list[str] | None = None) -> None:
    @quick
    @given(cases(one, vary))
    def example(case: tuple[Array, Array, laws.Params]) -> None:
        law(one, *case)

    example()


@every_loss
def test_a_loss_gives_one_number_per_sample(one: Loss) -> None:
    hold(laws.one_number_per_sample, one)


@every_loss
def test_a_row_does_not_know_of_the_others(one: Loss) -> None:
    hold(laws.row_local, one)


@every_loss
def test_the_size_of_a_chunk_does_not_change_a_digit(one: Loss) -> None:
    @settings(quick, max_examples=3)
    @given(cases(one, shape=(17, 9)))
    def example(case: tuple[Array, Array, laws.Params]) -> None:
        laws.row_local(one, *case)

    example()


@every_loss
def test_inputs_stay_untouched_and_numpy_silent(one: Loss) -> None:
    hold(laws.quiet_and_harmless, one)


@pytest.mark.parametrize("one", [one for one in LOSSES if one.name not in MAY_BE_NEGATIVE], ids=lambda one: one.name)
def test_a_loss_is_not_negative(one: Loss) -> None:
    hold(laws.never_negative, one, vary=[])


@pytest.mark.parametrize("one", [one for one in LOSSES if one.name in EXACT_IS_FREE], ids=lambda one: one.name)
def test_an_exact_prediction_costs_nothing(one: Loss) -> None:
    hold(laws.free_when_exact, one, vary=[])


@every_loss
def test_a_loss_is_symmetric_if_and_only_if_it_says_so(one: Loss) -> None:
    defaults = {name: param.default for name, param in one.params.items()}
    if one.symmetric:
        hold(laws.symmetric, one)
    elif resolve(one.true, defaults) == resolve(one.pred, defaults):
        find(cases(one), lambda case: breaks(laws.symmetric, one, *case), settings=search)


def apart_from_each_other(members: Array) -> bool:
    """Tell whether the values of an ensemble vary enough apart from each other for a covariance to have an inverse."""
    spread = members.std(axis=0)
    return bool(spread.all() and np.linalg.cond((members - members[0]) / spread) < 1e5)


@every_loss
def test_a_loss_equals_its_scalar_reference(one: Loss) -> None:
    assert one.name in REFERENCE, "a new loss needs one line in tests/losses/reference.py"
    reference = REFERENCE[one.name]
    names = {name for name, kind in signature(reference).parameters.items() if kind.kind is kind.KEYWORD_ONLY}

    def law(one: Loss, y_true: Array, y_pred: Array, params: laws.Params) -> None:
        if one.name == "msle":
            assume(np.max(np.abs(y_pred - y_true)) > 1e-3)  # nearer than that, the reference is the one that is wrong
        if one.name == "smooth-l1":
            assume(params["beta"])
        if one.name == "multivariate-dss":
            assume(all(apart_from_each_other(row.reshape(-1, y_true.shape[1])) for row in y_pred))
        laws.equal_to(reference, one, y_true, y_pred, params, names=names)

    hold(law, one, vary=sorted(names))


@pytest.mark.parametrize(
    ("one", "param"),
    [(one, param) for one in LOSSES for param in one.params.values() if (one.name, param.name) not in BY_ENGINE],
    ids=lambda value: value.name,
)
def test_a_parameter_changes_something(one: Loss, param: Param) -> None:
    fixed = NEEDS.get((one.name, param.name), {})
    assert candidates(one, param, 2), f"no other value for {param.name}: widen strategies.FLOATS"

    def shown(case: tuple[Array, Array, laws.Params]) -> bool:
        y_true, y_pred, params = case
        return not breaks(laws.matters, one, y_true, y_pred, params, {**params, param.name: param.default})

    find(cases(one, [param.name], fixed), shown, settings=search)


@pytest.mark.parametrize("name", ["ce", "sparse-ce"])
def test_class_weights_weigh_rows_by_their_class(name: str) -> None:
    data = [0, 1], [[0.8, 0.2], [0.6, 0.4]]
    plain = evaluate(name, *data).losses
    weighted = evaluate(name, *data, class_weight=(1.0, 3.0))
    np.testing.assert_allclose(weighted.losses, plain)
    assert weighted.value == pytest.approx((plain[0] + 3 * plain[1]) / 4, rel=1e-15)


def test_class_weights_of_soft_rows_weigh_each_class() -> None:
    truth, chances, weights = [[0.25, 0.75], [1.0, 0.0]], [[0.8, 0.2], [0.6, 0.4]], (1.0, 3.0)
    total = sum(
        -w * t * np.log(p) for y, q in zip(truth, chances, strict=True) for w, t, p in zip(weights, y, q, strict=True)
    )
    result = evaluate("ce", truth, chances, class_weight=weights)
    assert result.value == pytest.approx(total / (0.25 + 2.25 + 1), rel=1e-14)


@pytest.mark.parametrize("name", ["ce", "sparse-ce"])
def test_the_ignored_class_is_left_out(name: str) -> None:
    ignored = evaluate(name, [0, 1, -100], [[0.8, 0.2], [0.6, 0.4], [0.5, 0.5]], ignore_index=-100)
    assert ignored.value == evaluate(name, [0, 1], [[0.8, 0.2], [0.6, 0.4]]).value


@every_parameter
def test_a_parameter_refuses_what_is_outside_its_bounds(one: Loss, param: Param) -> None:
    if param.type is bool or param.choices or param.role == "ignore":
        with pytest.raises(UsageError):
            convert(one, param, "something else")
    else:
        laws.bounded(one, param)


@every_loss
def test_a_loss_is_documented_and_its_example_runs(one: Loss) -> None:
    laws.documented(one)


# ── the laws themselves ──────────────────────────────────────────────────────────────────────────────────────────────

REJECTED: list[tuple[laws.Law, Callable[..., Array]]] = [
    (laws.one_number_per_sample, broken.widened),
    (laws.one_number_per_sample, broken.narrowed),
    (laws.one_number_per_sample, broken.undefined),
    (laws.one_number_per_sample, broken.unsaid),
    (laws.one_number_per_sample, broken.minus_zero),
    (laws.row_local, broken.centred),
    (laws.row_local, broken.cumulated),
    (laws.quiet_and_harmless, broken.in_place),
    (laws.quiet_and_harmless, broken.loud),
    (laws.never_negative, broken.signed),
    (laws.free_when_exact, broken.biased),
    (laws.symmetric, broken.lopsided),
]


@pytest.mark.parametrize(("law", "function"), REJECTED, ids=lambda value: value.__name__)
def test_a_law_rejects_a_loss_that_breaks_it(law: laws.Law, function: Callable[..., Array]) -> None:
    with pytest.raises(AssertionError):
        law(broken.broken(function), broken.TRUE.copy(), broken.PRED.copy(), {})


@pytest.mark.parametrize("law", list(dict.fromkeys(law for law, _ in REJECTED)), ids=lambda law: law.__name__)
def test_a_law_accepts_a_loss_that_keeps_it(law: laws.Law) -> None:
    law(registry.LOSSES["mse"], broken.TRUE.copy(), broken.PRED.copy(), {})


def test_the_law_of_parameters_rejects_one_without_effect() -> None:
    one = broken.broken(broken.deaf)
    with pytest.raises(AssertionError):
        laws.matters(one, broken.TRUE, broken.PRED, {"delta": 1.0}, {"delta": 2.0})


def test_the_law_of_bounds_rejects_a_parameter_that_takes_anything() -> None:
    beyond = laws.outside(Param("Must be positive.", name="delta", gt=0))
    assert beyond[0] == 0
    with pytest.raises(AssertionError):
        laws.bounded(broken.broken(broken.deaf), Param("Takes anything.", name="delta"), beyond)


def test_the_law_of_references_rejects_half_the_loss() -> None:
    with pytest.raises(AssertionError):
        laws.equal_to(REFERENCE["mse"], broken.broken(broken.halved), broken.TRUE, broken.PRED, {}, names=set())


@pytest.mark.parametrize("function", [broken.undocumented, broken.misquoted], ids=lambda value: value.__name__)
def test_the_law_of_documents_rejects_a_poor_docstring(function: Callable[..., Array]) -> None:
    with pytest.raises(AssertionError):
        laws.documented(broken.broken(function))


def test_a_loss_with_an_unknown_domain_cannot_be_tested() -> None:
    unknown = replace(REAL, name="phase of the moon")
    with pytest.raises(KeyError):
        find(cases(Loss(broken.halved, unknown, unknown)), lambda _: True)
