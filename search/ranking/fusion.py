"""Reciprocal rank fusion of the arms' lists, each with a weight.

    score(d) = sum over arms a of weight_a / (60 + rank_a(d))

Source: Cormack, Clarke & Buettcher (SIGIR 2009), "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods", equation 1 (there all weights are 1).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import repeat

#: The paper's constant k, called otherwise here because k is a cut-off everywhere else.
RANK_CONSTANT = 60


def reciprocal_rank_fusion(
    runs: Iterable[Sequence[str]], weights: Iterable[float] = repeat(1.0)
) -> list[tuple[str, float]]:
    """Fuse ranked lists of ids; best first, ties by id.

    The order in which the lists are given does not matter.

    Args:
        runs: the lists.
        weights: one a list.

    Examples:
        >>> reciprocal_rank_fusion([["a", "b"], ["b"]])[0][0]
        'b'
    """
    parts: defaultdict[str, list[float]] = defaultdict(list)
    for run, weight in zip(runs, weights, strict=False):
        for rank, doc_id in enumerate(run, start=1):
            parts[doc_id].append(weight / (RANK_CONSTANT + rank))
    # Exact, so that the order of the lists cannot decide a tie by the last digit.
    scores = {doc_id: math.fsum(found) for doc_id, found in parts.items()}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
