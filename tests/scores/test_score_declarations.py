"""What is declared beside a score is true: names, direction, parameters, frameworks, docstring."""

from __future__ import annotations

import doctest
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, settings
from score_cases import Case, candidates, cases, default_of, scored

from losscli import registry
from losscli.domain import resolve
from losscli.errors import DataError, UsageError
from losscli.registry import Declared, Like, Param, Score
from losscli.scores._state import State
from losscli.spec import bind, convert, written

registry.load_all()
SCORES = list(registry.SCORES.values())
search = settings(
    max_examples=4000,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
every_score = pytest.mark.parametrize("one", SCORES, ids=lambda one: one.name)
every_parameter = pytest.mark.parametrize(
    ("one", "param"),
    [(one, param) for one in SCORES for param in one.params.values()],
    ids=lambda value: value.name,
)

NAMES: dict[str, str] = {
    "accuracy": """accuracy Accuracy acc accuracy_score binary_accuracy BinaryAccuracy categorical_accuracy
        CategoricalAccuracy sparse_categorical_accuracy""",
    "top-k-accuracy": """top-k-accuracy top_k_accuracy top_k_accuracy_score top_k_categorical_accuracy
        TopKCategoricalAccuracy SparseTopKCategoricalAccuracy""",
    "balanced-accuracy": "balanced-accuracy balanced_accuracy_score BalancedAccuracy",
    "balanced-error-rate": "balanced-error-rate BalancedErrorRate ber BER hter half_total_error_rate",
    "precision": "precision Precision precision_score ppv positive_predictive_value",
    "recall": "recall Recall recall_score sensitivity tpr true_positive_rate",
    "specificity": "specificity Specificity tnr true_negative_rate selectivity",
    "f1": "f1 F1 f1_score F1Score f_score f_measure dice_coefficient",
    "fbeta": "fbeta fbeta_score FBetaScore f_beta",
    "class-jaccard": "class-jaccard jaccard_score csi CSI critical_success_index threat_score",
    "class-jaccard:average=macro": "mean_iou MeanIoU miou",
    "mcc": "mcc MCC matthews_corrcoef matthews phi_coefficient",
    "kappa": "kappa Kappa cohen_kappa cohen_kappa_score CohenKappa",
    "kappa:weighting=quadratic": "quadratic_weighted_kappa",
    "roc-auc": "roc-auc roc_auc auc AUC auroc AUROC roc_auc_score c_statistic",
    "average-precision": "average-precision average_precision_score AveragePrecision aucpr pr_auc auprc",
    "label-ranking-average-precision": """label-ranking-average-precision lrap LRAP
        label_ranking_average_precision_score""",
    "normalized-gini": "normalized-gini NormalizedGini gini gini_normalized",
    "r2": "r2 R2 r2_score R2Score r_squared coefficient_of_determination",
    "explained-variance": "explained-variance explained_variance_score ExplainedVariance",
    "d2-absolute-error": "d2-absolute-error d2_absolute_error_score",
    "d2-pinball": "d2-pinball d2_pinball_score",
    "d2-tweedie": "d2-tweedie d2_tweedie_score",
    "pearson": "pearson pearsonr pearson_r PearsonCorrelation",
    "spearman": "spearman spearmanr spearman_rho SpearmanCorrelation",
    "kendall": "kendall kendalltau kendall_tau tau-b",
    "median-ae": "median-ae median_absolute_error MedianAbsoluteError",
    "max-error": "max-error max_error MaxError linf chebyshev",
    "wape": "wape WAPE wmape weighted_mean_absolute_percentage_error",
    "rmse-by-column": "rmse-by-column mean_of_column_rmse",
    "rse": "rse relative_squared_error RelativeSquaredError",
    "rae": "rae relative_absolute_error",
    "nrmse": "nrmse NRMSE normalized_rmse normalized_root_mean_squared_error",
    "minkowski": "minkowski minkowski_distance MinkowskiDistance lp-distance",
    "ece": "ece ECE expected_calibration_error calibration_error",
    "perplexity": "perplexity Perplexity ppl",
    "d2-log-loss": "d2-log-loss d2_log_loss_score McFadden mcfadden_r2 relative_information_gain",
    "d2-brier": "d2-brier d2_brier_score brier_skill_score scaled_brier_score",
    "pooled-dice": "pooled-dice PooledDiceLoss",
    "pooled-tversky": "pooled-tversky pooled_tversky_loss",
    "dcg": "dcg DCG dcg_score discounted_cumulative_gain",
    "ndcg": "ndcg NDCG ndcg_score normalized_dcg normalized_discounted_cumulative_gain",
    "precision-at-k": "precision-at-k precision_at_k precision@k",
    "recall-at-k": "recall-at-k recall_at_k recall@k",
    "map": "map MAP mean_average_precision MeanAveragePrecision",
    "mrr": "mrr MRR mean_reciprocal_rank",
    "hit-rate": "hit-rate hit_rate HitRate hit_ratio success_at_k hit@k",
    "err": "err ERR expected_reciprocal_rank",
    "pfound": "pfound PFound",
    "query-rmse": "query-rmse QueryRMSE query_rmse",
    "query-pinball": "query-pinball QueryPinball group_quantile GroupQuantile",
    "query-softmax": "query-softmax QuerySoftMax",
    "query-crossentropy": "query-crossentropy QueryCrossEntropy",
    "query-pair-logit": "query-pair-logit QueryPairLogit",
    "pair-accuracy": "pair-accuracy PairAccuracy",
    "query-auc": "query-auc QueryAUC gauc GAUC group_auc",
    "cox-nll": "cox-nll cox Cox cox-nloglik cox_ph CoxPHLoss negative_log_partial_likelihood",
    "cox-log-likelihood": "cox-log-likelihood log_partial_likelihood",
    "interval-regression-accuracy": "interval-regression-accuracy interval_regression_accuracy",
    "mase": "mase MASE mean_absolute_scaled_error MeanAbsoluteScaledError",
    "rmsse": "rmsse RMSSE root_mean_squared_scaled_error",
}

LOWER_IS_BETTER = {
    "median-ae",
    "max-error",
    "wape",
    "rmse-by-column",
    "rse",
    "rae",
    "nrmse",
    "minkowski",
    "ece",
    "perplexity",
    "balanced-error-rate",
    "pooled-dice",
    "pooled-tversky",
    "query-rmse",
    "query-pinball",
    "query-softmax",
    "query-crossentropy",
    "query-pair-logit",
    "cox-nll",
    "mase",
    "rmsse",
}

RATES = ("precision", "recall", "f1", "fbeta", "specificity", "class-jaccard")

NEEDS: dict[tuple[str, str], dict[str, object]] = {
    ("map", "capped"): {"k": 1},
    ("precision-at-k", "capped"): {"k": 3},
    **{(name, "ties"): {"k": 1} for name in ("top-k-accuracy", "precision-at-k", "recall-at-k", "hit-rate")},
    ("kappa", "absent_classes"): {"weighting": "linear"},
    ("pooled-tversky", "swapped"): {"alpha": 2.0},
    ("query-pinball", "q"): {"dead_zone": 0.3},
    **{(name, "pos_label"): {"average": "binary"} for name in RATES},
    # a whole number that is no logit is a class, and these may be more than two
    **{(name, "from_logits"): {"average": "macro"} for name in RATES},
}
"""Parameters that act only beside another one."""


@pytest.mark.parametrize(("name", "spec"), [(name, spec) for spec, names in NAMES.items() for name in names.split()])
def test_a_name_finds_its_score(name: str, spec: str) -> None:
    needed = required(registry.find(name)[0])
    bound = bind(name, given=needed)
    assert written(bound.loss.name, {key: value for key, value in bound.given.items() if key not in needed}) == spec
    assert bound.like is None


@every_score
def test_every_name_of_a_score_stands_in_this_table(one: Score) -> None:
    listed = {name for spec, names in NAMES.items() if spec.partition(":")[0] == one.name for name in names.split()}
    assert {registry.folded(alias.partition(":")[0]) for alias in (one.name, *one.aliases)} <= {
        registry.folded(name) for name in listed
    }


@every_score
def test_a_score_says_which_direction_is_better(one: Score) -> None:
    assert one.higher is (one.name not in LOWER_IS_BETTER)


BETTER: dict[str, tuple[Any, Any, Any]] = {
    "class probabilities": ([0, 1, 1], [[0.75, 0.25], [0.25, 0.75], [0.25, 0.75]], [[0.25, 0.75]] * 3),
    "soft mask": ([[1, 0], [0, 1]], [[0.75, 0], [0.25, 1]], [[0.25, 0.5], [0.5, 0]]),
    "vector": (np.eye(3), np.eye(3), 1 - np.eye(3)),
    "class scores": ([0, 1, 2], np.eye(6)[:3], np.arange(18).reshape(3, 6)),
    "decision": ([0, 1, 1, 0], [0, 1, 1, 0], [1, 1, 0, 0]),
    "score or row": ([0, 1, 1, 0], [0.125, 0.75, 1, 0], [1, 0.5, 0.25, 0]),
    "probability or row": ([0, 1, 1, 0], [0, 1, 1, 0], [0.5, 0.5, 0.25, 0]),
}
"""Domain of the prediction -> truth, a good and a bad prediction."""
OF_SCORE: dict[str, tuple[Any, Any, Any]] = {
    "pfound": ([0, 1, 0.5, 0], [-1, 2, 1, 0], [2, -1, 0, 1]),
    "query-crossentropy": ([0, 1, 1, 0], [-1, 2, 1, -2], [1, -1, 0, 2]),
    # who is at risk for long has the smaller hazard
    **dict.fromkeys(("cox-nll", "cox-log-likelihood"), ([1, 2, -3, 4], [4, 3, 1, 0], [0, 1, 3, 4])),
    "interval-regression-accuracy": ([[1, 1], [2, -1]], [0, 1], [1, 0]),
}
"""The same by the name of the score."""


def required(one: Declared) -> dict[str, object]:
    """Values of the parameters that must be given."""
    return {name: 2.0 for name, param in one.params.items() if param.default is ...}


@every_score
def test_a_better_prediction_scores_in_that_direction(one: Score) -> None:
    params: dict[str, Any] = required(one)
    domain = resolve(one.pred, bind(one.name, given=params).params).name
    usual = BETTER.get(domain, ([3, 1, 2, 0], [3, 1, 2, 0.25], [1, 2, 3, 4]))
    true, good, bad = OF_SCORE.get(one.name, usual)
    params |= {"k": 1} if "k" in one.params and one.name != "ndcg" else {}
    better, worse = (scored(one.name, true, pred, **params) for pred in (good, bad))
    assert (better > worse) is one.higher


@every_parameter
def test_a_parameter_changes_something(one: Score, param: Param) -> None:
    fixed = NEEDS.get((one.name, param.name), {})
    assert candidates(one, param)
    usual = default_of(one, param.name)

    def shown(case: Case) -> bool:
        changed = Case(case.y_true, case.y_pred, case.weight, case.group, {**case.params, **fixed})
        plain = Case(case.y_true, case.y_pred, case.weight, case.group, {**changed.params, param.name: usual})
        a, b = changed.state(one).result(), plain.state(one).result()
        return not (a == b or (math.isnan(a) and math.isnan(b)))

    find(cases(one, [param.name]), shown, settings=search)


@every_parameter
def test_a_parameter_refuses_what_is_outside_its_bounds(one: Score, param: Param) -> None:
    beyond: list[object] = ["something else", *([] if param.choices else [math.nan])]
    beyond += [
        math.nextafter(limit, way) for limit, way in ((param.ge, -math.inf), (param.le, math.inf)) if limit is not None
    ]
    beyond += [limit for limit in (param.gt, param.lt) if limit is not None]
    for value in beyond:
        with pytest.raises(UsageError):
            convert(one, param, value)
    for limit in (param.ge, param.le):
        if limit is not None:
            convert(one, param, limit)


@every_score
def test_a_score_is_documented_and_its_example_runs(one: Score) -> None:
    doc = one.doc
    assert doc.summary.endswith(".")
    assert len(doc.summary) <= 80
    assert doc.formula
    assert doc.source
    assert doc.prose
    for param in one.params.values():
        assert param.help.endswith(".")
        assert len(param.help) <= 80
    known = {"array": np.array, one.function.__name__: one.function}
    test = doctest.DocTestParser().get_doctest(doc.example, known, one.name, None, 0)
    assert test.examples
    said: list[str] = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)


TWINS = [(one, twin) for one in SCORES for twin in one.like]


@pytest.mark.parametrize(("one", "twin"), TWINS, ids=[f"{one.name}-{twin.paths[0]}" for one, twin in TWINS])
def test_a_framework_path_binds_to_its_score_with_parameters_it_has(one: Score, twin: Like) -> None:
    theirs = {ours: name for name, ours in twin.takes.items()}
    needed = ",".join(f"{theirs[name]}=1.5" for name, value in twin.params.items() if value is ...)
    for path in twin.paths:
        first = registry.PATHS[path][0] is one
        name, like = (path, None) if first else (one.name, twin.framework)  # two may share a path: one is named by it
        bound = bind(f"{name}{',' if ':' in name else ':'}{needed}", like=like).suited(rows=True)
        assert bound.loss.name == one.name
        assert bound.like == twin.framework
    assert set(twin.takes.values()) <= set(one.params)
    for name, value in twin.params.items():
        if value is not ...:
            assert convert(one, one.params[name], value) == value


RECORDED: list[tuple[str, Any, Any, float]] = [
    # LOSSES.md, D33
    ("sklearn.metrics.ndcg_score", [3, 2, 0], [0.1, 0.9, 0.4], 0.821238),
    ("catboost.NDCG", [3, 2, 0], [0.1, 0.9, 0.4], 0.821238),
    ("xgboost.ndcg", [3, 2, 0], [0.1, 0.9, 0.4], 0.730929),
    ("lightgbm.ndcg", [3, 2, 0], [0.1, 0.9, 0.4], 0.730929),
    ("sklearn.metrics.ndcg_score", [0, 0, 0], [0.1, 0.9, 0.4], 0),
    ("xgboost.ndcg", [0, 0, 0], [0.1, 0.9, 0.4], 1),
    ("lightgbm.ndcg", [0, 0, 0], [0.1, 0.9, 0.4], 1),
    ("catboost.NDCG", [0, 0, 0], [0.1, 0.9, 0.4], 1),
    ("catboost.QuerySoftMax", [0, 0, 0], [0.1, 0.9, 0.4], 0),
    ("query-softmax", [0, 0, 0], [0.1, 0.9, 0.4], math.nan),
    ("xgboost.map:k=2", [1, 1, 1, 0], [0.9, 0.1, 0.2, 0.5], 0.5),
    # LOSSES.md, 1.9
    ("keras.metrics.BinaryAccuracy", [0, 1], [0.5, 0.5], 0.5),
    ("f1", [1, 0, 1], [0.9, 0.8, 0.2], 0.5),
    ("sklearn.metrics.r2_score", [2, 2], [2, 2], 1),
    ("sklearn.metrics.r2_score", [2, 2], [2, 1], 0),
    ("sklearn.metrics.r2_score:force_finite=false", [2, 2], [2, 1], -math.inf),
    ("keras.metrics.R2Score", [2, 2], [2, 2], math.nan),
    ("keras.metrics.R2Score", [2, 2], [2, 1], 0),
    # the ends of a span lie in it, and it may have no last time
    ("interval-regression-accuracy", [[1, 1], [1, 3], [0, 1], [2, -1]], [0, 0, 0, 1000], 1),
    ("interval-regression-accuracy", [[1, 1], [1, 3], [0, 1], [2, -1]], [1e-15, -1e-15, 1e-15, 0.5], 0),
    # one class only
    ("roc-auc", [1, 1], [0.5, 0.25], math.nan),
    ("lightgbm.auc", [1, 1], [0.5, 0.25], 1),
    ("keras.metrics.AUC", [1, 1], [0.5, 0.25], 0),
    ("average-precision", [0, 0], [0.5, 0.25], math.nan),
    ("sklearn.metrics.average_precision_score", [0, 0], [0.5, 0.25], 0),
    ("mcc", [0, 1], [0, 0], math.nan),
    ("precision", [0, 1], [0, 0], math.nan),
    ("keras.metrics.Precision", [0, 1], [0, 0], 0),
    # thresholds that are further apart than the scores
    ("keras.metrics.AUC", [0, 1], [0.0001, 0.0002], 0.5),
    ("roc-auc", [0, 1], [0.0001, 0.0002], 1),
    # nothing to rank, and equal scores
    ("label-ranking-average-precision", [[1, 1], [0, 0]], [[0.5, 0.25], [0.5, 0.25]], 1),
    ("label-ranking-average-precision", [[1, 0, 1, 0]], [[0.5, 0.5, 0.5, 0.25]], 2 / 3),
    # probabilities
    ("perplexity", [0, 1], [[0.25, 0.75], [0.75, 0.25]], 4),
    ("perplexity", [0, 1], [[0.0, 1.0], [0.75, 0.25]], math.inf),
    ("perplexity:eps=0.25", [0, 1], [[0.0, 1.0], [0.75, 0.25]], 4),
    ("ece:n_bins=1", [0, 1], [0.25, 0.5], 0.125),
    # one class only, which its frequency predicts without a loss; scikit-learn clips that, too
    *((name, [1, 1], [0.5, 0.75], -math.inf) for name in ("d2-log-loss", "d2-brier", "sklearn.metrics.d2_brier_score")),
    *((name, [1, 1], [1, 1], math.nan) for name in ("d2-log-loss", "d2-brier", "sklearn.metrics.d2_brier_score")),
    ("sklearn.metrics.d2_log_loss_score", [1, 1], [1, 1], 0),
    # a certain and wrong probability
    ("d2-log-loss", [0, 1], [1, 0.5], -math.inf),
    ("sklearn.metrics.d2_log_loss_score", [0, 1], [1, 0.8], -25.160964),
    # a truth of shares
    ("d2-log-loss", [[0.5, 0.5], [1, 0]], [[0.75, 0.25], [0.75, 0.25]], 0),
    ("d2-brier", [[0.5, 0.5], [1, 0]], [[0.5, 0.5], [0.5, 0.5]], -1),
    # LOSSES.md, D24: one mask in two rows, and empty masks that are predicted empty
    ("keras.losses.Dice", [[1, 1, 0, 0]], [[1, 0, 0, 0]], 0.333333),
    ("keras.losses.Dice", [[1, 1], [0, 0]], [[1, 0], [0, 0]], 0.333333),
    ("keras.losses.Dice", [[0, 0]], [[0, 0]], 1.0),
    ("pooled-dice", [[0, 0]], [[0, 0]], 0.0),
    # LOSSES.md, D22
    ("keras.losses.Tversky:alpha=1,beta=0", [[1, 1]], [[1, 0]], 0.5),
    ("pooled-tversky:alpha=1,beta=0", [[1, 1]], [[1, 0]], 0.0),
]


@pytest.mark.parametrize(
    ("reduction", "expected"), [("sum_over_batch_size", 1.0), ("sum", 2.0), ("mean_with_sample_weight", 0.5)]
)
def test_keras_weighs_its_pooled_number_as_a_whole(reduction: str, expected: float) -> None:
    masks, weight = ([[1, 0], [1, 1]], [[1, 0], [0, 0.5]]), np.array([4.0, 0.0])
    spec = f"keras.losses.Dice:reduction={reduction}"
    assert scored(spec, *masks, weight) == pytest.approx(expected * 2 * scored(spec, *masks), rel=1e-15)


@pytest.mark.parametrize(("spec", "true", "pred", "recorded"), RECORDED)
def test_a_limiting_case_is_decided(spec: str, true: Any, pred: Any, recorded: float) -> None:  # noqa: ANN401
    assert scored(spec, true, pred) == pytest.approx(recorded, rel=1e-6, abs=6e-7, nan_ok=True)


@pytest.mark.parametrize("name", RATES)
def test_several_classes_need_an_average(name: str) -> None:
    with pytest.raises(DataError) as refused:
        scored(name, [0, 1, 2], [0, 1, 1])
    assert "0, 1, 2" in refused.value.message
    assert "average=macro" in refused.value.hint


def test_a_positive_class_that_does_not_occur_is_refused() -> None:
    with pytest.raises(DataError) as refused:
        scored("recall", [0, 2], [0, 2])
    assert "--pos-label 2" in refused.value.hint


def test_rows_of_one_query_must_weigh_the_same() -> None:
    state: State = registry.SCORES["ndcg"].function(
        np.array([1.0, 0.0]), np.array([0.5, 0.25]), np.array([1.0, 2.0]), ("q", "q")
    )
    with pytest.raises(DataError):
        state.result()


def test_correlations_of_a_constant_are_not_defined() -> None:
    for name in ("pearson", "spearman", "kendall"):
        for true, pred in (([1, 1, 1], [0.1, 0.2, 0.3]), ([0.1, 0.2, 0.3], [1, 1, 1])):
            assert math.isnan(scored(name, true, pred, np.array([0.1, 0.3, 0.7])))
