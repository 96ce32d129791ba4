"""Section 1 of the contract: what a loss may be called, and how it is written with its parameters."""

from __future__ import annotations

from math import exp, log
from pathlib import Path

import pytest
from console import losscli, refused

INLINE = ("--true", "1,2,3", "--pred", "2,2,3", "-f", "value")
PROBABILITIES = ("--true", "1,0,1", "--pred", ".9,.2,.6")
CLASSES = ("--true", "0,1,0", "--pred", ".7,.3;.2,.8;.6,.4")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse", 1 / 3),
        ("mean_squared_error", 1 / 3),
        ("MeanSquaredError", 1 / 3),
        ("l2", 1 / 3),
        ("torch.nn.MSELoss", 1 / 3),
        ("torch.nn.functional.l1_loss", 1 / 3),
        ("keras.losses.Huber", 1 / 6),
    ],
)
def test_a_loss_is_found_by_each_of_its_names(name: str, expected: float, tmp_path: Path) -> None:
    assert losscli(name, *INLINE, cwd=tmp_path).value == expected


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("hubr", "'huber'"), ("mea", "'mae'"), ("evl", "'eval'"), ("keras.losses.Hubr", "'keras.losses.")],
)
def test_an_unknown_name_is_a_usage_error_that_says_which_was_meant(name: str, suggestion: str, tmp_path: Path) -> None:
    refused(losscli(name, *INLINE, cwd=tmp_path), 2, f"{name!r}", "did you mean", suggestion)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["huber", "--delta", "-1", *INLINE], ["delta", "> 0", "-1"]),
        (["huber", "--delta", "nan", *INLINE], ["delta", "nan"]),
        (["huber", "--gamma", "1", *INLINE], ["--gamma"]),
        (["mse", "--like", "nope", *INLINE], ["nope", "keras", "torch"]),
        (["pinball", "--like", "torch", *INLINE], ["torch", "sklearn"]),
        (["mse", "--reduction", "meen", *INLINE], ["meen", "mean"]),
        (["mse", "--missing", "skip", *INLINE], ["skip", "drop"]),
        (["mse", "--true", "1,2", "--pred", "1,2", "-f", "xml"], ["xml", "json"]),
        (["eval", *INLINE], ["--loss"]),
        (["eval", "-l", "huber:delta=1,delta=2", *INLINE], ["delta", "twice"]),
        (["eval", "-l", "huber:width=2", *INLINE], ["width", "delta"]),
        (["eval", "-l", "huber:delta", *INLINE], ["delta"]),
        (["eval", "-l", "torch.nn.SmoothL1Loss:delta=2", *INLINE], ["delta", "beta"]),
        (["eval", "-l", "keras.losses.Huber:axis=1", *INLINE], ["axis=1 is not taken", "a sample per row", "-1"]),
        (["eval", "-l", "sklearn.metrics.log_loss:labels=a/b", *INLINE], ["labels", "--classes"]),
        (["show", "hubr"], ["hubr", "huber"]),
        (["mse", "--true", "1,2"], ["--pred"]),
    ],
)
def test_a_wrong_parameter_or_option_is_a_usage_error(arguments: list[str], words: list[str], tmp_path: Path) -> None:
    refused(losscli(*arguments, cwd=tmp_path), 2, *words)


@pytest.mark.parametrize(
    ("specs", "data"),
    [
        (
            ["huber", "huber:delta=2.5", "pinball:q=0.9", "torch.nn.SmoothL1Loss:beta=0.5", "keras.losses.Huber"],
            ("--true", "1,2,3", "--pred", "2,2,5"),
        ),
        (
            ["bce", "bce:label_smoothing=0.1", "focal:gamma=2,alpha=0.25", "keras.losses.BinaryCrossentropy", "brier"],
            PROBABILITIES,
        ),
        (
            ["bce:from_logits", "keras.losses.BinaryCrossentropy:from_logits", "weighted-bce:pos_weight=3", "hinge"],
            PROBABILITIES,
        ),
        (
            ["ce", "ce:class_weight=1/3", "torch.nn.CrossEntropyLoss:weight=1/3,label_smoothing=0.1", "sparse-ce"],
            CLASSES,
        ),
    ],
    ids=["regression", "probabilities", "logits", "classes"],
)
def test_the_printed_form_of_a_loss_is_a_form_that_is_accepted_and_means_the_same(
    specs: list[str], data: tuple[str, ...], tmp_path: Path
) -> None:
    asked = [word for spec in specs for word in ("-l", spec)]
    first = losscli("eval", *asked, *data, "-f", "json", cwd=tmp_path).document
    assert [result["loss"] for result in first["results"]] == specs
    again = [word for result in first["results"] for word in ("-l", result["loss"])]
    assert losscli("eval", *again, *data, "-f", "json", cwd=tmp_path).document == first


@pytest.mark.parametrize("spec", ["bce:from_logits", "bce:from_logits=true", "bce:from-logits", "BCE:from_logits"])
def test_a_flag_stands_bare_or_with_a_value_in_a_spec(spec: str, tmp_path: Path) -> None:
    done = losscli("eval", "-l", spec, "--true", "1,0", "--pred", "2,-3", "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx((log(1 + exp(-2)) + log(1 + exp(-3))) / 2, rel=1e-15)


def test_a_parameter_with_a_hyphen_is_the_one_with_an_underscore(tmp_path: Path) -> None:
    hyphen = losscli("eval", "-l", "bce:label-smoothing=0.1", *PROBABILITIES, "-f", "value", cwd=tmp_path)
    score = losscli("eval", "-l", "bce:label_smoothing=0.1", *PROBABILITIES, "-f", "value", cwd=tmp_path)
    assert (hyphen.out, hyphen.code) == (score.out, 0)


def test_a_parameter_is_an_option_on_the_loss_s_own_command(tmp_path: Path) -> None:
    option = losscli("focal", "--gamma", "3", *PROBABILITIES, "-f", "json", cwd=tmp_path).document
    assert option["results"][0]["loss"] == "focal:gamma=3"
    spec = losscli("eval", "-l", "focal:gamma=3", *PROBABILITIES, "-f", "json", cwd=tmp_path).document
    assert option == spec


def test_a_framework_path_gives_that_framework_s_meaning_of_mean(tmp_path: Path) -> None:
    data = ("--true", "0,1,0", "--pred", ".7,.3;.2,.8;.6,.4", "-w", "1,2,1", "-f", "json")
    result = losscli("keras.losses.SparseCategoricalCrossentropy", *data, cwd=tmp_path).document["results"][0]
    assert (result["like"], result["reduction"]) == ("keras", "count-mean")


def test_a_framework_s_own_parameter_may_follow_its_path(tmp_path: Path) -> None:
    spec = "sklearn.metrics.log_loss:normalize=false"
    done = losscli("eval", "-l", spec, "--true", "1,0", "--pred", ".5,.5", "-f", "json", cwd=tmp_path)
    result = done.document["results"][0]
    assert (result["loss"], result["reduction"], result["value"]) == (spec, "sum", pytest.approx(2 * log(2)))


def test_log_loss_of_scikit_learn_takes_labels_and_probabilities_of_class_1(tmp_path: Path) -> None:
    done = losscli("sklearn.metrics.log_loss", "--true", "1,0,1", "--pred", ".2,.2,.3", "-f", "value", cwd=tmp_path)
    assert done.value == pytest.approx(-(log(0.2) + log(0.8) + log(0.3)) / 3, rel=1e-14)


@pytest.mark.parametrize(("name", "seen"), [("0,1;1,0", "rows"), ("1,0", "labels"), ("b,a", "labels")])
def test_ce_says_whether_it_saw_labels_or_rows(name: str, seen: str, tmp_path: Path) -> None:
    done = losscli("ce", "--true", name, "--pred", ".2,.8;.9,.1", cwd=tmp_path)
    assert (done.code, seen in done.err) == (0, True)


def test_losscli_alone_prints_help(tmp_path: Path) -> None:
    done = losscli(cwd=tmp_path)
    assert (done.code, done.out.splitlines()[0]) == (0, "Usage: losscli [OPTIONS] COMMAND [ARGS]...")
