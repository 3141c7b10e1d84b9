"""What the audit keeps beside the records, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.ledger import ReleaseLedger
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, count_table
from search.audit.edition_decisions import Add
from search.audit.editions import EditionError, first_edition, next_edition
from search.audit.figures import UnreadableFiguresError
from search.audit.inputs import AuditInputs, Outcome, OutcomeStage, SearchEvent
from search.audit.period import Period
from search.audit.published.index import PublishedIndex
from search.audit.running import run_audit
from search.audit.snapshot import thaw
from search.audit.stores.actuals import ActualStore
from search.audit.stores.declarations import (
    DeclarationMissingError,
    DeclarationStateError,
    DeclarationStore,
)
from search.audit.stores.editions import EditionStore
from search.audit.stores.outcomes import OutcomeStore
from search.audit.stores.published import PublishedStore
from search.audit.stores.releases import ReleaseStore
from search.audit.stores.search_events import KEEP_DAYS, SearchEventStore
from search.audit.stores.snapshots import SnapshotMissingError, SnapshotStore
from search.audit.targets.progress import Actual
from search.records.database import Database
from search.records.errors import RecordMissingError
from search.records.identifiers import new_id
from search.records.models import Candidate, Vacancy
from search.records.store import RecordStore
from taxonomies.catalogue import load_catalogue

DAY = date(2026, 11, 30)


def test_outcomes_go_with_the_person_and_with_the_vacancy(
    database: Database, store: RecordStore
) -> None:
    outcomes = OutcomeStore(database)
    vacancy, other = (store.add(Vacancy(title=title), "hr").id for title in "ab")
    person, second = (
        store.add(Candidate(headline=title), owner).id for title, owner in ("xp", "yq")
    )
    hired = Outcome(vacancy, person, OutcomeStage.HIRED, DAY)
    assert outcomes.put(hired, "me").outcome == hired
    marks = {outcomes.mark()}
    outcomes.put(Outcome(vacancy, second, OutcomeStage.SHORTLISTED, DAY), "me")
    outcomes.put(Outcome(other, second, OutcomeStage.REFUSED, DAY), "me")
    marks.add(outcomes.mark())
    later = Outcome(vacancy, person, OutcomeStage.HIRED, date(2026, 12, 1))
    outcomes.put(later, "me")
    assert [one.outcome for one in outcomes.of_candidates("p")] == [later]
    assert len(outcomes.of_vacancies("hr")) == len(outcomes.of_vacancies()) == 3
    assert outcomes.of_vacancies("q") == ()
    store.delete(person)
    marks.add(outcomes.mark())
    assert len(marks) == 3
    assert {one.candidate_id for one in outcomes.all()} == {second}
    store.delete(vacancy)
    assert [one.vacancy_id for one in outcomes.all()] == [other]


def test_an_outcome_names_a_vacancy_and_a_candidate(database: Database, store: RecordStore) -> None:
    outcomes = OutcomeStore(database)
    vacancy, person = (
        store.add(Vacancy(title="a"), "hr").id,
        store.add(Candidate(headline="x"), "p").id,
    )
    for pair in ((person, vacancy), (new_id(), person), (vacancy, new_id()), ("\0", person)):
        with pytest.raises(RecordMissingError):
            outcomes.put(Outcome(*pair, OutcomeStage.HIRED, DAY), "me")
    assert outcomes.all() == ()


def test_search_events_are_kept_for_so_many_days(database: Database) -> None:
    events = SearchEventStore(database)
    old = SearchEvent(date(2025, 1, 1), 1, None, "roles", 0)
    new = SearchEvent(DAY, None, "330100", "candidates", 7)
    assert events.mark() == 0
    events.add(old)
    assert events.between(date.min, date.max) == (old,)
    events.add(new)
    assert (DAY - old.on).days > KEEP_DAYS
    assert events.between(date.min, date.max) == (new,)
    assert events.mark() == 2
    assert events.between(date(2026, 12, 1), date.max) == ()


def test_a_snapshot_comes_back_as_it_was_frozen(database: Database) -> None:
    snapshots = SnapshotStore(database, now=lambda: datetime(2026, 12, 1, tzinfo=UTC))
    figures = run_audit(AuditInputs(), DAY, Period(date(2026, 9, 1), DAY))
    kept = snapshots.add(figures, "me")
    earlier = snapshots.add(run_audit(AuditInputs(), date(2026, 6, 30), figures.period), "me")
    assert snapshots.figures(kept.id).as_of == DAY
    assert thaw(snapshots.get(kept.id)[1]) == snapshots.figures(kept.id)
    assert [one.id for one in snapshots.all()] == [earlier.id, kept.id]
    assert snapshots.last_before(DAY) == kept
    assert snapshots.last_before(date(2026, 11, 29)) == earlier
    assert snapshots.last_before(date(2026, 1, 1)) is None
    for name in (new_id(), "\0", ""):
        with pytest.raises(SnapshotMissingError):
            snapshots.get(name)
    with database.writing() as connection:
        connection.execute(
            text(
                "UPDATE audit_snapshot SET document = replace(document, '2026-11-30', '2026-11-29')"
            )
        )
    with pytest.raises(UnreadableFiguresError, match="changed"):
        snapshots.figures(kept.id)


def test_a_figure_entered_again_replaces_the_one_before(database: Database) -> None:
    actuals = ActualStore(database)
    first = Actual("x", Decimal("2.50"), "万人", DAY, "entered", "me", "report")
    second = Actual("x", Decimal("0.1"), "万人", DAY, "entered", "you")
    other = Actual("x", Decimal(3), "万人", DAY, "computed", "bole")
    assert actuals.put([first, other]) == 2
    assert set(actuals.all()) == {first, other}
    actuals.put([second])
    assert set(actuals.all()) == {second, other}
    assert str(actuals.all()[1].value) == "0.1"


def test_a_declaration_is_sent_answered_and_sent_again(database: Database) -> None:
    declarations = DeclarationStore(database)
    body = {"employer": "甲", "title": "x", "headcount": 3}
    draft = declarations.add("a", [body], is_sent=False)[0]
    sent = declarations.add("b", [body], is_sent=True)[0]
    assert declarations.sent() == (sent,)
    assert declarations.of("a") == (draft,)
    with pytest.raises(DeclarationStateError):
        declarations.move(draft.id, "accepted")
    declarations.move(draft.id, "sent")
    refused = declarations.move(draft.id, "refused", " too vague ")
    assert (refused.state, refused.answer) == ("refused", "too vague")
    assert refused.answered_at is not None
    again = declarations.move(draft.id, "sent")
    assert (again.answer, again.answered_at) == ("", None)
    assert declarations.move(draft.id, "accepted").state == "accepted"
    assert not declarations.remove(draft.id)
    last = declarations.add("a", [body], is_sent=False)[0]
    assert declarations.remove(last.id)
    with pytest.raises(DeclarationMissingError):
        declarations.get(last.id)
    with pytest.raises(DeclarationMissingError):
        declarations.move("\0", "sent")


def test_editions_follow_each_other(database: Database) -> None:
    editions = EditionStore(database)
    first = first_edition("zj", date(2026, 1, 1), load_catalogue(), "decision 1")
    editions.publish(first, "me")
    added = next_edition(first, date(2027, 1, 1), [Add("具身智能", "asked for", DAY)])
    editions.publish(added, "me")
    assert editions.last("zj").edition == added
    assert [one.edition for one in editions.all()] == [added, first]
    with pytest.raises(EditionError):
        editions.publish(next_edition(first, date(2028, 1, 1), []), "me")
    assert editions.last("other") is None


def ledger_with(ledger: ReleaseLedger | None, counts: dict[str, int], day: date):
    axis = Dimension.flat("role", ["a", "b", "c"])
    held = ledger or ReleaseLedger(Rule(), (axis,))
    table = count_table((axis,), {(name,): Cell(number) for name, number in counts.items()})
    after, protected = held.release("posts", day, table)
    return protected, after


def test_the_ledger_is_kept_with_each_release(database: Database) -> None:
    releases = ReleaseStore(database)
    assert releases.read() is None
    counts = {"a": 40, "b": 60, "c": 80}
    first = releases.release(lambda ledger: ledger_with(ledger, counts, DAY))
    assert first.values[("a",)] == 40
    assert len(releases.read().releases) == 1
    releases.release(lambda ledger: ledger_with(ledger, counts, DAY))
    assert len(releases.read().releases) == 1
    changed = {**counts, "a": 44}
    second = releases.release(lambda ledger: ledger_with(ledger, changed, date(2026, 12, 31)))
    assert (second.values[("a",)], ("a",) in second.held) == (40, True)


def test_who_releases_beside_another_takes_the_others_ledger(database: Database) -> None:
    releases = ReleaseStore(database)
    counts = {"a": 40, "b": 60, "c": 80}
    seen = []

    def meanwhile(ledger):
        seen.append(ledger is None)
        if len(seen) == 1:
            releases.release(lambda other: ledger_with(other, counts, DAY))
        return ledger_with(ledger, counts, date(2026, 12, 31))

    releases.release(meanwhile)
    assert seen == [True, False]
    assert [one.as_of for one in releases.read().releases] == [DAY, date(2026, 12, 31)]


def test_a_damaged_ledger_releases_nothing(database: Database) -> None:
    releases = ReleaseStore(database)
    counts = {"a": 40, "b": 60, "c": 80}
    releases.release(lambda ledger: ledger_with(ledger, counts, DAY))
    with database.writing() as connection:
        connection.execute(
            text("UPDATE release_ledger SET document = replace(document, '40', '41')")
        )
    with pytest.raises(DisclosureError):
        releases.release(lambda ledger: ledger_with(ledger, counts, DAY))


def test_published_values_are_replaced_by_title_and_removed_by_edition(database: Database) -> None:
    store = PublishedStore(database)
    one = PublishedIndex("Index", "City", "2025", 9, "Weaver", "0.63", "short", "page 3")
    other, older = replace(one, title="Tailor", role=None), replace(one, edition="2024")
    marks = {store.mark()}
    assert store.put([one, other, older], "me") == 3
    marks.add(store.mark())
    assert store.all() == (older, other, one)
    better = replace(one, value="0.7")
    store.put([better], "me")
    marks.add(store.mark())
    assert store.all() == (older, other, better)
    assert store.remove("Index", "City", "2025") == 2
    marks.add(store.mark())
    assert store.remove("Index", "City", "2025") == 0
    assert store.all() == (older,)
    assert len(marks) == 4
