"""The outbox is pruned behind its slowest follower, and nobody misses a change unawares."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from search.records import outbox
from search.records.database import Database, open_database
from search.records.errors import InvalidRecordError, OutboxPrunedError
from search.records.models import Candidate
from search.records.outbox import Consumer
from search.records.store import RecordStore
from search.records.tables import OUTBOX, PRUNED

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> RecordStore:
    return RecordStore(database, now=clock)


def fill(store: RecordStore, count: int) -> None:
    store.put_many([Candidate(headline=f"h{number}") for number in range(count)], "me")


def left(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(select(OUTBOX.c.sequence).order_by("sequence")).scalars())


def test_what_every_index_has_passed_is_removed(store: RecordStore, database: Database) -> None:
    fill(store, 10)
    store.report_position("first", 7)
    store.report_position("second", 4)
    assert store.prune_outbox() == 4
    assert left(database) == [5, 6, 7, 8, 9, 10]
    assert (store.pruned_upto(), store.last_sequence()) == (4, 10)
    assert store.changes_after(4).upto == 10
    assert store.prune_outbox() == 0
    store.report_position("second", 9)
    assert store.prune_outbox(batch=1) == 3
    assert (left(database), store.pruned_upto()) == ([8, 9, 10], 7)


def test_the_newest_row_stays(store: RecordStore, database: Database) -> None:
    fill(store, 3)
    store.report_position("index", 3)
    assert store.prune_outbox() == 2
    assert (left(database), store.last_sequence(), store.pruned_upto()) == ([3], 3, 2)
    assert store.changes_after(3).rows == ()
    assert store.changes_after(2).upto == 3
    for stored in store.page().records:
        store.delete(stored.id)
    store.report_position("index", 6)
    assert store.prune_outbox() == 3
    assert (store.count(), left(database), store.last_sequence()) == (0, [6], 6)
    fill(store, 1)
    assert store.last_sequence() == 7


def test_an_emptied_outbox_still_says_where_the_records_end(
    store: RecordStore, database: Database
) -> None:
    fill(store, 3)
    store.report_position("index", 3)
    store.prune_outbox()
    with database.writing() as connection:
        connection.execute(OUTBOX.delete())
    assert store.last_sequence() == store.pruned_upto() == 2


def test_nothing_is_removed_while_nobody_follows(store: RecordStore, database: Database) -> None:
    assert store.prune_outbox() == 0
    fill(store, 3)
    assert store.prune_outbox() == 0
    store.report_position("index", 0)
    assert store.prune_outbox() == 0
    assert (left(database), store.pruned_upto()) == ([1, 2, 3], 0)


def test_an_index_that_is_silent_too_long_is_forgotten(store: RecordStore, clock: Clock) -> None:
    fill(store, 10)
    store.report_position("silent", 2)
    clock.pass_days(6.9)
    store.report_position("alive", 8)
    assert store.prune_outbox() == 2
    clock.pass_days(0.2)
    assert store.consumers() == (
        Consumer("alive", 8, NOW + timedelta(days=6.9)),
        Consumer("silent", 2, NOW),
    )
    assert store.prune_outbox() == 6
    assert [entry.name for entry in store.consumers()] == ["alive"]
    # It returns and is told, wherever it asks; nobody is held up by it.
    with pytest.raises(OutboxPrunedError, match="anew"):
        store.changes_after(2)
    with pytest.raises(OutboxPrunedError) as caught:
        store.report_position("silent", 2)
    assert (caught.value.position, caught.value.pruned_upto) == (2, 8)
    assert store.prune_outbox(keep_days=0.01) == 0
    assert store.consumers() == ()


def test_an_index_below_the_mark_holds_up_nobody(
    store: RecordStore, database: Database, clock: Clock
) -> None:
    """It reported between the look at the positions and the move of the mark."""
    fill(store, 10)
    store.report_position("late", 1)
    store.report_position("alive", 9)
    with database.writing() as connection:
        connection.execute(update(PRUNED).values(upto=5))
    assert store.prune_outbox() == 9
    assert left(database) == [10]
    clock.pass_days(8)
    assert store.prune_outbox() == 0
    assert store.consumers() == ()


def test_a_later_report_replaces_the_earlier(store: RecordStore, clock: Clock) -> None:
    fill(store, 5)
    store.report_position("index", 3)
    clock.pass_days(1)
    store.report_position("index", 5)
    store.report_position("index", 4)  # an older index was put back to use
    assert store.consumers() == (Consumer("index", 4, clock.now),)


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a b", ".x", "x" * 65, "名", "a\x00", "a\n"])
def test_a_strange_name_is_refused(store: RecordStore, database: Database, name: str) -> None:
    with pytest.raises(InvalidRecordError, match="letters"):
        store.report_position(name, 0)
    with pytest.raises(InvalidRecordError, match="letters"):
        database.projector_lock(name)


def test_what_cannot_be_is_refused(store: RecordStore) -> None:
    fill(store, 2)
    for position in (-1, 3):
        with pytest.raises(InvalidRecordError, match="other records"):
            store.report_position("index", position)
    for arguments in ({"keep_days": 0}, {"keep_days": float("nan")}, {"batch": 0}):
        with pytest.raises(InvalidRecordError, match="above 0"):
            store.prune_outbox(**arguments)  # type: ignore[arg-type]


def test_numbers_with_gaps(store: RecordStore, database: Database) -> None:
    """As PostgreSQL leaves them after a rollback or a crash: the mark is at a row that was there."""
    with database.writing() as connection:
        connection.execute(
            insert(OUTBOX),
            [
                {"sequence": n, "record_id": "x", "kind": "x", "operation": "upsert", "at": NOW}
                for n in (3, 7, 40, 41)
            ],
        )
    store.report_position("index", 39)
    assert store.prune_outbox() == 2
    assert store.pruned_upto() == 7
    assert store.changes_after(7).upto == 41
    with pytest.raises(OutboxPrunedError):
        store.changes_after(6)


def test_two_pruners_remove_everything_once(
    url: str, database: Database, store: RecordStore
) -> None:
    fill(store, 3000)
    store.report_position("index", 2990)
    other = open_database(url)
    start = threading.Barrier(4)
    removed: list[int] = []

    def prune(store: RecordStore) -> None:
        start.wait()
        removed.append(store.prune_outbox(batch=37))

    threads = [
        threading.Thread(target=prune, args=(RecordStore(entry),))
        for entry in (database, other, database, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(removed), sum(removed)) == (4, 2990)
    assert left(database) == list(range(2991, 3001))
    other.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_nobody_waits_for_anybody_on_postgresql(
    url: str, database: Database, store: RecordStore
) -> None:
    """Beside a writer in the middle of its transaction, and a pruner in the middle of its own."""
    fill(store, 100)
    store.report_position("index", 100)
    hasty = Database(url, turn_timeout_s=0.05)  # whoever waited at all would give up
    beside = RecordStore(hasty, now=lambda: NOW)
    with database.writing() as writer:
        writer.execute(insert(OUTBOX).values(record_id="x", kind="x", operation="upsert", at=NOW))
        with database.bookkeeping() as pruner:
            rows = select(OUTBOX.c.sequence).where(OUTBOX.c.sequence <= 10).with_for_update()
            assert len(pruner.execute(rows).all()) == 10
            mark = select(PRUNED.c.upto).with_for_update()
            pruner.execute(mark)
            beside.report_position("index", 99)
            # The other one has the mark: what is below it already may go.
            assert beside.prune_outbox() == 0
            pruner.execute(update(PRUNED).values(upto=60))
        with database.bookkeeping() as pruner:
            assert len(pruner.execute(rows).all()) == 10
            assert beside.prune_outbox(batch=20) == 89  # 11 to 99
    assert left(database) == [*range(1, 11), 100, 101]
    assert beside.prune_outbox() == 10
    assert beside.last_sequence() == 101
    hasty.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_batch_is_no_larger_than_asked(store: RecordStore, database: Database) -> None:
    """Whatever plan PostgreSQL makes: a subquery that locks may be run once a row of the table."""
    fill(store, 500)
    store.report_position("index", 500)
    with database.writing() as connection:
        connection.execute(update(PRUNED).values(upto=400))
    counts = []
    with database.bookkeeping() as connection:
        for setting in ("enable_hashjoin", "enable_hashagg", "enable_mergejoin", "enable_sort"):
            connection.exec_driver_sql(f"SET LOCAL {setting} = off")
            counts.append(outbox.remove(connection, 400, 7))
        assert connection.execute(select(func.count()).select_from(OUTBOX)).scalar() == 472
    assert counts == [7, 7, 7, 7]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.integers(1, 4)),
            st.tuples(st.just("follow"), st.integers(0, 2)),
            st.tuples(st.just("prune"), st.integers(1, 5)),
            st.tuples(st.just("wait"), st.integers(1, 5)),
        ),
        max_size=25,
    )
)
def test_whoever_is_not_told_has_missed_nothing(
    new_url: Callable[[], str], steps: list[tuple[str, int]]
) -> None:
    """Three followers of different pace, one of them told too late now and then."""
    database, clock = open_database(new_url()), Clock()
    store = RecordStore(database, now=clock)
    positions = {0: 0, 1: 0, 2: 0}
    every: list[int] = []
    for action, amount in steps:
        if action == "put":
            fill(store, amount)
            every += range(len(every) + 1, len(every) + amount + 1)
        elif action == "wait":
            clock.pass_days(amount)
        elif action == "prune":
            store.prune_outbox(batch=amount)
        else:
            try:
                found = store.changes_after(positions[amount], 2)
            except OutboxPrunedError:
                positions[amount] = store.last_sequence()  # built anew
            else:
                assert [row.sequence for row in found.rows] == every[positions[amount] :][:2]
                positions[amount] = found.upto
            store.report_position(f"index-{amount}", positions[amount])
        assert store.last_sequence() == len(every)
        assert store.pruned_upto() < max(len(every), 1)
    database.close()
