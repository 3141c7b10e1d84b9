"""The public pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api import own_data
from api.benefit_answers import BenefitFilter, benefit_list, one_benefit
from api.catalogue_answers import role_detail, role_list
from api.languages import language_of
from api.notices import Measures, place_name
from api.problems import STATUS, Fault, Phrase, Problem, body
from api.record_service import read
from api.web.access import AnyAccess
from api.web.asking import asked_about, asking_of
from api.web.benefits_page import PARTIES, check_page
from api.web.compare_page import compare_page_of
from api.web.links import SearchState, state_of
from api.web.match_links import CHOICES, MOST, match_state
from api.web.match_page import candidate_page_of, vacancy_page_of
from api.web.search_page import results_page, split_ended
from api.web.templating import render
from api.wording import wording
from search.accounts.principal import Role
from search.benefits.standing import Standing
from search.models import Target
from search.ranking.score import MATCH_AT_LEAST
from search.records.models import Vacancy
from search.records.stored import StoredRecord
from taxonomies.benefits import Form
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education

pages = APIRouter(include_in_schema=False)

#: Filters of the list of measures, and measures on a page of it.
LISTED = ("standing", "beneficiary", "form", "document")
PAGE = 50


@pages.get("/")
def search_page(request: Request, access: AnyAccess) -> Response:
    """Show the search box, and the results of what was asked."""
    state = state_of(request.query_params.multi_items())
    if state.q is None:
        return render(request, "home.html", state=state, targets=list(Target))
    if not state.q.strip():
        return _blank(request, state)
    results = results_page(access, state)
    return render(request, "results.html", state=state, targets=list(Target), results=results)


@pages.get("/roles")
def roles_page(request: Request) -> Response:
    """Show the catalogue, by field."""
    params = request.query_params
    text, field = params.get("q", "")[:200], params.get("field", "")
    codes = [entry.code for entry in load_catalogue().fields]
    if field and field not in codes:
        raise Problem("invalid-input", [Fault("query", "field", Phrase("fault.unknown_field"))])
    found = role_list([field] if field else [], text)
    return render(request, "roles.html", found=found, q=text, field=field)


@pages.get("/roles/{number}")
def role_page(request: Request, access: AnyAccess, number: str) -> Response:
    """Show one row of the catalogue."""
    catalogue = load_catalogue()
    is_number = number.isascii() and number.isdigit() and len(number) <= 4
    role = catalogue.role(int(number)) if is_number else None
    if role is None:
        raise Problem("not-found")
    as_of = access.today()
    detail = role_detail(role, (), Measures(access.book, as_of))
    current, ended = split_ended(detail.benefits)
    others = [other for other in catalogue.roles if other.field is role.field and other is not role]
    return render(
        request, "role.html", role=detail, current=current, ended=ended, others=others, as_of=as_of
    )


@pages.get("/benefits")
def benefits_page(request: Request, access: AnyAccess) -> Response:
    """Show the public measures."""
    params = request.query_params
    wanted = BenefitFilter(
        q=params.get("q", "")[:200],
        **{name: tuple(filter(None, params.getlist(name))) for name in LISTED},
    )
    measures = Measures(access.book, access.today())
    found = benefit_list(measures, wanted, PAGE, params.get("cursor") or None)
    kept = [(key, value) for key, value in params.multi_items() if key != "cursor"]
    next_url = f"/benefits?{urlencode([*kept, ('cursor', found.next or '')], errors='replace')}"
    return render(
        request,
        "benefits.html",
        found=found,
        wanted=wanted,
        next_url=next_url,
        standings=list(Standing),
        parties=PARTIES,
        forms=list(Form),
        documents=sorted({one.document.file[:3] for one in access.book.benefits(measures.as_of)}),
    )


@pages.get("/benefits/check")
def benefits_check_page(request: Request, access: AnyAccess) -> Response:
    """Ask step by step, and show every measure's verdict."""
    found = check_page(access, request.query_params.multi_items())
    return render(request, "benefits_check.html", page=found, everybody=PARTIES)


@pages.get("/benefits/{benefit_id}")
def benefit_page(request: Request, access: AnyAccess, benefit_id: str) -> Response:
    """Show one measure."""
    measures = Measures(access.book, access.today())
    found = one_benefit(measures, benefit_id)
    return render(request, "benefit.html", benefit=found, as_of=measures.as_of)


@pages.get("/candidates/{record_id}")
def candidate_page(request: Request, access: AnyAccess, record_id: str) -> Response:
    """Show one profile as its owner sees it, with the vacancies or roles that fit it."""
    stored = read(access, record_id, "candidate")
    found = candidate_page_of(access, stored, match_state(request.query_params.multi_items()))
    return render(
        request,
        "candidate.html",
        page=found,
        is_own=access.is_own(stored),
        asking=asking_of(access, stored),
        **_record(stored),
    )


@pages.get("/vacancies/{record_id}")
def vacancy_page(request: Request, access: AnyAccess, record_id: str) -> Response:
    """Show one opening, what it asks for as a form, and who fits it."""
    stored = read(access, record_id, "vacancy")
    state = match_state(request.query_params.multi_items())
    assert isinstance(stored.record, Vacancy)
    found = vacancy_page_of(access, stored, stored.record, state)
    context: dict[str, Any] = {"page": found, "is_own": access.is_own(stored), **_record(stored)}
    if access.who.role is Role.CANDIDATE:
        # How they fit themselves: what it asks for is not theirs to change.
        return render(request, "vacancy_seen.html", own=own_data.profiles(access)[:1], **context)
    asked = asked_about(access, stored, [card.key for card in found.cards])
    return render(request, "vacancy.html", choices=CHOICES, asked=asked, **context)


@pages.get("/compare")
def compare_page(request: Request, access: AnyAccess) -> Response:
    """Show two to four candidates for a vacancy side by side."""
    vacancy_id = request.query_params.get("vacancy", "")
    if not vacancy_id:
        raise Problem("invalid-input", [Fault("query", "vacancy", Phrase("fault.missing"))])
    stored = read(access, vacancy_id, "vacancy")
    assert isinstance(stored.record, Vacancy)
    state = match_state(request.query_params.multi_items())
    # One too many says as much as a hundred.
    people = [read(access, key, "candidate") for key in state.candidate[: MOST + 1]]
    found = compare_page_of(access, stored, stored.record, people, state)
    status = 422 if found.advice in {"few", "many"} else 200
    return render(request, "compare.html", status, page=found, **_record(stored))


@pages.get("/about")
def about_page(request: Request, access: AnyAccess) -> Response:
    """Say how ranking works."""
    is_ready = access.bole.readiness().documents > 0
    versions = access.search.versions() if is_ready else {}
    return render(request, "about.html", versions=versions, threshold=f"{MATCH_AT_LEAST:g}")


@pages.get("/problems/{kind}")
def problem_page(request: Request, kind: str) -> Response:
    """Explain one kind of problem: where the `type` of a problem leads."""
    if kind not in STATUS:
        raise Problem("not-found")
    return render(request, "problem.html", kind=kind, code=STATUS[kind])


def _blank(request: Request, state: SearchState) -> Response:
    problem = Problem("invalid-input", [Fault("query", "q", Phrase("fault.blank_text"))])
    members = body(request, problem, wording(language_of(request)))
    return render(request, "home.html", 422, state=state, targets=list(Target), problem=members)


def _record(stored: StoredRecord) -> dict[str, Any]:
    return {
        "stored": stored,
        "record": stored.record,
        "levels": {level.id: level.label for level in load_education()},
        "region_name": place_name,
    }
