"""Pages of imports: send a sheet, see what was found in it, import it, take the faults away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api import import_service
from api.access import Access
from api.languages import language_of
from api.problems import Fault, Phrase, Problem
from api.v1.imports import resource_of, sheet
from api.web.access import AnyAccess, may_bring_many, see_other
from api.web.form_faults import members
from api.web.forms import AnyForm
from api.web.templating import render
from search.records.import_jobs import WORKING
from search.records.stored import Kind

pages = APIRouter(include_in_schema=False)

_KINDS: Mapping[str, Kind] = {"candidates": "candidate", "vacancies": "vacancy"}


@pages.get("/imports")
def imports_page(request: Request, access: AnyAccess) -> Response:
    """Show the form, and the imports so far."""
    may_bring_many(access, request)
    return _imports(request, access)


@pages.post("/imports")
def send_sheet(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Take a sheet in, and show how it is looked through."""
    may_bring_many(access, request)
    upload, kind = form.files.get("file"), _KINDS.get(form("kind"))
    faults = []
    if kind is None:
        faults.append(Fault("body", "kind", Phrase("fault.import_kind")))
    if upload is None or not upload.content:
        faults.append(Fault("body", "file", Phrase("fault.import_file")))
    if faults or kind is None or upload is None:
        problem = members(request, faults)
        return _imports(request, access, problem=problem, status=422)
    job = import_service.take(access, kind, upload.name, upload.content, {})
    return see_other(f"/imports/{job.id}")


@pages.get("/imports/template/{kind}")
def template_file(request: Request, access: AnyAccess, kind: str) -> Response:
    """Give a sheet to fill in."""
    may_bring_many(access, request)
    found = _KINDS.get(kind)
    if found is None:
        raise Problem("not-found")
    return sheet(import_service.template(found, language_of(request)), f"{kind}-template.xlsx")


@pages.get("/imports/{job_id}")
def import_page(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Show how far an import is; while it is worked on the page comes again, unless that is switched off."""
    may_bring_many(access, request)
    job = import_service.read(access, job_id)
    comes_again = job.state in WORKING and request.query_params.get("again") != "no"
    response = render(
        request,
        "import.html",
        job=resource_of(job, language_of(request)),
        is_working=job.state in WORKING,
        comes_again=comes_again,
    )
    if comes_again:
        response.headers["Refresh"] = "2"
    return response


@pages.post("/imports/{job_id}/run")
def run(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Import the rows that are not at fault."""
    may_bring_many(access, request)
    return see_other(f"/imports/{import_service.run(access, job_id).id}")


@pages.post("/imports/{job_id}/cancel")
def cancel(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Call an import off."""
    may_bring_many(access, request)
    return see_other(f"/imports/{import_service.cancel(access, job_id).id}")


@pages.get("/imports/{job_id}/corrected.xlsx")
def corrected_file(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Give the rows at fault as a sheet to put right."""
    may_bring_many(access, request)
    content = import_service.corrected(access, job_id, language_of(request))
    return sheet(content, "corrected.xlsx")


def _imports(
    request: Request,
    access: Access,
    *,
    problem: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {"problem": problem} if problem else {}
    lang = language_of(request)
    jobs = [resource_of(job, lang) for job in import_service.jobs(access)]
    return render(request, "imports.html", status, jobs=jobs, **context)
