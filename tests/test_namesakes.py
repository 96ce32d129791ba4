"""Second names that a framework has for one metric find it, and print as its first name."""

from __future__ import annotations

import pytest

from losscli import evaluate, registry
from losscli.errors import UsageError
from losscli.namesakes import IN_THE_NAME, SAME
from losscli.spec import bind, parse

registry.load_all()


@pytest.mark.parametrize("name", sorted(set(SAME.values())))
def test_every_first_name_is_declared_or_refused_with_a_reason(name: str) -> None:
    if name not in registry.PATHS:
        with pytest.raises(UsageError, match="is not in losscli: it "):
            registry.find(name)


def test_no_second_name_is_declared_itself() -> None:
    assert not set(SAME) & set(registry.PATHS)


@pytest.mark.parametrize(("name", "param"), IN_THE_NAME.items())
def test_a_parameter_that_stands_in_a_name_is_one_of_the_metric(name: str, param: str) -> None:
    assert param in registry.PATHS[name][1].takes


@pytest.mark.parametrize(
    ("second", "first"),
    [
        ("lightgbm.l2_root", "lightgbm.rmse"),
        ("lightgbm.mean_absolute_percentage_error", "lightgbm.mape"),
        ("lightgbm.ova", "lightgbm.multi_logloss"),
        ("tf.keras.losses.MSE", "tf.keras.losses.mean_squared_error"),
        ("tf.keras.metrics.kld", "tf.keras.losses.kl_divergence"),
        ("keras.metrics.hinge", "keras.losses.hinge"),
        ("keras.metrics.binary_accuracy:threshold=0.3", "keras.metrics.BinaryAccuracy:threshold=0.3"),
        ("tensorflow.keras.losses.mae", "tf.keras.losses.mean_absolute_error"),
        ("xgboost.ndcg@3", "xgboost.ndcg:k=3"),
        ("xgboost.ndcg@3-", "xgboost.ndcg-:k=3"),
        ("xgboost.map@10-", "xgboost.map-:k=10"),
        ("xgboost.error@0.25", "xgboost.error:threshold=0.25"),
        ("xgboost.tweedie-nloglik@1.3", "xgboost.tweedie-nloglik:tweedie_variance_power=1.3"),
        ("lightgbm.lambdarank@5", "lightgbm.ndcg:eval_at=5"),
    ],
)
def test_a_second_name_is_bound_and_printed_as_the_first(second: str, first: str) -> None:
    assert bind(second).spec == first == bind(first).spec


def test_a_parameter_in_the_name_stands_beside_those_that_follow() -> None:
    assert parse("xgboost.ndcg@3:gain=linear") == ("xgboost.ndcg", {"k": "3", "gain": "linear"})


def test_an_at_sign_after_any_other_name_stays_in_it() -> None:
    assert parse("precision@k") == ("precision@k", {})
    for name in ("catboost.RMSE@3", "lightgbm.ndcg@3-"):
        with pytest.raises(UsageError, match=name):
            bind(name)


@pytest.mark.parametrize("metric", ["ndcg", "map"])
def test_a_minus_after_xgboosts_metric_counts_a_query_without_anything_relevant_as_0(metric: str) -> None:
    y_true, y_pred, group = [1, 0, 0, 0], [0.9, 0.1, 0.8, 0.2], [0, 0, 1, 1]
    for name, value in ((f"xgboost.{metric}", 1), (f"xgboost.{metric}-", 0.5), (f"xgboost.{metric}@1-", 0.5)):
        assert evaluate(name, y_true, y_pred, group=group).value == value


def test_a_threshold_in_the_name_of_xgboosts_error_decides() -> None:
    assert evaluate("xgboost.error@0.3", [0, 1], [0.4, 0.4]).value == 0.5
    assert evaluate("xgboost.error@0.3", [1, 1], [0.4, 0.4]).value == 0.0
