"""PostgreSQL as records need it: what sessions are told, and what its refusals become."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from sqlalchemy import insert, make_url, text
from sqlalchemy.exc import DBAPIError

from search.records import postgresql as connecting
from search.records.database import Database, open_database
from search.records.errors import (
    DatabaseBusyError,
    DatabaseUnavailableError,
    DatabaseUrlError,
    StorageFullError,
)
from search.records.models import Candidate
from search.records.store import RecordStore
from search.records.tables import OUTBOX

ME = "me"


@pytest.fixture
def kind() -> str:
    return "postgresql"


def settings_of(database: Database, engine: str) -> dict[str, str]:
    names = (
        "transaction_isolation",
        "transaction_read_only",
        "lock_timeout",
        "statement_timeout",
        "idle_in_transaction_session_timeout",
        "timezone",
        "client_encoding",
        "tcp_keepalives_idle",
        "application_name",
    )
    with getattr(database, engine).begin() as connection:
        return {name: connection.execute(text(f"SHOW {name}")).scalar() for name in names}


def test_sessions_are_told_what_they_need(url: str) -> None:
    database = Database(url, turn_timeout_s=4)
    common = {
        "lock_timeout": "4s",
        "idle_in_transaction_session_timeout": "20s",
        "timezone": "UTC",
        "client_encoding": "UTF8",
        "tcp_keepalives_idle": "5",
        "application_name": "bole",
    }
    assert settings_of(database, "reader") == common | {
        "transaction_isolation": "repeatable read",
        "transaction_read_only": "on",
        "statement_timeout": "30s",
    }
    assert settings_of(database, "writer") == common | {
        "transaction_isolation": "read committed",
        "transaction_read_only": "off",
        "statement_timeout": "34s",
    }
    database.close()


def test_what_the_address_says_comes_first(url: str) -> None:
    said = "options=-c%20timezone%3DAsia/Shanghai&application_name=ours&connect_timeout=7"
    database = Database(f"{url.replace('+psycopg', '')}?{said}")
    found = settings_of(database, "reader")
    assert (found["timezone"], found["application_name"]) == ("Asia/Shanghai", "ours")
    assert found["lock_timeout"] == "30s"
    added = RecordStore(database).add(Candidate(headline="a"), ME)
    assert RecordStore(database).get(added.id) == added
    database.close()


def test_an_option_that_nobody_knows_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="colour") as caught:
        Database(f"{url.replace('app@', 'app:secret@')}?colour=blue")
    assert "secret" not in str(caught.value)


def test_a_database_that_cannot_hold_every_character_is_refused(postgresql) -> None:
    with psycopg.connect(postgresql.url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    address = postgresql.url.rpartition("/")[0] + "/latin"
    with pytest.raises(DatabaseUrlError, match="LATIN1"):
        open_database(address)
    postgresql.drop_database(address)


def test_a_user_who_may_not_make_tables_is_told(empty_url: str) -> None:
    with psycopg.connect(empty_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS guest")
        admin.execute("CREATE ROLE guest LOGIN")
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with pytest.raises(DatabaseUrlError, match="GRANT"):
        open_database(empty_url.replace("app@", "guest@"))


@pytest.mark.parametrize("part", ["database", "user"])
def test_whoever_is_not_let_in_is_told_why(url: str, part: str) -> None:
    address = make_url(url)
    address = address.set(database="nobodys") if part == "database" else address.set(username="x")
    with pytest.raises(DatabaseUnavailableError, match="does not exist") as caught:
        open_database(address.set(password="secret").render_as_string(hide_password=False))
    assert "secret" not in str(caught.value)


def test_a_full_disk_is_said_and_survived(database: Database, store: RecordStore) -> None:
    """Told by the server; a disk of our own to fill we have not."""
    with database.writing() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER fill BEFORE INSERT ON record EXECUTE FUNCTION fill()")
        )
    with pytest.raises(StorageFullError, match="Free some space"):
        store.add(Candidate(headline="a"), ME)
    with database.writing() as connection:
        connection.execute(text("DROP TRIGGER fill ON record"))
    assert (store.count(), store.last_sequence()) == (0, 0)
    store.add(Candidate(headline="a"), ME)


def test_a_foreign_lock_is_reported(url: str, database: Database) -> None:
    """Another program that does not know our advisory lock holds the table's own."""
    assert database is not None
    hasty = Database(url, turn_timeout_s=0.05)
    with psycopg.connect(url.replace("+psycopg", "")) as foreign:
        foreign.execute("LOCK TABLE record IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseBusyError, match="another program"):
            RecordStore(hasty).add(Candidate(headline="a"), ME)
        with pytest.raises(DatabaseBusyError, match="another program"):
            RecordStore(hasty).count()
        foreign.rollback()
    RecordStore(hasty).add(Candidate(headline="a"), ME)
    hasty.close()


def test_a_statement_that_does_not_end_is_ended(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database is not None
    monkeypatch.setattr(connecting, "STATEMENT_TIMEOUT_S", 0.1)
    impatient = Database(url)
    with pytest.raises(DatabaseBusyError, match="57014"), impatient.reading() as connection:
        connection.execute(text("SELECT pg_sleep(30)"))
    impatient.migrate()  # and is not held to it itself, where it has something to do
    impatient.close()


def test_a_migration_may_take_long(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "STATEMENT_TIMEOUT_S", -29.9)  # a writer's: 0.1 s
    monkeypatch.setattr(connecting, "_GRACE_S", 0.1)
    database = Database(empty_url)
    with database.writing() as connection:
        connecting.lift_limits(connection)
        connection.execute(text("SELECT pg_sleep(0.5)"))
    with pytest.raises(DatabaseBusyError, match="57014"), database.writing() as connection:
        connection.execute(text("SELECT pg_sleep(30)"))
    database.close()


def test_readers_beyond_the_connections_are_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(connecting, "READERS", 1)
    monkeypatch.setattr(connecting, "READERS_AT_MOST", 2)
    monkeypatch.setattr(connecting, "READER_WAIT_S", 0.05)
    small = Database(url)
    with small.reading(), small.reading():
        with pytest.raises(DatabaseBusyError, match="in use"):
            RecordStore(small).count()
        RecordStore(small).add(Candidate(headline="a"), ME)  # writers have connections of their own
    assert RecordStore(small).count() == 1
    small.close()


def test_a_writer_sees_what_was_committed_while_it_waited(url: str, database: Database) -> None:
    """Also where the server's default is another isolation: then it would see its own beginning."""
    strict = Database(f"{url}?options=-c%20default_transaction_isolation%3Dserializable")
    seen: list[int] = []

    def write() -> None:
        with strict.writing() as connection:
            seen.append(connection.execute(text("SELECT count(*) FROM outbox")).scalar_one())

    with database.writing() as connection:
        waiting = threading.Thread(target=write)
        waiting.start()
        time.sleep(0.2)
        connection.execute(
            insert(OUTBOX).values(record_id="x", kind="x", operation="x", at=text("now()"))
        )
    waiting.join()
    assert seen == [1]
    strict.close()


def test_a_writer_that_stops_in_the_middle_loses_its_turn(
    url: str, database: Database, store: RecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "IDLE_TIMEOUT_S", 0.2)
    stopped = Database(url)

    def write() -> None:
        with stopped.writing() as connection:
            connection.execute(text("DELETE FROM record"))
            store.add(Candidate(headline="a"), ME)  # gets the turn after a while
            connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailableError, match="Nothing was kept"):
        write()
    assert store.count() == 1
    stopped.close()


def test_a_writer_on_a_copy_that_only_reads_is_told(url: str, database: Database) -> None:
    """A standby after a failover, say."""
    assert database is not None
    copy = Database(f"{url}?options=-c%20default_transaction_read_only%3Don")
    assert RecordStore(copy).count() == 0
    with pytest.raises(DatabaseUnavailableError, match="read-only"):
        RecordStore(copy).add(Candidate(headline="a"), ME)
    copy.close()


def test_what_was_given_stands_in_no_error(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, database.writing() as connection:
        connection.execute(text("SELECT 1/0, :said"), {"said": "canary-4711"})
    assert "canary" not in str(caught.value)
