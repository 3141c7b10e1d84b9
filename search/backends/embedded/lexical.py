"""The best documents by BM25 among those that pass a filter.

Under a filter tantivy scores every match; without one it passes over most (block-max WAND, Ding and
Suel 2011). So where a good share passes, the best of all are asked for and those that do not pass
are dropped: the scores are the same, as a filter adds nothing to them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Query

from search.backends.base import LexicalQuery
from search.backends.embedded.columns import Mask
from search.backends.embedded.queries import lexical_query
from search.backends.embedded.schema import ORDINAL
from search.backends.embedded.vectors import RowsView
from search.backends.filters import EVERYTHING, Filter
from search.backends.ties import TIE_MARGIN, rounded

#: From this share of passing documents on, the best of all are asked for first.
WIDE = 0.05
#: Times the expected number that are asked for at first; then, once, four times as many.
SLACK = 1.5

Found = tuple[NDArray[np.int64], NDArray[np.float64]]


def best_ordinals(
    schema: tantivy.Schema,
    searcher: tantivy.Searcher,
    rows: RowsView,
    query: LexicalQuery,
    condition: Filter,
    k: int,
) -> Found:
    """Return the ordinals of at least the k best, ties with the k-th included, and their scores.

    Tantivy breaks ties by its own order, so a few more than k are asked for, and more again as long
    as the last of them ties with the k-th. Scores are rounded to 18 bits first: float32 sums differ
    in the last ones with the order in which terms were added.

    Returns:
        int64 and float64, the same length, the best first; fewer than k where no more match.
    """
    for asked, limit in _attempts(rows, condition, k):
        compiled = lexical_query(schema, searcher, query, asked)
        if compiled is None:
            break
        ordinals, scores = _best(searcher, compiled, limit)
        passing = rows.passing_ordinals(ordinals, condition)
        if _is_enough(scores, passing, limit, k):
            return _tied(ordinals[passing], scores[passing], k)
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float64)


def _attempts(rows: RowsView, condition: Filter, k: int) -> Iterator[tuple[Filter, int]]:
    """Yield what to ask tantivy for, one after the other until it is enough: a filter, and how many."""
    share = rows.count_passing(condition) / max(1, rows.count)
    if share >= WIDE:
        expected = int(SLACK * k / share) + TIE_MARGIN
        yield EVERYTHING, expected
        yield EVERYTHING, 4 * expected
    limit = k + TIE_MARGIN
    while True:
        yield condition, limit
        # Each time every match is scored again, and thousands may tie in a search for a concept.
        limit *= 16


def _best(searcher: tantivy.Searcher, compiled: Query, limit: int) -> Found:
    hits = searcher.search(compiled, limit, count=False).hits
    ordinals = searcher.fast_field_values(ORDINAL, [address for _, address in hits])
    scores = rounded(np.array([score for score, _ in hits], dtype=np.float64))
    return np.array(ordinals, dtype=np.int64), scores


def _is_enough(scores: NDArray[np.float64], passing: Mask, limit: int, k: int) -> bool:
    """Say whether nothing further down could be among the k best or tie with the k-th."""
    if len(scores) < limit:
        return True
    kept = scores[passing]
    return len(kept) >= k and bool(scores[-1] < kept[k - 1])


def _tied(ordinals: NDArray[np.int64], scores: NDArray[np.float64], k: int) -> Found:
    kept = int(np.count_nonzero(scores >= scores[k - 1])) if len(scores) > k else len(scores)
    return ordinals[:kept], scores[:kept]
