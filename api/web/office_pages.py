"""A talent office's entrance."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.web.access import AnyAccess, signed_in
from api.web.templating import render
from search.accounts.principal import Role

pages = APIRouter(include_in_schema=False, prefix="/office")


@pages.get("")
def office_page(request: Request, access: AnyAccess) -> Response:
    """Show what an office can do here."""
    signed_in(access, request, Role.OFFICE)
    store, owner = access.bole.store, access.who.owner
    counts = {kind: store.count(kind=kind, owner=owner) for kind in ("vacancy", "candidate")}
    return render(request, "office.html", counts=counts)
