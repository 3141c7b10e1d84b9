"""Errors as RFC 9457 problems: every way in which a request can fail answers with this one shape.

A problem never repeats what was sent: it names the field, says of what sort and length the value
was, and what to do instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse

from api.languages import language_of
from api.wording import Wording, wording

MEDIA_TYPE = "application/problem+json"

#: Kind of problem to its status; each has a title and a text in the locales, and a page `/problems/…`.
STATUS: Mapping[str, int] = {
    "malformed": 400,
    "sign-in-needed": 401,
    "key-refused": 401,
    "forbidden": 403,
    "cross-site": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "timeout": 408,
    "conflict": 409,
    "changed-meanwhile": 412,
    "too-large": 413,
    "unsupported-type": 415,
    "invalid-input": 422,
    "precondition-required": 428,
    "too-many-requests": 429,
    "request-failed": 400,
    "broken": 500,
    "not-ready": 503,
    "index-unavailable": 503,
    "records-unavailable": 503,
    "outcome-unknown": 503,
    "busy": 503,
    "storage-full": 507,
}
_BY_STATUS = {
    status: kind
    for kind, status in STATUS.items()
    if kind not in {"malformed", "key-refused", "cross-site"}
    and (status != 503 or kind == "not-ready")
}


@dataclass(frozen=True)
class Phrase:
    """A text to be said in the language of the answer."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def within(self, words: Wording) -> str:
        """Return the text in one language; values that are phrases are said in it too."""
        values = {
            name: value.within(words) if isinstance(value, Phrase) else value
            for name, value in self.values.items()
        }
        return words(self.key, **values)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field.

    Attributes:
        place: `body`, `query`, `path` or `header`.
        name: the field, for example `filters.region[0]`; never taken from the input.
        advice: what to do.
        found: what sort of value was found; None where there was none.
    """

    place: str
    name: str
    advice: Phrase
    found: Phrase | None = None


class Problem(HTTPException):
    """A request that cannot be served as it is.

    Args:
        kind: a key of `STATUS`.
        faults: the fields at fault.
        detail: what happened; by default the kind's own text.
        headers: further headers of the answer.
        status: where it is not the kind's own.
    """

    def __init__(
        self,
        kind: str,
        faults: Sequence[Fault] = (),
        detail: Phrase | None = None,
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(status or STATUS[kind], detail=kind, headers=dict(headers or {}))
        self.kind = kind
        self.faults = tuple(faults)
        self.phrase = detail or Phrase(f"problem.{kind}.detail")


def invalid(
    place: str, name: str, advice: str, found: Phrase | None = None, **values: object
) -> Problem:
    """Return the problem of one field with a value that cannot be used."""
    return Problem("invalid-input", [Fault(place, name, Phrase(f"fault.{advice}", values), found)])


def from_http(error: HTTPException) -> Problem:
    """Return the problem that a framework's own error amounts to; its wording is dropped."""
    if isinstance(error, Problem):
        return error
    fallback = "broken" if error.status_code >= 500 else "request-failed"
    kind = _BY_STATUS.get(error.status_code, fallback)
    return Problem(kind, headers=error.headers, status=error.status_code)


def as_json(request: HTTPConnection, problem: Problem) -> JSONResponse:
    """Return the answer in the language of the request."""
    words = wording(language_of(request))
    headers = {
        **(problem.headers or {}),
        "Content-Language": words.lang,
        "Cache-Control": "no-store",
    }
    return JSONResponse(
        body(request, problem, words), problem.status_code, headers, media_type=MEDIA_TYPE
    )


def body(request: HTTPConnection, problem: Problem, words: Wording) -> dict[str, Any]:
    """Return the members of the problem."""
    return {
        "type": f"/problems/{problem.kind}",
        "title": words(f"problem.{problem.kind}.title"),
        "status": problem.status_code,
        "detail": problem.phrase.within(words),
        "request_id": request_id(request),
        "errors": [
            {
                "in": fault.place,
                "field": fault.name,
                "found": fault.found.within(words) if fault.found else None,
                "message": fault.advice.within(words),
            }
            for fault in problem.faults
        ],
    }


def request_id(request: HTTPConnection) -> str:
    """Return the id under which the log knows this request."""
    return str(request.scope.get("state", {}).get("request_id", ""))
