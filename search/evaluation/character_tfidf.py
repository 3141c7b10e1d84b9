"""The baseline that knows nothing but spelling: tf-idf over character n-grams, cosine.

n from 1 to 4 inside words (blank-padded), tf as 1 + ln(count), idf as ln((1 + N) / (1 + df)) + 1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from search.text.normalise import normalise

_LONGEST = 4


def rank(queries: Sequence[str], documents: Sequence[str]) -> NDArray[np.float32]:
    """Return the cosine of every query to every document: float32, (len(queries), len(documents))."""
    bags = [_bag(text) for text in documents]
    frequency = Counter(gram for bag in bags for gram in bag)
    columns = {gram: column for column, gram in enumerate(frequency)}
    idf = np.array([math.log((1 + len(bags)) / (1 + count)) + 1 for count in frequency.values()])
    left = _matrix([_bag(text) for text in queries], columns, idf)
    return np.asarray((left @ _matrix(bags, columns, idf).T).toarray(), np.float32)


def _bag(text: str) -> Counter[str]:
    return Counter(_grams(normalise(text).text))


def _grams(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for length in range(1, _LONGEST + 1):
            grams = (padded[at : at + length] for at in range(len(padded) - length + 1))
            yield from (gram for gram in grams if not gram.isspace())


def _matrix(
    bags: Sequence[Counter[str]], columns: dict[str, int], idf: NDArray[np.float64]
) -> csr_matrix:
    values: list[float] = []
    at: list[int] = []
    ends = [0]
    for bag in bags:
        known = [(columns[gram], count) for gram, count in bag.items() if gram in columns]
        weights = [(1 + math.log(count)) * idf[column] for column, count in known]
        norm = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
        values += [weight / norm for weight in weights]
        at += [column for column, _ in known]
        ends.append(len(at))
    return csr_matrix((values, at, ends), shape=(len(bags), len(columns)), dtype=np.float32)
