"""Saved searches and alerts: each alert once, none of what is gone, none before its search was saved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from search.records.database import Database, open_database
from search.records.errors import (
    DuplicateNameError,
    InvalidRecordError,
    RepeatedRequestError,
    SavedSearchMissingError,
    TooManySearchesError,
    VersionConflictError,
)
from search.records.identifiers import new_id
from search.records.models import Candidate, Vacancy
from search.records.saved_searches import (
    SEARCHES_AT_MOST,
    AlertCounts,
    Found,
    SavedSearch,
    SavedSearchStore,
)
from search.records.store import RecordStore
from search.records.tables import ALERT

ME, OTHER = "me", "other"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CRITERIA = {"text": "版图 layout \x00", "target": "candidates"}


@pytest.fixture
def searches(database: Database) -> SavedSearchStore:
    return SavedSearchStore(database, now=lambda: NOW)


def people(store: RecordStore, count: int) -> list[str]:
    puts = store.put_many([Candidate(headline=f"h{number}") for number in range(count)], ME)
    return [put.id for put in puts]


def evaluate(
    searches: SavedSearchStore, search: SavedSearch, store: RecordStore, limit: int = 1000
) -> int | None:
    """Find every candidate that changed, and raise what there is to raise."""
    last = store.last_sequence()
    changed = searches.changed("candidate", search.evaluated_upto, last, limit)
    upto = changed[-1].number if len(changed) == limit else last
    return searches.raise_alerts(search, upto, [Found(one, 50.0) for one in changed])


def alerted(searches: SavedSearchStore, search: SavedSearch) -> list[str]:
    """Return whom the alerts are about, newest first, read in small pages."""
    found: list[str] = []
    before = None
    while True:
        page = searches.alerts(search.id, before=before, limit=3)
        found += [alert.record_id for alert in page.alerts]
        if (before := page.next) is None:
            return found


def now_at(searches: SavedSearchStore, search: SavedSearch) -> SavedSearch:
    current = searches.current(search)
    assert current is not None
    return current


# Searches


def test_what_is_saved_is_read_back(searches: SavedSearchStore, store: RecordStore) -> None:
    people(store, 3)
    saved = searches.add(ME, "杭州版图", CRITERIA)
    assert (saved.version, saved.evaluated_upto, saved.criteria) == (1, 3, CRITERIA)
    assert searches.get(saved.id, ME) == saved == searches.current(saved)
    assert searches.every() == (saved,)
    assert searches.counts([saved.id]) == {saved.id: AlertCounts(0, 0)}


def test_a_search_is_its_owners_alone(searches: SavedSearchStore) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    attempts: list[Callable[[], object]] = [
        lambda: searches.get(saved.id, OTHER),
        lambda: searches.replace(saved.id, OTHER, "b", CRITERIA, 1),
        lambda: searches.delete(saved.id, OTHER, 1),
        lambda: searches.get(new_id(), ME),
        lambda: searches.get("\x00", ME),
    ]
    for attempt in attempts:
        with pytest.raises(SavedSearchMissingError, match="list the saved searches"):
            attempt()
    assert searches.page(OTHER).searches == ()
    assert searches.add(OTHER, "a", CRITERIA).name == "a"


def test_a_name_is_used_once(searches: SavedSearchStore) -> None:
    first = searches.add(ME, "a", CRITERIA)
    second = searches.add(ME, "b", CRITERIA)
    with pytest.raises(DuplicateNameError, match=first.id):
        searches.add(ME, "a", {})
    with pytest.raises(DuplicateNameError, match=first.id):
        searches.replace(second.id, ME, "a", CRITERIA, 1)
    assert searches.replace(first.id, ME, "a", CRITERIA, 1) == first


@pytest.mark.parametrize("name", ["", " a", "a\n", "\x00", "\ud800", "x" * 121])
def test_a_name_that_cannot_be_shown_is_refused(searches: SavedSearchStore, name: str) -> None:
    saved = searches.add(ME, "x" * 120, CRITERIA)
    with pytest.raises(InvalidRecordError, match="120 printable"):
        searches.add(ME, name, CRITERIA)
    with pytest.raises(InvalidRecordError):
        searches.replace(saved.id, ME, name, CRITERIA, 1)


def test_a_request_that_comes_again_names_what_it_saved(searches: SavedSearchStore) -> None:
    saved = searches.add(ME, "a", CRITERIA, request="r")
    with pytest.raises(RepeatedRequestError, match=saved.id) as caught:
        searches.add(ME, "a", CRITERIA, request="r")
    assert caught.value.search_id == saved.id
    searches.add(OTHER, "a", CRITERIA, request="r")
    searches.delete(saved.id, ME, 1)
    assert searches.add(ME, "a", CRITERIA, request="r").id != saved.id


def test_an_owner_can_save_so_many(searches: SavedSearchStore) -> None:
    for number in range(SEARCHES_AT_MOST):
        last = searches.add(ME, f"n{number}", CRITERIA)
    with pytest.raises(TooManySearchesError, match="200 already"):
        searches.add(ME, "one more", CRITERIA)
    searches.add(OTHER, "one more", CRITERIA)
    searches.delete(last.id, ME, 1)
    searches.add(ME, "one more", CRITERIA)


def test_a_change_names_the_version_it_changes(
    database: Database, searches: SavedSearchStore
) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    later = SavedSearchStore(database, now=lambda: NOW + timedelta(hours=1))
    changed = later.replace(saved.id, ME, "b", CRITERIA, 1)
    assert (changed.version, changed.name, changed.created_at) == (2, "b", NOW)
    assert changed.updated_at == NOW + timedelta(hours=1)
    with pytest.raises(VersionConflictError):
        searches.replace(saved.id, ME, "c", CRITERIA, 1)
    with pytest.raises(VersionConflictError):
        searches.delete(saved.id, ME, 1)
    searches.delete(saved.id, ME, 2)
    assert searches.current(saved) is None


def test_pages_are_cut_from_one_list(searches: SavedSearchStore) -> None:
    ids = [searches.add(ME, f"n{number}", CRITERIA).id for number in range(7)]
    first = searches.page(ME, limit=5)
    assert first.next is not None
    second = searches.page(ME, after=first.next, limit=5)
    assert [one.id for one in (*first.searches, *second.searches)] == ids
    assert second.next is None
    with pytest.raises(InvalidRecordError, match="none of ours"):
        searches.page(ME, after="\x00")


# Alerts


def test_what_changes_after_a_search_was_saved_raises_one_alert(
    searches: SavedSearchStore, store: RecordStore
) -> None:
    before = people(store, 2)
    saved = searches.add(ME, "a", CRITERIA)
    store.add(Vacancy(title="of the other kind"), ME)
    added = people(store, 3)
    assert evaluate(searches, saved, store) == 3
    assert alerted(searches, saved) == added[::-1]
    saved = now_at(searches, saved)
    assert (saved.version, saved.evaluated_upto) == (1, store.last_sequence())

    # Whoever has an alert raises no other; who was there before raises one on changing.
    store.replace(added[0], Candidate(headline="changed"), 1)
    store.replace(before[0], Candidate(headline="changed"), 1)
    assert evaluate(searches, saved, store) == 1
    assert alerted(searches, saved) == [before[0], *added[::-1]]
    assert searches.counts([saved.id]) == {saved.id: AlertCounts(4, 4)}


def test_what_changed_is_taken_in_the_order_of_its_last_change(
    searches: SavedSearchStore, store: RecordStore
) -> None:
    ids = people(store, 4)
    store.replace(ids[1], Candidate(headline="again"), 1)
    changed = [(one.record_id, one.number) for one in searches.changed("candidate", 0, 9, 9)]
    assert changed == [(ids[0], 1), (ids[2], 3), (ids[3], 4), (ids[1], 5)]
    assert [one.number for one in searches.changed("candidate", 1, 4, 9)] == [3, 4]
    assert [one.number for one in searches.changed("candidate", 0, 5, 2)] == [1, 3]
    assert searches.changed("vacancy", 0, 9, 9) == ()


def test_no_pruning_of_the_outbox_loses_an_alert(
    searches: SavedSearchStore, store: RecordStore
) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    added = people(store, 5)
    store.report_position("index", store.last_sequence())
    assert store.prune_outbox() == 4
    assert evaluate(searches, saved, store) == 5
    assert alerted(searches, saved) == added[::-1]


@pytest.mark.parametrize("status", ["paused", "active"])
def test_an_erased_record_has_no_alert(
    searches: SavedSearchStore, store: RecordStore, database: Database, status: str
) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    kept, gone = people(store, 2)
    evaluate(searches, saved, store)
    if status == "paused":
        store.replace(gone, Candidate(headline="h", status="paused"), 1)
    store.delete(gone)
    assert alerted(searches, saved) == [kept]
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(ALERT)).scalar_one() == 1


def test_a_record_erased_while_it_was_evaluated_raises_none(
    searches: SavedSearchStore, store: RecordStore
) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    kept, gone = people(store, 2)
    found = [Found(one, 50.0) for one in searches.changed("candidate", 0, 9, 9)]
    store.delete(gone)
    assert searches.raise_alerts(saved, 2, found) == 1
    assert alerted(searches, saved) == [kept]


def test_a_record_that_is_paused_is_not_shown(
    searches: SavedSearchStore, store: RecordStore
) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    first, second = people(store, 2)
    evaluate(searches, saved, store)
    store.replace(second, Candidate(headline="h", status="paused"), 1)
    assert alerted(searches, saved) == [first]
    assert searches.counts([saved.id])[saved.id] == AlertCounts(1, 1)
    assert searches.mark_seen(saved.id, 99) == 1
    store.replace(second, Candidate(headline="h"), 2)
    assert searches.counts([saved.id])[saved.id] == AlertCounts(1, 2)


def test_alerts_are_marked_as_seen_up_to_one_of_them(
    searches: SavedSearchStore, store: RecordStore
) -> None:
    saved, other = searches.add(ME, "a", CRITERIA), searches.add(ME, "b", CRITERIA)
    people(store, 5)
    for search in (saved, other):
        evaluate(searches, search, store)
    newest, second, *_ = searches.alerts(saved.id).alerts
    assert searches.mark_seen(saved.id, second.number) == 4
    assert searches.mark_seen(saved.id, second.number) == 0
    assert [alert.seen_at for alert in searches.alerts(saved.id).alerts] == [None, *[NOW] * 4]
    assert newest.score == 50.0
    assert searches.counts([saved.id, other.id]) == {
        saved.id: AlertCounts(1, 5),
        other.id: AlertCounts(5, 5),
    }


def test_alerts_go_with_their_search(
    searches: SavedSearchStore, store: RecordStore, database: Database
) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    people(store, 2)
    evaluate(searches, saved, store)
    searches.delete(saved.id, ME, 1)
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(ALERT)).scalar_one() == 0
    assert store.count() == 2


def test_other_criteria_are_another_question(
    searches: SavedSearchStore, store: RecordStore
) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    people(store, 2)
    evaluate(searches, saved, store)
    renamed = searches.replace(saved.id, ME, "b", CRITERIA, 1)
    assert len(alerted(searches, renamed)) == 2
    people(store, 1)
    changed = searches.replace(saved.id, ME, "b", {"text": "other"}, 2)
    assert (changed.version, changed.criteria) == (3, {"text": "other"})
    assert changed.evaluated_upto == 3
    assert alerted(searches, changed) == []
    added = people(store, 1)
    evaluate(searches, changed, store)
    assert alerted(searches, changed) == added


# Several at once


def test_who_was_overtaken_keeps_nothing(searches: SavedSearchStore, store: RecordStore) -> None:
    saved = searches.add(ME, "a", CRITERIA)
    people(store, 2)
    assert evaluate(searches, saved, store) == 2
    assert evaluate(searches, saved, store) is None
    people(store, 1)
    changed = searches.replace(saved.id, ME, "a", {"text": "other"}, 1)
    assert evaluate(searches, saved, store) is None
    assert alerted(searches, changed) == []
    searches.delete(saved.id, ME, 2)
    assert evaluate(searches, changed, store) is None


def test_two_evaluators_raise_each_alert_once(url: str, store: RecordStore) -> None:
    first = open_database(url)
    saved = SavedSearchStore(first).add(ME, "a", CRITERIA)
    ids = people(store, 60)
    raised: list[int] = []
    faults: list[BaseException] = []

    def work() -> None:
        database = open_database(url)
        own = SavedSearchStore(database)
        try:
            while (search := own.current(saved)) and search.evaluated_upto < 60:
                count = evaluate(own, search, store, limit=4)
                if count is not None:
                    raised.append(count)
        except BaseException as error:
            faults.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert raised == [4] * 15
    assert alerted(SavedSearchStore(first), saved) == ids[::-1]
    first.close()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["put", "delete", "evaluate"]), st.integers(0, 5)), max_size=20
    )
)
def test_any_interleaving_finds_who_is_there_in_the_end(
    new_url: Callable[[], str], steps: list[tuple[str, int]]
) -> None:
    database = open_database(new_url())
    store, searches = RecordStore(database), SavedSearchStore(database)
    often, once = (searches.add(ME, name, CRITERIA) for name in ("often", "once"))
    keys: dict[int, str] = {}
    for place, (step, number) in enumerate(steps):
        if step == "put":
            candidate = Candidate(key=f"k{number}", headline=f"h{place}")
            keys[number] = store.put_by_key(candidate, ME).id
        elif step == "delete":
            store.delete(keys.pop(number, ""))
        else:
            evaluate(searches, now_at(searches, often), store, limit=number + 1)
    while now_at(searches, often).evaluated_upto < store.last_sequence():
        evaluate(searches, now_at(searches, often), store, limit=2)
    if store.last_sequence():
        evaluate(searches, once, store)
    for search in (often, once):
        found = alerted(searches, search)
        assert sorted(found) == sorted(keys.values())
    database.close()
