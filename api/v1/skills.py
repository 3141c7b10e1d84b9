"""`GET /v1/skills` and `GET /v1/skills/{id}`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api import cursors
from api.catalogue_answers import find_skills, skill_detail, skill_item
from api.problems import Problem
from api.strict_route import StrictRoute
from api.v1.catalogue_schemas import SkillDetail, SkillList
from api.v1.dependencies import AnswerLang
from api.v1.responses import errors
from api.v1.schema_base import Cursor
from taxonomies.skills import load_skills

router = APIRouter(route_class=StrictRoute, tags=["catalogue"])


@router.get("/skills", summary="List skill concepts", responses=errors(422))
def list_skills(
    response: Response,
    lang: AnswerLang,
    q: Annotated[str, Query(description="part of a name", max_length=200)] = "",
    kind: Annotated[str | None, Query(description="only this kind", max_length=40)] = None,
    limit: Annotated[int, Query(description="most concepts on the page", ge=1, le=100)] = 50,
    cursor: Annotated[Cursor | None, Query(description="`next` of the page before")] = None,
) -> SkillList:
    """Return skill concepts: names equal to `q` first, then names that begin with it."""
    del lang
    found = find_skills(q, kind)
    page, following = cursors.page(found, f"skills {kind} {q}", cursor, limit)
    response.headers["Cache-Control"] = "public, max-age=300"
    return SkillList(
        items=[skill_item(skill) for skill in page],
        total=len(found),
        next=following,
        kinds=sorted({skill.kind for skill in load_skills().values()}),
    )


@router.get("/skills/{skill_id}", summary="Read one skill concept", responses=errors(404, 422))
def read_skill(
    response: Response,
    lang: AnswerLang,
    skill_id: Annotated[str, Path(description="id of the concept", max_length=80)],
) -> SkillDetail:
    """Return a skill concept, the concepts below it and the roles that want it."""
    del lang
    skill = load_skills().get(skill_id)
    if skill is None:
        raise Problem("not-found")
    response.headers["Cache-Control"] = "public, max-age=300"
    return skill_detail(skill)
