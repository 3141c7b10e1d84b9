"""Elasticsearch killed, and frozen, in the middle of projecting: records go on, searches say so.

Afterwards the projector catches up by itself, and the index equals the records.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest import projector as module
from ingest.building import build_manifest, open_current
from ingest.projector import Projector
from search.backends.base import IndexUnavailableError, LexicalQuery, SearchBackend
from search.backends.elastic.bulk import BulkLimits
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import READ_TIMEOUT_S, Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.filters import EVERYTHING, Term
from search.embedding.base import Encoder
from search.records.database import open_database
from search.records.models import Candidate
from search.records.store import RecordStore
from tests.faults.equality import assert_equal
from tests.servers.elasticsearch import ElasticsearchServer

#: What a search may take to say that the index is away: its deadline, and what a busy machine adds.
LONGEST_S = READ_TIMEOUT_S + 3
#: What storing a record may take while the index is away: it has nothing to do with it.
LONGEST_WRITE_S = 10.0
PATIENCE_S = 90
#: Many small requests, so that there is a middle to be killed in.
WRITE_TIMEOUT_S = 4.0
LIMITS = BulkLimits(items=5, in_flight=2, request_timeout_s=WRITE_TIMEOUT_S, patience_s=1)
ROWS_A_COMMIT = 15
BACKLOG = 300


@pytest.fixture(scope="module")
def server(fresh_elasticsearch: Callable[..., ElasticsearchServer]) -> ElasticsearchServer:
    return fresh_elasticsearch()


@pytest.fixture
def open_indexes(
    server: ElasticsearchServer, encoder: Encoder, request: pytest.FixtureRequest
) -> Iterator[Callable[..., ElasticIndexes]]:
    """Gives this test's indices, with the arguments of `Gateway`; they go with the server."""
    opened: list[ElasticIndexes] = []

    def give(**options: Any) -> ElasticIndexes:
        gateway = Gateway(Connection(server.url), **options)
        manifest, prefix = build_manifest(encoder), f"bole-{request.node.callspec.params['how']}"
        opened.append(ElasticIndexes(gateway, manifest, prefix=prefix, limits=LIMITS))
        return opened[-1]

    yield give
    for indexes in opened:
        indexes.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    database = open_database(f"sqlite:///{tmp_path / 'bole.db'}")
    yield RecordStore(database)
    database.close()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The projector's longest pause is right for nights and long for a test."""
    monkeypatch.setattr(module, "LONGEST_PAUSE_S", 1.0)


@contextmanager
def following(projector: Projector) -> Iterator[None]:
    """Let the projector run as it does in a server."""
    stop, wake = threading.Event(), threading.Event()
    thread = threading.Thread(target=projector.run_forever, args=(stop, wake))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        wake.set()
        thread.join(timeout=PATIENCE_S)
    assert not thread.is_alive()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def store_some(store: RecordStore, word: str) -> list[str]:
    """Add, replace and delete records, each in time; return the ids of those that stay."""
    kept = []
    for number in range(10):
        began = time.monotonic()
        added = store.add(Candidate(headline=f"{word} {number}"), "me")
        if number % 3 == 0:
            store.replace(added.id, Candidate(headline=f"{word} again {number}"), 1)
        if number % 5 == 4:
            store.delete(added.id)
        else:
            kept.append(added.id)
        assert time.monotonic() - began < LONGEST_WRITE_S
    return kept


def searches(backend: SearchBackend, encoder: Encoder) -> dict[str, Callable[[], object]]:
    """Return everything that a search asks of an index, by name."""
    (vector,) = encoder.encode_queries(["zebra"])
    query = LexicalQuery({"title": {"zebra": 1.0}})
    return {
        "lexical": lambda: backend.lexical(query, EVERYTHING, 10),
        "nearest": lambda: backend.nearest(vector, EVERYTHING, 10),
        "similarities": lambda: backend.similarities(vector, ["candidate:x"]),
        "get": lambda: backend.get(["candidate:x"]),
        "count": lambda: backend.count(Term("owner", ("me",))),
        "facets": lambda: backend.facets(EVERYTHING, ["kind"], 5),
        "ids": backend.doc_ids,
        "watermark": backend.refresh,
    }


def assert_searches_say_so(backend: SearchBackend, encoder: Encoder) -> None:
    for name, ask in searches(backend, encoder).items():
        began = time.monotonic()
        with pytest.raises(IndexUnavailableError, match=r"try again|see whether it runs"):
            ask()
        assert time.monotonic() - began < LONGEST_S, name


def all_answer(backend: SearchBackend, encoder: Encoder) -> bool:
    try:
        for ask in searches(backend, encoder).values():
            ask()
    except IndexUnavailableError:
        return False
    return True


def opened(indexes: ElasticIndexes, *, writable: bool) -> SearchBackend:
    """Open the index in use as a server does, which tries again where a busy machine takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return open_current(indexes, writable=writable)
        except IndexUnavailableError:
            assert time.monotonic() < deadline, "the index cannot be opened"


def is_level(projector: Projector) -> bool:
    state = projector.state()
    return state.behind == 0 and not state.error


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_the_server_is_away_in_the_middle_of_projecting(
    server: ElasticsearchServer,
    open_indexes: Callable[..., ElasticIndexes],
    store: RecordStore,
    encoder: Encoder,
    how: str,
) -> None:
    store.put_many([Candidate(headline=f"zebra {n}") for n in range(BACKLOG)], "me")
    # As in production but for the writes, whose 30 s are long for a test; and one that looks on.
    indexes = open_indexes(write_timeout_s=WRITE_TIMEOUT_S)
    patient = open_indexes(read_timeout_s=PATIENCE_S, write_timeout_s=PATIENCE_S)
    open_current(patient, writable=True).close()
    checker = open_current(patient, writable=False)
    backend, reader = opened(indexes, writable=True), opened(indexes, writable=False)
    projector = Projector(store, backend, encoder, batch=ROWS_A_COMMIT)
    with following(projector):
        wait_until(lambda: backend.watermark() > 0, "nothing is projected")
        server.kill() if how == "killed" else server.pause()
        reached = backend.watermark()
        assert 0 < reached < BACKLOG, "it was not in the middle"
        kept = store_some(store, "away")
        assert_searches_say_so(reader, encoder)
        wait_until(lambda: projector.state().error != "", "the projector does not notice")
        assert "IndexUnavailableError" in projector.state().error
        kept += store_some(store, "still away")
        assert_searches_say_so(reader, encoder)

        server.start() if how == "killed" else server.resume()

        kept += store_some(store, "back")
        wait_until(lambda: is_level(projector), "the projector does not catch up")
        wait_until(lambda: all_answer(reader, encoder), "searches do not come back")
    assert_equal(store, checker)
    assert {f"candidate:{record_id}" for record_id in kept} <= checker.doc_ids()
    assert checker.watermark() > reached
