"""What cannot be computed from predictions is known by name, and refused with the reason and an alternative."""

from __future__ import annotations

import pytest

from losscli import registry
from losscli.errors import UsageError
from losscli.unavailable import ABSENT, UNAVAILABLE

PATHS = ["catboost.YetiRank", "optax.losses.ntxent", "keras.losses.Circle", "torch.nn.LinearCrossEntropyLoss"]


@pytest.mark.parametrize("name", [*UNAVAILABLE, *PATHS, "SampledSoftmaxLoss", "yeti_rank", "NTXent"])
def test_a_loss_that_needs_more_than_predictions_is_refused_with_a_reason_and_an_alternative(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be computed from predictions: it ") as refused:
        registry.find(name)
    assert refused.value.hint.startswith("take ")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("name", [*ABSENT, "xgboost.ams@0.15", "optax.smooth_labels", "torch.nn.PairwiseDistance"])
def test_what_a_framework_has_and_losscli_has_not_is_refused_with_a_reason_and_an_alternative(name: str) -> None:
    with pytest.raises(UsageError, match="is not in losscli: it ") as refused:
        registry.find(name)
    assert refused.value.hint.startswith("take ")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("name", ["keras.metrics.Foo", "Sum", "F", "torch.nn.ZeroOneLoss", "catboost.catboost"])
def test_a_name_is_not_taken_for_what_another_framework_calls_so(name: str) -> None:
    with pytest.raises(UsageError, match="no loss is called"):
        registry.find(name)


def test_no_name_is_both_refused_and_registered() -> None:
    registry.load_all()
    known = {registry.folded(name) for name in [*registry.all_names(), *registry.PATHS]}
    assert not known & {registry.folded(name) for name in [*UNAVAILABLE, *ABSENT]}


def test_every_alternative_names_something_that_exists() -> None:
    registry.load_all()
    known = {one.name for one in registry.everything()}
    for _, alternative in [*UNAVAILABLE.values(), *ABSENT.values()]:
        assert any(word.strip(",").partition(":")[0] in known for word in alternative.split()), alternative


@pytest.mark.parametrize("name", [*UNAVAILABLE, *ABSENT])
def test_the_name_of_a_refused_loss_is_no_loss_with_parameters(name: str) -> None:
    assert registry.split(name) == (name, "")
