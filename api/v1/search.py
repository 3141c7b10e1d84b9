"""`POST /v1/search`."""

from __future__ import annotations

from fastapi import APIRouter

from api.search_answers import answer
from api.strict_route import StrictRoute
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors
from api.v1.schemas import SearchAnswer, SearchBody

router = APIRouter(route_class=StrictRoute, tags=["search"])


@router.post(
    "/search",
    summary="Search roles, vacancies or candidates",
    responses=errors(400, 413, 415, 422, 503),
)
def post_search(body: SearchBody, access: AnyAccess, lang: AnswerLang) -> SearchAnswer:
    """Read the text, rank what fits, say why, and name the measures that may apply."""
    del lang  # messages within the answer come in both languages
    return answer(access, body)
