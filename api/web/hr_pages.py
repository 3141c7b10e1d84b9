"""An employer's pages: openings, the people asked, and what they agreed to pass on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api import contact_service, posting_service, record_service
from api.access import Access
from api.languages import language_of
from api.problems import Fault, Phrase, Problem
from api.versions import etag_of
from api.web.access import HOME, AnyAccess, here, see_other, signed_in
from api.web.choices import form_choices
from api.web.form_faults import members
from api.web.forms import AnyForm, Form
from api.web.templating import done, render
from api.web.vacancy_form import filled, labels, vacancy_of
from api.wording import wording
from search.accounts.contacts import Contact, ContactRequest
from search.accounts.principal import Role
from search.records.models import AnyRecord, Vacancy
from search.records.stored import StoredRecord

pages = APIRouter(include_in_schema=False, prefix="/hr")

#: Openings on the page.
SHOWN = 100


@dataclass(frozen=True)
class Asked:
    """A request with what it is about.

    Attributes:
        request: the request.
        vacancy: the opening.
        person: the profile as the employer may see it; None when it cannot be seen any more.
    """

    request: ContactRequest
    vacancy: StoredRecord | None
    person: AnyRecord | None


@pages.get("")
def hr_page(request: Request, access: AnyAccess) -> Response:
    """Show the openings, and what became of requests."""
    signed_in(access, request, Role.EMPLOYER)
    page = access.bole.store.page("vacancy", owner=access.who.owner, limit=SHOWN)
    return render(
        request,
        "hr.html",
        access=access,
        vacancies=page.records,
        is_cut=page.next is not None,
        asked=_asked(access),
    )


@pages.get("/vacancies/new")
def new_vacancy_page(request: Request, access: AnyAccess) -> Response:
    """Show an empty form."""
    signed_in(access, request, Role.EMPLOYER, Role.OFFICE)
    return _form(request, filled(None))


@pages.post("/vacancies/new")
def add_vacancy(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Store the opening that was sent."""
    signed_in(access, request, Role.EMPLOYER, Role.OFFICE)
    vacancy, faults = vacancy_of(form, None)
    if vacancy is None:
        return _form(request, _texts(form), problem=members(request, faults), status=422)
    stored = record_service.create(access, vacancy, None).stored
    return see_other(done(f"/vacancies/{stored.id}", "vacancy"))


@pages.post("/vacancies/file")
def read_posting(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Read a posting of another site into the form, to be looked through before it is saved."""
    signed_in(access, request, Role.EMPLOYER, Role.OFFICE)
    upload = form.files.get("file")
    lang = language_of(request)
    try:
        found, refused = posting_service.drafts(access, upload.content if upload else b"", lang)
    except Problem as problem:
        return _form(
            request, filled(None), problem=members(request, list(problem.faults)), status=422
        )
    if not found:
        advice = Phrase("posting.refused", {"reason": refused[0].reason, "fix": refused[0].fix})
        problem_of = members(request, [Fault("body", "file", advice)])
        return _form(request, filled(None), problem=problem_of, status=422)
    return _form(request, filled(found[0]), found=len(found) + len(refused))


@pages.get("/vacancies/{record_id}")
def edit_vacancy_page(request: Request, access: AnyAccess, record_id: str) -> Response:
    """Show an opening as a form."""
    signed_in(access, request, Role.EMPLOYER, Role.OFFICE)
    stored = access.get(record_id, "vacancy")
    access.require_own(stored)
    assert isinstance(stored.record, Vacancy)
    return _form(request, filled(stored.record), stored)


@pages.post("/vacancies/{record_id}")
def save_vacancy(request: Request, access: AnyAccess, form: AnyForm, record_id: str) -> Response:
    """Save an opening that nobody else has changed meanwhile."""
    signed_in(access, request, Role.EMPLOYER, Role.OFFICE)
    stored = access.get(record_id, "vacancy")
    access.require_own(stored)
    assert isinstance(stored.record, Vacancy)
    vacancy, faults = vacancy_of(form, stored.record)
    if vacancy is not None and form("version") != str(stored.version):
        faults = [Fault("body", "title", Phrase("fault.vacancy_changed"))]
        vacancy = None
    if vacancy is None:
        problem = members(request, faults)
        return _form(request, _texts(form), stored, problem=problem, status=422)
    record_service.replace(access, stored.id, vacancy, etag_of(stored.version))
    return see_other(done(f"/vacancies/{stored.id}", "vacancy"))


@pages.post("/vacancies/{record_id}/erase")
def erase_vacancy(request: Request, access: AnyAccess, record_id: str) -> Response:
    """Remove an opening, with the requests about it."""
    signed_in(access, request, Role.EMPLOYER, Role.OFFICE)
    stored = access.get(record_id, "vacancy")
    record_service.erase(access, stored.id, "vacancy", etag_of(stored.version))
    assert access.who.role is not None
    return see_other(done(HOME[access.who.role], "vacancy_erased"))


@pages.post("/ask")
def ask(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Ask a person to be put in touch about an opening."""
    signed_in(access, request, Role.EMPLOYER)
    contact_service.ask(access, form("vacancy"), form("candidate"), form("message"))
    return see_other(here(form("next"), done("/hr", "asked")))


@pages.post("/requests/{request_id}/cancel")
def cancel(request: Request, access: AnyAccess, request_id: str) -> Response:
    """Take a question back that was not answered yet."""
    signed_in(access, request, Role.EMPLOYER)
    contact_service.answer(access, request_id, "cancel")
    return see_other(done("/hr", "cancelled"))


@pages.get("/contacts/{record_id}")
def contact_page(request: Request, access: AnyAccess, record_id: str) -> Response:
    """Show how a person is reached who agreed to it; that it was read is noted."""
    signed_in(access, request, Role.EMPLOYER)
    stored = access.get(record_id, "candidate")
    contact, agreed = contact_service.contact_of(access, record_id)
    return render(
        request,
        "contact.html",
        stored=stored,
        record=access.shown(stored),
        contact=contact,
        agreed=agreed,
        nothing=Contact(),
    )


def _asked(access: Access) -> list[Asked]:
    requests = access.bole.contacts.of_organisation(access.who.organisation_id)
    vacancies = access.get_many(one.vacancy_id for one in requests)
    people = access.shown_all(access.get_many(one.candidate_id for one in requests))
    return [
        Asked(one, vacancies.get(one.vacancy_id), people.get(one.candidate_id)) for one in requests
    ]


def _form(
    request: Request,
    fields: Mapping[str, str],
    stored: StoredRecord | None = None,
    *,
    problem: Mapping[str, object] | None = None,
    found: int = 0,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {"problem": problem} if problem else {}
    return render(
        request,
        "vacancy_form.html",
        status,
        # What was not sent is empty.
        fields=defaultdict(str, fields),
        stored=stored,
        found=found,
        labels=labels(wording(language_of(request))),
        **form_choices(language_of(request), (fields.get("region", ""),)),
        **context,
    )


def _texts(form: Form) -> dict[str, str]:
    return dict(form.pairs)
