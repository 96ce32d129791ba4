"""Every score once more as the textbook writes it: plain loops over rows, pairs and orders, sums in exact fractions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import exp, inf, isnan, log, log1p, log2, nan, prod, sqrt
from typing import Any

Numbers = Sequence[float]
Pairs = list[tuple[float, float, float]]


def total(values: Iterable[float | Fraction]) -> Fraction:
    return sum((Fraction(value) for value in values), Fraction(0))


def mean(pairs: Iterable[tuple[float | Fraction, float]]) -> Fraction:
    """The mean of (value, weight)."""
    held = [(Fraction(value), Fraction(weight)) for value, weight in pairs]
    return sum((value * weight for value, weight in held), Fraction(0)) / sum(weight for _, weight in held)


def over(top: Fraction, bottom: Fraction) -> float:
    return float(top / bottom) if bottom else nan


def root(value: Fraction) -> float:
    return sqrt(value)


def quantile(values: Numbers, weights: Numbers, q: float) -> float:
    """Where the weights reach q of their sum: the middle of the two values if they just reach it."""
    goal = Fraction(str(q)) * total(weights)
    held = sorted(zip(values, weights, strict=True))
    for i, (value, _) in enumerate(held):
        reached = total(weight for _, weight in held[: i + 1])
        if reached > goal or i == len(held) - 1:
            return value
        if reached == goal:
            return (value + held[i + 1][0]) / 2
    return nan


# ── regression ───────────────────────────────────────────────────────────────────────────────────────────────────────


def squares(rows: Pairs) -> tuple[Fraction, Fraction]:
    """Squared errors, and squared distances from the mean."""
    centre = mean((y, w) for y, _, w in rows)
    lost = total(Fraction(w) * (Fraction(y) - Fraction(p)) ** 2 for y, p, w in rows)
    return lost, total(Fraction(w) * (Fraction(y) - centre) ** 2 for y, _, w in rows)


def gain(lost: Fraction, spread: Fraction, *, force_finite: bool) -> float:
    if spread:
        return float(1 - lost / spread)
    return float(not lost) if force_finite else -inf if lost else nan


def r2(rows: Pairs, *, force_finite: bool, infinite_is_zero: bool) -> float:
    value = gain(*squares(rows), force_finite=force_finite)
    return 0.0 if infinite_is_zero and value == -inf else value


def variance(pairs: list[tuple[Fraction, float]]) -> Fraction:
    centre = mean(pairs)
    return mean(((value - centre) ** 2, w) for value, w in pairs)


def explained_variance(rows: Pairs, *, force_finite: bool) -> float:
    errors = variance([(Fraction(p - y), w) for y, p, w in rows])
    return gain(errors, variance([(Fraction(y), w) for y, _, w in rows]), force_finite=force_finite)


def check(error: Fraction, q: float) -> Fraction:
    return Fraction(q) * error if error > 0 else (Fraction(q) - 1) * error


def d2_pinball(rows: Pairs, *, alpha: float) -> float:
    best = Fraction(quantile([y for y, _, _ in rows], [w for _, _, w in rows], alpha))
    lost = total(Fraction(w) * check(Fraction(y) - Fraction(p), alpha) for y, p, w in rows)
    spread = total(Fraction(w) * check(Fraction(y) - best, alpha) for y, _, w in rows)
    return gain(lost, spread, force_finite=True)


def d2_absolute_error(rows: Pairs) -> float:
    return d2_pinball(rows, alpha=0.5)


def deviance(y: float, mu: float, power: float) -> float:
    if power == 1:
        return 2 * ((y * log(y / mu) if y else 0) - y + mu)
    if power == 2:
        return 2 * (log(mu / y) + y / mu - 1) if y else inf
    if power > 2 and not y:
        return inf
    a, b = 1 - power, 2 - power
    return float(2 * ((y if power == 0 else max(y, 0)) ** b / (a * b) - y * mu**a / a + mu**b / b))


def d2_tweedie(rows: Pairs, *, power: float) -> float:
    centre = float(mean((y, w) for y, _, w in rows))
    if len({y for y, _, _ in rows}) == 1:
        return nan
    lost = sum(w * deviance(y, p, power) for y, p, w in rows)
    spread = sum(w * deviance(y, centre, power) for y, _, w in rows)
    return nan if lost == inf else 1 - lost / spread


def median_ae(rows: Pairs) -> float:
    return quantile([abs(y - p) for y, p, _ in rows], [w for _, _, w in rows], 0.5)


def max_error(rows: Pairs) -> float:
    return max(abs(y - p) for y, p, _ in rows)


def wape(rows: Pairs) -> float:
    return over(total(Fraction(w) * Fraction(abs(y - p)) for y, p, w in rows), total(w * abs(y) for y, _, w in rows))


def rmse(rows: Pairs) -> float:
    return sqrt(mean(((Fraction(y) - Fraction(p)) ** 2, w) for y, p, w in rows))


def rse(rows: Pairs) -> float:
    return over(*squares(rows))


def rae(rows: Pairs) -> float:
    centre = mean((y, w) for y, _, w in rows)
    lost = total(Fraction(w) * Fraction(abs(y - p)) for y, p, w in rows)
    spread = total(Fraction(w) * abs(Fraction(y) - centre) for y, _, w in rows)
    return over(lost, spread) if len({y for y, _, _ in rows}) > 1 else nan


def nrmse(rows: Pairs, *, normalisation: str) -> float:
    truth = [(Fraction(y), w) for y, _, w in rows]
    norm = {
        "mean": abs(float(mean(truth))),
        "range": float(max(truth)[0] - min(truth)[0]),
        "std": root(variance(truth)),
        "l2": root(total(y * y * Fraction(w) for y, w in truth)),
    }[normalisation]
    return root(mean(((Fraction(y) - Fraction(p)) ** 2, w) for y, p, w in rows)) / norm if norm else nan


def pooled_tversky(rows: Pairs, *, alpha: float, beta: float, swapped: bool, eps: float, pool_weights: str) -> float:
    del pool_weights
    hit = total(Fraction(w) * Fraction(y) * Fraction(p) for y, p, w in rows)
    extra = total(Fraction(w) * (1 - Fraction(y)) * Fraction(p) for y, p, w in rows)
    missed = total(Fraction(w) * Fraction(y) * (1 - Fraction(p)) for y, p, w in rows)
    of_extra, of_missed = (beta, alpha) if swapped else (alpha, beta)
    wrong = Fraction(of_extra) * extra + Fraction(of_missed) * missed + Fraction(eps)
    return float(wrong / (hit + wrong)) if wrong else 0.0


def pooled_dice(rows: Pairs, *, eps: float, pool_weights: str) -> float:
    return pooled_tversky(rows, alpha=0.5, beta=0.5, swapped=False, eps=eps / 2, pool_weights=pool_weights)


def minkowski(rows: Pairs, *, p: float) -> float:
    return float(sum(w * abs(y - prediction) ** p for y, prediction, w in rows) ** (1 / p))


def pearson(rows: Iterable[tuple[float | Fraction, float | Fraction, float]]) -> float:
    held = [(Fraction(y), Fraction(p), w) for y, p, w in rows]
    y_mean, p_mean = mean((y, w) for y, _, w in held), mean((p, w) for _, p, w in held)
    common = mean(((y - y_mean) * (p - p_mean), w) for y, p, w in held)
    spread = mean(((y - y_mean) ** 2, w) for y, _, w in held) * mean(((p - p_mean) ** 2, w) for _, p, w in held)
    return float(common) / root(spread) if spread else nan


def rank(value: float, values: Numbers, weights: Numbers) -> Fraction:
    """The weight below a value and half of that at it."""
    pairs = list(zip(values, weights, strict=True))
    return total(w for one, w in pairs if one < value) + total(w for one, w in pairs if one == value) / 2


def spearman(rows: Pairs) -> float:
    true, pred, weights = zip(*rows, strict=True)
    return pearson([(rank(y, true, weights), rank(p, pred, weights), w) for y, p, w in rows])


def sign(value: float) -> int:
    return (value > 0) - (value < 0)


def kendall(rows: Pairs) -> float:
    pairs = [
        (Fraction(a[2]) * Fraction(b[2]), sign(a[0] - b[0]), sign(a[1] - b[1]))
        for a, b in itertools.combinations(rows, 2)
    ]
    spread = total(w for w, y, _ in pairs if y) * total(w for w, _, p in pairs if p)
    return float(total(w * y * p for w, y, p in pairs)) / root(spread) if spread else nan


def normalized_gini(rows: Pairs) -> float:
    true, pred, weights = zip(*rows, strict=True)

    def gini(by: Numbers) -> Fraction:
        ranked = total(Fraction(w) * Fraction(y) * rank(s, by, weights) for s, (y, _, w) in zip(by, rows, strict=True))
        return 2 * ranked - total(weights) * total(Fraction(w) * Fraction(y) for y, _, w in rows)

    return over(gini(pred), gini(true))


# ── classes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def decided(prediction: Any, threshold: float, *, from_logits: bool) -> int:  # noqa: ANN401  a class, a share or a row
    if isinstance(prediction, list):
        return prediction.index(max(prediction))
    if from_logits:
        return int(prediction > (log(threshold / (1 - threshold)) if threshold else -inf))
    return int(prediction) if prediction == int(prediction) else int(prediction > threshold)


def decisions(rows: list[Any], threshold: float, *, from_logits: bool) -> list[tuple[int, int, float]]:
    return [(int(y), decided(p, threshold, from_logits=from_logits), w) for y, p, w in rows]


def weigh(rows: list[tuple[int, int, float]], chosen: Callable[[int, int], bool]) -> Fraction:
    return total(w for t, p, w in rows if chosen(t, p))


def seen(rows: list[tuple[int, int, float]]) -> list[int]:
    return sorted({one for t, p, _ in rows for one in (t, p)})


def accuracy(rows: list[Any], *, threshold: float, from_logits: bool, sets: bool) -> float:
    def right(true: Any, predicted: Any) -> bool:  # noqa: ANN401  a class, a probability or a row
        if sets and not isinstance(true, float) and set(predicted) <= {0.0, 1.0}:
            return list(true) == list(predicted)
        truth = int(true) if isinstance(true, float) else list(true).index(max(true))
        return decided(predicted, threshold, from_logits=from_logits) == truth

    return float(mean((float(right(y, p)), w) for y, p, w in rows))


def top_k_accuracy(rows: list[Any], *, k: int, ties: str) -> float:
    def right(true: int, row: Numbers) -> bool:
        better = sum(score > row[true] for score in row)
        equal = {"win": [], "last": list(row[true + 1 :]), "lose": [*row[:true], *row[true + 1 :]]}[ties]
        return better + equal.count(row[true]) < k

    return float(mean((float(right(int(y), p)), w) for y, p, w in rows))


def balanced_accuracy(rows: list[Any], *, threshold: float, from_logits: bool, adjusted: bool) -> float:
    made = decisions(rows, threshold, from_logits=from_logits)
    classes = {t for t, _, _ in made}
    shares = [over(weigh(made, lambda t, p: t == p == c), weigh(made, lambda t, _: t == c)) for c in classes]  # noqa: B023  used at once
    value, chance = sum(shares) / len(classes), 1 / len(classes)
    if not adjusted:
        return value
    return (value - chance) / (1 - chance) if len(classes) > 1 else nan


def balanced_error_rate(rows: list[Any], *, threshold: float, from_logits: bool) -> float:
    return 1 - balanced_accuracy(rows, threshold=threshold, from_logits=from_logits, adjusted=False)


UNDEFINED = {"nan": nan, "0": 0.0, "1": 1.0}


def mcc(rows: list[Any], *, threshold: float, from_logits: bool, zero_division: str) -> float:
    """Pearson's correlation of the indicators, summed over the classes."""
    made = decisions(rows, threshold, from_logits=from_logits)

    def covariance(side: Callable[[int, int], int], other: Callable[[int, int], int]) -> Fraction:
        found = Fraction(0)
        for c in seen(made):
            a, b = ([(float(of(t, p) == c), w) for t, p, w in made] for of in (side, other))
            mean_a, mean_b = mean(a), mean(b)
            found += mean(
                ((Fraction(x) - mean_a) * (Fraction(y) - mean_b), w) for (x, w), (y, _) in zip(a, b, strict=True)
            )
        return found

    true, pred = (lambda t, _: t), (lambda _, p: p)
    spread = covariance(true, true) * covariance(pred, pred)
    return float(covariance(true, pred)) / root(spread) if spread else UNDEFINED[zero_division]


def kappa(rows: list[Any], *, threshold: float, from_logits: bool, weighting: str, absent_classes: bool) -> float:
    made = decisions(rows, threshold, from_logits=from_logits)
    place = {c: c if absent_classes else i for i, c in enumerate(seen(made))}

    def distance(t: int, p: int) -> int:
        gap = abs(place[t] - place[p])
        return {"none": int(gap > 0), "linear": gap, "quadratic": gap**2}[weighting]

    observed = mean((distance(t, p), w) for t, p, w in made)
    expected = mean((distance(t, p), a * b) for t, _, a in made for _, p, b in made)
    return float(1 - observed / expected) if expected else nan


def rates(top: Callable[..., Fraction], bottom: Callable[..., Fraction]) -> Callable[..., float]:
    """A quotient of true and false positives and negatives, averaged over the classes."""

    def rate(
        rows: list[Any],
        *,
        threshold: float,
        from_logits: bool,
        average: str,
        pos_label: int,
        zero_division: str,
        **own: float,
    ) -> float:
        made = decisions(rows, threshold, from_logits=from_logits)

        def counts(c: int) -> tuple[Fraction, ...]:
            return (
                weigh(made, lambda t, p: t == c == p),
                weigh(made, lambda t, p: t != c == p),
                weigh(made, lambda t, p: t == c != p),
                weigh(made, lambda t, p: t != c != p),
            )

        def value(four: Iterable[Fraction]) -> float:
            held = tuple(four)
            under = bottom(*held, **own)
            return float(top(*held, **own) / under) if under else UNDEFINED[zero_division]

        each = [(value(counts(c)), weigh(made, lambda t, _: t == c)) for c in seen(made)]  # noqa: B023  used at once
        each = [one for one in each if one[0] == one[0]]
        if average == "binary":
            return value(counts(pos_label))
        if average == "micro":
            return value(map(sum, zip(*map(counts, seen(made)), strict=True)))  # type: ignore[arg-type]  # of Fractions
        weights = [Fraction(1) if average == "macro" else support for _, support in each]
        return float(mean((one, w) for (one, _), w in zip(each, weights, strict=True))) if any(weights) else nan  # type: ignore[misc]  # a Fraction weighs, too

    return rate


def f(tp: Fraction, fp: Fraction, fn: Fraction, _: Fraction, *, beta: float = 1.0) -> Fraction:
    square = Fraction(beta) ** 2
    return (1 + square) * tp + fp + square * fn


precision = rates(lambda tp, *_: tp, lambda tp, fp, *_: tp + fp)
recall = rates(lambda tp, *_: tp, lambda tp, _, fn, __: tp + fn)
specificity = rates(lambda *four: four[3], lambda _, fp, __, tn: fp + tn)
class_jaccard = rates(lambda tp, *_: tp, lambda tp, fp, fn, _: tp + fp + fn)
fbeta = rates(lambda tp, *_, beta=1.0: (1 + Fraction(beta) ** 2) * tp, f)


# ── scores of one class against the others ───────────────────────────────────────────────────────────────────────────


def against_others(area: Callable[[Pairs], float], rows: list[Any], average: str, undefined: float | None) -> float:
    if not isinstance(rows[0][1], list):
        rows = [(y, [-p, p], w) for y, p, w in rows]
    labels = range(len(rows[0][1])) if len(rows[0][1]) > 2 else [1]
    areas = [area([(float(y == c), p[c], w) for y, p, w in rows]) for c in labels]
    areas = [one if not isnan(one) or undefined is None else undefined for one in areas]
    shares = [1.0 if average == "macro" else float(total(w for y, _, w in rows if y == c)) for c in labels]
    return sum(a * b for a, b in zip(areas, shares, strict=True)) / sum(shares) if len(areas) > 1 else areas[0]


def label_ranking_average_precision(rows: list[tuple[Numbers, Numbers, float]]) -> float:
    def precision_of(y: Numbers, s: Numbers) -> Fraction:
        present = [j for j, there in enumerate(y) if there]
        ranked = [[k for k, one in enumerate(s) if one >= s[j]] for j in present]
        shares = [Fraction(sum(k in present for k in above), len(above)) for above in ranked]
        return sum(shares, Fraction(0)) / len(shares) if shares else Fraction(1)

    return float(mean((precision_of(y, s), w) for y, s, w in rows))


def area_under_roc(rows: Pairs) -> float:
    pairs = [(a, b, Fraction(v) * Fraction(w)) for y, a, v in rows for z, b, w in rows if y and not z]
    return over(total(w * (Fraction(a > b) + Fraction(a == b) / 2) for a, b, w in pairs), total(w for *_, w in pairs))


def area_under_steps(rows: Pairs) -> float:
    positives = total(w for y, _, w in rows if y)
    if not positives:
        return nan
    found = Fraction(0)
    for step in {p for _, p, _ in rows}:
        above = [(y, w) for y, p, w in rows if p >= step]
        here = total(w for y, p, w in rows if y and p == step)
        found += here / positives * total(w for y, w in above if y) / total(w for _, w in above)
    return float(found)


def points(rows: Pairs) -> list[tuple[float, float]]:
    """The weight of the positives and of the negatives that score at least so much, from the highest score down."""
    above = [[(y, w) for y, p, w in rows if p >= step] for step in sorted({p for _, p, _ in rows}, reverse=True)]
    return [(sum(w for y, w in step if y), sum(w for y, w in step if not y)) for step in above]


def area_under_lines(rows: Pairs) -> float:
    at = points(rows)
    positives, curve = at[-1][0], [(0.0, 1.0), *((t / at[-1][0], t / (t + f)) for t, f in at if at[-1][0])]
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in itertools.pairwise(curve))
    return area if positives else nan


def area_under_counts(rows: Pairs) -> float:
    """The area as J. Davis and M. Goadrich interpolate, in XGBoost's closed form."""
    at, area = points(rows), 0.0
    positives, negatives = at[-1]
    if not positives or not negatives:
        return nan
    for (t, f), (u, g) in itertools.pairwise([(0.0, 0.0), *at]):
        if u > t:
            slope = (g - f) / (u - t)
            a, b = slope + 1, (f - slope * t) / positives
            x, y = t / positives, u / positives
            area += (y - x - (b / a * log((a * y + b) / (a * x + b)) if abs(b) > 1e-12 else 0)) / a
    return area


AREAS = {"steps": area_under_steps, "linear": area_under_lines, "counts": area_under_counts}


def roc_auc(rows: list[Any], *, average: str, thresholds: int | None, undefined: float | None) -> float:
    if thresholds:
        edges = [-1e-7, *(i / (thresholds - 1) for i in range(1, thresholds - 1)), 1 + 1e-7]

        def level(p: Any) -> Any:  # noqa: ANN401  a score or a row
            return list(map(level, p)) if isinstance(p, list) else sum(p > edge for edge in edges)

        rows = [(y, level(p), w) for y, p, w in rows]
    return against_others(area_under_roc, rows, average, undefined)


def average_precision(rows: list[Any], *, average: str, interpolation: str, undefined: float | None) -> float:
    return against_others(AREAS[interpolation], rows, average, undefined)


# ── probabilities ────────────────────────────────────────────────────────────────────────────────────────────────────


def ece(rows: list[Any], *, n_bins: int, norm: str) -> float:
    sure = [(float(p.index(max(p)) == y), max(p), w) if isinstance(p, list) else (float(y), p, w) for y, p, w in rows]
    gaps, shares = [], []
    for i in range(n_bins):
        inside = [
            one for one in sure if (i == 0 or one[1] > i / n_bins) and (i == n_bins - 1 or one[1] <= (i + 1) / n_bins)
        ]
        if inside:
            gaps.append(abs(float(mean((Fraction(right) - Fraction(p), w) for right, p, w in inside))))
            shares.append(sum(w for *_, w in inside) / sum(w for *_, w in sure))
    pairs = list(zip(gaps, shares, strict=True))
    values: dict[str, float] = {
        "l1": sum(gap * share for gap, share in pairs),
        "l2": sqrt(sum(gap * gap * share for gap, share in pairs)),
        "max": max(gaps),
    }
    return values[norm]


def over_two(prediction: Any, *, from_logits: bool) -> list[float]:  # noqa: ANN401  a number or a row
    """The probability of each class, of a single prediction that of both."""
    if not isinstance(prediction, list):
        one = 1 / (1 + exp(-prediction)) if from_logits else prediction
        return [1 - one, one]
    return [exp(one) / sum(map(exp, prediction)) for one in prediction] if from_logits else prediction


def frequencies(rows: list[Any], classes: int) -> list[float]:
    return [float(mean((float(y == c), w) for y, _, w in rows)) for c in range(classes)]


def over_frequencies(rows: list[Any], cost: Callable[[int, list[float]], float], *, from_logits: bool) -> float:
    """What a cost falls short of that of always predicting how often each class occurs, as a share of it."""
    sure = [(int(y), over_two(p, from_logits=from_logits), w) for y, p, w in rows]
    often = frequencies(rows, len(sure[0][1]))
    lost, spread = sum(w * cost(y, p) for y, p, w in sure), sum(w * cost(y, often) for y, _, w in sure)
    return 1 - lost / spread if spread else -inf if lost else nan


def d2_log_loss(rows: list[Any], *, from_logits: bool, eps: float) -> float:
    def cost(y: int, p: list[float]) -> float:
        share = p[y] if from_logits else min(max(p[y], eps), 1 - eps)
        return -log(share) if share else inf

    return over_frequencies(rows, cost, from_logits=from_logits)


def d2_brier(rows: list[Any], *, from_logits: bool) -> float:
    return over_frequencies(
        rows,
        lambda y, p: sum(((c == y) - one) ** 2 for c, one in enumerate(p)),
        from_logits=from_logits,
    )


def perplexity(rows: list[Any], *, from_logits: bool, eps: float) -> float:
    def chance(y: float, p: Numbers) -> float:
        shares = (
            [exp(one) / sum(map(exp, p)) for one in p] if from_logits else [min(max(one, eps), 1 - eps) for one in p]
        )
        return shares[int(y)]

    return exp(-float(mean((log(chance(y, p)), w) for y, p, w in rows)))


# ── queries ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Query = list[tuple[float, float]]
AMONG_ORDERS: dict[str, Callable[[list[float]], float]] = {
    "average": lambda values: sum(values) / len(values),
    "worst": min,
    "best": max,
}


def orders(query: Query) -> Iterable[list[float]]:
    """The grades of a query in every order that its scores allow."""
    for order in itertools.permutations(query):
        if all(a[1] >= b[1] for a, b in itertools.pairwise(order)):
            yield [grade for grade, _ in order]


def of_queries(value: Callable[..., float]) -> Callable[..., float]:
    """The weighted mean over queries of a value over the orders of each, None where nothing is relevant."""

    def score(queries: list[tuple[Query, float]], *, ties: str, empty: str = "0", **params: Any) -> float:  # noqa: ANN401
        held = []
        for query, w in queries:
            values = [value(grades, queries=queries, **params) for grades in orders(query)]
            held.append(
                (UNDEFINED[empty.replace("skip", "nan")] if values[0] is None else AMONG_ORDERS[ties](values), w)
            )
        held = [(one, w) for one, w in held if not isnan(one)]
        return float(mean(held)) if held else nan

    return score


def gained(grades: Numbers, k: int | None, gain: str) -> float:
    return sum((g if gain == "linear" else 2**g - 1) / log2(1 + r) for r, g in enumerate(grades[:k], 1))


def _precision(grades: list[float], *, k: int | None, capped: bool, relevant: float, queries: object) -> float:
    del queries
    most = len(grades) if k is None else min(k, len(grades)) if capped else k
    return sum(k is None or r <= k for r in _hits(grades, relevant)) / most


def _ndcg(grades: list[float], *, k: int | None, gain: str, queries: object) -> float | None:
    del queries
    best = gained(sorted(grades, reverse=True), k, gain)
    return gained(grades, k, gain) / best if best else None


def _hits(grades: list[float], relevant: float) -> list[int]:
    return [r for r, g in enumerate(grades, 1) if g > relevant]


def _recall_at_k(grades: list[float], *, k: int | None, relevant: float, queries: object) -> float | None:
    del queries
    hits = _hits(grades, relevant)
    return sum(k is None or r <= k for r in hits) / len(hits) if hits else None


def _map(grades: list[float], *, k: int | None, capped: bool, relevant: float, queries: object) -> float | None:
    del queries
    hits = _hits(grades, relevant)
    if not hits:
        return None
    most = min(len(hits), k) if capped and k else len(hits)
    return sum((i + 1) / r for i, r in enumerate(hits) if k is None or r <= k) / most


def _mrr(grades: list[float], *, k: int | None, relevant: float, queries: object) -> float | None:
    del queries
    hits = _hits(grades, relevant)
    return (1 / hits[0] if k is None or hits[0] <= k else 0.0) if hits else None


def _hit_rate(grades: list[float], *, k: int, relevant: float, queries: object) -> float | None:
    del queries
    hits = _hits(grades, relevant)
    return float(hits[0] <= k) if hits else None


def _err(
    grades: list[float], *, k: int | None, max_grade: float | None, chance: str, queries: list[tuple[Query, float]]
) -> float:
    best = max_grade or max(g for query, _ in queries for g, _ in query)
    p = grades if chance == "itself" else [min((2**g - 1) / 2**best, 1.0) for g in grades]
    return sum(p[r] * prod(1 - one for one in p[:r]) / (r + 1) for r in range(len(p)) if k is None or r < k)


def _pfound(grades: list[float], *, k: int | None, decay: float, queries: object) -> float:
    del queries
    return sum(y * prod(decay * (1 - one) for one in grades[:r]) for r, y in enumerate(grades) if k is None or r < k)


# ── losses of queries, each row with its weight ──────────────────────────────────────────────────────────────────────

Weighed = list[Pairs]


def by_query(value: Callable[..., float]) -> Callable[..., float]:
    """A value of queries whose rows all weigh as they do."""

    def score(queries: list[tuple[Query, float]], **params: Any) -> float:  # noqa: ANN401  as above
        return value([[(y, s, w) for y, s in query] for query, w in queries], **params)

    return score


def query_rmse(queries: Weighed) -> float:
    lost = Fraction(0)
    for rows in queries:
        off = mean((Fraction(y) - Fraction(s), w) for y, s, w in rows)
        lost += total(Fraction(w) * (Fraction(y) - Fraction(s) - off) ** 2 for y, s, w in rows)
    return root(lost / total(w for rows in queries for *_, w in rows))


def query_pinball(queries: Weighed, *, q: float, dead_zone: float) -> float:
    lost = 0.0
    for rows in queries:
        off = mean((Fraction(y) - Fraction(s), w) for y, s, w in rows)
        rest = [(float(Fraction(y) - Fraction(s) - off), w) for y, s, w in rows]
        lost += sum(w * (q if one > 0 else 1 - q) * max(abs(one) - dead_zone, 0.0) for one, w in rest)
    return lost / sum(w for rows in queries for *_, w in rows)


def query_softmax(queries: Weighed, *, beta: float, zero_division: str) -> float:
    lost = 0.0
    for rows in queries:
        whole = sum(w * exp(beta * s) for _, s, w in rows)
        lost -= sum(w * y * log(w * exp(beta * s) / whole) for y, s, w in rows)
    found = sum(w * y for rows in queries for y, _, w in rows)
    return lost / found if found else UNDEFINED[zero_division]


def logistic_loss(rows: Pairs, shift: float = 0.0) -> float:
    return sum(w * (log1p(exp(s + shift)) - y * (s + shift)) for y, s, w in rows)


def query_crossentropy(queries: Weighed, *, alpha: float) -> float:
    lost = 0.0
    for rows in queries:
        lost += (1 - alpha) * logistic_loss(rows)
        if len({y for y, *_ in rows}) > 1:
            low, high = -50.0, 50.0
            for _ in range(200):
                third = (high - low) / 3
                left = logistic_loss(rows, low + third) < logistic_loss(rows, high - third)
                low, high = (low, high - third) if left else (low + third, high)
            lost += alpha * logistic_loss(rows, (low + high) / 2)
    return lost / sum(w for rows in queries for *_, w in rows)


def ordered_pairs(rows: Pairs) -> list[tuple[float, float]]:
    """How far the better row is ahead of the worse one, and the weight, for each pair."""
    return [(s - z, w) for y, s, w in rows for x, z, _ in rows if y > x]


def query_pair_logit(queries: Weighed, *, zero_division: str) -> float:
    pairs = [pair for rows in queries for pair in ordered_pairs(rows)]
    return float(mean((log1p(exp(-ahead)), w) for ahead, w in pairs)) if pairs else UNDEFINED[zero_division]


def pair_accuracy(queries: Weighed, *, zero_division: str) -> float:
    pairs = [pair for rows in queries for pair in ordered_pairs(rows)]
    return float(mean((ahead > 0, w) for ahead, w in pairs)) if pairs else UNDEFINED[zero_division]


def query_auc(queries: Weighed, *, empty: str) -> float:
    held = []
    for rows in queries:
        pairs = ordered_pairs(rows)
        value = float(mean(((1 + sign(ahead)) / 2, 1.0) for ahead, _ in pairs)) if pairs else None
        held.append((UNDEFINED[empty.replace("skip", "nan")] if value is None else value, rows[0][2]))
    held = [(one, w) for one, w in held if not isnan(one)]
    return float(mean(held)) if held else nan


# ── survival, forecasts ──────────────────────────────────────────────────────────────────────────────────────────────


def partial_likelihood(rows: Pairs, *, log_input: bool) -> list[tuple[float, float]]:
    """What each event costs, and its weight."""
    hazards = [(t, exp(s) if log_input else s, w) for t, s, w in rows]
    return [(log(sum(v * g for x, g, v in hazards if abs(x) >= t)) - log(h), w) for t, h, w in hazards if t > 0]


def cox_nll(rows: Pairs, *, log_input: bool) -> float:
    events = partial_likelihood(rows, log_input=log_input)
    return float(mean(events)) if events else nan


def cox_log_likelihood(rows: Pairs, *, log_input: bool) -> float:
    return -sum(w * cost for cost, w in partial_likelihood(rows, log_input=log_input))


def interval_regression_accuracy(rows: list[tuple[Numbers, float, float]]) -> float:
    return float(mean((low <= exp(s) <= (inf if high < 0 else high), w) for (low, high), s, w in rows))


def mase(rows: Pairs, *, scale: float) -> float:
    return float(mean((abs(Fraction(y) - Fraction(p)), w) for y, p, w in rows) / Fraction(scale))


def rmsse(rows: Pairs, *, scale: float) -> float:
    return root(mean(((Fraction(y) - Fraction(p)) ** 2, w) for y, p, w in rows) / Fraction(scale) ** 2)


ROWS: dict[str, Callable[..., float]] = {
    "mase": mase,
    "rmsse": rmsse,
    "cox-nll": cox_nll,
    "cox-log-likelihood": cox_log_likelihood,
    "interval-regression-accuracy": interval_regression_accuracy,
    "median-ae": median_ae,
    "max-error": max_error,
    "wape": wape,
    "rse": rse,
    "rae": rae,
    "nrmse": nrmse,
    "minkowski": minkowski,
    "r2": r2,
    "explained-variance": explained_variance,
    "d2-absolute-error": d2_absolute_error,
    "d2-pinball": d2_pinball,
    "d2-tweedie": d2_tweedie,
    "pearson": pearson,
    "spearman": spearman,
    "kendall": kendall,
    "accuracy": accuracy,
    "top-k-accuracy": top_k_accuracy,
    "balanced-accuracy": balanced_accuracy,
    "balanced-error-rate": balanced_error_rate,
    "mcc": mcc,
    "kappa": kappa,
    "precision": precision,
    "recall": recall,
    "specificity": specificity,
    "f1": fbeta,
    "fbeta": fbeta,
    "class-jaccard": class_jaccard,
    "roc-auc": roc_auc,
    "average-precision": average_precision,
    "normalized-gini": normalized_gini,
    "label-ranking-average-precision": label_ranking_average_precision,
    "ece": ece,
    "perplexity": perplexity,
    "d2-log-loss": d2_log_loss,
    "d2-brier": d2_brier,
    "pooled-dice": pooled_dice,
    "pooled-tversky": pooled_tversky,
}
"""Score -> its value from rows (true, predicted, weight)."""

WHOLE_ROWS = ("label-ranking-average-precision",)
"""Scores of rows on both sides that are not taken element by element."""

COLUMNS: dict[str, Callable[..., float]] = {"rmse-by-column": rmse}
"""Name -> its definition of one output column; the score is the mean over the columns."""

QUERIES: dict[str, Callable[..., float]] = {
    "dcg": of_queries(lambda grades, *, k, gain, **_: gained(grades, k, gain)),
    "ndcg": of_queries(_ndcg),  # type: ignore[arg-type]  # None: nothing relevant
    "precision-at-k": of_queries(_precision),
    "recall-at-k": of_queries(_recall_at_k),  # type: ignore[arg-type]  # as above
    "map": of_queries(_map),  # type: ignore[arg-type]  # as above
    "mrr": of_queries(_mrr),  # type: ignore[arg-type]  # as above
    "hit-rate": of_queries(_hit_rate),  # type: ignore[arg-type]  # as above
    "err": of_queries(_err),
    "pfound": of_queries(_pfound),
    "query-rmse": by_query(query_rmse),
    "query-pinball": by_query(query_pinball),
    "query-softmax": by_query(query_softmax),
    "query-crossentropy": by_query(query_crossentropy),
    "query-pair-logit": by_query(query_pair_logit),
    "pair-accuracy": by_query(pair_accuracy),
    "query-auc": by_query(query_auc),
}
"""Score -> its value from queries, each a list of (grade, score) with a weight."""
