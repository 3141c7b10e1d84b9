"""Declaring demand: the employer's form, template and upload; the office's list with its answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api.access import Access
from api.audit import declaration_service
from api.audit.allowed import is_officer
from api.audit.labels import place_label, role_label
from api.languages import language_of
from api.problems import Fault, Phrase, Problem, body
from api.v1.imports import sheet
from api.web.access import AnyAccess, see_other, signed_in
from api.web.audit_views import ShownFault, faults_of_rows
from api.web.choices import form_choices
from api.web.forms import AnyForm, Form
from api.web.templating import render
from api.wording import wording
from search.accounts.principal import Role

pages = APIRouter(include_in_schema=False, prefix="/declarations")

_ACTS: tuple[declaration_service.Act, ...] = ("send", "withdraw", "accept", "refuse")


def declarer(access: Access, request: Request) -> Access:
    """Let in employers and offices, and whoever uses an installation without accounts.

    Raises:
        SendElsewhere: nobody is signed in.
        Problem: 403.
    """
    if not access.who.is_open:
        signed_in(access, request, Role.EMPLOYER, Role.OFFICE)
    return access


@pages.get("")
def declarations_page(request: Request, access: AnyAccess) -> Response:
    """Show the form, and the declarations."""
    declarer(access, request)
    return _declarations(request, access)


@pages.post("")
def declare(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Keep a declaration as a draft, or send it."""
    declarer(access, request)
    faults: list[Fault] = []
    said = {
        "employer": form("employer"),
        "role": _number(form, "role", faults),
        "title": form("title"),
        "headcount": _number(form, "headcount", faults),
        "regions": tuple(form.all("regions")),
        "education_at_least": form("education_at_least"),
        "years_at_least": _number(form, "years_at_least", faults),
        "skills": tuple(filter(None, (line.strip() for line in form("skills").splitlines()))),
        "reason": form("reason"),
        "from_month": form("from_month"),
        "until_month": form("until_month"),
    }
    try:
        if faults:
            raise Problem("invalid-input", faults)
        declaration_service.add(access, said, is_sent=form("act") == "send")
    except Problem as problem:
        if problem.kind != "invalid-input":
            raise
        members = body(request, problem, wording(language_of(request)))
        return _declarations(request, access, dict(form.pairs), problem=members)
    return see_other("/declarations#declared")


@pages.get("/template.xlsx")
def template_file(request: Request, access: AnyAccess) -> Response:
    """Give the template to fill in."""
    declarer(access, request)
    content = declaration_service.template(access, language_of(request))
    return sheet(content, "declarations-template.xlsx")


@pages.post("/file")
def take_file(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Keep the sound rows of a filled-in template, and show what is wrong with the others."""
    declarer(access, request)
    upload = form.files.get("file")
    if upload is None or not upload.content:
        fault = Fault("body", "file", Phrase("fault.declaration_file"))
        members = body(request, Problem("invalid-input", [fault]), wording(language_of(request)))
        return _declarations(request, access, problem=members)
    taken = declaration_service.take(access, upload.content)
    if not taken.table.faults:
        return see_other("/declarations#declared")
    faults = faults_of_rows(
        taken.table.faults,
        language_of(request),
        declaration_service.labels(),
    )
    return _declarations(request, access, taken=len(taken.made), row_faults=faults)


@pages.post("/{declaration_id}/remove")
def remove(request: Request, access: AnyAccess, declaration_id: str) -> Response:
    """Remove a draft."""
    declarer(access, request)
    declaration_service.remove(access, declaration_id)
    return see_other("/declarations#declared")


@pages.post("/{declaration_id}")
def act(request: Request, access: AnyAccess, form: AnyForm, declaration_id: str) -> Response:
    """Send a declaration, take it back, accept or refuse it."""
    declarer(access, request)
    # What one may not see is not there, whatever is to be done with it.
    declaration_service.read(access, declaration_id)
    chosen = next((name for name in _ACTS if name == form("act")), None)
    if chosen is None:
        raise Problem("invalid-input", [Fault("body", "act", Phrase("fault.missing"))])
    declaration_service.act(access, declaration_id, chosen, form("answer"))
    return see_other("/declarations#declared")


def _declarations(
    request: Request,
    access: Access,
    fields: Mapping[str, str] | None = None,
    *,
    taken: int | None = None,
    row_faults: list[ShownFault] | None = None,
    **context: Any,
) -> Response:
    lang = language_of(request)
    chosen = form_choices(lang)
    return render(
        request,
        "declarations.html",
        422 if context or row_faults else 200,
        declarations=declaration_service.declarations(access),
        owner=access.who.owner,
        is_officer=is_officer(access),
        employer=declaration_service.own_employer(access),
        fields=defaultdict(str, fields or {}),
        taken=taken,
        row_faults=row_faults or [],
        role_label=role_label,
        place_label=place_label,
        levels=chosen["levels"],
        level_names=dict(chosen["levels"]),
        places=chosen["places"],
        roles=[(number, f"{number} {label}") for number, label in chosen["roles"]],
        **context,
    )


def _number(form: Form, name: str, faults: list[Fault]) -> float | int | None:
    text = form(name)
    if not text:
        return None
    try:
        value = float(text) if len(text) <= 12 else None
    except ValueError:
        value = None
    if value is None or value != value or abs(value) > 1e9:
        faults.append(Fault("body", name, Phrase("fault.declaration_value")))
        return None
    return int(value) if value.is_integer() else value
