"""The drill: indices kept in a snapshot, lost, and brought back, with all they answered before.

The index is made from the records and can be made again; a snapshot is the faster way back, and it
brings the index back as it was: what came after is told by its watermark, and applied again.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from search.backends.base import (
    IndexMissingError,
    IndexMovedError,
    LexicalQuery,
    SearchBackend,
)
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.filters import EVERYTHING, KEYWORD_FIELDS, Range, Term
from tests.search.backends.elastic.documents import COMMON, MANIFEST, document, vector
from tests.search.backends.elastic.snapshots import Repository, snapshot_repository
from tests.servers.elasticsearch import RunningElasticsearch

MANY = 60


@pytest.fixture
def repository(
    elasticsearch: RunningElasticsearch, direct: httpx.Client, prefix: str
) -> Iterator[Repository]:
    with snapshot_repository(elasticsearch, direct, prefix) as opened:
        yield opened


@pytest.fixture(params=[(1, "flat"), (3, "int8_hnsw")], ids=["1 shard", "graph, 3 shards"])
def two(request: pytest.FixtureRequest, gateway: Gateway, prefix: str) -> ElasticIndexes:
    """An index in use and the one before it, as after a rebuild."""
    shards, vectors = request.param
    made = ElasticIndexes(gateway, MANIFEST, prefix=prefix, shards=shards, vectors=vectors)
    for count, watermark in ((MANY // 2, 1), (MANY, 7)):
        name = made.create(count)
        fill(made.open(name, writable=True), count, watermark)
        made.promote(name)
    return made


def fill(backend: SearchBackend, count: int, watermark: int) -> None:
    backend.upsert(
        document(n, text=f"word{n % 5}", attributes={"kind": (f"k{n % 3}",), "years": (n,)})
        for n in range(count)
    )
    backend.commit(watermark)
    backend.close()


def answers(backend: SearchBackend) -> object:
    """Return what an index answers to questions of every sort."""
    word = LexicalQuery({"text": {"word1": 2.0, "common": 1.0}})
    ids = sorted(backend.doc_ids())
    return (
        backend.watermark(),
        backend.get(ids),
        backend.lexical(COMMON, EVERYTHING, 99),
        backend.lexical(word, Term("kind", ("k1", "k2")), 20),
        backend.nearest(vector(4), EVERYTHING, 99),
        backend.nearest(vector(5), Range("years", 10, 40), 10),
        backend.similarities(vector(6), ids),
        backend.facets(EVERYTHING, KEYWORD_FIELDS, 10),
        backend.count(Range("years", 3, 9)),
    )


def aliases(direct: httpx.Client, prefix: str) -> object:
    return direct.get(f"/{prefix}*/_alias").json()


def in_use(indexes: ElasticIndexes, writable: bool = False) -> SearchBackend:
    name = indexes.current()
    assert name is not None
    return indexes.open(name, writable=writable)


def test_what_was_lost_is_back(
    two: ElasticIndexes, repository: Repository, direct: httpx.Client, prefix: str
) -> None:
    reader = in_use(two)
    before, led = answers(reader), aliases(direct, prefix)
    current, previous = two.current(), two.previous()
    repository.take("drill")
    repository.lose()
    with pytest.raises(IndexMissingError, match="bole index build"):
        reader.count(EVERYTHING)
    assert two.names() == []

    repository.restore("drill")

    assert aliases(direct, prefix) == led
    assert (two.current(), two.previous()) == (current, previous)
    assert answers(in_use(two)) == before
    reader.refresh()
    assert answers(reader) == before, "a server that was running goes on"
    assert two.rollback() == previous
    assert in_use(two).count(EVERYTHING) == MANY // 2


def test_what_came_after_the_snapshot_is_told_by_the_watermark(
    two: ElasticIndexes, repository: Repository
) -> None:
    """So the projector knows from where on to apply changes again, and the end is the same."""
    repository.take("drill")

    def change(backend: SearchBackend) -> None:
        backend.upsert([document(n, 8, text="newer") for n in (0, 1, 200)])
        backend.delete({"x:2": 9})
        backend.commit(9)

    writer = in_use(two, writable=True)
    change(writer)
    after = answers(in_use(two))
    repository.lose()
    repository.restore("drill")
    restored = in_use(two, writable=True)
    assert restored.watermark() == 7
    assert restored.doc_ids() == {f"x:{n}" for n in range(MANY)}
    change(restored)
    assert unscored(answers(in_use(two))) == unscored(after)


def test_a_writer_that_was_running_goes_on_from_what_was_put_back(
    two: ElasticIndexes, repository: Repository
) -> None:
    """Not from the number that it had reached: what came after the snapshot is in no index."""
    repository.take("drill")
    writer = in_use(two, writable=True)
    writer.upsert([document(200, 8)])
    writer.commit(8)
    repository.lose()
    repository.restore("drill")
    writer.upsert([document(201, 9)])
    with pytest.raises(IndexMovedError, match=r"at change 7 now, no longer .* at 8"):
        writer.commit(9)
    assert writer.watermark() == 7
    assert in_use(two).watermark() == 7


def unscored(told: object) -> object:
    """Return answers without BM25 scores, whose idf counts replaced documents until a merge."""
    assert isinstance(told, tuple)
    return (*told[:2], {hit.doc_id for hit in told[2]}, *told[4:])


def test_a_restored_index_can_be_written_and_rebuilt_beside(
    two: ElasticIndexes, repository: Repository
) -> None:
    repository.take("drill")
    repository.lose()
    repository.restore("drill")
    writer = in_use(two, writable=True)
    writer.upsert([document(500, 8)])
    writer.commit(8)
    assert in_use(two).count(EVERYTHING) == MANY + 1
    taken = two.names()
    fresh = two.create(0)
    assert fresh > max(taken)
    two.promote(fresh)
    assert two.previous() == taken[-1]
