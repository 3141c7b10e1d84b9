"""The outbox keeps what an index lacks: the one in use, the one before, the one being built."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest import projector as module
from ingest.building import build, check_index, open_current, rebuild
from ingest.projector import Projector
from search.backends.base import SearchBackend
from search.embedding.base import Encoder
from search.records.database import open_database
from search.records.errors import OutboxPrunedError
from search.records.models import Candidate
from search.records.store import RecordStore
from tests.embedded_indexes import indexes_in


class Clock:
    """Says what time it is, and can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[RecordStore]:
    database = open_database(f"sqlite:///{tmp_path / 'bole.db'}")
    yield RecordStore(database, now=clock)
    database.close()


@pytest.fixture
def run_once(store: RecordStore, encoder: Encoder, tmp_path: Path) -> Callable[[], None]:
    """Let a server's projector take one turn on the index in use."""

    def run() -> None:
        indexes = indexes_in(tmp_path / "index", encoder)
        backend = open_current(indexes, writable=True)
        try:
            follow(store, backend, encoder, lambda: indexes.consumer(backend.name))
        finally:
            backend.close()

    return run


def follow(
    store: RecordStore, backend: SearchBackend, encoder: Encoder, consumer: Callable[[], str]
) -> None:
    turns = iter([True, False])
    wake = threading.Event()
    projector = Projector(store, backend, encoder, consumer=consumer)
    projector.ensure_roles()
    projector.run_forever(threading.Event(), wake, lambda: next(turns))


def add(store: RecordStore, count: int) -> None:
    store.put_many([Candidate(headline=f"zebra {n}") for n in range(count)], "me")


@pytest.fixture(autouse=True)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let changes be removed as soon as every index has them, but for the test of that."""
    if "days" not in request.node.name:
        monkeypatch.setattr(module, "LEAST_AGE_DAYS", 0.0)


def test_changes_of_the_last_days_stay(
    store: RecordStore, run_once: Callable[[], None], clock: Clock
) -> None:
    add(store, 9)
    run_once()
    assert store.pruned_upto() == 0
    clock.ahead = timedelta(days=2.9)
    add(store, 1)
    run_once()
    assert store.pruned_upto() == 0
    clock.ahead = timedelta(days=3.1)
    run_once()
    assert store.pruned_upto() == 9


def test_what_every_index_has_is_removed(store: RecordStore, run_once: Callable[[], None]) -> None:
    add(store, 9)
    run_once()
    (consumer,) = store.consumers()
    assert consumer.position == 9
    # The newest row says where the records end.
    assert store.pruned_upto() == 8
    assert store.last_sequence() == 9


def test_one_can_go_back_without_building_anew(
    store: RecordStore, encoder: Encoder, tmp_path: Path, run_once: Callable[[], None]
) -> None:
    indexes = indexes_in(tmp_path / "index", encoder)
    add(store, 4)
    run_once()
    rebuild(indexes, store, encoder)
    add(store, 5)
    run_once()
    assert store.last_sequence() == 9
    assert store.pruned_upto() == 4  # the index before is waited for
    indexes.rollback()
    run_once()
    with_all = open_current(indexes, writable=False)
    assert with_all.watermark() == 9
    assert check_index(store, with_all).is_equal
    with_all.close()


def test_an_index_being_built_is_waited_for(
    store: RecordStore, encoder: Encoder, tmp_path: Path, run_once: Callable[[], None]
) -> None:
    """A build of hours begins at a number that the projector in use would have pruned."""
    indexes = indexes_in(tmp_path / "index", encoder)
    add(store, 4)
    run_once()

    def others_go_on(read: int) -> None:
        if read == 4:
            add(store, 3)
            run_once()

    name = build(indexes, store, encoder, on_progress=others_go_on)
    assert store.pruned_upto() == 4
    built = indexes.open(name, writable=False)
    assert built.watermark() == store.last_sequence() == 7
    built.close()


def test_an_index_that_was_not_heard_of_for_long_is_not_waited_for(
    store: RecordStore, encoder: Encoder, tmp_path: Path, run_once: Callable[[], None], clock: Clock
) -> None:
    indexes = indexes_in(tmp_path / "index", encoder)
    add(store, 4)
    run_once()
    before = indexes.current()
    assert before is not None
    rebuild(indexes, store, encoder)
    clock.ahead = timedelta(days=8)
    add(store, 5)
    run_once()
    assert store.pruned_upto() == 8
    late = indexes.open(before, writable=True)
    with pytest.raises(OutboxPrunedError, match="anew"):
        Projector(store, late, encoder).catch_up()
    # A server's thread ends there, for whoever started it to build another.
    projector = Projector(store, late, encoder)
    projector.run_forever(threading.Event(), threading.Event())
    late.close()


def test_a_projector_reports_now_and_then_and_not_at_every_turn(
    store: RecordStore, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexes = indexes_in(tmp_path / "index", encoder)
    backend = open_current(indexes, writable=True)
    turns = iter([True] * 3 + [False])

    def another_turn() -> bool:
        add(store, 1)
        return next(turns)

    monkeypatch.setattr(module, "POLL_S", 0.001)
    projector = Projector(store, backend, encoder, consumer=lambda: "index-1")
    projector.run_forever(threading.Event(), threading.Event(), another_turn)
    (consumer,) = store.consumers()
    assert (consumer.position, backend.watermark()) == (1, 3)
    backend.close()
