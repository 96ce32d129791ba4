"""A framework's own parameters after its path: those that change the number, and those that cannot mean anything."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from losscli import UsageError, evaluate
from losscli.arrays import AnyArray as Array
from losscli.spec import bind

random = np.random.default_rng(20240301)
N = 50
LABELS, CLASSES = random.integers(0, 2, N), random.integers(0, 4, N)
CHANCES, ROWS, PAIRS = random.uniform(size=N), random.dirichlet(np.ones(4), N), random.dirichlet(np.ones(2), N)
WEIGHT = random.uniform(0.1, 3, N)


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    ("name", "true", "pred"),
    [
        ("log_loss", LABELS, CHANCES),
        ("log_loss", CLASSES, ROWS),
        ("zero_one_loss", LABELS, LABELS[::-1]),
    ],
    ids=["probabilities", "rows", "classes"],
)
@pytest.mark.parametrize("normalize", [True, False])
def test_normalize_chooses_between_the_sum_and_the_mean_as_in_scikit_learn(
    name: str, true: Array, pred: Array, weight: Array | None, normalize: object
) -> None:
    expected = getattr(metrics, name)(true, pred, sample_weight=weight, normalize=normalize)
    found = evaluate(f"sklearn.metrics.{name}", true, pred, weight, normalize=normalize)
    assert found.value == pytest.approx(expected, rel=1e-12)
    assert evaluate(found.result.loss, true, pred, weight).value == found.value


@pytest.mark.parametrize(
    ("true", "pred"), [(LABELS, CHANCES), (LABELS, PAIRS), (CLASSES, ROWS)], ids=["one", "two", "four"]
)
@pytest.mark.parametrize("half", ["auto", True, False])
def test_scale_by_half_means_what_it_means_in_scikit_learn(true: Array, pred: Array, half: object) -> None:
    expected = metrics.brier_score_loss(true, pred, scale_by_half=half)
    found = evaluate("sklearn.metrics.brier_score_loss", true, pred, scale_by_half=half).value
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "spec",
    [
        "keras.losses.Huber:axis=-1",
        "keras.losses.Huber:delta=2,axis=-1,reduction=sum",
        "optax.losses.softmax_cross_entropy:axis=-1",
        "torch.nn.CosineSimilarity:dim=1",
        "torch.nn.MSELoss:size_average=none",
        "sklearn.metrics.mean_squared_error:multioutput=uniform_average",
        "sklearn.metrics.brier_score_loss:pos_label=1",
        "sklearn.metrics.accuracy_score:normalize=true",
    ],
)
def test_a_parameter_that_asks_for_what_losscli_does_changes_nothing_but_the_name(spec: str) -> None:
    name = spec.partition(":")[0]
    explicit = {"delta": 2.0} if "delta" in spec else {}
    assert bind(spec).params == {**bind(name).params, **explicit}
    assert bind(spec).spec == spec


REFUSED = [
    ("keras.losses.Huber:axis=1", "axis=1 is not taken: losscli takes a sample per row", "write -1"),
    ("keras.losses.Huber:name=mine", "name is not taken: it changes no number", "leave it out"),
    ("keras.losses.Huber:dtype=float32", "losscli computes in float64", "leave it out"),
    ("torch.nn.BCELoss:weight=3", "a weight for each row is data", "--weight"),
    ("torch.nn.MSELoss:size_average=false", "deprecated", "reduction="),
    ("torch.nn.functional.cosine_similarity:dim=0", "the last axis", "1 or -1"),
    ("tf.compat.v1.losses.huber_loss:weights=2", "a weight for each row is data", "--weight"),
    ("optax.losses.softmax_cross_entropy:where=3", "every row counts whole", "weigh them 0"),
    ("optax.losses.binary_dice_loss:apply_sigmoid=false", "optax itself refuses one probability", "dice"),
    ("sklearn.metrics.log_loss:labels=0/1", "gives the labels in order", "--classes"),
    ("sklearn.metrics.log_loss:sample_weight=2", "a weight for each row is data", "--weight"),
    ("sklearn.metrics.r2_score:multioutput=raw_values", "averages over the columns", "--pred"),
    ("sklearn.metrics.mean_squared_error:squared=false", "another function for the root", "root_mean_squared_error"),
    ("sklearn.metrics.accuracy_score:normalize=false", "a share is no sum", "zero-one"),
    ("sklearn.metrics.brier_score_loss:pos_label=0", "the positive class is the second", "--classes"),
    ("sklearn.metrics.log_loss:normalize=maybe", "expected one of true | false, received 'maybe'", ""),
    ("keras.losses.Huber:detla=2", "has no parameter 'detla' that huber knows", "did you mean 'delta'"),
    ("sklearn.metrics.log_loss:normalise=no", "has no parameter 'normalise'", "did you mean 'normalize'"),
    ("lightgbm.l2:axis=1", "has no parameter 'axis'", ""),
]


@pytest.mark.parametrize(("spec", "said", "hint"), REFUSED)
def test_what_a_path_cannot_mean_is_refused_with_the_reason_and_a_way_out(spec: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        bind(spec)
    assert refusal.value.message.startswith(spec.partition(":")[0])
    assert said in refusal.value.message
    assert hint in refusal.value.hint


@pytest.mark.parametrize(
    ("spec", "meant"),
    [
        ("catboost.MultiQuantile:alpha=0.1,0.5,0.9", "catboost.MultiQuantile:alpha=0.1/0.5/0.9"),
        ("catboost.MultiQuantile:alpha=0.1,0.9;delta=0.001", "catboost.MultiQuantile:alpha=0.1/0.9,delta=0.001"),
        ("multi-pinball:levels=.1, .9,dead_zone=1", "multi-pinball:levels=.1/.9,dead_zone=1"),
        ("ce:from_logits,class_weight=3,1,1", "ce:from_logits,class_weight=3/1/1"),
        (
            "torch.nn.CrossEntropyLoss:weight=1,3,label_smoothing=0.1",
            "torch.nn.CrossEntropyLoss:weight=1/3,label_smoothing=0.1",
        ),
    ],
)
def test_a_list_with_commas_is_refused_with_the_spec_that_is_meant(spec: str, meant: str) -> None:
    with pytest.raises(UsageError, match="are separated by /") as refusal:
        bind(spec)
    assert refusal.value.hint == f"write {meant}"
    assert bind(meant).spec.partition(":")[0] == meant.partition(":")[0]


@pytest.mark.parametrize("spec", ["huber:delta=1,5,5", "ce:from_logits,3", "multi-pinball:dead_zone=1,5", "bce:5"])
def test_a_number_after_what_is_no_list_is_no_parameter(spec: str) -> None:
    with pytest.raises(UsageError, match=r"has no parameter '[35]'"):
        bind(spec)


def test_an_option_of_several_values_with_commas_is_refused_with_the_value_that_is_meant() -> None:
    with pytest.raises(UsageError, match="expected numbers separated by /") as refusal:
        bind("multi-pinball", given={"levels": "0.1,0.5"})
    assert refusal.value.hint == "levels: write 0.1/0.5"
