"""Several API workers on one database: whoever follows the outbox meanwhile misses nothing."""

from __future__ import annotations

from pathlib import Path

from search.records.database import Database
from search.records.store import RecordStore
from tests.search.records.writers import Follower, writing_processes

PROCESSES = 4
STEPS = 150


def test_a_follower_misses_nothing(
    url: str, database: Database, store: RecordStore, tmp_path: Path
) -> None:
    follower = Follower(database)
    polls = 0
    with writing_processes(url, tmp_path, PROCESSES, STEPS) as writers:
        while writers.are_running():
            polls += follower.follow()
        writers.finish()
        while follower.follow():
            pass
        assert writers.failures() == []
        assert writers.acknowledged() == PROCESSES * STEPS
        writers.assert_kept(store)
    follower.assert_missed_nothing()
    assert follower.upto == store.last_sequence()
    assert polls > 20, "it did not follow while they wrote"
