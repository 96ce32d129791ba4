"""Every loss once more, for one sample, as the textbook writes it: plain Python, no care for the last digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import cosh, exp, hypot, inf, lgamma, log, log1p, nan, pi, sqrt
from typing import Any

from reference_numbers import NUMBERS

Row = Sequence[float]


def ln(value: float) -> float:
    return log(value) if value > 0 else -inf


def times(factor: float, value: float) -> float:
    return factor * value if factor else 0.0


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z)) if z > 0 else exp(z) / (1 + exp(z))


def softmax(z: Row) -> list[float]:
    return [exp(one - max(z)) / sum(exp(other - max(z)) for other in z) for one in z]


def log_sigmoid(z: float) -> float:
    return min(z, 0) - log1p(exp(-abs(z)))


def log_softmax(z: Row) -> list[float]:
    return [one - max(z) - log(sum(exp(other - max(z)) for other in z)) for one in z]


def row(y: Any, width: int) -> Row:  # noqa: ANN401  a class or a row
    return [float(c == y) for c in range(width)] if isinstance(y, float) else y


def top(scores: Row) -> float:
    return float(max(range(len(scores)), key=lambda c: (scores[c], -c)))


def smoothed(y: float, s: float, classes: int = 2) -> float:
    return y * (1 - s) + s / classes


def huber(y: float, p: float, *, delta: float) -> float:
    return (y - p) ** 2 / 2 if abs(y - p) <= delta else delta * (abs(y - p) - delta / 2)


def smooth_l1(y: float, p: float, *, beta: float) -> float:
    return (y - p) ** 2 / 2 / beta if abs(y - p) < beta else abs(y - p) - beta / 2


def log_cosh(y: float, p: float) -> float:
    return log(cosh(y - p)) if abs(y - p) < 300 else abs(y - p) - log(2)


def poisson_nll(y: float, z: float, *, log_input: bool, full: bool) -> float:
    stirling = y * log(y) - y + log(2 * pi * y) / 2 if full and y > 1 else 0.0
    return stirling + ((exp(z) if z < 709 else inf) - y * z if log_input else z - times(y, ln(z)))


def cosine_similarity(y: Row, p: Row, *, square_eps: float | None = None) -> float:
    lengths = [max(hypot(*one), sqrt(square_eps or 0)) for one in (y, p)]
    if not all(lengths):
        return 0.0 if square_eps is None else nan
    return -sum(a / lengths[0] * b / lengths[1] for a, b in zip(y, p, strict=True))


def bce(y: float, p: float, *, from_logits: bool, label_smoothing: float) -> float:
    t = smoothed(y, label_smoothing)
    yes, no = (log_sigmoid(p), log_sigmoid(-p)) if from_logits else (ln(p), ln(1 - p))
    return -times(t, yes) - times(1 - t, no)


def binary_kld(y: float, p: float) -> float:
    return times(y, ln(y) - ln(p)) + times(1 - y, ln(1 - y) - ln(1 - p))


def weighted_bce(y: float, p: float, *, pos_weight: float, from_logits: bool) -> float:
    yes, no = (log_sigmoid(p), log_sigmoid(-p)) if from_logits else (ln(p), ln(1 - p))
    return -times(pos_weight * y, yes) - times(1 - y, no)


def focal(y: float, p: float, *, gamma: float, alpha: float | None, from_logits: bool) -> float:
    entropy = bce(y, p, from_logits=from_logits, label_smoothing=0)
    chance = sigmoid(p) if from_logits else p
    weight = 1.0 if alpha is None else alpha * y + (1 - alpha) * (1 - y)
    return times(weight * (y * (1 - chance) + (1 - y) * chance) ** gamma, entropy)


def brier(y: Any, p: Any, *, from_logits: bool) -> float:  # noqa: ANN401  a probability or a row
    if from_logits:
        p = softmax(p) if isinstance(p, list) else sigmoid(p)
    pairs = zip(row(y, len(p)), p, strict=True) if isinstance(p, list) else [(y, p)]
    return float(sum((a - b) ** 2 for a, b in pairs))


def zero_one(y: Any, p: Any, *, threshold: float, from_logits: bool) -> float:  # noqa: ANN401  a class, a probability or a row
    whole = isinstance(p, float) and not from_logits and p == int(p)
    limit = ln(threshold / (1 - threshold)) if from_logits else threshold
    chosen = top(p) if not isinstance(p, float) else p if whole else float(p > limit)
    return float(chosen != (y if isinstance(y, float) else top(y)))


def ce(y: Any, p: Row, *, from_logits: bool, label_smoothing: float) -> float:  # noqa: ANN401  a class or a row
    logs = log_softmax(p) if from_logits else [ln(one) for one in p]
    truth = [smoothed(one, label_smoothing, len(p)) for one in row(y, len(p))]
    return -sum(times(t, one) for t, one in zip(truth, logs, strict=True))


def categorical_focal(y: Any, p: Row, *, gamma: float, from_logits: bool) -> float:  # noqa: ANN401  a class or a row
    chances, logs = (softmax(p), log_softmax(p)) if from_logits else (p, [ln(one) for one in p])
    return -sum(times(t * (1 - q) ** gamma, w) for t, q, w in zip(row(y, len(p)), chances, logs, strict=True))


def categorical_hinge(y: Any, s: Row) -> float:  # noqa: ANN401  a class or a row
    own = int(y if isinstance(y, float) else top(y))
    return max(0.0, 1 + max(one for c, one in enumerate(s) if c != own) - s[own])


def side(y: float, labels: str) -> float:
    sides = {"either": y or -1.0, "sign": y, "binary": 2 * y - 1, "nonzero": 1.0 if y else -1.0, "negative": -1.0}
    return sides[labels]


def power_of_e(value: float) -> float:
    return exp(value) if value < 709.7 else inf


def softplus(z: float) -> float:
    return max(z, 0.0) + log1p(exp(-abs(z)))


def label(y: Any) -> int:  # noqa: ANN401  a class or a row
    return int(y if isinstance(y, float) else top(y))


def shortfalls(y: Any, s: Row, margin: float) -> list[float]:  # noqa: ANN401  a class or a row
    return [max(0.0, margin - s[label(y)] + one) for c, one in enumerate(s) if c != label(y)]


def sparse_plus(m: float) -> float:
    return 0.0 if m <= -1 else m if m >= 1 else (m + 1) ** 2 / 4


def sparsemax(z: Row) -> list[float]:
    ranked = sorted((one - max(z) for one in z), reverse=True)
    counts = [k for k in range(1, len(z) + 1) if 1 + k * ranked[k - 1] > sum(ranked[:k])]
    threshold = (sum(ranked[: counts[-1]]) - 1) / counts[-1]
    return [max(0.0, one - max(z) - threshold) for one in z]


def sparsemax_multi(y: Any, z: Row) -> float:  # noqa: ANN401  a class or a row
    shares, below = sparsemax(z), [one - z[label(y)] for one in z]
    return 0.5 + sum(p * one - p * p / 2 for p, one in zip(shares, below, strict=True))


def poly_ce(y: Any, p: Row, *, epsilon: float, from_logits: bool) -> float:  # noqa: ANN401  a class or a row
    shares = softmax(p) if from_logits else p
    missing = sum(t * (1 - q) for t, q in zip(row(y, len(p)), shares, strict=True))
    return ce(y, p, from_logits=from_logits, label_smoothing=0) + epsilon * missing


def multilabel_margin(y: Row, s: Row) -> float:
    return sum(max(0.0, 1 - s[j] + s[i]) for j in members(y, 1) for i in members(y, 0)) / len(s)


def hamming(y: Row, p: Row, *, threshold: float, from_logits: bool) -> float:
    limit = ln(threshold / (1 - threshold)) if from_logits else threshold
    return sum(a != (b > limit) for a, b in zip(y, p, strict=True)) / len(y)


def members(y: Row, value: float) -> list[int]:
    return [i for i, one in enumerate(y) if one == value]


def label_ranking(y: Row, s: Row) -> float:
    pairs = [s[j] <= s[i] for j in members(y, 1) for i in members(y, 0)]
    return sum(pairs) / len(pairs) if pairs else 0.0


def coverage(y: Row, s: Row) -> float:
    return float(max([sum(one >= s[j] for one in s) for j in members(y, 1)], default=0))


def mape(y: float, p: float, *, scale: float, nan_at_zero: bool) -> float:
    if not y and not p:
        return nan if nan_at_zero else 0.0
    return scale * (abs(y - p) / abs(y) if y else inf)


def kl(p: Row, q: Row, *, nan_at_zero: bool = False) -> float:
    if nan_at_zero and (0, 0) in zip(p, q, strict=True):
        return nan
    return sum(times(a, ln(a) - ln(b)) for a, b in zip(p, q, strict=True))


def generalized_kld(p: Row, q: Row, *, log_pred: bool, nan_at_zero: bool) -> float:
    chances = [power_of_e(one) for one in q] if log_pred else q
    logs = q if log_pred else [ln(one) for one in q]
    if nan_at_zero and (0, -inf) in zip(p, logs, strict=True):
        return nan
    return sum((times(a, ln(a) - one) if a else 0.0) - a + b for a, b, one in zip(p, chances, logs, strict=True))


def jsd(p: Row, q: Row) -> float:
    mean = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    return (kl(p, mean) + kl(q, mean)) / 2


def steps(p: Row, q: Row) -> list[float]:
    return [sum(p[: k + 1]) - sum(q[: k + 1]) for k in range(len(p))]


def cosine_embedding(y: float, pair: Row, *, margin: float) -> float:
    half = len(pair) // 2
    cosine = -cosine_similarity(pair[:half], pair[half:])
    return 1 - cosine if y == 1 else max(0.0, cosine - margin)


def distance(a: Row, b: Row, p: float) -> float:
    return float(sum(abs(x - z) ** p for x, z in zip(a, b, strict=True)) ** (1 / p))


def triplet(y: Row, pair: Row, *, margin: float, p: float, swap: bool) -> float:
    good, bad = pair[: len(y)], pair[len(y) :]
    far = min(distance(y, bad, p), distance(good, bad, p)) if swap else distance(y, bad, p)
    return max(0.0, distance(y, good, p) - far + margin)


def present(y: Row, s: Row) -> list[tuple[float, float]]:
    return [(grade, one) for grade, one in zip(y, s, strict=True) if grade >= 0]


def log_sum(scores: Sequence[float]) -> float:
    return max(scores) + log(sum(exp(one - max(scores)) for one in scores)) if scores else -inf


def softmax_rank(y: Row, s: Row, *, normalise: bool) -> float:
    items = present(y, s)
    total = (sum(grade for grade, _ in items) if normalise else 1.0) or 1.0
    return sum(grade / total * (log_sum([one for _, one in items]) - score) for grade, score in items)


def listmle(y: Row, s: Row) -> float:
    ranked = [score for _, score in sorted(present(y, s), key=lambda item: -item[0])]
    return sum(log_sum(ranked[i:]) - ranked[i] for i in range(len(ranked)))


def over_pairs(loss: Callable[[float], float], y: Row, s: Row) -> float:
    items = present(y, s)
    return sum(loss(one - other) for grade, one in items for lower, other in items if grade > lower)


def pairwise_mse(y: Row, s: Row) -> float:
    items = present(y, s)
    return sum(((a - b) - (one - other)) ** 2 for a, one in items for b, other in items)


def unique_softmax(y: Row, s: Row, *, gain: str) -> float:
    items = present(y, s)
    gains = {grade: float(2**grade - 1 if gain == "exponential" else grade) for grade, _ in items}
    rivals = [[other for lower, other in items if lower < grade] for grade, _ in items]
    return sum(gains[a] * (log_sum([*r, one]) - one) for (a, one), r in zip(items, rivals, strict=True))


def overlap(y: Row, p: Row) -> tuple[float, float, float]:
    pairs = list(zip(y, p, strict=True))
    return sum(a * b for a, b in pairs), sum((1 - a) * b for a, b in pairs), sum(a * (1 - b) for a, b in pairs)


def tversky(y: Row, p: Row, *, alpha: float = 0.5, beta: float = 0.5, smooth: float = 0.0) -> float:
    hit, extra, missed = overlap(y, p)
    below = hit + alpha * extra + beta * missed + smooth
    return 1 - (hit + smooth) / below if below else 0.0


def focal_tversky(y: Row, p: Row, *, alpha: float, beta: float, gamma: float) -> float:
    return float(max(0.0, tversky(y, p, alpha=alpha, beta=beta)) ** (1 / gamma))


def generalized_dice(y: Row, p: Row) -> float:
    parts = [(y, p), ([1 - one for one in y], [1 - one for one in p])]
    least = min(sum(a) for a, _ in parts if sum(a))
    weighed = [((least / sum(a)) ** 2, a, b) for a, b in parts if sum(a)]  # in units that cannot overflow
    below = sum(w * (sum(a) + sum(b)) for w, a, b in weighed)
    return 1 - 2 * sum(w * overlap(a, b)[0] for w, a, b in weighed) / below


def emitted(path: Sequence[int], blank: int) -> list[int]:
    """What a path says: repeated classes once, and no blanks."""
    held = [c for c, before in zip(path, [None, *path], strict=False) if c != before]
    return [c for c in held if c != blank]


def ctc(y: Row, p: Sequence[Row], *, blank: int, from_logits: bool, per_label: bool) -> float:
    logs = [log_softmax(step) if from_logits else step for step in p]
    labels = [int(one) for one in y if one >= 0]
    paths = [path for path in product(range(len(logs[0])), repeat=len(logs)) if emitted(path, blank) == labels]
    ways = [sum(step[c] for step, c in zip(logs, path, strict=True)) for path in paths]
    return -log_sum(ways) / (max(len(labels), 1) if per_label else 1)


REFERENCE: dict[str, Callable[..., float]] = NUMBERS | {
    "mse": lambda y, p: (y - p) ** 2,
    "rmse": lambda y, p: (y - p) ** 2,
    "multi-rmse": lambda y, p: sum((a - b) ** 2 for a, b in zip(y, p, strict=True)),
    "mae": lambda y, p: abs(y - p),
    "huber": huber,
    "smooth-l1": smooth_l1,
    "log-cosh": log_cosh,
    "pinball": lambda y, p, *, q: max(q * (y - p), (q - 1) * (y - p)),
    "asymmetric": lambda y, p, *, profit, cost: cost * (p - y) if p > y else profit * (y - p),
    "mape": mape,
    "msle": lambda y, p: (log(1 + y) - log(1 + p)) ** 2,
    "cosine-similarity": cosine_similarity,
    "poisson": lambda y, p, *, full: p - times(y, ln(p)) + full * lgamma(y + 1),
    "poisson-nll": poisson_nll,
    "bce": bce,
    "weighted-bce": weighted_bce,
    "focal": focal,
    "hinge": lambda y, s: max(0.0, 1 - (y or -1) * s),
    "squared-hinge": lambda y, s: max(0.0, 1 - (y or -1) * s) ** 2,
    "brier": brier,
    "zero-one": zero_one,
    "ce": ce,
    "sparse-ce": lambda y, p, *, from_logits: -(log_softmax(p)[int(y)] if from_logits else ln(p[int(y)])),
    "categorical-focal": categorical_focal,
    "categorical-hinge": categorical_hinge,
    "kld": kl,
    "binary-kld": binary_kld,
    "soft-margin": lambda y, s: softplus(-(y or -1) * s),
    "perceptron": lambda y, s, *, labels: max(0.0, -side(y, labels) * s),
    "exponential": lambda y, s: power_of_e(-(y or -1) * s),
    "sparsemax": lambda y, z, *, labels: sparse_plus(-side(y, labels) * z),
    "modified-huber": lambda y, s: max(0.0, 1 - (y or -1) * s) ** 2 if (y or -1) * s >= -1 else -4 * (y or -1) * s,
    "top-k-error": lambda y, s, *, k: float(label(y) not in sorted(range(len(s)), key=lambda c: (-s[c], c))[:k]),
    "multi-margin": lambda y, s, *, p, margin: sum(one**p for one in shortfalls(y, s, margin)) / len(s),
    "ww-hinge": lambda y, s, *, margin: sum(shortfalls(y, s, margin)),
    "multiclass-perceptron": lambda y, s: max(s) - s[label(y)],
    "sparsemax-multi": sparsemax_multi,
    "nll": lambda y, logs: -logs[int(y)],
    "gce": lambda y, p, *, q: (1 - p[label(y)] ** q) / q,
    "poly-ce": poly_ce,
    "multiclass-ova": lambda y, z: sum(softplus(-one if c == y else one) for c, one in enumerate(z)) / len(z),
    "multilabel-bce": lambda y, p, *, from_logits: (
        sum(bce(a, b, from_logits=from_logits, label_smoothing=0) for a, b in zip(y, p, strict=True)) / len(y)
    ),
    "multilabel-margin": multilabel_margin,
    "hamming": hamming,
    "subset-zero-one": lambda y, p, *, threshold: float(any(a != (b > threshold) for a, b in zip(y, p, strict=True))),
    "label-ranking-loss": label_ranking,
    "coverage-error": coverage,
    "generalized-kld": generalized_kld,
    "jsd": jsd,
    "js-distance": lambda y, p: max(0.0, jsd(y, p)) ** 0.5,
    "hellinger": lambda y, p: (sum((a**0.5 - b**0.5) ** 2 for a, b in zip(y, p, strict=True)) / 2) ** 0.5,
    "tv": lambda y, p: sum(abs(a - b) for a, b in zip(y, p, strict=True)) / 2,
    "wasserstein": lambda y, p: sum(abs(one) for one in steps(y, p)),
    "energy-distance": lambda y, p: (2 * sum(one**2 for one in steps(y, p))) ** 0.5,
    "margin-ranking": lambda y, x, *, margin: max(0.0, margin - y * (x[0] - x[1])),
    "pair-logit": lambda y, x: softplus(-y * (x[0] - x[1])),
    "cosine-embedding": cosine_embedding,
    "hinge-embedding": lambda y, d, *, margin: d if y == 1 else max(0.0, margin - d),
    "contrastive": lambda y, d, *, margin: y * d**2 + (1 - y) * max(0.0, margin - d) ** 2,
    "triplet": triplet,
    "softmax-rank": softmax_rank,
    "listmle": listmle,
    "pairwise-logistic": lambda y, s: over_pairs(lambda gap: softplus(-gap), y, s),
    "pairwise-hinge": lambda y, s, *, margin: over_pairs(lambda gap: max(0.0, margin - gap), y, s),
    "pairwise-mse": pairwise_mse,
    "unique-softmax": unique_softmax,
    "ctc": ctc,
    "dice": lambda y, p, *, smooth: tversky(y, p, smooth=smooth / 2),
    "jaccard": lambda y, p, *, smooth: tversky(y, p, alpha=1.0, beta=1.0, smooth=smooth),
    "tversky": tversky,
    "focal-tversky": focal_tversky,
    "generalized-dice": generalized_dice,
}
"""One line for each loss: a sample, with those parameters that belong to the definition as keywords."""
