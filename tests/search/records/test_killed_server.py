"""PostgreSQL killed again and again under its writers: what it acknowledged is there."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from search.records.database import Database, open_database
from search.records.errors import DatabaseUnavailableError
from search.records.models import Candidate
from search.records.store import RecordStore
from tests.search.records.writers import Follower, Writers, writing_processes
from tests.servers.postgresql import PostgresqlServer

KILLS = 10
PROCESSES = 3
#: What a call may take to fail: a connection takes 2 s at most, and a server that is killed refuses.
LONGEST_S = 2.5


@pytest.fixture
def open_closing() -> Iterator[Callable[[str], Database]]:
    """Open databases that are closed after the test, however it ends."""
    with ExitStack() as opened:
        yield lambda url: opened.enter_context(closing(open_database(url)))


@pytest.mark.slow
def test_nothing_acknowledged_is_lost(
    fresh_postgresql: Callable[..., PostgresqlServer],
    open_closing: Callable[[str], Database],
    tmp_path: Path,
) -> None:
    server = fresh_postgresql(durable=True)
    url = server.create_database()
    chance = random.Random(20261125)
    database = open_closing(url)
    follower, stop = Follower(database), threading.Event()
    slow: list[float] = []

    def follow() -> None:
        while not stop.is_set():
            start = time.monotonic()
            try:
                follower.follow()
            except DatabaseUnavailableError:
                slow.append(time.monotonic() - start)
                time.sleep(0.02)

    thread = threading.Thread(target=follow)
    with writing_processes(url, tmp_path, PROCESSES) as writers:
        thread.start()
        try:
            for _ in range(KILLS):
                wait_for_more(writers, chance.randint(5, 40))
                server.kill()
                time.sleep(chance.uniform(0, 0.3))
                server.start()
            wait_for_more(writers, 20)
            writers.finish()
        finally:
            stop.set()
            thread.join(timeout=30)
        assert not thread.is_alive()
        while follower.follow():
            pass
        writers.assert_kept(RecordStore(database))
        follower.assert_missed_nothing()
        failures = writers.failures()
    assert {line["error"] for line in failures} == {"DatabaseUnavailableError"}
    assert len(failures) > KILLS
    assert max([*slow, *(line["seconds"] for line in failures)]) < LONGEST_S


def wait_for_more(writers: Writers, count: int) -> None:
    """Wait until so many more changes were acknowledged."""
    wanted = writers.acknowledged() + count
    deadline = time.monotonic() + 30
    while writers.acknowledged() < wanted:
        assert time.monotonic() < deadline, "the writers hang"
        writers.assert_running()
        time.sleep(0.01)


@pytest.mark.slow
def test_what_is_said_of_the_outcome_is_true(
    fresh_postgresql: Callable[..., PostgresqlServer], open_closing: Callable[[str], Database]
) -> None:
    """Where an error says that nothing was kept, nothing was, though the server died in between."""
    server = fresh_postgresql(durable=True)
    database = open_closing(server.create_database())
    store = RecordStore(database)
    outcomes = {"kept": 0, "open": 0, "not kept": 0}
    chance = random.Random(4711)
    for round_number in range(8):
        timer = threading.Timer(chance.uniform(0, 0.03), server.kill)
        timer.start()
        added: list[tuple[str, str]] = []
        while timer.is_alive() or not added:
            key = f"r{round_number}-{len(added)}"
            try:
                store.add(Candidate(key=key, headline="a"), "me")
                added.append((key, "kept"))
            except DatabaseUnavailableError as error:
                added.append((key, "open" if error.may_be_kept else "not kept"))
        timer.join()
        server.start()
        for key, said in added:
            outcomes[said] += 1
            if said != "open":
                found = store.find_by_key("me", "candidate", key)
                assert (found is not None) == (said == "kept"), f"{key} was said to be {said}"
    assert outcomes["kept"] and outcomes["not kept"]
