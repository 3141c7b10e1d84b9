"""The measures of the development sets, in numpy: mean average precision, recall and nDCG at a cut-off."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

#: Grade of each document of a query.
Judged = Mapping[str, int]


def average_precision(ranking: Sequence[str], judged: Judged) -> float:
    """Return the mean over the relevant documents of the precision at each one's rank."""
    found = 0
    total = 0.0
    for rank, document in enumerate(ranking, start=1):
        if judged.get(document, 0) > 0:
            found += 1
            total += found / rank
    return total / sum(grade > 0 for grade in judged.values())


def found_within(ranking: Sequence[str], judged: Judged, depth: int) -> float:
    """Return 1 if a relevant document is among the first `depth`, else 0 (recall where one is relevant)."""
    return float(any(judged.get(document, 0) > 0 for document in ranking[:depth]))


def ndcg(ranking: Sequence[str], judged: Judged, depth: int = 10) -> float:
    """Return Järvelin's nDCG: gain is the grade, discount log2(rank + 1)."""

    def gain(grades: Sequence[int]) -> float:
        return sum(grade / math.log2(rank + 2) for rank, grade in enumerate(grades[:depth]))

    best = gain(sorted(judged.values(), reverse=True))
    return gain([judged.get(document, 0) for document in ranking]) / best


def auc(positive: NDArray[np.float32], negative: NDArray[np.float32]) -> float:
    """Return how often a positive's score is above a negative's."""
    difference = positive[:, None] - negative[None, :]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())
