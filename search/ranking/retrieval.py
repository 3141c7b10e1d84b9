"""What the arms bring in, fused, for a search and for a match alike; the filter binds in each arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from search.backends.base import Document, LexicalQuery, ScoredDoc, SearchIndex
from search.backends.filters import Filter
from search.ranking.fusion import reciprocal_rank_fusion

Vector = NDArray[np.float32]


def bring_in(
    index: SearchIndex,
    asked: Mapping[str, LexicalQuery],
    vector: Vector,
    condition: Filter,
    *,
    depth: int,
    weights: Mapping[str, float],
) -> dict[str, list[ScoredDoc]]:
    """Return the list of each arm by its name, and the fused one as `fused`.

    Args:
        index: what is asked.
        asked: name of an arm to its query, such as `words` and `concepts`.
        vector: float32, (dim,); a zero vector has no neighbours, and the arm `meaning` is absent.
        condition: hard filter.
        depth: how many documents each arm brings in.
        weights: what a place in an arm's list counts.
    """
    arms = {name: index.lexical(query, condition, depth) for name, query in asked.items()}
    if np.any(vector):
        arms["meaning"] = index.nearest(vector, condition, depth)
    fused = reciprocal_rank_fusion(
        [[doc.doc_id for doc in arm] for arm in arms.values()],
        [weights[name] for name in arms],
    )
    arms["fused"] = [ScoredDoc(doc_id, score) for doc_id, score in fused]
    return arms


def with_cosines(
    index: SearchIndex, doc_ids: Sequence[str], vector: Vector
) -> list[tuple[Document, float]]:
    """Return the documents that are there, in this order, each with its cosine."""
    cosines = index.similarities(vector, doc_ids)
    documents = index.get(doc_ids)
    return [
        (documents[doc_id], cosines.get(doc_id, 0.0)) for doc_id in doc_ids if doc_id in documents
    ]
