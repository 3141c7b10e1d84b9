"""Pages of imports: send a sheet, see what was found in it, import it, take the faults away; and exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from api import export_service, import_service
from api.access import Access
from api.languages import language_of
from api.problems import Fault, Phrase, Problem, body
from api.v1.imports import resource_of, sheet
from api.web.access import AnyAccess, see_other, signed_in
from api.web.forms import AnyForm
from api.web.templating import render
from api.wording import wording
from search.accounts.principal import Role
from search.records.import_jobs import WORKING
from search.records.store import Kind

pages = APIRouter(include_in_schema=False)

_KINDS: Mapping[str, Kind] = {"candidates": "candidate", "vacancies": "vacancy"}
_FORMATS: Mapping[str, export_service.Format] = {"csv": "csv", "xlsx": "xlsx", "jsonl": "jsonl"}


@pages.get("/imports")
def imports_page(request: Request, access: AnyAccess) -> Response:
    """Show the form, and the imports so far."""
    _may_import(access, request)
    return _imports(request, access)


@pages.post("/imports")
def send_sheet(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Take a sheet in, and show how it is looked through."""
    _may_import(access, request)
    upload, kind = form.files.get("file"), _KINDS.get(form("kind"))
    faults = []
    if kind is None:
        faults.append(Fault("body", "kind", Phrase("fault.import_kind")))
    if upload is None or not upload.content:
        faults.append(Fault("body", "file", Phrase("fault.import_file")))
    if faults or kind is None or upload is None:
        problem = body(request, Problem("invalid-input", faults), wording(language_of(request)))
        return _imports(request, access, problem=problem, status=422)
    job = import_service.take(access, kind, upload.name, upload.content, {})
    return see_other(f"/imports/{job.id}")


@pages.get("/imports/template/{kind}")
def template_file(request: Request, access: AnyAccess, kind: str) -> Response:
    """Give a sheet to fill in."""
    _may_import(access, request)
    found = _KINDS.get(kind)
    if found is None:
        raise Problem("not-found")
    return sheet(import_service.template(found, language_of(request)), f"{kind}-template.xlsx")


@pages.get("/imports/{job_id}")
def import_page(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Show how far an import is; while it is worked on the page comes again by itself."""
    _may_import(access, request)
    job = import_service.read(access, job_id)
    response = render(
        request,
        "import.html",
        job=resource_of(job, language_of(request)),
        is_working=job.state in WORKING,
    )
    if job.state in WORKING:
        response.headers["Refresh"] = "2"
    return response


@pages.post("/imports/{job_id}/run")
def run(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Import the rows that are not at fault."""
    _may_import(access, request)
    return see_other(f"/imports/{import_service.run(access, job_id).id}")


@pages.post("/imports/{job_id}/cancel")
def cancel(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Call an import off."""
    _may_import(access, request)
    return see_other(f"/imports/{import_service.cancel(access, job_id).id}")


@pages.get("/imports/{job_id}/corrected.xlsx")
def corrected_file(request: Request, access: AnyAccess, job_id: str) -> Response:
    """Give the rows at fault as a sheet to put right."""
    _may_import(access, request)
    content = import_service.corrected(access, job_id, language_of(request))
    return sheet(content, "corrected.xlsx")


@pages.get("/exports/{name}.{form}")
def export_file(request: Request, access: AnyAccess, name: str, form: str) -> Response:
    """Give the caller's own records as a list."""
    _may_import(access, request)
    kind, format = _KINDS.get(name), _FORMATS.get(form)
    if kind is None or format is None:
        raise Problem("not-found")
    rows = export_service.own_records(access, kind, format, language_of(request))
    return StreamingResponse(
        rows,
        media_type=export_service.media_type(format),
        headers={"Content-Disposition": f'attachment; filename="{name}.{format}"'},
    )


def _may_import(access: Access, request: Request) -> None:
    """Let in who has records of many: members of organisations, and whoever uses an open installation."""
    if not access.who.is_open:
        signed_in(access, request, Role.EMPLOYER, Role.OFFICE)


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
