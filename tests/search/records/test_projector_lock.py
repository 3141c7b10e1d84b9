"""One projector an index: across objects, processes, and a server that was away."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from search.records.database import Database, open_database
from search.records.errors import DatabaseUnavailableError
from search.records.models import Candidate
from search.records.projector_lock import ProjectorLock
from search.records.store import RecordStore
from tests.search.records.tcp_relay import Relay
from tests.servers.postgresql import PostgresqlServer

HOLDER = Path(__file__).with_name("lock_holder.py")


@contextmanager
def holder(url: str, name: str) -> Iterator[tuple[subprocess.Popen[str], bool]]:
    """Another process that asked for the lock, and whether it got it."""
    with subprocess.Popen(
        [sys.executable, str(HOLDER), url, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline() == "True\n"


def acquired_in_time(lock: ProjectorLock, seconds: float = 5) -> bool:
    """A server notices the end of a process a moment later."""
    deadline = time.monotonic() + seconds
    while not lock.acquire():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_one_object_has_it(url: str, database: Database) -> None:
    other = Database(url)
    first, second = database.projector_lock("index"), other.projector_lock("index")
    third = database.projector_lock("index")
    elsewhere = database.projector_lock("Index")
    assert not first.is_held()
    assert first.acquire()
    assert first.acquire()
    assert first.is_held()
    assert not second.acquire()
    assert not third.acquire()
    assert not second.is_held()
    assert elsewhere.acquire()
    second.release()  # has nothing to give back, and takes nothing away
    assert first.is_held()
    first.release()
    assert not first.is_held()
    assert second.acquire()
    assert not third.acquire()
    assert not first.acquire()
    for lock in (first, second, third, elsewhere):
        lock.release()
    other.close()


def test_it_holds_up_neither_writers_nor_readers(database: Database, store: RecordStore) -> None:
    lock = database.projector_lock("index")
    assert lock.acquire()
    store.add(Candidate(headline="a"), "me")
    assert store.count() == 1
    with database.writing():
        assert lock.is_held()
    lock.release()


def test_one_process_has_it(url: str, database: Database) -> None:
    lock = database.projector_lock("index")
    assert lock.acquire()
    with holder(url, "index") as (_, has_it), holder(url, "other") as (_, has_other):
        assert (has_it, has_other) == (False, True)
    lock.release()
    with holder(url, "index") as (process, has_it):
        assert has_it
        assert not lock.acquire()
        process.communicate(timeout=10)
        assert lock.acquire()
    lock.release()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_process(url: str, database: Database, number: signal.Signals) -> None:
    lock = database.projector_lock("index")
    with holder(url, "index") as (process, has_it):
        assert has_it
        assert not lock.acquire()
        process.send_signal(number)
        process.wait()
        assert acquired_in_time(lock)
    lock.release()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_lock_whose_file_is_gone_is_lost(url: str, database: Database) -> None:
    """Somebody tidied up: the next one would lock a new file of the same name."""
    lock, other = database.projector_lock("index"), database.projector_lock("index")
    assert lock.acquire()
    file = Path(make_url(url).database or "")
    file.with_name(f"{file.name}.index.projector").unlink()
    assert not lock.is_held()
    assert other.acquire()
    assert not lock.acquire()
    other.release()
    assert lock.acquire()
    lock.release()


def test_a_server_that_was_restarted_has_lost_it(
    fresh_postgresql: Callable[..., PostgresqlServer],
) -> None:
    server = fresh_postgresql()
    database = open_database(server.create_database())
    lock, other = database.projector_lock("index"), database.projector_lock("index")
    assert lock.acquire()
    assert not other.acquire()
    for mode in ("fast", "immediate"):
        server.stop(mode)
        start = time.monotonic()
        assert not lock.is_held()
        with pytest.raises(DatabaseUnavailableError, match="refused"):
            lock.acquire()
        lock.release()
        assert time.monotonic() - start < 1
        server.start()
        assert not lock.is_held()
        assert other.acquire()  # over a new connection
        assert not lock.acquire()
        lock, other = other, lock
    lock.release()
    other.release()
    database.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_server_that_does_not_answer_has_lost_it(url: str, database: Database) -> None:
    address = make_url(url)
    assert address.port is not None
    with Relay(address.port) as relay:
        relayed = Database(address.set(port=relay.port).render_as_string(hide_password=False))
        lock = relayed.projector_lock("index")
        assert lock.acquire()
        relay.freeze()
        start = time.monotonic()
        assert not lock.is_held()
        assert 1.5 < time.monotonic() - start < 3
        lock.release()
        relay.thaw()
        # The relay tells the server that the client is gone, as a machine does whose process ends.
        other = database.projector_lock("index")
        assert acquired_in_time(other)
        assert not lock.acquire()
        lock.release()
        other.release()
        relayed.close()
