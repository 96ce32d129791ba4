"""The inputs of scores of queries: grades, scores, and the query that each row belongs to."""

from __future__ import annotations

from typing import Any

import numpy as np
from parity_values import LOGIT_ROWS

_QUERY = [0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 4]
_GRADE = [3.0, 1.0, 0.0, 2.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 1.0, 1.0, 0.0, 2.0]
_BINARY = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0]
_SCORE = [0.5, 0.625, 0.25, 0.125, 0.75, 0.375, 0.5, -1.0, 1.0, 0.5, 0.5, 0.75, 0.875, 0.25]
_GRADE_ROWS = [[1.0, 0.0, 2.0], [0.0, 0.0, 1.0], [3.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
_SCORE_ROWS = [*LOGIT_ROWS[:3], [0.0, 0.25, -0.5], LOGIT_ROWS[4]]

RANKINGS: dict[str, tuple[Any, Any, list[int] | None]] = {
    "ordinary": (_GRADE, _SCORE, _QUERY),
    "binary": (_BINARY, _SCORE, _QUERY),
    "fractions": ((np.array(_GRADE) / 4).tolist(), _SCORE, _QUERY),
    "scattered": (_GRADE[::2] + _GRADE[1::2], _SCORE[::2] + _SCORE[1::2], _QUERY[::2] + _QUERY[1::2]),
    "scattered binary": (
        np.minimum(_GRADE[::2] + _GRADE[1::2], 1).tolist(),
        _SCORE[::2] + _SCORE[1::2],
        _QUERY[::2] + _QUERY[1::2],
    ),
    "rows": (_GRADE_ROWS, _SCORE_ROWS, None),
    "one query": ([0.0, 1.0, 0.0, 2.0, 1.0], [0.5, 0.25, 0.75, 0.625, 0.125], None),
    "one binary query": ([0.0, 1.0, 0.0, 1.0, 1.0], [0.5, 0.25, 0.75, 0.625, 0.125], None),
    "many": ([float(row * 7 % 5 < 2) for row in range(40)], [row * 17 % 41 / 64 for row in range(40)], None),
    "tied": (
        [3.0, 1.0, 0.0, 2.0, 1.0, 0.0, 0.0, 2.0, 1.0, 0.0],
        [0.5, 0.5, 0.5, 0.125, 0.75, 0.75, 0.5, 1.0, 1.0, 1.0],
        [0, 0, 0, 0, 1, 1, 1, 2, 2, 2],
    ),
    "tied binary": (
        [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
        [0.5, 0.5, 0.5, 0.125, 0.75, 0.75, 0.5, 1.0, 1.0, 1.0],
        [0, 0, 0, 0, 1, 1, 1, 2, 2, 2],
    ),
    "nothing": ([0.0, 0.0, 0.0, 0.0], [0.5, 0.25, 0.75, 0.125], [0, 0, 0, 1]),
    "tied rows": ([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]], [[0.5, 0.5, 0.5], [0.75, 0.25, 0.75]], None),
}
"""Name -> grades, scores and queries; without these a row is a query of its own, and single numbers are all one query.

Scores differ within a query unless the name says that they are tied.
"""
