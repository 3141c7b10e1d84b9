"""Whom an employer can ask to be put in touch, about what, and how it stands with those asked already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.access import Access
from search.accounts.contacts import ContactRequest
from search.accounts.principal import Role
from search.records.models import Candidate, Vacancy
from search.records.stored import StoredRecord

#: Openings that can be chosen from on the page of a person.
OPENINGS = 100
#: In place of a state: the person wishes no requests.
NOT_WISHED = "not_wished"


@dataclass(frozen=True)
class Asking:
    """A person as somebody to be asked.

    Attributes:
        is_wished: whether the person may be asked at all.
        is_agreed: whether there is something that they agreed to pass on.
        asked: the openings they were asked about: title and state.
        openings: own open ones that they were not asked about: id and title.
    """

    is_wished: bool
    is_agreed: bool
    asked: Sequence[tuple[str, str]]
    openings: Sequence[tuple[str, str]]


def asking_of(access: Access, person: StoredRecord) -> Asking | None:
    """Return how an employer can ask the person of a page; None for who cannot ask or need not."""
    if access.who.role is not Role.EMPLOYER or access.is_own(person):
        return None
    made = {
        one.vacancy_id: one
        for one in _requests(access)
        if one.candidate_id == person.id and one.state != "cancelled"
    }
    page = access.bole.store.page("vacancy", owner=access.who.owner, limit=OPENINGS)
    own = {one.id: one.record for one in page.records if isinstance(one.record, Vacancy)}
    assert isinstance(person.record, Candidate)
    return Asking(
        is_wished=person.record.agrees_to("contact") is True,
        is_agreed=bool(access.agreed_fields(person.id)),
        asked=[(own[key].title, one.state) for key, one in made.items() if key in own],
        openings=[
            (key, one.title) for key, one in own.items() if one.status == "open" and key not in made
        ],
    )


def asked_about(
    access: Access, vacancy: StoredRecord, people: Sequence[str]
) -> Mapping[str, str] | None:
    """Return who was asked about an opening, or need not be, and how that stands; None for who cannot ask.

    Args:
        access: who looks at the opening.
        vacancy: the opening.
        people: ids of the profiles on the page.
    """
    if access.who.role is not Role.EMPLOYER or not access.is_own(vacancy):
        return None
    closed = {
        key: NOT_WISHED
        for key, stored in access.get_many(people).items()
        if isinstance(stored.record, Candidate) and not stored.record.agrees_to("contact")
    }
    made = {
        one.candidate_id: one.state
        for one in _requests(access)
        if one.vacancy_id == vacancy.id and one.state != "cancelled"
    }
    return closed | made


def _requests(access: Access) -> Sequence[ContactRequest]:
    return access.bole.contacts.of_organisation(access.who.organisation_id)
