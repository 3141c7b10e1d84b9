"""Asking people whether they may be contacted, and what they agreed to."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import timedelta
from typing import Literal

from api.access import Access
from api.problems import Phrase, Problem
from search.accounts.contacts import FIELDS, Contact, ContactRequest
from search.accounts.errors import AccountMissingError, WrongStateError
from search.accounts.principal import Role, Scope
from search.records.models import Candidate

Answer = Literal["agree", "refuse", "withdraw", "cancel"]

#: What of the contact details is passed on under which agreement.
DETAILS = ("name", "phone", "email")
_DAY = timedelta(days=1)


def ask(access: Access, vacancy_id: str, candidate_id: str, message: str) -> ContactRequest:
    """Ask a person to be put in touch about a vacancy of the caller's.

    Raises:
        Problem: 401 or 403 for who is no employer or does not own the vacancy, or where the person
            does not wish to be asked; 404.
    """
    access.require(Scope.WRITE)
    if access.who.role is not Role.EMPLOYER:
        raise access.refusal()
    access.require_own(access.get(vacancy_id, "vacancy"))
    stored = access.get(candidate_id, "candidate")
    assert isinstance(stored.record, Candidate)
    if not stored.record.agrees_to("contact"):
        raise Problem("forbidden", detail=Phrase("contact.not_wished"))
    return access.bole.contacts.ask(access.who, vacancy_id, candidate_id, message)


def requests(access: Access) -> tuple[ContactRequest, ...]:
    """Return the requests that the caller made, or that were made to profiles of theirs.

    Raises:
        Problem: 401 or 403 for who can have none.
    """
    access.require(Scope.READ)
    if not access.who.owner:
        raise access.refusal()
    store = access.bole.contacts
    made = store.of_organisation(access.who.organisation_id) if access.who.organisation_id else ()
    received = store.of_candidates(access.who.owner)
    return tuple(sorted({*made, *received}, key=lambda request: request.id, reverse=True))


def answer(
    access: Access, request_id: str, answer: Answer, fields: Collection[str] = ()
) -> ContactRequest:
    """Answer a request, or take an answer or a question back.

    Args:
        access: who answers: the owner of the profile; cancels: the employer who asked.
        request_id: which.
        answer: what is done.
        fields: what may be passed on, of `FIELDS`; for `agree` alone.

    Raises:
        Problem: 401, 403; 404; 409 in a state in which this cannot be done; 422 where nothing is agreed.
    """
    access.require(Scope.WRITE)
    store = access.bole.contacts
    found = _get(access, request_id)
    is_asker = access.who.organisation_id == found.organisation_id
    if (answer == "cancel") != is_asker and not _owns(access, found):
        raise Problem("forbidden")
    try:
        match answer:
            case "agree":
                chosen = [name for name in FIELDS if name in fields]
                if not chosen:
                    raise Problem("invalid-input", detail=Phrase("contact.nothing_agreed"))
                return store.agree(request_id, chosen)
            case "refuse":
                return store.refuse(request_id)
            case "withdraw":
                return store.withdraw(request_id)
            case "cancel":
                return store.cancel(request_id)
    except AccountMissingError:
        raise Problem("not-found") from None
    except WrongStateError:
        raise Problem("conflict", detail=Phrase("contact.wrong_state")) from None


def contact_of(access: Access, candidate_id: str) -> tuple[Contact, frozenset[str]]:
    """Return how a person is reached, as far as they agreed, and what they agreed to; it is noted.

    Raises:
        Problem: 403 where they have not agreed; 404; 429 after too many people in a day.
    """
    access.require(Scope.READ)
    stored = access.get(candidate_id, "candidate")
    if access.is_own(stored):
        return access.bole.contacts.details(stored.id), frozenset(FIELDS)
    agreed = access.agreed_fields(stored.id)
    if not agreed:
        raise Problem("forbidden", detail=Phrase("contact.not_agreed"))
    _require_few(access, stored.id)
    access.bole.access_log.note(access.who, "contact", [stored.id], ",".join(sorted(agreed)))
    held = access.bole.contacts.details(stored.id)
    return Contact(**{name: getattr(held, name) for name in DETAILS if name in agreed}), agreed


def _require_few(access: Access, candidate_id: str) -> None:
    """Refuse an account that was shown the details of many people: it gathers them, or was taken over.

    All servers count alike, since the log is what counts; who was shown within the day is shown again.
    """
    most, account_id = access.bole.settings.contacts_per_day, access.who.account_id
    if not most or not account_id:
        return
    now = access.bole.now()
    seen = access.bole.access_log.people_of(account_id, "contact", now - _DAY)
    if candidate_id in seen or len(seen) < most:
        return
    # One more is free when so many are left that this one is the last allowed.
    free_at = sorted(seen.values())[len(seen) - most] + _DAY
    wait_s = max(math.ceil((free_at - now).total_seconds()), 1)
    raise Problem(
        "too-many-requests",
        detail=Phrase("contact.too_many", {"most": most}),
        headers={"Retry-After": str(wait_s)},
    )


def put_contact(access: Access, candidate_id: str, contact: Contact) -> None:
    """Keep how the person of a profile of the caller's is reached.

    Raises:
        Problem: 401, 403, 404.
    """
    stored = access.get(candidate_id, "candidate")
    access.require_own(stored)
    access.bole.contacts.put_details([(stored.id, contact)])


def _get(access: Access, request_id: str) -> ContactRequest:
    """Return a request that the caller has to do with.

    Raises:
        Problem: 404 when there is none.
    """
    try:
        found = access.bole.contacts.get(request_id)
    except AccountMissingError:
        raise Problem("not-found") from None
    is_asker = access.who.organisation_id == found.organisation_id
    if not (is_asker or _owns(access, found)):
        raise Problem("not-found")
    return found


def _owns(access: Access, found: ContactRequest) -> bool:
    stored = access.bole.store.get_many([found.candidate_id]).get(found.candidate_id)
    return stored is not None and access.is_own(stored)
