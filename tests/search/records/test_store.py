"""The store: what is written is there, together with its outbox row, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from search.records.database import Database, open_database
from search.records.errors import (
    DuplicateKeyError,
    InvalidRecordError,
    RecordMissingError,
    UnreadableRecordError,
    VersionConflictError,
)
from search.records.models import AnyRecord, Candidate, Vacancy, WantedSkill
from search.records.store import Outcome, RecordStore
from search.records.tables import OUTBOX, RECORD


def outbox(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.sequence))
        return [(row.record_id, row.operation) for row in rows]


def refuse(database: Database, table: Table, condition: str) -> None:
    """Make a table refuse new rows for which a condition holds."""
    trigger = f"CREATE TRIGGER refuse BEFORE INSERT ON {table.name}"
    with database.writing() as connection:
        if connection.dialect.name == "sqlite":
            action = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            connection.execute(text(f"{trigger} WHEN {condition} {action}"))
            return
        connection.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END $$"
            )
        )
        action = "EXECUTE FUNCTION refuse()"
        connection.execute(text(f"{trigger} FOR EACH ROW WHEN ({condition}) {action}"))


def test_what_is_added_is_read_back(store: RecordStore) -> None:
    vacancy = Vacancy(
        key="a1", title="Java 工程师\x00😀", skills=(WantedSkill(name="C++", years=2.5),), role=1
    )
    added = store.add(vacancy, "acme")
    assert (added.version, added.owner, added.kind, added.key) == (1, "acme", "vacancy", "a1")
    assert store.get(added.id) == added
    assert store.find_by_key("acme", "vacancy", "a1") == added
    assert store.find_by_key("acme", "candidate", "a1") is None
    assert added.created_at == added.updated_at
    assert added.created_at.utcoffset() == timedelta(0)


def test_each_change_leaves_one_outbox_row(store: RecordStore, database: Database) -> None:
    added = store.add(Candidate(headline="a"), "me")
    store.replace(added.id, Candidate(headline="b"), 1)
    assert store.delete(added.id)
    assert outbox(database) == [(added.id, "upsert"), (added.id, "upsert"), (added.id, "delete")]
    assert not store.delete(added.id)
    assert len(outbox(database)) == 3


def test_a_refused_record_leaves_no_outbox_row(store: RecordStore, database: Database) -> None:
    refuse(database, RECORD, "NEW.status = 'paused'")
    batch = [Candidate(headline="a"), Candidate(headline="b", status="paused")]
    with pytest.raises(IntegrityError):
        store.put_many(batch, "me")
    assert outbox(database) == []
    assert store.count() == 0


def test_a_refused_outbox_row_leaves_the_record(store: RecordStore, database: Database) -> None:
    added = store.add(Candidate(headline="a"), "me")
    refuse(database, OUTBOX, "TRUE")
    attempts: list[Callable[[], object]] = [
        lambda: store.delete(added.id),
        lambda: store.replace(added.id, Candidate(headline="b"), 1),
        lambda: store.add(Candidate(headline="c"), "me"),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError):
            attempt()
    assert store.get(added.id) == added
    assert store.count() == 1


def test_a_stale_version_conflicts(store: RecordStore) -> None:
    added = store.add(Candidate(headline="a"), "me")
    changed = store.replace(added.id, Candidate(headline="b"), 1)
    assert changed.version == 2
    assert changed.created_at == added.created_at
    with pytest.raises(VersionConflictError, match=r"at version 1; it is at version\s+2") as caught:
        store.replace(added.id, Candidate(headline="c"), 1)
    assert (caught.value.expected, caught.value.found) == (1, 2)
    with pytest.raises(VersionConflictError):
        store.delete(added.id, 1)
    assert store.get(added.id) == changed
    assert store.delete(added.id, 2)


def test_a_missing_record_says_so(store: RecordStore) -> None:
    with pytest.raises(RecordMissingError, match="'nobody'"):
        store.get("nobody")
    with pytest.raises(RecordMissingError):
        store.replace("nobody", Candidate(headline="a"), 1)
    assert store.get_many(["nobody"]) == {}


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\n"])
def test_what_no_name_can_be_is_not_found(store: RecordStore, text: str) -> None:
    """PostgreSQL takes no NUL even to compare with, and neither database half a character."""
    store.add(Candidate(key="a", headline="a"), "me")
    with pytest.raises(RecordMissingError):
        store.get(text)
    assert store.get_many([text]) == {}
    assert not store.delete(text)
    assert store.find_by_key("me", "candidate", text) is None
    assert store.find_by_key(text, "candidate", "a") is None
    assert store.page(owner=text).records == store.page(status=text).records == ()
    assert store.count(owner=text) == 0
    with pytest.raises(InvalidRecordError):
        store.add(Candidate(headline="a"), text)


def test_saying_the_same_changes_nothing(store: RecordStore, database: Database) -> None:
    profile = Candidate(key="k", headline="a", years_experience=3)
    first = store.put_by_key(profile, "me")
    assert first.outcome is Outcome.ADDED
    assert store.put_by_key(profile, "me").outcome is Outcome.UNCHANGED
    assert store.replace(first.id, profile, 1).version == 1
    assert len(outbox(database)) == 1
    again = store.put_by_key(profile.model_copy(update={"summary": "new"}), "me")
    assert (again.outcome, again.id) == (Outcome.CHANGED, first.id)
    assert store.get(first.id).version == 2
    assert len(outbox(database)) == 2


def test_a_body_of_an_older_release_is_not_a_change(store: RecordStore, database: Database) -> None:
    profile = Candidate(key="k", headline="a")
    put = store.put_by_key(profile, "me")
    older = profile.model_dump(mode="json", exclude={"talent_tier"})
    with database.writing() as connection:
        connection.execute(update(RECORD).values(body=older))
    assert store.put_by_key(profile, "me").outcome is Outcome.UNCHANGED
    assert store.get(put.id).record == profile


def test_keys_are_unique_within_owner_and_kind(store: RecordStore) -> None:
    store.add(Candidate(key="k", headline="a"), "me")
    with pytest.raises(DuplicateKeyError, match="'k'"):
        store.add(Candidate(key="k", headline="b"), "me")
    store.add(Vacancy(key="k", title="b"), "me")
    store.add(Candidate(key="k", headline="b"), "you")
    other = store.add(Candidate(key="other", headline="c"), "me")
    with pytest.raises(DuplicateKeyError):
        store.replace(other.id, Candidate(key="k", headline="c"), 1)
    assert store.replace(other.id, Candidate(key="free", headline="c"), 1).key == "free"
    store.add(Candidate(headline="no key"), "me")
    store.add(Candidate(headline="no key"), "me")
    assert store.count("candidate", owner="me") == 4


def test_what_cannot_be_is_refused(store: RecordStore) -> None:
    added = store.add(Candidate(headline="a"), "me")
    with pytest.raises(InvalidRecordError, match="stays one"):
        store.replace(added.id, Vacancy(title="a"), 1)
    with pytest.raises(InvalidRecordError, match="has none"):
        store.put_by_key(Candidate(headline="a"), "me")
    for owner in ("", " me", "a\nb", "x" * 65):
        with pytest.raises(InvalidRecordError, match="owner"):
            store.add(Candidate(headline="a"), owner)


def test_a_batch_is_put_in_one_transaction(store: RecordStore, database: Database) -> None:
    old = store.put_by_key(Candidate(key="old", headline="a"), "me")
    batch: list[AnyRecord] = [
        Candidate(key="old", headline="a"),
        Candidate(key="new", headline="a"),
        Candidate(key="new", headline="b"),
        Vacancy(key="new", title="c"),
        Candidate(headline="no key"),
    ]
    puts = store.put_many(batch, "me")
    assert [put.outcome for put in puts] == ["unchanged", "added", "changed", "added", "added"]
    assert puts[0].id == old.id
    assert puts[1].id == puts[2].id
    assert store.get(puts[1].id).record == batch[2]
    assert store.get(puts[1].id).version == 1
    assert len(outbox(database)) == 4
    assert store.put_many([], "me") == []
    for put in puts:
        stored = store.get(put.id)
        with database.reading() as connection:
            announced = connection.execute(
                select(OUTBOX.c.record_id).where(OUTBOX.c.sequence == stored.sequence)
            ).scalar_one()
        assert announced == put.id


def test_a_large_batch_goes_beyond_one_statement(store: RecordStore) -> None:
    batch = [Candidate(key=f"k{number}", headline="a") for number in range(2500)]
    assert {put.outcome for put in store.put_many(batch, "me")} == {Outcome.ADDED}
    again = store.put_many(batch, "me")
    assert {put.outcome for put in again} == {Outcome.UNCHANGED}
    assert len(store.get_many([put.id for put in again])) == 2500


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_cover_everything_once(store: RecordStore, limit: int) -> None:
    batch = [Candidate(headline=f"h{n}", status="paused" if n % 3 else "active") for n in range(7)]
    put = store.put_many(batch, "me")
    store.add(Candidate(headline="other"), "you")
    store.add(Vacancy(title="v"), "you")
    found, cursor = [], ""
    while True:
        page = store.page("candidate", owner="me", after=cursor, limit=limit)
        assert len(page.records) <= limit
        found += [stored.id for stored in page.records]
        if page.next is None:
            break
        cursor = page.next
    assert found == [entry.id for entry in put] == sorted(found)
    assert len(store.page(status="active", owner="me").records) == 3
    assert len(store.page().records) == store.count() == 9


def test_a_page_survives_the_deletion_of_its_cursor(store: RecordStore) -> None:
    put = store.put_many([Candidate(headline=f"h{n}") for n in range(4)], "me")
    page = store.page(limit=2)
    assert page.next is not None
    store.delete(page.next)
    rest = store.page(after=page.next, limit=2)
    assert [stored.id for stored in rest.records] == [put[2].id, put[3].id]


@pytest.mark.parametrize("cursor", ["x", "' OR 1=1 --", "\x00", "0" * 25, "z" * 26, "8" * 26])
def test_a_strange_cursor_is_refused(store: RecordStore, cursor: str) -> None:
    with pytest.raises(InvalidRecordError, match="cursor"):
        store.page(after=cursor)


def test_a_page_of_nothing_is_refused(store: RecordStore) -> None:
    with pytest.raises(InvalidRecordError, match="1 or more"):
        store.page(limit=0)


def test_changes_come_once_a_record_as_it_is_now(store: RecordStore) -> None:
    kept = store.add(Candidate(headline="a"), "me")
    gone = store.add(Vacancy(title="v"), "me")
    changed = store.replace(kept.id, Candidate(headline="b"), 1)
    store.delete(gone.id)
    assert store.last_sequence() == 4
    everything = store.changes_after(0)
    assert everything.upto == 4
    assert [(row.record_id, row.sequence) for row in everything.rows] == [
        (kept.id, 3),
        (gone.id, 4),
    ]
    assert everything.rows[0].stored == changed
    assert (everything.rows[1].stored, everything.rows[1].kind) == (None, "vacancy")
    first = store.changes_after(0, 1)
    assert (first.upto, [row.record_id for row in first.rows]) == (1, [kept.id])
    assert first.rows[0].stored == changed
    assert store.changes_after(1, 1).rows[0].stored is None
    nothing = store.changes_after(4)
    assert (nothing.upto, nothing.rows) == (4, ())


def test_numbers_are_not_given_out_again(store: RecordStore, database: Database) -> None:
    store.add(Candidate(headline="a"), "me")
    with database.writing() as connection:
        connection.execute(OUTBOX.delete())
    assert store.add(Candidate(headline="b"), "me").sequence == 2


def test_an_unreadable_body_is_named_and_stops_nobody(
    store: RecordStore, database: Database
) -> None:
    broken, fine = store.put_many([Candidate(headline="a"), Candidate(headline="secret")], "me")
    with database.writing() as connection:
        body = {"kind": "candidate", "headline": "secret", "sex": "secret"}
        connection.execute(update(RECORD).where(RECORD.c.id == broken.id).values(body=body))
    with pytest.raises(UnreadableRecordError, match=broken.id) as caught:
        store.get(broken.id)
    assert "secret" not in str(caught.value)
    for rows in (store.changes_after(0).rows, store.records_after("")):
        assert [bool(row.problem) for row in rows] == [True, False]
        assert rows[1].record_id == fine.id


def test_the_clock_is_kept_in_utc(database: Database) -> None:
    beijing = timezone(timedelta(hours=8))
    store = RecordStore(database, now=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=beijing))
    added = store.add(Candidate(headline="a"), "me")
    assert store.get(added.id).created_at == datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)
    with pytest.raises(Exception, match="no time zone"), database.writing() as connection:
        connection.execute(
            insert(OUTBOX).values(
                record_id="x",
                kind="x",
                operation="upsert",
                at=datetime(2026, 1, 1),  # noqa: DTZ001
            )
        )


# The fixture makes a database for each example, so that it does no harm that it is set up once.
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["put", "delete"]),
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from(["x", "y"]),
        ),
        max_size=15,
    ),
    limit=st.integers(1, 6),
)
def test_following_the_outbox_gives_the_records(
    new_url: Callable[[], str], steps: list[tuple[str, str, str]], limit: int
) -> None:
    database = open_database(new_url())
    store = RecordStore(database)
    followed: dict[str, str] = {}
    upto = 0
    for action, key, headline in steps:
        found = store.find_by_key("me", "candidate", key)
        if action == "put":
            store.put_by_key(Candidate(key=key, headline=headline), "me")
        elif found is not None:
            store.delete(found.id)
    while (changes := store.changes_after(upto, limit)).upto > upto:
        upto = changes.upto
        for row in changes.rows:
            followed.pop(row.record_id, None)
            if row.stored is not None and isinstance(row.stored.record, Candidate):
                followed[row.record_id] = row.stored.record.headline
    assert followed == {
        row.id: row.record.headline
        for row in store.page().records
        if isinstance(row.record, Candidate)
    }
    assert upto == store.last_sequence()
    database.close()
