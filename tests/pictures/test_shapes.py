"""The shape of a loss is the loss itself, over what only counts."""

from __future__ import annotations

import numpy as np
import pytest

from losscli import evaluate
from losscli.errors import UsageError
from losscli.pictures import Lines
from losscli.registry import LOSSES, Loss, load_all
from losscli.shapes import shape
from losscli.spec import bind

load_all()
DRAWN = {
    "huber": "residual", "mse": "residual", "pinball": "residual", "mape": "y_pred", "poisson": "y_pred",
    "bce": "y_pred", "hinge": "y_pred", "focal": "y_pred", "brier": "y_pred",
}  # fmt: skip


def drawn(name: str) -> Lines | None:
    """The picture of a loss, or None if it is refused."""
    try:
        return shape(bind(name))
    except UsageError:
        return None


@pytest.mark.parametrize("name", [name for name, one in LOSSES.items() if isinstance(one, Loss)])
def test_a_loss_is_drawn_or_refused_in_words(name: str) -> None:
    picture = drawn(name)
    assert picture is None or all(np.isfinite(one.y).any() for one in picture.series)


@pytest.mark.parametrize(("name", "axis"), DRAWN.items())
def test_a_loss_is_drawn_over_the_residual_where_only_that_counts(name: str, axis: str) -> None:
    picture = drawn(name)
    assert picture is not None
    assert picture.x.startswith(axis)


@pytest.mark.parametrize("spec", ["huber:delta=3", "huber:delta=1.5", "huber:delta=6"])
def test_every_line_is_the_loss_with_the_parameter_that_it_names(spec: str) -> None:
    lines = {one.name: one for one in shape(bind("huber:delta=3")).series}
    line = lines[spec]
    expected = evaluate(spec, np.zeros(len(line.x)), np.array(line.x)).losses
    np.testing.assert_array_equal(expected, line.y)


def test_a_parameter_stays_inside_its_bounds() -> None:
    picture = drawn("pinball:q=0.9")
    assert picture is not None
    levels = [float(one.name.rpartition("=")[2]) for one in picture.series]
    assert 0.9 in levels
    assert all(0 < level < 1 for level in levels)


def test_both_classes_are_drawn() -> None:
    picture = drawn("hinge")
    assert picture is not None
    assert [one.name for one in picture.series] == ["hinge, y_true = 1", "hinge, y_true = -1"]


@pytest.mark.parametrize("name", ["ce", "cosine-distance", "crps", "r2", "kld"])
def test_what_is_no_curve_is_refused_with_an_example_that_is(name: str) -> None:
    with pytest.raises(UsageError, match="is not drawn") as caught:
        shape(bind(name))
    assert "huber --plot" in caught.value.hint
