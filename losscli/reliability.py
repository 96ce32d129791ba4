"""How often what was predicted with some probability happened: exact sums for ten equal bins of the probability."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np

from losscli.arrays import Array
from losscli.exact import ExactSum, ratio
from losscli.pictures import Lines, Series

BINS = 10
PERFECT = "perfect"


class Reliability:
    """Sums of weights, truths and probabilities by bin; a bin holds its upper edge, the first 0 as well."""

    def __init__(self) -> None:
        self._counts = np.zeros(BINS, dtype=np.int64)
        self._sums = [[ExactSum() for _ in range(3)] for _ in range(BINS)]

    def update(self, y_true: Array, y_pred: Array, weights: Array | None) -> None:
        """Take some rows: the truth is 0, 1 or a share between them. Rows without a value or a weight do not count."""
        weights = np.ones(len(y_pred)) if weights is None else weights
        known = ~(np.isnan(y_true) | np.isnan(y_pred) | np.isnan(weights) | (weights == 0))
        bins = np.searchsorted(np.arange(1, BINS) / BINS, y_pred)
        for i, sums in enumerate(self._sums):
            one = known & (bins == i)
            self._counts[i] += int(one.sum())
            w = weights[one]
            for k, more in enumerate((ExactSum.of(w), ExactSum.of(w, y_true[one]), ExactSum.of(w, y_pred[one]))):
                sums[k] = sums[k] + more

    def records(self) -> list[dict[str, object]]:
        """Return a record for each bin that holds anything; ``gap`` is what came less what was predicted."""
        return [
            {"bin": _bin(i), "n": n, "weight": weight, "predicted": said, "observed": seen, "gap": seen - said}
            for i, n, weight, said, seen in self._rows()
        ]

    def _rows(self) -> list[tuple[int, int, float, float, float]]:
        return [
            (i, int(n), sums[0].result(), ratio(sums[2], sums[0]), ratio(sums[1], sums[0]))
            for i, (n, sums) in enumerate(zip(self._counts, self._sums, strict=True))
            if n
        ]

    def picture(self) -> Lines:
        """Return the calibration curve, with its table and the expected calibration error in the small print."""
        rows = self._rows()
        whole = sum(weight for _, _, weight, _, _ in rows)
        error = sum(weight * abs(seen - said) for _, _, weight, said, seen in rows) / whole if rows else nan
        table: dict[str, Sequence[object]] = {
            "predicted": [_bin(i) for i, *_ in rows],
            "n": [n for _, n, *_ in rows],
            "mean predicted": [float(f"{said:.4g}") for *_, said, _ in rows],
            "observed": [float(f"{seen:.4g}") for *_, seen in rows],
            "gap": [float(f"{seen - said:.3g}") for *_, said, seen in rows],
        }
        curve = Series("observed", [said for *_, said, _ in rows], [seen for *_, seen in rows], dots=True)
        return Lines(
            "Calibration: how often class 1 came, by its predicted probability",
            "predicted probability of class 1",
            "observed share of class 1",
            [curve, Series(PERFECT, (0.0, 1.0), (0.0, 1.0), faint=True)],
            table=table,
            notes=[f"expected calibration error {error:.4g} in {BINS} bins of one width"],
        )


def _bin(i: int) -> str:
    return f"{'[' if i == 0 else '('}{i / BINS:g}, {(i + 1) / BINS:g}]"
