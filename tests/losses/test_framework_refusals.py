"""Where a framework has no number: it refuses the data or gives NaN, and so does losscli under its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from math import inf, isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from console import losscli, refused
from sklearn import metrics

from losscli import DataError, LossCliError, UsageError, evaluate
from losscli.registry import LOSSES, load_all

load_all()

# ── scikit-learn refuses what its distributions rule out ─────────────────────────────────────────────────────────────

POWERS = (-2, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3)
TWEEDIE = [
    (f"mean_tweedie_deviance:power={power}", partial(metrics.mean_tweedie_deviance, power=power)) for power in POWERS
]
D2 = [(f"d2_tweedie_score:power={power}", partial(metrics.d2_tweedie_score, power=power)) for power in POWERS]
DEVIANCES: list[tuple[str, Callable[..., float]]] = [
    *TWEEDIE,
    *D2,
    ("d2_tweedie_score", metrics.d2_tweedie_score),
    ("mean_tweedie_deviance", metrics.mean_tweedie_deviance),
    ("mean_poisson_deviance", metrics.mean_poisson_deviance),
    ("mean_gamma_deviance", metrics.mean_gamma_deviance),
    ("mean_squared_log_error", metrics.mean_squared_log_error),
    ("root_mean_squared_log_error", metrics.root_mean_squared_log_error),
]
BORDERS = list(product((-1.0, 0.0, 1.0, 2.5), repeat=2))


@pytest.mark.parametrize(("name", "function"), DEVIANCES, ids=[name for name, _ in DEVIANCES])
def test_what_scikit_learn_refuses_is_refused_and_all_else_has_its_number(
    name: str, function: Callable[..., float]
) -> None:
    for true, pred in BORDERS:
        data = [true, 1.0, 2.0], [pred, 2.0, 3.0]
        try:
            expected = function(*data)
        except ValueError:
            with pytest.raises(LossCliError):
                evaluate(f"sklearn.metrics.{name}", *data)
        else:
            assert evaluate(f"sklearn.metrics.{name}", *data).value == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_the_refusal_names_the_value_and_what_takes_it() -> None:
    with pytest.raises(
        DataError, match=r"y_pred, row 2: 0\.0 is not a number above 0 \(row 2; 1 of 2 rows\)"
    ) as refusal:
        evaluate("poisson-deviance", [3, 1], [2, 0], like="sklearn")
    assert refusal.value.hint == (
        "sklearn takes a number above 0; poisson-deviance without --like sklearn, a number from 0 up"
    )
    assert evaluate("poisson-deviance", [3, 0], [2, 0]).value == pytest.approx(0.216395, rel=1e-5)


def test_the_refusal_names_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y,p\n3,2\n0,0\n", encoding="utf-8")
    done = losscli("sklearn.metrics.mean_poisson_deviance", "a.csv", "-t", "y", "-p", "p", cwd=tmp_path)
    refused(done, 3, "a.csv, line 3, column p: 0.0 is not a number above 0")


def test_a_power_without_a_distribution_is_refused_for_scikit_learn_alone() -> None:
    with pytest.raises(UsageError, match=r"power: expected a number up to 0 or from 1 up, received 0\.5") as refusal:
        evaluate("tweedie-deviance:power=0.5", [1], [2], like="sklearn")
    assert "without --like sklearn" in refusal.value.hint
    assert evaluate("tweedie-deviance:power=0.5", [1], [2]).value is not None


def test_the_textbook_s_own_domain_stays_as_it_was() -> None:
    evaluate("poisson-deviance", [1], [2], like="sklearn")
    assert evaluate("poisson-deviance", [0], [0]).value == 0.0


def test_explain_shows_the_others_where_one_framework_refuses(tmp_path: Path) -> None:
    done = losscli("explain", "gamma-deviance", "--true", "0", "--pred", "2", "-q", "-f", "json", cwd=tmp_path)
    found = {one["name"]: (one["value"], one["why"]) for one in done.document["explanations"]}
    takes = "takes only y_true: a number above 0; y_pred: a number above 0"
    assert found["sklearn.metrics.mean_gamma_deviance"] == (None, takes)
    assert found["xgboost.gamma-deviance"][0] > 20


def test_show_says_what_a_framework_refuses(tmp_path: Path) -> None:
    shown = " ".join(losscli("show", "poisson-deviance", cwd=tmp_path).out.split())
    assert "sklearn.metrics.mean_poisson_deviance. takes only y_pred: a number above 0" in shown


# ── optax gives NaN for a row that has no direction ──────────────────────────────────────────────────────────────────

ZEROS = [[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0]]
ONES = [[0.0, 0.0], [1.0, 1.0], [0.0, 0.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("spec", "like", "expected"),
    [
        ("optax.losses.cosine_similarity", None, [nan, nan, nan, 1]),
        ("optax.losses.cosine_distance", None, [nan, nan, nan, 0]),
        ("cosine-similarity", "optax", [nan, nan, nan, 1]),
        ("cosine-distance", "optax", [nan, nan, nan, 0]),
        ("optax.cosine_similarity:epsilon=0", None, [nan, nan, nan, 1]),
        ("optax.cosine_similarity:epsilon=0.001", None, [0, 0, 0, 1]),
        ("optax.cosine_similarity:epsilon=4", None, [0, 0, 0, 0.5]),
        ("optax.cosine_distance:epsilon=4", None, [1, 1, 1, 0.5]),
        ("cosine-similarity:eps=1e-7", "optax", [0, 0, 0, 1]),
        ("cosine-similarity", None, [0, 0, 0, -1]),
        ("cosine-distance", None, [1, 1, 1, 0]),
        ("keras.losses.CosineSimilarity", None, [0, 0, 0, -1]),
    ],
)
def test_a_row_of_zeros_is_nan_where_optax_divides_by_its_length(
    spec: str, like: str | None, expected: list[float]
) -> None:
    np.testing.assert_allclose(evaluate(spec, ZEROS, ONES, like=like).losses, expected, rtol=1e-15, atol=3e-16)


@pytest.mark.parametrize("spec", ["optax.losses.cosine_similarity", "optax.losses.cosine_distance"])
def test_the_first_row_of_zeros_is_named_and_passes_no_gate(spec: str, tmp_path: Path) -> None:
    data = ("--true", "1,2;1,1", "--pred", "1,1;0,0")
    refused(losscli(spec, *data, "-f", "value", cwd=tmp_path), 3, "the loss of 1 of 2 rows is not a number")
    done = losscli(spec, *data, cwd=tmp_path)
    assert done.code == 3
    assert "(first: --pred, row 2)" in done.err
    assert losscli("check", *data, "--max", f"{spec}=5", cwd=tmp_path).code == 1


def test_no_framework_is_offered_as_a_way_out_that_does_not_clip() -> None:
    (note,) = [one for one in evaluate("optax.cosine_distance", ZEROS, ONES).notes if "not a number" in one]
    assert note.endswith("; cosine-distance:eps=1e-7 clips")


# ── PyTorch and optax multiply 0 by the logarithm of 0 ───────────────────────────────────────────────────────────────

HALVES = [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]
LOGS = [[-1.0, -0.5, -inf], [-0.5, -1.0, -800.0], [-inf, -1.0, -1.0]]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("torch.nn.KLDivLoss:reduction=batchmean", [nan, 0.5, inf]),
        ("torch.nn.functional.kl_div:reduction=sum", [nan, 0.5, inf]),
        ("optax.losses.kl_divergence", [nan, 0.5, inf]),
        ("optax.losses.generalized_kl_divergence", [nan, 0.4744101008840757, inf]),
        ("kld:log_pred", [0.0568528194400547, 0.5, inf]),
        ("generalized-kld:log_pred", [0.03126292032413043, 0.4744101008840757, inf]),
    ],
)
def test_a_class_that_is_impossible_on_both_sides_is_nan_in_torch_and_optax(spec: str, expected: list[float]) -> None:
    found = evaluate(spec, HALVES, LOGS, missing="propagate")
    np.testing.assert_allclose(found.losses, expected, rtol=1e-10)
    assert found.value is not None
    assert not np.isfinite(found.value)


@pytest.mark.parametrize(
    "spec", ["torch.nn.KLDivLoss:log_target", "optax.losses.kl_divergence_with_log_targets"], ids=["torch", "optax"]
)
def test_a_true_logarithm_of_0_is_nan_whatever_is_predicted(spec: str) -> None:
    found = evaluate(spec, [[0.0, -inf], [-800.0, 0.0]], [[-1.0, -2.0], [-1.0, -2.0]], missing="propagate").losses
    assert isnan(found[0])
    assert found[1] == pytest.approx(2.0 / (2 if spec.startswith("torch") else 1))
    # the exponential of -800 is 0, too, which is multiplied by infinity
    assert isnan(evaluate(spec, [[-800.0, 0.0]], [[-inf, -1.0]], missing="propagate").losses[0])
    textbook = evaluate("kld:log_pred,log_true", [[0.0, -inf]], [[-1.0, -inf]], missing="propagate")
    assert textbook.value == 1.0


@pytest.mark.parametrize("spec", ["torch.nn.KLDivLoss", "kld:log_pred"])
def test_the_logarithm_of_0_is_missing_unless_it_is_let_through(spec: str) -> None:
    with pytest.raises(DataError, match="y_pred, row 1: -inf is not finite") as refusal:
        evaluate(spec, HALVES, LOGS)
    assert "--missing propagate" in refusal.value.hint


def test_a_divergence_that_is_nan_passes_no_gate(tmp_path: Path) -> None:
    data = ("--true", "0.5,0.5,0", "--pred=-1,-0.5,-inf", "--missing", "propagate")
    done = losscli("torch.nn.KLDivLoss", *data, "-f", "value", cwd=tmp_path)
    assert (done.code, done.out) == (3, "nan\n")
    assert losscli("check", *data, "--max", "torch.nn.KLDivLoss=5", cwd=tmp_path).code == 1


# ── XGBoost divides 0 by 0 ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("like", "expected"), [("xgboost", nan), (None, 0.0), ("lightgbm", 0.0)])
def test_an_exact_prediction_of_0_is_nan_in_xgboost(like: str | None, expected: float) -> None:
    found = evaluate("mape", [0, 2], [0, 1], like=like).losses
    np.testing.assert_array_equal(found, [expected, 0.5])


# ── what is declared ─────────────────────────────────────────────────────────────────────────────────────────────────


NARROWED: list[Any] = [(one, twin) for one in LOSSES.values() for twin in one.like if twin.true or twin.pred]


@pytest.mark.parametrize(("one", "twin"), NARROWED, ids=[twin.paths[0] for _, twin in NARROWED])
def test_a_framework_s_own_domain_is_no_wider_than_the_loss_s(one: Any, twin: Any) -> None:  # noqa: ANN401  as declared
    values = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
    powers = [power for power in POWERS if not 0 < power < 1] if "power" in one.params else [None]
    for power in powers:
        params = {"power": power}
        narrow = twin.narrow(one, params)
        for here, there in ((one.true, narrow.true), (one.pred, narrow.pred)):
            outside, refuses = (
                (domain.pick(params) if hasattr(domain, "pick") else domain).outside(values) for domain in (here, there)
            )
            assert (refuses | ~outside).all()
