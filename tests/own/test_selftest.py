"""``losscli selftest``: each law is kept by a good loss, and each is broken by one that the law must find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from console import losscli, refused, write

from losscli import domains
from losscli.domain import Domain
from losscli.selftest import Finding, selftest
from losscli.selftest.laws import LAWS
from losscli.selftest.samples import ROWS, draw
from losscli.spec import bind

HEAD = """
from math import log
from typing import Annotated
import numpy as np
from losscli.domains import CLASS, CLASS_PROBABILITIES, NONNEGATIVE, PROBABILITY, REAL, TARGET
from losscli.registry import Param, loss, score

"""


def findings(folder: Path, body: str, spec: str = "f") -> dict[str, Finding]:
    """Put to the test what a function of this body is."""
    source = body if "def " in body else f"def f(y_true, y_pred):\n    {body}\n"
    (folder / "own.py").write_text(HEAD + source, encoding="utf-8")
    return {one.law: one for one in selftest(bind(f"{folder}/own.py:{spec}"))}


def failed(found: dict[str, Finding]) -> set[str]:
    return {law for law, one in found.items() if one.verdict == "fail"}


@pytest.mark.parametrize(
    "body",
    [
        '"""Symmetric, and zero at equality."""\n    return (y_pred - y_true) ** 2',
        "return np.maximum(y_pred - y_true, 0)",
        "return np.exp2(-np.abs(y_pred))",
        '"""Infinite where the prediction is 0."""\n    return np.where(y_pred == 0, np.inf, np.abs(y_true))',
        "return np.abs(y_true - y_pred).max(axis=1)",
        "return np.linalg.norm(y_true - y_pred, axis=-1) if y_true.ndim > 1 else np.abs(y_true - y_pred)",
    ],
)
def test_a_good_loss_keeps_every_law(body: str, tmp_path: Path) -> None:
    assert failed(findings(tmp_path, body)) == set()


@pytest.mark.parametrize(
    ("body", "laws", "words"),
    [
        ("return (y_pred - y_true).astype('f4')", {"one float64 per sample"}, "float32"),
        ("return (y_pred - y_true).mean()", {"one float64 per sample"}, "shape ()"),
        ("return y_pred[:, None] - y_true", {"one float64 per sample"}, "shape (60, 60)"),
        ("return None", {"one float64 per sample"}, "shape ()"),
        ("return np.array([log(one) for one in y_true])", {"one float64 per sample"}, "ValueError: math domain error"),
        ("y_pred -= y_true\n    return y_pred", {"pure"}, "changes y_pred"),
        ("y_true[0] = 0\n    return y_pred + 0", {"pure"}, "changes y_true"),
        ("return np.square(y_true - y_pred) - np.mean(y_true)", {"row-local"}, "alone"),
        ("return np.cumsum(np.abs(y_true - y_pred))", {"row-local", "any number of rows"}, "alone"),
        ("return np.abs(y_true - y_pred) / len(y_true)", {"row-local", "any number of rows"}, "alone"),
        ("return y_true - y_pred[::-1]", {"row-local"}, "alone"),
        ("return np.abs(y_true) + (len(y_true) > 99)", {"any number of rows"}, "among 1200"),
        ("return np.log(np.cosh(y_pred - y_true))", {"finite"}, "the loss is inf"),
        ("return np.log(y_pred)", {"finite"}, "the loss is"),
        ('"""Infinite, it says."""\n    return np.sqrt(y_pred)', {"finite"}, "the loss is nan"),
        ('"""It is zero at equality."""\n    return np.abs(y_pred - y_true) + 1e-7', {"zero at equality"}, "1e-07"),
        ('"""Symmetric."""\n    return np.maximum(y_pred - y_true, 0)', {"symmetric"}, "swapped"),
    ],
)
def test_a_loss_that_breaks_a_law_is_found_and_the_row_is_shown(
    body: str, laws: set[str], words: str, tmp_path: Path
) -> None:
    found = findings(tmp_path, body)
    assert failed(found) == laws
    assert words in found[min(laws, key=[*LAWS].index)].fact


def test_a_loss_that_draws_by_lot_is_not_pure(tmp_path: Path) -> None:
    assert "pure" in failed(findings(tmp_path, "return np.random.random(len(y_true))"))


def test_every_law_has_a_loss_that_breaks_it() -> None:
    (parametrized,) = [
        one.args[1]
        for one in test_a_loss_that_breaks_a_law_is_found_and_the_row_is_shown.pytestmark  # type: ignore[attr-defined]  # pytest's
        if one.name == "parametrize"
    ]
    assert set[str]().union(*(laws for _, laws, _ in parametrized)) == set(LAWS)


def test_a_counterexample_shows_itself(tmp_path: Path) -> None:
    found = findings(tmp_path, "return np.log(np.cosh(y_pred - y_true))")["finite"]
    with np.errstate(over="ignore"):
        assert np.isinf(np.log(np.cosh(np.subtract(found.y_pred, found.y_true))))  # type: ignore[call-overload]  # a float
    beside = findings(tmp_path, "return y_true - np.mean(y_true)")["row-local"]
    assert beside.y_true is not None
    assert "beside y_true" in beside.fact


def test_what_is_not_claimed_cannot_fail(tmp_path: Path) -> None:
    found = findings(tmp_path, '"""Not symmetric, but asymmetric."""\n    return np.maximum(y_pred - y_true, 0) + 1')
    assert failed(found) == set()
    assert [found[law].verdict for law in ("zero at equality", "symmetric")] == ["not claimed"] * 2
    assert "1.0" in found["zero at equality"].fact


def test_after_a_loss_that_gives_nothing_no_other_law_is_tried(tmp_path: Path) -> None:
    found = findings(tmp_path, "return 1 / 0")
    assert [one.verdict for one in found.values()] == ["fail", *["not tried"] * (len(LAWS) - 1)]


DECLARED = """
@loss(true=CLASS, pred=CLASS_PROBABILITIES)
def f(y_true, y_pred, *, k: Annotated[float, Param("k", gt=0)] = 1.0):
    assert ((y_pred >= 0) & (y_pred <= 1)).all()
    assert np.allclose(y_pred.sum(axis=1), 1)
    if k == 3: return y_true[:1]
    return k * (1 - y_pred[np.arange(len(y_true)), y_true.astype(int)])

@loss(true=NONNEGATIVE, pred=NONNEGATIVE, symmetric=True)
def lopsided(y_true, y_pred):
    return np.sqrt(y_true) - np.sqrt(y_pred)

@score(true=REAL, pred=REAL)
def total(y_true, y_pred, weight):
    return y_true
"""


def test_the_data_comes_from_the_declared_domain(tmp_path: Path) -> None:
    found = findings(tmp_path, DECLARED)
    assert failed(found) == set()
    assert found["symmetric"].verdict == "not tried"


def test_a_declared_symmetry_is_a_claim(tmp_path: Path) -> None:
    assert failed(findings(tmp_path, DECLARED, "lopsided")) == {"symmetric"}


def test_the_parameters_of_the_spec_are_those_that_are_tried(tmp_path: Path) -> None:
    assert failed(findings(tmp_path, DECLARED, "f:k=2")) == set()
    assert failed(findings(tmp_path, DECLARED, "f:k=3")) == {"one float64 per sample"}


@pytest.mark.parametrize("name", ["mse", "huber:delta=0.1", "ce", "bce:from_logits", "kld", "hinge", "poisson", "mape"])
def test_the_losses_of_losscli_keep_the_laws(name: str) -> None:
    assert [one for one in selftest(bind(name)) if one.verdict == "fail"] == []


@pytest.mark.parametrize(
    "domain", [one for one in vars(domains).values() if isinstance(one, Domain)], ids=lambda domain: domain.name
)
def test_data_can_be_drawn_from_every_domain(domain: Domain) -> None:
    widths = [*([None] if not domain.rows else []), *([len(domain.columns) or 4] if domain.rows is not False else [])]
    for width in widths:
        values = draw(domain, width, 3, np.random.default_rng(1))
        good = ~domain.outside(values)
        rows = good if good.ndim == 1 else good.all(axis=1)
        assert (len(values), str(values.dtype)) == (ROWS, "float64")
        assert rows.mean() > 0.5
        assert len(np.unique(values[rows], axis=0)) > 1


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────

GOOD = "def f(y_true, y_pred):\n    return abs(y_true - y_pred)\n"
BAD = "def f(y_true, y_pred):\n    print('noise')\n    return y_true - y_true.mean()\n"


@pytest.mark.parametrize(("source", "code", "verdict"), [(GOOD, 0, "pass"), (BAD, 1, "fail")])
def test_the_exit_code_is_the_verdict(source: str, code: int, verdict: str, tmp_path: Path) -> None:
    write(tmp_path, own_py=source)
    done = losscli("selftest", "./own.py:f", cwd=tmp_path)
    assert (done.code, done.out.splitlines()[0]) == (code, f"./own.py:f: {verdict}")
    assert all(law in done.out for law in LAWS)


def test_the_document_is_strict_json_with_every_law(tmp_path: Path) -> None:
    write(tmp_path, own_py=BAD)
    done = losscli("selftest", "./own.py:f", "-f", "json", cwd=tmp_path)
    document: dict[str, Any] = done.document
    assert (done.code, document["schema"], document["loss"], document["verdict"]) == (1, 1, "./own.py:f", "fail")
    assert [one["law"] for one in document["laws"]] == [*LAWS]
    (law,) = [one for one in document["laws"] if one["verdict"] == "fail"]
    assert (law["law"], isinstance(law["y_true"], float)) == ("row-local", True)


def test_the_same_trial_gives_the_same_report(tmp_path: Path) -> None:
    write(tmp_path, own_py=BAD)
    assert losscli("selftest", "./own.py:f", cwd=tmp_path) == losscli("selftest", "./own.py:f", cwd=tmp_path)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("./own.py:g", ["'g'"]),
        ("./no.py:f", ["./no.py"]),
        ("hubr", ["did you mean"]),
        ("./own.py:total", ["score"]),
        ("ctc", ["rows"]),
    ],
)
def test_what_cannot_be_tried_is_a_usage_error(spec: str, words: list[str], tmp_path: Path) -> None:
    write(tmp_path, own_py=HEAD + DECLARED)
    refused(losscli("selftest", spec, cwd=tmp_path), 2, *words)
