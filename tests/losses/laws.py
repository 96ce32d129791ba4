"""The laws that every loss keeps. Each is a plain function that raises AssertionError when its loss breaks it."""

from __future__ import annotations

import doctest
import math
from collections.abc import Callable, Mapping

import numpy as np

from losscli.arrays import Array
from losscli.errors import UsageError
from losscli.registry import Loss, Param
from losscli.spec import convert

Params = Mapping[str, object]
Law = Callable[[Loss, Array, Array, Params], None]


def computed(one: Loss, y_true: Array, y_pred: Array, params: Params) -> Array:
    """Compute losses as the engine does: of values that lie side by side."""
    return np.asarray(one.function(np.ascontiguousarray(y_true), np.ascontiguousarray(y_pred), **params))


def one_number_per_sample(one: Loss, y_true: Array, y_pred: Array, params: Params) -> None:
    """float64, one per sample or one per element; infinite only where the docstring says so, never NaN or −0.

    NaN is what ``nan_at_zero`` asks for.
    """
    losses = computed(one, y_true, y_pred, params)
    assert losses.dtype == np.float64
    assert losses.shape in {(len(y_pred),), y_pred.shape}
    assert params.get("nan_at_zero") or not np.isnan(losses).any()
    assert not np.isinf(losses).any() or "infinit" in one.doc.prose
    assert not np.signbit(losses[losses == 0]).any()


def row_local(one: Loss, y_true: Array, y_pred: Array, params: Params) -> None:
    """A row's loss is the same, to the bit, alone or among others in any order, and in any memory layout."""
    together = computed(one, y_true, y_pred, params)
    alone = [computed(one, y_true[i : i + 1], y_pred[i : i + 1], params)[0] for i in range(len(y_true))]
    np.testing.assert_array_equal(alone, together)
    np.testing.assert_array_equal(computed(one, y_true[::-1], y_pred[::-1], params), together[::-1])
    turned = np.asfortranarray(y_true), np.asfortranarray(y_pred)
    np.testing.assert_array_equal(computed(one, *turned, params), together)


def quiet_and_harmless(one: Loss, y_true: Array, y_pred: Array, params: Params) -> None:
    """The inputs stay as they are, and numpy has nothing to warn about."""
    before = y_true.copy(), y_pred.copy()
    with np.errstate(all="raise"):
        try:
            computed(one, y_true, y_pred, params)
        except FloatingPointError as warning:
            raise AssertionError(f"{one.name} lets numpy warn: {warning}") from None
    np.testing.assert_array_equal(before[0], y_true)
    np.testing.assert_array_equal(before[1], y_pred)


def never_negative(one: Loss, y_true: Array, y_pred: Array, params: Params) -> None:
    """No prediction costs less than nothing."""
    assert (computed(one, y_true, y_pred, params) >= 0).all()


def free_when_exact(one: Loss, y_true: Array, _: Array, params: Params) -> None:
    """Predicting the truth itself costs nothing."""
    np.testing.assert_array_equal(0.0, computed(one, y_true, y_true, params))


def symmetric(one: Loss, y_true: Array, y_pred: Array, params: Params) -> None:
    """Swapping truth and prediction changes nothing."""
    there, back = computed(one, y_true, y_pred, params), computed(one, y_pred, y_true, params)
    np.testing.assert_allclose(back, there, rtol=1e-12, atol=1e-300)


def matters(one: Loss, y_true: Array, y_pred: Array, params: Params, other: Params) -> None:
    """Other parameters give another loss."""
    there, here = computed(one, y_true, y_pred, params), computed(one, y_true, y_pred, other)
    assert there.shape != here.shape or not np.array_equal(there, here)


def equal_to(
    reference: Callable[..., float], one: Loss, y_true: Array, y_pred: Array, params: Params, *, names: set[str]
) -> None:
    """The loss of each sample is what the plain formula gives, but for the formula's own rounding."""
    losses = computed(one, y_true, y_pred, params)
    chosen = {name: params[name] for name in names}
    true, pred = (y_true.ravel(), y_pred.ravel()) if losses.ndim > 1 else (y_true, y_pred)
    plain = [reference(a, b, **chosen) for a, b in zip(true.tolist(), pred.tolist(), strict=True)]
    np.testing.assert_allclose(losses.ravel(), plain, rtol=1e-8, atol=1e-9)


def outside(param: Param) -> list[float]:
    """The numbers next to a parameter's bounds that it must refuse."""
    return [
        *([param.gt, math.nextafter(param.gt, -math.inf)] if param.gt is not None else []),
        *([param.lt, math.nextafter(param.lt, math.inf)] if param.lt is not None else []),
        *([math.nextafter(param.ge, -math.inf)] if param.ge is not None else []),
        *([math.nextafter(param.le, math.inf)] if param.le is not None else []),
        math.nan,
        math.inf,
    ]


def bounded(one: Loss, param: Param, refused: list[float] | None = None) -> None:
    """A number outside the bounds is refused, and the bound itself is taken where it belongs to the range."""
    wrap = (lambda value: [value]) if "tuple" in str(param.type) else (lambda value: value)
    for value in outside(param) if refused is None else refused:
        try:
            convert(one, param, wrap(value))
        except UsageError:
            continue
        raise AssertionError(f"{one.name}: {param.name} takes {value!r}")
    for limit in (param.ge, param.le):
        if limit is not None:
            convert(one, param, wrap(limit))


def documented(one: Loss) -> None:
    """The docstring has a claim of one line, a formula, an example that runs and a source; every parameter has help."""
    doc = one.doc
    assert doc.summary.endswith(".")
    assert len(doc.summary) <= 80  # a line of `list`
    assert doc.formula
    assert doc.source
    assert one.family_title
    for param in one.params.values():
        assert param.help.endswith(".")
        assert len(param.help) <= 80
    known = {"array": np.array, one.function.__name__: one.function}
    test = doctest.DocTestParser().get_doctest(doc.example, known, one.name, None, 0)
    assert test.examples
    said: list[str] = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)
