"""A framework's own ``reduction`` may follow its path, and means what it means there."""

from __future__ import annotations

import pytest

from losscli import UsageError, evaluate

P, Q = (
    [[0.5, 0.5], [0.2, 0.8]],
    [[-0.10536051565782628, -2.302585092994046], [-2.302585092994046, -0.10536051565782628]],
)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("torch.nn.MSELoss:reduction=sum", 10.0),
        ("torch.nn.MSELoss:reduction=mean", 5.0),
        ("keras.losses.MeanSquaredError:reduction=sum", 28.0),
        ("keras.losses.MeanSquaredError:reduction=sum_over_batch_size", 14.0),
        ("keras.losses.MeanSquaredError:reduction=mean_with_sample_weight", 7.0),
        ("tf.compat.v1.losses.mean_squared_error:reduction=weighted_mean", 7.0),
        ("tf.compat.v1.losses.mean_squared_error:reduction=weighted_sum_by_nonzero_weights", 14.0),
    ],
)
def test_it_is_the_framework_s_meaning_of_the_word(spec: str, expected: float) -> None:
    weight = None if spec.startswith("torch") else [1, 3]
    assert evaluate(spec, [0, 0], [1, 3], weight).value == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("torch.nn.KLDivLoss", 0.138807),
        ("torch.nn.KLDivLoss:reduction=mean", 0.138807),
        ("torch.nn.KLDivLoss:reduction=batchmean", 0.277614),
        ("torch.nn.KLDivLoss:reduction=sum", 0.555229),
    ],
)
def test_the_divergence_of_pytorch_depends_on_it(spec: str, expected: float) -> None:
    assert evaluate(spec, P, Q).value == pytest.approx(expected, abs=1e-6)


def test_what_is_printed_is_accepted() -> None:
    result = evaluate("torch.nn.HuberLoss:delta=2,reduction=sum", [0, 0], [1, 3]).result
    assert (result.loss, result.reduction) == ("torch.nn.HuberLoss:delta=2,reduction=sum", "sum")
    assert evaluate(result.loss, [0, 0], [1, 3]).value == result.value == 4.5


def test_reduction_none_leaves_no_value() -> None:
    assert evaluate("torch.nn.L1Loss:reduction=none", [0, 0], [1, 3]).value is None


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("torch.nn.MSELoss:reduction=batchmean", "has no reduction 'batchmean'"),
        ("sklearn.metrics.mean_squared_error:reduction=sum", "has no reduction 'sum'"),
        ("mse:reduction=sum", "has no parameter 'reduction'"),
    ],
)
def test_a_reduction_that_the_framework_does_not_have_is_refused(spec: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        evaluate(spec, [0, 0], [1, 3])
