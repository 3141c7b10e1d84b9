"""An index of which only a part can be seen: the one place where the owner's filter is added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.backends.base import Document, LexicalQuery, ScoredDoc, SearchIndex, Vector
from search.backends.filters import EVERYTHING, And, Filter, matches


class ScopedIndex:
    """Answers from what passes the scope; for everything else it is as if it were not there.

    Whoever searches is given this one, so that no question, count or facet can go past the scope.

    Args:
        backend: the whole index; written and closed by others.
        scope: what may be seen.
    """

    def __init__(self, backend: SearchIndex, scope: Filter) -> None:
        self._backend = backend
        self._scope = scope

    def lexical(self, query: LexicalQuery, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k best in scope. See `SearchIndex.lexical`."""
        return self._backend.lexical(query, self._within(condition), k)

    def nearest(self, vector: Vector, condition: Filter, k: int) -> list[ScoredDoc]:
        """Return the k nearest in scope. See `SearchIndex.nearest`."""
        return self._backend.nearest(vector, self._within(condition), k)

    def similarities(
        self, vector: Vector, doc_ids: Sequence[str], condition: Filter = EVERYTHING
    ) -> dict[str, float]:
        """Return the cosine to those of the documents that are in scope."""
        return self._backend.similarities(vector, doc_ids, self._within(condition))

    def get(self, doc_ids: Sequence[str]) -> dict[str, Document]:
        """Return those of the documents that are in scope."""
        return {
            doc_id: document
            for doc_id, document in self._backend.get(doc_ids).items()
            if matches(self._scope, document)
        }

    def count(self, condition: Filter) -> int:
        """Return how many documents in scope pass the filter."""
        return self._backend.count(self._within(condition))

    def facets(
        self,
        condition: Filter,
        fields: Sequence[str],
        size: int,
        selected: Mapping[str, Filter] | None = None,
    ) -> dict[str, dict[str, int]]:
        """Return the most frequent values within the scope. See `SearchIndex.facets`."""
        return self._backend.facets(self._within(condition), fields, size, selected)

    def doc_ids(self) -> set[str]:
        """Return the ids of the documents in scope."""
        return set(self.get(sorted(self._backend.doc_ids())))

    def watermark(self) -> int:
        """Return the outbox sequence up to which records are in the index."""
        return self._backend.watermark()

    def refresh(self) -> None:
        """Let later reads see what was committed."""
        self._backend.refresh()

    def _within(self, condition: Filter) -> Filter:
        return self._scope if condition == EVERYTHING else And((self._scope, condition))
