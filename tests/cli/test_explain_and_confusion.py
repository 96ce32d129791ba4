"""`explain` sets every framework's number beside the textbook's; `confusion` counts which class was taken for which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from console import losscli

from losscli import evaluate
from losscli.registry import LOSSES, load_all


def test_every_framework_s_number_stands_beside_the_textbook_s(tmp_path: Path) -> None:
    done = losscli("explain", "bce", "--true", "1,0", "--pred", "0,.5", "-f", "json", cwd=tmp_path)
    found = {one["name"]: one for one in json.loads(done.out)["explanations"]}
    assert found["bce"]["value"] is None
    assert found["bce"]["status"] == "inf"
    for name, like in (
        ("keras.losses.BinaryCrossentropy", "keras"),
        ("torch.nn.BCELoss", "torch"),
        ("sklearn.metrics.log_loss", "sklearn"),
    ):
        assert found[name]["value"] == evaluate("bce", [1, 0], [0, 0.5], like=like).value
    assert "eps=1e-07: Clip probabilities" in found["keras.losses.BinaryCrossentropy"]["why"]
    assert found["optax.losses.sigmoid_binary_cross_entropy"]["value"] is None
    assert found["optax.losses.sigmoid_binary_cross_entropy"]["why"] == "takes a logit: any number"


def test_weights_show_what_each_framework_means_by_a_mean(tmp_path: Path) -> None:
    done = losscli("explain", "mse", "--true", "0,0", "--pred", "1,3", "-w", "1,3", "-f", "json", cwd=tmp_path)
    values = {one["like"]: one["value"] for one in json.loads(done.out)["explanations"]}
    assert (values[None], values["sklearn"], values["keras"], values["tensorflow"]) == (7.0, 7.0, 14.0, 14.0)


def test_only_weights_tell_the_meanings_of_a_mean_apart(tmp_path: Path) -> None:
    def why(loss: str, *options: str) -> str:
        done = losscli("explain", loss, *options, "-f", "json", cwd=tmp_path)
        return " ".join(one["why"] for one in json.loads(done.out)["explanations"])

    numbers, rows = ("--true", "0,0", "--pred", "1,3"), ("--true", "0,1", "--pred", ".5,.5;.2,.8")
    assert "its mean is our" not in why("mse", *numbers)
    assert "its mean is our count-mean" in why("mse", *numbers, "-w", "1,1")
    assert "its mean is our" not in why("ce", *rows)
    assert "its mean is our count-mean" in why("ce:class_weight=1/3", *rows)


def test_a_table_of_explanations_fits_into_80_columns(tmp_path: Path) -> None:
    lines = losscli("explain", "mape", "--true", "0.5,2", "--pred", "1,1", cwd=tmp_path).out.splitlines()
    assert max(map(len, lines)) <= 80
    numbers, reasons = lines[2 : lines.index("")], lines[lines.index("") + 1 :]
    assert reasons[0] == "1: the textbook's definition"
    cited = {line.split()[-1] for line in numbers}
    assert cited == {line.partition(":")[0] for line in reasons if not line.startswith(" ")}
    keras = [line.split()[-1] for line in numbers if "keras" in line]
    assert keras[0] == keras[1] != "1"


def test_markdown_has_the_reasons_in_the_table(tmp_path: Path) -> None:
    done = losscli("explain", "mape", "--true", "0.5,2", "--pred", "1,1", "-f", "markdown", cwd=tmp_path)
    assert "| the textbook's definition" in done.out
    assert "\n1: " not in done.out


def test_a_parameter_holds_for_every_framework(tmp_path: Path) -> None:
    done = losscli("explain", "huber:delta=2", "--true", "0", "--pred", "3", "-f", "json", cwd=tmp_path)
    assert {one["value"] for one in json.loads(done.out)["explanations"]} == {4.0}


def test_show_tells_every_framework_s_number_on_the_example(tmp_path: Path) -> None:
    shown = losscli("show", "mape", cwd=tmp_path).out
    _, _, numbers = shown.partition("the mean of the example, by framework:\n")
    assert "keras.losses.MeanAbsolutePercentageError" in numbers
    assert "sklearn.metrics.mean_absolute_percentage_error" in numbers


@pytest.mark.parametrize("name", ["mse", "ce", "kld", "hinge", "huber"])
def test_explain_names_each_framework_that_has_the_loss(name: str, tmp_path: Path) -> None:
    load_all()
    data = {"ce": ("1", ".2,.8"), "kld": (".4,.6", ".2,.8"), "hinge": ("1", ".5")}.get(name, ("1", "2"))
    done = losscli("explain", name, "--true", data[0], "--pred", data[1], "-q", "-f", "json", cwd=tmp_path)
    likes = [one["like"] for one in json.loads(done.out)["explanations"]]
    assert likes == [None, *LOSSES[name].frameworks()]


def test_explain_tells_the_queries_of_a_ranking_score_apart(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y_true,y_pred,q\n1,0.2,a\n0,0.3,a\n1,0.5,b\n0,0.1,b\n")
    together, apart = (
        losscli("explain", "mrr", "a.csv", *group, "-q", "-f", "json", cwd=tmp_path).document["explanations"]
        for group in ((), ("--group", "q"))
    )
    assert [one["value"] for one in together] == [1.0] * len(together)
    assert [one["value"] for one in apart] == [0.75] * len(apart)


def test_a_confusion_matrix_counts_each_pair_of_classes(tmp_path: Path) -> None:
    options = ("--true", "cat,dog,cat,ant", "--pred", "dog,dog,cat,ant", "-q")
    assert losscli("confusion", *options, "-f", "csv", cwd=tmp_path).out == (
        "true,ant,cat,dog\nant,1.0,0.0,0.0\ncat,0.0,1.0,1.0\ndog,0.0,0.0,1.0\n"
    )
    document = json.loads(losscli("confusion", *options, "-f", "json", cwd=tmp_path).out)
    assert document == {
        "schema": 1,
        "classes": ["ant", "cat", "dog"],
        "matrix": [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]],
    }
    assert "ant" in losscli("confusion", *options, cwd=tmp_path).out
    assert losscli("confusion", *options, "-f", "markdown", cwd=tmp_path).out.startswith("| true")


def test_a_confusion_matrix_weighs_rows_and_takes_a_threshold(tmp_path: Path) -> None:
    options = ("--true", "0,1,1", "--pred", ".2,.4,.9", "-w", "1,2,3", "-q", "-f", "json")
    usual = json.loads(losscli("confusion", *options, cwd=tmp_path).out)["matrix"]
    lower = json.loads(losscli("confusion", *options, "--threshold", ".3", cwd=tmp_path).out)["matrix"]
    assert usual == [[1.0, 0.0], [2.0, 3.0]]
    assert lower == [[1.0, 0.0], [0.0, 5.0]]


def test_a_confusion_matrix_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y_true,y_pred\n")
    done = losscli("confusion", "a.csv", cwd=tmp_path)
    assert done.code == 3
    assert "nothing to count" in done.err
