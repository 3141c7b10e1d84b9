"""`/v1/saved-searches`: searches that are asked again, and the alerts that they raise."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api import saved_search_service
from api.strict_route import StrictRoute
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.record_headers import IdempotencyKey, IfMatch, NextPage, PageSize
from api.v1.responses import errors
from api.v1.saved_search_schemas import (
    AlertList,
    SavedSearchBody,
    SavedSearchList,
    SavedSearchResource,
    SeenBody,
)
from api.versions import etag_of

router = APIRouter(prefix="/saved-searches", route_class=StrictRoute, tags=["saved searches"])

SearchId = Annotated[str, Path(description="id given by Bole", max_length=64)]


@router.post(
    "",
    status_code=201,
    summary="Save a search",
    responses=errors(400, 409, 413, 415, 422, 503, 507),
)
def post_saved_search(
    body: SavedSearchBody,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    idempotency_key: IdempotencyKey = None,
) -> SavedSearchResource:
    """Save a search; what is added or changed from now on and matches raises an alert."""
    del lang
    saved = saved_search_service.save(access, body, idempotency_key)
    response.headers["Location"] = saved.resource.url
    response.headers["ETag"] = etag_of(saved.resource.version)
    if saved.is_replay:
        response.headers["Idempotency-Replayed"] = "true"
    return saved.resource


@router.get("", summary="List the saved searches", responses=errors(422, 503))
def list_saved_searches(
    access: AnyAccess, lang: AnswerLang, cursor: NextPage = None, limit: PageSize = 50
) -> SavedSearchList:
    """Return the saved searches, oldest first, each with how many alerts it has."""
    del lang
    return saved_search_service.list_searches(access, cursor, limit)


@router.get("/{search_id}", summary="Read a saved search", responses=errors(404, 422, 503))
def read_saved_search(
    search_id: SearchId, access: AnyAccess, response: Response, lang: AnswerLang
) -> SavedSearchResource:
    """Return a saved search and how many alerts it has; these move without a new version."""
    del lang
    resource = saved_search_service.read(access, search_id)
    response.headers["ETag"] = etag_of(resource.version)
    return resource


@router.put(
    "/{search_id}",
    summary="Replace a saved search",
    responses=errors(400, 404, 409, 412, 413, 415, 422, 428, 503, 507),
)
def put_saved_search(
    search_id: SearchId,
    body: SavedSearchBody,
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    if_match: IfMatch = None,
) -> SavedSearchResource:
    """Replace a saved search that is still at the version named by `If-Match`.

    Another name keeps the alerts; other criteria remove them and begin anew.
    """
    del lang
    resource = saved_search_service.replace(access, search_id, body, if_match)
    response.headers["ETag"] = etag_of(resource.version)
    return resource


@router.delete(
    "/{search_id}",
    status_code=204,
    summary="Delete a saved search",
    responses=errors(404, 412, 422, 428, 503),
)
def delete_saved_search(
    search_id: SearchId, access: AnyAccess, lang: AnswerLang, if_match: IfMatch = None
) -> None:
    """Delete a saved search that is still at the version named by `If-Match`, with its alerts."""
    del lang
    saved_search_service.delete(access, search_id, if_match)


@router.get(
    "/{search_id}/alerts", summary="List the alerts of a search", responses=errors(404, 422, 503)
)
def list_alerts(
    search_id: SearchId,
    access: AnyAccess,
    lang: AnswerLang,
    cursor: NextPage = None,
    limit: PageSize = 50,
) -> AlertList:
    """Return the alerts of a saved search, newest first."""
    del lang
    return saved_search_service.list_alerts(access, search_id, cursor, limit)


@router.post(
    "/{search_id}/seen",
    summary="Mark alerts as seen",
    responses=errors(400, 404, 413, 415, 422, 503, 507),
)
def post_seen(
    search_id: SearchId, body: SeenBody, access: AnyAccess, lang: AnswerLang
) -> SavedSearchResource:
    """Mark an alert and those before it as seen; return the search with what is new now."""
    del lang
    return saved_search_service.mark_seen(access, search_id, body.upto)
