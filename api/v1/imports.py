"""`/v1/imports`: sheets of candidates or vacancies, looked through first and then imported."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from api import import_service
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import BINARY, errors
from api.v1.schema_base import Answered
from api.wording import wording
from search.records.import_jobs import ImportJob
from taxonomies.models import Lang

router = APIRouter(prefix="/imports", tags=["imports"])

_SHEET: dict[int | str, dict[str, Any]] = {
    200: {"description": "the sheet", "content": {import_service.XLSX: {"schema": BINARY}}}
}

JobId = Annotated[str, Path(description="id given by Bole", max_length=64)]
OfKind = Annotated[Literal["candidate", "vacancy"], Query(description="what the rows are")]
FileName = Annotated[
    str, Query(description="what you call the file; shown, and nothing else", max_length=200)
]
Map = Annotated[
    list[str],
    Query(description="`header=field`, where a header is not recognised; may be repeated"),
]


class ImportFault(Answered):
    """What is wrong with one cell."""

    row: int = Field(description="row as in the sheet, from 1")
    column: str = Field(description="header of the column; empty where the whole row is meant")
    value: str = Field(description="what stands there, cut after 200 characters")
    reason: str = Field(description="why it is not taken")
    fix: str = Field(description="what to do")


class ImportResource(Answered):
    """A file on its way in."""

    id: str = Field(description="id given by Bole")
    url: str = Field(description="where it is")
    kind: Literal["candidate", "vacancy"] = Field(description="what its rows are")
    state: Literal["checking", "checked", "importing", "done", "refused", "cancelled", "failed"] = (
        Field(description="where it stands; after `checked` it waits for `run`")
    )
    file_name: str = Field(description="what you called it")
    refused: str | None = Field(description="why the file was refused as a whole")
    total: int = Field(description="number of its last row; 0 until it is known")
    done: int = Field(description="number of the last row that is done")
    counts: dict[str, int] = Field(
        description="rows ready and faulty; of the imported ones added, changed and unchanged"
    )
    faults: list[ImportFault] = Field(description="the first of them; `corrected` has all")
    created_at: datetime = Field(description="when it was sent")
    updated_at: datetime = Field(description="when it last went on")


class ImportList(Answered):
    """Your imports."""

    items: list[ImportResource] = Field(description="imports, newest first")


@router.get("", summary="List your imports", responses=errors(503))
def list_imports(access: AnyAccess, lang: AnswerLang) -> ImportList:
    """Return the imports of yours or your organisation's, newest first."""
    return ImportList(items=[resource_of(job, lang) for job in import_service.jobs(access)])


@router.post("", status_code=202, summary="Send a sheet", responses=errors(408, 413, 422, 503, 507))
def post_import(
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    kind: OfKind,
    content: Annotated[bytes, Body(media_type="application/octet-stream")],
    name: FileName = "",
    column: Map = [],  # noqa: B006 - FastAPI copies it
) -> ImportResource:
    """Take a CSV or XLSX file in. It is looked through; nothing is saved until it is run."""
    mapping = dict(pair.rpartition("=")[::2] for pair in column)
    job = import_service.take(access, kind, name, content, mapping)
    response.headers["Location"] = f"/v1/imports/{job.id}"
    return resource_of(job, lang)


@router.get(
    "/template",
    summary="A sheet to fill in",
    response_class=Response,
    responses={**_SHEET, **errors(422)},
)
def read_template(access: AnyAccess, lang: AnswerLang, kind: OfKind) -> Response:
    """Return an XLSX file with the columns, drop-downs, an example and notes."""
    del access
    return sheet(import_service.template(kind, lang), f"{kind}-template.xlsx")


@router.get("/{job_id}", summary="Read an import", responses=errors(404, 422, 503))
def read_import(job_id: JobId, access: AnyAccess, lang: AnswerLang) -> ImportResource:
    """Return how far an import is, and the first rows at fault."""
    return resource_of(import_service.read(access, job_id), lang)


@router.post(
    "/{job_id}/run",
    status_code=202,
    summary="Import the rows",
    responses=errors(404, 409, 422, 503),
)
def post_run(job_id: JobId, access: AnyAccess, lang: AnswerLang) -> ImportResource:
    """Import the rows that are not at fault; rows under a known key replace what is there."""
    return resource_of(import_service.run(access, job_id), lang)


@router.post("/{job_id}/cancel", summary="Call it off", responses=errors(404, 409, 422, 503))
def post_cancel(job_id: JobId, access: AnyAccess, lang: AnswerLang) -> ImportResource:
    """Call an import off; rows that are in already stay."""
    return resource_of(import_service.cancel(access, job_id), lang)


@router.get(
    "/{job_id}/corrected",
    summary="The rows at fault",
    response_class=Response,
    responses={**_SHEET, **errors(404, 409, 422, 503)},
)
def read_corrected(job_id: JobId, access: AnyAccess, lang: AnswerLang) -> Response:
    """Return the rows at fault as a sheet to put right, with why and what to do beside each."""
    return sheet(import_service.corrected(access, job_id, lang), "corrected.xlsx")


def resource_of(job: ImportJob, lang: Lang) -> ImportResource:
    """Return an import as it is answered."""
    words = wording(lang)
    refused = import_service.refused(job)
    return ImportResource(
        id=job.id,
        url=f"/v1/imports/{job.id}",
        kind=job.kind,
        state=job.state,
        file_name=job.file_name,
        refused=refused.within(words) if refused else None,
        total=job.total,
        done=job.done,
        counts=dict(job.counts),
        faults=[_fault(fault, lang) for fault in job.faults],
        created_at=job.created_at,
        updated_at=job.updated_at,
    )


def sheet(content: bytes, name: str) -> Response:
    """Return a workbook to be saved, never to be shown."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=import_service.XLSX, headers=headers)


def _fault(fault: Any, lang: Lang) -> ImportFault:
    reason, fix = import_service.said(fault, lang)
    return ImportFault(
        row=fault["row"], column=fault["column"], value=fault["value"], reason=reason, fix=fix
    )
