"""Vector recall of Elasticsearch against exact comparison, at every filter width, in one merged segment.

One merged segment is the hard case: a graph over everything, of which a filter leaves a part.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from search.backends.base import Document, Manifest, SearchBackend
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.filters import EVERYTHING, Filter, Range, Term

DIM, DOCUMENTS, QUERIES, K = 96, 20_000, 40, 100
MANIFEST = Manifest(schema=1, tokeniser="t", model="m", dim=DIM, taxonomies="x")


def clustered(random: np.random.Generator, count: int, centres: NDArray) -> tuple[NDArray, NDArray]:
    """Return unit vectors around centres, as embeddings lie, and the centre of each."""
    chosen = random.integers(0, len(centres), count)
    vectors = centres[chosen] + 0.9 * random.standard_normal((count, DIM))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), chosen


@pytest.fixture(scope="module")
def cloud() -> tuple[NDArray, NDArray, NDArray]:
    random = np.random.default_rng(20261125)
    centres = random.standard_normal((200, DIM))
    vectors, groups = clustered(random, DOCUMENTS, centres)
    queries, _ = clustered(random, QUERIES, centres)
    return vectors, groups, queries


@pytest.fixture(scope="module", params=["flat", "int8_flat", "int8_hnsw"])
def merged(request, elasticsearch, cloud) -> Iterator[SearchBackend]:
    """Index the cloud and merge it: document n holds `years` n, and its centre as `region`."""
    gateway = Gateway(Connection(elasticsearch.url), read_timeout_s=20)
    indexes = ElasticIndexes(
        gateway, MANIFEST, prefix=f"r{uuid.uuid4().hex[:10]}", vectors=request.param
    )
    name = indexes.create(DOCUMENTS)
    backend = indexes.open(name, writable=True)
    order = np.random.default_rng(1).permutation(DOCUMENTS)
    backend.upsert(
        Document(
            f"x:{number}",
            1,
            {},
            {"years": (int(order[number]),), "region": (f"c{cloud[1][number]}",)},
            cloud[0][number],
        )
        for number in range(DOCUMENTS)
    )
    backend.commit(1)
    gateway.write(
        "merge",
        lambda es: es.indices.forcemerge(index=name, max_num_segments=1),
        timeout_s=300,
    )
    backend._show()
    yield backend
    gateway.write("remove", lambda es: es.indices.delete(index=name))
    indexes.close()


def passing(share: float) -> Filter:
    return EVERYTHING if share == 1 else Range("years", None, int(share * DOCUMENTS) - 1)


def recall(backend, condition, cloud, mask) -> float:
    vectors, _, queries = cloud
    rows = np.flatnonzero(mask)
    shares = []
    for query in queries:
        exact = vectors[rows] @ query
        best = {f"x:{rows[place]}" for place in np.argsort(-exact)[:K]}
        found = {hit.doc_id for hit in backend.nearest(query, condition, K)}
        assert len(found) == min(K, len(rows))
        shares.append(len(best & found) / len(best))
    return float(np.mean(shares))


@pytest.mark.parametrize("share", [1.0, 0.5, 0.2, 0.05, 0.005])
def test_recall_at_every_filter_width(merged, cloud, share) -> None:
    order = np.random.default_rng(1).permutation(DOCUMENTS)
    assert recall(merged, passing(share), cloud, order < share * DOCUMENTS) >= 0.98


def test_recall_where_the_filter_goes_with_the_vector(merged, cloud) -> None:
    """A city's people resemble each other: the filter leaves some centres and not the query's own."""
    kept = [f"c{number}" for number in range(30)]
    mask = np.isin(cloud[1], np.arange(30))
    assert recall(merged, Term("region", tuple(kept)), cloud, mask) >= 0.98
