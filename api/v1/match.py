"""`POST /v1/match`, and the catalogue role of a vacancy."""

from __future__ import annotations

from fastapi import APIRouter

from api.match_answers import answer
from api.strict_route import StrictRoute
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.match_schemas import MatchAnswer, MatchBody
from api.v1.responses import errors

router = APIRouter(route_class=StrictRoute, tags=["match"])


@router.post(
    "/match",
    summary="Match a vacancy with candidates, or a candidate with vacancies or roles",
    responses=errors(400, 404, 413, 415, 422, 503),
)
def post_match(body: MatchBody, access: AnyAccess, lang: AnswerLang) -> MatchAnswer:
    """Say who fits, by what, what is missing or unknown, and what would help most."""
    del lang  # messages within the answer come in both languages
    return answer(access, body)
