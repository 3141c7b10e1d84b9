"""What the demand speaks for, and the next edition of the office's catalogue made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from api.access import Access
from api.audit import edition_service
from api.audit.planning import proposals
from api.audit.question import asked_by
from api.audit.report import report_words
from api.audit.report_planning import report_proposals
from api.languages import language_of
from api.problems import Problem, body, invalid
from api.web.access import AnyAccess, see_other
from api.web.audit_pages import officer
from api.web.forms import AnyForm, Form
from api.web.templating import render
from api.wording import wording
from taxonomies.catalogue import load_catalogue

pages = APIRouter(include_in_schema=False, prefix="/audit")

_PARTS: tuple[Literal["catalogue", "dropped"], ...] = ("catalogue", "dropped")


@pages.get("/proposals")
def proposals_page(request: Request, access: AnyAccess) -> Response:
    """Show what postings and declarations speak for, and the editions so far."""
    officer(access, request)
    return _proposals(request, access)


@pages.post("/editions/first")
def begin(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Take annex 1 up as the first edition."""
    officer(access, request)
    try:
        start = _day(form, "start")
        edition_service.begin(access, form("catalogue"), start, form("reason"))
    except Problem as problem:
        return _again(request, access, problem, form)
    return see_other("/audit/proposals#editions")


@pages.post("/editions")
def publish(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Publish the next edition, of what was ticked."""
    officer(access, request)
    catalogue = form("catalogue")
    last = next(
        (one for one in edition_service.editions(access) if one.edition.id == catalogue), None
    )
    if last is None:
        raise Problem("not-found")
    try:
        start = _day(form, "start")
        accepted = form.all("accept")
        found = edition_service.decisions_of(last.edition, accepted, form, access.today())
        edition_service.publish(access, catalogue, start, found)
    except Problem as problem:
        return _again(request, access, problem, form)
    return see_other("/audit/proposals#editions")


@pages.get("/editions/{name}/{start}/{part}.csv")
def edition_file(request: Request, access: AnyAccess, name: str, start: str, part: str) -> Response:
    """Give an edition, or the rows that are gone, as CSV."""
    officer(access, request)
    which = next((name for name in _PARTS if name == part), None)
    if which is None:
        raise Problem("not-found")
    content = edition_service.edition_file(access, name, start, which)
    headers = {"Content-Disposition": f'attachment; filename="{which}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _again(request: Request, access: Access, problem: Problem, form: Form) -> Response:
    """Show the page again with what was wrong; what is not the form's fault is shown as itself."""
    if problem.kind != "invalid-input":
        raise problem
    members = body(request, problem, wording(language_of(request)))
    return _proposals(request, access, dict(form.pairs), problem=members)


def _proposals(
    request: Request,
    access: Access,
    fields: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    lang = language_of(request)
    asked = asked_by(access, {})
    words = report_words(lang)
    published = edition_service.editions(access)
    found = proposals(access, asked)
    return render(
        request,
        "audit_proposals.html",
        422 if context else 200,
        asked=asked,
        found=found,
        shown=report_proposals(found),
        said=words.said,
        cell=words.cell,
        published=published,
        last=published[0].edition if published else None,
        field_options=[(one.name.zh, one.name.within(lang)) for one in load_catalogue().fields],
        fields=fields or {},
        **context,
    )


def _day(form: Form, name: str) -> date:
    try:
        return date.fromisoformat(form(name))
    except ValueError:
        raise invalid("body", name, "date") from None
