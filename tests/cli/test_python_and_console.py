"""Section 6 of the contract: Python and the command line are the same engine, to the bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from console import losscli, refused

import losscli as library
from losscli.arrays import Array
from losscli.domain import Domain, resolve
from losscli.spec import bind

DRAW = np.random.default_rng(3)
N, CLASSES = 40, 3


def single() -> list[Array]:
    """Return samples that are one number, the widest domain first."""
    return [DRAW.normal(size=N) * 3, DRAW.uniform(0.1, 5, N), DRAW.uniform(0.01, 0.99, N)]


def rows() -> list[Array]:
    """Return samples that are rows, the widest domain first."""
    shares = DRAW.dirichlet(np.ones(CLASSES), N)
    return [DRAW.normal(size=(N, CLASSES)) * 4, shares, np.log(shares)]


def labels(count: int) -> list[Array]:
    """Return class labels."""
    return [DRAW.integers(0, count, N).astype(float), DRAW.choice([-1.0, 1.0], N)]


def drawn(domain: Domain, *, classes: int) -> Array | None:
    """Return values inside a domain of one number, class or row a sample; None for a domain with a form of its own."""
    if domain.width != "same" or domain.columns or (domain.labels and domain.rows):
        return None
    pool = labels(classes) if domain.labels else single() if domain.rows is False else rows()
    if domain.sums_to_one and not domain.labels:
        pool = [values for values in pool if np.allclose(values.sum(axis=1), 1)]
    return next((values for values in pool if not domain.outside(values).any()), None)


EXTRA = ("bce:from_logits", "ce:from_logits,label_smoothing=0.1", "ce:class_weight=1/2/0.5", "torch.nn.SmoothL1Loss")


def grouped() -> dict[str, tuple[list[str], Array, Array]]:
    """Return the losses that one table serves, with that table, by what its columns hold."""
    groups: dict[str, tuple[list[str], Array, Array]] = {}
    for spec in (*library.LOSSES, *EXTRA):
        bound = bind(spec)
        true, pred = resolve(bound.loss.true, bound.params), resolve(bound.loss.pred, bound.params)
        classes = 2 if pred.rows is False else CLASSES
        y_true, y_pred = drawn(true, classes=classes), drawn(pred, classes=classes)
        if y_true is not None and y_pred is not None:
            groups.setdefault(f"{true.name} and {pred.name}", ([], y_true, y_pred))[0].append(spec)
    return groups


GROUPS = grouped()


def test_the_losses_of_every_plain_table_are_compared() -> None:
    compared = {spec for specs, _, _ in GROUPS.values() for spec in specs}
    assert {"mse", "msle", "cosine-similarity", "poisson", "poisson-nll", "bce", "hinge", "brier", "kld"} <= compared
    assert set(EXTRA) <= compared


@pytest.mark.parametrize("held", GROUPS)
def test_the_console_and_python_agree_to_the_bit(held: str, tmp_path: Path) -> None:
    specs, y_true, y_pred = GROUPS[held]
    weight = np.random.default_rng(4).uniform(0.5, 2, N)
    np.savez(tmp_path / "a.npz", y_true=y_true, y_pred=y_pred, w=weight)
    asked = [word for spec in specs for word in ("-l", spec)]
    done = losscli("eval", *asked, "a.npz", "-w", "w", "-f", "json", cwd=tmp_path)
    assert (done.code, done.complaint) == (0, [])
    printed = done.document
    for spec, result in zip(specs, printed["results"], strict=True):
        computed = library.evaluate(spec, y_true, y_pred, sample_weight=weight)
        assert (result["loss"], result["value"]) == (spec, computed.value)
        assert [sample[spec] for sample in printed["samples"]] == computed.losses.tolist()


def test_parameters_and_the_reduction_are_keywords() -> None:
    one = library.evaluate("huber", [0.0, 0.0], [1.0, 5.0], delta=2, reduction="sum")
    two = library.evaluate("huber:delta=2", [0.0, 0.0], [1.0, 5.0], reduction="sum")
    assert (one.value, list(one.losses)) == (two.value, list(two.losses)) == (8.5, [0.5, 8.0])


@pytest.mark.parametrize(
    ("arguments", "true", "pred", "code"),
    [
        (("hubr",), "1", "1", 2),
        (("huber:delta=-1",), "1", "1", 2),
        (("bce",), "1", "1.5", 3),
        (("mse",), "1,2", "1", 3),
        (("mse",), "nan", "1", 3),
    ],
)
def test_an_error_of_the_console_is_the_library_s_error(
    arguments: tuple[str], true: str, pred: str, code: int, tmp_path: Path
) -> None:
    (spec,) = arguments
    refused(losscli("eval", "-l", spec, "--true", true, "--pred", pred, cwd=tmp_path), code)
    with pytest.raises(library.LossCliError) as caught:
        library.evaluate(spec, *(np.array([float(cell) for cell in text.split(",")]) for text in (true, pred)))
    assert isinstance(caught.value, library.UsageError if code == 2 else library.DataError)
