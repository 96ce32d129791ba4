"""Scores on the command line: beside losses, by group, of queries; refused with a reason."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest
from score_cases import scored
from sklearn import metrics

SCRIPT = Path(sysconfig.get_path("scripts"), "losscli")
SAMPLES = Path(__file__).parents[2] / "samples"


def losscli(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPT, *arguments], cwd=SAMPLES, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def cancer() -> tuple[list[float], list[float]]:
    lines = [line.split(",") for line in (SAMPLES / "cancer.csv").read_text(encoding="utf-8").splitlines()[1:]]
    return [float(line[1]) for line in lines], [float(line[2]) for line in lines]


def test_scores_and_losses_come_from_one_pass() -> None:
    done = losscli(
        "eval", "-l", "accuracy", "-l", "roc-auc", "-l", "mse", "cancer.csv", "-p", "prob", "-f", "json", "--summary"
    )
    assert done.returncode == 0, done.stderr
    found = {one["loss"]: one["value"] for one in json.loads(done.stdout)["results"]}
    true, prob = cancer()
    assert found["roc-auc"] == pytest.approx(metrics.roc_auc_score(true, prob), rel=1e-12)
    assert found["accuracy"] == metrics.accuracy_score(true, [p > 0.5 for p in prob])
    assert found["mse"] == pytest.approx(metrics.mean_squared_error(true, prob), rel=1e-12)


def test_a_score_has_a_command_of_its_own_with_its_parameters() -> None:
    done = losscli("fbeta", "--beta", "2", "cancer.csv", "-p", "prob", "-f", "value")
    true, prob = cancer()
    assert float(done.stdout) == pytest.approx(metrics.fbeta_score(true, [p > 0.5 for p in prob], beta=2), rel=1e-12)


def test_a_score_by_group_is_that_of_its_rows() -> None:
    done = losscli("r2", "diabetes_ridge.csv", "--by", "group", "-f", "json", "--summary")
    assert done.returncode == 0, done.stderr
    lines = [line.split(",") for line in (SAMPLES / "diabetes_ridge.csv").read_text(encoding="utf-8").splitlines()[1:]]
    for one in json.loads(done.stdout)["results"]:
        group = (one["by"] or {}).get("group")
        rows = [(float(y), float(p)) for _, name, y, p in lines if group in (None, name)]
        assert one["value"] == scored("r2", [y for y, _ in rows], [p for _, p in rows])


QUERIES = "q,label,score\na,3,0.1\nb,0,0.5\na,2,0.9\nb,1,0.25\na,0,0.4\n"


def test_queries_are_told_apart_by_their_column() -> None:
    done = losscli("ndcg", "-", "--group", "q", "-t", "label", "-p", "score", "-f", "value", stdin=QUERIES)
    expected = (metrics.ndcg_score([[3, 2, 0]], [[0.1, 0.9, 0.4]]) + metrics.ndcg_score([[0, 1]], [[0.5, 0.25]])) / 2
    assert float(done.stdout) == pytest.approx(expected, rel=1e-12), done.stderr


def test_labels_that_are_words_are_classes() -> None:
    words = losscli("kappa", "cancer_labels.csv", "-t", "label", "-p", "prob_malignant", "-f", "value")
    numbers = losscli("kappa", "cancer.csv", "-p", "prob", "-f", "value")
    assert float(words.stdout) == float(numbers.stdout), words.stderr


def test_rows_of_probabilities_are_decided_by_the_largest() -> None:
    done = losscli("f1", "wine.csv", "-p", "prob_*", "--average", "macro", "-f", "value")
    assert 0.5 < float(done.stdout) <= 1, done.stderr


def test_several_classes_are_refused_with_the_way_out() -> None:
    done = losscli("f1", "wine.csv", "-p", "prob_*", "-f", "value")
    assert done.returncode == 3
    assert "average=macro" in done.stderr


def test_a_score_that_is_not_defined_leaves_with_code_3() -> None:
    done = losscli("roc-auc", "--true", "1,1", "--pred", "0.5,0.25", "-f", "value")
    assert (done.returncode, done.stdout) == (3, "nan\n")


@pytest.mark.parametrize(("pred", "way_out"), [("-1,1", "--classes"), ("-1.5,1", "--from-logits")])
def test_a_number_that_is_no_class_is_a_label_if_it_is_whole_and_else_a_logit(pred: str, way_out: str) -> None:
    done = losscli("accuracy", "--true", "0,1", f"--pred={pred}")
    assert (done.returncode, way_out in done.stderr) == (3, True)


@pytest.mark.parametrize(("score", "value"), [("Accuracy", 0.6), ("F1", 2 / 3), ("BalancedAccuracy", 7 / 12)])
def test_catboosts_raw_scores_decide_by_their_sign_even_if_they_are_whole(score: str, value: float) -> None:
    done = losscli(f"catboost.{score}", "--true", "0,1,1,0,1", "--pred=0.5,-1,2,-20,3", "-f", "value")
    assert float(done.stdout) == pytest.approx(value, rel=1e-12)
