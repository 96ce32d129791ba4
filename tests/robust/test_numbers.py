"""The whole of float64 through Python and the command line: what is reduced is exact, whatever the losses are."""

from __future__ import annotations

import math
from dataclasses import astuple, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from in_process import called

from losscli import evaluate
from losscli.arrays import Array
from losscli.errors import DataError

LARGEST, SMALLEST = float(np.finfo(np.float64).max), 5e-324
SPECIAL = st.sampled_from([0.0, -0.0, SMALLEST, -SMALLEST, 2.2e-308, LARGEST, -LARGEST, 1e308, -1e308, 1.0, 0.1])
ANY = st.floats(allow_nan=False, allow_infinity=False) | SPECIAL
POSITIVE = ANY.map(abs).filter(bool)
BIT, UNIT, SIDE = st.sampled_from([0.0, 1.0]), st.floats(0, 1) | st.just(SMALLEST), st.sampled_from([-1.0, 1.0])
WEIGHT = st.floats(0, 1e300) | st.sampled_from([0.0, SMALLEST, 1.0, 1e-300])
FAMILIES = {
    "mae": (ANY, ANY),
    "mse": (ANY, ANY),
    "huber:delta=0.3": (ANY, ANY),
    "pinball:q=0.9": (ANY, ANY),
    "log-cosh": (ANY, ANY),
    "cauchy": (ANY, ANY),
    "smape": (ANY, ANY),
    "mape": (POSITIVE, ANY),
    "msle": (ANY.map(abs), ANY.map(abs)),
    "poisson": (st.integers(0, 2**53).map(float), POSITIVE),
    "gamma-deviance": (POSITIVE, POSITIVE),
    "bce": (BIT, UNIT),
    "hinge": (SIDE, ANY),
}
"""SPEC -> what the truth and the predictions may be."""

no_fixture_check = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rounded(number: Fraction) -> float:
    """Return the float64 that is nearest."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def weighted(losses: Array, weights: Array) -> tuple[Fraction, Fraction]:
    """Return Σwl and Σw without any rounding."""
    pairs = [(Fraction(w), Fraction(one)) for w, one in zip(weights.tolist(), losses.tolist(), strict=True)]
    return sum((w * one for w, one in pairs), Fraction(0)), sum((w for w, _ in pairs), Fraction(0))


def table(truth: Array, pred: Array, weights: Array) -> bytes:
    """Return a CSV of shortest numbers that read back."""
    rows = zip(truth.tolist(), pred.tolist(), weights.tolist(), strict=True)
    return ("y_true,y_pred,w\n" + "".join(f"{t!r},{p!r},{w!r}\n" for t, p, w in rows)).encode()


@st.composite
def samples(draw: st.DrawFn, spec: str) -> tuple[Array, Array, Array]:
    """Draw truth, predictions and weights that are not all 0."""
    rows = draw(st.lists(st.tuples(*FAMILIES[spec], WEIGHT), min_size=1, max_size=25))
    truth, pred, weights = np.array(rows).T
    assume(weights.any())
    return truth, pred, weights


@pytest.mark.parametrize("spec", FAMILIES)
@given(data=st.data())
@settings(max_examples=40)
def test_a_mean_is_the_correctly_rounded_one_of_whatever_the_losses_are(spec: str, data: st.DataObject) -> None:
    truth, pred, weights = data.draw(samples(spec))
    for reduction, of in (("mean", weighted), ("sum", weighted), ("count-mean", weighted)):
        found = evaluate(spec, truth, pred, weights, reduction=reduction)
        counted = weights != 0
        if not np.isfinite(found.losses[counted]).all():
            assert found.value in (math.inf, -math.inf) or math.isnan(found.value or 0.0)
            continue
        top, total = of(found.losses[counted], weights[counted])
        expected = {"mean": top / total, "sum": top, "count-mean": top / len(weights)}[reduction]
        assert found.value == rounded(expected)


@pytest.mark.parametrize("spec", FAMILIES)
@given(data=st.data())
@settings(max_examples=20)
def test_the_order_of_the_rows_changes_no_digit_of_any_number(spec: str, data: st.DataObject) -> None:
    truth, pred, weights = data.draw(samples(spec))
    order = np.array(data.draw(st.permutations(range(len(truth)))))
    one = evaluate(spec, truth, pred, weights).result
    other = evaluate(spec, truth[order], pred[order], weights[order]).result
    assert repr(astuple(replace(one, signature=""))) == repr(astuple(replace(other, signature="")))


@pytest.mark.parametrize("spec", ["mae", "huber:delta=0.3", "bce", "poisson"])
@given(data=st.data())
@no_fixture_check
def test_the_command_line_gives_the_digits_that_python_gives(
    spec: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    truth, pred, weights = data.draw(samples(spec))
    assume(np.isfinite(weights).all())
    expected = evaluate(spec, truth, pred, weights)
    done = called(
        "eval", "-", "-l", spec, "-w", "w", "-f", "json", cwd=tmp_path_factory.getbasetemp(),
        stdin=table(truth, pred, weights),
    )  # fmt: skip
    result = done.document["results"][0]
    finite = math.isfinite(expected.value or 0.0)
    assert (done.code, result["value"]) == ((0, expected.value) if finite else (3, None))
    shown = [sample[spec] for sample in done.document["samples"]]
    assert shown == [one if math.isfinite(one) else None for one in expected.losses.tolist()]


@example([LARGEST, LARGEST, -LARGEST, SMALLEST])
@example([1e308] * 7 + [-1e308] * 7 + [-SMALLEST])
@example([-0.0, -0.0])
@given(st.lists(ANY, min_size=1, max_size=30))
@no_fixture_check
def test_losses_of_both_signs_cancel_to_the_last_bit(values: list[float]) -> None:
    exact = sum(map(Fraction, values), Fraction(0))
    stdin = ("y_true,y_pred\n" + "".join(f"0,{one!r}\n" for one in values)).encode()
    done = called("expr", "y_pred", "-", "--reduction", "sum", "-f", "value", cwd=Path.cwd(), stdin=stdin)
    assert float(done.out) == rounded(exact)


@pytest.mark.parametrize("low", [1e308, LARGEST])
def test_a_million_of_the_largest_values_have_a_mean_in_python_and_on_the_command_line(
    low: float, tmp_path: Path
) -> None:
    values = np.full((1_000_000, 2), low)
    values[:, 0] = 0.0
    values[::2, 1] = LARGEST
    mean, half = float((Fraction(low) + Fraction(LARGEST)) / 2), float((Fraction(LARGEST) - Fraction(low)) / 2)
    for weight in (None, np.full(len(values), 1e300), np.full(len(values), SMALLEST)):
        found = evaluate("mae", values[:, 0], values[:, 1], weight).result
        assert (found.mean, found.std, found.max) == (mean, half, LARGEST)
    assert evaluate("mae", values[:, 0], values[:, 1], reduction="sum").value == math.inf
    np.save(tmp_path / "a.npy", values)
    done = called("mae", "a.npy", "--summary", "-f", "json", cwd=tmp_path)
    result = done.document["results"][0]
    assert (done.code, result["mean"], result["std"]) == (0, mean, half)
    assert called("mse", "a.npy", "--summary", "-f", "value", cwd=tmp_path).code == 3, "a square overflows by itself"


def test_losses_and_weights_over_600_orders_of_magnitude_lose_nothing(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    pred, weights = (10.0 ** random.uniform(-300, 300, 3000) for _ in range(2))
    truth = np.zeros_like(pred)
    top, total = weighted(pred, weights)
    found = evaluate("mae", truth, pred, weights)
    assert (found.value, found.result.weight) == (float(top / total), float(total))
    for order in (slice(None), slice(None, None, -1), random.permutation(3000)):
        stdin = table(truth[order], pred[order], weights[order])
        done = called("mae", "-", "-w", "w", "--summary", "-f", "value", cwd=tmp_path, stdin=stdin)
        assert done.value == found.value


def test_shards_of_the_whole_range_merge_in_any_order_to_the_digits_of_one_pass(tmp_path: Path) -> None:
    random = np.random.default_rng(6)
    pred = random.standard_normal(900) * 10.0 ** random.uniform(-307, 307, 900)
    truth, weights = np.zeros_like(pred), np.ones_like(pred)
    for number in range(3):
        part = slice(number, None, 3)
        (tmp_path / f"{number}.csv").write_bytes(table(truth[part], pred[part], weights[part]))
        assert called("partial", f"{number}.csv", "-l", "mae", "-o", f"{number}.part", cwd=tmp_path).code == 0
    expected = evaluate("mae", truth, pred).result
    for order in ("012", "210", "102"):
        result = called("merge", *(f"{one}.part" for one in order), "-f", "json", cwd=tmp_path).document["results"][0]
        assert [result[key] for key in ("mean", "std", "max")] == [expected.mean, expected.std, expected.max]


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("spec", ["mae", "huber", "log-cosh", "pinball"])
def test_what_is_not_finite_is_refused_unless_asked_for_and_then_never_a_finite_mean(spec: str, odd: float) -> None:
    with pytest.raises(DataError, match="row 2"):
        evaluate(spec, [1.0, 2.0], [1.0, odd])
    assert evaluate(spec, [1.0, 2.0], [1.5, odd], missing="drop").value == evaluate(spec, [1.0], [1.5]).value
    value = evaluate(spec, [1.0, 2.0], [1.5, odd], missing="propagate").value
    assert value is not None
    assert not math.isfinite(value)
