"""A PostgreSQL server that is lost in every way: nothing hangs, and what is said of the change is true."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import insert, make_url, text

from search.records import postgresql as connecting
from search.records.database import Database, open_database
from search.records.errors import DatabaseUnavailableError
from search.records.models import Candidate
from search.records.store import Outcome, RecordStore
from search.records.tables import OUTBOX
from tests.search.records.tcp_relay import Relay
from tests.servers.postgresql import PostgresqlServer

ME = "me"
#: Ends with a zero; BEGIN ISOLATION LEVEL READ COMMITTED goes over the wire too.
COMMIT = b"COMMIT\0"


@pytest.fixture
def kind() -> str:
    return "postgresql"


@pytest.fixture
def relay(url: str) -> Iterator[Relay]:
    port = make_url(url).port
    assert port is not None
    with Relay(port) as opened:
        yield opened


@pytest.fixture
def relayed(url: str, relay: Relay) -> Iterator[Database]:
    """The same database, over a wire that can be cut."""
    opened = open_database(make_url(url).set(port=relay.port).render_as_string(hide_password=False))
    yield opened
    opened.close()


def seconds_to_fail(call: Callable[[], object]) -> float:
    start = time.monotonic()
    with pytest.raises(DatabaseUnavailableError, match="Nothing was kept") as caught:
        call()
    assert not caught.value.may_be_kept
    return time.monotonic() - start


def test_a_server_that_is_away_and_back(
    fresh_postgresql: Callable[..., PostgresqlServer],
) -> None:
    server = fresh_postgresql(durable=True)
    database = open_database(server.create_database())
    store = RecordStore(database)
    kept = store.add(Candidate(headline="a"), ME)
    for _ in range(2):  # with stale connections in the pools, then with none
        server.stop()
        calls: list[Callable[[], object]] = [
            store.count,
            lambda: store.get(kept.id),
            lambda: store.changes_after(0),
            lambda: store.add(Candidate(headline="b"), ME),
            lambda: store.report_position("index", 1),
        ]
        assert max(seconds_to_fail(call) for call in calls) < 1
        server.start()
        assert store.get(kept.id) == kept
        assert store.add(Candidate(headline="b"), ME).version == 1
        server.stop("immediate")
        server.start()
        assert store.delete(store.page().records[-1].id)  # the writer's connection was stale
        assert store.count() == 1
    server.stop()
    with pytest.raises(DatabaseUnavailableError, match="refused"):
        open_database(str(database.writer.url))
    database.close()


def test_a_server_that_goes_in_the_middle(database: Database, store: RecordStore) -> None:
    def read() -> None:
        with database.reading() as connection:
            end_sessions(database)
            connection.execute(text("SELECT 1"))

    def write() -> None:
        with database.writing() as connection:
            connection.execute(
                insert(OUTBOX).values(record_id="x", kind="x", operation="x", at=text("now()"))
            )
            end_sessions(database)
            connection.execute(text("SELECT 1"))

    assert seconds_to_fail(read) < 1
    assert seconds_to_fail(write) < 1
    assert store.last_sequence() == 0


def end_sessions(database: Database) -> None:
    address = database.writer.url.set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_connection_lost_in_commit_leaves_the_outcome_open(
    store: RecordStore, relay: Relay, relayed: Database, is_kept: bool
) -> None:
    profile = Candidate(key="k", headline="a")
    if is_kept:
        relay.cuts_after = COMMIT
    else:
        relay.cuts_before = COMMIT
    with pytest.raises(DatabaseUnavailableError, match="same key") as caught:
        RecordStore(relayed).put_by_key(profile, ME)
    assert caught.value.may_be_kept
    relay.cuts_after = relay.cuts_before = b""
    deadline = time.monotonic() + 5
    while store.count() < is_kept and time.monotonic() < deadline:
        time.sleep(0.01)  # the server had been sent COMMIT; it may not have come to it
    # As the message says: sent again, it is known.
    again = RecordStore(relayed).put_by_key(profile, ME)
    assert again.outcome is (Outcome.UNCHANGED if is_kept else Outcome.ADDED)
    assert (store.count(), store.last_sequence() > 0) == (1, True)


def test_a_frozen_server_is_not_waited_for(relay: Relay, relayed: Database) -> None:
    """Connections stay open and are accepted, and nothing is answered: TCP sees nothing wrong."""
    store = RecordStore(relayed)
    store.add(Candidate(headline="a"), ME)
    relay.freeze()
    # An open connection is given up after 1 s, a new one after 2.
    assert seconds_to_fail(store.count) < 3.9
    assert seconds_to_fail(store.count) < 2.9
    assert seconds_to_fail(lambda: store.add(Candidate(headline="b"), ME)) < 3.9
    relay.thaw()
    assert store.count() == 1
    store.add(Candidate(headline="b"), ME)


def test_a_server_that_freezes_in_a_statement_is_not_waited_for(
    url: str, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "STATEMENT_TIMEOUT_S", 0.2)
    monkeypatch.setattr(connecting, "_GRACE_S", 0.3)
    database = Database(make_url(url).set(port=relay.port).render_as_string(hide_password=False))

    def read() -> None:
        with database.reading() as connection:
            connection.execute(text("SELECT 1"))
            relay.freeze()
            connection.execute(text("SELECT 1"))

    assert seconds_to_fail(read) < 2
    relay.thaw()
    database.close()


def test_an_address_where_nobody_answers_takes_two_seconds() -> None:
    with Relay(1) as silent:
        silent.freeze()
        database = Database(f"postgresql+psycopg://app:secret@127.0.0.1:{silent.port}/bole")
        assert 1.9 < seconds_to_fail(RecordStore(database).count) < 2.9
        database.close()
