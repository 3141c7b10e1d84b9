"""Contact details and requests, the log of what was read, and the proof of an erasure."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from search.accounts.access_log import AccessLog
from search.accounts.accounts import Account
from search.accounts.contacts import NOTHING, Contact, ContactStore
from search.accounts.erasures import ErasureStore
from search.accounts.errors import AccountMissingError, WrongStateError
from search.accounts.principal import OPERATOR
from search.records.account_tables import ACCESS_LOG, CONTACT_DETAIL, CONTACT_REQUEST
from search.records.database import Database
from search.records.models import Candidate, Vacancy
from search.records.store import RecordStore
from search.records.stored import StoredRecord


@pytest.fixture
def contacts(database: Database, clock) -> ContactStore:
    return ContactStore(database, now=clock)


@pytest.fixture
def log(database: Database, clock) -> AccessLog:
    return AccessLog(database, now=clock)


@pytest.fixture
def person(database: Database, candidate: Account) -> StoredRecord:
    return RecordStore(database).add(Candidate(headline="a"), candidate.id)


@pytest.fixture
def vacancy(database: Database, employer: Account) -> StoredRecord:
    return RecordStore(database).add(Vacancy(title="a"), employer.principal.owner)


def test_contact_details_are_kept_apart_and_go_with_the_record(
    contacts: ContactStore, database: Database, person: StoredRecord
) -> None:
    assert contacts.details(person.id) == NOTHING
    contacts.put_details([(person.id, Contact("李雷", "138", "li@example.org"))])
    assert contacts.details(person.id) == Contact("李雷", "138", "li@example.org")
    contacts.put_details([(person.id, Contact(name="李雷"))])
    assert contacts.details(person.id) == Contact(name="李雷")
    contacts.put_details([(person.id, NOTHING)])
    assert contacts.details(person.id) == NOTHING
    contacts.put_details([(person.id, Contact(name="李雷"))])
    RecordStore(database).delete(person.id)
    with database.reading() as connection:
        assert connection.execute(select(CONTACT_DETAIL)).all() == []


def test_a_request_is_answered_by_the_person_and_can_be_taken_back(
    contacts: ContactStore, person: StoredRecord, vacancy: StoredRecord, employer: Account, clock
) -> None:
    who = employer.principal
    made = contacts.ask(who, vacancy.id, person.id, " hello ")
    assert (made.state, made.organisation, made.message) == ("asked", "Acme", "hello")
    assert contacts.ask(who, vacancy.id, person.id, "again") == made
    assert contacts.agreed_fields(who.organisation_id, [person.id]) == {}
    clock.forward(hours=1)
    agreed = contacts.agree(made.id, ["phone", "name", "nonsense"])
    assert (agreed.state, agreed.fields, agreed.answered_at) == (
        "agreed", ("name", "phone"), clock.at,
    )  # fmt: skip
    assert agreed.text_version
    assert contacts.agreed_fields(who.organisation_id, [person.id]) == {
        person.id: {"name", "phone"}
    }
    assert contacts.agreed_fields("another", [person.id]) == {}
    assert contacts.agreed_fields("", [person.id]) == {}
    assert contacts.withdraw(made.id).state == "withdrawn"
    assert contacts.agreed_fields(who.organisation_id, [person.id]) == {}
    # Who took it back is not asked again.
    assert contacts.ask(who, vacancy.id, person.id, "please").state == "withdrawn"
    assert contacts.of_candidates(person.owner) == contacts.of_organisation(who.organisation_id)


def test_what_cannot_be_done_in_a_state_is_refused(
    contacts: ContactStore, person: StoredRecord, vacancy: StoredRecord, employer: Account
) -> None:
    made = contacts.ask(employer.principal, vacancy.id, person.id, "")
    with pytest.raises(WrongStateError):
        contacts.withdraw(made.id)
    contacts.cancel(made.id)
    for act in (contacts.refuse, contacts.withdraw, contacts.cancel):
        with pytest.raises(WrongStateError):
            act(made.id)
    with pytest.raises(WrongStateError):
        contacts.agree(made.id, ["name"])
    assert contacts.of_candidates(person.owner) == ()
    assert contacts.ask(employer.principal, vacancy.id, person.id, "").state == "asked"
    contacts.refuse(made.id)
    with pytest.raises(AccountMissingError):
        contacts.get("nothing")


def test_the_log_is_a_chain(log: AccessLog, employer: Account, clock) -> None:
    who = employer.principal
    log.note(who, "read", ["r1", "r2"])
    clock.forward(minutes=1)
    log.note(who, "contact", ["r1"], "name,phone")
    assert [entry.action for entry in log.of_record("r1")] == ["read", "contact"]
    assert log.problems() == []
    head = log.head()
    log.note(who, "export", [])
    log.note(who, "read", [f"x{n}" for n in range(1500)])
    assert log.problems(head) == []
    assert len(list(log.entries())) == 1503
    assert log.problems((head[0], "0" * 64)) != []
    assert log.problems((9999, head[1])) != []


@pytest.mark.parametrize("table", ["access_log", "erasure"])
def test_the_database_itself_refuses_changes(
    database: Database, log: AccessLog, person: StoredRecord, employer: Account, table: str
) -> None:
    log.note(employer.principal, "read", ["r1"])
    proofs = ErasureStore(database)
    RecordStore(database).delete(
        person.id, also=lambda connection: proofs.prove(connection, OPERATOR, person.id)
    )
    column = "action" if table == "access_log" else "record_id"
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="only added to"), database.writing() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE access_log SET record_id = 'r9' WHERE sequence = 250",
        "DELETE FROM access_log WHERE sequence = 250",
        "UPDATE access_log SET sequence = CASE sequence WHEN 7 THEN -8 WHEN 8 THEN -7 "
        "ELSE sequence END WHERE sequence IN (7, 8)",
    ],
)
def test_whoever_gets_round_that_is_found_out(
    database: Database, log: AccessLog, employer: Account, damage: str
) -> None:
    log.note(employer.principal, "read", [f"r{n}" for n in range(500)])
    with database.writing() as connection:
        for operation in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER access_log_no_{operation}"))
        connection.execute(text(damage))
        connection.execute(text("UPDATE access_log SET sequence = -sequence WHERE sequence < 0"))
    assert log.problems() != []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_log_that_was_cut_off_shows_to_who_kept_its_head(
    database: Database, log: AccessLog, employer: Account
) -> None:
    log.note(employer.principal, "read", [f"r{n}" for n in range(20)])
    head = log.head()
    with database.writing() as connection:
        connection.execute(text("DROP TRIGGER access_log_no_delete"))
        connection.execute(ACCESS_LOG.delete().where(ACCESS_LOG.c.sequence > 15))
    assert log.problems() == []
    assert log.problems(head) != []


def test_an_erasure_leaves_a_proof_and_nothing_else(
    database: Database,
    contacts: ContactStore,
    log: AccessLog,
    person: StoredRecord,
    vacancy: StoredRecord,
    employer: Account,
) -> None:
    contacts.put_details([(person.id, Contact("李雷"))])
    contacts.ask(employer.principal, vacancy.id, person.id, "")
    log.note(employer.principal, "read", [person.id])
    proofs = ErasureStore(database)
    assert proofs.find(person.id) is None
    assert RecordStore(database).delete(
        person.id, also=lambda connection: proofs.prove(connection, OPERATOR, person.id)
    )
    proof = proofs.find(person.id)
    assert proof is not None and proofs.all() == (proof,)
    assert proof.removed == {
        "records": 1, "contact_details": 1, "contact_requests": 1, "alerts": 0,
    }  # fmt: skip
    with database.reading() as connection:
        assert connection.execute(select(CONTACT_REQUEST)).all() == []
    assert [entry.action for entry in log.of_record(person.id)] == ["read", "erase"]
    assert log.problems() == []
