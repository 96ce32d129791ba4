"""Scalar references of the regression losses beyond the first, of deviances and of probabilistic forecasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from math import erf, exp, hypot, inf, log, pi, prod, sqrt
from typing import Any

import mpmath

Row = Sequence[float]


def ln(value: float) -> float:
    return log(value) if value > 0 else -inf


def e_to(value: float) -> float:
    return exp(value) if value < 709 else inf


def general_robust(y: float, p: float, *, alpha: float) -> float:
    x, b = (y - p) ** 2, abs(alpha - 2)
    limits: dict[float, Callable[[], float]] = {2: lambda: x / 2, 0: lambda: log(x / 2 + 1)}
    return limits[alpha]() if alpha in limits else b / alpha * (float((x / b + 1) ** (alpha / 2)) - 1)


def tweedie_deviance(y: float, m: float, *, power: float) -> float:
    if y == m:
        return 0.0
    if (m == 0 and power >= 1) or (y == 0 and power >= 2):
        return inf
    with mpmath.workdps(60):  # the terms cancel
        return float(2 * HALF_DEVIANCES.get(power, half_deviance)(*map(mpmath.mpf, (y, m, power))))


def half_deviance(y: Any, m: Any, p: Any) -> Any:  # noqa: ANN401  numbers of mpmath
    return max(y, 0) ** (2 - p) / ((1 - p) * (2 - p)) - y * m ** (1 - p) / (1 - p) + m ** (2 - p) / (2 - p)


HALF_DEVIANCES: dict[float, Callable[[Any, Any, Any], Any]] = {
    0: lambda y, m, _: (y - m) ** 2 / 2,
    1: lambda y, m, _: (y * mpmath.log(y / m) if y else 0) - y + m,
    2: lambda y, m, _: mpmath.log(m / y) + y / m - 1,
}


def tweedie_nll(y: float, m: float, *, rho: float, log_input: bool) -> float:
    upper, lower = 2 - rho, 1 - rho
    if log_input:
        return e_to(m * upper) / upper - (y * e_to(m * lower) / lower if y else 0.0)
    return float(m**upper) / upper - (y * float(m**lower if m else inf) / lower if y else 0.0)


def gamma_nll(y: float, m: float) -> float:
    return inf if m == 0 and y else (y / m if y else 0.0) + ln(m)


def smape(y: float, p: float, *, scale: float) -> float:
    return scale * (2 * (abs(y - p) / (abs(y) + abs(p)))) if y != p else 0.0


def cosine_distance(y: Row, p: Row, *, normalise: bool, square_eps: float | None) -> float:
    least = sqrt(square_eps or 0)
    lengths = (max(hypot(*y), least), max(hypot(*p), least)) if normalise else (1.0, 1.0)
    return 1 - sum(a / lengths[0] * b / lengths[1] for a, b in zip(y, p, strict=True)) if all(lengths) else 1.0


def mean_pairwise_squared(y: Row, p: Row) -> float:
    pairs = list(combinations([b - a for a, b in zip(y, p, strict=True)], 2))
    return sum((a - b) ** 2 for a, b in pairs) / len(pairs)


def normal_nll(y: float, mean: float, deviation: float) -> float:
    if deviation == 0:
        return -inf if y == mean else inf
    return log(deviation) + ((y - mean) / deviation) ** 2 / 2


def gaussian_nll(y: float, p: Row, *, full: bool, log_deviation: bool) -> float:
    return normal_nll(y, p[0], exp(p[1]) if log_deviation else sqrt(p[1])) + full * log(2 * pi) / 2


def crps_normal(y: float, p: Row) -> float:
    if p[1] == 0:
        return abs(y - p[0])
    z = (y - p[0]) / p[1]
    return p[1] * (z * erf(z / sqrt(2)) + 2 * exp(-(z**2) / 2) / sqrt(2 * pi) - 1 / sqrt(pi))


def spread(members: Sequence[Any], distance: Callable[[Any, Any], float], estimator: str) -> float:
    size, all_pairs = len(members), 2 * sum(distance(a, b) for a, b in combinations(members, 2))
    return {
        "nrg": all_pairs / size**2,
        "fair": all_pairs / (size * max(size - 1, 1)),
        "akr": sum(distance(a, b) for a, b in pairwise([members[-1], *members])) / size,
    }[estimator]


def crps(y: float, x: Row, *, estimator: str) -> float:
    return sum(abs(one - y) for one in x) / len(x) - spread(x, lambda a, b: abs(a - b), estimator) / 2


def split(flat: Row, width: int) -> list[Row]:
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def energy_score(y: Row, flat: Row, *, estimator: str) -> float:
    def distance(a: Row, b: Row) -> float:
        return hypot(*(i - j for i, j in zip(a, b, strict=True)))

    x = split(flat, len(y))
    return sum(distance(one, y) for one in x) / len(x) - spread(x, distance, estimator) / 2


def variogram_score(y: Row, flat: Row, *, p: float) -> float:
    x = split(flat, len(y))
    pairs = [(i, j) for i in range(len(y)) for j in range(len(y))]
    expected = [sum(float(abs(m[i] - m[j]) ** p) for m in x) / len(x) for i, j in pairs]
    return sum((float(abs(y[i] - y[j]) ** p) - e) ** 2 for (i, j), e in zip(pairs, expected, strict=True))


def dss(y: float, x: Row) -> float:
    if len(set(x)) == 1:
        return -inf if y == x[0] else inf
    mean = sum(x) / len(x)
    variance = sum((one - mean) ** 2 for one in x) / (len(x) - 1)
    return (y - mean) ** 2 / variance + log(variance)


def rps(y: Any, p: Row, *, normalise: bool) -> float:  # noqa: ANN401  a class or a row
    truth = [float(c == y) for c in range(len(p))] if isinstance(y, float) else y
    total = sum((sum(p[: k + 1]) - sum(truth[: k + 1])) ** 2 for k in range(len(p)))
    return total / (len(p) - 1 if normalise else 1)


def interval_score(y: float, ends: Row, *, alpha: float) -> float:
    return ends[1] - ends[0] + 2 / alpha * (max(0, ends[0] - y) + max(0, y - ends[1]))


def wis(y: float, p: Row, *, alphas: Row | None) -> float:
    intervals = split(p[1:], 2)
    shares = alphas or [(k + 1) / (len(intervals) + 1) for k in range(len(intervals))]
    scores = (a / 2 * interval_score(y, ends, alpha=a) for a, ends in zip(shares, intervals, strict=True))
    return (abs(y - p[0]) / 2 + sum(scores)) / (len(intervals) + 0.5)


def multi_pinball(y: float, p: Row, *, levels: Row | None) -> float:
    known = levels or [(k + 1) / (len(p) + 1) for k in range(len(p))]
    return sum(max(q * (y - x), (q - 1) * (y - x)) for q, x in zip(known, p, strict=True)) / len(p)


def crps_quantile(y: float, p: Row, *, levels: Row | None) -> float:
    return 2 * multi_pinball(y, p, levels=levels)


def rls(y: Any, p: Row) -> float:  # noqa: ANN401  a class or a one-hot row
    own = int(y) if isinstance(y, float) else list(y).index(1)
    return sum(-ln(min(sum(p[k + 1 :]) if k < own else sum(p[: k + 1]), 1)) for k in range(len(p) - 1))


def determinant(matrix: list[list[float]]) -> float:
    """The determinant by cofactors of the first row."""
    if not matrix:
        return 1.0
    first, *rest = matrix
    minors = ([[*line[:j], *line[j + 1 :]] for line in rest] for j in range(len(first)))
    return sum(
        (1 - 2 * (j % 2)) * a * determinant(minor) for j, (a, minor) in enumerate(zip(first, minors, strict=True))
    )


def multivariate_dss(y: Row, flat: Row) -> float:
    size = range(len(y))
    with mpmath.workdps(60):  # the cofactors cancel
        x = [[mpmath.mpf(value) for value in one] for one in split(flat, len(y))]
        mean = [sum(one[i] for one in x) / len(x) for i in size]
        apart = [[one[i] - mean[i] for i in size] for one in x]
        cov = [[sum(one[i] * one[j] for one in apart) / max(len(x) - 1, 1) for j in size] for i in size]
        whole, error = determinant(cov), [a - b for a, b in zip(y, mean, strict=True)]
        if whole <= prod(cov[i][i] for i in size) * SINGULAR:
            return inf
        bordered = [[0.0, *error], *([-e, *line] for e, line in zip(error, cov, strict=True))]
        return float(determinant(bordered) / whole + mpmath.log(whole))


SINGULAR = 1e-30
"""A determinant is 0 below this share of what it would be if the values varied apart from each other."""


def crps_location_scale(spread: Callable[[float], float]) -> Callable[[float, Row], float]:
    def score(y: float, p: Row) -> float:
        return p[1] * spread((y - p[0]) / p[1]) if p[1] else abs(y - p[0])

    return score


def crps_lognormal(y: float, p: Row) -> float:
    mu, sigma = p
    if sigma == 0:
        return abs(y - exp(mu))
    z = (log(y) - mu) / sigma if y > 0 else -inf
    parts = erf(z / sqrt(2)), erf((sigma - z) / sqrt(2)) - erf(sigma / 2)
    return y * parts[0] + exp(mu + sigma**2 / 2) * parts[1]


def crps_loglaplace(y: float, p: Row) -> float:
    location, scale = p
    m = exp(location)
    if scale == 0:
        return abs(y - m)
    z = (ln(y) - location) / scale
    below = exp(z) / 2 if z < 0 else 1 - exp(-z) / 2
    lower = (1 - exp(z * (1 + scale))) / (1 + scale) if z < 0 else -(1 - exp(-z * (1 - scale))) / (1 - scale)
    return y * (2 * below - 1) + m * (lower + scale / (4 - scale**2))


def crps_uniform(y: float, p: Row) -> float:
    a, b = p
    inside = min(max(y, a), b)
    share = (inside - a) / (b - a) if a != b else 0.0
    return abs(y - inside) + (b - a) * (share**3 + (1 - share) ** 3) / 3


def crps_gpd(y: float, p: Row) -> float:
    shape, location, scale = p
    if y <= location or scale == 0:
        return abs(y - location) + scale / (2 - shape)
    z = (y - location) / scale
    share = exp(-z) if shape == 0 else ln(1 + shape * z)
    share = share if shape == 0 else exp(-(1 - shape) / shape * share) if share > -inf else 0.0
    return scale * (z - 2 * (1 - share) / (1 - shape) + 1 / (2 - shape))


def mean_distance(error: float, sigma: float) -> float:
    if sigma == 0:
        return abs(error)
    return error * erf(error / sigma / sqrt(2)) + 2 * sigma * exp(-((error / sigma) ** 2) / 2) / sqrt(2 * pi)


def crps_normal_mixture(y: float, flat: Row) -> float:
    parts = split(flat, 3)
    total = sum(w for _, _, w in parts)
    own = sum(w / total * mean_distance(y - m, s) for m, s, w in parts)
    pairs = [(a, b) for a in parts for b in parts]
    between = sum(
        a[2] / total * b[2] / total * mean_distance(a[0] - b[0], sqrt(a[1] ** 2 + b[1] ** 2)) for a, b in pairs
    )
    return own - between / 2


LATEST = 709.78
"""e to a power above this is beyond float64."""


def aft_nll(y: Row, p: float, *, distribution: str, sigma: float) -> float:
    lower, upper = y[0], y[1] if y[1] >= 0 else inf
    with mpmath.workdps(60):  # both functions of a distribution may be near 1
        low, high = ((mpmath.log(mpmath.mpf(time)) - p) / sigma for time in (lower, upper))
        if distribution == "extreme" and low > LATEST:
            return inf
        density, between = AFT[distribution]
        if lower == upper:
            return float(density(low) + mpmath.log(sigma * lower))
        return float(-mpmath.log(between(low, high)))


def normal_between(a: Any, b: Any) -> Any:  # noqa: ANN401  numbers of mpmath
    low, high = (a, b) if b < -a else (-b, -a)
    return (mpmath.erfc(-high / mpmath.sqrt(2)) - mpmath.erfc(-low / mpmath.sqrt(2))) / 2


def logistic_between(a: Any, b: Any) -> Any:  # noqa: ANN401  as above
    low, high = (a, b) if b < -a else (-b, -a)
    return 1 / (1 + mpmath.exp(-high)) - 1 / (1 + mpmath.exp(-low))


def extreme_between(a: Any, b: Any) -> Any:  # noqa: ANN401  as above
    power = mpmath.exp if a > 0 else mpmath.expm1
    return power(-mpmath.exp(a)) - power(-mpmath.exp(min(b, LATEST + 1)))


AFT: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]] = {
    "normal": (lambda z: z * z / 2 + mpmath.log(2 * mpmath.pi) / 2, normal_between),
    "logistic": (lambda z: z + 2 * mpmath.log(1 + mpmath.exp(-z)), logistic_between),
    "extreme": (lambda z: mpmath.exp(z) - z, extreme_between),
}


def aft_distance(y: Row, p: float) -> float:
    time = e_to(p)
    return max(0.0, y[0] - time, time - y[1] if y[1] >= 0 else 0.0)


NUMBERS: dict[str, Callable[..., float]] = {
    "half-mse": lambda y, p: (y - p) ** 2 / 2,
    "expectile": lambda y, p, *, alpha: (alpha if p < y else 1 - alpha) * (y - p) ** 2,
    "linex": lambda y, p, *, a: e_to(a * (p - y)) - a * (p - y) - 1,
    "log-lin-quantile": lambda y, p, *, q: max(q * (y - e_to(p)), (q - 1) * (y - e_to(p))),
    "pseudo-huber": lambda y, p, *, delta: delta**2 * (sqrt(1 + ((y - p) / delta) ** 2) - 1),
    "lq": lambda y, p, *, q: abs(y - p) ** q,
    "fair": lambda y, p, *, c: c**2 * (abs(y - p) / c - log(1 + abs(y - p) / c)),
    "cauchy": lambda y, p, *, c: c**2 / 2 * log(1 + ((y - p) / c) ** 2),
    "welsch": lambda y, p, *, c: 1 - exp(-(((y - p) / c) ** 2) / 2),
    "general-robust": general_robust,
    "num-errors": lambda y, p, *, greater_than: float(abs(y - p) > greater_than),
    "rmspe": lambda y, p: 0.0 if y == p else (p - y) / y * ((p - y) / y) if y else inf,
    "smape": smape,
    "rmsle": lambda y, p: (log(1 + y) - log(1 + p)) ** 2,
    "cosine-distance": cosine_distance,
    "mean-pairwise-squared": mean_pairwise_squared,
    "tweedie-deviance": tweedie_deviance,
    "poisson-deviance": lambda y, m: tweedie_deviance(y, m, power=1),
    "gamma-deviance": lambda y, m: tweedie_deviance(y, m, power=2),
    "tweedie-nll": tweedie_nll,
    "gamma-nll": gamma_nll,
    "gaussian-nll": gaussian_nll,
    "normal-log-score": lambda y, p: normal_nll(y, p[0], p[1]) + log(2 * pi) / 2,
    "crps-normal": crps_normal,
    "rps": rps,
    "interval-score": interval_score,
    "wis": wis,
    "crps-quantile": crps_quantile,
    "multi-pinball": multi_pinball,
    "crps": crps,
    "energy-score": energy_score,
    "variogram-score": variogram_score,
    "dss": dss,
    "rls": rls,
    "multivariate-dss": multivariate_dss,
    "crps-logistic": crps_location_scale(lambda z: abs(z) + 2 * log(1 + exp(-abs(z))) - 1),
    "crps-laplace": crps_location_scale(lambda z: abs(z) + exp(-abs(z)) - 3 / 4),
    "crps-lognormal": crps_lognormal,
    "crps-loglaplace": crps_loglaplace,
    "crps-exponential": lambda y, rate: abs(y) - 2 * (1 - exp(-rate * max(y, 0.0))) / rate + 1 / (2 * rate),
    "crps-uniform": crps_uniform,
    "crps-gpd": crps_gpd,
    "crps-normal-mixture": crps_normal_mixture,
    "aft-nll": aft_nll,
    "aft-distance": aft_distance,
}
