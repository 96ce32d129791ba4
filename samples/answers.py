"""What losscli should say of the sample files, computed by scikit-learn, or in plain numpy where it has no such loss.

Nothing here is losscli's: the keys are command lines, the values come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from sklearn import metrics

Array = np.ndarray
Arrays = Mapping[str, Array]
Answers = dict[str, float]

DELTA = 50
THRESHOLD = 0.5
GAMMA, ALPHA = 2, 0.25
WEIGHT_OF_MALIGNANT = 3


def answers(files: Mapping[str, Arrays]) -> Answers:
    """Return the value that each command should print with ``-f value``."""
    ridge = files["diabetes_ridge.csv"]
    unordered = "samples/diabetes_unordered.csv --truth samples/diabetes_truth.csv --id id"
    found = (
        _regression("samples/diabetes_ridge.csv", ridge["y_true"], ridge["y_pred"])
        | _regression("samples/diabetes_forest.csv", *_pair(files["diabetes_forest.csv"]))
        | {f"mse {unordered}": metrics.mean_squared_error(*_pair(ridge))}
        | _reductions("samples/diabetes_ridge.csv", (ridge["y_pred"] - ridge["y_true"]) ** 2)
        | _cancer(files["cancer.csv"])
        | _cancer_labels(files["cancer_labels.csv"])
        | _classes("samples/digits.csv", files["digits.csv"])
        | _classes("samples/wine.csv --pred 'prob_*'", files["wine.csv"])
        | _tables(files["table.csv"], [name for name in files if name.startswith("table.")])
    )
    return {command: float(value) for command, value in found.items()}


def answers_by_group(files: Mapping[str, Arrays]) -> dict[str, Answers]:
    """Return for each command with ``--by`` the value of each group."""
    ridge, curve = files["diabetes_ridge.csv"], files["curve.csv"]
    return {
        "mse samples/diabetes_ridge.csv --by group": _by("group", metrics.mean_squared_error, ridge),
        "mae samples/diabetes_ridge.csv --by group": _by("group", metrics.mean_absolute_error, ridge),
        "mse samples/curve.csv --by epoch": _by("epoch", metrics.mean_squared_error, curve),
        "rmse samples/curve.csv --by epoch": _by("epoch", metrics.root_mean_squared_error, curve),
    }


def _pair(columns: Arrays) -> tuple[Array, Array]:
    return columns["y_true"], columns["y_pred"]


def _regression(file: str, y_true: Array, y_pred: Array) -> Answers:
    size = np.abs(y_pred - y_true)
    return {
        f"mse {file}": metrics.mean_squared_error(y_true, y_pred),
        f"rmse {file}": metrics.root_mean_squared_error(y_true, y_pred),
        f"mae {file}": metrics.mean_absolute_error(y_true, y_pred),
        f"msle {file}": metrics.mean_squared_log_error(y_true, y_pred),
        f"mape {file} --like sklearn": metrics.mean_absolute_percentage_error(y_true, y_pred),
        f"pinball {file} --q 0.9": metrics.mean_pinball_loss(y_true, y_pred, alpha=0.9),
        f"eval {file} -l pinball:q=0.1": metrics.mean_pinball_loss(y_true, y_pred, alpha=0.1),
        f"huber {file} --delta {DELTA}": np.mean(np.where(size <= DELTA, size**2 / 2, DELTA * (size - DELTA / 2))),
        f"log-cosh {file}": np.mean(np.logaddexp(size, -size) - np.log(2)),
    }


def _reductions(file: str, squared: Array) -> Answers:
    return {
        f"mse {file} --reduction sum": squared.sum(),
        f"mse {file} --reduction max": squared.max(),
        f"mse {file} --reduction std": squared.std(),
        f"mse {file} --reduction median": np.median(squared),
    }


def _cancer(columns: Arrays) -> Answers:
    y_true, prob, logit = columns["y_true"], columns["prob"], columns["logit"]
    log_loss = metrics.log_loss(y_true, prob)
    right = np.where(y_true == 1, prob, 1 - prob)
    balance = np.where(y_true == 1, ALPHA, 1 - ALPHA)
    focal = balance * (1 - right) ** GAMMA * -np.log(right)
    return {
        "bce samples/cancer.csv --pred prob": log_loss,
        "bce samples/cancer.csv --pred logit --from-logits": log_loss,
        "bce samples/cancer.csv --pred prob --like sklearn": log_loss,
        "sklearn.metrics.log_loss samples/cancer.csv --pred prob": log_loss,
        "brier samples/cancer.csv --pred prob": metrics.brier_score_loss(y_true, prob),
        "zero-one samples/cancer.csv --pred prob": metrics.zero_one_loss(y_true, prob > THRESHOLD),
        "hinge samples/cancer.csv --pred logit": metrics.hinge_loss(y_true, logit),
        f"eval samples/cancer.csv --pred prob -l focal:gamma={GAMMA},alpha={ALPHA}": np.mean(focal),
    }


def _cancer_labels(columns: Arrays) -> Answers:
    label, prob = columns["label"], columns["prob_malignant"]
    roles = "samples/cancer_labels.csv --true label --pred prob_malignant"
    weight = np.where(label == "malignant", WEIGHT_OF_MALIGNANT, 1)
    return {
        f"bce {roles}": metrics.log_loss(label, prob),
        f"bce {roles} --class-weight benign=1,malignant={WEIGHT_OF_MALIGNANT}": metrics.log_loss(
            label, prob, sample_weight=weight
        ),
        f"brier {roles}": metrics.brier_score_loss(label, prob, pos_label="malignant"),
    }


def _classes(file: str, columns: Arrays) -> Answers:
    prob = np.column_stack([values for name, values in columns.items() if name.startswith("prob_")])
    right = prob[np.arange(len(prob)), np.unique(columns["label"], return_inverse=True)[1]]
    return {
        f"ce {file}": metrics.log_loss(columns["label"], prob),
        f"ce {file} --reduction max": -np.log(right.min()),
    }


def _tables(columns: Arrays, names: list[str]) -> Answers:
    plain = metrics.mean_squared_error(*_pair(columns))
    weighted = metrics.mean_squared_error(*_pair(columns), sample_weight=columns["weight"])
    return {f"mse samples/{name}": plain for name in names} | {
        f"mse samples/{name} --weight weight": weighted for name in names
    }


def _by(key: str, metric: Callable[[Array, Array], float], columns: Arrays) -> Answers:
    y_true, y_pred = _pair(columns)
    groups = {str(name): columns[key] == name for name in np.unique(columns[key])}
    return {name: float(metric(y_true[rows], y_pred[rows])) for name, rows in groups.items()}
