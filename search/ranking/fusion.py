"""Reciprocal rank fusion of the arms' lists.

Source: Cormack, Clarke & Buettcher (SIGIR 2009), "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods", equation 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

#: The paper's constant k, called otherwise here because k is a cut-off everywhere else.
RANK_CONSTANT = 60


def reciprocal_rank_fusion(runs: Iterable[Sequence[str]]) -> list[tuple[str, float]]:
    """Fuse ranked lists of ids; best first, ties by id.

    The order in which the lists are given does not matter.

    Examples:
        >>> reciprocal_rank_fusion([["a", "b"], ["b"]])[0][0]
        'b'
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for run in runs:
        for rank, doc_id in enumerate(run, start=1):
            scores[doc_id] += 1 / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
