"""Headers and path parts that the routes of records share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Query, Response

from api.record_service import Created, etag
from api.v1.schema_base import Cursor

RecordId = Annotated[str, Path(description="id given by Bole", max_length=64)]
NextPage = Annotated[Cursor | None, Query(description="`next` of the page before")]
PageSize = Annotated[int, Query(description="most entries on the page", ge=1, le=100)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        description="any text of your own; the same request with the same key creates one record"
    ),
]
IfMatch = Annotated[
    str | None, Header(description="ETag of the version that is to be changed; needed")
]
IfNoneMatch = Annotated[str | None, Header(description="ETag of the version you have")]


def created_headers(response: Response, created: Created, url: str) -> None:
    """Set the headers of an answer to a create."""
    response.headers["Location"] = url
    response.headers["ETag"] = etag(created.stored)
    if created.is_replay:
        response.headers["Idempotency-Replayed"] = "true"
