"""Connections: one writer, no surprise locks, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from search.records.database import Database, open_database
from search.records.errors import (
    DatabaseBusyError,
    DatabaseUrlError,
    StorageFullError,
    VersionConflictError,
)
from search.records.models import Candidate
from search.records.store import RecordStore

THREADS = 8
WRITES = 100

sqlite_only = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def run_threads(targets: list[threading.Thread]) -> None:
    for thread in targets:
        thread.start()
    for thread in targets:
        thread.join()


@sqlite_only
def test_sqlite_is_set_up_not_to_lose_anything(database: Database) -> None:
    with database.writing() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_a_reading_connection_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), database.reading() as connection:
        connection.execute(text("DELETE FROM record"))


def test_a_reader_sees_one_state(database: Database, store: RecordStore) -> None:
    with database.reading() as connection:
        before = connection.execute(text("SELECT count(*) FROM record")).scalar()
        store.add(Candidate(headline="a"), "me")
        after = connection.execute(text("SELECT count(*) FROM record")).scalar()
    assert before == after == 0
    assert store.count() == 1


@pytest.mark.parametrize("objects", [1, 2])
def test_many_writers_lose_nothing(url: str, database: Database, objects: int) -> None:
    """8 threads of mixed writes, over one object or over two that stand for two processes."""
    others = [open_database(url) for _ in range(objects - 1)]
    stores = [RecordStore(entry) for entry in (database, *others)]
    shared = stores[0].add(Candidate(headline="counter", summary="0"), "me")
    failures: list[BaseException] = []

    def count_up(store: RecordStore) -> None:
        while True:
            seen = store.get(shared.id)
            assert isinstance(seen.record, Candidate)
            fresh = seen.record.model_copy(update={"summary": str(int(seen.record.summary) + 1)})
            try:
                store.replace(shared.id, fresh, seen.version)
            except VersionConflictError:
                continue
            return

    def write(number: int) -> None:
        store = stores[number % len(stores)]
        try:
            for step in range(WRITES):
                if step % 4 == 0:
                    count_up(store)
                elif step % 4 == 1:
                    store.add(Candidate(headline=f"{number}-{step}"), f"owner-{number}")
                elif step % 4 == 2:
                    record = Candidate(key=f"k{step}", headline=f"{number}-{step}")
                    store.put_by_key(record, f"owner-{number}")
                else:
                    added = store.add(Candidate(headline="short-lived"), f"owner-{number}")
                    store.delete(added.id)
        except BaseException as error:
            failures.append(error)

    run_threads([threading.Thread(target=write, args=(n,)) for n in range(THREADS)])
    assert failures == []
    final = stores[0].get(shared.id)
    assert isinstance(final.record, Candidate)
    assert final.record.summary == str(THREADS * WRITES // 4)
    assert final.version == 1 + THREADS * WRITES // 4
    assert stores[0].count() == 1 + THREADS * WRITES // 2
    for entry in others:
        entry.close()


def test_one_connection_writes(database: Database, store: RecordStore) -> None:
    made: list[object] = []

    def remember(connection: object, *_: object) -> None:
        made.append(connection)

    event.listen(database.writer, "connect", remember)
    run_threads(
        [
            threading.Thread(target=lambda: store.add(Candidate(headline="a"), "me"))
            for _ in range(THREADS)
        ]
    )
    assert store.count() == THREADS
    assert made == []  # the one that migrated is still the only one


def test_a_writer_that_waits_too_long_says_for_whom(url: str, database: Database) -> None:
    hasty = Database(url, turn_timeout_s=0.05)
    with database.writing():
        with pytest.raises(DatabaseBusyError, match="another process"), hasty.writing():
            pass
        with pytest.raises(DatabaseBusyError, match="Nothing was kept"):
            RecordStore(hasty).add(Candidate(headline="a"), "me")
    RecordStore(hasty).add(Candidate(headline="a"), "me")
    with hasty.writing(), pytest.raises(DatabaseBusyError, match="this process"), hasty.writing():
        pass
    hasty.close()


@sqlite_only
def test_a_foreign_writer_is_reported(tmp_path: Path, url: str, database: Database) -> None:
    """Another program that does not know our lock file holds SQLite's own lock."""
    assert database is not None
    hasty = Database(url, turn_timeout_s=0.05)
    foreign = sqlite3.connect(tmp_path / "bole.db", isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusyError, match="another program"):
        RecordStore(hasty).add(Candidate(headline="a"), "me")
    foreign.execute("ROLLBACK")
    foreign.close()
    RecordStore(hasty).add(Candidate(headline="a"), "me")
    hasty.close()


@sqlite_only
def test_a_full_disk_is_said_and_survived(database: Database, store: RecordStore) -> None:
    with database.writing() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(StorageFullError, match="Free some space"):
        store.put_many([Candidate(headline="a", summary="x" * 20_000)] * 20, "me")
    assert store.count() == 0
    assert store.last_sequence() == 0
    with database.writing() as connection:
        connection.execute(text("PRAGMA max_page_count=1000000"))
    store.add(Candidate(headline="a"), "me")
    assert store.count() == 1


@sqlite_only
def test_erased_text_leaves_the_files(
    tmp_path: Path, database: Database, store: RecordStore
) -> None:
    added = store.add(Candidate(headline="canary-4711", summary="canary-4711 " * 500), "me")
    database.checkpoint()
    store.delete(added.id)
    database.checkpoint()
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert len(files) > 1
    assert not [path for path in files if b"canary-4711" in path.read_bytes()]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://u:secret@h/d",
        "foo://u:secret@h/d",
        "postgresql+psycopg2://u:secret@h/d",
        "postgresql://u:secret@h:port/d",
    ],
)
def test_a_useless_address_is_refused(address: str) -> None:
    with pytest.raises(DatabaseUrlError) as caught:
        Database(address)
    assert "sqlite:///" in str(caught.value) or "postgresql+psycopg://" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_folder_is_made(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'var' / 'deep' / 'bole.db'}").close()
    assert (tmp_path / "var" / "deep" / "bole.db").is_file()


@sqlite_only
def test_the_doctor_names_the_wal_bug(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    assert "WAL-reset bug" in database.known_risks()[0]
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    assert database.known_risks() == []
