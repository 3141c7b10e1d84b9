"""`/v1/vacancies`: openings of employers."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api import record_service
from api.codes import STORED
from api.strict_route import StrictRoute
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.record_headers import (
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    NextPage,
    PageSize,
    RecordId,
    created_headers,
)
from api.v1.record_schemas import VacancyBody, VacancyList, VacancyResource
from api.v1.responses import errors
from search.records.models import Vacancy
from search.records.stored import StoredRecord

router = APIRouter(prefix="/vacancies", route_class=StrictRoute, tags=["records"])


@router.post(
    "",
    status_code=201,
    summary="Store an opening",
    responses=errors(400, 409, 413, 415, 422, 503, 507),
)
def post_vacancy(
    body: VacancyBody,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    idempotency_key: IdempotencyKey = None,
) -> VacancyResource:
    """Store an opening; it can be found within a second."""
    del lang
    created = record_service.create(access, _record(body), idempotency_key)
    resource = _resource(created.stored)
    created_headers(response, created, resource.url)
    return resource


@router.get("", summary="List your openings", responses=errors(422, 503))
def list_vacancies(
    access: AnyAccess, lang: AnswerLang, cursor: NextPage = None, limit: PageSize = 50
) -> VacancyList:
    """Return the openings that are yours, or your organisation's, oldest first."""
    del lang
    page = record_service.list_own(access, "vacancy", cursor, limit)
    return VacancyList(
        items=[_resource(stored) for stored in page.records],
        next=record_service.next_page(page, "vacancy"),
    )


@router.get(
    "/{record_id}",
    summary="Read an opening",
    response_model=VacancyResource,
    responses=errors(404, 422) | {304: {"description": "you have this version"}},
)
def read_vacancy(
    record_id: RecordId,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    if_none_match: IfNoneMatch = None,
) -> VacancyResource | Response:
    """Return an opening as it is stored; 304 when `If-None-Match` names this version."""
    del lang
    stored = record_service.read(access, record_id, "vacancy")
    tag = {"ETag": record_service.etag(stored)}
    if record_service.is_unchanged(stored, if_none_match):
        return Response(status_code=304, headers=tag)
    response.headers.update(tag)
    return _resource(stored)


@router.put(
    "/{record_id}",
    summary="Replace an opening",
    responses=errors(400, 404, 409, 412, 413, 415, 422, 428, 503, 507),
)
def put_vacancy(
    record_id: RecordId,
    body: VacancyBody,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    if_match: IfMatch = None,
) -> VacancyResource:
    """Replace an opening that is still at the version named by `If-Match`."""
    del lang
    stored = record_service.replace(access, record_id, _record(body), if_match)
    response.headers["ETag"] = record_service.etag(stored)
    return _resource(stored)


@router.delete(
    "/{record_id}",
    status_code=204,
    summary="Erase an opening",
    responses=errors(404, 412, 422, 428, 503),
)
def delete_vacancy(
    record_id: RecordId, access: AnyAccess, lang: AnswerLang, if_match: IfMatch = None
) -> None:
    """Erase an opening that is still at the version named by `If-Match`, from records and index."""
    del lang
    record_service.erase(access, record_id, "vacancy", if_match)


def _record(body: VacancyBody) -> Vacancy:
    return Vacancy.model_validate(body.model_dump())


def _resource(stored: StoredRecord) -> VacancyResource:
    record = stored.record.model_dump() | {"key": record_service.shown_key(stored)}
    return VacancyResource(
        id=stored.id,
        version=stored.version,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        url=f"/v1/vacancies/{stored.id}",
        record=VacancyBody.model_validate(record, context=STORED),
    )
