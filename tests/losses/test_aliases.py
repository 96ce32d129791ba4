"""Every name under which a user may know a loss finds it, with the parameters that the name implies."""

from __future__ import annotations

import pytest

from losscli import registry
from losscli.errors import UsageError
from losscli.spec import bind, written

NAMES: dict[str, str] = {
    "mse": """mse MSE mean_squared_error MeanSquaredError mean-squared-error MSELoss mse_loss l2 L2 squared_error
        quadratic brier-like""",
    "rmse": "rmse RMSE root_mean_squared_error RootMeanSquaredError root_mean_square",
    "mae": "mae MAE mean_absolute_error MeanAbsoluteError L1Loss l1_loss l1 MAD absolute_difference",
    "mape": "mape MAPE mean_absolute_percentage_error MeanAbsolutePercentageError",
    "msle": "msle MSLE mean_squared_logarithmic_error mean_squared_log_error MeanSquaredLogarithmicError",
    "multi-rmse": "multi-rmse MultiRMSE",
    "huber": "huber huber_loss HuberLoss Huber scipy.special.huber",
    "smooth-l1": "smooth-l1 smooth_l1 smooth_l1_loss SmoothL1Loss",
    "log-cosh": "log-cosh logcosh LogCosh log_cosh log_cosh_error LogCoshError",
    "pinball": """pinball PinballLoss quantile Quantile quantile_loss mean_pinball_loss check_loss
        quantile_score""",
    "asymmetric": "asymmetric profit-cost cost-profit newsvendor asymmetric_mae 自定义损失",
    "cosine-similarity": "cosine-similarity cosine_similarity CosineSimilarity cosine_proximity cosine",
    "half-mse": "half-mse half_mse half_squared_error HalfSquaredError half_mean_squared_error",
    "expectile": "expectile Expectile asymmetric_mse asymmetric_least_squares",
    "log-lin-quantile": "log-lin-quantile LogLinQuantile",
    "linex": "linex linear_exponential lin-exp",
    "pseudo-huber": "pseudo-huber PseudoHuber pseudohubererror mphe charbonnier scipy.special.pseudo_huber",
    "lq": "lq Lq lp_loss",
    "fair": "fair FairLoss",
    "cauchy": "cauchy lorentzian",
    "welsch": "welsch leclerc correntropy",
    "general-robust": "general-robust barron adaptive-robust",
    "num-errors": "num-errors NumErrors within_tolerance",
    "rmspe": "rmspe RMSPE root_mean_squared_percentage_error",
    "smape": "smape SMAPE symmetric_mean_absolute_percentage_error",
    "rmsle": "rmsle root_mean_squared_log_error root_mean_squared_logarithmic_error",
    "cosine-distance": "cosine-distance cosine_distance 1-cos",
    "mean-pairwise-squared": "mean-pairwise-squared mean_pairwise_squared_error",
    "tweedie-deviance": "tweedie-deviance mean_tweedie_deviance tweedie_deviance_score",
    "poisson-deviance": "poisson-deviance mean_poisson_deviance",
    "gamma-deviance": "gamma-deviance mean_gamma_deviance gamma_deviance",
    "tweedie-nll": "tweedie-nll Tweedie tweedie-nloglik",
    "gamma-nll": "gamma-nll gamma gamma-nloglik",
    "gaussian-nll": "gaussian-nll GaussianNLLLoss gaussian_nll_loss normal_nll",
    "gaussian-nll:log_deviation,full": "RMSEWithUncertainty",
    "normal-log-score": "normal-log-score logs_normal log_score_normal",
    "crps-normal": "crps-normal crps_normal crps_gaussian",
    "crps-logistic": "crps-logistic crps_logistic",
    "crps-laplace": "crps-laplace crps_laplace",
    "crps-lognormal": "crps-lognormal crps_lognormal",
    "crps-loglaplace": "crps-loglaplace crps_loglaplace",
    "crps-exponential": "crps-exponential crps_exponential",
    "crps-uniform": "crps-uniform crps_uniform",
    "crps-gpd": "crps-gpd crps_gpd crps_generalized_pareto",
    "crps-normal-mixture": "crps-normal-mixture crps_mixnorm",
    "aft-nll": "aft-nll aft AFT aft-nloglik accelerated-failure-time",
    "aft-distance": "aft-distance SurvivalAft",
    "rls": "rls RLS ranked_logarithmic_score rls_score",
    "rps": "rps ranked_probability_score",
    "interval-score": "interval-score winkler winkler_score IS",
    "wis": "wis WIS weighted_interval_score",
    "crps-quantile": "crps-quantile crps_quantile mean_quantile_score",
    "multi-pinball": "multi-pinball multi_pinball_loss MultiQuantile multi_quantile_loss mean_quantile_loss",
    "crps": "crps CRPS crps_ensemble continuous_ranked_probability_score",
    "energy-score": "energy-score es_ensemble",
    "variogram-score": "variogram-score vs_ensemble",
    "dss": "dss dawid-sebastiani dawid_sebastiani_score dssuv_ensemble",
    "multivariate-dss": "multivariate-dss dssmv_ensemble",
    "poisson": "poisson Poisson",
    "poisson:full": "poisson-nloglik",
    "poisson-nll": "poisson-nll poisson_nll_loss PoissonNLLLoss log_poisson_loss",
    "bce": """bce binary_crossentropy BinaryCrossentropy binary_cross_entropy BCELoss log_loss logloss Logloss
        binary_logloss log-score log_score""",
    "bce:from_logits": """sigmoid_cross_entropy_with_logits BCEWithLogitsLoss sigmoid_binary_cross_entropy
        binary_logistic_loss sigmoid_cross_entropy""",
    "weighted-bce": "weighted-bce weighted_bce weighted_cross_entropy_with_logits pos_weight",
    "focal": "focal binary_focal_crossentropy BinaryFocalCrossentropy FocalLoss Focal",
    "focal:from_logits": "sigmoid_focal_loss",
    "hinge": "hinge hinge_loss Hinge HingeLoss",
    "squared-hinge": "squared-hinge squared_hinge SquaredHinge",
    "brier": "brier brier_score_loss brier_score BrierScore",
    "zero-one": "zero-one zero_one_loss ZeroOneLoss error binary_error merror multi_error",
    "ce": "ce categorical_crossentropy CategoricalCrossentropy categorical_cross_entropy cce multi_logloss mlogloss",
    "ce:from_logits": """softmax_cross_entropy softmax_cross_entropy_with_logits softmax_cross_entropy_with_logits_v2
        CrossEntropyLoss cross_entropy CrossEntropy MultiClass""",
    "sparse-ce": "sparse-ce sparse_ce sparse_categorical_crossentropy SparseCategoricalCrossentropy scce",
    "sparse-ce:from_logits": """sparse_softmax_cross_entropy sparse_softmax_cross_entropy_with_logits
        softmax_cross_entropy_with_integer_labels""",
    "categorical-focal": "categorical-focal categorical_focal_crossentropy CategoricalFocalCrossentropy",
    "categorical-hinge": "categorical-hinge CategoricalHinge categorical_hinge multiclass_hinge_loss crammer-singer",
    "soft-margin": "soft-margin SoftMarginLoss soft_margin_loss logistic",
    "perceptron": "perceptron perceptron_loss",
    "exponential": "exponential exp_loss AdaBoost ExponentialLoss",
    "sparsemax": "sparsemax sparsemax_loss binary_sparsemax_loss",
    "modified-huber": "modified-huber modified_huber",
    "top-k-error": "top-k-error top_k_error",
    "multi-margin": "multi-margin MultiMarginLoss multi_margin_loss",
    "ww-hinge": "ww-hinge weston-watkins multiclass-svm",
    "multiclass-perceptron": "multiclass-perceptron multiclass_perceptron_loss",
    "sparsemax-multi": "sparsemax-multi multiclass_sparsemax_loss",
    "nll": "nll NLLLoss nll_loss negative_log_likelihood",
    "gce": "gce categorical_generalized_cross_entropy CategoricalGeneralizedCrossEntropy generalized_cross_entropy",
    "poly-ce": "poly-ce poly_loss_cross_entropy poly1 poly1_softmax_loss poly_loss",
    "multiclass-ova": "multiclass-ova MultiClassOneVsAll one-vs-rest",
    "multilabel-bce": "multilabel-bce MultiLabelSoftMarginLoss multilabel_soft_margin_loss MultiCrossEntropy",
    "multilabel-margin": "multilabel-margin MultiLabelMarginLoss multilabel_margin_loss",
    "hamming": "hamming hamming_loss HammingLoss",
    "subset-zero-one": "subset-zero-one subset_zero_one_loss",
    "label-ranking-loss": "label-ranking-loss label_ranking_loss",
    "coverage-error": "coverage-error coverage_error",
    "generalized-kld": """generalized-kld generalized_kl_divergence convex_kl_divergence i-divergence
        scipy.special.kl_div""",
    "jsd": "jsd jensen_shannon_divergence JensenShannonDivergence js-divergence",
    "js-distance": "js-distance jensenshannon scipy.spatial.distance.jensenshannon",
    "hellinger": "hellinger hellinger_distance",
    "tv": "tv total_variation",
    "wasserstein": "wasserstein emd w1 wasserstein_distance earth-movers-distance",
    "energy-distance": "energy-distance energy_distance",
    "margin-ranking": "margin-ranking MarginRankingLoss margin_ranking_loss",
    "pair-logit": "pair-logit PairLogit ranknet bpr",
    "cosine-embedding": "cosine-embedding CosineEmbeddingLoss cosine_embedding_loss",
    "hinge-embedding": "hinge-embedding HingeEmbeddingLoss hinge_embedding_loss",
    "contrastive": "contrastive contrastive_loss ContrastiveLoss",
    "triplet": "triplet TripletMarginLoss triplet_margin_loss triplet_loss",
    "softmax-rank": "softmax-rank ranking_softmax_loss listnet",
    "listmle": "listmle ListMLE listmle_loss",
    "pairwise-logistic": "pairwise-logistic pairwise_logistic_loss",
    "pairwise-hinge": "pairwise-hinge pairwise_hinge_loss",
    "pairwise-mse": "pairwise-mse pairwise_mse_loss",
    "unique-softmax": "unique-softmax unique_softmax_loss",
    "dice": "dice Dice dice_loss DiceLoss soft-dice",
    "jaccard": "jaccard JaccardLoss soft-iou IoULoss iou",
    "tversky": "tversky Tversky tversky_loss",
    "focal-tversky": "focal-tversky FocalTverskyLoss",
    "generalized-dice": "generalized-dice GeneralizedDiceLoss gdl",
    "ctc": "ctc CTCLoss ctc_loss CTC connectionist-temporal-classification",
    "binary-kld": "binary-kld bernoulli_kl_divergence",
    "kld": """kld KLD kl_divergence KLDivergence kullback_leibler_divergence KullbackLeiblerDivergence
        kullback_leibler KLDivLoss kl_div rel_entr""",
}

PAIRS = [(name, spec) for spec, names in NAMES.items() for name in names.split()]


@pytest.mark.parametrize(("name", "spec"), PAIRS)
def test_a_name_finds_its_loss(name: str, spec: str) -> None:
    bound = bind(name)
    assert written(bound.loss.name, bound.given) == spec
    assert bound.like is None


def test_every_registered_name_binds_to_the_loss_that_claims_it() -> None:
    for one in registry.LOSSES.values():
        for name in (one.name, *one.aliases):
            assert bind(name.partition(":")[0]).loss is one


def test_every_loss_has_names_in_this_table() -> None:
    assert set(registry.LOSSES) == {spec.partition(":")[0] for spec in NAMES}


def test_a_name_that_is_nobodys_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        registry.find("hubber")
    assert "huber" in refused.value.hint


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("nn.MSELoss", "torch.nn.MSELoss"),
        ("F.smooth_l1_loss:beta=2", "torch.nn.functional.smooth_l1_loss:beta=2"),
        ("tensorflow.keras.losses.Huber:delta=2", "tf.keras.losses.Huber:delta=2"),
        ("tf_keras.losses.Huber", "tf.keras.losses.Huber"),
        ("tensorflow.nn.l2_loss", "tf.nn.l2_loss"),
    ],
)
def test_a_path_may_begin_as_it_is_imported(typed: str, path: str) -> None:
    found, expected = bind(typed), bind(path)
    assert (found.spec, found.like, found.loss) == (expected.spec, expected.like, expected.loss)
