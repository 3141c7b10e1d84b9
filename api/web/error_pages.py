"""Problems as pages, for people."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.languages import language_of
from api.problems import Problem, body
from api.web.templating import render
from api.wording import wording

_DATA = ("application/json", "application/problem+json")


def wants_page(request: Request) -> bool:
    """Say whether whoever asks reads pages: everything under `/v1` is data."""
    if request.url.path == "/v1" or request.url.path.startswith("/v1/"):
        return False
    return not request.headers.get("accept", "").lower().startswith(_DATA)


def as_page(request: Request, problem: Problem) -> Response:
    """Return the page of a problem, with the fields at fault named."""
    members = body(request, problem, wording(language_of(request)))
    response = render(request, "error.html", problem.status_code, problem=members)
    response.headers.update(problem.headers or {})
    return response
