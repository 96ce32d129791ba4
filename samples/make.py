"""Make the sample files: held-out predictions of real models, on data sets that scikit-learn carries with it.

``python samples/make.py [DIRECTORY]`` writes them into DIRECTORY, or beside itself. Nothing is downloaded and every
seed is fixed: the same library versions give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from answers import answers, answers_by_group
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge, SGDRegressor
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.utils.class_weight import compute_sample_weight
from writers import Columns, write, write_json

AGE_GROUPS = ("under-40", "40-59", "60-plus")
CULTIVARS = np.array(["barolo", "grignolino", "barbera"])  # as the data set's authors name its classes 0, 1, 2
EPOCHS = 10


def diabetes() -> dict[str, Columns]:
    """Two regressions of disease progression; the same truth and predictions also apart, in unlike orders."""
    data = load_diabetes(scaled=False)
    known, held_out = train_test_split(np.arange(len(data.target)), test_size=0.5, random_state=0)
    truth = {
        "id": held_out.tolist(),
        "group": [AGE_GROUPS[band] for band in np.digitize(data.data[held_out, 0], (40, 60))],
        "y_true": data.target[held_out].tolist(),
    }
    models = {
        "ridge": make_pipeline(StandardScaler(), Ridge(alpha=1.0)),
        "forest": RandomForestRegressor(n_estimators=50, min_samples_leaf=5, random_state=0),
    }
    files: dict[str, Columns] = {}
    for name, model in models.items():
        model.fit(data.data[known], data.target[known])
        files[f"diabetes_{name}.csv"] = truth | {"y_pred": model.predict(data.data[held_out]).tolist()}
    files["diabetes_truth.csv"] = _pick(truth, ("id", "y_true"))
    ridge = _pick(files["diabetes_ridge.csv"], ("id", "y_pred"))
    files["diabetes_unordered.csv"] = _rows(ridge, np.random.RandomState(0).permutation(len(held_out)))
    return files


def cancer() -> dict[str, Columns]:
    """Logistic regression for malignant against benign tumours, as numbers and as text labels."""
    data = load_breast_cancer()
    malignant = 1 - data.target
    known, held_out = train_test_split(np.arange(len(malignant)), test_size=0.5, random_state=0, stratify=malignant)
    model = make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cholesky", tol=1e-12))
    model.fit(data.data[known], malignant[known])
    prob = model.predict_proba(data.data[held_out])[:, 1].tolist()
    return {
        "cancer.csv": {
            "id": held_out.tolist(),
            "y_true": malignant[held_out].tolist(),
            "prob": prob,
            "logit": model.decision_function(data.data[held_out]).tolist(),
        },
        "cancer_labels.csv": {
            "id": held_out.tolist(),
            "label": np.array(["benign", "malignant"])[malignant[held_out]].tolist(),
            "prob_malignant": prob,
        },
    }


def digits() -> dict[str, Columns]:
    """Ten classes that are numbers."""
    pixels, label = load_digits(return_X_y=True)
    return {"digits.csv": _classes(pixels, label, test_size=100, strength=0.01)}


def wine() -> dict[str, Columns]:
    """Three classes that are words; the probabilities stand in the sorted order of the words."""
    contents, cultivar = load_wine(return_X_y=True)
    return {"wine.csv": _classes(contents, CULTIVARS[cultivar], test_size=0.5, strength=1.0)}


def curve() -> dict[str, Columns]:
    """Every epoch's predictions of a regression that learns its few examples by heart: the error falls, then rises."""
    data = load_diabetes(scaled=False)
    known_x, x, known_y, y = train_test_split(data.data, data.target, train_size=80, test_size=40, random_state=0)
    features = make_pipeline(StandardScaler(), PolynomialFeatures(2, include_bias=False), StandardScaler())
    known_x = features.fit_transform(known_x)
    model = SGDRegressor(alpha=0, learning_rate="constant", eta0=0.006, random_state=0)
    columns: Columns = {"epoch": [], "y_true": [], "y_pred": []}
    for epoch in range(1, EPOCHS + 1):
        predicted = model.partial_fit(known_x, known_y).predict(features.transform(x))
        columns["epoch"] += [epoch] * len(y)
        columns["y_true"] += y.tolist()
        columns["y_pred"] += predicted.tolist()
    return {"curve.csv": columns}


def table(ridge: Columns) -> dict[str, Columns]:
    """Return the first rows of the ridge's predictions, in every file format, each age group weighing the same."""
    head = _rows(ridge, np.arange(12))
    weight = compute_sample_weight("balanced", head["group"]).tolist()
    columns = _pick(head, ("y_true", "y_pred")) | {"weight": weight}
    return {f"table.{suffix}": columns for suffix in ("csv", "tsv", "json", "jsonl", "npz", "csv.gz")}


def _classes(x: np.ndarray, label: np.ndarray, *, test_size: float, strength: float) -> Columns:
    known_x, x, known, label = train_test_split(x, label, test_size=test_size, random_state=0, stratify=label)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, tol=1e-12, max_iter=10_000))
    prob = model.fit(known_x, known).predict_proba(x)
    named = {f"prob_{name}": column.tolist() for name, column in zip(model.classes_, prob.T, strict=True)}
    return {"label": label.tolist(), **named}


def _pick(columns: Columns, names: Sequence[str]) -> Columns:
    return {name: columns[name] for name in names}


def _rows(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: [values[row] for row in rows] for name, values in columns.items()}


def main(directory: Path) -> None:
    """Write every sample file, and what losscli should say of them."""
    (directory / "expected").mkdir(parents=True, exist_ok=True)
    files = diabetes() | cancer() | digits() | wine() | curve()
    files |= table(files["diabetes_ridge.csv"])
    for name, columns in files.items():
        write(directory / name, columns)
    arrays = {name: {key: np.array(values) for key, values in columns.items()} for name, columns in files.items()}
    expected = {"values": answers(arrays), "by": answers_by_group(arrays)}
    write_json(directory / "expected" / "expected.json", expected)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent)
