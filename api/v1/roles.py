"""`GET /v1/roles` and `GET /v1/roles/{number}`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.catalogue_answers import role_detail, role_list
from api.codes import FieldCode, RegionCode
from api.notices import Measures
from api.problems import Problem
from api.strict_route import StrictRoute
from api.v1.catalogue_schemas import RoleDetail, RoleList
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors
from taxonomies.catalogue import load_catalogue

router = APIRouter(route_class=StrictRoute, tags=["catalogue"])


@router.get("/roles", summary="List the catalogue", responses=errors(422))
def list_roles(
    response: Response,
    lang: AnswerLang,
    field: Annotated[
        list[FieldCode],
        Query(description="only these fields; repeat it for several", max_length=50),
    ] = [],  # noqa: B006
    q: Annotated[
        str, Query(description="only rows one of whose titles holds this", max_length=200)
    ] = "",
) -> RoleList:
    """Return the rows of the catalogue in printed order."""
    del lang
    response.headers["Cache-Control"] = "public, max-age=300"
    return role_list(field, q)


@router.get("/roles/{number}", summary="Read one row", responses=errors(404, 422))
def read_role(
    access: AnyAccess,
    response: Response,
    lang: AnswerLang,
    number: Annotated[int, Path(description="row number, from 1", ge=1, le=9999)],
    region: Annotated[
        list[RegionCode], Query(description="where the employer is, for measures", max_length=50)
    ] = [],  # noqa: B006
    as_of: Annotated[date | None, Query(description="date whose rules apply; today")] = None,
) -> RoleDetail:
    """Return a row with duties, skills, titles, where it is printed, and measures that may apply."""
    del lang
    role = load_catalogue().role(number)
    if role is None:
        raise Problem("not-found")
    day = as_of or access.today()
    response.headers["Cache-Control"] = "public, max-age=300"
    return role_detail(role, region, Measures(access.book, day))
