"""A throw-away index of the candidates of a judged set, under the ids that the set gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ingest.building import build_manifest
from ingest.documents import doc_id
from ingest.sides import inline_side
from search.backends.base import SearchBackend
from search.backends.embedded import EmbeddedIndexes
from search.embedding.base import Encoder
from search.embedding.passages import encode_passages
from search.records.models import Candidate

_AT_A_TIME = 64


def judged_index(
    folder: Path, candidates: Mapping[str, Candidate], encoder: Encoder
) -> SearchBackend:
    """Index candidates in a folder and return the index, open; whoever asks closes it."""
    indexes = EmbeddedIndexes(folder, build_manifest(encoder))
    backend = indexes.open(indexes.create(len(candidates)), writable=True)
    sides = [(pid, inline_side(candidate)) for pid, candidate in candidates.items()]
    for start in range(0, len(sides), _AT_A_TIME):
        batch = sides[start : start + _AT_A_TIME]
        vectors = encode_passages(encoder, [side.passages for _, side in batch])
        backend.upsert(
            replace(side.document, doc_id=doc_id("candidate", pid), vector=vector)
            for (pid, side), vector in zip(batch, vectors, strict=True)
        )
    backend.commit(0)
    backend.refresh()
    return backend
