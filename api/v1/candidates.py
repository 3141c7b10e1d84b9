"""`/v1/candidates`: job seekers' profiles."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api import contact_service, record_service
from api.codes import STORED
from api.strict_route import StrictRoute
from api.v1.contact_schemas import ContactAnswer, ContactBody
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
from api.v1.record_schemas import CandidateBody, CandidateList, CandidateResource
from api.v1.responses import errors
from search.accounts.contacts import Contact
from search.records.models import Candidate
from search.records.stored import StoredRecord

router = APIRouter(prefix="/candidates", route_class=StrictRoute, tags=["records"])


@router.post(
    "",
    status_code=201,
    summary="Store a profile",
    responses=errors(400, 409, 413, 415, 422, 503, 507),
)
def post_candidate(
    body: CandidateBody,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    idempotency_key: IdempotencyKey = None,
) -> CandidateResource:
    """Store a profile; it can be found within a second."""
    del lang
    created = record_service.create(access, _record(body), idempotency_key)
    resource = _resource(created.stored)
    created_headers(response, created, resource.url)
    return resource


@router.get("", summary="List your profiles", responses=errors(422, 503))
def list_candidates(
    access: AnyAccess, lang: AnswerLang, cursor: NextPage = None, limit: PageSize = 50
) -> CandidateList:
    """Return the profiles that are yours, or your organisation's, oldest first."""
    del lang
    page = record_service.list_own(access, "candidate", cursor, limit)
    return CandidateList(
        items=[_resource(stored) for stored in page.records],
        next=record_service.next_page(page, "candidate"),
    )


@router.get(
    "/{record_id}",
    summary="Read a profile",
    response_model=CandidateResource,
    responses=errors(404, 422) | {304: {"description": "you have this version"}},
)
def read_candidate(
    record_id: RecordId,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    if_none_match: IfNoneMatch = None,
) -> CandidateResource | Response:
    """Return a profile as it is stored; 304 when `If-None-Match` names this version."""
    del lang
    stored = record_service.read(access, record_id, "candidate")
    tag = {"ETag": record_service.etag(stored)}
    if record_service.is_unchanged(stored, if_none_match):
        return Response(status_code=304, headers=tag)
    response.headers.update(tag)
    return _resource(stored)


@router.put(
    "/{record_id}",
    summary="Replace a profile",
    responses=errors(400, 404, 409, 412, 413, 415, 422, 428, 503, 507),
)
def put_candidate(
    record_id: RecordId,
    body: CandidateBody,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    if_match: IfMatch = None,
) -> CandidateResource:
    """Replace a profile that is still at the version named by `If-Match`."""
    del lang
    stored = record_service.replace(access, record_id, _record(body), if_match)
    response.headers["ETag"] = record_service.etag(stored)
    return _resource(stored)


@router.delete(
    "/{record_id}",
    status_code=204,
    summary="Erase a profile",
    responses=errors(404, 412, 422, 428, 503),
)
def delete_candidate(
    record_id: RecordId, access: AnyAccess, lang: AnswerLang, if_match: IfMatch = None
) -> None:
    """Erase a profile that is still at the version named by `If-Match`, from records and index."""
    del lang
    record_service.erase(access, record_id, "candidate", if_match)


@router.get(
    "/{record_id}/contact", summary="Read how a person is reached", responses=errors(404, 422, 503)
)
def read_contact(record_id: RecordId, access: AnyAccess, lang: AnswerLang) -> ContactAnswer:
    """Return what the person agreed to pass on to you; the reading is noted for them to see."""
    del lang
    contact, agreed = contact_service.contact_of(access, record_id)
    return ContactAnswer(
        name=contact.name, phone=contact.phone, email=contact.email, agreed=sorted(agreed)
    )


@router.put(
    "/{record_id}/contact",
    status_code=204,
    summary="Say how a person is reached",
    responses=errors(400, 404, 413, 415, 422, 503, 507),
)
def put_contact(
    record_id: RecordId, body: ContactBody, access: AnyAccess, lang: AnswerLang
) -> None:
    """Keep how the person of a profile of yours is reached, apart from the profile."""
    del lang
    contact_service.put_contact(access, record_id, Contact(body.name, body.phone, body.email))


def _record(body: CandidateBody) -> Candidate:
    return Candidate.model_validate(body.model_dump())


def _resource(stored: StoredRecord) -> CandidateResource:
    record = stored.record.model_dump() | {"key": record_service.shown_key(stored)}
    return CandidateResource(
        id=stored.id,
        version=stored.version,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        url=f"/v1/candidates/{stored.id}",
        record=CandidateBody.model_validate(record, context=STORED),
    )
