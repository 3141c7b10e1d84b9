"""Indices of shortage that others published: a list, a file to enter them from, an edition to remove."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request, Response

from api.access import Access
from api.audit import entering
from api.audit.report import report_words
from api.audit.report_tables import published_table
from api.languages import language_of
from api.reports.views import table_view
from api.web.access import AnyAccess, see_other
from api.web.audit_pages import officer
from api.web.audit_views import faults_of_rows
from api.web.forms import AnyForm
from api.web.templating import render
from search.audit.named_rows import labels_of
from search.audit.published.rows import PublishedRows

pages = APIRouter(include_in_schema=False, prefix="/audit/published")


@pages.get("")
def published_page(request: Request, access: AnyAccess) -> Response:
    """Show what was entered."""
    officer(access, request)
    return _page(request, access)


@pages.post("")
def enter_published(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Keep the sound rows of a file, and show what is wrong with the others."""
    officer(access, request)
    upload = form.files.get("file")
    found = entering.enter_published(access, b"" if upload is None else upload.content)
    return _page(request, access, found) if found.faults else see_other("/audit/published")


@pages.post("/remove")
def remove_published(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Remove an edition of an index."""
    officer(access, request)
    entering.remove_published(access, form("name"), form("publisher"), form("edition"))
    return see_other("/audit/published")


def _page(request: Request, access: Access, entered: PublishedRows | None = None) -> Response:
    lang = language_of(request)
    held = entering.published(access)
    editions = Counter((one.name, one.publisher, one.edition) for one in held)
    return render(
        request,
        "audit_published.html",
        200 if entered is None else 422,
        table=table_view(published_table(held), report_words(lang)),
        editions=editions.items(),
        entered=None if entered is None else len(entered.values),
        row_faults=[]
        if entered is None
        else faults_of_rows(entered.faults, lang, labels_of("search.audit.published")),
    )
