"""The distributions by whose parameters a forecast may be given."""

from __future__ import annotations

import numpy as np

from losscli.arrays import Array, Mask
from losscli.domain import Domain


def _negative_scale(values: Array) -> Mask:
    """A location may be any number, the scale in the last column not."""
    return np.asarray((values < 0) & (np.arange(values.shape[-1]) == values.shape[-1] - 1))


def _no_pareto(values: Array) -> Mask:
    bad: Mask = _negative_scale(values) | ((values >= 1) & (np.arange(values.shape[-1]) == 0))
    return bad


def _no_log_laplace(values: Array) -> Mask:
    """From a scale of 1 on the mean is infinite."""
    bad: Mask = _negative_scale(values) | ((values >= 1) & (np.arange(values.shape[-1]) == 1))
    return bad


def _no_mixture(values: Array) -> Mask:
    """A deviation or a weight below 0, or weights that are all 0."""
    bad: Mask = (values < 0) & (np.arange(values.shape[-1]) % 3 > 0)
    bad[..., -1] |= (values[..., 2::3] <= 0).all(axis=-1)
    return bad


LOCATION_SCALE = Domain(
    "location and scale",
    "a location and a scale",
    _negative_scale,
    rows=True,
    each="a scale from 0 up",
    width="any",
    columns=("location", "scale"),
)
LOG_NORMAL = Domain(
    "log-normal",
    "the mean and the standard deviation of a logarithm",
    _negative_scale,
    rows=True,
    each="a standard deviation from 0 up",
    width="any",
    columns=("mu", "sigma"),
)
LOG_LAPLACE = Domain(
    "log-Laplace",
    "the location and the scale of a logarithm, the scale below 1",
    _no_log_laplace,
    rows=True,
    each="a scale from 0 up and below 1",
    width="any",
    columns=("location", "scale"),
)
GENERALIZED_PARETO = Domain(
    "generalised Pareto",
    "a shape below 1, a location and a scale",
    _no_pareto,
    rows=True,
    each="a shape below 1 or a scale from 0 up",
    width="any",
    columns=("shape", "location", "scale"),
)
NORMAL_MIXTURE = Domain(
    "mixture of normals",
    "the mean, the standard deviation and the weight of each component, one after the other",
    _no_mixture,
    rows=True,
    each="a standard deviation or a weight from 0 up, one weight of each row above 0",
    width="triples",
)
