"""Scores of several engines made comparable: rounded, then ties by id."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.backends.base import ScoredDoc

#: Hits asked for beyond k, to see whether the k-th is tied with the next.
TIE_MARGIN = 16
#: Decimals of a cosine that mean anything after float16; equal vectors must tie exactly.
COSINE_DECIMALS = 6


def rounded(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to 18 bits: far finer than any difference that means something.

    A float32 sum differs in the last bits with the order in which its terms were added.
    """
    mantissas, exponents = np.frexp(scores)
    result: NDArray[np.float64] = np.ldexp(np.round(mantissas * 2**18), exponents - 18)
    return result


def best_documents(ids: Sequence[str], scores: NDArray[np.float64], k: int) -> list[ScoredDoc]:
    """Return the k best, ties by id ascending; equal scores must be equal to the last bit."""
    if len(ids) > k:
        edge = np.partition(scores, len(ids) - k)[len(ids) - k]
        places = np.flatnonzero(scores >= edge).tolist()
    else:
        places = list(range(len(ids)))
    values = scores.tolist()
    ranked = sorted((-values[place], ids[place]) for place in places)
    return [ScoredDoc(doc_id, -negated) for negated, doc_id in ranked[:k]]
