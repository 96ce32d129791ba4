"""The last digits: where a plain formula overflows or cancels, the losses still agree with 60 or more exact digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from losscli import registry
from losscli.spec import bind

registry.load_all()
ULPS = 4


def one_loss(spec: str, y_true: Any, y_pred: Any) -> float:  # noqa: ANN401  a number or a row
    bound = bind(spec)
    with np.errstate(all="raise"):
        losses = bound.loss.function(np.array([y_true]), np.array([y_pred]), **bound.params)
    return float(losses[0])


def assert_right(spec: str, y_true: Any, y_pred: Any, exact: Any, ulps: float = ULPS) -> None:  # noqa: ANN401  as above
    found, rounded = one_loss(spec, y_true, y_pred), float(exact)
    if math.isinf(rounded):
        assert found == rounded
    else:
        assert abs(mpf(found) - exact) <= ulps * math.ulp(rounded), f"{found!r} is not {rounded!r}"


@pytest.fixture(autouse=True)
def _digits() -> Any:  # noqa: ANN401  pytest's own
    with mpmath.workdps(700):  # e^1000 beside 1
        yield


def ln(value: Any) -> Any:  # noqa: ANN401  mpmath's numbers
    return mpmath.log(value)


def softplus(z: Any) -> Any:  # noqa: ANN401  as above
    return ln(1 + mpmath.exp(z))


ERRORS = [0.0, 5e-324, 1e-150, 1e-12, 1e-4, 0.3, 0.999, 1.0, 1.001, 2.5, 19.0, 710.0, 1e150]
REGRESSION: dict[str, Callable[[Any], Any]] = {
    "mse": lambda e: e * e,
    "mae": lambda e: e,
    "huber": lambda e: e * e / 2 if e <= 1 else e - mpf(1) / 2,
    "smooth-l1:beta=0.5": lambda e: e * e if e < 0.5 else e - mpf(1) / 4,
    "smooth-l1:beta=0": lambda e: e,
    "log-cosh": lambda e: ln(mpmath.cosh(e)) if e < 1000 else e - ln(2),
    "pinball:q=0.25": lambda e: e * mpf(3) / 4,
    "asymmetric": lambda e: e,
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("spec", REGRESSION)
def test_an_error_of_any_size_costs_the_exact_loss(spec: str, error: float) -> None:
    assert_right(spec, 0.0, error, REGRESSION[spec](mpf(error)))


def test_huber_of_a_huge_error_is_finite_as_long_as_the_result_is() -> None:
    assert_right("huber:delta=1e150", 0.0, 1e155, mpf(10) ** 305 - mpf(10) ** 300 / 2)
    assert_right("huber:delta=1e160", 0.0, 1.8e154, mpf(1.8e154) ** 2 / 2)


@pytest.mark.parametrize(
    ("true", "pred"),
    [
        (0.0, 1e-20),
        (1.0, 1.0 + 2**-52),
        (1e10, -0.9),
        (-0.9, 1e10),
        (1e300, 1.3e300),
        (1e-18, 0.0),
        (-1 + 2**-53, 1e300),
    ],
)
def test_msle_keeps_its_digits_near_and_far(true: float, pred: float) -> None:
    assert_right("msle", true, pred, (ln(1 + mpf(pred)) - ln(1 + mpf(true))) ** 2, ulps=8)


@pytest.mark.parametrize("p", [0.0, 5e-324, 1e-300, 1e-17, 0.1, 0.5, 0.9, 1 - 2**-53, 1.0])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
def test_bce_of_a_probability_keeps_its_digits(y: float, p: float) -> None:
    yes = -ln(mpf(p)) * y if p else mpf("inf") * bool(y) if y else mpf(0)
    no = -ln(1 - mpf(p)) * (1 - mpf(y)) if p < 1 else mpf("inf") if y < 1 else mpf(0)
    assert_right("bce", y, p, yes + no)
    assert_right("weighted-bce:from_logits=false,pos_weight=3", y, p, 3 * yes + no)
    wrong = mpf(y) * (1 - mpf(p)) + (1 - mpf(y)) * mpf(p)
    assert_right("focal", y, p, (wrong**2 * (yes + no)) if wrong else mpf(0), ulps=8)


LOGITS = [0.0, 1e-300, 1e-10, 0.5, 3.0, 36.0, 40.0, 700.0, 1000.0]


@pytest.mark.parametrize("z", [*LOGITS, *(-z for z in LOGITS)])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.3, 1 - 1e-10])
def test_bce_of_a_logit_keeps_its_digits(y: float, z: float) -> None:
    yes, no = mpf(y) * softplus(-mpf(z)), (1 - mpf(y)) * softplus(mpf(z))
    assert_right("bce:from_logits", y, z, yes + no)
    assert_right("weighted-bce:pos_weight=3", y, z, 3 * yes + no)
    p = 1 / (1 + mpmath.exp(-mpf(z)))
    assert_right("focal:from_logits", y, z, (mpf(y) * (1 - p) + (1 - mpf(y)) * p) ** 2 * (yes + no), ulps=12)


ROWS = [
    [0.0, 0.0, 0.0],
    [1000.0, 0.0, -1000.0],
    [-1000.0, -1000.0, 1000.0],
    [1000.0, 1000.0, 999.0],
    [0.0, -36.0, -40.0],
    [700.0, 0.0, 1.0],
    [1e-300, 0.0, -1e-17],
    [3.5, -1.25, 0.5],
]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("label", [0, 1, 2])
@pytest.mark.parametrize("name", ["ce", "sparse-ce"])
def test_cross_entropy_of_logits_keeps_its_digits(name: str, label: int, row: list[float]) -> None:
    exact = ln(sum(mpmath.exp(mpf(z) - mpf(row[label])) for z in row))
    assert_right(f"{name}:from_logits", float(label), row, exact)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("label", [0, 1, 2])
def test_categorical_focal_of_logits_keeps_its_digits(label: int, row: list[float]) -> None:
    others = sum(mpmath.exp(mpf(z) - mpf(row[label])) for c, z in enumerate(row) if c != label)
    assert_right(
        "categorical-focal:from_logits", float(label), row, (others / (1 + others)) ** 2 * ln(1 + others), ulps=12
    )


@pytest.mark.parametrize("name", ["ce", "sparse-ce"])
@pytest.mark.parametrize("p", [1e-300, 1e-17, 0.1, 1 - 2**-53])
def test_cross_entropy_of_probabilities_keeps_its_digits(name: str, p: float) -> None:
    assert_right(name, 0.0, [p, 1 - p], -ln(mpf(p)))


@pytest.mark.parametrize("step", [1e-3, 2**-30, 2**-50])
def test_a_tiny_divergence_keeps_what_its_terms_allow(step: float) -> None:
    p, q = [0.25, 0.75], [0.25 + step, 0.75 - step]
    exact = sum(mpf(a) * ln(mpf(a) / mpf(b)) for a, b in zip(p, q, strict=True))
    assert abs(one_loss("kld", p, q) - exact) <= 2 * step * 2**-52


@pytest.mark.parametrize("y", [0.0, 1e-20, 0.25, 0.5, 1 - 1e-9, 1.0])
@pytest.mark.parametrize("factor", [1e-10, 0.6, 1 - 2**-30, 1 + 2**-50, 1.5])
def test_a_divergence_from_a_share_keeps_its_digits_near_and_far(y: float, factor: float) -> None:
    p = min(y * factor, 1 - 2**-53) if y else factor / 2
    pairs = [(mpf(y), mpf(p)), (1 - mpf(y), 1 - mpf(p))]
    assert_right("binary-kld", y, p, sum((a * ln(a / b) for a, b in pairs if a), mpf(0)))


def test_a_divergence_of_tiny_probabilities_keeps_its_digits() -> None:
    p, q = [1e-300, 1.0], [1.0, 1e-300]
    assert_right("kld", p, q, sum(mpf(a) * ln(mpf(a) / mpf(b)) for a, b in zip(p, q, strict=True)))


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_a_cosine_does_not_depend_on_length(scale: float) -> None:
    assert_right("cosine-similarity", [3.0 * scale, 4.0 * scale], [4.0, 3.0], mpf(-24) / 25)


@pytest.mark.parametrize(("count", "rate"), [(0.0, 0.0), (0.0, 1e-300), (3.0, 1e-300), (1e6, 1e3), (2.0, 1e300)])
def test_poisson_keeps_its_digits(count: float, rate: float) -> None:
    exact = mpf(rate) - (mpf(count) * ln(mpf(rate)) if count else 0)
    assert_right("poisson", count, rate, exact)
    assert_right("poisson:full", count, rate, exact + mpmath.loggamma(mpf(count) + 1))
    assert_right("poisson-nll:log_input=false", count, rate, exact)


@pytest.mark.parametrize("z", [-1000.0, 0.0, 5.0, 700.0])
def test_poisson_of_a_log_rate_keeps_its_digits(z: float) -> None:
    assert_right("poisson-nll", 3.0, z, mpmath.exp(mpf(z)) - 3 * mpf(z))


SCORES = [0.0, 1e-300, 1e-10, 0.5, 1.0, 3.0, 36.0, 40.0, 700.0]


@pytest.mark.parametrize("score", [*SCORES, *(-s for s in SCORES)])
@pytest.mark.parametrize("label", [-1.0, 1.0])
def test_a_margin_loss_keeps_its_digits(label: float, score: float) -> None:
    margin = mpf(label) * mpf(score)
    assert_right("soft-margin", label, score, softplus(-margin))
    assert_right("pair-logit", label, [score, 0.0], softplus(-margin))
    assert_right("exponential", label, score, mpmath.exp(-margin))
    quarter = (max(mpf(0), 1 - margin)) ** 2 / 4
    assert_right("sparsemax", label, score, quarter if margin > -1 else -margin)


@pytest.mark.parametrize("scores", [[0.0, 0.0, 0.0], [1e-9, 0.0, -0.5], [1.0, 0.25, 0.0], [1e8, 1e8 - 0.25, 0.0]])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_sparsemax_of_several_classes_keeps_its_digits(label: int, scores: list[float]) -> None:
    ranked = sorted(map(mpf, scores), reverse=True)
    count = max(k for k in (1, 2, 3) if 1 + k * ranked[k - 1] > sum(ranked[:k]))
    threshold = (sum(ranked[:count]) - 1) / count
    shares = [max(mpf(0), mpf(z) - threshold) for z in scores]
    truth = [mpf(c == label) for c in range(3)]
    exact = sum((y - z) ** 2 - (p - z) ** 2 for y, p, z in zip(truth, shares, map(mpf, scores), strict=True)) / 2
    assert_right("sparsemax-multi", float(label), scores, exact, ulps=8)


@pytest.mark.parametrize("p", [1e-300, 1e-17, 0.1, 1 - 2**-53])
@pytest.mark.parametrize("q", [1e-6, 0.5, 1.0])
def test_generalised_cross_entropy_keeps_its_digits(q: float, p: float) -> None:
    assert_right(f"gce:q={q}", 0.0, [p, 1 - p], (1 - mpf(p) ** mpf(q)) / mpf(q))


@pytest.mark.parametrize("step", [0.2, 1e-3, 2**-30, 2**-50])
def test_divergences_of_near_rows_keep_their_digits(step: float) -> None:
    p, q = [0.25, 0.75], [0.25 + step, 0.75 - step]
    pairs = [(mpf(a), mpf(b)) for a, b in zip(p, q, strict=True)]
    divergence = sum(a * ln(2 * a / (a + b)) + b * ln(2 * b / (a + b)) for a, b in pairs) / 2
    assert_right("jsd", p, q, divergence)
    assert_right("js-distance", p, q, mpmath.sqrt(divergence))
    assert_right("generalized-kld", p, q, sum(a * ln(a / b) - a + b for a, b in pairs))
    assert_right("hellinger", p, q, mpmath.sqrt(sum((mpmath.sqrt(a) - mpmath.sqrt(b)) ** 2 for a, b in pairs) / 2))


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_embeddings_of_any_length_have_their_angle(scale: float) -> None:
    pair = [3.0 * scale, 4.0 * scale, 4.0, 3.0]
    assert_right("cosine-embedding", 1.0, pair, mpf(1) / 25, ulps=8)
    assert_right("cosine-embedding", -1.0, pair, mpf(24) / 25)


@pytest.mark.parametrize("angle", [1e-3, 1e-8])
def test_a_small_angle_of_embeddings_keeps_its_digits(angle: float) -> None:
    assert_right("cosine-embedding", 1.0, [1.0, 0.0, 1.0, angle], 1 - 1 / mpmath.sqrt(1 + mpf(angle) ** 2), ulps=8)


def test_a_triplet_of_huge_rows_has_a_finite_loss() -> None:
    assert_right("triplet", [0.0, 0.0], [3e300, 4e300, 0.0, 0.0], mpf(3e300) / 3 * 5)


@pytest.mark.parametrize("gap", [0.0, 1e-10, 40.0, 700.0, -700.0])
def test_a_list_of_two_costs_its_pair(gap: float) -> None:
    for name in ("softmax-rank", "listmle", "pairwise-logistic", "unique-softmax"):
        assert_right(name, [1.0, 0.0], [gap, 0.0], softplus(-mpf(gap)))


@pytest.mark.parametrize("name", ["dice", "jaccard", "tversky"])
def test_a_mask_that_is_nearly_right_keeps_its_digits(name: str) -> None:
    wrong = mpf(1 - (1 - 1e-12))
    below = {"dice": 2 - wrong, "jaccard": mpf(1), "tversky": 1 - wrong / 2}[name]
    assert_right(name, [1.0, 0.0], [1 - 1e-12, 0.0], (wrong / 2 if name == "tversky" else wrong) / below)


CERTAIN_AND_WRONG = [
    ("exponential", 1.0, -1e4),
    ("poly-ce:from_logits=false", 0.0, [0.0, 1.0]),
    ("multilabel-bce:from_logits=false", [1.0, 0.0], [0.0, 0.0]),
    ("generalized-kld", [0.5, 0.5], [0.0, 1.0]),
    ("binary-kld", 0.5, 0.0),
    ("bce", 1.0, 0.0),
    ("bce", 0.0, 1.0),
    ("focal", 1.0, 0.0),
    ("ce", 0.0, [0.0, 1.0]),
    ("sparse-ce", 0.0, [0.0, 1.0]),
    ("categorical-focal", 0.0, [0.0, 1.0]),
    ("kld", [0.5, 0.5], [0.0, 1.0]),
    ("poisson", 1.0, 0.0),
    ("mape", 0.0, 1.0),
]


@pytest.mark.parametrize(("spec", "true", "pred"), CERTAIN_AND_WRONG)
def test_the_impossible_costs_infinity(spec: str, true: Any, pred: Any) -> None:  # noqa: ANN401  a number or a row
    assert one_loss(spec, true, pred) == math.inf


CERTAIN_AND_RIGHT = [
    ("perceptron", 1.0, 0.0),
    ("sparsemax", 1.0, 1.0),
    ("modified-huber", -1.0, -1.0),
    ("sparsemax-multi", 0.0, [1.0, 0.0, 0.0]),
    ("multi-margin", 0.0, [1.0, 0.0]),
    ("gce", 0.0, [1.0, 0.0]),
    ("nll", 0.0, [0.0, -9.0]),
    ("jsd", [1.0, 0.0], [1.0, 0.0]),
    ("wasserstein", [1.0, 0.0], [1.0, 0.0]),
    ("triplet", [1.0, 2.0], [1.0, 2.0, 1.0, 3.0]),
    ("dice", [1.0, 0.0], [1.0, 0.0]),
    ("dice", [0.0, 0.0], [0.0, 0.0]),
    ("jaccard", [0.0, 0.0], [0.0, 0.0]),
    ("generalized-dice", [0.0, 0.0], [0.0, 0.0]),
    ("coverage-error", [0.0, 0.0], [1.0, 2.0]),
    ("label-ranking-loss", [1.0, 1.0], [1.0, 2.0]),
    ("softmax-rank", [-1.0, -1.0], [1.0, 2.0]),
    ("listmle", [-1.0, -1.0], [1.0, 2.0]),
    ("binary-kld", 0.25, 0.25),
    ("bce", 1.0, 1.0),
    ("bce", 0.0, 0.0),
    ("focal", 1.0, 1.0),
    ("ce", 0.0, [1.0, 0.0]),
    ("ce", [1.0, 0.0], [1.0, 0.0]),
    ("sparse-ce", 0.0, [1.0, 0.0]),
    ("categorical-focal", 0.0, [1.0, 0.0]),
    ("kld", [0.0, 1.0], [0.0, 1.0]),
    ("poisson", 0.0, 0.0),
    ("mape", 0.0, 0.0),
    ("brier", 2.0, [0.0, 0.0, 1.0]),
    ("brier:from_logits", 1.0, 1000.0),
    ("brier:from_logits", 2.0, [0.0, 0.0, 1000.0]),
]


@pytest.mark.parametrize(("spec", "true", "pred"), CERTAIN_AND_RIGHT)
def test_certain_and_right_costs_nothing(spec: str, true: Any, pred: Any) -> None:  # noqa: ANN401  a number or a row
    assert str(one_loss(spec, true, pred)) == "0.0"


def test_a_row_of_zeros_has_a_cosine_of_nothing() -> None:
    assert str(one_loss("cosine-similarity", [0.0, 0.0], [1.0, 2.0])) == "0.0"
