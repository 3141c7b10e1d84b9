"""The errors that a route can answer with, as OpenAPI wants them declared."""

from __future__ import annotations

from typing import Any

from api.problems import MEDIA_TYPE
from api.v1.problem_schemas import ProblemBody

_MEANING = {
    400: "the body is not JSON",
    401: "the key or the session is not good (any more), or who asks has to sign in",
    403: "this is not for who asks",
    404: "there is nothing at this address",
    408: "the body took too long to arrive",
    409: "it collides with what is there",
    412: "it was changed meanwhile",
    413: "the body is too large",
    415: "the body is not application/json",
    422: "a field cannot be used as it is; `errors` names it",
    428: "the version that is to be changed was not named",
    503: "the index or the database is not ready; try again",
    507: "there is no room to store it",
}


#: Of a file that is answered.
BINARY = {"type": "string", "format": "binary"}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the declarations of some statuses; all of them are problems (RFC 9457)."""
    return {
        status: {
            "description": _MEANING[status],
            "model": ProblemBody,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
        }
        for status in statuses
    }
