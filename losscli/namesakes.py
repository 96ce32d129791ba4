"""Second names that a framework itself has for one metric, and parameters that stand in a metric's name."""

from __future__ import annotations

from collections.abc import Mapping

KERAS2 = """binary_crossentropy binary_focal_crossentropy categorical_crossentropy categorical_focal_crossentropy hinge
    kl_divergence log_cosh mean_absolute_error mean_absolute_percentage_error mean_squared_error
    mean_squared_logarithmic_error poisson sparse_categorical_crossentropy squared_hinge"""
KERAS = f"{KERAS2} categorical_hinge huber"
"""The functions that stand in Keras' ``metrics``, too: the very same ones as in its ``losses``."""
SHORT = {
    "kl_divergence": "kld KLD kullback_leibler_divergence",
    "log_cosh": "logcosh",
    "mean_absolute_error": "mae MAE",
    "mean_absolute_percentage_error": "mape MAPE",
    "mean_squared_error": "mse MSE",
    "mean_squared_logarithmic_error": "msle MSLE",
}
"""A function of Keras 2 -> what else it is called there."""
METRICS = {
    "BinaryAccuracy": "binary_accuracy",
    "CategoricalAccuracy": "categorical_accuracy",
    "SparseCategoricalAccuracy": "sparse_categorical_accuracy",
    "TopKCategoricalAccuracy": "top_k_categorical_accuracy",
    "SparseTopKCategoricalAccuracy": "sparse_top_k_categorical_accuracy",
}
"""A metric of Keras -> the function that it takes the mean of."""
LIGHTGBM = {
    "l1": "mean_absolute_error mae regression_l1",
    "l2": "mean_squared_error mse regression_l2 regression",
    "rmse": "root_mean_squared_error l2_root",
    "mape": "mean_absolute_percentage_error",
    "ndcg": "lambdarank rank_xendcg xendcg xe_ndcg xe_ndcg_mart xendcg_mart",
    "map": "mean_average_precision",
    "binary_logloss": "binary",
    "multi_logloss": "multiclass softmax multiclassova multiclass_ova ova ovr",
    "cross_entropy": "xentropy",
    "cross_entropy_lambda": "xentlambda",
    "kullback_leibler": "kldiv",
}
"""A metric of LightGBM -> its aliases."""
IN_THE_NAME = {
    "xgboost.error": "threshold",
    "xgboost.map": "k",
    "xgboost.map-": "k",
    "xgboost.ndcg": "k",
    "xgboost.ndcg-": "k",
    "xgboost.tweedie-nloglik": "tweedie_variance_power",
    "lightgbm.map": "eval_at",
    "lightgbm.ndcg": "eval_at",
}
"""A metric after which a number follows with an ``@`` -> the parameter that it is; a minus stands behind the number."""


def _names(module: str, table: Mapping[str, str], first: str = "") -> dict[str, str]:
    """Return the other names in a module -> the name in the same module, or in that where it was first."""
    return {
        f"{module}.{other}": f"{first or module}.{name}" for name, others in table.items() for other in others.split()
    }


SAME: dict[str, str] = {
    **_names("lightgbm", LIGHTGBM),
    **_names("keras.metrics", METRICS),
    **_names("keras.metrics", {name: name for name in KERAS.split()}, "keras.losses"),
    **_names("tf.keras.losses", SHORT),
    **_names("tf.keras.metrics", METRICS),
    **_names("tf.keras.metrics", SHORT, "tf.keras.losses"),
    **_names("tf.keras.metrics", {name: name for name in KERAS2.split()}, "tf.keras.losses"),
}
"""A framework's other name of a metric -> the one that is declared."""


def first_name(path: str) -> tuple[str, str]:
    """Return the name under which a framework's metric is declared, and the parameter that stands in its name.

    >>> first_name("lightgbm.l2_root"), first_name("xgboost.ndcg@10"), first_name("xgboost.ndcg@10-")
    (('lightgbm.rmse', ''), ('xgboost.ndcg', 'k=10'), ('xgboost.ndcg-', 'k=10'))
    """
    name, at, value = path.partition("@")
    name, number = SAME.get(name, name), value.removesuffix("-")
    metric = name + value[len(number) :]
    if at and metric in IN_THE_NAME:
        return metric, f"{IN_THE_NAME[metric]}={number}"
    return f"{name}{at}{value}", ""
