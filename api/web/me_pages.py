"""A job seeker's own pages: the profile, who may find and contact them, and their data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api import contact_service, own_data, record_service, resume_service
from api.access import Access
from api.erasing import backups_holding_since, erase_account
from api.languages import language_of
from api.letting_in import SESSION_COOKIE
from api.problems import Fault, Phrase, Problem
from api.resume_service import ResumeRefused
from api.web.access import AnyAccess, see_other, signed_in
from api.web.choices import form_choices
from api.web.form_faults import members
from api.web.forms import AnyForm
from api.web.profile_form import ProfileForm, contact_of, filled, labels, profile_of, sent
from api.web.templating import done, render
from api.wording import wording
from search.accounts.contacts import FIELDS, NOTHING
from search.accounts.principal import Role
from search.records.errors import VersionConflictError
from search.records.models import Candidate
from search.records.stored import StoredRecord

pages = APIRouter(include_in_schema=False, prefix="/me")


@pages.get("")
def me_page(request: Request, access: AnyAccess) -> Response:
    """Show the profile in short, requests, consents, and who read of it."""
    signed_in(access, request, Role.CANDIDATE)
    return _me(request, access)


@pages.get("/profile")
def profile_page(request: Request, access: AnyAccess) -> Response:
    """Show the profile as a form."""
    signed_in(access, request, Role.CANDIDATE)
    stored = _profile(access)
    candidate = stored.record if stored and isinstance(stored.record, Candidate) else None
    contact = access.bole.contacts.details(stored.id) if stored else NOTHING
    version = stored.version if stored else 0
    return _form(request, filled(candidate, contact), version)


@pages.post("/profile")
def save_profile(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Save the profile that was sent; nothing is saved where something is wrong with it."""
    signed_in(access, request, Role.CANDIDATE)
    stored = _profile(access)
    before = stored.record if stored and isinstance(stored.record, Candidate) else None
    candidate, faults = profile_of(form, before)
    if candidate is None:
        problem = members(request, faults)
        return _form(request, sent(form), _version(form("version")), problem=problem, status=422)
    if stored is None:
        stored = record_service.create(access, candidate, None).stored
    elif _version(form("version")) != stored.version:
        fault = Fault("body", "headline", Phrase("fault.profile_changed"))
        problem = members(request, [fault])
        return _form(request, sent(form), stored.version, problem=problem, status=409)
    else:
        try:
            stored = access.bole.store.replace(stored.id, candidate, stored.version)
        except VersionConflictError:
            raise Problem("changed-meanwhile") from None
        access.bole.changed()
    contact_service.put_contact(access, stored.id, contact_of(form))
    return see_other(done("/me", "profile"))


@pages.post("/resume")
def read_resume(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Read a résumé into the form, to be looked through before it is saved."""
    signed_in(access, request, Role.CANDIDATE)
    stored = _profile(access)
    version = stored.version if stored else 0
    upload = form.files.get("file")
    try:
        draft = resume_service.draft(
            upload.content if upload else b"", upload.name if upload else ""
        )
    except ResumeRefused as refused:
        problem = members(request, [Fault("body", "file", refused.phrase)])
        before = stored.record if stored and isinstance(stored.record, Candidate) else None
        contact = access.bole.contacts.details(stored.id) if stored else NOTHING
        return _form(request, filled(before, contact), version, problem=problem, status=422)
    shown = filled(draft.candidate, draft.contact)
    if not draft.has_headline:
        shown.fields["headline"] = ""
    return _form(request, shown, version, notes=draft.notes, is_draft=True)


@pages.post("/consents")
def save_consents(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Change what is agreed to; it holds at once."""
    signed_in(access, request, Role.CANDIDATE)
    stored = _profile(access)
    if stored is None or not isinstance(stored.record, Candidate):
        raise Problem("not-found")
    wanted = {purpose: form(purpose) == "yes" for purpose in own_data.PURPOSES}
    changed = own_data.with_consents(stored.record, wanted, access.today())
    access.bole.store.replace(stored.id, changed, stored.version)
    access.bole.changed()
    return see_other(done("/me", "consents"))


@pages.post("/requests/{request_id}")
def answer_request(request: Request, access: AnyAccess, form: AnyForm, request_id: str) -> Response:
    """Answer an employer's request to be put in touch, or take an answer back."""
    signed_in(access, request, Role.CANDIDATE)
    chosen = form("answer")
    if chosen not in {"agree", "refuse", "withdraw"}:
        raise Problem("invalid-input", [Fault("body", "answer", Phrase("fault.missing"))])
    if chosen == "agree" and not form.all("field"):
        # Only for a request of the caller's own: what is foreign is not there.
        known = {one.id for one in contact_service.requests(access)}
        if request_id in known:
            fault = Fault("body", f"{request_id}-name", Phrase("contact.nothing_agreed"))
            return _me(request, access, problem=members(request, [fault]), status=422)
    contact_service.answer(access, request_id, chosen, form.all("field"))  # type: ignore[arg-type]
    return see_other(done("/me", f"answer_{chosen}"))


@pages.get("/data.json")
def data_file(request: Request, access: AnyAccess) -> Response:
    """Give everything that is kept, as JSON."""
    signed_in(access, request, Role.CANDIDATE)
    return _json_file(own_data.export(access), "bole-data.json")


@pages.get("/resume.json")
def json_resume(request: Request, access: AnyAccess) -> Response:
    """Give the profile in the form of JSON Resume, which other systems read."""
    signed_in(access, request, Role.CANDIDATE)
    stored = _profile(access)
    if stored is None or not isinstance(stored.record, Candidate):
        raise Problem("not-found")
    contact = access.bole.contacts.details(stored.id)
    return _json_file(resume_service.as_json_resume(stored.record, contact), "resume.json")


@pages.get("/erase")
def erase_page(request: Request, access: AnyAccess) -> Response:
    """Ask whether everything is to be erased, and say what that is."""
    signed_in(access, request, Role.CANDIDATE)
    return render(request, "erase.html", access=access)


@pages.post("/erase")
def erase(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Erase the person, at once."""
    signed_in(access, request, Role.CANDIDATE)
    if form("sure") != "yes":
        problem = members(request, [Fault("body", "sure", Phrase("fault.erase_unsure"))])
        return render(request, "erase.html", 422, access=access, problem=problem)
    account = access.bole.accounts.get(access.who.account_id)
    proofs = erase_account(access, account)
    backups = [at for at in backups_holding_since(access, account.created_at) if at]
    response = render(request, "erased.html", proofs=proofs, backups=backups)
    response.delete_cookie(SESSION_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _me(
    request: Request,
    access: Access,
    *,
    problem: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {"problem": problem} if problem else {}
    bole, stored = access.bole, _profile(access)
    log = bole.access_log.of_record(stored.id) if stored else ()
    return render(
        request,
        "me.html",
        status,
        access=access,
        stored=stored,
        record=stored.record if stored else None,
        requests=contact_service.requests(access),
        vacancies=_vacancies(access),
        read_by=[entry for entry in log if entry.action in {"read", "contact"}],
        organisations={one.id: one.name for one in bole.accounts.organisations()},
        purposes=own_data.PURPOSES,
        fields=FIELDS,
        **context,
    )


def _profile(access: Access) -> StoredRecord | None:
    """Return the profile; the first one where there are several."""
    found = own_data.profiles(access)
    return found[0] if found else None


def _vacancies(access: Access) -> Mapping[str, StoredRecord]:
    """Return the vacancies that requests are about, as far as they are still there."""
    about = [one.vacancy_id for one in contact_service.requests(access)]
    # Whoever is asked about a vacancy may know which, whatever became of it.
    return access.bole.store.get_many(about)


def _form(
    request: Request,
    form: ProfileForm,
    version: int,
    *,
    problem: Mapping[str, object] | None = None,
    notes: tuple[Phrase, ...] = (),
    is_draft: bool = False,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {"problem": problem} if problem else {}
    words = wording(language_of(request))
    return render(
        request,
        "profile_form.html",
        status,
        form=form,
        version=version,
        is_draft=is_draft,
        notes=[note.within(words) for note in notes],
        labels=labels(form, words),
        **form_choices(language_of(request), (form.fields["region"], *form.regions)),
        **context,
    )


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _json_file(content: object, name: str) -> Response:
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
