"""Each framework's name for a loss gives that framework's number: those that were recorded by running it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscli import evaluate, registry
from losscli.registry import Like, Loss, Param
from losscli.spec import bind, convert

registry.load_all()
TWINS = [(one, twin) for one in registry.LOSSES.values() for twin in one.like]
each_twin = pytest.mark.parametrize(("one", "twin"), TWINS, ids=[f"{one.name}-{twin.paths[0]}" for one, twin in TWINS])


def required(one: Loss, twin: Like) -> dict[str, object]:
    """The parameters that the framework has no default for, with a value that is allowed."""
    return {name: allowed(one.params[name]) for name, value in twin.params.items() if value is ...}


def allowed(param: Param) -> object:
    return (0.5,) if "tuple" in str(param.type) else 1.5 if param.gt == 1 else 0.5


@each_twin
def test_a_framework_path_finds_its_loss_and_binds(one: Loss, twin: Like) -> None:
    for path in twin.paths:
        claims = [loss for loss, other in TWINS if path in other.paths]
        assert registry.find(path)[0] is claims[0]
        assert one in claims
        theirs = {ours: name for name, ours in twin.takes.items()}
        bound = bind(path, given={theirs[name]: value for name, value in required(one, twin).items()})
        assert bound.like == twin.framework


@each_twin
def test_a_framework_is_offered_for_its_loss(one: Loss, twin: Like) -> None:
    assert bind(one.name, like=twin.framework, given=required(one, twin)).like == twin.framework


@each_twin
def test_a_framework_speaks_of_parameters_that_the_loss_has(one: Loss, twin: Like) -> None:
    assert set(twin.takes.values()) <= set(one.params)
    for name, value in twin.params.items():
        if value is not ...:
            assert convert(one, one.params[name], value) == value


def test_only_names_that_a_framework_gives_to_two_losses_are_shared() -> None:
    paths = [path for _, twin in TWINS for path in twin.paths]
    shared = {path for path in paths if paths.count(path) > 1}
    sklearn = ("log_loss", "hinge_loss", "zero_one_loss", "hamming_loss")
    torch = ("CrossEntropyLoss", "functional.cross_entropy")
    assert shared == {f"sklearn.metrics.{name}" for name in sklearn} | {f"torch.nn.{name}" for name in torch}


STEPS = np.log([[[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]] * 2)

AFT_EXTREME = "xgboost.aft-nloglik:aft_loss_distribution=extreme,aft_loss_distribution_scale=1.5"

RECORDED: list[tuple[str, Any, Any, Any]] = [
    # certain and wrong
    ("keras.losses.BinaryCrossentropy", [1], [0], 16.118095),
    ("keras.losses.BinaryCrossentropy", [0], [1], 16.118096),
    ("tf.keras.losses.BinaryCrossentropy", [1], [0], 15.424949),
    ("torch.nn.BCELoss", [1], [0], 100),
    ("torch.nn.BCELoss", [0], [1], 100),
    ("bce --like sklearn", [1], [0], 36.043653),
    ("tf.compat.v1.losses.log_loss", [1], [0], 16.118095),
    ("xgboost.logloss", [1], [0], 36.841361),
    ("lightgbm.binary_logloss", [1], [0], 34.538776),
    ("tf.keras.losses.BinaryCrossentropy", [1], [1], 0.0),
    ("tf.compat.v1.losses.log_loss", [1], [1], -1e-7),
    # from logits
    ("keras.losses.BinaryCrossentropy:from_logits", [1], [-20], 20.0),
    ("torch.nn.BCEWithLogitsLoss", [1], [-20], 20.0),
    ("torch.nn.BCEWithLogitsLoss:pos_weight=3", [1], [0.5], 1.422231),
    ("tf.nn.weighted_cross_entropy_with_logits:pos_weight=3", [1], [0.5], 1.422231),
    ("tf.nn.sigmoid_cross_entropy_with_logits", [1], [-20], 20.0),
    ("optax.sigmoid_binary_cross_entropy", [1], [-20], 20.0),
    ("keras.losses.BinaryFocalCrossentropy:from_logits", [1], [-20], 20.0),
    # rows that do not sum to 1
    ("keras.losses.CategoricalCrossentropy", [[0, 0, 1]], [[0.1, 0.2, 0.3]], 0.693147),
    ("keras.losses.SparseCategoricalCrossentropy", [2], [[0.1, 0.2, 0.3]], 0.693147),
    ("ce --like sklearn", [2], [[0.1, 0.2, 0.3]], 1.203973),
    ("torch.nn.CrossEntropyLoss", [2], [[0.1, 0.2, 0.3]], 1.001943),
    ("keras.losses.SparseCategoricalCrossentropy", [1], [[0, 0, 0]], 1.098612),
    ("keras.losses.SparseCategoricalCrossentropy", [0], [[1, 0, 0]], 2e-7),
    ("keras.losses.CategoricalCrossentropy", [[0, 1]], [[1 - 4.5e-12, 4.5e-12]], 16.118095),
    # counts
    ("keras.losses.Poisson", [3], [2], -0.079442),
    ("tf.keras.losses.Poisson", [3], [2], -0.079442),
    ("lightgbm.poisson", [3], [2], -0.079442),
    ("torch.nn.PoissonNLLLoss", [3], [2], 1.389056),
    ("torch.nn.PoissonNLLLoss:log_input=false", [3], [2], -0.079442),
    ("torch.nn.PoissonNLLLoss:log_input=false,full", [3], [2], 1.684640),
    ("xgboost.poisson-nloglik", [3], [2], 1.712318),
    ("keras.losses.Poisson", [3], [0], 48.354286),
    ("torch.nn.PoissonNLLLoss:log_input=false", [3], [0], 55.262043),
    # percentages
    ("keras.losses.MeanAbsolutePercentageError", [100, 200], [110, 180], 10.0),
    ("sklearn.metrics.mean_absolute_percentage_error", [100, 200], [110, 180], 0.1),
    ("keras.losses.MeanAbsolutePercentageError", [0], [1], 1e9),
    ("sklearn.metrics.mean_absolute_percentage_error", [0], [1], 4503599627370496.0),
    ("catboost.MAPE", [0], [1], 1.0),
    ("lightgbm.mape", [0.1], [0.2], 0.1),
    ("catboost.MAPE", [0.1], [0.2], 0.1),
    ("keras.losses.MeanSquaredLogarithmicError", [-0.5], [-0.9], 0.0),
    ("sklearn.metrics.mean_squared_log_error", [-0.5], [-0.9], 2.590290),
    # divergences
    ("keras.losses.KLDivergence", [[0.5, 0.5, 0]], [[0.9, 0.1, 0]], 0.510826),
    ("keras.losses.KLDivergence", [[0.5, 0.5], [0.2, 0.8]], [[0.9, 0.1], [0.1, 0.9]], 0.277614),
    ("torch.nn.KLDivLoss", [[0.5, 0.5], [0.2, 0.8]], np.log([[0.9, 0.1], [0.1, 0.9]]), 0.138807),
    ("optax.kl_divergence", [[0.5, 0.5], [0.2, 0.8]], np.log([[0.9, 0.1], [0.1, 0.9]]), 0.277614),
    # hinges
    ("keras.losses.Hinge", [0, 1], [0.5, 0.3], 1.1),
    ("tf.compat.v1.losses.hinge_loss", [-1, 1], [0.5, 0.3], 1.6),
    ("optax.hinge_loss", [0, 1], [0.5, 0.3], 0.85),
    ("hinge --like sklearn", [0, 1], [0.5, 0.3], 1.1),
    ("keras.losses.CategoricalHinge", [[1, 0, 0]], [[-2, -1, -3]], 3.0),
    ("optax.losses.multiclass_hinge_loss", [0], [[-2, -1, -3]], 2.0),
    ("categorical-hinge --like sklearn", [0], [[-2, -1, -3]], 2.0),
    ("keras.losses.CategoricalHinge", [0], [[3.2, 5.1, -1.7]], 2.9),
    # robust errors
    ("keras.losses.Huber", [0], [3], 2.5),
    ("torch.nn.HuberLoss:delta=2", [0], [3], 4.0),
    ("torch.nn.SmoothL1Loss:beta=2", [0], [3], 2.0),
    ("lightgbm.huber", [0], [3], 2.295),
    ("catboost.Huber:delta=1", [0], [3], 2.5),
    ("optax.log_cosh", [0], [100], 99.306854),
    ("catboost.LogCosh", [0], [1], 0.433763),
    ("catboost.LogCosh", [0], [0], -1.65259166e-6),
    ("sklearn.metrics.mean_pinball_loss", [1, 2, 3], [0, 2, 5], 0.5),
    ("lightgbm.quantile", [1, 2, 3], [0, 2, 5], 0.366667),
    ("catboost.Quantile", [1, 2, 3], [0, 2, 5], 0.4999997),
    ("catboost.MAE", [1, 2, 3], [0, 2, 5], 0.9999993),
    ("xgboost.mphe", [0], [3], 2.162278),
    ("xgboost.mphe:huber_slope=2", [0], [3], 3.211102),
    ("lightgbm.fair", [0], [3], 1.613706),
    ("catboost.FairLoss:smoothness=2", [0], [3], 2.334837),
    ("catboost.Lq:q=3", [0, 0], [1, 2], 4.5),
    ("catboost.NumErrors:greater_than=1", [1, 2, 3], [0, 2, 5], 1 / 3),
    ("catboost.Expectile:alpha=0.25", [0, 0], [-2, 2], 2.0),
    ("optax.l2_loss", [0], [3], 4.5),
    ("tf.nn.l2_loss", [0, 0], [1, 3], 5.0),
    ("catboost.SMAPE", [100], [110], 9.523810),
    ("catboost.RMSPE", [24.2, 41.4, -21.5], [29.2, 40.2, -18.5], 0.144912),
    ("catboost.RMSPE", [0.1], [0.2], 0.1),
    # deviances
    ("sklearn.metrics.mean_poisson_deviance", [3], [2], 0.432791),
    ("sklearn.metrics.mean_gamma_deviance", [3, 3, 3], [2, 2, 2], 0.189070),
    ("xgboost.gamma-deviance", [3, 3, 3], [2, 2, 2], 0.189070),
    ("lightgbm.gamma_deviance", [3, 3, 3], [2, 2, 2], 0.567209),
    # directions
    ("optax.cosine_distance", [[1, 1]], [[2, 2]], 0.0),
    ("tf.compat.v1.losses.cosine_distance", [[1, 1]], [[1, 1]], -1.0),
    ("keras.losses.CosineSimilarity", [[1, 1]], [[2, 2]], -1.0),
    ("torch.nn.functional.cosine_similarity", [[1, 1]], [[2, 2]], 1.0),
    ("optax.cosine_similarity", [[1, 1]], [[2, 2]], 1.0),
    ("keras.losses.CosineSimilarity", [[0, 0]], [[2, 2]], 0.0),
    # focal
    ("keras.losses.BinaryFocalCrossentropy", [1], [0.8], 0.008926),
    ("keras.losses.BinaryFocalCrossentropy:apply_class_balancing", [1], [0.8], 0.002231),
    ("keras.losses.BinaryFocalCrossentropy:apply_class_balancing", [0], [0.8], 0.772530),
    ("optax.sigmoid_focal_loss", [1], [np.log(4)], 0.008926),
    ("optax.sigmoid_focal_loss:alpha=0.25", [1], [np.log(4)], 0.002231),
    ("catboost.Focal:focal_alpha=0.25,focal_gamma=2", [1], [np.log(4)], 0.002231),
    # label smoothing
    ("keras.losses.CategoricalCrossentropy:from_logits,label_smoothing=0.1", [[1, 0, 0]], [[2, 1, -1]], 0.482346),
    ("torch.nn.CrossEntropyLoss:label_smoothing=0.1", [0], [[2, 1, -1]], 0.482346),
    ("tf.compat.v1.losses.softmax_cross_entropy:label_smoothing=0.1", [[1, 0, 0]], [[2, 1, -1]], 0.482346),
    ("keras.losses.BinaryCrossentropy:label_smoothing=0.1", [1], [0.8], 0.292458),
    # margins
    ("torch.nn.SoftMarginLoss", [1, -1], [-20, -0.5], 10.23703849312063),
    ("torch.nn.SoftMarginLoss", [0], [0.5], 0.6931471805599453),
    ("optax.losses.perceptron_loss", [0, 1], [0.5, -0.3], 0.15),
    ("optax.losses.sparsemax_loss", [0, 1, -1], [0.5, 2.0, 2.0], 0.1875),
    ("sklearn._loss.loss.ExponentialLoss", [0, 1], [0.5, 0.3], 1.194769745690923),
    ("torch.nn.MultiMarginLoss", [0], [[-2, -1, -3]], 0.6666666666666666),
    ("torch.nn.MultiMarginLoss", [0], [[3.2, 5.1, -1.7]], 0.9666666666666667),
    ("torch.nn.MultiMarginLoss", [2], [[2.2, 2.5, -3.1]], 4.3),
    ("torch.nn.MultiMarginLoss:p=2,margin=0.5,weight=1/3", [0, 1], [[0.2, 0.1], [0.5, 0.4]], 0.31),
    ("optax.losses.multiclass_perceptron_loss", [0], [[3.2, 5.1, -1.7]], 1.9),
    ("optax.losses.multiclass_sparsemax_loss", [1], [[2.0, 1.5, -1.0]], 0.5625),
    # other entropies
    ("torch.nn.NLLLoss", [2], np.log([[0.1, 0.2, 0.3]]), 1.203973),
    ("torch.nn.NLLLoss:weight=1/3/1,ignore_index=2", [0, 1, 2], [[-1, -2, -9], [-1, -2, -9], [-1, -2, -9]], 1.75),
    ("keras.losses.CategoricalGeneralizedCrossEntropy", [0], [[0.25, 0.75]], 1.0),
    ("optax.losses.poly_loss_cross_entropy", [[1, 0]], [[0, 0]], 1.6931471805599453),
    ("catboost.MultiClassOneVsAll", [0, 1, 2], [[2, 1, -1]] * 3, 1.0289282398042507),
    # several labels at once
    ("torch.nn.MultiLabelSoftMarginLoss", [[1, 0]], [[2, -1]], 0.2200948492805977),
    ("torch.nn.MultiLabelMarginLoss", [[1, 0, 0, 1]], [[0.1, 0.2, 0.4, 0.8]], 0.85),
    ("sklearn.metrics.hamming_loss", [[1, 0, 1]], [[1, 1, 1]], 0.333333),
    ("subset-zero-one --like sklearn", [[1, 0], [1, 1]], [[1, 1], [1, 1]], 0.5),
    ("sklearn.metrics.label_ranking_loss", [[1, 0, 0], [1, 1, 1]], [[0.5, 0.5, 1], [1, 2, 3]], 0.5),
    ("sklearn.metrics.coverage_error", [[1, 0, 0], [0, 0, 0]], [[0.75, 0.75, 1], [1, 2, 3]], 1.5),
    ("catboost.HammingLoss", [[1, 0, 1]], [[0.5, 0.25, -1]], 0.666667),
    # pairs and lists
    ("optax.generalized_kl_divergence", [[2, 2]], np.log([[1, 3]]), 0.5753641449035618),
    ("torch.nn.MarginRankingLoss:margin=0.5", [1, -1], [[0.5, 0.25], [0.5, 0.25]], 0.5),
    ("catboost.PairLogit", [1, 1], [[0.5, 0.2], [2, 1]], 0.4338084659933749),
    ("torch.nn.CosineEmbeddingLoss", [1], [[0, 0, 1, 2]], 1.0),
    ("torch.nn.CosineEmbeddingLoss", [1], [[1e-6, 0, 1e-6, 0]], 0.4999999990010493),
    ("torch.nn.HingeEmbeddingLoss", [1, -1], [0.25, 0.25], 0.5),
    ("torch.nn.TripletMarginLoss", [[0, 0]], [[0, 0, 0.5, 0]], 0.5000024142125624),
    ("optax.losses.triplet_margin_loss", [[0, 0]], [[0, 0, 0.5, 0]], 0.5009990000010001),
    ("optax.losses.ranking_softmax_loss", [[1, 0, 0]], [[2, 1, 3]], 1.4076059644443804),
    # sequences
    ("ctc", [[1, 2, -1], [1, 1, 2]], STEPS, 3.457983809531743),
    ("torch.nn.CTCLoss", [[1, 2, -1], [1, 1, 2]], STEPS, 1.266893784392575),
    # masks
    ("keras.losses.Tversky:axis=1,alpha=1,beta=0", [[1, 1]], [[1, 0]], 0.5),
    ("tversky:alpha=1,beta=0 --like keras", [[1, 1]], [[1, 0]], 0.5),
    ("optax.losses.dice_loss:alpha=1,beta=0,smooth=0,apply_softmax=false", [[1, 1]], [[1, 0]], 0.0),
    ("keras.losses.Dice:axis=1", [[1, 1, 0, 0], [0, 0, 0, 0]], [[1, 0, 0, 0], [0, 0, 0, 0]], (0.333333 + 1) / 2),
    ("keras.losses.Dice:axis=1", [[0, 0]], [[0, 0]], 1.0),
    ("optax.losses.dice_loss:apply_softmax=false", [[1, 1, 0, 0]], [[1, 0, 0, 0]], 0.2),
    ("optax.losses.dice_loss:apply_softmax=false", [[0, 0, 1, 1]], [[0, 1, 1, 1]], 0.142857),
    ("optax.losses.binary_dice_loss", [[1, 0]], [[20, -20]], 0.0),
    # times between two bounds: of xgboost in base_margin, label_lower_bound and label_upper_bound
    ("xgboost.aft-nloglik", [[2, 2], [2, 3]], [0.5, 0.5], (1.630738630443746 + 1.9057832559748409) / 2),
    (AFT_EXTREME, [[2, 2]], [0.5], 2.10727005780113164),
    (AFT_EXTREME, [[2, -1]], [0.5], 1.13742255617298582),
    (AFT_EXTREME, [[0, 3]], [0.5], 0.25524372391141736),
    (AFT_EXTREME, [[2, 3]], [0.5], 2.34996965851454709),
    ("xgboost.aft-nloglik", [[1e30, -1]], [-100], 27.63102111592854726),
    ("catboost.BrierScore", [0, 1, 1, 0], [0.5, -1, 2, -20], 0.23402790025184855),
    ("catboost.BrierScore", [1, 0, 1], [-1000, 1000, 1000], 2 / 3),
    ("catboost.ZeroOneLoss", [0, 1, 1, 0, 1], [0.5, -1, 2, -20, 3], 0.4),
    ("catboost.ZeroOneLoss:proba_border=0.75", [0, 1, 1], [0.5, 1, 2], 0.333333),
    (
        "catboost.MultiQuantile:alpha=0.1/0.5/0.9",
        [1, 2, 3, -1],
        [[0, 1, 1.5], [2, 2, 2.5], [5, 3.5, 6], [1, -2, 0]],
        0.41249972500000004,
    ),
    ("catboost.SurvivalAft", [[1, 3], [2, 5]], [0.5, 0.2], 0.3892986209199153),
    # weights, reductions
    ("torch.nn.CrossEntropyLoss:weight=1/3", [0, 1], [[2, 1], [0, 1]], 0.313262),
    ("sklearn.metrics.brier_score_loss", [0, 1], [0.1, 0.8], 0.025),
]


@pytest.mark.parametrize(("spec", "true", "pred", "recorded"), RECORDED)
def test_a_twin_gives_the_recorded_number(spec: str, true: Any, pred: Any, recorded: float) -> None:  # noqa: ANN401
    name, _, like = spec.partition(" --like ")
    assert evaluate(name, true, pred, like=like or None).value == pytest.approx(recorded, rel=1e-6, abs=6e-7)


RULES: list[tuple[str, Any, Any, list[float]]] = [
    ("zero-one", [1, 0], [0.5, 0.5], [1, 0]),
    ("zero-one:threshold=0.25", [1, 0], [0.5, 0.25], [0, 0]),
    ("zero-one", [0, 1], [[1, 1, 0], [1, 1, 0]], [0, 1]),
    ("lightgbm.multi_error", [0, 1, 0], [[1, 1, 0], [1, 1, 0], [2, 1, 1]], [1, 1, 0]),
    ("brier", [1], [[0.75, 0.25]], [1.125]),
    ("brier:from_logits", [1], [[np.log(3), 0]], [1.125]),
    ("brier:from_logits,halve=always", [[0.5, 0.5]], [[np.log(3), 0]], [0.0625]),
    ("sklearn.metrics.brier_score_loss", [1], [[0.75, 0.25]], [0.5625]),
    ("sklearn.metrics.brier_score_loss", [2], [[0.25, 0.25, 0.5]], [0.375]),
    ("top-k-error:k=1", [0, 1], [[1, 1, 0], [1, 1, 0]], [0, 1]),
    ("top-k-error:k=2", [1, 2], [[1, 1, 1], [1, 1, 1]], [0, 1]),
    ("torch.nn.SoftMarginLoss", [1], [-800], [np.inf]),
    ("ww-hinge", [0, 1, 2], [[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]], [2.9, 0, 12.9]),
    ("jsd", [[0.5, 0.5], [0.2, 0.8]], [[0.9, 0.1], [0.1, 0.9]], [0.10174922507919676, 0.009966389341172811]),
    ("dice", [[0, 0]], [[0, 0]], [0]),
    ("generalized-dice", [[0, 0], [1, 1]], [[0, 0.5], [1, 0.5]], [1 / 7, 1 / 7]),
    ("listmle", [[1, 0, -1]], [[0, 0, 9]], [np.log(2)]),
    ("softmax-rank:normalise", [[2, 1, 0]], [[0, 0, 0]], [np.log(3)]),
    ("pairwise-mse", [[1, 0, -1]], [[0, 1, 9]], [8]),
    ("lightgbm.poisson", [3], [0], [1.000000013351432e-10 - 3 * np.log(1.000000013351432e-10)]),
    ("xgboost.poisson-nloglik", [1], [0], [1.0000000168623835e-16 - np.log(1.0000000168623835e-16)]),
    ("lightgbm.cross_entropy", [0.5], [1], [-0.5 * np.log(1e-12)]),
    ("xgboost.gamma-nloglik", [1], [0], [1 / 9.999999974752427e-07 + np.log(9.999999974752427e-07)]),
    ("lightgbm.tweedie", [1], [0], [2 / 1.000000013351432e-10**0.5 + 2 * 1.000000013351432e-10**0.5]),
    ("torch.nn.GaussianNLLLoss", [1], [[1, 0]], [0.5 * np.log(1e-6)]),
    ("catboost.RMSEWithUncertainty", [2], [[1, np.log(2)]], [0.5 * np.log(2 * np.pi) + np.log(2) + 0.125]),
    ("crps", [3], [[1, 2, 4]], [2 / 3]),
    ("crps:estimator=fair", [3], [[1, 2, 4]], [1 / 3]),
    ("crps:estimator=akr", [3], [[1, 2, 4]], [1 / 3]),
    ("wis:alphas=0.1/0.5", [10], [[10, 8, 12, 9, 11]], [0.28]),
]


@pytest.mark.parametrize(("spec", "true", "pred", "expected"), RULES)
def test_a_rule_decides_the_limiting_case(spec: str, true: Any, pred: Any, expected: list[float]) -> None:  # noqa: ANN401
    np.testing.assert_allclose(evaluate(spec, true, pred).losses, expected, rtol=1e-15, atol=0)


def test_smoothing_with_class_weights_is_torchs() -> None:
    rows, weights, s = np.array([[2.0, 1.0, -1.0], [0.5, 0.0, 1.5]]), np.array([2.0, 1.0, 0.5]), 0.1
    labels = [0, 2]
    nll = np.log(np.exp(rows).sum(axis=1))[:, None] - rows
    own = sum((1 - s) * weights[c] * nll[i, c] for i, c in enumerate(labels))
    expected = (own + s / 3 * (weights * nll).sum()) / weights[labels].sum()
    found = evaluate("torch.nn.CrossEntropyLoss:weight=2/1/0.5,label_smoothing=0.1", labels, rows).value
    assert found == pytest.approx(expected, rel=1e-14)


WEIGHTED = [("keras", 14.0), ("tensorflow", 14.0), ("sklearn", 7.0), (None, 7.0)]


@pytest.mark.parametrize(("like", "mean"), WEIGHTED)
def test_each_framework_divides_a_weighted_sum_by_its_own_count(like: str | None, mean: float) -> None:
    assert evaluate("mse", [0, 0], [1, 3], [1, 3], like=like).value == mean


ROOTS = [
    ("rmse", None, 8.5**0.5),
    ("RootMeanSquaredError", None, 8.5**0.5),  # an alias means what the canonical name means
    ("root_mean_squared_error", "keras", 8.5**0.5),
    ("rmse", "sklearn", 2.5),
    ("root_mean_squared_error", "sklearn", 2.5),
    ("sklearn.metrics.root_mean_squared_error", None, 2.5),
]


@pytest.mark.parametrize(("name", "like", "expected"), ROOTS)
def test_only_scikit_learn_averages_the_roots_of_the_output_columns(
    name: str, like: str | None, expected: float
) -> None:
    assert expected == evaluate(name, [[0, 0], [0, 0]], [[1, 4], [1, 4]], like=like).value
