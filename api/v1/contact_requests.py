"""`/v1/contact-requests`: employers ask, people agree or do not, and can take it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api import contact_service
from api.strict_route import StrictRoute
from api.v1.contact_schemas import (
    ContactReplyBody,
    ContactRequestBody,
    ContactRequestList,
    ContactRequestResource,
    resource_of,
)
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors

router = APIRouter(prefix="/contact-requests", route_class=StrictRoute, tags=["contact"])

RequestId = Annotated[str, Path(description="id given by Bole", max_length=64)]


@router.get("", summary="List contact requests", responses=errors(503))
def list_contact_requests(access: AnyAccess, lang: AnswerLang) -> ContactRequestList:
    """Return the requests that your organisation made, or that were made to profiles of yours."""
    del lang
    return ContactRequestList(items=[resource_of(one) for one in contact_service.requests(access)])


@router.post(
    "",
    status_code=201,
    summary="Ask to be put in touch",
    responses=errors(400, 404, 413, 415, 422, 503, 507),
)
def post_contact_request(
    body: ContactRequestBody, access: AnyAccess, lang: AnswerLang
) -> ContactRequestResource:
    """Ask a person about a vacancy of yours; asking again returns the request that there is."""
    del lang
    made = contact_service.ask(access, body.vacancy_id, body.candidate_id, body.message)
    return resource_of(made)


@router.post(
    "/{request_id}/answer",
    summary="Answer a contact request",
    responses=errors(400, 404, 409, 413, 415, 422, 503, 507),
)
def post_answer(
    request_id: RequestId, body: ContactReplyBody, access: AnyAccess, lang: AnswerLang
) -> ContactRequestResource:
    """Agree to, refuse or withdraw from a request to a profile of yours; cancel one that you made."""
    del lang
    return resource_of(contact_service.answer(access, request_id, body.answer, body.fields))
