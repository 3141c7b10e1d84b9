"""Another index put to use while a projector runs, or an older copy: it goes on from what is there.

A leader answers searches with the index that it writes to. Where no record changes there are no
commits, and a rebuilt index must not wait for one to be searched.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ingest import projector as module
from ingest.building import build, build_manifest, check_index, open_current
from ingest.projector import Projector
from search.backends.base import IndexMissingError, IndexUnavailableError
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.embedding.base import Encoder
from search.records.database import open_database
from search.records.models import Candidate
from search.records.store import RecordStore
from tests.faults.equality import assert_equal
from tests.search.backends.elastic.own_prefix import own_prefix
from tests.search.backends.elastic.snapshots import snapshot_repository
from tests.servers.elasticsearch import RunningElasticsearch
from tests.servers.faults import Refuse
from tests.servers.proxy import FaultyProxy

PATIENCE_S = 30


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    database = open_database(f"sqlite:///{tmp_path / 'bole.db'}")
    yield RecordStore(database)
    database.close()


@pytest.fixture
def prefix(direct: httpx.Client) -> Iterator[str]:
    """Each test has indices of its own: what is in use before matters here."""
    with own_prefix(direct) as name:
        yield name


@pytest.fixture
def open_indexes(encoder: Encoder, prefix: str) -> Iterator[Callable[[str], ElasticIndexes]]:
    """Gives this test's indices through an address."""
    opened: list[ElasticIndexes] = []

    def give(url: str) -> ElasticIndexes:
        gateway = Gateway(Connection(url), read_timeout_s=20)
        opened.append(ElasticIndexes(gateway, build_manifest(encoder), prefix=prefix))
        return opened[-1]

    yield give
    for indexes in opened:
        indexes.close()


@pytest.fixture
def indexes(
    elasticsearch: RunningElasticsearch, open_indexes: Callable[[str], ElasticIndexes]
) -> ElasticIndexes:
    made = open_indexes(elasticsearch.url)
    made.promote(made.create(0))
    return made


def test_what_changed_while_the_other_was_built_is_not_left_out(
    store: RecordStore, indexes: ElasticIndexes, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FOLLOW_S", 0.0)
    store.add(Candidate(headline="zebra"), "me")
    backend = open_current(indexes, writable=True)
    projector = Projector(store, backend, encoder)
    projector.catch_up()
    built = build(indexes, store, encoder)
    late = store.add(Candidate(headline="late zebra"), "me")
    assert projector.catch_up() == 1
    indexes.promote(built)

    assert projector.catch_up() == 1, "the change that the other index has not"

    reader = indexes.open(built, writable=False)
    assert f"candidate:{late.id}" in reader.doc_ids()
    assert check_index(store, reader).is_equal
    assert projector.state() == module.ProjectorState(late.sequence, 0, {}, "")


def test_the_leader_searches_the_other_soon_though_nothing_changes(
    store: RecordStore, indexes: ElasticIndexes, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FOLLOW_S", 0.1)
    store.add(Candidate(headline="zebra"), "me")
    backend = open_current(indexes, writable=True)
    projector = Projector(store, backend, encoder)
    stop, wake = threading.Event(), threading.Event()
    thread = threading.Thread(target=projector.run_forever, args=(stop, wake))
    thread.start()
    try:
        built = build(indexes, store, encoder)
        assert "role:1" not in backend.doc_ids(), "the one in use has no catalogue rows"
        indexes.promote(built)
        deadline = time.monotonic() + PATIENCE_S
        while "role:1" not in backend.doc_ids():
            assert time.monotonic() < deadline, "it still searches the index before"
            time.sleep(0.05)
    finally:
        stop.set()
        wake.set()
        thread.join(timeout=PATIENCE_S)
    assert not thread.is_alive()
    assert projector.state().error == ""


def test_an_older_copy_that_is_put_back_is_brought_up_to_the_records(
    store: RecordStore,
    indexes: ElasticIndexes,
    elasticsearch: RunningElasticsearch,
    direct: httpx.Client,
    prefix: str,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The index lost and restored from a snapshot while the projector runs on."""
    monkeypatch.setattr(module, "FOLLOW_S", 0.0)
    before, _ = store.put_many([Candidate(headline="zebra"), Candidate(headline="lion")], "me")
    projector = Projector(store, open_current(indexes, writable=True), encoder)
    projector.catch_up()
    with snapshot_repository(elasticsearch, direct, prefix) as repository:
        repository.take("drill")
        store.delete(before.id)
        store.add(Candidate(headline="tiger"), "me")
        projector.catch_up()
        repository.lose()
        store.add(Candidate(headline="while it was lost"), "me")
        with pytest.raises((IndexMissingError, IndexUnavailableError)):
            projector.catch_up()
        repository.restore("drill")
    projector.catch_up()
    assert_equal(store, indexes.open(str(indexes.current()), writable=False))


def test_that_it_cannot_be_asked_is_no_failure_where_there_is_nothing_to_do(
    store: RecordStore,
    indexes: ElasticIndexes,
    elasticsearch: RunningElasticsearch,
    open_indexes: Callable[[str], ElasticIndexes],
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the pauses of a night without the server would keep the first record waiting after it."""
    monkeypatch.setattr(module, "FOLLOW_S", 0.0)
    with FaultyProxy(elasticsearch.url) as proxy:
        backend = open_current(open_indexes(proxy.url), writable=True)
        projector = Projector(store, backend, encoder)
        assert projector.catch_up() == 0
        before = proxy.counts.total()
        proxy.fault = Refuse()
        assert projector.catch_up() == 0
        assert proxy.counts.total() > before, "it did ask"
        store.add(Candidate(headline="zebra"), "me")
        with pytest.raises(IndexUnavailableError):
            projector.catch_up()
        proxy.fault = None
        assert projector.catch_up() == 1
