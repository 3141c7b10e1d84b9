"""Hard negatives from the lexical arm: which pairs of a source look alike and are about different things.

Neighbours by character n-grams (tf-idf, cosine). A batch that holds several of them makes the model tell
apart what a lexical search confuses, at no cost: they are in-batch negatives, not further texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

_NGRAMS = (2, 3)
# Endings such as "er " would make every text a neighbour of every other, and the search slow.
_TOO_FREQUENT = 0.03
_CHUNK = 512
# Above this two texts of different keys mean the same as a rule: a false negative.
_ALIKE = 0.8
_DIFFERENT = 0.15


def neighbours(texts: Sequence[str], count: int = 12) -> list[list[int]]:
    """Return for each text the positions of those that look most like it, nearest first.

    Args:
        texts: one a pair.
        count: how many at most; those too alike to be about something else are left out.
    """
    rows = TfidfVectorizer(
        analyzer="char_wb", ngram_range=_NGRAMS, min_df=2, max_df=_TOO_FREQUENT, dtype=np.float32
    ).fit_transform(texts)
    found: list[list[int]] = []
    for start in range(0, rows.shape[0], _CHUNK):
        scores: csr_matrix = rows[start : start + _CHUNK] @ rows.T
        for offset in range(scores.shape[0]):
            begin, end = scores.indptr[offset], scores.indptr[offset + 1]
            values, columns = scores.data[begin:end], scores.indices[begin:end]
            near = (values < _ALIKE) & (values > _DIFFERENT) & (columns != start + offset)
            values, columns = values[near], columns[near]
            found.append(columns[np.argsort(-values, kind="stable")[:count]].tolist())
    return found
