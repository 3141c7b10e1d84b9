"""How people are reached, and who may know: an employer asks, the person agrees, and can take it back.

Passing personal data to somebody else needs the person's own consent for that (PIPL art. 23), so each
agreement names the employer, the fields, the version of the text agreed to, and the day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from search.accounts.errors import AccountMissingError, WrongStateError
from search.accounts.principal import Principal
from search.records.account_tables import (
    CONTACT_DETAIL,
    CONTACT_REQUEST,
    LONGEST_EMAIL,
    LONGEST_MESSAGE,
    LONGEST_TITLE,
    ORGANISATION,
)
from search.records.database import Database
from search.records.identifiers import is_id, new_id
from search.records.tables import RECORD

#: Version of the text that people agree to (`consent.contact` of the locale files).
CONSENT_TEXT = "2026-11"

#: What can be agreed to be passed on.
FIELDS = ("name", "phone", "email", "employers", "schools")

#: Most ids in one statement; SQLite takes 32,766 variables.
_CHUNK = 1000

State = Literal["asked", "agreed", "refused", "withdrawn", "cancelled"]


@dataclass(frozen=True)
class Contact:
    """How a person is reached; what is not known is "". No part of the profile."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        """Say whether anything is known."""
        return any((self.name, self.phone, self.email))


NOTHING = Contact()


@dataclass(frozen=True)
class ContactRequest:
    """An employer's wish to be put in touch with a person about a vacancy, and what came of it.

    Attributes:
        organisation: name of the employer.
        fields: what the person agreed to pass on.
        text_version: of the text agreed to; "" until then.
    """

    id: str
    vacancy_id: str
    candidate_id: str
    organisation_id: str
    organisation: str
    message: str
    state: State
    fields: tuple[str, ...]
    text_version: str
    asked_at: datetime
    answered_at: datetime | None


class ContactStore:
    """Keeps contact details and requests. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def details(self, record_id: str) -> Contact:
        """Return how a person is reached."""
        query = select(CONTACT_DETAIL).where(CONTACT_DETAIL.c.record_id == record_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return NOTHING if row is None else Contact(row.name, row.phone, row.email)

    def put_details(self, contacts: Iterable[tuple[str, Contact]]) -> None:
        """Keep how people are reached; what says nothing removes what was kept."""
        with self._database.writing() as connection:
            put_details_within(connection, contacts, self._now())

    def ask(
        self, who: Principal, vacancy_id: str, candidate_id: str, message: str
    ) -> ContactRequest:
        """Ask a person to be put in touch about a vacancy; asking again returns the same request.

        Who took an agreement back, or refused, is not asked again.
        """
        both = (
            CONTACT_REQUEST.c.vacancy_id == vacancy_id,
            CONTACT_REQUEST.c.candidate_id == candidate_id,
        )
        with self._database.writing() as connection:
            row = connection.execute(_requests().where(*both)).first()
            if row is None:
                connection.execute(
                    insert(CONTACT_REQUEST).values(
                        id=new_id(),
                        vacancy_id=vacancy_id,
                        candidate_id=candidate_id,
                        organisation_id=who.organisation_id,
                        asked_by=who.account_id,
                        message=message.strip()[:LONGEST_MESSAGE],
                        state="asked",
                        fields=[],
                        text_version="",
                        asked_at=self._now(),
                        answered_at=None,
                    )
                )
            elif row.state == "cancelled":
                connection.execute(
                    update(CONTACT_REQUEST)
                    .where(CONTACT_REQUEST.c.id == row.id)
                    .values(
                        state="asked",
                        message=message.strip()[:LONGEST_MESSAGE],
                        asked_at=self._now(),
                        answered_at=None,
                    )
                )
            return _request(connection.execute(_requests().where(*both)).one())

    def get(self, request_id: str) -> ContactRequest:
        """Return a request.

        Raises:
            AccountMissingError: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute(_requests().where(CONTACT_REQUEST.c.id == request_id)).first()
        if row is None:
            raise AccountMissingError("contact request", request_id)
        return _request(row)

    def of_candidates(self, owner: str) -> tuple[ContactRequest, ...]:
        """Return the requests to the profiles of an owner, newest first; cancelled ones are left out."""
        owned = select(RECORD.c.id).where(RECORD.c.owner == owner, RECORD.c.kind == "candidate")
        return self._all(
            CONTACT_REQUEST.c.candidate_id.in_(owned), CONTACT_REQUEST.c.state != "cancelled"
        )

    def of_organisation(self, organisation_id: str) -> tuple[ContactRequest, ...]:
        """Return the requests of an employer, newest first."""
        return self._all(CONTACT_REQUEST.c.organisation_id == organisation_id)

    def agree(self, request_id: str, fields: Collection[str]) -> ContactRequest:
        """Agree to a request for some fields.

        Raises:
            AccountMissingError: there is none.
            WrongStateError: it was cancelled.
        """
        agreed = [name for name in FIELDS if name in fields]
        return self._move(
            request_id,
            ("asked", "refused", "withdrawn", "agreed"),
            state="agreed",
            fields=agreed,
            text_version=CONSENT_TEXT,
        )

    def refuse(self, request_id: str) -> ContactRequest:
        """Refuse a request.

        Raises:
            AccountMissingError: there is none.
            WrongStateError: it was answered already.
        """
        return self._move(request_id, ("asked",), state="refused", fields=[])

    def withdraw(self, request_id: str) -> ContactRequest:
        """Take an agreement back; from now on nothing is passed on.

        Raises:
            AccountMissingError: there is none.
            WrongStateError: there is no agreement.
        """
        return self._move(request_id, ("agreed",), state="withdrawn", fields=[])

    def cancel(self, request_id: str) -> ContactRequest:
        """Take a question back that was not answered yet.

        Raises:
            AccountMissingError: there is none.
            WrongStateError: it was answered already.
        """
        return self._move(request_id, ("asked",), state="cancelled", fields=[])

    def agreed_fields(
        self, organisation_id: str, candidate_ids: Collection[str]
    ) -> dict[str, frozenset[str]]:
        """Return what people agreed to pass on to an employer, over all of its vacancies.

        Args:
            organisation_id: of the employer; "" is none.
            candidate_ids: whose; those who agreed to nothing are not in the answer.
        """
        agreed: dict[str, frozenset[str]] = {}
        wanted = list(dict.fromkeys(candidate_ids)) if organisation_id else []
        for start in range(0, len(wanted), _CHUNK):
            query = select(CONTACT_REQUEST.c.candidate_id, CONTACT_REQUEST.c.fields).where(
                CONTACT_REQUEST.c.organisation_id == organisation_id,
                CONTACT_REQUEST.c.candidate_id.in_(wanted[start : start + _CHUNK]),
                CONTACT_REQUEST.c.state == "agreed",
            )
            with self._database.reading() as connection:
                for one, fields in connection.execute(query):
                    agreed[one] = agreed.get(one, frozenset()) | frozenset(fields)
        return agreed

    def _all(self, *conditions: ColumnElement[bool]) -> tuple[ContactRequest, ...]:
        query = _requests().where(*conditions).order_by(CONTACT_REQUEST.c.id.desc())
        with self._database.reading() as connection:
            return tuple(map(_request, connection.execute(query).all()))

    def _move(self, request_id: str, allowed: Collection[str], **values: object) -> ContactRequest:
        which = CONTACT_REQUEST.c.id == request_id
        with self._database.writing() as connection:
            row = connection.execute(_requests().where(which)).first()
            if row is None:
                raise AccountMissingError("contact request", request_id)
            if row.state not in allowed:
                raise WrongStateError(row.state)
            connection.execute(
                update(CONTACT_REQUEST).where(which).values(**values, answered_at=self._now())
            )
            return _request(connection.execute(_requests().where(which)).one())


def put_details_within(
    connection: Connection, contacts: Iterable[tuple[str, Contact]], now: datetime
) -> None:
    """Keep how people are reached, in the transaction of a connection that may write."""
    named = {record_id: contact for record_id, contact in contacts if is_id(record_id)}
    rows = [
        {
            "record_id": record_id,
            "name": contact.name.strip()[:LONGEST_TITLE],
            "phone": contact.phone.strip()[:LONGEST_TITLE],
            "email": contact.email.strip()[:LONGEST_EMAIL],
            "updated_at": now,
        }
        for record_id, contact in named.items()
        if contact != NOTHING
    ]
    ids = list(named)
    for start in range(0, len(ids), _CHUNK):
        gone = CONTACT_DETAIL.c.record_id.in_(ids[start : start + _CHUNK])
        connection.execute(delete(CONTACT_DETAIL).where(gone))
    if rows:
        connection.execute(insert(CONTACT_DETAIL), rows)


def _requests() -> Any:
    return select(CONTACT_REQUEST, ORGANISATION.c.name.label("organisation")).select_from(
        CONTACT_REQUEST.join(ORGANISATION)
    )


def _request(row: Row[Any]) -> ContactRequest:
    return ContactRequest(
        id=row.id,
        vacancy_id=row.vacancy_id,
        candidate_id=row.candidate_id,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        message=row.message,
        state=row.state,
        fields=tuple(row.fields),
        text_version=row.text_version,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )
