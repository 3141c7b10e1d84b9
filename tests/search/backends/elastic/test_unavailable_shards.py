"""A part of the index is not there, or all of it: every question says so, none is answered from the rest."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from search.backends.base import IndexMissingError, IndexUnavailableError, SearchBackend
from search.backends.elastic.backend import ElasticBackend
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.elastic.mapping import index_mapping, index_settings
from search.backends.filters import EVERYTHING, Term
from tests.search.backends.elastic.documents import COMMON, MANIFEST, document, vector
from tests.servers.faults import Answer
from tests.servers.proxy import FaultyProxy

IDS = [f"x:{number}" for number in range(20)]

QUESTIONS: dict[str, Callable[[SearchBackend], object]] = {
    "lexical": lambda backend: backend.lexical(COMMON, EVERYTHING, 10),
    "nearest": lambda backend: backend.nearest(vector(1), EVERYTHING, 10),
    "similarities": lambda backend: backend.similarities(vector(1), IDS),
    "get": lambda backend: backend.get(IDS),
    "count": lambda backend: backend.count(Term("kind", ("k",))),
    "facets": lambda backend: backend.facets(EVERYTHING, ["kind"], 5),
    "ids": lambda backend: backend.doc_ids(),
}


@pytest.fixture
def partial(gateway: Gateway, direct: httpx.Client, prefix: str) -> ElasticBackend:
    """A backend on an index of five shards, for the last of which there is no place on the node."""
    settings = {**index_settings(5), "routing.allocation.total_shards_per_node": 4}
    body = {"settings": {"index": settings}, "mappings": index_mapping(MANIFEST, "flat")}
    name = f"{prefix}-partial"
    direct.put(f"/{name}", params={"wait_for_active_shards": "0"}, json=body).raise_for_status()
    wait = {"wait_for_active_shards": "4", "timeout": "20s"}
    health = direct.get(f"/_cluster/health/{name}", params=wait).json()
    assert (health["active_primary_shards"], health["unassigned_shards"]) == (4, 1)
    return ElasticBackend(gateway, name, MANIFEST, shards=5)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_is_answered_from_a_part(partial: ElasticBackend, question: str) -> None:
    with pytest.raises(IndexUnavailableError, match="try again"):
        QUESTIONS[question](partial)


def test_an_index_that_is_gone_is_said_so(indexes: ElasticIndexes, direct: httpx.Client) -> None:
    name = indexes.create(0)
    indexes.promote(name)
    reader = indexes.open(name, writable=False)
    direct.delete(f"/{name}").raise_for_status()
    for question in QUESTIONS.values():
        with pytest.raises(IndexMissingError, match="bole index build"):
            question(reader)
    with pytest.raises(IndexMissingError, match="bole index build"):
        reader.refresh()


def test_a_writer_does_not_make_up_an_index_that_is_gone(
    indexes: ElasticIndexes, direct: httpx.Client
) -> None:
    """Where the server makes indices by itself it would have a mapping that nobody wrote."""
    name = indexes.create(0)
    indexes.promote(name)
    writer = indexes.open(name, writable=True)
    direct.delete(f"/{name}").raise_for_status()
    writes: tuple[Callable[[], object], ...] = (
        lambda: writer.upsert([document(1)]),
        lambda: writer.delete({"x:1": 2}),
        lambda: writer.commit(3),
    )
    for write in writes:
        with pytest.raises(IndexMissingError, match="bole index build"):
            write()
    assert direct.head(f"/{name}").status_code == 404


def test_what_a_shard_says_for_itself_is_heard(
    indexes: ElasticIndexes, proxy: FaultyProxy, prefix: str
) -> None:
    """The answer as a whole is 200; the watermark must not pass for that of a new index."""
    name = indexes.create(0)
    indexes.promote(name)
    faulty = ElasticIndexes(Gateway(Connection(proxy.url)), MANIFEST, prefix=prefix)
    writer = faulty.open(name, writable=True)
    error = {"type": "no_shard_available_action_exception", "reason": "injected by the test"}
    broken = Answer(200, {"docs": [{"_index": name, "_id": "x:1", "error": error}]})
    proxy.faults(lambda number, method, path: broken if path.endswith("/_mget") else None)
    for ask in (
        lambda: faulty.open(name, writable=False),
        lambda: writer.upsert([document(1)]),
        lambda: writer.get(["x:1"]),
        writer.refresh,
    ):
        with pytest.raises(IndexUnavailableError, match="no_shard_available"):
            ask()
    faulty.close()
